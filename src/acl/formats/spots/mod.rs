//! Structured dumps (JSON, and XML of the same shape) with the line and the bytes of every value, so that a verdict can show
//! its line and a fix can put text beside it. What the values mean is the dialects' affair.

mod edit;
mod json;
mod xml;

pub use self::{edit::append, json::read as read_json, xml::read as read_xml};

use crate::acl::{File, Malformed, Place};

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// The line it starts in, from 1.
    pub line: u32,
    /// The byte it starts at.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
    /// What it is.
    pub node: Node,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// JSON's null, or an XML element with nothing in it.
    Null,
    /// True or false.
    Bool(bool),
    /// A number as it is written.
    Number(String),
    /// A string, or the text of an XML element.
    Text(String),
    /// A list.
    List(Vec<Spot>),
    /// Named values in order. In XML a list is an element whose children have the same name.
    Object(Vec<(String, Spot)>),
}

impl Spot {
    /// The value of a name; null counts as missing. Of equal names the last is meant, as most readers of JSON have it.
    pub fn get(&self, name: &str) -> Option<&Self> {
        let Node::Object(fields) = &self.node else { return None };
        let found = fields.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value)?;
        (found.node != Node::Null).then_some(found)
    }

    /// The text or number itself.
    pub fn text(&self) -> Option<&str> {
        match &self.node {
            Node::Text(text) | Node::Number(text) => Some(text),
            Node::Null | Node::Bool(_) | Node::List(_) | Node::Object(_) => None,
        }
    }

    /// The text or number of a name, without spaces around it; an empty one counts as missing.
    pub fn word(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Self::text).map(str::trim).filter(|text| !text.is_empty())
    }

    /// The whole number of a name.
    pub fn whole(&self, name: &str) -> Option<i64> {
        self.word(name).and_then(|text| text.parse().ok())
    }

    /// The truth value of a name.
    pub fn flag(&self, name: &str) -> Option<bool> {
        match &self.get(name)?.node {
            Node::Bool(flag) => Some(*flag),
            Node::Text(text) if text == "true" => Some(true),
            Node::Text(text) if text == "false" => Some(false),
            Node::Null | Node::Number(_) | Node::Text(_) | Node::List(_) | Node::Object(_) => None,
        }
    }

    /// The values of a list, or the children of an element.
    pub fn items(&self) -> Vec<&Self> {
        match &self.node {
            Node::List(items) => items.iter().collect(),
            Node::Object(fields) => fields.iter().map(|(_, value)| value).collect(),
            Node::Null | Node::Bool(_) | Node::Number(_) | Node::Text(_) => Vec::new(),
        }
    }

    /// The values of the list of a name; nothing where there is no such list.
    pub fn list(&self, name: &str) -> Vec<&Self> {
        self.get(name).map(Self::items).unwrap_or_default()
    }

    /// The line of the value of a name, else of the whole.
    pub fn line_of(&self, name: &str) -> u32 {
        self.get(name).map_or(self.line, |value| value.line)
    }

    /// Its place in the file of that number.
    pub fn place(&self, file: usize) -> Place {
        Place::new(file, self.line)
    }
}

/// Reads a file that is JSON, or XML where it starts like XML.
pub fn read(file: &File, advice: &str) -> Result<Spot, Malformed> {
    let text = file.text.trim_start_matches('\u{feff}').trim_start();
    if text.is_empty() {
        return Err(Malformed::at(file, 0, 0, "the file is empty", advice));
    }
    if text.starts_with('<') { read_xml(file, advice) } else { read_json(file, advice) }
}

/// Levels of lists and objects that are followed; no dump has more than a dozen.
const MAX_DEPTH: usize = 64;
