//! `/api/v1/probe…`: what a site answers Kakao's user agent from here, and whether this machine reaches Kakao. Every probe makes
//! dozens of requests, so few run at once, and one ends with its deadline even if its caller has left. The work is `probe`'s.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, ContentType},
    web,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Limits, body,
    problem::{Problem, ProblemDetails},
};
use crate::{
    probe::{
        Ask, Prober,
        report::{OutboundReport, ProbeReport},
    },
    target::Target,
};

/// Whom to ask, and how often.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProbeQuestion {
    /// The page.
    #[schema(example = "https://example.kr/p/1")]
    url: Option<String>,
    /// Times each asker asks for it. Left out: `probe.runs`.
    #[schema(example = 3)]
    runs: Option<usize>,
    /// Ask for its image too. Left out: yes.
    image: Option<bool>,
}

impl ProbeQuestion {
    fn ask(self, prober: &Prober, max_url_bytes: usize) -> Result<Ask, Problem> {
        let url = self.url.filter(|url| !url.trim().is_empty()).ok_or(Problem::UrlMissing)?;
        let target = Target::parse(&url, max_url_bytes)?;
        let settings = prober.settings();
        let runs = self.runs.unwrap_or(settings.runs);
        if !(1..=settings.max_runs).contains(&runs) {
            let fits = "give a number from 1 to probe.max_runs";
            return Err(Problem::Parameter { name: "runs", value: runs.to_string(), fits });
        }
        Ok(Ask { target, runs, image: self.image.unwrap_or(true) })
    }
}

/// What the site answers Kakao's user agent from here, stage by stage: names, connections, TLS, page and image, beside what a
/// browser and others are answered.
///
/// What a site does to Kakao's addresses cannot be seen from here; `limits` says so. Takes as long as the site does, at most
/// `probe.deadline_ms`.
#[utoipa::path(post, path = "/api/v1/probe", tag = "probe", request_body = ProbeQuestion, responses(
    (status = 200, description = "What came, also where nothing did", body = ProbeReport),
    (status = 400, description = "The URL or the body cannot be used", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 408, description = "The body took too long", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 413, description = "The body is too large", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 503, description = "Too many probes are running; see Retry-After", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub async fn post(
    request: HttpRequest,
    payload: web::Payload,
    prober: web::Data<Prober>,
    limits: web::Data<Limits>,
) -> Result<HttpResponse, Problem> {
    let question: ProbeQuestion = body::json(&request, payload, limits.body).await?;
    let ask = question.ask(&prober, limits.max_url_bytes)?;
    let _place = prober.place().await.ok_or(Problem::TooManyProbes)?;
    answer(&prober.probe(&ask, None).await)
}

/// Whether this server reaches the hosts of Kakao's API, and what to allow on the way out.
///
/// It says nothing of any other machine. Switched off by `probe.outbound_over_http`.
#[utoipa::path(get, path = "/api/v1/probe/outbound", tag = "probe", responses(
    (status = 200, description = "Every host, reached or not", body = OutboundReport),
    (status = 403, description = "This server does not tell", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 503, description = "Too many probes are running; see Retry-After", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub async fn outbound(prober: web::Data<Prober>) -> Result<HttpResponse, Problem> {
    if !prober.settings().outbound_over_http {
        return Err(Problem::SwitchedOff { key: "probe.outbound_over_http" });
    }
    let _place = prober.place().await.ok_or(Problem::TooManyProbes)?;
    answer(&prober.outbound(None).await)
}

fn answer(report: &impl Serialize) -> Result<HttpResponse, Problem> {
    let json = serde_json::to_vec(report).map_err(|error| {
        tracing::error!("a probe's report cannot be written as JSON: {error}");
        Problem::Internal
    })?;
    Ok(HttpResponse::Ok()
        .insert_header(ContentType::json())
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(json))
}
