//! Logs written by hand, each with what is to be said about it.

use std::{collections::BTreeMap, fs};

use scraplens::{
    accesslog::{self, report::LogReport},
    acl::File,
    logs::Unwatched,
};
use serde::Deserialize;

use super::{ask, fixtures, logs};

/// What a report must say. What is left out is not compared.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    about: String,
    ranges_file: Option<String>,
    verdict: String,
    lately: Option<String>,
    requests: u64,
    span: [String; 2],
    /// Requests and addresses.
    origins: BTreeMap<String, [u64; 2]>,
    statuses: BTreeMap<String, u64>,
    findings: Vec<String>,
    /// Part of an English message.
    says: Option<String>,
    /// Address, origin, requests.
    sources: Option<Vec<String>>,
    /// Path, requests, last status.
    pages: Option<Vec<String>>,
    /// Page: path, requests, last status, whether Kakao got it.
    images: Option<Vec<String>>,
    /// Path, status, requests.
    refused: Vec<String>,
    /// Ranges that were seen: network, requests, addresses, pages, images.
    ranges: Option<Vec<String>>,
}

fn word(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).unwrap().as_str().unwrap_or_default().to_owned()
}

fn compare(name: &str, case: &Case, report: &LogReport) {
    let name = format!("{name}: {}", case.about);
    assert_eq!(word(report.verdict), case.verdict, "{name}");
    assert_eq!(report.lately.map(word), case.lately, "{name}: lately");
    assert_eq!(report.requests, case.requests, "{name}");
    let span = report.span.map(|span| [span.first.to_string(), span.last.to_string()]);
    assert_eq!(span.as_ref(), Some(&case.span), "{name}: span");
    let origins: BTreeMap<String, [u64; 2]> =
        report.origins.iter().map(|row| (word(row.origin), [row.requests, row.addresses])).collect();
    assert_eq!(origins, case.origins, "{name}");
    let statuses: BTreeMap<String, u64> =
        serde_json::from_value(serde_json::to_value(report.statuses).unwrap()).unwrap();
    assert_eq!(statuses, case.statuses, "{name}");
    assert_eq!(super::codes(report), case.findings, "{name}");
    if let Some(says) = &case.says {
        assert!(report.findings.iter().any(|finding| finding.message.en.contains(says)), "{name}: {says}");
    }
    let status = |status: Option<u16>| status.map_or_else(|| "-".to_owned(), |status| status.to_string());
    let rows = |wanted: &Option<Vec<String>>, rows: Vec<String>, what: &str| {
        if let Some(wanted) = wanted {
            assert_eq!(&rows, wanted, "{name}: {what}");
        }
    };
    let sources = report.sources.iter().map(|row| format!("{} {} {}", row.address, word(row.origin), row.requests));
    rows(&case.sources, sources.collect(), "sources");
    let pages = report.pages.iter().map(|page| format!("{} {} {}", page.path, page.requests, status(page.status)));
    rows(&case.pages, pages.collect(), "pages");
    let images = report.pages.iter().flat_map(|page| {
        page.images.iter().map(|image| {
            format!("{}: {} {} {} {}", page.path, image.path, image.requests, status(image.status), image.got)
        })
    });
    rows(&case.images, images.collect(), "images");
    let refused = report.refused.iter().map(|row| format!("{} {} {}", row.path, row.status, row.requests));
    assert_eq!(refused.collect::<Vec<_>>(), case.refused, "{name}: refused");
    let ranges =
        report.ranges.iter().filter(|range| range.requests > 0).map(|range| {
            format!("{} {} {} {} {}", range.cidr, range.requests, range.addresses, range.pages, range.images)
        });
    rows(&case.ranges, ranges.collect(), "ranges");
    for range in &report.ranges {
        assert_eq!(range.timeline.iter().sum::<u64>(), range.requests, "{name}: timeline of {}", range.cidr);
        let steps = report.timeline.map_or(0, |timeline| timeline.steps);
        assert!(range.timeline.is_empty() || range.timeline.len() == steps, "{name}: {}", range.cidr);
    }
}

#[test]
fn every_log_is_reported_as_its_case_says() {
    let mut read = 0;
    let mut files: Vec<_> = fs::read_dir(fixtures()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for path in files.iter().filter(|path| path.extension().is_some_and(|extension| extension == "toml")) {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let case: Case =
            toml::from_str(&fs::read_to_string(path).unwrap()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let ranges = case.ranges_file.as_ref().map(|text| File::new("ips.json", text));
        let mut session = logs().session(&scraplens::logs::Ask { ranges, ..ask() }).unwrap();
        session.read(&name, fs::File::open(path.with_extension("log")).unwrap(), &mut Unwatched).unwrap();
        compare(&name, &case, &session.report());
        read += 1;
    }
    assert!(read >= 10, "only {read} cases");
}

#[test]
fn every_finding_and_every_headline_has_its_sentences_in_both_languages() {
    let words = accesslog::words().unwrap();
    let source = ["mod.rs", "findings.rs"].map(|file| {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/accesslog/judge/");
        fs::read_to_string(format!("{path}{file}")).unwrap()
    });
    let codes = |text: &str, before: &str| -> Vec<String> {
        let parts = text.split(before).skip(1);
        parts.filter_map(|rest| rest.strip_prefix('"')?.split('"').next().map(str::to_owned)).collect()
    };
    let [verdicts, findings] = source;
    let headlines: Vec<String> = ["Served, ", "Refused, ", "CannotTell, ", "Absent, "]
        .iter()
        .flat_map(|verdict| codes(&verdicts, &format!("(Arrival::{verdict}")))
        .chain(codes(&verdicts, "(Arrival::PartlyRefused, "))
        .collect();
    assert_eq!(headlines.len(), 10, "{headlines:?}");
    for code in headlines {
        assert!(words.has("headline", &code) && words.has("headline-by-address", &code), "{code}");
    }
    let mut named = codes(&findings, "told(");
    named.extend(codes(&findings, "    ("));
    named.extend(codes(&findings, "{ ("));
    named.extend(codes(&findings, "{ "));
    assert!(named.len() > 25, "{named:?}");
    for code in named {
        assert!(words.has("finding", &code) && words.has("advice", &code), "{code}");
    }
}
