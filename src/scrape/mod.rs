//! The use case: one URL, one report. It fetches through the guard, reads the page off the async workers, judges, and keeps the outcome.
//! It neither parses HTML nor speaks HTTP itself.
//!
//! The life of one request:
//! 1. The cache answers if it can (R29); the key is the URL without its fragment, with the user agent that asks.
//! 2. Otherwise one load runs for everybody who asks: it waits for a place (`crate::places`), and `work` fetches.
//! 3. The page is read in a blocking thread, under a bound of its own. If asked to, `og:url` is followed once (R20).
//! 4. Its images are measured, or remembered: they are kept by their own address, for longer (`images`, R25, R30).
//! 5. Where something is amiss, the same is asked as a browser and as Facebook's crawler (`compare`).
//! 6. Findings of all of it are put in order, worst first, and one verdict is drawn.

mod compare;
mod event;
mod images;
mod requests;
mod robots;
mod work;

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use bytes::Bytes;
use jiff::Timestamp;
use serde::Deserialize;
use tokio::{sync::Semaphore, time::Instant};
use tracing::info;
use url::Url;

pub use self::{
    event::{Event, Watch},
    images::{NoFile, NoPicture},
};
use self::{
    images::{Images, Setup, Wish},
    requests::Requests,
    robots::Robots,
    work::{Done, Work},
};
use crate::{
    cache::{self, Cache, Entry, LoadDied, Loaded, Quality, Served},
    comparison::Asker,
    excerpt::Excerpt,
    extract::{self, Card, CardImage, EFFECTIVE_URL},
    fetch::Fetcher,
    image::{self, Encoded, ImageReport, Rendition, Signer},
    kakao::Kakao,
    places::Places,
    report::{CacheState, CacheUse, Report},
    rules::Rulebook,
    target::Target,
    user_agent::UserAgent,
};

/// How scrapes behave; section `[scrape]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own for whoever sets it")]
pub struct Settings {
    /// Follow `og:url` (R20).
    pub follow_og_url: bool,
    /// Ask for the images of a card.
    pub images: bool,
    /// Ask as others, and for the page of `og:url`, where that explains something.
    pub compare: bool,
    /// Milliseconds for that.
    pub compare_ms: u64,
    /// Milliseconds for the images of a card.
    pub images_ms: u64,
    /// Images fetched at once.
    pub max_images: usize,
    /// Look at `robots.txt`.
    pub robots: bool,
    /// Bytes of it that are read.
    pub robots_bytes: usize,
    /// Milliseconds it may take.
    pub robots_ms: u64,
    /// Pages fetched at once.
    pub max_concurrent: usize,
    /// Askers that may wait for a place.
    pub max_waiting: usize,
    /// Milliseconds they may wait.
    pub max_wait_ms: u64,
    /// Pages read at once; 0 means one per core.
    pub max_parsing: usize,
}

impl Settings {
    fn images_time(&self) -> Duration {
        Duration::from_millis(self.images_ms)
    }

    fn compare_time(&self) -> Duration {
        Duration::from_millis(self.compare_ms)
    }
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
    excerpt: Excerpt,
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
    /// Reports of that page that were dropped.
    pub pages: usize,
    /// Copies of that image that were dropped.
    pub images: usize,
}

/// Scrapes pages for everyone. Cheap to clone.
#[derive(Clone)]
pub struct Scraper(Arc<Inner>);

struct Inner {
    work: Arc<Work>,
    cache: Cache<Key, Value>,
    places: Places,
}

/// What a scraper is put together from.
pub struct Parts<'a> {
    /// Section `[scrape]`.
    pub settings: &'a Settings,
    /// Section `[cache]`.
    pub cache: &'a cache::Settings,
    /// Section `[extract]`.
    pub extract: &'a extract::Settings,
    /// Section `[image]`.
    pub image: &'a image::Settings,
    /// The way out.
    pub fetcher: Fetcher,
    /// What is known of Kakao.
    pub kakao: Arc<Kakao>,
    /// Words for findings.
    pub rulebook: Arc<Rulebook>,
    /// Fonts for text in SVG images; without any, text is left out.
    pub fonts: Option<image::Fonts>,
    /// Signs the addresses of images, if somebody serves them.
    pub signer: Option<Signer>,
}

impl Scraper {
    /// Puts the parts together.
    pub fn new(parts: Parts<'_>) -> Self {
        let Parts { settings, cache, extract, image, fetcher, kakao, rulebook, fonts, signer } = parts;
        let cores = match settings.max_parsing {
            0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            set => set,
        };
        let requests = Requests::new(Arc::clone(&kakao));
        let images = Images::new(Setup {
            fetcher: fetcher.clone(),
            requests: requests.clone(),
            settings: image,
            cache,
            max_url_bytes: extract.max_url_bytes,
            max_image_bytes: kakao.limits.image_bytes.value,
            fetches: settings.max_images,
            workers: cores,
            fonts,
            signer,
        });
        let work = Work {
            robots: Robots::new(fetcher.clone(), requests.clone(), settings, cache),
            fetcher,
            requests,
            images,
            kakao,
            rulebook,
            extract: extract.clone(),
            readers: Semaphore::new(cores),
            settings: settings.clone(),
        };
        Self(Arc::new(Inner {
            work: Arc::new(work),
            cache: Cache::new(cache, cache.page_seconds),
            places: Places::new(
                settings.max_concurrent,
                settings.max_waiting,
                Duration::from_millis(settings.max_wait_ms),
            ),
        }))
    }

    /// The report of a page, from the cache or from the site.
    pub async fn scrape(&self, ask: &Ask, watch: Option<Watch>) -> Result<Answer, Unserved> {
        let (key, watch) = (self.key(ask), watch.unwrap_or_default());
        let load = || Arc::clone(&self.0).load(key.clone(), ask.target.without_fragment(), watch);
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

    /// The parts of a page's source that its report talks about; scrapes the page if nothing is kept of it.
    pub async fn source(&self, ask: &Ask) -> Result<Excerpt, Unserved> {
        Ok(self.scrape(ask, None).await?.kept.excerpt.clone())
    }

    /// What is known of one image, whoever names it: kept, or asked for now. `None` if nobody had time to ask for it.
    pub async fn image(&self, url: &Url, user_agent: &UserAgent) -> Result<Option<ImageReport>, LoadDied> {
        let image = CardImage { url: url.to_string(), source: "template".to_owned(), line: 0, column: 0 };
        let wish =
            Wish { image: &image, declared: None, user_agent, who: Asker::Same, page_asked_at: Timestamp::now() };
        let deadline = Instant::now() + self.0.work.fetcher.deadline();
        self.0.work.images.look(&wish, deadline, &Watch::default()).await
    }

    /// An image of a card, cut and encoded anew.
    pub async fn rendition(
        &self,
        url: &Url,
        user_agent: &UserAgent,
        rendition: Rendition,
    ) -> Result<Result<Arc<Encoded>, NoPicture>, LoadDied> {
        self.0.work.images.rendition(url, user_agent, rendition).await
    }

    /// A picture file at hand, cut and encoded anew.
    pub async fn redraw(&self, bytes: Bytes, rendition: Rendition) -> Result<Arc<Encoded>, NoPicture> {
        self.0.work.images.redraw(bytes, rendition).await
    }

    /// The address under which this service shows the image at `url` for a while, if it serves images at all.
    pub fn image_href(&self, url: &str, user_agent: &UserAgent) -> Option<String> {
        self.0.work.images.href(url, user_agent)
    }

    /// The file of the image at `url`, kept or asked for as Kakao's scraper asks. For whoever makes a new file of it: what a site sends is
    /// not passed on.
    pub async fn image_file(&self, url: &Url) -> Result<Bytes, NoFile> {
        self.0.work.images.file(url).await
    }

    /// Forgets what is kept of a URL, for every user agent: the debugger's cache reset (R31). The URL of a page drops its
    /// report, and the URL of an image drops the image; the images of a page stay, as they do with Kakao (R30).
    pub fn reset(&self, target: &Target) -> Reset {
        let url = target.request_url();
        Reset { pages: self.0.cache.forget(|key| key.url == url), images: self.0.work.images.reset(&url) }
    }

    /// True if there is a place for another fetch.
    pub fn has_places(&self) -> bool {
        self.0.places.has_room()
    }

    fn key(&self, ask: &Ask) -> Key {
        Key {
            url: ask.target.request_url(),
            user_agent: ask.user_agent.clone(),
            follow_og_url: ask.follow_og_url.unwrap_or(self.0.work.settings.follow_og_url),
        }
    }
}

impl Inner {
    async fn load(self: Arc<Self>, key: Key, target: Target, watch: Watch) -> Loaded<Value> {
        let Some(_place) = self.places.take().await else {
            return Loaded { value: Err(Unserved::Busy), quality: Quality::Unkept, weight: 0 };
        };
        let before = self.cache.kept(&key).and_then(|entry| entry.value.as_ref().ok().cloned());
        let before = before.as_ref().and_then(|kept| kept.report.card.as_ref());
        let Done { report, excerpt } = self.work.run(&key, &target, before, &watch).await;
        let quality = if report.outcome == "ok" { Quality::Good } else { Quality::Failed };
        let host =
            report.card.as_ref().map_or_else(|| key.url.host_str().unwrap_or_default(), |card| card.host.as_str());
        info!(target.host = host, hops = report.hops.len(), outcome = %report.outcome, "scraped a page of `{host}`: {}", report.outcome);
        let kept = Arc::new(Kept { report, excerpt, hit_json: OnceLock::new() });
        // The JSON is kept beside the values it was made from, which take about as much again.
        let json =
            kept.json(&CacheState { state: CacheUse::Hit, fetched_at: Timestamp::UNIX_EPOCH, fresh_until: None });
        let weight = json.len() * 3 + kept.excerpt.weight();
        Loaded { value: Ok(kept), quality, weight }
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
