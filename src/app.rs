//! The composition root: the only place that constructs things. `App::build` turns settings into a server that listens;
//! tests build the same one with port 0.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use actix_web::{
    App as Router, HttpServer,
    dev::{Server, ServerHandle},
    http::KeepAlive,
    middleware, web,
};

use crate::{
    config::Settings,
    egress::EgressPolicy,
    fetch::{Fetcher, FetcherError},
    kakao::Kakao,
    offline::Extractor,
    rules::{Rulebook, RulebookError},
    scrape::Scraper,
    web::{Draining, KnownQueries, Limits, catch_panics, headers, routes},
};

/// Why the program cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The outbound side.
    #[error(transparent)]
    Fetcher(#[from] FetcherError),
    /// The embedded sentences.
    #[error(transparent)]
    Rulebook(#[from] RulebookError),
    /// The address to listen on.
    #[error("cannot listen on {address}: {source}; choose another with --listen or server.listen")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The server itself.
    #[error("the server cannot start: {0}")]
    Server(#[source] io::Error),
}

/// The parts that the command line and the server share.
#[derive(Clone)]
pub struct Parts {
    /// Scrapes pages.
    pub scraper: Scraper,
    /// Reads pages at hand.
    pub extractor: Extractor,
    /// Words findings.
    pub rulebook: Arc<Rulebook>,
}

impl Parts {
    /// Puts the parts together. Asks nobody.
    pub fn build(settings: &Settings, kakao: Kakao) -> Result<Self, StartError> {
        let kakao = Arc::new(kakao);
        let rulebook = Arc::new(Rulebook::embedded()?);
        let guard = EgressPolicy::new(settings.egress.clone());
        let fetcher = Fetcher::new(&settings.fetch, &settings.dns, guard)?;
        Ok(Self {
            scraper: Scraper::new(
                &settings.scrape,
                &settings.cache,
                settings.extract.clone(),
                fetcher,
                Arc::clone(&kakao),
                Arc::clone(&rulebook),
            ),
            extractor: Extractor::new(settings.extract.clone(), kakao, Arc::clone(&rulebook)),
            rulebook,
        })
    }
}

/// A server that listens.
pub struct App {
    /// Where it listens; tells the port when 0 was asked for.
    pub address: SocketAddr,
    server: Server,
    draining: Draining,
    drain: Duration,
}

/// Stops a server from outside.
#[derive(Clone)]
pub struct Stopper {
    handle: ServerHandle,
    draining: Draining,
    drain: Duration,
}

impl App {
    /// Builds all parts and listens. Must be called within a Tokio runtime.
    pub fn build(settings: &Settings, kakao: Kakao) -> Result<Self, StartError> {
        let parts = Parts::build(settings, kakao)?;
        let server = &settings.server;
        let listen = |source| StartError::Listen { address: server.listen, source };
        let listener = TcpListener::bind(server.listen).map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let draining = Draining::default();
        let limits = Limits::new(server, settings.fetch.max_url_bytes);
        let data = (
            web::Data::new(parts.scraper),
            web::Data::new(parts.extractor),
            web::Data::from(parts.rulebook),
            web::Data::new(limits),
            web::Data::new(draining.clone()),
            web::Data::new(KnownQueries::new(server.known_queries_bytes)),
        );
        let mut http = HttpServer::new(move || {
            let (scraper, extractor, rulebook, limits, draining, known_queries) = data.clone();
            Router::new()
                .app_data(scraper)
                .app_data(extractor)
                .app_data(rulebook)
                .app_data(limits)
                .app_data(draining)
                .app_data(known_queries)
                .wrap(headers())
                .wrap(middleware::from_fn(catch_panics))
                .configure(routes)
        })
        .keep_alive(KeepAlive::Timeout(Duration::from_secs(server.keep_alive_seconds)))
        .max_connections(server.max_connections)
        .shutdown_timeout(server.shutdown_seconds)
        .disable_signals();
        if server.workers > 0 {
            http = http.workers(server.workers);
        }
        let drain = Duration::from_secs(server.drain_seconds);
        Ok(Self { address, server: http.listen(listener).map_err(StartError::Server)?.run(), draining, drain })
    }

    /// What stops this server.
    pub fn stopper(&self) -> Stopper {
        Stopper { handle: self.server.handle(), draining: self.draining.clone(), drain: self.drain }
    }

    /// Serves until stopped.
    pub async fn run(self) -> io::Result<()> {
        self.server.await
    }
}

impl Stopper {
    /// Says no to `/readyz`, waits for load balancers to notice, closes the listener, and lets running requests finish.
    pub async fn stop(self) {
        self.draining.begin();
        tokio::time::sleep(self.drain).await;
        self.handle.stop(true).await;
    }

    /// Closes everything, finished or not.
    pub async fn stop_now(self) {
        self.handle.stop(false).await;
    }
}
