//! PCRE patterns of web servers, as far as this program's regular expressions mean the same. Addresses are matched in
//! `address_pattern`.

use regex::bytes::{Regex, RegexBuilder};

/// A pattern over bytes.
#[derive(Debug, Clone)]
pub struct Pattern(Regex);

/// Bytes a compiled pattern may take.
const MAX_SIZE: usize = 1 << 20;

impl Pattern {
    /// The pattern; `None` for what only PCRE knows (looking around, back references).
    pub fn new(text: &str, ignore_case: bool) -> Option<Self> {
        // A web server matches bytes: neither classes nor case go beyond ASCII.
        let built = RegexBuilder::new(text).unicode(false).case_insensitive(ignore_case).size_limit(MAX_SIZE).build();
        built.ok().map(Self)
    }

    /// Whether it matches somewhere in the text.
    pub fn matches(&self, text: &str) -> bool {
        self.0.is_match(text.as_bytes())
    }

    /// What its groups hold, the whole match first, with the names of those that have one; `None` where it does not match.
    pub fn groups(&self, text: &str) -> Option<Groups> {
        let found = self.0.captures(text.as_bytes())?;
        let held = |group: Option<regex::bytes::Match<'_>>| {
            group.map(|group| String::from_utf8_lossy(group.as_bytes()).into_owned()).unwrap_or_default()
        };
        let numbered = found.iter().map(held).collect();
        let named = self.0.capture_names().flatten().map(|name| (name.to_owned(), held(found.name(name)))).collect();
        Some(Groups { numbered, named })
    }
}

/// What the groups of a match hold.
#[derive(Debug, Clone, Default)]
pub struct Groups {
    /// By number, from 0.
    pub numbered: Vec<String>,
    /// By name.
    pub named: Vec<(String, String)>,
}
