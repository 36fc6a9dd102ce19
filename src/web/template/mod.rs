//! Our own answers about message templates: checked, drawn, turned into code, listed. The work itself is `templating`'s and
//! `template`'s.

mod check;
mod code;
mod drawn;
mod lists;
pub(super) mod question;

use actix_web::{
    HttpResponse,
    http::header::{self, ContentType},
    web::ServiceConfig,
};
use serde::Serialize;
use utoipa::OpenApi;

use super::{problem::Problem, read_only, write_only};

#[derive(OpenApi)]
#[openapi(
    paths(check::post, drawn::post, code::post, lists::samples, lists::templates),
    tags((name = "template", description = "From a message template to what Kakao answers and a chat shows"))
)]
struct Api;

/// What these routes are.
pub(super) fn api() -> utoipa::openapi::OpenApi {
    Api::openapi()
}

/// The routes.
pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(write_only("/api/v1/template/check", check::post))
        .service(write_only("/api/v1/template/preview.{format}", drawn::post))
        .service(write_only("/api/v1/template/code", code::post))
        .service(read_only("/api/v1/template/samples", lists::samples))
        .service(read_only("/api/v1/templates", lists::templates));
}

fn answer(value: &impl Serialize) -> Result<HttpResponse, Problem> {
    let json = serde_json::to_vec(value).map_err(|error| {
        tracing::error!("an answer about a template cannot be written as JSON: {error}");
        Problem::Internal
    })?;
    Ok(HttpResponse::Ok()
        .insert_header(ContentType::json())
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(json))
}
