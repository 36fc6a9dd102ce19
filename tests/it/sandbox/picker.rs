//! The picker: its window, its button, and its refusals.

use serde_json::json;

use super::{JAVASCRIPT, Kapi, NATIVE, REST, Reply, TEXT};
use crate::helpers::{TestSite, respond, settings};

const KA: &str = "sdk/2.7.4 os/javascript sdk_type/javascript lang/ko device/Win32 origin/https%3A%2F%2Fexample.com";
const PAGE: (&str, &str) = ("accept", "text/html,application/xhtml+xml");

fn params(template: &str) -> String {
    format!(r#"{{"link_ver":"4.0","template_object":{template}}}"#)
}

async fn open(kapi: &Kapi, form: &[(&str, &str)]) -> Reply {
    kapi.ask("POST", "/picker/link", &[PAGE], Some(form)).await
}

#[actix_web::test]
async fn the_window_shows_the_message_and_the_chats_and_runs_nothing_of_the_message() {
    let template =
        r#"{"object_type":"text","text":"<script>alert(1)</script> 안녕","link":{"web_url":"https://example.com/"}}"#;
    let kapi = Kapi::new();
    let form = [
        ("app_key", JAVASCRIPT),
        ("ka", KA),
        ("validation_action", "default"),
        ("validation_params", &params(template)),
        ("lcba", r#"{"order":"<b>7</b>"}"#),
    ];
    let reply = open(&kapi, &form).await;

    assert_eq!(reply.status, 200, "{}", reply.text);
    assert!(reply.headers["content-type"].starts_with("text/html"));
    let policy = &reply.headers["content-security-policy"];
    assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{policy}");
    assert!(!reply.text.contains("<script>alert"), "text stays text");
    assert!(reply.text.contains("id=\"validatedTalkLink\""));
    for chat in ["MemoChat", "DirectChat", "MultiChat", "OpenDirectChat", "OpenMultiChat"] {
        assert!(reply.text.contains(&format!("value=\"{chat}\"")), "{chat}");
    }
    assert!(reply.text.contains("보내기") && reply.text.contains("lang=\"ko\""));
}

#[actix_web::test]
async fn older_paths_and_get_and_values_as_text_are_the_same() {
    let kapi = Kapi::new();
    let text = json!({ "link_ver": "4.0", "template_object": TEXT }).to_string();
    let form = [("app_key", NATIVE), ("ka", KA), ("validation_action", "default"), ("validation_params", &*text)];
    for path in ["/picker/link", "/talk/friends/picker/link", "/talk/friends/picker/easylink"] {
        let reply = kapi.ask("GET", &format!("{path}?{}", super::pairs(&form)), &[PAGE], None).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text);
    }
}

#[actix_web::test]
async fn the_button_fires_the_webhook_and_the_opener_is_told() {
    let handler = TestSite::answering(|_, stream| respond(stream, "200 OK", "", b"ok"));
    let mut settings = settings();
    settings.sandbox.apps[0].webhook_url.0 = Some(handler.url("/hook").parse().unwrap());
    let kapi = Kapi::with(&settings);
    let parameters = params(TEXT);
    let form = [
        ("app_key", JAVASCRIPT),
        ("ka", KA),
        ("validation_action", "default"),
        ("validation_params", parameters.as_str()),
        ("lcba", r#"{"order":"7"}"#),
        ("chat_type", "DirectChat"),
    ];

    let reply = kapi.ask("POST", "/picker/send", &[PAGE, ("sec-fetch-site", "same-origin")], Some(&form)).await;

    assert_eq!(reply.status, 200, "{}", reply.text);
    assert!(reply.text.contains("data-origin=\"https://example.com\""), "{}", reply.text);
    assert_eq!(handler.seen().len(), 1);
    assert_eq!(handler.seen()[0].path, "/hook");
}

#[actix_web::test]
async fn another_page_cannot_press_the_button() {
    let handler = TestSite::answering(|_, stream| respond(stream, "200 OK", "", b"ok"));
    let mut settings = settings();
    settings.sandbox.apps[0].webhook_url.0 = Some(handler.url("/hook").parse().unwrap());
    let kapi = Kapi::with(&settings);
    let parameters = params(TEXT);
    let form = [
        ("app_key", JAVASCRIPT),
        ("ka", KA),
        ("validation_action", "default"),
        ("validation_params", parameters.as_str()),
        ("lcba", r#"{"order":"7"}"#),
        ("chat_type", "MemoChat"),
    ];
    for site in ["cross-site", "same-site", "none"] {
        let reply = kapi.ask("POST", "/picker/send", &[PAGE, ("sec-fetch-site", site)], Some(&form)).await;
        assert_eq!(reply.status, 400, "{site}");
    }
    assert!(handler.seen().is_empty());
}

#[actix_web::test]
async fn each_refusal_has_the_code_and_the_status_of_the_picker() {
    let kapi = Kapi::new();
    let (good, bad) = (params(TEXT), params(r#"{"object_type":"text"}"#));
    let scrap = |url: &str| json!({ "link_ver": "4.0", "request_url": url }).to_string();
    let elsewhere = KA.replace("example.com", "evil.example");
    for (key, ka, action, parameters, status, code) in [
        ("0", KA, "default", good.clone(), 400, "4003"),
        (JAVASCRIPT, elsewhere.as_str(), "default", good.clone(), 401, "KOE009"),
        (REST, KA, "default", good.clone(), 401, "KOE009"),
        (JAVASCRIPT, KA, "default", bad, 400, "4002"),
        (JAVASCRIPT, KA, "dance", good.clone(), 400, "4002"),
        (JAVASCRIPT, KA, "default", "{".to_owned(), 400, "4002"),
        (JAVASCRIPT, KA, "custom", json!({ "template_id": 99_999 }).to_string(), 400, "4002"),
        (JAVASCRIPT, KA, "scrap", scrap("https://unregistered.example/"), 400, "4002"),
        (JAVASCRIPT, KA, "scrap", scrap("no url"), 404, "4041"),
    ] {
        let form =
            [("app_key", key), ("ka", ka), ("validation_action", action), ("validation_params", parameters.as_str())];
        let program = kapi.ask("POST", "/picker/link", &[("accept", "application/json")], Some(&form)).await;
        assert_eq!((program.status, &program.json()["error_code"]), (status, &json!(code)), "{action} {parameters}");
        let window = open(&kapi, &form).await;
        assert_eq!(window.status, status);
        assert!(window.text.contains("lang=\"ko\"") && window.text.contains("lang=\"en\""), "both languages");
    }
}

#[actix_web::test]
async fn a_misconfigured_app_is_told_in_kakaos_words() {
    let form = [
        ("app_key", JAVASCRIPT),
        ("ka", "os/javascript origin/https%3A%2F%2Fevil.example"),
        ("validation_action", "default"),
    ];
    let reply = Kapi::new().ask("POST", "/picker/link", &[], Some(&form)).await;
    let theirs = json!({ "error": "misconfigured", "error_code": "KOE009",
        "error_description": "invalid android_key_hash or ios_bundle_id or web_site_url" });
    assert_eq!((reply.status, reply.json()), (401, theirs));
}

#[actix_web::test]
async fn a_used_up_quota_is_4006() {
    let mut settings = settings();
    settings.sandbox.quota.share_daily = 0;
    let parameters = params(TEXT);
    let form = [("app_key", NATIVE), ("validation_action", "default"), ("validation_params", parameters.as_str())];
    let reply = Kapi::with(&settings).ask("POST", "/picker/link", &[], Some(&form)).await;
    assert_eq!((reply.status, &reply.json()["error_code"]), (400, &json!("4006")));
}

#[actix_web::test]
async fn the_page_of_a_failed_call_shows_its_error_as_text() {
    let error = data_encoding::BASE64URL_NOPAD.encode(br#"{"code":-401,"msg":"<b>domain</b> mismatched!"}"#);
    let kapi = Kapi::new();
    let reply = kapi.ask("GET", &format!("/picker/failed?app_key={NATIVE}&error={error}"), &[PAGE], None).await;
    assert_eq!(reply.status, 400);
    assert!(reply.text.contains("&lt;b&gt;domain&lt;/b&gt; mismatched!") && !reply.text.contains("<b>domain"));
    assert_eq!(kapi.ask("GET", "/picker/failed?error=%00", &[PAGE], None).await.status, 400);
}
