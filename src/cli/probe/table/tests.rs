//! What a probe's report for people says, and what no site can make it say.

use anstyle::Style;
use proptest::{
    prelude::{any, proptest},
    test_runner::Config,
};
use unicode_width::UnicodeWidthStr as _;

use super::{super::samples, *};
use crate::language::Language;

fn screen(language: Language, width: usize) -> Screen {
    Screen { language, width, all_tags: false }
}

fn bare(written: &str) -> String {
    anstream::adapter::strip_str(written).to_string()
}

fn english(report: &ProbeReport) -> String {
    bare(&render(report, &screen(Language::En, 110)))
}

#[test]
fn the_verdict_stands_first_then_the_stages_in_their_order_then_what_to_do() {
    let text = english(&samples::refused());
    let order = [
        "✗ Kakao alone is refused.",
        "  https://shop.example.kr/p/1",
        "Names  AAAA no-records · 12 ms",
        "  edge.cdn.example  A      203.0.113.7",
        "Addresses",
        "  ✓  203.0.113.7:443  9 ms  21 ms  TLSv1.3  41 days left",
        "  ✗  203.0.113.8:443",
        "    certificate CN=shop.example.kr · ← CN=R11 · 2026-10-05 – 2027-01-03",
        "    + CN=R11",
        "    takes TLSv1.2, TLSv1.3",
        "Page  https://shop.example.kr/p/1",
        "  ✗  Kakao",
        "  ✗  Kakao, older",
        "  ✓  Facebook",
        "  ✓  browser",
        "    Facebook: → https://m.shop.example.kr/p/1",
        "Image  https://",
        "Findings  ✗ 1 error",
        "What this cannot prove",
        "Probed  2026-11-23 01:02:03 UTC",
    ];
    let mut lines = text.lines();
    for start in order {
        assert!(lines.any(|line| line.starts_with(start)), "{start}\n{text}");
    }
}

#[test]
fn a_row_tells_status_size_times_runs_and_differences() {
    let text = english(&samples::refused());
    let row = text.lines().find(|line| line.starts_with("  ✗  Kakao ")).unwrap();
    for said in [" 403 ", "162 B", "30 · 31 · 1,032 ms", "0/3", "status, content", "403 Forbidden"] {
        assert!(row.contains(said), "{said}: {row}");
    }
    let row = text.lines().find(|line| line.starts_with("  ✓  browser")).unwrap();
    assert!(row.contains("200") && row.contains("81,193 B") && row.contains("3/3"), "{row}");
}

#[test]
fn a_refused_connection_is_told_by_its_code_and_its_evidence() {
    let text = english(&samples::refused());
    let row = text.lines().find(|line| line.contains("203.0.113.8:443")).unwrap();
    assert!(row.ends_with("connect-refused"), "{row}");
    assert!(text.contains("│ Connection refused"), "{text}");
}

#[test]
fn korean_reads_korean() {
    let text = bare(&render(&samples::refused(), &screen(Language::Ko, 110)));
    for said in [
        "✗ 카카오만",
        "이름(DNS)",
        "IP 주소",
        "카카오(옛 표기)",
        "상태, 내용",
        "41일 남음",
        "진단",
        "이 검사로 알 수 없는 것",
    ] {
        assert!(text.contains(said), "{said}\n{text}");
    }
    assert!(!text.contains("differs") && !text.contains("Kakao"), "{text}");
}

#[test]
fn outbound_names_each_host_with_what_to_do_where_it_failed() {
    let text = bare(&render_outbound(&samples::outbound(), &screen(Language::En, 100)));
    assert!(text.starts_with("✗ 1 of 2 hosts is not reached.\n  Allow the hosts by name.\n"), "{text}");
    assert!(text.contains("  ✓ kapi.kakao.com:443   203.0.113.7:443 9 ms\n"), "{text}");
    assert!(text.contains("  ✗ kauth.kakao.com:443  connect-refused · 203.0.113.8:443\n"), "{text}");
    assert!(text.contains("      │ Connection refused\n      Open port 443.\n"), "{text}");
}

#[test]
fn no_line_is_wider_than_the_screen() {
    let long = "긴글자https://a.example/very/long?with=many&parts ".repeat(9);
    for report in [samples::refused(), samples::hostile(&long), samples::hostile("")] {
        for width in [40, 60, 80, 120] {
            for language in [Language::En, Language::Ko] {
                for line in bare(&render(&report, &screen(language, width))).lines() {
                    assert!(line.width() <= width, "{} > {width}: {line}", line.width());
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(Config::with_cases(32))]
    #[test]
    fn a_site_can_forge_neither_a_line_nor_a_colour(text in any::<String>(), extra in "[\\x00-\\x1f\\x7f-\\x9f\u{202a}-\u{202e}\u{2066}-\u{2069}a가 ]{0,40}") {
        let report = samples::hostile(&format!("{text}{extra}\r\n✓ Kakao gets in."));
        let written = render(&report, &screen(Language::En, 80));
        let ours = [ERROR, WARNING, GOOD, BOLD, DIM].map(|style: Style| style.render().to_string());
        let left = ours.iter().fold(written.replace("\u{1b}[0m", ""), |text, code| text.replace(code, ""));
        let steers = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        assert!(!left.contains(steers), "{left:?}");
        assert!(!left.lines().any(|line| line.starts_with('✓')), "{left}");
    }
}
