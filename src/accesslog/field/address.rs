//! Addresses as logs write them: with and without port, brackets and zone, alone and in lists. Host names are nobody's address here.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The address in a text: `192.0.2.1`, `192.0.2.1:443`, `2001:db8::1`, `[2001:db8::1]:443`, `fe80::1%eth0`. `::ffff:192.0.2.1` is the
/// IPv4 address it means. `unix:`, `-`, `unknown` and names are none.
pub fn one(text: &[u8]) -> Option<IpAddr> {
    let text = text.trim_ascii();
    // The longest is an IPv6 address with a dotted tail, brackets, a zone and a port; what is longer is not looked at.
    if text.len() > 100 {
        return None;
    }
    let text = std::str::from_utf8(text).ok()?;
    if let Ok(v4) = text.parse::<Ipv4Addr>() {
        return Some(IpAddr::V4(v4));
    }
    if let Some(inner) = text.strip_prefix('[') {
        let (address, port) = inner.split_once(']')?;
        return (port.is_empty() || is_port(port.strip_prefix(':')?)).then(|| v6(address)).flatten();
    }
    if let Some((address, _)) = text.split_once(':').filter(|(_, port)| is_port(port)) {
        return address.parse::<Ipv4Addr>().ok().map(IpAddr::V4);
    }
    v6(text)
}

/// The address of a text that always ends with a port, brackets or not: `HAProxy` writes `2001:db8::1:51234`.
pub fn before_port(text: &[u8]) -> Option<IpAddr> {
    let whole = std::str::from_utf8(text).ok()?.trim();
    match whole.rsplit_once(':') {
        Some((address, port)) if is_port(port) && !address.starts_with('[') => one(address.as_bytes()),
        _ => one(text),
    }
}

/// The addresses of a list in its order, what is none left out: `X-Forwarded-For`, or RFC 7239's `Forwarded` by its `for=`.
pub fn list(text: &[u8]) -> Vec<IpAddr> {
    let mut addresses = Vec::new();
    for element in text.split(|byte| *byte == b',') {
        match forwarded_for(element) {
            Some(node) => addresses.extend(one(node)),
            None => addresses.extend(one(unquoted(element))),
        }
    }
    addresses
}

/// Whether a text is a list of addresses, and nothing but that. `unknown` and `-` beside an address do not spoil it.
pub fn is_list(text: &[u8]) -> bool {
    let mut found = false;
    text.split(|byte| *byte == b',').all(|element| {
        let address = one(forwarded_for(element).unwrap_or_else(|| unquoted(element)));
        found |= address.is_some();
        address.is_some() || matches!(element.trim_ascii(), b"unknown" | b"-" | b"")
    }) && found
}

/// The node of `for=` in one element of RFC 7239.
fn forwarded_for(element: &[u8]) -> Option<&[u8]> {
    element.split(|byte| *byte == b';').find_map(|pair| {
        let (name, value) = pair.trim_ascii().split_at_checked(4)?;
        name.eq_ignore_ascii_case(b"for=").then(|| unquoted(value))
    })
}

fn unquoted(text: &[u8]) -> &[u8] {
    let text = text.trim_ascii();
    text.strip_prefix(b"\"").and_then(|text| text.strip_suffix(b"\"")).unwrap_or(text)
}

fn v6(text: &str) -> Option<IpAddr> {
    let address = text.split_once('%').map_or(text, |(address, _)| address);
    address.parse::<Ipv6Addr>().ok().map(|v6| IpAddr::V6(v6).to_canonical())
}

fn is_port(text: &str) -> bool {
    (1..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(text: &[&str]) -> Vec<IpAddr> {
        text.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn an_address_is_read_however_it_is_dressed() {
        for (text, expected) in [
            ("192.0.2.1", "192.0.2.1"),
            (" 192.0.2.1:443 ", "192.0.2.1"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("fe80::1%eth0", "fe80::1"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
            ("[::ffff:192.0.2.1]:80", "192.0.2.1"),
        ] {
            assert_eq!(one(text.as_bytes()), expected.parse().ok(), "{text}");
        }
        for text in [
            "",
            "-",
            "unknown",
            "unix:",
            "unix:/run/x.sock",
            "_hidden",
            "host.example",
            "1.2.3",
            "1.2.3.4.5",
            "[::1",
            "1.2.3.4:",
        ] {
            assert_eq!(one(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_port_that_is_always_there_is_taken_off_first() {
        for (text, expected) in
            [("2001:db8::1:51234", "2001:db8::1"), ("[::1]:5", "::1"), ("192.0.2.1:1", "192.0.2.1"), ("::1:80", "::1")]
        {
            assert_eq!(before_port(text.as_bytes()), expected.parse().ok(), "{text}");
        }
        assert_eq!(before_port(b"unix:1"), None);
    }

    #[test]
    fn a_list_keeps_its_order_and_loses_what_is_no_address() {
        for (text, expected) in [
            ("27.0.238.7, 10.0.0.1", &["27.0.238.7", "10.0.0.1"][..]),
            ("unknown, 27.0.238.7:1234,,-, [2001:db8::1]:9", &["27.0.238.7", "2001:db8::1"]),
            (
                r#"for="[2001:db8::1]:443";proto=https;by=10.0.0.9, For=27.0.238.7, for=unknown, for=_x"#,
                &["2001:db8::1", "27.0.238.7"],
            ),
            ("proto=https;for=27.0.238.7", &["27.0.238.7"]),
            ("${jndi:ldap://x}", &[]),
        ] {
            assert_eq!(list(text.as_bytes()), addresses(expected), "{text}");
        }
    }

    #[test]
    fn only_addresses_make_a_list() {
        for (text, expected) in [
            ("1.2.3.4", true),
            ("1.2.3.4, unknown", true),
            ("-", false),
            ("", false),
            ("0.002", false),
            ("abc, 1.2.3.4", false),
        ] {
            assert_eq!(is_list(text.as_bytes()), expected, "{text}");
        }
    }
}
