//! The request line and the parts of a URL. Bytes that no HTTP client sent (TLS on a plain port, scans) are no request.

use std::borrow::Cow;

use super::escape::{text, url};

/// What a request line asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request<'a> {
    /// The method.
    pub method: Option<Cow<'a, str>>,
    /// The host of an absolute URL.
    pub host: Option<Cow<'a, str>>,
    /// Path and query.
    pub target: Option<Cow<'a, str>>,
}

/// Reads `GET /path HTTP/1.1`, `GET /path`, `GET https://host/path HTTP/2.0`. The path may hold blanks that a client forgot to encode.
pub fn line(line: Cow<'_, [u8]>) -> Request<'_> {
    match line {
        Cow::Borrowed(line) => read(line),
        Cow::Owned(line) => {
            let Request { method, host, target } = read(&line);
            let owned = |text: Option<Cow<'_, str>>| text.map(|text| Cow::Owned(text.into_owned()));
            Request { method: owned(method), host: owned(host), target: owned(target) }
        }
    }
}

fn read(line: &[u8]) -> Request<'_> {
    let line = line.trim_ascii();
    let Some((name, rest)) = memchr::memchr(b' ', line).and_then(|at| line.split_at_checked(at)) else {
        return Request::default();
    };
    // A balancer writes `-` for a method that it could not read.
    let known = (1..=24).contains(&name.len())
        && name.iter().all(|byte| byte.is_ascii_uppercase() || matches!(byte, b'-' | b'_'));
    if !known {
        return Request::default();
    }
    let rest = rest.trim_ascii_start();
    let asked = match memchr::memrchr(b' ', rest).and_then(|at| rest.split_at_checked(at)) {
        Some((asked, protocol)) if is_protocol(protocol.trim_ascii()) => asked.trim_ascii_end(),
        _ => rest,
    };
    let method = (name != b"-").then(|| text(Cow::Borrowed(name)));
    if method.as_deref() == Some("CONNECT") {
        return Request {
            method,
            host: Some(text(Cow::Borrowed(without_port(asked)))),
            target: Some(url(Cow::Borrowed(asked))),
        };
    }
    let (host, target) = absolute(asked);
    Request {
        method,
        host: host.map(|host| text(Cow::Borrowed(host))),
        target: (!target.is_empty() && target != b"-").then(|| url(Cow::Borrowed(target))),
    }
}

fn is_protocol(word: &[u8]) -> bool {
    word == b"-" || word.get(..5).is_some_and(|start| start.eq_ignore_ascii_case(b"HTTP/"))
}

/// Host without port, and path with query, of what may be an absolute URL.
pub fn absolute(asked: &[u8]) -> (Option<&[u8]>, &[u8]) {
    let Some(rest) = [&b"http://"[..], b"https://"].iter().find_map(|scheme| {
        let (start, rest) = asked.split_at_checked(scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then_some(rest)
    }) else {
        return (None, asked);
    };
    let end = rest.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end).unwrap_or((rest, b""));
    let host = authority.rsplit(|byte| *byte == b'@').next().unwrap_or(authority);
    (Some(without_port(host)).filter(|host| !host.is_empty()), if path.is_empty() { b"/" } else { path })
}

/// A host without its port.
pub fn without_port(host: &[u8]) -> &[u8] {
    match host.iter().rposition(|byte| *byte == b':').and_then(|at| host.split_at_checked(at)) {
        Some((name, port)) if port.iter().skip(1).all(|byte| byte.is_ascii_digit() || *byte == b'-') => {
            // `::1` is an address, and its last group is no port.
            if name.contains(&b':') && !name.ends_with(b"]") { host } else { name }
        }
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_line_is_taken_apart() {
        for (raw, method, host, target) in [
            ("GET /a?b=c HTTP/1.1", "GET", "", "/a?b=c"),
            ("GET /a b c HTTP/1.1", "GET", "", "/a b c"),
            ("GET /old", "GET", "", "/old"),
            ("HEAD / HTTP/2.0", "HEAD", "", "/"),
            ("GET https://shop.example:443/p?q=1 HTTP/1.1", "GET", "shop.example", "/p?q=1"),
            ("GET http://[2001:db8::1]:80/ HTTP/1.1", "GET", "[2001:db8::1]", "/"),
            ("GET http://shop.example HTTP/1.1", "GET", "shop.example", "/"),
            ("- http://shop.example:80- -", "", "shop.example", "/"),
            ("OPTIONS * HTTP/1.0", "OPTIONS", "", "*"),
            ("CONNECT shop.example:443 HTTP/1.1", "CONNECT", "shop.example", "shop.example:443"),
            ("PRI * HTTP/2.0", "PRI", "", "*"),
            ("-", "", "", ""),
            ("", "", "", ""),
            ("<BADREQ>", "", "", ""),
            ("\u{16}\u{3}\u{1} x y", "", "", ""),
            ("t3 12.1.2", "", "", ""),
        ] {
            let read = line(Cow::Borrowed(raw.as_bytes()));
            let told = |text: &Option<Cow<'_, str>>| text.as_deref().unwrap_or_default().to_owned();
            assert_eq!(
                (told(&read.method), told(&read.host), told(&read.target)),
                (method.into(), host.into(), target.into()),
                "{raw}"
            );
        }
    }

    #[test]
    fn only_a_port_is_taken_off_a_host() {
        for (host, expected) in [
            ("a.example:8080", "a.example"),
            ("a.example", "a.example"),
            ("[::1]:80", "[::1]"),
            ("[::1]", "[::1]"),
            ("::1", "::1"),
        ] {
            assert_eq!(without_port(host.as_bytes()), expected.as_bytes(), "{host}");
        }
    }
}
