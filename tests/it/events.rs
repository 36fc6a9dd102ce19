//! A scrape as server-sent events: told while it happens, and the same report at the end.

use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use serde_json::Value;

use crate::helpers::{TestApp, TestSite, curious_settings, encode, png, respond, spawn_app_with};

/// One event, and when it came.
struct Told {
    name: String,
    data: Value,
    at: Duration,
}

/// Everything that is told of a scrape of `url`.
async fn listen(app: &TestApp, url: &str) -> Vec<Told> {
    let started = Instant::now();
    let response = app.client.get(app.url(&format!("/api/v1/scrape/events?url={}", encode(url)))).send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let (mut stream, mut text, mut told) = (response.bytes_stream(), String::new(), Vec::new());
    while let Some(piece) = stream.next().await {
        text.push_str(std::str::from_utf8(&piece.unwrap()).unwrap());
        while let Some((event, rest)) = text.split_once("\n\n") {
            if let Some((name, data)) = event.strip_prefix("event: ").and_then(|event| event.split_once("\ndata: ")) {
                let data = serde_json::from_str(data).unwrap();
                told.push(Told { name: name.to_owned(), data, at: started.elapsed() });
            }
            text = rest.to_owned();
        }
    }
    told
}

fn names(told: &[Told]) -> Vec<&str> {
    told.iter().map(|told| told.name.as_str()).collect()
}

/// Two hops, the second slow; then an image.
fn slow_site() -> TestSite {
    TestSite::answering(|seen, stream| match seen.path.as_str() {
        "/go" => respond(stream, "302 Found", "location: /page\r\n", b""),
        "/image" => respond(stream, "200 OK", "content-type: image/png\r\n", &png(800, 400)),
        "/robots.txt" => respond(stream, "404 Not Found", "", b""),
        _ => {
            std::thread::sleep(Duration::from_millis(700));
            let html = "<!doctype html><html><head><meta property=og:title content=t><meta property=og:image content=/image></head><body></body></html>";
            respond(stream, "200 OK", "content-type: text/html; charset=utf-8\r\n", html.as_bytes());
        }
    })
}

#[tokio::test]
async fn hops_are_told_while_they_happen_and_the_report_comes_last() {
    let site = slow_site();
    let app = spawn_app_with(&curious_settings());

    let told = listen(&app, &site.url("/go")).await;

    let order = names(&told);
    assert_eq!(order[..6], ["asking", "hop", "asking", "hop", "page", "card"], "{order:?}");
    assert_eq!(order.last(), Some(&"done"));
    assert!(order.contains(&"image") && order.contains(&"finding"), "{order:?}");
    let (first, done) = (&told[1], told.last().unwrap());
    assert_eq!(
        (&first.data["hop"]["status"], &first.data["of"], &first.data["who"]),
        (&302.into(), &"page".into(), &"same".into())
    );
    assert!(
        first.at + Duration::from_millis(500) < done.at,
        "the first hop came at {:?}, the end at {:?}",
        first.at,
        done.at
    );
    let (_, report) = app.get(&crate::helpers::scrape_path(&site.url("/go"))).await;
    assert_eq!(report["card"], done.data["card"]);
    assert_eq!(report["findings"], done.data["findings"]);
}

#[tokio::test]
async fn a_kept_report_is_told_in_one_go_with_the_same_events() {
    let site = slow_site();
    let app = spawn_app_with(&curious_settings());
    let live = listen(&app, &site.url("/go")).await;

    let kept = listen(&app, &site.url("/go")).await;

    let without_asking = |told: &[Told]| {
        let mut names: Vec<String> = told
            .iter()
            .filter(|told| told.name != "asking" && told.data["of"] != "image")
            .map(|told| told.name.clone())
            .collect();
        names.sort();
        names
    };
    assert_eq!(without_asking(&live), without_asking(&kept));
    assert!(kept.last().unwrap().at < Duration::from_millis(500));
    assert_eq!(kept.last().unwrap().data["cache"]["state"], "hit");
}

#[tokio::test]
async fn a_bad_address_is_a_problem_before_anything_is_told() {
    let app = spawn_app_with(&curious_settings());
    let (status, problem) = app.get("/api/v1/scrape/events?url=ftp://example.com/").await;
    assert_eq!((status, &problem["status"]), (400, &400.into()), "{problem:#}");
}

#[tokio::test]
async fn too_much_to_do_is_told_as_a_problem() {
    let site = slow_site();
    let mut settings = curious_settings();
    settings.scrape.max_concurrent = 1;
    settings.scrape.max_waiting = 0;
    let app = spawn_app_with(&settings);

    let (one, other) = (site.url("/page/1"), site.url("/page/2"));
    let (one, other) = tokio::join!(listen(&app, &one), async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        listen(&app, &other).await
    });

    assert_eq!(one.last().unwrap().name, "done");
    let last = other.last().unwrap();
    assert_eq!((last.name.as_str(), &last.data["code"]), ("problem", &"busy".into()), "{:#}", last.data);
}

#[tokio::test]
async fn the_source_is_shown_around_its_tags() {
    let filler = "<!-- filler -->\n".repeat(600);
    let html = format!(
        "<!doctype html>\n<html><head>\n<meta property=\"og:title\" content=\"제목\">\n{filler}<title>t</title></head><body></body></html>"
    );
    let site = TestSite::page(html);
    let app = spawn_app_with(&curious_settings());

    let (status, source) = app.get(&format!("/api/v1/scrape/source?url={}", encode(&site.url("/")))).await;

    assert_eq!((status, &source["total_lines"], &source["truncated"]), (200, &604.into(), &true.into()));
    let lines = source["lines"].as_array().unwrap();
    let line =
        |number: u64| lines.iter().find(|line| line["number"] == number).map(|line| line["text"].as_str().unwrap());
    assert_eq!(line(3), Some("<meta property=\"og:title\" content=\"제목\">"));
    assert!(line(604).unwrap().starts_with("<title>t</title>"));
    assert_eq!(line(300), None);
}
