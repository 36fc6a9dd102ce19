//! Trials of good and bad handlers: what each is told, and whether it is seen to die.

use std::{
    collections::HashMap,
    net::Shutdown,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use scraplens::sandbox::{
    WebhookMethod,
    webhook::{HandlerCheck, TrialOutcome},
};
use serde_json::{Map, Value};

use super::{ADMIN_KEY, Handler, app, registered, sandbox};
use crate::helpers::{Seen, respond, settings};

/// The trials of a handler, whose patience is short.
async fn tried(handler: &Handler, method: WebhookMethod) -> HandlerCheck {
    let mut settings = registered(&handler.site.url("/"), method);
    settings.sandbox.webhook.timeout_ms = 1500;
    let sandbox = sandbox(&settings);
    let check = sandbox.webhook().check(&app(&sandbox), &Map::new()).await.unwrap();
    let json = serde_json::to_string(&check).unwrap();
    assert!(!json.contains(ADMIN_KEY) && !json.contains('\u{fffd}'));
    for trial in &check.trials {
        for text in [&trial.what, &trial.conclusion] {
            assert!(
                text.ko.contains(' ') && text.en.contains(' ') && !text.en.contains('{'),
                "{}: {}",
                trial.code,
                text.en
            );
        }
    }
    check
}

fn outcomes(check: &HandlerCheck) -> HashMap<&str, TrialOutcome> {
    check.trials.iter().map(|trial| (trial.code, trial.outcome)).collect()
}

fn authorized(seen: &Seen) -> bool {
    seen.headers["authorization"] == format!("KakaoAK {ADMIN_KEY}")
}

/// Answers as a good handler does.
fn good(seen: &Seen, stream: &mut std::net::TcpStream) {
    respond(stream, if authorized(seen) { "204 No Content" } else { "401 Unauthorized" }, "", b"");
}

#[tokio::test]
async fn a_good_handler_passes_everything_by_get_and_by_post() {
    for method in [WebhookMethod::Get, WebhookMethod::Post] {
        let handler = Handler::answering(|seen, _, stream| good(seen, stream));
        let check = tried(&handler, method).await;
        assert!(check.survives && check.killed_by.is_none());
        assert_eq!((check.counts.warning, check.counts.failed, check.counts.skipped), (0, 0, 0), "{:#?}", check.trials);
        for chat in
            ["memo-chat", "direct-chat", "multi-chat", "open-direct-chat", "open-multi-chat", "wrong-key", "hang-up"]
        {
            assert_eq!(outcomes(&check)[chat], TrialOutcome::Passed, "{chat}");
        }
        assert_eq!(outcomes(&check).contains_key("nested-values"), method == WebhookMethod::Post);
    }
}

#[tokio::test]
async fn a_post_without_base_arguments_carries_what_each_trial_says() {
    let handler = Handler::answering(|seen, _, stream| good(seen, stream));
    tried(&handler, WebhookMethod::Post).await;
    let bodies: Vec<Value> = handler.bodies().iter().filter_map(|body| serde_json::from_str(body).ok()).collect();
    let with = |key: &str| bodies.iter().filter(|body| body.get(key).is_some()).count();
    for key in ["이름", "emoji", "long", "", "a.b", "a&b=c", "100%", "__proto__", "nested", "nul"] {
        assert_eq!(with(key), 1, "{key}");
    }
    assert!(bodies.iter().any(|body| body["long"].as_str().is_some_and(|long| long.len() >= 4000)));
    assert!(handler.bodies().iter().any(|body| body.starts_with("CHAT_TYPE=MemoChat&")), "one is a form");
}

#[tokio::test]
async fn a_handler_that_breaks_on_emoji_but_lives_is_told_so() {
    let handler = Handler::answering(|seen, body, stream| {
        if body.contains('🇰') {
            stream.shutdown(Shutdown::Both).unwrap();
        } else {
            good(seen, stream);
        }
    });
    let check = tried(&handler, WebhookMethod::Post).await;
    assert!(check.survives && check.killed_by.is_none());
    assert_eq!((outcomes(&check)["emoji"], check.counts.failed), (TrialOutcome::Failed, 1), "{:#?}", check.trials);
}

#[tokio::test]
async fn a_handler_that_dies_of_emoji_is_seen_to_die() {
    let dead = Arc::new(AtomicBool::new(false));
    let handler = Handler::answering(move |seen, body, stream| {
        if body.contains('🇰') {
            dead.store(true, Ordering::SeqCst);
        }
        if dead.load(Ordering::SeqCst) {
            stream.shutdown(Shutdown::Both).unwrap();
        } else {
            good(seen, stream);
        }
    });
    let check = tried(&handler, WebhookMethod::Post).await;
    assert_eq!((check.survives, check.killed_by), (false, Some("emoji")));
    assert_eq!(outcomes(&check)["hangul"], TrialOutcome::Passed);
    assert_eq!(outcomes(&check)["wrong-key"], TrialOutcome::Skipped, "nobody is there to be tried");
    assert!(check.conclusion.en.contains("Emoji"), "{}", check.conclusion.en);
}

#[tokio::test]
async fn a_handler_that_ignores_the_key_is_warned_of() {
    let handler = Handler::status("200 OK");
    let check = tried(&handler, WebhookMethod::Post).await;
    assert!(check.survives);
    assert_eq!((outcomes(&check)["wrong-key"], check.counts.warning), (TrialOutcome::Warning, 1));
}

#[tokio::test]
async fn a_handler_that_redirects_or_is_slow_fails_at_once_and_is_not_asked_on() {
    let redirecting = Handler::answering(|_, _, stream| respond(stream, "302 Found", "location: /login\r\n", b""));
    let check = tried(&redirecting, WebhookMethod::Post).await;
    assert_eq!((check.survives, check.counts.failed), (false, 1));
    assert_eq!((redirecting.seen().len(), check.counts.skipped + 1), (1, check.trials.len()));

    let slow = Handler::answering(|_, _, stream| {
        thread::sleep(Duration::from_secs(3));
        respond(stream, "200 OK", "", b"");
    });
    let check = tried(&slow, WebhookMethod::Get).await;
    assert_eq!((check.survives, outcomes(&check)["memo-chat"]), (false, TrialOutcome::Failed));
    assert_eq!(slow.seen().len(), 1);
}

#[tokio::test]
async fn a_handler_that_refuses_what_it_does_not_know_is_no_failure() {
    let handler = Handler::answering(|seen, body, stream| {
        if body.contains("\"nested\"") {
            respond(stream, "400 Bad Request", "", b"");
        } else {
            good(seen, stream);
        }
    });
    let check = tried(&handler, WebhookMethod::Post).await;
    assert!(check.survives);
    assert_eq!((outcomes(&check)["nested-values"], check.counts.failed), (TrialOutcome::Warning, 0));
}

#[tokio::test]
async fn without_a_handler_nothing_is_tried_and_it_says_why() {
    let sandbox = sandbox(&settings());
    let check = sandbox.webhook().check(&app(&sandbox), &Map::new()).await.unwrap();
    assert!(!check.survives);
    let delivery = check.trials[0].delivery.as_ref().unwrap();
    assert_eq!(delivery.code, "webhook-url-missing");
    assert_eq!(check.counts.skipped + 1, check.trials.len());
}
