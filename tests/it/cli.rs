//! The command line: exit codes, what goes to standard output and what to standard error, one document or one a line.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    process::{Command, Output, Stdio},
};

use serde_json::Value;

use crate::helpers::{TestSite, command, png, respond};

const GOOD: &str = "<!doctype html><html><head><meta charset=utf-8><meta property=og:title content=카드><meta property=og:description content=d>\
    <meta property=og:image content=http://a.example/i.png></head><body></body></html>";
const BARE: &str = "<!doctype html><html><head><meta charset=utf-8><title>t</title></head><body></body></html>";

fn run(arguments: &[&str]) -> Output {
    run_with(arguments, b"")
}

fn run_with(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = command()
        .args(arguments)
        .env("LANG", "C.UTF-8")
        .env_remove("LC_ALL")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn a_page_without_errors_ends_with_0_and_one_with_errors_with_1() {
    let good = "<!doctype html><html><head><meta charset=utf-8><meta property=og:title content=t>\
        <meta property=og:description content=d><meta property=og:image content=/card.png></head><body></body></html>";
    for (html, code) in [(good, 0), (BARE, 1)] {
        let site = TestSite::answering(move |seen, stream| match seen.path.as_str() {
            "/card.png" => respond(stream, "200 OK", "content-type: image/png\r\n", &png(800, 400)),
            _ => respond(stream, "200 OK", "content-type: text/html\r\n", html.as_bytes()),
        });
        let output = run(&["scrape", &site.url("/"), "--allow-net", "127.0.0.0/8", "--json"]);
        assert_eq!(output.status.code(), Some(code), "{}{}", text(&output.stdout), text(&output.stderr));
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((&report["outcome"], &report["cache"]["state"]), (&"ok".into(), &"bypass".into()));
        assert!(output.stderr.is_empty(), "{}", text(&output.stderr));
    }
}

#[test]
fn loopback_is_closed_until_it_is_named_and_then_only_as_named() {
    let site = TestSite::page(GOOD);
    let port = site.address.port();
    let outcome = |allow: &[&str]| {
        let url = site.url("/");
        let output = run(&[&["scrape", &url, "--json"], allow].concat());
        serde_json::from_slice::<Value>(&output.stdout).unwrap()["outcome"].as_str().unwrap().to_owned()
    };

    assert_eq!(outcome(&["--allow-net", "127.0.0.0/8"]), "ok");
    assert_eq!(outcome(&["--allow-net", &format!("127.0.0.1:{port}")]), "ok");
    assert_eq!(outcome(&["--allow-net", "127.0.0.1:1"]), "port-refused");
    assert_eq!(outcome(&["--allow-net", "127.0.0.2/32"]), "port-refused");
    assert_eq!(outcome(&["--allow-net", "10.0.0.0/8"]), "port-refused");
    assert_eq!(site.seen().iter().filter(|seen| seen.path == "/").count(), 2);
}

#[test]
fn resolve_fixes_a_name_as_curl_does() {
    let site = TestSite::page(GOOD);
    let port = site.address.port();
    let output = run(&[
        "scrape",
        &format!("http://shop.example:{port}/p"),
        "--allow-net",
        "127.0.0.0/8",
        "--resolve",
        &format!("shop.example:{port}:127.0.0.1"),
        "--json",
    ]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["card"]["host"], "shop.example");
    assert_eq!(site.seen()[0].headers["host"], format!("shop.example:{port}"));
}

#[test]
fn what_cannot_be_done_ends_with_2_and_says_what_to_do() {
    let cases: [(&[&str], &str); 9] = [
        (&["scrape", "example.com"], "write https://example.com"),
        (&["scrape", "ftp://example.com/"], "http"),
        (&["scrape", "http://a.example/", "--allow-net", "localhost"], "CIDR"),
        (&["scrape", "http://a.example/", "--resolve", "x"], "HOST:PORT:ADDRESS"),
        (&["scrape", "http://a.example/", "--timeout", "0"], "seconds"),
        (&["scrape", "http://a.example/", "--config", "/nowhere.toml"], "/nowhere.toml"),
        (&["scrape"], "--help"),
        (&["extract", "/nowhere.html", "--url", "http://a.example/"], "/nowhere.html"),
        (&["extract", "-"], "--url"),
    ];
    for (arguments, remedy) in cases {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}: {}", text(&output.stdout));
        assert!(text(&output.stderr).contains(remedy), "{arguments:?}: {}", text(&output.stderr));
    }
}

#[test]
fn extract_reads_standard_input_and_files_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("1.html"), folder.path().join("2.html"));
    fs::write(&one, GOOD).unwrap();
    fs::write(&two, BARE).unwrap();
    let (one, two) = (one.to_str().unwrap(), two.to_str().unwrap());

    let piped = run_with(&["extract", "-", "--url", "http://a.example/x", "--json"], GOOD.as_bytes());
    let many = run(&["extract", two, one, "--url-prefix", "http://a.example/", "--json"]);

    let report: Value = serde_json::from_slice(&piped.stdout).unwrap();
    assert_eq!((piped.status.code(), &report["card"]["title"]), (Some(0), &"카드".into()));
    let lines: Vec<Value> = text(&many.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let titles: Vec<&str> = lines.iter().map(|line| line["card"]["title"].as_str().unwrap()).collect();
    assert_eq!((many.status.code(), titles), (Some(1), vec!["t", "카드"]));
    assert_eq!(lines[0]["card"]["url"], "http://a.example/2.html");
}

#[test]
fn one_file_that_cannot_be_read_does_not_keep_the_others_from_being_read() {
    let folder = tempfile::tempdir().unwrap();
    let good = folder.path().join("good.html");
    fs::write(&good, GOOD).unwrap();

    let output =
        run(&["extract", "/nowhere.html", good.to_str().unwrap(), "--url-prefix", "http://a.example/", "--json"]);

    assert_eq!((output.status.code(), text(&output.stdout).lines().count()), (Some(2), 1));
    assert!(text(&output.stderr).contains("/nowhere.html"));
}

#[test]
fn the_content_type_of_extract_names_the_charset() {
    let (euc_kr, _, _) = encoding_rs::EUC_KR.encode("<title>똠방각하</title>");
    let output = run_with(
        &["extract", "-", "--url", "http://a.example/", "--content-type", "text/html; charset=euc-kr", "--json"],
        &euc_kr,
    );
    assert_eq!(serde_json::from_slice::<Value>(&output.stdout).unwrap()["card"]["title"], "똠방각하");
}

#[test]
fn the_report_for_people_speaks_the_language_asked_for_and_has_no_colours_in_a_pipe() {
    let report =
        |lang| text(&run_with(&["extract", "-", "--url", "http://a.example/", "--lang", lang], BARE.as_bytes()).stdout);
    let (ko, en) = (report("ko"), report("en"));
    assert!(ko.contains("og:image") && ko.chars().any(|c| ('가'..='힣').contains(&c)), "{ko}");
    assert!(en.contains("og:image") && !en.chars().any(|c| ('가'..='힣').contains(&c)), "{en}");
    assert!(!ko.contains('\u{1b}') && !en.contains('\u{1b}'));
}

#[test]
fn a_bad_configuration_stops_the_start_and_names_file_key_and_remedy() {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), "[server]\nlisten = \"127.0.0.1:0\"\nworkerz = 2\n").unwrap();
    let path = file.path().to_str().unwrap();

    let output = run(&["serve", "--check-config", "--config", path]);

    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    assert!(
        said.contains(&format!("{path}:3"))
            && said.contains("server.workerz")
            && said.contains("did you mean `server.workers`"),
        "{said}"
    );
}

#[test]
fn a_good_configuration_is_checked_without_serving() {
    let output = run(&["serve", "--check-config", "--allow-net", "127.0.0.0/8"]);
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(0), "the settings are good\n"));
}

#[test]
fn the_printed_configuration_is_accepted_as_a_configuration() {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), run(&["serve", "--print-config"]).stdout).unwrap();
    let output = run(&["serve", "--check-config", "--config", file.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}

#[test]
fn the_server_says_first_where_it_listens_is_healthy_and_stops_on_sigterm() {
    let mut server = command()
        .args(["serve", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let address = first.trim().rsplit("http://").next().unwrap().to_owned();

    let healthy = run(&["health", "--listen", &address]);
    Command::new("kill").arg(server.id().to_string()).status().unwrap();
    let ended = server.wait().unwrap();
    let gone = run(&["health", "--listen", &address]);

    assert_eq!(healthy.status.code(), Some(0), "{}", text(&healthy.stderr));
    assert_eq!(ended.code(), Some(0));
    assert_eq!(gone.status.code(), Some(2));
}

#[test]
fn every_shell_gets_a_completion_script() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = run(&["completions", shell]);
        assert!(output.status.success() && text(&output.stdout).contains("scrape"), "{shell}");
    }
}

#[test]
fn a_message_is_drawn_into_a_file_whose_name_says_the_format() {
    let site = TestSite::answering(|seen, stream| match seen.path.as_str() {
        "/i.png" => respond(stream, "200 OK", "content-type: image/png\r\n", &png(1200, 630)),
        _ => respond(
            stream,
            "200 OK",
            "content-type: text/html\r\n",
            GOOD.replace("a.example", &seen.headers["host"]).as_bytes(),
        ),
    });
    let folder = tempfile::tempdir().unwrap();
    let draw = |name: &str, more: &[&str]| {
        let file = folder.path().join(name);
        let url = site.url("/");
        let output =
            run(&[&["preview", &url, "--allow-net", "127.0.0.0/8", "-o", file.to_str().unwrap()], more].concat());
        (output, fs::read(file).unwrap_or_default())
    };

    let (output, bytes) = draw("message.png", &[]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(bytes.starts_with(b"\x89PNG"), "{} bytes", bytes.len());
    assert!(output.stdout.is_empty() && text(&output.stderr).contains("image will show"), "{}", text(&output.stderr));
    let (_, bytes) = draw("message.svg", &["--kind", "link", "--theme", "dark"]);
    assert!(text(&bytes).contains("<svg") && text(&bytes).contains("data:image/"), "the picture is inside");
    let (_, bytes) = draw("message", &["--format", "html", "--width", "pc"]);
    assert!(text(&bytes).starts_with("<!DOCTYPE html>") && text(&bytes).contains("카드"), "{}", text(&bytes));

    let (output, _) = draw("message.bmp", &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("use --format"), "{}", text(&output.stderr));
}
