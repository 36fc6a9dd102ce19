//! Names fixed by hand: `--resolve HOST:PORT:ADDRESS`, written as curl's. It looks nothing up and permits nothing:
//! a fixed address is judged like any other.

use std::{net::IpAddr, str::FromStr};

use serde::Deserialize;

/// One name and port with the addresses to dial instead of asking DNS.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Pin {
    /// `None` stands for `*`: any host.
    host: Option<String>,
    port: u16,
    addresses: Vec<IpAddr>,
}

/// Why a `--resolve` cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is not HOST:PORT:ADDRESS[,ADDRESS]; write for example staging.example.com:443:203.0.113.7 or app.test:3000:[::1]"
)]
pub struct PinError {
    text: String,
}

impl Pin {
    /// True if this pin answers for `host` and `port`. Hosts compare without case and without a trailing dot.
    pub fn applies_to(&self, host: &str, port: u16) -> bool {
        let host = host.strip_suffix('.').unwrap_or(host);
        self.port == port && self.host.as_deref().is_none_or(|own| own.eq_ignore_ascii_case(host))
    }

    /// The addresses to dial, in order.
    pub fn addresses(&self) -> &[IpAddr] {
        &self.addresses
    }
}

impl FromStr for Pin {
    type Err = PinError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || PinError { text: text.to_owned() };
        // curl lets a `+` in front say that the entry may time out; ours never do.
        let plain = text.strip_prefix('+').unwrap_or(text);
        let (host, rest) = plain.split_once(':').ok_or_else(error)?;
        let (port, addresses) = rest.split_once(':').ok_or_else(error)?;
        let port = port.parse().ok().filter(|port| *port != 0).ok_or_else(error)?;
        let bare = |part: &str| part.trim().trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().ok();
        let addresses = addresses.split(',').map(bare).collect::<Option<Vec<_>>>().ok_or_else(error)?;
        let host = match host {
            "*" => None,
            name => Some(ascii_host(name).ok_or_else(error)?),
        };
        Ok(Self { host, port, addresses })
    }
}

/// The host as a URL would write it, so that `한국.kr` and `xn--3e0b707e.kr` are the same pin.
fn ascii_host(name: &str) -> Option<String> {
    match url::Host::parse(name).ok()? {
        url::Host::Domain(domain) => Some(domain.strip_suffix('.').unwrap_or(&domain).to_owned()),
        url::Host::Ipv4(_) | url::Host::Ipv6(_) => None, // a literal is never looked up, so a pin for it would do nothing
    }
}

impl TryFrom<String> for Pin {
    type Error = PinError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_written_as_for_curl() {
        let cases = [
            ("example.com:443:127.0.0.1", "example.com", 443, true),
            ("Example.COM:443:127.0.0.1", "example.com.", 443, true),
            ("example.com:443:127.0.0.1", "example.com", 80, false),
            ("example.com:443:127.0.0.1", "www.example.com", 443, false),
            ("*:443:127.0.0.1", "anything.example", 443, true),
            ("+example.com:443:127.0.0.1", "example.com", 443, true),
            ("한국.kr:80:127.0.0.1", "xn--3e0b707e.kr", 80, true),
        ];
        for (text, host, port, applies) in cases {
            assert_eq!(text.parse::<Pin>().unwrap().applies_to(host, port), applies, "{text} for {host}:{port}");
        }
    }

    #[test]
    fn several_addresses_and_brackets_are_read() {
        let pin: Pin = "example.com:443:127.0.0.1,[::1],2001:db8::1".parse().unwrap();
        assert_eq!(
            pin.addresses().iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["127.0.0.1", "::1", "2001:db8::1"]
        );
    }

    #[test]
    fn what_is_no_pin_is_refused_with_an_example() {
        for text in [
            "",
            "example.com",
            "example.com:443",
            "example.com:x:127.0.0.1",
            "example.com:0:127.0.0.1",
            "example.com:443:name",
            "127.0.0.1:80:127.0.0.2",
        ] {
            assert!(text.parse::<Pin>().unwrap_err().to_string().contains("staging.example.com:443"), "{text}");
        }
    }
}
