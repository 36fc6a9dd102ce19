//! Which comparisons are worth a request: none for a page about which nothing is wrong. It asks nobody itself.

use super::ComparisonSubject;
use crate::{
    comparison::{Asker, Subject},
    finding::Finding,
    image::ImageReport,
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
const SUSPICIOUS: [&str; 4] = ["login-redirect", "script-only", "meta-in-body", "og-image-missing"];

/// Ways to refuse a page that may go by the user agent. A page that is slow, broken or unknown is that for everyone, or was
/// so only for a moment.
const REFUSALS: [&str; 4] = ["status-", "not-html", "redirect-", "connect-reset"];

/// The same of an image.
const IMAGE_REFUSALS: [&str; 2] = ["image-status-", "image-not-image"];

/// True if the page was refused in a way that may go by the user agent.
pub fn is_refused(subject: &ComparisonSubject<'_>) -> bool {
    subject.challenge.is_some() || REFUSALS.iter().any(|start| subject.outcome.starts_with(start))
}

/// The same of the image. A firewall that has read the request may also cut the connection.
pub fn is_image_refused(image: &ImageReport) -> bool {
    let was_cut = image.evidence.as_deref().is_some_and(|evidence| evidence.starts_with("connect-reset"));
    IMAGE_REFUSALS.iter().any(|start| image.outcome.starts_with(start))
        || image.outcome == "image-unreachable" && was_cut
}

/// What to ask, at most five questions. `subject.comparisons` is not looked at.
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
    if is_refused(subject) || SUSPICIOUS.into_iter().any(has) {
        ask_others(Subject::Page, subject.url);
    }
    if let Some(image) = subject.image.filter(|image| is_image_refused(image)) {
        ask_others(Subject::Image, &image.url);
    }
    if let Some(card) = subject.card.filter(|_| has("og-url-mismatch")) {
        wanted.push(Wanted { of: Subject::OgUrl, who: Asker::Same, url: card.url.clone() });
    }
    wanted
}
