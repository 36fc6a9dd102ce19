//! The firewall check over HTTP: the same answers as on the command line, problems that say where, and nothing kept or logged.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use serde_json::{Value, json};

use super::dumps::{BROKEN_GROUP, GROUP, OPEN, PARTLY, RANGES, REFUSING};
use crate::helpers::{self, TestApp, client, command, settings, spawn_app, spawn_app_with};

async fn post(app: &TestApp, path: &str, body: impl Into<Vec<u8>>) -> (u16, Value) {
    helpers::json(app.client.post(app.url(path)).body(body.into()).send().await.unwrap()).await
}

fn question(text: &str) -> Value {
    json!({ "dumps": [{ "name": "rules.v4", "text": text }], "ranges": RANGES, "ports": [443] })
}

async fn check(app: &TestApp, question: &Value) -> (u16, Value) {
    post(app, "/api/v1/acl/check", question.to_string()).await
}

#[tokio::test]
async fn a_question_is_answered_with_the_exact_parts_and_the_deciding_line() {
    let app = spawn_app();

    let (status, report) = check(&app, &question(PARTLY)).await;

    assert_eq!((status, &report["verdict"]), (200, &json!("partial")), "{report:#}");
    let denied = &report["ranges"][0]["parts"][1];
    assert_eq!((&denied["cidr"], &denied["how"]), (&json!("27.0.238.0/24"), &json!("drop")));
    let decided = &denied["decided_by"];
    assert_eq!(
        (&decided["file"], &decided["line"], &decided["text"]),
        (&json!("rules.v4"), &json!(5), &json!(REFUSING))
    );
}

#[tokio::test]
async fn the_ranges_come_as_text_as_an_array_as_kakaos_json_or_not_at_all() {
    let app = spawn_app();
    let kakao = json!({ "inbound": [{ "service": "scrap", "ips": ["27.0.236.0/22"], "ports": [443] }], "updatedDate": "2026-11-01" });
    let cases = [
        (json!("27.0.236.0/22"), "file"),
        (json!(["27.0.236.0/22"]), "file"),
        (kakao.clone(), "api"),
        (json!(kakao.to_string()), "api"),
        (Value::Null, "announced"),
    ];
    for (ranges, origin) in cases {
        let mut asked = question(OPEN);
        asked["ranges"] = ranges.clone();
        let (status, report) = check(&app, &asked).await;
        assert_eq!((status, &report["list"]["origin"]), (200, &json!(origin)), "{ranges}: {report:#}");
    }
}

#[tokio::test]
async fn layers_and_what_they_see_are_the_callers_to_name() {
    let app = spawn_app();
    let asked = json!({
        "dumps": [
            { "name": "sg.json", "text": GROUP, "format": "aws-security-group", "layer": "cloud" },
            { "name": "rules.v4", "text": PARTLY, "format": "auto", "sees": "header" },
        ],
        "ranges": RANGES, "ports": [443], "interface": "eth0", "server": "203.0.113.7", "url": "https://example.kr/p/1",
    });

    let (status, report) = check(&app, &asked).await;

    assert_eq!(status, 200, "{report:#}");
    let layers: Vec<_> =
        report["layers"].as_array().unwrap().iter().map(|layer| (&layer["name"], &layer["sees"])).collect();
    assert_eq!(layers[0], (&json!("cloud"), &json!("direct")));
    assert_eq!(layers[1].1, &json!("header"));
}

#[tokio::test]
async fn a_balancer_may_send_on_to_another_port() {
    let app = spawn_app();
    let mut asked = question(PARTLY);
    asked["dumps"][0]["port"] = json!(80);

    let (_, report) = check(&app, &asked).await;

    assert_eq!(report["verdict"], "denied", "the host closes 80: {report:#}");
}

#[tokio::test]
async fn a_fix_opens_every_range_and_is_checked_again() {
    let app = spawn_app();

    let (status, fix) = post(&app, "/api/v1/acl/fix", question(PARTLY).to_string()).await;
    let fixed = fix["files"][0]["text"].as_str().unwrap_or_default().to_owned();
    let (_, report) = check(&app, &question(&fixed)).await;

    assert_eq!((status, &fix["outcome"]), (200, &json!("opened")), "{fix:#}");
    assert_eq!(fix["proof"]["changed"], json!([]));
    assert_eq!(report["verdict"], "allowed", "{report:#}");
}

#[tokio::test]
async fn the_formats_are_listed() {
    let app = spawn_app();
    let (status, formats) = app.get("/api/v1/acl/formats").await;
    let names: Vec<_> = formats.as_array().unwrap().iter().map(|format| format["name"].as_str().unwrap()).collect();
    assert_eq!(status, 200);
    assert!(names.contains(&"iptables") && formats[0]["cannot"][0]["ko"].is_string(), "{formats:#}");
}

#[tokio::test]
async fn what_cannot_be_read_is_a_problem_that_says_where_and_what_to_do() {
    let app = spawn_app();
    let dump = |dump: Value| json!({ "dumps": [dump], "ranges": RANGES, "ports": [443] });
    let with = |key: &str, value: Value| {
        let mut asked = question(PARTLY);
        asked[key] = value;
        asked
    };
    let many: Vec<u16> = (1..=100).collect();
    let cases = [
        (
            "a broken dump",
            dump(json!({ "name": "sg.json", "text": BROKEN_GROUP })),
            422,
            "dump-malformed",
            ("sg.json", Some(2)),
        ),
        ("an empty dump", dump(json!({ "text": " " })), 422, "dump-malformed", ("dump 1", None)),
        (
            "an unknown format",
            dump(json!({ "name": "x", "text": "x", "format": "iptabels" })),
            422,
            "dump-malformed",
            ("x", None),
        ),
        ("bad ranges", with("ranges", json!("27.0.236.0/22\nten")), 422, "ranges-malformed", ("ranges", Some(2))),
        ("ranges that are a number", with("ranges", json!(7)), 400, "parameter-invalid", ("", None)),
        ("an unknown key", with("prots", json!([443])), 400, "json-invalid", ("", None)),
        ("an unknown key of a dump", dump(json!({ "txt": "x" })), 400, "json-invalid", ("", None)),
        ("port 0", with("ports", json!([0])), 400, "json-invalid", ("", None)),
        ("a server that is a name", with("server", json!("web1")), 400, "json-invalid", ("", None)),
        ("an unknown sees", dump(json!({ "text": PARTLY, "sees": "proxy" })), 400, "parameter-invalid", ("", None)),
        ("a url and a host", with("host", json!("a.kr")), 200, "", ("", None)),
        ("a bad url", with("url", json!("a.kr/p")), 400, "url-no-scheme", ("", None)),
        ("no dumps", json!({ "dumps": [] }), 400, "dump-missing", ("", None)),
        ("too many ports", with("ports", json!(many)), 422, "too-much", ("", None)),
    ];
    for (what, asked, status, code, (file, line)) in cases {
        let (answered, problem) = check(&app, &asked).await;
        if status == 200 {
            assert_eq!(answered, 200, "{what}: {problem:#}");
            continue;
        }
        assert_eq!((answered, problem["code"].as_str().unwrap_or_default()), (status, code), "{what}: {problem:#}");
        assert_eq!(
            (problem["file"].as_str().unwrap_or_default(), problem["line"].as_u64()),
            (file, line),
            "{what}: {problem:#}"
        );
        for field in ["type", "title", "detail", "advice"] {
            assert!(problem[field].as_str().is_some_and(|text| !text.is_empty()), "{what}: {field}");
        }
    }
    let (_, problem) = check(&app, &with("prots", json!([443]))).await;
    assert!(problem["detail"].as_str().unwrap().contains("`prots`"), "{problem:#}");
}

#[tokio::test]
async fn too_much_work_and_several_layers_to_fix_are_problems_of_their_own() {
    let mut settings = settings();
    settings.acl.max_steps = 2;
    let app = spawn_app_with(&settings);
    let two = json!({ "dumps": [{ "text": GROUP }, { "text": PARTLY }], "ranges": RANGES });

    let (status, problem) = check(&app, &question(PARTLY)).await;
    let (of_two, several) = post(&app, "/api/v1/acl/fix", two.to_string()).await;

    assert_eq!((status, &problem["code"]), (422, &json!("too-much")), "{problem:#}");
    assert!(problem["advice"].as_str().unwrap().contains("acl.max_steps"));
    assert_eq!((of_two, &several["code"]), (422, &json!("several-layers")), "{several:#}");
}

#[tokio::test]
async fn the_body_has_a_limit_of_its_own() {
    let mut settings = settings();
    settings.server.max_body_bytes = 100;
    settings.acl.max_body_bytes = 1000;
    let app = spawn_app_with(&settings);

    let (fits, _) = check(&app, &question(OPEN)).await;
    let (status, problem) = check(&app, &question(&"#".repeat(2000))).await;

    assert_eq!(fits, 200);
    assert_eq!((status, &problem["code"]), (413, &json!("body-too-large")), "{problem:#}");
    assert!(problem["advice"].as_str().unwrap().contains("acl.max_body_bytes"));
}

#[tokio::test]
async fn only_so_many_questions_are_inside_and_the_others_are_told_to_come_back() {
    let mut settings = settings();
    (settings.acl.max_parallel, settings.acl.max_waiting) = (1, 1);
    let app = spawn_app_with(&settings);
    // Callers whose bodies do not arrive hold the places. One that came while a question was answered may have been sent away.
    let hold = || {
        let mut stream = TcpStream::connect(app.address).unwrap();
        stream.write_all(b"POST /api/v1/acl/check HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{").unwrap();
        stream
    };
    let mut slow: Vec<TcpStream> = vec![hold(), hold()];
    let ask = || app.client.post(app.url("/api/v1/acl/check")).body(question(OPEN).to_string()).send();

    let mut refused = ask().await.unwrap();
    for _ in 0..50 {
        if refused.status() == 503 {
            break;
        }
        slow.push(hold());
        tokio::time::sleep(Duration::from_millis(20)).await;
        refused = ask().await.unwrap();
    }
    drop(slow);
    let mut served = ask().await.unwrap();
    for _ in 0..50 {
        if served.status() == 200 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        served = ask().await.unwrap();
    }

    assert!(refused.headers().contains_key("retry-after"), "{refused:?}");
    let (status, problem) = helpers::json(refused).await;
    assert_eq!((status, &problem["code"]), (503, &json!("busy")), "{problem:#}");
    assert_eq!(served.status(), 200, "places come free again");
}

#[tokio::test]
async fn no_answer_is_for_a_cache() {
    let app = spawn_app();
    for (path, body) in [
        ("/api/v1/acl/check", question(PARTLY).to_string()),
        ("/api/v1/acl/fix", question(PARTLY).to_string()),
        ("/api/v1/acl/check", "{".to_owned()),
    ] {
        let response = app.client.post(app.url(path)).body(body).send().await.unwrap();
        assert_eq!(response.headers()["cache-control"], "no-store", "{path} {}", response.status());
    }
}

#[tokio::test]
async fn the_methods_and_shapes_are_described() {
    let app = spawn_app();
    let (_, api) = app.get("/openapi.json").await;
    let (_, report) = check(&app, &question(PARTLY)).await;
    let (_, fix) = post(&app, "/api/v1/acl/fix", question(PARTLY).to_string()).await;
    let (wrong, _) = app.get("/api/v1/acl/check").await;
    let (_, formats) = app.get("/api/v1/acl/formats").await;

    assert_eq!(wrong, 405);
    for (path, method) in [("check", "post"), ("fix", "post"), ("formats", "get")] {
        assert!(
            api["paths"][format!("/api/v1/acl/{path}")][method]["responses"].is_object(),
            "{path} is not described"
        );
    }
    for (shape, value) in [
        ("AclReport", &report),
        ("RangeReport", &report["ranges"][0]),
        ("PartReport", &report["ranges"][0]["parts"][1]),
        ("DecidedBy", &report["ranges"][0]["parts"][1]["decided_by"]),
        ("LayerReport", &report["layers"][0]),
        ("ListUsed", &report["list"]),
        ("FixReport", &fix),
        ("Proof", &fix["proof"]),
        ("FormatReport", &formats[0]),
        (
            "AclQuestion",
            &json!({ "dumps": 0, "ranges": 0, "ports": 0, "interface": 0, "inner_interface": 0, "server": 0, "url": 0, "host": 0, "path": 0 }),
        ),
        ("AclDump", &json!({ "name": 0, "text": 0, "format": 0, "layer": 0, "sees": 0, "port": 0 })),
        ("ProblemDetails", &json!({ "file": 0, "line": 0, "column": 0 })),
    ] {
        for field in value.as_object().unwrap().keys() {
            let described = &api["components"]["schemas"][shape]["properties"][field];
            assert!(!described.is_null(), "{shape}.{field} is not described");
        }
    }
}

/// The server as a process, because its log is what is looked at: at debug level, through answers and through problems.
#[tokio::test]
async fn no_line_of_a_dump_is_ever_logged() {
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
    let mut not_json = question(PARTLY).to_string();
    not_json.truncate(not_json.len() - 2);
    let mut unknown_key = question(PARTLY);
    unknown_key["SECRET-MARKER"] = json!(1);
    let bodies = [
        question(PARTLY).to_string(),
        question(&PARTLY.replace("COMMIT", "SECRET-MARKER")).to_string(),
        question(&format!("{BROKEN_GROUP} SECRET-MARKER")).to_string(),
        not_json,
        unknown_key.to_string(),
    ];

    for body in bodies {
        for path in ["check", "fix"] {
            let url = format!("http://{address}/api/v1/acl/{path}");
            client().post(url).body(body.clone()).send().await.unwrap();
        }
    }
    Command::new("kill").arg(server.id().to_string()).status().unwrap();
    server.wait().unwrap();

    let log = log.join().unwrap();
    assert!(log.contains("stopped"), "the log is there: {log}");
    for line in PARTLY.lines().filter(|line| line.len() > 10).chain(["SECRET-MARKER", "27.0.238"]) {
        assert!(!log.contains(line), "`{line}` was logged: {log}");
    }
}
