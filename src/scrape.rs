//! The use case: one URL, one report. It fetches through the guard, reads the page off the async workers, judges, and keeps the outcome.
//! It neither parses HTML nor speaks HTTP itself.
//!
//! The life of one request:
//! 1. The cache answers if it can (R29); the key is the URL without its fragment, with the user agent that asks.
//! 2. Otherwise one load runs for everybody who asks: it waits for a place, and fetches.
//! 3. The page is read in a blocking thread, under a bound of its own.
//! 4. If asked to, `og:url` is followed once (R20).
//! 5. Findings of the way and of the page are put in order, worst first.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use jiff::Timestamp;
use serde::Deserialize;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, mpsc::UnboundedSender},
    time::Instant,
};
use tracing::info;
use url::Url;

use crate::{
    cache::{self, Cache, Entry, Loaded, Quality, Served},
    extract::{self, Card, Document, EFFECTIVE_URL},
    fetch::{Failure, Fetched, Fetcher, Progress, Request},
    inspect::{Inspection, inspect},
    kakao::Kakao,
    page::{Page, media_type},
    report::{CacheState, CacheUse, Report},
    rules::{self, Delivery, Rulebook},
    target::Target,
    user_agent::UserAgent,
};

/// How scrapes behave; section `[scrape]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Follow `og:url` (R20).
    pub follow_og_url: bool,
    /// Pages fetched at once.
    pub max_concurrent: usize,
    /// Askers that may wait for a place.
    pub max_waiting: usize,
    /// Milliseconds they may wait.
    pub max_wait_ms: u64,
    /// Pages read at once; 0 means one per core.
    pub max_parsing: usize,
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The page.
    pub target: Target,
    /// Whom to ask as.
    pub user_agent: UserAgent,
    /// Ask the site even if the cache could answer.
    pub fresh: bool,
    /// Follow `og:url`; `None` means as the settings say.
    pub follow_og_url: Option<bool>,
}

/// Nobody could be served now: too many fetches run and too many askers wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unserved {
    /// Too much to do.
    #[error("too many pages are being scraped at the moment")]
    Busy,
    /// A task of ours died.
    #[error(transparent)]
    Died(#[from] cache::LoadDied),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    url: Url,
    user_agent: UserAgent,
    follow_og_url: bool,
}

/// A report as the cache holds it, with the bytes that every hit answers.
#[derive(Debug)]
struct Kept {
    report: Report,
    hit_json: OnceLock<Bytes>,
}

/// What one load brought. Shared, because the cache's entry and every answer hold it.
type Value = Result<Arc<Kept>, Unserved>;

/// A report and how it came about.
#[derive(Debug)]
pub struct Answer {
    kept: Arc<Kept>,
    cache: CacheState,
    requested: Url,
}

/// What a cache reset did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reset {
    /// Reports that were dropped.
    pub dropped: usize,
}

/// Scrapes pages for everyone. Cheap to clone.
#[derive(Clone)]
pub struct Scraper(Arc<Inner>);

struct Inner {
    fetcher: Fetcher,
    kakao: Arc<Kakao>,
    rulebook: Arc<Rulebook>,
    extract: extract::Settings,
    cache: Cache<Key, Value>,
    follow_og_url: bool,
    places: Arc<Semaphore>,
    waiting: AtomicUsize,
    max_waiting: usize,
    max_wait: Duration,
    readers: Arc<Semaphore>,
}

impl Scraper {
    /// Puts the parts together.
    pub fn new(
        settings: &Settings,
        cache: &cache::Settings,
        extract: extract::Settings,
        fetcher: Fetcher,
        kakao: Arc<Kakao>,
        rulebook: Arc<Rulebook>,
    ) -> Self {
        let readers = match settings.max_parsing {
            0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            set => set,
        };
        Self(Arc::new(Inner {
            fetcher,
            kakao,
            rulebook,
            extract,
            cache: Cache::new(cache, cache.page_seconds),
            follow_og_url: settings.follow_og_url,
            places: Arc::new(Semaphore::new(settings.max_concurrent.max(1))),
            waiting: AtomicUsize::new(0),
            max_waiting: settings.max_waiting,
            max_wait: Duration::from_millis(settings.max_wait_ms),
            readers: Arc::new(Semaphore::new(readers)),
        }))
    }

    /// The report of a page, from the cache or from the site.
    pub async fn scrape(&self, ask: &Ask, watcher: Option<UnboundedSender<Progress>>) -> Result<Answer, Unserved> {
        let key = self.key(ask);
        let load = || Arc::clone(&self.0).load(key.clone(), ask.target.without_fragment(), watcher);
        let (entry, state) = if ask.fresh {
            (self.0.cache.reload(&key, load).await?, CacheUse::Bypass)
        } else {
            let (entry, served) = self.0.cache.get_or_load(&key, load).await?;
            let state = match served {
                Served::Loaded => CacheUse::Miss,
                Served::Fresh => CacheUse::Hit,
                Served::Stale => CacheUse::Stale,
            };
            (entry, state)
        };
        let kept = entry.value.as_ref().map_err(|unserved| *unserved)?;
        Ok(Answer { kept: Arc::clone(kept), cache: cache_state(&entry, state), requested: ask.target.url().clone() })
    }

    /// The bytes of a kept report's JSON, if nothing has to be done for them. The path of most requests.
    pub fn kept_json(&self, ask: &Ask) -> Option<Bytes> {
        if ask.fresh || ask.target.url().fragment().is_some() {
            return None;
        }
        let entry = self.0.cache.fresh(&self.key(ask))?;
        let kept = entry.value.as_ref().ok()?;
        Some(kept.hit_json.get_or_init(|| kept.json(&cache_state(&entry, CacheUse::Hit))).clone())
    }

    /// Forgets what is kept of a URL, for every user agent: the debugger's cache reset (R31).
    pub fn reset(&self, target: &Target) -> Reset {
        let url = target.request_url();
        Reset { dropped: self.0.cache.forget(|key| key.url == url) }
    }

    /// True if there is a place for another fetch.
    pub fn has_places(&self) -> bool {
        self.0.places.available_permits() > 0 || self.0.waiting.load(Ordering::Relaxed) < self.0.max_waiting
    }

    fn key(&self, ask: &Ask) -> Key {
        Key {
            url: ask.target.request_url(),
            user_agent: ask.user_agent.clone(),
            follow_og_url: ask.follow_og_url.unwrap_or(self.0.follow_og_url),
        }
    }
}

impl Inner {
    async fn load(
        self: Arc<Self>,
        key: Key,
        target: Target,
        watcher: Option<UnboundedSender<Progress>>,
    ) -> Loaded<Value> {
        let Some(_place) = self.place().await else {
            return Loaded { value: Err(Unserved::Busy), quality: Quality::Unkept, weight: 0 };
        };
        let report = self.report(&key, &target, watcher.as_ref()).await;
        let quality = if report.outcome == "ok" { Quality::Good } else { Quality::Failed };
        let host =
            report.card.as_ref().map_or_else(|| key.url.host_str().unwrap_or_default(), |card| card.host.as_str());
        info!(target.host = host, hops = report.hops.len(), outcome = %report.outcome, "scraped a page of `{host}`: {}", report.outcome);
        let kept = Arc::new(Kept { report, hit_json: OnceLock::new() });
        // The JSON is kept beside the values it was made from, which take about as much again.
        let weight =
            kept.json(&CacheState { state: CacheUse::Hit, fetched_at: Timestamp::UNIX_EPOCH, fresh_until: None }).len()
                * 3;
        Loaded { value: Ok(kept), quality, weight }
    }

    /// A place among the fetches that run; `None` if too many wait already or the wait was too long.
    async fn place(&self) -> Option<OwnedSemaphorePermit> {
        let places = Arc::clone(&self.places);
        if let Ok(place) = Arc::clone(&places).try_acquire_owned() {
            return Some(place);
        }
        let _turn = Turn::take(&self.waiting, self.max_waiting)?;
        tokio::time::timeout(self.max_wait, places.acquire_owned()).await.ok()?.ok()
    }

    async fn report(
        self: &Arc<Self>,
        key: &Key,
        target: &Target,
        watcher: Option<&UnboundedSender<Progress>>,
    ) -> Report {
        let request = self.request(&key.user_agent);
        let scraped_at = now_in_seconds();
        let deadline = Instant::now() + self.fetcher.deadline();
        let mut fetched = self.fetcher.fetch(target, &request, deadline, watcher).await;
        let mut extraction = self.read(&mut fetched).await;
        let mut followed = None;
        if key.follow_og_url
            && fetched.failure.is_none()
            && let Some((url, theirs)) = self.follow(extraction.as_ref(), &request, deadline, watcher).await
        {
            extraction = Some(theirs);
            followed = Some(url);
        }
        self.write(key, request.user_agent, scraped_at, fetched, extraction, followed)
    }

    fn request(&self, user_agent: &UserAgent) -> Request {
        let (known, limits) = (&self.kakao.user_agent, &self.kakao.limits);
        Request {
            user_agent: match user_agent {
                UserAgent::Kakao => known.kakao.value.clone(),
                UserAgent::Browser => known.browser.value.clone(),
                UserAgent::Facebook => known.facebook.value.clone(),
                UserAgent::Custom(own) => own.clone(),
            },
            accept: self.kakao.request.accept.value.clone(),
            accept_encoding: self.kakao.request.accept_encoding.value.clone(),
            max_redirects: limits.redirects.value,
            max_bytes: limits.page_bytes.value,
        }
    }

    /// Reads what arrived, off the async workers. A reader that dies is a failure of ours, and part of the report.
    async fn read(self: &Arc<Self>, fetched: &mut Fetched) -> Option<Inspection> {
        let body = fetched.body.as_ref()?.bytes.clone();
        let (content_type, url) = (fetched.content_type.clone(), fetched.effective_url.clone());
        let _reader = self.readers.acquire().await.ok()?;
        let inner = Arc::clone(self);
        let reading = tokio::task::spawn_blocking(move || {
            let document = Document { bytes: &body, content_type: content_type.as_deref(), url: &url };
            inspect(&document, &inner.extract, &inner.kakao, &inner.rulebook)
        });
        match reading.await {
            Ok(extraction) => Some(extraction),
            Err(died) => {
                tracing::error!(target.host = fetched.effective_url.host_str(), "reading a page died: {died}");
                fetched.failure = Some(Failure::Internal("reading the page died".to_owned()));
                None
            }
        }
    }

    /// The page that `og:url` names, if it is another one and has something to say (R20).
    async fn follow(
        self: &Arc<Self>,
        first: Option<&Inspection>,
        request: &Request,
        deadline: Instant,
        watcher: Option<&UnboundedSender<Progress>>,
    ) -> Option<(String, Inspection)> {
        let first = first?;
        first.findings.iter().find(|finding| finding.code == "og-url-mismatch")?;
        let target = Target::parse(&first.card.url, self.extract.max_url_bytes).ok()?;
        let mut fetched = self.fetcher.fetch(&target, request, deadline, watcher).await;
        let theirs = self.read(&mut fetched).await?;
        let speaks = theirs.tags.iter().any(|tag| matches!(tag.key.as_str(), "og:title" | "og:image"));
        (fetched.failure.is_none() && speaks).then(|| (fetched.effective_url.to_string(), theirs))
    }

    fn write(
        &self,
        key: &Key,
        user_agent: String,
        scraped_at: Timestamp,
        fetched: Fetched,
        extraction: Option<Inspection>,
        followed: Option<String>,
    ) -> Report {
        let failure = fetched.failure.as_ref();
        let body = fetched.body.as_ref();
        let delivery = Delivery {
            outcome: failure.map_or("ok".into(), Failure::code),
            evidence: failure.and_then(Failure::evidence),
            hops: &fetched.hops,
            bytes: body.map_or(0, |body| body.bytes.len()),
            capped: failure.is_none() && body.is_some_and(|body| body.truncated),
        };
        let mut findings = rules::judge_delivery(&delivery, &self.kakao.limits, &self.rulebook);
        let page = extraction.as_ref().map(|extraction| Page {
            status: fetched.status,
            content_type: fetched.content_type.as_deref().map(media_type),
            charset: extraction.charset.encoding.name().to_owned(),
            charset_source: extraction.charset.source.name().to_owned(),
            bytes: body.map_or(0, |body| body.bytes.len() as u64),
            wire_bytes: body.map(|body| body.wire_bytes),
            encoding: body.and_then(|body| body.encoding).map(str::to_owned),
            truncated: body.is_some_and(|body| body.truncated),
        });
        if let Some(url) = &followed {
            findings.push(self.rulebook.finding("og-url-followed", &[("url", url)]).with_evidence(url));
        }
        let (card, tags) = match extraction {
            Some(extraction) => {
                findings.extend(extraction.findings);
                (Some(extraction.card), extraction.tags)
            }
            None => (None, Vec::new()),
        };
        rules::sort(&mut findings);
        Report {
            requested_url: key.url.to_string(),
            scraped_at,
            user_agent,
            outcome: delivery.outcome.into_owned(),
            blame: failure.map(Failure::blame),
            hops: fetched.hops,
            page,
            card,
            tags,
            findings,
            followed_og_url: followed,
            cache: CacheState { state: CacheUse::Bypass, fetched_at: scraped_at, fresh_until: None },
        }
    }
}

impl Kept {
    fn json(&self, cache: &CacheState) -> Bytes {
        let report = Report { cache: *cache, ..self.report.clone() };
        Bytes::from(serde_json::to_vec(&report).unwrap_or_default()) // plain data with text keys: it cannot fail
    }
}

impl Answer {
    /// The report as this asker gets it: with the fragment that was asked for (R2, R18) and the cache's part in it.
    pub fn report(&self) -> Report {
        let mut report = Report { cache: self.cache, ..self.kept.report.clone() };
        report.requested_url = self.requested.to_string();
        if let (Some(fragment), Some(card)) = (self.requested.fragment(), report.card.as_mut()) {
            add_fragment(card, fragment);
        }
        report
    }
}

/// A card made without a fragment, as it would be with one: the effective URL keeps the fragment (R18).
fn add_fragment(card: &mut Card, fragment: &str) {
    let effective = |from: &str| from == EFFECTIVE_URL;
    if card.url.contains('#') || !card.sources.url.as_ref().is_some_and(|source| effective(&source.from)) {
        return; // a redirect named its own fragment, or og:url is the url
    }
    let with_fragment = format!("{}#{fragment}", card.url);
    for candidate in card.candidates.url.iter_mut().filter(|candidate| effective(&candidate.from)) {
        candidate.value.clone_from(&with_fragment);
    }
    // The URL stands in for a title that is missing (R14).
    if card.title == card.url {
        card.title.clone_from(&with_fragment);
    }
    card.url = with_fragment;
}

fn cache_state(entry: &Entry<Value>, state: CacheUse) -> CacheState {
    CacheState { state, fetched_at: in_seconds(entry.fetched_at), fresh_until: Some(in_seconds(entry.fresh_until)) }
}

fn now_in_seconds() -> Timestamp {
    in_seconds(Timestamp::now())
}

/// Whole seconds: a report is read by people.
fn in_seconds(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

/// One of the askers that wait; counted while it lives.
struct Turn<'a>(&'a AtomicUsize);

impl<'a> Turn<'a> {
    fn take(waiting: &'a AtomicUsize, limit: usize) -> Option<Self> {
        let turn = Self(waiting);
        (waiting.fetch_add(1, Ordering::Relaxed) < limit).then_some(turn)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
