//! Requests for a page and its image, each as several askers, round after round. One request after the other, with a pause between
//! rounds, and no repeating of what cannot be reached.

use std::time::Duration;

use tokio::time::Instant;
use tracing::error;
use url::Url;

use super::{
    Parts,
    fold::{self, Asker},
    report::Visit,
    step::{Step, Watcher, tell},
    way::millis,
};
use crate::{
    extract::{CardImage, Document},
    fetch::{Expect, Fetched, Request},
    image,
    inspect::inspect,
    page::{Hop, media_type},
    rules::{self, Answer, Glimpse},
    target::Target,
};

/// One run, with what the findings need to know of it.
pub(super) struct Seen {
    pub glimpse: Glimpse,
    pub hops: Vec<Hop>,
    pub evidence: Option<String>,
    pub fetched: String,
    pub bytes: usize,
    pub capped: bool,
    pub image: Option<CardImage>,
}

/// All runs of one asker.
pub(super) struct Runs {
    pub who: &'static str,
    pub seen: Vec<Seen>,
}

/// What several askers got.
pub(super) struct Round<'a> {
    pub parts: &'a Parts,
    pub deadline: Instant,
    pub watcher: Watcher<'a>,
    /// Requests that were not made for want of time.
    pub unasked: usize,
}

impl Round<'_> {
    /// Asks for the page as everybody, `runs` times.
    pub async fn pages(&mut self, target: &Target, runs: usize) -> Vec<Runs> {
        self.rounds("page", target, &PAGE_ASKERS, runs).await
    }

    /// Asks for the image as Kakao and as a browser. An address that cannot be asked for is what came of it.
    pub async fn images(&mut self, url: &str) -> Vec<Runs> {
        let runs = self.parts.settings.image_runs.max(1);
        match Target::parse(url, self.parts.extract.max_url_bytes) {
            Ok(target) => self.rounds("image", &target, &IMAGE_ASKERS, runs).await,
            Err(error) => IMAGE_ASKERS.map(|who| Runs { who, seen: vec![unaskable(url, &error.to_string())] }).into(),
        }
    }

    async fn rounds(&mut self, of: &'static str, target: &Target, askers: &[&'static str], runs: usize) -> Vec<Runs> {
        let mut all: Vec<Runs> = askers.iter().map(|who| Runs { who, seen: Vec::new() }).collect();
        for run in 1..=runs {
            if run > 1 && all.iter().any(Runs::worth_repeating) {
                tokio::time::sleep(self.parts.settings.pause()).await;
            }
            for asker in &mut all {
                if run > 1 && !asker.worth_repeating() {
                    continue;
                }
                if Instant::now() >= self.deadline {
                    self.unasked += 1;
                    continue;
                }
                let who = asker.who;
                tell(self.watcher, || Step::Asking { of, who, run, runs });
                let seen = Box::pin(self.ask(of, who, target)).await;
                tell(self.watcher, || Step::Answered {
                    of,
                    who,
                    run,
                    outcome: seen.glimpse.outcome.clone(),
                    status: seen.glimpse.status,
                    ms: seen.glimpse.total_ms,
                });
                asker.seen.push(seen);
            }
        }
        all
    }

    async fn ask(&self, of: &'static str, who: &'static str, target: &Target) -> Seen {
        let request = self.request(of, who);
        let started = Instant::now();
        let deadline = self.deadline.min(started + self.parts.fetcher.deadline());
        let fetched = self.parts.fetcher.fetch(target, &request, deadline, None).await;
        let took = started.elapsed();
        if of == "image" {
            image_seen(target, fetched, took, self.parts)
        } else {
            self.read(target, fetched, took).await
        }
    }

    fn request(&self, of: &'static str, who: &'static str) -> Request {
        let kakao = &self.parts.kakao;
        let (expect, max_bytes) = match of {
            "image" => (Expect::Image, self.parts.settings.image_bytes),
            _ => (Expect::Page, kakao.limits.page_bytes.value),
        };
        Request {
            expect,
            user_agent: self.user_agent(who).to_owned(),
            accept: kakao.request.accept.value.clone(),
            accept_encoding: kakao.request.accept_encoding.value.clone(),
            max_redirects: kakao.limits.redirects.value,
            max_bytes,
        }
    }

    fn user_agent(&self, who: &str) -> &str {
        let known = &self.parts.kakao.user_agent;
        match who {
            "kakao-older" => &known.kakao_older.value,
            "facebook" => &known.facebook.value,
            "browser" => &known.browser.value,
            _ => &known.kakao.value,
        }
    }

    /// Reads a page off the async workers.
    async fn read(&self, target: &Target, fetched: Fetched, took: Duration) -> Seen {
        let (extract, kakao, rulebook) =
            (self.parts.extract.clone(), self.parts.kakao.clone(), self.parts.rulebook.clone());
        let asked = target.request_url();
        let before = seen(&fetched, took);
        let reading = tokio::task::spawn_blocking(move || {
            let mut seen = before;
            let Some(status) = fetched.status else { return seen };
            let body = fetched.body.as_ref().map(|body| &body.bytes);
            // A bot wall is the page itself, or the beginning of an error's page.
            let shown = body.or(fetched.refusal.as_ref()).map(AsRef::as_ref).unwrap_or_default();
            let challenge = rules::challenge(&Answer { status, headers: &fetched.headers, body: shown });
            if let Some(bytes) = body {
                let content_type = fetched.content_type.as_deref();
                let document = Document { bytes, content_type, url: &fetched.effective_url };
                let card = inspect(&document, &extract, &kakao, &rulebook).card;
                seen.glimpse.title = Some(card.title).filter(|title| !title.is_empty());
                seen.image = card.images.into_iter().next();
                seen.glimpse.image = seen.image.as_ref().map(|image| image.url.clone());
            }
            let glimpse = &mut seen.glimpse;
            if glimpse.outcome == "ok" {
                glimpse.notice = rules::notice(shown).map(str::to_owned);
                let login = rules::led_to_login(asked.as_str(), fetched.effective_url.as_str());
                let instead = match (&challenge, &glimpse.notice) {
                    (Some(_), _) => Some("challenge-page"),
                    (None, Some(_)) => Some("blocked-page"),
                    (None, None) => login.then_some("login-redirect"),
                };
                if let Some(instead) = instead {
                    instead.clone_into(&mut glimpse.outcome);
                }
            }
            if let Some(challenge) = challenge {
                glimpse.evidence = Some(challenge.evidence);
                glimpse.challenge = Some(challenge.vendor.to_owned());
            }
            seen
        });
        match reading.await {
            Ok(seen) => seen,
            Err(died) => {
                error!("reading what a site sent died: {died}");
                let mut seen = blank(target.request_url().as_str());
                "extraction-failed".clone_into(&mut seen.glimpse.outcome);
                seen
            }
        }
    }

    /// The visits that these runs make, each told apart from the browser's.
    pub fn visits(&self, of: &'static str, url: &str, all: &[Runs]) -> Vec<Visit> {
        let glimpses = |runs: &Runs| runs.seen.iter().map(|seen| seen.glimpse.clone()).collect::<Vec<_>>();
        let browsers = all.iter().find(|runs| runs.who == "browser").map(glimpses).unwrap_or_default();
        all.iter()
            .filter_map(|runs| {
                let own = glimpses(runs);
                let asker = Asker { of, who: runs.who, user_agent: self.user_agent(runs.who) };
                let mut visit = fold::visit(asker, url, &own)?;
                if runs.who != "browser" {
                    visit.differs = rules::differences(&own, &browsers, self.parts.settings.slower_ms);
                }
                Some(visit)
            })
            .collect()
    }
}

impl Runs {
    /// Whether asking again could bring something else: not where nobody was reached.
    fn worth_repeating(&self) -> bool {
        let in_vain = |seen: &Seen| {
            let code = seen.glimpse.outcome.as_str();
            code != "connect-reset"
                && ["dns-", "connect-", "tls-", "address-", "port-"].iter().any(|start| code.starts_with(start))
        };
        !self.seen.last().is_some_and(in_vain)
    }

    /// The run that stands for all.
    pub fn worst(&self) -> Option<&Seen> {
        let glimpses: Vec<Glimpse> = self.seen.iter().map(|seen| seen.glimpse.clone()).collect();
        self.seen.get(fold::worst(&glimpses)?)
    }

    /// The image that the page names, if the page came.
    pub fn image(&self) -> Option<&CardImage> {
        self.seen.iter().filter(|seen| seen.glimpse.outcome == "ok").find_map(|seen| seen.image.as_ref())
    }
}

fn seen(fetched: &Fetched, took: Duration) -> Seen {
    let failure = fetched.failure.as_ref();
    let body = fetched.body.as_ref();
    let evidence = failure.and_then(crate::fetch::Failure::evidence);
    let first_byte = fetched.status.is_some().then(|| {
        let all: f64 = fetched.hops.iter().map(|hop| hop.timing_ms.total()).sum();
        let body = fetched.hops.last().and_then(|hop| hop.timing_ms.body).unwrap_or_default();
        millis(Duration::try_from_secs_f64((all - body).max(0.0) / 1000.0).unwrap_or_default())
    });
    Seen {
        glimpse: Glimpse {
            outcome: fetched.outcome().into_owned(),
            evidence: evidence.clone(),
            status: fetched.status,
            url: fetched.effective_url.to_string(),
            content_type: fetched.content_type.as_deref().map(media_type),
            bytes: body.map(|body| body.bytes.len() as u64),
            first_byte_ms: first_byte,
            total_ms: millis(took),
            address: fetched.hops.last().and_then(|hop| hop.address.clone()),
            ..Glimpse::default()
        },
        hops: fetched.hops.clone(),
        evidence,
        fetched: fetched.outcome().into_owned(),
        bytes: body.map_or(0, |body| body.bytes.len()),
        capped: failure.is_none() && body.is_some_and(|body| body.truncated),
        image: None,
    }
}

/// An image is what its first bytes are, whatever type it bears.
fn image_seen(target: &Target, fetched: Fetched, took: Duration, parts: &Parts) -> Seen {
    let mut seen = seen(&fetched, took);
    if seen.glimpse.outcome != "ok" {
        return seen;
    }
    let bytes = fetched.body.map(|body| body.bytes).unwrap_or_default();
    let measured = image::glance(&bytes, &parts.image);
    let glimpse = &mut seen.glimpse;
    if rules::led_to_login(target.request_url().as_str(), fetched.effective_url.as_str()) {
        "login-redirect".clone_into(&mut glimpse.outcome);
    } else if measured.format.is_none() {
        "image-not-image".clone_into(&mut glimpse.outcome);
        glimpse.evidence = measured.evidence;
    }
    seen
}

fn unaskable(url: &str, why: &str) -> Seen {
    let mut seen = blank(url);
    "image-unreachable".clone_into(&mut seen.glimpse.outcome);
    seen.glimpse.evidence = Some(why.to_owned());
    seen
}

fn blank(url: &str) -> Seen {
    let url = Url::parse(url).map_or_else(|_| url.to_owned(), |url| url.to_string());
    Seen {
        glimpse: Glimpse { url, ..Glimpse::default() },
        hops: Vec::new(),
        evidence: None,
        fetched: String::new(),
        bytes: 0,
        capped: false,
        image: None,
    }
}

/// Kakao first: it must not meet what our other requests made the site do.
const PAGE_ASKERS: [&str; 4] = ["kakao", "kakao-older", "facebook", "browser"];

const IMAGE_ASKERS: [&str; 2] = ["kakao", "browser"];
