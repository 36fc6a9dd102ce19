//! Addresses as iptables writes them in `-s`, `-d` and `-m iprange`. Sets of ipset are read elsewhere.

use std::net::{IpAddr, Ipv6Addr};

use super::{Fault, variable};
use crate::acl::{Addresses, Condition, Family, Ranges, number};

/// Ranges a mask with gaps may be spread out into.
const MAX_SPREAD: u32 = 12;

/// Which end of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The source.
    Source,
    /// The destination.
    Destination,
}

impl End {
    /// The condition that this end is in the set.
    pub fn is_in(self, set: Addresses) -> Condition {
        match self {
            Self::Source => Condition::Source(set.into()),
            Self::Destination => Condition::Destination(set.into()),
        }
    }
}

/// `-s` and `-d`: addresses, networks and netmasks, with commas between them. `None` where it is every address.
pub fn condition(end: End, text: &str, family: Family) -> Result<Option<Condition>, Fault> {
    let mut ranges = Vec::new();
    let mut doubts = Vec::new();
    for part in text.split(',') {
        match network(part, family) {
            Ok(found) => ranges.extend(found),
            Err(Some(code)) => doubts.push(Condition::unknown(code, part)),
            Err(None) => return Err(fault(part, family)),
        }
    }
    let ranges = Ranges::from_iter(ranges);
    if ranges.covers(0, family.max()) {
        return Ok(None);
    }
    let known = end.is_in(Addresses::of(family, ranges));
    if doubts.is_empty() {
        return Ok(Some(known));
    }
    doubts.push(known);
    Ok(Some(Condition::Any(doubts)))
}

/// `--src-range` and `--dst-range`.
pub fn range(end: End, text: &str, family: Family) -> Result<Condition, Fault> {
    if variable(text) {
        return Ok(Condition::unknown("variable", text));
    }
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    match (address(from, family), address(to, family)) {
        (Some(from), Some(to)) if from <= to => Ok(end.is_in(Addresses::of(family, Ranges::one(from, to)))),
        _ => Err(fault(text, family)),
    }
}

fn fault(text: &str, family: Family) -> Fault {
    let name = if family == Family::V4 { "IPv4" } else { "IPv6" };
    Fault { word: text.to_owned(), what: format!("`{text}` is no {name} address or network") }
}

fn address(text: &str, family: Family) -> Option<u128> {
    let address = match family {
        Family::V4 => text.parse().map(IpAddr::V4),
        Family::V6 => text.parse().map(IpAddr::V6),
    };
    address.map(number).ok()
}

/// The ranges of one network; the doubt's code where it is a name, or `None` where it is nothing.
fn network(text: &str, family: Family) -> Result<Vec<(u128, u128)>, Option<&'static str>> {
    let (start, mask) = text.split_once('/').map_or((text, None), |(start, mask)| (start, Some(mask)));
    if variable(text) {
        return Err(Some("variable"));
    }
    let Some(start) = address(start, family).or_else(|| named(start, family)) else {
        let other = start.parse::<IpAddr>().is_ok();
        let name = start.chars().any(|char| char.is_ascii_alphabetic())
            && start.chars().all(|char| char.is_alphanumeric() || matches!(char, '.' | '-' | '_'));
        return Err(if name && !other { Some("hostname") } else { None });
    };
    let ones = family.max();
    let mask = match mask {
        None => ones,
        Some(mask) => match mask.parse::<u8>() {
            Ok(length) if length <= family.bits() => prefix(length, family),
            Ok(_) => return Err(None),
            Err(_) => address(mask, family).ok_or(None)?,
        },
    };
    spread(start & mask, mask, family).ok_or(Some("not-understood"))
}

fn prefix(length: u8, family: Family) -> u128 {
    let host = u32::from(family.bits() - length);
    family.max() & u128::MAX.checked_shl(host).unwrap_or(0)
}

/// The ranges of a mask that may have gaps.
fn spread(start: u128, mask: u128, family: Family) -> Option<Vec<(u128, u128)>> {
    let free = !mask & family.max();
    let low = free.trailing_ones();
    let tail = if low >= 128 { u128::MAX } else { (1_u128 << low) - 1 };
    let gaps = free & !tail;
    if gaps == 0 {
        return Some(vec![(start, start | tail)]);
    }
    if gaps.count_ones() > MAX_SPREAD {
        return None;
    }
    let mut found = Vec::new();
    let mut part = 0_u128;
    loop {
        found.push((start | part, start | part | tail));
        // The next number whose bits all lie in the gaps.
        part = (part | !gaps).wrapping_add(1) & gaps;
        if part == 0 {
            return Some(found);
        }
    }
}

/// Names that `iptables -L` without `-n` prints for networks, from the usual `/etc/hosts` and `/etc/networks`.
fn named(text: &str, family: Family) -> Option<u128> {
    Some(match (text, family) {
        ("anywhere" | "default", _) => 0,
        ("localhost" | "localhost.localdomain", Family::V4) => 0x7f00_0001,
        ("loopback", Family::V4) => 0x7f00_0000,
        ("link-local", Family::V4) => 0xa9fe_0000,
        ("base-address.mcast.net", Family::V4) => 0xe000_0000,
        ("localhost" | "ip6-localhost" | "ip6-loopback", Family::V6) => Ipv6Addr::LOCALHOST.to_bits(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_with_gaps_is_spread_out_exactly() {
        let found = network("10.0.0.5/255.255.253.0", Family::V4).unwrap();
        assert_eq!(found, [(0x0a00_0000, 0x0a00_00ff), (0x0a00_0200, 0x0a00_02ff)]);
    }

    #[test]
    fn host_bits_do_not_matter() {
        assert_eq!(network("27.0.239.9/22", Family::V4).unwrap(), [(0x1b00_ec00, 0x1b00_efff)]);
        assert_eq!(network("27.0.239.9/255.255.252.0", Family::V4), network("27.0.236.0/22", Family::V4));
    }

    #[test]
    fn what_is_no_network_is_told_from_a_name() {
        assert_eq!(network("27.0.236.0/33", Family::V4), Err(None));
        assert_eq!(network("2404:4600::/32", Family::V4), Err(None));
        assert_eq!(network("kakao.example", Family::V4), Err(Some("hostname")));
        assert_eq!(network("$KAKAO", Family::V4), Err(Some("variable")));
    }

    #[test]
    fn every_address_is_no_condition() {
        assert_eq!(condition(End::Source, "0.0.0.0/0", Family::V4), Ok(None));
        assert_eq!(condition(End::Source, "::/0", Family::V6), Ok(None));
    }
}
