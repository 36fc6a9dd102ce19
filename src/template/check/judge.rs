//! Where the problems of one check are gathered: codes in, problems with place and sentences out. Which there are is the subjects' to
//! say.

use serde_json::{Map, Value};

use super::{
    Kind, Rules,
    rules::{Rule, rule},
};
use crate::{
    finding::Severity,
    template::{Document, ObjectType, Problem, document::path::cut},
};

pub(super) use crate::template::document::path::{at, within};

/// An object of JSON.
pub(super) type Fields = Map<String, Value>;

/// One check under way.
pub(super) struct Judge<'a> {
    /// By what is judged.
    pub rules: &'a Rules<'a>,
    /// What is judged.
    pub document: &'a Document,
    /// Its type, or what it looks like.
    pub object_type: ObjectType,
    /// Whether the type is what the template says. One that is guessed requires nothing and forbids nothing.
    pub typed: bool,
    problems: Vec<Problem>,
    more: usize,
    failed: bool,
}

impl<'a> Judge<'a> {
    pub(super) fn new(rules: &'a Rules<'a>, document: &'a Document, object_type: ObjectType, typed: bool) -> Self {
        Self { rules, document, object_type, typed, problems: Vec::new(), more: 0, failed: false }
    }

    /// Whether a custom template is judged.
    pub(super) fn custom(&self) -> bool {
        self.rules.kind == Kind::Custom
    }

    /// Whether a text is not known before its arguments are: lengths and addresses of it cannot be judged.
    pub(super) fn open(&self, text: &str) -> bool {
        self.custom() && text.contains("${")
    }

    /// Tells a problem at a path.
    pub(super) fn tell(&mut self, code: &'static str, path: &str, values: &[(&str, &str)]) {
        self.put(code, path, self.place(path), None, values);
    }

    /// Tells a problem of the key at a path rather than of its value.
    pub(super) fn tell_key(&mut self, code: &'static str, path: &str, values: &[(&str, &str)]) {
        let key = if self.full() { None } else { self.document.key_place(path) };
        self.put(code, path, key.or_else(|| self.place(path)), None, values);
    }

    /// Tells a problem at a place that the text has and the value has not.
    pub(super) fn tell_at(&mut self, code: &'static str, path: &str, place: (u32, u32), values: &[(&str, &str)]) {
        self.put(code, path, Some(place), None, values);
    }

    /// Tells that a limit is passed.
    pub(super) fn measure(
        &mut self,
        code: &'static str,
        path: &str,
        measured: usize,
        limit: usize,
        values: &[(&str, &str)],
    ) {
        self.put(code, path, self.place(path), Some((measured, limit)), values);
    }

    /// Where a path leads or, if it leads nowhere, where it ends. Not looked up for what is only counted: a hostile template has a
    /// hundred thousand keys.
    fn place(&self, path: &str) -> Option<(u32, u32)> {
        if self.full() { None } else { self.document.nearest(path) }
    }

    /// Whether further problems are only counted.
    pub(super) fn full(&self) -> bool {
        self.problems.len() >= self.rules.max_problems
    }

    fn put(
        &mut self,
        code: &'static str,
        path: &str,
        place: Option<(u32, u32)>,
        measure: Option<(usize, usize)>,
        values: &[(&str, &str)],
    ) {
        let Some(rule) = rule(code) else { return };
        self.failed |= rule.severity == Severity::Error;
        if self.full() {
            self.more += 1;
        } else {
            self.problems.push(self.problem(rule, path, place, measure, values));
        }
    }

    fn problem(
        &self,
        rule: &Rule,
        path: &str,
        place: Option<(u32, u32)>,
        measure: Option<(usize, usize)>,
        values: &[(&str, &str)],
    ) -> Problem {
        let (measured, limit) = measure.map_or_else(Default::default, |(is, at)| (is.to_string(), at.to_string()));
        let mut all = vec![("path", path), ("name", name_of(path)), ("measured", &measured), ("limit", &limit)];
        all.extend(values);
        Problem {
            code: rule.code,
            path: path.to_owned(),
            severity: rule.severity,
            message: self.rules.words.say("problem", rule.code, &all),
            advice: self.rules.words.say("advice", rule.code, &all),
            confidence: rule.confidence,
            source: rule.source,
            measured: measure.map(|(is, _)| wide(is)),
            limit: measure.map(|(_, at)| wide(at)),
            line: place.map(|(line, _)| line),
            column: place.map(|(_, column)| column),
        }
    }

    /// Whether there is no error, and the problems in the order of their places; those that are too many are counted at the end.
    pub(super) fn done(mut self) -> (bool, Vec<Problem>) {
        let document = self.document;
        self.problems.sort_by_cached_key(|problem| {
            (problem.line, problem.column, document.order(&problem.path), problem.severity, problem.code)
        });
        if let Some(rule) = rule("problems-more").filter(|_| self.more > 0) {
            let (told, more) = (self.problems.len(), self.more.to_string());
            let measure = Some((told + self.more, told));
            self.problems.push(self.problem(rule, "", None, measure, &[("more", &more)]));
        }
        (!self.failed, self.problems)
    }
}

/// The last name of a path: `web_url` of `contents[1].link.web_url`, `contents[1]` of `contents[1]`.
fn name_of(path: &str) -> &str {
    path.rsplit_once('.').map_or(path, |(_, name)| name)
}

fn wide(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// A text of the caller's, short enough for a sentence.
pub(super) fn shown(text: &str) -> String {
    cut(text, 80)
}

/// A field that says something: not null, and no text of nothing but spaces.
pub(super) fn given<'a>(fields: &'a Fields, name: &str) -> Option<&'a Value> {
    fields.get(name).filter(|value| match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => true,
    })
}

/// The text of a field that says something.
pub(super) fn given_text<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    given(fields, name)?.as_str()
}

/// The whole number of a field.
pub(super) fn given_whole(fields: &Fields, name: &str) -> Option<i64> {
    crate::template::read::whole_number(given(fields, name)?)
}
