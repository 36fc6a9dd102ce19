//! The picker: the window that Kakao's JavaScript SDK opens on a computer (`https://sharer.kakao.com/picker/link`), and the native SDKs
//! where KakaoTalk is not installed. Here it shows the message, the chats a message may go to, and a button that fires the webhook.
//!
//! ```text
//! asked       what the form of an SDK says
//! refusal     why nothing can be shared: the picker's own codes and statuses
//! page        the page
//! ```

mod asked;
mod page;
mod refusal;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, ContentType, HeaderMap},
    middleware,
    web::{self, ServiceConfig},
};
use data_encoding::{BASE64, BASE64URL, BASE64URL_NOPAD};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use self::{
    asked::Asked,
    page::{Draft, page},
    refusal::Refusal,
};
use super::{super::Limits, around, parameters::Parameters};
use crate::{
    drawing::{Drawer, Look},
    language::Language,
    sandbox::{Answer, KapiError, Sandbox, Share, Use, webhook::ChatType},
};

#[derive(OpenApi)]
#[openapi(paths(link, link_form, send, failed))]
pub(super) struct Api;

/// The routes: today's path, and those of older SDKs.
pub(super) fn routes(config: &mut ServiceConfig) {
    let switched = || middleware::from_fn(around::switched);
    config
        .service(
            web::scope("/picker")
                .wrap(switched())
                .service(super::get_or_post("/link", link, link_form))
                .service(super::post("/send", send))
                .service(super::get("/failed", failed)),
        )
        .service(
            web::scope("/talk/friends/picker")
                .wrap(switched())
                .service(super::get_or_post("/link", link, link_form))
                .service(super::get_or_post("/easylink", link, link_form)),
        );
}

/// What the picker says to programs when nothing can be shared. Browsers get a page.
#[derive(Serialize, ToSchema)]
struct PickerErrorBody {
    /// In a word.
    #[schema(example = "misconfigured")]
    error: &'static str,
    /// What happened.
    error_description: String,
    /// The picker's code, or `KOE009`.
    #[schema(example = "KOE009")]
    error_code: String,
}

/// The form of the picker.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the form; `Parameters` reads it, as leniently as Kakao")]
struct PickerForm {
    /// JavaScript key or native app key.
    #[schema(example = "22222222222222222222222222222222")]
    app_key: String,
    /// The `KA` header.
    #[schema(
        example = "sdk/2.7.4 os/javascript sdk_type/javascript lang/ko device/Win32 origin/https%3A%2F%2Fexample.com"
    )]
    ka: String,
    /// `default`, `custom` or `scrap`.
    #[schema(example = "default")]
    validation_action: String,
    /// The parameters of the template API, as JSON.
    #[schema(
        example = r#"{"link_ver":"4.0","template_object":{"object_type":"text","text":"안녕하세요","link":{"web_url":"https://example.com/"}}}"#
    )]
    validation_params: String,
    /// `serverCallbackArgs`, as JSON.
    lcba: Option<String>,
    /// Key of the app in whose name it is shared.
    target_app_key: Option<String>,
}

/// The form of the picker's own button.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the form; `Parameters` reads it")]
struct SendForm {
    /// JavaScript key or native app key.
    app_key: String,
    /// The `KA` header.
    ka: String,
    /// `default`, `custom` or `scrap`.
    validation_action: String,
    /// The parameters of the template API, as JSON.
    validation_params: String,
    /// `serverCallbackArgs`, as JSON.
    lcba: Option<String>,
    /// Where it is shared to.
    #[schema(value_type = ChatType)]
    chat_type: String,
}

/// The picker's window, as older SDKs ask for it.
#[utoipa::path(get, path = "/picker/link", tag = "kapi", operation_id = "picker_link",
    params(
        ("app_key" = String, Query, description = "JavaScript key or native app key", example = "22222222222222222222222222222222"),
        ("ka" = Option<String>, Query, description = "The `KA` header", example = "sdk/2.7.4 os/javascript lang/ko origin/https%3A%2F%2Fexample.com"),
        ("validation_action" = String, Query, description = "`default`, `custom` or `scrap`", example = "default"),
        ("validation_params" = String, Query, description = "The parameters of the template API, as JSON",
            example = r#"{"link_ver":"4.0","template_object":{"object_type":"text","text":"안녕하세요","link":{"web_url":"https://example.com/"}}}"#),
        ("lcba" = Option<String>, Query, description = "`serverCallbackArgs`, as JSON"),
        ("target_app_key" = Option<String>, Query, description = "Key of the app in whose name it is shared"),
    ),
    responses(
        (status = 200, description = "The window", body = String, content_type = "text/html"),
        (status = 400, description = "Nothing can be shared (4002, 4003, 4006, 4007)", content((String = "text/html"), (PickerErrorBody = "application/json"))),
        (status = 401, description = "The key may not be used from there (4019, KOE009)", content((String = "text/html"), (PickerErrorBody = "application/json"))),
        (status = 404, description = "The shared URL is none (4041)", content((String = "text/html"), (PickerErrorBody = "application/json"))),
        (status = 500, description = "A mistake of ours (5001)", content((String = "text/html"), (PickerErrorBody = "application/json"))),
    ))]
async fn link(
    request: HttpRequest,
    payload: web::Payload,
    sandbox: web::Data<Sandbox>,
    drawer: web::Data<Drawer>,
    limits: web::Data<Limits>,
) -> HttpResponse {
    open(&request, payload, &sandbox, &drawer, &limits).await
}

/// The picker's window: the message, the chats it may go to, and a button that fires the webhook.
///
/// The page holds the validated message as JSON in `<input id="validatedTalkLink">`. Programs that do not accept `text/html` get an
/// error as JSON.
#[utoipa::path(post, path = "/picker/link", tag = "kapi", operation_id = "picker_link_form",
    request_body(content = inline(PickerForm), content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The window", body = String, content_type = "text/html"),
        (status = 400, description = "Nothing can be shared (4002, 4003, 4006, 4007)", content((String = "text/html"), (PickerErrorBody = "application/json"))),
        (status = 401, description = "The key may not be used from there (4019, KOE009)", content((String = "text/html"), (PickerErrorBody = "application/json"))),
        (status = 404, description = "The shared URL is none (4041)", content((String = "text/html"), (PickerErrorBody = "application/json"))),
        (status = 408, description = "The body took too long", content((String = "text/html"), (PickerErrorBody = "application/json"))),
        (status = 413, description = "The body is too large", content((String = "text/html"), (PickerErrorBody = "application/json"))),
        (status = 500, description = "A mistake of ours (5001)", content((String = "text/html"), (PickerErrorBody = "application/json"))),
    ))]
async fn link_form(
    request: HttpRequest,
    payload: web::Payload,
    sandbox: web::Data<Sandbox>,
    drawer: web::Data<Drawer>,
    limits: web::Data<Limits>,
) -> HttpResponse {
    open(&request, payload, &sandbox, &drawer, &limits).await
}

/// The picker's button: shares the message, and says what became of the webhook. Only from the picker's own page.
#[utoipa::path(post, path = "/picker/send", tag = "kapi", operation_id = "picker_send",
    request_body(content = inline(SendForm), content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "It was shared", body = String, content_type = "text/html"),
        (status = 400, description = "Nothing can be shared (4002, 4003, 4007)", content((String = "text/html"), (PickerErrorBody = "application/json"))),
        (status = 401, description = "The key may not be used from there (4019, KOE009)", content((String = "text/html"), (PickerErrorBody = "application/json"))),
        (status = 404, description = "The shared URL is none (4041)", content((String = "text/html"), (PickerErrorBody = "application/json"))),
        (status = 408, description = "The body took too long", content((String = "text/html"), (PickerErrorBody = "application/json"))),
        (status = 413, description = "The body is too large", content((String = "text/html"), (PickerErrorBody = "application/json"))),
        (status = 500, description = "A mistake of ours (5001)", content((String = "text/html"), (PickerErrorBody = "application/json"))),
    ))]
async fn send(
    request: HttpRequest,
    payload: web::Payload,
    sandbox: web::Data<Sandbox>,
    limits: web::Data<Limits>,
) -> HttpResponse {
    let mut language = accepted(request.headers());
    match shared(&request, payload, &sandbox, &limits, &mut language).await {
        Ok(page) => page,
        Err(refusal) => refused(&request, &sandbox, &refusal, language),
    }
}

/// Where SDKs lead when the template API has refused: the error is in the address.
#[utoipa::path(get, path = "/picker/failed", tag = "kapi", operation_id = "picker_failed",
    params(
        ("app_key" = Option<String>, Query, description = "The key"),
        ("error" = Option<String>, Query, description = "The error of the template API: JSON in Base64, also of the kind for URLs"),
    ),
    responses((status = 400, description = "The error, as a page", content((String = "text/html"), (PickerErrorBody = "application/json")))))]
async fn failed(request: HttpRequest, sandbox: web::Data<Sandbox>) -> HttpResponse {
    let parameters = Parameters::of_query(&request);
    let error = parameters.get("error").and_then(told).unwrap_or_else(|| KapiError::unreadable("error"));
    refused(&request, &sandbox, &Refusal { code: 4002, status: 400, error }, accepted(request.headers()))
}

async fn open(
    request: &HttpRequest,
    payload: web::Payload,
    sandbox: &Sandbox,
    drawer: &Drawer,
    limits: &Limits,
) -> HttpResponse {
    let mut language = accepted(request.headers());
    match offered(request, payload, sandbox, drawer, limits, &mut language).await {
        Ok(page) => page,
        Err(refusal) => refused(request, sandbox, &refusal, language),
    }
}

async fn offered(
    request: &HttpRequest,
    payload: web::Payload,
    sandbox: &Sandbox,
    drawer: &Drawer,
    limits: &Limits,
    language: &mut Language,
) -> Result<HttpResponse, Refusal> {
    let parameters = Parameters::read(request, payload, limits).await?;
    let asked = Asked::read(&parameters, request, sandbox, limits)?;
    *language = asked.language.unwrap_or(*language);
    sandbox.has_room(asked.caller, Use::Share).await?;
    let answer = sandbox.answer(asked.app, asked.call.clone()).await?;
    sandbox.spend(asked.caller, Use::Share).await?;

    let look = Look { language: *language, ..Look::default() };
    // A message that cannot be drawn is shared all the same; the page says its title.
    let bubble = drawer.fragment_of(&answer.resolved.message, look).await.ok().map(|fragment| fragment.html);
    let draft = Draft { parameters: &parameters, answer: &answer, bubble };
    Ok(html(&page(&page::offer(sandbox.words(), *language, &draft), *language), 200, &answer))
}

async fn shared(
    request: &HttpRequest,
    payload: web::Payload,
    sandbox: &Sandbox,
    limits: &Limits,
    language: &mut Language,
) -> Result<HttpResponse, Refusal> {
    let parameters = Parameters::read(request, payload, limits).await?;
    if !is_own(request.headers()) {
        return Err(KapiError::bad_parameter("the picker's button was pressed by another page.").into());
    }
    let asked = Asked::read(&parameters, request, sandbox, limits)?;
    *language = asked.language.unwrap_or(*language);
    let chat_type = parameters.required("chat_type")?;
    let chat_type = ChatType::parse(chat_type).ok_or_else(|| KapiError::unreadable("chat_type"))?;
    let share = Share {
        app: asked.app.clone(),
        call: asked.call.clone(),
        callback_args: asked.callback_args.clone(),
        chat_type,
    };
    let sent = sandbox.send(share).await;
    let answer = sent.answer?;
    let body = page::sent(sandbox.words(), *language, &asked, sent.delivery.as_deref());
    Ok(html(&page(&body, *language), 200, &answer))
}

/// A browser says whose page a form is on (Fetch metadata); a program that says nothing is no trap for anybody.
fn is_own(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_none_or(|site| site == "same-origin")
}

fn html(page: &str, status: u16, answer: &Answer) -> HttpResponse {
    let mut response = HttpResponse::build(actix_web::http::StatusCode::from_u16(status).unwrap_or_default());
    super::reply::mark(&mut response, &answer.resolved.inferred);
    response
        .insert_header(ContentType::html())
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .body(page.to_owned())
}

fn refused(request: &HttpRequest, sandbox: &Sandbox, refusal: &Refusal, language: Language) -> HttpResponse {
    let status = actix_web::http::StatusCode::from_u16(refusal.status).unwrap_or_default();
    let mut response = HttpResponse::build(status);
    super::reply::mark(&mut response, &refusal.error.inferred);
    let wants_page = request
        .headers()
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    if wants_page {
        response
            .insert_header(ContentType::html())
            .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
            .body(page(&page::failure(sandbox.words(), language, refusal), language))
    } else {
        let (error, error_description, error_code) = refusal.words();
        response.json(PickerErrorBody { error, error_description, error_code })
    }
}

/// The language that a browser prefers.
fn accepted(headers: &HeaderMap) -> Language {
    let given = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("ko");
    if given.trim_start().to_ascii_lowercase().starts_with("ko") { Language::Ko } else { Language::En }
}

/// The error in the address of `/picker/failed`.
fn told(encoded: &str) -> Option<KapiError> {
    #[derive(serde::Deserialize)]
    struct Told {
        code: i32,
        msg: String,
    }

    let text = encoded.trim().as_bytes();
    let bytes = [&BASE64URL_NOPAD, &BASE64URL, &BASE64].iter().find_map(|alphabet| alphabet.decode(text).ok())?;
    let Told { code, msg } = serde_json::from_slice(&bytes).ok()?;
    Some(KapiError::new(code, msg))
}

/// Its own script, style, fonts and pictures, and a form to itself: nothing of a message can do more.
const POLICY: &str = "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; font-src 'self'; base-uri 'none'; \
     form-action 'self'; frame-ancestors 'none'";
