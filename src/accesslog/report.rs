//! What is answered about logs, in the words of the API. Plain data; `summary` fills it.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::Origin;
use crate::{
    acl::report::ListUsed,
    finding::{Confidence, Severity, Text},
};

/// What the logs say, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Arrival {
    /// Kakao's scraper came, and got what it asked for.
    Served,
    /// It came, and some of it was refused.
    PartlyRefused,
    /// It came, and was refused.
    Refused,
    /// Nothing came that could be Kakao's.
    Absent,
    /// The logs cannot tell: every address is a proxy's, or they name no user agent and no address.
    CannotTell,
}

/// The answer of `logs`.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct LogReport {
    /// All of it in one word.
    pub verdict: Arrival,
    /// The same as a sentence.
    pub headline: Text,
    /// Which list of ranges the addresses were compared with.
    pub list: ListUsed,
    /// The files, in the order they were read.
    pub files: Vec<FileReport>,
    /// The first and the last time in the logs, of any request.
    pub span: Option<Span>,
    /// Requests that call themselves Kakao's scraper; in logs that name no user agent, requests from Kakao's networks.
    pub requests: u64,
    /// What the latest of those that may be Kakao's were answered, ten at most: a wall that was put up or taken away lately shows here.
    /// None if none came, or if the logs give no times.
    pub lately: Option<Arrival>,
    /// Whether the reading was stopped before its end; then everything here is of a part.
    pub stopped: bool,
    /// The same by whose address they came from; every origin once, zeroes too.
    pub origins: Vec<OriginReport>,
    /// Statuses of requests that may be Kakao's (genuine, plausible).
    pub statuses: Statuses,
    /// Every range of the list, seen or not.
    pub ranges: Vec<RangeTraffic>,
    /// Time by which `timeline` of ranges is cut.
    pub timeline: Option<Timeline>,
    /// Who forged the name, most requests first: origins `forged`, `unverified-cloud` and `hidden`.
    pub sources: Vec<Source>,
    /// What was refused (403, 444, 499, other 4xx and 5xx) to requests that may be Kakao's, most first.
    pub refused: Vec<Refused>,
    /// Pages that may-be-Kakao requests asked for, most first, with the images that followed.
    pub pages: Vec<PageTraffic>,
    /// Requests of theirs that took longest.
    pub slow: Vec<SlowRequest>,
    /// What to know and what to do.
    pub findings: Vec<LogFinding>,
    /// Kinds of rows that are more than were kept: `sources`, `paths`. Counts above are still of everything.
    pub cut: Vec<&'static str>,
}

/// One file, or standard input.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FileReport {
    /// Its name.
    pub name: String,
    /// Its format, as `--format` names it.
    pub format: String,
    /// The format, for people.
    pub title: String,
    /// `gzip` or `zstd`.
    pub packed: Option<&'static str>,
    /// Bytes after unpacking.
    pub bytes: u64,
    /// Requests in it that call themselves Kakao's scraper.
    pub requests: u64,
    /// Lines that name the scraper and could not be read as the format says.
    pub unreadable: u64,
    /// The first of those, with its line as far as 200 characters.
    pub unreadable_example: Option<String>,
    /// Which field the client's address was taken from: `peer`, or the name of the field.
    pub client_field: String,
    /// Whether its lines name a user agent. Where not, requests are counted by their address alone.
    pub names_agent: bool,
    /// From when to when its lines are, of any request.
    pub span: Option<Span>,
    /// Lines about the scraper that were longer than `logs.max_line_bytes`, of which the rest was not read.
    pub long_lines: u64,
    /// Why its end could not be unpacked; what was before it is counted.
    pub damaged: Option<String>,
}

/// From when to when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Span {
    /// The first time.
    #[schema(value_type = String, format = DateTime)]
    pub first: Timestamp,
    /// The last time.
    #[schema(value_type = String, format = DateTime)]
    pub last: Timestamp,
}

/// Requests of one origin.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct OriginReport {
    /// Whose addresses.
    pub origin: Origin,
    /// Requests.
    pub requests: u64,
    /// Different addresses, as far as they were counted.
    pub addresses: u64,
    /// What it means.
    pub meaning: Text,
}

/// Requests by class of status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Statuses {
    /// 1xx and 2xx.
    pub ok: u64,
    /// 3xx.
    pub redirected: u64,
    /// 4xx, nginx's 444 and 499 too.
    pub refused: u64,
    /// 5xx.
    pub failed: u64,
    /// The log gives none.
    pub unknown: u64,
}

/// What came from one range.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RangeTraffic {
    /// The range.
    pub cidr: String,
    /// `scrap`, or the autonomous system that announces it.
    pub service: String,
    /// Whose it is.
    pub holder: String,
    /// What an address in it is.
    pub origin: Origin,
    /// Requests.
    pub requests: u64,
    /// Different addresses.
    pub addresses: u64,
    /// Requests for pages.
    pub pages: u64,
    /// Requests for images.
    pub images: u64,
    /// By status.
    pub statuses: Statuses,
    /// First and last.
    pub span: Option<Span>,
    /// Requests that took longer than `logs.slow_seconds`.
    pub slow: u64,
    /// Requests per step of the report's `timeline`; empty if none came.
    pub timeline: Vec<u64>,
}

/// How time is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Timeline {
    /// Where the first step begins.
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    /// Seconds of a step.
    pub step_seconds: u64,
    /// Steps.
    pub steps: usize,
}

/// An address that called itself Kakao's scraper and is not known as Kakao's.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = LogSource)] // values of a card have sources too
pub struct Source {
    /// The address.
    pub address: String,
    /// Whose it is.
    pub origin: Origin,
    /// Requests.
    pub requests: u64,
    /// First and last.
    pub span: Option<Span>,
    /// By status.
    pub statuses: Statuses,
    /// One path it asked for.
    pub example: Option<String>,
    /// Its user agent, as it wrote it.
    pub user_agent: Option<String>,
}

/// A path that was refused.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Refused {
    /// The path, without its query.
    pub path: String,
    /// The status.
    pub status: u16,
    /// Requests from official or Kakao's networks.
    pub requests: u64,
    /// First and last.
    pub span: Option<Span>,
    /// One of the addresses.
    pub address: String,
    /// What the status means here, and who answered: 403 = web server or application, 444 = nginx closed, 499 = Kakao hung up.
    pub meaning: Text,
}

/// A page Kakao asked for.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PageTraffic {
    /// The page, path and query.
    pub path: String,
    /// Requests.
    pub requests: u64,
    /// The last status.
    pub status: Option<u16>,
    /// When it was last asked for.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last: Option<Timestamp>,
    /// Images that Kakao asked for right after it, by `Referer` or by time and address.
    pub images: Vec<ImageTraffic>,
}

/// An image Kakao asked for.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ImageTraffic {
    /// The image, path and query.
    pub path: String,
    /// Requests.
    pub requests: u64,
    /// The last status.
    pub status: Option<u16>,
    /// Whether Kakao got it: a status of 2xx or 304.
    pub got: bool,
}

/// A request that took long.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SlowRequest {
    /// The path.
    pub path: String,
    /// How long.
    pub seconds: f64,
    /// The status.
    pub status: Option<u16>,
    /// When.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub time: Option<Timestamp>,
    /// The address.
    pub address: String,
}

/// Something worth telling.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct LogFinding {
    /// Stable kebab-case code.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is the matter.
    pub message: Text,
    /// What to do.
    pub advice: Text,
    /// What proves it.
    pub evidence: Option<String>,
    /// How well the reasoning is known.
    pub confidence: Confidence,
}
