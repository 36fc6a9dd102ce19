//! Which comparisons are worth a request: none for a page about which nothing is wrong. It asks nobody itself.

use super::ComparisonSubject;
use crate::{
    comparison::{Asker, Subject},
    finding::Finding,
    user_agent::UserAgent,
};

/// One question worth asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// What to ask for.
    pub of: Subject,
    /// As whom.
    pub who: Asker,
    /// The address.
    pub url: String,
}

/// Findings after which it is worth knowing what others are given.
const SUSPICIOUS: [&str; 5] = ["login-redirect", "challenge-page", "script-only", "meta-in-body", "og-image-missing"];

/// Failures of the image that another user agent might not meet.
const REFUSED: [&str; 4] = ["image-status-", "image-unreachable", "image-not-image", "image-undecodable"];

/// Delivery codes before any `User-Agent` was sent: they are the same for everyone.
const BEFORE_ASKING: [&str; 5] = ["address-", "port-", "dns-", "connect-", "tls-"];

/// What to ask, at most four questions. `subject.comparisons` is not looked at.
pub fn decide(subject: &ComparisonSubject<'_>, findings: &[Finding]) -> Vec<Wanted> {
    let has = |code: &str| findings.iter().any(|finding| finding.code == code);
    let mut wanted = Vec::new();
    let mut ask_others = |of, url: &str| {
        let others = [(Asker::Browser, UserAgent::Browser), (Asker::Facebook, UserAgent::Facebook)];
        for (who, user_agent) in others {
            if *subject.user_agent != user_agent {
                wanted.push(Wanted { of, who, url: url.to_owned() });
            }
        }
    };
    let begins = |code: &str, list: &[&str]| list.iter().any(|start| code.starts_with(start));
    // A connection that is reset may be the answer of a firewall that has read the request.
    let asked = !begins(subject.outcome, &BEFORE_ASKING) || subject.outcome == "connect-reset";
    let failed = subject.outcome != "ok" && subject.outcome != "extraction-failed" && asked;
    if failed || subject.challenge.is_some() || SUSPICIOUS.into_iter().any(has) {
        ask_others(Subject::Page, subject.url);
    }
    if let Some(image) = subject.image.filter(|image| begins(&image.outcome, &REFUSED)) {
        ask_others(Subject::Image, &image.url);
    }
    if let Some(card) = subject.card.filter(|_| has("og-url-mismatch")) {
        wanted.push(Wanted { of: Subject::OgUrl, who: Asker::Same, url: card.url.clone() });
    }
    wanted
}
