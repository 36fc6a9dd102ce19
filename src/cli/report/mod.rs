//! The report for people: the answer first, the evidence under it, the raw data last. Pure: values in, text out.
//! Only what is worth a line is written; sections with nothing to say are left out.

mod bubble;
mod choices;
mod findings;
mod hops;
mod images;
pub(super) mod paper;
#[cfg(test)]
mod samples;
mod source;
pub(super) mod text;
mod verdict;
pub(super) mod words;

use jiff::Timestamp;

use self::{paper::Paper, text::Span, words::Words};
use super::{options::Language, style::Screen};
use crate::{
    comparison::Comparison,
    extract::{Card, Tag},
    finding::Finding,
    image::ImageReport,
    offline::ExtractReport,
    page::{Hop, Page},
    report::Report,
    verdict::Verdict,
};

/// A report of a live scrape.
pub(super) fn render(report: &Report, screen: &Screen) -> String {
    View::live(report).write(screen)
}

/// A report of HTML at hand.
pub(super) fn render_extract(report: &ExtractReport, screen: &Screen) -> String {
    View::offline(report).write(screen)
}

/// The findings of any report, as those of a scrape are written.
pub(super) fn write_findings(found: &[Finding], paper: &mut Paper, language: Language) {
    findings::write(found, paper, Words::of(language));
}

/// What both kinds of report have to show.
struct View<'a> {
    requested_url: &'a str,
    followed_og_url: Option<&'a str>,
    asked: Option<Asked<'a>>,
    verdict: &'a Verdict,
    hops: &'a [Hop],
    page: Option<&'a Page>,
    card: Option<&'a Card>,
    tags: &'a [Tag],
    images: &'a [ImageReport],
    comparisons: &'a [Comparison],
    findings: &'a [Finding],
}

/// As whom and when the site was asked.
struct Asked<'a> {
    user_agent: &'a str,
    at: Timestamp,
}

impl<'a> View<'a> {
    fn live(report: &'a Report) -> Self {
        Self {
            requested_url: &report.requested_url,
            followed_og_url: report.followed_og_url.as_deref(),
            asked: Some(Asked { user_agent: &report.user_agent, at: report.scraped_at }),
            verdict: &report.verdict,
            hops: &report.hops,
            page: report.page.as_ref(),
            card: report.card.as_ref(),
            tags: &report.tags,
            images: &report.images,
            comparisons: &report.comparisons,
            findings: &report.findings,
        }
    }

    fn offline(report: &'a ExtractReport) -> Self {
        Self {
            requested_url: &report.requested_url,
            followed_og_url: None,
            asked: None,
            verdict: &report.verdict,
            hops: &[],
            page: Some(&report.page),
            card: Some(&report.card),
            tags: &report.tags,
            images: &[],
            comparisons: &[],
            findings: &report.findings,
        }
    }

    /// What is known of the image that a message would show.
    fn shown(&self, card: &Card) -> Option<&'a ImageReport> {
        let first = card.images.first()?;
        self.images.iter().find(|image| image.url == first.url)
    }

    fn write(&self, screen: &Screen) -> String {
        let words = Words::of(screen.language);
        let mut paper = Paper::new(screen.width);
        verdict::write(self.verdict, &mut paper, words);
        self.write_addresses(&mut paper, words);
        if let Some(card) = self.card {
            bubble::write(card, self.shown(card), &mut paper, words);
        }
        findings::write(self.findings, &mut paper, words);
        hops::write(self.hops, self.asked.as_ref().map(|asked| asked.at), &mut paper, words);
        if let Some(card) = self.card {
            choices::write(card, &mut paper, words);
            choices::write_images(card, self.images, &mut paper, words);
        }
        images::write_comparisons(self.comparisons, &mut paper, words);
        source::write_tags(self.tags, screen.all_tags, &mut paper, words);
        paper.gap();
        if let Some(page) = self.page {
            source::write_page(page, &mut paper, words);
        }
        if let Some(asked) = &self.asked {
            source::write_asked(asked, &mut paper, words);
        }
        paper.finish()
    }

    /// The URL that was asked for, where it led, and whose card it is.
    fn write_addresses(&self, paper: &mut Paper, words: &Words) {
        paper.address(&[Span::blank(2)], &Span::ink(self.requested_url));
        let asked_for = self.requested_url.split('#').next().unwrap_or_default();
        if let Some(last) = self.hops.last().filter(|hop| hop.url != asked_for) {
            paper.address(&[Span::blank(2), Span::dim("→ ")], &Span::ink(&last.url));
        }
        if let Some(url) = self.followed_og_url {
            paper.address(&[Span::blank(2), Span::dim(format!("→ {} ", words.card_of))], &Span::ink(url));
        }
    }
}

#[cfg(test)]
mod tests {
    use anstyle::Style;
    use proptest::{
        prelude::{any, proptest},
        sample::select,
        test_runner::Config,
    };
    use unicode_width::UnicodeWidthStr as _;

    use super::*;
    use crate::cli::{
        options::Language,
        style::{BOLD, DIM, ERROR, GOOD, WARNING},
    };

    const LANGUAGES: [Language; 2] = [Language::En, Language::Ko];
    const WIDTHS: [usize; 3] = [40, 80, 120];

    fn screen(language: Language, width: usize) -> Screen {
        Screen { language, width, all_tags: false }
    }

    /// The report without colours.
    fn bare(report: &Report, screen: &Screen) -> String {
        anstream::adapter::strip_str(&render(report, screen)).to_string()
    }

    fn has(text: &str, heading: &str) -> bool {
        text.lines().any(|line| line.starts_with(heading))
    }

    /// What is left when our own style codes are taken out.
    fn without_our_codes(written: &str) -> String {
        let ours = [ERROR, WARNING, GOOD, BOLD, DIM].map(|style: Style| style.render().to_string());
        ours.iter().fold(written.replace("\u{1b}[0m", ""), |text, code| text.replace(code, ""))
    }

    fn assert_fits(written: &str, columns: usize) {
        for line in anstream::adapter::strip_str(written).to_string().lines() {
            assert!(line.width() <= columns, "{} > {columns}: {line}", line.width());
        }
    }

    #[test]
    fn no_line_is_wider_than_the_screen() {
        let long = "긴글자와https://a.example/very/long/address?with=many&parts=and-no-space ".repeat(12);
        for width in WIDTHS {
            for language in LANGUAGES {
                for all_tags in [false, true] {
                    let screen = Screen { language, width, all_tags };
                    for report in [
                        samples::rich(),
                        samples::good(),
                        samples::refused(),
                        samples::hostile(&long),
                        samples::hostile(""),
                    ] {
                        assert_fits(&render(&report, &screen), width);
                    }
                    assert_fits(&render_extract(&samples::offline(), &screen), width);
                }
            }
        }
    }

    #[test]
    fn the_answer_stands_first_and_the_raw_data_last() {
        let text = bare(&samples::rich(), &screen(Language::En, 80));
        let order = [
            "! The image may not show",
            "  http://",
            "  → ",
            "  ╭",
            "Findings",
            "Redirect chain",
            "Why these values",
            "Image candidates",
            "Compared",
            "Tags",
            "Page",
            "Scraped",
        ];
        let places: Vec<Option<usize>> =
            order.iter().map(|start| text.lines().position(|line| line.starts_with(start))).collect();
        assert!(places.is_sorted() && places.iter().all(Option::is_some), "{places:?}\n{text}");
    }

    #[test]
    fn every_heading_and_finding_is_in_the_language_of_the_screen() {
        let text = bare(&samples::rich(), &screen(Language::Ko, 80));
        for heading in [
            "! 이미지가",
            "진단",
            "이동 경로",
            "값을 고른 이유",
            "이미지 후보",
            "다른 User-Agent",
            "태그",
            "응답",
            "스크랩",
        ] {
            assert!(has(&text, heading), "{heading}\n{text}");
        }
        assert!(text.contains("og:image가 없거나") && !text.contains("There is no"), "{text}");
        assert!(text.contains("17:5 · og-image-missing · R23 · 카카오 문서"), "{text}");
    }

    #[test]
    fn sections_with_nothing_to_say_are_left_out() {
        let mut report = samples::refused();
        let text = bare(&report, &screen(Language::En, 80));
        for heading in ["  ╭", "Why these values", "Image candidates", "Tags", "Page"] {
            assert!(!has(&text, heading), "{heading}\n{text}");
        }
        report.findings.clear();
        report.hops.clear();
        assert_eq!(
            bare(&report, &screen(Language::En, 120)),
            "✗ No card will be made: KakaoTalk shows only the address.\n  https://staging.example.com/#top\n\n\
             Scraped  2026-11-22 01:02:03 UTC\n    facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984\n"
        );
    }

    #[test]
    fn html_at_hand_has_no_requests() {
        let text =
            anstream::adapter::strip_str(&render_extract(&samples::offline(), &screen(Language::En, 80))).to_string();
        assert!(has(&text, "✓ The image should show") && has(&text, "Page  text/html"), "{text}");
        assert!(!has(&text, "Request") && !has(&text, "Scraped"), "{text}");
    }

    #[test]
    fn the_final_url_is_named_once_and_the_followed_one_by_its_tag() {
        let mut report = samples::good();
        let arrows = |report: &Report| {
            bare(report, &screen(Language::En, 80)).lines().filter(|line| line.starts_with("  →")).count()
        };
        assert_eq!(arrows(&report), 0, "the URL that was asked for gave the page");
        report.requested_url.push_str("#top");
        assert_eq!(arrows(&report), 0, "a fragment is not sent");
        report.followed_og_url = Some("https://b.example/".to_owned());
        assert!(bare(&report, &screen(Language::En, 80)).contains("→ card taken from og:url https://b.example/"));
    }

    #[test]
    fn a_page_can_forge_neither_a_line_nor_a_colour() {
        let report = samples::hostile("\r\n✓ The image will show\u{1b}[32m\u{9b}1A\u{85}\u{2028}\u{202e}");
        for language in LANGUAGES {
            let written = render(&report, &screen(language, 80));
            assert!(
                !without_our_codes(&written).contains(['\u{1b}', '\r', '\u{9b}', '\u{85}', '\u{2028}', '\u{202e}']),
                "{written:?}"
            );
            assert!(!has(&anstream::adapter::strip_str(&written).to_string(), "✓"), "{written}");
        }
    }

    #[test]
    fn json_still_says_what_the_page_said() {
        let text = "\u{1b}[2J\u{202e}";
        let report = samples::hostile(text);
        render(&report, &screen(Language::En, 80));
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!(json["card"]["title"], text);
    }

    proptest! {
        #![proptest_config(Config::with_cases(32))]
        #[test]
        fn only_newlines_and_our_own_codes_steer_the_terminal(text in any::<String>(), extra in "[\\x00-\\x1f\\x7f-\\x9f\u{202a}-\u{202e}\u{2066}-\u{2069}a가 ]{0,40}", width in select(&WIDTHS[..])) {
            for language in LANGUAGES {
                let written = render(&samples::hostile(&format!("{text}{extra}")), &Screen { language, width, all_tags: true });
                let left = without_our_codes(&written);
                let steers = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}');
                assert!(!left.contains(steers), "{left:?}");
                assert_fits(&written, width);
            }
        }
    }
}
