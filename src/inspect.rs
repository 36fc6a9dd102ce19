//! The core in one call: read a page, then judge what was read. Values in, values out; it fetches nothing.

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
    /// The source, as far as tags and findings stand in it.
    pub excerpt: Excerpt,
}

/// Reads and judges one page. Never fails: what is wrong with a page becomes a finding.
pub fn inspect(document: &Document<'_>, settings: &Settings, kakao: &Kakao, rulebook: &Rulebook) -> Inspection {
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
    let found = findings.iter().filter_map(|finding: &Finding| finding.line.zip(finding.column));
    let places: Vec<(u32, u32)> = tags
        .iter()
        .map(|tag| (tag.line, tag.column))
        .chain(card.images.iter().map(|image| (image.line, image.column)))
        .chain(found)
        .collect();
    let bounds = Bounds { lines: settings.source_lines, characters: settings.source_characters };
    let excerpt = Excerpt::of(&extraction.text, &places, bounds);
    Inspection { charset: extraction.charset, card, tags, findings, excerpt }
}
