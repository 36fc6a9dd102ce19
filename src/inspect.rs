//! The core in one call: read a page, then judge what was read. Values in, values out; it fetches nothing.

use std::borrow::Cow;

use crate::{
    excerpt::{Bounds, Excerpt},
    extract::{Card, Charset, Document, Settings, Tag, extract},
    finding::Finding,
    kakao::Kakao,
    rules::{self, Rulebook, Subject},
};

/// A page, read and judged.
#[derive(Debug, Clone)]
pub struct Inspection {
    /// How the bytes were read.
    pub charset: Charset,
    /// The card KakaoTalk would make.
    pub card: Card,
    /// The tags that were looked at, in document order.
    pub tags: Vec<Tag>,
    /// What is wrong with the page's source, in table order.
    pub findings: Vec<Finding>,
}

/// Reads and judges one page. Never fails: what is wrong with a page becomes a finding.
pub fn inspect(document: &Document<'_>, settings: &Settings, kakao: &Kakao, rulebook: &Rulebook) -> Inspection {
    read(document, settings, kakao, rulebook).0
}

/// The same, with the parts of the source in which tags and findings stand.
pub fn inspect_source(
    document: &Document<'_>,
    settings: &Settings,
    kakao: &Kakao,
    rulebook: &Rulebook,
) -> (Inspection, Excerpt) {
    let (inspection, text) = read(document, settings, kakao, rulebook);
    let found = inspection.findings.iter().filter_map(|finding| finding.line.zip(finding.column));
    let places: Vec<(u32, u32)> = inspection
        .tags
        .iter()
        .map(|tag| (tag.line, tag.column))
        .chain(inspection.card.images.iter().map(|image| (image.line, image.column)))
        .chain(found)
        .collect();
    let bounds = Bounds { lines: settings.source_lines, characters: settings.source_characters };
    let excerpt = Excerpt::of(&text, &places, bounds);
    (inspection, excerpt)
}

/// Reads and judges a page, and hands on its text.
fn read<'a>(
    document: &Document<'a>,
    settings: &Settings,
    kakao: &Kakao,
    rulebook: &Rulebook,
) -> (Inspection, Cow<'a, str>) {
    let extraction = extract(document, settings, &kakao.limits);
    let findings = rules::judge_tags(&Subject {
        text: &extraction.text,
        url: document.url,
        charset: &extraction.charset,
        reading: &extraction.reading,
        composed: &extraction.composed,
        settings,
        limits: &kakao.limits,
        rulebook,
    });
    let (card, tags) = (extraction.composed.card, extraction.reading.tags);
    (Inspection { charset: extraction.charset, card, tags, findings }, extraction.text)
}
