//! `POST /api/v1/template/check`: everything there is to say about one template, and the message it becomes, drawn for the page.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::{answer, question::TemplateQuestion};
use crate::{
    drawing::PictureNote,
    templating::{TemplateAnswer, Templating},
    web::{
        Limits, body,
        problem::{Problem, ProblemDetails},
    },
};

/// What is known of a template, and its bubble.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckAnswer {
    #[serde(flatten)]
    answer: TemplateAnswer,
    /// The message drawn; `null` if the template is none.
    bubble: Option<Bubble>,
}

/// A message as a piece of HTML.
#[derive(Debug, Serialize, ToSchema)]
pub struct Bubble {
    /// `<article>…`; its styles are at `/api/v1/preview.css`.
    html: String,
    /// Characters that no font of ours has.
    missing: Vec<String>,
    /// What became of each of its pictures.
    pictures: Vec<PictureNote>,
}

/// Every problem of a template at once, what Kakao's template API would answer, and the message it becomes.
///
/// A bad template is data: the answer is 200 and `check.problems` names what is wrong, with path, line and advice. What of the answer
/// is not documented by Kakao is named in `inferred`.
#[utoipa::path(post, path = "/api/v1/template/check", tag = "template", request_body = TemplateQuestion, responses(
    (status = 200, description = "What is known of it, also if it is wrong", body = CheckAnswer),
    (status = 400, description = "The body, the URL or a parameter cannot be used", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 404, description = "No custom template has this id", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 408, description = "The body took too long", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 413, description = "The body or the template is too large", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 503, description = "Too many pages are being scraped; see Retry-After", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub async fn post(
    request: HttpRequest,
    payload: web::Payload,
    templating: web::Data<Templating>,
    limits: web::Data<Limits>,
) -> Result<HttpResponse, Problem> {
    let question: TemplateQuestion = body::json(&request, payload, limits.body).await?;
    let outcome = templating.answer(&question.ask(templating.sandbox(), &limits)?).await?;
    let bubble = match &outcome.resolved {
        Some(resolved) => {
            let fragment = templating.drawer().fragment_of(&resolved.message, question.look()).await?;
            Some(Bubble { html: fragment.html, missing: fragment.missing, pictures: fragment.pictures })
        }
        None => None,
    };
    answer(&CheckAnswer { answer: templating.told(outcome), bubble })
}
