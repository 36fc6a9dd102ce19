//! `GET /api/v1/share/quota`: what is left of an app's quotas.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use serde::Deserialize;
use utoipa::IntoParams;

use super::super::{
    problem::{Problem, ProblemDetails},
    query,
};
use crate::sandbox::{QuotaReport, Sandbox};

/// Of which app.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct QuotaQuestion {
    /// The app's id; left out: the first app.
    #[param(example = 1)]
    app: Option<i64>,
}

/// What is left of an app's quotas today and this month, in Korea.
#[utoipa::path(get, path = "/api/v1/share/quota", tag = "share", operation_id = "share_quota", params(QuotaQuestion), responses(
    (status = 200, description = "The counters", body = QuotaReport),
    (status = 400, description = "There is no such app", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub async fn get(request: HttpRequest, sandbox: web::Data<Sandbox>) -> Result<HttpResponse, Problem> {
    let question: QuotaQuestion = query(request.query_string())?;
    let unknown = || Problem::Parameter {
        name: "app",
        value: question.app.unwrap_or_default().to_string(),
        fits: "use an id of GET /api/v1/share/apps",
    };
    let app = sandbox.app(question.app).ok_or_else(unknown)?;
    let report = sandbox.quota(app).await.map_err(|_died| Problem::Internal)?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(report))
}
