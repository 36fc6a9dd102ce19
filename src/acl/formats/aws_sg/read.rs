//! The groups of a dump and what each lets in. Outbound rules are left out: security groups keep state, so answers leave.

use std::collections::HashMap;

use super::{ADVICE, place_of};
use crate::acl::{
    Addresses, Condition, File, Malformed, Place,
    formats::{
        cloud::{has_ports, not_understood, ports, protocol},
        spots::{Node, Spot},
    },
};

/// A security group.
#[derive(Debug, Clone)]
pub struct Group {
    /// Its id.
    pub id: String,
    /// The VPC it is in, where the dump says so.
    pub vpc: Option<String>,
    /// Where it stands.
    pub place: Place,
    /// What it lets in.
    pub grants: Vec<Grant>,
}

/// Something that is let in.
#[derive(Debug, Clone)]
pub struct Grant {
    /// The line of the source.
    pub place: Place,
    /// Protocol and ports.
    pub ports: Condition,
    /// From where.
    pub origin: Origin,
}

/// Where something is let in from.
#[derive(Debug, Clone)]
pub enum Origin {
    /// Networks.
    Networks(Addresses),
    /// A managed prefix list.
    List(String),
    /// The members of a security group.
    Group(String),
    /// Something else.
    Unread(String),
}

/// The groups of a file.
pub fn groups(index: usize, file: &File, spot: &Spot) -> Result<Vec<Group>, Malformed> {
    let mut found = Vec::new();
    if let Some(rules) = spot.get("SecurityGroupRules") {
        flat(index, file, &rules.items(), &mut found)?;
    } else {
        let list = match (spot.get("SecurityGroups"), &spot.node) {
            (Some(list), _) => list.items(),
            (None, Node::List(items)) => items.iter().collect(),
            (None, _) => vec![spot],
        };
        if list.first().is_some_and(|first| first.get("SecurityGroupRuleId").is_some()) {
            flat(index, file, &list, &mut found)?;
        } else {
            for group in list {
                found.push(nested(index, file, group)?);
            }
        }
    }
    // The answer is one page of several: what the other pages let in is not known.
    if let (Some(token), Some(group)) = (spot.get("NextToken"), found.first_mut()) {
        group.grants.push(Grant {
            place: token.place(index),
            ports: Condition::unknown("file-missing", "NextToken"),
            origin: Origin::Networks(Addresses::all()),
        });
    }
    Ok(found)
}

fn nested(index: usize, file: &File, group: &Spot) -> Result<Group, Malformed> {
    let Some(permissions) = group.get("IpPermissions") else {
        let what = "there is no `IpPermissions` where a security group was expected";
        return Err(Malformed::at(file, group.line, 0, what, ADVICE));
    };
    let mut grants = Vec::new();
    for permission in permissions.items() {
        let ports = ports_of(permission);
        let mut put = |place, origin| grants.push(Grant { place, ports: ports.clone(), origin });
        for (list, name) in [("IpRanges", "CidrIp"), ("Ipv6Ranges", "CidrIpv6")] {
            for range in permission.list(list) {
                let text = range.word(name).or(range.text());
                put(place_of(index, range, name), networks(file, range.line_of(name), text)?);
            }
        }
        for list in permission.list("PrefixListIds") {
            let id = list.word("PrefixListId").or(list.text()).unwrap_or_default();
            put(place_of(index, list, "PrefixListId"), Origin::List(id.to_owned()));
        }
        for pair in permission.list("UserIdGroupPairs") {
            let id = pair.word("GroupId").unwrap_or_default();
            put(place_of(index, pair, "GroupId"), Origin::Group(id.to_owned()));
        }
    }
    Ok(Group {
        id: group.word("GroupId").or(group.word("GroupName")).unwrap_or("?").to_owned(),
        vpc: group.word("VpcId").map(str::to_owned),
        place: place_of(index, group, "GroupId"),
        grants,
    })
}

/// `describe-security-group-rules`: one object a rule, inbound and outbound mixed.
fn flat(index: usize, file: &File, rules: &[&Spot], found: &mut Vec<Group>) -> Result<(), Malformed> {
    let mut known: HashMap<String, usize> =
        found.iter().enumerate().map(|(at, group)| (group.id.clone(), at)).collect();
    for rule in rules {
        let Some(outbound) = rule.flag("IsEgress") else {
            let what = "there is no `IsEgress` where a security group rule was expected";
            return Err(Malformed::at(file, rule.line, 0, what, ADVICE));
        };
        let id = rule.word("GroupId").unwrap_or("?");
        let at = *known.entry(id.to_owned()).or_insert(found.len());
        if at == found.len() {
            let place = place_of(index, rule, "GroupId");
            found.push(Group { id: id.to_owned(), vpc: None, place, grants: Vec::new() });
        }
        if outbound {
            continue;
        }
        let origins = ["CidrIpv4", "CidrIpv6", "PrefixListId", "ReferencedGroupInfo"];
        let Some(name) = origins.into_iter().find(|name| rule.get(name).is_some()) else {
            let (place, what) = (rule.place(index), "SecurityGroupRule".to_owned());
            put(found, at, Grant { place, ports: ports_of(rule), origin: Origin::Unread(what) });
            continue;
        };
        let origin = match name {
            "PrefixListId" => Origin::List(rule.word(name).unwrap_or_default().to_owned()),
            "ReferencedGroupInfo" => {
                let info = rule.get(name).and_then(|info| info.word("GroupId"));
                Origin::Group(info.unwrap_or_default().to_owned())
            }
            _ => networks(file, rule.line_of(name), rule.word(name))?,
        };
        put(found, at, Grant { place: place_of(index, rule, name), ports: ports_of(rule), origin });
    }
    Ok(())
}

fn put(found: &mut [Group], at: usize, grant: Grant) {
    if let Some(group) = found.get_mut(at) {
        group.grants.push(grant);
    }
}

fn networks(file: &File, line: u32, text: Option<&str>) -> Result<Origin, Malformed> {
    let Some(text) = text else { return Ok(Origin::Unread("Cidr".to_owned())) };
    Addresses::parse(text)
        .map(Origin::Networks)
        .map_err(|error| Malformed::at(file, line, 0, error.to_string(), ADVICE))
}

/// Protocol and ports of a permission or a rule.
fn ports_of(spot: &Spot) -> Condition {
    let Some(name) = spot.word("IpProtocol") else { return not_understood("IpProtocol") };
    let Some(condition) = protocol(name) else { return not_understood(format!("IpProtocol {name}")) };
    if !has_ports(name) {
        return condition;
    }
    match (spot.whole("FromPort"), spot.whole("ToPort")) {
        (Some(-1), Some(-1)) => condition,
        (Some(from), Some(to)) => match ports(from, to) {
            Some(ports) => condition.and(Condition::DestinationPort(ports)),
            None => condition.and(not_understood(format!("FromPort {from}, ToPort {to}"))),
        },
        _ => condition.and(not_understood("FromPort, ToPort")),
    }
}
