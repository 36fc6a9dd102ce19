//! The webhook over our own HTTP API and from the command line.

use scraplens::sandbox::WebhookMethod;
use serde_json::{Value, json};

use super::{ADMIN_KEY, Handler, registered};
use crate::helpers::{TestApp, command, json, settings, spawn_app_with};

async fn post(app: &TestApp, path: &str, body: &Value) -> (u16, Value) {
    json(
        app.client
            .post(app.url(path))
            .header("content-type", "application/json")
            .body(body.to_string())
            .send()
            .await
            .unwrap(),
    )
    .await
}

fn text_message() -> Value {
    json!({"object_type": "text", "text": "안녕하세요", "link": {"web_url": "https://example.com"}})
}

#[tokio::test]
async fn a_simulated_share_is_answered_delivered_logged_and_replayed() {
    let handler = Handler::status("200 OK");
    let app = spawn_app_with(&registered(&handler.site.url("/hook"), WebhookMethod::Post));
    let question =
        json!({"template": text_message(), "chat_type": "DirectChat", "callback_args": {"order": "7"}, "app": 1});

    let (status, sent) = post(&app, "/api/v1/share/send", &question).await;
    assert_eq!((status, &sent["error"]), (200, &Value::Null), "{sent:#}");
    assert!(sent["answer"]["envelope"]["template_msg"]["P"].is_object(), "{sent:#}");
    let delivery = &sent["delivery"];
    assert_eq!((&delivery["outcome"], &delivery["status"]), (&json!("delivered"), &json!(200)));
    assert_eq!(delivery["request"]["body"]["CHAT_TYPE"], "DirectChat");
    assert_eq!(delivery["request"]["body"].get("TEMPLATE_ID"), None, "a default template has no id of the developer's");

    let (_, all) = app.get("/api/v1/share/deliveries?app=1").await;
    assert_eq!(all, json!([delivery]));
    let path = format!("/api/v1/share/deliveries/{}", delivery["id"].as_str().unwrap());
    assert_eq!(app.get(&path).await, (200, delivery.clone()));
    let (status, again) = post(&app, &format!("{path}/replay"), &json!({})).await;
    assert_eq!((status, &again["replay_of"]), (200, &delivery["id"]));
    let (_, all) = app.get("/api/v1/share/deliveries").await;
    assert_eq!(all.as_array().unwrap().len(), 2);
    assert_eq!((handler.seen().len(), all.to_string().contains(ADMIN_KEY)), (2, false));
}

#[tokio::test]
async fn a_message_that_is_refused_is_not_shared() {
    let handler = Handler::status("200 OK");
    let app = spawn_app_with(&registered(&handler.site.url("/hook"), WebhookMethod::Post));
    let question = json!({"text": "{\"object_type\": \"poem\"}", "callback_args": {"order": "7"}});
    let (status, sent) = post(&app, "/api/v1/share/send", &question).await;
    assert_eq!((status, &sent["delivery"], &sent["error"]["code"]), (200, &Value::Null, &json!(-2)), "{sent:#}");
    assert_eq!(handler.site.connections(), 0);
}

#[tokio::test]
async fn a_simulated_share_counts_as_one_call_and_is_refused_when_the_quota_is_used_up() {
    let handler = Handler::status("200 OK");
    let mut settings = registered(&handler.site.url("/hook"), WebhookMethod::Post);
    settings.sandbox.quota.share_daily = 1;
    let app = spawn_app_with(&settings);
    let question = json!({"template": text_message(), "callback_args": {"order": "7"}});

    assert_eq!(post(&app, "/api/v1/share/send", &question).await.1["error"], Value::Null);
    let (_, quota) = app.get("/api/v1/share/quota?app=1").await;
    let daily = quota["items"].as_array().unwrap().iter().find(|item| item["name"] == "share-daily").unwrap();
    assert_eq!((&daily["used"], &daily["left"]), (&json!(1), &json!(0)));

    let (status, sent) = post(&app, "/api/v1/share/send", &question).await;
    assert_eq!((status, &sent["error"]["code"], &sent["delivery"]), (200, &json!(-10), &Value::Null));
    assert_eq!(handler.seen().len(), 1, "what Kakao refuses is not shared");
}

#[tokio::test]
async fn a_share_without_arguments_says_that_kakao_sends_no_webhook() {
    let app = spawn_app_with(&registered("http://127.0.0.1:9/", WebhookMethod::Post));
    let (_, sent) = post(&app, "/api/v1/share/send", &json!({"template": text_message()})).await;
    assert_eq!(
        (&sent["delivery"]["outcome"], &sent["delivery"]["code"]),
        (&json!("not-sent"), &json!("callback-args-missing"))
    );
}

#[tokio::test]
async fn no_request_can_say_where_the_webhook_goes() {
    let app = spawn_app_with(&settings());
    for extra in ["webhook_url", "url_of_webhook", "webhook"] {
        let mut question = json!({"template": text_message(), "callback_args": {"a": "b"}});
        question[extra] = json!("http://127.0.0.1:1/");
        let (status, problem) = post(&app, "/api/v1/share/send", &question).await;
        assert_eq!((status, &problem["code"]), (400, &json!("json-invalid")), "{problem:#}");
    }
}

#[tokio::test]
async fn what_does_not_exist_is_said_so() {
    let app = spawn_app_with(&settings());
    assert_eq!(app.get("/api/v1/share/deliveries/nothing").await.0, 404);
    assert_eq!(post(&app, "/api/v1/share/deliveries/nothing/replay", &json!({})).await.0, 404);
    assert_eq!(app.get("/api/v1/share/deliveries?app=99").await.0, 400);
    assert_eq!(app.get("/api/v1/share/deliveries?apple=1").await.0, 400);
    assert_eq!(post(&app, "/api/v1/share/handler-check", &json!({"app": 99})).await.0, 400);
    let question = json!({"template": text_message(), "chat_type": "PartyChat"});
    assert_eq!(post(&app, "/api/v1/share/send", &question).await.0, 400);
    assert_eq!(app.get("/api/v1/share/deliveries").await, (200, json!([])));
}

#[tokio::test]
async fn a_handler_is_tried_out_over_http_with_the_arguments_it_needs() {
    let handler = Handler::answering(|_, body, stream| {
        let known = body.contains("\"user\":\"1\"") || body.contains("user=1");
        crate::helpers::respond(stream, if known { "200 OK" } else { "400 Bad Request" }, "", b"");
    });
    let app = spawn_app_with(&registered(&handler.site.url("/hook"), WebhookMethod::Post));
    let (status, check) =
        post(&app, "/api/v1/share/handler-check", &json!({"app": 1, "callback_args": {"user": "1"}})).await;
    assert_eq!((status, &check["survives"], &check["counts"]["failed"]), (200, &json!(true), &json!(0)), "{check:#}");
    let none = check["trials"].as_array().unwrap().iter().find(|trial| trial["code"] == "no-arguments").unwrap();
    assert_eq!(none["outcome"], "warning");
    assert_eq!(app.get("/api/v1/share/deliveries").await.1, json!([]), "trials are no shares");
}

#[test]
fn a_handler_is_named_when_the_server_is_started() {
    let run = |arguments: &[&str]| command().arg("serve").args(arguments).arg("--check-config").output().unwrap();
    let good = run(&["--webhook", "http://127.0.0.1:3000/hook", "--webhook-method", "get"]);
    assert!(good.status.success(), "{good:?}");
    for arguments in [
        &["--webhook", "127.0.0.1:3000"][..],
        &["--webhook", "http://u:p@127.0.0.1/"],
        &["--webhook-method", "POST"],
        &["--webhook", "http://127.0.0.1/", "--webhook-method", "PUT"],
    ] {
        assert_eq!(run(arguments).status.code(), Some(2), "{arguments:?}");
    }
}
