//! Logs that somebody wrote to do harm, or that went through much.

use scraplens::logs::{Ask, Unwatched};

use super::{BROWSER, KAKAO, ask, codes, line, logs, logs_with, read, settings};

#[test]
fn line_ends_of_windows_and_a_missing_last_one_change_nothing() {
    let log = line("27.0.238.7", 1, "/p/1", 200, KAKAO)
        + &line("203.0.113.9", 2, "/", 200, BROWSER)
        + &line("27.0.238.7", 3, "/p/2", 403, KAKAO);
    let expected = read(log.as_bytes()).unwrap();
    for other in
        [log.replace('\n', "\r\n"), log.trim_end().to_owned(), format!("\u{feff}{log}"), log.replace('\n', "\n\n")]
    {
        let mut report = read(other.as_bytes()).unwrap();
        report.files[0].bytes = expected.files[0].bytes;
        assert!(report == expected, "{other:?}");
    }
}

#[test]
fn the_hole_that_a_truncation_leaves_is_passed_over() {
    let log = line("27.0.238.7", 1, "/p/1", 200, KAKAO) + &line("203.0.113.9", 2, "/", 200, BROWSER);
    for hole in [10, 65_000, 66_000, 1_000_000] {
        let report = read(&[&vec![0; hole][..], log.as_bytes()].concat()).unwrap();
        assert_eq!((report.requests, report.files[0].long_lines), (1, 0), "{hole}");
    }
}

#[test]
fn a_line_of_ten_megabytes_is_cut_and_the_next_one_is_read() {
    let endless = line("27.0.238.7", 1, &format!("/{}", "x".repeat(10_000_000)), 200, KAKAO);
    let named_first = line(&format!("kakaotalk-scrap{}", "x".repeat(10_000_000)), 1, "/", 200, KAKAO);
    let log = line("203.0.113.9", 0, "/", 200, BROWSER)
        + &line("203.0.113.9", 0, "/", 200, BROWSER)
        + &line("203.0.113.9", 0, "/", 200, BROWSER)
        + &line("203.0.113.9", 0, "/", 200, BROWSER)
        + &endless
        + &named_first
        + &line("27.0.238.7", 2, "/p/2", 200, KAKAO);
    let report = read(log.as_bytes()).unwrap();
    assert_eq!(report.requests, 1);
    assert_eq!(
        (report.files[0].long_lines, report.files[0].unreadable),
        (1, 1),
        "the one that names the scraper where it is read"
    );
    assert!(codes(&report).contains(&"lines-cut"));
}

#[test]
fn lines_that_name_the_scraper_and_cannot_be_read_are_counted_and_shown() {
    let mut log: String = (0..20).map(|second| line("203.0.113.9", second, "/", 200, BROWSER)).collect();
    log += "what is kakaotalk-scrap doing here?\n";
    log.push_str("\u{1b}[31m");
    log.push_str(&"kakaotalk-scrap ".repeat(1_000));
    log.push('\n');
    let report = read(log.as_bytes()).unwrap();
    assert_eq!((report.requests, report.files[0].unreadable), (0, 2));
    assert_eq!(report.files[0].unreadable_example.as_deref(), Some("what is kakaotalk-scrap doing here?"));
    assert!(codes(&report).contains(&"lines-unreadable"));
}

#[test]
fn tables_are_bounded_and_say_so_while_counts_go_on() {
    let mut settings = settings();
    (settings.max_paths, settings.max_sources, settings.max_addresses, settings.max_rows) = (10, 10, 10, 5);
    settings.max_path_bytes = 20;
    let mut log = String::new();
    for index in 0..1_000_u32 {
        log += &line(
            &format!("27.0.{}.{}", 236 + index % 4, index % 250),
            index,
            &format!("/long/path/{index}/{}", "가".repeat(20)),
            403,
            KAKAO,
        );
        log += &line(&format!("198.51.{}.{}", index / 250, index % 250), index, "/", 200, KAKAO);
    }
    let mut session = logs_with(settings).session(&ask()).unwrap();
    session.read("access.log", log.as_bytes(), &mut Unwatched).unwrap();
    let report = session.report();
    assert_eq!(report.requests, 2_000);
    assert_eq!(report.origins.iter().map(|row| row.requests).collect::<Vec<_>>(), [0, 1_000, 0, 0, 1_000]);
    assert_eq!(report.statuses.refused, 1_000);
    assert_eq!(report.cut, ["sources", "paths", "addresses"]);
    assert_eq!([report.sources.len(), report.refused.len(), report.pages.len()], [5, 5, 5]);
    assert!(report.pages.iter().all(|page| page.path.len() <= 20 + '…'.len_utf8()), "{:?}", report.pages[0].path);
    assert!(codes(&report).contains(&"rows-cut"));
}

#[test]
fn times_at_the_ends_of_time_do_no_harm() {
    let at = |time: &str| line("27.0.238.7", 1, "/", 200, KAKAO).replace("23/Nov/2026:10:00:01", time);
    let log = at("01/Jan/0001:00:00:00")
        + &at("31/Dec/9999:23:59:59")
        + &at("99/Foo/2026:99:99:99")
        + &at("23/Nov/2026:10:00:00");
    let mut session = logs().session(&Ask { format: Some("combined".to_owned()), ..ask() }).unwrap();
    session.read("access.log", log.as_bytes(), &mut Unwatched).unwrap();
    let report = session.report();
    assert!(report.requests >= 2, "{}", report.requests);
    assert!(report.timeline.is_none_or(|timeline| timeline.steps <= settings().timeline_steps));
}

#[test]
fn a_name_that_is_wrong_is_told_before_anything_is_read() {
    for ask in [
        Ask { format: Some("combinde".to_owned()), ..ask() },
        Ask { template: Some("no variable".to_owned()), ..ask() },
        Ask { format: Some("combined".to_owned()), client_field: Some("nowhere".to_owned()), ..ask() },
        Ask { ranges: Some(scraplens::acl::File::new("x", "no network")), ..ask() },
    ] {
        let error = logs().session(&ask).err().unwrap();
        assert!(!error.to_string().is_empty() && !error.advice().is_empty() && !error.code().is_empty());
    }
}
