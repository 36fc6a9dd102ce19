//! `HAProxy` with `option httplog` (docs.haproxy.org, chapter 8.2.3). Captured headers stand in braces without their names: they are told
//! apart by what they look like, which is as good as it gets.

use std::borrow::Cow;

use super::plain::word;
use crate::accesslog::{
    Entry,
    field::{
        address,
        escape::{Escape, undone},
        fill::{Filling, Means},
        time,
    },
};

/// Reads a line.
pub(super) fn read(line: &[u8]) -> Option<Entry<'_>> {
    let (peer, rest) = word(line);
    let (stamp, rest) = rest.split_at_checked(memchr::memchr(b']', rest)? + 1)?;
    if !stamp.starts_with(b"[") || time::clf(stamp).is_none() {
        return None;
    }
    let mut filling = Filling::default();
    filling.put(&Means::PeerAndPort, 0, Cow::Borrowed(peer));
    filling.put(&Means::Time(time::Form::Clf), 0, Cow::Borrowed(stamp));
    let (_frontend, rest) = word(rest.trim_ascii_start());
    let (_server, rest) = word(rest);
    let (timers, rest) = word(rest);
    let (status, rest) = word(rest);
    let (bytes, rest) = word(rest);
    let mut timer = timers.split(|byte| *byte == b'/');
    let total = timer.nth(4).filter(|_| timer.next().is_none())?;
    // `+` where the log was written before the answer's end (`option logasap`).
    filling.put(&Means::Took(1000), 0, Cow::Borrowed(total.strip_prefix(b"+").unwrap_or(total)));
    if status != b"-1" {
        time::number(status)?;
    }
    filling.put(&Means::Status, 0, Cow::Borrowed(status));
    filling.put(&Means::Bytes, 0, Cow::Borrowed(bytes.strip_prefix(b"+").unwrap_or(bytes)));
    // Two cookies, the state at the end, connections, queues.
    let mut rest = (0..5).fold(rest, |rest, _| word(rest).1);
    let mut captured = 0;
    while let Some(inner) = rest.strip_prefix(b"{") {
        let (group, after) = inner.split_at_checked(memchr::memchr(b'}', inner)?)?;
        for value in group.split(|byte| *byte == b'|').take(32) {
            let value = undone(value, Escape::Hash);
            let means = looks_like(&value);
            filling.put(&means, captured, value);
            captured = captured.saturating_add(1);
        }
        rest = after.get(1..)?.trim_ascii_start();
    }
    let request = rest.strip_prefix(b"\"")?;
    let end = memchr::memrchr(b'"', request)?;
    filling.put(&Means::Request, 0, undone(request.get(..end)?, Escape::Hash));
    Some(filling.entry())
}

/// Which header a captured value is of.
fn looks_like(value: &[u8]) -> Means {
    let blank = value.contains(&b' ');
    if address::is_list(value) {
        return Means::Forwarded;
    }
    if value.starts_with(b"http://") || value.starts_with(b"https://") {
        return Means::Referer;
    }
    // `name/1` somewhere: as every product in a User-Agent is written (RFC 9110, 10.1.5).
    if value.split(|byte| *byte == b' ').any(is_product) {
        return Means::Agent;
    }
    let host = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b':');
    if !blank && value.contains(&b'.') && value.iter().all(host) { Means::Host } else { Means::Nothing }
}

fn is_product(word: &[u8]) -> bool {
    let token = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'!' | b'+');
    memchr::memchr(b'/', word).and_then(|at| word.split_at_checked(at)).is_some_and(|(name, version)| {
        !name.is_empty() && name.iter().all(token) && version.get(1).is_some_and(u8::is_ascii_digit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captured_headers_are_known_by_their_looks_in_any_order() {
        for captured in [
            "{shop.example|facebookexternalhit/1.1; kakaotalk-scrap/1.0|https://shop.example/p|27.0.238.7, 10.0.0.1}",
            "{27.0.238.7, 10.0.0.1|https://shop.example/p|facebookexternalhit/1.1; kakaotalk-scrap/1.0|shop.example:443}",
        ] {
            let line = format!(
                "10.0.0.1:51234 [23/Nov/2026:11:02:09.123] web~ shop/s1 0/0/1/20/250 200 1234 - - ---- 1/1/0/0/0 0/0 {captured} {{nginx}} \"GET /a HTTP/1.1\""
            );
            let entry = read(line.as_bytes()).unwrap();
            assert_eq!(entry.user_agent.as_deref(), Some("facebookexternalhit/1.1; kakaotalk-scrap/1.0"));
            assert_eq!(
                (entry.host.as_deref(), entry.referer.as_deref()),
                (Some("shop.example"), Some("https://shop.example/p"))
            );
            assert_eq!(
                entry.forwarded,
                ["27.0.238.7".parse::<std::net::IpAddr>().unwrap(), "10.0.0.1".parse().unwrap()]
            );
            assert_eq!((entry.seconds, entry.target.as_deref()), (Some(0.25), Some("/a")));
        }
    }

    #[test]
    fn requests_that_failed_and_lines_of_other_kinds_are_told_apart() {
        let bad = "10.0.0.1:1 [23/Nov/2026:11:02:09.123] web web/<NOSRV> -1/-1/-1/-1/5 -1 0 - - CR-- 1/1/0/0/0 0/0 \"<BADREQ>\"";
        let entry = read(bad.as_bytes()).unwrap();
        assert_eq!((entry.status, entry.method, entry.user_agent), (None, None, None));
        for line in [
            "Server web/s1 is DOWN, reason: Layer4 timeout.",
            "10.0.0.1:1 [23/Nov/2026:11:02:09.123] tcp tcp/s1 1/0/5 1234 -- 1/1/0/0/0 0/0",
            "10.0.0.1:1 [23/Nov/2026:11:02:09.123] web web/s1 0/0/0/1/2 200 5 - - ---- 1/1/0/0/0 0/0 {cut",
            "",
        ] {
            assert_eq!(read(line.as_bytes()), None, "{line}");
        }
    }
}
