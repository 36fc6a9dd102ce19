//! What holds for every page: bounds on what is kept, hostile pages read in time, and properties over generated ones.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::time::Instant;

use proptest::prelude::*;
use scraplens::{extract::Tag, inspect::Inspection};

use crate::rules::Reader;

#[test]
fn a_page_with_too_many_tags_keeps_the_ones_the_card_needs() {
    let reader = Reader::new();
    let junk = "<meta name=\"junk\" content=\"x\">".repeat(5000);
    let extraction = reader.read_html(&format!(
        "<head>{junk}<title>Late</title><meta property=og:image content=https://a.example/1.png></head>"
    ));
    assert_eq!(extraction.card.title, "Late");
    assert_eq!(extraction.card.images.len(), 1);
    assert_eq!(extraction.tags.len(), reader.settings.max_tags);
    let finding = extraction.findings.iter().find(|finding| finding.code == "tags-truncated").unwrap();
    assert_eq!(finding.evidence.as_deref(), Some("500 of 5002 tags kept; limit 500"));
}

#[test]
fn a_very_long_value_is_cut_and_its_length_is_told() {
    let reader = Reader::new();
    let extraction = reader.read_html(&format!("<meta property=og:description content='{}'>", "가".repeat(10_000)));
    assert!(extraction.tags[0].content.len() <= reader.settings.max_value_bytes);
    assert_eq!(extraction.tags[0].bytes, 30_000);
    let finding = extraction.findings.iter().find(|finding| finding.code == "description-cut").unwrap();
    assert!(finding.evidence.as_deref().unwrap().contains("30000 bytes"), "{finding:?}");
}

#[test]
fn candidates_are_listed_up_to_a_bound_and_the_used_one_is_among_them() {
    let extraction = Reader::new().read_html(&format!(
        "{}<meta property=og:title content=x>{}",
        "<meta property=og:title content=''>".repeat(100),
        "<img src=/a.svg>".repeat(1000) + &"<img src=/a.png>".repeat(1000)
    ));
    let candidates = &extraction.card.candidates;
    assert_eq!((candidates.title.len(), candidates.images.len()), (50, 50));
    assert!(candidates.title.iter().any(|candidate| candidate.used && candidate.value == "x"));
    assert_eq!(candidates.images.iter().filter(|candidate| candidate.used).count(), 3);
}

/// Pages that make tree builders quadratic or eat memory (facts: reliability, section C). The time is far above what
/// any of them takes, so that a slow machine does not fail, and far below what a quadratic reading takes.
#[test]
fn hostile_pages_are_read_in_time() {
    let reader = Reader::new();
    let title = "<meta property=og:title content=Here>";
    let numbered = |before: &str| (0..32_000).map(|number| format!("{before}{number}=1")).collect::<Vec<_>>();
    let (attributes, fonts) = (numbered(" a").concat(), numbered("<font a").join(">"));
    for (what, page) in [
        ("32,000 metas", title.to_owned() + &"<meta property=og:image content=/x.png>".repeat(32_000)),
        ("32,000 attributes", format!("{title}<meta{attributes}>")),
        ("an attribute of 1 MiB", format!("{title}<meta name=x content='{}'>", "&amp;".repeat(200_000))),
        ("a title of 1 MiB that never ends", format!("{title}<title>{}", "&amp ".repeat(200_000))),
        ("32,000 nested lists", title.to_owned() + &"<ul><li>".repeat(32_000) + title),
        ("32,000 nested fonts", title.to_owned() + &fonts + title),
        ("NULs", title.to_owned() + &"\0".repeat(1_000_000)),
        ("32,000 open paragraphs", title.to_owned() + &"<p>".repeat(32_000) + title),
        ("100,000 images", title.to_owned() + &"<img src=data:,>".repeat(100_000)),
        ("500,000 open brackets", title.to_owned() + &"<".repeat(500_000)),
        ("dashes in an open comment", title.to_owned() + "<!--" + &"-".repeat(1_000_000)),
        ("an open script of comments", title.to_owned() + "<script>" + &"<!--<script>".repeat(80_000)),
        (
            "500 tags behind 30,000 nested elements",
            "<div>".repeat(30_000) + &"<meta name=x content=y>".repeat(500) + title,
        ),
    ] {
        let started = Instant::now();
        let extraction = reader.read_html(&page);
        assert!(started.elapsed().as_secs() < 30, "{what} took {:?}", started.elapsed());
        assert_eq!(extraction.card.title, "Here", "{what}");
    }
}

// === What holds for every page ===

/// Pieces of pages that are likely to meet an edge of some rule.
const PIECES: [&str; 44] = [
    "<head>",
    "</head>",
    "<body>",
    "</body>",
    "<html>",
    "</html>",
    "<title>",
    "</title>",
    "<noscript>",
    "</noscript>",
    "<img src=/i.png>",
    "<img src=data:,>",
    "<div>",
    "</div>",
    "<svg>",
    "</svg>",
    "<math>",
    "<template>",
    "</template>",
    "<style>",
    "</style>",
    "<script>",
    "</script>",
    "<!--",
    "-->",
    "<!doctype html>",
    "<select>",
    "<table>",
    "<frameset>",
    "<meta property=\"og:title\" content=\"T &amp; &copy\">",
    "<meta property='og:image' content='/i.png'>",
    "<meta name=description content=D>",
    "<meta property=og:url content=/x>",
    "<meta charset=euc-kr>",
    "<meta property=og:title",
    "<base href=/b/>",
    "<link rel=canonical href=/c>",
    "text",
    " ",
    "\n",
    "가\u{feff}",
    "\0",
    "</br>",
    "<p/><b><a>",
];

fn page_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![8 => proptest::sample::select(&PIECES[..]).prop_map(str::to_owned), 1 => ".{0,8}"];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn assert_sound(reader: &Reader, extraction: &Inspection, text: Option<&str>) {
    assert!(extraction.card.description.len() <= 256);
    assert!(extraction.card.title.len() <= 256);
    assert!(extraction.card.images.len() <= 3);
    assert!(extraction.tags.len() <= reader.settings.max_tags);
    for tag in extraction.tags.iter().filter(|_| text.is_some()) {
        let line = text.unwrap().split('\n').nth(tag.line as usize - 1).unwrap();
        let character = line.chars().nth(tag.column as usize - 1);
        assert_eq!(character, Some('<'), "{} at {}:{}", tag.key, tag.line, tag.column);
    }
    let places = |tags: &[Tag]| tags.iter().map(|tag| (tag.line, tag.column)).collect::<Vec<_>>();
    assert!(places(&extraction.tags).is_sorted(), "tags stand in document order");
    if let Some(used) = extraction.card.candidates.description.iter().find(|candidate| candidate.used) {
        assert!(used.value.starts_with(&extraction.card.description));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_soundly(text in page_text()) {
        let reader = Reader::new();
        assert_sound(&reader, &reader.read_html(&text), Some(text.trim_start_matches('\u{feff}')));
    }

    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..2000), label in "[a-z0-9-]{0,12}") {
        let reader = Reader::new();
        let content_type = format!("text/html; charset={label}");
        assert_sound(&reader, &reader.read(&bytes, Some(&content_type), "http://xn--zf0bx8l.kr/#x"), None);
    }

    #[test]
    fn a_sorted_query_is_a_permutation_and_stays_as_it_is(query in "[a-c=&%+]{0,20}") {
        let reader = Reader::new();
        let card_url = |url: &str| reader.read(b"", None, url).card.url;
        let url = format!("https://site.example/?{query}#f");
        let once = card_url(&url);
        prop_assert_eq!(card_url(&once), once.clone());
        let pairs = |url: &str| {
            let mut pairs: Vec<_> = url.split(['?', '#']).nth(1).unwrap().split('&').map(str::to_owned).collect();
            pairs.sort();
            pairs
        };
        prop_assert_eq!(pairs(&url), pairs(&once));
    }
}
