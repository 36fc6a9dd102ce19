//! The firewall check on the command line: what it exits with, what it says to whom, and what it never does to a file.

use std::{
    fs,
    io::Write as _,
    path::PathBuf,
    process::{Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

use super::dumps::{BROKEN_GROUP, GROUP, OPEN, PARTLY, RANGES, REFUSING, UNKNOWN};
use crate::helpers::command;

/// A folder with the dumps, in which the program runs.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        for (name, text) in [
            ("ranges", RANGES),
            ("partly.v4", PARTLY),
            ("open.v4", OPEN),
            ("unknown.v4", UNKNOWN),
            ("sg.json", GROUP),
            ("broken.json", BROKEN_GROUP),
        ] {
            desk.put(name, text.as_bytes());
        }
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path(name), bytes).unwrap();
    }

    fn run_with(&self, arguments: &[&str], input: &[u8], environment: &[(&str, &str)]) -> Output {
        let mut child = command()
            .arg("acl")
            .args(arguments)
            .current_dir(self.0.path())
            .env("LANG", "C.UTF-8")
            .env_remove("LC_ALL")
            .envs(environment.iter().copied())
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
        self.run_with(arguments, b"", &[])
    }

    /// What a run that could not do its work said.
    #[track_caller]
    fn refused(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", text(&output.stdout));
        assert!(output.stdout.is_empty(), "{arguments:?}: {}", text(&output.stdout));
        text(&output.stderr)
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

const ASKED: [&str; 4] = ["--ranges", "ranges", "--port", "443"];

fn check<'a>(dumps: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [&["check"], dumps, &ASKED, more].concat()
}

#[test]
fn the_exit_code_tells_refused_from_let_in_and_strictly_also_from_unknown() {
    let desk = Desk::new();
    for (dump, plainly, strictly) in [("open.v4", 0, 0), ("partly.v4", 1, 1), ("unknown.v4", 0, 1)] {
        let plain = desk.run(&check(&[dump], &[]));
        let strict = desk.run(&check(&[dump], &["--strict"]));
        assert_eq!(
            (plain.status.code(), strict.status.code()),
            (Some(plainly), Some(strictly)),
            "{dump}: {}",
            text(&plain.stderr)
        );
    }
}

#[test]
fn json_is_one_document_with_the_exact_parts_and_the_deciding_line() {
    let desk = Desk::new();

    let (code, report) = desk.json(&check(&["partly.v4"], &[]));

    assert_eq!((code, &report["verdict"]), (Some(1), &"partial".into()), "{report:#}");
    assert_eq!(report["list"]["origin"], "file");
    let parts = report["ranges"][0]["parts"].as_array().unwrap();
    let shown: Vec<_> =
        parts.iter().map(|part| (part["cidr"].as_str().unwrap(), part["verdict"].as_str().unwrap())).collect();
    assert_eq!(shown, [("27.0.236.0/23", "allowed"), ("27.0.238.0/24", "denied"), ("27.0.239.0/24", "allowed")]);
    let decided = &parts[1]["decided_by"];
    assert_eq!(
        (&decided["file"], &decided["line"], &decided["text"]),
        (&"partly.v4".into(), &5.into(), &REFUSING.into())
    );
}

#[test]
fn the_table_leads_with_the_verdict_names_the_line_and_ends_with_the_next_step() {
    let desk = Desk::new();

    let said = text(&desk.run(&check(&["partly.v4"], &["--lang", "en"])).stdout);

    assert!(said.starts_with("✗ "), "{said}");
    assert!(said.contains("27.0.238.0/24 of 27.0.236.0/22") && said.contains("partly.v4:5"), "{said}");
    let last = said.lines().last().unwrap().trim();
    assert_eq!(last, "scraplens acl fix partly.v4 --format iptables --ranges ranges --port 443");
    assert!(!said.contains('\u{1b}'), "colours belong on a terminal only");
    let korean = text(&desk.run(&check(&["partly.v4"], &["--lang", "ko"])).stdout);
    assert!(korean.contains("27.0.236.0/22 중 27.0.238.0/24") && !korean.contains("Refused"), "{korean}");
}

#[test]
fn without_a_list_it_says_that_the_announced_networks_are_not_kakaos_list() {
    let desk = Desk::new();

    let table = desk.run(&["check", "open.v4", "--lang", "en"]);
    let json = desk.run(&["check", "open.v4", "--lang", "en", "--json"]);

    assert!(text(&table.stdout).replace("\n   ", "").contains("not Kakao's official list"), "{}", text(&table.stdout));
    assert!(text(&json.stderr).contains("not Kakao's official list"), "{}", text(&json.stderr));
    let report: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!((&report["list"]["origin"], &report["list"]["official"]), (&"announced".into(), &false.into()));
    assert!(report["list"]["age_days"].as_i64().is_some_and(|days| days > 0), "{report:#}");
}

#[test]
fn kakaos_own_answer_brings_its_ports_and_its_changes() {
    let desk = Desk::new();
    let list = r#"{"inbound":[{"service":"scrap","ips":["211.231.99.0/24"],"ports":[443],
        "addition":{"ips":["27.0.238.0/24"],"date":"2099-01-01"}}],"updatedDate":"2026-11-01"}"#;
    desk.put("ips.json", list.as_bytes());
    let asked = ["check", "partly.v4", "--ranges", "ips.json"];

    let (code, report) = desk.json(&asked);
    let strict = desk.run(&[&asked[..], &["--strict"]].concat());

    assert_eq!(
        (code, &report["verdict"], &report["list"]["official"]),
        (Some(0), &"allowed".into(), &true.into()),
        "{report:#}"
    );
    assert_eq!(
        (&report["ranges"][0]["port"], &report["changes"][0]["after"]),
        (&443.into(), &"partial".into()),
        "{report:#}"
    );
    assert_eq!(strict.status.code(), Some(1), "what will be refused is wrong to those who are strict");
}

#[test]
fn several_dumps_are_layers_in_their_order() {
    let desk = Desk::new();

    let (_, report) = desk.json(&check(&["sg.json", "partly.v4"], &["--layer", "cloud", "--layer", "host"]));

    let layers: Vec<_> =
        report["layers"].as_array().unwrap().iter().map(|layer| layer["name"].as_str().unwrap()).collect();
    assert_eq!(layers, ["cloud", "host"]);
    assert_eq!(report["ranges"][0]["parts"][1]["decided_by"]["layer"], "host");
}

#[test]
fn an_option_is_for_all_dumps_or_for_each_and_nothing_between() {
    let desk = Desk::new();
    let dumps = ["sg.json", "partly.v4", "sg.json"];

    let fits =
        desk.run(&check(&dumps, &["--format", "aws-security-group", "--format", "iptables", "--format", "auto"]));
    let said = desk.refused(&check(&dumps, &["--format", "auto", "--format", "auto"]));

    assert_eq!(fits.status.code(), Some(1), "{}", text(&fits.stderr));
    assert!(
        said.contains("--format is given 2 times, but there are 3 dumps") && said.contains("once for each"),
        "{said}"
    );
}

#[test]
fn what_cannot_be_done_ends_with_2_and_says_where_and_what_to_do() {
    let desk = Desk::new();
    desk.put("bad-ranges", b"27.0.236.0/22\nten\n");
    desk.put("empty.v4", b"\n");
    let cases: [(&[&str], &[&str]); 13] = [
        (&["check", "nowhere.v4"], &["nowhere.v4", "acl formats"]),
        (&["check", "."], &["cannot read .", "file"]),
        (&["check", "broken.json"], &["broken.json, line 2", "aws ec2 describe-security-groups"]),
        (&["check", "open.v4", "--ranges", "bad-ranges"], &["bad-ranges, line 2", "`ten`", "one network a line"]),
        (&["check", "open.v4", "--format", "iptabels"], &["iptabels", "did you mean `iptables`"]),
        (&["check", "empty.v4"], &["empty.v4", "dump the rules again"]),
        (&["check", "-", "-"], &["standard input", "once"]),
        (&["check", "-", "--ranges", "-"], &["standard input", "once"]),
        (&["check", "open.v4", "--sees", "proxy"], &["direct", "balancer=NETWORK"]),
        (&["check", "open.v4", "--port", "0"], &["--port"]),
        (&["check", "open.v4", "--url", "example.kr/p"], &["https://example.kr/p"]),
        (&["check"], &["DUMP", "--help"]),
        (&["fix", "sg.json", "partly.v4"], &["sg.json", "partly.v4", "one layer"]),
    ];
    for (arguments, words) in cases {
        let said = desk.refused(arguments);
        for word in words {
            assert!(said.contains(word), "{arguments:?} does not say `{word}`: {said}");
        }
    }
}

#[test]
fn a_file_that_is_too_large_is_refused_and_the_setting_named() {
    let desk = Desk::new();
    let small = [("SCRAPLENS__ACL__MAX_BYTES", "50")];

    let file = desk.run_with(&check(&["partly.v4"], &[]), b"", &small);
    let piped = desk.run_with(&check(&["-"], &[]), PARTLY.as_bytes(), &small);

    for output in [file, piped] {
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains("larger than 50 bytes"), "{}", text(&output.stderr));
        assert!(text(&output.stderr).contains("SCRAPLENS__ACL__MAX_BYTES"));
    }
}

#[test]
fn too_much_work_is_given_up_with_the_setting_named() {
    let desk = Desk::new();
    let output = desk.run_with(&check(&["partly.v4"], &[]), b"", &[("SCRAPLENS__ACL__MAX_STEPS", "2")]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("acl.max_steps"), "{}", text(&output.stderr));
}

#[test]
fn a_dump_comes_from_standard_input_too_and_in_the_encodings_of_old_machines() {
    let desk = Desk::new();
    let korean = PARTLY.replace("SECRET-MARKER", "막음");
    let (euc_kr, _, _) = encoding_rs::EUC_KR.encode(&korean);
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(korean.encode_utf16().flat_map(u16::to_le_bytes)).collect();

    for (what, bytes) in [("UTF-8", korean.as_bytes()), ("EUC-KR", &euc_kr), ("UTF-16", &utf16)] {
        let output = desk.run_with(&check(&["-"], &["--json"]), bytes, &[]);
        let report: Value =
            serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{what}: {}", text(&output.stderr)));
        let decided = &report["ranges"][0]["parts"][1]["decided_by"];
        assert_eq!(decided["file"], "stdin", "{what}");
        assert!(decided["text"].as_str().unwrap().contains("막음"), "{what}: {decided:#}");
    }
}

#[test]
fn a_dump_cannot_steer_the_terminal() {
    let desk = Desk::new();
    desk.put("partly.v4", PARTLY.replace("SECRET-MARKER", "\u{1b}[2J\u{202e}").as_bytes());

    let table = text(&desk.run(&check(&["partly.v4"], &[])).stdout);

    assert!(!table.contains(['\u{1b}', '\u{202e}']), "{table:?}");
    assert!(table.contains('␛'), "{table}");
}

#[test]
fn the_page_that_is_asked_for_sets_the_port() {
    let desk = Desk::new();

    let (_, https) = desk.json(&["check", "partly.v4", "--ranges", "ranges", "--url", "https://example.kr/p"]);
    let (_, other) = desk.json(&["check", "partly.v4", "--ranges", "ranges", "--url", "http://example.kr:8080/p"]);
    let (_, named) =
        desk.json(&["check", "partly.v4", "--ranges", "ranges", "--url", "https://example.kr/", "--port", "80"]);

    let ports = |report: &Value| report["ranges"][0]["port"].as_u64().unwrap();
    assert_eq!((ports(&https), ports(&other), ports(&named)), (443, 8080, 80));
}

#[test]
fn a_balancer_may_send_on_to_another_port() {
    let desk = Desk::new();
    let asked = ["check", "sg.json", "partly.v4", "--ranges", "ranges", "--port", "443"];

    let (code, closed) = desk.json(&[&asked[..], &["--at-port", "same", "--at-port", "80"]].concat());
    let said = desk.refused(&[&asked[..], &["--at-port", "0"]].concat());

    assert_eq!((code, &closed["verdict"]), (Some(1), &"denied".into()), "the host closes 80: {closed:#}");
    assert!(said.contains("from 1 to 65535, or same"), "{said}");
}

#[test]
fn a_fix_is_shown_and_written_elsewhere_and_opens_every_range() {
    let desk = Desk::new();
    let before = fs::read(desk.path("partly.v4")).unwrap();
    let fix = |more: &[&str]| desk.run(&[&["fix", "partly.v4"], &ASKED[..], more].concat());

    let shown = fix(&["--lang", "en"]);
    let written = fix(&["-o", "new.v4"]);
    let (code, _) = desk.json(&check(&["new.v4"], &[]));

    assert_eq!(shown.status.code(), Some(0), "{}{}", text(&shown.stdout), text(&shown.stderr));
    let said = text(&shown.stdout);
    assert!(
        said.starts_with("✓ ") && said.contains("\n@@") && said.contains("\n+") && said.contains("27.0.238.0/24"),
        "{said}"
    );
    assert!(text(&written.stderr).contains("new.v4"), "{}", text(&written.stderr));
    assert_eq!(code, Some(0), "what was written lets every range in");
    assert_eq!(fs::read(desk.path("partly.v4")).unwrap(), before, "the dump is as it was");
}

#[test]
fn a_fix_is_never_written_over_a_dump() {
    let desk = Desk::new();
    std::os::unix::fs::symlink(desk.path("partly.v4"), desk.path("link")).unwrap();
    let before = fs::read(desk.path("partly.v4")).unwrap();

    for output in ["partly.v4", "./partly.v4", "link", "."] {
        let said = desk.refused(&[&["fix", "partly.v4"], &ASKED[..], &["-o", output]].concat());
        assert!(said.contains("one of the files that were read"), "{output}: {said}");
    }
    assert_eq!(fs::read(desk.path("partly.v4")).unwrap(), before);
}

#[test]
fn a_fix_keeps_the_encoding_of_the_dump() {
    let desk = Desk::new();
    let (marker, _, _) = encoding_rs::EUC_KR.encode("막음");
    let korean = PARTLY.replace("SECRET-MARKER", "막음");
    let (dump, _, _) = encoding_rs::EUC_KR.encode(&korean);
    desk.put("old.v4", &dump);

    let output = desk.run(&[&["fix", "old.v4"], &ASKED[..], &["-o", "new/"]].concat());

    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let new = fs::read(desk.path("new/old.v4")).unwrap();
    assert!(new.windows(marker.len()).any(|bytes| bytes == &*marker), "{}", String::from_utf8_lossy(&new));
}

#[test]
fn where_there_is_nothing_to_do_nothing_is_written() {
    let desk = Desk::new();
    let output = desk.run(&[&["fix", "open.v4"], &ASKED[..], &["-o", "new.v4", "--lang", "en"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(!desk.path("new.v4").exists() && text(&output.stderr).contains("nothing was written"));
}

#[test]
fn the_formats_say_where_they_come_from_and_what_they_cannot_decide() {
    let desk = Desk::new();

    let output = desk.run(&["formats", "--json"]);
    let table = text(&desk.run(&["formats", "--lang", "ko"]).stdout);

    let formats: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let names: Vec<_> = formats.iter().map(|format| format["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"iptables") && names.contains(&"aws-security-group"), "{names:?}");
    for format in &formats {
        for field in ["name", "title", "from"] {
            assert!(format[field].as_str().is_some_and(|text| !text.is_empty()), "{format:#}");
        }
        assert!(
            format["cannot"]
                .as_array()
                .unwrap()
                .iter()
                .all(|cannot| cannot["ko"].is_string() && cannot["en"].is_string())
        );
        assert!(table.contains(format["name"].as_str().unwrap()), "{table}");
    }
}

#[test]
fn the_help_says_how_to_get_a_dump() {
    let desk = Desk::new();
    for arguments in [&["--help"][..], &["check", "--help"], &["fix", "--help"]] {
        let said = text(&desk.run(arguments).stdout);
        assert!(said.contains("rules.v4") && said.contains("nft list ruleset"), "{arguments:?}: {said}");
    }
}
