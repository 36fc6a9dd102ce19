//! Every code that a report can carry has its sentence in both languages.

use std::collections::BTreeSet;

use regex::Regex;
use scraplens::acl::{File, Reading, formats::FORMATS};
use walkdir::WalkDir;

/// All string literals of the sources that stand where a code of this kind does.
fn codes(pattern: &str) -> BTreeSet<String> {
    let pattern = Regex::new(pattern).unwrap();
    let sources = WalkDir::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/acl")).into_iter().filter_map(Result::ok);
    let mut found = BTreeSet::new();
    for source in sources.filter(|file| file.path().extension().is_some_and(|end| end == "rs")) {
        let text = std::fs::read_to_string(source.path()).unwrap();
        found.extend(pattern.captures_iter(&text).map(|found| found[1].to_owned()));
    }
    assert!(!found.is_empty(), "{pattern} finds nothing");
    found
}

#[test]
fn every_code_in_the_sources_has_its_sentence() {
    let words = scraplens::acl::words().unwrap();
    for (section, pattern) in [
        ("doubt", r#"(?:Condition::unknown|Doubt::new)\(\s*"([a-z-]+)""#),
        ("assumption", r#"(?:Assumption \{ code: |assume\(\s*)"([a-z-]+)""#),
        ("why", r#"with_note\(\s*"([a-z-]+)""#),
        ("idle", r#"Idle \{[^}]*code: "([a-z-]+)""#),
    ] {
        for code in codes(pattern) {
            // A test in the sources may use a code of its own.
            assert!(words.has(section, &code), "static/i18n/acl.toml has no [{section}.{code}]");
        }
    }
}

#[test]
fn every_sentence_is_written_in_both_languages_with_the_same_names() {
    let text = include_str!("../../../static/i18n/acl.toml");
    let sections: toml::Table = toml::from_str(text).unwrap();
    let name = Regex::new(r"\{([a-z]+)\}").unwrap();
    let names = |text: &str| name.captures_iter(text).map(|found| found[1].to_owned()).collect::<BTreeSet<_>>();
    for (section, codes) in &sections {
        for (code, sentence) in codes.as_table().unwrap() {
            let (ko, en) = (sentence["ko"].as_str().unwrap(), sentence["en"].as_str().unwrap());
            assert_eq!(names(ko), names(en), "[{section}.{code}]");
            assert!(ko.chars().any(|letter| ('가'..='힣').contains(&letter)), "[{section}.{code}] ko: {ko}");
            assert!(!en.chars().any(|letter| ('가'..='힣').contains(&letter)), "[{section}.{code}] en: {en}");
        }
    }
}

#[test]
fn an_empty_file_is_no_ground_for_a_verdict() {
    for format in FORMATS {
        for text in ["", "\n\n", "# nothing\n"] {
            let Ok(ruleset) = (format.parse)(&[File::new("dump", text)], &Reading::default()) else { continue };
            let rules: usize = ruleset.chains.iter().map(|chain| chain.rules.len()).sum();
            // Configuration files may be empty; what a command prints is not.
            let written = ["nftables", "nginx", "apache", "haproxy", "iptables"].contains(&format.name);
            assert!(rules > 0 || written, "{} takes nothing for a rule set", format.name);
        }
    }
}
