//! The core in one call: read a page, then judge what was read. Values in, values out; it fetches nothing.

use crate::{
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
    Inspection { charset: extraction.charset, card: extraction.composed.card, tags: extraction.reading.tags, findings }
}
