//! The arguments of a custom template: `template_args`, and the `${NAME}` places that they fill. Not which template has which: that is
//! `custom`, nor the `SCRAP_…` that a page fills: those are `scrap`.

use std::fmt;

use serde_json::{Map, Value};

/// What fills the places of a custom template, by bare name. Names keep the order in which they were given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Arguments(Map<String, Value>);

/// Arguments that are none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadArguments {
    /// The text is no JSON.
    #[error("template_args is no JSON: {reason} at line {line}, column {column}")]
    NotJson {
        /// What the parser says.
        reason: String,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// It is JSON, but no object.
    #[error("template_args is {found}, not an object")]
    NotAnObject {
        /// What it is.
        found: &'static str,
    },
    /// A value is a list or an object.
    #[error("the argument `{name}` is {found}, not text")]
    NotText {
        /// Which argument.
        name: String,
        /// What it is.
        found: &'static str,
    },
}

impl BadArguments {
    /// Stable kebab-case name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotJson { .. } => "arguments-not-json",
            Self::NotAnObject { .. } => "arguments-not-an-object",
            Self::NotText { .. } => "argument-not-text",
        }
    }

    /// What to do.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::NotJson { .. } | Self::NotAnObject { .. } => {
                "write one JSON object of names and texts, such as {\"title\": \"Hello\"}"
            }
            Self::NotText { .. } => "give every argument one text; lists and objects have no place in a template",
        }
    }
}

impl Arguments {
    /// None.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads `template_args`: a flat JSON object; empty text means none. Keys are bare (`title`) or wrapped (`${title}`): callers send
    /// both (kakao-share-api 2.3). SDKs send texts only; numbers and truth values are taken as they are written, null as not given.
    pub fn parse(json_text: &str) -> Result<Self, BadArguments> {
        if json_text.trim().is_empty() {
            return Ok(Self::default());
        }
        let value: Value = serde_json::from_str(json_text).map_err(|error| BadArguments::NotJson {
            reason: reason_of(&error),
            line: error.line(),
            column: error.column(),
        })?;
        match value {
            Value::Object(map) => Self::of(&map),
            // A client that has none may send `null`: the SDKs' `JSON.stringify(undefined)` relatives.
            Value::Null => Ok(Self::default()),
            other => Err(BadArguments::NotAnObject { found: kind_of(&other) }),
        }
    }

    /// The same from a JSON object.
    pub fn of(map: &Map<String, Value>) -> Result<Self, BadArguments> {
        let mut arguments = Self::default();
        for (name, value) in map {
            match value {
                Value::Null => {}
                Value::String(text) => arguments.set(name, text.clone()),
                Value::Bool(_) | Value::Number(_) => arguments.set(name, value.to_string()),
                Value::Array(_) | Value::Object(_) => {
                    return Err(BadArguments::NotText { name: name.clone(), found: kind_of(value) });
                }
            }
        }
        Ok(arguments)
    }

    /// Gives one, in place of what it was. The name is bare or wrapped.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.insert(bare(name).to_owned(), Value::String(value.into()));
    }

    /// The value of a bare name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    /// Bare names and values, in the order in which they were given.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)))
    }

    /// True if there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As `template_args` of a call: bare names.
    pub fn to_json(&self) -> Map<String, Value> {
        self.0.clone()
    }
}

impl fmt::Display for Arguments {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", Value::Object(self.to_json()))
    }
}

/// `name` of `name` and of `${name}`.
pub fn bare(name: &str) -> &str {
    name.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')).unwrap_or(name)
}

/// `${name}` of `name`.
pub fn wrapped(name: &str) -> String {
    format!("${{{name}}}")
}

/// One stretch of a text with places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// Text as it stands.
    Text(&'a str),
    /// `${NAME}`.
    Place(&'a str),
}

/// The stretches of a text. A name is not empty and holds no brace, dollar sign or line end; what looks like a place but is none is
/// text, as in `costs ${`.
pub fn parts(text: &str) -> Vec<Part<'_>> {
    let mut found = Vec::new();
    let mut plain = 0;
    let mut from = 0;
    while let Some(start) = text.get(from..).and_then(|rest| rest.find("${")).map(|at| at + from) {
        let inside = text.get(start + 2..).unwrap_or_default();
        let name = inside.split(['}', '{', '$', '\n', '\r']).next().unwrap_or_default();
        let closed = inside.get(name.len()..).is_some_and(|rest| rest.starts_with('}'));
        if name.is_empty() || !closed {
            from = start + 2;
            continue;
        }
        if let Some(before) = text.get(plain..start).filter(|before| !before.is_empty()) {
            found.push(Part::Text(before));
        }
        found.push(Part::Place(name));
        from = start + 2 + name.len() + 1;
        plain = from;
    }
    if let Some(rest) = text.get(plain..).filter(|rest| !rest.is_empty()) {
        found.push(Part::Text(rest));
    }
    found
}

fn reason_of(error: &serde_json::Error) -> String {
    let text = error.to_string();
    // serde_json repeats the place at the end of its sentence.
    text.split(" at line ").next().unwrap_or_default().to_owned()
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_taken_bare_and_wrapped() {
        let arguments = Arguments::parse(r#"{"title": "a", "${name}": "b", "title2": 3, "none": null}"#).unwrap();
        assert_eq!(arguments.iter().collect::<Vec<_>>(), [("title", "a"), ("name", "b"), ("title2", "3")]);
        assert_eq!(Arguments::parse(" ").unwrap(), Arguments::new());
        assert_eq!(Arguments::parse("null").unwrap(), Arguments::new());
    }

    #[test]
    fn the_last_of_two_spellings_counts() {
        let arguments = Arguments::parse(r#"{"title": "a", "${title}": "b"}"#).unwrap();
        assert_eq!(arguments.get("title"), Some("b"));
        assert_eq!(arguments.to_string(), r#"{"title":"b"}"#);
    }

    #[test]
    fn what_is_no_flat_object_is_refused_with_its_reason() {
        for (text, code, says) in [
            ("{", "arguments-not-json", "line 1, column 1"),
            ("[]", "arguments-not-an-object", "a list"),
            ("\"a\"", "arguments-not-an-object", "text"),
            ("{\"a\": {\"b\": 1}}", "argument-not-text", "`a` is an object"),
            ("{\"a\": []}", "argument-not-text", "`a` is a list"),
        ] {
            let error = Arguments::parse(text).unwrap_err();
            assert_eq!(error.code(), code, "{text}");
            assert!(error.to_string().contains(says), "{text}: {error}");
            assert!(!error.advice().is_empty());
        }
    }

    #[test]
    fn places_are_found_and_what_is_none_is_text() {
        use Part::{Place, Text};
        for (text, expected) in [
            ("${a}", &[Place("a")][..]),
            ("x${a}y${b}", &[Text("x"), Place("a"), Text("y"), Place("b")]),
            ("costs ${", &[Text("costs ${")]),
            ("${}", &[Text("${}")]),
            ("${${a}", &[Text("${"), Place("a")]),
            ("${a${b}", &[Text("${a"), Place("b")]),
            ("$a {b} $", &[Text("$a {b} $")]),
            ("가${이름}나", &[Text("가"), Place("이름"), Text("나")]),
            ("", &[]),
        ] {
            assert_eq!(parts(text), expected, "{text}");
        }
    }
}
