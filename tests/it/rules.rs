//! The R-rules, case by case. A case is a pair of files in `tests/fixtures/pages`:
//! NAME.html is the page, NAME.json says its URL, the rule, why, and what to expect; adding a case is adding two files.
//! Expected values come from the dossier on Kakao's scraper, not from this program.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use std::{collections::BTreeSet, fmt::Write as _, fs, path::Path};

use scraplens::{
    extract::{Document, Settings},
    inspect::{Inspection, inspect},
    kakao::Kakao,
    rules::Rulebook,
};
use serde_json::{Value, json};
use url::Url;

const PAGES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/pages");

/// What every extraction needs, built once per test.
pub struct Reader {
    pub settings: Settings,
    pub kakao: Kakao,
    pub rulebook: Rulebook,
}

impl Reader {
    pub fn new() -> Self {
        let defaults: toml::Table = toml::from_str(include_str!("../../config/default.toml")).unwrap();
        Self {
            settings: defaults["extract"].clone().try_into().unwrap(),
            kakao: Kakao::embedded().unwrap(),
            rulebook: Rulebook::embedded().unwrap(),
        }
    }

    pub fn read(&self, bytes: &[u8], content_type: Option<&str>, url: &str) -> Inspection {
        let url = Url::parse(url).unwrap();
        let document = Document { bytes, content_type, url: &url };
        inspect(&document, &self.settings, &self.kakao, &self.rulebook)
    }

    pub fn read_html(&self, html: &str) -> Inspection {
        self.read(html.as_bytes(), Some("text/html; charset=utf-8"), "https://site.example/a")
    }
}

#[test]
fn every_page_gives_what_its_case_says() {
    let reader = Reader::new();
    let mut failures = String::new();
    for (name, html, case) in cases() {
        let extraction = reader.read(&html, case["content_type"].as_str(), case["url"].as_str().unwrap());
        let actual = json(&extraction);
        let mut differences = Vec::new();
        compare("", &case["expect"], &actual, &mut differences);
        for absent in case["absent_findings"].as_array().into_iter().flatten() {
            if extraction.findings.iter().any(|finding| finding.code == absent.as_str().unwrap()) {
                differences.push(format!("  findings: there is a {absent}, but there should be none"));
            }
        }
        if !differences.is_empty() {
            let why = case["why"].as_str().unwrap();
            writeln!(failures, "{name} ({}): {why}\n{}\n", case["rule"].as_str().unwrap(), differences.join("\n"))
                .unwrap();
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}

#[test]
fn every_rule_of_extraction_has_a_case() {
    let covered: BTreeSet<String> = cases().map(|(_, _, case)| case["rule"].as_str().unwrap().to_owned()).collect();
    let missing: Vec<_> = (8..=24).map(|number| format!("R{number}")).filter(|rule| !covered.contains(rule)).collect();
    assert!(missing.is_empty(), "no case for {missing:?}");
}

#[test]
fn every_case_has_both_its_files() {
    let stems = |extension: &str| -> BTreeSet<_> {
        let files = fs::read_dir(PAGES).unwrap().map(|entry| entry.unwrap().path());
        files.filter(|path| path.extension().unwrap() == extension).map(|path| path.with_extension("")).collect()
    };
    assert_eq!(stems("html"), stems("json"));
}

fn cases() -> impl Iterator<Item = (String, Vec<u8>, Value)> {
    let mut paths: Vec<_> = fs::read_dir(PAGES).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().unwrap() == "json");
    paths.sort();
    paths.into_iter().map(|path| {
        let case = serde_json::from_slice(&fs::read(&path).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let name = path.file_stem().and_then(|stem| stem.to_str()).unwrap().to_owned();
        (name, fs::read(Path::new(&path).with_extension("html")).unwrap(), case)
    })
}

fn json(extraction: &Inspection) -> Value {
    json!({
        "charset": { "encoding": extraction.charset.encoding.name(), "source": extraction.charset.source.name() },
        "card": extraction.card,
        "tags": extraction.tags,
        "findings": extraction.findings,
    })
}

/// Notes where `actual` lacks something of `expected`. Of an object the named members are compared. A list of images is
/// compared whole; of other lists the expected elements must occur, in order.
fn compare(path: &str, expected: &Value, actual: &Value, differences: &mut Vec<String>) {
    match (expected, actual) {
        (Value::Object(expected), Value::Object(actual)) => {
            for (key, value) in expected {
                compare(&format!("{path}.{key}"), value, actual.get(key).unwrap_or(&Value::Null), differences);
            }
        }
        (Value::Array(expected), Value::Array(actual)) if path == ".card.images" => {
            if expected.len() != actual.len() {
                differences.push(format!(
                    "  {path}: expected {} elements, got {}",
                    expected.len(),
                    Value::from(actual.clone())
                ));
            }
            for (index, (expected, actual)) in expected.iter().zip(actual).enumerate() {
                compare(&format!("{path}[{index}]"), expected, actual, differences);
            }
        }
        (Value::Array(expected), Value::Array(actual)) => {
            let mut rest = actual.iter();
            for element in expected {
                if !rest.any(|actual| contains(element, actual)) {
                    let actual: Vec<_> = actual.iter().map(|actual| format!("      {actual}")).collect();
                    differences
                        .push(format!("  {path}: lacks {element}, or not in this order, in\n{}", actual.join("\n")));
                    return;
                }
            }
        }
        (expected, actual) if expected != actual => {
            differences.push(format!("  {path}: expected {expected}\n    got {actual}"));
        }
        _ => {}
    }
}

fn contains(expected: &Value, actual: &Value) -> bool {
    let mut differences = Vec::new();
    compare("", expected, actual, &mut differences);
    differences.is_empty()
}
