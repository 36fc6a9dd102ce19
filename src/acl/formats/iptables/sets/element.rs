//! One element of a set, by the set's type. What it means for a packet is in `meaning`.

use std::net::IpAddr;

use super::{Fault, Kind, Set};
use crate::acl::{
    Doubt, Family, bounds,
    formats::iptables::{
        numbers::{NotPorts, Protocol, port_range, protocol},
        text::short,
        word::Word,
    },
    networks, number,
};

/// One part of a set's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// `ip` or `net`.
    Net,
    /// `port`.
    Port,
    /// `iface`.
    Interface,
    /// `mark` or `mac`: nothing in a visit tells.
    Opaque,
}

/// One part of an element, but for its first network.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Piece {
    /// A network.
    Net(u128, u128),
    /// Ports of a protocol; `None` for any that has ports (`bitmap:port`).
    Port(Option<u8>, u128, u128),
    /// An interface, with `+` behind a prefix.
    Interface(String),
    /// A mark or a MAC address.
    Opaque(String),
}

/// An element of several parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// Its first part, where that is a network.
    pub first: Option<(u128, u128)>,
    /// The other parts.
    pub rest: Vec<Piece>,
    /// It makes a hole.
    pub nomatch: bool,
}

impl Element {
    /// Whether it is the same element, hole or not.
    pub fn same(&self, other: &Self) -> bool {
        self.first == other.first && self.rest == other.rest
    }
}

/// The kind of a type's name, old names too.
pub fn kind(name: &str) -> Kind {
    let parts = match name {
        "list:set" | "setlist" => return Kind::List,
        "iphash" | "iptree" | "iptreemap" | "ipmap" => "ip",
        "nethash" => "net",
        "macipmap" => "ip,mac",
        "portmap" => "port",
        "ipporthash" => "ip,port",
        "ipportiphash" => "ip,port,ip",
        "ipportnethash" => "ip,port,net",
        _ => match name.split_once(':') {
            Some(("hash" | "bitmap", parts)) => parts,
            _ => return Kind::Unknown,
        },
    };
    let part = |name| {
        Some(match name {
            "ip" | "net" => Part::Net,
            "port" => Part::Port,
            "iface" => Part::Interface,
            "mark" | "mac" => Part::Opaque,
            _ => return None,
        })
    };
    parts.split(',').map(part).collect::<Option<Vec<_>>>().map_or(Kind::Unknown, Kind::Parts)
}

impl Set {
    /// Takes what `create` says behind the type.
    pub(super) fn options(&mut self, words: &[Word<'_>]) {
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match &*word.text {
                "-6" => self.family = Family::V6,
                "family" => match words.next().map(|word| &*word.text) {
                    Some("inet6" | "ipv6") => self.family = Family::V6,
                    _ => self.family = Family::V4,
                },
                "netmask" | "--netmask" => self.netmask = words.next().and_then(|word| word.text.parse().ok()),
                "bitmask" => {
                    let doubt = Doubt::new("not-understood", format!("ipset {}: bitmask", self.name));
                    self.doubt.get_or_insert(doubt);
                }
                "timeout" => self.timed |= words.next().is_some_and(|word| word.text != "0"),
                _ => {}
            }
        }
    }

    /// Empties it.
    pub(super) fn clear(&mut self) {
        self.plain.clear();
        self.holes.clear();
        self.elements.clear();
        self.members.clear();
    }

    /// Adds an element.
    pub(super) fn add(&mut self, entry: &str, nomatch: bool, wildcard: bool) -> Result<(), Fault> {
        let parts = match &self.kind {
            Kind::List => {
                self.members.push(entry.to_owned());
                return Ok(());
            }
            Kind::Unknown => return Ok(()),
            Kind::Parts(parts) => parts.as_slice(),
        };
        if parts == [Part::Net] {
            return match network(entry, self.family, self.netmask) {
                Ok(range) if nomatch => {
                    let pieces = networks(self.family, range.0, range.1).map(bounds);
                    self.holes.extend(pieces);
                    Ok(())
                }
                Ok(range) => {
                    self.plain.push(range);
                    Ok(())
                }
                Err(doubt) => self.odd(entry, doubt),
            };
        }
        let texts: Vec<&str> = entry.split(',').collect();
        if texts.len() < parts.len() {
            return self.odd(entry, None);
        }
        let mut element = Element { first: None, rest: Vec::new(), nomatch };
        for (at, (part, text)) in parts.iter().zip(&texts).enumerate() {
            let piece = match part {
                Part::Net => match network(text, self.family, self.netmask.filter(|_| at == 0)) {
                    Ok(range) if at == 0 => {
                        element.first = Some(range);
                        continue;
                    }
                    Ok((from, to)) => Piece::Net(from, to),
                    Err(doubt) => return self.odd(entry, doubt),
                },
                Part::Port => match port(text, parts.len() == 1) {
                    Ok(piece) => piece,
                    Err(doubt) => return self.odd(entry, doubt),
                },
                Part::Interface if text.starts_with("physdev:") => Piece::Opaque((*text).to_owned()),
                Part::Interface if wildcard => Piece::Interface(format!("{text}+")),
                Part::Interface => Piece::Interface((*text).to_owned()),
                Part::Opaque => Piece::Opaque((*text).to_owned()),
            };
            element.rest.push(piece);
        }
        self.elements.push(element);
        Ok(())
    }

    /// What is no element of this set: an error, or a doubt about the whole set.
    fn odd(&mut self, entry: &str, doubt: Option<Doubt>) -> Result<(), Fault> {
        match doubt {
            Some(doubt) => {
                self.doubt.get_or_insert(doubt);
                Ok(())
            }
            None => Err(Fault(format!("`{}` is no element of the set `{}`", short(entry), short(&self.name)))),
        }
    }
}

/// A network of an element; a doubt where it is a name or a variable.
fn network(text: &str, family: Family, netmask: Option<u8>) -> Result<(u128, u128), Option<Doubt>> {
    let wrong = || {
        let name = text.chars().any(|char| char.is_ascii_alphabetic()) && !text.contains(':');
        match () {
            () if text.contains(['$', '`']) => Some(Doubt::new("variable", text)),
            () if name => Some(Doubt::new("hostname", text)),
            () => None,
        }
    };
    let address = |text: &str| {
        let address = match family {
            Family::V4 => text.parse().map(IpAddr::V4),
            Family::V6 => text.parse().map(IpAddr::V6),
        };
        address.map(number).ok()
    };
    let bits = |length: u8| {
        let host = u32::from(family.bits().checked_sub(length)?);
        Some(if host >= 128 { u128::MAX } else { (1_u128 << host) - 1 })
    };
    let (from, to) = if let Some((from, to)) = text.split_once('-') {
        match (address(from), address(to)) {
            (Some(from), Some(to)) if from <= to => (from, to),
            _ => return Err(wrong()),
        }
    } else if let Some((start, length)) = text.split_once('/') {
        let length = length.parse().ok().and_then(bits);
        let (Some(start), Some(host)) = (address(start), length) else { return Err(wrong()) };
        (start & !host, start | host)
    } else {
        let at = address(text).ok_or_else(wrong)?;
        (at, at)
    };
    Ok(match netmask.and_then(bits) {
        Some(host) => (from & !host, to | host),
        None => (from, to),
    })
}

/// A port of an element: `443`, `tcp:443`, `udp:53-60`.
fn port(text: &str, any: bool) -> Result<Piece, Option<Doubt>> {
    let (name, ports) = text.split_once(':').unwrap_or((if any { "" } else { "tcp" }, text));
    let number = match protocol(name) {
        _ if name.is_empty() => None,
        Protocol::Number(number) => Some(number),
        Protocol::All => Some(0),
        Protocol::Other => Some(u8::MAX),
    };
    match port_range(ports, '-') {
        Ok((from, to)) => Ok(Piece::Port(number, from, to)),
        // `icmp:echo-request`: nothing that concerns a visit.
        Err(_) if !matches!(number, None | Some(6)) => Ok(Piece::Port(number, 0, 0)),
        Err(NotPorts::Name) if text.contains(['$', '`']) => Err(Some(Doubt::new("variable", text))),
        Err(NotPorts::Name) => Err(Some(Doubt::new("not-understood", text))),
        Err(NotPorts::Wrong) => Err(None),
    }
}
