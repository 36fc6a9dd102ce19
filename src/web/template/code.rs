//! `POST /api/v1/template/code`: the call that sends a template, in the language of one of Kakao's SDKs.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    answer,
    question::{KindWord, LanguageWord, SyntaxWord, TemplateQuestion, ThemeWord, WidthWord, split},
};
use crate::{
    template::{arguments::Arguments, code::Target},
    templating::{Code, Templating},
    web::{
        Limits, body,
        problem::{Problem, ProblemDetails},
    },
};

/// A template, and which code to write for it: the members of [`TemplateQuestion`] and these.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the body, which `split` reads")]
#[schema(example = json!({
    "text": "{\"object_type\":\"text\",\"text\":\"안녕하세요\",\"link\":{\"web_url\":\"https://example.com\"}}",
    "target": "javascript", "callback_args": { "order": "42" }
}))]
pub struct CodeQuestion {
    /// The template as somebody writes it; problems then have line and column.
    text: Option<String>,
    /// The template as a value.
    #[schema(value_type = Option<Object>)]
    template: Option<Value>,
    /// How `text` is written; `json` if left out.
    syntax: Option<SyntaxWord>,
    /// Which kind of template `text` is; `default` if left out.
    kind: Option<KindWord>,
    /// A custom template that this server knows (`GET /api/v1/templates`), instead of a text.
    #[schema(example = 1001)]
    template_id: Option<i64>,
    /// Arguments of a custom template, as `template_args`.
    #[schema(value_type = Option<Object>, example = json!({ "KEY": "value" }))]
    args: Option<Value>,
    /// A page to scrape into the template.
    #[schema(example = "https://example.com/post/1")]
    url: Option<String>,
    /// The app whose keys the code has; the first one if left out.
    #[schema(example = 1)]
    app: Option<i64>,
    /// Of no meaning here: for questions that are sent to `check` and here alike.
    images: Option<bool>,
    /// The same.
    theme: Option<ThemeWord>,
    /// The same.
    width: Option<WidthWord>,
    /// The same.
    lang: Option<LanguageWord>,
    /// Whose SDK, or the REST API.
    target: Target,
    /// What the webhook is to be given back: an object of texts, as a value or as JSON text.
    #[schema(value_type = Option<Value>, example = json!({ "order": "42" }))]
    callback_args: Option<Value>,
}

/// Which code to write.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeWish {
    /// Whose SDK, or the REST API.
    target: Target,
    /// What the webhook is to be given back: an object of texts, as a value or as JSON text.
    #[serde(default)]
    callback_args: Option<Value>,
}

/// The source code that sends a template: JavaScript, Kotlin, Swift, Dart, or a REST call.
///
/// Keys are placeholders. A template with mistakes is written as it is; nothing of the caller's text leaves its string literal.
#[utoipa::path(post, path = "/api/v1/template/code", tag = "template", request_body = CodeQuestion, responses(
    (status = 200, description = "The code", body = Code),
    (status = 400, description = "The body, the URL or a parameter cannot be used", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 404, description = "No custom template has this id", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 408, description = "The body took too long", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 413, description = "The body or the template is too large", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 422, description = "The template is none", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 503, description = "Too many pages are being scraped; see Retry-After", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub async fn post(
    request: HttpRequest,
    payload: web::Payload,
    templating: web::Data<Templating>,
    limits: web::Data<Limits>,
) -> Result<HttpResponse, Problem> {
    let bytes = body::read(&request, payload, limits.body).await?;
    let (question, wish): (TemplateQuestion, CodeWish) = split(&bytes, &["target", "callback_args"])?;
    let ask = question.ask(templating.sandbox(), &limits)?;
    let code = templating.code(&ask, &callback(wish.callback_args)?, wish.target).await?;
    answer(&code)
}

fn callback(given: Option<Value>) -> Result<Arguments, Problem> {
    let text = match given {
        None | Some(Value::Null) => return Ok(Arguments::default()),
        Some(Value::String(text)) => text,
        Some(value) => value.to_string(),
    };
    Arguments::parse(&text).map_err(|error| Problem::Json(format!("`callback_args`: {error}")))
}
