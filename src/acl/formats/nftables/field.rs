//! What a selector looks at, and what it takes for granted: `tcp dport` is for TCP only. Values are in `value`.

use crate::acl::{Condition, Doubt, Family, Ranges};

/// What a selector looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    /// An address.
    Address {
        /// Where the packet is from, not where it goes.
        source: bool,
        /// Of this family.
        family: Family,
    },
    /// A port.
    Port {
        /// Where the packet is from, not where it goes.
        source: bool,
    },
    /// The IP protocol.
    Protocol,
    /// IPv4 or IPv6.
    Network,
    /// An interface.
    Interface {
        /// It came in by it, not: it leaves by it.
        input: bool,
    },
    /// The state of the connection.
    State,
    /// The direction of the connection.
    Direction,
    /// What happened to the connection.
    Status,
    /// TCP flags.
    Flags,
    /// To this host alone, or to all.
    PacketType,
    /// What the routing table says of an address.
    Route {
        /// Of the packet's source, not its destination.
        source: bool,
    },
    /// Nobody can tell.
    Opaque(Doubt),
}

/// A selector read.
#[derive(Debug, Clone)]
pub struct Selected {
    /// What it looks at.
    pub field: Field,
    /// What must hold for it to be there at all.
    pub implied: Condition,
}

/// The packet goes through this host to another: only then it has both interfaces.
pub fn forwarded() -> Condition {
    Condition::All(vec![Condition::InInterface("*".to_owned()), Condition::OutInterface("*".to_owned())])
}

/// It comes in and stays.
pub fn comes_in() -> Condition {
    Condition::OutInterface("*".to_owned()).negated()
}

/// It starts here and goes out.
pub fn goes_out() -> Condition {
    Condition::InInterface("*".to_owned()).negated()
}

fn protocol(number: u128) -> Condition {
    Condition::Protocol(Ranges::one(number, number))
}

/// Reads a selector by its canonical name.
pub fn selected(name: &str) -> Selected {
    let (first, rest) = name.split_once(' ').unwrap_or((name, ""));
    let opaque = |code: &'static str| Field::Opaque(Doubt::new(code, name));
    let (field, implied) = match first {
        "ip" | "ip6" => {
            let family = if first == "ip" { Family::V4 } else { Family::V6 };
            let field = match rest {
                "saddr" => Field::Address { source: true, family },
                "daddr" => Field::Address { source: false, family },
                "protocol" if family == Family::V4 => Field::Protocol,
                "nexthdr" if family == Family::V6 => Field::Protocol,
                _ => opaque("match-unknown"),
            };
            (field, Condition::Family(family))
        }
        "tcp" | "th" | "udp" | "sctp" | "dccp" | "udplite" => {
            let field = match rest {
                "sport" => Field::Port { source: true },
                "dport" => Field::Port { source: false },
                "flags" if first == "tcp" => Field::Flags,
                _ => opaque("match-unknown"),
            };
            let implied = match first {
                "tcp" => Condition::tcp(),
                "udp" => protocol(17),
                "sctp" => protocol(132),
                "dccp" => protocol(33),
                "udplite" => protocol(136),
                _ => Condition::ALWAYS,
            };
            (field, implied)
        }
        "icmp" => (opaque("match-unknown"), protocol(1).and(Condition::Family(Family::V4))),
        "icmpv6" => (opaque("match-unknown"), protocol(58).and(Condition::Family(Family::V6))),
        "igmp" => (opaque("match-unknown"), protocol(2)),
        "esp" => (opaque("match-unknown"), protocol(50)),
        "ah" => (opaque("match-unknown"), protocol(51)),
        "comp" => (opaque("match-unknown"), protocol(108)),
        "gre" | "gretap" => (opaque("match-unknown"), protocol(47)),
        "geneve" | "vxlan" => (opaque("match-unknown"), protocol(17)),
        // ARP packets are none of ours.
        "arp" => (opaque("match-unknown"), Condition::NEVER),
        "exthdr" | "rt" | "hbh" | "frag" | "dst" | "mh" | "srh" if rest != "classid" => {
            (opaque("match-unknown"), Condition::Family(Family::V6))
        }
        "@th,0,16" => (Field::Port { source: true }, Condition::ALWAYS),
        "@th,16,16" => (Field::Port { source: false }, Condition::ALWAYS),
        "ether" if rest == "type" => (Field::Network, Condition::ALWAYS),
        "meta" => (meta(rest, name), Condition::ALWAYS),
        "ct" => (tracked(rest, name), Condition::ALWAYS),
        "fib" => (route(rest, name), Condition::ALWAYS),
        _ => (opaque("match-unknown"), Condition::ALWAYS),
    };
    Selected { field, implied }
}

fn meta(key: &str, name: &str) -> Field {
    let opaque = |code: &'static str| Field::Opaque(Doubt::new(code, name));
    match key {
        "iifname" | "iif" => Field::Interface { input: true },
        "oifname" | "oif" => Field::Interface { input: false },
        "l4proto" => Field::Protocol,
        "nfproto" | "protocol" => Field::Network,
        "pkttype" => Field::PacketType,
        "mark" => opaque("mark"),
        "skuid" | "skgid" | "cgroup" => opaque("owner"),
        "time" | "hour" | "day" => opaque("time"),
        "iifgroup" | "oifgroup" | "iiftype" | "oiftype" | "iifkind" | "oifkind" | "sdif" | "sdifname" | "ibrname"
        | "obrname" | "ibriport" | "obriport" => opaque("interface-unknown"),
        _ => opaque("match-unknown"),
    }
}

fn tracked(key: &str, name: &str) -> Field {
    match key {
        "state" => Field::State,
        "direction" => Field::Direction,
        "status" => Field::Status,
        "mark" => Field::Opaque(Doubt::new("mark", name)),
        _ => Field::Opaque(Doubt::new("match-unknown", name)),
    }
}

fn route(what: &str, name: &str) -> Field {
    match what {
        "daddr type" | "daddr,iif type" => Field::Route { source: false },
        "saddr type" => Field::Route { source: true },
        _ => Field::Opaque(Doubt::new("match-unknown", name)),
    }
}
