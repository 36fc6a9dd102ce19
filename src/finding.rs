//! What a finding is: a code, how bad it is, what proves it, and what to do about it in two languages.
//! Not which findings there are: those are the rows of `rules::RULES`.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The message will be wrong or bare.
    Error,
    /// The message is likely wrong, or wrong on some clients.
    Warning,
    /// Worth knowing.
    Info,
}

/// How well a rule is known. Shown with every finding, so that a guess never passes for Kakao's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Kakao's own pages say so.
    Documented,
    /// Seen from outside, in logs or in published output.
    Observed,
    /// Nobody has shown it; this is our default.
    Default,
}

/// The same sentence in both languages of the product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Text {
    /// Korean.
    pub ko: String,
    /// English.
    pub en: String,
}

/// One thing worth telling the user, with its proof and its remedy.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Finding {
    /// Stable kebab-case name, part of the API.
    #[schema(value_type = String)]
    pub code: Cow<'static, str>,
    /// The R-rule behind it, such as `R20`.
    pub rule: Option<&'static str>,
    /// How bad it is.
    pub severity: Severity,
    /// What is the matter.
    pub message: Text,
    /// What to do.
    pub advice: Text,
    /// What proves it: the tag, the header, the measured value.
    pub evidence: Option<String>,
    /// Line in the page's source, from 1.
    pub line: Option<u32>,
    /// Column in that line, in characters, from 1.
    pub column: Option<u32>,
    /// How well the rule is known.
    pub confidence: Confidence,
}

impl Finding {
    /// The same finding with its place in the source.
    #[must_use]
    pub fn at(mut self, line: u32, column: u32) -> Self {
        self.line = Some(line);
        self.column = Some(column);
        self
    }

    /// The same finding, worse or milder than its row says: some are as bad as what else the page has.
    #[must_use]
    pub fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// The same finding with its proof.
    #[must_use]
    pub fn with_evidence(mut self, evidence: impl Into<String>) -> Self {
        self.evidence = Some(evidence.into());
        self
    }
}
