//! Filling the `${NAME}` places of a value, in one pass: what fills a place is never read for places again. Not where the values are
//! from: the caller of [`Filling`] says.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::arguments::{Part, parts, wrapped};

/// Kakao's words for an argument without a value (fixture `link/validate.json`).
const MISSING: &str = "there's no given value.";
/// Ours for one that would make the message too large.
const TOO_LARGE: &str = "the filled message is too large.";
/// Bytes that all places of one message take. Kakao's messages stop near 10 KB; this keeps many places of one long value bounded.
const MOST: usize = 1 << 20;

/// A filling under way.
pub(super) struct Filling<F> {
    value_of: F,
    filled: Map<String, Value>,
    missing: Map<String, Value>,
    known: HashMap<String, Option<String>>,
    room: usize,
}

impl<F: Fn(&str) -> Option<String>> Filling<F> {
    /// `value_of` tells the value of a name.
    pub(super) fn new(value_of: F) -> Self {
        Self { value_of, filled: Map::new(), missing: Map::new(), known: HashMap::new(), room: MOST }
    }

    /// The value with its places filled; a place without a value is empty.
    pub(super) fn fill(&mut self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(text)),
            Value::Array(values) => values.iter().map(|value| self.fill(value)).collect(),
            Value::Object(fields) => {
                fields.iter().map(|(name, value)| (name.clone(), self.fill(value))).collect::<Map<_, _>>().into()
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
        }
    }

    /// `template_args` and `argument_msg`.
    pub(super) fn said(self) -> (Map<String, Value>, Map<String, Value>) {
        (self.filled, self.missing)
    }

    fn text(&mut self, text: &str) -> String {
        let mut filled = String::with_capacity(text.len());
        for part in parts(text) {
            match part {
                Part::Text(text) => filled.push_str(text),
                Part::Place(name) => self.place(name, &mut filled),
            }
        }
        filled
    }

    fn place(&mut self, name: &str, filled: &mut String) {
        if !self.known.contains_key(name) {
            let value = (self.value_of)(name);
            match &value {
                Some(value) => self.filled.insert(wrapped(name), value.clone().into()),
                None => self.missing.insert(wrapped(name), MISSING.into()),
            };
            self.known.insert(name.to_owned(), value);
        }
        let Some(Some(value)) = self.known.get(name) else { return };
        match self.room.checked_sub(value.len()) {
            Some(room) => {
                self.room = room;
                filled.push_str(value);
            }
            None => {
                self.missing.insert(wrapped(name), TOO_LARGE.into());
            }
        }
    }
}
