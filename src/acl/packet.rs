//! The packets and the request whose way is followed, and whether a condition holds for them: yes, no, "depends on which of
//! these addresses", or "nobody can tell". No chain is walked here.

use std::net::IpAddr;

use super::{Addresses, Circumstances, Condition, Doubt, Family, Hook, Ranges, States, address::number};

/// The parts of a visit. A rule set that lets only the first in completes the handshake and then hangs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// The first packet in: SYN, state NEW.
    Syn,
    /// The answer to it: SYN and ACK, state ESTABLISHED.
    SynAck,
    /// The request's packets in, state ESTABLISHED.
    Data,
    /// The response's packets out, state ESTABLISHED.
    Reply,
    /// The HTTP request, once it is read.
    Request,
}

impl Part {
    /// The word of the API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Syn => "syn",
            Self::SynAck => "syn-ack",
            Self::Data => "data",
            Self::Reply => "reply",
            Self::Request => "request",
        }
    }

    /// Whether it comes from Kakao.
    pub fn inbound(self) -> bool {
        matches!(self, Self::Syn | Self::Data | Self::Request)
    }

    fn flags(self) -> u8 {
        const SYN: u8 = 0x02;
        const ACK: u8 = 0x10;
        match self {
            Self::Syn => SYN,
            Self::SynAck => SYN | ACK,
            Self::Data | Self::Reply | Self::Request => ACK,
        }
    }
}

/// All of a packet but Kakao's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Packet {
    /// Which part of a visit it is.
    pub part: Part,
    /// Its family.
    pub family: Family,
    /// The server's port, as it is at this point of the way.
    pub port: u16,
    /// The server's address, as it is at this point of the way; `None` where it is not known.
    pub server: Option<IpAddr>,
    /// Goes through this host to another.
    pub forwarded: bool,
    /// Connection tracking was told to leave it alone.
    pub untracked: bool,
    /// Connection tracking was told to leave an earlier packet of the connection alone, so that it does not know this one.
    pub stray: bool,
    /// Where it is.
    pub hook: Hook,
}

/// Kakao's side of a packet.
#[derive(Debug, Clone, Copy)]
pub enum Remote<'a> {
    /// Addresses of Kakao's, from the first to the last.
    Span(u128, u128),
    /// Not Kakao's address but a balancer's; `None` where it is not known.
    Balancer(Option<&'a Addresses>),
}

/// Whether a condition holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// For some addresses of the span, not for others.
    Cut,
    /// Nobody can tell.
    Unsure,
}

impl Truth {
    fn of(set: &Ranges, from: u128, to: u128, partly: Self) -> Self {
        if set.covers(from, to) {
            Self::Yes
        } else if set.meets(from, to) {
            partly
        } else {
            Self::No
        }
    }

    fn sure(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}

/// Ports a client may come from: what Linux uses by default, and what others may (RFC 6056, 3.2).
const CLIENT_PORTS: (u128, u128) = (1024, 65_535);

/// A packet of Kakao's with what is known around it.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The packet.
    pub packet: Packet,
    /// Kakao's side.
    pub remote: Remote<'a>,
    /// What is known of the server.
    pub circumstances: &'a Circumstances,
}

impl View<'_> {
    /// Whether the condition holds.
    pub fn truth(&self, condition: &Condition) -> Truth {
        let inbound = self.packet.part.inbound();
        let port = u128::from(self.packet.port);
        match condition {
            Condition::Source(set) if inbound => self.remote(set),
            Condition::Destination(set) if !inbound => self.remote(set),
            Condition::Source(set) | Condition::Destination(set) => self.server(set),
            Condition::Family(family) => Truth::sure(*family == self.packet.family),
            Condition::Protocol(set) => Truth::sure(set.contains(TCP)),
            Condition::DestinationPort(set) if inbound => Truth::sure(set.contains(port)),
            Condition::SourcePort(set) if !inbound => Truth::sure(set.contains(port)),
            Condition::SourcePort(set) | Condition::DestinationPort(set) => {
                Truth::of(set, CLIENT_PORTS.0, CLIENT_PORTS.1, Truth::Unsure)
            }
            Condition::State(states) => match self.state() {
                Some(state) => Truth::sure(states.has(state)),
                None => Truth::Unsure,
            },
            Condition::Flags { mask, set } => Truth::sure(self.packet.part.flags() & mask == *set),
            Condition::InInterface(name) => self.interface(name, self.packet.part.inbound()),
            Condition::OutInterface(name) => self.interface(name, !self.packet.part.inbound()),
            Condition::Unknown(_) => Truth::Unsure,
            Condition::Not(inner) => match self.truth(inner) {
                Truth::Yes => Truth::No,
                Truth::No => Truth::Yes,
                other => other,
            },
            Condition::All(all) => self.combined(all, Truth::No, Truth::Yes),
            Condition::Any(any) => self.combined(any, Truth::Yes, Truth::No),
        }
    }

    /// `decisive` ends the search; without one, the least sure answer wins.
    fn combined(&self, parts: &[Condition], decisive: Truth, neutral: Truth) -> Truth {
        let mut sum = neutral;
        for part in parts {
            let truth = self.truth(part);
            if truth == decisive {
                return decisive;
            }
            sum = match (sum, truth) {
                (Truth::Cut, _) | (_, Truth::Cut) => Truth::Cut,
                (Truth::Unsure, _) | (_, Truth::Unsure) => Truth::Unsure,
                _ => neutral,
            };
        }
        sum
    }

    fn remote(&self, set: &Addresses) -> Truth {
        let set = set.family(self.packet.family);
        match self.remote {
            Remote::Span(from, to) => Truth::of(set, from, to, Truth::Cut),
            Remote::Balancer(known) => {
                let everything;
                let known = match known.map(|known| known.family(self.packet.family)) {
                    Some(known) if !known.is_empty() => known,
                    _ => {
                        everything = Ranges::one(0, self.packet.family.max());
                        &everything
                    }
                };
                if known.is_subset(set) {
                    Truth::Yes
                } else if known.is_disjoint(set) {
                    Truth::No
                } else {
                    Truth::Unsure
                }
            }
        }
    }

    fn server(&self, set: &Addresses) -> Truth {
        let set = set.family(self.packet.family);
        if let Some(server) = self.packet.server.filter(|server| Family::of(*server) == self.packet.family) {
            return Truth::sure(set.contains(number(server)));
        }
        // Not known, but not loopback or multicast: nothing on the internet reaches those.
        let possible = Ranges::one(0, self.packet.family.max()).difference(&never_a_server(self.packet.family));
        if possible.is_subset(set) {
            Truth::Yes
        } else if possible.is_disjoint(set) {
            Truth::No
        } else {
            Truth::Unsure
        }
    }

    /// The state; `None` for a packet in the middle of a connection whose start was not tracked: NEW or INVALID, as the
    /// kernel's `nf_conntrack_tcp_loose` has it.
    fn state(&self) -> Option<States> {
        match self.packet.part {
            _ if self.packet.untracked => Some(States::UNTRACKED),
            Part::Syn => Some(States::NEW),
            // An answer to a question that tracking has not seen.
            Part::SynAck if self.packet.stray => Some(States::INVALID),
            Part::Data | Part::Reply | Part::Request if self.packet.stray => None,
            Part::SynAck | Part::Data | Part::Reply | Part::Request => Some(States::ESTABLISHED),
        }
    }

    /// `outside`: the side of the host that faces the internet. Kakao's packets never use the loopback interface.
    fn interface(&self, name: &str, outside: bool) -> Truth {
        let known = if outside {
            self.circumstances.interface.as_deref()
        } else if self.packet.forwarded {
            self.circumstances.inner_interface.as_deref()
        } else {
            // This host itself: no such interface, and dialects refuse such a rule or never match it.
            return Truth::No;
        };
        let pattern = name.strip_suffix(['+', '*']);
        if pattern == Some("") {
            return Truth::Yes;
        }
        match (known, pattern) {
            (Some(known), Some(prefix)) => Truth::sure(known.starts_with(prefix)),
            (Some(known), None) => Truth::sure(known == name),
            (None, None) if name == "lo" => Truth::No,
            (None, _) => Truth::Unsure,
        }
    }

    /// What keeps a condition from being decided.
    pub fn doubts(&self, condition: &Condition, found: &mut Vec<Doubt>) {
        if self.truth(condition) != Truth::Unsure {
            return;
        }
        match condition {
            Condition::Unknown(doubt) => found.push(doubt.clone()),
            Condition::Not(inner) => self.doubts(inner, found),
            Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| self.doubts(part, found)),
            Condition::Source(_) | Condition::Destination(_) => {
                let ours = matches!(condition, Condition::Source(_)) == self.packet.part.inbound();
                let code = if ours { "address-behind-balancer" } else { "server-address-unknown" };
                found.push(Doubt::new(code, ""));
            }
            Condition::InInterface(name) | Condition::OutInterface(name) => {
                found.push(Doubt::new("interface-unknown", name.clone()));
            }
            Condition::SourcePort(_) | Condition::DestinationPort(_) => found.push(Doubt::new("client-port", "")),
            Condition::State(_) => found.push(Doubt::new("match-unknown", "NOTRACK")),
            Condition::Family(_) | Condition::Protocol(_) | Condition::Flags { .. } => {}
        }
    }
}

const TCP: u128 = 6;

fn never_a_server(family: Family) -> Ranges {
    match family {
        // 0.0.0.0/8, 127.0.0.0/8, 224.0.0.0/3
        Family::V4 => Ranges::from_iter([(0, 0x00ff_ffff), (0x7f00_0000, 0x7fff_ffff), (0xe000_0000, 0xffff_ffff)]),
        // ::, ::1, ff00::/8
        Family::V6 => Ranges::from_iter([(0, 1), (0xff << 120, u128::MAX)]),
    }
}
