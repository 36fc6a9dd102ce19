//! What the access logs say. A request that really came weighs more than any rule that was read; one that did not come says little.

use jiff::Timestamp;
use url::Url;

use super::{
    Bounds, Case, command,
    report::{Evidence, Says},
};
use crate::{
    accesslog::{
        Origin,
        report::{Arrival, LogReport, Span},
    },
    finding::Confidence,
};

/// How Kakao's requests fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fared {
    /// They got what they asked for.
    Served,
    /// Some were refused.
    Partly,
    /// They were refused, or are now.
    Refused,
    /// What they asked for is not there.
    NotFound,
    /// None came, over a time that is worth something.
    Absent,
    /// The log says nothing of it.
    Silent,
}

/// The logs, looked at for the verdict.
#[derive(Debug)]
pub(super) struct Arrivals<'a> {
    pub report: &'a LogReport,
    pub fared: Fared,
    /// Why, as the code of a sentence.
    pub code: &'static str,
    /// The status by which most was refused.
    pub status: Option<u16>,
    /// The log ended too long ago to overrule what is seen now.
    pub old: bool,
    /// Hours from the end of the log to the question.
    pub age_hours: Option<i64>,
}

/// What a status is to a visitor who should get a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Good,
    NotFound,
    Refused,
}

fn answer(status: u16) -> Answer {
    match status {
        ..=399 => Answer::Good,
        404 | 410 => Answer::NotFound,
        400.. => Answer::Refused,
    }
}

impl<'a> Arrivals<'a> {
    pub fn of(logs: &'a LogReport, url: &str, now: Timestamp, bounds: Bounds) -> Self {
        let age_hours = logs.span.map(|span| hours(span.last, now));
        let old = age_hours.is_some_and(|hours| hours > i64::from(bounds.recent_hours));
        let (fared, code) = fared(logs, url, bounds);
        let status = if matches!(fared, Fared::Served | Fared::NotFound) { None } else { most_refused(logs) };
        Self { report: logs, fared, code, status, old, age_hours }
    }

    /// Requests that may be Kakao's.
    pub fn requests(&self) -> u64 {
        self.count(Origin::Genuine) + self.count(Origin::Plausible)
    }

    pub fn count(&self, origin: Origin) -> u64 {
        self.report.origins.iter().filter(|one| one.origin == origin).map(|one| one.requests).sum()
    }

    /// Kakao came and was answered, whatever it was answered.
    pub fn came(&self) -> bool {
        matches!(self.fared, Fared::Served | Fared::Partly | Fared::Refused | Fared::NotFound)
    }

    pub fn images_refused(&self) -> bool {
        self.report.findings.iter().any(|finding| finding.code == "images-refused")
    }
}

fn hours(from: Timestamp, to: Timestamp) -> i64 {
    (to.as_second() - from.as_second()).div_euclid(3600)
}

fn is_short(span: Span, bounds: Bounds) -> bool {
    hours(span.first, span.last) < i64::from(bounds.short_log_hours)
}

fn fared(logs: &LogReport, url: &str, bounds: Bounds) -> (Fared, &'static str) {
    let refused = logs.refused.iter().any(|row| answer(row.status) == Answer::Refused);
    match logs.verdict {
        Arrival::CannotTell => (Fared::Silent, "proxy"),
        Arrival::Absent => match logs.span {
            None => (Fared::Silent, "untimed"),
            Some(span) if is_short(span, bounds) => (Fared::Silent, "short"),
            Some(_) => (Fared::Absent, "absent"),
        },
        Arrival::Served => match asked_page(logs, url) {
            Some(Answer::NotFound) => (Fared::NotFound, "not-found"),
            _ => (Fared::Served, "served"),
        },
        // Pages that went away are not refused.
        Arrival::PartlyRefused | Arrival::Refused if !refused && !logs.refused.is_empty() => {
            let all = logs.statuses.ok + logs.statuses.redirected == 0;
            if all || asked_page(logs, url) == Some(Answer::NotFound) {
                (Fared::NotFound, "not-found")
            } else {
                (Fared::Served, "served")
            }
        }
        Arrival::Refused => (Fared::Refused, "refused"),
        Arrival::PartlyRefused if asked_page(logs, url) == Some(Answer::Refused) => (Fared::Refused, "refused-page"),
        Arrival::PartlyRefused if refused_since(logs) => (Fared::Refused, "refused-since"),
        Arrival::PartlyRefused if logs.lately == Some(Arrival::Served) => (Fared::Served, "served-lately"),
        Arrival::PartlyRefused => (Fared::Partly, "partly"),
    }
}

/// How the page in question was answered last.
fn asked_page(logs: &LogReport, url: &str) -> Option<Answer> {
    let url = Url::parse(url.trim()).ok()?;
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let path = format!("{}{query}", url.path());
    let page = logs.pages.iter().find(|page| page.path == path)?;
    page.status.map(answer)
}

/// The latest requests were refused, or every page was the last time it was asked for, though some were served before.
fn refused_since(logs: &LogReport) -> bool {
    if logs.lately == Some(Arrival::Refused) {
        return true;
    }
    let whole = !logs.cut.contains(&"paths") && !logs.pages.is_empty();
    whole && logs.pages.iter().all(|page| page.status.map(answer) == Some(Answer::Refused))
}

fn most_refused(logs: &LogReport) -> Option<u16> {
    let refusing = || logs.refused.iter().filter(|row| answer(row.status) == Answer::Refused);
    let requests = |status: u16| -> u64 { refusing().filter(|row| row.status == status).map(|row| row.requests).sum() };
    refusing().map(|row| row.status).max_by_key(|status| (requests(*status), std::cmp::Reverse(*status)))
}

pub(super) fn evidence(case: &Case<'_>) -> Evidence {
    let Some(arrivals) = &case.arrivals else {
        let command = command::reach(&case.parts.requested_url, "--log /var/log/nginx/access.log");
        return Evidence { command: Some(command), ..case.row("logs", Says::Missing, "missing", &[]) };
    };
    let says = match arrivals.fared {
        Fared::Served => Says::Passes,
        Fared::Partly | Fared::NotFound => Says::Partly,
        Fared::Refused => Says::Stops,
        Fared::Absent | Fared::Silent => Says::Silent,
    };
    let requests = arrivals.requests().to_string();
    let genuine = arrivals.count(Origin::Genuine).to_string();
    let status = arrivals.status.map_or_else(|| "?".to_owned(), |status| status.to_string());
    let span = arrivals.report.span;
    let length = span.map_or_else(|| "?".to_owned(), |span| hours(span.first, span.last).to_string());
    let values = [("requests", requests.as_str()), ("genuine", &genuine), ("status", &status), ("hours", &length)];
    Evidence {
        proof: Some(proof(arrivals)),
        // Only the official list makes an address Kakao's for certain.
        confidence: if arrivals.came() { Confidence::Observed } else { Confidence::Default },
        ..case.row("logs", says, arrivals.code, &values)
    }
}

fn proof(arrivals: &Arrivals<'_>) -> String {
    let of = &arrivals.report.statuses;
    let classes = [("2xx", of.ok), ("3xx", of.redirected), ("4xx", of.refused), ("5xx", of.failed), ("-", of.unknown)];
    let mut shown: Vec<String> =
        classes.iter().filter(|(_, count)| *count > 0).map(|(class, count)| format!("{class}: {count}")).collect();
    if let Some(span) = arrivals.report.span {
        shown.push(format!("{} – {}", span.first.strftime("%F %H:%MZ"), span.last.strftime("%F %H:%MZ")));
    }
    let files: Vec<&str> = arrivals.report.files.iter().map(|file| file.name.as_str()).take(3).collect();
    shown.push(files.join(", "));
    shown.join(" · ")
}
