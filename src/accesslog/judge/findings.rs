//! What is worth telling, in order of weight. A finding is a row: when it is told, how bad it is, what proves it. Its sentences stand in
//! `static/i18n/logs.toml` under `finding` and `advice`.

use super::{
    Circumstances,
    counts::{Counts, grouped},
};
use crate::{
    accesslog::{
        Kind, Origin, Summary,
        report::{Arrival, LogFinding, RangeTraffic},
        summary::Alike,
    },
    finding::{Confidence, Severity},
    words::Words,
};

/// What findings are told from.
struct Facts<'a> {
    counts: &'a Counts,
    verdict: Arrival,
    ranges: &'a [RangeTraffic],
    summary: &'a Summary,
    circumstances: &'a Circumstances<'a>,
}

/// A finding without its sentences.
struct Told {
    code: &'static str,
    severity: Severity,
    confidence: Confidence,
    evidence: Option<String>,
    values: Vec<(&'static str, String)>,
}

fn told(code: &'static str, severity: Severity, confidence: Confidence) -> Told {
    Told { code, severity, confidence, evidence: None, values: Vec::new() }
}

impl Told {
    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.values.push((name, value.into()));
        self
    }

    fn proved_by(mut self, evidence: Option<String>) -> Self {
        self.evidence = evidence;
        self
    }
}

/// What is worth telling, worst first.
pub fn findings(
    counts: &Counts,
    verdict: Arrival,
    ranges: &[RangeTraffic],
    summary: &Summary,
    circumstances: &Circumstances<'_>,
    words: &Words,
) -> Vec<LogFinding> {
    let facts = Facts { counts, verdict, ranges, summary, circumstances };
    let mut all: Vec<Told> = Vec::new();
    all.extend(facts.answers());
    all.extend(facts.turn());
    all.extend(facts.behaviour());
    all.extend(facts.absence());
    all.extend(facts.names());
    all.extend(facts.unseen());
    all.extend(facts.reading());
    all.sort_by_key(|told| told.severity);
    let worded = |told: Told| {
        let values: Vec<(&str, &str)> = told.values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        LogFinding {
            code: told.code,
            severity: told.severity,
            message: words.say("finding", told.code, &values),
            advice: words.say("advice", told.code, &values),
            evidence: told.evidence,
            confidence: told.confidence,
        }
    };
    all.into_iter().map(worded).collect()
}

/// Answers of one sort: its code, how bad, which requests.
type Sort = (&'static str, Severity, fn(Kind, u16) -> bool);

/// Each answer that stops or disappoints Kakao belongs to the first of these that takes it.
const SORTS: &[Sort] = &[
    ("kakao-closed-444", Severity::Error, |_, status| status == 444),
    // nginx and AWS balancers write these when the client hung up, CloudFront 000.
    ("kakao-gave-up-499", Severity::Warning, |_, status| matches!(status, 0 | 408 | 460 | 499)),
    ("kakao-server-errors", Severity::Error, |_, status| (500..=599).contains(&status)),
    ("images-missing", Severity::Warning, |kind, status| kind == Kind::Image && is_missing(status)),
    ("images-refused", Severity::Error, |kind, status| kind == Kind::Image && is_client_error(status)),
    ("kakao-not-found", Severity::Warning, |kind, status| kind == Kind::Page && is_missing(status)),
    ("kakao-refused-by-server", Severity::Error, |_, status| is_client_error(status) && !is_missing(status)),
];

fn is_missing(status: u16) -> bool {
    matches!(status, 404 | 410)
}

fn is_client_error(status: u16) -> bool {
    (400..=499).contains(&status)
}

fn sort(kind: Kind, status: u16) -> Option<&'static str> {
    SORTS.iter().find(|(_, _, takes)| takes(kind, status)).map(|(code, ..)| *code)
}

impl Facts<'_> {
    /// How Kakao's requests were answered.
    fn answers(&self) -> Vec<Told> {
        let served = told("kakao-served", Severity::Info, Confidence::Observed)
            .with("requests", grouped(self.counts.got))
            .proved_by(self.proof(|_, status| matches!(status, Some(100..=399))).map(|(_, proof)| proof));
        let served = (self.counts.got > 0).then_some(served);
        let stopped = SORTS.iter().filter_map(|(code, severity, _)| {
            let of_sort = |kind, status: Option<u16>| status.is_some_and(|status| sort(kind, status) == Some(code));
            let (requests, proof) = self.proof(of_sort)?;
            let told = told(code, *severity, Confidence::Observed).with("requests", grouped(requests));
            Some(told.with("statuses", self.statuses(of_sort)).proved_by(Some(proof)))
        });
        stopped.chain(served).collect()
    }

    /// How many were answered so, and the latest of those that are most.
    fn proof(&self, wanted: impl Fn(Kind, Option<u16>) -> bool) -> Option<(u64, String)> {
        let mut requests = 0;
        let mut most: Option<(Option<u16>, &Alike)> = None;
        for (status, alike) in self.summary.answered(wanted) {
            requests += alike.requests;
            if most.is_none_or(|(_, most)| alike.requests > most.requests) {
                most = Some((status, alike));
            }
        }
        most.map(|(status, alike)| (requests, evidence(status, alike)))
    }

    fn statuses(&self, wanted: impl Fn(Kind, Option<u16>) -> bool) -> String {
        let mut all: Vec<u16> = self.summary.answered(wanted).filter_map(|(status, _)| status).collect();
        all.sort_unstable();
        all.dedup();
        all.iter().map(|status| format!("{status:03}")).collect::<Vec<_>>().join(", ")
    }

    /// Whether it changed lately.
    fn turn(&self) -> Option<Told> {
        let turn = self.summary.latest.turn()?;
        let (code, severity) =
            if turn.stopped { ("refused-lately", Severity::Error) } else { ("served-lately", Severity::Info) };
        let told = told(code, severity, Confidence::Observed);
        Some(told.with("requests", turn.requests.to_string()).with("since", turn.since.to_string()))
    }

    /// What the answers do not show: how long they took, what did not follow.
    fn behaviour(&self) -> Vec<Told> {
        let mut all = Vec::new();
        if let Some(slowest) = self.summary.slowest.rows().first() {
            let time = slowest.time.map(|time| format!(", {time}")).unwrap_or_default();
            let proof = format!("{:.1} s: {}{time}, {}", slowest.seconds, slowest.path, slowest.address);
            let told = told("slow-answers", Severity::Warning, Confidence::Default)
                .with("requests", grouped(self.summary.slowest.requests))
                .with("seconds", self.circumstances.slow_seconds.to_string())
                .proved_by(Some(proof));
            all.push(told);
        }
        let ended = self.summary.answered(|_, status| matches!(status, Some(100..=299 | 304))).next();
        if self.counts.got > 0
            && ended.is_none()
            && let Some((requests, proof)) = self.proof(|_, status| matches!(status, Some(300..=399)))
        {
            let told = told("only-redirected", Severity::Warning, Confidence::Observed);
            all.push(told.with("requests", grouped(requests)).proved_by(Some(proof)));
        }
        let any = |wanted: Kind| self.summary.answered(move |kind, _| kind == wanted).next().is_some();
        let page = |kind, status: Option<u16>| kind == Kind::Page && matches!(status, Some(200..=299));
        let pages: u64 = self.summary.answered(page).map(|(_, alike)| alike.requests).sum();
        if pages > 0 && !any(Kind::Image) && self.counts.names_agent {
            let told = told("images-not-asked", Severity::Info, Confidence::Default);
            all.push(told.with("requests", grouped(pages)));
        }
        if self.counts.may_be > 0 && self.counts.got + self.counts.stopped + self.counts.missing == 0 {
            let unknown = self.summary.answered(|_, status| status.is_none()).next().is_some();
            all.extend(unknown.then(|| told("status-not-logged", Severity::Info, Confidence::Observed)));
        }
        all
    }

    /// What did not come, and how little that may mean.
    fn absence(&self) -> Vec<Told> {
        let mut all = Vec::new();
        if self.verdict == Arrival::Absent {
            let code = if self.counts.forged + self.counts.cloud > 0 { "only-forged" } else { "no-kakao-request" };
            all.push(told(code, Severity::Warning, Confidence::Observed).proved_by(self.span()));
            let short = self.summary.span.map(|span| span.last.duration_since(span.first).as_secs());
            if let Some(seconds) = short.filter(|seconds| *seconds < KEPT) {
                let told = told("log-too-short", Severity::Info, Confidence::Documented);
                all.push(told.with("minutes", (seconds / 60).to_string()).proved_by(self.span()));
            }
        }
        all
    }

    /// From where nothing came.
    fn unseen(&self) -> Option<Told> {
        // Only Kakao's own list says from where it calls; without it, the networks that were observed are all there is.
        let listed = if self.circumstances.list.official { Origin::Genuine } else { Origin::Plausible };
        let of_list: Vec<_> = self.ranges.iter().filter(|range| range.origin == listed).collect();
        let unseen = of_list.iter().filter(|range| range.requests == 0).count();
        let told = told("ranges-never-seen", Severity::Info, Confidence::Observed);
        (self.counts.may_be > 0 && unseen > 0)
            .then(|| told.with("unseen", unseen.to_string()).with("ranges", of_list.len().to_string()))
    }

    fn span(&self) -> Option<String> {
        self.summary.span.map(|span| format!("{} - {}", span.first, span.last))
    }

    /// Who else used the name, and who asked for whom.
    fn names(&self) -> Vec<Told> {
        let counts = self.counts;
        let most = |wanted: Origin| {
            let of_origin = self.summary.sources.requests().filter(|(address, origin, _)| {
                *origin == wanted && !(wanted == Origin::Forged && counts.shared.addresses.contains(address))
            });
            let most = of_origin.max_by_key(|(_, _, requests)| *requests);
            most.map(|(address, _, requests)| format!("{address}: {}", grouped(requests)))
        };
        let addresses = |wanted: Origin| {
            counts.origins.iter().find(|(origin, ..)| *origin == wanted).map_or(0, |(.., addresses)| *addresses)
        };
        let mut all = Vec::new();
        if counts.forged > 0 {
            let told = told("forged-sources", Severity::Warning, Confidence::Observed)
                .with("requests", grouped(counts.forged))
                .with("addresses", grouped(addresses(Origin::Forged)));
            all.push(told.proved_by(most(Origin::Forged)));
        }
        if counts.cloud > 0 {
            let told = told("unverified-cloud", Severity::Info, Confidence::Observed);
            all.push(told.with("requests", grouped(counts.cloud)).proved_by(most(Origin::UnverifiedCloud)));
        }
        if counts.is_hidden() {
            let shared = counts.shared.addresses.iter().next().map(ToString::to_string);
            let (code, severity) = if counts.may_be == 0 {
                ("addresses-are-the-proxys", Severity::Warning)
            } else {
                ("some-addresses-hidden", Severity::Info)
            };
            let confidence = if shared.is_some() { Confidence::Default } else { Confidence::Observed };
            let told = told(code, severity, confidence).with("requests", grouped(counts.hidden));
            all.push(told.proved_by(shared.or_else(|| most(Origin::Hidden))));
        }
        if !counts.names_agent {
            let files = self.circumstances.files.iter().filter(|file| !file.names_agent);
            let names: Vec<_> = files.take(SHOWN).map(|file| file.name.as_str()).collect();
            all.push(told("agent-not-logged", Severity::Info, Confidence::Observed).proved_by(Some(names.join(", "))));
        }
        all
    }

    /// What could not be read, or was not.
    fn reading(&self) -> Vec<Told> {
        let files = self.circumstances.files;
        let mut all = Vec::new();
        if self.counts.unreadable > 0 {
            let example = files.iter().find_map(|file| file.unreadable_example.clone());
            let told = told("lines-unreadable", Severity::Warning, Confidence::Observed);
            all.push(told.with("lines", grouped(self.counts.unreadable)).proved_by(example));
        }
        for file in files.iter().filter(|file| file.damaged.is_some()).take(SHOWN) {
            let told = told("file-damaged", Severity::Warning, Confidence::Observed).with("file", &file.name);
            all.push(told.proved_by(file.damaged.clone()));
        }
        let long: u64 = files.iter().map(|file| file.long_lines).sum();
        if long > 0 {
            all.push(told("lines-cut", Severity::Info, Confidence::Observed).with("lines", grouped(long)));
        }
        if self.counts.nothing_read && self.counts.unreadable == 0 {
            all.push(told("logs-empty", Severity::Warning, Confidence::Observed));
        } else if self.summary.requests() > 0 && self.summary.span.is_none() {
            all.push(told("times-not-logged", Severity::Info, Confidence::Observed));
        }
        if self.circumstances.stopped {
            all.push(told("reading-stopped", Severity::Info, Confidence::Observed));
        }
        let cut = self.summary.cut();
        if !cut.is_empty() {
            all.push(told("rows-cut", Severity::Info, Confidence::Observed).with("kinds", cut.join(", ")));
        }
        all
    }
}

fn evidence(status: Option<u16>, alike: &Alike) -> String {
    let status = status.map_or_else(|| "-".to_owned(), |status| format!("{status:03}"));
    let time = alike.time.map(|time| format!(", {time}")).unwrap_or_default();
    let address = alike.address.map(|address| format!(", {address}")).unwrap_or_default();
    format!("{status}: {}{time}{address}", alike.path)
}

/// Seconds for which Kakao keeps a page, and does not ask for it meanwhile.
const KEPT: i64 = 3600;
/// Files that are named.
const SHOWN: usize = 10;
