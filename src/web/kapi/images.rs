//! Kakao's image paths (`/v2/api/talk/message/image/…`, as its SDKs call them), and the path under which this server shows what it took.
//! What is taken is `sandbox::images`' to decide.

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::{
    HttpRequest, HttpResponse,
    error::PayloadError,
    http::header::{self, EntityTag, Header as _, IfNoneMatch},
    web,
};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use url::Url;
use utoipa::{OpenApi, ToSchema};

use super::{
    super::{
        Limits,
        problem::{Problem, ProblemDetails},
    },
    auth,
    memo::ResultCode,
    parameters::Parameters,
    reply::{self, KapiErrorBody},
};
use crate::sandbox::{
    App, KapiError, Sandbox, Use,
    images::{ImageAnswer, ImageError, Images, Taken, address},
};

#[derive(OpenApi)]
#[openapi(paths(upload, scrap, delete, picture))]
struct Api;

/// What these routes are.
pub(super) fn api() -> utoipa::openapi::OpenApi {
    Api::openapi()
}

/// The routes, below `/v2/api`.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(super::post("/talk/message/image/upload", upload))
        .service(super::post("/talk/message/image/scrap", scrap))
        .service(super::delete("/talk/message/image/delete", delete));
}

/// An upload.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the form, which is read part by part")]
struct UploadForm {
    /// The image: JPEG, PNG, GIF, WebP or SVG. Its first bytes say what it is; the part's Content-Type is not believed.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// Whether an https address is wanted: `true` (default) or `false`.
    #[schema(default = "true")]
    secure_resource: Option<String>,
}

/// An image at an address.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the form, which is read by hand")]
struct ImageScrapForm {
    /// The address of the image.
    #[schema(example = "https://example.com/card.png")]
    image_url: String,
    /// Whether an https address is wanted: `true` (default) or `false`.
    #[schema(default = "true")]
    secure_resource: Option<String>,
}

/// Takes an image for use in messages.
///
/// The sandbox keeps a new file of the image's pixels, never what was sent, for `sandbox.images.retention_days`. JPEG and PNG keep their
/// type; of a GIF the first picture is kept. Without https of its own (`sandbox.images.public_url`) the address is http, and
/// `Scraplens-Inferred` names `image-url-insecure`.
#[utoipa::path(post, path = "/v2/api/talk/message/image/upload", tag = "kapi",
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses(
        (status = 200, description = "The image as it is kept", body = ImageAnswer,
            headers(("Scraplens-Inferred" = String, description = "What of this answer is not documented"))),
        (status = 400, description = "-2: not an image, or the form does not fit; -602: more than 5 MB; -606: too many images; -10: quota", body = KapiErrorBody),
        (status = 401, description = "-401: no such app key, or it is not used where it is registered", body = KapiErrorBody),
        (status = 500, description = "A mistake of ours (-1)", body = KapiErrorBody),
        (status = 503, description = "-603: the image did not come in time, or too many come at once", body = KapiErrorBody),
))]
async fn upload(
    request: HttpRequest,
    payload: web::Payload,
    sandbox: web::Data<Sandbox>,
    images: web::Data<Images>,
    limits: web::Data<Limits>,
) -> Result<HttpResponse, KapiError> {
    let app = caller(&request, &sandbox).await?;
    let _place = images.place().await?;
    let in_time = tokio::time::timeout(limits.body.timeout, form(&request, payload, images.settings().max_bytes));
    let late = || ImageError::Late { what: format!("not within {} s", limits.body.timeout.as_secs()) };
    let (file, secure) = in_time.await.map_err(|_elapsed| late())??;
    let taken = images.upload(file).await?;
    sandbox.spend(app, Use::Other).await?;
    Ok(told(&request, &images, &taken, secure))
}

/// Takes the image at an address for use in messages.
///
/// It is asked for as Kakao's scraper would, through the guard of this server: private addresses are refused unless it was started with
/// `--allow-net`.
#[utoipa::path(post, path = "/v2/api/talk/message/image/scrap", tag = "kapi",
    request_body(content = ImageScrapForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The image as it is kept", body = ImageAnswer,
            headers(("Scraplens-Inferred" = String, description = "What of this answer is not documented"))),
        (status = 400, description = "-2: there is no image at image_url; -602: more than 5 MB; -606: too many images; -10: quota", body = KapiErrorBody),
        (status = 401, description = "-401: no such app key, or it is not used where it is registered", body = KapiErrorBody),
        (status = 408, description = "The body took too long", body = KapiErrorBody),
        (status = 413, description = "The body is too large", body = KapiErrorBody),
        (status = 500, description = "A mistake of ours (-1)", body = KapiErrorBody),
        (status = 503, description = "-603: the image did not come in time, or too many come at once", body = KapiErrorBody),
))]
async fn scrap(
    request: HttpRequest,
    payload: web::Payload,
    sandbox: web::Data<Sandbox>,
    images: web::Data<Images>,
    limits: web::Data<Limits>,
) -> Result<HttpResponse, KapiError> {
    let app = caller(&request, &sandbox).await?;
    let parameters = Parameters::read(&request, payload, &limits).await?;
    let secure = secure_resource(parameters.get("secure_resource"))?;
    let taken = images.scrap(image_url(&parameters)?).await?;
    sandbox.spend(app, Use::Other).await?;
    Ok(told(&request, &images, &taken, secure))
}

/// Deletes an image that was uploaded or scraped.
///
/// What Kakao answers to this is not public: the sandbox answers as the message API does.
#[utoipa::path(delete, path = "/v2/api/talk/message/image/delete", tag = "kapi",
    params(("image_url" = String, Query, description = "The address as it was answered; a form may carry it instead")),
    responses(
        (status = 200, description = "It is gone", body = ResultCode,
            headers(("Scraplens-Inferred" = String, description = "What of this answer is not documented"))),
        (status = 400, description = "-2: there is no such image; -10: quota", body = KapiErrorBody),
        (status = 401, description = "-401: no such app key, or it is not used where it is registered", body = KapiErrorBody),
        (status = 408, description = "The body took too long", body = KapiErrorBody),
        (status = 413, description = "The body is too large", body = KapiErrorBody),
        (status = 500, description = "A mistake of ours (-1)", body = KapiErrorBody),
))]
async fn delete(
    request: HttpRequest,
    payload: web::Payload,
    sandbox: web::Data<Sandbox>,
    images: web::Data<Images>,
    limits: web::Data<Limits>,
) -> Result<HttpResponse, KapiError> {
    let app = caller(&request, &sandbox).await?;
    let parameters = Parameters::read(&request, payload, &limits).await?;
    images.delete(image_url(&parameters)?).await?;
    sandbox.spend(app, Use::Other).await?;
    Ok(reply::ok(&ResultCode { result_code: 0 }, &["image-delete"]))
}

/// An image that the sandbox keeps.
#[utoipa::path(get, path = "/sandbox/images/{name}", tag = "kapi",
    params(("name" = String, Path, description = "The last part of the address that an upload answers", example = "ba7816bf8f01cfea414140de5dae2223.png")),
    responses(
        (status = 200, description = "The image", content((String = "image/png"), (String = "image/jpeg"))),
        (status = 304, description = "The copy at hand is still good"),
        (status = 404, description = "There is no such image, or its time is over", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub(super) async fn picture(
    request: HttpRequest,
    name: web::Path<String>,
    sandbox: web::Data<Sandbox>,
    images: web::Data<Images>,
) -> Result<HttpResponse, Problem> {
    let nothing = || Problem::NotFound(request.path().to_owned());
    if !sandbox.settings().enabled {
        return Err(nothing());
    }
    let served = images.serve(&name).await.map_err(|error| {
        tracing::error!("an image of the sandbox cannot be served: {error}");
        Problem::Internal
    })?;
    let served = served.ok_or_else(nothing)?;
    let tag = EntityTag::new_strong(served.name.hash().to_owned());
    let known = match IfNoneMatch::parse(&request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(&tag)),
        Err(_unreadable) => false,
    };
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        .insert_header((header::CONTENT_TYPE, served.name.media_type()))
        .insert_header((header::CACHE_CONTROL, format!("public, max-age={}, immutable", served.seconds_left)))
        // A message is drawn on other people's pages too.
        .insert_header(("cross-origin-resource-policy", "cross-origin"))
        .insert_header(header::ETag(tag));
    Ok(if known { response.finish() } else { response.body(served.bytes) })
}

/// The app that calls, with room for one more call. How Kakao counts calls about images is not public: they count as all calls do.
async fn caller<'a>(request: &HttpRequest, sandbox: &'a Sandbox) -> Result<&'a App, KapiError> {
    let app = auth::app(request, sandbox, auth::ALL_KEYS)?;
    sandbox.has_room(app, Use::Other).await?;
    Ok(app)
}

/// Kakao's answer to an image that was taken.
fn told(request: &HttpRequest, images: &Images, taken: &Taken, secure: bool) -> HttpResponse {
    let base = images.settings().public_url.0.clone().unwrap_or_else(|| addressed_as(request));
    let (url, insecure) = address(&base, &taken.name, secure);
    let inferred: Vec<&'static str> = taken.inferred.iter().copied().chain(insecure).collect();
    reply::ok(&taken.answer(url), &inferred)
}

/// As the caller addressed this server.
fn addressed_as(request: &HttpRequest) -> Url {
    let caller = request.connection_info();
    let said = Url::parse(&format!("{}://{}/", caller.scheme(), caller.host())).ok();
    let usable = said.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host() && url.path() == "/");
    let own = || Url::parse(&format!("http://{}/", request.app_config().local_addr())).ok();
    usable.or_else(own).unwrap_or_else(|| request.full_url())
}

/// The file and whether its address is to be https, from a form. No more is held than one image may have.
async fn form(request: &HttpRequest, payload: web::Payload, max: usize) -> Result<(Bytes, bool), ImageError> {
    let mut left = max.saturating_add(AROUND_BYTES);
    let bounded = payload.map(move |piece| {
        let piece = piece?;
        left = left.checked_sub(piece.len()).ok_or(PayloadError::Overflow)?;
        Ok::<_, PayloadError>(piece)
    });
    let mut form = Multipart::new(request.headers(), bounded);
    let (mut file, mut secure) = (None, None);
    while let Some(field) = form.next().await {
        let field = field.map_err(|error| broken(&error, max))?;
        match field.name().unwrap_or_default() {
            "file" if file.is_none() => file = Some(read(field, max, max).await?),
            "secure_resource" if secure.is_none() => {
                let text = read(field, SECURE_BYTES, max).await?;
                secure = Some(String::from_utf8_lossy(&text).into_owned());
            }
            _ => {} // Kakao ignores what it does not know, and so does the reader: it goes on to the next part
        }
    }
    let why = "the form has no part of that name".to_owned();
    let file = file.ok_or(ImageError::Parameter { name: "file", why })?;
    Ok((file, secure_resource(secure.as_deref())?))
}

/// The bytes of a part, at most `most`.
async fn read(mut field: Field, most: usize, max: usize) -> Result<Bytes, ImageError> {
    let mut bytes = BytesMut::new();
    while let Some(piece) = field.next().await {
        let piece = piece.map_err(|error| broken(&error, max))?;
        if bytes.len() + piece.len() > most {
            return Err(if most == max {
                ImageError::TooLarge { limit: max }
            } else {
                ImageError::Parameter { name: "secure_resource", why: "it is neither true nor false".to_owned() }
            });
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes.freeze())
}

fn broken(error: &MultipartError, max: usize) -> ImageError {
    match error {
        MultipartError::Payload(PayloadError::Overflow) => ImageError::TooLarge { limit: max },
        other => ImageError::Body { why: other.to_string() },
    }
}

fn image_url(parameters: &Parameters) -> Result<&str, KapiError> {
    parameters.required("image_url").map(str::trim)
}

/// Whether an https address is wanted, as Kakao's SDKs say it: true unless told otherwise.
fn secure_resource(given: Option<&str>) -> Result<bool, ImageError> {
    match given.map(str::trim) {
        None | Some("" | "true") => Ok(true),
        Some("false") => Ok(false),
        Some(_) => {
            Err(ImageError::Parameter { name: "secure_resource", why: "it is neither true nor false".to_owned() })
        }
    }
}

/// Bytes of a form beside its file.
const AROUND_BYTES: usize = 65_536;
/// Bytes of `secure_resource`.
const SECURE_BYTES: usize = 16;
