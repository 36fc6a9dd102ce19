//! Liveness and readiness, for whoever runs the process. They say nothing about sites.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::scrape::Scraper;

/// Set when the process is about to stop, so that load balancers look elsewhere.
#[derive(Debug, Clone, Default)]
pub struct Draining(Arc<AtomicBool>);

impl Draining {
    /// From now on not ready.
    pub fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn has_begun(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// How the process is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// `ok`, or why not.
    status: &'static str,
    /// Version of this program.
    version: &'static str,
}

const fn health(status: &'static str) -> Health {
    Health { status, version: env!("CARGO_PKG_VERSION") }
}

/// The process runs.
#[utoipa::path(get, path = "/healthz", tag = "operation", responses((status = 200, description = "The process runs", body = Health)))]
pub async fn alive() -> HttpResponse {
    HttpResponse::Ok().json(health("ok"))
}

/// The process takes work: it is not stopping, and there is a place for another fetch.
#[utoipa::path(get, path = "/readyz", tag = "operation", responses(
    (status = 200, description = "Work is taken", body = Health),
    (status = 503, description = "Stopping, or saturated", body = Health),
))]
pub async fn ready(draining: web::Data<Draining>, scraper: web::Data<Scraper>) -> HttpResponse {
    if draining.has_begun() {
        HttpResponse::ServiceUnavailable().json(health("draining"))
    } else if scraper.has_places() {
        HttpResponse::Ok().json(health("ok"))
    } else {
        HttpResponse::ServiceUnavailable().json(health("saturated"))
    }
}
