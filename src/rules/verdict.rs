//! The answer in one line, from everything a report knows. The page, the command line and the API all say this one.
//!
//! The order is that of the diagnostics for "no image": did a page come, is it the page that was meant, does its card name
//! an image, does that image arrive, would it be shown as it is. The first that fails decides.

use super::Rulebook;
use crate::{
    extract::Card,
    finding::{Finding, Severity},
    image::ImageReport,
    page::Blame,
    verdict::{ImageVerdict, Verdict},
};

/// What the answer is drawn from.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// `ok`, or the failure's code.
    pub outcome: &'a str,
    /// Whose fault it is.
    pub blame: Option<Blame>,
    /// The card.
    pub card: Option<&'a Card>,
    /// The image a message would show, if it was asked for.
    pub image: Option<&'a ImageReport>,
    /// All findings, worst first.
    pub findings: &'a [Finding],
}

/// Draws the answer.
pub fn judge(case: &Case<'_>, rulebook: &Rulebook) -> Verdict {
    let Decision { image, headline, finding } = decide(case);
    let source = case.card.and_then(|card| card.images.first()).map_or("", |image| image.source.as_str());
    let source = if source == "img" { "<img>" } else { source };
    let (headline, own_reason) = rulebook.headline(headline, &[("source", source)]);
    let deciding = finding.and_then(|index| case.findings.get(index));
    let reason = deciding.map(|finding| finding.message.clone()).or(own_reason);
    Verdict { image, headline, reason, finding }
}

/// An answer, the key of its sentence, and the finding that decided.
struct Decision {
    image: ImageVerdict,
    headline: &'static str,
    finding: Option<usize>,
}

/// The page that came is not the one that was meant, or its tags are not read.
const WRONG_PAGE: &[&str] = &["challenge-page", "login-redirect", "script-only", "meta-in-body"];

/// Why a card has no image, in the order in which to look.
const NO_IMAGE: &[&str] = &[
    "challenge-page",
    "ua-blocked",
    "login-redirect",
    "ua-differs",
    "script-only",
    "meta-in-body",
    "image-url-invalid",
    "og-image-missing",
];

/// Another image takes the place of the one that was meant.
const OTHER_IMAGE: &[&str] = &["ua-differs", "og-image-missing", "image-url-invalid", "image-from-body"];

/// The card may be that of another page.
const OTHER_PAGE: &[&str] = &["og-url-mismatch", "og-url-followed"];

fn decide(case: &Case<'_>) -> Decision {
    let Some(card) = case.card.filter(|_| case.outcome == "ok") else { return no_page(case) };
    let say = |image, headline, finding| Decision { image, headline, finding };
    if card.images.is_empty() {
        let finding = case.first_of(NO_IMAGE).or_else(|| case.first(|finding| finding.severity == Severity::Error));
        return say(ImageVerdict::WillNotShow, "image-missing", finding);
    }
    if let Some(finding) = case.first_of(WRONG_PAGE) {
        return say(ImageVerdict::WillNotShow, "card-wrong", Some(finding));
    }
    let is_error = |finding: &Finding| finding.severity == Severity::Error && !OTHER_IMAGE.contains(&&*finding.code);
    let about_image = |finding: &Finding| finding.code.starts_with("image-") || finding.code == "ua-blocked";
    if let Some(finding) = case.first(|finding| is_error(finding) && about_image(finding)) {
        return say(ImageVerdict::WillNotShow, "image-missing", Some(finding));
    }
    if let Some(finding) = case.first(is_error) {
        return say(ImageVerdict::WillNotShow, "card-wrong", Some(finding));
    }
    let doubt = |headline, finding| say(ImageVerdict::MayNotShow, headline, Some(finding));
    if let Some(finding) = case.first_of(OTHER_IMAGE) {
        return doubt("image-other", finding);
    }
    if let Some(finding) = case.first_of(&["meta-displaced"]) {
        return doubt("image-maybe", finding);
    }
    if let Some(finding) = case.first_of(OTHER_PAGE) {
        return doubt("card-other", finding);
    }
    let warns = |finding: &Finding| finding.severity == Severity::Warning;
    if let Some(finding) = case.first(|finding| warns(finding) && finding.code.starts_with("image-")) {
        return doubt("image-maybe", finding);
    }
    if let Some(finding) = case.first_of(&["slow-page"]) {
        return doubt("card-maybe", finding);
    }
    if let Some(finding) = case.first(warns) {
        return say(ImageVerdict::WillShow, "card-check", Some(finding));
    }
    match case.image {
        Some(image) if image.outcome == "ok" => say(ImageVerdict::WillShow, "image-will", None),
        // It failed in a way that is no finding of ours; a report must not promise it.
        Some(_) => say(ImageVerdict::MayNotShow, "image-maybe", None),
        None => say(ImageVerdict::WillShow, "image-should", None),
    }
}

/// No page came, or only a part of one.
fn no_page(case: &Case<'_>) -> Decision {
    let explained = case.first_of(&["challenge-page", "ua-blocked"]);
    let finding = explained
        .or_else(|| case.first(|finding| finding.code == case.outcome))
        .or_else(|| case.first(|finding| finding.severity == Severity::Error));
    let (image, headline) = match (case.blame, case.card) {
        (Some(Blame::Server), _) => (ImageVerdict::NotChecked, "unchecked"),
        (Some(Blame::Caller), _) => (ImageVerdict::NotChecked, "refused"),
        // A page that broke off still gave a card, of what had arrived.
        (_, Some(_)) => (ImageVerdict::WillNotShow, "card-wrong"),
        (_, None) => (ImageVerdict::NoCard, "no-card"),
    };
    Decision { image, headline, finding }
}

impl Case<'_> {
    fn first(&self, test: impl Fn(&Finding) -> bool) -> Option<usize> {
        self.findings.iter().position(test)
    }

    /// The finding of the first of these codes that there is, remarks aside.
    fn first_of(&self, codes: &[&str]) -> Option<usize> {
        codes.iter().find_map(|code| self.first(|finding| finding.code == *code && finding.severity != Severity::Info))
    }
}

#[cfg(test)]
mod tests {
    use ImageVerdict::{MayNotShow, NoCard, NotChecked, WillNotShow, WillShow};

    use super::*;
    use crate::rules::{samples, sort};

    /// `error meta-in-body` as a finding.
    fn finding(text: &str) -> Finding {
        let (severity, code) = text.split_once(' ').unwrap();
        let severity = match severity {
            "error" => Severity::Error,
            "warning" => Severity::Warning,
            _ => Severity::Info,
        };
        Rulebook::embedded().unwrap().finding(code.to_owned(), &[]).with_severity(severity)
    }

    struct Row {
        outcome: &'static str,
        blame: Option<Blame>,
        card: bool,
        images: usize,
        image: Option<&'static str>,
        findings: &'static [&'static str],
    }

    const GOOD: Row = Row { outcome: "ok", blame: None, card: true, images: 1, image: Some("ok"), findings: &[] };

    fn verdict(row: &Row) -> (ImageVerdict, String, Option<String>) {
        let mut card = samples::card();
        card.images.truncate(row.images);
        let mut image = samples::image();
        image.outcome = row.image.unwrap_or_default().to_owned();
        let mut findings: Vec<Finding> = row.findings.iter().map(|text| finding(text)).collect();
        sort(&mut findings);
        let case = Case {
            outcome: row.outcome,
            blame: row.blame,
            card: row.card.then_some(&card),
            image: row.image.map(|_| &image),
            findings: &findings,
        };
        let verdict = judge(&case, &Rulebook::embedded().unwrap());
        let code = verdict.finding.map(|index| findings[index].code.to_string());
        (verdict.image, verdict.headline.en, code)
    }

    const WILL: &str = "The image will show";
    const NOT: &str = "The image will not show";
    const WRONG: &str = "The card will not look as intended";
    const SITE: Option<Blame> = Some(Blame::Site);

    /// Why the row is there, the case, and what comes of it: the answer, its sentence, the finding that decides.
    const ROWS: &[(&str, Row, ImageVerdict, &str, Option<&str>)] = &[
        ("nothing is wrong", GOOD, WillShow, WILL, None),
        (
            "remarks change nothing",
            Row { findings: &["info sent-messages-stay", "info image-ratio"], ..GOOD },
            WillShow,
            WILL,
            None,
        ),
        ("the image was not asked for", Row { image: None, ..GOOD }, WillShow, "The image should show", None),
        (
            "a refused page",
            Row {
                outcome: "status-403",
                blame: SITE,
                card: false,
                findings: &["error status-403", "info cannot-see-ip-rules"],
                ..GOOD
            },
            NoCard,
            "No card will be made",
            Some("status-403"),
        ),
        (
            "a page refused to Kakao only",
            Row {
                outcome: "status-403",
                blame: SITE,
                card: false,
                findings: &["error status-403", "error ua-blocked"],
                ..GOOD
            },
            NoCard,
            "No card will be made",
            Some("ua-blocked"),
        ),
        (
            "the outcome decides, wherever it stands",
            Row {
                outcome: "timeout",
                blame: SITE,
                card: false,
                findings: &["error dns-failed", "error timeout"],
                ..GOOD
            },
            NoCard,
            "No card will be made",
            Some("timeout"),
        ),
        (
            "an address of the caller's",
            Row {
                outcome: "address-private",
                blame: Some(Blame::Caller),
                card: false,
                findings: &["error address-private"],
                ..GOOD
            },
            NotChecked,
            "This address cannot be checked",
            Some("address-private"),
        ),
        (
            "a fault of ours",
            Row { outcome: "extraction-failed", blame: Some(Blame::Server), card: false, ..GOOD },
            NotChecked,
            "This server could not check the page",
            None,
        ),
        (
            "a page that broke off",
            Row { outcome: "response-cut", blame: SITE, findings: &["error response-cut"], ..GOOD },
            WillNotShow,
            WRONG,
            Some("response-cut"),
        ),
        ("no card and no reason", Row { card: false, ..GOOD }, NoCard, "No card will be made", None),
        (
            "a check for robots answered with 200",
            Row { findings: &["error challenge-page", "error og-image-missing"], ..GOOD },
            WillNotShow,
            WRONG,
            Some("challenge-page"),
        ),
        (
            "a login page, though only a warning",
            Row { findings: &["warning login-redirect", "warning og-title-missing"], ..GOOD },
            WillNotShow,
            WRONG,
            Some("login-redirect"),
        ),
        (
            "no image, told by its cause",
            Row { images: 0, image: None, findings: &["error og-image-missing", "error meta-in-body"], ..GOOD },
            WillNotShow,
            NOT,
            Some("meta-in-body"),
        ),
        (
            "no image",
            Row { images: 0, image: None, findings: &["warning og-title-missing", "error og-image-missing"], ..GOOD },
            WillNotShow,
            NOT,
            Some("og-image-missing"),
        ),
        ("no image and no known reason", Row { images: 0, image: None, ..GOOD }, WillNotShow, NOT, None),
        (
            "an image that is refused",
            Row {
                image: Some("image-status-403"),
                findings: &["error image-status-403", "warning og-url-mismatch"],
                ..GOOD
            },
            WillNotShow,
            NOT,
            Some("image-status-403"),
        ),
        (
            "an image refused to Kakao only",
            Row { image: Some("image-status-403"), findings: &["error image-status-403", "error ua-blocked"], ..GOOD },
            WillNotShow,
            NOT,
            Some("ua-blocked"),
        ),
        (
            "tags in the body come before the image",
            Row {
                image: Some("image-status-403"),
                findings: &["error image-status-403", "error meta-in-body"],
                ..GOOD
            },
            WillNotShow,
            WRONG,
            Some("meta-in-body"),
        ),
        (
            "another image stands in",
            Row {
                findings: &["warning og-title-missing", "warning og-image-missing", "warning image-from-body"],
                ..GOOD
            },
            MayNotShow,
            "A different image may show",
            Some("og-image-missing"),
        ),
        (
            "a displaced tag",
            Row { findings: &["warning meta-displaced", "warning og-url-mismatch"], ..GOOD },
            MayNotShow,
            "The image may not show",
            Some("meta-displaced"),
        ),
        (
            "a displaced tag with a stand-in",
            Row { findings: &["warning meta-displaced", "warning image-from-body"], ..GOOD },
            MayNotShow,
            "A different image may show",
            Some("image-from-body"),
        ),
        (
            "og:url elsewhere",
            Row { findings: &["warning og-url-mismatch", "warning image-small"], ..GOOD },
            MayNotShow,
            "The card of another page may show",
            Some("og-url-mismatch"),
        ),
        (
            "og:url elsewhere with the same card",
            Row { findings: &["info og-url-mismatch"], ..GOOD },
            WillShow,
            WILL,
            None,
        ),
        (
            "a small image",
            Row { findings: &["warning image-small", "warning og-title-missing"], ..GOOD },
            MayNotShow,
            "The image may not show",
            Some("image-small"),
        ),
        (
            "an image too large to be drawn here",
            Row { image: Some("image-too-many-pixels"), findings: &["warning image-too-many-pixels"], ..GOOD },
            MayNotShow,
            "The image may not show",
            Some("image-too-many-pixels"),
        ),
        (
            "a slow page",
            Row { findings: &["warning slow-page"], ..GOOD },
            MayNotShow,
            "The card may not show",
            Some("slow-page"),
        ),
        (
            "a warning about something else",
            Row { findings: &["warning og-title-missing"], ..GOOD },
            WillShow,
            "The image will show, with something to check",
            Some("og-title-missing"),
        ),
        (
            "an image of which nothing is known",
            Row { image: Some("image-lost"), ..GOOD },
            MayNotShow,
            "The image may not show",
            None,
        ),
    ];

    #[test]
    fn each_kind_of_report_has_its_answer() {
        for (why, row, image, headline, decides) in ROWS {
            assert_eq!(verdict(row), (*image, (*headline).to_owned(), decides.map(str::to_owned)), "{why}");
        }
    }

    #[test]
    fn the_reason_is_that_of_the_finding_or_names_the_tag() {
        let (card, image) = (samples::card(), samples::image());
        let book = Rulebook::embedded().unwrap();
        let of = |findings: &[Finding], image| {
            judge(&Case { outcome: "ok", blame: None, card: Some(&card), image, findings }, &book)
        };
        let findings = [finding("warning image-small")];
        assert_eq!(of(&findings, Some(&image)).reason, Some(findings[0].message.clone()));
        assert_eq!(of(&[], Some(&image)).reason.unwrap().en, "The image of og:image is used.");
        assert!(of(&[], None).reason.unwrap().ko.contains("확인하지 않았습니다"));
    }
}
