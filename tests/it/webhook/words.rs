//! Everything that is said about deliveries is said in both languages, with the same names, and has its advice.

use std::collections::BTreeSet;

use regex::Regex;

const SENTENCES: &str = include_str!("../../../static/i18n/webhook.toml");

#[test]
fn every_sentence_is_written_in_both_languages_with_the_same_names() {
    let sections: toml::Table = toml::from_str(SENTENCES).unwrap();
    let name = Regex::new(r"\{([a-z]+)\}").unwrap();
    let names = |text: &str| name.captures_iter(text).map(|found| found[1].to_owned()).collect::<BTreeSet<_>>();
    let korean = |text: &str| text.chars().any(|letter| ('가'..='힣').contains(&letter));
    for (section, sentences) in &sections {
        for (code, sentence) in sentences.as_table().unwrap() {
            let (ko, en) = (sentence["ko"].as_str().unwrap(), sentence["en"].as_str().unwrap());
            assert!(korean(ko) && !korean(en), "[{section}.{code}]");
            assert_eq!(names(ko), names(en), "[{section}.{code}]");
            if section != "trial" {
                assert!(ko.ends_with(['.', '"', '}']) && en.ends_with(['.', '}']), "[{section}.{code}]: {ko} / {en}");
            }
        }
    }
}

#[test]
fn every_conclusion_has_its_advice() {
    let sections: toml::Table = toml::from_str(SENTENCES).unwrap();
    let codes = |section: &str| sections[section].as_table().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(codes("conclusion"), codes("advice"));
}
