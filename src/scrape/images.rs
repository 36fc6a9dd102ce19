//! The images of cards: fetched once, measured, kept by their address (R25, R26, R30), and drawn anew on request.
//! The image cache is a cache of its own: resetting a page does not reach it, exactly as with Kakao.
//!
//! A page's report tells an image's address; whoever wants to see the image asks for a rendition of it, which is decoded
//! and encoded here. The site's bytes never leave this module as they came.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use jiff::Timestamp;
use tokio::{sync::Semaphore, time::Instant};
use url::Url;

use super::{Watch, in_seconds, requests::Requests};
use crate::{
    cache::{self, Cache, LoadDied, Loaded, Quality},
    comparison::{Asker, Subject},
    extract::CardImage,
    fetch::{Failure, Fetched, Fetcher},
    image::{self, Encoded, ImageReport, Measured, Refusal, Rendition, Signer, Size},
    page::media_type,
    places::Places,
    target::Target,
    user_agent::UserAgent,
};

/// Fetches, measures, keeps and draws images. Cheap to clone.
#[derive(Clone)]
pub(super) struct Images(Arc<Inner>);

struct Inner {
    fetcher: Fetcher,
    requests: Requests,
    settings: image::Settings,
    fonts: Option<image::Fonts>,
    max_url_bytes: usize,
    max_image_bytes: usize,
    kept: Cache<Key, Arc<Kept>>,
    renditions: Cache<RenditionKey, Result<Arc<Encoded>, NoPicture>>,
    fetches: Semaphore,
    workers: Semaphore,
    painters: Places,
    signer: Option<Signer>,
    href_seconds: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    url: Url,
    user_agent: UserAgent,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct RenditionKey {
    image: Key,
    fetched_at: Timestamp,
    rendition: Rendition,
}

/// An image as it is kept: what is known of it, whichever page names it, and its bytes if it can be drawn.
#[derive(Debug)]
struct Kept {
    report: ImageReport,
    bytes: Option<Bytes>,
    /// No answer came in time.
    late: bool,
}

/// Why there is no file of an image.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoFile {
    /// The image's own fault, or that of the way to it.
    #[error("{code}: {evidence}")]
    Image {
        /// The image report's outcome, or `image-not-drawable`.
        code: String,
        /// What proves it.
        evidence: String,
    },
    /// It did not come in time.
    #[error("{why}")]
    Late {
        /// Which time passed.
        why: String,
    },
    /// A task of ours died.
    #[error("the task that asked for it died")]
    Died,
}

/// Why there is no picture to show.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoPicture {
    /// The image's own fault, or our decoder's.
    #[error("{code}: {evidence}")]
    Image {
        /// The image report's outcome, or `image-not-drawable`.
        code: String,
        /// What proves it.
        evidence: String,
    },
    /// Too many pictures are being drawn.
    #[error("too many pictures are being drawn at the moment")]
    Busy,
}

/// What the parts of [`Images`] need to know.
pub(super) struct Setup<'a> {
    pub fetcher: Fetcher,
    pub requests: Requests,
    pub settings: &'a image::Settings,
    pub cache: &'a cache::Settings,
    pub max_url_bytes: usize,
    pub max_image_bytes: usize,
    pub fetches: usize,
    pub workers: usize,
    pub fonts: Option<image::Fonts>,
    pub signer: Option<Signer>,
}

/// An image that a page names, for whoever asks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish<'a> {
    pub image: &'a CardImage,
    /// The size its tags claim.
    pub declared: Option<Size>,
    pub user_agent: &'a UserAgent,
    pub who: Asker,
    /// When the page was asked for.
    pub page_asked_at: Timestamp,
}

impl Images {
    pub fn new(setup: Setup<'_>) -> Self {
        let Setup {
            fetcher,
            requests,
            settings,
            cache,
            max_url_bytes,
            max_image_bytes,
            fetches,
            workers,
            fonts,
            signer,
        } = setup;
        let sized = |max_bytes| cache::Settings { max_bytes, ..cache.clone() };
        Self(Arc::new(Inner {
            fetcher,
            requests,
            fonts,
            max_url_bytes,
            max_image_bytes,
            kept: Cache::new(&sized(cache.image_bytes), cache.image_seconds),
            renditions: Cache::new(&sized(cache.rendition_bytes), cache.image_seconds),
            fetches: Semaphore::new(fetches.max(1)),
            workers: Semaphore::new(workers.max(1)),
            painters: Places::new(workers, MAX_WAITING, MAX_WAIT),
            signer,
            href_seconds: i64::from(cache.image_seconds.max(cache.page_seconds)).saturating_mul(2),
            settings: settings.clone(),
        }))
    }

    /// What is known of a card's image: kept, or fetched by `deadline`. `None` if nobody had time to ask for it.
    pub async fn look(
        &self,
        wish: &Wish<'_>,
        deadline: Instant,
        watch: &Watch,
    ) -> Result<Option<ImageReport>, LoadDied> {
        let Wish { image, declared, user_agent, who, page_asked_at } = *wish;
        let url = match Url::parse(&image.url) {
            Ok(url) => url,
            // A card's addresses are absolute: this is one that was cut for its length.
            Err(error) => return Ok(Some(unreachable(image, declared, &error.to_string()))),
        };
        let mut entry = self.entry(url.clone(), user_agent, deadline, watch.clone(), who).await?;
        // Only pictures are kept from page to page. Whoever has mended an image and scrapes its page again wants to see it.
        if entry.value.report.outcome != "ok" && entry.fetched_at < page_asked_at {
            self.0.kept.forget(|kept| kept.user_agent == *user_agent && same_but_fragment(&kept.url, &url));
            entry = self.entry(url, user_agent, deadline, watch.clone(), who).await?;
        }
        if entry.value.report.outcome == UNASKED {
            return Ok(None);
        }
        let mut report = entry.value.report.clone();
        (report.url, report.source, report.declared) = (image.url.clone(), image.source.clone(), declared);
        report.fetched_at = in_seconds(entry.fetched_at);
        report.fresh_until = Some(in_seconds(entry.fresh_until));
        report.href = entry.value.bytes.as_ref().and_then(|_| self.href(&image.url, user_agent));
        Ok(Some(report))
    }

    /// The image, cut and encoded anew.
    pub async fn rendition(
        &self,
        url: &Url,
        user_agent: &UserAgent,
        rendition: Rendition,
    ) -> Result<Result<Arc<Encoded>, NoPicture>, LoadDied> {
        let deadline = Instant::now() + self.0.fetcher.deadline();
        let entry = self.entry(url.clone(), user_agent, deadline, Watch::default(), Asker::Same).await?;
        let Some(bytes) = entry.value.bytes.clone() else {
            return Ok(Err(NoPicture::of(&entry.value.report)));
        };
        let image = Key { url: url.clone(), user_agent: user_agent.clone() };
        let key = RenditionKey { image, fetched_at: entry.fetched_at, rendition };
        let inner = Arc::clone(&self.0);
        let (drawn, _) = self.0.renditions.get_or_load(&key, || inner.draw(bytes, rendition)).await?;
        Ok(drawn.value.clone())
    }

    /// The image's file, as its server sent it, if it can be drawn. Not for anybody outside as it is.
    pub async fn file(&self, url: &Url) -> Result<Bytes, NoFile> {
        let deadline = Instant::now() + self.0.fetcher.deadline();
        let entry = self.entry(url.clone(), &UserAgent::Kakao, deadline, Watch::default(), Asker::Same).await;
        let kept = &entry.map_err(|_died| NoFile::Died)?.value;
        if let Some(bytes) = &kept.bytes {
            return Ok(bytes.clone());
        }
        match NoPicture::of(&kept.report) {
            NoPicture::Image { evidence, .. } if kept.late => Err(NoFile::Late { why: evidence }),
            NoPicture::Image { code, evidence } => Err(NoFile::Image { code, evidence }),
            NoPicture::Busy => Err(NoFile::Late { why: NoPicture::Busy.to_string() }),
        }
    }

    /// Forgets what is kept of the image at `url`; says how many entries there were.
    pub fn reset(&self, url: &Url) -> usize {
        self.0.renditions.forget(|key| key.image.url == *url);
        self.0.kept.forget(|key| key.url == *url)
    }

    /// A picture file at hand, cut and encoded anew. Nothing of it is kept.
    pub async fn redraw(&self, bytes: Bytes, rendition: Rendition) -> Result<Arc<Encoded>, NoPicture> {
        Arc::clone(&self.0).draw(bytes, rendition).await.value
    }

    /// The signed address of our image route for the image at `url`; `None` if nobody serves images.
    pub fn href(&self, url: &str, user_agent: &UserAgent) -> Option<String> {
        let expires = Timestamp::now().as_second().saturating_add(self.0.href_seconds);
        // To the hour, so that the same image keeps the same address for a browser's cache.
        let href = self.0.signer.as_ref()?.href(url, u64::try_from(expires - expires % 3600).ok()?);
        Some(match user_agent {
            UserAgent::Kakao => href,
            UserAgent::Browser => format!("{href}&ua=browser"),
            UserAgent::Facebook => format!("{href}&ua=facebook"),
            UserAgent::Custom(own) => format!("{href}&ua={}", urlencoded(own)),
        })
    }

    async fn entry(
        &self,
        mut url: Url,
        user_agent: &UserAgent,
        deadline: Instant,
        watch: Watch,
        who: Asker,
    ) -> Result<Arc<cache::Entry<Arc<Kept>>>, LoadDied> {
        url.set_fragment(None);
        let key = Key { url, user_agent: user_agent.clone() };
        let inner = Arc::clone(&self.0);
        let load = || inner.load(key.clone(), deadline, watch, who);
        let (entry, _served) = self.0.kept.get_or_load(&key, load).await?;
        Ok(entry)
    }
}

impl Inner {
    async fn load(self: Arc<Self>, key: Key, deadline: Instant, watch: Watch, who: Asker) -> Loaded<Arc<Kept>> {
        // A body may be as large as Kakao takes: only so many are held at once.
        let Ok(Ok(_place)) = tokio::time::timeout_at(deadline, self.fetches.acquire()).await else {
            let kept = Kept {
                report: blank(&key.url, UNASKED, "too many images are being fetched".to_owned()),
                bytes: None,
                late: true,
            };
            return Loaded { value: Arc::new(kept), quality: Quality::Unkept, weight: 0 };
        };
        let kept = match Target::parse(key.url.as_str(), self.max_url_bytes) {
            Ok(target) => {
                let request = self.requests.image(&key.user_agent);
                let progress = watch.progress(Subject::Image, who);
                let fetched = self.fetcher.fetch(&target, &request, deadline, Some(&progress)).await;
                self.judge(&key.url, fetched).await
            }
            Err(error) => {
                Kept { report: blank(&key.url, "image-unreachable", error.to_string()), bytes: None, late: false }
            }
        };
        let quality = if kept.report.outcome == "ok" { Quality::Good } else { Quality::Failed };
        let weight = kept.bytes.as_ref().map_or(0, Bytes::len) + WEIGHT;
        Loaded { value: Arc::new(kept), quality, weight }
    }

    /// What a fetch brought, measured (R25 to R27).
    async fn judge(self: &Arc<Self>, url: &Url, fetched: Fetched) -> Kept {
        let mut report = blank(url, "ok", String::new());
        report.evidence = None;
        report.status = fetched.status;
        report.content_type = fetched.content_type.as_deref().map(media_type);
        if let Some(failure) = &fetched.failure {
            report.outcome = outcome(failure);
            report.evidence = Some(told(failure));
        }
        let late = matches!(fetched.failure, Some(Failure::Timeout { .. } | Failure::ConnectTimeout { .. }));
        let body = fetched.body.map(|body| body.bytes);
        report.hops = fetched.hops;
        let Some(bytes) = body else { return Kept { report, bytes: None, late } };
        report.bytes = Some(bytes.len() as u64);
        if fetched.failure.is_some() {
            return Kept { report, bytes: None, late };
        }
        let too_large = bytes.len() > self.max_image_bytes;
        let Some(measured) = self.measure(bytes.clone(), too_large).await else {
            "image-undecodable".clone_into(&mut report.outcome);
            report.evidence = Some("its decoder died".to_owned());
            return Kept { report, bytes: None, late };
        };
        (report.outcome, report.evidence) = (measured.outcome.to_owned(), measured.evidence);
        (report.format, report.orientation, report.animated) =
            (measured.format, measured.orientation, measured.animated);
        (report.width, report.height) = measured.size.map(|size| (size.width, size.height)).unzip();
        (report.crop, report.crops) = (measured.crop, measured.crops);
        if too_large {
            "image-too-large".clone_into(&mut report.outcome);
            let length = fetched.headers.get("content-length").filter(|length| length.parse::<u64>().is_ok());
            let more = || format!("more than {} bytes", self.max_image_bytes);
            report.evidence = Some(length.map_or_else(more, |length| format!("{length} bytes")));
        }
        let drawable = report.outcome == "ok" && measured.refusal.is_none();
        Kept { bytes: drawable.then_some(bytes), report, late }
    }

    /// Measures in a blocking thread; of a file that is too large, whose end is missing, the header alone.
    async fn measure(self: &Arc<Self>, bytes: Bytes, too_large: bool) -> Option<Measured> {
        let _worker = self.workers.acquire().await.ok()?;
        let inner = Arc::clone(self);
        let measuring = tokio::task::spawn_blocking(move || {
            if too_large {
                image::glance(&bytes, &inner.settings)
            } else {
                image::measure(&bytes, &inner.settings, inner.fonts.as_ref())
            }
        });
        match measuring.await {
            Ok(measured) => Some(measured),
            Err(died) => {
                tracing::error!("measuring an image died: {died}");
                None
            }
        }
    }

    async fn draw(self: Arc<Self>, bytes: Bytes, rendition: Rendition) -> Loaded<Result<Arc<Encoded>, NoPicture>> {
        let Some(_place) = self.painters.take().await else {
            return Loaded { value: Err(NoPicture::Busy), quality: Quality::Unkept, weight: 0 };
        };
        let inner = Arc::clone(&self);
        let drawing = tokio::task::spawn_blocking(move || {
            let facts = image::probe(&bytes, &inner.settings)?;
            let picture = image::decode(&bytes, &facts, &inner.settings, inner.fonts.as_ref())?;
            image::render(&picture, &rendition, &inner.settings)
        });
        let value = match drawing.await {
            Ok(Ok(encoded)) => Ok(Arc::new(encoded)),
            Ok(Err(refusal)) => Err(NoPicture::from(refusal)),
            Err(died) => {
                tracing::error!("drawing an image died: {died}");
                Err(NoPicture::died())
            }
        };
        let weight = value.as_ref().map_or(0, |encoded| encoded.bytes.len()) + WEIGHT;
        Loaded { quality: if value.is_ok() { Quality::Good } else { Quality::Failed }, value, weight }
    }
}

impl NoPicture {
    fn of(report: &ImageReport) -> Self {
        let drawable = || format!("{} cannot be drawn here", report.content_type.as_deref().unwrap_or("this file"));
        let code = if report.outcome == "ok" { "image-not-drawable" } else { &report.outcome };
        Self::Image { code: code.to_owned(), evidence: report.evidence.clone().unwrap_or_else(drawable) }
    }

    fn died() -> Self {
        Self::Image { code: "image-undecodable".to_owned(), evidence: "the decoder died".to_owned() }
    }
}

impl From<Refusal> for NoPicture {
    fn from(refusal: Refusal) -> Self {
        Self::Image { code: refusal.code().to_owned(), evidence: refusal.to_string() }
    }
}

/// Outcome of an image that nobody had time to ask for; never shown.
const UNASKED: &str = "unasked";

/// Whoever asks for a picture waits behind at most so many others,
const MAX_WAITING: usize = 64;
/// and at most so long.
const MAX_WAIT: Duration = Duration::from_secs(5);

/// Bytes a kept image costs beside its own.
const WEIGHT: usize = 4096;

fn same_but_fragment(kept: &Url, url: &Url) -> bool {
    let mut url = url.clone();
    url.set_fragment(None);
    *kept == url
}

/// The outcome that a failed fetch gives an image.
fn outcome(failure: &Failure) -> String {
    match failure {
        Failure::Status(status) => format!("image-status-{status}"),
        Failure::Denied { .. } => "image-private".to_owned(),
        Failure::NoContent(_) => "image-not-image".to_owned(),
        _ => "image-unreachable".to_owned(),
    }
}

/// The delivery code of a failure with its proof: `tls-expired: CN=...`.
fn told(failure: &Failure) -> String {
    failure.evidence().map_or_else(|| failure.code().into_owned(), |evidence| format!("{}: {evidence}", failure.code()))
}

fn unreachable(image: &CardImage, declared: Option<Size>, why: &str) -> ImageReport {
    let nowhere =
        ImageReport { url: image.url.clone(), source: image.source.clone(), declared, ..ImageReport::blank() };
    ImageReport { outcome: "image-unreachable".to_owned(), evidence: Some(why.to_owned()), ..nowhere }
}

fn blank(url: &Url, outcome: &str, evidence: String) -> ImageReport {
    ImageReport { url: url.to_string(), outcome: outcome.to_owned(), evidence: Some(evidence), ..ImageReport::blank() }
}

fn urlencoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
