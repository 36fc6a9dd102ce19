//! The text of a template, read with the place of every value: JSON as strictly as Kakao's servers read it, or TOML. Broken text is
//! told with its place and reason. Not what the values mean: that is `read` and `check`.

mod json;
mod node;
pub(super) mod path;
mod place;
mod toml;

use serde_json::Value;

use self::node::Node;
use crate::{finding::Text, words::Words};

/// How a template is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Syntax {
    /// JSON (RFC 8259), nothing looser.
    #[default]
    Json,
    /// TOML, for files of custom templates.
    Toml,
}

/// A value and where its parts stand.
#[derive(Debug, Clone)]
pub struct Document {
    /// The value.
    pub value: Value,
    root: Node,
    twice: Vec<Twice>,
}

/// A key that an object has twice; the last one counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Twice {
    /// The path of the key.
    pub path: String,
    /// Where it stands again.
    pub place: (u32, u32),
}

impl Document {
    /// Reads a text. How long a text may be is the caller's to say.
    pub fn parse(text: &str, syntax: Syntax) -> Result<Self, Broken> {
        // Editors on Windows still save one; it is no part of the text.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        match syntax {
            Syntax::Json => json::parse(text),
            Syntax::Toml => toml::parse(text),
        }
    }

    /// A value without a text: nothing has a place.
    pub fn of(value: Value) -> Self {
        let root = Node::of(&value, 0);
        Self { value, root, twice: Vec::new() }
    }

    /// Line and column of the value at a path such as `contents[1].link.web_url`, both from 1, the column in characters. The empty
    /// path is the whole.
    pub fn place(&self, path: &str) -> Option<(u32, u32)> {
        self.root.find(path)?.place
    }

    /// The same of its key.
    pub(super) fn key_place(&self, path: &str) -> Option<(u32, u32)> {
        let node = self.root.find(path)?;
        node.key.or(node.place)
    }

    /// The place of the path or, where it is absent, of what it is absent from.
    pub(super) fn nearest(&self, path: &str) -> Option<(u32, u32)> {
        self.root.nearest(path).place
    }

    /// Sorts paths as they come in the value.
    pub(super) fn order(&self, path: &str) -> Vec<usize> {
        self.root.order(path)
    }

    /// Keys that stand twice.
    pub(super) fn twice(&self) -> &[Twice] {
        &self.twice
    }
}

/// Text that is no JSON, or no TOML.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {reason}{}", colon(.detail))]
pub struct Broken {
    /// How it was to be read.
    pub syntax: Syntax,
    /// Why it could not be: a code of `[broken]` in `template.toml`.
    pub reason: &'static str,
    /// What the reader said, where there is no code for it; English.
    pub detail: String,
    /// Where, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

fn colon(detail: &str) -> String {
    if detail.is_empty() { String::new() } else { format!(": {detail}") }
}

impl Broken {
    /// The reason for people.
    pub fn text(&self, words: &Words) -> Text {
        words.say("broken", self.reason, &[("detail", &self.detail)])
    }
}

/// Levels of nesting that are read; Kakao's templates have four.
const MAX_DEPTH: usize = 32;

#[cfg(test)]
mod tests;
