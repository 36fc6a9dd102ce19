//! The verdict on the command line: against a real nginx, with dumps and logs as operators have them.

use std::{
    fs,
    io::Write as _,
    path::PathBuf,
    process::{Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

use super::site::{BLOCKS_KAKAO, CLOSED, KAKAOS, OPEN, RANGES, Site, log};
use crate::helpers::command;

/// A folder with the files, in which the program runs.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        let (served, refused, none) = (log(KAKAOS, 200), log(KAKAOS, 403), log("192.0.2.66", 200));
        for (name, text) in [
            ("ips.json", RANGES),
            ("closed.v4", CLOSED),
            ("open.v4", OPEN),
            ("served.log", &served),
            ("refused.log", &refused),
            ("forged.log", &none),
        ] {
            fs::write(desk.path(name), text).unwrap();
        }
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run_with(&self, arguments: &[&str], input: &[u8]) -> Output {
        let mut child = command()
            .args(["reach", "--allow-net", "127.0.0.0/8", "--ranges", "ips.json"])
            .args(arguments)
            .current_dir(self.0.path())
            .env("LANG", "C.UTF-8")
            .env_remove("LC_ALL")
            .env("SCRAPLENS__PROBE__RUNS", "1")
            .env("SCRAPLENS__PROBE__PAUSE_MS", "0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that refuses its arguments does not wait for its input.
        let _gone = child.stdin.take().unwrap().write_all(input);
        child.wait_with_output().unwrap()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.run_with(arguments, b"")
    }

    #[track_caller]
    fn json(&self, arguments: &[&str]) -> (Option<i32>, Value) {
        let output = self.run(&[arguments, &["--json"]].concat());
        let report =
            serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", text(&output.stderr)));
        (output.status.code(), report)
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn every_kind_of_evidence_has_its_verdict_and_exit_code() {
    let (site, blocking) = (Site::new(""), Site::new(BLOCKS_KAKAO));
    let desk = Desk::new();
    let (open, blocked) = (site.url(), blocking.url());
    for (arguments, code, verdict, layer) in [
        (vec![open.as_str()], 0, "cannot-tell", Value::Null),
        (vec![&open, "--strict"], 1, "cannot-tell", Value::Null),
        (vec![&open, "--acl", "open.v4"], 0, "reachable", Value::Null),
        (vec![&open, "--acl", "closed.v4"], 1, "blocked", "network".into()),
        (vec![&open, "--log", "served.log"], 0, "reachable", Value::Null),
        (vec![&open, "--acl", "open.v4", "--log", "refused.log"], 1, "blocked", "web-server".into()),
        (vec![&open, "--acl", "open.v4", "--log", "forged.log"], 0, "cannot-tell", Value::Null),
        (vec![&blocked], 1, "blocked", "web-server".into()),
        (vec![&blocked, "--log", "served.log"], 0, "reachable", Value::Null),
        (vec!["http://127.0.0.1:1/", "--no-probe", "--log", "served.log"], 0, "reachable", Value::Null),
    ] {
        let (exit, report) = desk.json(&arguments);
        let found = (exit, report["verdict"].as_str(), &report["blocked_by"]["layer"]);
        assert_eq!(found, (Some(code), Some(verdict), &layer), "{arguments:?}: {report:#}");
    }
}

#[test]
fn the_line_that_refuses_is_named_and_its_fix_can_be_run() {
    let desk = Desk::new();

    let (_, report) = desk.json(&["https://shop.example/", "--no-probe", "--acl", "closed.v4"]);

    let blocker = &report["blocked_by"];
    assert_eq!(
        (&blocker["place"], &blocker["line"]),
        (&"closed.v4:5".into(), &"-A INPUT -s 27.0.236.0/22 -j DROP".into())
    );
    let advice = report["advice"][0]["en"].as_str().unwrap();
    let written = advice.split_once("scraplens ").unwrap().1;
    let fix = command().args(written.split(' ')).current_dir(desk.0.path()).output().unwrap();
    assert_eq!(fix.status.code(), Some(0), "{written}: {}", text(&fix.stderr));
    assert!(text(&fix.stdout).contains("27.0.236.0/22"), "{}", text(&fix.stdout));
}

#[test]
fn the_report_for_people_says_the_verdict_the_evidence_and_what_to_do() {
    let desk = Desk::new();
    let asked = ["https://shop.example/", "--no-probe", "--acl", "closed.v4", "--log", "forged.log"];
    for (language, expected) in [
        ("en", ["✗ Kakao's scraper is stopped in the network.", "closed.v4:5", "What to do", "What was not proved"]),
        ("ko", ["✗ 카카오 스크래퍼가 네트워크에서 막힙니다.", "closed.v4:5", "할 일", "확인하지 못한 것"]),
    ] {
        let shown = text(&desk.run(&[&asked[..], &["--lang", language]].concat()).stdout);
        for words in expected {
            assert!(shown.contains(words), "{words}: {shown}");
        }
        assert!(!shown.contains('\u{1b}'), "no colours where there is no terminal: {shown}");
    }
}

#[test]
fn documents_are_written_beside_the_report_or_instead_of_it() {
    let desk = Desk::new();
    let asked = ["https://shop.example/", "--no-probe", "--acl", "closed.v4"];

    let both = desk.run(&[&asked[..], &["--markdown", "out.md", "--html", "out.html", "--lang", "ko"]].concat());
    let piped = desk.run(&[&asked[..], &["--markdown", "-"]].concat());
    let twice = desk.run(&[&asked[..], &["--markdown", "-", "--html", "-"]].concat());
    let nowhere = desk.run(&[&asked[..], &["--html", "no/such/folder.html"]].concat());

    assert!(text(&both.stdout).starts_with('✗'), "{}", text(&both.stdout));
    assert!(fs::read_to_string(desk.path("out.md")).unwrap().starts_with("# 카카오톡"));
    assert!(fs::read_to_string(desk.path("out.html")).unwrap().contains("<html lang=\"ko\">"));
    assert!(text(&piped.stdout).starts_with("# Does KakaoTalk"), "{}", text(&piped.stdout));
    for refused in [twice, nowhere] {
        assert_eq!(refused.status.code(), Some(2));
        assert!(text(&refused.stderr).starts_with("error: "), "{}", text(&refused.stderr));
    }
}

#[test]
fn standard_input_is_a_dump_or_a_log_but_not_both() {
    let desk = Desk::new();
    let asked = ["https://shop.example/", "--no-probe"];

    let dump = desk.run_with(&[&asked[..], &["--acl", "-"]].concat(), CLOSED.as_bytes());
    let logged = desk.run_with(&[&asked[..], &["--log", "-"]].concat(), log(KAKAOS, 444).as_bytes());
    let both = desk.run_with(&[&asked[..], &["--acl", "-", "--log", "-"]].concat(), b"");

    assert!(text(&dump.stdout).contains("stdin:5"), "{}", text(&dump.stdout));
    assert!(text(&logged.stdout).contains("(444)"), "{}", text(&logged.stdout));
    assert_eq!(both.status.code(), Some(2));
    assert!(text(&both.stderr).contains("only once"), "{}", text(&both.stderr));
}

#[test]
fn a_file_that_cannot_be_read_is_named_before_the_site_is_asked() {
    let desk = Desk::new();
    fs::write(desk.path("odd.log"), "this is no access log\n").unwrap();
    for arguments in [["--acl", "missing.v4"], ["--log", "missing.log"], ["--log", "odd.log"]] {
        let output = desk.run(&[&["https://shop.example/", "--no-probe"][..], &arguments].concat());
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(arguments[1]) && output.stdout.is_empty(), "{arguments:?}: {said}");
    }
}
