//! `/api/v1/logs…`: which of Kakao's requests arrived, from the logs that are sent. A log is read while it arrives and forgotten: it is
//! never whole in memory, nothing of it is kept, and no line of it is logged. The work itself is `logs`'.

mod feed;
mod form;
mod question;

use std::{sync::Arc, time::Duration};

use actix_multipart::Multipart;
use actix_web::{
    HttpRequest, HttpResponse,
    error::PayloadError,
    http::header::{self, ContentType},
    web,
};
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};

use self::{
    feed::Feed,
    question::{LogsForm, LogsQuestion},
};
use super::{
    body::BodyLimits,
    problem::{Problem, ProblemDetails},
    query,
};
use crate::{
    accesslog::report::LogReport,
    logs::{self, LogFormatReport, Logs},
    places::Places,
};

/// The reading of logs, with a bounded number of places in front of it.
#[derive(Clone)]
pub struct LogsGate(Arc<Gate>);

struct Gate {
    logs: Logs,
    places: Places,
    body: BodyLimits,
    silence: Duration,
}

impl LogsGate {
    /// Puts the parts together; bounds are those of `[logs]`. Between two pieces of an upload `silence_seconds` may pass.
    pub fn new(logs: Logs, silence_seconds: u64) -> Self {
        let settings = logs.settings();
        let places =
            Places::new(settings.max_parallel, settings.max_waiting, Duration::from_millis(settings.max_wait_ms));
        let timeout = Duration::from_secs(settings.body_timeout_seconds);
        let body = BodyLimits { max_bytes: settings.max_body_bytes, timeout };
        Self(Arc::new(Gate { logs, places, body, silence: Duration::from_secs(silence_seconds) }))
    }
}

/// Which of Kakao's requests arrived, what they were answered, and who only pretends to be Kakao.
///
/// The body is one access log as it lies on the server, plain, gzip or zstd, with any Content-Type; or a form with as many as
/// `logs.max_files` parts `file`, its other fields before them. It is read while it arrives. Nothing that is sent is kept or logged.
#[utoipa::path(post, path = "/api/v1/logs", tag = "logs", params(LogsQuestion),
    request_body(content((String = "application/octet-stream"), (LogsForm = "multipart/form-data"))),
    responses(
        (status = 200, description = "What the logs say", body = LogReport),
        (status = 400, description = "The query or the form cannot be used", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 408, description = "The body took too long", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large, packed or unpacked", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "A log, the list, the format or the template cannot be read; `file` says which", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 503, description = "Too many logs are being read; see Retry-After", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub async fn post(
    request: HttpRequest,
    payload: web::Payload,
    gate: web::Data<LogsGate>,
) -> Result<HttpResponse, Problem> {
    let gate = Arc::clone(&gate.0);
    let question: LogsQuestion = query(request.query_string())?;
    let max = gate.body.max_bytes;
    let announced =
        request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > max) {
        return Err(Problem::BodyTooLarge { limit: max });
    }
    let place = gate.places.take().await.ok_or(Problem::TooManyLogs)?;
    let body = bounded(payload, max);
    let feed = Feed::new(gate.logs.clone(), place);
    let reading = async {
        if is_form(&request) {
            form::read(Multipart::new(request.headers(), body), question, feed, &gate).await
        } else {
            one(body, question, feed, &gate).await
        }
    };
    let in_time = tokio::time::timeout(gate.body.timeout, reading).await;
    let work = in_time.unwrap_or_else(|_elapsed| Err(Problem::BodyTimeout { seconds: gate.body.timeout.as_secs() }))?;
    let json = work.answer().await?;
    Ok(HttpResponse::Ok()
        .insert_header(ContentType::json())
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(json))
}

/// The formats of logs, and what each does not tell.
#[utoipa::path(get, path = "/api/v1/logs/formats", tag = "logs", responses(
    (status = 200, description = "Every format", body = Vec<LogFormatReport>),
))]
pub async fn formats() -> HttpResponse {
    HttpResponse::Ok().json(logs::formats())
}

/// A body that is one log.
async fn one(
    body: impl Stream<Item = Result<Bytes, PayloadError>>,
    question: LogsQuestion,
    feed: Feed,
    gate: &Gate,
) -> Result<feed::Work, Problem> {
    let name = question.name();
    let mut feed = feed.start(question.ask(None)?);
    let mut body = std::pin::pin!(body);
    feed.file(name).await;
    while let Some(piece) = soon(gate.silence, body.next()).await? {
        // Once the reading has ended with an error, the rest is let pass: who still sends does not listen.
        feed.piece(piece.map_err(|error| broken(&error, gate.body.max_bytes))?).await;
    }
    feed.end().await;
    Ok(feed.finish().await)
}

fn is_form(request: &HttpRequest) -> bool {
    let given = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    given.is_some_and(|given| {
        given.trim_start().get(..MULTIPART.len()).is_some_and(|kind| kind.eq_ignore_ascii_case(MULTIPART))
    })
}

/// The body up to `max` bytes, then an error.
fn bounded(payload: web::Payload, max: usize) -> impl Stream<Item = Result<Bytes, PayloadError>> + 'static {
    let mut left = max;
    payload.map(move |piece| {
        let piece = piece?;
        left = left.checked_sub(piece.len()).ok_or(PayloadError::Overflow)?;
        Ok(piece)
    })
}

/// What comes within the longest silence.
async fn soon<T>(silence: Duration, next: impl Future<Output = T>) -> Result<T, Problem> {
    let in_time = tokio::time::timeout(silence, next).await;
    in_time.map_err(|_elapsed| Problem::BodyTimeout { seconds: silence.as_secs() })
}

fn broken(error: &PayloadError, limit: usize) -> Problem {
    match error {
        PayloadError::Overflow => Problem::BodyTooLarge { limit },
        other => Problem::BodyBroken(other.to_string()),
    }
}

const MULTIPART: &str = "multipart/";
