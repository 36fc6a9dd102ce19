//! Findings about addresses in tags: `og:url` against the page, and addresses of images (R18, R20, R23, R24).

use super::{Finding, Subject, short};
use crate::{
    extract::{self, Fault},
    finding::Severity,
};

/// R20: several developers saw the card of the page that `og:url` names.
pub fn og_url_mismatch(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let Some(tag) = extract::first(subject.reading, &["og:url"]) else { return };
    let Some(named) = extract::absolute(&tag.content) else { return };
    if !extract::is_same_page(&named, subject.url) {
        let (og_url, url) = (short(&tag.content), short(subject.url.as_str()));
        let finding = subject.finding("og-url-mismatch", &[("og_url", &og_url), ("url", &url)]);
        findings.push(finding.at(tag.line, tag.column).with_evidence(format!("og:url {og_url}; page {url}")));
    }
}

/// R18: a relative `og:url` is not used.
pub fn og_url_relative(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let Some(tag) = extract::first(subject.reading, &["og:url"]) else { return };
    if extract::absolute(&tag.content).is_none() {
        let value = short(&tag.content);
        let finding = subject.finding("og-url-relative", &[("value", &value)]);
        findings.push(finding.at(tag.line, tag.column).with_evidence(format!("og:url {value}")));
    }
}

/// R24: relative addresses were seen to be resolved, but by Kakao's other products.
pub fn image_relative(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    image_fault("image-relative", |fault| fault.why.is_none(), subject, findings);
}

/// R24: an address that leads nowhere.
pub fn image_url_invalid(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    image_fault("image-url-invalid", |fault| fault.why.is_some(), subject, findings);
}

/// R23: no tag names an image, so one of the body is shown.
pub fn image_from_body(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    if let Some(image) = subject.composed.card.images.first().filter(|image| image.source == "img") {
        let url = short(&image.url);
        let finding = subject.finding("image-from-body", &[("url", &url)]);
        findings
            .push(finding.at(image.line, image.column).with_evidence(format!("<img> at line {}: {url}", image.line)));
    }
}

/// One finding for all faults of a kind, at the first of them. A bad address next to a good one only loses that image.
fn image_fault(code: &'static str, is_kind: fn(&Fault) -> bool, subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let faults: Vec<&Fault> = subject.composed.image_faults.iter().filter(|fault| is_kind(fault)).collect();
    let Some(first) = faults.first() else { return };
    let finding = subject.finding(code, &[("key", &first.key), ("value", &short(&first.value))]);
    let evidence: Vec<_> = faults
        .iter()
        .map(|fault| {
            let why = fault.why.as_deref().map(|why| format!(" ({why})")).unwrap_or_default();
            format!("{} at line {}: {}{why}", fault.key, fault.line, short(&fault.value))
        })
        .collect();
    let finding = finding.at(first.line, first.column).with_evidence(evidence.join("; "));
    let milder = finding.severity == Severity::Error && !subject.composed.card.images.is_empty();
    findings.push(if milder { finding.with_severity(Severity::Warning) } else { finding });
}
