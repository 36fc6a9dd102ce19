//! Makes JSON of a line that nearly is: text that is not UTF-8 (nginx's `escape=json` leaves it alone), and `\xHH`, which servers write
//! that know no JSON (Apache, nginx with `escape=default`).

use std::fmt::Write;

/// The line as JSON would have it. In strings that are not UTF-8, characters stand in for bytes; [`bytes`] takes them back.
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
    let mut text = String::with_capacity(bytes.len());
    for (index, part) in bytes.split(|byte| *byte == b'"').enumerate() {
        if index > 0 {
            text.push('"');
        }
        match std::str::from_utf8(part) {
            Ok(part) => text.push_str(part),
            Err(_) => {
                text.extend(part.iter().map(|byte| if byte.is_ascii() { char::from(*byte) } else { stand_in(*byte) }));
            }
        }
    }
    text
}

/// Where the characters begin that stand in for bytes: the last ones for private use, which no log has.
const STAND_INS: u32 = 0x0010_ff00;

fn stand_in(byte: u8) -> char {
    char::from_u32(STAND_INS + u32::from(byte)).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// The bytes of a value of a repaired line.
pub(super) fn bytes(value: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(value.len());
    for character in value.chars() {
        match u32::from(character).checked_sub(STAND_INS).and_then(|byte| u8::try_from(byte).ok()) {
            Some(byte) => bytes.push(byte),
            None => bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::{bytes, repaired};

    #[test]
    fn what_is_nearly_json_becomes_json() {
        for (line, expected) in [
            (&br#"{"a":"\xea\xb0\x80"}"#[..], r#"{"a":"가"}"#),
            (br#"{"a":"\x22\x5C\x0A"}"#, r#"{"a":"\u0022\u005c\u000a"}"#),
            (br#"{"a":"\\x41 \" \n"}"#, r#"{"a":"\\x41 \" \n"}"#),
            (br#"{"a":"\"#, r#"{"a":"\"#),
        ] {
            assert_eq!(repaired(line), expected);
        }
    }

    #[test]
    fn bytes_that_are_no_text_come_through() {
        for line in [
            &b"{\"a\":\"\xc7\xd1\xb1\xdb\",\"b\":\"\xea\xb0\x80\"}"[..],
            br#"{"a":"\xC7\xD1\xb1\xdb","b":"\xea\xb0\x80"}"#,
        ] {
            let repaired = repaired(line);
            assert_eq!(bytes(&repaired), b"{\"a\":\"\xc7\xd1\xb1\xdb\",\"b\":\"\xea\xb0\x80\"}");
            assert!(repaired.contains("가"), "{repaired}");
        }
    }
}
