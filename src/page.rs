//! What a fetch brought home, as plain data: the hops on the way and the page at the end.
//! No sockets, no parsing: `fetch` fills these in, everything else reads them.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// Whose fault a failure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Blame {
    /// The site that was asked for.
    Site,
    /// This server.
    Server,
    /// Whoever asked.
    Caller,
}

/// One request and its answer on the way to the page.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Hop {
    /// The URL that was asked for, without fragment.
    pub url: String,
    /// The answer's status code; `null` when no answer came.
    pub status: Option<u16>,
    /// The `Location` header as the server sent it.
    pub location: Option<String>,
    /// Who answered, as `ip:port`; `null` when nobody was reached.
    pub address: Option<String>,
    /// How long each stage took.
    pub timing_ms: Timing,
    /// The certificate the server showed, for `https`.
    pub tls: Option<Tls>,
    /// The `Server` header, which names the software that answered.
    pub server: Option<String>,
}

/// Milliseconds per stage of one hop; `null` for a stage that did not take place or did not finish.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, ToSchema)]
pub struct Timing {
    /// From asking the name servers to their answer.
    pub dns: Option<f64>,
    /// TCP: from the first SYN to the established connection.
    pub connect: Option<f64>,
    /// The TLS handshake.
    pub tls: Option<f64>,
    /// From sending the request to the head of the answer.
    pub wait: Option<f64>,
    /// From the head to the last byte that was read.
    pub body: Option<f64>,
}

impl Timing {
    /// The stages in the order in which they happen, with their names.
    pub fn stages(&self) -> [(&'static str, Option<f64>); 5] {
        [("dns", self.dns), ("connect", self.connect), ("tls", self.tls), ("wait", self.wait), ("body", self.body)]
    }

    /// All stages together, in milliseconds.
    pub fn total(&self) -> f64 {
        self.stages().iter().filter_map(|(_, ms)| *ms).sum()
    }
}

/// What the server's certificate says of itself. Present also when it was not accepted.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Tls {
    /// Distinguished name of the holder (RFC 5280, 4.1.2.6).
    pub subject: String,
    /// Distinguished name of the issuer (RFC 5280, 4.1.2.4).
    pub issuer: String,
    /// The host names and addresses the certificate is for (subjectAltName).
    pub names: Vec<String>,
    /// The first moment at which it is valid.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub not_before: Option<Timestamp>,
    /// The last moment at which it is valid.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub not_after: Option<Timestamp>,
    /// How many certificates the server sent, its own included.
    pub chain_length: usize,
}

/// The page part of a report.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Page {
    /// Status of the last answer; `null` when the HTML did not come from a server.
    pub status: Option<u16>,
    /// The media type without parameters, lower case.
    pub content_type: Option<String>,
    /// The encoding the bytes were read in, by its WHATWG name (`UTF-8`, `EUC-KR`, ...).
    pub charset: String,
    /// Who said so: `bom`, `http-header`, `meta`, `valid-utf-8`, `detected` or `default`.
    pub charset_source: String,
    /// Decoded bytes that were read.
    pub bytes: u64,
    /// Bytes on the wire, before `Content-Encoding` was undone; `null` when the HTML did not come from a server.
    pub wire_bytes: Option<u64>,
    /// The `Content-Encoding` that was undone.
    pub encoding: Option<String>,
    /// True if the page was longer than what was read.
    pub truncated: bool,
}

/// The media type of a `Content-Type` header: without parameters, lower case (RFC 9110, 8.3.1).
pub fn media_type(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}
