//! What came of a delivery, told apart, and what a real Kakao would conclude. The rules are Kakao's (kakaotalk-share/callback,
//! message/callback, getting-started/callback): 2XX within 3 seconds, the body ignored, redirects not followed, sent once.

use serde_json::Value;
use url::{Host, Url};

use super::{
    callback::{CallbackArgs, Parameters},
    record::{Note, Outcome},
};
use crate::{
    egress::{Class, Denied},
    fetch::{Delivered, Failure, NameError, Stage},
    finding::{Confidence, Text},
    sandbox::{App, WebhookMethod},
    words::Words,
};

/// A verdict: the outcome, and why.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Verdict {
    pub outcome: Outcome,
    /// A key of `[conclusion]` and `[advice]`.
    pub code: &'static str,
    pub evidence: Option<String>,
    /// What the sentences name.
    values: Vec<(&'static str, String)>,
}

impl Verdict {
    fn new(outcome: Outcome, code: &'static str) -> Self {
        Self { outcome, code, evidence: None, values: Vec::new() }
    }

    /// Nothing is sent.
    pub fn not_sent(code: &'static str) -> Self {
        Self::new(Outcome::NotSent, code)
    }

    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.values.push((name, value.into()));
        self
    }

    pub fn proved(mut self, evidence: Option<String>) -> Self {
        self.evidence = evidence;
        self
    }

    /// What of the arguments keeps a webhook from being sent, if anything.
    pub fn of_args(args: &CallbackArgs) -> Option<Self> {
        match args {
            CallbackArgs::Given(_) => None,
            CallbackArgs::Unset => Some(Self::not_sent("callback-args-missing")),
            CallbackArgs::NotAnObject(_) => Some(Self::not_sent("callback-args-not-object")),
            CallbackArgs::TooLarge { bytes, limit } => Some(
                Self::not_sent("callback-args-too-large")
                    .with("bytes", bytes.to_string())
                    .with("limit", limit.to_string()),
            ),
        }
    }

    /// What an answer, or the lack of one, means.
    pub fn of(delivered: &Delivered, limit_ms: u64) -> Self {
        let verdict = match (delivered.status, &delivered.failure) {
            _ if delivered.left => Self::new(Outcome::Timeout, "left-early"),
            (Some(status), _) => return Self::of_status(status, delivered),
            (None, Some(failure)) => Self::of_failure(failure),
            (None, None) => Self::not_sent("internal"),
        };
        let evidence = delivered.failure.as_ref().and_then(Failure::evidence);
        verdict.with("limit", seconds(limit_ms)).proved(evidence)
    }

    fn of_status(status: u16, delivered: &Delivered) -> Self {
        let location = delivered.headers.get("location");
        let (outcome, code) = match status {
            200..=299 => (Outcome::Delivered, "answered"),
            301 | 302 | 303 | 307 | 308 if location.is_some() => (Outcome::Redirected, "redirected"),
            401 | 403 => (Outcome::Refused, "unauthorized"),
            404 | 410 => (Outcome::Refused, "not-found"),
            405 => (Outcome::Refused, "method-not-allowed"),
            400 | 406 | 411..=417 | 422 | 431 => (Outcome::Refused, "not-understood"),
            429 => (Outcome::Refused, "too-many"),
            500..=599 => (Outcome::Refused, "status-5xx"),
            _ => (Outcome::Refused, "status-other"),
        };
        let proof = match (code, location) {
            ("redirected", Some(location)) => format!("HTTP {status}, Location: {location}"),
            _ => format!("HTTP {status}"),
        };
        Self::new(outcome, code).with("status", status.to_string()).proved(Some(proof))
    }

    fn of_failure(failure: &Failure) -> Self {
        let unreachable = |code| Self::new(Outcome::Unreachable, code);
        match failure {
            Failure::Denied { denied, .. } | Failure::Name(NameError::Denied(denied)) => Self::of_denied(denied),
            Failure::Timeout { stage: Stage::Head | Stage::Body, .. } => Self::new(Outcome::Timeout, "timeout"),
            Failure::Timeout { stage: Stage::Dns, .. } | Failure::Name(NameError::Timeout) => {
                unreachable("dns-timeout")
            }
            Failure::Timeout { stage: Stage::Tls, .. } | Failure::ConnectTimeout { during_tls: true, .. } => {
                unreachable("tls-timeout")
            }
            Failure::Timeout { stage: Stage::Connect, .. } | Failure::ConnectTimeout { .. } => {
                unreachable("connect-timeout")
            }
            Failure::Name(_) => unreachable("dns-failed"),
            Failure::Refused(_) => unreachable("connect-refused"),
            Failure::Unreachable(_) => unreachable("connect-unreachable"),
            Failure::Reset | Failure::Cut(_) => unreachable("connect-reset"),
            Failure::Tls(_) => unreachable("tls-failed"),
            Failure::Internal(_) => Self::not_sent("internal"),
            // All but the first belong to pages: a delivery is not judged by its answer's type, and follows no redirect.
            Failure::Malformed(_)
            | Failure::EncodingUnsupported(_)
            | Failure::RedirectLoop(_)
            | Failure::TooManyRedirects(_)
            | Failure::BadRedirect(_)
            | Failure::Status(_)
            | Failure::NotHtml(_)
            | Failure::NotJson(_)
            | Failure::NoContent(_) => unreachable("not-http"),
        }
    }

    fn of_denied(denied: &Denied) -> Self {
        let port = denied.port.to_string();
        if denied.class == Class::Port {
            return Self::not_sent("port-refused").with("port", port);
        }
        // A loopback address may be named: it is the same on every machine. What other names stand for is not told.
        let loopback = denied.ip.filter(|ip| ip.to_canonical().is_loopback());
        let address = loopback.map_or_else(|| "ADDRESS".to_owned(), |ip| ip.to_canonical().to_string());
        Self::not_sent("address-private").with("address", address).with("port", port)
    }

    /// The three sentences: what a real Kakao would conclude, what to do, and how well that is known.
    pub fn said(&self, words: &Words) -> (Text, Text, Confidence, &'static str) {
        let values: Vec<(&str, &str)> = self.values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let (confidence, source) = basis(self.code);
        (words.say("conclusion", self.code, &values), words.say("advice", self.code, &values), confidence, source)
    }
}

/// How well a conclusion is known, and from where.
fn basis(code: &str) -> (Confidence, &'static str) {
    match code {
        "redirected" | "callback-args-missing" | "webhook-url-missing" => {
            (Confidence::Documented, "kakaotalk-share/callback")
        }
        "answered" | "timeout" | "unauthorized" | "not-found" | "method-not-allowed" | "not-understood"
        | "too-many" | "status-5xx" | "status-other" => (Confidence::Documented, "message/callback"),
        "dns-timeout"
        | "dns-failed"
        | "tls-timeout"
        | "tls-failed"
        | "connect-timeout"
        | "connect-refused"
        | "connect-unreachable"
        | "connect-reset"
        | "not-http" => (Confidence::Documented, "getting-started/callback"),
        _ => (Confidence::Default, "scraplens"),
    }
}

/// What is worth knowing about a request besides its outcome.
pub(super) fn notes(
    words: &Words,
    app: &App,
    url: Option<&Url>,
    parameters: &Parameters,
    delivered: Option<&Delivered>,
) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut note = |code: &str, confidence, values: &[(&str, &str)]| {
        notes.push(Note { code: code.to_owned(), message: words.say("note", code, values), confidence });
    };
    if !parameters.overridden.is_empty() {
        note("webhook-args-overridden", Confidence::Default, &[("keys", &parameters.overridden.join(", "))]);
    }
    match app.webhook_method {
        WebhookMethod::Post => note("webhook-content-type", Confidence::Observed, &[]),
        WebhookMethod::Get => note("webhook-query-coding", Confidence::Default, &[]),
    }
    if parameters.has_typed_values() {
        note("webhook-value-types", Confidence::Default, &[]);
    }
    note("webhook-chat-hash", Confidence::Default, &[]);
    if url.is_some_and(is_local) {
        note("webhook-local", Confidence::Documented, &[]);
    }
    if delivered.is_some_and(|delivered| delivered.status.is_some() && delivered.failure.is_some()) {
        note("webhook-body-unfinished", Confidence::Default, &[]);
    }
    notes
}

/// Whether an address is one that only this machine or its network has.
fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost") || !name.contains('.'),
        Some(Host::Ipv4(ip)) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
        Some(Host::Ipv6(ip)) => ip.to_canonical().is_loopback() || ip.is_unique_local(),
        None => false,
    }
}

/// Milliseconds as seconds, without needless zeros.
pub(super) fn seconds(milliseconds: u64) -> String {
    let whole = format!("{}.{:03}", milliseconds / 1000, milliseconds % 1000);
    whole.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Text in which a key may stand, without it.
pub(super) fn hidden(text: &str, key: &str) -> String {
    text.replace(key, super::request::MASK)
}

/// The same in JSON, at every depth, also in names.
pub(super) fn hidden_in_value(value: &Value, key: &str) -> Value {
    let text = value.to_string();
    // A key is hexadecimal: it stands in JSON as it is.
    if text.contains(key) { serde_json::from_str(&hidden(&text, key)).unwrap_or(Value::Null) } else { value.clone() }
}
