//! What a key of a JSON log tells. Everybody names keys as they like; these are the names that servers and their users use.

use super::super::registry::Flavour;
use crate::accesslog::field::{
    fill::Means::{
        self, Agent, Bytes, Forwarded, Host, Method, Path, Peer, Query, Referer, Request, Status, Target, Time, Took,
    },
    header,
    time::Form,
};

/// Names, in lower case and without signs, of what they tell, the more telling first. A name with a dot is that of a key in an object.
const KEYS: &[(&str, Means, u8)] = &[
    // User-Agent: ECS, nginx, Traefik, Cloudflare Logpush, hand-made
    ("useragent.original", Agent, 0),
    ("useragent", Agent, 0),
    ("httpuseragent", Agent, 0),
    ("requestuseragent", Agent, 0),
    ("clientrequestuseragent", Agent, 0),
    ("agent", Agent, 1),
    ("ua", Agent, 1),
    // the other end: nginx, Caddy, Traefik, Envoy, pino, ECS, Cloudflare, Google Cloud
    ("remoteaddr", Peer, 0),
    ("remoteip", Peer, 0),
    ("remoteaddress", Peer, 0),
    ("downstreamremoteaddress", Peer, 0),
    ("clienthost", Peer, 0),
    ("clientaddr", Peer, 1),
    ("source.ip", Peer, 1),
    ("client.ip", Peer, 1),
    ("client.address", Peer, 1),
    ("clientip", Peer, 2),
    ("clientaddress", Peer, 2),
    ("client", Peer, 2),
    ("remotehost", Peer, 3),
    ("remote", Peer, 3),
    ("srcip", Peer, 3),
    ("ip", Peer, 4),
    // time
    ("startutc", Time(Form::Iso), 0),
    ("msec", Time(Form::Epoch), 0),
    ("timeiso8601", Time(Form::Iso), 1),
    ("timelocal", Time(Form::Clf), 1),
    ("edgestarttimestamp", Time(Form::Any), 0),
    ("starttime", Time(Form::Any), 0),
    ("timestamp", Time(Form::Any), 1),
    ("ts", Time(Form::Any), 1),
    ("time", Time(Form::Any), 2),
    ("datetime", Time(Form::Any), 2),
    ("date", Time(Form::Any), 3),
    // what was asked for
    ("request", Request, 0),
    ("requestline", Request, 0),
    ("requestmethod", Method, 0),
    ("clientrequestmethod", Method, 0),
    ("httpmethod", Method, 0),
    ("method", Method, 1),
    ("verb", Method, 2),
    ("xenvoyoriginalpath", Target, 0),
    ("requesturi", Target, 1),
    ("requesturl", Target, 1),
    ("clientrequesturi", Target, 1),
    ("url.original", Target, 1),
    ("requestpath", Target, 1),
    ("url", Target, 2),
    ("uri", Path, 0),
    ("path", Path, 0),
    ("pathname", Path, 0),
    ("args", Query, 0),
    ("query", Query, 0),
    ("querystring", Query, 0),
    // the host; a bare `host` may be the machine's name
    ("httphost", Host, 0),
    ("requesthost", Host, 0),
    ("clientrequesthost", Host, 0),
    ("authority", Host, 0),
    ("url.domain", Host, 0),
    ("headers.host", Host, 0),
    ("request.host", Host, 0),
    ("vhost", Host, 1),
    ("servername", Host, 2),
    ("host", Host, 3),
    // the answer
    ("downstreamstatus", Status, 0),
    ("edgeresponsestatus", Status, 0),
    ("statuscode", Status, 0),
    ("responsecode", Status, 0),
    ("responsestatus", Status, 0),
    ("httpstatus", Status, 0),
    ("status", Status, 1),
    ("bodybytessent", Bytes, 0),
    ("downstreamcontentsize", Bytes, 0),
    ("edgeresponsebytes", Bytes, 0),
    ("responsesize", Bytes, 0),
    ("response.body.bytes", Bytes, 0),
    ("bytessent", Bytes, 1),
    ("bytes", Bytes, 2),
    ("size", Bytes, 2),
    // Referer
    ("httpreferer", Referer, 0),
    ("httpreferrer", Referer, 0),
    ("clientrequestreferer", Referer, 0),
    ("requestreferer", Referer, 0),
    ("referer", Referer, 0),
    ("referrer", Referer, 0),
    // for whom proxies asked
    ("forwardedfor", Forwarded, 1),
    ("xff", Forwarded, 1),
    ("realip", Forwarded, 3),
    // how long it took, where the name tells the unit
    ("requesttime", Took(1), 0),
    ("event.duration", Took(1_000_000_000), 0),
    ("durationms", Took(1_000), 0),
    ("latencyms", Took(1_000), 0),
    ("elapsedms", Took(1_000), 0),
    ("responsetimems", Took(1_000), 0),
    ("requesttimems", Took(1_000), 0),
];

/// Names of how long it took whose unit only the server knows.
const DURATIONS: [&str; 5] = ["duration", "latency", "elapsed", "responsetime", "took"];

/// What is known of the object a key is in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around {
    /// Whose log it is.
    pub(super) flavour: Flavour,
    /// `res` stands beside `req`: pino-http, bunyan.
    pub(super) node: bool,
    /// Envoy's `response_flags` or `response_code` stands beside.
    pub(super) envoy: bool,
}

/// What the key at a path tells (each name plain, joined by dots).
pub(super) fn meaning(path: &str, around: Around) -> (Means, u8) {
    // Headers of the answer have names of those of requests.
    if ["respheaders", "responseheaders", "response.headers", "res.headers"]
        .iter()
        .any(|headers| path.contains(headers))
    {
        return (Means::Nothing, 0);
    }
    let last = path.rsplit('.').next().unwrap_or(path);
    if DURATIONS.contains(&last) && !path.ends_with("event.duration") {
        return match (around.flavour, last) {
            (Flavour::Caddy, "duration") => (Took(1), 0),
            (Flavour::Traefik, "duration") => (Took(1_000_000_000), 0),
            (_, "responsetime") if around.node => (Took(1_000), 0),
            (_, "duration") if around.envoy => (Took(1_000), 0),
            _ => (Means::TookWithUnit, 1),
        };
    }
    let named = |name: &str| path.strip_suffix(name).is_some_and(|before| before.is_empty() || before.ends_with('.'));
    if let Some((_, means, rank)) = KEYS.iter().find(|(name, ..)| named(name)) {
        return (means.clone(), *rank);
    }
    // Headers by their own names, nginx's `http_…`, Traefik's `request_…`.
    let header =
        ["http", "requestheader", "request"].iter().find_map(|prefix| last.strip_prefix(prefix)).unwrap_or(last);
    match header::request(header) {
        (Means::Host, _) => (Means::Nothing, 0),
        known => known,
    }
}

/// Whether it is a key by which a JSON log of nginx is known: its variables are taken for names.
pub(super) fn is_nginx(path: &str) -> bool {
    let names = [
        "remoteaddr",
        "httpuseragent",
        "timelocal",
        "timeiso8601",
        "bodybytessent",
        "requesttime",
        "httpreferer",
        "httpxforwardedfor",
        "upstreamresponsetime",
    ];
    names.contains(&path)
}
