//! The one guarded way out. Every request this program makes to somebody else's server goes through [`Fetcher::fetch`], or
//! [`Fetcher::deliver`] where something is handed in; it decides nothing about what a page means.
//!
//! The life of one fetch:
//! 1. The hop's address is judged: a literal here, a name by the resolver on the very lookup that is dialled.
//! 2. A client of its own asks for the URL, without proxies, cookies, referer, or redirects of its own making.
//! 3. The peer that answered is judged once more.
//! 4. A redirect starts again at 1, up to the limit; a URL that comes twice is a loop.
//! 5. The last answer's status, type and encoding decide whether its body is read, up to a cap of decoded bytes; of an
//!    error's page, only the beginning.
//!
//! One absolute deadline bounds all of it. A failure is data: [`Fetched`] carries it together with all that was learned.

mod body;
mod client;
mod delivery;
mod dial;
mod failure;
mod gate;
mod head;
mod hop;
mod old_hello;
mod pins;
mod recorder;
mod resolver;
mod tls;
mod trace;

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashSet},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use reqwest::{
    Response,
    header::{CONTENT_TYPE, HeaderValue},
};
use serde::Deserialize;
use tokio::time::Instant;
use tracing::debug;
use url::Url;

pub use self::{
    body::Body,
    delivery::{Delivered, Delivery, Pace},
    dial::{Dialled, Shaken, Version},
    failure::{Failure, Stage},
    gate::Expect,
    pins::{Pin, PinError},
    resolver::{NameError, NameServer, Settings as DnsSettings},
    tls::{Roots, TlsFailure, TlsSetupError},
    trace::{KindTrace, NameRecord, NameSource, NameTrace, Traced},
};
use self::{
    body::{Encoding, ReadLimits},
    head::{all_headers, header, next_target},
    hop::Asking,
    recorder::millis,
    resolver::Resolver,
    tls::TlsBase,
};
use crate::{egress::EgressPolicy, page::Hop, target::Target};

/// How fetches behave; section `[fetch]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Milliseconds for everything together.
    pub deadline_ms: u64,
    /// Milliseconds to a ready connection.
    pub connect_timeout_ms: u64,
    /// Milliseconds of silence.
    pub read_timeout_ms: u64,
    /// Longest URL, in bytes.
    pub max_url_bytes: usize,
    /// Headers of one answer.
    pub max_headers: usize,
    /// Bytes of an error's page that are read.
    pub refusal_bytes: usize,
    /// Milliseconds an error's page may take.
    pub refusal_ms: u64,
    /// Names fixed by hand.
    pub resolve: Vec<Pin>,
    /// Whose authorities are trusted.
    pub roots: Roots,
    /// PEM files of further authorities.
    pub extra_roots: Vec<PathBuf>,
}

/// What to send and how much to take.
#[derive(Debug, Clone)]
pub struct Request {
    /// What is hoped for.
    pub expect: Expect,
    /// `User-Agent` (R1).
    pub user_agent: String,
    /// `Accept`.
    pub accept: String,
    /// `Accept-Encoding`.
    pub accept_encoding: String,
    /// Redirects that are followed (R3).
    pub max_redirects: usize,
    /// Decoded bytes that are kept (R5).
    pub max_bytes: usize,
}

/// Everything one fetch learned. A failure keeps what had arrived by then.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// The requests in order; the last is the one that gave the page or the failure.
    pub hops: Vec<Hop>,
    /// The URL after the last redirect, with the fragment that applies to it (RFC 9110, 10.2.2).
    pub effective_url: Url,
    /// Status of the last answer.
    pub status: Option<u16>,
    /// `Content-Type` of the last answer, as sent.
    pub content_type: Option<String>,
    /// The body, as far as it came and if it was worth reading.
    pub body: Option<Body>,
    /// Headers of the last answer, names in lower case; of a repeated header, the last.
    pub headers: BTreeMap<String, String>,
    /// The beginning of the page that came with an error status: bot walls are told apart by it.
    pub refusal: Option<Bytes>,
    /// Why there is no page, or only a part of one.
    pub failure: Option<Failure>,
}

impl Fetched {
    /// `ok`, or the failure's code.
    pub fn outcome(&self) -> Cow<'static, str> {
        self.failure.as_ref().map_or(Cow::Borrowed("ok"), Failure::code)
    }
}

/// Whoever watches a fetch.
pub type Watcher<'a> = &'a (dyn Fn(Progress) + Send + Sync);

/// What a fetch is doing, for whoever watches it.
#[derive(Debug, Clone)]
pub enum Progress {
    /// A URL is being asked for.
    Asking(String),
    /// An answer came, or will not.
    Answered(Box<Hop>),
}

/// Why a fetcher cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum FetcherError {
    /// The TLS side.
    #[error(transparent)]
    Tls(#[from] TlsSetupError),
    /// The name servers.
    #[error("the system's name servers cannot be read ({0}); set dns.servers or use --dns IP:PORT")]
    Dns(#[from] hickory_resolver::net::NetError),
    /// An HTTP client.
    #[error("{0}")]
    Client(String),
}

/// Fetches pages for everyone. Cheap to clone.
#[derive(Clone)]
pub struct Fetcher {
    guard: Arc<EgressPolicy>,
    resolver: Resolver,
    tls: TlsBase,
    limits: Limits,
}

#[derive(Debug, Clone, Copy)]
struct Limits {
    deadline: Duration,
    connect: Duration,
    read: Duration,
    refusal: Duration,
    max_headers: usize,
    refusal_bytes: usize,
}

impl Fetcher {
    /// Builds the fetcher: reads certificate files, asks nobody.
    pub fn new(settings: &Settings, dns: &DnsSettings, guard: EgressPolicy) -> Result<Self, FetcherError> {
        let guard = Arc::new(guard);
        let fetcher = Self {
            resolver: Resolver::new(dns, Arc::clone(&guard), settings.resolve.clone().into())?,
            tls: TlsBase::new(settings.roots, &settings.extra_roots)?,
            guard,
            limits: Limits {
                deadline: Duration::from_millis(settings.deadline_ms),
                connect: Duration::from_millis(settings.connect_timeout_ms),
                read: Duration::from_millis(settings.read_timeout_ms),
                refusal: Duration::from_millis(settings.refusal_ms),
                max_headers: settings.max_headers,
                refusal_bytes: settings.refusal_bytes,
            },
        };
        // A client that cannot be built is found out now, not at the first request.
        client::build(&fetcher.client_settings(80, fetcher.limits.connect), &Arc::default())
            .map_err(FetcherError::Client)?;
        Ok(fetcher)
    }

    /// The time one fetch, with all its redirects, may take.
    pub fn deadline(&self) -> Duration {
        self.limits.deadline
    }

    /// Fetches `target` until `deadline`, following redirects. Never fails: what went wrong is part of the answer.
    pub async fn fetch(
        &self,
        target: &Target,
        request: &Request,
        deadline: Instant,
        watcher: Option<Watcher<'_>>,
    ) -> Fetched {
        self.follow(target, request, None, deadline, watcher).await
    }

    /// Fetches `target` until `deadline` with an `Authorization`. No redirect is followed, whatever `request` says: nobody but
    /// `target` may get to see it. Mark the value sensitive, so that nobody logs it.
    pub async fn fetch_authorized(
        &self,
        target: &Target,
        request: &Request,
        authorization: &HeaderValue,
        deadline: Instant,
    ) -> Fetched {
        let request = Request { max_redirects: 0, ..request.clone() };
        self.follow(target, &request, Some(authorization), deadline, None).await
    }

    async fn follow(
        &self,
        target: &Target,
        request: &Request,
        authorization: Option<&HeaderValue>,
        deadline: Instant,
        watcher: Option<Watcher<'_>>,
    ) -> Fetched {
        let mut fetched = Fetched {
            hops: Vec::new(),
            effective_url: target.url().clone(),
            status: None,
            content_type: None,
            body: None,
            headers: BTreeMap::new(),
            refusal: None,
            failure: None,
        };
        let mut asked = HashSet::new();
        let mut current = target.clone();
        loop {
            tell(watcher, || Progress::Asking(current.request_url().to_string()));
            asked.insert(current.request_url());
            fetched.effective_url = current.url().clone();
            let asking = Asking { request, authorization, deadline, first: fetched.hops.is_empty() };
            let (mut hop, answer) = self.ask(&current, &asking).await;
            match answer {
                Err(failure) => {
                    fetched.failure = Some(failure);
                    fetched.hops.push(hop);
                }
                Ok(response) => {
                    let next = next_target(&current, &response, request, &asked, fetched.hops.len());
                    if let Ok(Some(next)) = next {
                        tell(watcher, || Progress::Answered(Box::new(hop.clone())));
                        fetched.hops.push(hop);
                        current = next;
                        continue;
                    }
                    fetched.status = hop.status;
                    fetched.content_type = header(response.headers(), &CONTENT_TYPE);
                    fetched.headers = all_headers(response.headers());
                    match next {
                        Err(failure) => fetched.failure = Some(failure),
                        Ok(_) => self.take(response, request, deadline, &mut hop, &mut fetched).await,
                    }
                    fetched.hops.push(hop);
                }
            }
            if let Some(last) = fetched.hops.last() {
                tell(watcher, || Progress::Answered(Box::new(last.clone())));
            }
            debug!(url = %current.request_url(), outcome = %fetched.failure.as_ref().map_or("ok".into(), Failure::code), "fetched a page");
            return fetched;
        }
    }

    /// Judges the final answer's head, and reads its body if that is worth it.
    async fn take(
        &self,
        response: Response,
        request: &Request,
        deadline: Instant,
        hop: &mut Hop,
        fetched: &mut Fetched,
    ) {
        let status = response.status().as_u16();
        if !response.status().is_success() {
            fetched.failure = Some(Failure::Status(status));
            fetched.refusal = self.refusal(response, deadline).await;
            return;
        }
        // Neither has content (RFC 9110, 15.3.5 and 15.3.6): a card made of it would be a card of nothing.
        if matches!(status, 204 | 205) {
            fetched.failure = Some(Failure::NoContent(status));
            return;
        }
        if let Err(failure) = request.expect.judge_type(fetched.content_type.as_deref()) {
            fetched.failure = Some(failure);
            return;
        }
        let encoding = match Encoding::of(response.headers()) {
            Ok(encoding) => encoding,
            Err(failure) => {
                fetched.failure = Some(failure);
                return;
            }
        };
        let started = Instant::now();
        let limits = ReadLimits { silence: self.limits.read, total: self.limits.deadline };
        let (body, failure) = body::read(response, encoding, request.max_bytes, deadline, limits).await;
        hop.timing_ms.body = Some(millis(started.elapsed()));
        fetched.failure = failure;
        // A failure before the first byte leaves nothing to make a card of.
        if fetched.failure.is_some() && body.bytes.is_empty() {
            return;
        }
        if let Err(failure) = request.expect.judge_bytes(fetched.content_type.as_deref(), &body.bytes) {
            fetched.failure.get_or_insert(failure);
            return;
        }
        fetched.body = Some(body);
    }

    /// The beginning of an error's page. Little is read, briefly; that it fails is worth no word beside the error itself.
    async fn refusal(&self, response: Response, deadline: Instant) -> Option<Bytes> {
        let encoding = Encoding::of(response.headers()).ok().filter(|_| self.limits.refusal_bytes > 0)?;
        let deadline = deadline.min(Instant::now() + self.limits.refusal);
        let limits = ReadLimits { silence: self.limits.refusal, total: self.limits.refusal };
        let (body, _failure) = body::read(response, encoding, self.limits.refusal_bytes, deadline, limits).await;
        Some(body.bytes).filter(|bytes| !bytes.is_empty())
    }
}

fn tell(watcher: Option<Watcher<'_>>, what: impl FnOnce() -> Progress) {
    if let Some(watcher) = watcher {
        watcher(what());
    }
}
