//! What is answered, in the words of the API. Plain data; `check` fills it.

use serde::Serialize;
use utoipa::ToSchema;

use super::list::{Change, Origin};
use crate::finding::Text;

/// Who gets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// All of it.
    Allowed,
    /// Some of it; the parts tell which.
    Partial,
    /// None of it.
    Denied,
    /// Nobody can tell from the files.
    Undetermined,
}

impl Standing {
    /// The word of the API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Partial => "partial",
            Self::Denied => "denied",
            Self::Undetermined => "undetermined",
        }
    }

    /// The standing of a whole whose parts stand like these. Refused in part is partial; else what is not known weighs most.
    pub fn of_all(parts: impl IntoIterator<Item = Self>) -> Self {
        let (mut allowed, mut denied, mut unknown) = (false, false, false);
        for part in parts {
            match part {
                Self::Allowed => allowed = true,
                Self::Denied => denied = true,
                Self::Undetermined => unknown = true,
                Self::Partial => (allowed, denied) = (true, true),
            }
        }
        match (allowed, denied, unknown) {
            (_, false, true) => Self::Undetermined,
            (false, true, false) => Self::Denied,
            (_, true, _) => Self::Partial,
            (_, false, false) => Self::Allowed,
        }
    }
}

/// The answer of `acl check`.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AclReport {
    /// All ranges together.
    pub verdict: Standing,
    /// The same as a sentence.
    pub headline: Text,
    /// Which list of ranges was asked about.
    pub list: ListUsed,
    /// The layers, in path order.
    pub layers: Vec<LayerReport>,
    /// Every range for every port.
    pub ranges: Vec<RangeReport>,
    /// Lines that can never decide, with the line that keeps them from it.
    pub shadowed: Vec<Shadowed>,
    /// What was taken for granted.
    pub assumptions: Vec<AssumptionReport>,
    /// Verdicts after each change that the list announces.
    pub changes: Vec<ChangeReport>,
}

/// The list of ranges that was asked about.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ListUsed {
    /// Where it is from.
    pub origin: Origin,
    /// What it is called.
    pub name: String,
    /// Whether it is Kakao's own list of callers.
    pub official: bool,
    /// The day it was made, where it says so.
    pub updated: Option<String>,
    /// Days since.
    pub age_days: Option<i64>,
    /// What to make of it.
    pub note: Text,
}

/// A layer as it was read.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct LayerReport {
    /// What it is called.
    pub name: String,
    /// Its dialect.
    pub format: &'static str,
    /// Its dialect, for people.
    pub title: &'static str,
    /// Which address it sees: `direct`, `balancer` or `header`.
    pub sees: &'static str,
    /// Its files.
    pub files: Vec<String>,
    /// Rules that were read.
    pub rules: usize,
}

/// One range and one port.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RangeReport {
    /// The range.
    pub cidr: String,
    /// Which of Kakao's services it is.
    pub service: String,
    /// The port.
    pub port: u16,
    /// All of it together.
    pub verdict: Standing,
    /// Whether and when the range comes or goes.
    pub change: Option<Change>,
    /// Its parts: disjoint, in order, covering it exactly, the fewest networks for each verdict and deciding line.
    pub parts: Vec<PartReport>,
}

/// Part of a range.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PartReport {
    /// The network.
    pub cidr: String,
    /// What becomes of it; never `partial`.
    pub verdict: Standing,
    /// How it is refused: `drop`, `reject`, `reset`, `refused`, `close`, `blocked-page` or an HTTP status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub how: Option<String>,
    /// Which part of a visit was decisive: `syn`, `syn-ack`, `data`, `reply` or `request`.
    pub packet: &'static str,
    /// The deciding line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<DecidedBy>,
    /// What is not known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<DoubtReport>,
}

/// What decided.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DecidedBy {
    /// The layer.
    pub layer: String,
    /// The file; empty where no file says so.
    pub file: Option<String>,
    /// The line, from 1.
    pub line: Option<u32>,
    /// The line's text.
    pub text: Option<String>,
    /// The chain, block or list it is in.
    pub chain: String,
    /// Why this decides, in English.
    pub why: String,
    /// Why this decides.
    pub reason: Text,
}

/// Something that is not known.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DoubtReport {
    /// Stable kebab-case code.
    pub code: &'static str,
    /// The layer.
    pub layer: String,
    /// The file.
    pub file: Option<String>,
    /// The line, from 1.
    pub line: Option<u32>,
    /// The line's text.
    pub text: Option<String>,
    /// What is not known, and what would help.
    pub message: Text,
}

/// A line that can never decide.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Shadowed {
    /// The layer.
    pub layer: String,
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The line's text.
    pub text: String,
    /// The line that decides before it; `None` for a line that matches nothing at all.
    pub by: Option<u32>,
    /// The file of that line.
    pub by_file: Option<String>,
    /// That line's text.
    pub by_text: Option<String>,
    /// Whether the two lines would decide differently: then one of them is a mistake.
    pub differs: bool,
    /// What to make of it.
    pub message: Text,
}

/// Something taken for granted.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AssumptionReport {
    /// Stable kebab-case code.
    pub code: &'static str,
    /// The layer.
    pub layer: String,
    /// The file.
    pub file: Option<String>,
    /// The line, from 1.
    pub line: Option<u32>,
    /// The line's text.
    pub text: Option<String>,
    /// What was assumed, and what to do where it is not so.
    pub message: Text,
}

/// The verdict from a day on.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ChangeReport {
    /// The day, as the list writes it.
    pub date: Option<String>,
    /// Networks that come into use.
    pub additions: Vec<String>,
    /// Networks that go out of use.
    pub exclusions: Vec<String>,
    /// All ranges in use before that day.
    pub before: Standing,
    /// All ranges in use from that day on.
    pub after: Standing,
    /// The same as a sentence.
    pub message: Text,
}
