//! Something handed in rather than asked for: a webhook. Through the same guard as a fetch, but sent once, to one address, no
//! redirect followed, whatever comes back. What an answer is worth is the caller's to say.

use std::{
    collections::BTreeMap,
    convert::Infallible,
    sync::Arc,
    time::{Duration, Instant as Clock},
};

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use reqwest::{
    Client, Method, RequestBuilder, Response,
    header::{CONTENT_LENGTH, HeaderMap},
};
use tokio::time::Instant;
use tracing::debug;

use super::{
    Failure, Fetcher, Stage,
    body::{self, Body, Encoding, ReadLimits},
    head::all_headers,
    hop::Patience,
    recorder::Recorder,
};
use crate::target::Target;

/// What is handed in.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// How.
    pub method: Method,
    /// All headers but `Host`, `Accept` and `Content-Length`. Mark what is secret as sensitive.
    pub headers: HeaderMap,
    /// The body; empty for none.
    pub body: Bytes,
    /// Bytes of the answer's body that are kept.
    pub max_answer_bytes: usize,
    /// The manner of it.
    pub pace: Pace,
}

/// The manners of a bad network, to try a server out with. The default is none of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pace {
    /// A pause in the middle of the body.
    pub write: Duration,
    /// A pause before the answer's body is read.
    pub read: Duration,
    /// Hangs up that long after the connection stood, answer or not.
    pub leave: Option<Duration>,
}

/// What came of it.
#[derive(Debug, Clone, Default)]
pub struct Delivered {
    /// The answer's status, if its head came in time.
    pub status: Option<u16>,
    /// Its headers, names in lower case.
    pub headers: BTreeMap<String, String>,
    /// Its body, as far as it came.
    pub body: Option<Body>,
    /// Who answered.
    pub address: Option<String>,
    /// The time until the answer's head came, or until it was given up.
    pub took: Duration,
    /// Why there is no answer, or, beside a status, why its body is not whole.
    pub failure: Option<Failure>,
    /// [`Pace::leave`] has ended it.
    pub left: bool,
}

impl Fetcher {
    /// Hands `delivery` in at `target`, once, within `limit` for all of it: name, connection, sending, answer. Never fails: what
    /// went wrong is part of the answer.
    pub async fn deliver(&self, target: &Target, delivery: &Delivery, limit: Duration) -> Delivered {
        let started = Clock::now();
        let deadline = Instant::now() + limit;
        let recorder = Arc::<Recorder>::default();
        let leaving = async {
            match delivery.pace.leave {
                Some(leave) => {
                    recorder.until_ready().await;
                    tokio::time::sleep(leave).await;
                }
                None => std::future::pending().await,
            }
        };
        let delivered = tokio::select! {
            delivered = self.hand_in(target, delivery, &recorder, deadline, limit) => delivered,
            () = leaving => Delivered { left: true, took: started.elapsed(), ..Delivered::default() },
        };
        debug!(
            host = %target.host(),
            status = delivered.status,
            failure = ?delivered.failure.as_ref().map(Failure::code),
            "delivered"
        );
        delivered
    }

    async fn hand_in(
        &self,
        target: &Target,
        delivery: &Delivery,
        recorder: &Arc<Recorder>,
        deadline: Instant,
        limit: Duration,
    ) -> Delivered {
        let started = Clock::now();
        let patience = Patience { connect: limit, silence: limit, deadline, total: limit };
        let answer = self.send(target, true, patience, recorder, |client| delivery.written(client, target)).await;
        let took = started.elapsed();
        let response = match answer {
            Ok(response) => response,
            Err(failure) => {
                let address = recorder.reached().map(|peer| peer.to_string());
                return Delivered { failure: Some(failure), address, took, ..Delivered::default() };
            }
        };
        let status = Some(response.status().as_u16());
        let headers = all_headers(response.headers());
        let address = response.remote_addr().map(|peer| peer.to_string());
        let (body, failure) = delivery.taken(response, deadline, limit).await;
        Delivered { status, headers, body, address, took, failure, left: false }
    }
}

impl Delivery {
    fn written(&self, client: &Client, target: &Target) -> RequestBuilder {
        let request = client.request(self.method.clone(), target.request_url()).headers(self.headers.clone());
        if self.body.is_empty() {
            return request;
        }
        if self.pace.write.is_zero() {
            return request.body(self.body.clone());
        }
        let pause = self.pace.write;
        let mut rest = self.body.clone();
        let first = rest.split_to(rest.len() / 2);
        let late = stream::once(async move {
            tokio::time::sleep(pause).await;
            rest
        });
        let pieces = stream::iter([first]).chain(late).map(Ok::<_, Infallible>);
        // With its length said, the body is not sent in chunks: it differs from a prompt one by the pause alone.
        request.header(CONTENT_LENGTH, self.body.len()).body(reqwest::Body::wrap_stream(pieces))
    }

    /// The answer's body. One in an encoding that is not undone is kept as it came.
    async fn taken(&self, response: Response, deadline: Instant, limit: Duration) -> (Option<Body>, Option<Failure>) {
        let encoding = Encoding::of(response.headers()).unwrap_or(Encoding::Identity);
        let pausing = tokio::time::timeout_at(deadline, tokio::time::sleep(self.pace.read)).await;
        if pausing.is_err() {
            return (None, Some(Failure::Timeout { stage: Stage::Body, limit }));
        }
        let limits = ReadLimits { silence: limit, total: limit };
        let (body, failure) = body::read(response, encoding, self.max_answer_bytes, deadline, limits).await;
        (Some(body), failure)
    }
}
