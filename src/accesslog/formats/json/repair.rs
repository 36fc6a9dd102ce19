//! Makes JSON of a line that nearly is: text that is not UTF-8 (nginx's `escape=json` leaves it alone), and `\xHH`, which servers write
//! that know no JSON (Apache, nginx with `escape=default`).

use std::{borrow::Cow, fmt::Write};

use crate::accesslog::field::escape;

/// The line as JSON would have it. Strings that are not UTF-8 are percent-encoded: they are paths.
pub(super) fn repaired(line: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = memchr::memchr(b'\\', rest).and_then(|at| rest.split_at_checked(at)) {
        bytes.extend_from_slice(before);
        let (pair, after) = after.split_at_checked(2).unwrap_or((after, b""));
        rest = after;
        let byte = match pair {
            b"\\x" => after.get(..2).and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()),
            b"\\v" => Some(11),
            _ => None,
        };
        let Some(byte) = byte else {
            bytes.extend_from_slice(pair);
            continue;
        };
        if pair == b"\\x" {
            rest = after.get(2..).unwrap_or_default();
        }
        if byte < 0x20 || matches!(byte, b'"' | b'\\') {
            let mut escaped = String::new();
            // Writing to a String cannot fail.
            let _ = write!(escaped, "\\u{byte:04x}");
            bytes.extend_from_slice(escaped.as_bytes());
        } else {
            bytes.push(byte);
        }
    }
    bytes.extend_from_slice(rest);
    // String by string: one in EUC-KR does not make the others so.
    let strings: Vec<_> = bytes.split(|byte| *byte == b'"').map(|part| escape::url(Cow::Borrowed(part))).collect();
    strings.join("\"")
}

#[cfg(test)]
mod tests {
    use super::repaired;

    #[test]
    fn what_is_nearly_json_becomes_json() {
        for (line, expected) in [
            (&br#"{"a":"\xea\xb0\x80"}"#[..], r#"{"a":"가"}"#),
            (br#"{"a":"/\xC7\xD1"}"#, r#"{"a":"/%C7%D1"}"#),
            (b"{\"a\":\"/\xc7\xd1\"}", r#"{"a":"/%C7%D1"}"#),
            (b"{\"a\":\"\xc7\xd1\",\"b\":\"\xea\xb0\x80\"}", r#"{"a":"%C7%D1","b":"가"}"#),
            (br#"{"a":"\x22\x5C\x0A"}"#, r#"{"a":"\u0022\u005c\u000a"}"#),
            (br#"{"a":"\\x41 \" \n"}"#, r#"{"a":"\\x41 \" \n"}"#),
            (br#"{"a":"\"#, r#"{"a":"\"#),
        ] {
            assert_eq!(repaired(line), expected);
        }
    }
}
