//! Sentences in both languages, looked up by section and code, their names filled in. Which sentences there are is said by the
//! files of `static/i18n` that each subject embeds; nothing is decided here.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::finding::Text;

/// The sentences of one subject: `[section.code]`, each in Korean and English, `{name}` for what is measured.
#[derive(Debug, Clone, Deserialize)]
pub struct Words(BTreeMap<String, BTreeMap<String, Text>>);

impl Words {
    /// Reads the sentences of a subject, as TOML. Fails only if the embedded file is wrong; tests read each.
    pub fn parse(toml: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(toml)
    }

    /// Whether there is such a sentence.
    pub fn has(&self, section: &str, code: &str) -> bool {
        self.0.get(section).is_some_and(|section| section.contains_key(code))
    }

    /// A sentence, its names filled. A code without a sentence is shown as it is.
    pub fn say(&self, section: &str, code: &str, values: &[(&str, &str)]) -> Text {
        match self.0.get(section).and_then(|section| section.get(code)) {
            Some(text) => Text { ko: filled(&text.ko, values), en: filled(&text.en, values) },
            None => Text { ko: code.to_owned(), en: code.to_owned() },
        }
    }
}

fn filled(sentence: &str, values: &[(&str, &str)]) -> String {
    let mut text = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            text.push('{');
            rest = after;
            continue;
        };
        if let Some((_, value)) = values.iter().find(|(known, _)| *known == name) {
            text.push_str(value);
        }
        rest = after;
    }
    text.push_str(rest);
    text
}
