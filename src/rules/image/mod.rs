//! Findings about the image files that a card names (R25 to R28), from what was measured of them. It asks nobody: whoever
//! fetched an image says in its report what came of it.

mod failed;
mod measured;
mod signed;

use jiff::Timestamp;
use url::Url;

use super::Rulebook;
use crate::{
    extract::{Card, CardImage},
    finding::Finding,
    image::ImageReport,
    kakao::Limits,
};

/// The images of a card with all that is known of them.
#[derive(Debug, Clone, Copy)]
pub struct ImageSubject<'a> {
    /// The card that names them.
    pub card: &'a Card,
    /// What came of them, in the card's order; fewer than the card has, if not all were asked for.
    pub images: &'a [ImageReport],
    /// The page's own address.
    pub page_url: &'a Url,
    /// When the page was asked for.
    pub page_asked_at: Timestamp,
    /// What is known of Kakao's limits.
    pub limits: &'a Limits,
}

/// One image: its tag, its report, and what it is judged by.
#[derive(Clone, Copy)]
struct One<'a> {
    tag: &'a CardImage,
    report: &'a ImageReport,
    subject: &'a ImageSubject<'a>,
    rulebook: &'a Rulebook,
}

type Judge = fn(&One<'_>) -> Option<Finding>;

/// About the image that is shown, in table order.
const JUDGES: &[Judge] = &[
    failed::login_redirect,
    failed::outcome,
    signed::url_expires,
    measured::format_risky,
    measured::small,
    measured::type_lies,
    failed::redirects,
    measured::heavy,
    measured::ratio,
    measured::size_lies,
    failed::insecure,
    measured::animated,
    failed::cannot_see_ip_rules,
];

/// Everything worth saying about the images. The first one is shown, so it is judged whole; of the others only a failure
/// is told, as a remark.
pub fn judge(subject: &ImageSubject<'_>, rulebook: &Rulebook) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (position, report) in subject.images.iter().enumerate() {
        let Some(tag) = tag_of(subject.card, position, report) else { continue };
        let one = One { tag, report, subject, rulebook };
        if position == 0 {
            findings.extend(JUDGES.iter().filter_map(|judge| judge(&one)));
        } else if !subject.images.iter().take(position).any(|earlier| earlier.url == report.url) {
            findings.extend(failed::not_shown(&one));
        }
    }
    findings
}

/// The tag of the card that names an image.
fn tag_of<'a>(card: &'a Card, position: usize, report: &ImageReport) -> Option<&'a CardImage> {
    let named = |tag: &&CardImage| tag.url == report.url;
    card.images.get(position).filter(named).or_else(|| card.images.iter().find(named))
}

impl One<'_> {
    /// The finding `code` at the tag, with `{tag}`, `{line}` and `{host}` filled in besides `values`.
    fn finding(&self, code: impl Into<std::borrow::Cow<'static, str>>, values: &[(&str, &str)]) -> Finding {
        self.place(|values| self.rulebook.finding(code, values), values)
    }

    /// The same in the words of a special case.
    fn finding_in(&self, case: &'static str, code: &'static str, values: &[(&str, &str)]) -> Finding {
        self.place(|values| self.rulebook.finding_in(case, code, values), values)
    }

    fn place(&self, word: impl FnOnce(&[(&str, &str)]) -> Finding, values: &[(&str, &str)]) -> Finding {
        let (line, host) = (self.tag.line.to_string(), self.host());
        let name = if self.tag.source == "img" { "<img>" } else { self.tag.source.as_str() };
        let common = [("tag", name), ("line", line.as_str()), ("host", host.as_str())];
        let values: Vec<(&str, &str)> = values.iter().copied().chain(common).collect();
        word(&values).at(self.tag.line, self.tag.column)
    }

    /// The host that answered last.
    fn host(&self) -> String {
        let url = self.report.hops.last().map_or(&*self.report.url, |hop| &*hop.url);
        Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
    }

    fn is_ok(&self) -> bool {
        self.report.outcome == "ok"
    }
}

#[cfg(test)]
mod tests;
