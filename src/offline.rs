//! The use case without a network: HTML bytes in, the part of a report that does not need a server out.

use std::sync::Arc;

use serde::Serialize;
use url::Url;
use utoipa::ToSchema;

use crate::{
    extract::{self, Card, Document, Tag},
    finding::Finding,
    inspect::inspect,
    kakao::Kakao,
    page::{Page, media_type},
    rules::{self, Case, Rulebook},
    target::Target,
    verdict::Verdict,
};

/// What a page's source alone says.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ExtractReport {
    /// The URL the page would have.
    pub requested_url: String,
    /// How the bytes were read.
    pub page: Page,
    /// The card KakaoTalk would make.
    pub card: Card,
    /// Every tag that was looked at, in document order.
    pub tags: Vec<Tag>,
    /// What is wrong or worth knowing, worst first.
    pub findings: Vec<Finding>,
    /// The answer in one line, as far as the source tells: the image is not fetched.
    pub verdict: Verdict,
}

/// Reads pages that are at hand. Cheap to clone.
#[derive(Clone)]
pub struct Extractor {
    settings: extract::Settings,
    kakao: Arc<Kakao>,
    rulebook: Arc<Rulebook>,
}

impl Extractor {
    /// Puts the parts together.
    pub fn new(settings: extract::Settings, kakao: Arc<Kakao>, rulebook: Arc<Rulebook>) -> Self {
        Self { settings, kakao, rulebook }
    }

    /// Reads `bytes` as if `target` had answered them with `content_type`. A page longer than Kakao reads is cut there (R5).
    pub fn report(&self, bytes: &[u8], content_type: Option<&str>, target: &Target) -> ExtractReport {
        let url: &Url = target.url();
        let limit = self.kakao.limits.page_bytes.value;
        let read = bytes.get(..limit).unwrap_or(bytes);
        let truncated = bytes.len() > read.len();
        let document = Document { bytes: read, content_type, url };
        let extraction = inspect(&document, &self.settings, &self.kakao, &self.rulebook);
        let mut findings = extraction.findings;
        if truncated {
            findings.push(self.rulebook.finding("page-truncated", &[("bytes", &limit.to_string())]));
        }
        rules::sort(&mut findings);
        let card = Some(&extraction.card);
        let case = Case { outcome: "ok", blame: None, card, image: None, findings: &findings };
        let verdict = rules::judge_verdict(&case, &self.rulebook);
        ExtractReport {
            requested_url: url.to_string(),
            page: Page {
                status: None,
                content_type: content_type.map(media_type),
                charset: extraction.charset.encoding.name().to_owned(),
                charset_source: extraction.charset.source.name().to_owned(),
                bytes: read.len() as u64,
                wire_bytes: None,
                encoding: None,
                truncated,
            },
            card: extraction.card,
            tags: extraction.tags,
            findings,
            verdict,
        }
    }
}
