//! Values that are numbers: addresses, ports, protocols, and fields of bits. Sets are in `value`.

use std::{net::IpAddr, sync::Arc};

use super::{
    field::Field,
    names,
    tree::{Expr, Op},
};
use crate::acl::{Addresses, Condition, Doubt, Family, Ranges, States, number};

/// Doubts that one set may bring; more help nobody.
const MAX_DOUBTS: usize = 4;

/// Why an expression cannot be used as a value.
pub fn doubt(expr: &Expr) -> Doubt {
    match expr.plain() {
        Expr::Unknown(doubt) => doubt.clone(),
        other => Doubt::new("not-understood", shown(other)),
    }
}

/// An expression that cannot be used as a value.
pub fn not_understood(expr: &Expr) -> Condition {
    Condition::Unknown(doubt(expr))
}

/// An expression for people, short.
fn shown(expr: &Expr) -> String {
    match expr.plain() {
        Expr::Word(text) | Expr::Selector(text) => text.chars().take(60).collect(),
        Expr::Ref(name) => format!("@{name}"),
        Expr::Range(from, to) => format!("{}-{}", shown(from), shown(to)),
        Expr::Or(parts) | Expr::List(parts) => parts.iter().take(8).map(shown).collect::<Vec<_>>().join(","),
        Expr::Concat(parts) => parts.iter().take(8).map(shown).collect::<Vec<_>>().join(" . "),
        Expr::Mask(one, mask) => format!("{} & {}", shown(one), shown(mask)),
        Expr::Set(_) | Expr::Shared(_) => "{ … }".to_owned(),
        Expr::Unknown(doubt) => doubt.what.clone(),
    }
}

/// Reads the name of a bit.
pub type ReadBits = fn(&str) -> Option<u64>;

/// How the bits of a field are named; `None` for fields that are no bits.
pub fn bits_of(field: &Field) -> Option<ReadBits> {
    match field {
        Field::Flags => Some(names::flag),
        Field::State => Some(names::state),
        Field::Address { .. }
        | Field::Port { .. }
        | Field::Protocol
        | Field::Network
        | Field::Interface { .. }
        | Field::Direction
        | Field::Status
        | Field::PacketType
        | Field::Route { .. }
        | Field::Opaque(_) => None,
    }
}

/// The bits of a value.
pub fn bits(expr: &Expr, read: ReadBits) -> Option<u64> {
    match expr.plain() {
        Expr::Word(word) => read(word),
        Expr::Or(parts) | Expr::List(parts) => parts.iter().try_fold(0, |sum, part| Some(sum | bits(part, read)?)),
        Expr::Selector(_)
        | Expr::Mask(..)
        | Expr::Range(..)
        | Expr::Set(_)
        | Expr::Ref(_)
        | Expr::Shared(_)
        | Expr::Concat(_)
        | Expr::Unknown(_) => None,
    }
}

const SYN: u8 = 0x02;
const SYN_ACK: u8 = 0x12;
const ACK: u8 = 0x10;

/// A condition on bits, by trying all that the packets of a visit can have.
pub fn bit_field(field: &Field, holds: impl Fn(u64) -> bool) -> Condition {
    if *field == Field::State {
        let all = [
            (1, States::INVALID),
            (2, States::ESTABLISHED),
            (4, States::RELATED),
            (8, States::NEW),
            (64, States::UNTRACKED),
        ];
        let states =
            all.into_iter().filter(|(bit, _)| holds(*bit)).fold(States::NONE, |sum, (_, state)| sum.with(state));
        return Condition::State(states);
    }
    let exactly = |set| Condition::Flags { mask: 0x3f, set };
    let mut found: Vec<Condition> =
        [SYN, SYN_ACK].into_iter().filter(|set| holds(u64::from(*set))).map(exactly).collect();
    // Packets with data carry PSH or FIN as well, or not: a rule that tells them apart lets some through.
    let data = [0x10, 0x18, 0x11, 0x19].map(&holds);
    if data.iter().all(|holds| *holds) {
        found.push(exactly(ACK));
    } else if data.iter().any(|holds| *holds) {
        found.push(exactly(ACK).and(Condition::unknown("match-unknown", "tcp flags")));
    }
    Condition::Any(found)
}

/// The first and last number of a value.
fn bounds(field: &Field, value: &Expr) -> Result<(u128, u128), Doubt> {
    let read = |word: &str| -> Option<u128> {
        match field {
            Field::Port { .. } => names::port(word).map(u128::from),
            Field::Protocol => names::protocol(word).map(u128::from),
            Field::Address { family, .. } => {
                word.parse::<IpAddr>().ok().filter(|address| Family::of(*address) == *family).map(number)
            }
            Field::Network
            | Field::Interface { .. }
            | Field::State
            | Field::Direction
            | Field::Status
            | Field::Flags
            | Field::PacketType
            | Field::Route { .. }
            | Field::Opaque(_) => None,
        }
    };
    match value {
        Expr::Word(word) => {
            if let Some(one) = read(word) {
                return Ok((one, one));
            }
            if let Some((from, to)) = word.split_once('-')
                && let (Some(from), Some(to)) = (read(from), read(to))
            {
                return Ok((from, to));
            }
            if let Field::Address { family, .. } = field {
                if let Ok(network) = Addresses::parse(word)
                    && let Some(bounds) = network.family(*family).iter().next()
                {
                    return Ok(bounds);
                }
                let name = word.contains(|letter: char| letter.is_ascii_alphabetic()) && !word.contains([':', '/']);
                return Err(Doubt::new(if name { "hostname" } else { "not-understood" }, word.as_str()));
            }
            Err(Doubt::new("not-understood", word.as_str()))
        }
        Expr::Range(from, to) => {
            let (Expr::Word(from), Expr::Word(to)) = (from.plain(), to.plain()) else { return Err(doubt(value)) };
            read(from).zip(read(to)).ok_or_else(|| Doubt::new("not-understood", format!("{from}-{to}")))
        }
        other => Err(doubt(other)),
    }
}

/// A field of numbers that is one of these.
pub fn numeric(field: &Field, values: &[&Expr]) -> Condition {
    let (mut ranges, mut doubts) = (Vec::new(), Vec::new());
    for value in values {
        match bounds(field, value) {
            Ok(range) => ranges.push(range),
            Err(doubt) if doubts.len() < MAX_DOUBTS => doubts.push(Condition::Unknown(doubt)),
            Err(_) => {}
        }
    }
    let known = ranged(field, ranges.into_iter().collect());
    if doubts.is_empty() {
        return known;
    }
    doubts.insert(0, known);
    Condition::Any(doubts)
}

fn ranged(field: &Field, ranges: Ranges) -> Condition {
    match field {
        Field::Address { source: true, family } => Condition::Source(Arc::new(Addresses::of(*family, ranges))),
        Field::Address { source: false, family } => Condition::Destination(Arc::new(Addresses::of(*family, ranges))),
        Field::Port { source: true } => Condition::SourcePort(ranges),
        Field::Port { source: false } => Condition::DestinationPort(ranges),
        Field::Protocol => Condition::Protocol(ranges),
        Field::Network
        | Field::Interface { .. }
        | Field::State
        | Field::Direction
        | Field::Status
        | Field::Flags
        | Field::PacketType
        | Field::Route { .. }
        | Field::Opaque(_) => Condition::unknown("not-understood", ""),
    }
}

/// A field of numbers that is less or more than this.
pub fn ordered(field: &Field, op: Op, right: &Expr) -> Condition {
    let max = match field {
        Field::Address { family, .. } => Family::max(*family),
        Field::Port { .. } => 65_535,
        Field::Protocol => 255,
        Field::Network
        | Field::Interface { .. }
        | Field::State
        | Field::Direction
        | Field::Status
        | Field::Flags
        | Field::PacketType
        | Field::Route { .. }
        | Field::Opaque(_) => return not_understood(right),
    };
    let Ok((from, to)) = bounds(field, right) else { return not_understood(right) };
    if from != to {
        return not_understood(right);
    }
    let range = match op {
        Op::Lt => from.checked_sub(1).map(|last| (0, last)),
        Op::Le => Some((0, from)),
        Op::Gt => from.checked_add(1).filter(|first| *first <= max).map(|first| (first, max)),
        Op::Ge => Some((from, max)),
        Op::Implicit | Op::Eq | Op::Ne | Op::Without => return not_understood(right),
    };
    ranged(field, range.into_iter().collect())
}

/// `ip saddr & 255.255.255.0 == 27.0.236.0`
pub fn masked(field: &Field, mask: &Expr, op: Op, right: &Expr) -> Condition {
    let (Field::Address { family, .. }, Expr::Word(mask), Expr::Word(value)) = (field, mask, right) else {
        return not_understood(mask);
    };
    let (Ok(address), Ok(network)) = (value.parse::<IpAddr>(), Addresses::parse(&format!("{value}/{mask}"))) else {
        return not_understood(right);
    };
    let Some((from, to)) = network.family(*family).iter().next() else { return not_understood(right) };
    // Bits outside the mask are never set in what is compared.
    let ranges = if number(address) == from { Ranges::one(from, to) } else { Ranges::empty() };
    let inside = ranged(field, ranges);
    match op {
        Op::Implicit | Op::Eq => inside,
        Op::Ne => inside.negated(),
        Op::Lt | Op::Gt | Op::Le | Op::Ge | Op::Without => not_understood(right),
    }
}
