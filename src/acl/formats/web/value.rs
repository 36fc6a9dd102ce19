//! Texts that may differ from one address to the next, or are not known. Which server's variable holds them is its own
//! affair.

use super::logic;
use crate::acl::{Condition, Doubt};

/// What a variable holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// This text.
    Text(String),
    /// Kakao's address, as text.
    Address,
    /// Nobody can tell.
    Unknown(Doubt),
}

/// A value that may differ from one address to the next: exactly one of the conditions applies.
pub type Value = Vec<(Condition, Known)>;

/// Values one text may have before it is given up.
const MAX_CASES: usize = 256;

/// The same text for all.
pub fn text(text: impl Into<String>) -> Value {
    vec![(Condition::ALWAYS, Known::Text(text.into()))]
}

/// Nobody can tell.
pub fn unknown(code: &'static str, what: impl Into<String>) -> Value {
    vec![(Condition::ALWAYS, Known::Unknown(Doubt::new(code, what)))]
}

/// When a value passes a test; `address` says when Kakao's address passes it.
pub fn test(value: &Value, holds: impl Fn(&str) -> bool, address: impl Fn() -> Condition) -> Condition {
    let cases = value.iter().map(|(when, known)| {
        let passes = match known {
            Known::Text(text) => logic::known(holds(text)),
            Known::Address => address(),
            Known::Unknown(doubt) => Condition::Unknown(doubt.clone()),
        };
        logic::all_of([when.clone(), passes])
    });
    logic::any_of(cases)
}

/// The one text it is, if it is one for all.
pub fn single(value: &Value) -> Option<&str> {
    match value.as_slice() {
        [(_, Known::Text(text))] => Some(text),
        _ => None,
    }
}

/// `other` where `when` applies, else as it was.
pub fn replaced(value: &Value, when: &Condition, other: Value) -> Value {
    let otherwise = logic::not(when.clone());
    let new = other.into_iter().map(|(case, known)| (logic::all_of([when.clone(), case]), known));
    let old = value.iter().map(|(case, known)| (logic::all_of([otherwise.clone(), case.clone()]), known.clone()));
    tidy(new.chain(old))
}

/// The same, each text once.
pub fn tidy(cases: impl Iterator<Item = (Condition, Known)>) -> Value {
    let mut kept: Value = Vec::new();
    for (when, known) in cases.filter(|(when, _)| !logic::is_never(when)) {
        match kept.iter_mut().find(|(_, other)| *other == known) {
            Some((before, _)) => *before = logic::any_of([before.clone(), when]),
            None => kept.push((when, known)),
        }
    }
    if kept.len() > MAX_CASES {
        return unknown("expression", "");
    }
    kept
}

/// One after the other.
pub fn joined(one: &Value, other: &Value) -> Value {
    if one.len() * other.len() > MAX_CASES * 4 {
        return unknown("expression", "");
    }
    let pairs = one.iter().flat_map(|(when, left)| {
        other.iter().map(move |(and, right)| {
            let known = match (left, right) {
                (Known::Unknown(doubt), _) | (_, Known::Unknown(doubt)) => Known::Unknown(doubt.clone()),
                (Known::Text(left), Known::Text(right)) => Known::Text(format!("{left}{right}")),
                (Known::Address, Known::Text(text)) | (Known::Text(text), Known::Address) if text.is_empty() => {
                    Known::Address
                }
                (Known::Address, Known::Text(text)) => {
                    Known::Unknown(Doubt::new("expression", format!("REMOTE_ADDR{text}")))
                }
                (Known::Text(text), Known::Address) => {
                    Known::Unknown(Doubt::new("expression", format!("{text}REMOTE_ADDR")))
                }
                (Known::Address, Known::Address) => Known::Unknown(Doubt::new("expression", "REMOTE_ADDRREMOTE_ADDR")),
            };
            (logic::all_of([when.clone(), and.clone()]), known)
        })
    });
    tidy(pairs)
}
