//! What is answered about the list and about the difference of two lists, in the words of the API. Plain data; nothing here
//! could hold a key.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    acl::{
        list::{ChangeKind, Direction, Origin},
        report::ListUsed,
    },
    finding::Text,
};

/// The answer of `ips show`: the list in use, where it is from, how old it is, and what will change when.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct IpsReport {
    /// The list in use.
    pub list: ListUsed,
    /// All of it in one sentence.
    pub headline: Text,
    /// Where the kept list was fetched from, or what was imported; `null` where none is kept.
    pub source: Option<String>,
    /// When it was fetched or imported.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub fetched_at: Option<Timestamp>,
    /// Hours since.
    pub age_hours: Option<i64>,
    /// Whether that is too long ago (`ips.stale_days`).
    pub stale: bool,
    /// From how many days on a list is stale.
    pub stale_days: u64,
    /// SHA-256 of the list as it came, in hexadecimal.
    pub sha256: Option<String>,
    /// Whether an app key is there. The key itself is told to nobody.
    pub has_key: bool,
    /// When it is due to be asked for again; `null` where there is no key.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_refresh: Option<Timestamp>,
    /// What came of the last time it asked.
    pub last_attempt: Option<Attempt>,
    /// The services of the list.
    pub services: Vec<ServiceReport>,
    /// What will change, by day.
    pub changes: Vec<ChangeDay>,
    /// What is worth a warning.
    pub warnings: Vec<Remark>,
}

/// One try to get the list.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Attempt {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// `ok`, or what went wrong.
    pub outcome: &'static str,
    /// The same as a sentence.
    pub message: Text,
    /// What to do, where it went wrong.
    pub advice: Option<Text>,
}

/// Something worth knowing about a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Remark {
    /// Stable kebab-case name.
    pub code: &'static str,
    /// What is the matter.
    pub message: Text,
    /// What to do.
    pub advice: Text,
}

/// A service of Kakao's, as the list has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ServiceReport {
    /// `scrap`, `callback`; of those that are called, a URL.
    pub service: String,
    /// Who calls whom.
    pub direction: Direction,
    /// Its ranges as the list writes them, without those that are yet to come.
    pub ranges: Vec<String>,
    /// Its ports; empty where the list does not say.
    pub ports: Vec<u16>,
    /// The day its ranges were last changed.
    pub updated: Option<String>,
    /// Keys of it that this program does not know.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<String>,
}

/// What changes on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChangeDay {
    /// The day as the list writes it; `null` where it does not say.
    pub date: Option<String>,
    /// Days until then; negative where it is over.
    pub days_left: Option<i64>,
    /// What changes.
    pub changes: Vec<ServiceChange>,
}

/// What changes for a service on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ServiceChange {
    /// Whether ranges come or go.
    pub kind: ChangeKind,
    /// Whose.
    pub service: String,
    /// Who calls whom.
    pub direction: Direction,
    /// The ranges, as few as they can be written in.
    pub ranges: Vec<String>,
}

/// The answer of `ips diff` and of a refresh: what is different in the second of two lists.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct IpsDiff {
    /// Whether nothing is.
    pub same: bool,
    /// The same as a sentence.
    pub headline: Text,
    /// The first list.
    pub old: Side,
    /// The second.
    pub new: Side,
    /// The services in which something is different today. Written differently is not different.
    pub services: Vec<ServiceDiff>,
    /// Changes that the second list announces and the first does not.
    pub announced: Vec<ChangeDay>,
    /// Changes to come that the first list announces and the second no longer does.
    pub withdrawn: Vec<ChangeDay>,
    /// Everything that is still to come, by the second list.
    pub coming: Vec<ChangeDay>,
    /// Each line of the first list, where that is a plain list of somebody's own.
    pub lines: Vec<LineStanding>,
}

/// One of two lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Side {
    /// What it is called.
    pub name: String,
    /// Where it is from.
    pub origin: Origin,
    /// The day it was made, where it says so.
    pub updated: Option<String>,
}

/// What is different in a service today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ServiceDiff {
    /// Which; `null` for ranges of a list that tells no services apart.
    pub service: Option<String>,
    /// Who calls whom.
    pub direction: Direction,
    /// Ranges only the second list has, as few as they can be written in.
    pub added: Vec<String>,
    /// Ranges only the first list has.
    pub removed: Vec<String>,
    /// Ports only the second list has.
    pub added_ports: Vec<u16>,
    /// Ports only the first list has.
    pub removed_ports: Vec<u16>,
}

/// What a line of somebody's own list is worth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LineStanding {
    /// The range.
    pub cidr: String,
    /// How much of it is in the second list.
    pub listed: Share,
    /// How much of it is in networks that Kakao and its group announce. Seen from outside, not documented by Kakao.
    pub kakao: Share,
}

/// How much of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Share {
    /// All.
    All,
    /// Some.
    Part,
    /// Nothing.
    Nothing,
}
