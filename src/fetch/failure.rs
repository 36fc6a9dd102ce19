//! Why a fetch brought no page, or only a part of one: every way it can fail, told apart by type along the chain of causes,
//! never by its text. It knows codes and blame; the sentences for people are the rulebook's.

use std::{borrow::Cow, error::Error as StdError, io, net::SocketAddr, time::Duration};

use super::{resolver::NameError, tls::TlsFailure};
use crate::{egress, page::Blame, target::TargetError};

/// One way a fetch can fail, with what was measured.
#[derive(Debug, Clone)]
pub enum Failure {
    /// The outbound guard does not let us go there.
    Denied {
        /// Which rule of the guard, and which address.
        denied: egress::Denied,
        /// True if the caller wrote the address or the port, rather than a name server or a redirect.
        asked_for: bool,
    },
    /// The name has no usable answer.
    Name(NameError),
    /// The port is closed.
    Refused(Vec<SocketAddr>),
    /// No route to the host.
    Unreachable(Vec<SocketAddr>),
    /// Neither answer nor refusal in time.
    ConnectTimeout {
        /// Where we knocked.
        addresses: Vec<SocketAddr>,
        /// True if TCP was up and the TLS handshake stalled.
        during_tls: bool,
        /// The limit that passed.
        limit: Duration,
    },
    /// The connection was cut before an answer.
    Reset,
    /// The TLS handshake failed.
    Tls(TlsFailure),
    /// Silence or slowness passed a limit after the connection was up.
    Timeout {
        /// What we were waiting for.
        stage: Stage,
        /// The limit that passed.
        limit: Duration,
    },
    /// The answer is not HTTP as RFC 9112 has it, or not encoded as it says.
    Malformed(String),
    /// The body ended before its end; what had arrived is kept.
    Cut(String),
    /// `Content-Encoding` that is not undone: unknown, or several on top of each other.
    EncodingUnsupported(String),
    /// The redirects come back to a URL that was asked before.
    RedirectLoop(String),
    /// More redirects than are followed.
    TooManyRedirects(usize),
    /// A redirect that leads nowhere.
    BadRedirect(TargetError),
    /// An answer outside 2xx (R6).
    Status(u16),
    /// Not a page (R7).
    NotHtml(Option<String>),
    /// Not JSON, where JSON was asked for.
    NotJson(Option<String>),
    /// A status that has no content, 204 or 205.
    NoContent(u16),
    /// Something on our side broke.
    Internal(String),
}

/// What a fetch was waiting for when time ran out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The name servers.
    Dns,
    /// The TCP connection.
    Connect,
    /// The TLS handshake.
    Tls,
    /// The head of the answer.
    Head,
    /// The body.
    Body,
}

impl Stage {
    /// The stage's name, as in `timing_ms`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Head => "wait",
            Self::Body => "body",
        }
    }
}

impl Failure {
    /// The stable kebab-case name: the report's `outcome` and the code of the finding that explains it.
    pub fn code(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Denied { denied, .. } if denied.class == egress::Class::Port => "port-refused",
            Self::Denied { .. } => "address-private",
            Self::Name(error) => error.code(),
            Self::Refused(_) => "connect-refused",
            Self::Unreachable(_) => "connect-unreachable",
            Self::ConnectTimeout { .. } => "connect-timeout",
            Self::Reset => "connect-reset",
            Self::Tls(failure) => failure.code(),
            Self::Timeout { .. } => "timeout",
            Self::Malformed(_) => "response-malformed",
            Self::Cut(_) => "response-cut",
            Self::EncodingUnsupported(_) => "encoding-unsupported",
            Self::RedirectLoop(_) => "redirect-loop",
            Self::TooManyRedirects(_) => "redirect-too-many",
            Self::BadRedirect(_) => "redirect-bad",
            Self::Status(status) => return Cow::Owned(format!("status-{status}")),
            Self::NotHtml(_) | Self::NoContent(_) => "not-html",
            Self::NotJson(_) => "not-json",
            Self::Internal(_) => "extraction-failed",
        })
    }

    /// Whose fault it is.
    pub fn blame(&self) -> Blame {
        match self {
            Self::Denied { asked_for, .. } => {
                if *asked_for {
                    Blame::Caller
                } else {
                    Blame::Site
                }
            }
            Self::Name(error) => error.blame(),
            Self::Internal(_) => Blame::Server,
            Self::Refused(_)
            | Self::Unreachable(_)
            | Self::ConnectTimeout { .. }
            | Self::Reset
            | Self::Tls(_)
            | Self::Timeout { .. }
            | Self::Malformed(_)
            | Self::Cut(_)
            | Self::EncodingUnsupported(_)
            | Self::RedirectLoop(_)
            | Self::TooManyRedirects(_)
            | Self::BadRedirect(_)
            | Self::Status(_)
            | Self::NotHtml(_)
            | Self::NotJson(_)
            | Self::NoContent(_) => Blame::Site,
        }
    }

    /// What proves it, in one line. Never names an address that the guard refused, unless it was asked for: a name that
    /// answers internal addresses must not be readable through us.
    pub fn evidence(&self) -> Option<String> {
        Some(match self {
            Self::Denied { denied, asked_for } if *asked_for || denied.class == egress::Class::Port => {
                denied.to_string()
            }
            Self::Denied { denied, .. } => denied.class.to_string(),
            Self::Name(error) => error.to_string(),
            Self::Refused(addresses) | Self::Unreachable(addresses) => list(addresses)?,
            Self::ConnectTimeout { addresses, during_tls, limit } => {
                let whom = list(addresses).unwrap_or_default();
                let what = if *during_tls { "TCP connected, the TLS handshake got no answer" } else { "no answer" };
                format!("{whom}: {what} within {} s", limit.as_secs_f32())
            }
            Self::Tls(failure) => failure.to_string(),
            Self::Timeout { stage, limit } => format!("stage {}: over {} s", stage.name(), limit.as_secs_f32()),
            Self::Malformed(what) | Self::Cut(what) | Self::Internal(what) => what.clone(),
            Self::EncodingUnsupported(encoding) => format!("Content-Encoding: {encoding}"),
            Self::RedirectLoop(url) => url.clone(),
            Self::TooManyRedirects(limit) => format!("more than {limit} redirects"),
            Self::BadRedirect(error) => error.to_string(),
            Self::Status(status) => format!("HTTP {status}"),
            Self::NotHtml(Some(content_type)) | Self::NotJson(Some(content_type)) => {
                format!("Content-Type: {content_type}")
            }
            Self::NoContent(status) => format!("HTTP {status}: an answer without content"),
            Self::NotHtml(None) => "no Content-Type, and the bytes are not HTML".to_owned(),
            Self::NotJson(None) => "no Content-Type, and the bytes are not JSON".to_owned(),
            Self::Reset => return None,
        })
    }
}

fn list(addresses: &[SocketAddr]) -> Option<String> {
    let all: Vec<String> = addresses.iter().map(ToString::to_string).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

/// Nothing came for as long as the limit on silence.
#[derive(Debug, thiserror::Error)]
#[error("nothing came for too long")]
pub(super) struct Silence;

/// What was known when the connection failed; fills in what an error does not carry.
#[derive(Debug, Clone, Default)]
pub(super) struct Circumstances {
    /// Where we knocked.
    pub addresses: Vec<SocketAddr>,
    /// How far it had come.
    pub stage: Option<Stage>,
    /// The connect limit.
    pub connect_limit: Duration,
    /// The silence limit.
    pub read_limit: Duration,
    /// The certificates the server sent.
    pub chain: super::tls::Chain,
    /// True if the URL is the one that was asked for, false if a redirect led to it.
    pub first: bool,
}

/// Tells a failed request apart by the types in its chain of causes.
pub(super) fn of_request(error: &reqwest::Error, known: &Circumstances) -> Failure {
    for cause in causes(error) {
        if let Some(NameError::Denied(denied)) = cause.downcast_ref() {
            // A name server chose the address, but whoever wrote the URL chose the port.
            let asked_for = known.first && denied.class == egress::Class::Port;
            return Failure::Denied { denied: denied.clone(), asked_for };
        }
        if let Some(name) = cause.downcast_ref::<NameError>() {
            return Failure::Name(name.clone());
        }
        if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
            return Failure::Tls(TlsFailure::of(tls, &known.chain));
        }
    }
    if error.is_timeout() {
        return match known.stage {
            Some(Stage::Dns) => Failure::Name(NameError::Timeout),
            Some(stage @ (Stage::Connect | Stage::Tls)) => Failure::ConnectTimeout {
                addresses: known.addresses.clone(),
                during_tls: stage == Stage::Tls,
                limit: known.connect_limit,
            },
            Some(Stage::Head | Stage::Body) | None => Failure::Timeout { stage: Stage::Head, limit: known.read_limit },
        };
    }
    for cause in causes(error) {
        if let Some(hyper) = cause.downcast_ref::<hyper::Error>() {
            if hyper.is_parse() {
                return Failure::Malformed(hyper.to_string());
            }
            if hyper.is_incomplete_message() {
                return Failure::Reset;
            }
        }
        if let Some(failure) = cause.downcast_ref().and_then(|io| of_io(io, known)) {
            return failure;
        }
    }
    Failure::Malformed(root(error))
}

pub(super) fn of_io(error: &io::Error, known: &Circumstances) -> Option<Failure> {
    Some(match error.kind() {
        io::ErrorKind::ConnectionRefused => Failure::Refused(known.addresses.clone()),
        io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::AddrNotAvailable
        | io::ErrorKind::PermissionDenied => Failure::Unreachable(known.addresses.clone()),
        io::ErrorKind::TimedOut => Failure::ConnectTimeout {
            addresses: known.addresses.clone(),
            during_tls: false,
            limit: known.connect_limit,
        },
        io::ErrorKind::UnexpectedEof if known.stage == Some(Stage::Tls) => Failure::Tls(TlsFailure::Closed),
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::UnexpectedEof => Failure::Reset,
        // No file descriptors left, an address family this machine lacks: ours to mend, and no answer of the site's.
        _ if known.stage == Some(Stage::Connect) && error.raw_os_error().is_some() => {
            Failure::Internal(format!("no connection could be opened: {error}"))
        }
        _ => return None,
    })
}

/// Tells a failed handshake apart, outside of any request.
pub(super) fn of_handshake(error: &io::Error, known: &Circumstances) -> Failure {
    let rustls = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    if let Some(rustls) = rustls {
        return Failure::Tls(TlsFailure::of(rustls, &known.chain));
    }
    of_io(error, known).unwrap_or_else(|| Failure::Tls(TlsFailure::Other(error.to_string())))
}

/// Tells a failed body apart: the connection's own end, broken framing, or an encoding that is not what it says.
pub(super) fn of_body(error: &io::Error, read_limit: Duration) -> Failure {
    let inner = error.get_ref();
    if inner.is_some_and(<dyn StdError + Send + Sync>::is::<Silence>) {
        return Failure::Timeout { stage: Stage::Body, limit: read_limit };
    }
    let transport = inner.and_then(|inner| inner.downcast_ref::<reqwest::Error>());
    let Some(transport) = transport else {
        return match error.kind() {
            io::ErrorKind::UnexpectedEof => Failure::Cut("the compressed body ends before its end".to_owned()),
            _ => Failure::Malformed(format!("the body does not decode: {error}")),
        };
    };
    for cause in causes(transport) {
        if cause.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_incomplete_message) {
            return Failure::Cut("the connection closed before the end of the body".to_owned());
        }
        if let Some(io) = cause.downcast_ref::<io::Error>() {
            return match io.kind() {
                io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe => {
                    Failure::Cut("the connection was reset in the middle of the body".to_owned())
                }
                io::ErrorKind::UnexpectedEof => {
                    Failure::Cut("the connection closed before the end of the body".to_owned())
                }
                _ => Failure::Malformed(format!("broken framing: {io}")),
            };
        }
    }
    Failure::Malformed(root(transport))
}

/// The error and everything that caused it, outermost first. An `io::Error` hides what it wraps from `source()`, so it is opened.
fn causes<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |cause| cause_of(*cause))
}

fn cause_of<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}

fn root(error: &(dyn StdError + 'static)) -> String {
    causes(error).last().map_or_else(String::new, ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_this_machine_lacks_is_not_the_sites_fault() {
        let known = Circumstances { stage: Some(Stage::Connect), ..Circumstances::default() };
        for (number, blame) in [(24, Blame::Server), (97, Blame::Server), (111, Blame::Site), (113, Blame::Site)] {
            let failure = of_io(&io::Error::from_raw_os_error(number), &known).unwrap();
            assert_eq!(failure.blame(), blame, "{:?}", failure.evidence());
        }
    }
}
