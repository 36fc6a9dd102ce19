//! TOML with places: the same values as JSON has, dates as text.

use serde_json::{Map, Number, Value};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    Broken, Document, MAX_DEPTH, Syntax,
    node::{Inside, Node},
    place::Places,
};

pub(super) fn parse(text: &str) -> Result<Document, Broken> {
    let places = Places::new(text);
    let broken = |reason, detail: &str, at| {
        let (line, column) = places.at(at);
        Broken { syntax: Syntax::Toml, reason, detail: detail.to_owned(), line, column }
    };
    if let Some(at) = too_deep(text) {
        return Err(broken("too-deep", "", at));
    }
    let table = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(text.len(), |span| span.start);
        let reason = if error.message().starts_with("duplicate key") { "twice" } else { "other" };
        broken(reason, error.message().lines().next().unwrap_or_default(), at)
    })?;
    let span = table.span();
    let (value, mut root) = fields(table.get_ref(), &places, 0).map_err(|at| broken("too-deep", "", at))?;
    root.place = Some(places.at(span.start));
    Ok(Document { value, root, twice: Vec::new() })
}

/// Where the text is nested deeper than anything of ours, by brackets or by dots. Looked at before the parser: inside brackets dots
/// multiply, and what they build is torn down by recursion.
fn too_deep(text: &str) -> Option<usize> {
    const DOTS: usize = 16;
    let (mut depth, mut dots, mut at) = (0_usize, 0_usize, 0_usize);
    while let Some(rest) = text.get(at..) {
        let Some(character) = rest.chars().next() else { break };
        let mut length = character.len_utf8();
        match character {
            '#' => length = rest.find('\n').unwrap_or(rest.len()),
            '"' | '\'' => length = string_length(rest, character),
            '{' | '[' => (depth, dots) = (depth + 1, 0),
            '}' | ']' => (depth, dots) = (depth.saturating_sub(1), 0),
            '.' => dots += 1,
            '=' | ',' | '\n' => dots = 0,
            _ => {}
        }
        if depth > MAX_DEPTH || dots > DOTS {
            return Some(at);
        }
        at += length;
    }
    None
}

/// Bytes of the string that the text begins with, its quotes included.
fn string_length(text: &str, quote: char) -> usize {
    let long = if quote == '"' { "\"\"\"" } else { "'''" };
    let end = if text.starts_with(long) { long } else { text.get(..1).unwrap_or_default() };
    let mut at = end.len();
    while let Some(rest) = text.get(at..) {
        let Some(character) = rest.chars().next() else { return text.len() };
        if rest.starts_with(end) {
            return at + end.len();
        }
        at += character.len_utf8();
        if character == '\\' && quote == '"' {
            at += text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        }
    }
    text.len()
}

/// A table as a value; `Err` is where it is too deep.
fn fields(table: &DeTable<'_>, places: &Places<'_>, depth: usize) -> Result<(Value, Node), usize> {
    // The parser sorts by key; people wrote in another order.
    let mut sorted: Vec<_> = table.iter().collect();
    sorted.sort_by_key(|(key, _)| key.span().start);
    let (mut values, mut nodes) = (Map::new(), Vec::new());
    for (key, value) in sorted {
        let (inner, mut node) = value_of(value, places, depth + 1)?;
        node.key = Some(places.at(key.span().start));
        nodes.push((key.get_ref().to_string(), node));
        values.insert(key.get_ref().to_string(), inner);
    }
    Ok((Value::Object(values), Node { place: None, key: None, inside: Inside::Fields(nodes) }))
}

fn value_of(value: &Spanned<DeValue<'_>>, places: &Places<'_>, depth: usize) -> Result<(Value, Node), usize> {
    let start = value.span().start;
    if depth > MAX_DEPTH {
        return Err(start);
    }
    let plain = |value| (value, Node::default());
    let (value, node) = match value.get_ref() {
        DeValue::String(text) => plain(Value::String(text.to_string())),
        DeValue::Integer(whole) => {
            let number = i64::from_str_radix(whole.as_str(), whole.radix());
            plain(number.map_or_else(|_| Value::String(whole.to_string()), Value::from))
        }
        DeValue::Float(float) => {
            let number = float.as_str().parse().ok().and_then(Number::from_f64);
            plain(number.map_or_else(|| Value::String(float.as_str().to_owned()), Value::Number))
        }
        DeValue::Boolean(truth) => plain(Value::Bool(*truth)),
        DeValue::Datetime(date) => plain(Value::String(date.to_string())),
        DeValue::Array(array) => {
            let (mut items, mut nodes) = (Vec::new(), Vec::new());
            for item in array {
                let (item, node) = value_of(item, places, depth + 1)?;
                items.push(item);
                nodes.push(node);
            }
            (Value::Array(items), Node { inside: Inside::Items(nodes), ..Node::default() })
        }
        DeValue::Table(table) => fields(table, places, depth)?,
    };
    Ok((value, Node { place: Some(places.at(start)), ..node }))
}
