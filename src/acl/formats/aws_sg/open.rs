//! Lets networks in by a further permission of the group. Security groups only allow, so the place in the list is no matter.

use serde_json::{Value, json};

use super::ADVICE;
use crate::acl::{
    Family, File, Opening, Patch,
    formats::{
        cloud::runs,
        spots::{self, Node, Spot},
    },
};

/// Rules of one family that a group may have, unless AWS raised it.
const QUOTA: usize = 60;

/// Changes the first group that already speaks of one of the ports, or else the first.
pub fn open(files: &[File], opening: &Opening) -> Option<Patch> {
    let read: Vec<(usize, &File, Spot)> = files
        .iter()
        .enumerate()
        .filter_map(|(index, file)| Some((index, file, spots::read(file, ADVICE).ok()?)))
        .filter(|(_, _, spot)| spot.get("Entries").is_none())
        .collect();
    read.iter().find_map(|(index, file, spot)| match spot.get("SecurityGroupRules") {
        Some(list) => flat(*index, file, list, opening),
        None => nested(*index, file, spot, opening),
    })
}

fn nested(index: usize, file: &File, spot: &Spot, opening: &Opening) -> Option<Patch> {
    let groups = match (spot.get("SecurityGroups"), &spot.node) {
        (Some(list), _) => list.items(),
        (None, Node::List(items)) => items.iter().collect(),
        (None, _) => vec![spot],
    };
    let speaks =
        |group: &&Spot| group.list("IpPermissions").into_iter().any(|permission| has_port(permission, opening));
    let group = groups.iter().copied().find(|group| speaks(group)).or(groups.first().copied())?;
    let values: Vec<Value> = runs(&opening.ports).into_iter().map(|run| permission(run, opening)).collect();
    let text = spots::append(&file.text, group.get("IpPermissions")?, &values)?;
    let (list, _) = names(opening.family);
    let present: usize = group.list("IpPermissions").into_iter().map(|one| one.list(list).len()).sum();
    Some(patch(index, text, group.word("GroupId").unwrap_or("sg-..."), &values, present, opening))
}

fn flat(index: usize, file: &File, list: &Spot, opening: &Opening) -> Option<Patch> {
    let rules = list.items();
    let inbound = || rules.iter().copied().filter(|rule| rule.flag("IsEgress") == Some(false));
    let model = inbound().find(|rule| has_port(rule, opening)).or(rules.first().copied())?;
    let id = model.word("GroupId")?;
    let name = if opening.family == Family::V4 { "CidrIpv4" } else { "CidrIpv6" };
    let mut values = Vec::new();
    for (from, to) in runs(&opening.ports) {
        for network in &opening.networks {
            let mut rule = serde_json::Map::new();
            rule.insert("GroupId".to_owned(), id.into());
            rule.insert("IsEgress".to_owned(), false.into());
            rule.insert("IpProtocol".to_owned(), "tcp".into());
            rule.insert("FromPort".to_owned(), from.into());
            rule.insert("ToPort".to_owned(), to.into());
            rule.insert(name.to_owned(), network.to_string().into());
            rule.insert("Description".to_owned(), DESCRIPTION.into());
            values.push(Value::Object(rule));
        }
    }
    let text = spots::append(&file.text, list, &values)?;
    let permissions: Vec<Value> = runs(&opening.ports).into_iter().map(|run| permission(run, opening)).collect();
    let present = inbound().filter(|rule| rule.word("GroupId") == Some(id) && rule.get(name).is_some()).count();
    Some(patch(index, text, id, &permissions, present, opening))
}

const DESCRIPTION: &str = "KakaoTalk scrap";

fn patch(index: usize, text: String, id: &str, values: &[Value], present: usize, opening: &Opening) -> Patch {
    let permissions = Value::Array(values.to_vec());
    let command = format!("aws ec2 authorize-security-group-ingress --group-id {id} --ip-permissions '{permissions}'");
    let after = present + opening.networks.len() * values.len();
    let code = if after > QUOTA { "quota-exceeded" } else { "quota" };
    let remarks = vec![(code, format!("{after}/{QUOTA}")), ("order-independent", String::new())];
    Patch { files: vec![(index, text)], commands: vec![command], remarks }
}

fn has_port(spot: &Spot, opening: &Opening) -> bool {
    let (Some(from), Some(to)) = (spot.whole("FromPort"), spot.whole("ToPort")) else { return false };
    opening.ports.iter().any(|port| (from..=to).contains(&i64::from(*port)))
}

fn names(family: Family) -> (&'static str, &'static str) {
    match family {
        Family::V4 => ("IpRanges", "CidrIp"),
        Family::V6 => ("Ipv6Ranges", "CidrIpv6"),
    }
}

fn permission((from, to): (u16, u16), opening: &Opening) -> Value {
    let (list, name) = names(opening.family);
    let ranges: Vec<Value> = opening
        .networks
        .iter()
        .map(|network| json!({ name: network.to_string(), "Description": DESCRIPTION }))
        .collect();
    json!({ "IpProtocol": "tcp", "FromPort": from, "ToPort": to, list: ranges })
}
