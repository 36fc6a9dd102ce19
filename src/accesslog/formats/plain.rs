//! The family of the Common Log Format: common, combined, combinedio, `vhost_combined`, nginx's main, Traefik's. Written by hand rather
//! than as templates, because such lines carry more than their format says: a host before, extra fields behind.

use std::borrow::Cow;

use super::registry::Plain;
use crate::accesslog::{
    Entry,
    field::{
        address,
        escape::{Escape, undone},
        fill::{Filling, Means},
        time,
    },
};

/// Reads a line; `strict` where no other member of the family may read it better.
pub(super) fn read(kind: Plain, line: &[u8], strict: bool) -> Option<Entry<'_>> {
    let (head, stamp, rest) = around_time(line)?;
    let mut filling = Filling::default();
    let vhost = client(head, &mut filling);
    filling.put(&Means::Time(time::Form::Clf), 0, Cow::Borrowed(stamp));
    let (request, rest) = request_line(rest)?;
    filling.put(&Means::Request, 0, undone(request, Escape::Backslash));
    let (status, rest) = word(rest);
    time::number(status)?;
    filling.put(&Means::Status, 0, Cow::Borrowed(status));
    let (bytes, rest) = word(rest);
    if bytes == b"-" {
        // Apache's %b writes `-` for no bytes.
        filling.put(&Means::Bytes, 0, Cow::Borrowed(b"0"));
    } else {
        time::number(bytes)?;
        filling.put(&Means::Bytes, 0, Cow::Borrowed(bytes));
    }
    let tail = Tail::read(rest)?;
    let fits = match kind {
        Plain::Common => tail.agent.is_none(),
        Plain::Combined => tail.agent.is_some(),
        Plain::CombinedIo => tail.agent.is_some() && (!strict || tail.is_io()),
        Plain::VhostCombined => tail.agent.is_some() && (!strict || vhost),
        Plain::Main => tail.agent.is_some() && (!strict || tail.is_main()),
        Plain::Traefik => tail.agent.is_some() && tail.milliseconds().is_some(),
    };
    if !fits {
        return None;
    }
    if let Some(referer) = tail.referer {
        filling.put(&Means::Referer, 0, undone(referer, Escape::Backslash));
    }
    if let Some(agent) = tail.agent {
        filling.put(&Means::Agent, 0, undone(agent, Escape::Backslash));
    }
    let forwarded = match kind {
        Plain::Main => tail.fields().next().filter(|(_, quoted)| *quoted).map(|(field, _)| field),
        Plain::Combined | Plain::Common | Plain::CombinedIo | Plain::VhostCombined | Plain::Traefik => tail.forwarded(),
    };
    if let Some(forwarded) = forwarded {
        filling.forward(0, address::list(forwarded));
    }
    if let Some(milliseconds) = tail.milliseconds() {
        filling.put(&Means::Took(1000), 0, Cow::Borrowed(milliseconds));
    }
    Some(filling.entry())
}

/// What is before the time, the time in its brackets, and what is behind. An address in brackets, or a user's name, is no time.
fn around_time(line: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    for at in memchr::memchr_iter(b'[', line).take(8) {
        let (head, rest) = line.split_at_checked(at)?;
        let (stamp, rest) = rest.split_at_checked(memchr::memchr(b']', rest)? + 1)?;
        if (head.ends_with(b" ") || head.is_empty()) && time::clf(stamp).is_some() {
            return Some((head.trim_ascii(), stamp, rest));
        }
    }
    None
}

/// Reads `address ident user`, a host before it, or what a proxy forwarded in the address's place. Says whether a host was there.
fn client<'a>(head: &'a [u8], filling: &mut Filling<'a>) -> bool {
    let (first, rest) = word(head);
    let (second, rest_of_second) = word(rest);
    // `%{X-Forwarded-For}i` in the place of `%h`: `27.0.238.7, 10.0.0.1 - -`.
    if first.ends_with(b",") {
        let mut end = first.len();
        let mut rest = rest;
        loop {
            let (next, after) = word(rest);
            end += 1 + next.len();
            rest = after;
            if !next.ends_with(b",") || next.is_empty() {
                break;
            }
        }
        filling.forward(1, address::list(head.get(..end).unwrap_or(head)));
        return false;
    }
    let first_is_address = address::one(first).is_some();
    match address::one(second) {
        // A host and then an address. A host that is an address itself has its port with it.
        Some(_) if !first_is_address || is_vhost(first) => {
            filling.put(&Means::Host, 0, Cow::Borrowed(first));
            filling.put(&Means::Peer, 0, Cow::Borrowed(second));
            true
        }
        // `%{X-Forwarded-For}i %h %l %u`.
        Some(_) => {
            filling.forward(1, address::list(first));
            filling.put(&Means::Peer, 0, Cow::Borrowed(second));
            false
        }
        // With HostnameLookups, a name stands where the address would.
        None if is_vhost(first) && !first_is_address && word(rest_of_second).1 != b"" => {
            filling.put(&Means::Host, 0, Cow::Borrowed(first));
            true
        }
        None => {
            filling.put(&Means::Peer, 0, Cow::Borrowed(first));
            false
        }
    }
}

/// `host:port`.
fn is_vhost(word: &[u8]) -> bool {
    memchr::memrchr(b':', word).and_then(|at| word.split_at_checked(at + 1)).is_some_and(|(name, port)| {
        let name = name.strip_suffix(b":").unwrap_or(name);
        (!name.contains(&b':') || name.ends_with(b"]")) && time::number(port).is_some()
    })
}

/// The request in its quotes, and what is behind. A quote in it counts only before ` 200 `: with `escape=none` it stands bare.
fn request_line(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let inner = rest.trim_ascii_start().strip_prefix(b"\"")?;
    quotes(inner).find_map(|at| {
        let (request, rest) = inner.split_at_checked(at)?;
        let &[b'"', b' ', a, b, c, ..] = rest else { return None };
        (a.is_ascii_digit() && b.is_ascii_digit() && c.is_ascii_digit())
            .then(|| (request, rest.get(2..).unwrap_or_default()))
    })
}

/// Where quotes are that nothing escapes; not more of them than a line has that means well.
fn quotes(text: &[u8]) -> impl Iterator<Item = usize> {
    memchr::memchr_iter(b'"', text).filter(|at| !is_escaped(text, *at)).take(64)
}

/// Whether an odd number of backslashes stands before.
fn is_escaped(text: &[u8], at: usize) -> bool {
    text.get(..at).is_some_and(|before| before.iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1)
}

/// What is behind the bytes.
struct Tail<'a> {
    referer: Option<&'a [u8]>,
    agent: Option<&'a [u8]>,
    extras: &'a [u8],
}

impl<'a> Tail<'a> {
    fn read(rest: &'a [u8]) -> Option<Self> {
        let mut rest = rest;
        while !rest.is_empty() && !rest.starts_with(b"\"") {
            rest = word(rest).1;
        }
        let Some(inner) = rest.strip_prefix(b"\"") else {
            return Some(Self { referer: None, agent: None, extras: b"" });
        };
        // The referer ends where another quoted field begins, the agent where what is behind it is fields to the end.
        let (referer, inner) = quotes(inner).find_map(|at| {
            let (referer, rest) = inner.split_at_checked(at)?;
            Some((referer, rest.strip_prefix(b"\" \"")?))
        })?;
        let ended = |at: usize| {
            let (agent, rest) = inner.split_at_checked(at)?;
            let rest = rest.get(1..)?;
            ((rest.is_empty() || rest.starts_with(b" ")) && are_fields(rest)).then_some((agent, rest.trim_ascii()))
        };
        // An agent of nothing but quotes, or one that ends in a backslash, still ends at the line's end.
        let (agent, extras) =
            quotes(inner).find_map(ended).or_else(|| inner.strip_suffix(b"\"").map(|agent| (agent, &b""[..])))?;
        Some(Self { referer: Some(referer), agent: Some(agent), extras })
    }

    /// Each extra field, and whether it is quoted.
    fn fields(&self) -> impl Iterator<Item = (&'a [u8], bool)> {
        fields(self.extras)
    }

    /// Two numbers: bytes in and out.
    fn is_io(&self) -> bool {
        let mut fields = self.fields();
        let mut number = || fields.next().is_some_and(|(field, quoted)| !quoted && time::number(field).is_some());
        number() && number() && fields.next().is_none()
    }

    /// One quoted field that is `-` or holds an address, whatever else clients put into the header.
    fn is_main(&self) -> bool {
        let mut fields = self.fields();
        let forwarded = |field: &[u8]| matches!(field, b"-" | b"unknown") || !address::list(field).is_empty();
        fields.next().is_some_and(|(field, quoted)| quoted && forwarded(field)) && fields.next().is_none()
    }

    /// The quoted extra field that can only be `X-Forwarded-For`. nginx's `$upstream_addr` looks alike, but has a port and is private.
    fn forwarded(&self) -> Option<&'a [u8]> {
        let upstream = |field: &[u8]| {
            let private = |address: &_| crate::accesslog::is_private(*address);
            field.contains(&b':') && address::list(field).iter().all(private)
        };
        let is_forwarded = |(field, quoted): &(&[u8], bool)| *quoted && address::is_list(field) && !upstream(field);
        self.fields().take(16).find(is_forwarded).map(|(field, _)| field)
    }

    /// Traefik's last field: `12ms`.
    fn milliseconds(&self) -> Option<&'a [u8]> {
        let (last, quoted) = self.fields().take(16).last()?;
        last.strip_suffix(b"ms").filter(|number| !quoted && time::number(number).is_some())
    }
}

/// Fields that are divided by blanks, and whether each is quoted.
pub(super) fn fields(rest: &[u8]) -> impl Iterator<Item = (&[u8], bool)> {
    Fields { rest }
}

struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Fields<'a> {
    type Item = (&'a [u8], bool);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.rest.trim_ascii_start();
        if let Some(inner) = rest.strip_prefix(b"\"") {
            let end = quotes(inner).next().unwrap_or(inner.len());
            let (field, after) = inner.split_at_checked(end)?;
            self.rest = after.get(1..).unwrap_or_default();
            return Some((field, true));
        }
        let (field, after) = word(rest);
        self.rest = after;
        (!field.is_empty()).then_some((field, false))
    }
}

/// Whether all of it is well-formed fields: no bare one holds a quote, no quoted one stays open.
fn are_fields(mut rest: &[u8]) -> bool {
    // More extra fields than this have no format that is known; a hostile agent has as many quotes as it likes.
    for _ in 0..32 {
        rest = rest.trim_ascii_start();
        if rest.is_empty() {
            return true;
        }
        rest = match rest.strip_prefix(b"\"") {
            Some(inner) => match quotes(inner).next().and_then(|at| inner.get(at + 1..)) {
                Some(after) if after.is_empty() || after.starts_with(b" ") => after,
                _ => return false,
            },
            None => match word(rest) {
                (bare, _) if bare.contains(&b'"') => return false,
                (_, after) => after,
            },
        };
    }
    false
}

/// The first word, and what is behind its blanks.
pub(super) fn word(text: &[u8]) -> (&[u8], &[u8]) {
    let at = memchr::memchr(b' ', text).unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(at).unwrap_or((text, b""));
    (word, rest.trim_ascii_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(head: &str, tail: &str) -> Entry<'static> {
        let line = format!("{head} [23/Nov/2026:20:02:09 +0900] \"GET / HTTP/1.1\" 200 5 \"-\" {tail}");
        super::super::dialect::owned(
            read(Plain::Combined, line.as_bytes(), false).unwrap_or_else(|| panic!("unreadable: {line}")),
        )
    }

    #[test]
    fn who_came_is_told_whatever_stands_before() {
        for (head, host, peer, forwarded) in [
            ("27.0.238.7 - -", None, Some("27.0.238.7"), &[][..]),
            ("27.0.238.7 - hong gil [dong]", None, Some("27.0.238.7"), &[]),
            ("27.0.238.7 -", None, Some("27.0.238.7"), &[]),
            ("[2404:4600::7] - -", None, Some("2404:4600::7"), &[]),
            ("scrap7.example - -", None, None, &[]),
            ("unix: - -", None, None, &[]),
            ("shop.example:443 27.0.238.7 - -", Some("shop.example"), Some("27.0.238.7"), &[]),
            ("shop.example 27.0.238.7 - -", Some("shop.example"), Some("27.0.238.7"), &[]),
            ("shop.example:443 scrap7.example - -", Some("shop.example"), None, &[]),
            ("192.0.2.80:80 27.0.238.7 - -", Some("192.0.2.80"), Some("27.0.238.7"), &[]),
            ("27.0.238.7 10.0.0.1 - -", None, Some("10.0.0.1"), &["27.0.238.7"]),
            ("- 10.0.0.1 - -", None, Some("10.0.0.1"), &[]),
            ("27.0.238.7, 10.0.0.1 - -", None, None, &["27.0.238.7", "10.0.0.1"]),
            ("27.0.238.7, unknown, 10.0.0.1 - -", None, None, &["27.0.238.7", "10.0.0.1"]),
        ] {
            let entry = entry(head, "\"a/1\"");
            assert_eq!(entry.host.as_deref(), host, "{head}");
            assert_eq!(entry.peer, peer.and_then(|peer| peer.parse().ok()), "{head}");
            let expected: Vec<std::net::IpAddr> = forwarded.iter().map(|address| address.parse().unwrap()).collect();
            assert_eq!(entry.forwarded, expected, "{head}");
        }
    }

    #[test]
    fn where_an_agent_ends_is_told_by_what_follows() {
        for (tail, agent) in [
            (r#""a/1""#, "a/1"),
            (r#""my "own" a/1""#, r#"my "own" a/1"#),
            (r#""my "own" a/1" 5 0.1"#, r#"my "own" a/1"#),
            (r#""a \" b" "x""#, r#"a " b"#),
            (r#""a/1\\" "x""#, r"a/1\"),
            (r#""a/1" [up] "q z" 5ms"#, "a/1"),
            (r#""""#, ""),
            (r#""ends in\""#, r"ends in\"),
        ] {
            assert_eq!(entry("1.2.3.4 - -", tail).user_agent.as_deref().unwrap_or_default(), agent, "{tail}");
        }
    }

    #[test]
    fn a_line_that_lies_about_its_end_costs_little() {
        let quotes = "\" ".repeat(20_000);
        let line = format!("1.2.3.4 - - [23/Nov/2026:20:02:09 +0900] \"GET / HTTP/1.1\" 200 5 \"-\" \"{quotes}\"");
        assert!(read(Plain::Combined, line.as_bytes(), false).is_some());
        let brackets =
            format!("1.2.3.4 - {} [23/Nov/2026:20:02:09 +0900] \"GET / HTTP/1.1\" 200 5", "[]".repeat(20_000));
        assert_eq!(read(Plain::Common, brackets.as_bytes(), false), None);
    }
}
