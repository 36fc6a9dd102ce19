//! Undoes what servers write in place of bytes that would break a line. Where a value begins and ends is not decided here.

use std::borrow::Cow;

/// How a server writes bytes that a value must not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escape {
    /// `\xHH`, and `\"`, `\\`, `\n` and their kind: nginx by default (since 1.1.6 for all bytes outside 32 to 126) and Apache
    /// (`ap_escape_logitem`).
    Backslash,
    /// As in JSON strings: nginx with `escape=json`, which leaves bytes above 127 alone.
    Json,
    /// `#HH`: `HAProxy`, which escapes `#` itself too.
    Hash,
    /// Nothing is escaped: nginx with `escape=none`.
    None,
}

/// The bytes that were meant.
pub fn undone(raw: &[u8], escape: Escape) -> Cow<'_, [u8]> {
    let mark = match escape {
        Escape::Backslash | Escape::Json => b'\\',
        Escape::Hash => b'#',
        Escape::None => return Cow::Borrowed(raw),
    };
    if memchr::memchr(mark, raw).is_none() {
        return Cow::Borrowed(raw);
    }
    let mut bytes = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, after)) = memchr::memchr(mark, rest).and_then(|at| rest.split_at_checked(at)) {
        bytes.extend_from_slice(before);
        let after = after.get(1..).unwrap_or_default();
        rest = match escape {
            Escape::Json => json(after, &mut bytes),
            Escape::Hash => match after.split_at_checked(2).and_then(|(digits, rest)| Some((hex(digits)?, rest))) {
                Some((byte, rest)) => push(&mut bytes, byte, rest),
                None => push(&mut bytes, b'#', after),
            },
            Escape::Backslash | Escape::None => backslash(after, &mut bytes),
        };
    }
    bytes.extend_from_slice(rest);
    Cow::Owned(bytes)
}

/// Text for people; bytes that are not UTF-8 are replaced.
pub fn text(bytes: Cow<'_, [u8]>) -> Cow<'_, str> {
    match bytes {
        Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes),
        Cow::Owned(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Cow::Owned(text),
            Err(error) => Cow::Owned(String::from_utf8_lossy(error.as_bytes()).into_owned()),
        },
    }
}

/// A part of a URL. Text that is not UTF-8 (paths in EUC-KR, which old Korean sites still have) is percent-encoded, so that two paths
/// stay two.
pub fn url(bytes: Cow<'_, [u8]>) -> Cow<'_, str> {
    if std::str::from_utf8(&bytes).is_ok() {
        return text(bytes);
    }
    // All that is beyond ASCII, for in such text two bytes may look like UTF-8 by chance.
    let mut url = String::with_capacity(bytes.len() * 2);
    for byte in bytes.iter() {
        if byte.is_ascii() {
            url.push(char::from(*byte));
            continue;
        }
        url.push('%');
        for digit in [byte >> 4, byte & 15] {
            url.extend(char::from_digit(digit.into(), 16).map(|digit| digit.to_ascii_uppercase()));
        }
    }
    Cow::Owned(url)
}

/// Percent-encoding undone, once more where that shows that it was done twice: `CloudFront` wrote `%2520` for a blank until 2019, and
/// edges still differ.
pub fn percent(raw: &[u8]) -> Cow<'_, [u8]> {
    let once: Cow<'_, [u8]> = percent_encoding::percent_decode(raw).into();
    if !once.contains(&b' ') && memchr::memmem::find(&once, b"%20").is_some() {
        return Cow::Owned(percent_encoding::percent_decode(&once).collect());
    }
    once
}

fn push<'a>(bytes: &mut Vec<u8>, byte: u8, rest: &'a [u8]) -> &'a [u8] {
    bytes.push(byte);
    rest
}

/// After a backslash: what follows it, and the rest.
fn backslash<'a>(after: &'a [u8], bytes: &mut Vec<u8>) -> &'a [u8] {
    let Some((kind, rest)) = after.split_first() else { return push(bytes, b'\\', after) };
    if matches!(kind, b'x' | b'X') {
        return match rest.split_at_checked(2).and_then(|(digits, rest)| Some((hex(digits)?, rest))) {
            Some((byte, rest)) => push(bytes, byte, rest),
            None => push(bytes, b'\\', after),
        };
    }
    match control(*kind) {
        Some(byte) => push(bytes, byte, rest),
        None => push(bytes, b'\\', after),
    }
}

fn json<'a>(after: &'a [u8], bytes: &mut Vec<u8>) -> &'a [u8] {
    let Some((kind, rest)) = after.split_first() else { return push(bytes, b'\\', after) };
    if *kind != b'u' {
        return match control(*kind) {
            Some(byte) => push(bytes, byte, rest),
            None => push(bytes, b'\\', after),
        };
    }
    let Some((first, rest)) = unit(rest) else { return push(bytes, b'\\', after) };
    let pair = rest.strip_prefix(b"\\u").and_then(unit);
    let (character, rest) = match (first, pair) {
        (0xd800..0xdc00, Some((second @ 0xdc00..0xe000, rest))) => {
            (char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)), rest)
        }
        _ => (char::from_u32(first), rest),
    };
    let mut buffer = [0; 4];
    bytes.extend_from_slice(character.unwrap_or(char::REPLACEMENT_CHARACTER).encode_utf8(&mut buffer).as_bytes());
    rest
}

/// Four hexadecimal digits, and the rest.
fn unit(text: &[u8]) -> Option<(u32, &[u8])> {
    let (digits, rest) = text.split_at_checked(4)?;
    let (high, low) = digits.split_at_checked(2)?;
    Some(((u32::from(hex(high)?) << 8) | u32::from(hex(low)?), rest))
}

fn control(kind: u8) -> Option<u8> {
    Some(match kind {
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'b' => 8,
        b'v' => 11,
        b'f' => 12,
        b'"' | b'\\' | b'/' | b'\'' => kind,
        _ => return None,
    })
}

fn hex(digits: &[u8]) -> Option<u8> {
    digits.iter().try_fold(0u8, |byte, digit| {
        let value = char::from(*digit).to_digit(16).and_then(|value| u8::try_from(value).ok())?;
        Some((byte << 4) | value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_servers_escape_is_undone_and_what_only_looks_escaped_is_kept() {
        for (escape, raw, expected) in [
            (Escape::Backslash, r"plain", "plain"),
            (Escape::Backslash, r"\xEA\xB0\x80", "가"),
            (Escape::Backslash, r#"say \"hi\" \x22there\x22"#, r#"say "hi" "there""#),
            (Escape::Backslash, r"C:\\dir\x5Cfile", r"C:\dir\file"),
            (Escape::Backslash, r"\xZZ \x4", r"\xZZ \x4"),
            (Escape::Backslash, "end\\", "end\\"),
            (Escape::Backslash, r"a\qb", r"a\qb"),
            (Escape::Json, r#"\"\\\/\n\u00e9\uac00\ud83d\ude00"#, "\"\\/\n\u{e9}가😀"),
            (Escape::Json, r"\ud83d lone \u12", "\u{fffd} lone \\u12"),
            (Escape::Hash, "a#22b#23#7C#zz", "a\"b#|#zz"),
            (Escape::None, r"a\x22", r"a\x22"),
        ] {
            assert_eq!(text(undone(raw.as_bytes(), escape)), expected, "{raw}");
        }
    }

    #[test]
    fn a_path_in_euc_kr_is_percent_encoded_and_stays_itself() {
        // "한글" in EUC-KR.
        assert_eq!(url(undone(br"/\xC7\xD1\xB1\xDB.html", Escape::Backslash)), "/%C7%D1%B1%DB.html");
        assert_eq!(url(Cow::Borrowed(b"/\xc7\xd1\xb1\xdb.html")), "/%C7%D1%B1%DB.html");
        assert_eq!(url(Cow::Borrowed("/한글.html".as_bytes())), "/한글.html");
    }

    #[test]
    fn an_agent_that_was_encoded_twice_is_decoded_twice() {
        for (raw, expected) in [
            ("a/1.1;%20b/1.0;%20+https://c", "a/1.1; b/1.0; +https://c"),
            ("a/1.1;%2520b/1.0;%2520+https://c", "a/1.1; b/1.0; +https://c"),
            ("a%20b%2520c", "a b%20c"),
            ("100%", "100%"),
        ] {
            assert_eq!(text(percent(raw.as_bytes())), expected, "{raw}");
        }
    }
}
