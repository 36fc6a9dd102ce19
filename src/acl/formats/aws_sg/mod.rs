//! AWS security groups: `aws ec2 describe-security-groups` and `describe-security-group-rules`, with the entries of managed
//! prefix lists beside them. All groups that are given are taken to be on the server; which ones are, the dump does not say.

mod lists;
mod open;
mod read;

use self::{
    lists::PrefixLists,
    read::{Grant, Group, Origin, groups},
};
use super::{Cannot, Format, spots};
use crate::acl::{
    Action, Assumption, Chain, ChainId, Condition, Family, File, Hook, How, Kind, Malformed, Place, Policy, Reading,
    Rule, Ruleset, Sees, Stage,
};

/// The dialect.
pub const FORMAT: Format = Format {
    name: "aws-security-group",
    title: "AWS security group",
    from: "aws ec2 describe-security-groups --output json",
    joins: true,
    cannot: CANNOT,
    recognise,
    parse,
    open: Some(open::open),
};

const CANNOT: &[Cannot] = &[
    Cannot {
        ko: "어떤 보안 그룹이 서버에 연결되어 있는지는 이 파일에 없으므로, 제공한 그룹이 모두 연결되어 있다고 봅니다.",
        en: "These files do not say which groups are on the server, so all that are given are taken to be.",
    },
    Cannot {
        ko: "관리형 접두사 목록의 내용은 get-managed-prefix-list-entries 결과를 함께 주셔야 알 수 있습니다.",
        en: "What a managed prefix list holds is known only with the output of get-managed-prefix-list-entries beside it.",
    },
    Cannot {
        ko: "서버가 로드 밸런서 뒤에 있으면 로드 밸런서의 보안 그룹이 판단 대상입니다.",
        en: "Behind a load balancer it is the load balancer's security group that decides.",
    },
];

const ADVICE: &str = "give the output of `aws ec2 describe-security-groups --output json`, whole";

/// The chain's name, for people.
const CHAIN: &str = "security group inbound";

fn recognise(text: &str) -> u8 {
    if !text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']) {
        return 0;
    }
    if text.contains("\"IpPermissions\"") || text.contains("\"SecurityGroupRuleId\"") {
        95
    } else if text.contains("\"SecurityGroups\"") || text.contains("\"SecurityGroupRules\"") {
        70
    } else if text.contains("\"Entries\"") && text.contains("\"Cidr\"") && !text.contains("\"RuleNumber\"") {
        60
    } else {
        0
    }
}

fn parse(files: &[File], reading: &Reading) -> Result<Ruleset, Malformed> {
    let mut all = Vec::new();
    let mut lists = PrefixLists::default();
    for (index, file) in files.iter().enumerate() {
        let spot = spots::read(file, ADVICE)?;
        if lists.take(index, file, &spot)? {
            continue;
        }
        all.extend(groups(index, file, &spot)?);
    }
    if let (true, Some(file)) = (all.is_empty(), files.first()) {
        return Err(Malformed::at(file, 0, 0, "there is no security group in it", ADVICE));
    }
    let mut ruleset = Ruleset {
        families: Family::BOTH.to_vec(),
        sees: reading.sees.clone(),
        stages: vec![Stage {
            hook: Hook::Input,
            chain: ChainId(0),
            family: None,
            policy: Policy::deny(How::Drop),
            kind: Kind::Connection,
        }],
        ..Ruleset::default()
    };
    lists.settle(&all, &mut ruleset.assumptions);
    let strangers = apart(&all);
    let mut rules = Vec::new();
    for group in &all {
        for grant in &group.grants {
            let mut when = condition(grant, &lists, &reading.sees);
            if strangers {
                when = when.and(Condition::unknown("reference", group.id.clone()));
            }
            rules.push(Rule::new(grant.place, when, Action::Accept));
        }
    }
    if let (Some(first), true) = (all.first(), all.len() > 1) {
        let names: Vec<&str> = all.iter().map(|group| group.id.as_str()).collect();
        ruleset.assumptions.push(Assumption {
            code: "attached-assumed",
            place: Some(first.place),
            what: names.join(", "),
        });
    }
    ruleset.chains.push(Chain { name: CHAIN.to_owned(), rules });
    Ok(ruleset)
}

/// Groups of different VPCs cannot be on one server: which of them count is not known then.
fn apart(groups: &[Group]) -> bool {
    let mut networks = groups.iter().filter_map(|group| group.vpc.as_deref());
    networks.next().is_some_and(|first| networks.any(|other| other != first))
}

fn condition(grant: &Grant, lists: &PrefixLists, sees: &Sees) -> Condition {
    let origin = match &grant.origin {
        Origin::Networks(addresses) => Condition::source(addresses.clone()),
        Origin::List(id) => lists.condition(id),
        // Kakao is never in somebody's group, but the balancer in front may be.
        Origin::Group(id) => match sees {
            Sees::Balancer(_) => Condition::unknown("reference", id.clone()),
            Sees::Direct | Sees::Header => Condition::NEVER,
        },
        Origin::Unread(what) => Condition::unknown("not-understood", what.clone()),
    };
    grant.ports.clone().and(origin)
}

/// The place of a field of a value.
fn place_of(file: usize, spot: &spots::Spot, name: &str) -> Place {
    Place::new(file, spot.line_of(name))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GROUP: &str = r#"{"SecurityGroups":[{"GroupId":"sg-1","IpPermissions":[{"IpProtocol":"tcp","FromPort":443,
 "ToPort":443,"IpRanges":[{"CidrIp":"27.0.236.0/23"}],"Ipv6Ranges":[],"PrefixListIds":[{"PrefixListId":"pl-1"}]}]}]}"#;

    proptest! {
        #[test]
        fn reading_never_panics(text in ".{0,80}", cut in 0..300_usize, put in "[\\[\\]{}\",:0-9a-z-]{0,6}") {
            let _any = parse(&[File::new("dump", &text)], &Reading::default());
            let cut = GROUP.char_indices().map(|(at, _)| at).nth(cut).unwrap_or(GROUP.len());
            let (before, after) = GROUP.split_at(cut);
            let text = format!("{before}{put}{after}");
            let _any = parse(&[File::new("dump", &text)], &Reading::default());
            let _any = recognise(&text);
        }
    }
}
