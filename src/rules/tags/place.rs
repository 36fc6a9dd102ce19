//! Findings about where tags stand: in the body, moved out of the head, or seen by one kind of parser only (R10).

use super::{Finding, Subject, keys, places, short};
use crate::extract::{Region, Tag};

/// `og` metas in the body that the head lacks: they are not read.
pub fn meta_in_body(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let unread: Vec<&Tag> = subject
        .reading
        .tags
        .iter()
        .filter(|tag| tag.region == Region::Body && tag.key.starts_with("og:") && tag.attribute != "itemprop")
        .filter(|tag| subject.counted_as(&tag.key).all(|counted| counted.content.is_empty()))
        .collect();
    if let Some(first) = unread.first() {
        let finding = subject.finding("meta-in-body", &[("keys", &keys(unread.iter().copied()))]);
        findings.push(finding.at(first.line, first.column).with_evidence(places(unread.iter().copied())));
    }
}

/// Tags of the source's head that an HTML5 parser finds in the body, because something closed the head early.
pub fn meta_displaced(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let dropped = &subject.reading.differences.dropped;
    let tags =
        subject.reading.tags.iter().enumerate().filter(|(index, _)| !dropped.contains(index)).map(|(_, tag)| tag);
    let displaced: Vec<&Tag> = tags.filter(|tag| tag.region == Region::Displaced && is_read(tag)).collect();
    let Some(first) = displaced.first() else {
        return;
    };
    let closer = subject.reading.closer.as_ref();
    let what = closer.map_or("?", |closer| &closer.what);
    let line = closer.map_or_else(|| "?".to_owned(), |closer| closer.line.to_string());
    let keys = keys(displaced.iter().copied());
    let finding = subject.finding("meta-displaced", &[("closer", what), ("line", &line), ("keys", &keys)]);
    let evidence = format!("{what} at line {line} closed the head; behind it: {}", places(displaced.iter().copied()));
    findings.push(finding.at(first.line, first.column).with_evidence(evidence));
}

/// Other differences between the streaming reading and an HTML5 tree.
pub fn readings_differ(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let differences = &subject.reading.differences;
    let tags = |indices: &[usize]| -> Vec<&Tag> {
        indices.iter().filter_map(|index| subject.reading.tags.get(*index)).filter(|tag| is_read(tag)).collect()
    };
    let (put_back, dropped) = (tags(&differences.put_back), tags(&differences.dropped));
    let mut evidence = Vec::new();
    if !put_back.is_empty() {
        evidence.push(format!(
            "behind </head>, but an HTML5 parser puts back into the head: {}",
            places(put_back.iter().copied())
        ));
    }
    if !dropped.is_empty() {
        evidence.push(format!(
            "in the source's head, but no part of the document for an HTML5 parser: {}",
            places(dropped.iter().copied())
        ));
    }
    for hidden in differences.hidden.iter().filter(|hidden| is_read_key(&hidden.key)).take(super::MAX_NAMED) {
        evidence.push(format!(
            "in <noscript>, seen only by parsers without scripting: {} = {}",
            short(&hidden.key),
            short(&hidden.content)
        ));
    }
    if let Some(line) = differences.stopped_at {
        evidence.push(format!(
            "the HTML5 reading stopped at line {line} after {} ms; tags behind it are taken as they stand in the source",
            subject.settings.tree_budget_ms
        ));
    }
    if evidence.is_empty() {
        return;
    }
    let finding = subject.finding("readings-differ", &[]).with_evidence(evidence.join("; "));
    findings.push(match put_back.first().or(dropped.first()) {
        Some(tag) => finding.at(tag.line, tag.column),
        None => finding,
    });
}

/// True if the tag can change the card; nobody minds a displaced `viewport`.
fn is_read(tag: &Tag) -> bool {
    matches!(tag.attribute, "property" | "name") && is_read_key(&tag.key)
}

fn is_read_key(key: &str) -> bool {
    key.starts_with("og:")
        || key.starts_with("twitter:")
        || matches!(key, "description" | "article:section" | "video:duration")
}
