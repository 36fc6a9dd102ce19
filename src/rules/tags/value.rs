//! Findings about the values of tags: missing, empty, repeated, cut, encoded twice, or read by nobody (R11 to R17, R21).

use super::{Finding, Subject, keys, places, short};
use crate::{
    extract::{self, Source, Tag},
    finding::Severity,
};

/// Keys whose first value counts; several `og:image` are a list (ogp.me, "Arrays").
const SINGLE: [&str; 5] = ["og:title", "og:description", "og:url", "og:type", "og:site_name"];

/// R14.
pub fn og_title_missing(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    if extract::first(subject.reading, &["og:title"]).is_none() {
        let card = &subject.composed.card;
        let finding = subject.finding("og-title-missing", &[]);
        findings.push(finding.with_evidence(stand_in(card.sources.title.as_ref(), &card.title)));
    }
}

/// R23. As bad as what is left: with no image at all the message is bare.
pub fn og_image_missing(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    if extract::first(subject.reading, &["og:image", "og:image:url"]).is_some() {
        return;
    }
    let card = &subject.composed.card;
    let finding = subject.finding("og-image-missing", &[("count", &card.images.len().to_string())]);
    findings.push(match card.images.first() {
        Some(image) => {
            finding.with_severity(Severity::Warning).with_evidence(stand_in(card.sources.image.as_ref(), &image.url))
        }
        None => finding.with_evidence("no image in the page can stand in"),
    });
}

/// R15. With a fallback it is only worth knowing.
pub fn og_description_missing(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    if extract::first(subject.reading, &["og:description"]).is_some() {
        return;
    }
    let card = &subject.composed.card;
    let finding = subject.finding("og-description-missing", &[]);
    let evidence = stand_in(card.sources.description.as_ref(), &card.description);
    let finding = finding.with_evidence(evidence);
    findings.push(if card.description.is_empty() { finding } else { finding.with_severity(Severity::Info) });
}

/// R12: an empty value counts as missing.
pub fn og_empty(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for key in SINGLE.into_iter().chain(["og:image"]) {
        let empty: Vec<&Tag> = subject.counted_as(key).filter(|tag| tag.content.is_empty()).collect();
        if let Some(first) = empty.first() {
            let finding = subject.finding("og-empty", &[("key", key)]);
            findings.push(finding.at(first.line, first.column).with_evidence(places(empty.iter().copied())));
        }
    }
}

/// R12: of several values the first one counts. The same value twice harms nobody.
pub fn og_duplicate(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for key in SINGLE {
        let filled = || subject.counted_as(key).filter(|tag| !tag.content.is_empty());
        let Some(first) = filled().next() else { continue };
        let Some(other) = filled().find(|tag| tag.content != first.content) else { continue };
        let finding = subject.finding("og-duplicate", &[("key", key), ("count", &filled().count().to_string())]);
        let evidence = format!(
            "line {}: {} (used); line {}: {}; all: {}",
            first.line,
            short(&first.content),
            other.line,
            short(&other.content),
            places(filled())
        );
        findings.push(finding.at(other.line, other.column).with_evidence(evidence));
    }
}

/// R11: `og` by `name` is accepted here; whether Kakao does, nobody has shown.
pub fn og_name_attribute(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let named: Vec<&Tag> =
        subject.counted().filter(|tag| tag.attribute == "name" && tag.key.starts_with("og:")).collect();
    if let Some(first) = named.first() {
        let finding = subject.finding("og-name-attribute", &[("keys", &keys(named.iter().copied()))]);
        findings.push(finding.at(first.line, first.column).with_evidence(places(named.iter().copied())));
    }
}

/// R14.
pub fn title_cut(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let source = subject.composed.card.sources.title.as_ref();
    cut("title-cut", subject.composed.title_bytes, subject.limits.title_bytes.value, source, subject, findings);
}

/// R16.
pub fn description_cut(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let source = subject.composed.card.sources.description.as_ref();
    cut(
        "description-cut",
        subject.composed.description_bytes,
        subject.limits.description_bytes.value,
        source,
        subject,
        findings,
    );
}

fn cut(
    code: &'static str,
    bytes: usize,
    limit: usize,
    source: Option<&Source>,
    subject: &Subject<'_>,
    findings: &mut Vec<Finding>,
) {
    if bytes <= limit {
        return;
    }
    let finding = subject.finding(code, &[("bytes", &bytes.to_string()), ("limit", &limit.to_string())]);
    let from = source.map_or("", |source| source.from.as_str());
    let finding = finding.with_evidence(format!("{from}: {bytes} bytes, limit {limit}"));
    findings.push(match source.and_then(|source| source.line.zip(source.column)) {
        Some((line, column)) => finding.at(line, column),
        None => finding,
    });
}

/// R13: entities are decoded once; what is left shows in the message as `&amp;`.
pub fn entity_double_encoded(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    const SHOWN: [&str; 10] = [
        "og:title",
        "og:description",
        "og:image",
        "og:url",
        "og:site_name",
        "twitter:title",
        "twitter:description",
        "twitter:image",
        "description",
        "title",
    ];
    let encoded: Vec<&Tag> = subject
        .counted()
        .filter(|tag| SHOWN.iter().any(|key| extract::is(tag, key)) && extract::still_encoded(&tag.content))
        .collect();
    if let Some(first) = encoded.first() {
        let finding = subject.finding("entity-double-encoded", &[("keys", &keys(encoded.iter().copied()))]);
        let evidence = format!("{}; {}", short(&first.content), places(encoded.iter().copied()));
        findings.push(finding.at(first.line, first.column).with_evidence(evidence));
    }
}

/// R21: such tags circulate, but no effect of them was ever seen.
pub fn kakao_tag_ignored(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let ignored: Vec<&Tag> = subject.reading.tags.iter().filter(|tag| tag.key.starts_with("kakao:")).collect();
    if let Some(first) = ignored.first() {
        let finding = subject.finding("kakao-tag-ignored", &[("keys", &keys(ignored.iter().copied()))]);
        findings.push(finding.at(first.line, first.column).with_evidence(places(ignored.iter().copied())));
    }
}

/// What fills a field whose own tag is missing.
fn stand_in(source: Option<&Source>, value: &str) -> String {
    match source {
        Some(Source { from, line: Some(line), .. }) => format!("{from} at line {line} stands in: {}", short(value)),
        Some(Source { from, line: None, .. }) => format!("{from} stands in: {}", short(value)),
        None => "nothing stands in".to_owned(),
    }
}
