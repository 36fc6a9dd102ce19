//! Printing a tree of constructors in a language. Not the call around it: each language has a file for that.

use percent_encoding::percent_decode_str;

use super::tree::{Class, Node};

/// How a language writes values.
pub(super) struct Language {
    /// Text.
    pub(super) quote: fn(&str) -> String,
    /// An address.
    pub(super) address: fn(&str) -> String,
    /// Whether execution params are pairs; else they are text as they stand.
    pub(super) params_are_pairs: bool,
    /// `event` or `calendar`.
    pub(super) id_type: fn(&str) -> String,
    /// A constructor's name; empty for a plain object.
    pub(super) class: fn(Class) -> &'static str,
    /// Around fields.
    pub(super) fields: (&'static str, &'static str),
    /// Between a field's name and its value.
    pub(super) field: &'static str,
    /// Around a list.
    pub(super) list: (&'static str, &'static str),
    /// Around pairs.
    pub(super) pairs: (&'static str, &'static str),
    /// The name of a pair.
    pub(super) key: fn(&str) -> String,
    /// Between the two of a pair.
    pub(super) pair: &'static str,
    /// What no pairs look like.
    pub(super) no_pairs: &'static str,
    /// Between a brace and what it holds on the same line.
    pub(super) pad: &'static str,
    /// Spaces of one level.
    pub(super) indent: usize,
    /// Whether the last of several has a comma when each has a line.
    pub(super) last_comma: bool,
}

/// Characters of a line that holds a whole constructor.
const SHORT: usize = 76;

impl Language {
    /// The value, its further lines indented by `depth` levels.
    pub(super) fn print(&self, node: &Node, depth: usize) -> String {
        match node {
            Node::Text(text) => (self.quote)(text),
            Node::Address(address) => (self.address)(address),
            Node::Integer(number) => number.to_string(),
            Node::IdType(word) => (self.id_type)(word),
            Node::Params(params) if self.params_are_pairs => self.print(&Node::Pairs(pairs_of(params)), depth),
            Node::Params(params) => (self.quote)(params),
            Node::Pairs(pairs) if pairs.is_empty() => self.no_pairs.to_owned(),
            Node::Pairs(pairs) => {
                let each = pairs.iter();
                let each =
                    each.map(|(name, value)| format!("{}{}{}", (self.key)(name), self.pair, (self.quote)(value)));
                self.bracketed("", self.pairs, &each.collect::<Vec<_>>(), depth)
            }
            Node::List(nodes) => {
                let each: Vec<_> = nodes.iter().map(|node| self.print(node, depth + 1)).collect();
                self.bracketed("", self.list, &each, depth)
            }
            Node::Made(class, fields) => self.made((self.class)(*class), fields, depth),
        }
    }

    /// A constructor or an object with its fields.
    pub(super) fn made(&self, class: &str, fields: &[(&'static str, Node)], depth: usize) -> String {
        let each: Vec<_> = fields
            .iter()
            .map(|(name, node)| format!("{}{}{}", camel(name), self.field, self.print(node, depth + 1)))
            .collect();
        self.bracketed(class, self.fields, &each, depth)
    }

    fn bracketed(&self, before: &str, (open, close): (&str, &str), each: &[String], depth: usize) -> String {
        if each.is_empty() {
            return format!("{before}{open}{close}");
        }
        let pad = if open == "{" { self.pad } else { "" };
        let line = each.join(", ");
        let whole = before.chars().count() + line.chars().count() + depth * self.indent;
        // A line of its own for each that holds something else.
        let simple = each.iter().all(|one| !one.contains('\n')) && each.len() <= 2;
        if simple && whole <= SHORT {
            return format!("{before}{open}{pad}{line}{pad}{close}");
        }
        let inner = " ".repeat((depth + 1) * self.indent);
        let outer = " ".repeat(depth * self.indent);
        let lines = each.join(&format!(",\n{inner}"));
        let comma = if self.last_comma { "," } else { "" };
        format!("{before}{open}\n{inner}{lines}{comma}\n{outer}{close}")
    }
}

/// `imageUrl` of `image_url`: the SDKs' names.
pub(super) fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let mut camel = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut characters = word.chars();
        camel.extend(characters.next().map(|first| first.to_ascii_uppercase()));
        camel.push_str(characters.as_str());
    }
    camel
}

/// The names and values of execution params; the SDKs put them together again.
fn pairs_of(params: &str) -> Vec<(String, String)> {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let mut pairs: Vec<(String, String)> = Vec::new();
    for pair in params.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decoded(name), decoded(value));
        // Swift stops at a dictionary that has a name twice; elsewhere the last one counts.
        match pairs.iter_mut().find(|(known, _)| *known == name) {
            Some(known) => known.1 = value,
            None => pairs.push((name, value)),
        }
    }
    pairs
}
