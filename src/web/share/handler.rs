//! `POST /api/v1/share/handler-check`: tries the app's own handler out. One at a time, and ended when its caller leaves.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{app_of, fresh};
use crate::{
    sandbox::{Sandbox, webhook::HandlerCheck},
    web::{
        Limits, body,
        problem::{Problem, ProblemDetails},
    },
};

/// Whose handler.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "app": 1, "callback_args": { "user_id": "1" } }))]
pub struct HandlerQuestion {
    /// The app's id; the first app if left out.
    app: Option<i64>,
    /// Arguments that go with every trial: what the handler needs to find its way.
    #[schema(value_type = Option<Object>)]
    callback_args: Option<Map<String, Value>>,
}

/// Tries the app's webhook handler with every kind of chat, odd arguments, a wrong key and a bad network, and says whether it
/// survives.
///
/// Takes at most `sandbox.webhook.check_ms`. What is sent is in no log but this answer.
#[utoipa::path(post, path = "/api/v1/share/handler-check", tag = "share", operation_id = "share_handler_check",
    request_body = HandlerQuestion,
    responses(
        (status = 200, description = "Every trial, also where the handler is not reached", body = HandlerCheck),
        (status = 400, description = "The body cannot be read, or there is no such app", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 408, description = "The body took too long", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 503, description = "A handler is being tried already; see Retry-After", body = ProblemDetails, content_type = "application/problem+json"),
    ),
)]
pub async fn post(
    request: HttpRequest,
    payload: web::Payload,
    sandbox: web::Data<Sandbox>,
    limits: web::Data<Limits>,
) -> Result<HttpResponse, Problem> {
    let question: HandlerQuestion = body::json(&request, payload, limits.body).await?;
    let app = app_of(&sandbox, question.app)?;
    let base = question.callback_args.unwrap_or_default();
    let limit = sandbox.settings().webhook.max_callback_bytes;
    if Value::Object(base.clone()).to_string().len() > limit {
        let fits = "give at most sandbox.webhook.max_callback_bytes";
        return Err(Problem::Parameter { name: "callback_args", value: "too long".to_owned(), fits });
    }
    let check = Box::pin(sandbox.webhook().check(app, &base)).await.ok_or(Problem::TooManyHandlerChecks)?;
    fresh(&check)
}
