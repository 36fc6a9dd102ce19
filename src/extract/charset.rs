//! From the bytes of a page to its text, and who named the encoding: byte order mark > HTTP header > `<meta>` >
//! valid UTF-8 > detector. It fetches nothing, parses no HTML beyond the head's declarations and judges nobody:
//! what a page got wrong stands in [`Charset`], to be worded as findings elsewhere.

use std::{borrow::Cow, iter};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, EUC_KR, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use memchr::memmem;

use super::prescan;

/// Who named the encoding, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CharsetSource {
    /// The byte order mark.
    Bom,
    /// `charset=` in the `Content-Type` header.
    HttpHeader,
    /// A `<meta>` in the head, or the XML declaration of a page without one.
    Meta,
    /// Nobody, but the bytes are well-formed UTF-8.
    ValidUtf8,
    /// Nobody, but the bytes look like this encoding.
    Detected,
    /// Nobody, and the bytes tell nothing.
    Default,
}

impl CharsetSource {
    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bom => "bom",
            Self::HttpHeader => "http-header",
            Self::Meta => "meta",
            Self::ValidUtf8 => "valid-utf-8",
            Self::Detected => "detected",
            Self::Default => "default",
        }
    }
}

/// One declaration of the encoding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// Where it stands.
    pub source: CharsetSource,
    /// The label as written; cut if it is absurdly long.
    pub label: String,
    /// What the label means; `None` for one that names no encoding we decode.
    pub encoding: Option<&'static Encoding>,
}

impl Declared {
    fn new(source: CharsetSource, label: &[u8], encoding: Option<&'static Encoding>) -> Self {
        let label = label.get(..LABEL_BYTES).unwrap_or(label).trim_ascii();
        Self { source, label: String::from_utf8_lossy(label).into_owned(), encoding }
    }
}

/// How the bytes were read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charset {
    /// The encoding the text was decoded from.
    pub encoding: &'static Encoding,
    /// Who named it.
    pub source: CharsetSource,
    /// Every declaration up to the first `<meta>` with a known label, strongest first.
    pub declared: Vec<Declared>,
    /// Decoding met malformed sequences; each is a U+FFFD in the text.
    pub malformed: bool,
    /// The strongest declaration, if the bytes contradict it and something else reads them better.
    pub refuted: Option<Declared>,
    /// The bytes are well-formed UTF-8 with characters beyond ASCII. If `encoding` is another one, the text is mojibake.
    pub looks_utf8: bool,
}

impl Charset {
    /// Two declarations that name different encodings: the strongest, and the next that disagrees with it.
    pub fn conflict(&self) -> Option<(&Declared, &Declared)> {
        let mut known = self.declared.iter().filter(|it| it.encoding.is_some());
        let first = known.next()?;
        Some((first, known.find(|other| other.encoding != first.encoding)?))
    }
}

/// A page's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded<'a> {
    /// The text without byte order mark; borrowed if the bytes were UTF-8 already. A character that is cut off by the end
    /// of the input is left out.
    pub text: Cow<'a, str>,
    /// How it was read.
    pub charset: Charset,
}

/// How much of a page is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes at the start in which a declaration is looked for.
    pub prescan_bytes: usize,
    /// Bytes the detector is fed with.
    pub detect_bytes: usize,
}

/// Reads `bytes` as text. `tld` is the last label of the host (`kr`), which helps the detector.
///
/// The strongest declaration with a known label is believed unless the bytes contradict it: they are not UTF-8, have
/// no NULs for UTF-16, or are UTF-8 where a legacy multi-byte encoding is declared. Then the next source counts that
/// makes sense of the bytes; where none does, the declaration stands after all. A byte order mark is never doubted.
/// A single-byte encoding reads anything, so it is believed, as browsers do; see [`Charset::looks_utf8`].
pub fn decode<'a>(bytes: &'a [u8], content_type: Option<&str>, tld: Option<&str>, limits: &Limits) -> Decoded<'a> {
    let (bom, mark) = Encoding::for_bom(bytes).unzip();
    let bytes = bytes.get(mark.unwrap_or(0)..).unwrap_or_default();
    let body = Body::new(bytes);
    let head = bytes.get(..limits.prescan_bytes).unwrap_or(bytes);
    let declared = declarations(bom, content_type, head);

    let undeclared = || body.read_undeclared(tld, limits.detect_bytes);
    let (reading, refuted) = choose(&body, &declared, undeclared);
    let refuted = refuted.cloned();
    let charset = Charset {
        encoding: reading.encoding,
        source: reading.source,
        declared,
        malformed: reading.malformed > 0,
        refuted,
        looks_utf8: body.looks_utf8,
    };
    Decoded { text: reading.text, charset }
}

/// Every declaration up to the first `<meta>` with a known label.
fn declarations(bom: Option<&'static Encoding>, content_type: Option<&str>, head: &[u8]) -> Vec<Declared> {
    let mut declared = Vec::new();
    if let Some(encoding) = bom {
        declared.push(Declared::new(CharsetSource::Bom, encoding.name().as_bytes(), bom));
    }
    if let Some(label) = content_type.and_then(prescan::header_label).map(str::as_bytes) {
        let encoding = prescan::encoding_for(label);
        declared.push(Declared::new(CharsetSource::HttpHeader, label, encoding));
    }
    for label in prescan::markup_labels(head).take(META_LABELS) {
        if label.trim_ascii().is_empty() {
            continue;
        }
        let encoding = prescan::encoding_in_markup(label);
        declared.push(Declared::new(CharsetSource::Meta, label, encoding));
        if encoding.is_some() {
            break;
        }
    }
    declared
}

/// The reading that counts, and the declaration that was not believed.
fn choose<'a, 'd>(
    body: &Body<'a>,
    declared: &'d [Declared],
    undeclared: impl FnOnce() -> Reading<'a>,
) -> (Reading<'a>, Option<&'d Declared>) {
    let mut usable = declared.iter().filter_map(|it| Some((it, it.encoding?)));
    let Some((strongest, encoding)) = usable.next() else {
        return (undeclared(), None);
    };
    let stands = body.read(strongest.source, encoding);
    if strongest.source == CharsetSource::Bom || !body.contradicts(&stands) {
        return (stands, None);
    }
    let better = usable
        .filter(|(_, other)| *other != encoding && (*other == UTF_8 || !body.looks_utf8))
        .map(|(it, other)| body.read(it.source, other))
        .chain(iter::once_with(undeclared))
        .find(|it| it.source != CharsetSource::Default && body.plausible(it));
    match better {
        Some(reading) => (reading, Some(strongest)),
        None => (stands, None),
    }
}

/// One attempt at reading a body.
struct Reading<'a> {
    source: CharsetSource,
    encoding: &'static Encoding,
    text: Cow<'a, str>,
    /// Malformed sequences that were met.
    malformed: usize,
}

impl Reading<'_> {
    /// Well-formed characters that are not ASCII.
    fn beyond_ascii(&self) -> usize {
        let beyond = self.text.chars().filter(|it| !it.is_ascii()).count();
        beyond.saturating_sub(self.malformed)
    }

    fn mostly_hangul(&self) -> bool {
        let hangul = self.text.chars().filter(|it| matches!(it, '가'..='힣'));
        hangul.count() > self.beyond_ascii() / 2
    }
}

/// A page's bytes without byte order mark.
struct Body<'a> {
    bytes: &'a [u8],
    /// All of it as UTF-8, if it is, but for a character that the end cuts off.
    utf8: Option<&'a str>,
    looks_utf8: bool,
}

impl<'a> Body<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        let utf8 = well_formed(bytes);
        let looks_utf8 = utf8.is_some_and(|text| !text.is_ascii());
        Self { bytes, utf8, looks_utf8 }
    }

    fn read(&self, source: CharsetSource, encoding: &'static Encoding) -> Reading<'a> {
        if let Some(text) = self.utf8 {
            let ascii = !self.looks_utf8 && text.len() == self.bytes.len();
            if encoding == UTF_8 || (ascii && encoding.is_ascii_compatible()) {
                return Reading { source, encoding, text: Cow::Borrowed(text), malformed: 0 };
            }
        }
        // Two bytes of EUC-KR are three of UTF-8, and most of a page is ASCII.
        let mut text = String::with_capacity(self.bytes.len() + self.bytes.len() / 2);
        let mut decoder = encoding.new_decoder_without_bom_handling();
        let (mut rest, mut replaced) = (self.bytes, false);
        loop {
            // Never `last`: a character that the end cuts off is not malformed.
            let (result, read, met) = decoder.decode_to_string(rest, &mut text, false);
            rest = rest.get(read..).unwrap_or_default();
            replaced |= met;
            match result {
                CoderResult::InputEmpty => break,
                CoderResult::OutputFull => text.reserve(rest.len().max(64)),
            }
        }
        // Counted afterwards: the decoder's call that stops at a malformed sequence walks the whole buffer each time.
        let genuine = if encoding == UTF_8 { replacements(self.bytes) } else { 0 };
        let malformed = if replaced { replacements(text.as_bytes()).saturating_sub(genuine) } else { 0 };
        Reading { source, encoding, text: Cow::Owned(text), malformed }
    }

    fn read_undeclared(&self, tld: Option<&str>, detect_bytes: usize) -> Reading<'a> {
        if self.bytes.is_empty() {
            return self.read(CharsetSource::Default, UTF_8);
        }
        if self.utf8.is_some() {
            return self.read(CharsetSource::ValidUtf8, UTF_8);
        }
        // One character cut in half and the detector rules an encoding out: the page comes out as windows-1252.
        // The two encodings of Korean pages get a second chance.
        let ascii = Encoding::ascii_valid_up_to(self.bytes);
        let text = self.bytes.get(ascii..).unwrap_or_default();
        let sample = Body::new(text.get(..detect_bytes).unwrap_or(text));
        let blemished = |encoding| {
            let reading = sample.read(CharsetSource::Detected, encoding);
            (reading.malformed < reading.beyond_ascii() / 8).then_some(reading)
        };
        if blemished(UTF_8).is_some() {
            return self.read(CharsetSource::Detected, UTF_8);
        }
        let mut guess = detect(text, tld, detect_bytes);
        if guess.is_single_byte() && blemished(EUC_KR).is_some_and(|it| it.mostly_hangul()) {
            guess = EUC_KR;
        }
        let reading = self.read(CharsetSource::Detected, guess);
        if self.plausible(&reading) {
            return reading;
        }
        self.read(CharsetSource::Default, WINDOWS_1252)
    }

    /// Whether the bytes can be meant to be in the encoding of `reading`.
    fn plausible(&self, reading: &Reading<'_>) -> bool {
        if is_utf16(reading.encoding) {
            // Markup is ASCII, and in UTF-16 every other byte of it is a NUL.
            return self.bytes.contains(&0);
        }
        reading.malformed == 0 || reading.malformed < reading.beyond_ascii()
    }

    /// Whether the bytes prove a declaration wrong.
    fn contradicts(&self, reading: &Reading<'_>) -> bool {
        if reading.encoding == UTF_8 || is_utf16(reading.encoding) {
            return !self.bytes.is_empty() && !self.plausible(reading);
        }
        self.looks_utf8 && reading.malformed > 0 && !reading.encoding.is_single_byte()
    }
}

/// `bytes` as UTF-8, if they are, but for a character that the end cuts off. Several times faster than `str::from_utf8`.
fn well_formed(bytes: &[u8]) -> Option<&str> {
    let borrow = |bytes| match UTF_8.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(Cow::Borrowed(text)) => Some(text),
        _ => None,
    };
    borrow(bytes).or_else(|| {
        let (whole, tail) = bytes.split_at_checked(Encoding::utf8_valid_up_to(bytes))?;
        let cut_off = str::from_utf8(tail).is_err_and(|error| error.error_len().is_none());
        borrow(whole).filter(|_| cut_off)
    })
}

fn replacements(utf8: &[u8]) -> usize {
    memmem::find_iter(utf8, "\u{FFFD}".as_bytes()).count()
}

/// The encoding that the text between the tags looks like.
fn detect(bytes: &[u8], tld: Option<&str>, budget: usize) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let mut budget = budget;
    // No multi-byte encoding has `<` inside a character.
    let pieces = bytes.split(|byte| *byte == b'<');
    for piece in pieces.filter(|piece| !piece.is_ascii()) {
        let piece = piece.get(..budget).unwrap_or(piece);
        detector.feed(b"<", false);
        detector.feed(piece, false);
        budget -= piece.len();
        if budget == 0 {
            break;
        }
    }
    // The detector panics at anything but one lower-case ASCII label.
    let tld = tld.map(str::to_ascii_lowercase).filter(|tld| tld.is_ascii() && !tld.contains('.'));
    detector.guess(tld.as_deref().map(str::as_bytes), Utf8Detection::Allow)
}

fn is_utf16(encoding: &'static Encoding) -> bool {
    encoding == UTF_16LE || encoding == UTF_16BE
}

/// What is kept of a label.
const LABEL_BYTES: usize = 64;
/// Unknown labels in `<meta>`s that are looked at in the hope for a known one.
const META_LABELS: usize = 8;

#[cfg(test)]
mod tests {
    use encoding_rs::{BIG5, EUC_JP, GB18030, GBK, SHIFT_JIS, WINDOWS_1251};
    use proptest::prelude::*;

    use super::*;

    const LIMITS: Limits = Limits { prescan_bytes: 65_536, detect_bytes: 16_384 };
    const EUC_KR_META: &str = "<meta charset=euc-kr>";
    const HANGUL_EUC_KR: &[u8] = b"\xC7\xD1\xB1\xDB \xC1\xA6\xB8\xF1"; // 한글 제목
    const HANGUL_UTF_8: &str = "한글 제목";

    /// Case, bytes, charset in the header, top-level domain; text of the title, its encoding, who named it.
    type Row<'a> = (&'a str, Vec<u8>, &'a str, &'a str, &'a str, &'a Encoding, CharsetSource);

    fn page(markup: &str, text: &[u8]) -> Vec<u8> {
        [markup.as_bytes(), b"<title>", text, b"</title>"].concat()
    }

    fn read(bytes: &[u8], charset: &str, tld: &str) -> (String, Charset) {
        let content_type = format!("text/html; charset={charset}");
        let Decoded { text, charset } = decode(bytes, Some(&content_type), Some(tld), &LIMITS);
        let inside = || text.split_once("<title>")?.1.split_once("</title>");
        (inside().map_or(&*text, |(title, _)| title).to_owned(), charset)
    }

    #[test]
    #[rustfmt::skip]
    fn every_page_is_read_in_the_encoding_it_is_in() {
        use CharsetSource::{Bom, Default, Detected, HttpHeader, Meta, ValidUtf8};
        let korean = b"\xBE\xC8\xB3\xE7\xC7\xCF\xBC\xBC\xBF\xE4 \xB9\xDD\xB0\xA9\xBD\xC0\xB4\xCF\xB4\xD9";
        let blemished = [&korean.repeat(3)[..], b"\xC7"].concat();
        let half_utf8 = [HANGUL_UTF_8.repeat(3).as_bytes(), b"\xED\x95"].concat();
        let rows: &[Row] = &[
            ("EUC-KR, header",           page("", HANGUL_EUC_KR), "euc-kr", "com", HANGUL_UTF_8, EUC_KR, HttpHeader),
            ("EUC-KR, meta",             page(EUC_KR_META, HANGUL_EUC_KR), "", "com", HANGUL_UTF_8, EUC_KR, Meta),
            ("EUC-KR, undeclared",       page("", korean), "", "kr", "안녕하세요 반갑습니다", EUC_KR, Detected),
            ("CP949 beyond KS X 1001",   page("", b"\x8Cc\xB9\xE6 \xBC\x84"), "ks_c_5601-1987", "com", "똠방 펲", EUC_KR, HttpHeader),
            ("Shift_JIS",                page("", b"\x93\xFA\x96{\x8C\xEA\x83y\x81["), "ms932", "jp", "日本語ペー", SHIFT_JIS, HttpHeader),
            ("EUC-JP",                   page("<meta charset=x-euc-jp>", b"\xC6\xFC\xCB\xDC\xB8\xEC"), "", "jp", "日本語", EUC_JP, Meta),
            ("GB18030",                  page("", b"\xD6\xD0\xCE\xC4\xA2\xE3\x94\x39\xDA\x33"), "gb18030", "cn", "中文€💩", GB18030, HttpHeader),
            ("Big5",                     page("", b"\xC1c\xC5\xE9\xA4\xA4\xA4\xE5"), "big5", "tw", "繁體中文", BIG5, HttpHeader),
            ("windows-1251",             page("", b"\xCF\xF0\xE8\xE2\xE5\xF2"), "windows-1251", "ru", "Привет", WINDOWS_1251, HttpHeader),
            ("windows-1252",             page("", b"caf\xE9 \x93x\x94"), "iso-8859-1", "fr", "café “x”", WINDOWS_1252, HttpHeader),
            ("UTF-16LE, mark",           b"\xFF\xFE\x5C\xD5\x00\xAE".to_vec(), "utf-8", "kr", "한글", UTF_16LE, Bom),
            ("UTF-16BE, mark",           b"\xFE\xFF\xD5\x5C\xAE\x00".to_vec(), "", "kr", "한글", UTF_16BE, Bom),
            ("UTF-16LE, header only",    b"<\0a\0>\0\x5C\xD5".to_vec(), "utf-16", "kr", "<a>한", UTF_16LE, HttpHeader),
            ("UTF-8, mark, lying header", "\u{FEFF}한글".into(), "euc-kr", "kr", "한글", UTF_8, Bom),
            ("a second mark is text",    "\u{FEFF}\u{FEFF}x".into(), "", "kr", "\u{FEFF}x", UTF_8, Bom),
            ("UTF-8, undeclared",        page("", HANGUL_UTF_8.as_bytes()), "", "kr", HANGUL_UTF_8, UTF_8, ValidUtf8),
            ("header before meta",       page("<meta charset=utf-8>", HANGUL_EUC_KR), "euc-kr", "com", HANGUL_UTF_8, EUC_KR, HttpHeader),
            ("header UTF-8, is EUC-KR",  page("", korean), "utf-8", "kr", "안녕하세요 반갑습니다", EUC_KR, Detected),
            ("header UTF-8, meta right", page(EUC_KR_META, HANGUL_EUC_KR), "utf-8", "com", HANGUL_UTF_8, EUC_KR, Meta),
            ("header EUC-KR, is UTF-8",  page("", HANGUL_UTF_8.as_bytes()), "euc-kr", "kr", HANGUL_UTF_8, UTF_8, ValidUtf8),
            ("the same, meta wrong too", page("<meta charset=latin1>", HANGUL_UTF_8.as_bytes()), "euc-kr", "kr", HANGUL_UTF_8, UTF_8, ValidUtf8),
            ("header UTF-16, is UTF-8",  page("<meta charset=utf-8>", HANGUL_UTF_8.as_bytes()), "utf-16", "kr", HANGUL_UTF_8, UTF_8, Meta),
            ("meta UTF-16 means UTF-8",  page("<meta charset=utf-16>", HANGUL_UTF_8.as_bytes()), "", "kr", HANGUL_UTF_8, UTF_8, Meta),
            ("latin1 is believed",       page("", "é".as_bytes()), "latin1", "fr", "Ã©", WINDOWS_1252, HttpHeader),
            ("unknown label",            page(EUC_KR_META, HANGUL_EUC_KR), "utf-7", "com", HANGUL_UTF_8, EUC_KR, Meta),
            ("unknown meta, then known", page("<meta charset=x><meta charset=gb2312>", b"\xD6\xD0"), "", "com", "中", GBK, Meta),
            ("UTF-8 cut at the end",     "한글".as_bytes()[..5].to_vec(), "", "kr", "한", UTF_8, ValidUtf8),
            ("EUC-KR cut at the end",    HANGUL_EUC_KR[..3].to_vec(), "euc-kr", "kr", "한", EUC_KR, HttpHeader),
            ("EUC-KR with half a character", page("", &blemished), "", "com", "안녕하세요 반갑습니다안녕하세요 반갑습니다안녕하세요 반갑습니다\u{FFFD}", EUC_KR, Detected),
            ("UTF-8 with half a character", page("", &half_utf8), "", "com", "한글 제목한글 제목한글 제목\u{FFFD}", UTF_8, Detected),
            ("a page mangled before, one bad byte", page("", b"\xEF\xBF\xBD\xEF\xBF\xBD \xB0"), "utf-8", "kr", "\u{FFFD}\u{FFFD} \u{FFFD}", UTF_8, HttpHeader),
            ("one stray byte",           page("", b"\xA9 2025"), "utf-8", "com", "© 2025", WINDOWS_1252, Detected),
            ("bad bytes that fit nothing", b"\xFFa\xFF".to_vec(), "utf-8", "kr", "\u{FFFD}a\u{FFFD}", UTF_8, HttpHeader),
            ("NULs",                     b"a\0b".to_vec(), "", "kr", "a\0b", UTF_8, ValidUtf8),
            ("empty",                    vec![], "", "kr", "", UTF_8, Default),
            ("empty, header",            vec![], "utf-16", "kr", "", UTF_16LE, HttpHeader),
            ("only a mark",              b"\xEF\xBB\xBF".to_vec(), "", "kr", "", UTF_8, Bom),
        ];
        for (case, bytes, header, tld, text, encoding, source) in rows {
            let (read, charset) = read(bytes, header, tld);
            assert_eq!((read.as_str(), charset.encoding, charset.source), (*text, *encoding, *source), "{case}");
            assert_eq!(charset.malformed, case.contains("half") || case.contains("bad"), "{case}");
        }
    }

    #[test]
    fn a_refuted_declaration_is_named() {
        let (_, charset) = read(&page(EUC_KR_META, HANGUL_EUC_KR), "utf-8", "kr");
        let refuted = charset.refuted.unwrap();
        assert_eq!((refuted.source.name(), &*refuted.label), ("http-header", "utf-8"));
        assert!(!charset.looks_utf8);

        let (_, charset) = read(&page("", HANGUL_UTF_8.as_bytes()), "EUC-KR", "kr");
        assert_eq!(charset.refuted.unwrap().label, "EUC-KR");
        assert!(charset.looks_utf8);
    }

    #[test]
    fn a_conflict_names_both_sides_and_ignores_synonyms() {
        let labels = |header: &str, meta: &str| {
            let (_, charset) = read(&page(&format!("<meta charset={meta}>"), b""), header, "kr");
            let (one, other) = charset.conflict()?;
            Some(format!("{} {}", one.label, other.label))
        };
        assert_eq!(labels("UTF-8", "euc-kr").as_deref(), Some("UTF-8 euc-kr"));
        assert_eq!(labels("ks_c_5601-1987", "cp949"), None);
        assert_eq!(labels("none", "euc-kr"), None);
    }

    #[test]
    fn utf_8_and_ascii_are_not_copied() {
        for (bytes, charset) in [("\u{FEFF}한글", ""), ("한글", "utf-8"), ("abc", "euc-kr")] {
            let content_type = format!("text/html;charset={charset}");
            let decoded = decode(bytes.as_bytes(), Some(&content_type), None, &LIMITS);
            assert!(matches!(decoded.text, Cow::Borrowed(_)), "{bytes}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_and_header_are_read_the_same_way_twice(
            bytes in prop_oneof![
                proptest::collection::vec(any::<u8>(), 0..300),
                proptest::collection::vec(proptest::sample::select(&b"\xEF\xBF\xBD\xC7\xD1\xED\x80\xFE\0<a"[..]), 0..30),
                "(<(/?(meta|head|script|title)|!--)? ?(charset|content|http-equiv)?=?['\"]?(utf-16|euc-kr|x)?>?|\\PC){0,20}"
                    .prop_map(String::into_bytes),
            ],
            header in proptest::option::of("(text/html)?[;,]? ?charset=(utf-8|utf-16|euc-kr|\\PC*)"),
            tld in proptest::option::of("\\PC{0,4}"),
            prescan_bytes in 0_usize..300,
            detect_bytes in 0_usize..300,
        ) {
            let limits = Limits { prescan_bytes, detect_bytes };
            let once = decode(&bytes, header.as_deref(), tld.as_deref(), &limits);
            prop_assert_eq!(&once, &decode(&bytes, header.as_deref(), tld.as_deref(), &limits));
        }

        #[test]
        fn korean_survives_euc_kr(text in "[가-힣 a-z]{0,60}") {
            let (bytes, _, _) = EUC_KR.encode(&text);
            let (title, charset) = read(&page("", &bytes), "euc-kr", "kr");
            prop_assert_eq!(title, text);
            prop_assert!(!charset.malformed);
        }
    }
}
