//! What stands around every handler: a panic becomes a 500 problem instead of a closed socket, and every answer carries
//! the headers that keep hostile text text. No route-specific behaviour.

use std::panic::AssertUnwindSafe;

use actix_web::{
    Error,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    middleware::{DefaultHeaders, Next},
};
use futures_util::FutureExt as _;

use super::problem::Problem;

/// Turns a panic of a handler into a 500 problem.
pub async fn catch_panics(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    // The request itself must not be kept aside: the router needs it for itself alone.
    let path = request.path().to_owned();
    match AssertUnwindSafe(next.call(request)).catch_unwind().await {
        Ok(answer) => answer.map(ServiceResponse::map_into_boxed_body),
        Err(_panic) => {
            tracing::error!(path, "a handler panicked");
            Err(Problem::Internal.into())
        }
    }
}

/// Headers of every answer. The page's own policy (`assets`) replaces the strict one.
pub fn headers() -> DefaultHeaders {
    DefaultHeaders::new()
        .add(("x-content-type-options", "nosniff"))
        .add(("referrer-policy", "no-referrer"))
        .add(("content-security-policy", "default-src 'none'; frame-ancestors 'none'"))
}
