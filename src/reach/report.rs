//! The one verdict, in the words of the API. Plain data.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    accesslog::report::LogReport,
    acl::report::{AclReport, ListUsed},
    finding::{Confidence, Text},
    probe::report::ProbeReport,
};

/// Does Kakao's scraper get in?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reachability {
    /// It does.
    Reachable,
    /// Some of it does, or not for everything.
    Partly,
    /// It does not.
    Blocked,
    /// The evidence is not enough to say.
    CannotTell,
}

impl Reachability {
    /// The word of the API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Reachable => "reachable",
            Self::Partly => "partly",
            Self::Blocked => "blocked",
            Self::CannotTell => "cannot-tell",
        }
    }
}

/// Where it ends, from the network inwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LayerKind {
    /// Names.
    Dns,
    /// Packets: cloud and host firewalls, routes.
    Network,
    /// TLS.
    Tls,
    /// The web server's own address or user-agent rules, or a WAF in front.
    WebServer,
    /// The application behind it.
    Application,
}

impl LayerKind {
    /// The word of the API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Network => "network",
            Self::Tls => "tls",
            Self::WebServer => "web-server",
            Self::Application => "application",
        }
    }
}

/// The answer of `reach`.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ReachReport {
    /// The URL as it was given.
    pub requested_url: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub made_at: Timestamp,
    /// All of it in one word.
    pub verdict: Reachability,
    /// The same as a sentence.
    pub headline: Text,
    /// The layer that blocks, and what shows it.
    pub blocked_by: Option<Blocker>,
    /// What each kind of evidence says, in the order of a packet's way; evidence that was not given too.
    pub evidence: Vec<Evidence>,
    /// Evidence that does not fit together, and what that means.
    pub conflicts: Vec<Text>,
    /// What to do, in order.
    pub advice: Vec<Text>,
    /// What was not proved.
    pub limits: Vec<Text>,
    /// The list that was used.
    pub list: ListUsed,
    /// The probe.
    pub probe: Option<ProbeReport>,
    /// The dumps.
    pub acl: Option<AclReport>,
    /// The logs.
    pub logs: Option<LogReport>,
}

/// The layer that blocks.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Blocker {
    /// Which kind.
    pub layer: LayerKind,
    /// What it is called where a dump names it: `host`, `nginx`.
    pub name: Option<String>,
    /// The reason, as a sentence.
    pub reason: Text,
    /// File and line of the rule, where a dump was given.
    pub place: Option<String>,
    /// That line.
    pub line: Option<String>,
}

/// What one kind of evidence says.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Evidence {
    /// `list`, `dns`, `connect`, `tls`, `acl`, `http`, `image`, `logs`; always all, in this order.
    pub kind: &'static str,
    /// What it says of Kakao's scraper.
    pub says: Says,
    /// The same as a sentence.
    pub message: Text,
    /// What proves it, in one line.
    pub proof: Option<String>,
    /// What supplies it, as a command for a shell, where it is missing or says too little.
    pub command: Option<String>,
    /// How much it weighs.
    pub confidence: Confidence,
}

/// What evidence says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Says {
    /// It gets through here.
    Passes,
    /// Some of it does.
    Partly,
    /// It is stopped here.
    Stops,
    /// This does not tell.
    Silent,
    /// It was not given or not asked.
    Missing,
}

impl Says {
    /// The word of the API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Passes => "passes",
            Self::Partly => "partly",
            Self::Stops => "stops",
            Self::Silent => "silent",
            Self::Missing => "missing",
        }
    }
}
