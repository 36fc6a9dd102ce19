//! Every way in which the list cannot be had, kept or read. What is shown here is for logs; the sentences for people, and what to
//! do, stand in both languages in `static/i18n/ips.toml`. No key is ever part of an error.

use std::path::Path;

use crate::{finding::Text, words::Words};

/// Why there is no list, or no newer one. Cheap enough to be kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IpsError {
    /// No key was given.
    #[error("no app key: {variable} is not set")]
    KeyMissing {
        /// The variable that was looked into.
        variable: String,
    },
    /// What was given cannot be a key.
    #[error("what {origin} holds cannot be an app key")]
    KeyUnusable {
        /// The variable or file.
        origin: String,
    },
    /// The key's file cannot be read.
    #[error("the key file {path} cannot be read: {why}")]
    KeyUnreadable {
        /// The file.
        path: String,
        /// Why.
        why: String,
    },
    /// Kakao does not know the key (HTTP 401, code -401).
    #[error("Kakao does not accept the key: {said}")]
    KeyRefused {
        /// What Kakao says.
        said: String,
    },
    /// The app has asked too often (HTTP 400, code -10).
    #[error("the app's quota is used up: {said}")]
    QuotaExceeded {
        /// What Kakao says.
        said: String,
    },
    /// Any other error answer.
    #[error("Kakao answers HTTP {status}: {said}")]
    ApiRefused {
        /// Its status.
        status: u16,
        /// What Kakao says, with its code.
        said: String,
    },
    /// A status of 500 and above.
    #[error("Kakao's server fails with HTTP {status}")]
    ApiFailed {
        /// The status.
        status: u16,
    },
    /// It sends elsewhere; nobody else gets the key.
    #[error("the server redirects, and the key is not sent on")]
    ApiRedirected,
    /// No answer in time.
    #[error("no answer within {limit_ms} ms")]
    ApiTimeout {
        /// `ips.deadline_ms`.
        limit_ms: u64,
    },
    /// Our own outbound guard.
    #[error("our outbound guard refuses the server: {what}")]
    ApiDenied {
        /// What was refused.
        what: String,
    },
    /// No connection: names, network, TLS.
    #[error("the server cannot be reached: {outcome} ({evidence})")]
    ApiUnreachable {
        /// What happened, as a code.
        outcome: String,
        /// What proves it.
        evidence: String,
    },
    /// The answer broke off.
    #[error("the answer broke off")]
    AnswerCut,
    /// The answer is larger than a list may be.
    #[error("the answer is larger than {max} bytes")]
    AnswerTooLarge {
        /// `ips.max_bytes`.
        max: usize,
    },
    /// The answer is not a list.
    #[error("the answer is not a list: {what}")]
    AnswerMalformed {
        /// Where and why.
        what: String,
    },
    /// The answer has no ranges.
    #[error("the list has no ranges")]
    AnswerEmpty,
    /// A range is wider than any network of Kakao's.
    #[error("{range} is wider than any network of Kakao's")]
    AnswerTooWide {
        /// The range.
        range: String,
    },
    /// A plain list of networks: nothing says that it is Kakao's.
    #[error("{name} is a plain list, not an answer of Kakao's API")]
    NotOfficial {
        /// What was given.
        name: String,
    },
    /// The kept list cannot be read.
    #[error("the kept list {path} cannot be read: {why}")]
    KeptUnreadable {
        /// The file.
        path: String,
        /// Why.
        why: String,
    },
    /// The kept list is not what was kept.
    #[error("the kept list {path} is broken at line {line}: {why}")]
    KeptBroken {
        /// The file.
        path: String,
        /// The line, from 1; 0 where the file as a whole is meant.
        line: u32,
        /// What is wrong.
        why: String,
    },
    /// The list cannot be kept.
    #[error("the list cannot be kept in {path}: {why}")]
    KeptUnwritable {
        /// The file.
        path: String,
        /// Why.
        why: String,
    },
}

impl IpsError {
    /// Stable kebab-case name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::KeyMissing { .. } => "key-missing",
            Self::KeyUnusable { .. } => "key-unusable",
            Self::KeyUnreadable { .. } => "key-unreadable",
            Self::KeyRefused { .. } => "key-refused",
            Self::QuotaExceeded { .. } => "quota-exceeded",
            Self::ApiRefused { .. } => "api-refused",
            Self::ApiFailed { .. } => "api-failed",
            Self::ApiRedirected => "api-redirected",
            Self::ApiTimeout { .. } => "api-timeout",
            Self::ApiDenied { .. } => "api-denied",
            Self::ApiUnreachable { .. } => "api-unreachable",
            Self::AnswerCut => "answer-cut",
            Self::AnswerTooLarge { .. } => "answer-too-large",
            Self::AnswerMalformed { .. } => "answer-malformed",
            Self::AnswerEmpty => "answer-empty",
            Self::AnswerTooWide { .. } => "answer-too-wide",
            Self::NotOfficial { .. } => "not-official",
            Self::KeptUnreadable { .. } => "kept-unreadable",
            Self::KeptBroken { .. } => "kept-broken",
            Self::KeptUnwritable { .. } => "kept-unwritable",
        }
    }

    /// What was measured, by the names that the sentences use.
    fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::KeyMissing { variable } => vec![("variable", variable.clone())],
            Self::KeyUnusable { origin } => vec![("origin", origin.clone())],
            Self::KeyRefused { said } | Self::QuotaExceeded { said } => vec![("said", said.clone())],
            Self::ApiRefused { status, said } => vec![("status", status.to_string()), ("said", said.clone())],
            Self::ApiFailed { status } => vec![("status", status.to_string())],
            Self::ApiRedirected | Self::AnswerCut | Self::AnswerEmpty => Vec::new(),
            Self::ApiTimeout { limit_ms } => vec![("limit", format!("{} s", milliseconds(*limit_ms)))],
            Self::ApiDenied { what } | Self::AnswerMalformed { what } => vec![("what", what.clone())],
            Self::ApiUnreachable { outcome, evidence } => {
                vec![("outcome", outcome.clone()), ("evidence", evidence.clone())]
            }
            Self::AnswerTooLarge { max } => vec![("max", max.to_string())],
            Self::AnswerTooWide { range } => vec![("range", range.clone())],
            Self::NotOfficial { name } => vec![("name", name.clone())],
            Self::KeyUnreadable { path, why }
            | Self::KeptUnreadable { path, why }
            | Self::KeptUnwritable { path, why } => vec![("path", path.clone()), ("why", why.clone())],
            Self::KeptBroken { path, line, why } => {
                let place = if *line > 0 { format!("{path}:{line}") } else { path.clone() };
                vec![("path", path.clone()), ("place", place), ("why", why.clone())]
            }
        }
    }

    fn say(&self, section: &str, words: &Words) -> Text {
        let values = self.values();
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        words.say(section, self.code(), &values)
    }

    /// What happened.
    pub fn message(&self, words: &Words) -> Text {
        self.say("error", words)
    }

    /// What to do.
    pub fn advice(&self, words: &Words) -> Text {
        self.say("advice", words)
    }

    /// The same without the folders of this machine: what is told over HTTP is told to strangers.
    #[must_use]
    pub fn without_folders(&self) -> Self {
        let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
        let mut bare = self.clone();
        match &mut bare {
            Self::KeyUnusable { origin: path }
            | Self::KeyUnreadable { path, .. }
            | Self::KeptUnreadable { path, .. }
            | Self::KeptBroken { path, .. }
            | Self::KeptUnwritable { path, .. } => *path = name(path),
            Self::KeyMissing { .. }
            | Self::KeyRefused { .. }
            | Self::QuotaExceeded { .. }
            | Self::ApiRefused { .. }
            | Self::ApiFailed { .. }
            | Self::ApiRedirected
            | Self::ApiTimeout { .. }
            | Self::ApiDenied { .. }
            | Self::ApiUnreachable { .. }
            | Self::AnswerCut
            | Self::AnswerTooLarge { .. }
            | Self::AnswerMalformed { .. }
            | Self::AnswerEmpty
            | Self::AnswerTooWide { .. }
            | Self::NotOfficial { .. } => {}
        }
        bare
    }

    pub(super) fn unreadable(path: &Path, error: &std::io::Error) -> Self {
        Self::KeptUnreadable { path: path.display().to_string(), why: error.to_string() }
    }

    pub(super) fn unwritable(path: &Path, error: &std::io::Error) -> Self {
        Self::KeptUnwritable { path: path.display().to_string(), why: error.to_string() }
    }

    pub(super) fn broken(path: &Path, line: u32, why: impl Into<String>) -> Self {
        Self::KeptBroken { path: path.display().to_string(), line, why: why.into() }
    }
}

/// Seconds with what is behind the point where there is something.
fn milliseconds(milliseconds: u64) -> String {
    if milliseconds.is_multiple_of(1000) {
        (milliseconds / 1000).to_string()
    } else {
        format!("{}.{:03}", milliseconds / 1000, milliseconds % 1000).trim_end_matches('0').to_owned()
    }
}
