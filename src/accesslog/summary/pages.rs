//! Pages that were asked for, with the images that followed. One share comes from two to four addresses in different ranges within a
//! second: the page, then its images with the page as `Referer` (visit logs of Korean sites, 2018 to 2025).

use std::{
    collections::{BTreeMap, VecDeque},
    net::IpAddr,
};

use jiff::Timestamp;

use super::{
    Request,
    answers::{Outcome, outcome},
};
use crate::accesslog::{
    Kind,
    report::{ImageTraffic, PageTraffic},
};

/// Pages that were asked for.
#[derive(Debug, Clone)]
pub struct Pages {
    known: BTreeMap<String, Tally>,
    recent: VecDeque<Recent>,
    paths: usize,
    max_paths: usize,
    max_images: usize,
    within: i64,
    /// Whether there were more pages or images.
    pub cut: bool,
}

#[derive(Debug, Clone, Default)]
struct Tally {
    asked: Asked,
    images: BTreeMap<String, Asked>,
}

#[derive(Debug, Clone, Default)]
struct Asked {
    requests: u64,
    status: Option<u16>,
    last: Option<Timestamp>,
}

impl Asked {
    fn add(&mut self, request: &Request<'_>) {
        self.requests += 1;
        // Files may be read in any order; the last is the latest.
        if request.time >= self.last {
            self.last = request.time;
            self.status = request.status;
        }
    }
}

/// A page that was asked for just now.
#[derive(Debug, Clone)]
struct Recent {
    path: String,
    time: Option<Timestamp>,
    address: Option<IpAddr>,
}

/// Pages of a moment that are remembered to find out which of them an image belongs to.
const RECENT: usize = 64;

impl Pages {
    pub(super) fn new(max_paths: usize, max_images: usize, within: i64) -> Self {
        Self { known: BTreeMap::new(), recent: VecDeque::new(), paths: 0, max_paths, max_images, within, cut: false }
    }

    /// Counts a request, and says what it was for: `kind` is what its path tells, and a `Referer` that names a page of a moment
    /// before tells that it is an image whatever its path is.
    pub(super) fn add(&mut self, request: &Request<'_>, kind: Kind, path: &str, referer: Option<&str>) -> Kind {
        let referer = referer.filter(|referer| !matches!(*referer, "" | "-") && *referer != path);
        match kind {
            Kind::Other => return Kind::Other,
            Kind::Page => {
                let page = referer.filter(|referer| self.near(request).any(|page| page.path == *referer));
                let Some(page) = page else {
                    self.page(path, request);
                    return Kind::Page;
                };
                self.image(page, path, request);
            }
            // What a Referer says is not guessed. Its page may stand further down, or in a file that is read later.
            Kind::Image => match referer {
                Some(page) => self.image(page, path, request),
                None => {
                    if let Some(page) = self.by_time(request) {
                        self.image(&page, path, request);
                    }
                }
            },
        }
        Kind::Image
    }

    fn near(&self, request: &Request<'_>) -> impl Iterator<Item = &Recent> {
        let within = self.within;
        let time = request.time;
        self.recent.iter().rev().filter(move |page| match (page.time, time) {
            // Servers write a line when an answer ends, so a page may stand a moment after its image.
            (Some(page), Some(time)) => (-1..=within).contains(&(time.as_second() - page.as_second())),
            _ => true,
        })
    }

    /// The page an image without a `Referer` belongs to: the last that its address asked for; else the only one of the moment.
    fn by_time(&self, request: &Request<'_>) -> Option<String> {
        let same = self.near(request).find(|page| page.address.is_some() && page.address == request.address);
        if let Some(page) = same {
            return Some(page.path.clone());
        }
        let mut near = self.near(request);
        let first = near.next()?;
        near.all(|page| page.path == first.path).then(|| first.path.clone())
    }

    fn page(&mut self, path: &str, request: &Request<'_>) {
        let Some(tally) = self.tally(path) else { return };
        tally.asked.add(request);
        if self.recent.len() >= RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(Recent { path: path.to_owned(), time: request.time, address: request.address });
    }

    /// The tally of a page, new if there is room for it.
    fn tally(&mut self, page: &str) -> Option<&mut Tally> {
        if !self.known.contains_key(page) {
            if self.paths >= self.max_paths {
                self.cut = true;
                return None;
            }
            self.paths += 1;
            self.known.insert(page.to_owned(), Tally::default());
        }
        self.known.get_mut(page)
    }

    fn image(&mut self, page: &str, path: &str, request: &Request<'_>) {
        if self.tally(page).is_none() {
            return;
        }
        let Some(tally) = self.known.get_mut(page) else { return };
        if !tally.images.contains_key(path) {
            if self.paths >= self.max_paths || tally.images.len() >= self.max_images {
                self.cut = true;
                return;
            }
            self.paths += 1;
            tally.images.insert(path.to_owned(), Asked::default());
        }
        if let Some(image) = tally.images.get_mut(path) {
            image.add(request);
        }
    }

    /// The rows, most requests first.
    pub fn rows(&self, max: usize) -> Vec<PageTraffic> {
        let mut pages: Vec<_> = self.asked().collect();
        pages.sort_by_key(|(path, tally)| (u64::MAX - tally.asked.requests, path.as_str()));
        let image = |(path, asked): (&String, &Asked)| ImageTraffic {
            path: path.clone(),
            requests: asked.requests,
            status: asked.status,
            got: outcome(asked.status) == Outcome::Got
                && asked.status.is_some_and(|status| status < 300 || status == 304),
        };
        let row = |(path, tally): (&String, &Tally)| PageTraffic {
            path: path.clone(),
            requests: tally.asked.requests,
            status: tally.asked.status,
            last: tally.asked.last,
            images: tally.images.iter().map(image).collect(),
        };
        pages.into_iter().take(max).map(row).collect()
    }

    /// How many pages there are.
    pub fn len(&self) -> usize {
        self.asked().count()
    }

    /// The pages that were asked for themselves, not only named as the `Referer` of an image.
    fn asked(&self) -> impl Iterator<Item = (&String, &Tally)> {
        self.known.iter().filter(|(_, tally)| tally.asked.requests > 0)
    }
}
