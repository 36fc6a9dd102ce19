//! What the firewalls of clouds have in common: protocols, port ranges, and runs of ports. No provider is known here.

use crate::acl::{Condition, Doubt, Ranges};

/// The condition a protocol's name or number stands for; `None` for one that nobody here knows.
pub fn protocol(text: &str) -> Option<Condition> {
    let number: u128 = match text.to_ascii_lowercase().as_str() {
        "-1" | "all" | "any" | "*" => return Some(Condition::ALWAYS),
        "tcp" => 6,
        "udp" => 17,
        "icmp" => 1,
        "icmpv6" | "ipv6-icmp" => 58,
        other => other.parse::<u8>().ok()?.into(),
    };
    Some(Condition::Protocol(Ranges::one(number, number)))
}

/// Whether ports mean anything to a protocol's condition: TCP and UDP have them.
pub fn has_ports(text: &str) -> bool {
    matches!(text.to_ascii_lowercase().as_str(), "tcp" | "6" | "udp" | "17")
}

/// The ports from one to another.
pub fn ports(from: i64, to: i64) -> Option<Ranges> {
    let (from, to) = (u16::try_from(from).ok()?, u16::try_from(to).ok()?);
    (from <= to).then(|| Ranges::one(from.into(), to.into()))
}

/// Something of a dump that is not understood.
pub fn not_understood(what: impl Into<String>) -> Condition {
    Condition::Unknown(Doubt::new("not-understood", what))
}

/// Neighbouring ports as runs, in order.
pub fn runs(ports: &[u16]) -> Vec<(u16, u16)> {
    let all: Ranges = ports.iter().map(|port| (u128::from(*port), u128::from(*port))).collect();
    let narrow = |port: u128| u16::try_from(port).unwrap_or(u16::MAX);
    all.iter().map(|(from, to)| (narrow(from), narrow(to))).collect()
}
