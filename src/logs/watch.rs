//! Who looks on while a log is read: a progress bar, `--follow`, Ctrl-C. Nothing is counted here.

use std::net::IpAddr;

use jiff::Timestamp;

use crate::accesslog::Origin;

/// Looks on while a log is read.
pub trait Watch {
    /// So many more bytes were taken in since the last call, still packed.
    fn bytes(&mut self, packed: u64) {
        let _ = packed;
    }

    /// A request that calls itself Kakao's scraper, or comes from Kakao's networks where the log names no user agent.
    fn seen(&mut self, request: &Seen<'_>) {
        let _ = request;
    }

    /// Whether to stop reading here. Asked after every block, and whenever the reader was interrupted.
    fn stop(&self) -> bool {
        false
    }
}

/// Looks on without a word.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Watch for Unwatched {}

/// A request, as it is seen by who looks on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen<'a> {
    /// The file.
    pub name: &'a str,
    /// When.
    pub time: Option<Timestamp>,
    /// From where; None if the log does not tell.
    pub address: Option<IpAddr>,
    /// Whose address it is.
    pub origin: Origin,
    /// The method.
    pub method: Option<&'a str>,
    /// The host, where the log names it.
    pub host: Option<&'a str>,
    /// Path and query.
    pub path: Option<&'a str>,
    /// The status.
    pub status: Option<u16>,
    /// Seconds until the answer was sent.
    pub seconds: Option<f64>,
    /// Its user agent, as it wrote it.
    pub user_agent: Option<&'a str>,
}
