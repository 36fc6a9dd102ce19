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

use tokio_util::task::AbortOnDropHandle;

use crate::{
    accesslog, acl,
    config::Settings,
    drawing::{Drawer, OwnImages},
    egress::EgressPolicy,
    fetch::{Fetcher, FetcherError},
    firewall::Firewall,
    image::Signer,
    ips::{self, Ips, Shelf},
    kakao::Kakao,
    logs::Logs,
    offline::Extractor,
    preview::{self, Painter, PainterError},
    probe::{self, Prober},
    reach,
    reaching::{self, Reaching},
    rules::{Rulebook, RulebookError},
    sandbox::{
        self, Sandbox,
        images::{self, Images},
        webhook::{self, Webhook},
    },
    scrape::{self, Scraper},
    template,
    templating::Templating,
    web::{
        self as ours, Draining, FirewallGate, KnownQueries, Limits, LogsGate, ReachGate, catch_panics, headers, routes,
    },
};

/// Why the program cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The outbound side.
    #[error(transparent)]
    Fetcher(#[from] FetcherError),
    /// The embedded fonts and measures.
    #[error(transparent)]
    Painter(#[from] PainterError),
    /// The embedded sentences.
    #[error(transparent)]
    Rulebook(#[from] RulebookError),
    /// The embedded sentences of one subject.
    #[error("embedded sentences cannot be read: {0}")]
    Words(#[from] toml::de::Error),
    /// The sandbox.
    #[error(transparent)]
    Sandbox(#[from] sandbox::SandboxError),
    /// The system's random numbers.
    #[error("the system gives no random numbers for a key; set server.signing_key")]
    Randomness,
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
    /// Looks at firewalls.
    pub firewall: Firewall,
    /// Reads access logs.
    pub logs: Logs,
    /// Asks sites as Kakao and as others.
    pub prober: Prober,
    /// Has Kakao's list of IP ranges.
    pub ips: Ips,
    /// Weighs all of it.
    pub reaching: Reaching,
    /// Answers Kakao's Share and Message APIs.
    pub sandbox: Sandbox,
    /// Keeps the images of the sandbox.
    pub images: Images,
    /// Words findings.
    pub rulebook: Arc<Rulebook>,
    /// Draws messages.
    pub painter: Arc<Painter>,
}

impl Parts {
    /// Puts the parts together. Asks nobody. `signer` signs the addresses of images, if somebody will serve them.
    pub fn build(settings: &Settings, kakao: Kakao, signer: Option<Signer>) -> Result<Self, StartError> {
        let shelf = Shelf::open(&settings.ips, settings.acl.max_ranges, &kakao)?;
        let logs = Logs::new(settings.logs.clone(), accesslog::words()?, &kakao, shelf.current());
        let firewall = Firewall::new(settings.acl.clone(), acl::words()?, &kakao, shelf.current());
        let kakao = Arc::new(kakao);
        let rulebook = Arc::new(Rulebook::embedded()?);
        let painter = Arc::new(Painter::embedded()?);
        let guard = EgressPolicy::new(settings.egress.clone());
        let fetcher = Fetcher::new(&settings.fetch, &settings.dns, guard)?;
        let client = ips::Client::new(fetcher.clone(), settings.ips.clone(), settings.fetch.max_url_bytes);
        let prober = Prober::new(probe::Parts {
            settings: settings.probe.clone(),
            extract: settings.extract.clone(),
            image: settings.image.clone(),
            fetcher: fetcher.clone(),
            kakao: Arc::clone(&kakao),
            rulebook: Arc::clone(&rulebook),
            words: Arc::new(probe::words()?),
        });
        let reaching = Reaching::new(reaching::Parts {
            settings: settings.reach.clone(),
            stale_days: settings.ips.stale_days,
            firewall: firewall.clone(),
            prober: prober.clone(),
            logs: logs.clone(),
            words: reach::words()?,
        });
        let scraper = Scraper::new(scrape::Parts {
            settings: &settings.scrape,
            cache: &settings.cache,
            extract: &settings.extract,
            image: &settings.image,
            fetcher,
            kakao: Arc::clone(&kakao),
            rulebook: Arc::clone(&rulebook),
            fonts: Some(preview::database()),
            signer,
        });
        let images = Images::new(images::Parts {
            settings: settings.sandbox.images.clone(),
            folder: settings.sandbox.folder().map(|folder| folder.join("images")),
            image: settings.image.clone(),
            fonts: Some(preview::database()),
            scraper: scraper.clone(),
            max_url_bytes: settings.fetch.max_url_bytes,
            clock: settings.sandbox.clock.clone(),
        });
        let mut opened = settings.egress.clone();
        opened.allow.extend(&settings.sandbox.webhook.allow);
        let webhook = Webhook::new(webhook::Parts {
            settings: settings.sandbox.webhook.clone(),
            folder: settings.sandbox.folder(),
            fetcher: Fetcher::new(&settings.fetch, &settings.dns, EgressPolicy::new(opened))?,
            max_url_bytes: settings.fetch.max_url_bytes,
            clock: settings.sandbox.clock.clone(),
            words: webhook::words()?,
        });
        let sandbox = Sandbox::new(sandbox::Parts {
            settings: settings.sandbox.clone(),
            words: template::words()?,
            scraper: scraper.clone(),
            webhook,
            max_url_bytes: settings.fetch.max_url_bytes,
        })?;
        Ok(Self {
            scraper,
            sandbox,
            images,
            extractor: Extractor::new(settings.extract.clone(), kakao, Arc::clone(&rulebook)),
            firewall,
            ips: Ips::new(shelf, client),
            logs,
            prober,
            reaching,
            rulebook,
            painter,
        })
    }
}

/// The key that signs image addresses: the one that is set, or one of the moment.
fn signing_key(settings: &ours::Settings) -> Result<Vec<u8>, StartError> {
    if let Some(key) = settings.signing_key.bytes() {
        return Ok(key.to_vec());
    }
    let mut key = vec![0; 32];
    rustls::crypto::ring::default_provider().secure_random.fill(&mut key).map_err(|_silent| StartError::Randomness)?;
    Ok(key)
}

/// A server that listens.
pub struct App {
    /// Where it listens; tells the port when 0 was asked for.
    pub address: SocketAddr,
    server: Server,
    /// Keeps Kakao's list fresh, as long as the server lives.
    refresher: AbortOnDropHandle<()>,
    /// Deletes images of the sandbox whose time is over, as long as the server lives.
    sweeper: AbortOnDropHandle<()>,
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
        let signer = Signer::new(&signing_key(&settings.server)?);
        let parts = Parts::build(settings, kakao, Some(signer.clone()))?;
        let server = &settings.server;
        let listen = |source| StartError::Listen { address: server.listen, source };
        let listener = TcpListener::bind(server.listen).map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let draining = Draining::default();
        let limits = Limits::new(server, settings.fetch.max_url_bytes);
        let own = parts.images.clone();
        let own_images: OwnImages = Arc::new(move |url: &str| own.find(url));
        let drawer = web::Data::new(Drawer::new(parts.scraper.clone(), parts.painter).with_own_images(own_images));
        let frames = web::Data::new(server.frame_ancestors.clone());
        let scraper = web::Data::new(parts.scraper);
        let extractor = web::Data::new(parts.extractor);
        let firewall = web::Data::new(FirewallGate::new(parts.firewall, server.body_timeout_seconds));
        let ips = web::Data::new(parts.ips.clone());
        let logs = web::Data::new(LogsGate::new(parts.logs, server.body_timeout_seconds));
        let prober = web::Data::new(parts.prober);
        let reach = web::Data::new(ReachGate::new(parts.reaching, server.body_timeout_seconds));
        let templating = web::Data::new(Templating::new(parts.sandbox.clone(), Drawer::clone(&drawer)));
        let sandbox = web::Data::new(parts.sandbox);
        let images = web::Data::new(parts.images.clone());
        let rulebook = web::Data::from(parts.rulebook);
        let limits = web::Data::new(limits);
        let drains = web::Data::new(draining.clone());
        let known_queries = web::Data::new(KnownQueries::new(server.known_queries_bytes));
        let signer = web::Data::new(signer);
        let shared = move |config: &mut web::ServiceConfig| {
            config
                .app_data(drawer.clone())
                .app_data(frames.clone())
                .app_data(scraper.clone())
                .app_data(extractor.clone())
                .app_data(firewall.clone())
                .app_data(ips.clone())
                .app_data(logs.clone())
                .app_data(prober.clone())
                .app_data(reach.clone())
                .app_data(sandbox.clone())
                .app_data(images.clone())
                .app_data(templating.clone())
                .app_data(rulebook.clone())
                .app_data(limits.clone())
                .app_data(drains.clone())
                .app_data(known_queries.clone())
                .app_data(signer.clone());
        };
        let mut http = HttpServer::new(move || {
            Router::new().configure(&shared).wrap(headers()).wrap(middleware::from_fn(catch_panics)).configure(routes)
        })
        .keep_alive(KeepAlive::Timeout(Duration::from_secs(server.keep_alive_seconds)))
        .max_connections(server.max_connections)
        .shutdown_timeout(server.shutdown_seconds)
        .disable_signals();
        if server.workers > 0 {
            http = http.workers(server.workers);
        }
        let drain = Duration::from_secs(server.drain_seconds);
        let server = http.listen(listener).map_err(StartError::Server)?.run();
        let refresher = AbortOnDropHandle::new(tokio::spawn(parts.ips.keep_fresh()));
        let sweeper = AbortOnDropHandle::new(tokio::spawn(parts.images.keep_swept()));
        Ok(Self { address, server, refresher, sweeper, draining, drain })
    }

    /// What stops this server.
    pub fn stopper(&self) -> Stopper {
        Stopper { handle: self.server.handle(), draining: self.draining.clone(), drain: self.drain }
    }

    /// Serves until stopped.
    pub async fn run(self) -> io::Result<()> {
        let Self { server, refresher: _until_the_end, sweeper: _so_long_too, .. } = self;
        server.await
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
