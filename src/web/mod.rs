//! The HTTP face. The route table reads as a table of contents; what each route does is in the file of its name.
//! This is the only place that knows the statuses of OUR answers.

mod acl;
mod assets;
mod body;
mod docs;
mod embedding;
mod events;
mod extract;
mod guard;
mod health;
mod image;
mod ips;
mod kapi;
mod logs;
mod preview;
mod probe;
mod problem;
mod reach;
mod scrape;
mod share;
mod template;

use std::{
    future::{Ready, ready},
    net::SocketAddr,
    time::Duration,
};

use actix_web::{
    HttpRequest, Resource,
    guard::{Any, Get, Head},
    web,
};
use serde::Deserialize;

pub use self::{
    acl::FirewallGate,
    docs::openapi,
    embedding::{FrameAncestors, SigningKey},
    guard::{catch_panics, headers},
    health::Draining,
    logs::LogsGate,
    reach::ReachGate,
    scrape::KnownQueries,
};
use self::{body::BodyLimits, problem::Problem};

/// The server; section `[server]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Address to listen on.
    pub listen: SocketAddr,
    /// Threads that answer; 0 means one per core.
    pub workers: usize,
    /// Largest request body, in bytes.
    pub max_body_bytes: usize,
    /// Seconds a request body may take.
    pub body_timeout_seconds: u64,
    /// Bytes of query strings whose meaning is remembered.
    pub known_queries_bytes: u64,
    /// Key that signs the addresses of images; empty for one of the moment.
    pub signing_key: SigningKey,
    /// Who may frame the message drawn as HTML.
    pub frame_ancestors: FrameAncestors,
    /// Connections per worker.
    pub max_connections: usize,
    /// Seconds an idle connection is kept.
    pub keep_alive_seconds: u64,
    /// Seconds of saying no to `/readyz` before closing.
    pub drain_seconds: u64,
    /// Seconds running requests may take to finish.
    pub shutdown_seconds: u64,
}

/// What bounds a request of our caller's.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of a URL.
    pub max_url_bytes: usize,
    /// The body.
    pub body: BodyLimits,
}

impl Limits {
    /// Takes the bounds from the settings.
    pub fn new(server: &Settings, max_url_bytes: usize) -> Self {
        let timeout = Duration::from_secs(server.body_timeout_seconds);
        Self { max_url_bytes, body: BodyLimits { max_bytes: server.max_body_bytes, timeout } }
    }
}

/// The routes.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        // the API; first, because routes are tried in order and these are asked most
        .service(
            web::resource("/api/v1/scrape")
                .route(web::get().to(scrape::get))
                .route(web::post().to(scrape::post))
                .route(web::delete().to(scrape::delete))
                .default_service(web::to(|request: HttpRequest| refuse_method(&request, "GET, POST, DELETE"))),
        )
        .service(read_only("/api/v1/scrape/events", events::get))
        .service(read_only("/api/v1/scrape/source", scrape::source))
        .service(read_only("/api/v1/image", image::get))
        .service(read_only("/api/v1/preview.css", preview::css))
        .service(read_only("/api/v1/preview.{format}", preview::get))
        .service(write_only("/api/v1/extract", extract::post))
        .service(write_only("/api/v1/acl/check", acl::check))
        .service(write_only("/api/v1/acl/fix", acl::fix))
        .service(read_only("/api/v1/acl/formats", acl::formats))
        .service(read_only("/api/v1/kakao/ips", ips::get))
        .service(write_only("/api/v1/kakao/ips/diff", ips::diff))
        .service(write_only("/api/v1/logs", logs::post))
        .service(read_only("/api/v1/logs/formats", logs::formats))
        .service(write_only("/api/v1/probe", probe::post))
        .service(read_only("/api/v1/probe/outbound", probe::outbound))
        .service(write_only("/api/v1/reach", reach::post))
        .service(write_only("/api/v1/reach/export", reach::export))
        .configure(template::routes)
        .configure(share::routes)
        // Kakao's own paths
        .configure(kapi::routes)
        // the pages
        .service(read_only("/", assets::index))
        .service(read_only("/firewall", assets::firewall))
        .service(read_only("/logs", assets::logs))
        .service(read_only("/reach", assets::reach))
        .service(read_only("/templates", assets::templates))
        .service(read_only("/static/{path:.*}", assets::file))
        // the API's description
        .service(read_only("/docs", docs::page))
        .service(read_only("/openapi.json", docs::json))
        // for operators
        .service(read_only("/healthz", health::alive))
        .service(read_only("/readyz", health::ready))
        .default_service(web::to(|request: HttpRequest| not_found(&request)));
}

fn read_only<F, Args>(path: &str, handler: F) -> Resource
where
    F: actix_web::Handler<Args>,
    Args: actix_web::FromRequest + 'static,
    F::Output: actix_web::Responder + 'static,
{
    web::resource(path)
        .route(web::route().guard(Any(Get()).or(Head())).to(handler))
        .default_service(web::to(|request: HttpRequest| refuse_method(&request, "GET, HEAD")))
}

fn write_only<F, Args>(path: &str, handler: F) -> Resource
where
    F: actix_web::Handler<Args>,
    Args: actix_web::FromRequest + 'static,
    F::Output: actix_web::Responder + 'static,
{
    web::resource(path)
        .route(web::post().to(handler))
        .default_service(web::to(|request: HttpRequest| refuse_method(&request, "POST")))
}

/// A query string, as the parameters of one route.
fn query<T: serde::de::DeserializeOwned>(query_string: &str) -> Result<T, Problem> {
    let query = web::Query::<T>::from_query(query_string);
    query.map(web::Query::into_inner).map_err(|error| Problem::Query(error.to_string()))
}

fn refuse_method(request: &HttpRequest, allow: &'static str) -> Ready<Result<&'static str, Problem>> {
    ready(Err(Problem::MethodNotAllowed { method: request.method().to_string(), allow }))
}

fn not_found(request: &HttpRequest) -> Ready<Result<&'static str, Problem>> {
    ready(Err(Problem::NotFound(request.path().to_owned())))
}
