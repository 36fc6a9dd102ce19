//! Every error and every remark has its sentence and its advice in both languages.

use std::collections::BTreeSet;

use regex::Regex;
use scraplens::ips::{self, IpsError};

fn every_error() -> Vec<IpsError> {
    let text = || "X".to_owned();
    vec![
        IpsError::KeyMissing { variable: text() },
        IpsError::KeyUnusable { origin: text() },
        IpsError::KeyUnreadable { path: text(), why: text() },
        IpsError::KeyRefused { said: text() },
        IpsError::QuotaExceeded { said: text() },
        IpsError::ApiRefused { status: 403, said: text() },
        IpsError::ApiFailed { status: 503 },
        IpsError::ApiRedirected,
        IpsError::ApiTimeout { limit_ms: 1500 },
        IpsError::ApiDenied { what: text() },
        IpsError::ApiUnreachable { outcome: text(), evidence: text() },
        IpsError::AnswerCut,
        IpsError::AnswerTooLarge { max: 1 },
        IpsError::AnswerMalformed { what: text() },
        IpsError::AnswerEmpty,
        IpsError::AnswerTooWide { range: text() },
        IpsError::NotOfficial { name: text() },
        IpsError::KeptUnreadable { path: text(), why: text() },
        IpsError::KeptBroken { path: text(), line: 3, why: text() },
        IpsError::KeptUnwritable { path: text(), why: text() },
    ]
}

#[test]
fn every_error_says_what_happened_and_what_to_do() {
    let words = ips::words().unwrap();
    let mut codes = BTreeSet::new();
    for error in every_error() {
        assert!(codes.insert(error.code()), "{} stands for two", error.code());
        for (section, text) in [("error", error.message(&words)), ("advice", error.advice(&words))] {
            assert!(words.has(section, error.code()), "[{section}.{}]", error.code());
            for text in [&text.ko, &text.en] {
                assert!(!text.contains(['{', '}']) && !text.contains("  "), "[{section}.{}]: {text}", error.code());
            }
        }
    }
    let sentences: toml::Table = toml::from_str(SENTENCES).unwrap();
    for section in ["error", "advice"] {
        let told: BTreeSet<&str> = sentences[section].as_table().unwrap().keys().map(String::as_str).collect();
        assert_eq!(told, codes, "[{section}] has a sentence that nobody says");
    }
    assert_eq!(IpsError::ApiTimeout { limit_ms: 1500 }.message(&words).en, "No answer came within 1.5 s.");
}

#[test]
fn every_sentence_is_written_in_both_languages_with_the_same_names() {
    let sections: toml::Table = toml::from_str(SENTENCES).unwrap();
    let name = Regex::new(r"\{([a-z]+)\}").unwrap();
    let names = |text: &str| name.captures_iter(text).map(|found| found[1].to_owned()).collect::<BTreeSet<_>>();
    let korean = |text: &str| text.chars().any(|letter| ('가'..='힣').contains(&letter));
    for (section, codes) in &sections {
        for (code, sentence) in codes.as_table().unwrap() {
            let (ko, en) = (sentence["ko"].as_str().unwrap(), sentence["en"].as_str().unwrap());
            assert_eq!(names(ko), names(en), "[{section}.{code}]");
            assert!(korean(ko) && !korean(en), "[{section}.{code}]: {ko} / {en}");
        }
    }
}

const SENTENCES: &str = include_str!("../../../static/i18n/ips.toml");
