//! The sandbox through the real application: Kakao's paths, asked as its SDKs ask them.

mod friends;
mod image_store;
mod images;
mod ips;
mod kapi;
mod memo;
mod picker;
mod quota;
mod scrape;
mod words;

use std::collections::HashMap;

use scraplens::{config::Settings, template::Domain};
use serde_json::Value;

use crate::helpers::{TestApp, encode, settings, spawn_app_with};

/// The keys of the app in `config/default.toml`.
pub const NATIVE: &str = "11111111111111111111111111111111";
pub const JAVASCRIPT: &str = "22222222222222222222222222222222";
pub const REST: &str = "33333333333333333333333333333333";

/// The paths of the template API.
pub const DEFAULT: &str = "/v2/api/kakaolink/talk/template/default";
pub const VALIDATE: &str = "/v2/api/kakaolink/talk/template/validate";
pub const SCRAP: &str = "/v2/api/kakaolink/talk/template/scrap";

/// A text template without mistakes.
pub const TEXT: &str = r#"{"object_type":"text","text":"안녕하세요","link":{"web_url":"https://example.com/","mobile_web_url":"https://example.com/"}}"#;

/// An answer of the sandbox.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HashMap<String, String>,
    pub text: String,
}

impl Reply {
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON ({}): {}", self.status, self.text))
    }

    /// The codes of what is inferred.
    pub fn inferred(&self) -> Vec<&str> {
        self.headers.get("scraplens-inferred").map(|codes| codes.split(", ").collect()).unwrap_or_default()
    }

    /// The code and the text of an error.
    #[track_caller]
    pub fn error(&self) -> (u16, i64, String) {
        let body = self.json();
        let text = body["msg"].as_str().unwrap_or_else(|| panic!("no error: {body}")).to_owned();
        (self.status, body["code"].as_i64().unwrap(), text)
    }
}

/// Asks the sandbox as an SDK does.
pub struct Kapi {
    pub app: TestApp,
}

impl Kapi {
    pub fn new() -> Self {
        Self::with(&settings())
    }

    pub fn with(settings: &Settings) -> Self {
        Self { app: spawn_app_with(settings) }
    }

    /// One request with headers of its own.
    pub async fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        form: Option<&[(&str, &str)]>,
    ) -> Reply {
        let method = method.parse::<reqwest::Method>().unwrap();
        let mut request = self.app.client.request(method, self.app.url(path));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(form) = form {
            request = request.header("content-type", "application/x-www-form-urlencoded").body(pairs(form));
        }
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let text = |value: &reqwest::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = response.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        #[expect(clippy::disallowed_methods, reason = "our own server's answer is bounded")]
        let text = response.text().await.unwrap();
        Reply { status, headers, text }
    }

    /// A call of the template API by GET, with the native key.
    pub async fn get(&self, path: &str, parameters: &[(&str, &str)]) -> Reply {
        let path = format!("{path}?{}", pairs(&[&[("link_ver", "4.0")], parameters].concat()));
        self.ask("GET", &path, &[("authorization", &format!("KakaoAK {NATIVE}"))], None).await
    }

    /// The same by POST.
    pub async fn post(&self, path: &str, parameters: &[(&str, &str)]) -> Reply {
        let form = [&[("link_ver", "4.0")], parameters].concat();
        self.ask("POST", path, &[("authorization", &format!("KakaoAK {NATIVE}"))], Some(&form)).await
    }

    /// A call of the Message API.
    pub async fn message(&self, path: &str, token: &str, form: &[(&str, &str)]) -> Reply {
        self.ask("POST", path, &[("authorization", &format!("Bearer {token}"))], Some(form)).await
    }
}

/// Parameters as a form has them.
pub fn pairs(parameters: &[(&str, &str)]) -> String {
    parameters.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect::<Vec<_>>().join("&")
}

/// Settings whose app has these web domains besides its own.
pub fn registering(domains: &[&str]) -> Settings {
    let mut settings = settings();
    let domains = domains.iter().map(|domain| Domain::parse(domain).unwrap());
    settings.sandbox.apps[0].web_domains.extend(domains);
    settings
}

/// A file of Kakao's own SDK tests, where the folder is present.
pub fn fixture(path: &str) -> Option<Value> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/kakao-fixtures");
    let text = std::fs::read_to_string(folder.join(path)).ok()?;
    Some(serde_json::from_str(&text).unwrap())
}

/// Whether two values have the same members with values of the same types.
pub fn same_shape(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, value)| other.get(name).is_some_and(|other| same_shape(value, other)))
        }
        (Value::Array(one), Value::Array(other)) => {
            one.first().zip(other.first()).is_none_or(|(one, other)| same_shape(one, other))
        }
        (one, other) => std::mem::discriminant(one) == std::mem::discriminant(other),
    }
}
