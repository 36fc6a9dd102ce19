//! The same log, however it is packed and however its bytes come.

use std::{
    fs,
    io::{self, Read, Write},
};

use flate2::{Compression, write::GzEncoder};
use scraplens::{
    accesslog::report::LogReport,
    logs::{Ask, LogsError, Seen, Unwatched, Watch},
};

use super::{BROWSER, KAKAO, ask, codes, fixtures, line, logs, read, session};

fn served() -> Vec<u8> {
    fs::read(fixtures().join("served.log")).unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A report but for how its file was packed.
fn but_for_packing(mut report: LogReport) -> LogReport {
    for file in &mut report.files {
        file.packed = None;
    }
    report
}

#[test]
fn gzip_and_zstd_give_the_report_of_the_plain_log() {
    let log = served();
    let plain = read(&log).unwrap();
    let (first, second) = log.split_at(log.len() / 2);
    for (packed, word) in [
        (gzip(&log), "gzip"),
        ([gzip(first), gzip(second)].concat(), "gzip"),
        (zstd::encode_all(&log[..], 3).unwrap(), "zstd"),
        ([zstd::encode_all(first, 1).unwrap(), zstd::encode_all(second, 19).unwrap()].concat(), "zstd"),
    ] {
        let report = read(&packed).unwrap();
        assert_eq!(report.files[0].packed, Some(word));
        assert!(but_for_packing(report) == plain, "{word}");
    }
}

#[test]
fn a_log_whose_packing_is_cut_counts_as_far_as_it_goes_and_says_so() {
    let log: String =
        (0..5_000).map(|second| line("27.0.238.7", second, &format!("/p/{second}"), 200, KAKAO)).collect();
    for packed in [gzip(log.as_bytes()), zstd::encode_all(log.as_bytes(), 3).unwrap()] {
        let report = read(&packed[..packed.len() / 2]).unwrap();
        assert!(report.requests > 0 && report.requests < 5_000, "{}", report.requests);
        assert!(report.files[0].damaged.is_some());
        assert_eq!(report.files[0].unreadable, 0, "the line in which it ends is none");
        assert!(codes(&report).contains(&"file-damaged"));
    }
}

#[test]
fn what_is_not_unpacked_here_is_named_with_what_does() {
    for (bytes, kind, with) in [
        (&b"\xfd7zXZ\0\0"[..], "xz", "xz -dc"),
        (b"BZh91AY", "bzip2", "bzip2 -dc"),
        (b"PK\x03\x04\x14", "zip", "unzip -p"),
        (b"\xff\xfe1\x002\x00", "UTF-16 text", "iconv"),
    ] {
        let error = read(bytes).unwrap_err();
        assert!(error.to_string().contains(kind), "{error}");
        assert!(error.advice().contains(with), "{}", error.advice());
    }
}

/// Gives a few bytes at a time, and is interrupted before each.
struct Drops<'a> {
    bytes: &'a [u8],
    size: usize,
    interrupted: bool,
}

impl Read for Drops<'_> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        self.interrupted = !self.interrupted;
        if self.interrupted {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let size = self.size.min(space.len());
        self.bytes.read(&mut space[..size])
    }
}

#[test]
fn bytes_may_come_one_by_one_and_reads_be_interrupted() {
    let log = served();
    let plain = read(&log).unwrap();
    for (bytes, size) in [(&log, 1), (&log, 77), (&gzip(&log), 3), (&zstd::encode_all(&log[..], 3).unwrap(), 5)] {
        let mut session = session();
        session.read("access.log", Drops { bytes, size, interrupted: false }, &mut Unwatched).unwrap();
        assert!(but_for_packing(session.report()) == plain, "{size}");
    }
}

#[test]
fn several_files_make_one_report_whatever_their_order() {
    let log = served();
    let lines: Vec<&[u8]> = log.split_inclusive(|byte| *byte == b'\n').collect();
    let (older, newer) = (lines[..6].concat(), lines[6..].concat());
    let mut reports = [[&older, &newer], [&newer, &older]].map(|files| {
        let mut session = session();
        for (index, file) in files.into_iter().enumerate() {
            session.read(&format!("access.log.{index}"), &file[..], &mut Unwatched).unwrap();
        }
        let report = session.report();
        assert_eq!(report.files.iter().map(|file| file.requests).sum::<u64>(), report.requests);
        report
    });
    for report in &mut reports {
        report.files.clear();
    }
    let [forwards, backwards] = reports;
    assert!(forwards == backwards, "the order of files matters");
    let mut whole = read(&log).unwrap();
    whole.files.clear();
    assert!(forwards == whole, "two halves are not the whole");
}

#[test]
fn a_file_of_no_known_format_leaves_the_session_as_it_was() {
    let mut session = session();
    let error = session.read("error.log", &b"2026/11/23 10:00:00 [error] 12#12: it broke\nagain\n"[..], &mut Unwatched);
    let Err(LogsError::Unknown { name, line }) = error else { panic!("{error:?}") };
    assert_eq!((name.as_str(), line.starts_with("2026/11/23 10:00:00 [error]")), ("error.log", true));
    session.read("access.log", &served()[..], &mut Unwatched).unwrap();
    assert!(session.report() == read(&served()).unwrap());
}

#[test]
fn an_empty_file_is_no_error() {
    for nothing in [&b""[..], b"\n\n", b"\0\0\0\0\0\0", b"#Software: nothing yet\n"] {
        let report = read(nothing).unwrap();
        assert_eq!((report.requests, codes(&report)), (0, vec!["logs-empty"]), "{nothing:?}");
    }
}

#[test]
fn time_bounds_leave_requests_out() {
    let time = |text: &str| Some(text.parse().unwrap());
    let mut session = logs()
        .session(&Ask { since: time("2026-11-23T01:30:00Z"), until: time("2026-11-23T02:00:00Z"), ..ask() })
        .unwrap();
    session.read("access.log", &served()[..], &mut Unwatched).unwrap();
    let report = session.report();
    assert_eq!(report.requests, 2, "those of 10:30 in Korea, not those of 11:00");
    let span = report.span.map(|span| (span.first.to_string(), span.last.to_string())).unwrap();
    assert_eq!(span, ("2026-11-23T01:30:00Z".to_owned(), "2026-11-23T02:00:00Z".to_owned()));
}

#[derive(Default)]
struct Looking {
    bytes: u64,
    seen: Vec<String>,
    stop_after: usize,
}

impl Watch for Looking {
    fn bytes(&mut self, packed: u64) {
        self.bytes += packed;
    }

    fn seen(&mut self, request: &Seen<'_>) {
        self.seen.push(format!("{} {:?}", request.path.unwrap_or("-"), request.status));
    }

    fn stop(&self) -> bool {
        self.stop_after > 0 && self.seen.len() >= self.stop_after
    }
}

#[test]
fn who_looks_on_sees_every_byte_and_every_request_and_may_stop() {
    let log: String = (0..50)
        .map(|second| {
            line("27.0.238.7", second, &format!("/p/{second}"), 200, if second % 5 == 0 { KAKAO } else { BROWSER })
        })
        .collect();
    let packed = gzip(log.as_bytes());
    let mut looking = Looking::default();
    let mut session = session();
    session.read("access.log.gz", &packed[..], &mut looking).unwrap();
    assert_eq!(looking.bytes, packed.len() as u64);
    assert_eq!((looking.seen.len(), looking.seen[1].as_str()), (10, "/p/5 Some(200)"));

    let mut looking = Looking { stop_after: 3, ..Looking::default() };
    let mut session = super::session();
    session.read("access.log", Drops { bytes: log.as_bytes(), size: 300, interrupted: false }, &mut looking).unwrap();
    let report = session.report();
    assert!(report.stopped && report.requests == 3, "{}", report.requests);
    assert!(codes(&report).contains(&"reading-stopped"));
}

#[test]
fn unpacking_is_bounded_where_it_is_asked_for() {
    let log = "a line of text that nobody asked for\n".repeat(100_000);
    let mut session = logs().session(&Ask { format: Some("combined".to_owned()), ..ask() }).unwrap().bounded(1_000_000);
    let error = session.read("bomb.gz", &gzip(log.as_bytes())[..], &mut Unwatched).unwrap_err();
    assert_eq!(error.code(), "log-too-large");
}
