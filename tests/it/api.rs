//! The HTTP face: problems, health, the description, assets, headers, bodies that are too large or too slow.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::helpers::{self, TestSite, codes, encode, json as read_json, settings, spawn_app, spawn_app_with};

const PAGE: &str = "<!doctype html><html><head><meta charset=utf-8><title>제목</title>\
    <meta property=og:title content='카드 제목'><meta property=og:image content=/a.png></head><body>x</body></html>";

#[tokio::test]
async fn a_page_is_scraped_over_get_and_post_alike() {
    let (app, site) = (spawn_app(), TestSite::page(PAGE));

    let by_get = app.scrape(&site.url("/post/1")).await;
    let body = json!({ "url": site.url("/post/1"), "fresh": true });
    let (status, by_post) =
        read_json(app.client.post(app.url("/api/v1/scrape")).body(body.to_string()).send().await.unwrap()).await;

    assert_eq!((status, &by_get["outcome"]), (200, &json!("ok")));
    assert_eq!(by_get["card"]["title"], "카드 제목");
    assert_eq!(by_get["card"]["images"][0]["url"], site.url("/a.png"));
    assert_eq!(by_get["card"], by_post["card"]);
    assert_eq!((&by_get["cache"]["state"], &by_post["cache"]["state"]), (&json!("miss"), &json!("bypass")));
    assert_eq!(site.seen().len(), 2);
}

#[tokio::test]
async fn every_rejection_is_a_problem_with_code_and_advice() {
    let app = spawn_app();
    let get = |path: &str| app.client.get(app.url(path));
    let post = |path: &str, body: &'static str| app.client.post(app.url(path)).body(body);
    let cases = [
        ("no url", get("/api/v1/scrape"), 400, "url-missing"),
        ("an empty url", get("/api/v1/scrape?url="), 400, "url-missing"),
        ("no scheme", get("/api/v1/scrape?url=example.com"), 400, "url-no-scheme"),
        ("another scheme", get("/api/v1/scrape?url=file:///etc/passwd"), 400, "url-scheme"),
        ("a password", get("/api/v1/scrape?url=http://u:p@example.com/"), 400, "url-userinfo"),
        (
            "a control character in ua",
            get("/api/v1/scrape?url=http://example.com/&ua=a%0d%0ab"),
            400,
            "user-agent-invalid",
        ),
        ("fresh=maybe", get("/api/v1/scrape?url=http://example.com/&fresh=maybe"), 400, "parameter-invalid"),
        (
            "a url that is given twice",
            get("/api/v1/scrape?url=http://a.example/&url=http://b.example/"),
            400,
            "query-invalid",
        ),
        ("a body that is not JSON", post("/api/v1/scrape", "{"), 400, "json-invalid"),
        ("a body without url", post("/api/v1/scrape", "{}"), 400, "url-missing"),
        ("HTML without url", post("/api/v1/extract", "<title>x</title>"), 400, "url-missing"),
        ("an unknown path", get("/nowhere"), 404, "not-found"),
        ("an unknown asset", get("/static/../Cargo.toml"), 404, "not-found"),
        ("a wrong method", app.client.put(app.url("/api/v1/scrape")), 405, "method-not-allowed"),
        ("a wrong method on a page", post("/healthz", ""), 405, "method-not-allowed"),
    ];
    for (what, request, status, code) in cases {
        let response = request.send().await.unwrap();
        assert_eq!(response.headers()["content-type"], "application/problem+json", "{what}");
        let allow = response.headers().contains_key("allow");
        let (answered, problem) = read_json(response).await;
        assert_eq!((answered, problem["code"].as_str().unwrap()), (status, code), "{what}: {problem:#}");
        assert_eq!(problem["status"], status, "{what}");
        for field in ["type", "title", "detail", "advice"] {
            assert!(problem[field].as_str().is_some_and(|text| !text.is_empty()), "{what}: {field}");
        }
        assert_eq!(allow, status == 405, "{what}: Allow belongs to 405 (RFC 9110, 15.5.6)");
        assert!(!problem.to_string().contains(":p@"), "{what}: a password is repeated");
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_by_its_announcement_and_by_its_bytes() {
    let mut settings = settings();
    settings.server.max_body_bytes = 1000;
    let app = spawn_app_with(&settings);
    let path = format!("/api/v1/extract?url={}", encode("http://example.com/"));

    let announced = app.client.post(app.url(&path)).body(vec![b'a'; 1001]).send().await.unwrap();
    let mut stream = TcpStream::connect(app.address).unwrap();
    let head = format!("POST {path} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(format!("{:x}\r\n{}\r\n0\r\n\r\n", 2000, "a".repeat(2000)).as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();

    let (status, problem) = read_json(announced).await;
    assert_eq!((status, problem["code"].as_str().unwrap()), (413, "body-too-large"));
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("body-too-large"), "{answer}");
}

#[tokio::test]
async fn a_body_that_drips_is_given_up() {
    let mut settings = settings();
    settings.server.body_timeout_seconds = 1;
    let app = spawn_app_with(&settings);
    let mut stream = TcpStream::connect(app.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let path = format!("/api/v1/extract?url={}", encode("http://example.com/"));
    let started = Instant::now();

    stream.write_all(format!("POST {path} HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n<ti").as_bytes()).unwrap();
    let mut answer = vec![0; 2000];
    let read = stream.read(&mut answer).unwrap();

    let answer = String::from_utf8_lossy(&answer[..read]).into_owned();
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("application/problem+json"), "{answer}");
    assert!(started.elapsed() < Duration::from_secs(4), "{:?}", started.elapsed());
}

#[tokio::test]
async fn the_charset_of_a_posted_page_is_the_content_types() {
    let app = spawn_app();
    let (euc_kr, _, _) = encoding_rs::EUC_KR.encode("<title>똠방각하</title>");

    let report = app.extract("http://example.com/", "text/html; charset=euc-kr", euc_kr.into_owned()).await;

    assert_eq!(report["card"]["title"], "똠방각하");
    assert_eq!(
        (&report["page"]["charset"], &report["page"]["charset_source"]),
        (&json!("EUC-KR"), &json!("http-header"))
    );
}

#[tokio::test]
async fn the_server_is_alive_ready_and_described() {
    let app = spawn_app();

    let (alive, _) = app.get("/healthz").await;
    let (ready, _) = app.get("/readyz").await;
    let (_, api) = app.get("/openapi.json").await;

    assert_eq!((alive, ready), (200, 200));
    assert!(api["openapi"].as_str().unwrap().starts_with("3.1"));
    for (path, methods) in [
        ("/api/v1/scrape", &["get", "post", "delete"][..]),
        ("/api/v1/extract", &["post"]),
        ("/healthz", &["get"]),
        ("/readyz", &["get"]),
    ] {
        for method in methods {
            assert!(api["paths"][path][method]["responses"].is_object(), "{method} {path} is not described");
        }
    }
    for shape in ["Report", "Card", "Tag", "Finding", "Hop", "ProblemDetails"] {
        assert!(api["components"]["schemas"][shape].is_object(), "{shape} is not described");
    }
}

/// Every field of a real report is in the description, so that a client made from it loses nothing.
#[tokio::test]
async fn the_description_names_every_field_of_a_report() {
    let (app, site) = (spawn_app(), TestSite::page(PAGE));
    let (_, api) = app.get("/openapi.json").await;

    let report = app.scrape(&site.url("/")).await;

    for (shape, value) in [
        ("Report", &report),
        ("Card", &report["card"]),
        ("Hop", &report["hops"][0]),
        ("Page", &report["page"]),
        ("Tag", &report["tags"][0]),
        ("CacheState", &report["cache"]),
    ] {
        for field in value.as_object().unwrap().keys() {
            assert!(
                api["components"]["schemas"][shape]["properties"][field].is_object(),
                "{shape}.{field} is not described"
            );
        }
    }
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_keep_text_text() {
    let app = spawn_app();
    for path in ["/", "/docs", "/healthz", "/nowhere", "/openapi.json", "/static/js/main.js"] {
        let response = app.client.get(app.url(path)).send().await.unwrap();
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("referrer-policy"), "no-referrer", "{path}");
        let policy = header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
    }
}

#[tokio::test]
async fn head_answers_like_get_without_a_body() {
    let app = spawn_app();

    let get = app.client.get(app.url("/healthz")).send().await.unwrap();
    let head = app.client.head(app.url("/healthz")).send().await.unwrap();

    assert_eq!(head.status(), 200);
    assert_eq!(head.headers()["content-length"], get.headers()["content-length"]);
}

#[tokio::test]
async fn an_asset_that_is_known_is_not_sent_again() {
    let app = spawn_app();
    let first = app.client.get(app.url("/static/css/tokens.css")).send().await.unwrap();
    let tag = first.headers()["etag"].clone();
    let second = app.client.get(app.url("/static/css/tokens.css")).header("if-none-match", tag).send().await.unwrap();
    assert_eq!((first.status().as_u16(), second.status().as_u16()), (200, 304));
}

#[tokio::test]
async fn a_reset_says_what_it_dropped_and_what_stays_stale() {
    let (app, site) = (spawn_app(), TestSite::page(PAGE));
    let url = site.url("/");
    app.scrape(&url).await;
    app.get(&format!("{}&ua=browser", helpers::scrape_path(&url))).await;

    let first = app.reset(&url).await;
    let second = app.reset(&url).await;
    let again = app.scrape(&url).await;

    assert_eq!((&first["dropped"], &second["dropped"]), (&json!(2), &json!(0)));
    assert_eq!(codes(&first), ["stale-image-possible", "sent-messages-stay"]);
    assert_eq!(again["cache"]["state"], "miss");
    assert_eq!(site.seen().len(), 3);
}

#[tokio::test]
async fn og_url_is_followed_only_when_asked_and_only_once() {
    let site = TestSite::page(
        "<head><meta property=og:title content=home><meta property=og:url content='http://elsewhere.example/'></head>",
    );
    let address = site.address;
    let front = TestSite::answering(move |seen, stream| {
        let body = match seen.path.as_str() {
            "/post" => {
                format!("<head><title>post</title><meta property=og:url content='http://{address}/home'></head>")
            }
            _ => "<head></head>".to_owned(),
        };
        helpers::respond(stream, "200 OK", "content-type: text/html\r\n", body.as_bytes());
    });
    let app = spawn_app();
    let path = helpers::scrape_path(&front.url("/post"));

    let (_, plain) = app.get(&path).await;
    let (_, followed) = app.get(&format!("{path}&follow_og_url=true")).await;

    assert_eq!(plain["card"]["title"], "post");
    assert!(codes(&plain).contains(&"og-url-mismatch".to_owned()), "{:?}", codes(&plain));
    assert_eq!(plain["followed_og_url"], Value::Null);
    assert_eq!(followed["card"]["title"], "home");
    assert_eq!(followed["followed_og_url"], format!("http://{address}/home"));
    assert!(codes(&followed).contains(&"og-url-followed".to_owned()));
    assert_eq!(site.seen().len(), 1, "one hop, and not on from there");
}
