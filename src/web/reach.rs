//! `/api/v1/reach…`: the one verdict over probe, rules and logs, and the same as a document to hand on. A question's files are read,
//! answered and forgotten: none of it is kept, and no line of it is logged. The work itself is `reaching`'s.

use std::{
    io::{Cursor, Read},
    net::IpAddr,
    sync::Arc,
    time::Duration,
};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, ContentType},
    web,
};
use bytes::BytesMut;
use data_encoding::BASE64;
use ipnet::IpNet;
use serde::Deserialize;
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};

use super::{
    Limits,
    acl::{AclDump, ranges},
    body::{self, BodyLimits, short},
    problem::{Problem, ProblemDetails},
};
use crate::{
    acl::{Circumstances, Dump},
    firewall,
    language::Language,
    logs,
    places::Places,
    reach::report::ReachReport,
    reaching::{Ask, Export, Log, ReachError, Reaching, Watcher},
    target::Target,
};

/// The one verdict, with a bounded number of places in front of it.
#[derive(Clone)]
pub struct ReachGate(Arc<Gate>);

struct Gate {
    reaching: Reaching,
    /// Whoever is inside holds a body in memory.
    inside: Places,
    working: Places,
    body: BodyLimits,
}

impl ReachGate {
    /// Puts the parts together; bounds are those of `[reach]`.
    pub fn new(reaching: Reaching, body_timeout_seconds: u64) -> Self {
        let settings = reaching.settings();
        let body =
            BodyLimits { max_bytes: settings.max_body_bytes, timeout: Duration::from_secs(body_timeout_seconds) };
        let all = settings.max_parallel.max(1).saturating_add(settings.max_waiting);
        let wait = Duration::from_millis(settings.max_wait_ms);
        Self(Arc::new(Gate {
            inside: Places::new(all, 0, Duration::ZERO),
            working: Places::new(settings.max_parallel, all, wait),
            body,
            reaching,
        }))
    }
}

/// The page, and what is known of its way in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReachQuestion {
    /// The page.
    #[schema(example = "https://example.kr/p/1")]
    url: Option<String>,
    /// Dumps of rules, in the order in which a packet meets them: cloud, host, web server.
    #[serde(default)]
    dumps: Vec<AclDump>,
    /// Access logs, in the order of time.
    #[serde(default)]
    logs: Vec<ReachLog>,
    /// Kakao's ranges: the JSON of `GET /v1/system/ips`, the same as text, text with one network a line, or an array of networks.
    /// Left out: the list that this server keeps, else the networks that Kakao announces, which are not its official list.
    #[serde(default)]
    #[schema(value_type = Option<serde_json::Value>)]
    ranges: Option<Box<RawValue>>,
    /// Ask the site. Left out: yes.
    probe: Option<bool>,
    /// The interface that packets from the internet come in by, such as `eth0`.
    interface: Option<String>,
    /// Where packets go on to a container or another host: the interface on that side, such as `docker0`.
    inner_interface: Option<String>,
    /// The server's own address, as the rules see it.
    #[schema(value_type = Option<String>, example = "203.0.113.7")]
    server: Option<IpAddr>,
    /// Format of the logs, a `name` of `/api/v1/logs/formats`; `auto` or left out to find out.
    #[schema(example = "auto")]
    log_format: Option<String>,
    /// How the logs are written: nginx's `log_format` or Apache's `LogFormat`, its value or the whole line.
    template: Option<String>,
    /// The field of the logs in which the client's address stands, such as `http_x_forwarded_for`.
    client_field: Option<String>,
    /// Networks of the site's own proxies; private addresses are taken for proxies anyway.
    #[serde(default)]
    #[schema(example = json!(["10.0.0.0/8"]))]
    proxies: Vec<String>,
}

/// One log.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReachLog {
    /// What it is called. Left out: `log 1` and so on.
    #[schema(example = "access.log")]
    name: Option<String>,
    /// What is in it, as text ...
    text: Option<String>,
    /// ... or its bytes as base64: plain, gzip or zstd.
    base64: Option<String>,
}

/// As what, and in which language.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ExportQuery {
    /// `md` or `html`.
    format: Option<String>,
    /// `ko` (left out) or `en`.
    lang: Option<String>,
}

impl ExportQuery {
    fn read(self) -> Result<(Export, Language), Problem> {
        let format = match self.format.as_deref() {
            Some("md" | "markdown") => Export::Markdown,
            Some("html") => Export::Html,
            other => {
                let value = short(other.unwrap_or_default());
                return Err(Problem::Parameter { name: "format", value, fits: "use format=md or format=html" });
            }
        };
        let language = match self.lang.as_deref() {
            None | Some("ko") => Language::Ko,
            Some("en") => Language::En,
            Some(other) => {
                return Err(Problem::Parameter { name: "lang", value: short(other), fits: "use lang=ko or lang=en" });
            }
        };
        Ok((format, language))
    }
}

impl ReachQuestion {
    fn ask(self, reaching: &Reaching, max_url_bytes: usize) -> Result<Ask, Problem> {
        let url = self.url.filter(|url| !url.trim().is_empty()).ok_or(Problem::UrlMissing)?;
        let target = Target::parse(&url, max_url_bytes)?;
        let most = reaching.settings().max_logs;
        if self.logs.len() > most {
            let value = self.logs.len().to_string();
            return Err(Problem::Parameter { name: "logs", value, fits: "give fewer logs, or raise reach.max_logs" });
        }
        let dumps: Vec<Dump> =
            (1..).zip(self.dumps).map(|(number, dump)| dump.dump(number)).collect::<Result<_, _>>()?;
        Ok(Ask {
            rules: firewall::Ask {
                dumps,
                ranges: self.ranges.as_deref().map(ranges).transpose()?.flatten(),
                ports: vec![target.port()],
                circumstances: Circumstances {
                    interface: self.interface,
                    inner_interface: self.inner_interface,
                    server: self.server,
                    request: firewall::request(Some(&target.request_url()), None, None),
                },
                today: firewall::day_of(jiff::Timestamp::now()),
            },
            reading: logs::Ask {
                format: self.log_format.filter(|format| format != "auto"),
                template: self.template,
                client_field: self.client_field,
                proxies: self.proxies.iter().map(|text| proxy(text)).collect::<Result<_, _>>()?,
                ..logs::Ask::default()
            },
            logs: (1..).zip(self.logs).map(|(number, log)| log.log(number)).collect::<Result<_, _>>()?,
            max_unpacked: Some(reaching.logs().settings().max_unpacked_bytes),
            probe: self.probe.unwrap_or(true),
            target,
        })
    }
}

impl ReachLog {
    fn log(self, number: usize) -> Result<Log, Problem> {
        let name = self.name.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| format!("log {number}"));
        let bytes = match (self.text, self.base64) {
            (Some(text), None) => text.into_bytes(),
            (None, Some(base64)) => BASE64.decode(base64.trim().as_bytes()).map_err(|error| {
                let at = error.position;
                Problem::Json(format!("`logs[{}].base64` is not base64 (RFC 4648, 4) at byte {at}", number - 1))
            })?,
            (Some(_), Some(_)) | (None, None) => {
                return Err(Problem::Json(format!("`logs[{}]`: give either `text` or `base64`", number - 1)));
            }
        };
        let open = move || -> std::io::Result<Box<dyn Read + Send>> { Ok(Box::new(Cursor::new(bytes))) };
        Ok(Log { name, open: Box::new(open), named: true })
    }
}

fn proxy(text: &str) -> Result<IpNet, Problem> {
    let text = text.trim();
    let one = || text.parse::<IpAddr>().map(IpNet::from).ok();
    text.parse().ok().or_else(one).ok_or_else(|| Problem::Parameter {
        name: "proxies",
        value: short(text),
        fits: "give networks such as 10.0.0.0/8, or addresses",
    })
}

/// The one verdict: does Kakao's scraper get in, where does it end if not, what shows it, and what to do.
///
/// Asks the site (at most as long as `probe.deadline_ms`) while it reads rules and logs. Every kind of evidence may be left out; the
/// answer says what it would prove. Nothing that is sent is kept or logged. A site that is blocked is an answer, not a problem.
#[utoipa::path(post, path = "/api/v1/reach", tag = "reach", request_body = ReachQuestion, responses(
    (status = 200, description = "The verdict with all its evidence", body = ReachReport),
    (status = 400, description = "The URL or the body cannot be used", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 408, description = "The body took too long", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 413, description = "The body, or a log after unpacking, is too large", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 422, description = "A dump, the list or a log cannot be read", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 503, description = "Too many questions are being answered; see Retry-After", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub async fn post(
    request: HttpRequest,
    payload: web::Payload,
    gate: web::Data<ReachGate>,
    limits: web::Data<Limits>,
) -> Result<HttpResponse, Problem> {
    let report = answer(&request, payload, &gate, limits.max_url_bytes).await?;
    let written = web::block(move || serde_json::to_vec(&report)).await.map_err(|died| broke(&died))?;
    let json = written.map_err(|error| broke(&error))?;
    Ok(HttpResponse::Ok()
        .insert_header(ContentType::json())
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(json))
}

/// The same as a document to hand on: Markdown, or one HTML file that needs nothing else.
#[utoipa::path(post, path = "/api/v1/reach/export", tag = "reach", params(ExportQuery), request_body = ReachQuestion, responses(
    (status = 200, description = "The document", content((String = "text/markdown"), (String = "text/html"))),
    (status = 400, description = "The URL, the body or the query cannot be used", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 408, description = "The body took too long", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 413, description = "The body, or a log after unpacking, is too large", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 422, description = "A dump, the list or a log cannot be read", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 503, description = "Too many questions are being answered; see Retry-After", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub async fn export(
    request: HttpRequest,
    payload: web::Payload,
    gate: web::Data<ReachGate>,
    limits: web::Data<Limits>,
) -> Result<HttpResponse, Problem> {
    let (format, language) = super::query::<ExportQuery>(request.query_string())?.read()?;
    let report = answer(&request, payload, &gate, limits.max_url_bytes).await?;
    let reaching = gate.0.reaching.clone();
    let document = web::block(move || reaching.export(&report, format, language)).await.map_err(|died| broke(&died))?;
    let (media, name) = match format {
        Export::Markdown => ("text/markdown; charset=utf-8", "reach.md"),
        Export::Html => ("text/html; charset=utf-8", "reach.html"),
    };
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, media))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(document))
}

/// Admits a question, reads it, and has it answered.
async fn answer(
    request: &HttpRequest,
    payload: web::Payload,
    gate: &ReachGate,
    max_url_bytes: usize,
) -> Result<ReachReport, Problem> {
    let gate = Arc::clone(&gate.0);
    let inside = gate.inside.take().await.ok_or(Problem::TooManyReaches)?;
    let bytes: BytesMut = body::read(request, payload, gate.body).await?;
    let place = gate.working.take().await.ok_or(Problem::TooManyReaches)?;
    let reaching = gate.reaching.clone();
    let read = web::block(move || body::parsed::<ReachQuestion>(&bytes)?.ask(&reaching, max_url_bytes));
    let ask = read.await.map_err(|died| broke(&died))??;
    // Whoever reads has the watcher, so the places are given back when the last thread ends: a caller who leaves early must not
    // make room for more work.
    let watcher: Watcher = Arc::new(move |_step| {
        let _held = (&inside, &place);
    });
    Ok(gate.reaching.reach(ask, Some(watcher)).await?)
}

fn broke(error: &dyn std::fmt::Display) -> Problem {
    tracing::error!("a verdict cannot be answered: {error}");
    Problem::Internal
}

impl From<ReachError> for Problem {
    fn from(error: ReachError) -> Self {
        match error {
            ReachError::Firewall(error) => Self::Firewall(error),
            ReachError::Logs(error) => Self::Logs(error),
            ReachError::Died => Self::Internal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(json: &str) -> String {
        body::parsed::<ReachQuestion>(json.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn a_key_that_is_not_known_is_named_with_its_place() {
        for (json, said) in [
            (r#"{"url":"x","dump":[]}"#, "unknown field `dump`"),
            (r#"{"logs":[{"txt":""}]}"#, "`logs[0].txt`: unknown field `txt`"),
            (r#"{"dumps":[{"name":"a"}]}"#, "missing field `text`"),
            (r#"{"url":"x"} x"#, "trailing"),
            ("", "EOF"),
        ] {
            assert!(refused(json).contains(said), "{json}: {}", refused(json));
        }
    }

    #[test]
    fn a_log_comes_as_text_or_as_base64() {
        let read = |json: &str| -> Result<(String, String), String> {
            let log: ReachLog = serde_json::from_str(json).unwrap();
            let log = log.log(2).map_err(|problem| problem.to_string())?;
            let mut text = String::new();
            (log.open)().unwrap().read_to_string(&mut text).unwrap();
            Ok((log.name, text))
        };
        assert_eq!(read(r#"{"name":"a.log","text":"line"}"#).unwrap(), ("a.log".to_owned(), "line".to_owned()));
        assert_eq!(read(r#"{"base64":"bGluZQ=="}"#).unwrap(), ("log 2".to_owned(), "line".to_owned()));
        assert!(read(r#"{"base64":"bGlu!Q=="}"#).unwrap_err().contains("`logs[1].base64`"));
        assert!(read(r#"{"name":"a"}"#).unwrap_err().contains("either `text` or `base64`"));
        assert!(read(r#"{"text":"a","base64":"YQ=="}"#).unwrap_err().contains("either"));
    }

    #[test]
    fn a_document_is_markdown_or_html_in_one_of_two_languages() {
        let read = |query: &str| super::super::query::<ExportQuery>(query).and_then(ExportQuery::read);
        assert_eq!(read("format=md").unwrap(), (Export::Markdown, Language::Ko));
        assert_eq!(read("format=html&lang=en").unwrap(), (Export::Html, Language::En));
        for query in ["", "format=pdf", "format=md&lang=fr", "format=md&x=1"] {
            assert!(read(query).is_err(), "{query}");
        }
    }
}
