//! Our own answers about message templates: checked, drawn, turned into code. The work itself is `template`'s.

use actix_web::web::ServiceConfig;
use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(tags((name = "template")))]
struct Api;

/// What these routes are.
pub(super) fn api() -> utoipa::openapi::OpenApi {
    Api::openapi()
}

/// The routes.
pub(super) fn routes(_config: &mut ServiceConfig) {}
