//! `GET /api/v1/image`: an image of a report, cut and encoded anew. Addresses are signed, so that this is no open proxy.

use std::time::{SystemTime, UNIX_EPOCH};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, EntityTag, Header as _, IfNoneMatch},
    web,
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    Limits,
    problem::{Problem, ProblemDetails},
    query,
};
use crate::{
    image::{Fit, Rendition, Signer},
    scrape::Scraper,
    target::Target,
    user_agent::UserAgent,
};

/// Which image, and how large.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ImageQuery {
    /// The image's address, as the report's `href` has it.
    #[param(example = "https://example.com/card.png", required = true)]
    url: Option<String>,
    /// Until when the address may be used, in seconds of Unix time; from `href`.
    #[param(required = true)]
    expires: Option<u64>,
    /// The signature; from `href`.
    #[param(required = true)]
    sig: Option<String>,
    /// Pixels across. With `h` too, the image is cut to fill both; alone, all of it is scaled down.
    #[param(example = 800)]
    w: Option<u32>,
    /// Pixels down.
    #[param(example = 400)]
    h: Option<u32>,
    /// Whom to ask as, if not as Kakao's scraper; from `href`.
    ua: Option<String>,
}

/// An image of a report, cut, scaled and encoded anew. The site's own bytes are never passed on.
///
/// The address is the `href` of an image in a report, with `w` and `h` added.
#[utoipa::path(get, path = "/api/v1/image", tag = "image", params(ImageQuery), responses(
    (status = 200, description = "A JPEG, or a PNG if the image is transparent", content((String = "image/jpeg"), (String = "image/png"))),
    (status = 304, description = "The copy at hand is still good"),
    (status = 400, description = "The query cannot be used", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 403, description = "The address is not signed, or no longer valid", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 404, description = "There is no image at that address, or none that can be drawn", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 503, description = "Too many pictures are being drawn; see Retry-After", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub async fn get(
    request: HttpRequest,
    scraper: web::Data<Scraper>,
    signer: web::Data<Signer>,
    limits: web::Data<Limits>,
) -> Result<HttpResponse, Problem> {
    let query: ImageQuery = query(request.query_string())?;
    let url = query.url.as_deref().filter(|url| !url.trim().is_empty()).ok_or(Problem::UrlMissing)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    signer.verify(url, query.expires, query.sig.as_deref(), now)?;
    let target = Target::parse(url, limits.max_url_bytes)?;
    let user_agent = match query.ua.as_deref() {
        Some(ua) => ua.parse()?,
        None => UserAgent::Kakao,
    };
    let rendition = Rendition {
        width: query.w.unwrap_or(DEFAULT_WIDTH),
        height: query.h,
        fit: if query.h.is_some() { Fit::Cover } else { Fit::Contain },
    };
    let drawn = scraper.rendition(&target.request_url(), &user_agent, rendition).await;
    let encoded = drawn.map_err(|_died| Problem::Internal)?.map_err(Problem::NoPicture)?;
    let tag = EntityTag::new_strong(format!("{:016x}", fingerprint(&encoded.bytes)));
    let known = matches!(IfNoneMatch::parse(&request), Ok(IfNoneMatch::Items(tags)) if tags.iter().any(|known| known.weak_eq(&tag)));
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        .insert_header((header::CONTENT_TYPE, encoded.media_type))
        .insert_header((header::CACHE_CONTROL, "private, max-age=300"))
        // An embedding site shows it in an `<img>`.
        .insert_header(("cross-origin-resource-policy", "cross-origin"))
        .insert_header(header::ETag(tag));
    Ok(if known { response.finish() } else { response.body(encoded.bytes.clone()) })
}

/// Not a signature: it only tells one rendition from the next.
fn fingerprint(bytes: &[u8]) -> u64 {
    use std::hash::{DefaultHasher, Hasher as _};
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    hasher.finish()
}

const DEFAULT_WIDTH: u32 = 800;
