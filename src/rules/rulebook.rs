//! The rulebook: turns a code and its measured values into a finding worded in Korean and English.
//! It holds no rules of its own: rows come from `RULES`, sentences from `static/i18n`.

use std::{borrow::Cow, collections::BTreeMap};

use serde::Deserialize;

use super::{RULES, Rule};
use crate::finding::{Confidence, Finding, Severity, Text};

/// The sentences of one language: code -> message and advice.
type Sentences = BTreeMap<String, Sentence>;

const KO: &str = include_str!("../../static/i18n/ko.toml");
const EN: &str = include_str!("../../static/i18n/en.toml");

/// Message and advice of one code in one language. `{name}` stands for a measured value.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sentence {
    message: String,
    advice: String,
}

/// Why the embedded sentences cannot be used. Only a mistake in `static/i18n` can cause it; a test reads both files.
#[derive(Debug, thiserror::Error)]
#[error("static/i18n/{language}.toml: {source}")]
pub struct RulebookError {
    /// Which of the two files.
    language: &'static str,
    #[source]
    source: toml::de::Error,
}

/// All rules with their sentences. Built once at the start and handed down.
#[derive(Debug, Clone)]
pub struct Rulebook {
    ko: Sentences,
    en: Sentences,
}

impl Rulebook {
    /// Reads the sentences that are embedded in the program.
    pub fn embedded() -> Result<Self, RulebookError> {
        let read = |language, text| toml::from_str(text).map_err(|source| RulebookError { language, source });
        Ok(Self { ko: read("ko", KO)?, en: read("en", EN)? })
    }

    /// Words the finding `code`, filling `{name}` with the value of that name.
    ///
    /// A code with a number in it (`status-404`) is found in its family's row (`status-NNN`), and `{status}` is filled in for it.
    /// An unknown code is a mistake of ours: it still gives a finding, with the code as its message, because a report must not fail.
    pub fn finding(&self, code: impl Into<Cow<'static, str>>, values: &[(&str, &str)]) -> Finding {
        let code = code.into();
        let (row, status) = row_of(&code);
        let mut values = values.to_vec();
        if let Some(status) = status.as_deref() {
            values.push(("status", status));
        }
        let row = row.copied().unwrap_or(UNKNOWN);
        let word = |pick: fn(&Sentence) -> &str| Text {
            ko: fill(self.ko.get(row.code).map_or(&*code, pick), &values),
            en: fill(self.en.get(row.code).map_or(&*code, pick), &values),
        };
        Finding {
            message: word(|sentence| &sentence.message),
            advice: word(|sentence| &sentence.advice),
            rule: row.rule,
            severity: row.severity,
            confidence: row.confidence,
            evidence: None,
            line: None,
            column: None,
            code,
        }
    }
}

const UNKNOWN: Rule = Rule { code: "", rule: None, severity: Severity::Warning, confidence: Confidence::Default };

/// The row of a code, and the number in it if the row is a family.
fn row_of(code: &str) -> (Option<&'static Rule>, Option<String>) {
    if let Some(row) = RULES.iter().find(|row| row.code == code) {
        return (Some(row), None);
    }
    let number: String =
        code.chars().rev().take_while(char::is_ascii_digit).collect::<Vec<_>>().into_iter().rev().collect();
    let family = code.strip_suffix(number.as_str()).map(|stem| format!("{stem}NNN"));
    let row = family.and_then(|family| RULES.iter().find(|row| row.code == family));
    (row, Some(number))
}

/// Replaces each `{name}` by its value; a name without a value stays as it is.
fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let known = after.split_once('}').and_then(|(name, tail)| {
            let (_, value) = values.iter().find(|(known, _)| *known == name)?;
            Some((value, tail))
        });
        if let Some((value, tail)) = known {
            out.push_str(value);
            rest = tail;
        } else {
            out.push('{');
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn placeholders(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
    }

    #[test]
    fn every_rule_has_a_message_and_an_advice_in_both_languages() {
        let book = Rulebook::embedded().unwrap();
        for rule in RULES {
            for (language, sentences) in [("ko", &book.ko), ("en", &book.en)] {
                let sentence =
                    sentences.get(rule.code).unwrap_or_else(|| panic!("{language}.toml lacks [{}]", rule.code));
                assert!(
                    !sentence.message.trim().is_empty() && !sentence.advice.trim().is_empty(),
                    "{language}.toml [{}] is empty",
                    rule.code
                );
            }
        }
    }

    #[test]
    fn no_sentence_is_without_a_rule() {
        let book = Rulebook::embedded().unwrap();
        for code in book.ko.keys().chain(book.en.keys()) {
            assert!(RULES.iter().any(|rule| rule.code == code), "[{code}] in static/i18n has no row in RULES");
        }
    }

    #[test]
    fn both_languages_use_the_same_values() {
        let book = Rulebook::embedded().unwrap();
        for rule in RULES {
            let (ko, en) = (&book.ko[rule.code], &book.en[rule.code]);
            let names = |s: &Sentence| {
                (
                    placeholders(&s.message).into_iter().map(String::from).collect::<BTreeSet<_>>(),
                    placeholders(&s.advice).into_iter().map(String::from).collect::<BTreeSet<_>>(),
                )
            };
            assert_eq!(names(ko), names(en), "[{}]", rule.code);
        }
    }

    #[test]
    fn a_code_with_a_number_is_worded_by_its_family() {
        let finding = Rulebook::embedded().unwrap().finding("status-404", &[]);
        assert_eq!(finding.code, "status-404");
        assert!(finding.message.en.contains("404"), "{}", finding.message.en);
    }

    #[test]
    fn a_value_that_looks_like_a_placeholder_is_not_filled_again() {
        assert_eq!(fill("a {x} b", &[("x", "{y}"), ("y", "no")]), "a {y} b");
        assert_eq!(fill("open { and {unknown}", &[]), "open { and {unknown}");
    }
}
