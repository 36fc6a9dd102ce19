//! Our own answers about the sandbox: apps, quotas, simulated shares and their webhook. The work itself is `sandbox`'s.

mod apps;
mod quota;

use actix_web::web::ServiceConfig;
use utoipa::OpenApi;

use super::read_only;

#[derive(OpenApi)]
#[openapi(tags((name = "share", description = "The sandbox: its apps, quotas, simulated shares and their webhook")), paths(apps::get, quota::get))]
struct Api;

/// What these routes are.
pub(super) fn api() -> utoipa::openapi::OpenApi {
    Api::openapi()
}

/// The routes.
pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(read_only("/api/v1/share/apps", apps::get)).service(read_only("/api/v1/share/quota", quota::get));
}
