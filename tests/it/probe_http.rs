//! Probes over HTTP: the report, the caller's mistakes, bounded places, and the way out.

use std::{io::Write as _, net::TcpStream, time::Duration};

use scraplens::config::Settings;
use serde_json::{Value, json};

use crate::{
    helpers::{self, TestApp, TestSite, respond, settings, spawn_app, spawn_app_with},
    support::PAGE,
};

async fn probe(app: &TestApp, question: &Value) -> (u16, Value) {
    helpers::json(app.client.post(app.url("/api/v1/probe")).body(question.to_string()).send().await.unwrap()).await
}

fn quick() -> Settings {
    let mut settings = settings();
    (settings.probe.pause_ms, settings.probe.runs) = (0, 1);
    settings
}

#[tokio::test]
async fn a_probe_is_answered_with_its_report() {
    let app = spawn_app_with(&quick());
    let site = TestSite::page(PAGE);
    let url = format!("http://{}/", site.address);

    let (status, report) = probe(&app, &json!({ "url": url, "image": false })).await;

    assert_eq!((status, &report["verdict"]), (200, &json!("open")), "{report:#}");
    assert_eq!(report["requested_url"], url);
    assert!(report["visits"].as_array().unwrap().iter().all(|visit| visit["of"] == "page"), "{report:#}");
}

#[tokio::test]
async fn a_site_that_fails_is_data() {
    let app = spawn_app_with(&quick());
    let (status, report) = probe(&app, &json!({ "url": "http://127.0.0.1:1/" })).await;
    assert_eq!(status, 200, "{report:#}");
    assert_ne!(report["verdict"], "open");
}

#[tokio::test]
async fn what_cannot_be_asked_is_a_problem() {
    let app = spawn_app();
    for (question, code) in [
        (json!({}), "url-missing"),
        (json!({ "url": " " }), "url-missing"),
        (json!({ "url": "example.kr" }), "url-no-scheme"),
        (json!({ "url": "https://example.kr/", "runs": 0 }), "parameter-invalid"),
        (json!({ "url": "https://example.kr/", "runs": 1000 }), "parameter-invalid"),
        (json!({ "url": "https://example.kr/", "times": 3 }), "json-invalid"),
        (json!([]), "json-invalid"),
    ] {
        let (status, problem) = probe(&app, &question).await;
        assert_eq!((status, problem["code"].as_str().unwrap_or_default()), (400, code), "{question}: {problem:#}");
    }
}

#[tokio::test]
async fn only_so_many_probes_run_and_one_that_was_left_ends() {
    let mut settings = quick();
    (settings.probe.max_parallel, settings.probe.max_waiting, settings.probe.deadline_ms) = (1, 0, 2_000);
    let app = spawn_app_with(&settings);
    let slow = TestSite::answering(|_, stream| {
        std::thread::sleep(Duration::from_secs(5));
        respond(stream, "200 OK", "content-type: text/html\r\n", PAGE.as_bytes());
    });
    let fast = TestSite::page(PAGE);
    let body = json!({ "url": format!("http://{}/", slow.address) }).to_string();
    let request = format!("POST /api/v1/probe HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    // One that came while another ran may have been sent away.
    let hold = || {
        let mut stream = TcpStream::connect(app.address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        stream
    };
    let mut left = vec![hold()];
    let question = json!({ "url": format!("http://{}/", fast.address), "image": false });

    let mut refused = probe(&app, &question).await;
    for _ in 0..100 {
        if refused.0 == 503 {
            break;
        }
        left.push(hold());
        tokio::time::sleep(Duration::from_millis(20)).await;
        refused = probe(&app, &question).await;
    }
    drop(left);
    let mut served = probe(&app, &question).await;
    for _ in 0..500 {
        if served.0 == 200 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        served = probe(&app, &question).await;
    }

    assert_eq!((refused.0, &refused.1["code"]), (503, &json!("busy")), "{:#}", refused.1);
    assert_eq!(served.0, 200, "the place comes free again: {:#}", served.1);
}

#[tokio::test]
async fn the_way_out_is_told_unless_it_is_switched_off() {
    let mut open = quick();
    // A name server where nobody listens: nothing leaves this machine.
    open.dns.servers = vec!["127.0.0.1:1".parse().unwrap()];
    open.dns.timeout_ms = 200;
    let mut closed = open.clone();
    closed.probe.outbound_over_http = false;

    let (status, report) = spawn_app_with(&open).get("/api/v1/probe/outbound").await;
    let (refused, problem) = spawn_app_with(&closed).get("/api/v1/probe/outbound").await;

    assert_eq!((status, &report["reachable"]), (200, &json!(false)), "{report:#}");
    assert!(report["hosts"][0]["advice"]["ko"].is_string(), "{report:#}");
    assert_eq!((refused, &problem["code"]), (403, &json!("switched-off")), "{problem:#}");
    assert!(problem["advice"].as_str().unwrap().contains("probe.outbound_over_http"));
}

#[tokio::test]
async fn the_shapes_are_described() {
    let app = spawn_app_with(&quick());
    let site = TestSite::page(PAGE);
    let (_, api) = app.get("/openapi.json").await;
    let (_, report) = probe(&app, &json!({ "url": format!("http://{}/", site.address) })).await;

    for (path, method) in [("/api/v1/probe", "post"), ("/api/v1/probe/outbound", "get")] {
        assert!(api["paths"][path][method]["responses"].is_object(), "{path} is not described");
    }
    for (shape, value) in [
        ("ProbeReport", &report),
        ("Connection", &report["connections"][0]),
        ("Visit", &report["visits"][0]),
        ("Run", &report["visits"][0]["runs"][0]),
        ("ProbeQuestion", &json!({ "url": 0, "runs": 0, "image": 0 })),
    ] {
        for field in value.as_object().unwrap().keys() {
            let described = &api["components"]["schemas"][shape]["properties"][field];
            assert!(!described.is_null(), "{shape}.{field} is not described");
        }
    }
}
