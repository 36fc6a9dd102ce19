//! Statements and expressions of nft's JSON schema (libnftables-json(5)). What is not known becomes a doubt, never less.

use serde_json::{Map, Value};

use super::{
    cursor::{Cursor, Defines},
    json::set,
    lexer::tokens,
    statement::{self as text, change, extension, joined},
    tree::{Data, Destination, Expr, Op, RuleDef, Statement, Target, Verdict},
};
use crate::acl::{Doubt, Family, How, Place};

/// One statement of a rule.
pub fn statement(value: &Value, place: Place) -> Statement {
    let (kind, inner) = match value {
        Value::String(written) => return as_text(written, place),
        Value::Object(object) => match object.iter().next() {
            Some((kind, inner)) => (kind.as_str(), inner),
            None => return Statement::Nothing,
        },
        _ => return Statement::Unknown(Doubt::new("not-understood", "rule")),
    };
    if let Some(verdict) = verdict(kind, inner) {
        return Statement::Verdict(verdict);
    }
    let unknown = |code: &'static str| Statement::Unknown(Doubt::new(code, kind));
    match kind {
        "match" => matching(inner),
        "vmap" => Statement::Vmap { key: part(inner, "key"), data: part(inner, "data") },
        "counter" | "log" | "comment" | "last" | "ct helper" | "ct timeout" | "ct expectation" | "dup" | "flow" => {
            Statement::Nothing
        }
        "limit" | "quota" | "ct count" => Statement::Maybe(Doubt::new("limit", kind)),
        "meter" => {
            let name = inner.get("name").and_then(Value::as_str).unwrap_or_default();
            Statement::Maybe(Doubt::new("limit", format!("meter {name}")))
        }
        "reject" if inner.get("type").is_some_and(|kind| kind == "tcp reset") => Statement::Reject(How::Reset),
        "reject" => Statement::Reject(How::Reject),
        "notrack" => Statement::Untrack,
        "mangle" => {
            let key = part(inner, "key");
            if let Expr::Selector(what) = &key {
                change(what)
            } else {
                Statement::Rewrite(Doubt::new("not-understood", kind))
            }
        }
        "snat" | "masquerade" => Statement::Verdict(Verdict::Accept),
        "dnat" | "redirect" => nat(inner, kind == "redirect"),
        "set" | "map" => match inner.get("set").or_else(|| inner.get("map")).and_then(Value::as_str) {
            Some(name) => Statement::Update { set: name.trim_start_matches('@').to_owned(), limited: limited(inner) },
            None => unknown("not-understood"),
        },
        "queue" | "tproxy" | "synproxy" | "fwd" => unknown("target-unknown"),
        "xt" => match (inner.get("type").and_then(Value::as_str), inner.get("name").and_then(Value::as_str)) {
            (Some(kind), Some(name)) => extension(kind, name),
            _ => Statement::Unknown(Doubt::new("match-unknown", "xt")),
        },
        _ => unknown("not-understood"),
    }
}

/// What some versions have no JSON for is there as text: `jump { … }`.
fn as_text(written: &str, place: Place) -> Statement {
    let (tokens, defines) = (tokens(written), Defines::default());
    let handles = std::collections::HashMap::new();
    let mut cursor =
        Cursor { tokens: &tokens.all, at: 0, depth: 0, defines: &defines, file: place.file, handles: &handles };
    let unknown = || Statement::Unknown(Doubt::new("not-understood", written.chars().take(60).collect::<String>()));
    let Some(mut found) = text::statement(&mut cursor) else { return unknown() };
    cursor.blank(true);
    if cursor.peek().is_some() {
        return unknown();
    }
    at_place(std::slice::from_mut(&mut found), place);
    found
}

/// Rules inside a rule are where it is.
fn at_place(statements: &mut [Statement], place: Place) {
    for statement in statements {
        if let Statement::Verdict(Verdict::Jump(Target::Inline(rules)) | Verdict::Goto(Target::Inline(rules))) =
            statement
        {
            for RuleDef { place: own, statements, .. } in rules {
                *own = place;
                at_place(statements, place);
            }
        }
    }
}

fn part(value: &Value, key: &str) -> Expr {
    value.get(key).map_or_else(|| Expr::Unknown(Doubt::new("not-understood", key)), expr)
}

/// A verdict, if that is what it is.
fn verdict(kind: &str, inner: &Value) -> Option<Verdict> {
    let target = || {
        let name = inner.get("target").and_then(Value::as_str).unwrap_or_default();
        Target::Named(name.to_owned())
    };
    Some(match kind {
        "accept" => Verdict::Accept,
        "drop" => Verdict::Drop,
        "continue" => Verdict::Continue,
        "return" => Verdict::Return,
        "jump" => Verdict::Jump(target()),
        "goto" => Verdict::Goto(target()),
        _ => return None,
    })
}

fn matching(inner: &Value) -> Statement {
    let op = match inner.get("op").and_then(Value::as_str) {
        Some("==") => Op::Eq,
        Some("!=") => Op::Ne,
        Some("<") => Op::Lt,
        Some(">") => Op::Gt,
        Some("<=") => Op::Le,
        Some(">=") => Op::Ge,
        Some("!") => Op::Without,
        Some("in") | None => Op::Implicit,
        Some(other) => return Statement::Unknown(Doubt::new("not-understood", other)),
    };
    let (left, right) = (part(inner, "left"), part(inner, "right"));
    // A list behind a mask is the one value its flags make.
    let right = if matches!(left, Expr::Mask(..)) || op == Op::Eq { joined(right) } else { right };
    Statement::Match { left, op, right }
}

fn limited(inner: &Value) -> Option<Doubt> {
    let statements = match inner.get("stmt")? {
        Value::Array(statements) => statements.as_slice(),
        one => std::slice::from_ref(one),
    };
    let kinds = statements.iter().filter_map(Value::as_object).flat_map(Map::keys);
    kinds
        .map(String::as_str)
        .find(|kind| matches!(*kind, "limit" | "quota" | "ct count"))
        .map(|kind| Doubt::new("limit", kind))
}

fn nat(inner: &Value, here: bool) -> Statement {
    let family = match inner.get("family").and_then(Value::as_str) {
        Some("ip") => Some(Family::V4),
        Some("ip6") => Some(Family::V6),
        _ => None,
    };
    let map = |value: &Value| value.get("map").map(|map| (part(map, "key"), part(map, "data")));
    let prefix = inner.get("type_flags").is_some_and(|flags| flags.to_string().contains("prefix"));
    let (address, port) = (inner.get("addr"), inner.get("port"));
    let to = match (address, port) {
        _ if prefix => return Statement::Rewrite(Doubt::new("target-unknown", "dnat prefix")),
        (None, None) if here => Destination::Here(None),
        (None, Some(port)) => match map(port) {
            Some((key, data)) => Destination::Map { key, data, ports: true },
            None => Destination::Here(Some(expr(port))),
        },
        (Some(address), port) => match (map(address), port) {
            (Some((key, data)), None) => Destination::Map { key, data, ports: false },
            (None, port) => Destination::Host(expr(address), port.map(expr)),
            (Some(_), Some(_)) => return Statement::Rewrite(Doubt::new("target-unknown", "dnat")),
        },
        (None, None) => return Statement::Rewrite(Doubt::new("not-understood", "dnat")),
    };
    Statement::Nat { family, to }
}

/// What an element of a map gives.
pub fn data(value: &Value) -> Data {
    let single = value.as_object().filter(|object| object.len() == 1).and_then(|object| object.iter().next());
    match single.and_then(|(kind, inner)| verdict(kind, inner)) {
        Some(verdict) => Data::Verdict(verdict),
        None => Data::Value(expr(value)),
    }
}

/// An expression.
pub fn expr(value: &Value) -> Expr {
    let not_understood = |what: &str| Expr::Unknown(Doubt::new("not-understood", what));
    match value {
        Value::String(word) => {
            word.strip_prefix('@').map_or_else(|| Expr::Word(word.clone()), |name| Expr::Ref(name.to_owned()))
        }
        Value::Number(number) => Expr::Word(number.to_string()),
        Value::Bool(there) => Expr::Word(if *there { "exists" } else { "missing" }.to_owned()),
        Value::Array(parts) => Expr::List(parts.iter().map(expr).collect()),
        Value::Null => not_understood("null"),
        Value::Object(object) => match object.iter().next() {
            Some((kind, inner)) if object.len() == 1 => named(kind, inner),
            _ => not_understood("expression"),
        },
    }
}

fn named(kind: &str, inner: &Value) -> Expr {
    let not_understood = || Expr::Unknown(Doubt::new("not-understood", kind));
    let word = |key: &str| inner.get(key).and_then(Value::as_str).unwrap_or_default();
    let parts = || inner.as_array().map(|parts| parts.iter().map(expr).collect::<Vec<_>>());
    match kind {
        "prefix" => match inner.get("len").and_then(Value::as_u64) {
            Some(length) if !word("addr").is_empty() => Expr::Word(format!("{}/{length}", word("addr"))),
            _ => not_understood(),
        },
        "range" => match inner.as_array().map(Vec::as_slice) {
            Some([from, to]) => Expr::Range(Box::new(expr(from)), Box::new(expr(to))),
            _ => not_understood(),
        },
        "set" => set(inner),
        "elem" => part(inner, "val"),
        "concat" => parts().map_or_else(not_understood, Expr::Concat),
        "|" => parts().map_or_else(not_understood, Expr::Or),
        "&" => match inner.as_array().map(Vec::as_slice) {
            Some([left, mask]) => Expr::Mask(Box::new(expr(left)), Box::new(joined(expr(mask)))),
            _ => not_understood(),
        },
        "payload" if inner.get("protocol").is_some() => {
            Expr::Selector(format!("{} {}", word("protocol"), word("field")))
        }
        "payload" => {
            let number = |key: &str| inner.get(key).and_then(Value::as_u64).unwrap_or_default();
            Expr::Selector(format!("@{},{},{}", word("base"), number("offset"), number("len")))
        }
        "meta" => Expr::Selector(format!("meta {}", word("key"))),
        "ct" => match word("dir") {
            "" => Expr::Selector(format!("ct {}", word("key"))),
            direction => Expr::Selector(format!("ct {direction} {}", word("key"))),
        },
        "fib" => {
            let flags = match inner.get("flags") {
                Some(Value::Array(flags)) => flags.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(","),
                other => other.and_then(Value::as_str).unwrap_or_default().to_owned(),
            };
            Expr::Selector(format!("fib {flags} {}", word("result")))
        }
        "tcp option" | "ip option" | "sctp chunk" | "dccp option" | "exthdr" | "rt" | "socket" | "osf" | "ipsec"
        | "numgen" | "jhash" | "symhash" | "tunnel" => Expr::Selector(format!("{kind} {}", word("name"))),
        _ => not_understood(),
    }
}
