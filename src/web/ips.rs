//! `/api/v1/kakao/ips…`: Kakao's list of IP ranges as this server has it, and what is different in another. Asks nobody: the list
//! is refreshed in the background, or from the command line. The work itself is `ips`'s.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use serde::Deserialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::{
    Limits,
    acl::ranges,
    body,
    problem::{Problem, ProblemDetails},
};
use crate::{
    acl::{File, list::RangeList},
    firewall::FirewallError,
    ips::{
        Ips, day_of,
        report::{IpsDiff, IpsReport},
    },
};

/// Which lists to compare.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IpsQuestion {
    /// The first list: the JSON of `GET /v1/system/ips`, the same as text, text with one network a line, or an array of networks.
    #[schema(value_type = serde_json::Value, example = json!("27.0.236.0/22\n211.231.96.0/20\n"))]
    old: Box<RawValue>,
    /// The second. Left out: the list in use.
    #[serde(default)]
    #[schema(value_type = Option<serde_json::Value>)]
    new: Option<Box<RawValue>>,
}

/// Kakao's list of IP ranges: where it is from, how old it is, its services, and what will change when.
///
/// Without a kept official list it is the networks that Kakao announces, and says so. The app key is told to nobody.
#[utoipa::path(get, path = "/api/v1/kakao/ips", tag = "kakao", responses(
    (status = 200, description = "The list in use", body = IpsReport),
))]
pub async fn get(ips: web::Data<Ips>) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-cache")).json(ips.report())
}

/// What is different between two lists, by the addresses themselves: is an old list still enough?
///
/// Nothing that is sent is kept or logged.
#[utoipa::path(post, path = "/api/v1/kakao/ips/diff", tag = "kakao", request_body = IpsQuestion, responses(
    (status = 200, description = "What is different in the second list", body = IpsDiff),
    (status = 400, description = "The body cannot be used", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 408, description = "The body took too long", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 413, description = "The body is too large", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 422, description = "A list cannot be read (`file`, `line`, `column` say where)", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub async fn diff(
    request: HttpRequest,
    payload: web::Payload,
    ips: web::Data<Ips>,
    limits: web::Data<Limits>,
) -> Result<HttpResponse, Problem> {
    let question: IpsQuestion = body::json(&request, payload, limits.body).await?;
    let done = web::block(move || {
        let shelf = ips.shelf();
        let read = |name: &'static str, json: &RawValue| {
            let Some(file) = ranges(json)? else { return Ok(None) };
            let file = File::new(name, &file.text);
            let list = RangeList::parse(&file, shelf.max_ranges()).map_err(FirewallError::Ranges)?;
            Ok::<_, Problem>(Some(list))
        };
        let today = day_of(jiff::Timestamp::now());
        let fits = "give Kakao's JSON, text with one network a line, or an array of networks";
        let old =
            read("old", &question.old)?.ok_or(Problem::Parameter { name: "old", value: "null".to_owned(), fits })?;
        let new = question.new.as_deref().map(|json| read("new", json)).transpose()?.flatten();
        Ok::<IpsDiff, Problem>(match new {
            Some(new) => shelf.compare(&old, &new, today),
            None => shelf.compare(&old, &shelf.current().list(), today),
        })
    });
    let diff = done.await.map_err(|died| {
        tracing::error!("comparing two lists died: {died}");
        Problem::Internal
    })??;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(diff))
}
