//! What stands around Kakao's paths: the switch `sandbox.enabled`, CORS (Kakao's JavaScript SDK calls from pages of other origins),
//! and a panic that becomes an error in Kakao's shape.

use std::panic::AssertUnwindSafe;

use actix_web::{
    Error, HttpResponse, ResponseError as _,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
    web,
};
use futures_util::FutureExt as _;

use super::super::problem::Problem;
use crate::sandbox::{KapiError, Sandbox};

/// Answers what every path of Kakao's answers alike, and lets pages of any origin read the answer: which origins may call is
/// said by the key.
pub async fn around(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if is_off(&request) {
        let problem = Problem::NotFound(request.path().to_owned());
        return Ok(request.into_response(problem.error_response()));
    }
    let origin = request.headers().get(header::ORIGIN).cloned();
    if request.method() == Method::OPTIONS {
        let mut response = HttpResponse::NoContent().finish();
        permit(response.headers_mut(), origin);
        preflight(response.headers_mut());
        return Ok(request.into_response(response));
    }
    // The request itself must not be kept aside: the router needs it for itself alone.
    let path = request.path().to_owned();
    match AssertUnwindSafe(next.call(request)).catch_unwind().await {
        Ok(Ok(answer)) => {
            let mut answer = answer.map_into_boxed_body();
            permit(answer.headers_mut(), origin);
            Ok(answer)
        }
        Ok(Err(error)) => Err(error),
        Err(_panic) => {
            tracing::error!(path, "a handler panicked");
            Err(KapiError::internal().into())
        }
    }
}

/// The switch alone: pages of other origins have no business with the answer.
pub async fn switched(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if is_off(&request) {
        let problem = Problem::NotFound(request.path().to_owned());
        return Ok(request.into_response(problem.error_response()));
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

fn is_off(request: &ServiceRequest) -> bool {
    !request.app_data::<web::Data<Sandbox>>().is_some_and(|sandbox| sandbox.settings().enabled)
}

fn permit(headers: &mut HeaderMap, origin: Option<HeaderValue>) {
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    }
}

fn preflight(headers: &mut HeaderMap) {
    const ANSWERS: [(HeaderName, &str); 3] = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, POST, DELETE"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "Authorization, KA, Content-Type"),
        (header::ACCESS_CONTROL_MAX_AGE, "600"),
    ];
    for (name, value) in ANSWERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// Ours, beside Kakao's body.
const EXPOSED: &str = "Scraplens-Inferred, Scraplens-Problems";

impl From<Problem> for KapiError {
    /// What became of a body, in Kakao's shape; what Kakao says there is not public.
    fn from(problem: Problem) -> Self {
        let status = match problem {
            Problem::BodyTooLarge { .. } => 413,
            Problem::BodyTimeout { .. } => 408,
            Problem::BodyBroken(_) => 400,
            _ => return Self::internal(),
        };
        let text = problem.to_string();
        Self::bad_parameter(text).with_status(status).inferred("body-limits")
    }
}
