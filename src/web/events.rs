//! `GET /api/v1/scrape/events`: a scrape as server-sent events (WHATWG HTML, 9.2), so that hops are seen while they happen.
//!
//! Events are `asking`, `hop`, `page`, `card`, `image`, `finding`, and at last `done` with the whole report, or `problem`.
//! A report that is kept, or that another asker's scrape brings, gives the same events in one go.

use std::{collections::VecDeque, convert::Infallible, time::Duration};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    web,
};
use bytes::Bytes;
use futures_util::{Stream, stream};
use serde::Serialize;
use tokio::sync::mpsc;
use utoipa::ToSchema;

use super::{KnownQueries, Limits, problem::Problem, scrape::ScrapeRequest};
use crate::{
    comparison::{Asker, Subject},
    page::Hop,
    report::Report,
    scrape::{Answer, Event, Scraper, Unserved, Watch},
};

/// The same scrape as `GET /api/v1/scrape`, told as it happens.
///
/// The last event is `done` with the report, or `problem` with problem details. Leaving early disturbs nobody.
#[utoipa::path(get, path = "/api/v1/scrape/events", tag = "scrape", params(ScrapeRequest), responses(
    (status = 200, description = "Events `asking`, `hop`, `page`, `card`, `image`, `finding`; then `done` with the report", body = ServerEvent, content_type = "text/event-stream"),
    (status = 400, description = "The URL or a parameter cannot be used", body = super::problem::ProblemDetails, content_type = "application/problem+json"),
))]
pub async fn get(
    request: HttpRequest,
    scraper: web::Data<Scraper>,
    limits: web::Data<Limits>,
    known: web::Data<KnownQueries>,
) -> Result<HttpResponse, Problem> {
    let ask = known.ask(request.query_string(), &limits)?;
    let (sender, events) = mpsc::unbounded_channel();
    let (finished, outcome) = tokio::sync::oneshot::channel();
    // The scrape runs on when its asker leaves: others may wait for it, and the cache wants it.
    actix_web::rt::spawn(async move {
        let answer = scraper.scrape(&ask, Some(Watch::new(sender))).await;
        let _left = finished.send(answer);
    });
    let told = Told { events, outcome: Some(outcome), ready: VecDeque::new(), seen: Seen::default() };
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/event-stream"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header(("x-accel-buffering", "no")) // nginx would hold events back
        .streaming(told.stream()))
}

/// One event, as `EventSource` gives it.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what is written line by line")]
struct ServerEvent {
    /// `asking`, `hop`, `page`, `card`, `image`, `finding`; at last `done` or `problem`.
    event: String,
    /// JSON: with `done` the report as `GET /api/v1/scrape` answers it, with `problem` problem details.
    data: String,
}

type Outcome = Result<Answer, Unserved>;

/// What is still to be told.
struct Told {
    events: mpsc::UnboundedReceiver<Event>,
    outcome: Option<tokio::sync::oneshot::Receiver<Outcome>>,
    ready: VecDeque<Bytes>,
    seen: Seen,
}

/// What was told while it happened; the rest is told from the report.
#[derive(Default)]
struct Seen {
    hops: usize,
    page: bool,
    images: usize,
}

#[derive(Serialize)]
struct Asking<'a> {
    of: Subject,
    who: Asker,
    url: &'a str,
}

#[derive(Serialize)]
struct Answered<'a> {
    of: Subject,
    who: Asker,
    hop: &'a Hop,
}

impl Told {
    fn stream(self) -> impl Stream<Item = Result<Bytes, Infallible>> {
        stream::unfold(self, |mut told| async move {
            let next = told.next().await?;
            Some((Ok(next), told))
        })
    }

    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(ready) = self.ready.pop_front() {
                return Some(ready);
            }
            let outcome = self.outcome.as_mut()?;
            tokio::select! {
                biased;
                Some(event) = self.events.recv() => {
                    let told = self.seen.tell(&event);
                    self.ready.push_back(told);
                }
                outcome = outcome => {
                    self.outcome = None;
                    while let Ok(event) = self.events.try_recv() {
                        let told = self.seen.tell(&event);
                        self.ready.push_back(told);
                    }
                    self.conclude(outcome.unwrap_or(Err(Unserved::Died(crate::cache::LoadDied))));
                }
                // A proxy on the way closes what is silent too long; a comment is not an event.
                () = tokio::time::sleep(KEEP_ALIVE) => self.ready.push_back(Bytes::from_static(b":\n\n")),
            }
        }
    }

    fn conclude(&mut self, outcome: Outcome) {
        match outcome {
            Ok(answer) => {
                let report = answer.report();
                self.ready.extend(self.seen.rest(&report));
                self.ready.push_back(event("done", &report));
            }
            Err(unserved) => self.ready.push_back(event("problem", &Problem::from(unserved).details())),
        }
    }
}

impl Seen {
    fn tell(&mut self, happened: &Event) -> Bytes {
        match happened {
            Event::Asking { of, who, url } => event("asking", &Asking { of: *of, who: *who, url }),
            Event::Hop { of, who, hop } => {
                self.hops += usize::from(*of == Subject::Page && *who == Asker::Same);
                event("hop", &Answered { of: *of, who: *who, hop })
            }
            Event::Page(page) => {
                self.page = true;
                event("page", page)
            }
            Event::Card(card) => event("card", card),
            Event::Image(image) => {
                self.images += 1;
                event("image", image)
            }
        }
    }

    /// What the report holds that was not told: all of it, if the report was kept.
    fn rest(&self, report: &Report) -> Vec<Bytes> {
        let mut rest: Vec<Bytes> = report
            .hops
            .iter()
            .skip(self.hops)
            .map(|hop| event("hop", &Answered { of: Subject::Page, who: Asker::Same, hop }))
            .collect();
        if !self.page {
            rest.extend(report.page.as_ref().map(|page| event("page", page)));
            rest.extend(report.card.as_ref().map(|card| event("card", card)));
        }
        rest.extend(report.images.iter().skip(self.images).map(|image| event("image", image)));
        rest.extend(report.findings.iter().map(|finding| event("finding", finding)));
        rest
    }
}

/// One event as the wire has it. JSON has no line breaks outside strings, and escapes those inside.
fn event(name: &str, data: &impl Serialize) -> Bytes {
    let json = serde_json::to_string(data).unwrap_or_default(); // plain data with text keys: it cannot fail
    Bytes::from(format!("event: {name}\ndata: {json}\n\n"))
}

const KEEP_ALIVE: Duration = Duration::from_secs(10);
