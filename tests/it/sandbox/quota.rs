//! Quotas through the real application: the call that is one too many, restarts, and midnight in Korea.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use jiff::Timestamp;
use scraplens::{config::Settings, sandbox::Clock};
use serde_json::{Value, json};

use super::{DEFAULT, Kapi, TEXT};
use crate::{helpers::settings, support::server::Server};

/// Settings with a folder, and a clock that is set by hand.
fn kept_in(folder: &std::path::Path, now: &str) -> (Settings, Arc<AtomicI64>) {
    let mut settings = settings();
    folder.to_str().unwrap().clone_into(&mut settings.sandbox.store);
    let seconds = Arc::new(AtomicI64::new(now.parse::<Timestamp>().unwrap().as_second()));
    let shown = Arc::clone(&seconds);
    settings.sandbox.clock = Clock::new(move || Timestamp::from_second(shown.load(Ordering::SeqCst)).unwrap());
    (settings, seconds)
}

async fn share(kapi: &Kapi) -> super::Reply {
    kapi.get(DEFAULT, &[("template_object", TEXT)]).await
}

async fn left(kapi: &Kapi) -> Value {
    let (status, report) = kapi.app.get("/api/v1/share/quota?app=1").await;
    assert_eq!(status, 200, "{report}");
    report
}

#[actix_web::test]
async fn the_call_after_thirty_thousand_is_refused_also_after_a_restart_until_midnight_in_korea() {
    let folder = tempfile::tempdir().unwrap();
    let (settings, clock) = kept_in(folder.path(), "2026-11-23T14:00:00Z");
    // 29,990 calls of this day are already counted: one byte each, as the program writes them.
    let counter = folder.path().join("quota/1/2026-11-23/share");
    std::fs::create_dir_all(counter.parent().unwrap()).unwrap();
    std::fs::write(&counter, ".".repeat(29_990)).unwrap();
    let kapi = Kapi::with(&settings);
    for call in 29_991..=30_000 {
        assert_eq!(share(&kapi).await.status, 200, "call {call}");
    }

    let refused = share(&kapi).await;

    assert_eq!((refused.status, refused.json()), (400, json!({ "msg": "API limit has been exceeded.", "code": -10 })));
    drop(kapi);
    let restarted = Kapi::with(&settings);
    assert_eq!(share(&restarted).await.error().1, -10, "it is remembered");
    let report = left(&restarted).await;
    assert_eq!(report["day"], "2026-11-23");
    assert_eq!(report["resets_at"], "2026-11-23T15:00:00Z");
    assert_eq!(report["items"][0], json!({ "name": "share-daily", "used": 30_000, "limit": 30_000, "left": 0 }));

    clock.store("2026-11-23T15:00:00Z".parse::<Timestamp>().unwrap().as_second(), Ordering::SeqCst);
    assert_eq!(share(&restarted).await.status, 200, "it is the 24th in Korea");
    let report = left(&restarted).await;
    assert_eq!((&report["day"], &report["items"][0]["used"]), (&json!("2026-11-24"), &json!(1)));
    assert!(!counter.exists(), "yesterday's counter is gone");
}

#[actix_web::test]
async fn a_killed_process_has_lost_no_call() {
    let folder = tempfile::tempdir().unwrap();
    let variables = [
        ("SCRAPLENS__SANDBOX__STORE", folder.path().to_str().unwrap()),
        ("SCRAPLENS__SANDBOX__QUOTA__SHARE_DAILY", "3"),
        ("SCRAPLENS__SANDBOX__QUOTA__MONTHLY", "4"),
    ];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let path = format!("{DEFAULT}?{}", super::pairs(&[("link_ver", "4.0"), ("template_object", TEXT)]));
    let mut answers = Vec::new();
    for _process in 0..2 {
        let server = Server::start(Duration::from_secs(5), &variables);
        for _call in 0..2 {
            let request = server.client.get(format!("{}{path}", server.url));
            let answer = request.header("authorization", format!("KakaoAK {}", super::NATIVE)).send().await.unwrap();
            answers.push(answer.status().as_u16());
        }
        drop(server); // by SIGKILL
    }
    assert_eq!(answers, [200, 200, 200, 400]);
}

/// The same without any help: thirty thousand calls of the counting itself.
#[actix_web::test]
async fn thirty_thousand_uses_are_counted_and_the_next_is_refused() {
    use scraplens::sandbox::{Quota, Use, counters::Counters};

    let folder = tempfile::tempdir().unwrap();
    let settings = settings().sandbox.quota;
    let now: Timestamp = "2026-11-23T03:00:00Z".parse().unwrap();
    let quota = Quota::new(settings.clone(), Counters::new(Some(folder.path().to_owned())));
    for _ in 0..30_000 {
        quota.spend(1, Use::Share, now).unwrap();
    }
    assert_eq!(quota.spend(1, Use::Share, now).unwrap_err().code, -10);
    let again = Quota::new(settings, Counters::new(Some(folder.path().to_owned())));
    assert_eq!(again.spend(1, Use::Share, now).unwrap_err().code, -10);
}

#[actix_web::test]
async fn what_is_refused_costs_nothing() {
    let kapi = Kapi::new();
    for parameters in [&[("template_object", "{")][..], &[("template_object", "{}")][..]] {
        assert_eq!(kapi.get(DEFAULT, parameters).await.status, 400);
    }
    assert_eq!(left(&kapi).await["items"][0]["used"], 0);
    share(&kapi).await;
    let report = left(&kapi).await;
    assert_eq!(report["items"][0]["used"], 1);
    assert_eq!(report["items"][2], json!({ "name": "monthly", "used": 1, "limit": 3_000_000, "left": 2_999_999 }));
}

#[actix_web::test]
async fn the_month_has_a_limit_for_all_kinds_of_calls() {
    let mut settings = settings();
    settings.sandbox.quota.monthly = 1;
    let kapi = Kapi::with(&settings);
    assert_eq!(share(&kapi).await.status, 200);
    let memo = kapi.message("/v2/api/talk/memo/default/send", "sandbox-user-1", &[("template_object", TEXT)]).await;
    assert_eq!(memo.error(), (400, -10, "API limit has been exceeded.".to_owned()));
}

#[actix_web::test]
async fn apps_are_told_without_the_key_that_signs() {
    let kapi = Kapi::new();
    let (status, apps) = kapi.app.get("/api/v1/share/apps").await;
    assert_eq!(status, 200);
    assert_eq!(apps[0]["javascript_key"], super::JAVASCRIPT);
    assert_eq!(apps[0]["web_domains"][0], "http://localhost:3000");
    assert!(!apps.to_string().contains("44444444"), "{apps}");
    let (status, problem) = kapi.app.get("/api/v1/share/quota?app=5").await;
    assert_eq!((status, &problem["code"]), (400, &json!("parameter-invalid")));
}
