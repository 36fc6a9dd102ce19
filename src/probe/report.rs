//! What a probe found, in the words of the API. Plain data.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::finding::{Finding, Text};

/// What Kakao's user agent meets, seen from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Passage {
    /// It gets page and image as a browser does.
    Open,
    /// It gets them, but not at every address, not every time, or not all of it.
    Partly,
    /// A browser gets the page, Kakao's user agent does not.
    RefusedForKakao,
    /// Nobody gets in from here.
    Closed,
    /// We could not ask.
    NotChecked,
}

/// The answer of `probe`.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ProbeReport {
    /// The URL as it was given.
    pub requested_url: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub probed_at: Timestamp,
    /// All of it in one word.
    pub verdict: Passage,
    /// The same as a sentence.
    pub headline: Text,
    /// What this cannot prove.
    pub limits: Vec<Text>,
    /// Names; `None` for an address literal.
    pub dns: Option<Names>,
    /// One row for every address that was dialled, IPv4 first.
    pub connections: Vec<Connection>,
    /// What each asker was answered, page first, then image. Empty where no address could be reached: nobody was asked then.
    pub visits: Vec<Visit>,
    /// What to know and what to do, worst first.
    pub findings: Vec<Finding>,
}

/// What the name servers said.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Names {
    /// The host.
    pub host: String,
    /// `ok` or a delivery code such as `dns-failed`.
    pub outcome: String,
    /// Why, in words of the name servers.
    pub evidence: Option<String>,
    /// Who said it: `dns`, `pinned` (fixed by hand, no name server was asked) or `localhost`.
    pub source: &'static str,
    /// The answer to each question; empty where no name server was asked.
    pub kinds: Vec<Lookup>,
    /// A, AAAA and CNAME records in the order of the answers.
    pub records: Vec<Record>,
    /// Milliseconds.
    pub ms: u64,
}

/// One question to the name servers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Lookup {
    /// `A` or `AAAA`.
    pub kind: &'static str,
    /// `ok`, `no-records`, `nxdomain`, `timeout`, `unavailable`, or the error of the name servers in lower case, such as `servfail`.
    pub outcome: String,
}

/// One record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Record {
    /// Whose.
    pub name: String,
    /// `A`, `AAAA` or `CNAME`.
    pub kind: &'static str,
    /// The address or name.
    pub value: String,
    /// Seconds it may be kept.
    pub ttl: u32,
}

/// One address that was dialled.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Connection {
    /// Address and port.
    pub address: String,
    /// `ok` or a delivery code: `connect-refused`, `connect-timeout`, `tls-expired`, ...
    pub outcome: String,
    /// Why, in one line.
    pub evidence: Option<String>,
    /// Milliseconds to the TCP connection.
    pub connect_ms: Option<u64>,
    /// The handshake, for `https`.
    pub tls: Option<Handshake>,
}

/// A TLS handshake.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Handshake {
    /// `ok` or a code such as `tls-incomplete-chain`.
    pub outcome: String,
    /// The version that was agreed on.
    pub version: Option<String>,
    /// Every version the server takes, oldest first, as far as we can speak it.
    pub versions: Vec<String>,
    /// The certificates as they were sent, the server's own first.
    pub chain: Vec<Certificate>,
    /// Whose certificate is missing between the last one sent and a public authority.
    pub missing: Option<String>,
    /// Days until the server's own expires; negative after.
    pub days_left: Option<i64>,
    /// Milliseconds.
    pub ms: Option<u64>,
}

/// A certificate as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Certificate {
    /// Whom it names.
    pub subject: String,
    /// Who signed it.
    pub issuer: String,
    /// Host names and addresses.
    pub names: Vec<String>,
    /// First day.
    pub not_before: String,
    /// Last day.
    pub not_after: String,
}

/// What one asker was answered for one address.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Visit {
    /// `page` or `image`.
    pub of: &'static str,
    /// `kakao`, `kakao-older` (the spelling of 2018), `facebook`, `browser`.
    pub who: &'static str,
    /// The user agent that was sent.
    pub user_agent: String,
    /// The URL that was asked for.
    pub url: String,
    /// The URL after the last redirect.
    pub effective_url: String,
    /// `ok`, a delivery code, or `challenge-page`, `blocked-page`, `login-redirect`, `image-not-image` where something else came in
    /// its place; of several runs, the worst. What follows is of the same run.
    pub outcome: String,
    /// Why, in one line.
    pub evidence: Option<String>,
    /// Status of the last answer.
    pub status: Option<u16>,
    /// Media type without parameters.
    pub content_type: Option<String>,
    /// Decoded bytes.
    pub bytes: Option<u64>,
    /// A page's title.
    pub title: Option<String>,
    /// A page's main image (R22).
    pub image: Option<String>,
    /// Whose challenge page came instead.
    pub challenge: Option<String>,
    /// The sentence of a page that says no with status 200.
    pub notice: Option<String>,
    /// Every run.
    pub runs: Vec<Run>,
    /// Milliseconds over the runs that were answered.
    pub spread: Option<Spread>,
    /// How the answer differs from the browser's: `status`, `redirect`, `body`, `type`, `slower`, `challenge`, `geo`.
    pub differs: Vec<&'static str>,
}

/// One run.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Run {
    /// As a visit's.
    pub outcome: String,
    /// The status.
    pub status: Option<u16>,
    /// Milliseconds to the first byte.
    pub first_byte_ms: Option<u64>,
    /// Milliseconds in all.
    pub total_ms: u64,
    /// Who answered.
    pub address: Option<String>,
}

/// Milliseconds to the end of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Spread {
    /// The fastest.
    pub min: u64,
    /// The one in the middle.
    pub median: u64,
    /// The slowest.
    pub max: u64,
}

/// The answer of `probe --outbound`: can this machine reach Kakao?
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct OutboundReport {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub probed_at: Timestamp,
    /// Whether every host was reached.
    pub reachable: bool,
    /// The same as a sentence.
    pub headline: Text,
    /// What to allow on the way out, whatever the outcome.
    pub advice: Text,
    /// Every host.
    pub hosts: Vec<OutboundHost>,
}

/// One of Kakao's hosts.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct OutboundHost {
    /// The host and port.
    pub host: String,
    /// `ok` or the code of the stage that failed.
    pub outcome: String,
    /// Names.
    pub dns: Names,
    /// Addresses.
    pub connections: Vec<Connection>,
    /// What to do where it failed.
    pub advice: Option<Text>,
}
