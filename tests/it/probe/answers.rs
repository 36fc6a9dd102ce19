//! What sites answer to several user agents. What nginx can do is a case of `tests/fixtures/probe`: directives of its server block, and
//! the verdict and findings that must come of them, in order. Adding a case is adding a file.

use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use serde::Deserialize;

use super::{findings, gives, probe, settings, visit, watched};
use crate::{
    helpers::{TestSite, png, respond},
    nginx::Nginx,
    support::{HTML, KAKAO},
};

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/probe");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    why: String,
    #[serde(default)]
    directives: String,
    verdict: String,
    findings: Vec<String>,
    #[serde(default)]
    says: Vec<String>,
}

fn page(title: &str, image: &str) -> String {
    format!(
        "<!doctype html><html lang=\"ko\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta property=\"og:title\" content=\"{title}\"><meta property=\"og:description\" content=\"설명\">{image}</head>\
         <body>본문</body></html>"
    )
}

const IMAGE: &str = "<meta property=\"og:image\" content=\"/a.png\">";

/// A site with a page, its image, and other pages to be sent to.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    write("post.html", page("제목", IMAGE).as_bytes());
    write("other.html", page("다른 제목", IMAGE).as_bytes());
    write("bare.html", page("제목", "").as_bytes());
    write("login.html", page("로그인", "").as_bytes());
    write("a.png", &png(800, 400));
    folder
}

#[tokio::test]
async fn every_case_gives_its_verdict_and_findings() {
    let root = folder();
    let mut differences = Vec::new();
    for entry in fs::read_dir(CASES).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let case: Case = toml::from_str(&fs::read_to_string(&path).unwrap()).unwrap_or_else(|e| panic!("{name}: {e}"));
        let site = Nginx::serving(root.path(), &case.directives);
        let url = site.url("/post.html");
        let port = url::Url::parse(&url).unwrap().port().unwrap();
        let mut settings = settings();
        settings.fetch.resolve = vec![format!("play.google.com:{port}:127.0.0.1").parse().unwrap()];

        let report = probe(&settings, &url).await;

        let said = report["findings"].to_string();
        let unsaid: Vec<&String> = case.says.iter().filter(|words| !said.contains(words.as_str())).collect();
        if report["verdict"] != case.verdict || findings(&report) != case.findings || !unsaid.is_empty() {
            differences.push(format!(
                "{name}: {}\n  verdict {} for {}\n  findings {:?}\n      for {:?}\n  unsaid {unsaid:?} in {said}",
                case.why,
                report["verdict"],
                case.verdict,
                findings(&report),
                case.findings
            ));
        }
    }
    assert!(differences.is_empty(), "\n{}", differences.join("\n"));
    assert!(Path::new(CASES).join("healthy.toml").is_file());
}

#[tokio::test]
async fn a_healthy_site_is_asked_by_everybody_in_turns_and_told_in_full() {
    let site = healthy();
    let settings = settings();

    let (report, steps) = watched(&settings, &site.url("/post")).await;

    gives(&report, "open", &[]);
    assert_eq!(report["dns"], serde_json::Value::Null, "an address literal has no names");
    assert_eq!(report["connections"][0]["address"], site.address.to_string());
    assert_eq!((&report["connections"][0]["outcome"], &report["connections"][0]["tls"]), (&"ok".into(), &().into()));
    let kakao = visit(&report, "page", "kakao");
    assert_eq!(kakao["user_agent"], KAKAO);
    assert_eq!((&kakao["status"], &kakao["title"]), (&200.into(), &"제목".into()));
    assert_eq!(kakao["image"], site.url("/a.png"));
    assert_eq!((kakao["runs"].as_array().unwrap().len(), kakao["differs"].as_array().unwrap().len()), (2, 0));
    assert_eq!(visit(&report, "image", "browser")["content_type"], "image/png");
    let asked: Vec<(String, String)> = site
        .seen()
        .iter()
        .map(|seen| (seen.path.clone(), seen.headers["user-agent"].chars().take(20).collect()))
        .collect();
    let turn =
        [KAKAO, "facebookexternalhit/1.1;kakaotalk", "facebookexternalhit/1.1 (+http", "Mozilla/5.0 (Windows NT"];
    let turn = turn.map(|agent| ("/post".to_owned(), agent.chars().take(20).collect::<String>()));
    let image = [turn[0].1.clone(), turn[3].1.clone()].map(|agent| ("/a.png".to_owned(), agent));
    assert_eq!(asked, [&turn[..], &turn[..], &image[..]].concat(), "one after the other, run after run");
    assert_eq!(site.connections(), 11, "one to look at the connection itself, and one for each request");
    assert!(matches!(steps.first(), Some(scraplens::probe::Step::Resolving(host)) if host == "127.0.0.1"), "{steps:?}");
}

fn healthy() -> TestSite {
    TestSite::answering(|seen, stream| match seen.path.as_str() {
        "/a.png" => respond(stream, "200 OK", "content-type: image/png\r\n", &png(800, 400)),
        _ => respond(stream, "200 OK", HTML, page("제목", IMAGE).as_bytes()),
    })
}

#[tokio::test]
async fn without_the_image_only_the_page_is_asked_for() {
    let site = healthy();
    let settings = settings();
    let mut ask = super::ask(&settings, &site.url("/post"));
    (ask.image, ask.runs) = (false, 99);

    let report = super::prober(&settings).probe(&ask, None).await;

    assert!(report.visits.iter().all(|visit| visit.of == "page"));
    assert!(report.visits.iter().all(|visit| visit.runs.len() == settings.probe.max_runs), "{:?}", report.visits);
    assert!(report.headline.en.contains("gets the page as a browser does"), "{}", report.headline.en);
}

/// A site whose answer depends on how many requests of Kakao's present spelling came before.
fn counting(answer: impl Fn(usize) -> &'static str + Send + Sync + 'static) -> TestSite {
    let count = Arc::new(AtomicUsize::new(0));
    TestSite::answering(move |seen, stream| {
        let kakao = seen.headers["user-agent"] == KAKAO;
        let status = if kakao { answer(count.fetch_add(1, Ordering::SeqCst)) } else { "200 OK" };
        respond(stream, status, HTML, page("제목", "").as_bytes());
    })
}

#[tokio::test]
async fn a_page_that_fails_now_and_then_is_told_run_by_run() {
    let site = counting(|earlier| if earlier % 2 == 1 { "503 Service Unavailable" } else { "200 OK" });
    let mut settings = settings();
    settings.probe.runs = 3;

    let report = probe(&settings, &site.url("/")).await;

    gives(&report, "partly", &["status-503 error", "answer-intermittent error", "cannot-see-ip-rules info"]);
    let evidence = crate::support::finding(&report, "answer-intermittent")["evidence"].as_str().unwrap();
    assert!(evidence.contains("200 503 200"), "{evidence}");
    assert_eq!(visit(&report, "page", "kakao")["outcome"], "status-503", "the worst of its runs");
}

#[tokio::test]
async fn refusals_that_begin_late_may_be_a_limit_that_we_met() {
    let site = counting(|earlier| if earlier >= 1 { "429 Too Many Requests" } else { "200 OK" });
    let mut settings = settings();
    settings.probe.runs = 3;

    let report = probe(&settings, &site.url("/")).await;

    let finding = crate::support::finding(&report, "answer-intermittent");
    assert_eq!((&report["verdict"], &finding["severity"]), (&"partly".into(), &"warning".into()));
    assert!(finding["message"]["en"].as_str().unwrap().contains("rate limit"), "{finding:#}");
}

#[tokio::test]
async fn slowness_is_told_from_slowness_for_kakao_alone() {
    for (agent, codes) in [
        ("kakaotalk-scrap/1.0; +", &["first-byte-slow warning", "ua-slower warning"][..]),
        ("", &["first-byte-slow warning"]),
    ] {
        let site = TestSite::answering(move |seen, stream| {
            if seen.headers["user-agent"].contains(agent) {
                thread::sleep(Duration::from_millis(600));
            }
            respond(stream, "200 OK", HTML, page("제목", "").as_bytes());
        });
        let mut settings = settings();
        (settings.probe.slow_first_byte_ms, settings.probe.slower_ms, settings.probe.runs) = (400, 200, 1);

        let report = probe(&settings, &site.url("/")).await;

        gives(&report, "open", codes);
    }
}

#[tokio::test]
async fn a_page_that_takes_longer_than_kakao_may_wait_is_named() {
    let site = TestSite::answering(|_, stream| {
        thread::sleep(Duration::from_millis(3100));
        respond(stream, "200 OK", HTML, page("제목", "").as_bytes());
    });
    let mut settings = settings();
    (settings.probe.runs, settings.probe.deadline_ms) = (1, 8000);

    let report = probe(&settings, &site.url("/")).await;

    assert!(findings(&report).contains(&"slow-page warning".to_owned()), "{report:#}");
    let limits = report["limits"].to_string();
    assert!(limits.contains("Time ran out after 8 s"), "four askers of 3 s do not fit into 8 s: {limits}");
}

#[tokio::test]
async fn a_redirect_to_another_host_is_followed_and_said_to_be_unseen() {
    let site = healthy();
    let location = format!("{HTML}location: {}\r\n", site.url("/post"));
    let first = TestSite::answering(move |_, stream| respond(stream, "301 Moved", &location, b""));

    let report = probe(&settings(), &first.url("/")).await;

    gives(&report, "open", &[]);
    assert_eq!(visit(&report, "page", "kakao")["effective_url"], site.url("/post"));
    let limits = report["limits"].to_string();
    assert!(limits.contains(&format!("redirects to http://{}", site.address)), "{limits}");
}
