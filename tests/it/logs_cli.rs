//! Access logs on the command line: which files are read, what is told to whom, what it exits with, and following a log that grows.

use std::{
    fs::{self, OpenOptions},
    io::{BufRead as _, BufReader, Read as _, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

use flate2::{Compression, write::GzEncoder};
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    helpers,
    logs_lines::{SERVED, line},
};

/// A folder with logs, in which the program runs.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = helpers::command();
        command.arg("logs").args(arguments).current_dir(self.0.path());
        command.env("LANG", "C.UTF-8").env_remove("LC_ALL").env_remove("LC_MESSAGES");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn run_with(&self, arguments: &[&str], input: &[u8]) -> Output {
        let mut child = self.command(arguments).spawn().unwrap();
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

fn gzip(text: &str) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(text.as_bytes()).unwrap();
    packer.finish().unwrap()
}

fn append(path: &Path, text: &str) {
    OpenOptions::new().append(true).create(true).open(path).unwrap().write_all(text.as_bytes()).unwrap();
}

fn names(report: &Value) -> Vec<&str> {
    report["files"].as_array().unwrap().iter().map(|file| file["name"].as_str().unwrap()).collect()
}

#[test]
fn the_exit_code_tells_refused_from_served_and_strictly_also_what_is_forged_or_absent() {
    let desk = Desk::new();
    desk.put("served.log", SERVED);
    desk.put("refused.log", line("27.0.238.7", "/p/1", 403).repeat(3));
    desk.put("forged.log", [SERVED, &line("198.51.100.7", "/wp-login.php", 200)].concat());
    desk.put(
        "absent.log",
        "192.0.2.1 - - [23/Nov/2026:01:00:00 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"Mozilla/5.0\"\n",
    );
    for (log, plainly, strictly) in
        [("served.log", 0, 0), ("refused.log", 1, 1), ("forged.log", 0, 1), ("absent.log", 0, 1)]
    {
        let (plain, strict) = (desk.run(&[log]), desk.run(&[log, "--strict"]));
        assert_eq!(
            (plain.status.code(), strict.status.code()),
            (Some(plainly), Some(strictly)),
            "{log}: {}{}",
            text(&plain.stdout),
            text(&plain.stderr)
        );
    }
}

#[test]
fn json_is_one_document_that_counts_by_origin_and_range() {
    let desk = Desk::new();
    desk.put("access.log", [SERVED, &line("198.51.100.7", "/wp-login.php", 200)].concat());

    let (code, report) = desk.json(&["access.log"]);

    assert_eq!((code, &report["verdict"]), (Some(0), &"served".into()), "{report:#}");
    assert_eq!((&report["requests"], &report["files"][0]["format"]), (&4.into(), &"combined".into()));
    let origins: Vec<_> = report["origins"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|origin| origin["requests"] != 0)
        .map(|origin| (origin["origin"].as_str().unwrap(), origin["requests"].as_u64().unwrap()))
        .collect();
    assert_eq!(origins, [("plausible", 3), ("forged", 1)]);
    assert_eq!(report["sources"][0]["address"], "198.51.100.7");
}

#[test]
fn people_read_it_in_their_language_without_colours_in_a_pipe() {
    let desk = Desk::new();
    desk.put("access.log", [SERVED, &line("198.51.100.7", "/wp-login.php", 200)].concat());

    let english = text(&desk.run(&["access.log", "--lang", "en"]).stdout);
    let korean = text(&desk.run(&["access.log", "--lang", "ko"]).stdout);

    assert!(english.starts_with("✓ "), "{english}");
    for said in ["Who came", "plausible", "forged", "By range", "never seen", "Not known as Kakao's", "Read"] {
        assert!(english.contains(said), "{said}: {english}");
    }
    assert!(!english.contains('\u{1b}'), "colours belong on a terminal only");
    for said in ["누가 왔는가", "카카오 네트워크(추정)", "위조", "대역별", "읽은 파일"] {
        assert!(korean.contains(said), "{said}: {korean}");
    }
    assert!(!korean.contains("plausible") && !korean.contains("Who came"), "{korean}");
}

#[test]
fn csv_is_one_table_with_a_header() {
    let desk = Desk::new();
    desk.put("access.log", [SERVED, &line("198.51.100.7", "/=cmd", 200)].concat());

    let ranges = text(&desk.run(&["access.log", "--csv"]).stdout);
    let sources = text(&desk.run(&["access.log", "--csv=sources"]).stdout);

    assert!(ranges.starts_with("range,service,holder,origin,requests,"), "{ranges}");
    assert!(ranges.lines().any(|row| row.contains(",plausible,3,")), "{ranges}");
    assert!(sources.lines().nth(1).unwrap().starts_with("198.51.100.7,forged,1,"), "{sources}");
    assert_eq!(desk.run(&["access.log", "--csv=all"]).status.code(), Some(2));
}

#[test]
fn a_folder_stands_for_its_logs_from_the_oldest_to_the_newest() {
    let desk = Desk::new();
    fs::create_dir(desk.path("nginx")).unwrap();
    desk.put("nginx/access.log", SERVED);
    desk.put("nginx/access.log.1", SERVED);
    desk.put("nginx/access.log.2.gz", gzip(SERVED));
    desk.put("nginx/error.log", "2026/11/23 01:00:00 [error] 7#7: *1 open() failed\n");
    desk.put("nginx/notes.txt", "nothing\nof a log\n");

    let output = desk.run(&["nginx", "--json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();

    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(names(&report), ["nginx/access.log.2.gz", "nginx/access.log.1", "nginx/access.log"]);
    assert_eq!((&report["requests"], &report["files"][0]["packed"]), (&9.into(), &"gzip".into()));
    let said = text(&output.stderr);
    assert!(said.contains("nginx/notes.txt") && !said.contains("error.log"), "{said}");
}

#[test]
fn standard_input_is_a_log_plain_or_packed() {
    let desk = Desk::new();
    for input in [SERVED.as_bytes().to_vec(), gzip(SERVED)] {
        let output = desk.run_with(&["-", "--json"], &input);
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((names(&report), &report["requests"]), (vec!["stdin"], &3.into()));
    }
}

#[test]
fn a_log_that_cannot_be_read_is_named_and_does_not_hide_the_others() {
    let desk = Desk::new();
    desk.put("access.log", SERVED);
    desk.put("strange.log", "nothing\nof a log\n");

    let both = desk.run(&["strange.log", "access.log", "--json"]);
    let report: Value = serde_json::from_slice(&both.stdout).unwrap();
    assert_eq!((both.status.code(), &report["requests"]), (Some(2), &3.into()));
    assert!(text(&both.stderr).contains("strange.log"), "{}", text(&both.stderr));

    for (arguments, said) in [
        (&["strange.log"][..], "strange.log"),
        (&["missing.log"], "missing.log"),
        (&["access.log", "--format", "combnied"], "combined"),
        (&["access.log", "--template", "no variable"], ""),
        (&["access.log", "--client-field", "nosuch"], "nosuch"),
        (&["access.log", "--since", "yesterday"], "24h"),
        (&["access.log", "--proxy", "ten"], "10.0.0.0/8"),
        (&["-", "-"], "only once"),
        (&[], "FILE|DIR"),
    ] {
        let output = desk.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", text(&output.stdout));
        assert!(output.stdout.is_empty(), "{arguments:?}");
        assert!(text(&output.stderr).contains(said), "{arguments:?}: {}", text(&output.stderr));
    }
}

#[test]
fn the_template_may_come_from_the_servers_own_configuration() {
    let desk = Desk::new();
    desk.put("nginx.conf", "http {\n  log_format tiny '$status $remote_addr [$time_iso8601] \"$request\"'\n    ' \"$http_user_agent\"';\n}\n");
    desk.put("access.log", "200 27.0.238.7 [2026-11-23T01:00:00+00:00] \"GET /p/1 HTTP/1.1\" \"facebookexternalhit/1.1; kakaotalk-scrap/1.0\"\n");

    let (code, report) = desk.json(&["access.log", "--template-file", "nginx.conf"]);

    assert_eq!((code, &report["requests"], &report["verdict"]), (Some(0), &1.into(), &"served".into()), "{report:#}");
}

#[test]
fn since_leaves_out_what_came_before() {
    let desk = Desk::new();
    desk.put("access.log", SERVED);
    let (_, all) = desk.json(&["access.log", "--since", "2026-11-23"]);
    let (_, none) = desk.json(&["access.log", "--since", "2026-11-24"]);
    assert_eq!((&all["requests"], &none["requests"]), (&3.into(), &0.into()));
}

#[test]
fn the_formats_are_listed_with_what_they_do_not_tell() {
    let desk = Desk::new();
    let (code, formats) = desk.json(&["formats"]);
    let names: Vec<_> = formats.as_array().unwrap().iter().map(|format| format["name"].as_str().unwrap()).collect();
    assert_eq!(code, Some(0));
    assert!(names.contains(&"combined") && names.contains(&"common"), "{names:?}");
    let korean = text(&desk.run(&["formats", "--lang", "ko"]).stdout);
    assert!(korean.contains("combined") && korean.contains("User-Agent가 없"), "{korean}");
}

/// A run that is followed: its lines as they come.
struct Followed {
    child: Child,
    lines: Receiver<String>,
}

impl Followed {
    fn start(desk: &Desk, arguments: &[&str]) -> Self {
        let mut child = desk.command(arguments).spawn().unwrap();
        let stdout = child.stdout.take().unwrap();
        let (sender, lines) = channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self { child, lines }
    }

    /// Waits until it says on standard error that it has caught up.
    fn caught_up(&mut self) {
        let mut said = Vec::new();
        let stderr = self.child.stderr.as_mut().unwrap();
        let mut byte = [0];
        while !text(&said).contains("following") && stderr.read(&mut byte).unwrap() == 1 {
            said.extend_from_slice(&byte);
        }
    }

    #[track_caller]
    fn next(&self) -> String {
        self.lines.recv_timeout(Duration::from_mins(1)).expect("no line came")
    }

    fn interrupt(mut self) -> (Option<i32>, Vec<String>) {
        Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().unwrap();
        let code = self.child.wait().unwrap().code();
        (code, self.lines.iter().collect())
    }
}

#[test]
fn a_followed_log_tells_each_request_as_it_comes_over_rotations() {
    let desk = Desk::new();
    let log = desk.path("access.log");
    desk.put("access.log", SERVED);
    let mut run = Followed::start(&desk, &["access.log", "--follow", "--lang", "en"]);
    run.caught_up();

    append(&log, &line("27.0.238.8", "/new/1", 403));
    let first = run.next();
    fs::rename(&log, desk.path("access.log.1")).unwrap();
    append(&desk.path("access.log.1"), &line("27.0.238.8", "/late/2", 200));
    let late = run.next();
    append(&log, &line("198.51.100.7", "/new/3", 200));
    let forged = run.next();
    fs::write(&log, "").unwrap();
    append(&log, &line("27.0.238.9", "/cut/4", 200));
    let cut = run.next();
    let (code, report) = run.interrupt();

    assert!(first.contains("~ 27.0.238.8") && first.contains("403") && first.ends_with("GET /new/1"), "{first}");
    assert!(late.ends_with("/late/2"), "what is written to the old file after the renaming is not lost: {late}");
    assert!(forged.contains("✗ 198.51.100.7"), "{forged}");
    assert!(cut.ends_with("/cut/4"), "a file that was cut short begins anew: {cut}");
    let report = report.join("\n");
    assert!(report.contains("7 requests name the scraper"), "{report}");
    assert_eq!(code, Some(1), "Ctrl-C is how following ends; something was refused: {report}");
}

#[test]
fn a_followed_pipe_tells_requests_as_json_and_the_report_last() {
    let desk = Desk::new();
    let mut run = Followed::start(&desk, &["-", "--follow", "--json"]);
    let mut input = run.child.stdin.take().unwrap();

    input.write_all(line("27.0.238.8", "/new/1", 200).as_bytes()).unwrap();
    let first: Value = serde_json::from_str(&run.next()).unwrap();
    input.write_all(line("27.0.238.8", "/new/2", 200).as_bytes()).unwrap();
    let second: Value = serde_json::from_str(&run.next()).unwrap();
    drop(input);
    let report: Value = serde_json::from_str(&run.next()).unwrap();

    assert_eq!((&first["path"], &first["origin"]), (&"/new/1".into(), &"plausible".into()));
    assert_eq!(second["path"], "/new/2");
    assert_eq!((&report["requests"], &report["verdict"]), (&2.into(), &"served".into()));
    assert_eq!(run.child.wait().unwrap().code(), Some(0));
}

#[test]
fn ctrl_c_tells_what_was_read_until_then() {
    let desk = Desk::new();
    let mut run = Followed::start(&desk, &["-", "--json"]);
    let mut input = run.child.stdin.take().unwrap();
    // More than any buffer on the way, so that the program has begun to read once it is written.
    let other = "192.0.2.1 - - [23/Nov/2026:01:00:00 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"Mozilla/5.0\"\n";
    input.write_all(format!("{SERVED}{}", other.repeat(40_000)).as_bytes()).unwrap();

    let (code, report) = run.interrupt();
    drop(input);

    let report: Value = serde_json::from_str(&report.join("\n")).unwrap();
    assert_eq!((code, &report["stopped"], &report["requests"]), (Some(130), &true.into(), &3.into()));
}

#[test]
fn a_log_cannot_steer_the_terminal() {
    let desk = Desk::new();
    desk.put("access.log", line("198.51.100.7", "/\u{1b}[2J\u{202e}x", 200));
    let said = text(&desk.run(&["access.log"]).stdout);
    assert!(!said.contains(['\u{1b}', '\u{202e}']), "{said:?}");
}
