//! `/api/v1/extract`: the card of HTML that the caller sends. Nothing is fetched.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    Limits, body,
    problem::{Problem, ProblemDetails},
    query,
};
use crate::{
    offline::{ExtractReport, Extractor},
    target::Target,
};

/// Where the HTML would stand.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExtractQuery {
    /// The URL the page would have; relative URLs are resolved against it.
    #[param(example = "https://example.com/post/1", required = true)]
    url: Option<String>,
}

/// The card and findings of the HTML in the body. `Content-Type` is honoured for the charset.
#[utoipa::path(post, path = "/api/v1/extract", tag = "extract", params(ExtractQuery),
    request_body(content = String, description = "HTML, in any encoding; nothing is an empty page", content_type = "text/html"),
    responses(
        (status = 200, description = "What KakaoTalk would make of this HTML", body = ExtractReport),
        (status = 400, description = "The URL cannot be used", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 408, description = "The body took too long", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn post(
    request: HttpRequest,
    payload: web::Payload,
    extractor: web::Data<Extractor>,
    limits: web::Data<Limits>,
) -> Result<HttpResponse, Problem> {
    let query: ExtractQuery = query(request.query_string())?;
    let url = query.url.as_deref().filter(|url| !url.trim().is_empty()).ok_or(Problem::UrlMissing)?;
    let target = Target::parse(url, limits.max_url_bytes)?;
    let content_type =
        request.headers().get(header::CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let bytes = body::read(&request, payload, limits.body).await?.freeze();
    let extractor: Arc<Extractor> = extractor.into_inner();
    let report =
        web::block(move || extractor.report(&bytes, content_type.as_deref(), &target)).await.map_err(|died| {
            tracing::error!("reading a page died: {died}");
            Problem::Internal
        })?;
    Ok(HttpResponse::Ok().json(report))
}
