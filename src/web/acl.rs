//! `/api/v1/acl/…`: whose firewall lets Kakao in, and what to change. A question's files are read, answered and forgotten: none
//! of it is kept, and no line of it is logged. The work itself is `firewall`'s.

use std::{net::IpAddr, num::NonZeroU16, sync::Arc, time::Duration};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, ContentType},
    web,
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::{
    Limits,
    body::{self, BodyLimits, short},
    problem::{Problem, ProblemDetails},
};
use crate::{
    acl::{Circumstances, Dump, File, Sees, fix::FixReport, report::AclReport},
    firewall::{self, Ask, Firewall, FirewallError, FormatReport},
    places::Places,
    target::Target,
};

/// The firewall check, with a bounded number of places in front of it.
#[derive(Clone)]
pub struct FirewallGate(Arc<Gate>);

struct Gate {
    firewall: Firewall,
    /// Whoever is inside holds a body in memory.
    inside: Places,
    working: Places,
    body: BodyLimits,
}

impl FirewallGate {
    /// Puts the parts together; bounds are those of `[acl]`.
    pub fn new(firewall: Firewall, body_timeout_seconds: u64) -> Self {
        let settings = firewall.settings();
        let body =
            BodyLimits { max_bytes: settings.max_body_bytes, timeout: Duration::from_secs(body_timeout_seconds) };
        let all = settings.max_parallel.max(1).saturating_add(settings.max_waiting);
        let wait = Duration::from_millis(settings.max_wait_ms);
        Self(Arc::new(Gate {
            inside: Places::new(all, 0, Duration::ZERO),
            working: Places::new(settings.max_parallel, all, wait),
            body,
            firewall,
        }))
    }
}

/// What to look at, and whom to look for.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AclQuestion {
    /// The dumps, in the order in which a packet meets them: cloud, host, web server.
    dumps: Vec<AclDump>,
    /// Kakao's ranges: the JSON of `GET /v1/system/ips`, the same as text, text with one network a line, or an array of networks.
    /// Left out: the networks that Kakao announces, which are not Kakao's official list.
    #[serde(default)]
    #[schema(value_type = Option<serde_json::Value>)]
    ranges: Option<Box<RawValue>>,
    /// Ports. Left out: those of the list, else the port of `url`, else 80 and 443.
    #[serde(default)]
    #[schema(value_type = Vec<u16>, example = json!([443]))]
    ports: Vec<NonZeroU16>,
    /// The interface that packets from the internet come in by, such as `eth0`.
    interface: Option<String>,
    /// Where packets go on to a container or another host: the interface on that side, such as `docker0`.
    inner_interface: Option<String>,
    /// The server's own address, as the rules see it.
    #[schema(value_type = Option<String>, example = "203.0.113.7")]
    server: Option<IpAddr>,
    /// The page that Kakao would ask for, where rules depend on it; or `host` and `path`.
    #[schema(example = "https://example.kr/p/1")]
    url: Option<String>,
    /// Its host, instead of `url`.
    host: Option<String>,
    /// Its path and query, instead of `url`.
    path: Option<String>,
}

/// One file.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AclDump {
    /// What it is called; places in the answer name it. Left out: `dump 1` and so on.
    #[schema(example = "rules.v4")]
    name: Option<String>,
    /// What is in it.
    #[schema(example = "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 443 -j ACCEPT\nCOMMIT\n")]
    text: String,
    /// Its dialect, a `name` of `/api/v1/acl/formats`; `auto` or left out to find out.
    #[schema(example = "auto")]
    format: Option<String>,
    /// The layer it belongs to. Left out: one of its own, or that of the dump before where the dialect has several files.
    layer: Option<String>,
    /// Which address it sees: `direct` (left out), `balancer`, `balancer=10.0.0.0/8`, or `header`.
    #[schema(example = "direct")]
    sees: Option<String>,
    /// The port by which it is reached, where a balancer in front changes it.
    #[schema(value_type = Option<u16>, example = 8080)]
    port: Option<NonZeroU16>,
}

impl AclQuestion {
    fn ask(self, max_url_bytes: usize) -> Result<Ask, Problem> {
        let target = match (self.url.as_deref().filter(|url| !url.trim().is_empty()), &self.host, &self.path) {
            (None, ..) => None,
            (Some(url), None, None) => Some(Target::parse(url, max_url_bytes)?),
            (Some(url), ..) => {
                let fits = "give either url, or host and path";
                return Err(Problem::Parameter { name: "url", value: short(url), fits });
            }
        };
        let mut ports: Vec<u16> = self.ports.iter().map(|port| port.get()).collect();
        if let (Some(target), true) = (&target, ports.is_empty()) {
            ports.push(target.port());
        }
        let url = target.as_ref().map(Target::request_url);
        Ok(Ask {
            ranges: self.ranges.as_deref().map(ranges).transpose()?.flatten(),
            dumps: (1..).zip(self.dumps).map(|(number, dump)| dump.dump(number)).collect::<Result<_, _>>()?,
            ports,
            circumstances: Circumstances {
                interface: self.interface,
                inner_interface: self.inner_interface,
                server: self.server,
                request: firewall::request(url.as_ref(), self.host.as_deref(), self.path.as_deref()),
            },
            today: firewall::day_of(jiff::Timestamp::now()),
        })
    }
}

impl AclDump {
    pub(super) fn dump(self, number: usize) -> Result<Dump, Problem> {
        let name = self.name.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| format!("dump {number}"));
        let sees = self.sees.as_deref().map_or(Ok(Sees::Direct), |text| {
            let value = short(text);
            let fits = "use direct, balancer, balancer=10.0.0.0/8, or header";
            firewall::sees(text).map_err(|_wrong| Problem::Parameter { name: "sees", value, fits })
        })?;
        Ok(Dump {
            file: File::new(&name, without_mark(&self.text)),
            format: self.format,
            layer: self.layer,
            sees,
            port: self.port.map(NonZeroU16::get),
        })
    }
}

/// The list as a file: JSON as it came, so that places in it are the caller's; a string's text.
pub(super) fn ranges(json: &RawValue) -> Result<Option<File>, Problem> {
    let text = json.get();
    match text.bytes().next() {
        Some(b'n') => Ok(None), // null
        Some(b'{' | b'[') => Ok(Some(File::new("ranges", text))),
        Some(b'"') => {
            let text: String =
                serde_json::from_str(text).map_err(|error| Problem::Json(format!("`ranges`: {error}")))?;
            Ok(Some(File::new("ranges", without_mark(&text))))
        }
        _ => Err(Problem::Parameter {
            name: "ranges",
            value: short(text),
            fits: "give the JSON of Kakao's GET /v1/system/ips, text with one network a line, or an array of networks",
        }),
    }
}

/// Text without the byte order mark that some editors write.
fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// Who among Kakao's ranges gets in, and which line decides.
///
/// Nothing that is sent is kept or logged. A range that is refused is an answer, not a problem.
#[utoipa::path(post, path = "/api/v1/acl/check", tag = "acl", request_body = AclQuestion, responses(
    (status = 200, description = "Every range for every port, exactly, with the deciding lines", body = AclReport),
    (status = 400, description = "The body cannot be used", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 408, description = "The body took too long", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 413, description = "The body is too large", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 422, description = "A dump or the list cannot be read (`file`, `line`, `column` say where), or is too much", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 503, description = "Too many questions are being answered; see Retry-After", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub async fn check(
    request: HttpRequest,
    payload: web::Payload,
    gate: web::Data<FirewallGate>,
    limits: web::Data<Limits>,
) -> Result<HttpResponse, Problem> {
    answer(&request, payload, &gate, limits.max_url_bytes, Firewall::check).await
}

/// The smallest change to one layer that lets every range in, as that dialect's own syntax, proved by reading it again.
///
/// Nothing that is sent is kept or logged.
#[utoipa::path(post, path = "/api/v1/acl/fix", tag = "acl", request_body = AclQuestion, responses(
    (status = 200, description = "The change, or why there is none", body = FixReport),
    (status = 400, description = "The body cannot be used", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 408, description = "The body took too long", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 413, description = "The body is too large", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 422, description = "A dump or the list cannot be read (`file`, `line`, `column` say where), there are several layers, or it is too much", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 503, description = "Too many questions are being answered; see Retry-After", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub async fn fix(
    request: HttpRequest,
    payload: web::Payload,
    gate: web::Data<FirewallGate>,
    limits: web::Data<Limits>,
) -> Result<HttpResponse, Problem> {
    answer(&request, payload, &gate, limits.max_url_bytes, Firewall::fix).await
}

/// The dialects that are read, and what each cannot decide.
#[utoipa::path(get, path = "/api/v1/acl/formats", tag = "acl", responses(
    (status = 200, description = "Every dialect", body = Vec<FormatReport>),
))]
pub async fn formats() -> HttpResponse {
    HttpResponse::Ok().json(firewall::formats())
}

/// Admits a question, reads it, and answers it on a thread of its own. Its place is given back when the work ends, not when
/// the caller leaves: leaving early must not make room for more work.
async fn answer<T: Serialize + 'static>(
    request: &HttpRequest,
    payload: web::Payload,
    gate: &FirewallGate,
    max_url_bytes: usize,
    work: fn(&Firewall, &Ask) -> Result<T, FirewallError>,
) -> Result<HttpResponse, Problem> {
    let gate = Arc::clone(&gate.0);
    let inside = gate.inside.take().await.ok_or(Problem::Crowded)?;
    let bytes = body::read(request, payload, gate.body).await?;
    let place = gate.working.take().await.ok_or(Problem::Crowded)?;
    let done = web::block(move || {
        let _held = (inside, place);
        let ask = body::parsed::<AclQuestion>(&bytes)?.ask(max_url_bytes)?;
        drop(bytes);
        let report = work(&gate.firewall, &ask)?;
        serde_json::to_vec(&report).map_err(|error| {
            tracing::error!("an answer about a firewall cannot be written as JSON: {error}");
            Problem::Internal
        })
    });
    let json = done.await.map_err(|died| {
        tracing::error!("looking at a firewall died: {died}");
        Problem::Internal
    })??;
    Ok(HttpResponse::Ok()
        .insert_header(ContentType::json())
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(json))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(json: &str) -> Result<Ask, Problem> {
        body::parsed::<AclQuestion>(json.as_bytes())?.ask(2048)
    }

    fn refused(json: &str) -> String {
        ask(json).unwrap_err().to_string()
    }

    #[test]
    fn a_key_that_is_not_known_is_named_with_its_place() {
        for (json, said) in [
            (r#"{"dumps":[],"prots":[443]}"#, "unknown field `prots`"),
            (r#"{"dumps":[{"txt":""}]}"#, "`dumps[0].txt`: unknown field `txt`"),
            (r#"{"dumps":[{"name":"a"}]}"#, "missing field `text`"),
            (r#"{"dumps":[],"ports":[0]}"#, "`ports[0]`"),
            (r#"{"dumps":[],"ports":[70000]}"#, "`ports[0]`"),
            (r#"{"dumps":[],"server":"web1"}"#, "`server`"),
            ("{}", "missing field `dumps`"),
            (r#"{"dumps":[]} x"#, "trailing"),
            ("", "EOF"),
        ] {
            assert!(refused(json).contains(said), "{json}: {}", refused(json));
        }
    }

    #[test]
    fn a_long_value_that_does_not_fit_is_not_repeated_whole() {
        let json = format!(r#"{{"dumps":[],"server":"{}"}}"#, "a".repeat(100_000));
        assert!(refused(&json).len() < 500);
    }

    #[test]
    fn ranges_come_as_text_as_networks_or_as_kakaos_json() {
        let text = |ranges: &str| {
            let asked = ask(&format!(r#"{{"dumps":[],"ranges":{ranges}}}"#)).unwrap();
            asked.ranges.map(|file| file.text.to_string())
        };
        assert_eq!(text(r#""27.0.236.0/22\n# more""#).as_deref(), Some("27.0.236.0/22\n# more"));
        assert_eq!(text(r#"["27.0.236.0/22"]"#).as_deref(), Some(r#"["27.0.236.0/22"]"#));
        assert_eq!(text("{\"inbound\":\n []}").as_deref(), Some("{\"inbound\":\n []}"));
        assert_eq!(text("null"), None);
        assert!(ask(r#"{"dumps":[]}"#).unwrap().ranges.is_none());
        assert!(refused(r#"{"dumps":[],"ranges":7}"#).contains("`ranges`"));
    }

    #[test]
    fn the_url_gives_host_path_and_the_port_that_is_not_named() {
        let asked = ask(r#"{"dumps":[],"url":"http://Example.kr:8080/p?q"}"#).unwrap();
        let request = &asked.circumstances.request;
        assert_eq!(
            (request.host.as_deref(), request.path.as_str(), asked.ports),
            (Some("example.kr"), "/p?q", vec![8080])
        );
        let asked = ask(r#"{"dumps":[],"url":"https://example.kr/","ports":[80]}"#).unwrap();
        assert_eq!(asked.ports, [80]);
        assert!(refused(r#"{"dumps":[],"url":"https://example.kr/","host":"a.kr"}"#).contains("`url`"));
    }

    #[test]
    fn a_dump_without_a_name_has_a_number_and_no_byte_order_mark() {
        let asked = ask("{\"dumps\":[{\"name\":\"a\",\"text\":\"x\"},{\"text\":\"\u{feff}y\",\"sees\":\"balancer\"}]}")
            .unwrap();
        let found: Vec<_> = asked.dumps.iter().map(|dump| (&*dump.file.name, &*dump.file.text, &dump.sees)).collect();
        assert_eq!(found, [("a", "x", &Sees::Direct), ("dump 2", "y", &Sees::Balancer(None))]);
        assert!(refused(r#"{"dumps":[{"text":"x","sees":"proxy"}]}"#).contains("`proxy`"));
    }
}
