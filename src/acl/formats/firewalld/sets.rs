//! Sets of addresses (ipsets): what is in them. Which rules ask for them is not known here.

use super::super::super::{Addresses, Family};
use super::model::Set;

/// Reads one line of `firewall-cmd --info-ipset`.
pub fn entry(set: &mut Set, name: &str, value: &str) {
    match name {
        "type" => value.clone_into(&mut set.kind),
        "options" => value.split_whitespace().for_each(|option| {
            let (name, value) = option.split_once('=').unwrap_or((option, ""));
            self::option(set, name, value);
        }),
        "entries" => add(set, value.split_whitespace()),
        _ => {}
    }
}

/// Reads one option.
pub fn option(set: &mut Set, name: &str, value: &str) {
    match name {
        "family" if value == "inet6" => set.family = Some(Family::V6),
        // A timeout of 0 is none.
        "timeout" => set.timeout = value != "0",
        _ => {}
    }
}

/// Puts entries into a set. An entry of a set of pairs (`hash:ip,port`) starts with the address.
pub fn add<'a>(set: &mut Set, entries: impl Iterator<Item = &'a str>) {
    let mut all = Vec::new();
    for entry in entries {
        let (address, rest) = entry.split_once(',').map_or((entry, ""), |(address, rest)| (address, rest));
        set.more |= !rest.is_empty();
        match Addresses::parse(address.trim()) {
            Ok(addresses) => all.push(addresses),
            Err(_not) => set.more = true,
        }
    }
    // One union of all ranges at once: sets may have 100,000 entries.
    let ranges = |family: Family| all.iter().flat_map(|set| set.family(family).iter()).collect();
    set.addresses = set.addresses.union(&Addresses { v4: ranges(Family::V4), v6: ranges(Family::V6) });
}
