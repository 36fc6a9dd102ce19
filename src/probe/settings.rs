//! How probes behave: bounds on what one probe may ask for, and the thresholds of its warnings. Nothing known of Kakao stands here.

use std::{fmt, str::FromStr, time::Duration};

use serde::Deserialize;
use url::Host;

/// How probes behave; section `[probe]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Times a page is asked for as each asker.
    pub runs: usize,
    /// ... and at most.
    pub max_runs: usize,
    /// Times an image is asked for as each asker.
    pub image_runs: usize,
    /// Milliseconds between two rounds.
    pub pause_ms: u64,
    /// Milliseconds for everything together.
    pub deadline_ms: u64,
    /// Addresses of a name that are dialled.
    pub max_addresses: usize,
    /// ... and how many of them are asked for each TLS version.
    pub version_addresses: usize,
    /// Milliseconds to a TCP connection, and again to a TLS one.
    pub connect_timeout_ms: u64,
    /// Bytes of an image that are read.
    pub image_bytes: usize,
    /// Days before a certificate's end from which it is worth a warning.
    pub expiry_days: i64,
    /// Milliseconds to the first byte from which a page is worth a warning.
    pub slow_first_byte_ms: u64,
    /// Milliseconds a page may take longer for Kakao than for a browser.
    pub slower_ms: u64,
    /// Hosts of Kakao's to try; empty for those that are known.
    pub outbound_hosts: Vec<Endpoint>,
    /// ... and how many at once.
    pub outbound_parallel: usize,
    /// Whether `GET /api/v1/probe/outbound` answers.
    pub outbound_over_http: bool,
    /// Probes over HTTP that run at once.
    pub max_parallel: usize,
    /// Further ones that may wait.
    pub max_waiting: usize,
    /// Milliseconds one may wait.
    pub max_wait_ms: u64,
}

impl Settings {
    pub(super) fn pause(&self) -> Duration {
        Duration::from_millis(self.pause_ms)
    }

    pub(super) fn connect_timeout(&self) -> Duration {
        Duration::from_millis(self.connect_timeout_ms)
    }

    pub(super) fn deadline(&self) -> Duration {
        Duration::from_millis(self.deadline_ms)
    }
}

/// A host and port to reach over TLS.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Endpoint {
    /// The name, in its ASCII form.
    pub host: String,
    /// The port; 443 unless another was written.
    pub port: u16,
}

impl FromStr for Endpoint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || format!("`{text}` is not a host; write HOST or HOST:PORT, such as kapi.kakao.com");
        let (host, port) = match text.split_once(':') {
            Some((host, port)) => (host, port.parse().ok().filter(|port| *port != 0).ok_or_else(error)?),
            None => (text, HTTPS),
        };
        match Host::parse(host) {
            Ok(Host::Domain(host)) => Ok(Self { host, port }),
            Ok(Host::Ipv4(_) | Host::Ipv6(_)) | Err(_) => Err(error()),
        }
    }
}

impl TryFrom<String> for Endpoint {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.host, self.port)
    }
}

const HTTPS: u16 = 443;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_a_name_with_or_without_a_port() {
        for (text, expected) in [
            ("kapi.kakao.com", "kapi.kakao.com:443"),
            ("Kapi.Kakao.com:8443", "kapi.kakao.com:8443"),
            ("한국.kr", "xn--3e0b707e.kr:443"),
        ] {
            assert_eq!(text.parse::<Endpoint>().unwrap().to_string(), expected, "{text}");
        }
        for text in ["", "https://kapi.kakao.com", "kapi.kakao.com:0", "kapi.kakao.com:x", "127.0.0.1", "a b"] {
            assert!(text.parse::<Endpoint>().unwrap_err().contains("HOST:PORT"), "{text}");
        }
    }
}
