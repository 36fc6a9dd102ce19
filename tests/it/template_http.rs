//! Our own answers about templates over HTTP: checked, drawn, turned into code, listed.

use scraplens::config::Settings;
use serde_json::{Value, json};

use crate::helpers::{self, TestApp, TestSite, png, respond, settings, spawn_app_with};

/// Nothing is kept on this machine's disk.
fn quiet() -> Settings {
    let mut settings = settings();
    settings.sandbox.store = String::new();
    settings
}

async fn post(app: &TestApp, path: &str, body: &Value) -> (u16, Value) {
    helpers::json(app.client.post(app.url(path)).body(body.to_string()).send().await.unwrap()).await
}

async fn check(app: &TestApp, body: &Value) -> Value {
    let (status, answer) = post(app, "/api/v1/template/check", body).await;
    assert_eq!(status, 200, "{answer:#}");
    answer
}

fn feed() -> Value {
    json!({
        "object_type": "feed",
        "content": {
            "title": "딸기 치즈 케익", "description": "#케익 #딸기",
            "link": { "web_url": "https://example.com/cake", "mobile_web_url": "https://example.com/cake" }
        },
        "social": { "like_count": 286, "comment_count": 45, "shared_count": 845 },
        "buttons": [{ "title": "웹으로 보기", "link": { "web_url": "https://example.com/cake" } }]
    })
}

#[tokio::test]
async fn a_good_template_is_answered_as_kakao_would_and_drawn() {
    let app = spawn_app_with(&quiet());

    let answer = check(&app, &json!({ "text": feed().to_string(), "app": 1, "theme": "dark", "lang": "ko" })).await;

    assert_eq!(answer["check"]["ok"], true, "{:#}", answer["check"]);
    assert_eq!(answer["check"]["object_type"], "feed");
    let envelope = &answer["envelope"];
    assert_eq!(envelope["template_msg"]["P"]["TP"], "Feed", "{envelope:#}");
    assert_eq!(envelope["template_msg"]["C"]["TI"]["TD"]["T"], "딸기 치즈 케익", "{envelope:#}");
    assert_eq!(envelope["template_args"]["${TITLE}"], "딸기 치즈 케익");
    assert_eq!(answer["message"]["buttons"][0]["title"], "웹으로 보기");
    let html = answer["bubble"]["html"].as_str().unwrap();
    assert!(html.starts_with("<article") && html.contains("딸기"), "{html}");
    assert_eq!(answer["report"], Value::Null);
}

#[tokio::test]
async fn a_template_as_a_value_is_answered_alike_but_without_lines() {
    let app = spawn_app_with(&quiet());
    let mut bad = feed();
    bad["content"]["link"] = json!({});

    let as_text = check(&app, &json!({ "text": serde_json::to_string_pretty(&bad).unwrap() })).await;
    let as_value = check(&app, &json!({ "template": bad })).await;

    let codes = |answer: &Value| -> Vec<String> {
        let problems = answer["check"]["problems"].as_array().unwrap();
        problems.iter().map(|problem| format!("{} {}", problem["path"], problem["code"])).collect()
    };
    assert_eq!(codes(&as_text), codes(&as_value));
    assert_eq!(as_text["envelope"], as_value["envelope"]);
    let problem = |answer: &Value| answer["check"]["problems"][0].clone();
    assert!(problem(&as_text)["line"].is_u64() && problem(&as_value)["line"].is_null(), "{as_text:#}");
}

#[tokio::test]
async fn a_bad_template_is_data() {
    let app = spawn_app_with(&quiet());
    for text in ["", "{", "[]", "null", "{\"object_type\": \"wedding\"}", "{\"object_type\": \"list\"}", "가나다"] {
        let answer = check(&app, &json!({ "text": text })).await;
        assert_eq!(answer["check"]["ok"], false, "{text}: {:#}", answer["check"]);
        let problem = &answer["check"]["problems"][0];
        for field in ["code", "severity", "confidence"] {
            assert!(problem[field].is_string(), "{text}: {problem:#}");
        }
        for field in ["message", "advice"] {
            assert!(problem[field]["ko"].is_string() && problem[field]["en"].is_string(), "{text}: {problem:#}");
        }
    }
    let broken = check(&app, &json!({ "text": "{\n  \"object_type\": \"feed\",,\n}" })).await;
    assert_eq!(
        (&broken["envelope"], &broken["message"], &broken["bubble"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    assert_eq!(broken["check"]["problems"][0]["line"], 2, "{:#}", broken["check"]);
}

#[tokio::test]
async fn what_cannot_be_asked_is_a_problem() {
    let mut settings = quiet();
    settings.sandbox.max_template_bytes = 1000;
    let app = spawn_app_with(&settings);
    let text = feed().to_string();
    for (question, status, code) in [
        (json!({}), 400, "template-missing"),
        (json!({ "text": text, "template_id": 1001 }), 400, "parameter-invalid"),
        (json!({ "text": text, "template": {} }), 400, "parameter-invalid"),
        (json!({ "text": text, "app": 99 }), 400, "parameter-invalid"),
        (json!({ "text": text, "title": "?" }), 400, "json-invalid"),
        (json!({ "text": text, "syntax": "yaml" }), 400, "json-invalid"),
        (json!({ "text": 1 }), 400, "json-invalid"),
        (json!({ "template": [] }), 400, "json-invalid"),
        (json!({ "template_id": 1001, "args": { "A": {} } }), 400, "json-invalid"),
        (json!([]), 400, "json-invalid"),
        (json!({ "url": "example.com" }), 400, "url-no-scheme"),
        (json!({ "template_id": 4 }), 404, "template-unknown"),
        (json!({ "text": " ".repeat(1001) }), 413, "template-too-large"),
        (json!({ "template": { "text": "a".repeat(1001) } }), 413, "template-too-large"),
    ] {
        for path in ["check", "preview.svg", "code"] {
            let mut question = question.clone();
            if path == "code"
                && let Some(question) = question.as_object_mut()
            {
                question.insert("target".to_owned(), json!("javascript"));
            }
            let (answered, problem) = post(&app, &format!("/api/v1/template/{path}"), &question).await;
            let said = (answered, problem["code"].as_str().unwrap_or_default());
            assert_eq!(said, (status, code), "{path} {question}: {problem:#}");
            assert!(problem["advice"].as_str().is_some_and(|advice| !advice.is_empty()), "{problem:#}");
        }
    }
    for path in ["check", "preview.png", "code"] {
        let (status, problem) = app.get(&format!("/api/v1/template/{path}")).await;
        assert_eq!((status, &problem["code"]), (405, &json!("method-not-allowed")), "{path}");
    }
}

#[tokio::test]
async fn a_custom_template_takes_its_arguments_and_names_those_that_are_missing() {
    let app = spawn_app_with(&quiet());
    let args = json!({ "NAME": "라이언", "${DATE}": "5월 5일" });

    let answer = check(&app, &json!({ "template_id": 1005, "args": args })).await;

    assert_eq!(answer["message"]["title"], "라이언님, 예약이 확정되었습니다.", "{answer:#}");
    assert_eq!(answer["envelope"]["template_id"], 1005);
    assert_eq!(answer["envelope"]["argument_msg"], json!({ "${BOOKING_ID}": "there's no given value." }));
    assert!(answer["bubble"]["html"].as_str().unwrap().contains("라이언"));
}

#[tokio::test]
async fn the_file_of_a_custom_template_is_checked_and_filled_as_text() {
    let app = spawn_app_with(&quiet());
    let text = "id = 9\nname = \"own\"\npurpose = \"share\"\nobject_type = \"feed\"\n[content]\ntitle = \"${TITLE}\"\nlink = { web_url = \"https://example.com\" }\n";

    let answer =
        check(&app, &json!({ "text": text, "syntax": "toml", "kind": "custom", "args": { "TITLE": "hi" } })).await;

    assert_eq!(answer["check"]["ok"], true, "{:#}", answer["check"]);
    assert_eq!((&answer["message"]["title"], &answer["envelope"]["template_id"]), (&json!("hi"), &json!(9)));
    assert_eq!(answer["check"]["arguments"], json!(["TITLE"]));
}

fn page(site: &str) -> String {
    format!(
        "<!doctype html><title>t</title><meta property=\"og:title\" content=\"가을 니트\"><meta property=\"og:description\" content=\"포근한 니트\"><meta property=\"og:image\" content=\"{site}/a.png\">"
    )
}

/// A site with a page, a picture of 400x400, one of 100x100, and nothing else.
fn shop() -> TestSite {
    let (large, small) = (png(400, 400), png(100, 100));
    TestSite::answering(move |seen, stream| match seen.path.as_str() {
        "/a.png" => respond(stream, "200 OK", "content-type: image/png\r\n", &large),
        "/small.png" => respond(stream, "200 OK", "content-type: image/png\r\n", &small),
        "/" => {
            let host = format!("http://{}", seen.headers["host"]);
            respond(stream, "200 OK", "content-type: text/html; charset=utf-8\r\n", page(&host).as_bytes());
        }
        _ => respond(stream, "404 Not Found", "content-type: text/plain\r\n", b"no"),
    })
}

fn registering(site: &TestSite) -> Settings {
    let mut settings = quiet();
    settings.scrape.images = true;
    settings.sandbox.apps[0].web_domains = vec![scraplens::template::Domain::parse(&site.url("/")).unwrap()];
    settings
}

#[tokio::test]
async fn a_page_alone_becomes_kakaos_own_scrape_message_and_says_what_of_it_is_inferred() {
    let site = shop();
    let app = spawn_app_with(&registering(&site));

    let answer = check(&app, &json!({ "url": site.url("/") })).await;

    assert_eq!(answer["message"]["title"], "가을 니트", "{answer:#}");
    assert_eq!(answer["report"]["outcome"], "ok");
    assert_eq!(answer["envelope"]["template_args"]["${SCRAP_TITLE}"], "가을 니트");
    let inferred = answer["inferred"].as_array().unwrap();
    let envelope = inferred.iter().find(|inferred| inferred["code"] == "scrape-envelope").unwrap();
    assert!(envelope["message"]["ko"].as_str().unwrap().contains("공개"), "{envelope:#}");
}

#[tokio::test]
async fn a_page_fills_the_scrape_arguments_of_a_custom_template_whatever_the_caller_says() {
    let site = shop();
    let app = spawn_app_with(&registering(&site));
    let args = json!({ "AUTHOR": "라이언", "SCRAP_TITLE": "mine" });

    let answer = check(&app, &json!({ "template_id": 1001, "args": args, "url": site.url("/") })).await;

    assert_eq!(answer["message"]["title"], "가을 니트", "{answer:#}");
    assert_eq!(answer["message"]["description"], "라이언 | 포근한 니트");
}

#[tokio::test]
async fn a_page_that_cannot_be_reached_is_data() {
    let app = spawn_app_with(&quiet());
    let answer = check(&app, &json!({ "url": "http://127.0.0.1:1/" })).await;
    assert_eq!(answer["report"]["outcome"], "connect-refused", "{answer:#}");
    assert!(answer["envelope"].is_object(), "{answer:#}");
}

#[tokio::test]
async fn images_are_measured_where_that_is_asked_for() {
    let site = shop();
    let app = spawn_app_with(&registering(&site));
    let content =
        |picture: &str| json!({ "title": "a", "image_url": site.url(picture), "link": { "web_url": site.url("/") } });
    let template = json!({
        "object_type": "list", "header_title": "h", "header_link": { "web_url": site.url("/") },
        "contents": [content("/a.png"), content("/small.png"), content("/none.png")]
    });
    let text = serde_json::to_string_pretty(&template).unwrap();
    let measured = |answer: &Value| -> Vec<(String, String, bool)> {
        let problems = answer["check"]["problems"].as_array().unwrap().iter();
        let codes = ["image-unreachable", "image-too-small", "image-too-large"];
        let images = problems.filter(|problem| codes.contains(&problem["code"].as_str().unwrap()));
        let told = images.map(|problem| {
            let text = |field: &str| problem[field].as_str().unwrap_or_default().to_owned();
            (text("code"), text("path"), problem["line"].is_u64())
        });
        told.collect()
    };

    let unasked = check(&app, &json!({ "text": text })).await;
    let asked = check(&app, &json!({ "text": text, "images": true })).await;

    assert!(measured(&unasked).is_empty(), "{:#}", unasked["check"]);
    assert_eq!(
        measured(&asked),
        [
            ("image-too-small".to_owned(), "contents[1].image_url".to_owned(), true),
            ("image-unreachable".to_owned(), "contents[2].image_url".to_owned(), true),
        ],
        "{:#}",
        asked["check"]
    );
}

#[tokio::test]
async fn a_message_is_drawn_in_every_format_and_what_is_none_is_not() {
    let app = spawn_app_with(&quiet());
    for (format, media_type, begins) in [
        ("html", "text/html; charset=utf-8", &b"<!DOCTYPE html>"[..]),
        ("svg", "image/svg+xml", b"<svg"),
        ("png", "image/png", b"\x89PNG"),
    ] {
        let body = json!({ "text": feed().to_string(), "width": "pc" }).to_string();
        let url = app.url(&format!("/api/v1/template/preview.{format}"));
        let response = app.client.post(url).body(body).send().await.unwrap();
        assert_eq!(response.status(), 200, "{format}");
        assert_eq!(response.headers()["content-type"], media_type);
        if format != "png" {
            let policy = response.headers()["content-security-policy"].to_str().unwrap();
            assert!(policy.starts_with("default-src 'none'") && !policy.contains("script-src"), "{policy}");
        }
        #[expect(clippy::disallowed_methods, reason = "our own server's answer is bounded")]
        let bytes = response.bytes().await.unwrap();
        assert!(bytes.starts_with(begins), "{format}: {:?}", &bytes[..bytes.len().min(40)]);
    }
    let (status, problem) = post(&app, "/api/v1/template/preview.png", &json!({ "text": "[]" })).await;
    assert_eq!((status, &problem["code"]), (422, &json!("template-not-drawable")), "{problem:#}");
    let (status, problem) = post(&app, "/api/v1/template/preview.gif", &json!({ "text": "{}" })).await;
    assert_eq!((status, &problem["code"]), (404, &json!("not-found")), "{problem:#}");
}

#[tokio::test]
async fn what_a_template_says_stays_text_in_the_bubble() {
    let app = spawn_app_with(&quiet());
    let mut hostile = feed();
    hostile["content"]["title"] = json!("<script>alert(1)</script>");
    hostile["buttons"][0]["title"] = json!("\"><img src=x onerror=alert(1)>");
    hostile["content"]["image_url"] = json!("javascript:alert(1)");

    let answer = check(&app, &json!({ "text": hostile.to_string() })).await;

    let html = answer["bubble"]["html"].as_str().unwrap();
    assert!(!html.contains("<script") && !html.contains("<img src=x"), "{html}");
    assert!(!html.contains("javascript:"), "{html}");
}

#[tokio::test]
async fn a_template_becomes_code_for_every_sdk() {
    let app = spawn_app_with(&quiet());
    for (target, language, call) in [
        ("javascript", "javascript", "Kakao.Share.sendDefault"),
        ("android", "kotlin", "FeedTemplate"),
        ("ios", "swift", "FeedTemplate"),
        ("flutter", "dart", "FeedTemplate"),
        ("rest", "bash", "https://kapi.kakao.com/v2/api/talk/memo/default/send"),
    ] {
        let question = json!({ "template": feed(), "target": target, "callback_args": { "order": "42" } });
        let (status, answer) = post(&app, "/api/v1/template/code", &question).await;
        assert_eq!((status, &answer["target"], &answer["language"]), (200, &json!(target), &json!(language)));
        let code = answer["code"].as_str().unwrap();
        assert!(code.contains(call) && code.contains("딸기 치즈 케익"), "{target}: {code}");
        for note in answer["notes"].as_array().unwrap() {
            assert!(note["ko"].is_string() && note["en"].is_string(), "{note:#}");
        }
    }
}

#[tokio::test]
async fn code_of_a_custom_template_and_of_a_page_names_them() {
    let app = spawn_app_with(&quiet());
    let code = async |question: Value| {
        let (status, answer) = post(&app, "/api/v1/template/code", &question).await;
        assert_eq!(status, 200, "{answer:#}");
        answer["code"].as_str().unwrap().to_owned()
    };
    let custom = code(json!({ "template_id": 1005, "args": { "NAME": "Ryan" }, "target": "javascript" })).await;
    let page = code(json!({ "url": "https://example.com/a?b=1", "target": "javascript" })).await;
    assert!(custom.contains("sendCustom") && custom.contains("1005") && custom.contains("Ryan"), "{custom}");
    assert!(page.contains("sendScrap") && page.contains("https://example.com/a?b=1"), "{page}");
}

#[tokio::test]
async fn code_is_asked_for_with_a_target_and_callback_arguments_that_fit() {
    let app = spawn_app_with(&quiet());
    for question in [
        json!({ "template": feed() }),
        json!({ "template": feed(), "target": "cobol" }),
        json!({ "template": feed(), "target": "rest", "callback_args": "no json" }),
        json!({ "template": feed(), "target": "rest", "callback_args": { "a": [] } }),
    ] {
        let (status, problem) = post(&app, "/api/v1/template/code", &question).await;
        assert_eq!((status, &problem["code"]), (400, &json!("json-invalid")), "{question}: {problem:#}");
    }
    let (status, problem) =
        post(&app, "/api/v1/template/code", &json!({ "template": { "a": 1 }, "target": "rest" })).await;
    assert!(status == 422 || status == 200, "{problem:#}");
}

#[tokio::test]
async fn every_sample_is_without_errors_and_every_type_has_one() {
    let app = spawn_app_with(&quiet());
    let (status, samples) = app.get("/api/v1/template/samples").await;
    assert_eq!(status, 200, "{samples:#}");
    let samples = samples.as_array().unwrap();
    for object_type in ["feed", "list", "location", "commerce", "text", "calendar"] {
        assert!(samples.iter().any(|sample| sample["object_type"] == object_type), "{object_type}");
    }
    for sample in samples {
        assert!(sample["title"]["ko"].is_string() && sample["title"]["en"].is_string(), "{sample:#}");
        let answer = check(&app, &json!({ "text": sample["text"] })).await;
        assert_eq!(answer["check"]["ok"], true, "{}: {:#}", sample["name"], answer["check"]);
        assert!(answer["bubble"]["html"].is_string());
    }
}

#[tokio::test]
async fn custom_templates_are_listed_with_their_text_and_arguments() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("own.json"),
        json!({ "id": 7, "name": "own", "purpose": "share", "object_type": "feed",
            "content": { "title": "${A} ${SCRAP_TITLE}", "link": { "web_url": "https://example.com" } } })
        .to_string(),
    )
    .unwrap();
    let mut settings = quiet();
    settings.sandbox.templates = folder.path().to_owned();
    let app = spawn_app_with(&settings);

    let (status, templates) = app.get("/api/v1/templates").await;

    assert_eq!(status, 200, "{templates:#}");
    let own = &templates[0];
    assert_eq!((&own["id"], &own["name"], &own["purpose"]), (&json!(7), &json!("own"), &json!("share")), "{own:#}");
    assert_eq!((&own["arguments"], &own["scrap_arguments"]), (&json!(["A"]), &json!(["SCRAP_TITLE"])));
    assert_eq!((&own["syntax"], &own["object_type"]), (&json!("json"), &json!("feed")));
    assert!(own["file"].as_str().unwrap().ends_with("own.json"));
    for template in templates.as_array().unwrap() {
        let body = json!({ "text": template["text"], "syntax": template["syntax"], "kind": "custom" });
        let answer = check(&app, &body).await;
        assert_eq!(answer["check"]["ok"], true, "{}: {:#}", template["name"], answer["check"]);
    }
}

#[tokio::test]
async fn the_shapes_are_described() {
    let app = spawn_app_with(&quiet());
    let (_, api) = app.get("/openapi.json").await;
    let answer = check(&app, &json!({ "text": feed().to_string() })).await;
    let (_, samples) = app.get("/api/v1/template/samples").await;
    let (_, templates) = app.get("/api/v1/templates").await;
    let (_, code) = post(&app, "/api/v1/template/code", &json!({ "template": feed(), "target": "ios" })).await;

    for (path, method) in [
        ("/api/v1/template/check", "post"),
        ("/api/v1/template/preview.{format}", "post"),
        ("/api/v1/template/code", "post"),
        ("/api/v1/template/samples", "get"),
        ("/api/v1/templates", "get"),
    ] {
        assert!(api["paths"][path][method]["responses"]["200"].is_object(), "{path} is not described");
    }
    for (shape, value) in [
        ("Check", &answer["check"]),
        ("Message", &answer["message"]),
        ("Bubble", &answer["bubble"]),
        ("SampleAnswer", &samples[0]),
        ("CustomAnswer", &templates[0]),
        ("Code", &code),
    ] {
        for field in value.as_object().unwrap().keys() {
            let described = &api["components"]["schemas"][shape]["properties"][field];
            assert!(!described.is_null(), "{shape}.{field} is not described");
        }
    }
}
