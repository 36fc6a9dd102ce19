//! A probe on the command line: what it exits with and what it says, in both languages.

use std::process::Output;

use serde_json::Value;

use crate::{
    helpers::{Seen, TestSite, command, respond},
    support::PAGE,
};

fn run(arguments: &[&str]) -> Output {
    let mut command = command();
    command.arg("probe").args(arguments).env("LANG", "C.UTF-8").env_remove("LC_ALL").env_remove("LC_MESSAGES");
    command.env("SCRAPLENS__PROBE__PAUSE_MS", "0").output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

const LOOPBACK: [&str; 2] = ["--allow-net", "127.0.0.0/8"];

fn probe(site: &TestSite, more: &[&str]) -> Output {
    let url = format!("http://{}/", site.address);
    run(&[&[url.as_str(), "--runs", "1", "--no-image"][..], &LOOPBACK, more].concat())
}

fn open_to_all() -> TestSite {
    TestSite::page(PAGE)
}

fn closed_to_kakao() -> TestSite {
    TestSite::answering(|seen: &Seen, stream| {
        let kakao = seen.headers.get("user-agent").is_some_and(|agent| agent.contains("kakaotalk"));
        let (status, body) = if kakao { ("403 Forbidden", "<title>no</title>") } else { ("200 OK", PAGE) };
        respond(stream, status, "content-type: text/html; charset=utf-8\r\n", body.as_bytes());
    })
}

#[test]
fn the_exit_code_tells_open_from_refused_from_not_asked() {
    assert_eq!(probe(&open_to_all(), &[]).status.code(), Some(0));
    assert_eq!(probe(&closed_to_kakao(), &[]).status.code(), Some(1));
    for arguments in [
        &["ftp://example.kr/"][..],
        &["https://example.kr/", "--runs", "0"],
        &["https://example.kr/", "--runs", "1000"],
        &["https://example.kr/", "--outbound"],
        &[],
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", text(&output.stdout));
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn json_is_the_report() {
    let output = probe(&closed_to_kakao(), &["--json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["verdict"], "refused-for-kakao", "{report:#}");
    let status = |who: &str| {
        let visits = report["visits"].as_array().unwrap();
        visits.iter().find(|visit| visit["who"] == who).unwrap()["status"].clone()
    };
    assert_eq!((status("kakao"), status("browser")), (403.into(), 200.into()));
}

#[test]
fn people_read_who_was_answered_what_in_their_language() {
    let site = closed_to_kakao();
    let english = text(&probe(&site, &["--lang", "en"]).stdout);
    let korean = text(&probe(&site, &["--lang", "ko"]).stdout);

    assert!(english.starts_with("✗ "), "{english}");
    for said in ["Addresses", "Page  http://127.0.0.1", "✗  Kakao", "✓  browser", "Findings", "What this cannot prove"]
    {
        assert!(english.contains(said), "{said}: {english}");
    }
    assert!(!english.contains('\u{1b}'), "colours belong on a terminal only");
    for said in ["IP 주소", "페이지", "✗  카카오", "✓  브라우저", "진단", "이 검사로 알 수 없는 것"]
    {
        assert!(korean.contains(said), "{said}: {korean}");
    }
}

#[test]
fn hosts_of_kakaos_that_are_not_reached_are_told_with_advice() {
    // A name server where nobody listens: nothing leaves this machine.
    let mut command = command();
    command.args(["probe", "--outbound", "--dns", "127.0.0.1:1", "--lang", "en"]);
    let output = command.env("SCRAPLENS__DNS__TIMEOUT_MS", "200").output().unwrap();
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}{}", text(&output.stderr));
    assert!(said.contains("✗ kapi.kakao.com:443") && said.contains("Hosts of Kakao's"), "{said}");
}
