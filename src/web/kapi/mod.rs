//! Kakao's own paths and shapes, answered by the sandbox. The only place that knows Kakao's paths; problem details are not spoken here.

use actix_web::web::ServiceConfig;
use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(tags((name = "kapi")))]
struct Api;

/// What these routes are.
pub(super) fn api() -> utoipa::openapi::OpenApi {
    Api::openapi()
}

/// The routes.
pub(super) fn routes(_config: &mut ServiceConfig) {}
