//! Findings about images that do not arrive, or only by a detour (R4, R24, R25).

use super::One;
use crate::{
    finding::{Finding, Severity},
    rules::{
        delivery::smells_of_address_rules,
        evidence::{short, thousands},
        login::led_to_login,
    },
};

/// What the report's outcome says, at the tag (R25).
pub fn outcome(one: &One<'_>) -> Option<Finding> {
    if one.is_ok() {
        return None;
    }
    let report = one.report;
    let (bytes, limit) = (report.bytes.unwrap_or_default(), one.subject.limits.image_bytes.value);
    let content_type = report.content_type.as_deref().unwrap_or("?");
    let values =
        [("bytes", thousands(bytes)), ("limit", thousands(limit as u64)), ("content_type", content_type.to_owned())];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    let finding = one.finding(report.outcome.clone(), &values);
    Some(finding.with_evidence(evidence(one)))
}

/// The same of an image that is not the one shown: worth knowing, no more.
pub fn not_shown(one: &One<'_>) -> Option<Finding> {
    let mut finding = outcome(one)?.with_severity(Severity::Info);
    one.rulebook.add(&mut finding, "image-not-shown", &[]);
    Some(finding)
}

/// An image behind a login (R25): Kakao asks without cookies and without a password.
pub fn login_redirect(one: &One<'_>) -> Option<Finding> {
    let report = one.report;
    let last = report.hops.last().map_or(&*report.url, |hop| &*hop.url);
    if report.status == Some(401) {
        return Some(one.finding_in("asked", "image-login-redirect", &[]).with_evidence(evidence(one)));
    }
    // A picture that arrives is no login page, whatever its address says.
    (!one.is_ok() && led_to_login(&report.url, last))
        .then(|| one.finding("image-login-redirect", &[("url", &short(last))]).with_evidence(evidence(one)))
}

/// Redirects are followed, but each costs time and is one more thing that can go wrong (R25).
pub fn redirects(one: &One<'_>) -> Option<Finding> {
    let hops = &one.report.hops;
    let count = hops.len().saturating_sub(1);
    if !one.is_ok() || count == 0 {
        return None;
    }
    let finding = one.finding("image-redirects", &[("count", &count.to_string())]);
    let chain: Vec<String> = hops.iter().map(|hop| short(&hop.url)).collect();
    let finding = finding.with_evidence(chain.join(" -> "));
    let many = count > one.subject.limits.redirects_warn.value;
    Some(if many { finding.with_severity(Severity::Warning) } else { finding })
}

/// An image without TLS. Kakao fetches it all the same, as far as is known; others refuse it.
pub fn insecure(one: &One<'_>) -> Option<Finding> {
    let last = one.report.hops.last().map_or(&*one.report.url, |hop| &*hop.url);
    let insecure = [&*one.report.url, last].into_iter().find(|url| url.starts_with("http:"))?;
    Some(one.finding("image-insecure", &[]).with_evidence(short(insecure)))
}

/// A filter on addresses or countries answers Kakao differently from us.
pub fn cannot_see_ip_rules(one: &One<'_>) -> Option<Finding> {
    let cause = match one.report.outcome.strip_prefix("image-")? {
        "unreachable" => one.report.evidence.as_deref()?.split([':', ' ']).next()?,
        status => status,
    };
    smells_of_address_rules(cause).then(|| one.rulebook.finding("cannot-see-ip-rules", &[]))
}

/// The address, what answered, and what the fetch or the decoder said.
fn evidence(one: &One<'_>) -> String {
    let report = one.report;
    let mut parts = vec![short(&report.url)];
    if let Some(last) = report.hops.last().filter(|hop| hop.url != report.url) {
        parts.push(format!("-> {}", short(&last.url)));
    }
    let mut answer: Vec<String> = report.status.map(|status| format!("HTTP {status}")).into_iter().collect();
    answer.extend(report.content_type.clone());
    answer.extend(report.bytes.map(|bytes| format!("{} bytes", thousands(bytes))));
    if !answer.is_empty() {
        parts.push(format!("({})", answer.join(", ")));
    }
    // `status-403: HTTP 403` says nothing more.
    match report.evidence.as_deref().filter(|said| !said.starts_with("status-")) {
        Some(said) => format!("{}: {}", parts.join(" "), short(said)),
        None => parts.join(" "),
    }
}
