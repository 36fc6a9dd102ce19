//! The verdict over HTTP: the same as on the command line, as JSON or as a document, within bounds.

use serde_json::{Value, json};

use super::site::{BLOCKS_KAKAO, CLOSED, KAKAOS, OPEN, RANGES, Site, log};
use crate::helpers::{self, TestApp, settings, spawn_app_with};

fn app() -> TestApp {
    spawn_app_with(&patient())
}

fn patient() -> scraplens::config::Settings {
    let mut settings = settings();
    (settings.probe.runs, settings.probe.pause_ms) = (1, 0);
    settings
}

async fn ask(app: &TestApp, question: &Value) -> (u16, Value) {
    helpers::json(app.client.post(app.url("/api/v1/reach")).body(question.to_string()).send().await.unwrap()).await
}

#[tokio::test]
async fn probe_rules_and_logs_are_weighed_together() {
    let (site, app) = (Site::new(""), app());
    let packed = data_encoding::BASE64.encode(log(KAKAOS, 403).as_bytes());
    for (dumps, logs, verdict, layer) in [
        (json!([]), json!([]), "cannot-tell", Value::Null),
        (json!([{ "name": "rules.v4", "text": OPEN }]), json!([]), "reachable", Value::Null),
        (json!([{ "name": "rules.v4", "text": CLOSED }]), json!([]), "blocked", json!("network")),
        (json!([]), json!([{ "name": "access.log", "text": log(KAKAOS, 200) }]), "reachable", Value::Null),
        (json!([]), json!([{ "base64": packed }]), "blocked", json!("web-server")),
    ] {
        let question = json!({ "url": site.url(), "dumps": dumps, "logs": logs, "ranges": RANGES });
        let (status, report) = ask(&app, &question).await;
        assert_eq!(
            (status, report["verdict"].as_str(), &report["blocked_by"]["layer"]),
            (200, Some(verdict), &layer),
            "{report:#}"
        );
        assert_eq!(report["evidence"].as_array().unwrap().len(), 8);
    }
}

#[tokio::test]
async fn the_site_is_asked_unless_it_is_not_wanted() {
    let (site, app) = (Site::new(BLOCKS_KAKAO), app());

    let (_, asked) = ask(&app, &json!({ "url": site.url() })).await;
    let (_, silent) = ask(&app, &json!({ "url": site.url(), "probe": false })).await;

    assert_eq!((&asked["verdict"], &asked["probe"]["verdict"]), (&json!("blocked"), &json!("refused-for-kakao")));
    assert_eq!((&silent["verdict"], &silent["probe"]), (&json!("cannot-tell"), &Value::Null));
}

#[tokio::test]
async fn a_document_comes_as_a_file_that_runs_nothing() {
    let app = app();
    let question =
        json!({ "url": "https://shop.example/", "probe": false, "dumps": [{ "text": CLOSED }], "ranges": RANGES });
    for (query, media, name, begins) in [
        ("format=md&lang=ko", "text/markdown; charset=utf-8", "reach.md", "# 카카오톡"),
        ("format=html&lang=en", "text/html; charset=utf-8", "reach.html", "<!DOCTYPE html><html lang=\"en\">"),
    ] {
        let request = app.client.post(app.url(&format!("/api/v1/reach/export?{query}")));
        let response = request.body(question.to_string()).send().await.unwrap();
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert_eq!((response.status().as_u16(), header("content-type").as_str()), (200, media));
        assert_eq!(header("content-disposition"), format!("attachment; filename=\"{name}\""));
        assert_eq!(header("x-content-type-options"), "nosniff");
        #[expect(clippy::disallowed_methods, reason = "our own server's answer is bounded")]
        let document = response.text().await.unwrap();
        assert!(document.starts_with(begins), "{document}");
        assert!(document.contains("dump 1:5"), "{document}");
    }
}

#[tokio::test]
async fn what_cannot_be_used_is_a_problem_with_its_code_and_advice() {
    let app = app();
    let url = "https://shop.example/";
    for (question, status, code) in [
        (json!({}), 400, "url-missing"),
        (json!({ "url": "ftp://shop.example/" }), 400, "url-scheme"),
        (json!({ "url": url, "dump": [] }), 400, "json-invalid"),
        (json!({ "url": url, "logs": [{ "base64": "?" }] }), 400, "json-invalid"),
        (json!({ "url": url, "logs": [{ "name": "a" }] }), 400, "json-invalid"),
        (json!({ "url": url, "proxies": ["ten"] }), 400, "parameter-invalid"),
        (json!({ "url": url, "logs": vec![json!({ "text": "" }); 17] }), 400, "parameter-invalid"),
        (json!({ "url": url, "dumps": [{ "text": "nonsense" }] }), 422, "dump-malformed"),
        (json!({ "url": url, "ranges": "nonsense" }), 422, "ranges-malformed"),
        (json!({ "url": url, "logs": [{ "text": "this is no access log\n" }] }), 422, "log-format-unknown"),
        (json!({ "url": url, "log_format": "nonsense", "logs": [{ "text": "a" }] }), 422, "unknown-log-format"),
    ] {
        let mut question = question;
        question["probe"] = json!(false);
        let (found, problem) = ask(&app, &question).await;
        assert_eq!((found, problem["code"].as_str()), (status, Some(code)), "{question}: {problem:#}");
        assert!(!problem["advice"].as_str().unwrap().is_empty(), "{problem:#}");
    }
    let response = app.client.post(app.url("/api/v1/reach/export?format=pdf")).body("{}").send().await.unwrap();
    let (status, problem) = helpers::json(response).await;
    assert_eq!((status, problem["code"].as_str()), (400, Some("parameter-invalid")), "{problem:#}");
}

#[tokio::test]
async fn a_question_that_is_too_large_or_unpacks_to_too_much_is_refused() {
    let mut settings = patient();
    settings.reach.max_body_bytes = 20_000;
    settings.logs.max_unpacked_bytes = 10_000;
    let app = spawn_app_with(&settings);
    let question = |text: String| json!({ "url": "https://shop.example/", "probe": false, "logs": [{ "text": text }] });

    let (large, _) = ask(&app, &question("x".repeat(30_000))).await;
    let (unpacked, problem) = ask(&app, &question(log(KAKAOS, 200).repeat(40).chars().take(15_000).collect())).await;

    assert_eq!(large, 413);
    assert_eq!((unpacked, problem["code"].as_str()), (413, Some("log-too-large")), "{problem:#}");
}
