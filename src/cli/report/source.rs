//! The raw data: the tags that were read, and how the page came.

use super::{
    Asked,
    paper::Paper,
    text::{Span, width_of},
    words::{Words, counted, filled, thousands},
};
use crate::{
    cli::style::{ERROR, WARNING},
    extract::{Region, Tag},
    page::Page,
};

/// Rows of the short table; a page with more has a fault that a finding names.
const ROWS: usize = 40;
/// The longest key that gets a column of its own width.
const KEY: usize = 22;
/// Below this a tag takes two lines.
const NARROW: usize = 60;

/// Writes the tags: all of them, or those that matter to the card.
pub(super) fn write_tags(tags: &[Tag], all: bool, paper: &mut Paper, words: &Words) {
    let rows: Vec<&Tag> =
        if all { tags.iter().collect() } else { tags.iter().filter(|tag| matters(tag)).take(ROWS).collect() };
    if rows.is_empty() {
        return;
    }
    let note = if rows.len() < tags.len() {
        words
            .tags_shown
            .replace("{shown}", &thousands(rows.len() as u64))
            .replace("{all}", &thousands(tags.len() as u64))
    } else {
        thousands(rows.len() as u64)
    };
    paper.heading(words.tags, &[Span::dim(note)]);
    let keys = rows.iter().map(|tag| width_of(&tag.key)).max().unwrap_or(0).min(KEY);
    for tag in rows {
        row(tag, keys, paper, words);
    }
}

/// `line:column  key  content  region`, the content cut to what is left.
fn row(tag: &Tag, keys: usize, paper: &mut Paper, words: &Words) {
    let place = Span::dim(format!("{:>PLACE$}", format!("{}:{}", tag.line, tag.column)));
    let region = match tag.region {
        Region::Head => None,
        Region::Displaced => Some(words.displaced),
        Region::Body => Some(words.in_body),
    };
    let region = region.map(|region| Span::new(WARNING, format!("← {region}")));
    let content = if tag.content.is_empty() { Span::dim(words.empty) } else { Span::ink(&tag.content) };
    let key = Span::bold(&tag.key).cut(KEY);
    if paper.columns() < NARROW {
        paper.items(
            &[Span::blank(2), place, Span::blank(2)],
            PLACE + 4,
            &[Some(key), region].into_iter().flatten().collect::<Vec<_>>(),
            "  ",
        );
        paper.line(&[Span::blank(PLACE + 4), content.cut(paper.columns().saturating_sub(PLACE + 4))]);
        return;
    }
    let mut line = vec![Span::blank(2), place, Span::blank(2), key.padded(keys), Span::blank(2)];
    let room = paper.columns().saturating_sub(PLACE + keys + 6);
    match region {
        Some(region) => line.extend([content.cut(room.saturating_sub(region.columns() + 2)), Span::blank(2), region]),
        None => line.push(content.cut(room)),
    }
    paper.line(&line);
}

/// Columns of `1234:56`.
const PLACE: usize = 7;

/// True for a tag that gives, or could give, a field of the card.
fn matters(tag: &Tag) -> bool {
    matches!(
        tag.key.as_str(),
        "title"
            | "description"
            | "base"
            | "canonical"
            | "article:section"
            | "video:duration"
            | "twitter:title"
            | "twitter:description"
            | "twitter:image"
            | "twitter:image:src"
    ) || tag.key.starts_with("og:")
}

/// Writes one line on the page's bytes.
pub(super) fn write_page(page: &Page, paper: &mut Paper, words: &Words) {
    let mut facts = Vec::new();
    facts.extend(page.status.map(|status| Span::ink(format!("HTTP {status}"))));
    facts.extend(page.content_type.as_ref().map(Span::ink));
    facts.push(Span::ink(format!("{}, {}", page.charset, words.charset_source(&page.charset_source))));
    facts.push(Span::ink(counted(words.bytes, page.bytes)));
    if let Some(wire) = page.wire_bytes.filter(|wire| *wire != page.bytes || page.encoding.is_some()) {
        facts.push(Span::ink(filled(words.on_the_wire, &counted(words.bytes, wire))));
    }
    facts.extend(page.encoding.as_ref().map(Span::ink));
    if page.truncated {
        facts.push(Span::new(ERROR, words.truncated));
    }
    paper.labelled(words.page, &facts);
}

/// Writes one line on when and as whom the site was asked.
pub(super) fn write_asked(asked: &Asked<'_>, paper: &mut Paper, words: &Words) {
    let at = asked.at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string();
    paper.labelled(words.asked, &[Span::ink(at), Span::ink(asked.user_agent)]);
}

#[cfg(test)]
mod tests {
    use super::{super::samples, *};
    use crate::cli::options::Language;

    fn tags(all: bool) -> String {
        let mut paper = Paper::new(80);
        write_tags(&samples::rich().tags, all, &mut paper, Words::of(Language::En));
        anstream::adapter::strip_str(&paper.finish()).to_string()
    }

    #[test]
    fn tags_that_do_not_matter_to_the_card_are_shown_only_if_asked_for() {
        assert!(tags(false).starts_with("Tags  10 of 11; --all-tags shows all\n") && !tags(false).contains("viewport"));
        assert!(tags(true).starts_with("Tags  11\n") && tags(true).contains("viewport"));
    }

    #[test]
    fn a_tag_outside_the_head_is_marked() {
        let text = tags(false);
        assert!(text.contains("     22:5  twitter:title   가을 니트  ← pushed out of head\n"), "{text}");
        assert!(text.contains("    301:5  og:title        다른 제목  ← in body\n"), "{text}");
        assert!(text.contains("     17:5  og:image        (empty)\n"), "{text}");
    }

    #[test]
    fn the_page_line_says_who_named_the_charset_and_how_long_the_page_is() {
        let mut page = samples::rich().page.unwrap();
        page.truncated = true;
        for (language, expected) in [
            (
                Language::En,
                "Page  HTTP 200 · text/html · EUC-KR, from the meta tag · 187,204 bytes · 41,873 bytes on the wire · gzip · not read to the end\n",
            ),
            (
                Language::Ko,
                "응답  HTTP 200 · text/html · EUC-KR, 메타 태그에서 확인 · 187,204바이트 · 전송량 41,873바이트 · gzip · 끝까지 읽지 않음\n",
            ),
        ] {
            let mut paper = Paper::new(200);
            write_page(&page, &mut paper, Words::of(language));
            assert_eq!(anstream::adapter::strip_str(&paper.finish()).to_string(), expected);
        }
    }
}
