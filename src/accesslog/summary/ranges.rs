//! What came from each range, seen or not.

use super::{
    Request,
    answers::widened,
    timeline::{Step, Times},
};
use crate::accesslog::{
    Kind, Origins,
    report::{RangeTraffic, Span, Statuses},
};

/// What came from one range.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    requests: u64,
    addresses: u64,
    pages: u64,
    images: u64,
    statuses: Statuses,
    span: Option<Span>,
    slow: u64,
    times: Times,
}

impl Tally {
    pub(super) fn add(&mut self, request: &Request<'_>, kind: Kind, is_new: bool, slow: bool, steps: usize) {
        self.requests += 1;
        self.addresses += u64::from(is_new);
        self.pages += u64::from(kind == Kind::Page);
        self.images += u64::from(kind == Kind::Image);
        self.slow += u64::from(slow);
        self.statuses.add(request.status);
        self.span = widened(self.span, request.time);
        if let Some(time) = request.time {
            self.times.add(time, steps);
        }
    }

    /// The longest step that any of the tallies has come to.
    pub(super) fn step(tallies: &[Self]) -> Step {
        tallies.iter().map(|tally| tally.times.step()).max().unwrap_or_default()
    }
}

/// The rows, in the order of the ranges.
pub fn rows(origins: &Origins, tallies: &[Tally], step: Step, whole: Option<Span>) -> Vec<RangeTraffic> {
    let row = |(range, tally): (&crate::accesslog::Range, &Tally)| RangeTraffic {
        cidr: range.network.to_string(),
        service: range.service.clone(),
        holder: range.holder.clone(),
        origin: range.origin,
        requests: tally.requests,
        addresses: tally.addresses,
        pages: tally.pages,
        images: tally.images,
        statuses: tally.statuses,
        span: tally.span,
        slow: tally.slow,
        timeline: whole.map(|span| tally.times.counts(step, span.first, span.last)).unwrap_or_default(),
    };
    origins.ranges.iter().zip(tallies).map(row).collect()
}
