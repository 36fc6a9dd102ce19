//! Which frontend a visit meets: the `bind` lines, their addresses, ports and options.

use std::net::IpAddr;

use super::words::{Line, Section};
use crate::acl::{Condition, Family, Place, Ranges};

/// One address of a `bind` line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bind {
    /// The line.
    pub place: Place,
    /// Its ports; `None` where a variable hides them.
    pub ports: Option<Ranges>,
    /// The one family it takes; `None` for both.
    pub family: Option<Family>,
    /// The one address it listens on.
    pub address: Option<IpAddr>,
    /// Speaks TLS.
    pub tls: bool,
    /// Learns the client's address by the PROXY protocol.
    pub proxied: bool,
}

/// The addresses of a section.
pub fn binds(section: &Section) -> Vec<Bind> {
    section.starting("bind").flat_map(of_line).collect()
}

fn of_line(line: &Line) -> Vec<Bind> {
    let options = line.from(2);
    let has = |name: &str| options.iter().any(|option| option == name);
    let mut found = Vec::new();
    for text in line.word(1).split(',') {
        let (kind, rest) = text.split_once('@').map_or(("", text), |(kind, rest)| (kind, rest));
        let elsewhere = ["unix", "abns", "fd", "sockpair", "quic4", "quic6", "udp", "udp4", "udp6", "rhttp", "abnsz"];
        if rest.starts_with('/') || elsewhere.contains(&kind) || text.is_empty() {
            continue;
        }
        let mut bind = Bind {
            place: line.place,
            ports: None,
            family: None,
            address: None,
            tls: has("ssl"),
            proxied: has("accept-proxy"),
        };
        if rest.contains('$') {
            found.push(bind);
            continue;
        }
        let (host, ports) = rest.rsplit_once(':').unwrap_or((rest, ""));
        bind.ports = range(ports);
        let six = matches!(kind, "ipv6" | "tcp6");
        match host.trim_matches(['[', ']']) {
            // Without a family, no address means IPv4's.
            "" | "*" if six => bind.family = Some(Family::V6).filter(|_| has("v6only")),
            "" | "*" => bind.family = Some(Family::V4),
            // A socket on :: takes IPv4 too, unless it is told not to.
            "::" => bind.family = Some(Family::V6).filter(|_| has("v6only")),
            host => match host.parse::<IpAddr>() {
                Ok(address) if address.is_loopback() => continue,
                Ok(address) => {
                    bind.family = Some(Family::of(address));
                    bind.address = Some(address).filter(|address| !address.is_unspecified());
                }
                Err(_) => bind.ports = None,
            },
        }
        found.push(bind);
    }
    found
}

fn range(text: &str) -> Option<Ranges> {
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    let (from, to): (u16, u16) = (from.parse().ok()?, to.parse().ok()?);
    (from <= to).then(|| Ranges::one(from.into(), to.into()))
}

impl Bind {
    /// When a visit comes by. `sole`: no other frontend has these ports, so that the address needs no look.
    pub fn when(&self, sole: bool) -> Condition {
        let Some(ports) = &self.ports else { return Condition::unknown("variable", "bind") };
        let mut when = Condition::DestinationPort(ports.clone());
        if let Some(family) = self.family {
            when = when.and(Condition::Family(family));
        }
        match self.address.filter(|_| !sole) {
            Some(address) => when.and(Condition::Destination(std::sync::Arc::new(ipnet::IpNet::from(address).into()))),
            None => when,
        }
    }
}
