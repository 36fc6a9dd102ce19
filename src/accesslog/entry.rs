//! One request as a line of an access log tells it, whatever the format. What it means is not known here.

use std::{borrow::Cow, net::IpAddr};

use jiff::Timestamp;

/// What a line of a log is.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "it lives for one line and is never kept")]
pub enum Line<'a> {
    /// A request.
    Entry(Entry<'a>),
    /// Nothing to count: an empty line, a comment, a line that names the fields of those after it.
    Other,
    /// Not what the format says.
    Unreadable,
}

/// One request. Text borrows from its line, except where the format's escapes had to be undone.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Entry<'a> {
    /// When.
    pub time: Option<Timestamp>,
    /// Who was at the other end of the connection, as the server saw it.
    pub peer: Option<IpAddr>,
    /// For whom proxies say they asked, in the order of the header (`X-Forwarded-For`, RFC 7239 `for=`, `X-Real-IP`).
    pub forwarded: Vec<IpAddr>,
    /// The method.
    pub method: Option<Cow<'a, str>>,
    /// Path and query, as they were asked for.
    pub target: Option<Cow<'a, str>>,
    /// The host, where the log names it.
    pub host: Option<Cow<'a, str>>,
    /// The status that was answered; nginx writes 444 and 499 for connections it or the client closed.
    pub status: Option<u16>,
    /// Bytes that were sent.
    pub bytes: Option<u64>,
    /// Seconds until the answer was sent.
    pub seconds: Option<f64>,
    /// `Referer`.
    pub referer: Option<Cow<'a, str>>,
    /// `User-Agent`.
    pub user_agent: Option<Cow<'a, str>>,
}
