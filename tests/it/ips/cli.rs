//! `scraplens ips` as people use it: what it shows in which language, what it exits with, and what it leaves behind.

use std::{fs, process::Output};

use serde_json::Value;
use tempfile::TempDir;

use super::stub::{CHANGED, DOCUMENTED, JSON, KEY, Stub};
use crate::helpers::{command, respond};

/// A folder in which the program runs and keeps its list, as at home.
struct Desk {
    folder: TempDir,
    stub: Stub,
}

impl Desk {
    fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap(), stub: Stub::list(DOCUMENTED) };
        desk.put("documented.json", DOCUMENTED);
        desk.put("changed.json", CHANGED);
        desk.put("pasted.txt", include_str!("../../fixtures/ips/pasted-2021.txt"));
        desk
    }

    fn put(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).unwrap();
    }

    fn run_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
        command()
            .args(arguments)
            .current_dir(self.folder.path())
            .env_remove("SCRAPLENS__IPS__STORE")
            .env("XDG_STATE_HOME", self.folder.path().join("state"))
            .env("SCRAPLENS__IPS__URL", self.stub.site.url(""))
            .env("LANG", "C.UTF-8")
            .env_remove("LC_ALL")
            .envs(variables.iter().copied())
            .output()
            .unwrap()
    }

    fn run(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let output = self.run_with(&[&["ips"], arguments].concat(), &[("KAKAO_REST_API_KEY", KEY)]);
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        assert!(!out.contains(KEY) && !err.contains(KEY), "{arguments:?} shows the key: {out}{err}");
        (output.status.code(), out, err)
    }

    /// What a run shows, on one line.
    #[track_caller]
    fn shown(&self, code: i32, arguments: &[&str]) -> String {
        let (got, out, err) = self.run(arguments);
        assert_eq!(got, Some(code), "{arguments:?}: {out}{err}");
        one_line(&format!("{out}{err}"))
    }

    #[track_caller]
    fn json(&self, code: i32, arguments: &[&str]) -> Value {
        let (got, out, err) = self.run(&[arguments, &["--json"]].concat());
        assert_eq!(got, Some(code), "{arguments:?}: {out}{err}");
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"))
    }

    #[track_caller]
    fn refresh(&self) {
        self.shown(0, &["refresh", "--allow-net", "127.0.0.0/8"]);
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in: {text}");
    }
}

#[test]
fn before_the_first_fetch_it_is_said_what_is_used_instead_and_how_to_get_the_list() {
    let desk = Desk::new();

    has(&desk.shown(0, &["show"]), &["no official list", "announces by BGP", "scraplens ips refresh", "27.0.236.0/22"]);
    has(&desk.shown(0, &["show", "--lang", "ko"]), &["공식 IP 목록이 없어", "추정", "scraplens ips refresh"]);
    assert_eq!(desk.json(1, &["show", "--strict"])["list"]["origin"], "announced");
    has(&desk.shown(2, &["diff"]), &["no list before", "ips diff old.json new.json"]);
}

#[test]
fn a_refresh_keeps_the_list_and_says_what_is_different() {
    let desk = Desk::new();
    let first = desk.json(0, &["refresh", "--allow-net", "127.0.0.0/8"]);
    assert_eq!(
        (&first["list"]["list"]["official"], &first["diff"]["old"]["origin"]),
        (&true.into(), &"announced".into())
    );
    let kept = desk.folder.path().join("state/scraplens/ips.json");
    assert_eq!(fs::read_to_string(&kept).unwrap(), DOCUMENTED);
    has(&desk.shown(0, &["refresh", "--allow-net", "127.0.0.0/8"]), &["Nothing is different"]);

    desk.stub.answer_from_now_on(|stream| respond(stream, "200 OK", JSON, CHANGED.as_bytes()));
    let second = desk.shown(0, &["refresh", "--allow-net", "127.0.0.0/8", "--lang", "ko"]);

    has(&second, &["두 목록이 다릅니다", "+8443", "220.64.100.0/22", "211.183.208.37/32", "2100-02-15", "일 남음"]);
    assert!(!second.contains("27.0.238.0/23"), "another slice is no change: {second}");
    has(&desk.shown(1, &["diff"]), &["The lists differ", "220.64.100.0/22", "No longer announced", "2099-12-01"]);
    assert_eq!(desk.json(1, &["diff", "previous", "kept"]), desk.json(1, &["diff"]));
    assert_eq!(desk.json(0, &["diff", "kept", "changed.json"])["same"], true);
}

#[test]
fn the_kept_list_is_shown_with_services_ports_days_and_where_it_is_from() {
    let desk = Desk::new();
    desk.refresh();

    let english = desk.shown(0, &["show", "--strict"]);
    has(
        &english,
        &[
            "official list of IP ranges is in use",
            &desk.stub.site.url("/v1/system/ips"),
            "0 hours ago",
            "the list is of 2026-10-01",
            "state/scraplens/ips.json",
            "a server with the key fetches it again at",
            "scrap calls your site · 3 ranges · ports 80, 443 · changed 2026-10-01",
            "27.0.236.0/22, 211.231.100.0/22, 2404:4600:6::/48",
            "not documented: note",
            "https://kapi.kakao.com your server calls it · 2 ranges",
            "2099-12-01 · in ",
            "+ scrap 121.53.80.0/21",
            "− scrap 211.231.100.0/22",
        ],
    );
    let korean = desk.shown(0, &["show", "--lang", "ko"]);
    has(
        &korean,
        &["공식 IP 목록을 사용하고 있습니다", "0시간 전", "들어오는 요청", "대역 3개", "예정된 변경", "일 남음"],
    );
}

#[test]
fn a_stale_list_is_told_and_fails_where_that_is_asked_for() {
    let desk = Desk::new();
    desk.refresh();
    let stale = [("SCRAPLENS__IPS__STALE_DAYS", "0")];
    let run = |more: &[&str]| {
        let output = desk.run_with(&[&["ips", "show"], more].concat(), &stale);
        (output.status.code(), one_line(&text(&output.stdout)))
    };

    assert_eq!((run(&[]).0, run(&["--strict"]).0), (Some(0), Some(1)));
    has(&run(&[]).1, &["is old", "ips refresh"]);
    has(&run(&["--lang", "ko"]).1, &["오래되었습니다", "다시 받으세요"]);
}

#[test]
fn what_goes_wrong_is_told_in_the_readers_language_and_leaves_the_list_alone() {
    let desk = Desk::new();
    desk.refresh();
    desk.stub.answer_from_now_on(|stream| {
        let said = format!(r#"{{"msg":"invalid app key. {KEY}","code":-401}}"#);
        respond(stream, "401 Unauthorized", JSON, said.as_bytes());
    });

    let refresh = ["refresh", "--allow-net", "127.0.0.0/8"];
    has(&desk.shown(2, &refresh), &["Kakao does not accept the app key", "code -401", "The list before stays in use"]);
    has(
        &desk.shown(2, &[&refresh[..], &["--lang", "ko"]].concat()),
        &["앱 키를 받아들이지 않았습니다", "계속 사용합니다"],
    );
    has(&desk.shown(2, &["refresh", "--key-env", "NO_SUCH_KEY"]), &["NO_SUCH_KEY is not set", "--key-env"]);
    has(&desk.shown(2, &["refresh"]), &["outbound guard", "--allow-net"]);
    assert_eq!(desk.json(0, &["show"])["list"]["official"], true);
}

#[test]
fn an_answer_fetched_elsewhere_is_imported_after_the_same_checks() {
    let desk = Desk::new();
    has(&desk.shown(0, &["import", "documented.json"]), &["official list of IP ranges is in use", "documented.json"]);
    desk.put("empty.json", r#"{"inbound":[],"updatedDate":"2026-11-01"}"#);
    desk.put("torn.json", &DOCUMENTED[..200]);
    desk.put("refused.json", r#"{"msg":"invalid app key.","code":-401}"#);

    for (file, said) in [
        ("pasted.txt", "plain list of networks"),
        ("empty.json", "no range"),
        ("torn.json", "line "),
        ("refused.json", "invalid app key"),
        ("nowhere.json", "cannot read nowhere.json"),
    ] {
        has(&desk.shown(2, &["import", file]), &[said]);
    }
    assert_eq!(desk.json(0, &["show"])["list"]["updated"], "2026-10-01", "the list before stays");
    let changed = desk.json(0, &["import", "changed.json", "--lang", "ko"]);
    assert_eq!((&changed["list"]["source"], &changed["diff"]["same"]), (&"changed.json".into(), &false.into()));
}

#[test]
fn a_broken_kept_file_is_refused_with_its_line_and_set_aside_by_the_next_list() {
    let desk = Desk::new();
    desk.refresh();
    let kept = desk.folder.path().join("state/scraplens/ips.json");
    fs::write(&kept, "{\n  \"inbound\": [\n").unwrap();
    desk.put("rules.v4", "*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n");

    has(&desk.shown(2, &["show"]), &["is broken and not used", "ips.json:3", "set aside"]);
    has(&desk.shown(2, &["diff", "--lang", "ko"]), &["손상되어", "ips.json"]);
    let checked = desk.run_with(&["acl", "check", "rules.v4", "--json"], &[]);
    assert_eq!(serde_json::from_slice::<Value>(&checked.stdout).unwrap()["list"]["origin"], "announced");
    has(&text(&checked.stderr), &["broken and not used", "ips refresh"]);

    has(&desk.shown(0, &["refresh", "--allow-net", "127.0.0.0/8"]), &["that was broken is now", "ips.broken-"]);
    let aside = fs::read_dir(kept.parent().unwrap())
        .unwrap()
        .map(Result::unwrap)
        .find(|file| file.file_name().to_string_lossy().starts_with("ips.broken-"));
    assert_eq!(fs::read_to_string(aside.unwrap().path()).unwrap(), "{\n  \"inbound\": [\n");
}

#[test]
fn an_old_list_is_told_line_by_line_whether_it_is_enough() {
    let desk = Desk::new();

    let english = desk.shown(1, &["diff", "pasted.txt", "--all"]);
    has(
        &english,
        &["not enough", "14 of 22 lines", "observed, not documented", "220.64.96.0/20", "✗ 61.251.98.128/25"],
    );
    has(
        &desk.shown(1, &["diff", "pasted.txt", "--lang", "ko"]),
        &["부족합니다", "22줄 중 14줄", "카카오 네트워크 아님"],
    );
    assert_eq!(desk.json(1, &["diff", "pasted.txt", "announced"])["lines"].as_array().unwrap().len(), 22);
    has(&desk.shown(2, &["diff", "pasted.txt", "kept"]), &["no official list is kept", "ips refresh"]);
    desk.put("bad.txt", "27.0.236.0/22\nkakao.com\n");
    has(&desk.shown(2, &["diff", "bad.txt"]), &["bad.txt, line 2", "kakao.com"]);
    has(&desk.shown(2, &["diff", "-", "-"]), &["only once"]);
}

#[test]
fn the_kept_list_is_what_the_firewall_check_goes_by_unless_one_is_given() {
    let desk = Desk::new();
    desk.refresh();
    desk.put("rules.v4", "*filter\n:INPUT DROP [0:0]\n-A INPUT -s 203.0.113.0/24 -j ACCEPT\nCOMMIT\n");
    let check = |more: &[&str]| -> Value {
        let output = desk.run_with(&[&["acl", "check", "rules.v4", "--json"], more].concat(), &[]);
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", text(&output.stderr)))
    };

    let kept = check(&[]);
    assert_eq!((&kept["list"]["origin"], &kept["list"]["official"]), (&"api".into(), &true.into()));
    assert!(
        kept["ranges"]
            .as_array()
            .unwrap()
            .iter()
            .any(|range| range["cidr"] == "203.0.113.0/24" && range["verdict"] == "allowed")
    );
    assert_eq!(check(&["--ranges", "pasted.txt"])["list"]["origin"], "file");
}
