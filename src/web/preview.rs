//! `GET /api/v1/preview.{html,svg,png}`: the message drawn. The HTML is made to be framed by other sites; it runs no script
//! and loads nothing but its picture and fonts from here. `GET /api/v1/preview.css`: the style of bubbles, for pages that hold them.

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    http::header::{self, EntityTag, Header as _, IfNoneMatch},
    web,
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    FrameAncestors, Limits,
    problem::{Problem, ProblemDetails},
    query,
    scrape::{Flag, ScrapeRequest},
};
use crate::{
    drawing::{Drawer, Form, Look, NotDrawn, WEB_FONTS},
    language::Language,
    preview::{Kind, Theme, Width, style, style_hash},
};

/// How the message is to look.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PreviewQuery {
    /// `scrape` (default): the message that an app or a site shares; `link`: the card under a pasted address.
    #[param(example = "scrape")]
    kind: Option<String>,
    /// `light` (default) or `dark`.
    #[param(example = "light")]
    theme: Option<String>,
    /// `phone` (default) or `pc`.
    #[param(example = "phone")]
    width: Option<String>,
    /// Say in the picture's place why it is missing; a chat leaves no place at all.
    #[param(value_type = Option<bool>)]
    note: Option<Flag>,
    /// Language of that and of the document: `ko` (default) or `en`.
    #[param(example = "ko")]
    lang: Option<String>,
}

impl PreviewQuery {
    fn look(&self) -> Result<Look, Problem> {
        Ok(Look {
            kind: choose(
                "kind",
                self.kind.as_deref(),
                &[("scrape", Kind::Scrape), ("link", Kind::Link)],
                "use scrape or link",
            )?,
            theme: choose(
                "theme",
                self.theme.as_deref(),
                &[("light", Theme::Light), ("dark", Theme::Dark)],
                "use light or dark",
            )?,
            width: choose(
                "width",
                self.width.as_deref(),
                &[("phone", Width::Phone), ("pc", Width::Pc)],
                "use phone or pc",
            )?,
            note: self.note.as_ref().map_or(Ok(None), |flag| flag.read("note"))?.unwrap_or(false),
            language: choose(
                "lang",
                self.lang.as_deref(),
                &[("ko", Language::Ko), ("en", Language::En)],
                "use ko or en",
            )?,
        })
    }
}

fn choose<T: Copy + Default>(
    name: &'static str,
    given: Option<&str>,
    known: &[(&str, T)],
    fits: &'static str,
) -> Result<T, Problem> {
    let Some(word) = given.map(str::trim).filter(|word| !word.is_empty()) else { return Ok(T::default()) };
    let found = known.iter().find(|(known, _)| known.eq_ignore_ascii_case(word));
    found.map(|(_, value)| *value).ok_or_else(|| Problem::Parameter { name, value: word.to_owned(), fits })
}

/// The message that a chat would show, drawn: approximately, for Kakao publishes no measures.
///
/// A page without a card gives the bubble with its address, as in a chat. Lines break alike in all three formats.
#[utoipa::path(get, path = "/api/v1/preview.{format}", tag = "preview",
    params(("format" = String, Path, description = "`html`, `svg` or `png`", example = "png"), ScrapeRequest, PreviewQuery),
    responses(
        (status = 200, description = "The message; `x-missing-characters` names what no font at hand has",
            content((String = "image/png"), (String = "image/svg+xml"), (String = "text/html"))),
        (status = 400, description = "The URL or a parameter cannot be used", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "There is no such format", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 503, description = "Too many pages are being scraped; see Retry-After", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub async fn get(
    request: HttpRequest,
    format: web::Path<String>,
    drawer: web::Data<Drawer>,
    limits: web::Data<Limits>,
    frames: web::Data<FrameAncestors>,
) -> Result<HttpResponse, Problem> {
    let form = match format.as_str() {
        "html" => Form::ServedHtml,
        "svg" => Form::Svg,
        "png" => Form::Png,
        _ => return Err(Problem::NotFound(request.path().to_owned())),
    };
    let asked: ScrapeRequest = query(request.query_string())?;
    let look = query::<PreviewQuery>(request.query_string())?.look()?;
    let drawing = drawer.draw(&asked.ask(&limits)?, look, form).await?;
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::CONTENT_TYPE, drawing.media_type))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(("cross-origin-resource-policy", "cross-origin"));
    match form {
        Form::ServedHtml => {
            let style = style_hash(&drawer.painter().metrics, Some(WEB_FONTS));
            response.insert_header((header::CONTENT_SECURITY_POLICY, document_policy(&style, &frames)));
        }
        // An SVG opened by itself is a document too: what ours needs is its own picture and attributes, and nothing else.
        Form::Svg => {
            response.insert_header((header::CONTENT_SECURITY_POLICY, ALONE));
        }
        Form::Html | Form::Png => {}
    }
    name_missing(&mut response, &drawing.missing);
    Ok(response.body(drawing.bytes))
}

/// Names what no font at hand has.
pub(super) fn name_missing(response: &mut HttpResponseBuilder, missing: &[String]) {
    if !missing.is_empty() {
        let points: Vec<String> = missing.iter().take(MOST_NAMED).map(|missing| code_points(missing)).collect();
        response.insert_header(("x-missing-characters", points.join(", ")));
    }
}

/// The style of the bubbles that the API answers as HTML, for a page that shows them.
///
/// The same for every message: it is made of our measures alone.
#[utoipa::path(get, path = "/api/v1/preview.css", tag = "preview", responses(
    (status = 200, description = "The style sheet", content_type = "text/css"),
    (status = 304, description = "The copy at hand is still good"),
))]
pub async fn css(request: HttpRequest, drawer: web::Data<Drawer>) -> HttpResponse {
    let metrics = &drawer.painter().metrics;
    let tag = EntityTag::new_strong(style_hash(metrics, Some(WEB_FONTS)));
    let known = matches!(IfNoneMatch::parse(&request), Ok(IfNoneMatch::Items(tags)) if tags.iter().any(|known| known.weak_eq(&tag)));
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        .insert_header((header::CONTENT_TYPE, "text/css; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, STYLE_LIFE))
        .insert_header(("cross-origin-resource-policy", "cross-origin"))
        .insert_header(header::ETag(tag));
    if known { response.finish() } else { response.body(style(metrics, Some(WEB_FONTS))) }
}

/// It changes only with the program; an hour later a browser asks whether it has.
const STYLE_LIFE: &str = "public, max-age=3600";

fn document_policy(style_hash: &str, frames: &FrameAncestors) -> String {
    format!(
        "default-src 'none'; img-src 'self'; font-src 'self'; style-src '{style_hash}'; base-uri 'none'; form-action 'none'; frame-ancestors {}",
        frames.as_str()
    )
}

/// `U+1F468 U+200D U+1F467`: a header holds only ASCII.
fn code_points(grapheme: &str) -> String {
    grapheme.chars().map(|c| format!("U+{:04X}", u32::from(c))).collect::<Vec<_>>().join(" ")
}

/// The policy of a drawing that stands alone: its own pictures and styles, and nothing else.
pub(super) const ALONE: &str = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox";

const MOST_NAMED: usize = 20;

impl From<NotDrawn> for Problem {
    fn from(error: NotDrawn) -> Self {
        match error {
            NotDrawn::Unserved(unserved) => unserved.into(),
            NotDrawn::Paint(_) | NotDrawn::Died => {
                tracing::error!("a message cannot be drawn: {error}");
                Self::Internal
            }
        }
    }
}
