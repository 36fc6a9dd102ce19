//! Network ACLs: `getNetworkAclRuleList`, with Deny-Allow groups beside it. What no rule matches is let through, as Naver
//! Cloud documents. It keeps no state: answers are judged by the outbound rules.

use serde_json::{Value, json};

use super::{answer, body, code, networks, outbound, partial, port_range, ports_of};
use crate::acl::{
    Action, Addresses, Chain, ChainId, Condition, Family, File, Hook, How, Kind, Malformed, Opening, Part, Patch,
    Place, Policy, Reading, Rule, Ruleset, Stage, bounds,
    formats::{
        Cannot, Format,
        cloud::{not_understood, runs},
        spots::{self, Spot},
    },
};

/// The dialect.
pub const FORMAT: Format = Format {
    name: "naver-network-acl",
    title: "Naver Cloud network ACL",
    from: "ncloud vpc getNetworkAclRuleList",
    joins: true,
    cannot: CANNOT,
    recognise,
    parse,
    open: Some(open),
};

const CANNOT: &[Cannot] = &[
    Cannot {
        ko: "Deny-Allow 그룹의 IP 목록은 getNetworkAclDenyAllowGroupDetail 결과를 함께 주셔야 알 수 있습니다.",
        en: "What a Deny-Allow group holds is known only with the answer of getNetworkAclDenyAllowGroupDetail beside it.",
    },
    Cannot {
        ko: "응답은 카카오가 고른 포트(1024-65535)로 나갑니다. 아웃바운드 규칙이 그 일부만 다루면 판단하지 않습니다.",
        en: "Answers go to a port that Kakao chose (1024-65535); where outbound rules cover only part of these there is no verdict.",
    },
    Cannot {
        ko: "규칙에 없는 트래픽은 네이버 클라우드 문서에 따라 허용으로 봅니다.",
        en: "What no rule matches is taken as let through, as Naver Cloud documents.",
    },
];

const ADVICE: &str = "give the whole answer of getNetworkAclRuleList for one network ACL, as JSON or XML";
const CALL: &str = "getNetworkAclRuleList";
const LIST: &str = "networkAclRuleList";
const DIRECTIONS: [(&str, bool, Hook); 2] =
    [("network ACL inbound", false, Hook::Input), ("network ACL outbound", true, Hook::Output)];
/// The largest priority.
const LAST: i64 = 199;

fn recognise(text: &str) -> u8 {
    if !text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '<']) {
        0
    } else if text.contains("getNetworkAclRuleListResponse") {
        98
    } else if text.contains("networkAclRuleType") || text.contains("getNetworkAclDenyAllowGroup") {
        90
    } else {
        0
    }
}

/// The Deny-Allow groups that are given, by number.
fn deny_allow_groups(spot: &Spot, found: &mut Vec<(String, Addresses)>) -> bool {
    let calls = ["getNetworkAclDenyAllowGroupDetail", "getNetworkAclDenyAllowGroupList"];
    let lists = calls.map(|call| body(spot, call).get("networkAclDenyAllowGroupList"));
    let Some(list) = lists.into_iter().flatten().next() else { return false };
    for group in list.items() {
        let (Some(number), Some(ips)) = (group.word("networkAclDenyAllowGroupNo"), group.get("ipList")) else {
            continue;
        };
        let texts: Vec<&str> = ips.items().iter().filter_map(|ip| ip.text()).collect();
        let parsed: Option<Vec<Addresses>> = texts.iter().map(|text| Addresses::parse(text.trim()).ok()).collect();
        if let Some(all) = parsed.and_then(|all| all.into_iter().reduce(|one, other| one.union(&other))) {
            found.push((number.to_owned(), all));
        }
    }
    true
}

fn parse(files: &[File], reading: &Reading) -> Result<Ruleset, Malformed> {
    let mut groups = Vec::new();
    let mut rule_files = Vec::new();
    for (index, file) in files.iter().enumerate() {
        let spot = answer(file, ADVICE)?;
        if !deny_allow_groups(&spot, &mut groups) {
            rule_files.push((index, file, spot));
        }
    }
    let mut chains = Vec::new();
    let mut stages = Vec::new();
    let mut families = vec![Family::V4];
    if let (true, Some(file)) = (rule_files.is_empty(), files.first()) {
        return Err(Malformed::at(file, 0, 0, format!("there is no `{LIST}` in it"), ADVICE));
    }
    if let Some((_, file, spot)) = rule_files.iter().find(|(_, _, spot)| {
        let body = body(spot, CALL);
        body.get(LIST).is_none() && body.whole("totalRows") != Some(0)
    }) {
        return Err(Malformed::at(file, spot.line, 0, format!("there is no `{LIST}` in it"), ADVICE));
    }
    for (name, out, hook) in DIRECTIONS {
        let mut rules = Vec::new();
        for (index, file, spot) in &rule_files {
            let body = body(spot, CALL);
            if partial(body, body.list(LIST).len()) {
                let doubt = crate::acl::Doubt::new("file-missing", "totalRows");
                let place = Place::new(*index, body.line_of("totalRows"));
                rules.push((-1, Rule::new(place, Condition::ALWAYS, Action::Unknown(doubt))));
            }
            for rule in body.list(LIST) {
                rules.extend(read(*index, file, rule, out, &groups, &mut families)?);
            }
        }
        rules.sort_by_key(|(priority, _)| *priority);
        stages.push(Stage {
            hook,
            chain: ChainId(chains.len()),
            family: None,
            policy: Policy::accept(),
            kind: Kind::Filter,
        });
        chains.push(Chain { name: name.to_owned(), rules: rules.into_iter().map(|(_, rule)| rule).collect() });
    }
    Ok(Ruleset { chains, stages, families, sees: reading.sees.clone(), ..Ruleset::default() })
}

/// A rule of one direction, with its priority.
fn read(
    index: usize,
    file: &File,
    rule: &Spot,
    out: bool,
    groups: &[(String, Addresses)],
    families: &mut Vec<Family>,
) -> Result<Option<(i64, Rule)>, Malformed> {
    let Some(direction) = outbound(rule, "networkAclRuleType") else {
        return Err(Malformed::at(file, rule.line, 0, "a rule without `networkAclRuleType`", ADVICE));
    };
    if direction != out {
        return Ok(None);
    }
    let Some(priority) = rule.whole("priority") else {
        return Err(Malformed::at(file, rule.line, 0, "a rule without `priority`", ADVICE));
    };
    let then = match code(rule, "ruleAction") {
        Some("ALLOW") => Action::Accept,
        Some("DROP") => Action::Deny(How::Drop),
        other => {
            let what = format!("ruleAction `{}`", other.unwrap_or_default());
            return Err(Malformed::at(file, rule.line_of("ruleAction"), 0, what, ADVICE));
        }
    };
    let (field, addresses) = match (networks(file, rule, ADVICE)?, rule.word("denyAllowGroupNo")) {
        (Some(addresses), _) => ("ipBlock", Ok(addresses)),
        (None, Some(number)) => {
            let known = groups.iter().find(|(known, _)| known == number).map(|(_, addresses)| addresses.clone());
            ("denyAllowGroupNo", known.ok_or_else(|| Condition::unknown("reference", number)))
        }
        (None, None) => ("priority", Err(not_understood("ipBlock"))),
    };
    let side = match addresses {
        Ok(addresses) => {
            if !addresses.v6.is_empty() {
                *families = Family::BOTH.to_vec();
            }
            if out { Condition::Destination(addresses.into()) } else { Condition::source(addresses) }
        }
        Err(unknown) => unknown,
    };
    let place = Place::new(index, rule.line_of(field));
    Ok(Some((priority, Rule::new(place, ports_of(rule).and(side), then))))
}

/// `None` where no priority is free before the rule that refuses.
fn open(files: &[File], opening: &Opening) -> Option<Patch> {
    let out = matches!(opening.part, Part::SynAck | Part::Reply);
    let (index, file, spot) = files.iter().enumerate().find_map(|(index, file)| {
        let spot = answer(file, ADVICE).ok()?;
        body(&spot, CALL).get(LIST).is_some().then_some((index, file, spot))
    })?;
    let list = body(&spot, CALL).get(LIST)?;
    let mut rules: Vec<(i64, &Spot)> = list
        .items()
        .into_iter()
        .filter(|rule| outbound(rule, "networkAclRuleType") == Some(out))
        .filter_map(|rule| Some((rule.whole("priority")?, rule)))
        .collect();
    rules.sort_by_key(|(priority, _)| *priority);
    let ports = if out { vec![(1024, 65_535)] } else { runs(&opening.ports) };
    // The line tells which rule refuses, unless all stand in one.
    let line_of = |rule: &Spot| {
        let field = ["ipBlock", "denyAllowGroupNo", "priority"].into_iter().find(|field| rule.word(field).is_some());
        rule.line_of(field.unwrap_or_default())
    };
    let named =
        |rule: &Spot| opening.refused_at.is_some_and(|place| place.file == index && place.line == line_of(rule));
    let alone = rules.iter().filter(|(_, rule)| named(rule)).count() == 1;
    let refusing = rules.iter().position(|(_, rule)| if alone { named(rule) } else { refuses(rule, opening) })?;
    let end = rules.get(refusing).map_or(LAST, |(priority, _)| *priority);
    let taken: Vec<i64> = rules.iter().map(|(priority, _)| *priority).collect();
    let free: Vec<i64> = (0..end).rev().take_while(|number| !taken.contains(number)).collect();
    let mut free = free.into_iter().rev();
    let (kind, kind_name) = if out { ("OTBND", "Outbound") } else { ("INBND", "Inbound") };
    let number = rules.first().and_then(|(_, rule)| rule.word("networkAclNo"));
    let mut values: Vec<Value> = Vec::new();
    let mut lines = Vec::new();
    for run in ports {
        for network in &opening.networks {
            let (priority, ports) = (free.next()?, port_range(run));
            let mut rule = json!({
                "priority": priority, "protocolType": { "code": "TCP", "codeName": "tcp", "number": 6 },
                "portRange": ports, "ruleAction": { "code": "ALLOW", "codeName": "Allow" },
                "ipBlock": network.to_string(), "networkAclRuleType": { "code": kind, "codeName": kind_name },
            });
            if let (Some(number), Some(fields)) = (number, rule.as_object_mut()) {
                fields.shift_insert(0, "networkAclNo".to_owned(), number.into());
            }
            values.push(rule);
            lines.push(format!(
                "\"ipBlock='{network}', protocolTypeCode='TCP', portRange='{ports}', ruleActionCode='ALLOW', \
                 priority='{priority}'\""
            ));
        }
    }
    let command = format!(
        "ncloud vpc addNetworkAcl{kind_name}Rule --regionCode KR --networkAclNo {} --networkAclRuleList {}",
        number.unwrap_or("NETWORK_ACL_NO"),
        lines.join(" ")
    );
    let text = spots::append(&file.text, list, &values)?;
    Some(Patch { files: vec![(index, text)], commands: vec![command], remarks: vec![("rules-order", String::new())] })
}

/// Whether a rule refuses something of what is to be opened. A group of unknown networks may.
fn refuses(rule: &Spot, opening: &Opening) -> bool {
    if code(rule, "ruleAction") != Some("DROP") || matches!(code(rule, "protocolType"), Some("UDP" | "ICMP")) {
        return false;
    }
    let Some(block) = rule.word("ipBlock").and_then(|text| Addresses::parse(text).ok()) else { return true };
    let mut networks = opening.networks.iter().map(|network| bounds(*network));
    networks.any(|(from, to)| block.family(opening.family).meets(from, to))
}
