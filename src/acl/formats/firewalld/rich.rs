//! Rich rules: their words in a listing and their elements in XML, read the same way. What they do among others is not known
//! here.

use std::net::IpAddr;

use super::super::super::{Addresses, Family, How};
use super::model::{Element, ForwardPort, Rich, RichAction, Side, Which, ports};

/// One element of a rule with its attributes.
#[derive(Debug, Clone, Default)]
pub struct Piece {
    /// `source`, `port`, `accept`.
    pub name: String,
    /// `address` with its value.
    pub attributes: Vec<(String, String)>,
}

impl Piece {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Reads a rule as a listing writes it; the error is what is not understood.
pub fn text(text: &str) -> Result<Rich, String> {
    let mut pieces: Vec<Piece> = Vec::new();
    for word in words(text) {
        match (word.split_once('='), pieces.last_mut()) {
            (Some((key, value)), Some(piece)) => piece.attributes.push((key.to_owned(), value.to_owned())),
            (Some(_), None) => return Err(word),
            (None, Some(piece)) if word.eq_ignore_ascii_case("not") => {
                piece.attributes.push(("invert".to_owned(), "yes".to_owned()));
            }
            (None, _) => pieces.push(Piece { name: word, attributes: Vec::new() }),
        }
    }
    elements(&pieces)
}

/// Words, with what is in quotes whole and without its quotes.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for letter in text.chars() {
        match quote {
            Some(end) if letter == end => quote = None,
            None if letter == '"' || letter == '\'' => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            None if letter.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

/// Reads a rule from its elements in order.
pub fn elements(pieces: &[Piece]) -> Result<Rich, String> {
    let mut rich = Rich::default();
    let mut logs = false;
    let mut seen_element = false;
    let mut acted = false;
    let mut before = "";
    for piece in pieces {
        let bad = || Err(describe(piece));
        match piece.name.as_str() {
            "rule" => {
                rich.family = match piece.get("family") {
                    None => None,
                    Some("ipv4") => Some(Family::V4),
                    Some("ipv6") => Some(Family::V6),
                    Some(_) => return bad(),
                };
                if let Some(text) = piece.get("priority") {
                    let Ok(priority) = text.parse() else { return bad() };
                    rich.priority = priority;
                }
            }
            "source" => rich.source = Some(side(piece)?),
            "destination" => rich.destination = Some(side(piece)?),
            "log" | "nflog" | "audit" => logs = true,
            "limit" => {
                if matches!(before, "accept" | "reject" | "drop") {
                    rich.limited = Some(piece.get("value").unwrap_or_default().to_owned());
                }
            }
            "accept" | "reject" | "drop" | "mark" => {
                if acted {
                    return bad();
                }
                acted = true;
                rich.action = match piece.name.as_str() {
                    "accept" => RichAction::Accept,
                    "drop" => RichAction::Deny(How::Drop),
                    "reject" => RichAction::Deny(match piece.get("type") {
                        Some("tcp-reset" | "tcp-rst") => How::Reset,
                        _ => How::Reject,
                    }),
                    _ => RichAction::None,
                };
            }
            _ => {
                if seen_element {
                    return bad();
                }
                seen_element = true;
                rich.element = element(piece)?;
            }
        }
        before = &piece.name;
    }
    let says_nothing = !acted && !logs && !matches!(rich.element, Element::Forward(_) | Element::Other);
    if says_nothing { Err("rule".to_owned()) } else { Ok(rich) }
}

fn describe(piece: &Piece) -> String {
    let words: Vec<String> = piece.attributes.iter().map(|(key, value)| format!("{key}=\"{value}\"")).collect();
    format!("{} {}", piece.name, words.join(" ")).trim_end().to_owned()
}

fn side(piece: &Piece) -> Result<Side, String> {
    let negated =
        piece.get("invert").is_some_and(|value| matches!(value.to_ascii_lowercase().as_str(), "yes" | "true"));
    let what = match (piece.get("address"), piece.get("ipset"), piece.get("mac")) {
        (Some(address), None, None) => Which::Addresses(Addresses::parse(address).map_err(|_not| describe(piece))?),
        (None, Some(set), None) => Which::Set(set.to_owned()),
        (None, None, Some(mac)) => Which::Mac(mac.to_owned()),
        _ => return Err(describe(piece)),
    };
    Ok(Side { negated, what })
}

fn element(piece: &Piece) -> Result<Element, String> {
    let bad = || describe(piece);
    let port = || -> Option<_> { Some((ports(piece.get("port")?)?, piece.get("protocol")?.to_owned())) };
    Ok(match piece.name.as_str() {
        "service" => Element::Service(piece.get("name").ok_or_else(bad)?.to_owned()),
        "port" => port().map(|(ports, protocol)| Element::Port(ports, protocol)).ok_or_else(bad)?,
        "source-port" => port().map(|(ports, protocol)| Element::SourcePort(ports, protocol)).ok_or_else(bad)?,
        "protocol" => Element::Protocol(piece.get("value").ok_or_else(bad)?.to_owned()),
        "forward-port" => Element::Forward(forward_port(|name| piece.get(name)).ok_or_else(bad)?),
        "icmp-block" | "icmp-type" | "masquerade" | "tcp-mss-clamp" => Element::Other,
        _ => return Err(bad()),
    })
}

/// Reads a forward port from its attributes, as XML names them.
pub fn forward_port<'a>(get: impl Fn(&str) -> Option<&'a str>) -> Option<ForwardPort> {
    let given = |name: &str| get(name).filter(|value| !value.is_empty());
    let to_port = match given("to-port") {
        // Of a range of new ports the kernel takes any: none is closed by the zone, for what is sent elsewhere gets in.
        Some(text) => Some(u16::try_from(ports(text)?.iter().next()?.0).ok()?),
        None => None,
    };
    let to_address = match given("to-addr") {
        Some(text) => Some(text.parse::<IpAddr>().ok()?),
        None => None,
    };
    if to_port.is_none() && to_address.is_none() {
        return None;
    }
    Some(ForwardPort { ports: ports(given("port")?)?, protocol: given("protocol")?.to_owned(), to_port, to_address })
}
