//! What a page says about its own encoding before it is read: the labels in header and markup, and what they mean.
//! Which of them is believed, and how the bytes are decoded, is for `charset` to say.

use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GBK, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED,
};
use memchr::{memchr, memmem};

/// The `charset` of a `Content-Type` header, which may be a list (sent twice) or in the wrong quotes.
pub(super) fn header_label(content_type: &str) -> Option<&str> {
    let blank = |it: char| it.is_ascii_whitespace() || matches!(it, '"' | '\'');
    content_type
        .split([';', ','])
        .filter_map(|part| part.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
        .map(|(_, value)| value.trim_matches(blank))
        .filter(|label| !label.is_empty())
}

/// What a label means; `None` if it names nothing we decode.
pub(super) fn encoding_for(label: &[u8]) -> Option<&'static Encoding> {
    // For the labels of `replacement` (ISO-2022-KR, HZ, ...) a browser shows an empty page; here they are unknown labels.
    Encoding::for_label_no_replacement(label).or_else(|| {
        let is = |alias: &&str| alias.as_bytes().eq_ignore_ascii_case(label.trim_ascii());
        ALIASES.iter().find(|(_, aliases)| aliases.iter().any(is)).map(|(encoding, _)| *encoding)
    })
}

/// What a label in markup means. Whoever could read it as ASCII is not looking at UTF-16 (HTML 13.2.3.2).
pub(super) fn encoding_in_markup(label: &[u8]) -> Option<&'static Encoding> {
    match encoding_for(label)? {
        encoding if encoding == UTF_16LE || encoding == UTF_16BE => Some(UTF_8),
        encoding if encoding == X_USER_DEFINED => Some(WINDOWS_1252),
        encoding => Some(encoding),
    }
}

/// The labels in a page's markup, first things first: every `<meta>`, then the XML declaration.
///
/// This is the WHATWG prescan (HTML 13.2.3.2), but over the whole head: it is not over after 1024 bytes but at
/// `</head`, `<body` or the end of `head`, and it does not look into `<script>`, `<style>` and `<title>`.
pub(super) fn markup_labels(head: &[u8]) -> Labels<'_> {
    Labels { rest: head, xml: xml_label(head) }
}

/// See [`markup_labels`]. Lazy, so that whoever needs only the first label does not pay for the rest of the head.
pub(super) struct Labels<'a> {
    /// What has not been looked at yet; only ever gets shorter.
    rest: &'a [u8],
    xml: Option<&'a [u8]>,
}

impl<'a> Iterator for Labels<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        while let Some(at) = memchr(b'<', self.rest) {
            self.skip(at + 1);
            if let Some(label) = self.markup() {
                return Some(label);
            }
        }
        self.stop();
        self.xml.take()
    }
}

impl<'a> Labels<'a> {
    /// What follows a `<`.
    fn markup(&mut self) -> Option<&'a [u8]> {
        match self.rest {
            [b'!', b'-', b'-', ..] => {
                // The dashes of `<!--` may be those of `-->` too: `<!-->` is a whole comment.
                self.skip(1);
                self.skip_past(b"-->");
                None
            }
            [b'/', letter, ..] if letter.is_ascii_alphabetic() => {
                self.skip(1);
                self.tag(true)
            }
            [letter, ..] if letter.is_ascii_alphabetic() => self.tag(false),
            [b'!' | b'/' | b'?', ..] => {
                self.skip_past(b">");
                None
            }
            _ => None,
        }
    }

    fn tag(&mut self, closing: bool) -> Option<&'a [u8]> {
        let name = self.take_until(|byte| is_space(byte) || matches!(byte, b'/' | b'>'));
        let is = |expected: &[u8]| name.eq_ignore_ascii_case(expected);
        if (closing && is(b"head")) || (!closing && is(b"body")) {
            self.stop();
            return None;
        }
        let declared = self.attributes();
        if self.rest.first() != Some(&b'>') {
            self.stop(); // A tag that is cut off declares nothing.
            return None;
        }
        if closing {
            return None;
        }
        match [b"script".as_slice(), b"style", b"title"].into_iter().find(|raw| is(raw)) {
            Some(raw) => self.skip_raw_text(raw),
            None if is(b"meta") => return declared,
            None => {}
        }
        None
    }

    /// Reads the attributes up to the `>`. The result is the label they would declare on a `<meta>`.
    fn attributes(&mut self) -> Option<&'a [u8]> {
        let (mut charset, mut content, mut http_equiv) = (None, None, None);
        while let Some((name, value)) = self.attribute() {
            // Of two attributes with one name the first counts.
            if name.eq_ignore_ascii_case(b"charset") {
                charset = charset.or(Some(value));
            } else if name.eq_ignore_ascii_case(b"content") {
                content = content.or(Some(value));
            } else if name.eq_ignore_ascii_case(b"http-equiv") {
                http_equiv = http_equiv.or(Some(value));
            }
        }
        charset.or_else(|| {
            http_equiv.filter(|value| value.eq_ignore_ascii_case(b"content-type"))?;
            value_of(b"charset", content?)
        })
    }

    fn attribute(&mut self) -> Option<(&'a [u8], &'a [u8])> {
        self.take_until(|byte| !is_space(byte) && byte != b'/');
        // An `=` at the start belongs to the name.
        let start = usize::from(self.rest.starts_with(b"="));
        let ends = |byte: u8| is_space(byte) || matches!(byte, b'/' | b'>' | b'=');
        let name = self.take(start + self.rest.iter().skip(start).take_while(|byte| !ends(**byte)).count());
        if name.is_empty() {
            return None;
        }
        self.take_until(|byte| !is_space(byte));
        if self.rest.first() != Some(&b'=') {
            return Some((name, b""));
        }
        self.skip(1);
        self.take_until(|byte| !is_space(byte));
        let value = match self.rest.first() {
            Some(&quote @ (b'"' | b'\'')) => {
                self.skip(1);
                let value = self.take_until(|byte| byte == quote);
                self.skip(1);
                value
            }
            _ => self.take_until(|byte| is_space(byte) || byte == b'>'),
        };
        Some((name, value))
    }

    fn skip_raw_text(&mut self, name: &[u8]) {
        while let Some(at) = memmem::find(self.rest, b"</") {
            self.skip(at + 2);
            if self.rest.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)) {
                return;
            }
        }
        self.stop();
    }

    fn take_until(&mut self, end: impl Fn(u8) -> bool) -> &'a [u8] {
        let length = self.rest.iter().position(|byte| end(*byte)).unwrap_or(self.rest.len());
        self.take(length)
    }

    fn take(&mut self, length: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, &[]));
        self.rest = rest;
        taken
    }

    fn skip(&mut self, length: usize) {
        self.take(length);
    }

    fn skip_past(&mut self, end: &[u8]) {
        match memmem::find(self.rest, end) {
            Some(at) => self.skip(at + end.len()),
            None => self.stop(),
        }
    }

    fn stop(&mut self) {
        self.rest = &[];
    }
}

/// `<?xml version="1.0" encoding="euc-kr"?>` at the very first byte. Browsers honour it where no `<meta>` speaks.
fn xml_label(head: &[u8]) -> Option<&[u8]> {
    let declaration = head.strip_prefix(b"<?xml")?;
    value_of(b"encoding", declaration.get(..memchr(b'>', declaration)?)?)
}

/// The `b` of `a=b`, `a = "b"` or `a='b'; c`, wherever it stands in `text` (HTML 4.12.2.4 "extracting a character encoding").
fn value_of<'a>(key: &[u8], text: &'a [u8]) -> Option<&'a [u8]> {
    let mut rest = text;
    loop {
        let at = rest.windows(key.len()).position(|window| window.eq_ignore_ascii_case(key))?;
        rest = rest.get(at + key.len()..)?.trim_ascii_start();
        let Some(value) = rest.strip_prefix(b"=") else {
            continue;
        };
        let value = value.trim_ascii_start();
        return match value.split_first()? {
            (quote @ (b'"' | b'\''), quoted) => quoted.get(..memchr(*quote, quoted)?),
            _ => value.split(|byte| is_space(*byte) || *byte == b';').next(),
        };
    }
}

const fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\x0C' | b'\r' | b' ')
}

/// Labels that WHATWG does not list but pages and servers use. `EUC_KR` is all of CP949 already, `SHIFT_JIS` all of CP932.
#[rustfmt::skip]
const ALIASES: [(&Encoding, &[&str]); 5] = [
    (EUC_KR, &["cp949", "ms949", "uhc", "949", "x-windows-949", "euckr", "euc_kr", "x-euc-kr", "ks_c_5601",
               "ksc_5601-1987", "ksc5601-1987", "ks_x_1001", "ksx1001"]),
    (SHIFT_JIS, &["cp932", "sjis-win"]),
    (EUC_JP, &["eucjp", "euc_jp"]),
    (GBK, &["cp936", "ms936", "euc-cn"]),
    (BIG5, &["cp950", "ms950", "big5hkscs"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_declares_what_a_browser_would_find() {
        let late = format!("<!--{}--><meta charset=euc-kr>", "x".repeat(3_000));
        #[rustfmt::skip]
        let rows: &[(&str, &str, &[&str])] = &[
            ("quoted", r#"<meta charset="euc-kr">"#, &["euc-kr"]),
            ("single quotes, upper case, blanks", "<META\n CharSet = 'EUC-KR' />", &["EUC-KR"]),
            ("no quotes", "<meta charset=utf-8>", &["utf-8"]),
            ("no quotes, slash", "<meta/charset=utf-8/>", &["utf-8/"]),
            ("http-equiv", r#"<meta http-equiv="Content-Type" content="text/html; charset=euc-kr">"#, &["euc-kr"]),
            ("content before http-equiv", "<meta content='text/html;charset=cp949;x' http-equiv=content-type>", &["cp949"]),
            ("quotes inside content", r#"<meta http-equiv=content-type content="text/html; charset = 'cp949' ">"#, &["cp949"]),
            ("charset twice in content", "<meta http-equiv=content-type content='charset charset=big5'>", &["big5"]),
            ("charset beats content", "<meta http-equiv=content-type content='charset=a' charset=b>", &["b"]),
            ("the first of two attributes", "<meta charset=a charset=b>", &["a"]),
            ("content without http-equiv", "<meta name=x content='text/html; charset=euc-kr'>", &[]),
            ("another http-equiv", "<meta http-equiv=refresh content='0; url=/?charset=euc-kr'>", &[]),
            ("in order, then the XML declaration", "<?xml encoding='c'?><meta charset=a><meta charset=b>", &["a", "b", "c"]),
            ("XML declaration not at the start", " <?xml encoding='c'?>", &[]),
            ("after 3 KB of comment", &late, &["euc-kr"]),
            ("inside a comment", "<!-- <meta charset=a> --><meta charset=b>", &["b"]),
            ("short comments", "<!--><meta charset=a><!---><meta charset=b>", &["a", "b"]),
            ("comment without end", "<!-- <meta charset=a>", &[]),
            ("inside a script", "<script>'<meta charset=a>'</Script ><meta charset=b>", &["b"]),
            ("inside a style and a title", "<style><meta charset=a></style><title><meta charset=b></title>", &[]),
            ("inside noscript", "<noscript><meta charset=a></noscript>", &["a"]),
            ("inside an attribute", "<p title='<meta charset=a>' x=y z>", &[]),
            ("inside a declaration", "<!doctype <meta charset=a>", &[]),
            ("after the head", "<head></HEAD><meta charset=a>", &[]),
            ("in the body", "<body class=x><meta charset=a>", &[]),
            ("a header is not the head", "</header><meta charset=a>", &["a"]),
            ("cut off", "<meta charset=euc-kr", &[]),
            ("cut off inside a value", "<meta charset='euc-kr", &[]),
            ("not a meta", "<metal charset=a></meta charset=b><m", &[]),
            ("odd markup", "< <> </> <1 <= <?x> <!y> <a =b='c' / d><meta =charset=x charset=z>", &["z"]),
        ];
        for (case, html, expected) in rows {
            let found: Vec<_> = markup_labels(html.as_bytes()).map(String::from_utf8_lossy).collect();
            assert_eq!(found, *expected, "{case}");
        }
    }

    #[test]
    fn a_header_declares_its_first_charset() {
        let rows = [
            ("text/html", None),
            ("text/html; charset=", None),
            ("text/html;charset=euc-kr", Some("euc-kr")),
            ("TEXT/HTML ; Charset=\"UTF-8\" ; x=y", Some("UTF-8")),
            ("text/html; charset='euc-kr'", Some("euc-kr")),
            ("text/html; x-charset=a; charset=b; charset=c", Some("b")),
            ("text/html, text/html; charset=utf-8, text/html", Some("utf-8")),
        ];
        for (header, expected) in rows {
            assert_eq!(header_label(header), expected, "{header}");
        }
    }

    #[test]
    fn korean_labels_are_known_and_dangerous_ones_are_not() {
        for label in ["euc-kr", "KS_C_5601-1987", "ksc5601", "windows-949", " CP949\t", "ms949", "UHC", "ks_c_5601"] {
            assert_eq!(encoding_for(label.as_bytes()), Some(EUC_KR), "{label}");
        }
        for label in ["utf-7", "iso-2022-kr", "hz-gb-2312", "replacement", "utf-32", "none", ""] {
            assert_eq!(encoding_for(label.as_bytes()), None, "{label}");
        }
        assert_eq!(encoding_for(b"utf-16"), Some(UTF_16LE));
        assert_eq!(encoding_in_markup(b"utf-16"), Some(UTF_8));
        assert_eq!(encoding_in_markup(b"x-user-defined"), Some(WINDOWS_1252));
    }
}
