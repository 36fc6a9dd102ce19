//! Puts values into a list, in the style of the values beside them. It changes nothing else in the text.

use serde::Serialize;
use serde_json::{Value, ser::PrettyFormatter};

use super::{Node, Spot};

/// How a JSON text is laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Style {
    /// All in one line.
    Compact,
    /// One value a line; a list's values start with `indent`, and what is in them with `unit` more.
    Pretty {
        /// Before a value of the list.
        indent: String,
        /// One level more.
        unit: String,
    },
}

/// Puts values at the end of a list; in XML as elements of the name that its other elements have.
pub fn append(text: &str, list: &Spot, values: &[Value]) -> Option<String> {
    let items = match &list.node {
        Node::List(items) => items,
        Node::Object(children) => return append_elements(text, children, values),
        Node::Null | Node::Bool(_) | Node::Number(_) | Node::Text(_) => return None,
    };
    let style = style(text, list, items);
    let written: Vec<String> = values.iter().map(|value| write(value, &style)).collect();
    let (at, added) = match (items.last(), &style) {
        (Some(item), Style::Compact) => (item.end, format!(", {}", written.join(", "))),
        (None, Style::Compact) => (list.start + 1, written.join(", ")),
        (Some(item), Style::Pretty { indent, .. }) => {
            let gap = format!(",{}{indent}", end(text));
            (item.end, format!("{gap}{}", written.join(&gap)))
        }
        (None, Style::Pretty { indent, .. }) => {
            let line = indent_of(text, list.start)?;
            let (end, indent) = (end(text), format!("{end}{indent}", end = end(text)));
            let body = written.join(&format!(",{indent}"));
            (list.start + 1, format!("{indent}{body}{end}{line}"))
        }
    };
    let (before, after) = text.split_at_checked(at)?;
    let after = if items.is_empty() { after.trim_start() } else { after };
    Some(format!("{before}{added}{after}"))
}

fn append_elements(text: &str, children: &[(String, Spot)], values: &[Value]) -> Option<String> {
    let (name, last) = children.last()?;
    let (before, after) = text.split_at_checked(last.end)?;
    let (end, indent) = match lone_indent(text, last.start) {
        Some(indent) => (end(text), indent),
        None => ("", ""),
    };
    let gap = format!("{end}{indent}");
    let added: Vec<String> = values.iter().map(|value| element(name, value)).collect();
    Some(format!("{before}{gap}{}{after}", added.join(&gap)))
}

/// A value as an XML element, in one line.
fn element(name: &str, value: &Value) -> String {
    let inner = match value {
        Value::Object(fields) => fields.iter().map(|(name, value)| element(name, value)).collect(),
        Value::String(text) => text.replace('&', "&amp;").replace('<', "&lt;"),
        other => other.to_string(),
    };
    format!("<{name}>{inner}</{name}>")
}

fn end(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// The spaces a line starts with, where nothing else stands before the byte `at`.
fn lone_indent(text: &str, at: usize) -> Option<&str> {
    let before = text.get(..at)?;
    let line = before.rsplit('\n').next()?;
    (before.contains('\n') && line.trim().is_empty()).then_some(line)
}

/// The spaces that the line around the byte `at` starts with.
fn indent_of(text: &str, at: usize) -> Option<&str> {
    let line = text.get(..at)?.rsplit('\n').next()?;
    line.get(..line.len() - line.trim_start().len())
}

fn style(text: &str, list: &Spot, items: &[Spot]) -> Style {
    let outer = indent_of(text, list.start).unwrap_or_default();
    match items.first() {
        Some(first) => match lone_indent(text, first.start) {
            Some(indent) => {
                let unit = indent.strip_prefix(outer).filter(|unit| !unit.is_empty()).unwrap_or("    ");
                Style::Pretty { indent: indent.to_owned(), unit: unit.to_owned() }
            }
            None => Style::Compact,
        },
        None if text.trim_end().contains('\n') && !outer.is_empty() => {
            // The first line that is indented shows the unit.
            let unit = text.lines().map(|line| indent_of(line, line.len()).unwrap_or_default());
            let unit = unit.into_iter().find(|indent| !indent.is_empty()).unwrap_or("    ");
            Style::Pretty { indent: format!("{outer}{unit}"), unit: unit.to_owned() }
        }
        None => Style::Compact,
    }
}

/// A value in a style; its first line without indent.
fn write(value: &Value, style: &Style) -> String {
    match style {
        Style::Compact => value.to_string(),
        Style::Pretty { indent, unit } => {
            let mut bytes = Vec::new();
            let formatter = PrettyFormatter::with_indent(unit.as_bytes());
            let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, formatter);
            if value.serialize(&mut serializer).is_err() {
                return value.to_string();
            }
            String::from_utf8_lossy(&bytes).replace('\n', &format!("\n{indent}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::read_json, *};
    use crate::acl::File;

    fn with(text: &str) -> String {
        let all = read_json(&File::new("dump", text), "").unwrap();
        append(text, all.get("a").unwrap(), &[json!({"x": 1}), json!(2)]).unwrap()
    }

    #[test]
    fn values_are_put_in_the_style_of_the_list() {
        assert_eq!(with(r#"{"a": [0]}"#), r#"{"a": [0, {"x":1}, 2]}"#);
        assert_eq!(with(r#"{"a": []}"#), r#"{"a": [{"x":1}, 2]}"#);
        let pretty = with("{\n  \"a\": [\n    0\n  ]\n}\n");
        assert_eq!(pretty, "{\n  \"a\": [\n    0,\n    {\n      \"x\": 1\n    },\n    2\n  ]\n}\n");
        let empty = with("{\n  \"a\": []\n}\n");
        assert_eq!(empty, "{\n  \"a\": [\n    {\n      \"x\": 1\n    },\n    2\n  ]\n}\n");
    }
}
