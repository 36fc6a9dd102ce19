//! Where pieces of markup end: tags, comments, and elements whose content is not markup. Each looks at the text once.

use memchr::{memchr, memchr_iter, memchr2};

/// Length of the name that a tag begins with.
pub fn name_end(inner: &str) -> usize {
    inner.bytes().position(|byte| is_space(byte) || matches!(byte, b'/' | b'>')).unwrap_or(inner.len())
}

/// Length of a tag from its name to its `>`, which may not stand in a quoted value (HTML, 13.2.5.32 to 40).
pub fn tag_end(inner: &str) -> Option<usize> {
    let bytes = inner.as_bytes();
    let skip = |from: usize, stop: fn(u8) -> bool| {
        let rest = bytes.get(from..)?;
        Some(from + rest.iter().position(|byte| stop(*byte))?)
    };
    let mut at = name_end(inner);
    loop {
        at = skip(at, |byte| !is_space(byte) && byte != b'/')?;
        if bytes.get(at) == Some(&b'>') {
            return Some(at + 1);
        }
        // The first character belongs to the name whatever it is, even `=`.
        at = skip(at + 1, |byte| is_space(byte) || matches!(byte, b'/' | b'>' | b'='))?;
        at = skip(at, |byte| !is_space(byte))?;
        if bytes.get(at) != Some(&b'=') {
            continue;
        }
        at = skip(at + 1, |byte| !is_space(byte))?;
        at = match bytes.get(at)? {
            b'>' => return Some(at + 1),
            quote @ (b'"' | b'\'') => at + 2 + memchr(*quote, bytes.get(at + 1..)?)?,
            _ => skip(at, |byte| is_space(byte) || byte == b'>')?,
        };
    }
}

/// Length of a comment behind its `<!--`, with its end (HTML, 13.2.5.43 to 52).
pub fn comment_end(body: &str) -> Option<usize> {
    let bytes = body.as_bytes();
    memchr_iter(b'>', bytes)
        .find(|end| {
            let before = bytes.get(..*end).unwrap_or_default();
            // `<!-->` and `<!--->` are whole comments.
            before.is_empty() || before == b"-" || before.ends_with(b"--") || before.ends_with(b"--!")
        })
        .map(|end| end + 1)
}

/// Offset of `</name` followed by what ends a tag name.
pub fn end_tag(text: &str, name: &str) -> Option<usize> {
    memchr_iter(b'<', text.as_bytes()).find(|at| {
        text.get(at + 1..).and_then(|tail| tail.strip_prefix('/')).is_some_and(|inner| is_tag_named(inner, name))
    })
}

/// Offset of the `</script` that ends a script. Inside `<!--` a `<script>` opens a second level, whose `</script>` only
/// closes that level (HTML, 13.2.5.15 to 31).
pub fn script_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut commented, mut nested) = (0, false, false);
    loop {
        let rest = bytes.get(at..)?;
        at += if commented { memchr2(b'<', b'-', rest)? } else { memchr(b'<', rest)? };
        let tail = text.get(at..)?;
        if commented && tail.starts_with("-->") {
            (commented, nested) = (false, false);
            at += 3;
        } else if !commented && tail.starts_with("<!--") {
            // Its two dashes may already be those of `-->`.
            commented = true;
            at += 2;
        } else if tail.strip_prefix("</").is_some_and(|inner| is_tag_named(inner, "script")) {
            if !nested {
                return Some(at);
            }
            nested = false;
            at += 2;
        } else {
            nested |= commented && tail.strip_prefix('<').is_some_and(|inner| is_tag_named(inner, "script"));
            at += 1;
        }
    }
}

fn is_tag_named(inner: &str, name: &str) -> bool {
    inner.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name))
        && inner.as_bytes().get(name.len()).is_some_and(|byte| is_space(*byte) || matches!(byte, b'/' | b'>'))
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0C)
}
