//! Access control groups: `getAccessControlGroupRuleList`. All groups that are given are taken to be on the server.

use serde_json::{Value, json};

use super::{answer, body, networks, outbound, partial, port_range, ports_of};
use crate::acl::{
    Action, Assumption, Chain, ChainId, Condition, Family, File, Hook, How, Kind, Malformed, Opening, Patch, Place,
    Policy, Reading, Rule, Ruleset, Sees, Stage,
    formats::{
        Cannot, Format,
        cloud::{not_understood, runs},
        spots,
    },
};

/// The dialect.
pub const FORMAT: Format = Format {
    name: "naver-acg",
    title: "Naver Cloud ACG",
    from: "ncloud vserver getAccessControlGroupRuleList",
    joins: true,
    cannot: CANNOT,
    recognise,
    parse,
    open: Some(open),
};

const CANNOT: &[Cannot] = &[
    Cannot {
        ko: "어떤 ACG가 서버에 적용되어 있는지는 이 파일에 없으므로, 제공한 ACG가 모두 적용되어 있다고 봅니다.",
        en: "The file does not say which ACGs are on the server, so all that are given are taken to be.",
    },
    Cannot {
        ko: "로드 밸런서를 거치는 요청은 로드 밸런서의 ACG가 판단 대상입니다.",
        en: "Behind a load balancer it is the load balancer's ACG that decides.",
    },
    Cannot {
        ko: "IPv6 규칙이 없는 ACG에서는 IPv6 대역을 판단하지 않습니다.",
        en: "IPv6 ranges are not judged where the ACG has no IPv6 rule.",
    },
];

const ADVICE: &str = "give the whole answer of getAccessControlGroupRuleList, as JSON or XML";
const CALL: &str = "getAccessControlGroupRuleList";
const LIST: &str = "accessControlGroupRuleList";

fn recognise(text: &str) -> u8 {
    if !text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '<']) {
        0
    } else if text.contains("getAccessControlGroupRuleListResponse") {
        98
    } else if text.contains("accessControlGroupRuleType") {
        90
    } else {
        0
    }
}

fn parse(files: &[File], reading: &Reading) -> Result<Ruleset, Malformed> {
    let mut rules = Vec::new();
    let mut groups: Vec<String> = Vec::new();
    let mut families = vec![Family::V4];
    for (index, file) in files.iter().enumerate() {
        let spot = answer(file, ADVICE)?;
        let body = body(&spot, CALL);
        let list = body.list(LIST);
        if list.is_empty() && body.whole("totalRows") != Some(0) {
            return Err(Malformed::at(file, 0, 0, format!("there is no `{LIST}` in it"), ADVICE));
        }
        if partial(body, list.len()) {
            let when = Condition::unknown("file-missing", "totalRows");
            rules.push(Rule::new(Place::new(index, body.line_of("totalRows")), when, Action::Accept));
        }
        for rule in list {
            let group = rule.word("accessControlGroupNo").unwrap_or_default();
            if !group.is_empty() && groups.last().is_none_or(|last| last != group) {
                groups.push(group.to_owned());
            }
            let way = outbound(rule, "accessControlGroupRuleType");
            if way == Some(true) {
                continue;
            }
            let mut when = if way.is_none() { not_understood("accessControlGroupRuleType") } else { Condition::ALWAYS };
            when = when.and(ports_of(rule));
            let addresses = networks(file, rule, ADVICE)?;
            if addresses.as_ref().is_some_and(|addresses| !addresses.v6.is_empty()) {
                families = Family::BOTH.to_vec();
            }
            let (field, origin) = match (addresses, rule.word("accessControlGroupSequence")) {
                (Some(addresses), _) => ("ipBlock", Condition::source(addresses)),
                // Servers of the account: Kakao is none of them, but a balancer in front may be.
                (None, Some(number)) => match reading.sees {
                    Sees::Balancer(_) => ("accessControlGroupSequence", Condition::unknown("reference", number)),
                    Sees::Direct | Sees::Header => ("accessControlGroupSequence", Condition::NEVER),
                },
                (None, None) => ("protocolType", not_understood("ipBlock")),
            };
            rules.push(Rule::new(Place::new(index, rule.line_of(field)), when.and(origin), Action::Accept));
        }
    }
    groups.sort_unstable();
    groups.dedup();
    let assumptions = match rules.first() {
        Some(first) if groups.len() > 1 => {
            vec![Assumption { code: "attached-assumed", place: Some(first.place), what: groups.join(", ") }]
        }
        _ => Vec::new(),
    };
    Ok(Ruleset {
        chains: vec![Chain { name: "ACG inbound".to_owned(), rules }],
        stages: vec![Stage {
            hook: Hook::Input,
            chain: ChainId(0),
            family: None,
            policy: Policy::deny(How::Drop),
            kind: Kind::Connection,
        }],
        families,
        sees: reading.sees.clone(),
        assumptions,
        idle: Vec::new(),
    })
}

fn open(files: &[File], opening: &Opening) -> Option<Patch> {
    let file = files.first()?;
    let spot = answer(file, ADVICE).ok()?;
    let body = body(&spot, CALL);
    let list = body.get(LIST)?;
    let inbound = |rule: &&&spots::Spot| outbound(rule, "accessControlGroupRuleType") == Some(false);
    let group = list.items().iter().find(inbound).and_then(|rule| rule.word("accessControlGroupNo")).map(str::to_owned);
    let mut values: Vec<Value> = Vec::new();
    let mut lines = Vec::new();
    for run in runs(&opening.ports) {
        for network in &opening.networks {
            let ports = port_range(run);
            let mut rule = json!({
                "protocolType": { "code": "TCP", "codeName": "tcp", "number": 6 }, "ipBlock": network.to_string(),
                "portRange": ports, "accessControlGroupRuleType": { "code": "INBND", "codeName": "Inbound" },
                "accessControlGroupRuleDescription": "KakaoTalk scrap",
            });
            if let (Some(group), Some(fields)) = (&group, rule.as_object_mut()) {
                fields.shift_insert(0, "accessControlGroupNo".to_owned(), group.clone().into());
            }
            values.push(rule);
            lines.push(format!("protocolTypeCode='TCP', ipBlock='{network}', portRange='{ports}'"));
        }
    }
    let group = group.as_deref().unwrap_or("ACG_NO");
    let list_of_rules: Vec<String> = lines.iter().map(|line| format!("\"{line}\"")).collect();
    let command = format!(
        "ncloud vserver addAccessControlGroupInboundRule --regionCode KR --vpcNo VPC_NO --accessControlGroupNo {group} \
         --accessControlGroupRuleList {}",
        list_of_rules.join(" ")
    );
    let text = spots::append(&file.text, list, &values)?;
    Some(Patch { files: vec![(0, text)], commands: vec![command], remarks: vec![("order-independent", String::new())] })
}
