//! Our own answers about the sandbox: apps, quotas, simulated shares and their webhook. The work itself is `sandbox`'s.

mod apps;
mod deliveries;
mod handler;
mod quota;
mod send;

use actix_web::{
    HttpResponse,
    http::header::{self, ContentType},
    web::ServiceConfig,
};
use serde::Serialize;
use utoipa::OpenApi;

use super::{problem::Problem, read_only, write_only};
use crate::sandbox::{App, Sandbox};

#[derive(OpenApi)]
#[openapi(tags((name = "share", description = "The sandbox: its apps, quotas, simulated shares and their webhook")), paths(apps::get, quota::get, deliveries::list, deliveries::one, deliveries::replay, handler::post, send::post))]
struct Api;

/// What these routes are.
pub(super) fn api() -> utoipa::openapi::OpenApi {
    Api::openapi()
}

/// The routes.
pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(read_only("/api/v1/share/apps", apps::get))
        .service(read_only("/api/v1/share/quota", quota::get))
        .service(write_only("/api/v1/share/send", send::post))
        .service(read_only("/api/v1/share/deliveries", deliveries::list))
        .service(read_only("/api/v1/share/deliveries/{id}", deliveries::one))
        .service(write_only("/api/v1/share/deliveries/{id}/replay", deliveries::replay))
        .service(write_only("/api/v1/share/handler-check", handler::post));
}

/// The app of an id; without one the first.
fn app_of(sandbox: &Sandbox, id: Option<i64>) -> Result<&App, Problem> {
    let unknown = || Problem::Parameter {
        name: "app",
        value: id.map(|id| id.to_string()).unwrap_or_default(),
        fits: "give the id of an app that GET /api/v1/share/apps lists",
    };
    sandbox.app(id).ok_or_else(unknown)
}

/// An answer that is good now and no longer.
fn fresh(answer: &impl Serialize) -> Result<HttpResponse, Problem> {
    let json = serde_json::to_vec(answer).map_err(|error| {
        tracing::error!("an answer about a share cannot be written as JSON: {error}");
        Problem::Internal
    })?;
    Ok(HttpResponse::Ok()
        .insert_header(ContentType::json())
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(json))
}
