//! The list over HTTP: what the server has, what it fetches in the background, what other questions go by; and no key in any line
//! of its log.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use scraplens::ips::{Record, Store};
use serde_json::{Value, json};

use super::stub::{CHANGED, DOCUMENTED, JSON, KEY, Stub, in_folder};
use crate::helpers::{self, TestApp, client, command, respond, settings, spawn_app, spawn_app_with};

const PATH: &str = "/api/v1/kakao/ips";

/// What the server has, once `is` holds of it.
async fn once(app: &TestApp, is: impl Fn(&Value) -> bool) -> Value {
    let started = Instant::now();
    loop {
        let (status, report) = app.get(PATH).await;
        assert_eq!(status, 200, "{report:#}");
        if is(&report) {
            return report;
        }
        assert!(started.elapsed() < Duration::from_mins(1), "it never comes: {report:#}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn post(app: &TestApp, path: &str, body: &Value) -> (u16, Value) {
    helpers::json(app.client.post(app.url(path)).body(body.to_string()).send().await.unwrap()).await
}

#[tokio::test]
async fn without_a_list_the_announced_networks_are_shown_and_say_so() {
    let app = spawn_app();

    let (status, report) = app.get(PATH).await;

    assert_eq!(status, 200);
    assert_eq!((&report["list"]["origin"], &report["list"]["official"]), (&json!("announced"), &json!(false)));
    assert_eq!((&report["source"], &report["stale"], &report["has_key"]), (&Value::Null, &json!(false), &json!(false)));
    assert_eq!(report["warnings"][0]["code"], "no-list-no-key");
    assert_eq!(report["services"][0]["service"], "scrap");
    assert!(report["services"][0]["ranges"].as_array().unwrap().contains(&json!("27.0.236.0/22")));
}

#[tokio::test]
async fn a_server_with_a_key_fetches_the_list_and_answers_go_by_it() {
    let folder = tempfile::tempdir().unwrap();
    let stub = Stub::list(DOCUMENTED);
    let app = spawn_app_with(&stub.settings(&in_folder(folder.path())));

    // The attempt is noted after its list is in use: only then is everything there.
    let report = once(&app, |report| report["last_attempt"]["outcome"] == "ok").await;

    assert_eq!(report["source"], stub.site.url("/v1/system/ips"));
    assert_eq!(report["list"]["official"], true);
    assert_eq!((&report["last_attempt"]["outcome"], &report["has_key"]), (&json!("ok"), &json!(true)));
    assert_eq!((&report["age_hours"], &report["stale"]), (&json!(0), &json!(false)));
    let scrap = &report["services"][1];
    assert_eq!(scrap["ranges"], json!(["27.0.236.0/22", "211.231.100.0/22", "2404:4600:6::/48"]));
    assert_eq!((&scrap["ports"], &scrap["updated"]), (&json!([80, 443]), &json!("2026-10-01")));
    assert_eq!(report["changes"][0]["date"], "2099-12-01");
    assert_eq!(report["changes"][0]["changes"][0]["ranges"], json!(["121.53.80.0/21"]));
    assert_eq!(stub.site.seen().len(), 1, "it asks once");
    assert!(!report.to_string().contains(KEY));
    let rules = "*filter\n:INPUT DROP [0:0]\n-A INPUT -s 27.0.236.0/22 -j ACCEPT\nCOMMIT\n";
    let (_, checked) = post(&app, "/api/v1/acl/check", &json!({ "dumps": [{ "text": rules }] })).await;
    assert_eq!(checked["list"]["origin"], "api", "{checked:#}");
    let cidrs: Vec<&str> =
        checked["ranges"].as_array().unwrap().iter().map(|range| range["cidr"].as_str().unwrap()).collect();
    assert!(cidrs.contains(&"203.0.113.0/24") && !cidrs.contains(&"220.64.96.0/22"), "{cidrs:?}");
    let (_, given) =
        post(&app, "/api/v1/acl/check", &json!({ "dumps": [{ "text": rules }], "ranges": "198.51.100.0/24" })).await;
    assert_eq!(given["list"]["origin"], "file", "a list that is given comes first");
}

#[tokio::test]
async fn what_fails_in_the_background_leaves_the_list_in_use_and_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let stub = Stub::answering(|stream| {
        respond(stream, "503 Service Unavailable", JSON, br#"{"msg":"maintenance","code":-9798}"#);
    });
    let settings = stub.settings(&in_folder(folder.path()));
    let ten_days_ago = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(240);
    let store = Store::new(settings.ips.store_path().unwrap(), 100_000, 100);
    store.keep(DOCUMENTED, &Record::of(DOCUMENTED, "https://kapi.kakao.com/v1/system/ips", ten_days_ago)).unwrap();
    let app = spawn_app_with(&settings);

    let report = once(&app, |report| report["last_attempt"] != Value::Null).await;

    assert_eq!(report["last_attempt"]["outcome"], "api-failed");
    assert!(report["last_attempt"]["advice"]["ko"].as_str().unwrap().contains("다시"));
    assert_eq!((&report["list"]["official"], &report["stale"]), (&json!(true), &json!(true)));
    assert_eq!((&report["age_hours"], &report["warnings"][0]["code"]), (&json!(240), &json!("list-stale")));
    let wait = report["next_refresh"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap() - jiff::Timestamp::now();
    assert!(wait.total(jiff::Unit::Second).unwrap() > 20.0, "it does not ask again at once: {wait}");
    assert_eq!(stub.site.seen().len(), 1);
}

#[tokio::test]
async fn what_another_process_keeps_is_taken_up_while_running_without_a_key() {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = settings();
    settings.ips.store = in_folder(folder.path());
    settings.ips.reload_seconds = 1;
    let app = spawn_app_with(&settings);
    once(&app, |report| report["list"]["official"] == false).await;

    std::fs::write(folder.path().join("ips.json"), CHANGED).unwrap();
    let imported = command()
        .args(["ips", "import", "ips.json"])
        .current_dir(folder.path())
        .env("SCRAPLENS__IPS__STORE", in_folder(folder.path()))
        .output()
        .unwrap();
    assert!(imported.status.success(), "{imported:?}");

    let report = once(&app, |report| report["list"]["official"] == true).await;
    assert_eq!((&report["source"], &report["list"]["updated"]), (&json!("ips.json"), &json!("2026-11-20")));
    std::fs::write(in_folder(folder.path()), "{").unwrap();
    let report = once(&app, |report| report["warnings"] != json!([])).await;
    assert_eq!(report["warnings"][0]["code"], "kept-broken");
    assert_eq!(report["list"]["official"], true, "the good list stays in use while the program runs");
}

#[tokio::test]
async fn two_lists_are_compared_over_http() {
    let app = spawn_app();
    let diff = |body: Value| {
        let app = &app;
        async move { post(app, "/api/v1/kakao/ips/diff", &body).await }
    };
    let documented: Value = serde_json::from_str(DOCUMENTED).unwrap();

    let (status, answer) = diff(json!({ "old": DOCUMENTED, "new": CHANGED })).await;
    assert_eq!((status, &answer["same"]), (200, &json!(false)));
    assert_eq!(answer["services"][0]["added_ports"], json!([8443]));
    let (_, same) = diff(json!({ "old": documented, "new": DOCUMENTED })).await;
    assert_eq!(same["same"], true, "as JSON or as text");
    let (_, own) = diff(json!({ "old": "27.0.236.0/22\n8.8.8.0/24\n" })).await;
    assert_eq!((&own["new"]["origin"], &own["lines"][1]["kakao"]), (&json!("announced"), &json!("nothing")));
    for (body, status, code) in [
        (json!({}), 400, "json-invalid"),
        (json!({ "old": Value::Null }), 400, "parameter-invalid"),
        (json!({ "old": "27.0.236.0/22", "news": 1 }), 400, "json-invalid"),
        (json!({ "old": "27.0.236.0/22\nx\n" }), 422, "ranges-malformed"),
        (json!({ "old": "27.0.236.0/22", "new": "{" }), 422, "ranges-malformed"),
    ] {
        let (got, problem) = diff(body.clone()).await;
        assert_eq!((got, &problem["code"]), (status, &json!(code)), "{body}: {problem}");
    }
    let (_, problem) = diff(json!({ "old": "27.0.236.0/22\nx\n" })).await;
    assert_eq!((&problem["file"], &problem["line"]), (&json!("old"), &json!(2)));
}

#[tokio::test]
async fn every_field_is_described() {
    let app = spawn_app();
    let (_, api) = app.get("/openapi.json").await;
    let (_, report) = app.get(PATH).await;
    let (_, diff) = post(&app, "/api/v1/kakao/ips/diff", &json!({ "old": "8.8.8.0/24", "new": CHANGED })).await;
    for (shape, value) in [
        ("IpsReport", &report),
        ("ServiceReport", &report["services"][0]),
        ("Remark", &report["warnings"][0]),
        ("IpsDiff", &diff),
        ("Side", &diff["old"]),
        ("ServiceDiff", &diff["services"][0]),
        ("ChangeDay", &diff["coming"][0]),
        ("ServiceChange", &diff["coming"][0]["changes"][0]),
        ("LineStanding", &diff["lines"][0]),
        ("IpsQuestion", &json!({ "old": 0, "new": 0 })),
    ] {
        for field in value.as_object().unwrap_or_else(|| panic!("{shape}: {value}")).keys() {
            let described = &api["components"]["schemas"][shape]["properties"][field];
            assert!(!described.is_null(), "{shape}.{field} is not described");
        }
    }
}

/// The server as a process, because its log is what is looked at, with everything that every library has to say.
#[tokio::test]
async fn the_key_is_in_no_line_of_the_log_even_at_trace_level() {
    let folder = tempfile::tempdir().unwrap();
    let stub = Stub::answering(|stream| {
        let body = format!(r#"{{"msg":"invalid app key {KEY}.","code":-401}}"#);
        respond(stream, "401 Unauthorized", JSON, body.as_bytes());
    });
    let mut server = command()
        .args(["serve", "--listen", "127.0.0.1:0", "--allow-net", "127.0.0.0/8"])
        .env("SCRAPLENS__LOG__LEVEL", "trace")
        .env("SCRAPLENS__IPS__STORE", in_folder(folder.path()))
        .env("SCRAPLENS__IPS__URL", stub.site.url(""))
        .env("SCRAPLENS__IPS__SPREAD_SECONDS", "0")
        .env("SCRAPLENS__IPS__RETRY_MIN_SECONDS", "1")
        .env("SCRAPLENS__IPS__RETRY_MAX_SECONDS", "1")
        .env("SCRAPLENS__IPS__KEY_ENV", "SOME_KEY")
        .env("SOME_KEY", KEY)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let url = format!("http://{}{PATH}", first.trim().rsplit("http://").next().unwrap());
    let mut stderr = server.stderr.take().unwrap();
    let log = thread::spawn(move || {
        let mut log = String::new();
        stderr.read_to_string(&mut log).unwrap();
        log
    });
    let shown = |outcome: &'static str| {
        let url = url.clone();
        async move {
            let started = Instant::now();
            loop {
                let (_, report) = helpers::json(client().get(&url).send().await.unwrap()).await;
                if report["last_attempt"]["outcome"] == outcome {
                    return report;
                }
                assert!(started.elapsed() < Duration::from_mins(1), "{report:#}");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    };

    let refused = shown("key-refused").await;
    stub.answer_from_now_on(|stream| respond(stream, "200 OK", JSON, DOCUMENTED.as_bytes()));
    let good = shown("ok").await;
    Command::new("kill").arg(server.id().to_string()).status().unwrap();
    server.wait().unwrap();

    let log = log.join().unwrap();
    assert!(log.contains("TRACE") && log.contains("hyper"), "everything is logged: {log}");
    assert!(log.contains("key-refused") && log.contains("stays in use"), "the failure is logged: {log}");
    assert_eq!(log.matches("was not refreshed").count(), log.matches("key-refused").count(), "in one line");
    for text in [&log, &refused.to_string(), &good.to_string()] {
        assert!(!text.contains(KEY), "the key is in: {text}");
    }
    for file in
        walkdir::WalkDir::new(folder.path()).into_iter().map(Result::unwrap).filter(|file| file.file_type().is_file())
    {
        assert!(!std::fs::read_to_string(file.path()).unwrap().contains(KEY), "{}", file.path().display());
    }
}
