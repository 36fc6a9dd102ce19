//! What clients that others wrote sent to the sandbox (`tests/browser/clients`, recorded with `RECORD=1`), sent again: the answers keep
//! their status and their members.

use std::{fs, path::Path};

use reqwest::Method;
use serde_json::Value;

use crate::helpers::{TestApp, settings, spawn_app_with};

fn recorded() -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/clients");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let read = |path: &Path| serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    files.iter().map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), read(path))).collect()
}

async fn replay(app: &TestApp, request: &Value) -> (u16, String) {
    let text = |field: &str| request[field].as_str().unwrap();
    let method: Method = text("method").parse().unwrap();
    let mut url = app.url(text("path"));
    let sent = if method == Method::GET {
        url = format!("{url}?{}", text("parameters"));
        app.client.request(method, url)
    } else {
        app.client.request(method, url).body(text("parameters").to_owned())
    };
    let headers = request["headers"].as_object().unwrap();
    let sent = headers.iter().fold(sent, |sent, (name, value)| sent.header(name, value.as_str().unwrap()));
    let response = sent.send().await.unwrap();
    let status = response.status().as_u16();
    #[expect(clippy::disallowed_methods, reason = "our own server's answer is bounded")]
    let body = response.text().await.unwrap();
    (status, body)
}

#[tokio::test]
async fn what_clients_sent_is_answered_as_they_expect() {
    let mut settings = settings();
    settings.sandbox.store = String::new();
    settings.sandbox.quota.message_pair_daily = 1000; // one user writes to one friend
    let app = spawn_app_with(&settings);
    let recorded = recorded();
    for client in ["react-native-kakao-android", "react-native-kakao-ios", "react-native-kakao-web", "javascript-sdk"] {
        assert!(recorded.iter().any(|(_, fixture)| fixture["client"] == client), "nothing of {client}");
    }

    for (file, fixture) in &recorded {
        let (status, body) = replay(&app, &fixture["request"]).await;

        assert_eq!(Value::from(status), fixture["answer"]["status"], "{file}: {body}");
        let keys = fixture["answer"]["keys"].as_array().unwrap();
        if keys.is_empty() {
            continue; // a page
        }
        let answer: Value = serde_json::from_str(&body).unwrap();
        for key in keys {
            assert!(answer.get(key.as_str().unwrap()).is_some(), "{file}: no {key} in {body}");
        }
    }
}
