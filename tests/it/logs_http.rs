//! Access logs over HTTP: one or several, plain or packed, read while they arrive; bounded, and nothing kept or logged.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::Stdio,
    thread,
    time::Duration,
};

use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};

use crate::{
    helpers::{self, TestApp, client, command, encode, settings, spawn_app, spawn_app_with},
    logs_lines::{SERVED, line},
};

async fn post(app: &TestApp, query: &str, body: impl Into<Vec<u8>>) -> (u16, Value) {
    let url = app.url(&format!("/api/v1/logs{query}"));
    helpers::json(app.client.post(url).body(body.into()).send().await.unwrap()).await
}

/// A form of fields, each with a file name or none.
fn form(parts: &[(&str, Option<&str>, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file, value) in parts {
        let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
        body.extend_from_slice(
            format!("--xyz\r\ncontent-disposition: form-data; name=\"{name}\"{file}\r\n\r\n").as_bytes(),
        );
        body.extend_from_slice(value);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--xyz--\r\n");
    body
}

async fn post_form(app: &TestApp, query: &str, parts: &[(&str, Option<&str>, &[u8])]) -> (u16, Value) {
    let request = app.client.post(app.url(&format!("/api/v1/logs{query}")));
    let request = request.header("content-type", "Multipart/Form-Data; boundary=xyz").body(form(parts));
    helpers::json(request.send().await.unwrap()).await
}

fn gzip(text: &str) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(text.as_bytes()).unwrap();
    packer.finish().unwrap()
}

#[tokio::test]
async fn a_body_is_one_log_plain_or_packed_whatever_its_type() {
    let app = spawn_app();
    for (body, packed) in [(SERVED.as_bytes().to_vec(), Value::Null), (gzip(SERVED), json!("gzip"))] {
        let (status, report) = post(&app, "?name=access.log", body).await;
        assert_eq!((status, &report["verdict"], &report["requests"]), (200, &json!("served"), &json!(3)), "{report:#}");
        let file = &report["files"][0];
        assert_eq!(
            (&file["name"], &file["format"], &file["packed"]),
            (&json!("access.log"), &json!("combined"), &packed)
        );
    }
}

#[tokio::test]
async fn several_logs_come_as_a_form_with_its_fields_before_them() {
    let app = spawn_app();
    let refused = line("203.0.113.9", "/p/9", 403);

    let (status, report) = post_form(
        &app,
        "",
        &[
            ("ranges", None, b"203.0.113.0/24\n"),
            ("format", None, b"combined"),
            ("proxy", None, b""),
            ("file", Some("a.log"), SERVED.as_bytes()),
            ("file", Some("b.log.gz"), &gzip(&refused)),
            ("file", None, b""),
        ],
    )
    .await;

    assert_eq!(
        (status, &report["requests"], &report["list"]["origin"]),
        (200, &json!(4), &json!("file")),
        "{report:#}"
    );
    let names: Vec<_> = report["files"].as_array().unwrap().iter().map(|file| file["name"].as_str().unwrap()).collect();
    assert_eq!(names[..2], ["a.log", "b.log.gz"]);
    assert_eq!(report["refused"][0]["path"], "/p/9");
}

#[tokio::test]
async fn the_query_says_how_a_log_is_written() {
    let app = spawn_app();
    let template =
        encode("$status $remote_addr [$time_iso8601] \"$request\" \"$http_user_agent\" \"$http_x_forwarded_for\"");
    let log = "200 10.0.0.4 [2026-11-23T01:00:00+00:00] \"GET /p/1 HTTP/1.1\" \"facebookexternalhit/1.1; kakaotalk-scrap/1.0\" \"27.0.238.7\"\n";

    let (status, report) =
        post(&app, &format!("?template={template}&client_field=http_x_forwarded_for&since=2026-11-23"), log).await;
    let (_, none) = post(&app, &format!("?template={template}&until=2026-11-23"), log).await;

    assert_eq!((status, &report["verdict"]), (200, &json!("served")), "{report:#}");
    assert_eq!(report["files"][0]["client_field"], "http_x_forwarded_for");
    assert_eq!(none["requests"], 0, "{none:#}");
}

#[tokio::test]
async fn what_cannot_be_read_is_a_problem_that_says_what_to_do() {
    let app = spawn_app();
    let log = SERVED.as_bytes();
    let template = format!("?template={}", encode("no variable"));
    for (query, body, status, code, file) in [
        ("?format=combnied", log, 422, "", ""),
        (template.as_str(), log, 422, "", ""),
        ("?client_field=nosuch", log, 422, "", ""),
        ("?name=strange", b"nothing\nof a log\n", 422, "log-format-unknown", "strange"),
        ("?since=yesterday", log, 400, "parameter-invalid", ""),
        ("?proxy=ten", log, 400, "parameter-invalid", ""),
        ("?formt=combined", log, 400, "query-invalid", ""),
    ] {
        let (answered, problem) = post(&app, query, body).await;
        assert_eq!(answered, status, "{query}: {problem:#}");
        assert!(code.is_empty() || problem["code"] == code, "{query}: {problem:#}");
        assert_eq!(problem["file"].as_str().unwrap_or_default(), file, "{query}: {problem:#}");
        for field in ["type", "title", "detail", "advice", "code"] {
            assert!(problem[field].as_str().is_some_and(|text| !text.is_empty()), "{query}: {field}");
        }
    }
    let (_, problem) = post(&app, "?format=combnied", log).await;
    assert!(format!("{problem}").contains("combined"), "the right name is told: {problem:#}");
}

#[tokio::test]
async fn a_form_that_cannot_be_used_says_why() {
    let app = spawn_app();
    let file = ("file", Some("a.log"), SERVED.as_bytes());
    for (what, parts, status, said) in [
        ("no file", vec![("format", None, &b"combined"[..])], 400, "part `file`"),
        ("an unknown field", vec![("formt", None, b"x"), file], 400, "`formt`"),
        ("a field after a file", vec![file, ("format", None, b"combined")], 400, "`format`"),
        ("bad ranges", vec![("ranges", None, b"27.0.236.0/22\nten"), file], 422, "ten"),
        ("a field that is not UTF-8", vec![("format", None, b"\xff"), file], 400, "UTF-8"),
        ("a strange log", vec![file, ("file", Some("b.log"), b"nothing\nof a log\n")], 422, "b.log"),
    ] {
        let (answered, problem) = post_form(&app, "", &parts).await;
        assert_eq!(answered, status, "{what}: {problem:#}");
        assert!(problem["detail"].as_str().unwrap().contains(said), "{what}: {problem:#}");
    }
    let request = app.client.post(app.url("/api/v1/logs")).header("content-type", "multipart/form-data").body("x");
    let (status, problem) = helpers::json(request.send().await.unwrap()).await;
    assert_eq!((status, &problem["code"]), (400, &json!("form-invalid")), "{problem:#}");
}

#[tokio::test]
async fn a_hostile_log_is_data() {
    let app = spawn_app();
    // The format is found by the first lines: most of them are a log's.
    let mut log = SERVED.repeat(4).into_bytes();
    log.extend_from_slice(b"\x00\xff\xfe kakaotalk-scrap \x1b[2J\n");
    log.extend_from_slice(&vec![b'x'; 3_000_000]);
    log.extend_from_slice(b" kakaotalk-scrap\n");
    log.extend_from_slice(line("198.51.100.7", "/<script>alert(1)</script>", 200).as_bytes());

    let (status, report) = post(&app, "", log).await;

    assert_eq!(status, 200, "{report:#}");
    let forged = report["sources"].as_array().unwrap();
    assert!(forged.iter().any(|source| source["address"] == "198.51.100.7"), "{report:#}");
}

#[tokio::test]
async fn what_is_too_large_is_refused_packed_or_unpacked() {
    let mut settings = settings();
    settings.logs.max_body_bytes = 10_000;
    settings.logs.max_unpacked_bytes = 100_000;
    settings.logs.max_files = 2;
    let app = spawn_app_with(&settings);
    let other = "192.0.2.1 - - [23/Nov/2026:01:00:00 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"Mozilla/5.0\"\n";

    let (announced, problem) = post(&app, "", other.repeat(200)).await;
    assert_eq!((announced, &problem["code"]), (413, &json!("body-too-large")), "{problem:#}");
    assert!(problem["advice"].as_str().unwrap().contains("logs.max_body_bytes"));

    let (bomb, problem) = post(&app, "", gzip(&other.repeat(10_000))).await;
    assert_eq!((bomb, &problem["code"]), (413, &json!("log-too-large")), "{problem:#}");

    let file = ("file", Some("a.log"), SERVED.as_bytes());
    let (many, problem) = post_form(&app, "", &[file, file, file]).await;
    assert_eq!((many, &problem["code"]), (422, &json!("too-much")), "{problem:#}");

    let (fits, report) = post_form(&app, "", &[file, file]).await;
    assert_eq!((fits, &report["requests"]), (200, &json!(6)), "{report:#}");
}

#[tokio::test]
async fn a_body_without_a_length_is_bounded_while_it_arrives() {
    let mut settings = settings();
    settings.logs.max_body_bytes = 10_000;
    let app = spawn_app_with(&settings);
    let mut stream = TcpStream::connect(app.address).unwrap();
    stream.write_all(b"POST /api/v1/logs HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n").unwrap();
    let piece = [b"1000\r\n".to_vec(), vec![b'#'; 4096], b"\r\n".to_vec()].concat();
    for _ in 0..4 {
        stream.write_all(&piece).unwrap();
    }
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
}

#[tokio::test]
async fn an_upload_that_stays_silent_is_given_up() {
    let mut settings = settings();
    settings.server.body_timeout_seconds = 1;
    let app = spawn_app_with(&settings);
    let mut stream = TcpStream::connect(app.address).unwrap();
    stream.write_all(b"POST /api/v1/logs HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n1.2.3.4").unwrap();
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
}

#[tokio::test]
async fn an_upload_that_is_broken_off_frees_its_place() {
    let mut settings = settings();
    (settings.logs.max_parallel, settings.logs.max_waiting) = (1, 0);
    let app = spawn_app_with(&settings);
    // An upload that does not go on holds the place. One that came while another was read may have been sent away.
    let hold = || {
        let mut stream = TcpStream::connect(app.address).unwrap();
        stream.write_all(b"POST /api/v1/logs HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n").unwrap();
        stream.write_all(&SERVED.as_bytes()[..100]).unwrap();
        stream
    };
    let mut open = vec![hold()];

    let mut refused = post(&app, "", SERVED).await;
    for _ in 0..100 {
        if refused.0 == 503 {
            break;
        }
        open.push(hold());
        tokio::time::sleep(Duration::from_millis(20)).await;
        refused = post(&app, "", SERVED).await;
    }
    drop(open);
    let mut served = post(&app, "", SERVED).await;
    for _ in 0..500 {
        if served.0 == 200 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        served = post(&app, "", SERVED).await;
    }

    assert_eq!((refused.0, &refused.1["code"]), (503, &json!("busy")), "{:#}", refused.1);
    assert_eq!(served.0, 200, "the place comes free again: {:#}", served.1);
}

#[tokio::test]
async fn no_answer_is_for_a_cache_and_the_formats_are_listed() {
    let app = spawn_app();
    let response = app.client.post(app.url("/api/v1/logs")).body(SERVED).send().await.unwrap();
    assert_eq!(response.headers()["cache-control"], "no-store");
    let (status, formats) = app.get("/api/v1/logs/formats").await;
    let names: Vec<_> = formats.as_array().unwrap().iter().map(|format| format["name"].as_str().unwrap()).collect();
    assert_eq!(status, 200);
    assert!(names.contains(&"combined") && formats[0]["cannot"].is_array(), "{formats:#}");
}

#[tokio::test]
async fn the_methods_and_shapes_are_described() {
    let app = spawn_app();
    let (_, api) = app.get("/openapi.json").await;
    let log = [SERVED, &line("198.51.100.7", "/x", 200), &line("27.0.238.7", "/no", 403)].concat();
    let (_, report) = post(&app, "", log).await;
    let (wrong, _) = app.get("/api/v1/logs").await;

    assert_eq!(wrong, 405);
    let paths = &api["paths"];
    assert!(paths["/api/v1/logs"]["post"]["requestBody"]["content"]["multipart/form-data"].is_object(), "{paths:#}");
    assert!(paths["/api/v1/logs/formats"]["get"].is_object());
    for (shape, value) in [
        ("LogReport", &report),
        ("FileReport", &report["files"][0]),
        ("OriginReport", &report["origins"][0]),
        ("RangeTraffic", &report["ranges"][0]),
        ("Statuses", &report["statuses"]),
        ("LogSource", &report["sources"][0]),
        ("Refused", &report["refused"][0]),
        ("PageTraffic", &report["pages"][0]),
        ("LogFinding", &report["findings"][0]),
        ("ListUsed", &report["list"]),
    ] {
        let fields = value.as_object().unwrap_or_else(|| panic!("{shape}: {report:#}"));
        for field in fields.keys() {
            let described = &api["components"]["schemas"][shape]["properties"][field];
            assert!(!described.is_null(), "{shape}.{field} is not described");
        }
    }
    let origins = |shape: &str| api["components"]["schemas"][shape]["enum"].to_string();
    assert!(origins("LogOrigin").contains("forged"), "{}", origins("LogOrigin"));
    assert!(
        origins("Origin").contains("announced"),
        "two things of one name must not be described as one: {}",
        origins("Origin")
    );
}

/// The server as a process, because its log is what is looked at: at debug level, through answers and through problems.
#[tokio::test]
async fn no_line_of_a_log_is_ever_logged() {
    let mut server = command()
        .args(["serve", "--listen", "127.0.0.1:0"])
        .env("SCRAPLENS__LOG__LEVEL", "debug")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let address = first.trim().rsplit("http://").next().unwrap().to_owned();
    let mut stderr = server.stderr.take().unwrap();
    let log = thread::spawn(move || {
        let mut log = String::new();
        stderr.read_to_string(&mut log).unwrap();
        log
    });

    let marked = line("198.51.100.7", "/SECRET-MARKER", 200);
    for (query, body) in
        [("", marked.clone()), ("?format=nosuch", marked), ("", "SECRET-MARKER\nof no log\n".to_owned())]
    {
        client().post(format!("http://{address}/api/v1/logs{query}")).body(body).send().await.unwrap();
    }
    std::process::Command::new("kill").arg(server.id().to_string()).status().unwrap();
    server.wait().unwrap();

    let log = log.join().unwrap();
    assert!(log.contains("stopped"), "the log is there: {log}");
    for secret in ["SECRET-MARKER", "198.51.100.7", "kakaotalk-scrap/1.0"] {
        assert!(!log.contains(secret), "`{secret}` was logged: {log}");
    }
}
