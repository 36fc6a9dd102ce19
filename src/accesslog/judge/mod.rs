//! What the counts mean: the verdict, the findings, the sentences. Nothing is counted here.

mod counts;
mod findings;
mod proxies;
mod rows;

use jiff::Timestamp;

use self::{counts::Counts, proxies::Shared};
use super::{
    Summary,
    report::{Arrival, FileReport, LogReport},
};
use crate::{acl::report::ListUsed, words::Words};

/// What is known beside the counts.
#[derive(Debug, Clone)]
pub struct Circumstances<'a> {
    /// Which list of ranges the addresses were compared with.
    pub list: &'a ListUsed,
    /// The files.
    pub files: &'a [FileReport],
    /// Whether reading was stopped.
    pub stopped: bool,
    /// What was asked about.
    pub since: Option<Timestamp>,
    /// What was asked about.
    pub until: Option<Timestamp>,
    /// Seconds beyond which a request is slow.
    pub slow_seconds: f64,
}

/// The whole answer.
pub fn report(summary: &Summary, circumstances: &Circumstances<'_>, words: &Words) -> LogReport {
    let shared = Shared::among(summary);
    let counts = Counts::of(summary, circumstances, shared);
    let (verdict, headline) = verdict(&counts);
    let (ranges, timeline) = summary.ranges();
    let findings = findings::findings(&counts, verdict, &ranges, summary, circumstances, words);
    let section = if counts.names_agent { "headline" } else { "headline-by-address" };
    let values = counts.values();
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    LogReport {
        verdict,
        headline: words.say(section, headline, &values),
        list: circumstances.list.clone(),
        files: circumstances.files.to_vec(),
        span: summary.span,
        requests: summary.requests(),
        lately: summary.latest.arrival(),
        stopped: circumstances.stopped,
        origins: rows::origins(&counts, words),
        statuses: summary.statuses,
        ranges,
        timeline,
        sources: rows::sources(summary, &counts),
        refused: rows::refused(summary, words),
        pages: summary.pages.rows(summary.max_rows()),
        slow: summary.slowest.rows().to_vec(),
        findings,
        cut: summary.cut(),
    }
}

/// All of it in one word, and the code of its sentence. Only requests that may be Kakao's count. In this order:
///
/// | came | got | stopped | | verdict |
/// |---|---|---|---|---|
/// | no | | | addresses are a proxy's | cannot tell |
/// | no | | | nothing could be read | cannot tell |
/// | no | | | | absent |
/// | yes | yes | no | | served |
/// | yes | yes | yes | | partly refused |
/// | yes | no | yes | | refused |
/// | yes | no | no | only 404 and 410 | partly refused: it got in, and got nothing |
/// | yes | no | no | no statuses | cannot tell |
fn verdict(counts: &Counts) -> (Arrival, &'static str) {
    if counts.may_be == 0 {
        return if counts.is_hidden() {
            (Arrival::CannotTell, "proxied")
        } else if counts.nothing_read && counts.unreadable > 0 {
            (Arrival::CannotTell, "unreadable")
        } else if counts.nothing_read {
            (Arrival::CannotTell, "empty")
        } else if counts.forged + counts.cloud > 0 {
            (Arrival::Absent, "only-forged")
        } else {
            (Arrival::Absent, "absent")
        };
    }
    match (counts.got > 0, counts.stopped > 0) {
        (true, false) => (Arrival::Served, "served"),
        (true, true) => (Arrival::PartlyRefused, "partly-refused"),
        (false, true) => (Arrival::Refused, "refused"),
        (false, false) if counts.missing > 0 => (Arrival::PartlyRefused, "only-missing"),
        (false, false) => (Arrival::CannotTell, "status-unknown"),
    }
}
