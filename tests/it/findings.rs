//! Every finding there is, provoked through the real application, and held back by a near miss.
//!
//! A case is a file `tests/fixtures/findings/*.toml`: what a site answers, and which findings must or must not come of it
//! (`README.md` there says which keys there are). Pages that need no server of their own are `tests/fixtures/pages`. What
//! needs a server that breaks TLS or DNS has a test of its own, named in `BY_TEST`. A row of `RULES` that has no case on
//! either side fails `every_finding_has_a_case_and_a_near_miss`.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    fs,
    io::Cursor,
    net::TcpStream,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use futures_util::future::join_all;
use image::{DynamicImage, ImageFormat};
use scraplens::rules::RULES;
use serde::Deserialize;
use serde_json::Value;
use walkdir::WalkDir;

use crate::{
    helpers::{Seen, TestApp, TestSite, curious_settings, respond, spawn_app, spawn_app_with},
    support::{fall_silent, reset, write},
};

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/findings");
const PAGES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/pages");

/// What a site answers, and what comes of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    why: String,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    follow_og_url: bool,
    #[serde(default)]
    again: Option<Again>,
    #[serde(default)]
    answer: Vec<Answer>,
    expect: Expect,
}

/// What happens between two scrapes.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Again {
    Fresh,
    Reset,
}

/// One answer of the site. The first that fits is given.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    path: String,
    #[serde(default)]
    agent: Option<String>,
    #[serde(default)]
    scrape: Option<usize>,
    #[serde(default)]
    status: Option<u16>,
    #[serde(default)]
    headers: Vec<String>,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    file: Option<String>,
    #[serde(default)]
    picture: Option<String>,
    #[serde(default)]
    keep: Option<usize>,
    #[serde(default)]
    pad: usize,
    #[serde(default)]
    delay_ms: u64,
    #[serde(default)]
    end: Option<End>,
    #[serde(default)]
    raw: Option<String>,
}

/// An answer with its picture, painted once: that takes longer than a site should.
struct Painted {
    answer: Answer,
    picture: Vec<u8>,
}

impl Painted {
    fn of(answer: &Answer) -> Self {
        Self { picture: answer.picture.as_deref().map(paint).unwrap_or_default(), answer: answer.clone() }
    }
}

/// How an answer breaks off.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum End {
    Reset,
    Silence,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    #[serde(default)]
    outcome: Option<String>,
    #[serde(default)]
    verdict: Option<String>,
    #[serde(default)]
    decided_by: Option<String>,
    #[serde(default)]
    present: Vec<Present>,
    #[serde(default)]
    absent: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Present {
    code: String,
    #[serde(default)]
    severity: Option<String>,
    #[serde(default)]
    line: Option<u64>,
    #[serde(default)]
    says: Option<String>,
    #[serde(default)]
    evidence: Option<String>,
}

fn cases() -> Vec<(String, Case)> {
    let files = WalkDir::new(CASES).sort_by_file_name().into_iter().map(Result::unwrap);
    let files = files.filter(|entry| entry.path().extension().is_some_and(|extension| extension == "toml"));
    files
        .map(|entry| {
            let text = fs::read_to_string(entry.path()).unwrap();
            let case = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", entry.path().display()));
            (entry.path().file_stem().unwrap().to_str().unwrap().to_owned(), case)
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_case_gives_the_findings_it_names() {
    let app = spawn_app_with(&curious_settings());
    let cases = cases();
    assert!(!cases.is_empty());
    // Several at once, because some wait; not all, because sites and application share one machine.
    let mut failures = Vec::new();
    for some in cases.chunks(8) {
        failures.extend(join_all(some.iter().map(|(name, case)| run(&app, name, case))).await.into_iter().flatten());
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

/// What the application says where the case says something else.
async fn run(app: &TestApp, name: &str, case: &Case) -> Option<String> {
    let own;
    let app = if case.follow_og_url {
        let mut settings = curious_settings();
        settings.scrape.follow_og_url = true;
        own = spawn_app_with(&settings);
        &own
    } else {
        app
    };
    let scrapes = Arc::new(AtomicUsize::new(1));
    let (answers, round) = (case.answer.iter().map(Painted::of).collect::<Vec<_>>(), Arc::clone(&scrapes));
    let site = TestSite::answering(move |seen, stream| answer(&answers, seen, round.load(Ordering::SeqCst), stream));
    let address = site.address.to_string();
    let url = case.url.as_deref().unwrap_or("http://{site}/").replace("{site}", &address);
    let mut report = app.scrape(&url).await;
    if let Some(again) = case.again {
        // Times in reports are whole seconds.
        tokio::time::sleep(Duration::from_millis(1_100)).await;
        scrapes.store(2, Ordering::SeqCst);
        let fresh = if again == Again::Fresh { "&fresh=true" } else { "" };
        if again == Again::Reset {
            app.reset(&url).await;
        }
        report = app.get(&format!("{}{fresh}", crate::helpers::scrape_path(&url))).await.1;
    }
    let differences = compare(&case.expect, &report);
    (!differences.is_empty()).then(|| {
        let findings: Vec<String> = report["findings"].as_array().unwrap().iter().map(told).collect();
        format!(
            "{name}: {}\n{}    outcome {}, image {}, verdict {}\n{}\n",
            case.why,
            differences,
            report["outcome"],
            report["image"]["outcome"],
            report["verdict"],
            findings.join("\n")
        )
    })
}

fn told(finding: &Value) -> String {
    let [code, severity, line, evidence, message] =
        ["code", "severity", "line", "evidence", "message"].map(|key| &finding[key]);
    format!("      {code} {severity} line {line}: {} | {evidence}", message["en"])
}

fn compare(expect: &Expect, report: &Value) -> String {
    let mut out = String::new();
    let decided = report["verdict"]["finding"].as_u64().map(|index| format!("/findings/{index}/code"));
    let decided = decided.and_then(|place| report.pointer(&place)).unwrap_or(&Value::Null);
    for (what, expected, actual) in [
        ("outcome", &expect.outcome, &report["outcome"]),
        ("verdict", &expect.verdict, &report["verdict"]["image"]),
        ("decided_by", &expect.decided_by, decided),
    ] {
        if expected.as_ref().is_some_and(|expected| actual != expected.as_str()) {
            writeln!(out, "  {what}: expected {expected:?}, got {actual}").unwrap();
        }
    }
    let findings = report["findings"].as_array().unwrap();
    for present in &expect.present {
        let Some(found) = findings.iter().find(|finding| finding["code"] == present.code.as_str()) else {
            writeln!(out, "  lacks {}", present.code).unwrap();
            continue;
        };
        for text in [&found["message"], &found["advice"]] {
            for language in ["ko", "en"] {
                assert!(!text[language].as_str().unwrap().contains('{'), "not filled in: {text}");
            }
        }
        let says = |text: &Option<String>, places: &[&Value]| {
            text.as_ref().is_none_or(|text| places.iter().any(|place| place.as_str().is_some_and(|p| p.contains(text))))
        };
        let right = present.severity.as_ref().is_none_or(|severity| found["severity"] == severity.as_str())
            && present.line.is_none_or(|line| found["line"] == line)
            && says(&present.evidence, &[&found["evidence"]])
            && says(&present.says, &[&found["message"]["ko"], &found["message"]["en"]]);
        if !right {
            writeln!(out, "  expected {present:?}\n    got {}", told(found)).unwrap();
        }
    }
    for absent in &expect.absent {
        if findings.iter().any(|finding| is_of(finding["code"].as_str().unwrap(), absent)) {
            writeln!(out, "  there is a {absent}, but there should be none").unwrap();
        }
    }
    out
}

/// True if a finding's code belongs to a row: `status-403` to `status-NNN`.
fn is_of(code: &str, row: &str) -> bool {
    code == row
        || row
            .strip_suffix("NNN")
            .and_then(|stem| code.strip_prefix(stem))
            .is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit()) && !rest.is_empty())
}

/// Answers as the first fitting entry says; 404 where none fits.
fn answer(answers: &[Painted], seen: &Seen, scrape: usize, stream: &mut TcpStream) {
    let agent = seen.headers.get("user-agent").cloned().unwrap_or_default();
    let path = seen.path.split('?').next().unwrap_or_default();
    let fits = |Painted { answer, .. }: &&Painted| {
        (answer.path == seen.path || answer.path == path || answer.path == "*")
            && answer.agent.as_ref().is_none_or(|part| agent.contains(part.as_str()))
            && answer.scrape.is_none_or(|first| scrape >= first)
    };
    let Some(Painted { answer, picture }) = answers.iter().find(fits) else {
        return respond(stream, "404 Not Found", "content-type: text/html\r\n", b"<title>no such page</title>");
    };
    thread::sleep(Duration::from_millis(answer.delay_ms));
    let site = stream.local_addr().unwrap().to_string();
    if let Some(raw) = &answer.raw {
        write(stream, raw.replace("{site}", &site).as_bytes());
    } else if answer.status.is_some() || answer.end.is_none() {
        let mut body = body(answer, picture, &site);
        body.truncate(answer.keep.unwrap_or(usize::MAX));
        body.extend(std::iter::repeat_n(b' ', answer.pad));
        let mut headers: String =
            answer.headers.iter().map(|header| header.replace("{site}", &site) + "\r\n").collect();
        if !headers.to_ascii_lowercase().contains("content-type:") && answer.body.is_some() {
            headers.push_str("content-type: text/html; charset=utf-8\r\n");
        }
        if let Some(name) = &answer.picture
            && !headers.to_ascii_lowercase().contains("content-type:")
        {
            write!(headers, "content-type: image/{}\r\n", name.split(' ').next().unwrap()).unwrap();
        }
        respond(stream, &format!("{} Answer", answer.status.unwrap_or(200)), &headers, &body);
    }
    match answer.end {
        Some(End::Reset) => reset(stream),
        Some(End::Silence) => fall_silent(stream),
        None => {}
    }
}

fn body(answer: &Answer, picture: &[u8], site: &str) -> Vec<u8> {
    match (&answer.body, &answer.file, &answer.picture) {
        (Some(body), None, None) => body.replace("{site}", site).into_bytes(),
        (None, Some(file), None) => fs::read(Path::new(CASES).join(file)).unwrap(),
        (None, None, Some(_)) => picture.to_vec(),
        (None, None, None) => Vec::new(),
        _ => panic!("an answer has one of body, file and picture: {answer:?}"),
    }
}

/// A picture of one colour: `jpeg 1200x630`.
fn paint(picture: &str) -> Vec<u8> {
    let (format, size) = picture.split_once(' ').unwrap();
    let (width, height) = size.split_once('x').unwrap();
    let format = ImageFormat::from_extension(format).unwrap();
    let picture = DynamicImage::new_rgb8(width.parse().unwrap(), height.parse().unwrap());
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_says_the_same_through_the_real_application() {
    let app = spawn_app();
    for (name, case) in pages() {
        let html = fs::read(Path::new(PAGES).join(format!("{name}.html"))).unwrap();
        let content_type = case["content_type"].as_str().unwrap_or("text/html");
        let report = app.extract(case["url"].as_str().unwrap(), content_type, html).await;
        let codes = crate::helpers::codes(&report);
        for expected in case["expect"]["findings"].as_array().into_iter().flatten() {
            let code = expected["code"].as_str().unwrap();
            assert!(codes.iter().any(|found| found == code), "{name} lacks {code}: {codes:?}");
        }
        for absent in case["absent_findings"].as_array().into_iter().flatten() {
            let code = absent.as_str().unwrap();
            assert!(codes.iter().all(|found| found != code), "{name} has {code}: {codes:?}");
        }
    }
}

fn pages() -> Vec<(String, Value)> {
    let files = WalkDir::new(PAGES).sort_by_file_name().into_iter().map(Result::unwrap);
    files
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "json"))
        .map(|entry| {
            let name = entry.path().file_stem().unwrap().to_str().unwrap().to_owned();
            (name, serde_json::from_slice(&fs::read(entry.path()).unwrap()).unwrap())
        })
        .collect()
}

/// Findings whose provocation needs code: the test that provokes each, and the test of the near miss.
const BY_TEST: &[(&str, &str, &str)] = &[
    ("dns-failed", "each_way_a_name_can_fail_is_told_apart", "an_alias_is_followed_to_its_end"),
    (
        "dns-timeout",
        "silent_name_servers_are_a_timeout_of_their_own_within_the_limit",
        "a_question_that_got_lost_is_asked_again",
    ),
    ("connect-unreachable", "a_host_without_a_route_is_unreachable", "a_silent_address_leaves_time_for_the_next_one"),
    (
        "connect-timeout",
        "a_host_that_drops_packets_is_a_connect_timeout_within_its_limit",
        "a_silent_address_leaves_time_for_the_next_one",
    ),
    (
        "tls-untrusted",
        "a_self_signed_certificate_is_untrusted",
        "a_chain_that_ends_at_a_trusted_authority_gives_a_card_and_is_described",
    ),
    (
        "tls-name-mismatch",
        "a_certificate_for_other_names_says_for_which",
        "a_certificate_for_an_address_is_good_for_that_address",
    ),
    (
        "tls-expired",
        "a_certificate_outside_its_days_says_which_day_it_is_about",
        "an_expired_intermediate_is_not_taken_for_the_certificate_itself",
    ),
    (
        "tls-incomplete-chain",
        "a_missing_intermediate_is_an_incomplete_chain_and_names_what_is_missing",
        "a_private_authority_that_is_sent_along_is_untrusted_and_named",
    ),
    (
        "tls-old-version",
        "a_server_that_knows_nothing_newer_than_tls_1_1_is_told_to_be_old",
        "a_server_of_tls_1_2_is_new_enough",
    ),
    ("tls-failed", "plain_http_on_an_https_url_is_told_as_that", "a_reset_during_the_handshake_is_told_as_that"),
    (
        "redirect-downgrade",
        "a_redirect_from_https_to_http_is_followed_and_mentioned",
        "a_redirect_from_http_to_https_is_nothing_to_mention",
    ),
    // What only a probe finds.
    (
        "blocked-page",
        "every_case_gives_its_verdict_and_findings",
        "a_page_of_few_words_that_says_no_is_told_from_one_that_writes_about_it",
    ),
    ("ua-redirected", "every_case_gives_its_verdict_and_findings", "a_detour_is_told_by_its_address"),
    ("ua-other-body", "every_case_gives_its_verdict_and_findings", "what_changes_by_itself_is_no_difference"),
    (
        "ua-spelling-blocked",
        "every_case_gives_its_verdict_and_findings",
        "a_healthy_site_is_asked_by_everybody_in_turns_and_told_in_full",
    ),
    (
        "facebook-blocked",
        "every_case_gives_its_verdict_and_findings",
        "a_healthy_site_is_asked_by_everybody_in_turns_and_told_in_full",
    ),
    ("ipv6-only", "a_site_without_ipv4_is_only_partly_open", "a_name_server_that_breaks_one_kind_of_question_is_named"),
    (
        "address-dead",
        "one_dead_address_of_two_is_named_though_every_visit_succeeds",
        "a_closed_port_and_a_silent_one_are_told_apart",
    ),
    (
        "answer-intermittent",
        "a_page_that_fails_now_and_then_is_told_run_by_run",
        "a_healthy_site_is_asked_by_everybody_in_turns_and_told_in_full",
    ),
    (
        "dns-kind-failed",
        "a_name_server_that_breaks_one_kind_of_question_is_named",
        "aliases_and_addresses_are_told_with_their_times_to_live",
    ),
    (
        "tls-expires-soon",
        "a_certificate_that_ends_soon_is_a_warning_with_the_days",
        "a_good_certificate_is_described_and_the_page_is_open",
    ),
    ("tls-13-only", "every_version_that_a_server_takes_is_told", "every_version_that_a_server_takes_is_told"),
    (
        "first-byte-slow",
        "slowness_is_told_from_slowness_for_kakao_alone",
        "a_healthy_site_is_asked_by_everybody_in_turns_and_told_in_full",
    ),
    ("ua-slower", "slowness_is_told_from_slowness_for_kakao_alone", "slowness_is_told_from_slowness_for_kakao_alone"),
    // A fault of ours cannot be provoked from outside; a test of the fetcher makes one.
    (
        "extraction-failed",
        "what_this_machine_lacks_is_not_the_sites_fault",
        "what_this_machine_lacks_is_not_the_sites_fault",
    ),
];

#[test]
fn every_finding_has_a_case_and_a_near_miss() {
    let (mut provoked, mut missed) = (BTreeSet::new(), BTreeSet::new());
    for (_, case) in cases() {
        provoked.extend(case.expect.present.into_iter().map(|present| present.code));
        missed.extend(case.expect.absent);
    }
    for (_, case) in pages() {
        let codes = |list: &Value, pick: fn(&Value) -> &Value| -> Vec<String> {
            list.as_array().into_iter().flatten().map(|entry| pick(entry).as_str().unwrap().to_owned()).collect()
        };
        provoked.extend(codes(&case["expect"]["findings"], |finding| &finding["code"]));
        missed.extend(codes(&case["absent_findings"], |code| code));
    }
    provoked.extend(BY_TEST.iter().map(|(code, ..)| (*code).to_owned()));
    missed.extend(BY_TEST.iter().map(|(code, ..)| (*code).to_owned()));
    let has = |codes: &BTreeSet<String>, row: &str| codes.iter().any(|code| is_of(code, row));
    let lacking = |codes: &BTreeSet<String>| -> Vec<&str> {
        RULES.iter().map(|rule| rule.code).filter(|row| !has(codes, row)).collect()
    };
    assert_eq!(
        (lacking(&provoked), lacking(&missed)),
        (vec![], vec![]),
        "rows without a case, and without a near miss"
    );
    for code in provoked.iter().chain(&missed) {
        assert!(RULES.iter().any(|rule| is_of(code, rule.code)), "a case names {code}, which has no row");
    }
}

#[test]
fn every_test_that_stands_for_a_case_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = ["tests/it", "src"].into_iter().flat_map(|folder| WalkDir::new(root.join(folder)));
    let sources: String = files
        .map(Result::unwrap)
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "rs"))
        .map(|entry| fs::read_to_string(entry.path()).unwrap())
        .collect();
    for (code, provoking, near_miss) in BY_TEST {
        for name in [provoking, near_miss] {
            assert!(sources.contains(&format!("fn {name}(")), "{code}: there is no test {name}");
        }
    }
}
