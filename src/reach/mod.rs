//! One verdict on whether Kakao's scraper gets in, over names, probe, firewall dumps, access logs and the list of its addresses.
//! Pure: reports in, a report out. Who asks for the parts is the use case `reaching`.
//!
//! ```text
//! probing, dumps, arrivals, list    what each kind of evidence says
//! verdict                           the rules that weigh it, first that holds decides
//! conflicts, advice, limits         what does not fit together, what to do, what was not proved
//! export                            the report for whoever must act: Markdown, HTML
//! ```

mod advice;
mod arrivals;
mod command;
mod conflicts;
mod dumps;
pub mod export;
mod limits;
mod list;
mod probing;
pub mod report;
mod verdict;

use jiff::Timestamp;

use self::{
    arrivals::Arrivals,
    dumps::Dumps,
    probing::Probing,
    report::{Evidence, ReachReport, Says},
};
pub use self::{command::quoted, list::ListChange};
use crate::{
    accesslog::report::LogReport,
    acl::report::{AclReport, ListUsed},
    finding::{Confidence, Text},
    probe::report::ProbeReport,
    words::Words,
};

/// What is known, from whom.
#[derive(Debug, Clone)]
pub struct Parts {
    /// The URL as it was given.
    pub requested_url: String,
    /// When the question was asked.
    pub made_at: Timestamp,
    /// The day of asking where Kakao is, `YYYY-MM-DD`.
    pub today: String,
    /// The list of Kakao's ranges that dumps and logs were compared with.
    pub list: ListUsed,
    /// The changes that the list announces, by day.
    pub changes: Vec<ListChange>,
    /// What the site answers from here.
    pub probe: Option<ProbeReport>,
    /// What the dumps say.
    pub acl: Option<AclReport>,
    /// What the logs say.
    pub logs: Option<LogReport>,
}

/// Where evidence becomes weak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Hours after which a log no longer overrules what dumps and the probe say.
    pub recent_hours: u32,
    /// A log of fewer hours in which nothing is found says nothing.
    pub short_log_hours: u32,
    /// Days after which a list is old.
    pub stale_days: u32,
}

/// The sentences of the verdict. A test reads the file, so this cannot fail in a program that was built.
pub fn words() -> Result<Words, toml::de::Error> {
    Words::parse(include_str!("../../static/i18n/reach.toml"))
}

/// Weighs the evidence. The rules stand in `verdict`.
pub fn judge(parts: Parts, bounds: Bounds, words: &Words) -> ReachReport {
    let case = Case::new(&parts, bounds, words);
    let decision = verdict::decide(&case);
    let (evidence, advice) = (case.evidence(), advice::advice(&case, &decision));
    let (conflicts, limits) = (conflicts::conflicts(&case), limits::limits(&case, &decision));
    let (verdict, headline, blocked_by) = (decision.verdict, decision.headline, decision.blocker);
    ReachReport {
        requested_url: parts.requested_url,
        made_at: parts.made_at,
        verdict,
        headline,
        blocked_by,
        evidence,
        conflicts,
        advice,
        limits,
        list: parts.list,
        probe: parts.probe,
        acl: parts.acl,
        logs: parts.logs,
    }
}

/// The parts, and what each of them says.
struct Case<'a> {
    parts: &'a Parts,
    bounds: Bounds,
    words: &'a Words,
    probing: Probing<'a>,
    dumps: Option<Dumps<'a>>,
    arrivals: Option<Arrivals<'a>>,
}

impl<'a> Case<'a> {
    fn new(parts: &'a Parts, bounds: Bounds, words: &'a Words) -> Self {
        Self {
            parts,
            bounds,
            words,
            probing: Probing::of(parts.probe.as_ref()),
            dumps: parts.acl.as_ref().map(Dumps::of),
            arrivals: parts.logs.as_ref().map(|logs| Arrivals::of(logs, &parts.requested_url, parts.made_at, bounds)),
        }
    }

    /// One row for each kind, in the order of a packet's way.
    fn evidence(&self) -> Vec<Evidence> {
        let mut rows = vec![list::evidence(self)];
        let [dns, connect, tls, http, image] = probing::evidence(self);
        rows.extend([dns, connect, tls]);
        rows.push(dumps::evidence(self));
        rows.extend([http, image]);
        rows.push(arrivals::evidence(self));
        rows
    }

    fn row(&self, kind: &'static str, says: Says, code: &str, values: &[(&str, &str)]) -> Evidence {
        let message = self.words.say("evidence", &format!("{kind}-{code}"), values);
        Evidence { kind, says, message, proof: None, command: None, confidence: Confidence::Observed }
    }

    fn say(&self, section: &str, code: &str, values: &[(&str, &str)]) -> Text {
        self.words.say(section, code, values)
    }
}
