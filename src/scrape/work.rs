//! One load: a page is asked for, read, its images measured, and where something is amiss, compared with what others get.
//! It keeps nothing and knows no askers; `mod` does.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::join_all;
use jiff::Timestamp;
use tokio::{sync::Semaphore, time::Instant};
use url::Url;

use super::{
    Event, Key, Settings, Watch, compare,
    images::{Images, Wish},
    now_in_seconds,
    requests::Requests,
    robots::Robots,
};
use crate::{
    comparison::{Asker, Comparison, Subject},
    excerpt::Excerpt,
    extract::{self, Card, Document, Tag},
    fetch::{Failure, Fetched, Fetcher, Request},
    finding::Finding,
    image::ImageReport,
    inspect::{Inspection, inspect_source},
    kakao::Kakao,
    page::{Page, media_type},
    report::{CacheState, CacheUse, Report},
    rules::{self, Answer, Challenge, ComparisonSubject, Delivery, ImageSubject, Rulebook, ShareSubject, Wanted},
    target::Target,
};

/// What a load works with.
pub(super) struct Work {
    pub fetcher: Fetcher,
    pub requests: Requests,
    pub images: Images,
    pub robots: Robots,
    pub kakao: Arc<Kakao>,
    pub rulebook: Arc<Rulebook>,
    pub extract: extract::Settings,
    pub readers: Semaphore,
    pub settings: Settings,
}

/// A page as somebody got it.
pub(super) struct Sight {
    pub fetched: Fetched,
    pub inspection: Option<Inspection>,
    /// The page's source, as far as its report talks about it.
    pub excerpt: Excerpt,
    pub challenge: Option<Challenge>,
}

/// What a load brought.
pub(super) struct Done {
    pub report: Report,
    pub excerpt: Excerpt,
}

impl Work {
    /// The report of the page at `target`. `before` is the card that was kept until now, if there was one.
    pub async fn run(self: &Arc<Self>, key: &Key, target: &Target, before: Option<&Card>, watch: &Watch) -> Done {
        let scraped_at = now_in_seconds();
        let deadline = Instant::now() + self.fetcher.deadline();
        let request = self.requests.page(&key.user_agent);
        let mut page = self.sight(target, &request, deadline, watch, (Subject::Page, Asker::Same)).await;
        let named = self.page_of_og_url(key, &page, &request, deadline, watch).await;
        let followed = named.as_ref().and_then(|named| follow(&mut page, named));
        let Sight { fetched, inspection, excerpt, challenge } = page;

        let described = inspection.as_ref().map(|inspection| describe(&fetched, inspection));
        if let (Some(described), Some(inspection)) = (&described, &inspection) {
            watch.tell(|| Event::Page(Box::new(described.clone())));
            watch.tell(|| Event::Card(Box::new(inspection.card.clone())));
        }
        let deadline = Instant::now() + self.fetcher.deadline().min(self.settings.images_time());
        let (images, robots) = tokio::join!(
            self.look_at_images(key, inspection.as_ref(), scraped_at, deadline, watch),
            self.robots.of(&fetched, &key.user_agent),
        );
        let image = inspection.as_ref().and_then(|inspection| {
            let first = inspection.card.images.first()?;
            images.iter().find(|image| image.url == first.url && image.source == first.source).cloned()
        });

        let mut findings = self.judge_delivery(&fetched);
        findings.extend(challenge.as_ref().map(|challenge| rules::judge_challenge(challenge, &self.rulebook)));
        let (mut card, mut tags) = (None, Vec::new());
        if let Some(inspection) = inspection {
            findings.extend(inspection.findings);
            (card, tags) = (Some(inspection.card), inspection.tags);
        }
        if let Some(card) = &card {
            let limits = &self.kakao.limits;
            let subject = ImageSubject {
                card,
                images: &images,
                page_url: &fetched.effective_url,
                page_asked_at: scraped_at,
                limits,
            };
            findings.extend(rules::judge_images(&subject, &self.rulebook));
        }
        let outcome = fetched.outcome();
        let content_type = fetched.content_type.as_deref().map(media_type);
        let mut subject = ComparisonSubject {
            url: key.url.as_str(),
            effective_url: fetched.effective_url.as_str(),
            user_agent: &key.user_agent,
            outcome: &outcome,
            status: fetched.status,
            content_type: content_type.as_deref(),
            bytes: fetched.body.as_ref().map(|body| body.bytes.len() as u64),
            challenge: challenge.as_ref(),
            card: card.as_ref(),
            image: image.as_ref(),
            comparisons: &[],
        };
        let comparisons = self.compare(&subject, &findings, named.as_ref(), scraped_at, watch).await;
        subject.comparisons = &comparisons;
        rules::judge_comparisons(&subject, &mut findings, &self.rulebook);
        let kept =
            ShareSubject { page_asked_at: scraped_at, card: card.as_ref(), kept_card: before, image: image.as_ref() };
        findings.extend(rules::judge_share(&kept, &self.rulebook));
        if let Some(url) = &followed {
            findings.push(self.rulebook.finding("og-url-followed", &[("url", url)]).with_evidence(url));
        }
        findings.extend(self.judge_robots(robots, &fetched.effective_url).await);
        rules::sort(&mut findings);
        let blame = fetched.failure.as_ref().map(Failure::blame);
        let case =
            rules::Case { outcome: &outcome, blame, card: card.as_ref(), image: image.as_ref(), findings: &findings };
        let verdict = rules::judge_verdict(&case, &self.rulebook);
        let report = Report {
            requested_url: key.url.to_string(),
            scraped_at,
            user_agent: request.user_agent,
            outcome: outcome.into_owned(),
            blame,
            hops: fetched.hops,
            page: described,
            card,
            tags,
            image,
            images,
            comparisons,
            findings,
            verdict,
            followed_og_url: followed,
            cache: CacheState { state: CacheUse::Bypass, fetched_at: scraped_at, fresh_until: None },
        };
        Done { report, excerpt }
    }

    /// Asks for a page and reads what comes, off the async workers.
    pub async fn sight(
        self: &Arc<Self>,
        target: &Target,
        request: &Request,
        deadline: Instant,
        watch: &Watch,
        (of, who): (Subject, Asker),
    ) -> Sight {
        let progress = watch.progress(of, who);
        let mut fetched = self.fetcher.fetch(target, request, deadline, Some(&progress)).await;
        let (read, challenge) = self.read(&mut fetched).await;
        let (inspection, excerpt) = read.unzip();
        Sight { fetched, inspection, excerpt: excerpt.unwrap_or_default(), challenge }
    }

    /// Reads what arrived, and tells whether it is a bot wall. A reader that dies is a failure of ours, and part of the report.
    async fn read(self: &Arc<Self>, fetched: &mut Fetched) -> (Option<(Inspection, Excerpt)>, Option<Challenge>) {
        let Some(status) = fetched.status else { return (None, None) };
        let body = fetched.body.as_ref().map(|body| body.bytes.clone());
        let (headers, refusal) = (fetched.headers.clone(), fetched.refusal.clone());
        let (content_type, url) = (fetched.content_type.clone(), fetched.effective_url.clone());
        let work = Arc::clone(self);
        let reading = self.off_the_workers(move || {
            // A bot wall is the page itself, or the beginning of an error's page.
            let shown = body.as_ref().or(refusal.as_ref()).map(Bytes::as_ref).unwrap_or_default();
            let challenge = rules::challenge(&Answer { status, headers: &headers, body: shown });
            let inspection = body.as_ref().map(|bytes| {
                let document = Document { bytes, content_type: content_type.as_deref(), url: &url };
                inspect_source(&document, &work.extract, &work.kakao, &work.rulebook)
            });
            (inspection, challenge)
        });
        reading.await.unwrap_or_else(|| {
            fetched.failure = Some(Failure::Internal("reading the page died".to_owned()));
            (None, None)
        })
    }

    /// What robots.txt says of the page, as a remark. Its patterns are strangers' and have to be compiled.
    async fn judge_robots(self: &Arc<Self>, robots: Option<Bytes>, url: &Url) -> Option<Finding> {
        let (robots, url, work) = (robots?, url.clone(), Arc::clone(self));
        self.off_the_workers(move || rules::judge_robots(&robots, &url, &work.rulebook)).await?
    }

    /// Runs what takes its time in a blocking thread, as many at once as there may be. `None` if it died.
    async fn off_the_workers<T: Send + 'static>(&self, reading: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let _reader = self.readers.acquire().await.ok()?;
        match tokio::task::spawn_blocking(reading).await {
            Ok(read) => Some(read),
            Err(died) => {
                tracing::error!("reading what a site sent died: {died}");
                None
            }
        }
    }

    /// The page that `og:url` names, if it is another one and is to be followed (R20).
    async fn page_of_og_url(
        self: &Arc<Self>,
        key: &Key,
        page: &Sight,
        request: &Request,
        deadline: Instant,
        watch: &Watch,
    ) -> Option<(Url, Sight)> {
        let first = page.inspection.as_ref().filter(|_| key.follow_og_url && page.fetched.failure.is_none())?;
        first.findings.iter().find(|finding| finding.code == "og-url-mismatch")?;
        let target = Target::parse(&first.card.url, self.extract.max_url_bytes).ok()?;
        let sight = self.sight(&target, request, deadline, watch, (Subject::OgUrl, Asker::Same)).await;
        Some((target.request_url(), sight))
    }

    /// Measures the card's images, all at once.
    async fn look_at_images(
        &self,
        key: &Key,
        inspection: Option<&Inspection>,
        page_asked_at: Timestamp,
        deadline: Instant,
        watch: &Watch,
    ) -> Vec<ImageReport> {
        let Some(Inspection { card, tags, .. }) = inspection.filter(|_| self.settings.images) else {
            return Vec::new();
        };
        let looks = card.images.iter().map(|image| async {
            let wish = Wish {
                image,
                declared: extract::declared_size(tags, image),
                user_agent: &key.user_agent,
                who: Asker::Same,
                page_asked_at,
            };
            let seen = self.images.look(&wish, deadline, watch).await.ok().flatten()?;
            watch.tell(|| Event::Image(Box::new(seen.clone())));
            Some(seen)
        });
        join_all(looks).await.into_iter().flatten().collect()
    }

    /// What others are answered, where that may explain what is amiss. `named` is the page of `og:url`, if it was asked for.
    async fn compare(
        self: &Arc<Self>,
        subject: &ComparisonSubject<'_>,
        findings: &[Finding],
        named: Option<&(Url, Sight)>,
        page_asked_at: Timestamp,
        watch: &Watch,
    ) -> Vec<Comparison> {
        let mut wanted = if self.settings.compare { rules::decide_comparisons(subject, findings) } else { Vec::new() };
        wanted.retain(|wanted| wanted.of != Subject::OgUrl || named.is_none());
        let deadline = Instant::now() + self.fetcher.deadline().min(self.settings.compare_time());
        let asked = wanted.into_iter().map(|Wanted { of, who, url }| async move {
            let user_agent = compare::user_agent(who).unwrap_or_else(|| subject.user_agent.clone());
            if of == Subject::Image {
                let image = subject.card?.images.iter().find(|image| image.url == url)?;
                let wish = Wish { image, declared: None, user_agent: &user_agent, who, page_asked_at };
                return Some(compare::image(who, &self.images.look(&wish, deadline, watch).await.ok().flatten()?));
            }
            let target = Target::parse(&url, self.extract.max_url_bytes).ok()?;
            let sight = self.sight(&target, &self.requests.page(&user_agent), deadline, watch, (of, who)).await;
            Some(compare::page(of, who, &target.request_url(), &sight))
        });
        let compared = join_all(asked).await.into_iter().flatten();
        named.map(compare::with_og_url).into_iter().chain(compared).collect()
    }

    fn judge_delivery(&self, fetched: &Fetched) -> Vec<Finding> {
        let failure = fetched.failure.as_ref();
        let body = fetched.body.as_ref();
        let delivery = Delivery {
            outcome: fetched.outcome(),
            evidence: failure.and_then(Failure::evidence),
            hops: &fetched.hops,
            bytes: body.map_or(0, |body| body.bytes.len()),
            capped: failure.is_none() && body.is_some_and(|body| body.truncated),
        };
        rules::judge_delivery(&delivery, &self.kakao.limits, &self.rulebook)
    }
}

/// Takes the card of the page that `og:url` names, if that page has something to say; tells its address (R20).
fn follow(page: &mut Sight, (_, named): &(Url, Sight)) -> Option<String> {
    let theirs = named.inspection.as_ref().filter(|_| named.fetched.failure.is_none())?;
    let speaks = theirs.tags.iter().any(|tag: &Tag| matches!(tag.key.as_str(), "og:title" | "og:image"));
    speaks.then(|| {
        page.inspection = Some(theirs.clone());
        page.excerpt = named.excerpt.clone();
        named.fetched.effective_url.to_string()
    })
}

fn describe(fetched: &Fetched, inspection: &Inspection) -> Page {
    let body = fetched.body.as_ref();
    Page {
        status: fetched.status,
        content_type: fetched.content_type.as_deref().map(media_type),
        charset: inspection.charset.encoding.name().to_owned(),
        charset_source: inspection.charset.source.name().to_owned(),
        bytes: body.map_or(0, |body| body.bytes.len() as u64),
        wire_bytes: body.map(|body| body.wire_bytes),
        encoding: body.and_then(|body| body.encoding).map(str::to_owned),
        truncated: body.is_some_and(|body| body.truncated),
    }
}
