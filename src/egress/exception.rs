//! An address range, perhaps with a port, that the operator opens on purpose: `10.0.0.0/8:8080`.
//! Not a host name: names are judged by the addresses they stand for.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ipnet::{IpNet, Ipv4Net};
use serde::Deserialize;
use thiserror::Error;

/// A hole in the guard, written `CIDR[:PORT]`.
///
/// | text | opens |
/// |---|---|
/// | `10.0.0.0/8` | every port of the range |
/// | `127.0.0.1:3000` | one port of one address |
/// | `::1`, `fd00::/8` | every port, without brackets |
/// | `[::1]:3000`, `[::1/128]:3000`, `[::1]/128:3000` | one port, the same three times |
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Exception {
    /// The addresses.
    pub net: IpNet,
    /// The port; every port if there is none.
    pub port: Option<u16>,
}

/// Why a text is not an [`Exception`]. The remedy is part of the message, because
/// the command line and the configuration show nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ExceptionError {
    /// The part before `/` and `:` is not an address.
    #[error(
        "`{0}` is not an IP address; write CIDR[:PORT] with the address itself, \
         such as 127.0.0.1/32:3000 or [::1/128]:3000"
    )]
    Address(String),
    /// The part after `/` is not a number the address family allows.
    #[error("`/{length}` is not a prefix length of {address}; use /0 to /{most}")]
    Length {
        /// What was written.
        length: String,
        /// The address before it.
        address: IpAddr,
        /// Its family's number of bits.
        most: u8,
    },
    /// The part after `:` is not a port.
    #[error("`{0}` is not a port; use a number from 1 to 65535, or leave out `:` to open every port")]
    Port(String),
    /// Brackets that do not enclose an IPv6 address.
    #[error("the brackets in `{0}` are wrong; write an IPv6 range with a port as [::1/128]:3000")]
    Brackets(String),
}

impl FromStr for Exception {
    type Err = ExceptionError;

    fn from_str(text: &str) -> Result<Self, ExceptionError> {
        let text = text.trim();
        let (address, length, port) = split(text)?;
        let Ok(ip) = address.parse::<IpAddr>() else {
            return Err(ExceptionError::Address(address.to_owned()));
        };
        if text.starts_with('[') && ip.is_ipv4() {
            return Err(ExceptionError::Brackets(text.to_owned()));
        }
        let most = IpNet::from(ip).max_prefix_len();
        let wrong_length = || {
            let length = length.unwrap_or_default().to_owned();
            ExceptionError::Length { length, address: ip, most }
        };
        let bits = length.map_or(Some(most), number).ok_or_else(wrong_length)?;
        let Ok(net) = IpNet::new(ip, bits) else {
            return Err(wrong_length());
        };
        let port = match port.map(number) {
            None => None,
            Some(Some(number @ 1..)) => Some(number),
            Some(_) => return Err(ExceptionError::Port(port.unwrap_or_default().to_owned())),
        };
        Ok(Self { net: canonical(net.trunc()), port })
    }
}

impl TryFrom<String> for Exception {
    type Error = ExceptionError;

    fn try_from(text: String) -> Result<Self, ExceptionError> {
        text.parse()
    }
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.net, self.port) {
            (net, None) => write!(f, "{net}"),
            (IpNet::V4(net), Some(port)) => write!(f, "{net}:{port}"),
            (IpNet::V6(net), Some(port)) => write!(f, "[{net}]:{port}"),
        }
    }
}

/// Address, prefix length and port, none of them read yet.
type Parts<'t> = (&'t str, Option<&'t str>, Option<&'t str>);

/// `::1:3000` without brackets is an address of its own, so a lone `:` is a port only behind IPv4.
fn split(text: &str) -> Result<Parts<'_>, ExceptionError> {
    if let Some(rest) = text.strip_prefix('[') {
        let wrong = || ExceptionError::Brackets(text.to_owned());
        let (inside, behind) = rest.split_once(']').ok_or_else(wrong)?;
        let (address, length) = cut(inside, '/');
        let (behind, port) = cut(behind, ':');
        return match (length, behind.strip_prefix('/')) {
            (_, None) if behind.is_empty() => Ok((address, length, port)),
            (None, Some(length)) => Ok((address, Some(length), port)),
            _ => Err(wrong()),
        };
    }
    if let Some((address, rest)) = text.split_once('/') {
        let (length, port) = cut(rest, ':');
        return Ok((address, Some(length), port));
    }
    match cut(text, ':') {
        (address, Some(port)) if !port.contains(':') => Ok((address, None, Some(port))),
        _ => Ok((text, None, None)),
    }
}

fn cut(text: &str, at: char) -> (&str, Option<&str>) {
    match text.split_once(at) {
        Some((head, tail)) => (head, Some(tail)),
        None => (text, None),
    }
}

/// Digits only: Rust's own parser would take a `+`.
fn number<N: FromStr>(text: &str) -> Option<N> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

/// A range of IPv4-mapped addresses (`::ffff:0:0/96`) as the IPv4 range it stands for.
pub(super) fn canonical(net: IpNet) -> IpNet {
    let IpNet::V6(v6) = net else { return net };
    let (Some(v4), Some(length)) = (v6.network().to_ipv4_mapped(), v6.prefix_len().checked_sub(96)) else {
        return net;
    };
    Ipv4Net::new(v4, length).map_or(net, IpNet::V4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_an_exception_is_read_as_what_it_says() {
        for (text, net, port) in [
            ("10.0.0.0/8", "10.0.0.0/8", None),
            ("10.0.0.0/8:8080", "10.0.0.0/8", Some(8080)),
            (" 10.0.0.5 ", "10.0.0.5/32", None),
            ("10.0.0.5:1", "10.0.0.5/32", Some(1)),
            ("127.0.0.1/8:65535", "127.0.0.0/8", Some(65535)),
            ("0.0.0.0/0", "0.0.0.0/0", None),
            ("::1", "::1/128", None),
            ("fd00::/8", "fd00::/8", None),
            ("::1:3000", "::1:3000/128", None),
            ("::1/128:3000", "::1/128", Some(3000)),
            ("[::1]", "::1/128", None),
            ("[::1/128]", "::1/128", None),
            ("[::1]/128", "::1/128", None),
            ("[::1]:3000", "::1/128", Some(3000)),
            ("[::1/128]:3000", "::1/128", Some(3000)),
            ("[::1]/128:3000", "::1/128", Some(3000)),
            ("::ffff:10.0.0.5", "10.0.0.5/32", None),
            ("[::ffff:10.0.0.0/104]:80", "10.0.0.0/8", Some(80)),
            ("::ffff:0:0/96", "0.0.0.0/0", None),
            ("::ffff:0:0/95", "::fffe:0:0/95", None),
        ] {
            let exception: Exception = text.parse().unwrap();
            let again = exception.to_string().parse();
            let net: IpNet = net.parse().unwrap();
            assert_eq!((exception.net, exception.port), (net, port), "{text}");
            assert_eq!(again, Ok(exception), "{text} written and read again");
        }
    }

    #[test]
    fn a_wrong_exception_says_what_is_wrong_and_what_to_write() {
        for (text, told, remedy) in [
            ("", "`` is not an IP address", "127.0.0.1/32:3000"),
            ("localhost:80", "`localhost` is not an IP", "CIDR[:PORT]"),
            ("10.1/16", "`10.1` is not an IP address", "[::1/128]:3000"),
            ("fe80::1%eth0", "`fe80::1%eth0` is not an IP", "CIDR[:PORT]"),
            ("http://10.0.0.1", "`http:` is not an IP", "CIDR[:PORT]"),
            ("10.0.0.0/33", "`/33` is not a prefix length of 10.0.0.0", "/32"),
            ("10.0.0.0/+8", "`/+8` is not a prefix length", "/0 to /32"),
            ("10.0.0.0/", "`/` is not a prefix length", "/0 to /32"),
            ("::1/129", "`/129` is not a prefix length of ::1", "/128"),
            ("10.0.0.1:0", "`0` is not a port", "1 to 65535"),
            ("10.0.0.1:65536", "`65536` is not a port", "1 to 65535"),
            ("10.0.0.1:", "`` is not a port", "leave out `:`"),
            ("[::1]:+80", "`+80` is not a port", "1 to 65535"),
            ("[::1", "brackets in `[::1` are wrong", "[::1/128]:3000"),
            ("[::1]80", "brackets in `[::1]80` are", "[::1/128]:3000"),
            ("[::1/128]/128:80", "brackets", "[::1/128]:3000"),
            ("[127.0.0.1]:80", "brackets", "[::1/128]:3000"),
        ] {
            let error = text.parse::<Exception>().unwrap_err().to_string();
            assert!(error.contains(told), "{text}: {error}");
            assert!(error.contains(remedy), "{text}: {error}");
        }
    }
}
