//! Who used the scraper's name without being known as Kakao's, address by address, and how many different addresses there were.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use super::{Request, answers::widened};
use crate::accesslog::{
    Origin,
    report::{Source, Span, Statuses},
};

/// Sources that are counted apart.
#[derive(Debug, Clone)]
pub struct Sources {
    known: BTreeMap<IpAddr, Tally>,
    max: usize,
    /// Whether there were more.
    pub cut: bool,
}

#[derive(Debug, Clone)]
struct Tally {
    origin: Origin,
    requests: u64,
    span: Option<Span>,
    statuses: Statuses,
    example: Option<String>,
    user_agent: Option<String>,
}

impl Sources {
    pub(super) fn new(max: usize) -> Self {
        Self { known: BTreeMap::new(), max, cut: false }
    }

    pub(super) fn add(&mut self, request: &Request<'_>, kept: impl Fn(&str) -> String) {
        let Some(address) = request.address else { return };
        if !self.known.contains_key(&address) && self.known.len() >= self.max {
            self.cut = true;
            return;
        }
        let tally = self.known.entry(address).or_insert_with(|| Tally {
            origin: request.origin,
            requests: 0,
            span: None,
            statuses: Statuses::default(),
            example: request.target.map(&kept),
            user_agent: request.user_agent.map(&kept),
        });
        tally.requests += 1;
        tally.span = widened(tally.span, request.time);
        tally.statuses.add(request.status);
    }

    /// Requests from each of the addresses, as far as they were counted apart.
    pub fn requests(&self) -> impl Iterator<Item = (IpAddr, Origin, u64)> {
        self.known.iter().map(|(address, tally)| (*address, tally.origin, tally.requests))
    }

    /// The rows, most requests first.
    pub fn rows(&self, max: usize) -> Vec<Source> {
        let mut known: Vec<_> = self.known.iter().collect();
        known.sort_by_key(|(address, tally)| (u64::MAX - tally.requests, **address));
        let row = |(address, tally): (&IpAddr, &Tally)| Source {
            address: address.to_string(),
            origin: tally.origin,
            requests: tally.requests,
            span: tally.span,
            statuses: tally.statuses,
            example: tally.example.clone(),
            user_agent: tally.user_agent.clone(),
        };
        known.into_iter().take(max).map(row).collect()
    }

    /// How many are counted apart.
    pub fn len(&self) -> usize {
        self.known.len()
    }
}

/// Different addresses, up to a number.
#[derive(Debug, Clone)]
pub struct Different {
    seen: BTreeSet<IpAddr>,
    max: usize,
    /// Whether there were more.
    pub cut: bool,
}

impl Different {
    pub(super) fn new(max: usize) -> Self {
        Self { seen: BTreeSet::new(), max, cut: false }
    }

    /// Whether the address comes for the first time; never, once there are too many.
    pub(super) fn is_new(&mut self, address: IpAddr) -> bool {
        if self.seen.contains(&address) {
            return false;
        }
        if self.seen.len() >= self.max {
            self.cut = true;
            return false;
        }
        self.seen.insert(address)
    }
}
