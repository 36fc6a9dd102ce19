//! What a handler can do wrong, and what keeps a webhook from being sent: each told by its own word, each sent once at most.

use std::{io::Write as _, net::Shutdown, thread, time::Duration};

use scraplens::sandbox::WebhookMethod;
use serde_json::{Value, json};

use super::{Handler, came, fired, fired_with, registered};
use crate::helpers::{TestSite, respond, spawn_app_with};

const POST: WebhookMethod = WebhookMethod::Post;

#[tokio::test]
async fn what_is_not_2xx_is_a_failure_told_by_its_kind_and_is_not_sent_again() {
    for (status, outcome, code) in [
        ("200 OK", "delivered", "answered"),
        ("201 Created", "delivered", "answered"),
        ("299 Odd", "delivered", "answered"),
        ("304 Not Modified", "refused", "status-other"),
        ("400 Bad Request", "refused", "not-understood"),
        ("401 Unauthorized", "refused", "unauthorized"),
        ("403 Forbidden", "refused", "unauthorized"),
        ("404 Not Found", "refused", "not-found"),
        ("405 Method Not Allowed", "refused", "method-not-allowed"),
        ("415 Unsupported Media Type", "refused", "not-understood"),
        ("429 Too Many Requests", "refused", "too-many"),
        ("500 Internal Server Error", "refused", "status-5xx"),
        ("503 Service Unavailable", "refused", "status-5xx"),
    ] {
        let handler = Handler::status(status);
        let delivery = fired(&registered(&handler.site.url("/"), POST)).await;
        assert_eq!(came(&delivery), (outcome.to_owned(), code), "{status}");
        assert_eq!(delivery.status.map(|told| told.to_string()).as_deref(), status.split(' ').next());
        assert_eq!(handler.site.connections(), 1, "{status}");
    }
}

#[tokio::test]
async fn a_redirect_is_told_and_not_followed() {
    let other = TestSite::page("<title>never</title>");
    for status in
        ["301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"]
    {
        let location = other.url("/elsewhere");
        let handler =
            Handler::answering(move |_, _, stream| respond(stream, status, &format!("location: {location}\r\n"), b""));
        let delivery = fired(&registered(&handler.site.url("/"), POST)).await;
        assert_eq!(came(&delivery), ("redirected".to_owned(), "redirected"), "{status}");
        assert!(delivery.evidence.clone().unwrap().contains("/elsewhere"), "{delivery:?}");
        assert_eq!(handler.site.connections(), 1);
    }
    assert_eq!(other.connections(), 0, "nobody but the handler may see the key");
}

#[tokio::test]
async fn a_handler_that_closes_without_an_answer_is_not_asked_twice() {
    for method in [WebhookMethod::Get, POST] {
        let handler = Handler::answering(|_, _, stream| stream.shutdown(Shutdown::Both).unwrap());
        let delivery = fired(&registered(&handler.site.url("/"), method)).await;
        assert_eq!(came(&delivery), ("unreachable".to_owned(), "connect-reset"));
        assert_eq!((handler.site.connections(), handler.seen().len()), (1, 1));
    }
}

#[tokio::test]
async fn an_answer_after_three_seconds_is_too_late() {
    let handler = Handler::answering(|_, _, stream| {
        thread::sleep(Duration::from_secs(4));
        respond(stream, "200 OK", "", b"");
    });
    let delivery = fired(&registered(&handler.site.url("/"), POST)).await;
    assert_eq!(came(&delivery), ("timeout".to_owned(), "timeout"));
    assert!(delivery.conclusion.en.starts_with("No answer came within 3 s."), "{}", delivery.conclusion.en);
    assert_eq!(handler.site.connections(), 1);
}

#[tokio::test]
async fn a_head_that_drips_is_too_late_and_a_body_that_drips_is_not() {
    let drip = |first: &'static str, piece: &'static str| {
        Handler::answering(move |_, _, stream| {
            let _gone = stream.write_all(first.as_bytes());
            for _ in 0..40 {
                thread::sleep(Duration::from_millis(50));
                if stream.write_all(piece.as_bytes()).is_err() {
                    return;
                }
            }
        })
    };
    let (head, body) = (drip("HTTP/1.1 200 OK\r\n", "x: y\r\n"), drip("HTTP/1.1 200 OK\r\n\r\n", "piece"));
    let mut settings = registered(&head.site.url("/"), POST);
    settings.sandbox.webhook.timeout_ms = 500;
    let late = fired(&settings).await;
    assert_eq!(came(&late), ("timeout".to_owned(), "timeout"));

    let mut settings = registered(&body.site.url("/"), POST);
    settings.sandbox.webhook.timeout_ms = 1000;
    let good = fired(&settings).await;
    assert_eq!(came(&good), ("delivered".to_owned(), "answered"), "Kakao ignores the body");
    assert!(good.notes.iter().any(|note| note.code == "webhook-body-unfinished"), "{:?}", good.notes);
    let answer = good.answer.clone().unwrap();
    assert!(answer.truncated && answer.body.starts_with("piece"), "{answer:?}");
}

#[tokio::test]
async fn a_huge_answer_and_one_of_any_bytes_are_kept_in_bounds() {
    let handler = Handler::answering(|_, _, stream| {
        let long = format!("x-long: {}\r\n", "y".repeat(20_000));
        respond(stream, "200 OK", &long, &vec![0xFF; 5_000_000]);
    });
    let delivery = fired(&registered(&handler.site.url("/"), POST)).await;
    let answer = delivery.answer.clone().unwrap();
    assert_eq!(came(&delivery), ("delivered".to_owned(), "answered"));
    assert!(answer.truncated && answer.body.len() <= 4096 && answer.headers["x-long"].len() == 1000);
}

#[tokio::test]
async fn what_is_no_http_and_nobody_at_all_are_told_apart() {
    let noise = Handler::answering(|_, _, stream| {
        let _gone = stream.write_all(b"SSH-2.0-OpenSSH_9.6\r\n\r\n");
    });
    let delivery = fired(&registered(&noise.site.url("/"), POST)).await;
    assert_eq!(came(&delivery), ("unreachable".to_owned(), "not-http"));

    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let delivery = fired(&registered(&format!("http://{free}/"), POST)).await;
    assert_eq!(came(&delivery), ("unreachable".to_owned(), "connect-refused"));
}

#[tokio::test]
async fn without_arguments_nothing_is_sent() {
    let handler = Handler::status("200 OK");
    let settings = registered(&handler.site.url("/"), POST);
    for (args, code) in [
        (Value::Null, "callback-args-missing"),
        (json!(""), "callback-args-missing"),
        (json!("order=1"), "callback-args-not-object"),
        (json!([1]), "callback-args-not-object"),
        (json!({"long": "x".repeat(9000)}), "callback-args-too-large"),
    ] {
        let delivery = fired_with(&settings, &args).await;
        assert_eq!(came(&delivery), ("not-sent".to_owned(), code), "{args}");
    }
    assert_eq!(handler.site.connections(), 0);
}

#[tokio::test]
async fn without_an_address_it_says_how_to_set_one() {
    let delivery = fired(&crate::helpers::settings()).await;
    assert_eq!(came(&delivery), ("not-sent".to_owned(), "webhook-url-missing"));
    for advice in [&delivery.advice.ko, &delivery.advice.en] {
        assert!(advice.contains("serve --webhook http://") && advice.contains("[[sandbox.apps]]"), "{advice}");
    }
}

#[tokio::test]
async fn this_machine_is_closed_until_the_operator_opens_it() {
    let handler = Handler::status("200 OK");
    let port = handler.site.address.port();
    for url in [handler.site.url("/"), format!("http://localhost:{port}/")] {
        let mut settings = registered(&url, POST);
        settings.egress.allow.clear();
        settings.egress.ports.push(port);
        let delivery = fired(&settings).await;
        assert_eq!(came(&delivery), ("not-sent".to_owned(), "address-private"), "{url}");
        let opening = format!("--allow-net 127.0.0.1:{port}");
        assert!(
            delivery.advice.ko.contains(&opening) && delivery.advice.en.contains(&opening),
            "{}",
            delivery.advice.en
        );
    }
    assert_eq!(handler.site.connections(), 0);
}

#[tokio::test]
async fn a_handler_named_by_the_operator_is_open_to_the_webhook_and_to_nothing_else() {
    let handler = Handler::status("200 OK");
    let mut settings = crate::helpers::settings();
    settings.egress.allow.clear();
    let url = scraplens::sandbox::settings::WebhookUrl::parse(&handler.site.url("/hook")).unwrap();
    assert!(settings.sandbox.register_webhook(&url, Some(WebhookMethod::Get)));

    let delivery = fired(&settings).await;
    assert_eq!(came(&delivery), ("delivered".to_owned(), "answered"));

    let report = spawn_app_with(&settings).scrape(&handler.site.url("/hook")).await;
    assert_eq!(report["outcome"], "port-refused", "a page at the same place stays closed");
    assert_eq!(handler.site.connections(), 1);
}
