//! Lets networks through by entries with free numbers before the entry that refuses them. It renumbers nothing.

use ipnet::IpNet;
use serde_json::{Value, json};

use super::{ADVICE, DEFAULT, chain_name, entries, in_use};
use crate::acl::{
    Addresses, File, Opening, Part, Patch, bounds,
    formats::{
        cloud::runs,
        spots::{self, Spot},
    },
};

/// Entries of one direction that an ACL may have, unless AWS raised it.
const QUOTA: usize = 20;
/// Ports of a client's side.
const CLIENT_PORTS: (u16, u16) = (1024, 65_535);

/// `None` where no number is free before the refusing entry.
pub fn open(files: &[File], opening: &Opening) -> Option<Patch> {
    let outbound = match opening.part {
        Part::Syn | Part::Data | Part::Request => false,
        Part::SynAck | Part::Reply => true,
    };
    let direction = if outbound { "outbound" } else { "inbound" };
    let (index, file, spot) = files.iter().enumerate().find_map(|(index, file)| {
        let spot = spots::read(file, ADVICE).ok()?;
        in_use(&spot).iter().any(|acl| chain_name(acl, direction) == opening.chain).then_some((index, file, spot))
    })?;
    let acl = in_use(&spot).into_iter().find(|acl| chain_name(acl, direction) == opening.chain)?;
    let entries = entries(acl, outbound);
    let ports = if outbound { vec![CLIENT_PORTS] } else { runs(&opening.ports) };
    // The line tells which entry refuses, unless all stand in one.
    let named = |entry: &Spot| {
        opening.refused_at.is_some_and(|place| place.file == index && place.line == entry.line_of("RuleNumber"))
    };
    let alone = entries.iter().filter(|(_, entry)| named(entry)).count() == 1;
    let refusing = entries.iter().position(|(number, entry)| {
        if alone { named(entry) } else { *number >= DEFAULT || refuses(entry, opening, &ports) }
    });
    let after = refusing.map_or(entries.as_slice(), |at| entries.get(..at).unwrap_or_default());
    let first = after.last().map_or(0, |(number, _)| *number);
    let end = refusing.and_then(|at| entries.get(at)).map_or(DEFAULT, |(number, _)| *number);
    let wanted = i64::try_from(opening.networks.len() * ports.len()).ok()?;
    let step = ((end - first) / (wanted + 1)).min(10);
    if step < 1 {
        return None;
    }
    let mut number = first;
    let mut values: Vec<Value> = Vec::new();
    let mut commands = Vec::new();
    let id = acl.word("NetworkAclId").unwrap_or("acl-...");
    for (from, to) in ports {
        for network in &opening.networks {
            number += step;
            let (field, option) = match network {
                IpNet::V4(_) => ("CidrBlock", "--cidr-block"),
                IpNet::V6(_) => ("Ipv6CidrBlock", "--ipv6-cidr-block"),
            };
            values.push(json!({
                field: network.to_string(), "Egress": outbound, "PortRange": { "From": from, "To": to },
                "Protocol": "6", "RuleAction": "allow", "RuleNumber": number,
            }));
            let way = if outbound { "--egress" } else { "--ingress" };
            commands.push(format!(
                "aws ec2 create-network-acl-entry --network-acl-id {id} {way} --rule-number {number} --protocol 6 \
                 --port-range From={from},To={to} {option} {network} --rule-action allow"
            ));
        }
    }
    let count = entries.iter().filter(|(number, _)| *number < DEFAULT).count() + values.len();
    let code = if count > QUOTA { "quota-exceeded" } else { "quota" };
    let text = spots::append(&file.text, acl.get("Entries")?, &values)?;
    let remarks = vec![(code, format!("{count}/{QUOTA}")), ("rules-order", String::new())];
    Some(Patch { files: vec![(index, text)], commands, remarks })
}

/// Whether an entry refuses something of what is to be opened.
fn refuses(entry: &Spot, opening: &Opening, ports: &[(u16, u16)]) -> bool {
    if entry.word("RuleAction") != Some("deny") || !matches!(entry.word("Protocol"), Some("-1" | "6" | "tcp")) {
        return false;
    }
    let range = entry.get("PortRange").and_then(|range| Some((range.whole("From")?, range.whole("To")?)));
    let (low, high) = range.unwrap_or((0, i64::from(u16::MAX)));
    let meets_ports = ports.iter().any(|(from, to)| i64::from(*from) <= high && low <= i64::from(*to));
    let cidr = entry.word("CidrBlock").or(entry.word("Ipv6CidrBlock")).and_then(|text| Addresses::parse(text).ok());
    let meets = |network: &IpNet| {
        let (from, to) = bounds(*network);
        cidr.as_ref().is_some_and(|cidr| cidr.family(opening.family).meets(from, to))
    };
    meets_ports && opening.networks.iter().any(meets)
}
