//! What a site answers to Kakao's user agent from here, stage by stage: names, connections, TLS, page and image. An edge; what the
//! answers mean is `rules`'. From here is not from Kakao: a site that filters by address answers Kakao differently, and the report says so.

pub mod report;
mod settings;
mod step;

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio::sync::OwnedSemaphorePermit;

use self::report::{OutboundReport, Passage, ProbeReport};
pub use self::{
    settings::{Endpoint, Settings},
    step::{Step, Watcher},
};
use crate::{extract, fetch::Fetcher, kakao::Kakao, places::Places, rules::Rulebook, target::Target, words::Words};

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
        let _ = watcher;
        ProbeReport {
            requested_url: ask.target.requested().to_owned(),
            probed_at: Timestamp::now(),
            verdict: Passage::NotChecked,
            headline: self.0.parts.words.say("headline", "not-checked", &[]),
            limits: Vec::new(),
            dns: None,
            connections: Vec::new(),
            visits: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// Whether this machine reaches the hosts of Kakao's that a site's own server calls. Never fails either.
    pub async fn outbound(&self, watcher: Watcher<'_>) -> OutboundReport {
        let _ = watcher;
        OutboundReport {
            probed_at: Timestamp::now(),
            reachable: false,
            headline: self.0.parts.words.say("headline", "not-checked", &[]),
            advice: self.0.parts.words.say("outbound", "advice", &[]),
            hosts: Vec::new(),
        }
    }
}
