//! Answers in Kakao's shapes: bodies, errors, and the headers in which this sandbox says what of an answer is inferred.

use actix_web::{
    HttpResponse, HttpResponseBuilder, ResponseError,
    http::{StatusCode, header},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::sandbox::KapiError;

/// Names the parts of an answer that are not documented by Kakao: codes of the section `inferred`.
pub const INFERRED: &str = "scraplens-inferred";

/// Says how many problems a template has; `POST /api/v1/template/check` tells them all.
pub const PROBLEMS: &str = "scraplens-problems";

/// An error in Kakao's shape.
#[derive(Debug, Serialize, ToSchema)]
pub struct KapiErrorBody {
    /// What happened, in Kakao's words where they are public.
    #[schema(example = "invalid app key.")]
    pub msg: String,
    /// Kakao's code.
    #[schema(example = -401)]
    pub code: i32,
    /// With -402: the call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_type: Option<String>,
    /// With -402: what the user must agree to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required_scopes: Option<Vec<String>>,
    /// With -402: what the user has agreed to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_scopes: Option<Vec<String>>,
    /// Messages to friends: who did not get it, if nobody did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receiver_ids: Option<Vec<String>>,
}

/// 200 with this body.
pub fn ok(body: &impl Serialize, inferred: &[&'static str]) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    mark(&mut response, inferred);
    response.json(body)
}

/// Says what is inferred, and that nothing of it is to be kept.
pub fn mark(response: &mut HttpResponseBuilder, inferred: &[&'static str]) {
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    if !inferred.is_empty() {
        let mut codes: Vec<&str> = Vec::new();
        for code in inferred {
            if !codes.contains(code) {
                codes.push(code);
            }
        }
        response.insert_header((INFERRED, codes.join(", ")));
    }
}

impl ResponseError for KapiError {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        mark(&mut response, &self.inferred);
        if let Some(check) = &self.check {
            response.insert_header((PROBLEMS, check.problems.len().to_string()));
        }
        if matches!(self.status(), 408 | 413) {
            response.force_close(); // the rest of the body is not worth waiting for
        }
        response.json(self.body())
    }
}
