//! How requests were answered: by class of status, and whether Kakao got what it asked for.

use std::net::IpAddr;

use jiff::Timestamp;

use super::super::report::{Span, Statuses};

/// What an answer means to who asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It got an answer to work with: 1xx, 2xx, 3xx.
    Got,
    /// It was stopped: 4xx but for what follows, 5xx; 444 and 499 of nginx, 000 of `CloudFront`.
    Stopped,
    /// What it asked for is not there: 404, 410. It got in, and got nothing.
    Missing,
    /// The log does not tell.
    Unknown,
}

/// What a status means to who asked.
pub fn outcome(status: Option<u16>) -> Outcome {
    match status {
        Some(100..=399) => Outcome::Got,
        Some(404 | 410) => Outcome::Missing,
        Some(0 | 400..=599) => Outcome::Stopped,
        Some(_) | None => Outcome::Unknown,
    }
}

impl Statuses {
    /// Counts an answer.
    pub(super) fn add(&mut self, status: Option<u16>) {
        let class = match status {
            Some(100..=299) => &mut self.ok,
            Some(300..=399) => &mut self.redirected,
            Some(400..=499) => &mut self.refused,
            Some(500..=599) => &mut self.failed,
            Some(_) | None => &mut self.unknown,
        };
        *class += 1;
    }
}

/// A span that also holds `time`.
pub fn widened(span: Option<Span>, time: Option<Timestamp>) -> Option<Span> {
    let Some(time) = time else { return span };
    Some(span.map_or(Span { first: time, last: time }, |span| Span {
        first: span.first.min(time),
        last: span.last.max(time),
    }))
}

/// A span that holds both.
pub fn joined(one: Option<Span>, other: Option<Span>) -> Option<Span> {
    other.map_or(one, |other| widened(widened(one, Some(other.first)), Some(other.last)))
}

/// Requests of a kind that were answered alike, with the latest of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// How many.
    pub requests: u64,
    /// The path of the latest.
    pub path: String,
    /// When it came.
    pub time: Option<Timestamp>,
    /// Who asked.
    pub address: Option<IpAddr>,
}
