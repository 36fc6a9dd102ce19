//! Raw source text into values: what an HTML tokenizer does to an attribute value or to the text of `<title>`, and no more.
//! Entities are decoded exactly once and only the ends are trimmed (R13).

use std::borrow::Cow;

use memchr::{memchr, memchr2};

/// The value of an attribute. Here `&copy=1` stays as it is: a legacy entity without `;` before `=` or a letter or digit
/// is not one (HTML, 13.2.5.73).
pub fn attribute(raw: &str) -> Cow<'_, str> {
    trimmed(match newlines(raw) {
        Cow::Borrowed(raw) if memchr(b'&', raw.as_bytes()).is_none() => Cow::Borrowed(raw),
        raw => htmlize::unescape_attribute(raw),
    })
}

/// The text of an element in which tags mean nothing but entities do (RCDATA), such as `<title>`.
pub fn text(raw: &str) -> Cow<'_, str> {
    trimmed(match newlines(raw) {
        Cow::Borrowed(raw) if memchr(b'&', raw.as_bytes()).is_none() => Cow::Borrowed(raw),
        raw => htmlize::unescape(raw),
    })
}

/// At most `bytes` bytes from the start, ending at a character boundary; no ellipsis, no further trim (R16).
pub fn cut(value: &str, bytes: usize) -> &str {
    value.get(..value.floor_char_boundary(bytes)).unwrap_or(value)
}

/// True if the value, decoded once already, still holds a character reference: it was encoded twice.
pub fn still_encoded(value: &str) -> bool {
    value.split('&').skip(1).any(|part| {
        part.split_once(';').is_some_and(|(name, _)| match name.strip_prefix('#') {
            Some(number) => match number.strip_prefix(['x', 'X']) {
                Some(hex) => !hex.is_empty() && hex.len() < 8 && hex.chars().all(|c| c.is_ascii_hexdigit()),
                None => !number.is_empty() && number.len() < 8 && number.chars().all(|c| c.is_ascii_digit()),
            },
            None => ["amp", "lt", "gt", "quot", "apos", "nbsp"].contains(&name),
        })
    })
}

/// CR LF and CR become LF before tokenizing (HTML, 13.2.3.5), NUL becomes U+FFFD in it (13.2.5.36 to 38 and 13.2.5.2).
fn newlines(raw: &str) -> Cow<'_, str> {
    if memchr2(b'\r', 0, raw.as_bytes()).is_none() {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(raw.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "\u{FFFD}"))
}

fn trimmed(value: Cow<'_, str>) -> Cow<'_, str> {
    match value {
        Cow::Borrowed(value) => Cow::Borrowed(value.trim()),
        Cow::Owned(value) if value.trim().len() == value.len() => Cow::Owned(value),
        Cow::Owned(value) => Cow::Owned(value.trim().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_are_decoded_once_as_html_does() {
        for (raw, decoded, why) in [
            ("a &amp;amp; b", "a &amp; b", "once only"),
            ("?a=1&copy=1", "?a=1&copy=1", "a legacy entity before = stays in an attribute"),
            ("?a=1&copy", "?a=1©", "a legacy entity at the end is decoded"),
            ("Q&A &ampx", "Q&A &ampx", "a legacy entity before a letter stays in an attribute"),
            ("&#44032;&#xAC00;", "가가", "numbers"),
            ("&#128;", "€", "windows-1252 numbers"),
            ("&#0;&#xD800;", "\u{FFFD}\u{FFFD}", "numbers that are no characters"),
            ("  a  b\u{a0}", "a  b", "only the ends are trimmed"),
            ("a\r\nb\rc\0", "a\nb\nc\u{FFFD}", "newlines and NUL"),
            ("&#13;&nbsp;", "", "what was decoded is trimmed too"),
        ] {
            assert_eq!(attribute(raw), decoded, "{why}");
        }
        assert_eq!(text("&copy=1 &notit; &lt;b&gt;"), "©=1 ¬it; <b>");
    }

    #[test]
    fn a_cut_ends_at_a_character() {
        assert_eq!(cut("가나", 5), "가");
        assert_eq!(cut("가나", 6), "가나");
        assert_eq!(cut("가나", 0), "");
    }

    #[test]
    fn a_second_encoding_is_seen() {
        for value in ["a &amp; b", "&#39;", "&#x27;x", "a&nbsp;b", "&&quot;"] {
            assert!(still_encoded(value), "{value}");
        }
        for value in ["a & b; c", "Q&A", "?a=1&amp=2", "&copy;", "&#;", "&#x;", "&;"] {
            assert!(!still_encoded(value), "{value}");
        }
    }
}
