//! `if` and `unless`: terms, `!`, `or`, anonymous ACLs. What a term asks for is looked up in `fetch`.

use std::{collections::HashMap, sync::Arc};

use super::{
    fetch::{Known, criterion},
    words::Section,
};
use crate::acl::{Addresses, Condition, formats::cloud::not_understood};

/// The ACLs of a section by name, each with the words of all its lines.
pub type Acls<'a> = HashMap<&'a str, Vec<&'a [String]>>;

/// The ACLs of a section. Lines of one name are alternatives.
pub fn acls(section: &Section) -> Acls<'_> {
    let mut found: Acls<'_> = HashMap::new();
    for line in section.starting("acl") {
        if let Some(name) = line.words.get(1) {
            found.entry(name).or_default().push(line.from(2));
        }
    }
    found
}

/// The condition at the end of a rule's words; `ALWAYS` without one.
pub fn condition(words: &[String], acls: &Acls<'_>, known: &Known<'_>) -> Condition {
    let Some(at) = words.iter().position(|word| word == "if" || word == "unless") else { return Condition::ALWAYS };
    let unless = words.get(at).is_some_and(|word| word == "unless");
    let mut alternatives = Vec::new();
    let mut all: Vec<Condition> = Vec::new();
    let mut rest = words.get(at + 1..).unwrap_or_default();
    if rest.is_empty() {
        return not_understood("if");
    }
    let mut negated = false;
    while let Some((word, after)) = rest.split_first() {
        rest = after;
        if word == "or" || word == "||" {
            alternatives.push(Condition::All(std::mem::take(&mut all)));
            continue;
        }
        let name = word.trim_start_matches('!');
        if (word.len() - name.len()) % 2 == 1 {
            negated = !negated;
        }
        if name.is_empty() {
            continue;
        }
        let term = if name == "{" {
            let end = rest.iter().position(|word| word == "}");
            let (inner, after) = rest.split_at_checked(end.unwrap_or(rest.len())).unwrap_or((rest, &[]));
            rest = after.get(1..).unwrap_or_default();
            if end.is_some() { criterion(inner, known) } else { not_understood("{") }
        } else {
            named(name, acls, known)
        };
        all.push(term.negated_if(negated));
        negated = false;
    }
    alternatives.push(Condition::All(all));
    let whole = match alternatives.pop() {
        Some(only) if alternatives.is_empty() => only,
        last => Condition::Any(alternatives.into_iter().chain(last).collect()),
    };
    whole.negated_if(unless)
}

fn named(name: &str, acls: &Acls<'_>, known: &Known<'_>) -> Condition {
    if let Some(lines) = acls.get(name) {
        let mut all: Vec<Condition> = Vec::new();
        let mut sources = Vec::new();
        for words in lines {
            match criterion(words, known) {
                Condition::Source(set) => sources.push(set),
                other => all.push(other),
            }
        }
        // One set instead of one a line: lists of thousands of lines are common.
        match sources.as_slice() {
            [] => {}
            [only] => all.push(Condition::Source(Arc::clone(only))),
            several => all.push(Condition::source(Addresses {
                v4: several.iter().flat_map(|set| set.v4.iter()).collect(),
                v6: several.iter().flat_map(|set| set.v6.iter()).collect(),
            })),
        }
        return match (all.pop(), all.is_empty()) {
            (Some(only), true) => only,
            (last, _) => Condition::Any(all.into_iter().chain(last).collect()),
        };
    }
    let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    match name {
        "TRUE" | "HTTP" | "WAIT_END" | "METH_GET" => Condition::ALWAYS,
        "FALSE" | "METH_CONNECT" | "METH_DELETE" | "METH_HEAD" | "METH_OPTIONS" | "METH_POST" | "METH_PUT"
        | "METH_TRACE" => Condition::NEVER,
        "LOCALHOST" => criterion(&words("src 127.0.0.1/8 ::1"), known),
        "HTTP_URL_SLASH" => criterion(&words("path_beg /"), known),
        _ => Condition::unknown("set-missing", name),
    }
}
