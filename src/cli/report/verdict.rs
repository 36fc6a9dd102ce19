//! Sums a report up in one line: a mark, the words, the reason. It judges as the page's `static/js/judge.js` does.

use super::{
    View,
    paper::Paper,
    text::Span,
    words::{Words, filled},
};
use crate::{
    cli::style::{ERROR, GOOD, WARNING},
    finding::{Finding, Severity},
    page::Blame,
};

/// What comes of the page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Verdict<'a> {
    /// Nothing stands in the way of the card and its image, which is from this tag.
    WithImage(&'a str),
    /// The same, but a warning that is not about the image should be read.
    ToCheck(&'a Finding),
    /// The image may be another one than was meant, or fail on some clients.
    ImageDoubtful(&'a Finding),
    /// The card will not show what was meant.
    Wrong(&'a Finding),
    /// No image.
    WithoutImage(Option<&'a Finding>),
    /// Only the address will show.
    NoCard(Option<&'a Finding>),
    /// The program did not ask, or failed itself, so nothing is known.
    NotChecked(Option<&'a Finding>),
}

/// Errors after which another image takes the place of the one that was meant.
const REPLACED: [&str; 2] = ["og-image-missing", "image-url-invalid"];

impl<'a> Verdict<'a> {
    /// Judges a report.
    pub fn of(view: &View<'a>) -> Self {
        let findings = view.findings;
        let first = |test: &dyn Fn(&Finding) -> bool| findings.iter().find(|finding| test(finding));
        let error = first(&|finding| finding.severity == Severity::Error);
        if view.outcome != "ok" {
            let reason = first(&|finding| finding.code == view.outcome).or(error);
            return match (view.blame, view.card, reason) {
                (Some(Blame::Server | Blame::Caller), ..) => Self::NotChecked(reason),
                // What had arrived before the failure was read after all.
                (_, Some(_), Some(finding)) => Self::Wrong(finding),
                _ => Self::NoCard(reason),
            };
        }
        let Some(card) = view.card else { return Self::NoCard(error) };
        let Some(image) = card.images.first() else {
            let about_image =
                |finding: &Finding| finding.code.starts_with("image-") || finding.code.starts_with("og-image-");
            return Self::WithoutImage(error.or_else(|| first(&about_image)));
        };
        let is_error = |finding: &Finding| finding.severity == Severity::Error && !REPLACED.contains(&&*finding.code);
        if let Some(broken) = first(&|finding| is_error(finding) && finding.code.starts_with("image-")) {
            return Self::WithoutImage(Some(broken));
        }
        if let Some(wrong) = first(&is_error) {
            return Self::Wrong(wrong);
        }
        let doubtful = |finding: &Finding| {
            finding.severity == Severity::Warning
                && (finding.code.starts_with("image-") || finding.code == "meta-displaced")
        };
        if let Some(finding) = error.or_else(|| first(&doubtful)) {
            return Self::ImageDoubtful(finding);
        }
        first(&|finding| finding.severity == Severity::Warning).map_or(Self::WithImage(&image.source), Self::ToCheck)
    }

    /// Writes the line.
    pub fn write(self, paper: &mut Paper, words: &Words) {
        let found = |finding: &Finding| words.pick(&finding.message).to_owned();
        let (mark, style, headline, reason) = match self {
            Self::WithImage(source) => ("✓", GOOD, words.card_with_image, Some(filled(words.image_unfetched, source))),
            Self::ToCheck(finding) => ("!", WARNING, words.card_to_check, Some(found(finding))),
            Self::ImageDoubtful(finding) => ("!", WARNING, words.card_image_doubtful, Some(found(finding))),
            Self::Wrong(finding) => ("✗", ERROR, words.card_wrong, Some(found(finding))),
            Self::WithoutImage(reason) => ("✗", ERROR, words.card_without_image, reason.map(found)),
            Self::NoCard(reason) => ("✗", ERROR, words.no_card, reason.map(found)),
            Self::NotChecked(reason) => ("✗", ERROR, words.not_checked, reason.map(found)),
        };
        let mut line = vec![Span::new(style, headline)];
        if let Some(reason) = reason {
            line.push(Span::ink(format!(": {reason}")));
        }
        paper.block(&[Span::new(style, mark), Span::blank(1)], 2, &line);
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{samples, words::Words},
        *,
    };
    use crate::{cli::options::Language, finding::Confidence, report::Report};

    fn found(code: &'static str, severity: Severity) -> Finding {
        samples::finding(code, "R1", severity, Confidence::Default, [["가", "나"], ["this happened.", "do that."]])
    }

    fn headline(report: &Report, language: Language) -> String {
        let mut paper = Paper::new(200);
        Verdict::of(&View::live(report)).write(&mut paper, Words::of(language));
        anstream::adapter::strip_str(&paper.finish()).to_string().trim_end().to_owned()
    }

    #[test]
    fn each_kind_of_report_has_its_verdict() {
        use Severity::{Error, Info, Warning};
        let image = "✓ card with image: from og:image; the image file itself was not fetched";
        let doubtful = "! card, but the image may be wrong: this happened.";
        for (findings, images, expected, why) in [
            (&[][..], 1, image, "nothing is wrong"),
            (&[("sent-messages-stay", Info)], 1, image, "a remark changes nothing"),
            (
                &[("og-url-mismatch", Warning)],
                1,
                "! card with image, and something to check: this happened.",
                "a warning about another field",
            ),
            (&[("image-from-body", Warning)], 1, doubtful, "a warning about the image"),
            (
                &[("og-title-missing", Warning), ("meta-displaced", Warning)],
                1,
                doubtful,
                "the image's tag may be among the displaced",
            ),
            (&[("og-image-missing", Error)], 1, doubtful, "an error for which another image stands in"),
            (&[("image-unreachable", Error)], 1, "✗ card without image: this happened.", "the image cannot be had"),
            (&[("script-only", Error)], 1, "✗ card, but not as meant: this happened.", "an error about something else"),
            (&[("og-image-missing", Error)], 0, "✗ card without image: this happened.", "no image at all"),
            (&[], 0, "✗ card without image", "no image and no known reason"),
        ] {
            let mut report = samples::good();
            report.findings = findings.iter().map(|(code, severity)| found(code, *severity)).collect();
            report.card.as_mut().unwrap().images.truncate(images);
            assert_eq!(headline(&report, Language::En), expected, "{why}");
        }
    }

    #[test]
    fn a_failure_says_whether_it_is_the_sites() {
        for (blame, card, expected) in [
            (Blame::Site, false, "✗ no card: this happened."),
            (Blame::Site, true, "✗ card, but not as meant: this happened."),
            (Blame::Server, false, "✗ not checked: this happened."),
            (Blame::Caller, false, "✗ not checked: this happened."),
        ] {
            let mut report = samples::good();
            report.outcome = "timeout".to_owned();
            report.blame = Some(blame);
            report.findings = vec![found("page-truncated", Severity::Error), found("timeout", Severity::Error)];
            report.findings[0].message.en = "not the reason".to_owned();
            report.card = report.card.filter(|_| card);
            assert_eq!(headline(&report, Language::En), expected, "{blame:?}, card: {card}");
        }
    }

    #[test]
    fn the_verdict_is_in_korean_too() {
        assert_eq!(
            headline(&samples::refused(), Language::Ko),
            "✗ 카드가 만들어지지 않습니다: staging.example.com이(가) 연결을 거부합니다. 이 포트에서 응답하는 프로그램이 없습니다."
        );
    }
}
