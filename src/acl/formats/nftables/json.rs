//! Reads `nft -j list ruleset`, and the same schema as commands for `nft -j -f`. Expressions are in `json_expr`.

use serde_json::Value;

use super::{
    json_expr::{data, expr, statement},
    text::opaque,
    tree::{Base, Element, Expr, RuleDef, Statement, Tree},
};
use crate::acl::{Doubt, File, Malformed, Place};

const ADVICE: &str = "give the whole output of `nft -j list ruleset`, as root";

/// Reads one file.
pub fn read(tree: &mut Tree, index: usize, file: &File) -> Result<(), Malformed> {
    let text = file.text.trim_start_matches('\u{feff}');
    let root: Value = serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let what = if error.is_eof() { "the JSON is cut off".to_owned() } else { format!("this is no JSON: {error}") };
        Malformed::at(file, number(line), number(column), what, ADVICE)
    })?;
    let Some(objects) = root.get("nftables").and_then(Value::as_array) else {
        return Err(Malformed::at(file, 1, 0, "the JSON has no list `nftables`", ADVICE));
    };
    let mut spots = spots(&file.text).into_iter();
    for object in objects {
        let (line, start) = spots.next().unwrap_or((1, 0));
        let place = Place::new(index, line);
        for (kind, value) in object.as_object().into_iter().flatten() {
            command(tree, kind, value, place, start);
        }
    }
    Ok(())
}

/// One object of the list: a thing as listed, or a command about one.
fn command(tree: &mut Tree, kind: &str, value: &Value, place: Place, start: usize) {
    let inner = value.as_object().and_then(|object| object.iter().next());
    match (kind, inner) {
        ("metainfo", _) => {}
        ("add" | "create" | "insert", Some((what, value))) => {
            tree.written.get_or_insert(place);
            object(tree, what, value, place, start, kind == "insert");
        }
        ("flush" | "delete" | "destroy" | "replace" | "rename", Some((what, value))) => {
            tree.written.get_or_insert(place);
            match (kind, what.as_str(), value.get("family").and_then(Value::as_str), text(value, "name")) {
                ("flush", "ruleset", family, _) => tree.forget(family, None),
                ("delete" | "destroy", "table", Some(family), name) => tree.forget(Some(family), Some(name)),
                _ => tree.gaps.push((place, Doubt::new("not-understood", format!("{kind} {what}")))),
            }
        }
        _ => object(tree, kind, value, place, start, false),
    }
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn object(tree: &mut Tree, kind: &str, value: &Value, place: Place, start: usize, front: bool) {
    let table = if kind == "table" { text(value, "name") } else { text(value, "table") };
    let Some(table) = tree.table(text(value, "family"), table, place) else { return };
    let name = text(value, "name");
    match kind {
        "table" => {
            let flags = value.get("flags");
            let listed =
                flags.and_then(Value::as_array).is_some_and(|flags| flags.iter().any(|flag| flag == "dormant"));
            table.dormant |= listed || flags.is_some_and(|flag| flag == "dormant");
        }
        "chain" => {
            let Some(chain) = table.chain(name) else { return };
            chain.defined = true;
            chain.end = Some((place.file, start));
            if value.get("hook").is_some() {
                chain.base = Some(base(value, place));
            }
        }
        "rule" => {
            let rule = rule(value, place, start);
            let Some(chain) = table.chain(text(value, "chain")) else { return };
            if front {
                chain.front.push(rule);
            } else {
                chain.rules.push(rule);
            }
        }
        "set" | "map" | "element" => {
            let Some(set) = table.set(name, place) else { return };
            let flags = value.get("flags");
            set.dynamic |=
                flags.and_then(Value::as_array).is_some_and(|flags| flags.iter().any(|flag| flag == "dynamic"));
            set.dynamic |= flags.is_some_and(|flag| flag == "dynamic");
            for found in value.get("elem").into_iter().flat_map(|elements| elements.as_array().into_iter().flatten()) {
                let element = element(found);
                set.expires |= element.expires;
                set.elements.push(element);
            }
        }
        // Counters, limits and the like stand for themselves where rules name them.
        _ => {}
    }
}

fn base(value: &Value, place: Place) -> Base {
    let devices = match value.get("dev") {
        Some(Value::String(name)) => vec![name.clone()],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    let stated = value.get("prio");
    let priority = stated.and_then(Value::as_i64).or_else(|| super::block::priority(stated.and_then(Value::as_str)?));
    Base {
        kind: text(value, "type").to_owned(),
        hook: text(value, "hook").to_owned(),
        priority: priority.unwrap_or_default(),
        devices,
        drops: text(value, "policy") == "drop",
        place,
    }
}

fn rule(value: &Value, place: Place, start: usize) -> RuleDef {
    let handle = value.get("handle").and_then(Value::as_u64);
    match value.get("expr").and_then(Value::as_array) {
        Some(statements) => {
            let statements: Vec<Statement> = statements.iter().map(|value| statement(value, place)).collect();
            RuleDef { place, start, handle, statements }
        }
        None => RuleDef { start, handle, ..opaque(place, Doubt::new("not-understood", "expr")) },
    }
}

/// An element of a set, or of a map where it is a pair.
pub fn element(value: &Value) -> Element {
    if let Value::Array(pair) = value
        && let [key, found] = pair.as_slice()
    {
        return Element { data: Some(data(found)), ..element(key) };
    }
    let options = value.get("elem");
    let expires = options.is_some_and(|options| options.get("timeout").is_some() || options.get("expires").is_some());
    let key = options.and_then(|options| options.get("val")).map_or_else(|| expr(value), expr);
    Element { key, data: None, expires }
}

/// A set as a value.
pub fn set(value: &Value) -> Expr {
    match value {
        Value::Array(elements) => Expr::Set(elements.iter().map(element).collect()),
        one => Expr::Set(vec![element(one)]),
    }
}

/// Which object of the list starts at a byte.
pub fn number_at(text: &str, start: usize) -> Option<usize> {
    spots(text).into_iter().position(|(_, at)| at == start)
}

/// Line and byte of each object of the list: the line of its first key, where a person finds it.
fn spots(text: &str) -> Vec<(u32, usize)> {
    let (mut depth, mut quoted, mut escaped, mut line) = (0_usize, false, false, 1_u32);
    let mut found = Vec::new();
    let mut opened = None;
    for (at, byte) in text.bytes().enumerate() {
        line += u32::from(byte == b'\n');
        if quoted {
            quoted = escaped || byte != b'"';
            escaped = byte == b'\\' && !escaped;
            continue;
        }
        match byte {
            b'"' => {
                quoted = true;
                if let Some(start) = opened.take() {
                    found.push((line, start));
                }
            }
            b'{' | b'[' => {
                if depth == 2 && byte == b'{' {
                    opened = Some(at);
                }
                depth += 1;
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if let Some(start) = opened.take() {
                    found.push((line, start));
                }
            }
            _ => {}
        }
    }
    found
}
