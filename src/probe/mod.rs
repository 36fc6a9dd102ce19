//! What a site answers to Kakao's user agent from here, stage by stage: names, connections, TLS, page and image. An edge; what the
//! answers mean is `rules`'. From here is not from Kakao: a site that filters by address answers Kakao differently, and the report says so.

mod fold;
mod outbound;
pub mod report;
mod settings;
mod step;
mod visit;
mod way;

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio::{sync::OwnedSemaphorePermit, time::Instant};
use tracing::info;
use url::Url;

use self::{
    report::{Connection, OutboundReport, Passage, ProbeReport, Visit},
    visit::{Round, Runs},
    way::{Dialling, Way},
};
pub use self::{
    settings::{Endpoint, Settings},
    step::{Step, Watcher},
};
use crate::{
    extract::{self, CardImage},
    fetch::Fetcher,
    finding::Text,
    image,
    kakao::Kakao,
    places::Places,
    rules::{self, Delivery, ProbeSubject, Rulebook, Thresholds},
    target::Target,
    words::Words,
};

/// The sentences of headlines and limits. A test reads the file, so this cannot fail in a program that was built.
pub fn words() -> Result<Words, toml::de::Error> {
    Words::parse(include_str!("../../static/i18n/probe.toml"))
}

/// What a prober is made of.
pub struct Parts {
    /// Section `[probe]`.
    pub settings: Settings,
    /// Section `[extract]`.
    pub extract: extract::Settings,
    /// Section `[image]`.
    pub image: image::Settings,
    /// The guarded way out.
    pub fetcher: Fetcher,
    /// What is known of Kakao.
    pub kakao: Arc<Kakao>,
    /// Words findings.
    pub rulebook: Arc<Rulebook>,
    /// Words the rest.
    pub words: Arc<Words>,
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The page.
    pub target: Target,
    /// Times each asker asks for it; at least 1 and at most `probe.max_runs`. Default: [`Settings::runs`].
    pub runs: usize,
    /// Ask for its image too.
    pub image: bool,
}

/// Asks sites as Kakao and as others. Cheap to clone.
#[derive(Clone)]
pub struct Prober(Arc<Inner>);

struct Inner {
    parts: Parts,
    places: Places,
}

impl Prober {
    /// Puts a prober together. Asks nobody.
    pub fn new(parts: Parts) -> Self {
        let Settings { max_parallel, max_waiting, max_wait_ms, .. } = parts.settings;
        let places = Places::new(max_parallel, max_waiting, Duration::from_millis(max_wait_ms));
        Self(Arc::new(Inner { parts, places }))
    }

    /// How this prober behaves.
    pub fn settings(&self) -> &Settings {
        &self.0.parts.settings
    }

    /// A place for a probe that somebody asks for over HTTP, to be held while it runs; `None` if too many wait. A caller on
    /// the command line needs none.
    pub async fn place(&self) -> Option<OwnedSemaphorePermit> {
        self.0.places.take().await
    }

    /// What a site answers, stage by stage. Never fails: what went wrong is part of the answer.
    pub async fn probe(&self, ask: &Ask, watcher: Watcher<'_>) -> ProbeReport {
        let report = Box::pin(self.0.parts.probe(ask, watcher)).await;
        let (host, verdict) = (ask.target.host(), report.verdict);
        info!(target.host = %host, ?verdict, visits = report.visits.len(), "probed `{host}`");
        report
    }

    /// Whether this machine reaches the hosts of Kakao's that a site's own server calls. Never fails either.
    pub async fn outbound(&self, watcher: Watcher<'_>) -> OutboundReport {
        let report = Box::pin(outbound::outbound(&self.0.parts, now_in_seconds(), watcher)).await;
        info!(reachable = report.reachable, hosts = report.hosts.len(), "tried the hosts of Kakao's");
        report
    }
}

impl Parts {
    async fn probe(&self, ask: &Ask, watcher: Watcher<'_>) -> ProbeReport {
        let Self { settings, fetcher, kakao, rulebook, .. } = self;
        let probed_at = now_in_seconds();
        let deadline = Instant::now() + settings.deadline();
        let host = ask.target.host();
        let way = way::names(fetcher, &ask.target, settings.max_addresses, watcher).await;
        let dialling = Dialling {
            fetcher,
            tls: Some(&host).filter(|_| ask.target.url().scheme() == "https"),
            limit: settings.connect_timeout(),
            version_addresses: settings.version_addresses,
            deadline,
            watcher,
        };
        let connections = way::dial(&dialling, &way.addresses).await;

        let mut round = Round { parts: self, deadline, watcher, unasked: 0 };
        let (mut pages, mut visits, mut image) = (Vec::new(), Vec::new(), None);
        // Before TLS nobody has said who is asking: what fails there fails for everyone.
        if connections.iter().any(|one| one.outcome == "ok") {
            pages = round.pages(&ask.target, ask.runs.clamp(1, settings.max_runs.max(1))).await;
            visits = round.visits("page", ask.target.request_url().as_str(), &pages);
            image = image_of(&pages).filter(|_| ask.image);
        }
        if let Some(image) = image {
            let images = round.images(&image.url).await;
            visits.extend(round.visits("image", &image.url, &images));
        }

        let host = host.to_string();
        let way_of_kakao = pages.iter().find(|runs| runs.who == "kakao").and_then(Runs::worst);
        let subject = ProbeSubject {
            host: &host,
            stopped: way.stopped.as_ref().map(|(code, evidence)| (code.as_str(), evidence.as_deref())),
            dns: way.names.as_ref(),
            connections: &connections,
            visits: &visits,
            delivery: way_of_kakao.map(|seen| Delivery {
                outcome: seen.fetched.clone().into(),
                evidence: seen.evidence.clone(),
                hops: &seen.hops,
                bytes: seen.bytes,
                capped: seen.capped,
            }),
            image_tag: image.map(|image| (image.source.as_ref(), image.line, image.column)),
            limits: &kakao.limits,
            thresholds: Thresholds {
                expiry_days: settings.expiry_days,
                slow_first_byte_ms: settings.slow_first_byte_ms,
                slower_ms: settings.slower_ms,
            },
        };
        let findings = rules::judge_probe(&subject, rulebook);
        let verdict = rules::judge_passage(&subject, &findings);
        ProbeReport {
            requested_url: ask.target.requested().to_owned(),
            probed_at,
            verdict,
            headline: self.headline(verdict, &visits),
            limits: self.limits(&way, &connections, led_to(&ask.target, &visits).as_deref(), round.unasked),
            findings,
            dns: way.names,
            connections,
            visits,
        }
    }

    fn headline(&self, verdict: Passage, visits: &[Visit]) -> Text {
        let key = match verdict {
            Passage::Open if visits.iter().any(|visit| visit.of == "image") => "open",
            Passage::Open => "open-page",
            Passage::Partly => "partly",
            Passage::RefusedForKakao => "refused-for-kakao",
            Passage::Closed => "closed",
            Passage::NotChecked => "not-checked",
        };
        self.words.say("headline", key, &[])
    }

    /// What this probe cannot prove.
    fn limits(&self, way: &Way, connections: &[Connection], led_to: Option<&str>, unasked: usize) -> Vec<Text> {
        let (found, dialled) = (way.found.to_string(), connections.len().to_string());
        let seconds = self.settings.deadline().as_secs().to_string();
        let no_ipv6 = |one: &Connection| one.address.starts_with('[') && one.outcome == "connect-unreachable";
        let limits: [Limit<'_>; 7] = [
            (true, "address", &[]),
            (true, "imitation", &[]),
            (way.names.as_ref().is_some_and(|names| names.source == "pinned"), "pinned", &[]),
            (way.found > connections.len(), "addresses", &[("found", &found), ("dialled", &dialled)]),
            (connections.iter().any(no_ipv6), "ipv6", &[]),
            (led_to.is_some(), "redirect", &[("host", led_to.unwrap_or_default())]),
            (unasked > 0, "deadline", &[("seconds", &seconds)]),
        ];
        let due = limits.into_iter().filter(|(due, ..)| *due);
        due.map(|(_, key, values)| self.words.say("limit", key, values)).collect()
    }
}

/// Whether something is due to be said, its code, and what it is filled with.
type Limit<'a> = (bool, &'a str, &'a [(&'a str, &'a str)]);

/// The image of the page as Kakao got it, or else as a browser did.
fn image_of(pages: &[Runs]) -> Option<&CardImage> {
    ["kakao", "browser"].into_iter().find_map(|who| pages.iter().find(|runs| runs.who == who).and_then(Runs::image))
}

/// The other origin that Kakao's user agent is led to, if it is.
fn led_to(target: &Target, visits: &[Visit]) -> Option<String> {
    let page = visits.iter().find(|visit| visit.of == "page" && visit.who == "kakao")?;
    let last = Url::parse(&page.effective_url).ok()?;
    let other = last.origin() != target.url().origin();
    other.then(|| last.origin().ascii_serialization())
}

/// Times in reports have whole seconds.
fn now_in_seconds() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}
