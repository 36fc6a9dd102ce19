//! A template judged: every problem at once, each with its place, its reason and its remedy. What the rules are is the table of
//! `rules`; there is one file per subject that finds what breaks them. Nothing is sent anywhere.

mod address;
mod arguments;
mod commerce;
mod content;
mod forms;
mod item_content;
mod judge;
mod kinds;
mod link;
mod number;
pub mod rules;
mod size;
mod social;
mod text;
mod unknown;
mod walk;

use serde_json::Value;

use self::judge::{Fields, Judge, shown};
use super::{
    document::{Broken, Document, Syntax},
    object::{ObjectType, TemplateObject},
    problem::{Check, Problem},
    read::{likely_type, named_type, read},
    sender::Sender,
};
use crate::{
    finding::{Confidence, Severity, Text},
    words::Words,
};

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
        Err(broken) => Checked {
            check: Check { problems: vec![problem_of(&broken, rules.words)], ..Check::default() },
            object: None,
        },
    }
}

/// Judges a value that has no text.
pub fn check_value(value: &Value, rules: &Rules) -> Checked {
    check_document(&Document::of(value.clone()), rules)
}

fn check_document(document: &Document, rules: &Rules) -> Checked {
    let size = size::size_of(&document.value);
    let Value::Object(fields) = &document.value else {
        let mut judge = Judge::new(rules, document, ObjectType::Feed, false);
        judge.tell("template-not-object", "", &[("actual", walk::type_of(&document.value))]);
        let (ok, problems) = judge.done();
        return Checked { check: Check { ok, problems, size, ..Check::default() }, object: None };
    };
    let object_type = named_type(fields);
    let mut judge =
        Judge::new(rules, document, object_type.unwrap_or_else(|| likely_type(fields)), object_type.is_some());
    let judged = type_of_template(&mut judge, fields, object_type);
    for twice in document.twice() {
        judge.tell_at("key-twice", &twice.path, twice.place, &[]);
    }
    let form = forms::form_of(judge.object_type);
    if judged {
        walk::object(&mut judge, "", fields, form);
    }
    size::judge(&mut judge, size);
    let arguments = arguments::judge(&mut judge);
    let (ok, problems) = judge.done();
    let (arguments, scrap_arguments) = (arguments.own, arguments.scrap);
    Checked {
        check: Check { ok, object_type, problems, size, arguments, scrap_arguments },
        object: Some(read(&document.value)),
    }
}

/// Judges `object_type`. False if there is no such custom template at all, and so nothing to hold its fields against.
fn type_of_template(judge: &mut Judge<'_>, fields: &Fields, known: Option<ObjectType>) -> bool {
    const IN_CUSTOM: [ObjectType; 3] = [ObjectType::Feed, ObjectType::List, ObjectType::Commerce];
    let (path, custom) = ("object_type", judge.custom());
    let all: &[ObjectType] = if custom { &IN_CUSTOM } else { &ObjectType::ALL };
    let all = all.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ");
    match (known, fields.get(path)) {
        (Some(kind), _) if custom && !IN_CUSTOM.contains(&kind) => {
            judge.tell("object-type-not-custom", path, &[("type", kind.as_str()), ("known", &all)]);
            return false;
        }
        (Some(_), _) => {}
        (None, None | Some(Value::Null)) => judge.tell("field-required", path, &[]),
        (None, Some(Value::String(said))) => {
            judge.tell("object-type-unknown", path, &[("value", &shown(said)), ("known", &all)]);
        }
        (None, Some(other)) => walk::wrong(judge, path, "string", other),
    }
    true
}

/// A text that cannot be read.
fn problem_of(broken: &Broken, words: &Words) -> Problem {
    let code = match broken.syntax {
        Syntax::Json => "json-broken",
        Syntax::Toml => "toml-broken",
    };
    let why = broken.text(words);
    let say = |section| Text {
        ko: words.say(section, code, &[("why", &why.ko)]).ko,
        en: words.say(section, code, &[("why", &why.en)]).en,
    };
    let row = rules::rule(code);
    Problem {
        code,
        path: String::new(),
        severity: row.map_or(Severity::Error, |rule| rule.severity),
        message: say("problem"),
        advice: say("advice"),
        confidence: row.map_or(Confidence::Documented, |rule| rule.confidence),
        source: row.map_or("", |rule| rule.source),
        measured: None,
        limit: None,
        line: Some(broken.line),
        column: Some(broken.column),
    }
}
