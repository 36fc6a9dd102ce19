//! Arguments `${NAME}`: which a custom template has, which are Kakao's to fill, and which are none although they look so.

use std::collections::HashSet;

use serde_json::Value;

use super::judge::{Judge, at, shown, within};
use crate::template::{
    arguments::{Part, parts, wrapped},
    scrap::NAMES,
};

/// Kakao fills in the app's own host; nobody gives it (seen in links of the template builder).
const REGISTERED_DOMAIN: &str = "REGI_WEB_DOMAIN";

/// Slips that are seen in published code.
const SLIPS: [(&str, &str); 2] =
    [("SCRAP_IMAGE_DURATION", "SCRAP_DURATION"), ("SCRAP_REQUESTED_URL", "SCRAP_REQUEST_URL")];

/// Levels of a value that are looked at: more than any template has.
const DEPTH: usize = 12;

/// The arguments of a template, in the order of their first use.
#[derive(Debug, Default)]
pub(super) struct Arguments {
    pub own: Vec<String>,
    pub scrap: Vec<String>,
    seen: HashSet<String>,
}

/// Judges the arguments of a template and tells which there are.
pub(super) fn judge(judge: &mut Judge<'_>) -> Arguments {
    let mut arguments = Arguments::default();
    let document = judge.document;
    walk(judge, "", &document.value, 0, &mut arguments);
    arguments
}

fn walk(judge: &mut Judge<'_>, path: &str, value: &Value, depth: usize, all: &mut Arguments) {
    if depth > DEPTH {
        return;
    }
    match value {
        Value::String(text) => of_text(judge, path, text, all),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(judge, &at(path, index), item, depth + 1, all);
            }
        }
        Value::Object(fields) => {
            for (key, value) in fields {
                walk(judge, &within(path, key), value, depth + 1, all);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn of_text(judge: &mut Judge<'_>, path: &str, text: &str, all: &mut Arguments) {
    for part in parts(text) {
        match part {
            Part::Place(name) if !judge.custom() => {
                judge.tell("argument-in-default", path, &[("argument", &wrapped(&shown(name)))]);
                return;
            }
            Part::Place(name) => {
                if name.contains(char::is_whitespace) {
                    judge.tell("argument-malformed", path, &[("piece", &wrapped(&shown(name)))]);
                }
                if all.seen.insert(name.to_owned()) {
                    named(judge, path, name, all);
                }
            }
            Part::Text(text) if judge.custom() => {
                if let Some((_, after)) = text.split_once("${") {
                    let piece: String = after.chars().take(20).collect();
                    judge.tell("argument-malformed", path, &[("piece", &format!("${{{piece}"))]);
                }
                if let Some(piece) = other_style(text) {
                    judge.tell("argument-other-style", path, &[("piece", &piece)]);
                }
            }
            Part::Text(_) => {}
        }
    }
}

fn named(judge: &mut Judge<'_>, path: &str, name: &str, all: &mut Arguments) {
    if NAMES.contains(&name) {
        all.scrap.push(name.to_owned());
        return;
    }
    if name == REGISTERED_DOMAIN {
        return;
    }
    all.own.push(name.to_owned());
    if name.starts_with("SCRAP_") {
        let said = shown(name);
        // What is only counted needs no advice.
        let near = if judge.full() { String::new() } else { wrapped(meant(name, &said)) };
        judge.tell("scrap-argument-unknown", path, &[("argument", &wrapped(&said)), ("near", &near)]);
    }
}

/// The name that was meant by one that Kakao does not fill.
fn meant(name: &str, said: &str) -> &'static str {
    let slip = SLIPS.iter().find(|(slip, _)| *slip == name).map(|(_, meant)| *meant);
    let near = || NAMES.into_iter().min_by_key(|known| strsim::damerau_levenshtein(known, said));
    slip.or_else(near).unwrap_or_default()
}

/// `#{NAME}` as in Alimtalk, `{{NAME}}` as elsewhere: Kakao leaves both as they are.
fn other_style(text: &str) -> Option<String> {
    [("#{", "}"), ("{{", "}}")].into_iter().find_map(|(open, close)| {
        let (_, after) = text.split_once(open)?;
        let (name, _) = after.split_once(close)?;
        let good = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.');
        let name = Some(name.trim()).filter(|name| !name.is_empty() && name.chars().all(good))?;
        Some(format!("{open}{}{close}", shown(name)))
    })
}
