//! Our own answers about the sandbox: apps, quotas, simulated shares and their webhook. The work itself is `sandbox`'s.

use actix_web::web::ServiceConfig;
use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(tags((name = "share")))]
struct Api;

/// What these routes are.
pub(super) fn api() -> utoipa::openapi::OpenApi {
    Api::openapi()
}

/// The routes.
pub(super) fn routes(_config: &mut ServiceConfig) {}
