//! What arrives at a handler: the headers and parameters of Kakao's page (kakaotalk-share/callback), for GET and POST.

use std::collections::HashSet;

use scraplens::sandbox::{
    WebhookMethod,
    webhook::{CallbackArgs, ChatType, Event},
};
use serde_json::{Value, json};

use super::{ADMIN_KEY, Handler, app, came, checked, event, fired, fired_with, registered, sandbox};

#[tokio::test]
async fn a_post_carries_kakaos_headers_and_all_arguments_in_one_json_object() {
    let handler = Handler::status("200 OK");
    let delivery = fired(&registered(&handler.site.url("/share-hook"), WebhookMethod::Post)).await;

    assert_eq!(came(&delivery), ("delivered".to_owned(), "answered"));
    let seen = &handler.seen()[0];
    assert_eq!((seen.method.as_str(), seen.path.as_str()), ("POST", "/share-hook"));
    assert_eq!(seen.headers["authorization"], format!("KakaoAK {ADMIN_KEY}"));
    assert_eq!(seen.headers["user-agent"], "KakaoOpenAPI/1.0");
    assert_eq!(seen.headers["content-type"], "application/json");
    let resource = &seen.headers["x-kakao-resource-id"];
    assert!(resource.len() == 24 && resource.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{resource}");
    let body: Value = serde_json::from_str(&handler.bodies()[0]).unwrap();
    let names: Vec<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["CHAT_TYPE", "HASH_CHAT_ID", "TEMPLATE_ID", "your_key"]);
    assert_eq!(
        (&body["CHAT_TYPE"], &body["TEMPLATE_ID"], &body["your_key"]),
        (&json!("MultiChat"), &json!(1234), &json!("your_value"))
    );
    assert!(body["HASH_CHAT_ID"].as_str().is_some_and(|hash| !hash.is_empty()));
}

#[tokio::test]
async fn a_get_carries_the_same_in_its_query_behind_the_handlers_own() {
    let handler = Handler::status("204 No Content");
    let settings = registered(&handler.site.url("/share-hook?own=1"), WebhookMethod::Get);
    let args = json!({"your key": "a+b&c=d e%", "이름": "라이언 🦁"});
    let delivery = fired_with(&settings, &args).await;

    assert_eq!(came(&delivery), ("delivered".to_owned(), "answered"));
    let seen = &handler.seen()[0];
    assert_eq!(seen.method, "GET");
    assert!(!seen.headers.contains_key("content-type") && handler.bodies() == [""], "{seen:?}");
    assert_eq!(seen.headers["authorization"], format!("KakaoAK {ADMIN_KEY}"));
    let (path, query) = seen.path.split_once('?').unwrap();
    assert_eq!(path, "/share-hook");
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let hash = pairs.iter().find(|(name, _)| name == "HASH_CHAT_ID").unwrap().1.clone();
    let expected = [
        ("own", "1"),
        ("CHAT_TYPE", "MultiChat"),
        ("HASH_CHAT_ID", &hash),
        ("TEMPLATE_ID", "1234"),
        ("your key", "a+b&c=d e%"),
        ("이름", "라이언 🦁"),
    ];
    assert_eq!(pairs, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert!(!query.contains('+'), "a plus is a space to some and a plus to others: {query}");
}

#[tokio::test]
async fn a_share_without_a_template_id_has_none_and_every_kind_of_chat_is_named() {
    let handler = Handler::status("200 OK");
    let sandbox = sandbox(&registered(&handler.site.url("/"), WebhookMethod::Post));
    let app = app(&sandbox);
    for chat_type in ChatType::ALL {
        let callback_args = CallbackArgs::of(&json!({}), 100);
        checked(sandbox.webhook().fire(&app, Event { chat_type, template_id: None, callback_args }, None).await);
    }
    let bodies: Vec<Value> = handler.bodies().iter().map(|body| serde_json::from_str(body).unwrap()).collect();
    let kinds: Vec<_> = bodies.iter().map(|body| body["CHAT_TYPE"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["MemoChat", "DirectChat", "MultiChat", "OpenDirectChat", "OpenMultiChat"]);
    assert!(bodies.iter().all(|body| body.get("TEMPLATE_ID").is_none()));
    let hashes: HashSet<_> = bodies.iter().map(|body| body["HASH_CHAT_ID"].as_str().unwrap()).collect();
    assert_eq!(hashes.len(), 5, "each chat has a hash of its own");
    let resources: HashSet<_> = handler.seen().iter().map(|seen| seen.headers["x-kakao-resource-id"].clone()).collect();
    assert_eq!(resources.len(), 5, "each delivery has an id of its own");
}

#[tokio::test]
async fn the_hash_of_a_chat_is_the_same_each_time_and_another_for_another_app() {
    let settings = registered("http://127.0.0.1:9/", WebhookMethod::Post);
    let (one, two) = (app(&sandbox(&settings)), app(&sandbox(&settings)));
    assert_eq!(ChatType::DirectChat.hash(&one), ChatType::DirectChat.hash(&two));
    let mut other = one.clone();
    other.admin_key = scraplens::sandbox::settings::AppKey::parse("55555555555555555555555555555555").unwrap();
    assert_ne!(ChatType::DirectChat.hash(&one), ChatType::DirectChat.hash(&other));
}

#[tokio::test]
async fn kakaos_own_parameters_win_over_a_callers_of_the_same_name() {
    let handler = Handler::status("200 OK");
    let settings = registered(&handler.site.url("/"), WebhookMethod::Post);
    let delivery = fired_with(&settings, &json!({"CHAT_TYPE": "mine", "TEMPLATE_ID": "7", "chat_type": "kept"})).await;

    let body: Value = serde_json::from_str(&handler.bodies()[0]).unwrap();
    assert_eq!(
        (&body["CHAT_TYPE"], &body["TEMPLATE_ID"], &body["chat_type"]),
        (&json!("MultiChat"), &json!(1234), &json!("kept"))
    );
    let note = delivery.notes.iter().find(|note| note.code == "webhook-args-overridden").unwrap();
    assert!(note.message.en.starts_with("CHAT_TYPE, TEMPLATE_ID "), "{}", note.message.en);
}

#[tokio::test]
async fn values_that_are_no_strings_go_as_they_are_by_post_and_as_json_by_get() {
    let args = json!({"n": 1.5, "yes": true, "none": null, "deep": {"a": [1]}});
    let posted = Handler::status("200 OK");
    let delivery = fired_with(&registered(&posted.site.url("/"), WebhookMethod::Post), &args).await;
    assert!(delivery.notes.iter().any(|note| note.code == "webhook-value-types"));
    let body: Value = serde_json::from_str(&posted.bodies()[0]).unwrap();
    assert_eq!(
        (&body["n"], &body["yes"], &body["none"], &body["deep"]),
        (&json!(1.5), &json!(true), &json!(null), &json!({"a": [1]}))
    );

    let got = Handler::status("200 OK");
    fired_with(&registered(&got.site.url("/"), WebhookMethod::Get), &args).await;
    let path = got.seen()[0].path.clone();
    let pairs: Vec<(String, String)> =
        url::form_urlencoded::parse(path.split_once('?').unwrap().1.as_bytes()).into_owned().skip(3).collect();
    let texts: Vec<_> = pairs.iter().map(|(_, value)| value.as_str()).collect();
    assert_eq!(texts, ["1.5", "true", "null", "{\"a\":[1]}"]);
}

#[tokio::test]
async fn the_log_shows_the_request_as_it_was_sent_but_for_the_key() {
    let handler = Handler::status("200 OK");
    let delivery = fired(&registered(&handler.site.url("/share-hook"), WebhookMethod::Post)).await;
    let shown = delivery.request.clone().unwrap();
    let seen = &handler.seen()[0];
    assert_eq!(shown.line, "POST /share-hook HTTP/1.1");
    assert_eq!(shown.headers["X-Kakao-Resource-ID"], seen.headers["x-kakao-resource-id"]);
    assert_eq!(shown.headers["Authorization"], "KakaoAK ********");
    assert_eq!(Value::Object(shown.body.unwrap()), serde_json::from_str::<Value>(&handler.bodies()[0]).unwrap());
}

#[tokio::test]
async fn the_key_is_nowhere_in_the_log_even_if_the_handler_and_the_caller_repeat_it() {
    let handler = Handler::answering(|seen, _, stream| {
        let said = seen.headers["authorization"].clone();
        super::respond(stream, "200 OK", &format!("x-said: {said}\r\n"), said.repeat(200).as_bytes());
    });
    for method in [WebhookMethod::Get, WebhookMethod::Post] {
        let mut settings = registered(&handler.site.url("/"), method);
        settings.sandbox.webhook.answer_bytes = 50; // cuts a key in two
        let sandbox = sandbox(&settings);
        let args = json!({ ADMIN_KEY: format!("a{ADMIN_KEY}b") });
        let delivery = checked(sandbox.webhook().fire(&app(&sandbox), event(&args), None).await);
        let answer = delivery.answer.clone().unwrap();
        assert!(!answer.body.contains("4444") && answer.body.len() <= 50 && answer.truncated, "{answer:?}");
        assert_eq!(answer.headers["x-said"], "KakaoAK ********");
    }
}
