//! Probes of real servers on loopback: nginx for what sites do to user agents, OpenSSL for TLS, name servers of the test's own.

mod answers;
mod guard;
mod outbound;
mod tls;
mod way;

use std::sync::{Arc, Mutex};

use scraplens::{
    app::Parts,
    config::Settings,
    kakao::Kakao,
    probe::{Ask, Prober, Step},
    target::Target,
};
use serde_json::Value;

use crate::helpers::curious_settings;

/// Loopback open, no pauses, and bounds that a busy machine does not pass by chance.
fn settings() -> Settings {
    let mut settings = curious_settings();
    settings.probe.pause_ms = 0;
    settings.probe.runs = 2;
    settings.probe.slow_first_byte_ms = 60_000;
    settings.probe.slower_ms = 60_000;
    settings
}

fn prober(settings: &Settings) -> Prober {
    Parts::build(settings, Kakao::embedded().unwrap(), None).unwrap().prober
}

fn ask(settings: &Settings, url: &str) -> Ask {
    let target = Target::parse(url, settings.fetch.max_url_bytes).unwrap();
    Ask { target, runs: settings.probe.runs, image: true }
}

/// The report of `url` as JSON, its sentences checked.
async fn probe(settings: &Settings, url: &str) -> Value {
    let report = prober(settings).probe(&ask(settings, url), None).await;
    checked(serde_json::to_value(report).unwrap())
}

/// The same with everything that a watcher was told.
async fn watched(settings: &Settings, url: &str) -> (Value, Vec<Step>) {
    let steps = Arc::<Mutex<Vec<Step>>>::default();
    let kept = Arc::clone(&steps);
    let watcher = move |step: Step| kept.lock().unwrap().push(step);
    let report = prober(settings).probe(&ask(settings, url), Some(&watcher)).await;
    let steps = steps.lock().unwrap().clone();
    (checked(serde_json::to_value(report).unwrap()), steps)
}

/// What every report owes: sentences in both languages, and the word that from here is not from Kakao.
#[track_caller]
fn checked(report: Value) -> Value {
    for finding in report["findings"].as_array().unwrap() {
        crate::support::finding(&report, finding["code"].as_str().unwrap());
    }
    let texts = report["limits"].as_array().unwrap().iter().chain([&report["headline"]]);
    for text in texts {
        let (ko, en) = (text["ko"].as_str().unwrap(), text["en"].as_str().unwrap());
        assert!(ko.contains("니다") && en.contains(' ') && !ko.contains('{') && !en.contains('{'), "{ko} / {en}");
    }
    let first = report["limits"][0]["en"].as_str().unwrap();
    assert!(first.contains("filters by address") && first.contains("access log"), "{first}");
    report
}

/// Each finding as `code severity`, in order.
fn findings(report: &Value) -> Vec<String> {
    let all = report["findings"].as_array().unwrap().iter();
    all.map(|finding| format!("{} {}", finding["code"].as_str().unwrap(), finding["severity"].as_str().unwrap()))
        .collect()
}

#[track_caller]
fn gives(report: &Value, verdict: &str, expected: &[&str]) {
    assert_eq!(report["verdict"], verdict, "{report:#}");
    assert_eq!(findings(report), expected, "{report:#}");
}

/// What `who` got of the page or image.
#[track_caller]
fn visit<'a>(report: &'a Value, of: &str, who: &str) -> &'a Value {
    let visits = report["visits"].as_array().unwrap();
    let found = visits.iter().find(|visit| visit["of"] == of && visit["who"] == who);
    found.unwrap_or_else(|| panic!("{who} did not ask for the {of}: {report:#}"))
}
