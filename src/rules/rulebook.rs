//! The rulebook: turns a code and its measured values into a finding worded in Korean and English.
//! It holds no rules of its own: rows come from `RULES`, sentences from `static/i18n`.

use std::{borrow::Cow, collections::BTreeMap};

use serde::Deserialize;

use super::{RULES, Rule};
use crate::finding::{Confidence, Finding, Severity, Text};

const KO: &str = include_str!("../../static/i18n/ko.toml");
const EN: &str = include_str!("../../static/i18n/en.toml");

/// The sentences of one language.
#[derive(Debug, Clone, Deserialize)]
struct Sentences {
    /// Headlines of verdicts, and reasons of those that no finding decides.
    verdict: BTreeMap<String, Headline>,
    /// Other words for a code, where its usual sentence would say too little: `code:case`.
    variant: BTreeMap<String, Sentence>,
    /// Sentences that are added to a message.
    more: BTreeMap<String, String>,
    /// The usual sentence of each code.
    #[serde(flatten)]
    codes: BTreeMap<String, Sentence>,
}

/// Message and advice of one code in one language. `{name}` stands for a measured value.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sentence {
    message: String,
    advice: String,
}

/// What stands above a report in one language.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Headline {
    headline: String,
    #[serde(default)]
    reason: String,
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
        self.word(code.into(), None, values)
    }

    /// The same in the words of a special case: the table `[variant."code:case"]`.
    pub fn finding_in(
        &self,
        case: &'static str,
        code: impl Into<Cow<'static, str>>,
        values: &[(&str, &str)],
    ) -> Finding {
        self.word(code.into(), Some(case), values)
    }

    fn word(&self, code: Cow<'static, str>, case: Option<&str>, values: &[(&str, &str)]) -> Finding {
        let (row, status) = row_of(&code);
        let mut values = values.to_vec();
        if let Some(status) = status.as_deref() {
            values.push(("status", status));
        }
        let row = row.copied().unwrap_or(UNKNOWN);
        let variant = case.map(|case| format!("{}:{case}", row.code));
        let word = |pick: fn(&Sentence) -> &str| {
            let of = |sentences: &Sentences| {
                let special = variant.as_ref().and_then(|key| sentences.variant.get(key));
                fill(special.or_else(|| sentences.codes.get(row.code)).map_or(&*code, pick), &values)
            };
            Text { ko: of(&self.ko), en: of(&self.en) }
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

    /// Adds a sentence to a finding's message: `key` of the table `[more]`.
    pub(super) fn add(&self, finding: &mut Finding, key: &str, values: &[(&str, &str)]) {
        for (message, sentences) in [(&mut finding.message.ko, &self.ko), (&mut finding.message.en, &self.en)] {
            if let Some(sentence) = sentences.more.get(key) {
                message.push(' ');
                message.push_str(&fill(sentence, values));
            }
        }
    }

    /// The headline `key` of the table `[verdict]`, and its own reason if it has one.
    pub(super) fn headline(&self, key: &str, values: &[(&str, &str)]) -> (Text, Option<Text>) {
        let word = |pick: fn(&Headline) -> &str| {
            let of = |sentences: &Sentences| fill(sentences.verdict.get(key).map_or(key, pick), values);
            Text { ko: of(&self.ko), en: of(&self.en) }
        };
        let reason = word(|headline| &headline.reason);
        (word(|headline| &headline.headline), (!reason.en.is_empty()).then_some(reason))
    }
}

const UNKNOWN: Rule = Rule { code: "", rule: None, severity: Severity::Warning, confidence: Confidence::Default };

/// The row of a code, and the number in it if the row is a family.
pub(super) fn row_of(code: &str) -> (Option<&'static Rule>, Option<String>) {
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
                    sentences.codes.get(rule.code).unwrap_or_else(|| panic!("{language}.toml lacks [{}]", rule.code));
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
        for sentences in [&book.ko, &book.en] {
            let variants = sentences.variant.keys().map(|key| key.split(':').next().unwrap());
            for code in sentences.codes.keys().map(String::as_str).chain(variants) {
                assert!(RULES.iter().any(|rule| rule.code == code), "[{code}] in static/i18n has no row in RULES");
            }
        }
    }

    #[test]
    fn both_languages_use_the_same_values() {
        let book = Rulebook::embedded().unwrap();
        let all = |sentences: &Sentences| -> BTreeMap<String, [BTreeSet<String>; 2]> {
            let names = |text: &str| placeholders(text).into_iter().map(String::from).collect::<BTreeSet<_>>();
            let whole = sentences.codes.iter().chain(&sentences.variant);
            let whole = whole.map(|(key, sentence)| (key.clone(), [names(&sentence.message), names(&sentence.advice)]));
            let more = sentences.more.iter().map(|(key, text)| (format!("more {key}"), [names(text), BTreeSet::new()]));
            let verdicts = sentences
                .verdict
                .iter()
                .map(|(key, verdict)| (format!("verdict {key}"), [names(&verdict.headline), names(&verdict.reason)]));
            whole.chain(more).chain(verdicts).collect()
        };
        assert_eq!(all(&book.ko), all(&book.en));
    }

    #[test]
    fn korean_sentences_are_korean_and_polite() {
        let book = Rulebook::embedded().unwrap();
        for (key, sentence) in book.ko.codes.iter().chain(&book.ko.variant) {
            for text in [&sentence.message, &sentence.advice] {
                let polite = ["니다", "세요"].iter().any(|ending| text.contains(ending));
                assert!(polite, "[{key}] {text}");
            }
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
