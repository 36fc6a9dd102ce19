//! What was refused, path by path, and what took longest.

use std::{cmp::Ordering, collections::BTreeMap, net::IpAddr};

use super::{Request, answers::widened};
use crate::accesslog::report::{SlowRequest, Span};

/// Paths that were refused.
#[derive(Debug, Clone)]
pub struct RefusedPaths {
    /// By status, so that a path that is known costs no copy.
    known: BTreeMap<u16, BTreeMap<String, Tally>>,
    paths: usize,
    max: usize,
    /// Whether there were more.
    pub cut: bool,
}

/// One path that was refused.
#[derive(Debug, Clone)]
pub struct Tally {
    /// How often.
    pub requests: u64,
    /// First and last.
    pub span: Option<Span>,
    /// Who asked last.
    pub address: Option<IpAddr>,
}

impl RefusedPaths {
    pub(super) fn new(max: usize) -> Self {
        Self { known: BTreeMap::new(), paths: 0, max, cut: false }
    }

    pub(super) fn add(&mut self, request: &Request<'_>, status: u16, path: &str) {
        let of_status = self.known.entry(status).or_default();
        if !of_status.contains_key(path) {
            if self.paths >= self.max {
                self.cut = true;
                return;
            }
            self.paths += 1;
            of_status.insert(path.to_owned(), Tally { requests: 0, span: None, address: None });
        }
        if let Some(tally) = of_status.get_mut(path) {
            tally.requests += 1;
            tally.span = widened(tally.span, request.time);
            tally.address = request.address.or(tally.address);
        }
    }

    /// The rows, most requests first: path, status and count.
    pub fn rows(&self, max: usize) -> Vec<(&str, u16, &Tally)> {
        let all = self.known.iter();
        let mut rows: Vec<_> = all
            .flat_map(|(status, paths)| paths.iter().map(move |(path, tally)| (path.as_str(), *status, tally)))
            .collect();
        rows.sort_by_key(|(path, status, tally)| (u64::MAX - tally.requests, *status, *path));
        rows.truncate(max);
        rows
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.paths
    }
}

/// The requests that took longest.
#[derive(Debug, Clone, Default)]
pub struct Slowest {
    /// Longest first.
    rows: Vec<SlowRequest>,
    /// How many were slow in all.
    pub requests: u64,
}

impl Slowest {
    pub(super) fn add(&mut self, request: &Request<'_>, seconds: f64, path: impl FnOnce() -> String, max: usize) {
        self.requests += 1;
        let longer = |row: &SlowRequest| row.seconds.total_cmp(&seconds) != Ordering::Less;
        let place = self.rows.partition_point(longer);
        if place >= max {
            return;
        }
        let row = SlowRequest {
            path: path(),
            seconds,
            status: request.status,
            time: request.time,
            address: request.address.map(|address| address.to_string()).unwrap_or_default(),
        };
        self.rows.insert(place, row);
        self.rows.truncate(max);
    }

    /// The rows, longest first.
    pub fn rows(&self) -> &[SlowRequest] {
        &self.rows
    }
}
