//! `/v2/api/talk/memo/…`: messages to oneself (Kakao Developers, Message, REST API). They are judged and counted, and go nowhere.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use super::{
    super::Limits,
    auth,
    calls::Kind,
    parameters::Parameters,
    reply::{self, KapiErrorBody},
};
use crate::sandbox::{KapiError, Sandbox};

#[derive(OpenApi)]
#[openapi(paths(default_send, send, scrap_send))]
pub(super) struct Api;

/// It was sent.
#[derive(Serialize, ToSchema)]
pub(super) struct ResultCode {
    /// Always 0.
    #[schema(example = 0)]
    pub result_code: i32,
}

/// What must be sent: a template.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the form; `Parameters` reads it, as leniently as Kakao")]
struct DefaultForm {
    /// The template, as JSON text.
    #[schema(example = r#"{"object_type":"text","text":"안녕하세요","link":{"web_url":"https://example.com/"}}"#)]
    template_object: String,
}

/// What must be sent: the id of a template, and its arguments.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the form; `Parameters` reads it, as leniently as Kakao")]
struct CustomForm {
    /// Id of a template whose purpose is messages.
    template_id: i64,
    /// Its arguments: a JSON object of texts.
    template_args: Option<String>,
}

/// What must be sent: a page.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the form; `Parameters` reads it, as leniently as Kakao")]
struct ScrapForm {
    /// The page; its domain must be registered.
    #[schema(example = "https://example.com/")]
    request_url: String,
    /// Id of a custom template to scrape into.
    template_id: Option<i64>,
    /// Its arguments: a JSON object of texts.
    template_args: Option<String>,
}

/// A default template to oneself.
///
/// `Authorization: Bearer` with the token of one of `[[sandbox.users]]`, who must have the scope `talk_message`.
#[utoipa::path(post, path = "/v2/api/talk/memo/default/send", tag = "kapi", operation_id = "kapi_memo_default_send",
    params(("Authorization" = String, Header, description = "`Bearer` and the token of a user", example = "Bearer sandbox-user-1")),
    request_body(content = inline(DefaultForm), content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "It would have been sent", body = inline(ResultCode)),
        (status = 400, description = "A parameter or the template does not fit (-2), or the quota is used up (-10)", body = KapiErrorBody),
        (status = 401, description = "There is no such token (-401)", body = KapiErrorBody),
        (status = 403, description = "The user has not agreed to it (-402)", body = KapiErrorBody),
        (status = 408, description = "The body took too long", body = KapiErrorBody),
        (status = 413, description = "The body is too large", body = KapiErrorBody),
        (status = 500, description = "A mistake of ours (-1)", body = KapiErrorBody),
    ))]
pub async fn default_send(
    request: HttpRequest,
    payload: web::Payload,
    sandbox: web::Data<Sandbox>,
    limits: web::Data<Limits>,
) -> Result<HttpResponse, KapiError> {
    memo(&request, payload, &sandbox, &limits, Kind::Default).await
}

/// A custom template to oneself.
#[utoipa::path(post, path = "/v2/api/talk/memo/send", tag = "kapi", operation_id = "kapi_memo_send",
    params(("Authorization" = String, Header, description = "`Bearer` and the token of a user", example = "Bearer sandbox-user-1")),
    request_body(content = inline(CustomForm), content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "It would have been sent", body = inline(ResultCode)),
        (status = 400, description = "A parameter or the template does not fit (-2), or the quota is used up (-10)", body = KapiErrorBody),
        (status = 401, description = "There is no such token (-401)", body = KapiErrorBody),
        (status = 403, description = "The user has not agreed to it (-402)", body = KapiErrorBody),
        (status = 408, description = "The body took too long", body = KapiErrorBody),
        (status = 413, description = "The body is too large", body = KapiErrorBody),
        (status = 500, description = "A mistake of ours (-1)", body = KapiErrorBody),
    ))]
pub async fn send(
    request: HttpRequest,
    payload: web::Payload,
    sandbox: web::Data<Sandbox>,
    limits: web::Data<Limits>,
) -> Result<HttpResponse, KapiError> {
    memo(&request, payload, &sandbox, &limits, Kind::Custom).await
}

/// A scraped page to oneself.
#[utoipa::path(post, path = "/v2/api/talk/memo/scrap/send", tag = "kapi", operation_id = "kapi_memo_scrap_send",
    params(("Authorization" = String, Header, description = "`Bearer` and the token of a user", example = "Bearer sandbox-user-1")),
    request_body(content = inline(ScrapForm), content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "It would have been sent", body = inline(ResultCode)),
        (status = 400, description = "A parameter does not fit, the domain is not registered (-2), or the quota is used up (-10)", body = KapiErrorBody),
        (status = 401, description = "There is no such token (-401)", body = KapiErrorBody),
        (status = 403, description = "The user has not agreed to it (-402)", body = KapiErrorBody),
        (status = 408, description = "The body took too long", body = KapiErrorBody),
        (status = 413, description = "The body is too large", body = KapiErrorBody),
        (status = 500, description = "A mistake of ours (-1)", body = KapiErrorBody),
        (status = 503, description = "Too many pages are being scraped (-603)", body = KapiErrorBody),
    ))]
pub async fn scrap_send(
    request: HttpRequest,
    payload: web::Payload,
    sandbox: web::Data<Sandbox>,
    limits: web::Data<Limits>,
) -> Result<HttpResponse, KapiError> {
    memo(&request, payload, &sandbox, &limits, Kind::Scrap).await
}

async fn memo(
    request: &HttpRequest,
    payload: web::Payload,
    sandbox: &Sandbox,
    limits: &Limits,
    kind: Kind,
) -> Result<HttpResponse, KapiError> {
    let (api_type, inferred) = match kind {
        Kind::Default => ("TALK_MEMO_DEFAULT_SEND", None),
        Kind::Custom => ("TALK_MEMO_SEND", Some("api-type")),
        Kind::Scrap => ("TALK_MEMO_SCRAP_SEND", Some("api-type")),
    };
    auth::user(request, sandbox, api_type, auth::MESSAGE_SCOPES)
        .map_err(|error| auth::name_inferred(error, inferred))?;
    let parameters = Parameters::read(request, payload, limits).await?;
    let call = kind.call(&parameters)?;
    // The users of the sandbox belong to no app: the first one is theirs.
    let app = sandbox.app(None).ok_or_else(KapiError::internal)?;
    let answer = sandbox.send_to_oneself(app, call).await?;
    Ok(reply::ok(&ResultCode { result_code: 0 }, &answer.resolved.inferred))
}
