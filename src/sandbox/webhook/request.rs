//! A webhook's request: the parameters of one share as Kakao sends them, by GET in the query, by POST as JSON. Sends nothing.

use std::collections::BTreeMap;

use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{
    Method,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT},
};
use serde_json::{Map, Value};
use url::Url;

use super::{
    callback::{Parameters, text_of},
    judge::{hidden, hidden_in_value},
    record::Sent,
};
use crate::{
    fetch::{Delivery, Pace},
    sandbox::{App, WebhookMethod},
    target::{Target, TargetError},
};

/// A request that is ready to be sent, and what is shown of it.
#[derive(Debug, Clone)]
pub(super) struct Ready {
    pub target: Target,
    pub delivery: Delivery,
    pub shown: Sent,
}

/// What is the same for all requests.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner {
    /// Bytes of the handler's answer that are kept.
    pub answer_bytes: usize,
    /// Bytes of the handler's address, without parameters.
    pub max_url_bytes: usize,
    /// Send a key that is not the app's.
    pub wrong_key: bool,
    /// How a POST's body is written.
    pub form: BodyForm,
    /// How it is sent.
    pub pace: Pace,
}

impl Sent {
    /// The same without a key that a caller may have put into its arguments.
    pub(super) fn without(&self, key: &str) -> Self {
        let hidden_in = |map: &Map<String, Value>| match hidden_in_value(&Value::Object(map.clone()), key) {
            Value::Object(map) => map,
            _ => Map::new(),
        };
        Self {
            line: hidden(&self.line, key),
            headers: self.headers.clone(),
            query: self.query.as_ref().map(hidden_in),
            body: self.body.as_ref().map(hidden_in),
        }
    }
}

/// How a POST's body is written. JSON was seen; the exact content type is in no document.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum BodyForm {
    /// `application/json`
    #[default]
    Json,
    /// The same with a charset behind it.
    JsonWithCharset,
    /// As HTML forms are sent.
    Form,
}

impl BodyForm {
    fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::JsonWithCharset => "application/json;charset=UTF-8",
            Self::Form => "application/x-www-form-urlencoded",
        }
    }
}

impl Ready {
    /// Writes the request for the handler at `url`.
    pub fn write(app: &App, url: &Url, parameters: &Parameters, manner: Manner) -> Result<Self, TargetError> {
        let plain = Target::from_url(url.clone(), manner.max_url_bytes)?;
        let resource_id = random(RESOURCE_ID_LETTERS);
        let mut headers = headers(app, &resource_id, manner.wrong_key);
        let mut shown = Sent {
            line: String::new(),
            headers: BTreeMap::from([
                ("Authorization".to_owned(), format!("KakaoAK {MASK}")),
                ("X-Kakao-Resource-ID".to_owned(), resource_id),
                ("User-Agent".to_owned(), AGENT.to_owned()),
            ]),
            query: None,
            body: None,
        };
        let (method, target, body) = match app.webhook_method {
            WebhookMethod::Get => {
                let target = Target::from_url(with_query(plain.url(), &parameters.all), MAX_LINE_BYTES)?;
                let texts = parameters.all.iter().map(|(key, value)| (key.clone(), Value::String(text_of(value))));
                shown.query = Some(texts.collect());
                (Method::GET, target, Bytes::new())
            }
            WebhookMethod::Post => {
                headers.insert(CONTENT_TYPE, HeaderValue::from_static(manner.form.content_type()));
                shown.headers.insert("Content-Type".to_owned(), manner.form.content_type().to_owned());
                shown.body = Some(parameters.all.clone());
                let body = match manner.form {
                    BodyForm::Json | BodyForm::JsonWithCharset => Value::Object(parameters.all.clone()).to_string(),
                    BodyForm::Form => pairs(&parameters.all).join("&"),
                };
                (Method::POST, plain, Bytes::from(body))
            }
        };
        let sent = target.request_url();
        let query = sent.query().map(|query| format!("?{query}")).unwrap_or_default();
        shown.line = format!("{method} {}{query} HTTP/1.1", sent.path());
        let delivery = Delivery { method, headers, body, max_answer_bytes: manner.answer_bytes, pace: manner.pace };
        Ok(Self { target, delivery, shown })
    }
}

/// The three headers that Kakao documents.
fn headers(app: &App, resource_id: &str, wrong_key: bool) -> HeaderMap {
    let key = if wrong_key { WRONG_KEY } else { app.admin_key.as_str() };
    let mut headers = HeaderMap::new();
    let mut put = |name: HeaderName, value: &str, secret: bool| {
        // Hexadecimal digits, letters and a constant: all of them fit a header.
        if let Ok(mut value) = HeaderValue::from_str(value) {
            value.set_sensitive(secret);
            headers.insert(name, value);
        }
    };
    put(AUTHORIZATION, &format!("KakaoAK {key}"), true);
    put(HeaderName::from_static("x-kakao-resource-id"), resource_id, false);
    put(USER_AGENT, AGENT, false);
    headers
}

/// The address with the parameters behind its own query.
fn with_query(url: &Url, parameters: &Map<String, Value>) -> Url {
    let pairs = pairs(parameters);
    let own = url.query().filter(|query| !query.is_empty());
    let query: Vec<&str> = own.into_iter().chain(pairs.iter().map(String::as_str)).collect();
    let mut url = url.clone();
    url.set_query(Some(&query.join("&")));
    url
}

/// `name=value`, coded. A space is `%20` and a plus `%2B`: every decoder reads those alike.
fn pairs(parameters: &Map<String, Value>) -> Vec<String> {
    let coded = |text: &str| utf8_percent_encode(text, RESERVED).to_string();
    parameters.iter().map(|(key, value)| format!("{}={}", coded(key), coded(&text_of(value)))).collect()
}

/// Letters and digits, as in Kakao's example of a resource id.
pub(super) fn random(letters: usize) -> String {
    std::iter::repeat_with(fastrand::alphanumeric).take(letters).collect()
}

/// `User-Agent` (kakaotalk-share/callback).
const AGENT: &str = "KakaoOpenAPI/1.0";
/// As long as the one in Kakao's example, `Rvy1c2dkzBAZ5hGD3rqYbxvr`.
const RESOURCE_ID_LETTERS: usize = 24;
/// What stands where a key was.
pub(super) const MASK: &str = "********";
const WRONG_KEY: &str = "00000000000000000000000000000000";
/// What HTTP clients and servers take at most as one line; the library's own limit is 65,534.
const MAX_LINE_BYTES: usize = 60_000;
/// Everything but the unreserved (RFC 3986, 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
