//! One request through the guard, and the head of its answer. Which redirects are followed and what is read is the caller's.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use reqwest::{
    Client, RequestBuilder, Response,
    header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, HeaderValue, LOCATION, SERVER, USER_AGENT},
};
use tokio::time::Instant;
use url::Host;

use super::{
    Failure, Fetcher, Request, Stage,
    client::{self, ClientSettings},
    failure::{self, Circumstances},
    head::header,
    recorder::{Recorder, millis},
    tls,
};
use crate::{
    egress::{Class, Denied},
    page::Hop,
    target::Target,
};

/// What one hop asks, and until when.
#[derive(Clone, Copy)]
pub(super) struct Asking<'a> {
    pub request: &'a Request,
    pub authorization: Option<&'a HeaderValue>,
    pub deadline: Instant,
    /// Whether it is the URL that was asked for, rather than one that a redirect led to.
    pub first: bool,
}

/// How long one request may take.
#[derive(Clone, Copy)]
pub(super) struct Patience {
    /// To a ready connection.
    pub connect: Duration,
    /// Without a sign once the connection is ready.
    pub silence: Duration,
    /// When it ends, whatever it is doing.
    pub deadline: Instant,
    /// The limit behind the deadline, for the report.
    pub total: Duration,
}

impl Fetcher {
    /// One request and the head of its answer.
    pub(super) async fn ask(&self, target: &Target, asking: &Asking<'_>) -> (Hop, Result<Response, Failure>) {
        let recorder = Arc::<Recorder>::default();
        let patience = Patience {
            connect: self.limits.connect,
            silence: self.limits.read,
            deadline: asking.deadline,
            total: self.limits.deadline,
        };
        let request = asking.request;
        let writing = |client: &Client| {
            let written = client
                .get(target.request_url())
                .header(USER_AGENT, &request.user_agent)
                .header(ACCEPT, &request.accept)
                .header(ACCEPT_ENCODING, &request.accept_encoding);
            match asking.authorization {
                Some(authorization) => written.header(AUTHORIZATION, authorization),
                None => written,
            }
        };
        let answer = self.send(target, asking.first, patience, &recorder, writing).await;
        let mut timing = recorder.timing();
        let response = answer.as_ref().ok();
        if response.is_some() {
            timing.wait = recorder.ready().map(|ready| millis(ready.elapsed()));
        }
        let headers = response.map(Response::headers);
        let hop = Hop {
            url: target.request_url().to_string(),
            status: response.map(|response| response.status().as_u16()),
            location: headers.and_then(|headers| header(headers, &LOCATION)),
            address: response
                .and_then(Response::remote_addr)
                .or_else(|| recorder.reached())
                .map(|peer| peer.to_string()),
            timing_ms: timing,
            tls: tls::describe(&recorder.shown_chain()),
            server: headers.and_then(|headers| header(headers, &SERVER)),
        };
        (hop, answer)
    }

    /// Judges where it goes, and sends once what `writing` writes. `first` is false where somebody else than the caller chose
    /// the target.
    pub(super) async fn send(
        &self,
        target: &Target,
        first: bool,
        patience: Patience,
        recorder: &Arc<Recorder>,
        writing: impl FnOnce(&Client) -> RequestBuilder,
    ) -> Result<Response, Failure> {
        let port = target.port();
        let literal = match target.host() {
            Host::Domain(_) => None,
            Host::Ipv4(v4) => Some(v4.into()),
            Host::Ipv6(v6) => Some(v6.into()),
        };
        // reqwest never asks a resolver for a literal, so it is judged here, on every hop.
        let judged = match literal {
            Some(ip) => {
                recorder.literal(SocketAddr::new(ip, port));
                self.guard.permit(ip, port)
            }
            None if self.guard.permit_port(port) => Ok(()),
            None => Err(Denied { class: Class::Port, ip: None, port }),
        };
        judged.map_err(|denied| Failure::Denied { denied, asked_for: first })?;

        let client =
            client::build(&self.client_settings(port, patience.connect), recorder).map_err(Failure::Internal)?;
        // Silence counts from when the connection is ready: the time to make it has a limit of its own. reqwest's read
        // timeout counts from the start, and would cut a slow connection short under the name of a slow answer.
        let silence = async {
            recorder.until_ready().await;
            tokio::time::sleep(patience.silence).await;
        };
        let answered = tokio::select! {
            answered = writing(&client).send() => answered,
            () = silence => return Err(Failure::Timeout { stage: Stage::Head, limit: patience.silence }),
            () = tokio::time::sleep_until(patience.deadline) => {
                return Err(Failure::Timeout { stage: recorder.stage(), limit: patience.total });
            }
        };
        let response = answered.map_err(|error| {
            failure::of_request(
                &error,
                &Circumstances {
                    addresses: recorder.addresses(),
                    stage: Some(recorder.stage()),
                    connect_limit: patience.connect,
                    read_limit: patience.silence,
                    chain: recorder.shown_chain(),
                    first,
                },
            )
        })?;
        // Defence in depth: whoever answered must be someone we may talk to.
        match response.remote_addr() {
            Some(peer) => {
                self.guard.permit(peer.ip(), port).map_err(|denied| Failure::Denied { denied, asked_for: false })?;
                Ok(response)
            }
            None => Err(Failure::Internal("the peer's address is not known".to_owned())),
        }
    }

    pub(super) fn client_settings(&self, port: u16, connect_timeout: Duration) -> ClientSettings<'_> {
        ClientSettings {
            tls: &self.tls,
            resolver: &self.resolver,
            port,
            connect_timeout,
            max_headers: self.limits.max_headers,
        }
    }
}
