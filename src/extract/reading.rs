//! What was read from a page's source, with places and regions: the streaming pass and, where it matters, the tree's
//! second opinion put together (R10). The streaming pass decides what there is; the tree only says what it would move.

use std::{borrow::Cow, time::Duration};

use super::{
    Region, Settings, Tag,
    head::{self, Head},
    meta::{self, Found, Stream},
    position::Positions,
    scan::{Token, Tokens},
    tree::{self, Hidden, Opinion},
    value,
};

/// Characters of text below which a body counts as empty: "Loading..." is not content.
const SHELL_CHARACTERS: usize = 40;

/// A page's source, read.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// The tags that were kept, in document order.
    pub tags: Vec<Tag>,
    /// How many there were.
    pub seen: usize,
    /// `href` of the first `<base>` that has one.
    pub base: Option<String>,
    /// The first body images, in document order.
    pub images: Vec<BodyImage>,
    /// What closed the head early, if tags are displaced.
    pub closer: Option<Closer>,
    /// Where an HTML5 tree reads the page differently, other than by displacing tags.
    pub differences: Differences,
    /// True if the streaming pass ran out of memory and did not reach the end.
    pub cut_short: bool,
    /// True if the page has no `og` tags and its body is empty but for scripts.
    pub shell: bool,
}

/// An `<img>` of the body.
#[derive(Debug, Clone)]
pub struct BodyImage {
    /// The address as written.
    pub src: String,
    /// Line in the source, from 1.
    pub line: u32,
    /// Column in that line, in characters, from 1.
    pub column: u32,
    /// Why it cannot be a candidate, if so.
    pub refused: Option<Cow<'static, str>>,
}

/// What closed the head before its end.
#[derive(Debug, Clone)]
pub struct Closer {
    /// The tag as `<img>`, or the beginning of a text in quotation marks.
    pub what: String,
    /// Line in the source, from 1.
    pub line: u32,
}

/// Where the two readings differ.
#[derive(Debug, Clone, Default)]
pub struct Differences {
    /// Tags behind `</head>`, by their index, that the tree puts back into the head.
    pub put_back: Vec<usize>,
    /// Tags of the source's head, by their index, that the tree does not have at all. They are displaced too.
    pub dropped: Vec<usize>,
    /// Metas in the head's `<noscript>`, which only the tree sees.
    pub hidden: Vec<Hidden>,
    /// Line at which the tree's time was over.
    pub stopped_at: Option<u32>,
}

/// When the tree is asked. Tests ask always, to see that it changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// If the head holds something that could close it early.
    WhenSuspicious,
    /// For every page.
    #[cfg(test)]
    Always,
}

/// Reads a page's source. `small` is the number of pixels below which a declared side rules a body image out.
pub fn read(text: &str, small: u32, settings: &Settings, ask: Ask) -> Reading {
    let head = head::find(text);
    let stream = meta::read(text, head.end, small, settings);
    let places: Vec<_> = stream.tags.iter().map(|tag| tag.place.clone()).collect();
    let opinion = (ask != Ask::WhenSuspicious || tree::is_needed(&head, &places))
        .then(|| tree::read(text, &head, &places, Duration::from_millis(settings.tree_budget_ms)));
    assemble(text, &head, stream, opinion)
}

fn assemble(text: &str, head: &Head, stream: Stream, opinion: Option<Opinion>) -> Reading {
    let opinion = opinion.unwrap_or_default();
    let mut positions = Positions::new(text);
    let mut reading =
        Reading { seen: stream.seen, base: stream.base, cut_short: stream.cut_short, ..Reading::default() };
    for (index, found) in stream.tags.into_iter().enumerate() {
        let asked = opinion.in_head.get(index).copied();
        let read_so_far = opinion.stopped_at.is_none_or(|stop| found.place.end <= stop);
        let region = match asked {
            _ if found.place.start >= head.end => Region::Body,
            Some(Some(false)) => Region::Displaced,
            Some(None) if read_so_far => {
                reading.differences.dropped.push(index);
                Region::Displaced
            }
            Some(Some(true) | None) | None => Region::Head,
        };
        if region == Region::Body && asked == Some(Some(true)) {
            reading.differences.put_back.push(index);
        }
        reading.tags.push(tag(found, region, &mut positions));
    }
    for image in stream.images {
        let (line, column) = positions.at(image.offset);
        reading.images.push(BodyImage { src: image.src, line, column, refused: image.refused });
    }
    reading.differences.hidden = opinion.hidden;
    reading.differences.stopped_at = opinion.stopped_at.map(|stop| positions.at(stop).0);
    if reading.tags.iter().any(|tag| tag.region == Region::Displaced) {
        reading.closer = closer(text, head, opinion.body_begins_with.as_deref(), &mut positions);
    }
    reading.shell = !reading.tags.iter().any(|tag| tag.key.starts_with("og:") || tag.key == "description")
        && is_shell(text, head.end);
    reading
}

fn tag(found: Found, region: Region, positions: &mut Positions<'_>) -> Tag {
    let (line, column) = positions.at(found.place.start);
    Tag { key: found.key, attribute: found.attribute, content: found.content, bytes: found.bytes, line, column, region }
}

/// The suspect that did it: the one the tree's body begins with, or the first.
fn closer(text: &str, head: &Head, body_begins_with: Option<&str>, positions: &mut Positions<'_>) -> Option<Closer> {
    let same = head.suspects.iter().find(|suspect| Some(suspect.name.as_str()) == body_begins_with);
    let suspect = same.or(head.suspects.first())?;
    let what = match suspect.name.as_str() {
        "" => quoted(text.get(suspect.offset..).unwrap_or_default()),
        name => format!("<{}>", value::cut(name, 40)),
    };
    Some(Closer { what, line: positions.at(suspect.offset).0 })
}

/// The beginning of stray text, visible also if it is not: a byte order mark would be a blank in a report.
fn quoted(text: &str) -> String {
    let text = text.trim_ascii_start().split(['<', '\n', '\r']).next().unwrap_or_default();
    let shown = text.trim_ascii_end().chars().take(20).flat_map(|c| match c {
        '\u{FEFF}' | '\u{200B}' | '\u{A0}' => c.escape_unicode().collect::<Vec<_>>(),
        c if c.is_control() => c.escape_unicode().collect(),
        c => vec![c],
    });
    format!("“{}”", shown.collect::<String>())
}

/// True if the body has a script and practically no text.
fn is_shell(text: &str, head_end: usize) -> bool {
    let (mut characters, mut scripts) = (0, false);
    for (_, token) in Tokens::new(text.get(head_end..).unwrap_or_default()) {
        match token {
            Token::Text(text) => {
                characters += text.chars().filter(|c| !c.is_whitespace()).take(SHELL_CHARACTERS).count();
            }
            Token::Start(name) => scripts |= name.eq_ignore_ascii_case("script"),
            Token::End(_) | Token::Raw(..) => {}
        }
        if characters >= SHELL_CHARACTERS {
            return false;
        }
    }
    scripts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PIECES: [&str; 40] = [
        "<html>",
        "<head>",
        "</head>",
        "<body>",
        "</body>",
        "</html>",
        "<title>",
        "</title>",
        "<noscript>",
        "</noscript>",
        "<template>",
        "</template>",
        "<style>",
        "</style>",
        "<script>",
        "</script>",
        "<!--",
        "-->",
        "<svg>",
        "</svg>",
        "<img>",
        "<div>",
        "</div>",
        "</p>",
        "</br>",
        "<base href=/>",
        "<link rel=canonical href=/>",
        "<noframes>",
        "</noframes>",
        "<frameset>",
        "x",
        " ",
        "\n",
        "&#32;",
        "\0",
        "<select>",
        "<table>",
        "<!doctype html>",
        "<math>",
        "<plaintext>",
    ];

    fn read_both(text: &str) -> [Reading; 2] {
        let settings = Settings {
            max_tags: 500,
            max_value_bytes: 8192,
            max_url_bytes: 2048,
            prescan_bytes: 1024,
            detect_bytes: 1024,
            parser_memory_bytes: 1 << 22,
            tree_budget_ms: 10_000,
            source_lines: 400,
            source_characters: 400,
        };
        [Ask::WhenSuspicious, Ask::Always].map(|ask| read(text, 50, &settings, ask))
    }

    fn assert_same(text: &str) {
        let [cheap, thorough] = read_both(text);
        assert_eq!(cheap.tags, thorough.tags, "{text:?}");
        let (cheap, thorough) = (cheap.differences, thorough.differences);
        assert_eq!(cheap.put_back, thorough.put_back, "{text:?}");
        assert_eq!(cheap.dropped, thorough.dropped, "{text:?}");
        assert_eq!(cheap.hidden, thorough.hidden, "{text:?}");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 5000, failure_persistence: None, ..ProptestConfig::default() })]

        /// The tree is asked only if something looks suspicious. If it were asked always, nothing would be different.
        #[test]
        fn not_asking_the_tree_changes_nothing(pieces in proptest::collection::vec((0..PIECES.len() + 20, 0..9), 0..16)) {
            let meta = |number: i32| format!("<meta name={number} content=x>");
            let text: String = pieces.iter().map(|(piece, number)| PIECES.get(*piece).map_or_else(|| meta(*number), |piece| (*piece).to_owned())).collect();
            assert_same(&text);
        }
    }
}
