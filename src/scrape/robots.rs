//! The `robots.txt` beside a page, for what it says to Kakao's scraper (RFC 9309). Nothing is obeyed or judged here.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use tokio::time::Instant;
use url::Url;

use super::requests::Requests;
use crate::{
    cache::{self, Cache, Loaded, Quality},
    fetch::{Fetched, Fetcher},
    target::Target,
    user_agent::UserAgent,
};

/// Fetches and keeps `robots.txt` files. Cheap to clone.
#[derive(Clone)]
pub(super) struct Robots(Arc<Inner>);

struct Inner {
    fetcher: Fetcher,
    requests: Requests,
    max_bytes: usize,
    time: Duration,
    kept: Option<Cache<(Url, UserAgent), Option<Bytes>>>,
}

impl Robots {
    /// Asks for them if `wanted`.
    pub fn new(fetcher: Fetcher, requests: Requests, settings: &super::Settings, cache: &cache::Settings) -> Self {
        let sized = cache::Settings { max_bytes: cache.max_bytes / 16, ..cache.clone() };
        Self(Arc::new(Inner {
            fetcher,
            requests,
            max_bytes: settings.robots_bytes,
            time: Duration::from_millis(settings.robots_ms),
            kept: settings.robots.then(|| Cache::new(&sized, cache.page_seconds)),
        }))
    }

    /// The file of the origin that answered; `None` without one, or if nobody answered at all.
    pub async fn of(&self, page: &Fetched, user_agent: &UserAgent) -> Option<Bytes> {
        let kept = self.0.kept.as_ref()?;
        page.status?;
        let url = page.effective_url.join("/robots.txt").ok()?;
        let key = (url, user_agent.clone());
        let inner = Arc::clone(&self.0);
        let (entry, _) = kept.get_or_load(&key, || inner.load(key.clone())).await.ok()?;
        entry.value.clone()
    }
}

impl Inner {
    async fn load(self: Arc<Self>, (url, user_agent): (Url, UserAgent)) -> Loaded<Option<Bytes>> {
        let failed = Loaded { value: None, quality: Quality::Failed, weight: WEIGHT };
        let Ok(target) = Target::parse(url.as_str(), usize::MAX) else { return failed };
        let request = self.requests.text(&user_agent, self.max_bytes);
        let deadline = Instant::now() + self.fetcher.deadline().min(self.time);
        let fetched = self.fetcher.fetch(&target, &request, deadline, None).await;
        match fetched.body.filter(|_| fetched.failure.is_none()) {
            Some(body) => Loaded { weight: body.bytes.len() + WEIGHT, value: Some(body.bytes), quality: Quality::Good },
            // No robots.txt is an answer as good as any, and kept as long.
            None if fetched.status.is_some_and(|status| (400..500).contains(&status)) => {
                Loaded { quality: Quality::Good, ..failed }
            }
            None => failed,
        }
    }
}

/// Bytes an entry costs beside the file.
const WEIGHT: usize = 512;
