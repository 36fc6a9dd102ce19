//! AWS network ACLs: `aws ec2 describe-network-acls`. They keep no state, so answers need a way out of their own. Which ACL
//! the server's subnet has, the dump does not say.

mod open;

use super::{
    Cannot, Format,
    cloud::{has_ports, not_understood, ports, protocol},
    spots::{self, Node, Spot},
};
use crate::acl::{
    Action, Addresses, Assumption, Chain, ChainId, Condition, Family, File, Hook, How, Kind, Malformed, Place, Policy,
    Reading, Rule, Ruleset, Stage,
};

/// The dialect.
pub const FORMAT: Format = Format {
    name: "aws-network-acl",
    title: "AWS network ACL",
    from: "aws ec2 describe-network-acls --output json",
    joins: false,
    cannot: CANNOT,
    recognise,
    parse,
    open: Some(open::open),
};

const CANNOT: &[Cannot] = &[
    Cannot {
        ko: "서버의 서브넷에 어떤 네트워크 ACL이 연결되어 있는지는 알 수 없어, 여러 개의 결과가 다르면 판단하지 않습니다.",
        en: "Which ACL the server's subnet has is not known; where several ACLs disagree there is no verdict.",
    },
    Cannot {
        ko: "응답은 카카오가 고른 포트(1024-65535)로 나갑니다. 아웃바운드 규칙이 그 일부만 허용하면 판단하지 않습니다.",
        en: "Answers go to a port that Kakao chose (1024-65535); where outbound rules allow only part of these there is no verdict.",
    },
];

const ADVICE: &str = "give the output of `aws ec2 describe-network-acls --output json`, whole";

fn recognise(text: &str) -> u8 {
    let json = text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']);
    if json && text.contains("\"RuleNumber\"") && text.contains("\"RuleAction\"") {
        95
    } else if json && text.contains("\"NetworkAcls\"") {
        80
    } else {
        0
    }
}

/// The ACLs of a dump.
fn acls(spot: &Spot) -> Vec<&Spot> {
    match (spot.get("NetworkAcls"), &spot.node) {
        (Some(list), _) => list.items(),
        (None, Node::List(items)) => items.iter().collect(),
        (None, _) => vec![spot],
    }
}

/// The ACLs that a subnet can have: those with subnets, where the dump tells.
fn in_use(spot: &Spot) -> Vec<&Spot> {
    let all = acls(spot);
    let used: Vec<&Spot> = all.iter().copied().filter(|acl| !acl.list("Associations").is_empty()).collect();
    if used.is_empty() { all } else { used }
}

/// Name of the chain that judges one direction of an ACL.
fn chain_name(acl: &Spot, direction: &str) -> String {
    format!("{} {direction}", acl.word("NetworkAclId").unwrap_or("network ACL"))
}

const DIRECTIONS: [(&str, bool, Hook); 2] = [("inbound", false, Hook::Input), ("outbound", true, Hook::Output)];

fn parse(files: &[File], reading: &Reading) -> Result<Ruleset, Malformed> {
    let mut ruleset = Ruleset { families: Family::BOTH.to_vec(), sees: reading.sees.clone(), ..Ruleset::default() };
    for (index, file) in files.iter().enumerate() {
        let spot = spots::read(file, ADVICE)?;
        let used = in_use(&spot);
        if used.is_empty() {
            return Err(Malformed::at(file, 0, 0, "there is no network ACL in it", ADVICE));
        }
        if used.len() < acls(&spot).len() {
            let what = used.iter().map(|acl| acl.word("NetworkAclId").unwrap_or("?")).collect::<Vec<_>>().join(", ");
            let place = used.first().map(|acl| Place::new(index, acl.line_of("NetworkAclId")));
            ruleset.assumptions.push(Assumption { code: "attached-assumed", place, what });
        }
        for (direction, outbound, hook) in DIRECTIONS {
            let mut judges = Vec::new();
            for acl in &used {
                let chain = Chain { name: chain_name(acl, direction), rules: rules(index, file, acl, outbound)? };
                judges.push((ChainId(ruleset.chains.len()), acl));
                ruleset.chains.push(chain);
            }
            let base = either(index, &judges, direction, &mut ruleset.chains);
            let policy = Policy::deny(How::Drop);
            ruleset.stages.push(Stage { hook, chain: base, family: None, policy, kind: Kind::Filter });
        }
    }
    Ok(ruleset)
}

/// The one chain, or a chain that may go through any of several.
fn either(index: usize, judges: &[(ChainId, &&Spot)], direction: &str, chains: &mut Vec<Chain>) -> ChainId {
    if let [(only, _)] = judges {
        return *only;
    }
    let mut rules: Vec<Rule> = Vec::new();
    for (number, (chain, acl)) in judges.iter().enumerate() {
        let place = Place::new(index, acl.line_of("NetworkAclId"));
        let last = number + 1 == judges.len();
        let id = acl.word("NetworkAclId").unwrap_or("?");
        let when = if last { Condition::ALWAYS } else { Condition::unknown("reference", id) };
        rules.push(Rule::new(place, when, Action::Jump(*chain)));
    }
    chains.push(Chain { name: format!("network ACL {direction}"), rules });
    ChainId(chains.len() - 1)
}

/// The entries of one direction, by number.
fn entries(acl: &Spot, outbound: bool) -> Vec<(i64, &Spot)> {
    let mut entries: Vec<(i64, &Spot)> = acl
        .list("Entries")
        .into_iter()
        .filter(|entry| entry.flag("Egress") == Some(outbound))
        .filter_map(|entry| Some((entry.whole("RuleNumber")?, entry)))
        .collect();
    entries.sort_by_key(|(number, _)| *number);
    entries
}

fn rules(index: usize, file: &File, acl: &Spot, outbound: bool) -> Result<Vec<Rule>, Malformed> {
    if acl.get("Entries").is_none() {
        let what = "there is no `Entries` where a network ACL was expected";
        return Err(Malformed::at(file, acl.line, 0, what, ADVICE));
    }
    for entry in acl.list("Entries") {
        let missing = ["Egress", "RuleNumber", "RuleAction"].into_iter().find(|name| match *name {
            "Egress" => entry.flag(name).is_none(),
            "RuleNumber" => entry.whole(name).is_none(),
            _ => entry.word(name).is_none(),
        });
        if let Some(name) = missing {
            return Err(Malformed::at(file, entry.line, 0, format!("an entry without `{name}`"), ADVICE));
        }
    }
    let mut rules = Vec::new();
    for (number, entry) in entries(acl, outbound) {
        let place = Place::new(index, entry.line_of("RuleNumber"));
        let then = match entry.word("RuleAction").unwrap_or_default().to_ascii_lowercase().as_str() {
            "allow" => Action::Accept,
            "deny" => Action::Deny(How::Drop),
            other => {
                let what = format!("RuleAction `{other}`");
                return Err(Malformed::at(file, entry.line_of("RuleAction"), 0, what, ADVICE));
            }
        };
        let rule = Rule::new(place, condition(file, entry, outbound)?, then);
        rules.push(if number == DEFAULT { rule.with_note("implicit-deny") } else { rule });
    }
    // The last entry is always there, also where the dump was filtered.
    let place = Place::new(index, acl.line_of("NetworkAclId"));
    rules.push(Rule::new(place, Condition::ALWAYS, Action::Deny(How::Drop)).with_note("implicit-deny"));
    Ok(rules)
}

/// The number of the entry `*` that refuses the rest.
const DEFAULT: i64 = 32_767;

fn condition(file: &File, entry: &Spot, outbound: bool) -> Result<Condition, Malformed> {
    let name = entry.word("Protocol").unwrap_or("-1");
    let mut condition = protocol(name).unwrap_or_else(|| not_understood(format!("Protocol {name}")));
    if has_ports(name) {
        // Without a range it is all ports: the API asks for one, the console's "all" has none.
        if let Some(range) = entry.get("PortRange") {
            let (from, to) = (range.whole("From"), range.whole("To"));
            let ports = from.zip(to).and_then(|(from, to)| ports(from, to));
            condition = condition.and(ports.map_or_else(|| not_understood("PortRange"), Condition::DestinationPort));
        }
    }
    let mut networks = Vec::new();
    for name in ["CidrBlock", "Ipv6CidrBlock"] {
        if let Some(text) = entry.word(name) {
            let addresses = Addresses::parse(text)
                .map_err(|error| Malformed::at(file, entry.line_of(name), 0, error.to_string(), ADVICE))?;
            networks.push(addresses);
        }
    }
    let side = match networks.into_iter().reduce(|one, other| one.union(&other)) {
        Some(addresses) if outbound => Condition::Destination(addresses.into()),
        Some(addresses) => Condition::source(addresses),
        None => not_understood("CidrBlock"),
    };
    Ok(condition.and(side))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ACL: &str = r#"{"NetworkAcls":[{"NetworkAclId":"acl-1","Entries":[{"CidrBlock":"0.0.0.0/0","Egress":false,
 "PortRange":{"From":443,"To":443},"Protocol":"6","RuleAction":"allow","RuleNumber":100}]}]}"#;

    proptest! {
        #[test]
        fn reading_never_panics(text in ".{0,80}", cut in 0..300_usize, put in "[\\[\\]{}\",:0-9a-z-]{0,6}") {
            let _any = parse(&[File::new("dump", &text)], &Reading::default());
            let cut = ACL.char_indices().map(|(at, _)| at).nth(cut).unwrap_or(ACL.len());
            let (before, after) = ACL.split_at(cut);
            let text = format!("{before}{put}{after}");
            let _any = parse(&[File::new("dump", &text)], &Reading::default());
        }
    }
}
