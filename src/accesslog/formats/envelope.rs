//! What a line is wrapped in on its way: syslog, rsyslog's files, the container runtimes of Kubernetes. The line inside is a format's.

use std::borrow::Cow;

use crate::accesslog::field::{escape, time};

/// The line inside, where there is something around it.
pub(super) fn opened(line: &[u8]) -> Option<&[u8]> {
    let (priority, rest) = match priority(line) {
        Some(rest) => (true, rest),
        None => (false, line),
    };
    // RFC 5424: `<190>1 2026-11-23T20:02:09.1+09:00 web1 nginx 123 - - LINE`. The last `-` is the structured data.
    if let Some(rest) = rest.strip_prefix(b"1 ").filter(|_| priority) {
        let rest = (0..5).try_fold(rest, |rest, _| word(rest).map(|(_, rest)| rest))?;
        let rest = match rest.strip_prefix(b"- ") {
            Some(rest) => rest,
            None => rest
                .strip_prefix(b"[")
                .and_then(|rest| memchr::memmem::find(rest, b"] ").and_then(|at| rest.get(at + 2..)))?,
        };
        return Some(rest.strip_prefix(b"\xef\xbb\xbf").unwrap_or(rest));
    }
    if let Some(rest) = bsd_time(rest) {
        return tagged(rest);
    }
    // A look before the cost: every line that is not wrapped comes this way.
    let (stamp, rest) = (rest.get(10) == Some(&b'T')).then(|| word(rest)).flatten()?;
    time::read(&time::Form::Iso, stamp)?;
    // CRI: `2026-11-23T11:02:09.123456789Z stdout F LINE`.
    if let Some(rest) = rest.strip_prefix(b"stdout F ").or_else(|| rest.strip_prefix(b"stderr F ")) {
        return Some(rest);
    }
    tagged(rest)
}

/// The line inside of what Docker's json-file driver writes: `{"log":"LINE\\n","stream":"stdout","time":"…"}`.
pub(super) fn docker(line: &[u8]) -> Option<Cow<'_, [u8]>> {
    let inner = line.strip_prefix(b"{\"log\":\"")?;
    let end = memchr::memmem::find(inner, b"\",\"stream\":\"std")?;
    Some(escape::undone(inner.get(..end)?, escape::Escape::Json))
}

/// Behind `<190>`.
fn priority(line: &[u8]) -> Option<&[u8]> {
    let rest = line.strip_prefix(b"<")?;
    let at = memchr::memchr(b'>', rest.get(..4.min(rest.len()))?)?;
    let (digits, rest) = rest.split_at_checked(at)?;
    time::number(digits)?;
    rest.get(1..)
}

/// Behind `Nov 23 20:02:09 ` or `Nov  3 20:02:09 `.
fn bsd_time(line: &[u8]) -> Option<&[u8]> {
    let (stamp, rest) = line.split_at_checked(16)?;
    let &[m1, m2, m3, b' ', _, day, b' ', _, _, b':', _, _, b':', _, _, b' '] = stamp else { return None };
    (time::month(&[m1, m2, m3]).is_some() && day.is_ascii_digit()).then_some(rest)
}

/// Behind `web1 nginx[123]: ` or `nginx: `: nginx leaves the host out with `nohostname`.
fn tagged(rest: &[u8]) -> Option<&[u8]> {
    let (first, rest) = word(rest)?;
    if first.ends_with(b":") {
        return Some(rest);
    }
    let (tag, rest) = word(rest)?;
    tag.ends_with(b":").then_some(rest)
}

/// The first word, and what is behind its blank.
fn word(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (word, rest) = text.split_at_checked(memchr::memchr(b' ', text)?)?;
    Some((word, rest.get(1..)?))
}

#[cfg(test)]
mod tests {
    use super::{docker, opened};

    #[test]
    fn a_line_that_docker_kept_is_as_it_was() {
        let line = br#"{"log":"192.0.2.1 - - \"GET / HTTP/1.1\"\n","stream":"stdout","time":"2026-11-23T11:02:09.1Z"}"#;
        assert_eq!(docker(line).as_deref(), Some(&b"192.0.2.1 - - \"GET / HTTP/1.1\"\n"[..]));
        assert_eq!(docker(br#"{"log":"x"}"#), None);
    }

    #[test]
    fn the_line_inside_is_found_whatever_carries_it() {
        for around in [
            "<190>Nov 23 20:02:09 web1 nginx: ",
            "<190>Nov  3 20:02:09 nginx: ",
            "Nov 23 20:02:09 web1 nginx[12]: ",
            "2026-11-23T20:02:09.123456+09:00 web1 nginx: ",
            "<134>2026-11-23T20:02:09+09:00 lb haproxy[88]: ",
            "<190>1 2026-11-23T20:02:09.1+09:00 web1 nginx 12 - - ",
            "<190>1 2026-11-23T20:02:09.1+09:00 web1 nginx 12 ID47 [a@1 b=\"c d\"] \u{feff}",
            "2026-11-23T11:02:09.123456789Z stdout F ",
        ] {
            let line = format!("{around}192.0.2.1 - - [x]");
            assert_eq!(opened(line.as_bytes()), Some(&b"192.0.2.1 - - [x]"[..]), "{around}");
        }
        for line in ["192.0.2.1 - - [x]", "", "<190", "<x>y", "Nov", "Nov 23 20:02:09 ", "2026-11-23T11:02:09Z x y z"] {
            assert_eq!(opened(line.as_bytes()), None, "{line}");
        }
    }
}
