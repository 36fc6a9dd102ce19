//! `/v1/api/talk/friends/message/…`: messages to friends (Kakao Developers, Message, REST API). They are judged and counted, and go
//! nowhere; friends are the users of the sandbox.

use actix_web::{HttpRequest, HttpResponse, web};
use utoipa::{OpenApi, ToSchema};

use super::{
    super::Limits,
    auth,
    calls::Kind,
    parameters::Parameters,
    reply::{self, KapiErrorBody},
};
use crate::sandbox::{KapiError, Sandbox, friends::SentToFriends};

#[derive(OpenApi)]
#[openapi(paths(default_send, send, scrap_send))]
pub(super) struct Api;

/// What must be sent: receivers, and a template.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the form; `Parameters` reads it, as leniently as Kakao")]
struct DefaultForm {
    /// At most five uuids, as a JSON array.
    #[schema(example = r#"["SANDBOXuuid0000000000002"]"#)]
    receiver_uuids: String,
    /// The template, as JSON text.
    #[schema(example = r#"{"object_type":"text","text":"안녕하세요","link":{"web_url":"https://example.com/"}}"#)]
    template_object: String,
}

/// What must be sent: receivers, the id of a template, and its arguments.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the form; `Parameters` reads it, as leniently as Kakao")]
struct CustomForm {
    /// At most five uuids, as a JSON array.
    receiver_uuids: String,
    /// Id of a template whose purpose is messages.
    template_id: i64,
    /// Its arguments: a JSON object of texts.
    template_args: Option<String>,
}

/// What must be sent: receivers, and a page.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the form; `Parameters` reads it, as leniently as Kakao")]
struct ScrapForm {
    /// At most five uuids, as a JSON array.
    receiver_uuids: String,
    /// The page; its domain must be registered.
    request_url: String,
    /// Id of a custom template to scrape into.
    template_id: Option<i64>,
    /// Its arguments: a JSON object of texts.
    template_args: Option<String>,
}

/// A default template to friends.
///
/// `Authorization: Bearer` with the token of one of `[[sandbox.users]]`, who must have the scope `talk_message`; receivers are the
/// uuids of the others.
#[utoipa::path(post, path = "/v1/api/talk/friends/message/default/send", tag = "kapi", operation_id = "kapi_friends_default_send",
    params(("Authorization" = String, Header, description = "`Bearer` and the token of a user", example = "Bearer sandbox-user-1")),
    request_body(content = inline(DefaultForm), content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "Who would have got it, and who not", body = SentToFriends),
        (status = 400, description = "A parameter or the template does not fit (-2), the quota is used up (-10), or nobody got it (-501, -532)", body = KapiErrorBody),
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
    message(&request, payload, &sandbox, &limits, Kind::Default).await
}

/// A custom template to friends.
#[utoipa::path(post, path = "/v1/api/talk/friends/message/send", tag = "kapi", operation_id = "kapi_friends_send",
    params(("Authorization" = String, Header, description = "`Bearer` and the token of a user", example = "Bearer sandbox-user-1")),
    request_body(content = inline(CustomForm), content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "Who would have got it, and who not", body = SentToFriends),
        (status = 400, description = "A parameter or the template does not fit (-2), the quota is used up (-10), or nobody got it (-501, -532)", body = KapiErrorBody),
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
    message(&request, payload, &sandbox, &limits, Kind::Custom).await
}

/// A scraped page to friends.
#[utoipa::path(post, path = "/v1/api/talk/friends/message/scrap/send", tag = "kapi", operation_id = "kapi_friends_scrap_send",
    params(("Authorization" = String, Header, description = "`Bearer` and the token of a user", example = "Bearer sandbox-user-1")),
    request_body(content = inline(ScrapForm), content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "Who would have got it, and who not", body = SentToFriends),
        (status = 400, description = "A parameter does not fit, the domain is not registered (-2), the quota is used up (-10), or nobody got it (-501, -532)", body = KapiErrorBody),
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
    message(&request, payload, &sandbox, &limits, Kind::Scrap).await
}

async fn message(
    request: &HttpRequest,
    payload: web::Payload,
    sandbox: &Sandbox,
    limits: &Limits,
    kind: Kind,
) -> Result<HttpResponse, KapiError> {
    let api_type = match kind {
        Kind::Default => "TALK_MESSAGE_DEFAULT_SEND",
        Kind::Custom => "TALK_MESSAGE_SEND",
        Kind::Scrap => "TALK_MESSAGE_SCRAP_SEND",
    };
    let sender = auth::user(request, sandbox, api_type, auth::MESSAGE_SCOPES)
        .map_err(|error| auth::name_inferred(error, Some("api-type")))?;
    let parameters = Parameters::read(request, payload, limits).await?;
    let receivers = receivers(&parameters)?;
    let call = kind.call(&parameters)?;
    let app = sandbox.app(None).ok_or_else(KapiError::internal)?;
    let sent = sandbox.send_to_friends(app, sender, &receivers, call).await?;
    let inferred = sent.inferred.clone();
    Ok(reply::ok(&sent, &inferred))
}

/// At most five, each once.
fn receivers(parameters: &Parameters) -> Result<Vec<String>, KapiError> {
    const NAME: &str = "receiver_uuids";
    let given: Vec<String> =
        serde_json::from_str(parameters.required(NAME)?).map_err(|_no_array| KapiError::unreadable(NAME))?;
    let mut receivers: Vec<String> = Vec::new();
    for uuid in given {
        if !receivers.contains(&uuid) {
            if receivers.len() == MOST_RECEIVERS {
                let text = format!("{NAME} has more than {MOST_RECEIVERS} receivers.");
                return Err(KapiError::bad_parameter(text).inferred("parameter-text"));
            }
            receivers.push(uuid);
        }
    }
    if receivers.is_empty() { Err(KapiError::unreadable(NAME)) } else { Ok(receivers) }
}

/// Kakao Developers, Message, REST API: send to friends.
const MOST_RECEIVERS: usize = 5;
