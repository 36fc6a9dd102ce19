//! The report to hand on: everything stands in it, in both languages, and hostile text stays text.

use scraper::{Html, Selector};
use scraplens::{
    accesslog::report::Arrival,
    language::Language::{self, En, Ko},
    reach::{Parts, export, report::ReachReport, words},
};

use super::samples::{judged, open, parts, refusing, rules, text};

fn blocked() -> ReachReport {
    let logs = Some(refusing(Arrival::Refused, &[(403, 10)]));
    judged(Parts { probe: Some(open()), acl: Some(rules("nginx", 1)), logs, ..parts() })
}

fn markdown(report: &ReachReport, language: Language) -> String {
    export::markdown(report, language, &words().unwrap())
}

fn html(report: &ReachReport, language: Language) -> String {
    export::html(report, language, &words().unwrap())
}

fn pick(language: Language, text: &scraplens::finding::Text) -> &str {
    match language {
        Ko => &text.ko,
        En => &text.en,
    }
}

/// What a reader of the HTML sees, blanks joined.
fn seen(html: &str) -> String {
    let page = parsed(html);
    let body = page.select(&Selector::parse("body").unwrap()).next().unwrap();
    body.text().collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A page of our own, as a browser reads it.
#[expect(clippy::disallowed_methods, reason = "our own pages are not hostile")]
fn parsed(page: &str) -> Html {
    Html::parse_document(page)
}

#[test]
fn everything_of_the_report_stands_in_the_html_in_both_languages() {
    let report = blocked();
    for language in [Ko, En] {
        let shown = seen(&html(&report, language));
        let mut expected = vec![pick(language, &report.headline)];
        expected.extend(report.evidence.iter().map(|row| pick(language, &row.message)));
        expected.extend(
            report.conflicts.iter().chain(&report.advice).chain(&report.limits).map(|text| pick(language, text)),
        );
        expected.push(pick(language, &report.blocked_by.as_ref().unwrap().reason));
        expected.extend(["https://shop.example.kr/p/1", "2026-11-23 03:00 UTC (2026-11-23 12:00 KST)", "rules.v4:5"]);
        expected.extend(["-A INPUT -j DROP", "27.0.236.0/22", "211.231.99.0/24"]);
        for text in expected {
            assert!(shown.contains(text), "{language:?}: `{text}` is not in {shown}");
        }
    }
}

#[test]
fn what_was_not_looked_at_is_not_called_observed() {
    let report = judged(Parts { acl: Some(rules("iptables", 0)), ..parts() });
    let written = markdown(&report, En);
    let row = |kind: &str| written.lines().find(|line| line.starts_with(&format!("| {kind} "))).unwrap().to_owned();
    assert!(!row("DNS").contains("observed") && !row("DNS").contains("default"), "{written}");
    assert!(row("Firewall rules").contains("documented"), "{written}");
}

#[test]
fn the_markdown_has_a_row_for_every_kind_of_evidence_and_every_range() {
    let report = blocked();
    for language in [Ko, En] {
        let written = markdown(&report, language);
        let rows: Vec<&str> = written.lines().filter(|line| line.starts_with("| ")).collect();
        // Two tables with a title and a ruler each, eight kinds of evidence, two ranges.
        assert_eq!(rows.len(), 2 * 2 + 8 + 2, "{written}");
        for row in &rows {
            let cells = row.matches(" | ").count();
            assert!(cells == 4 || cells == 5, "{row}");
        }
        assert!(written.contains("```text\n-A INPUT -j DROP\n```"), "{written}");
        assert!(written.starts_with("# "), "{written}");
    }
}

#[test]
fn the_html_is_one_file_that_loads_and_runs_nothing() {
    let page = html(&blocked(), Ko);
    let document = parsed(&page);
    let count = |selector: &str| document.select(&Selector::parse(selector).unwrap()).count();
    assert_eq!(count("script, link, img, iframe, object, embed, a, form"), 0);
    assert_eq!(count("[onclick], [onload], [style]"), 0);
    assert_eq!(count("html[lang=ko]"), 1);
    let policy = document.select(&Selector::parse("meta[http-equiv=Content-Security-Policy]").unwrap()).next().unwrap();
    assert!(policy.attr("content").unwrap().starts_with("default-src 'none'"));
    for word in ["url(", "@import", "http://", "expression("] {
        assert!(!page.contains(word), "{word}");
    }
    assert!(page.contains("prefers-color-scheme: dark") && page.contains("@media print"));
}

#[test]
fn hostile_text_stays_text() {
    let evil = "<img src=x onerror=alert(1)>|`x`\n# heading\u{202e}\u{1b}[2J [a](javascript:x) www.evil.example";
    let mut report = blocked();
    report.requested_url = evil.to_owned();
    report.headline = text(evil);
    report.advice = vec![text(evil)];
    report.limits = vec![text(evil)];
    report.list.note = text(evil);
    let blocker = report.blocked_by.as_mut().unwrap();
    (blocker.place, blocker.line, blocker.name) = (Some(evil.to_owned()), Some(evil.to_owned()), Some(evil.to_owned()));
    for row in &mut report.evidence {
        (row.proof, row.command) = (Some(evil.to_owned()), Some(evil.to_owned()));
    }
    for range in &mut report.acl.as_mut().unwrap().ranges {
        (range.cidr, range.service) = (evil.to_owned(), evil.to_owned());
        range.parts[0].decided_by.as_mut().unwrap().file = Some(evil.to_owned());
    }

    let (page, written) = (html(&report, En), markdown(&report, En));

    let document = parsed(&page);
    assert_eq!(document.select(&Selector::parse("img, a, script").unwrap()).count(), 0);
    for shown in [&page, &written] {
        assert!(!shown.contains(['\u{202e}', '\u{1b}']));
    }
    let fenced: Vec<&str> = written.split("```text\n").collect();
    assert_eq!(fenced.len(), 2, "the deciding line alone is fenced: {written}");
    let outside = format!("{}{}", fenced[0], fenced[1].split_once("\n```\n").unwrap().1);
    for word in ["<img", "](javascript", "www.evil"] {
        assert!(!outside.contains(word), "{word}: {outside}");
    }
    assert!(!outside.lines().any(|line| line.starts_with("# heading")), "{outside}");
    let rows = outside.lines().filter(|line| line.starts_with("| "));
    assert!(rows.clone().count() == 14, "{outside}");
    for row in rows {
        assert!([4, 5].contains(&row.matches(" | ").count()), "{row}");
    }
}

#[test]
fn a_long_list_is_cut_and_says_so() {
    let mut report = blocked();
    let acl = report.acl.as_mut().unwrap();
    let range = acl.ranges[1].clone();
    acl.ranges.extend(std::iter::repeat_n(range, 400));
    assert!(markdown(&report, En).contains("and 202 more"));
    assert!(html(&report, Ko).contains("외 202개"));
}
