//! The log of deliveries: newest first, bounded, whole after a restart and after a crash in the middle of a line.

use std::{fs, path::Path, sync::Arc};

use scraplens::{
    config::Settings,
    sandbox::{
        WebhookMethod,
        webhook::{CallbackArgs, ChatType, Delivery, Event},
    },
};
use serde_json::json;

use super::{ADMIN_KEY, Handler, app, event, registered, sandbox};

fn kept_in(folder: &Path, url: &str) -> Settings {
    let mut settings = registered(url, WebhookMethod::Post);
    settings.sandbox.store = folder.display().to_string();
    settings
}

async fn share(settings: &Settings, name: &str) -> Arc<Delivery> {
    let sandbox = sandbox(settings);
    sandbox.webhook().fire(&app(&sandbox), event(&json!({"name": name})), None).await
}

async fn names(settings: &Settings) -> Vec<String> {
    let sandbox = sandbox(settings);
    let all = sandbox.deliveries(&app(&sandbox)).await;
    all.iter().map(|delivery| delivery.callback_args["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn deliveries_survive_a_restart_newest_first() {
    let (folder, handler) = (tempfile::tempdir().unwrap(), Handler::status("200 OK"));
    let settings = kept_in(folder.path(), &handler.site.url("/"));
    let mut sent = Vec::new();
    for name in ["a", "b", "c"] {
        sent.insert(0, share(&settings, name).await);
    }
    let again = sandbox(&settings);
    assert_eq!(again.deliveries(&app(&again)).await, sent, "everything is as it was");
    let text = fs::read_to_string(folder.path().join("deliveries.ndjson")).unwrap();
    assert!(text.lines().count() == 3 && !text.contains(ADMIN_KEY));
}

#[tokio::test]
async fn the_log_and_its_file_are_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = kept_in(folder.path(), "http://127.0.0.1:9/");
    settings.sandbox.webhook.max_deliveries = 2;
    settings.sandbox.apps[0].webhook_url.0 = None; // not sent, which is kept too
    let sandbox = sandbox(&settings);
    let app = app(&sandbox);
    for number in 0..250 {
        sandbox.webhook().fire(&app, event(&json!({"name": number.to_string()})), None).await;
    }
    assert_eq!(names(&settings).await, ["249", "248"]);
    let lines = fs::read_to_string(folder.path().join("deliveries.ndjson")).unwrap().lines().count();
    assert!(lines < 120, "{lines}");
}

#[tokio::test]
async fn a_line_torn_by_a_crash_costs_that_line_alone() {
    let (folder, handler) = (tempfile::tempdir().unwrap(), Handler::status("200 OK"));
    let settings = kept_in(folder.path(), &handler.site.url("/"));
    for name in ["a", "b", "c"] {
        share(&settings, name).await;
    }
    let path = folder.path().join("deliveries.ndjson");
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() - 40]).unwrap();
    assert_eq!(names(&settings).await, ["b", "a"]);
    share(&settings, "d").await;
    assert_eq!(names(&settings).await, ["d", "b", "a"], "what comes after it stands on a line of its own");
}

#[tokio::test]
async fn noise_in_the_file_and_a_folder_in_its_place_do_no_harm() {
    let (folder, handler) = (tempfile::tempdir().unwrap(), Handler::status("200 OK"));
    let settings = kept_in(folder.path(), &handler.site.url("/"));
    let path = folder.path().join("deliveries.ndjson");
    fs::write(&path, b"\xFF\x00{}\n[1]\n\n{\"id\":1}").unwrap();
    share(&settings, "a").await;
    assert_eq!(names(&settings).await, ["a"]);

    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    let sandbox = sandbox(&settings);
    sandbox.webhook().fire(&app(&sandbox), event(&json!({"name": "b"})), None).await;
    assert_eq!(sandbox.deliveries(&app(&sandbox)).await.len(), 1, "the log goes on in memory");
}

#[tokio::test]
async fn a_replay_is_a_delivery_of_its_own_with_the_same_arguments() {
    let handler = Handler::status("200 OK");
    let sandbox = sandbox(&registered(&handler.site.url("/"), WebhookMethod::Post));
    let app = app(&sandbox);
    let args = CallbackArgs::of(&json!("{\"order\": 7}"), 100);
    let event = Event { chat_type: ChatType::OpenMultiChat, template_id: Some(9), callback_args: args };
    let first = sandbox.webhook().fire(&app, event, None).await;
    let second = sandbox.webhook().replay(&app, &first).await;

    assert_eq!(second.replay_of.as_deref(), Some(first.id.as_str()));
    assert_ne!(second.id, first.id);
    let (bodies, seen) = (handler.bodies(), handler.seen());
    assert_eq!(bodies[0], bodies[1]);
    assert_ne!(seen[0].headers["x-kakao-resource-id"], seen[1].headers["x-kakao-resource-id"]);
    let ids: Vec<_> = sandbox.deliveries(&app).await.iter().map(|delivery| delivery.id.clone()).collect();
    assert_eq!(ids, [second.id.clone(), first.id.clone()]);
    assert_eq!(sandbox.webhook().find(first.id.clone()).await, Some(first));
}
