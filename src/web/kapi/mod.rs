//! Kakao's own paths and shapes, answered by the sandbox. The only place that knows Kakao's paths; problem details are not spoken here.
//!
//! ```text
//! share, memo, friends, ips     the calls, each a file
//! picker                        the window in which a chat is chosen
//! images                        the same for images, and where they are shown
//! auth                          who calls
//! calls                         which call of the template API is meant
//! parameters                    what is asked: query and form
//! security                      how the description says who may call
//! reply                         bodies, errors, and what of them is inferred
//! around                        CORS, the switch, and panics
//! ```

mod around;
pub mod auth;
mod calls;
mod friends;
mod images;
mod ips;
mod memo;
pub mod parameters;
mod picker;
pub mod reply;
mod security;
mod share;

use std::future::{Ready, ready};

use actix_web::{
    HttpRequest, HttpResponse, Resource,
    guard::{Any, Get, Head},
    http::header,
    middleware, web,
    web::ServiceConfig,
};
use utoipa::OpenApi;

use crate::sandbox::KapiError;

#[derive(OpenApi)]
#[openapi(tags((name = "kapi", description = "Kakao's own paths and shapes, answered by the sandbox")))]
struct Api;

/// What these routes are.
pub(super) fn api() -> utoipa::openapi::OpenApi {
    let mut api = Api::openapi();
    for part in [
        share::Api::openapi(),
        memo::Api::openapi(),
        friends::Api::openapi(),
        ips::Api::openapi(),
        images::api(),
        picker::Api::openapi(),
    ] {
        api.merge(part);
    }
    security::describe(api)
}

/// The routes. Paths within a scope are relative to it.
pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(web::scope("/v2/api").wrap(middleware::from_fn(around::around)).configure(v2))
        .service(web::scope("/v1/api").wrap(middleware::from_fn(around::around)).configure(v1))
        .service(super::read_only("/sandbox/images/{name}", images::picture))
        .service(web::scope("/v1/system").wrap(middleware::from_fn(around::around)).configure(system))
        .configure(picker::routes);
}

fn v2(config: &mut ServiceConfig) {
    const TEMPLATE: &str = "/kakaolink/talk/template";
    config
        .service(get_or_post(&format!("{TEMPLATE}/default"), share::default, share::default_form))
        .service(get_or_post(&format!("{TEMPLATE}/validate"), share::validate, share::validate_form))
        .service(get_or_post(&format!("{TEMPLATE}/scrap"), share::scrap, share::scrap_form))
        .service(post("/talk/memo/default/send", memo::default_send))
        .service(post("/talk/memo/send", memo::send))
        .service(post("/talk/memo/scrap/send", memo::scrap_send))
        .configure(images::routes)
        .default_service(web::to(unknown));
}

fn v1(config: &mut ServiceConfig) {
    config
        .service(post("/talk/friends/message/default/send", friends::default_send))
        .service(post("/talk/friends/message/send", friends::send))
        .service(post("/talk/friends/message/scrap/send", friends::scrap_send))
        .default_service(web::to(unknown));
}

fn system(config: &mut ServiceConfig) {
    config.service(get("/ips", ips::get)).default_service(web::to(unknown));
}

/// A resource that is asked by GET or POST.
fn get_or_post<F, FArgs, G, GArgs>(path: &str, get: F, post: G) -> Resource
where
    F: actix_web::Handler<FArgs>,
    FArgs: actix_web::FromRequest + 'static,
    F::Output: actix_web::Responder + 'static,
    G: actix_web::Handler<GArgs>,
    GArgs: actix_web::FromRequest + 'static,
    G::Output: actix_web::Responder + 'static,
{
    web::resource(path)
        .route(web::route().guard(Any(Get()).or(Head())).to(get))
        .route(web::post().to(post))
        .default_service(web::to(|request: HttpRequest| other_method(&request, "GET, HEAD, POST")))
}

/// A resource that is asked by POST alone.
fn post<F, Args>(path: &str, handler: F) -> Resource
where
    F: actix_web::Handler<Args>,
    Args: actix_web::FromRequest + 'static,
    F::Output: actix_web::Responder + 'static,
{
    web::resource(path)
        .route(web::post().to(handler))
        .default_service(web::to(|request: HttpRequest| other_method(&request, "POST")))
}

/// A resource that is asked by DELETE alone.
fn delete<F, Args>(path: &str, handler: F) -> Resource
where
    F: actix_web::Handler<Args>,
    Args: actix_web::FromRequest + 'static,
    F::Output: actix_web::Responder + 'static,
{
    web::resource(path)
        .route(web::delete().to(handler))
        .default_service(web::to(|request: HttpRequest| other_method(&request, "DELETE")))
}

/// A resource that is asked by GET alone.
fn get<F, Args>(path: &str, handler: F) -> Resource
where
    F: actix_web::Handler<Args>,
    Args: actix_web::FromRequest + 'static,
    F::Output: actix_web::Responder + 'static,
{
    web::resource(path)
        .route(web::route().guard(Any(Get()).or(Head())).to(handler))
        .default_service(web::to(|request: HttpRequest| other_method(&request, "GET, HEAD")))
}

/// What Kakao says of a path it does not know is not public.
async fn unknown(request: HttpRequest) -> Result<HttpResponse, KapiError> {
    let path: String = request.path().chars().take(MOST_SHOWN).collect();
    Err(KapiError::new(-3, format!("there is no API at {path}")).with_status(404).inferred("unknown-path"))
}

/// Nor is what it says of another method.
fn other_method(request: &HttpRequest, allow: &'static str) -> Ready<HttpResponse> {
    let error = KapiError::new(-3, format!("{} is not a method of this API; use {allow}", request.method()));
    let mut response = actix_web::ResponseError::error_response(&error.with_status(405).inferred("unknown-path"));
    response.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static(allow));
    ready(response)
}

const MOST_SHOWN: usize = 200;
