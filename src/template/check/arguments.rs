//! Arguments `${NAME}`: which a custom template has, which are Kakao's to fill, and which are none although they look so.

use std::collections::HashSet;

use serde_json::Value;

use super::judge::{Judge, at, shown, within};

/// What Kakao fills from a scraped page (earlier documentation of the KakaoTalk API, in copies).
const SCRAP: [&str; 8] = [
    "SCRAP_TITLE",
    "SCRAP_DESCRIPTION",
    "SCRAP_IMAGE",
    "SCRAP_IMAGE_WIDTH",
    "SCRAP_IMAGE_HEIGHT",
    "SCRAP_DURATION",
    "SCRAP_HOST",
    "SCRAP_REQUEST_URL",
];

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
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("${") {
        let Some((name, end)) = after.split_once('}').filter(|(name, _)| good(name)) else {
            if judge.custom() {
                let piece: String = after.chars().take(20).collect();
                judge.tell("argument-malformed", path, &[("piece", &format!("${{{piece}"))]);
            }
            rest = after;
            continue;
        };
        rest = end;
        if !judge.custom() {
            judge.tell("argument-in-default", path, &[("argument", &written(name))]);
            return;
        }
        if all.seen.insert(name.to_owned()) {
            named(judge, path, name, all);
        }
    }
    if judge.custom()
        && let Some(piece) = other_style(text)
    {
        judge.tell("argument-other-style", path, &[("piece", &piece)]);
    }
}

fn named(judge: &mut Judge<'_>, path: &str, name: &str, all: &mut Arguments) {
    if SCRAP.contains(&name) {
        all.scrap.push(name.to_owned());
        return;
    }
    all.own.push(name.to_owned());
    if name.starts_with("SCRAP_") {
        let slip = SLIPS.iter().find(|(slip, _)| *slip == name).map(|(_, meant)| *meant);
        let near = slip.or_else(|| {
            let alike = |known: &&str| strsim::damerau_levenshtein(known, &shown(name));
            SCRAP.into_iter().min_by_key(|known| alike(&known))
        });
        let near = written(near.unwrap_or_default());
        judge.tell("scrap-argument-unknown", path, &[("argument", &written(name)), ("near", &near)]);
    }
}

/// `${NAME}`, for a sentence.
fn written(name: &str) -> String {
    format!("${{{}}}", shown(name))
}

fn good(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|letter| letter.is_whitespace() || matches!(letter, '$' | '{' | '"'))
}

/// `#{NAME}` as in Alimtalk, `{{NAME}}` as elsewhere: Kakao leaves both as they are.
fn other_style(text: &str) -> Option<String> {
    [("#{", "}"), ("{{", "}}")].into_iter().find_map(|(open, close)| {
        let (_, after) = text.split_once(open)?;
        let (name, _) = after.split_once(close).filter(|(name, _)| good(name.trim()))?;
        Some(format!("{open}{}{close}", shown(name)))
    })
}
