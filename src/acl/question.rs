//! What is asked: whose addresses, which ports, and what is known of the server. Answers are in `report`.

use std::net::IpAddr;

use super::Sees;

/// What is known of the server beyond its dumps, and what would be sent to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Circumstances {
    /// The interface that packets from the internet come in by.
    pub interface: Option<String>,
    /// Where packets are forwarded to another host or a container: the interface on that side.
    pub inner_interface: Option<String>,
    /// The server's own address, as the rules see it.
    pub server: Option<IpAddr>,
    /// The page that is asked for, where HTTP rules depend on it.
    pub request: Request,
}

/// The HTTP request whose fate is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// `Host` (RFC 9110, 7.2), lower case; `None` where the question does not name one.
    pub host: Option<String>,
    /// The path and query, starting with `/`.
    pub path: String,
    /// `User-Agent`.
    pub user_agent: String,
}

impl Default for Request {
    fn default() -> Self {
        Self { host: None, path: "/".to_owned(), user_agent: String::new() }
    }
}

/// What a parser is told beside the files.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// What is known of the server.
    pub circumstances: Circumstances,
    /// Which address this layer sees, as the user says.
    pub sees: Sees,
    /// Bounds.
    pub limits: Limits,
}

/// Bounds on what is read; section `[acl]` of the settings.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Files of one question.
    pub max_files: usize,
    /// Bytes of one file.
    pub max_bytes: usize,
    /// Rules of one layer, after lists and maps are spread out.
    pub max_rules: usize,
    /// Kakao ranges of one list.
    pub max_ranges: usize,
    /// Pieces a range list may be cut into, over all ports.
    pub max_pieces: usize,
    /// Rules that may be looked at in all before a question is given up.
    pub max_steps: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_files: 32,
            max_bytes: 16 << 20,
            max_rules: 200_000,
            max_ranges: 5_000,
            max_pieces: 100_000,
            max_steps: 200_000_000,
        }
    }
}
