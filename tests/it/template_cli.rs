//! Templates on the command line: what it exits with, what it says, and that it says it in both languages.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Output, Stdio},
};

use serde_json::{Value, json};

use crate::helpers::{TestSite, command, png, respond};

fn run(arguments: &[&str]) -> Output {
    let mut command = command();
    command.arg("template").args(arguments).env("LANG", "C.UTF-8").env_remove("LC_ALL").env_remove("LC_MESSAGES");
    command.env("SCRAPLENS__SANDBOX__STORE", "").output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A folder with files in it.
struct Folder(tempfile::TempDir);

impl Folder {
    fn of(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn name(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }
}

const GOOD: &str = r#"{
  "object_type": "text",
  "text": "안녕하세요",
  "link": { "web_url": "https://example.com", "mobile_web_url": "https://example.com" }
}
"#;

/// The button's title is missing, on line 5.
const BAD: &str = r#"{
  "object_type": "text",
  "text": "가나다",
  "link": { "web_url": "https://example.com" },
  "buttons": [ { "link": { "web_url": "https://example.com" } } ]
}
"#;

const CUSTOM: &str = "id = 7\nname = \"own\"\npurpose = \"share\"\nobject_type = \"feed\"\n\n[content]\ntitle = \"${TITLE}\"\ndescription = \"${SCRAP_TITLE}\"\nlink = { web_url = \"https://example.com\" }\n";

#[test]
fn the_exit_code_tells_good_from_bad_from_unread() {
    let folder = Folder::of(&[("good.json", GOOD), ("bad.json", BAD), ("broken.json", "{"), ("own.toml", CUSTOM)]);
    let check = |names: &[&str]| {
        let paths: Vec<String> = names.iter().map(|name| folder.name(name)).collect();
        let mut arguments = vec!["check"];
        arguments.extend(paths.iter().map(String::as_str));
        run(&arguments).status.code()
    };
    assert_eq!(check(&["good.json"]), Some(0));
    assert_eq!(check(&["own.toml"]), Some(0));
    assert_eq!(check(&["bad.json"]), Some(1));
    assert_eq!(check(&["broken.json"]), Some(1));
    assert_eq!(check(&["good.json", "bad.json"]), Some(1));
    assert_eq!(check(&["none.json"]), Some(2));
    assert_eq!(check(&["none.json", "good.json"]), Some(2));
    assert_eq!(check(&[]), Some(2));
}

#[test]
fn a_problem_is_printed_with_its_place_its_line_and_what_to_do_in_both_languages() {
    let folder = Folder::of(&[("bad.json", BAD)]);
    let english = text(&run(&["check", &folder.name("bad.json"), "--lang", "en"]).stdout);
    let korean = text(&run(&["check", &folder.name("bad.json"), "--lang", "ko"]).stdout);

    for said in ["bad.json:5:", "error [", "5 │ ", "^", "buttons[0]", "→ ", "1 error"] {
        assert!(english.contains(said), "{said}: {english}");
    }
    assert!(!english.contains('\u{1b}'), "colours belong on a terminal only");
    for said in ["bad.json:5:", "오류 [", "buttons[0]", "오류 1건"] {
        assert!(korean.contains(said), "{said}: {korean}");
    }
}

#[test]
fn json_is_one_document_and_several_files_give_one_a_line() {
    let folder = Folder::of(&[("good.json", GOOD), ("bad.json", BAD)]);
    let one: Value = serde_json::from_slice(&run(&["check", &folder.name("good.json"), "--json"]).stdout).unwrap();
    assert_eq!((&one["check"]["ok"], &one["envelope"]["template_msg"]["P"]["TP"]), (&json!(true), &json!("Feed")));

    let both = run(&["check", &folder.name("good.json"), &folder.name("bad.json"), "--json"]);
    let lines: Vec<Value> = text(&both.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[0]["file"].as_str().unwrap().ends_with("good.json"));
    assert_eq!(lines[1]["check"]["ok"], false);
}

#[test]
fn standard_input_is_read_once_and_its_syntax_told_by_its_beginning() {
    for (given, code) in [(GOOD, 0), (CUSTOM, 0), (BAD, 1)] {
        let mut child = command()
            .args(["template", "check", "-", "--lang", "en"])
            .env("SCRAPLENS__SANDBOX__STORE", "")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(given.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{given}: {}", text(&output.stdout));
        assert!(text(&output.stdout).contains("stdin"), "{}", text(&output.stdout));
    }
    assert_eq!(run(&["check", "-", "-"]).status.code(), Some(2));
}

#[test]
fn what_cannot_be_read_is_named_with_advice() {
    let folder = Folder::of(&[("large.json", &" ".repeat(300_000))]);
    std::fs::write(folder.path("latin.json"), b"\xff\xfe{").unwrap();
    for (name, said) in [("none.json", "No such file"), ("large.json", "MAX_TEMPLATE_BYTES"), ("latin.json", "UTF-8")] {
        let output = run(&["check", &folder.name(name)]);
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(stderr.starts_with("error: ") && stderr.contains(said), "{name}: {stderr}");
    }
}

#[test]
fn arguments_come_from_options_and_from_a_file_and_options_win() {
    let folder =
        Folder::of(&[("own.toml", CUSTOM), ("args.json", r#"{"TITLE": "from the file"}"#), ("bad.json", "[]")]);
    let answer = |arguments: &[&str]| -> Value {
        let own = folder.name("own.toml");
        let output = run(&[&["answer", &own][..], arguments].concat());
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let file = folder.name("args.json");
    let title = |answer: &Value| answer["template_args"]["${TITLE}"].clone();
    assert_eq!(title(&answer(&["--args-file", &file])), "from the file");
    assert_eq!(title(&answer(&["--args-file", &file, "--args", "TITLE=a=b"])), "a=b");
    assert_eq!(answer(&[])["argument_msg"]["${TITLE}"], "there's no given value.");

    let own = folder.name("own.toml");
    for wrong in [&["--args", "TITLE"][..], &["--args-file", &folder.name("bad.json")], &["--domain", "example.com"]] {
        let output = run(&[&["answer", &own][..], wrong].concat());
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
    }
}

#[test]
fn registered_domains_are_those_of_the_option() {
    let folder = Folder::of(&[("good.json", GOOD)]);
    let answer = |domain: &str| -> Value {
        let output = run(&["answer", &folder.name("good.json"), "--domain", domain]);
        serde_json::from_slice(&output.stdout).unwrap()
    };
    assert_eq!(answer("https://example.com")["warning_msg"], json!({}));
    let elsewhere = answer("https://other.example");
    let warnings = elsewhere["warning_msg"].as_object().unwrap();
    assert!(!warnings.is_empty() && warnings.values().all(|said| said.as_str().unwrap().contains("DOMAIN_CHECK_PASS")));
}

#[test]
fn a_message_is_drawn_into_the_format_that_the_name_says() {
    let folder = Folder::of(&[("good.json", GOOD), ("none.json", "[]")]);
    for (name, begins) in [("a.png", &b"\x89PNG"[..]), ("a.svg", b"<svg"), ("a.html", b"<!DOCTYPE html>")] {
        let output = run(&["render", &folder.name("good.json"), "-o", &folder.name(name), "--theme", "dark"]);
        assert_eq!(output.status.code(), Some(0), "{name}: {}", text(&output.stderr));
        assert!(std::fs::read(folder.path(name)).unwrap().starts_with(begins), "{name}");
    }
    let preview =
        |arguments: &[&str]| command().env("SCRAPLENS__SANDBOX__STORE", "").arg("preview").args(arguments).output();
    let same =
        preview(&["--template", &folder.name("good.json"), "-o", &folder.name("b.svg"), "--theme", "dark"]).unwrap();
    assert_eq!(same.status.code(), Some(0), "{}", text(&same.stderr));
    assert_eq!(std::fs::read(folder.path("a.svg")).unwrap(), std::fs::read(folder.path("b.svg")).unwrap());

    let nothing = run(&["render", &folder.name("none.json"), "-o", &folder.name("c.png")]);
    assert_eq!(nothing.status.code(), Some(2));
    assert!(text(&nothing.stderr).contains("template check") && !folder.path("c.png").exists());
    assert_eq!(run(&["render", &folder.name("good.json"), "-o", "a.gif"]).status.code(), Some(2));
    assert_eq!(preview(&["-o", &folder.name("d.png")]).unwrap().status.code(), Some(2), "neither page nor template");
}

#[test]
fn a_page_is_scraped_into_a_custom_template() {
    let page = "<!doctype html><title>가을 니트</title><meta property=\"og:title\" content=\"가을 니트\">";
    let site = TestSite::page(page);
    let folder = Folder::of(&[("own.toml", CUSTOM)]);
    let url = site.url("/");
    let output =
        run(&["answer", &folder.name("own.toml"), "--url", &url, "--allow-net", "127.0.0.0/8", "--args", "TITLE=a"]);
    let envelope: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(envelope["template_args"]["${SCRAP_TITLE}"], "가을 니트", "{envelope:#}");
}

#[test]
fn images_are_measured_where_that_is_asked_for() {
    let small = png(100, 100);
    let site = TestSite::answering(move |_, stream| respond(stream, "200 OK", "content-type: image/png\r\n", &small));
    let feed = json!({ "object_type": "feed", "content": {
        "title": "a", "image_url": site.url("/a.png"), "link": { "web_url": "https://example.com" } } });
    let folder = Folder::of(&[("feed.json", &feed.to_string())]);
    let file = folder.name("feed.json");
    let codes = |more: &[&str]| -> String {
        text(&run(&[&["check", &file, "--lang", "en", "--allow-net", "127.0.0.0/8"][..], more].concat()).stdout)
    };
    assert!(!codes(&[]).contains("image-too-small"));
    assert!(codes(&["--images"]).contains("[image-too-small]"));
}

#[test]
fn samples_are_listed_and_printed_ready_to_be_checked() {
    let list = text(&run(&["samples", "--lang", "ko"]).stdout);
    for name in ["feed", "list", "location", "commerce", "text", "calendar"] {
        assert!(list.lines().any(|line| line.starts_with(name)), "{name}: {list}");
        let sample = run(&["samples", name]);
        assert_eq!(sample.status.code(), Some(0));
        let folder = Folder::of(&[("sample.json", &text(&sample.stdout))]);
        let checked = run(&["check", &folder.name("sample.json"), "--lang", "en"]);
        assert_eq!(checked.status.code(), Some(0), "{name}: {}", text(&checked.stdout));
    }
    let unknown = run(&["samples", "wedding"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(text(&unknown.stderr).contains("choose one of"));
}

#[test]
fn code_is_written_for_every_sdk() {
    let folder = Folder::of(&[("good.json", GOOD)]);
    for (target, call) in [
        ("javascript", "Kakao.Share.sendDefault"),
        ("android", "TextTemplate"),
        ("ios", "TextTemplate"),
        ("flutter", "TextTemplate"),
        ("rest", "/v2/api/talk/memo/default/send"),
    ] {
        let output = run(&["code", &folder.name("good.json"), "--target", target, "--callback", "order=42"]);
        assert_eq!(output.status.code(), Some(0), "{target}: {}", text(&output.stderr));
        assert!(text(&output.stdout).contains(call), "{target}: {}", text(&output.stdout));
    }
    assert_eq!(run(&["code", &folder.name("good.json")]).status.code(), Some(2), "no target");
}

#[test]
fn hostile_templates_cannot_steer_the_terminal() {
    let hostile = "{\n \"object_type\": \"feed\u{202e}\",\n \"\\u001b]0;x\\u0007\": \"\u{9b}31m\u{7f}\"\n}";
    let folder = Folder::of(&[("hostile.json", hostile)]);
    for arguments in [&["check"][..], &["answer"], &["code", "--target", "rest"]] {
        let (command, more) = arguments.split_first().unwrap();
        let file = folder.name("hostile.json");
        let output = run(&[&[*command, &file][..], more].concat());
        for bytes in [&output.stdout, &output.stderr] {
            let said = text(bytes);
            let steers = |c: char| (c.is_control() && c != '\n' && c != '\t') || c == '\u{202e}';
            assert!(!said.contains(steers), "{command}: {said:?}");
        }
    }
}

#[test]
fn the_help_shows_examples() {
    for command in ["check", "render", "answer", "code", "samples"] {
        let help = text(&run(&[command, "--help"]).stdout);
        assert!(help.contains("Examples:") && help.contains("scraplens template"), "{command}: {help}");
    }
    assert!(Path::new("config/templates").is_dir(), "the examples that the help names");
}
