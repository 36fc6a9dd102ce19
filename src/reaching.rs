//! The use case of the one verdict: asks the probe, reads rules and logs, all at the same time, and has the evidence weighed. Nothing
//! that is given is kept or logged. What weighs what is `reach`'s to say.

use std::{
    io::Read,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use jiff::Timestamp;
use serde::Deserialize;
use tokio::task::{JoinError, spawn_blocking};

use crate::{
    accesslog::report::LogReport,
    acl::report::AclReport,
    firewall::{self, Firewall, FirewallError},
    language::Language,
    logs::{self, Logs, LogsError, Watch},
    probe::{self, Prober},
    reach::{self, Bounds, ListChange, export, report::ReachReport},
    target::Target,
    words::Words,
};

/// Where evidence becomes weak, and how much of it is taken over HTTP; section `[reach]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Hours after which a log no longer overrules what rules and probe say.
    pub recent_hours: u32,
    /// A log of fewer hours in which nothing is found says nothing.
    pub short_log_hours: u32,
    /// Logs of one question over HTTP.
    pub max_logs: usize,
    /// Bytes of a question over HTTP.
    pub max_body_bytes: usize,
    /// Questions over HTTP that are answered at once.
    pub max_parallel: usize,
    /// Further questions that may be received or wait.
    pub max_waiting: usize,
    /// Milliseconds a question may wait.
    pub max_wait_ms: u64,
}

/// What it is made of.
pub struct Parts {
    /// Section `[reach]`.
    pub settings: Settings,
    /// Days after which a list is old (`ips.stale_days`).
    pub stale_days: u64,
    /// Reads rules.
    pub firewall: Firewall,
    /// Asks the site.
    pub prober: Prober,
    /// Reads logs.
    pub logs: Logs,
    /// Words the verdict.
    pub words: Words,
}

/// What is asked.
pub struct Ask {
    /// The page.
    pub target: Target,
    /// Rules with what is known of the server, ports, and the list; there may be no dump among them.
    pub rules: firewall::Ask,
    /// How the logs are to be read. Their list is that of `rules`.
    pub reading: logs::Ask,
    /// The logs, in the order of time.
    pub logs: Vec<Log>,
    /// Bytes that all logs may have after unpacking; None where memory does not depend on it and time is the caller's own.
    pub max_unpacked: Option<u64>,
    /// Ask the site, too.
    pub probe: bool,
}

/// One log.
pub struct Log {
    /// What it is called.
    pub name: String,
    /// Its bytes, plain, gzip or zstd. Opened when it is its turn.
    pub open: Box<dyn FnOnce() -> std::io::Result<Box<dyn Read + Send>> + Send>,
    /// False if it lay in a folder: then one that is no access log is left out rather than an error.
    pub named: bool,
}

/// What is being done, for whoever watches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The probe goes on.
    Probe(probe::Step),
    /// The rules were read.
    Rules,
    /// This log is read.
    Log(String),
    /// So many more bytes of it were.
    Bytes(u64),
}

/// Whoever watches. Called from several threads.
pub type Watcher = Arc<dyn Fn(Step) + Send + Sync>;

/// Why there is no verdict.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ReachError {
    /// The rules or the list.
    #[error(transparent)]
    Firewall(#[from] FirewallError),
    /// The logs.
    #[error(transparent)]
    Logs(#[from] LogsError),
    /// A thread of ours died.
    #[error("reading rules or logs died")]
    Died,
}

impl ReachError {
    /// Stable kebab-case name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Firewall(error) => error.code(),
            Self::Logs(error) => error.code(),
            Self::Died => "internal",
        }
    }

    /// What to do.
    pub fn advice(&self) -> String {
        match self {
            Self::Firewall(error) => error.advice(),
            Self::Logs(error) => error.advice(),
            Self::Died => "try again; if it stays, report it with the question and the time".to_owned(),
        }
    }
}

/// A format of the report to hand on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Export {
    /// Markdown.
    Markdown,
    /// HTML.
    Html,
}

/// Gives verdicts. Cheap to clone.
#[derive(Clone)]
pub struct Reaching(Arc<Parts>);

impl Reaching {
    /// Puts it together. Asks nobody.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// How it behaves.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// The bounds of rules.
    pub fn firewall(&self) -> &Firewall {
        &self.0.firewall
    }

    /// The bounds of logs.
    pub fn logs(&self) -> &Logs {
        &self.0.logs
    }

    /// The verdict. What is read stops where whoever waits for it goes away.
    pub async fn reach(&self, ask: Ask, watcher: Option<Watcher>) -> Result<ReachReport, ReachError> {
        let Ask { target, rules, mut reading, logs, max_unpacked, probe } = ask;
        let list = self.0.firewall.list(rules.ranges.as_ref())?;
        reading.ranges.clone_from(&rules.ranges);
        reading.today.clone_from(&rules.today);
        // Before anybody is asked: a question that makes no sense must not cost the site a visit.
        let session = (!logs.is_empty()).then(|| self.0.logs.session(&reading)).transpose()?;
        let session = session.map(|session| match max_unpacked {
            Some(max) => session.bounded(max),
            None => session,
        });
        let today = rules.today.clone();
        let list_used = self.0.firewall.list_used(&list, &today);

        let gone = Gone::default();
        let asked = self.ask_site(probe.then_some(&target), watcher.as_ref());
        let firewall = self.0.firewall.clone();
        let told = watcher.clone();
        let rules = spawn_blocking(move || check(&firewall, &rules, told.as_ref()));
        let stop = Arc::clone(&gone.0);
        let told = watcher.clone();
        let reading = spawn_blocking(move || session.map(|session| read(session, logs, &stop, told)).transpose());
        let (probe, acl, logs) = tokio::join!(asked, rules, reading);
        let parts = reach::Parts {
            requested_url: target.requested().to_owned(),
            made_at: Timestamp::now(),
            today,
            list: list_used,
            changes: ListChange::of(&list),
            probe,
            acl: acl.map_err(|error| died(&error))??,
            logs: logs.map_err(|error| died(&error))??,
        };
        let judge = self.clone();
        let judged = spawn_blocking(move || reach::judge(parts, judge.bounds(), &judge.0.words));
        judged.await.map_err(|error| died(&error))
    }

    /// A report to hand on.
    pub fn export(&self, report: &ReachReport, format: Export, language: Language) -> String {
        match format {
            Export::Markdown => export::markdown(report, language, &self.0.words),
            Export::Html => export::html(report, language, &self.0.words),
        }
    }

    fn bounds(&self) -> Bounds {
        Bounds {
            recent_hours: self.0.settings.recent_hours,
            short_log_hours: self.0.settings.short_log_hours,
            stale_days: u32::try_from(self.0.stale_days).unwrap_or(u32::MAX),
        }
    }

    async fn ask_site(&self, target: Option<&Target>, watcher: Option<&Watcher>) -> Option<probe::report::ProbeReport> {
        let ask = probe::Ask { target: target?.clone(), runs: self.0.prober.settings().runs, image: true };
        let told = watcher.map(|watcher| move |step: probe::Step| watcher(Step::Probe(step)));
        let watcher = told.as_ref().map(|told| told as &(dyn Fn(probe::Step) + Send + Sync));
        Some(self.0.prober.probe(&ask, watcher).await)
    }
}

fn check(
    firewall: &Firewall,
    ask: &firewall::Ask,
    watcher: Option<&Watcher>,
) -> Result<Option<AclReport>, FirewallError> {
    if ask.dumps.is_empty() {
        return Ok(None);
    }
    let report = firewall.check(ask)?;
    if let Some(watcher) = watcher {
        watcher(Step::Rules);
    }
    Ok(Some(report))
}

fn read(
    mut session: logs::Session,
    logs: Vec<Log>,
    stop: &AtomicBool,
    watcher: Option<Watcher>,
) -> Result<LogReport, LogsError> {
    let mut watch = Looking { stop, watcher };
    for Log { name, open, named } in logs {
        watch.tell(|| Step::Log(name.clone()));
        let opened = open().map_err(|error| LogsError::Read { name: name.clone(), source: error.into() });
        match opened.and_then(|input| session.read(&name, input, &mut watch)) {
            Ok(()) => {}
            Err(LogsError::Unknown { .. } | LogsError::Packed { .. }) if !named => {}
            Err(error) => return Err(error),
        }
        if watch.stop() {
            break;
        }
    }
    Ok(session.report())
}

/// Tells threads that nobody waits for them any more.
#[derive(Default)]
struct Gone(Arc<AtomicBool>);

impl Drop for Gone {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

struct Looking<'a> {
    stop: &'a AtomicBool,
    watcher: Option<Watcher>,
}

impl Looking<'_> {
    fn tell(&self, step: impl FnOnce() -> Step) {
        if let Some(watcher) = &self.watcher {
            watcher(step());
        }
    }
}

impl Watch for Looking<'_> {
    fn bytes(&mut self, packed: u64) {
        self.tell(|| Step::Bytes(packed));
    }

    fn stop(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

fn died(error: &JoinError) -> ReachError {
    tracing::error!("reading rules or logs died: {error}");
    ReachError::Died
}
