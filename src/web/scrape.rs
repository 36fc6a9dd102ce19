//! `/api/v1/scrape`: the report of a page, and the reset of what is kept of it.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, ContentType},
    web,
};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    Limits, body,
    problem::{Problem, ProblemDetails},
    query,
};
use crate::{
    excerpt::Excerpt,
    finding::Finding,
    report::{CacheUse, Report},
    rules::Rulebook,
    scrape::{Ask, Scraper},
    target::Target,
    user_agent::UserAgent,
};

/// What to scrape, as a query string or as a JSON body.
#[derive(Debug, Default, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub struct ScrapeRequest {
    /// The page: an absolute http or https URL, percent-encoded in a query string.
    #[param(example = "https://example.com/post/1", required = true)]
    #[schema(required = true)]
    url: Option<String>,
    /// Whom to ask as: `kakao` (default), `browser`, `facebook`, or a `User-Agent` of your own.
    #[param(example = "kakao")]
    ua: Option<String>,
    /// Ask the site even if a report is kept.
    #[param(value_type = Option<bool>)]
    #[schema(value_type = Option<bool>)]
    fresh: Option<Flag>,
    /// Take the card from the page that `og:url` names (R20; observed, not documented).
    #[param(value_type = Option<bool>)]
    #[schema(value_type = Option<bool>)]
    follow_og_url: Option<Flag>,
}

/// A yes or no, as JSON or as the words people write in query strings.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Flag {
    /// JSON's own.
    Bool(bool),
    /// `true`, `1`, `yes` and their opposites.
    Word(String),
}

impl Flag {
    /// `None` for an empty value, which counts as not given.
    pub(super) fn read(&self, name: &'static str) -> Result<Option<bool>, Problem> {
        match self {
            Self::Bool(value) => Ok(Some(*value)),
            Self::Word(word) => match word.trim().to_ascii_lowercase().as_str() {
                "" => Ok(None),
                "1" | "true" | "yes" => Ok(Some(true)),
                "0" | "false" | "no" => Ok(Some(false)),
                _ => Err(Problem::Parameter { name, value: word.clone(), fits: "use true or false" }),
            },
        }
    }
}

impl ScrapeRequest {
    pub(super) fn ask(&self, limits: &Limits) -> Result<Ask, Problem> {
        let read = |flag: &Option<Flag>, name| flag.as_ref().map_or(Ok(None), |flag| flag.read(name));
        Ok(Ask {
            target: self.target(limits)?,
            user_agent: match self.ua.as_deref().map(str::trim).filter(|ua| !ua.is_empty()) {
                Some(ua) => ua.parse()?,
                None => UserAgent::default(),
            },
            fresh: read(&self.fresh, "fresh")?.unwrap_or(false),
            follow_og_url: read(&self.follow_og_url, "follow_og_url")?,
        })
    }

    fn target(&self, limits: &Limits) -> Result<Target, Problem> {
        let url = self.url.as_deref().filter(|url| !url.trim().is_empty()).ok_or(Problem::UrlMissing)?;
        Ok(Target::parse(url, limits.max_url_bytes)?)
    }
}

/// What a cache reset did, and what stays as it was.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResetAnswer {
    /// The URL that was reset.
    url: String,
    /// How many kept reports and images were dropped.
    dropped: usize,
    /// Reports of that page among them, one for each user agent.
    pages: usize,
    /// Copies of that image among them. The images of a page stay: reset each by its own address (R30).
    images: usize,
    /// What this reset does not reach.
    findings: Vec<Finding>,
}

/// The report of a page, as KakaoTalk's scraper would see it.
///
/// A site's failure is data: the answer is 200, `outcome` names the failure and `blame` says whose it is.
#[utoipa::path(get, path = "/api/v1/scrape", tag = "scrape", params(ScrapeRequest), responses(
    (status = 200, description = "The report, also when the site failed", body = Report),
    (status = 400, description = "The URL or a parameter cannot be used", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 503, description = "Too many pages are being scraped; see Retry-After", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub async fn get(
    request: HttpRequest,
    scraper: web::Data<Scraper>,
    limits: web::Data<Limits>,
    known: web::Data<KnownQueries>,
) -> Result<HttpResponse, Problem> {
    answer(&*known.ask(request.query_string(), &limits)?, &scraper).await
}

/// Query strings that were read before, with what they ask for. The same few pages are asked for again and again, and
/// reading a URL by the book (IDNA, percent-encoding) costs more than finding its report.
#[derive(Clone)]
pub struct KnownQueries(moka::sync::Cache<String, Arc<Ask>>);

impl KnownQueries {
    /// Remembers up to `max_bytes` of query strings.
    pub fn new(max_bytes: u64) -> Self {
        let weigher = |query: &String, _: &Arc<Ask>| u32::try_from(query.len() * 4 + 512).unwrap_or(u32::MAX);
        Self(moka::sync::Cache::builder().max_capacity(max_bytes).weigher(weigher).build())
    }

    pub(super) fn ask(&self, query_string: &str, limits: &Limits) -> Result<Arc<Ask>, Problem> {
        if let Some(known) = self.0.get(query_string) {
            return Ok(known);
        }
        let ask = Arc::new(query::<ScrapeRequest>(query_string)?.ask(limits)?);
        self.0.insert(query_string.to_owned(), Arc::clone(&ask));
        Ok(ask)
    }
}

/// The same as `GET`, with the parameters in a JSON body.
#[utoipa::path(post, path = "/api/v1/scrape", tag = "scrape", request_body = ScrapeRequest, responses(
    (status = 200, description = "The report, also when the site failed", body = Report),
    (status = 400, description = "The body cannot be used", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 408, description = "The body took too long", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 413, description = "The body is too large", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 503, description = "Too many pages are being scraped; see Retry-After", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub async fn post(
    request: HttpRequest,
    payload: web::Payload,
    scraper: web::Data<Scraper>,
    limits: web::Data<Limits>,
) -> Result<HttpResponse, Problem> {
    let asked: ScrapeRequest = body::json(&request, payload, limits.body).await?;
    answer(&asked.ask(&limits)?, &scraper).await
}

/// The parts of a page's source that its report talks about, to be shown beside it.
#[utoipa::path(get, path = "/api/v1/scrape/source", tag = "scrape", params(ScrapeRequest), responses(
    (status = 200, description = "Lines of the source; empty when no page arrived", body = Excerpt),
    (status = 400, description = "The URL or a parameter cannot be used", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 503, description = "Too many pages are being scraped; see Retry-After", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub async fn source(
    request: HttpRequest,
    scraper: web::Data<Scraper>,
    limits: web::Data<Limits>,
    known: web::Data<KnownQueries>,
) -> Result<HttpResponse, Problem> {
    let excerpt = scraper.source(&*known.ask(request.query_string(), &limits)?).await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(excerpt))
}

/// Forgets what is kept of the URL of a page or of an image: the reset of Kakao's own debugger. Says what stays stale elsewhere.
#[utoipa::path(delete, path = "/api/v1/scrape", tag = "scrape", params(ScrapeRequest), responses(
    (status = 200, description = "What was dropped, and what stays", body = ResetAnswer),
    (status = 400, description = "The URL cannot be used", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub async fn delete(
    request: HttpRequest,
    scraper: web::Data<Scraper>,
    rulebook: web::Data<Rulebook>,
    limits: web::Data<Limits>,
) -> Result<HttpResponse, Problem> {
    let target = query::<ScrapeRequest>(request.query_string())?.target(&limits)?;
    let reset = scraper.reset(&target);
    let findings = ["stale-image-possible", "sent-messages-stay"].map(|code| rulebook.finding(code, &[])).to_vec();
    Ok(HttpResponse::Ok().json(ResetAnswer {
        url: target.request_url().to_string(),
        dropped: reset.pages + reset.images,
        pages: reset.pages,
        images: reset.images,
        findings,
    }))
}

async fn answer(ask: &Ask, scraper: &Scraper) -> Result<HttpResponse, Problem> {
    if let Some(json) = scraper.kept_json(ask) {
        return Ok(json_response(json, CacheUse::Hit));
    }
    let report = scraper.scrape(ask, None).await?.report();
    let json = serde_json::to_vec(&report).map_err(|error| {
        tracing::error!("a report cannot be written as JSON: {error}");
        Problem::Internal
    })?;
    Ok(json_response(json.into(), report.cache.state))
}

fn json_response(json: Bytes, state: CacheUse) -> HttpResponse {
    let state = match state {
        CacheUse::Miss => "MISS",
        CacheUse::Hit => "HIT",
        CacheUse::Stale => "STALE",
        CacheUse::Bypass => "BYPASS",
    };
    HttpResponse::Ok()
        .insert_header(ContentType::json())
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(("x-cache", state))
        .body(json)
}
