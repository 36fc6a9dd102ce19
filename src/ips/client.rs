//! The client of Kakao's `GET /v1/system/ips`, through the one guarded fetcher. It tells answers apart; whether to believe a list
//! is asked elsewhere. The key is in one header of one request, and in nothing else.

use std::{fs::File, io::Read as _, time::Duration};

use serde::Deserialize;
use tokio::time::Instant;

use super::{IpsError, Secret, Settings, answer::short};
use crate::{
    fetch::{Expect, Failure, Fetched, Fetcher, NameError, Request},
    target::Target,
};

/// Asks Kakao's API. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    fetcher: Fetcher,
    settings: Settings,
    max_url_bytes: usize,
}

/// An error answer (Kakao Developers, REST API, reference).
#[derive(Debug, Deserialize)]
struct ErrorAnswer {
    #[serde(default)]
    msg: String,
    code: Option<i64>,
    /// What only a list has.
    inbound: Option<serde::de::IgnoredAny>,
}

impl Client {
    /// Puts the parts together.
    pub fn new(fetcher: Fetcher, settings: Settings, max_url_bytes: usize) -> Self {
        Self { fetcher, settings, max_url_bytes }
    }

    /// The URL that is asked.
    pub fn source(&self) -> String {
        self.settings.url.list().to_string()
    }

    /// The list as it came.
    pub async fn ask(&self, key: &Secret) -> Result<String, IpsError> {
        let settings = &self.settings;
        let unusable = |_silent| IpsError::KeyUnusable { origin: settings.key_env.clone() };
        let authorization = key.authorization().map_err(unusable)?;
        let target = Target::from_url(settings.url.list(), self.max_url_bytes)
            .map_err(|error| IpsError::ApiDenied { what: error.to_string() })?;
        let request = Request {
            expect: Expect::Json,
            user_agent: concat!("scraplens/", env!("CARGO_PKG_VERSION")).to_owned(),
            accept: "application/json".to_owned(),
            accept_encoding: "gzip".to_owned(),
            max_redirects: 0,
            max_bytes: settings.max_bytes,
        };
        let deadline = Instant::now() + Duration::from_millis(settings.deadline_ms);
        let fetched = self.fetcher.fetch_authorized(&target, &request, &authorization, deadline).await;
        if let Some(failure) = &fetched.failure {
            return Err(self.failed(failure, &fetched, key));
        }
        let body = fetched.body.ok_or(IpsError::AnswerCut)?;
        if body.truncated {
            return Err(IpsError::AnswerTooLarge { max: settings.max_bytes });
        }
        let text = String::from_utf8(body.bytes.to_vec())
            .map_err(|_bytes| IpsError::AnswerMalformed { what: "not UTF-8".to_owned() })?;
        // What is kept is shown to everybody.
        if key.is_in(&text) {
            return Err(IpsError::AnswerMalformed { what: "it repeats the key".to_owned() });
        }
        if let Some(error) = error_answer(&text) {
            return Err(told(fetched.status.unwrap_or_default(), &error, key));
        }
        Ok(text)
    }

    fn failed(&self, failure: &Failure, fetched: &Fetched, key: &Secret) -> IpsError {
        match failure {
            Failure::Status(status @ 500..) => IpsError::ApiFailed { status: *status },
            Failure::Status(300..400) => IpsError::ApiRedirected,
            Failure::Status(status) => {
                let said = fetched.refusal.as_ref().map(|bytes| String::from_utf8_lossy(bytes).into_owned());
                let error = said.as_deref().and_then(error_answer);
                told(*status, &error.unwrap_or(ErrorAnswer { msg: String::new(), code: None, inbound: None }), key)
            }
            Failure::RedirectLoop(_) | Failure::TooManyRedirects(_) | Failure::BadRedirect(_) => {
                IpsError::ApiRedirected
            }
            Failure::Denied { .. } => IpsError::ApiDenied { what: failure.evidence().unwrap_or_default() },
            Failure::Name(NameError::Timeout) | Failure::Timeout { .. } | Failure::ConnectTimeout { .. } => {
                IpsError::ApiTimeout { limit_ms: self.settings.deadline_ms }
            }
            Failure::Cut(_) => IpsError::AnswerCut,
            Failure::NotJson(_)
            | Failure::NotHtml(_)
            | Failure::NoContent(_)
            | Failure::Malformed(_)
            | Failure::EncodingUnsupported(_) => {
                let what = failure.evidence().unwrap_or_else(|| failure.code().into_owned());
                IpsError::AnswerMalformed { what: short(&key.hidden_in(&what)) }
            }
            Failure::Name(_)
            | Failure::Refused(_)
            | Failure::Unreachable(_)
            | Failure::Reset
            | Failure::Tls(_)
            | Failure::Internal(_) => IpsError::ApiUnreachable {
                outcome: failure.code().into_owned(),
                evidence: short(&key.hidden_in(&failure.evidence().unwrap_or_default())),
            },
        }
    }
}

fn error_answer(text: &str) -> Option<ErrorAnswer> {
    let is_error = |error: &ErrorAnswer| error.inbound.is_none() && (!error.msg.is_empty() || error.code.is_some());
    serde_json::from_str::<ErrorAnswer>(text).ok().filter(is_error)
}

fn told(status: u16, error: &ErrorAnswer, key: &Secret) -> IpsError {
    let code = error.code.map(|code| format!("code {code}"));
    let message = Some(short(&key.hidden_in(&error.msg))).filter(|message| !message.is_empty());
    let said: Vec<String> = [message, code].into_iter().flatten().collect();
    let said = if said.is_empty() { format!("HTTP {status}") } else { said.join(", ") };
    match (error.code, status) {
        (Some(-401), _) | (None, 401) => IpsError::KeyRefused { said },
        (Some(-10), _) | (None, 429) => IpsError::QuotaExceeded { said },
        _ => IpsError::ApiRefused { status, said },
    }
}

impl Settings {
    /// The key: of the environment, else the first line of its file. Read anew each time, so that a new key needs no restart.
    pub fn read_key(&self) -> Result<Secret, IpsError> {
        if let Some(key) = &self.key {
            return key.clone().map_err(|_unusable| IpsError::KeyUnusable { origin: self.key_env.clone() });
        }
        if self.key_file.as_os_str().is_empty() {
            return Err(IpsError::KeyMissing { variable: self.key_env.clone() });
        }
        let path = self.key_file.display().to_string();
        let mut bytes = Vec::new();
        let read = File::open(&self.key_file).and_then(|file| file.take(MAX_KEY_FILE_BYTES).read_to_end(&mut bytes));
        read.map_err(|error| IpsError::KeyUnreadable { path: path.clone(), why: error.to_string() })?;
        let text = String::from_utf8_lossy(&bytes);
        let line = text.lines().next().unwrap_or_default();
        Secret::parse(line).map_err(|_unusable| IpsError::KeyUnusable { origin: path })
    }

    /// Whether there is a key, or at least a file for it.
    pub fn has_key(&self) -> bool {
        self.key.is_some() || !self.key_file.as_os_str().is_empty()
    }
}

const MAX_KEY_FILE_BYTES: u64 = 4096;
