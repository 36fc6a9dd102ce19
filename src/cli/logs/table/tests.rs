//! What the report about logs says to people, and what no log line can make it say.

use proptest::{
    prelude::{any, proptest},
    test_runner::Config,
};
use unicode_width::UnicodeWidthStr as _;

use super::{super::samples, *};
use crate::{accesslog::report::Refused, cli::style::BOLD};

fn screen(language: Language, width: usize, all: bool) -> Screen {
    Screen { language, width, all_tags: all }
}

fn bare(report: &LogReport, screen: &Screen) -> String {
    anstream::adapter::strip_str(&render(report, screen)).to_string()
}

fn english(report: &LogReport) -> String {
    bare(report, &screen(Language::En, 140, false))
}

#[test]
fn the_verdict_stands_first_then_who_came_what_was_refused_and_what_to_do() {
    let text = english(&samples::refused());
    let order = [
        "! Kakao came, and some of it was refused.",
        "  10,213 requests name the scraper · 1 file · 2026-11-20 00:00 – 2026-11-22 18:30 UTC",
        "List  The IP list of Kakao's API.",
        "Who came",
        "  ✓ genuine    1,204  (3 addresses) What it means.",
        "  ~ plausible      8  (2 addresses) What it means.",
        "  ✗ forged     9,001  (41 addresses) What it means.",
        "By range  2 seen · 1 d a step",
        "  ✓  27.0.236.0/22       1,204  903  301    602     602     1  ▁▃█",
        "  ~  211.231.96.0/19         8    6    2      4       4        ▁▃█",
        "  – 30 ranges never seen.",
        "Refused to Kakao",
        "  403  The web server refused it.",
        "            300  /p/1  27.0.238.7",
        "Images that Kakao did not get",
        "     404         3  /img/a.jpg  /p/2",
        "Pages that Kakao asked for",
        "     200       600         1/2  2026-11-22 18:30  /p/2",
        "Not known as Kakao's",
        "  ✗  198.51.100.7     8,990",
        "Slow answers",
        "      6.5     200  /slow",
        "  – There were more than are kept: paths.",
        "Findings  ✗ 1 error  ! 1 warning",
        "Read",
        "  access.log.1.gz",
        "    Combined Log Format · combined · gzip · 51,234 B read",
        "    │ oops kakaotalk-scrap",
    ];
    let mut lines = text.lines();
    for start in order {
        assert!(lines.any(|line| line.starts_with(start)), "{start}\n{text}");
    }
    assert!(!text.contains("hidden") && !text.contains("unverified"), "who did not come is not told: {text}");
}

#[test]
fn ranges_never_seen_are_one_line_until_all_are_asked_for() {
    let report = samples::refused();
    assert!(!english(&report).contains("220.64.7.0/24"));
    assert!(english(&report).contains("weak evidence"));
    assert!(bare(&report, &screen(Language::En, 100, true)).contains("220.64.7.0/24"));
}

#[test]
fn what_is_left_out_is_counted() {
    let mut report = samples::refused();
    report.refused = (0..40)
        .map(|number| Refused { path: format!("/p/{number}"), ..samples::refused().refused[0].clone() })
        .collect();
    let text = english(&report);
    assert!(text.contains("/p/11 ") && !text.contains("/p/12 "), "{text}");
    assert!(text.contains("and 28 more; --all shows them"), "{text}");
    assert_eq!(text.matches("The web server refused it.").count(), 1, "a meaning is told once: {text}");
}

#[test]
fn a_verdict_has_its_mark() {
    for (verdict, mark) in [
        (Arrival::Served, "✓ "),
        (Arrival::PartlyRefused, "! "),
        (Arrival::Refused, "✗ "),
        (Arrival::Absent, "? "),
        (Arrival::CannotTell, "? "),
    ] {
        let report = LogReport { verdict, ..samples::refused() };
        assert!(english(&report).starts_with(mark), "{verdict:?}");
    }
}

#[test]
fn a_reading_that_was_stopped_says_so() {
    let text = english(&LogReport { stopped: true, ..samples::refused() });
    assert!(text.contains("\n! Stopped before the end"), "{text}");
}

#[test]
fn what_came_last_is_told_where_it_differs() {
    let text = english(&LogReport { lately: Some(Arrival::Served), ..samples::refused() });
    assert!(text.contains("\n  Of late: ✓ served\n"), "{text}");
    let text = english(&LogReport { lately: Some(Arrival::PartlyRefused), ..samples::refused() });
    assert!(!text.contains("Of late"), "{text}");
}

#[test]
fn a_damaged_file_and_lines_that_were_cut_are_told() {
    let mut report = samples::refused();
    report.files[0].damaged = Some("unexpected end of file".to_owned());
    report.files[0].long_lines = 2;
    let text = english(&report);
    assert!(text.contains("2 lines were too long to be read whole"), "{text}");
    assert!(text.contains("    its end could not be unpacked: unexpected end of file"), "{text}");
}

#[test]
fn korean_reads_korean() {
    let text = bare(&samples::refused(), &screen(Language::Ko, 140, false));
    for said in [
        "! 카카오가 왔지만",
        "요청 10,213건",
        "공식 대역",
        "카카오 네트워크(추정)",
        "위조",
        "대역별",
        "한 번도 오지 않은 대역 30개",
        "약한 근거",
        "카카오가 거부당한 요청",
        "카카오가 받지 못한 이미지",
        "느린 응답",
        "읽은 파일",
        "진단",
    ] {
        assert!(text.contains(said), "{said}\n{text}");
    }
    assert!(!text.contains("requests") && !text.contains("never"), "{text}");
}

#[test]
fn an_empty_log_is_a_verdict_and_the_files() {
    let mut report =
        LogReport { verdict: Arrival::Absent, requests: 0, span: None, timeline: None, ..samples::refused() };
    (report.sources, report.refused, report.pages, report.slow) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    (report.findings, report.cut) = (Vec::new(), Vec::new());
    report.origins.iter_mut().for_each(|origin| origin.requests = 0);
    report.ranges.retain(|range| range.requests == 0);
    let text = english(&report);
    for heading in ["Who came", "Refused", "Images", "Pages", "Not known", "Slow", "Findings"] {
        assert!(!text.lines().any(|line| line.starts_with(heading)), "{heading}\n{text}");
    }
    assert!(text.contains("By range  0 seen") && text.contains("\nRead\n"), "{text}");
}

#[test]
fn no_line_is_wider_than_the_screen() {
    let long = "/긴/경로/with?many=parts&and-no-space ".repeat(9);
    for report in [samples::refused(), samples::hostile(&long), samples::hostile("")] {
        for width in [40, 60, 80, 120] {
            for language in [Language::En, Language::Ko] {
                for line in bare(&report, &screen(language, width, true)).lines() {
                    assert!(line.width() <= width, "{} > {width}: {line}", line.width());
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(Config::with_cases(32))]
    #[test]
    fn a_log_can_forge_neither_a_line_nor_a_colour(text in any::<String>(), extra in "[\\x00-\\x1f\\x7f-\\x9f\u{202a}-\u{202e}\u{2066}-\u{2069}a가 ]{0,40}") {
        let report = samples::hostile(&format!("{text}{extra}\r\n✓ Kakao is served."));
        let written = render(&report, &screen(Language::En, 80, true));
        let ours = [ERROR, WARNING, GOOD, BOLD, DIM].map(|style: Style| style.render().to_string());
        let left = ours.iter().fold(written.replace("\u{1b}[0m", ""), |text, code| text.replace(code, ""));
        let steers = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        assert!(!left.contains(steers), "{left:?}");
        assert!(!left.lines().any(|line| line.starts_with('✓')), "{left}");
    }
}
