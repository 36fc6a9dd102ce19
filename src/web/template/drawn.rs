//! `POST /api/v1/template/preview.{html,svg,png}`: the message of a template, drawn. Of a template that is none there is nothing to draw.

use actix_web::{HttpRequest, HttpResponse, http::header, web};

use super::question::TemplateQuestion;
use crate::{
    drawing::Form,
    templating::{NotAnswered, Templating},
    web::{
        Limits, body,
        preview::{ALONE, name_missing},
        problem::{Problem, ProblemDetails},
    },
};

/// The message of a template, drawn: approximately, for Kakao publishes no measures.
///
/// A template with mistakes is drawn as far as it goes. Lines break alike in all three formats.
#[utoipa::path(post, path = "/api/v1/template/preview.{format}", tag = "template", request_body = TemplateQuestion,
    params(("format" = String, Path, description = "`html`, `svg` or `png`", example = "png")),
    responses(
        (status = 200, description = "The message; `x-missing-characters` names what no font at hand has", content(
            (Vec<u8> = "image/png"), (String = "image/svg+xml"), (String = "text/html"))),
        (status = 400, description = "The body, the URL or a parameter cannot be used", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "No such format, or no custom template has this id", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 408, description = "The body took too long", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 413, description = "The body or the template is too large", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "The template is none: there is no message to draw", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 503, description = "Too many pages are being scraped; see Retry-After", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn post(
    request: HttpRequest,
    format: web::Path<String>,
    payload: web::Payload,
    templating: web::Data<Templating>,
    limits: web::Data<Limits>,
) -> Result<HttpResponse, Problem> {
    let form = match format.as_str() {
        "html" => Form::Html,
        "svg" => Form::Svg,
        "png" => Form::Png,
        _ => return Err(Problem::NotFound(request.path().to_owned())),
    };
    let question: TemplateQuestion = body::json(&request, payload, limits.body).await?;
    let outcome = templating.answer(&question.ask(templating.sandbox(), &limits)?).await?;
    let resolved = outcome.resolved.as_ref().ok_or_else(|| NotAnswered::none(&outcome.check))?;
    let drawing = templating.draw(&resolved.message, question.look(), form).await?;
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::CONTENT_TYPE, drawing.media_type))
        .insert_header((header::CACHE_CONTROL, "no-store"));
    if form != Form::Png {
        // HTML and SVG opened by themselves are documents: what somebody wrote into a template must stay text there.
        response.insert_header((header::CONTENT_SECURITY_POLICY, ALONE));
    }
    name_missing(&mut response, &drawing.missing);
    Ok(response.body(drawing.bytes))
}
