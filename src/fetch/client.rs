//! The one place that builds an HTTP client, one for each hop. A client of its own per hop keeps no connection, so every
//! dial asks the guarded resolver, and two policies can never share a pool.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use reqwest::redirect;
use tower::{Layer, Service};

use super::{recorder::Recorder, resolver::Resolver, tls::TlsBase};

/// What a client needs to know.
pub(super) struct ClientSettings<'a> {
    pub tls: &'a TlsBase,
    pub resolver: &'a Resolver,
    pub port: u16,
    pub connect_timeout: Duration,
    pub max_headers: usize,
}

/// Builds the client of one hop.
///
/// Each line answers a trap of reqwest's defaults: environment proxies would resolve names past the guard, the redirect
/// policy would follow to an address literal without asking the resolver, and the referer would tell where we came from.
pub(super) fn build(settings: &ClientSettings<'_>, recorder: &Arc<Recorder>) -> Result<reqwest::Client, String> {
    let tls = settings.tls.for_hop(recorder).map_err(|error| error.to_string())?;
    #[expect(clippy::disallowed_methods, reason = "this is the guarded place")]
    let builder = reqwest::Client::builder();
    builder
        .tls_backend_preconfigured(tls)
        .no_proxy()
        .redirect(redirect::Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .http1_only() // Kakao's requests are HTTP/1.1 in every log that was seen
        .http1_max_headers(settings.max_headers)
        .pool_max_idle_per_host(0)
        .connect_timeout(settings.connect_timeout)
        .dns_resolver(settings.resolver.for_dial(settings.port, Arc::clone(recorder)))
        .connector_layer(Watch(Arc::clone(recorder)))
        .build()
        .map_err(|error| format!("the HTTP client cannot be built: {error}"))
}

/// Notes when the connector starts and when the connection is ready.
#[derive(Clone)]
struct Watch(Arc<Recorder>);

impl<S> Layer<S> for Watch {
    type Service = Watched<S>;

    fn layer(&self, inner: S) -> Watched<S> {
        Watched { inner, recorder: Arc::clone(&self.0) }
    }
}

#[derive(Clone)]
struct Watched<S> {
    inner: S,
    recorder: Arc<Recorder>,
}

impl<S, R> Service<R> for Watched<S>
where
    S: Service<R>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: R) -> Self::Future {
        self.recorder.connector_started();
        let recorder = Arc::clone(&self.recorder);
        let connecting = self.inner.call(request);
        Box::pin(async move {
            let connection = connecting.await?;
            recorder.connector_finished();
            Ok(connection)
        })
    }
}
