//! Counts requests, in memory that its bounds alone decide. Up to them it counts exactly, and beyond it says that there was more.
//! What it means is `judge`'s to say.

mod answers;
mod elsewhere;
mod latest;
mod pages;
mod paths;
mod ranges;
mod sources;
mod timeline;

use std::{collections::BTreeMap, net::IpAddr, sync::Arc};

use jiff::Timestamp;

pub use self::{
    answers::{Alike, Outcome, joined, outcome, widened},
    elsewhere::Elsewhere,
    latest::Latest,
    pages::Pages,
    paths::{RefusedPaths, Slowest},
    sources::Sources,
};
use self::{ranges::Tally, sources::Different};
use super::{
    Entry, Kind, Origin, Origins, Whose,
    kind::{kind, local, path},
    report::{RangeTraffic, Span, Statuses, Timeline},
};

/// How much is kept; section `[logs]` says what each is.
#[derive(Debug, Clone, PartialEq)]
pub struct Bounds {
    /// Different paths, of pages and their images, and as many that were refused.
    pub max_paths: usize,
    /// Images of one page.
    pub max_images: usize,
    /// Bytes of a path.
    pub max_path_bytes: usize,
    /// Sources that are not known as Kakao's.
    pub max_sources: usize,
    /// Different addresses.
    pub max_addresses: usize,
    /// Rows of a table.
    pub max_rows: usize,
    /// Seconds beyond which a request is slow.
    pub slow_seconds: f64,
    /// Seconds within which an image belongs to a page.
    pub join_seconds: i64,
    /// Steps of time.
    pub timeline_steps: usize,
}

/// A request, as it is counted.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    time: Option<Timestamp>,
    address: Option<IpAddr>,
    origin: Origin,
    status: Option<u16>,
    target: Option<&'a str>,
    user_agent: Option<&'a str>,
}

/// What was counted.
#[derive(Debug, Clone)]
pub struct Summary {
    bounds: Bounds,
    origins: Arc<Origins>,
    by_origin: BTreeMap<Origin, Count>,
    tallies: Vec<Tally>,
    kakao: Different,
    others: Different,
    /// Statuses of requests that may be Kakao's.
    pub statuses: Statuses,
    /// The same by what was asked for, with the latest of each.
    pub answers: BTreeMap<(Kind, Option<u16>), Alike>,
    /// The latest of them.
    pub latest: Latest,
    /// Pages they asked for.
    pub pages: Pages,
    /// What was refused to them.
    pub refused: RefusedPaths,
    /// Which of them took longest.
    pub slowest: Slowest,
    /// Who else used the name.
    pub sources: Sources,
    /// Everybody else.
    pub elsewhere: Elsewhere,
    /// From when to when the logs are.
    pub span: Option<Span>,
}

/// Requests of one origin.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// How many.
    pub requests: u64,
    /// Different addresses.
    pub addresses: u64,
}

impl Summary {
    /// Nothing yet.
    pub fn new(origins: Arc<Origins>, bounds: Bounds) -> Self {
        Self {
            by_origin: BTreeMap::new(),
            tallies: vec![Tally::default(); origins.ranges.len()],
            kakao: Different::new(bounds.max_addresses),
            others: Different::new(bounds.max_addresses),
            statuses: Statuses::default(),
            answers: BTreeMap::new(),
            latest: Latest::default(),
            pages: Pages::new(bounds.max_paths, bounds.max_images, bounds.join_seconds),
            refused: RefusedPaths::new(bounds.max_paths),
            slowest: Slowest::default(),
            sources: Sources::new(bounds.max_sources),
            elsewhere: Elsewhere::default(),
            span: None,
            origins,
            bounds,
        }
    }

    /// Counts a request that uses the scraper's name, or comes from Kakao's networks where nobody knows the name.
    pub fn add(&mut self, entry: &Entry<'_>, address: Option<IpAddr>, whose: Whose) {
        let target = entry.target.as_deref();
        let request = Request {
            time: entry.time,
            address,
            origin: whose.origin,
            status: entry.status,
            target,
            user_agent: entry.user_agent.as_deref(),
        };
        let max = self.bounds.max_path_bytes;
        let may_be = may_be_kakao(whose.origin);
        let is_new = address
            .is_some_and(|address| if may_be { self.kakao.is_new(address) } else { self.others.is_new(address) });
        let count = self.by_origin.entry(whose.origin).or_default();
        count.requests += 1;
        count.addresses += u64::from(is_new);
        self.span = widened(self.span, entry.time);

        let asked = target.map(local).unwrap_or_default();
        let page = clipped(&asked, max);
        let mut what = kind(entry.method.as_deref(), &asked);
        let slow = entry.seconds.filter(|seconds| *seconds > self.bounds.slow_seconds && seconds.is_finite());
        if may_be {
            if target.is_some() {
                let referer = entry.referer.as_deref().map(local);
                let referer = referer.as_deref().map(|referer| clipped(referer, max));
                what = self.pages.add(&request, what, &page, referer.as_deref());
            }
            self.may_be(&request, what, &page);
            if let Some(seconds) = slow {
                self.slowest.add(&request, seconds, || clipped(path(&asked), max).into_owned(), self.bounds.max_rows);
            }
        } else {
            self.sources.add(&request, |text| clipped(text, max).into_owned());
        }
        if let Some(tally) = whose.range.and_then(|range| self.tallies.get_mut(range)) {
            tally.add(&request, what, is_new, slow.is_some(), self.bounds.timeline_steps);
        }
    }

    fn may_be(&mut self, request: &Request<'_>, kind: Kind, page: &str) {
        let status = request.status.filter(|status| matches!(status, 0 | 100..=599));
        self.statuses.add(status);
        self.latest.add(request.time, status);
        let alike = self.answers.entry((kind, status)).or_insert_with(|| Alike {
            requests: 0,
            path: String::new(),
            time: None,
            address: None,
        });
        alike.requests += 1;
        if alike.requests == 1 || request.time > alike.time {
            page.clone_into(&mut alike.path);
            (alike.time, alike.address) = (request.time, request.address);
        }
        if let Some(status) = status
            && matches!(outcome(Some(status)), Outcome::Stopped | Outcome::Missing)
        {
            self.refused.add(request, status, path(page));
        }
    }

    /// Looks at a request that is not Kakao's.
    pub fn other(&mut self, address: Option<IpAddr>) {
        self.elsewhere.add(address);
    }

    /// Requests of an origin.
    pub fn count(&self, origin: Origin) -> Count {
        self.by_origin.get(&origin).copied().unwrap_or_default()
    }

    /// Requests that were counted.
    pub fn requests(&self) -> u64 {
        self.by_origin.values().map(|count| count.requests).sum()
    }

    /// Requests that may be Kakao's.
    pub fn may_be_kakao(&self) -> u64 {
        self.by_origin.iter().filter(|(origin, _)| may_be_kakao(**origin)).map(|(_, count)| count.requests).sum()
    }

    /// Requests that may be Kakao's and were answered in one of these ways, of one kind or of any.
    pub fn answered(&self, wanted: impl Fn(Kind, Option<u16>) -> bool) -> impl Iterator<Item = (Option<u16>, &Alike)> {
        self.answers
            .iter()
            .filter(move |((kind, status), _)| wanted(*kind, *status))
            .map(|((_, status), alike)| (*status, alike))
    }

    /// The logs reach over this time too, whoever asked then.
    pub fn extend(&mut self, span: Option<Span>) {
        self.span = joined(self.span, span);
    }

    /// What came from each range, and how time is cut over all of the logs.
    pub fn ranges(&self) -> (Vec<RangeTraffic>, Option<Timeline>) {
        let whole = self.span;
        let step = Tally::step(&self.tallies);
        let step = whole.map_or(step, |whole| step.grown(whole.first, whole.last, self.bounds.timeline_steps));
        let timeline = whole.and_then(|whole| step.timeline(whole.first, whole.last));
        (ranges::rows(&self.origins, &self.tallies, step, whole), timeline)
    }

    /// Rows of a table.
    pub fn max_rows(&self) -> usize {
        self.bounds.max_rows
    }

    /// Kinds of rows that are more than were kept or are shown.
    pub fn cut(&self) -> Vec<&'static str> {
        let rows = self.bounds.max_rows;
        let paths = self.pages.cut || self.refused.cut || self.pages.len() > rows || self.refused.len() > rows;
        [
            ("sources", self.sources.cut || self.sources.len() > rows),
            ("paths", paths),
            ("addresses", self.kakao.cut || self.others.cut),
        ]
        .into_iter()
        .filter_map(|(kind, cut)| cut.then_some(kind))
        .collect()
    }
}

/// Whether an address of this origin may be the scraper's.
pub fn may_be_kakao(origin: Origin) -> bool {
    match origin {
        Origin::Genuine | Origin::Plausible => true,
        Origin::UnverifiedCloud | Origin::Hidden | Origin::Forged => false,
    }
}

/// A text as far as it is kept.
fn clipped(text: &str, max: usize) -> std::borrow::Cow<'_, str> {
    if text.len() <= max {
        return text.into();
    }
    let ends = text.char_indices().map(|(at, _)| at).take_while(|at| *at <= max);
    let kept = text.get(..ends.last().unwrap_or_default()).unwrap_or_default();
    format!("{kept}…").into()
}
