//! The client against everything that Kakao's API, or somebody in its place, may answer: each is told apart, the list before stays
//! in use and untouched, and the key gets nowhere.

use std::{fs, net::TcpListener, net::TcpStream, path::Path};

use scraplens::{acl::list::Origin, ips::IpsError};

use super::stub::{CHANGED, DOCUMENTED, JSON, KEY, Stub, in_folder, ips};
use crate::{
    helpers::{TestSite, respond},
    support::fall_silent,
};

type Answer = Box<dyn Fn(&mut TcpStream) + Send + Sync>;

fn said(status: &'static str, headers: &'static str, body: impl Into<Vec<u8>>) -> Answer {
    let body = body.into();
    Box::new(move |stream| respond(stream, status, headers, &body))
}

fn json(status: &'static str, body: impl Into<Vec<u8>>) -> Answer {
    said(status, JSON, body)
}

#[tokio::test]
async fn the_documented_answer_is_fetched_with_the_key_and_kept_byte_for_byte() {
    let folder = tempfile::tempdir().unwrap();
    let stub = Stub::list(DOCUMENTED);
    let settings = stub.settings(&in_folder(folder.path()));
    let ips = ips(&settings);
    assert_eq!(ips.current().list().origin, Origin::Announced, "there is no list yet");

    let news = ips.refresh().await.unwrap();

    assert!(!news.diff.same && news.remarks.is_empty(), "{news:?}");
    let [request] = &stub.site.seen()[..] else { panic!("one request") };
    assert_eq!((request.method.as_str(), request.path.as_str()), ("GET", "/v1/system/ips"));
    assert_eq!(request.headers["authorization"], format!("KakaoAK {KEY}"));
    assert_eq!(request.headers["accept"], "application/json");
    assert_eq!(fs::read_to_string(settings.ips.store_path().unwrap()).unwrap(), DOCUMENTED);
    let list = ips.current().list();
    assert_eq!((list.origin, list.updated.as_deref()), (Origin::Api, Some("2026-10-01")));
    assert_eq!(list.name, stub.site.url("/v1/system/ips"));
    assert_eq!(list.services[1].unknown, ["note"]);
    assert_eq!(super::stub::ips(&settings).current().list(), list, "another process finds it");
}

#[tokio::test]
async fn whatever_else_is_answered_is_told_apart_and_the_list_before_stays() {
    let elsewhere = TestSite::page("somebody else");
    let redirect: &'static str = format!("location: {}\r\n", elsewhere.url("/")).leak();
    let half = DOCUMENTED.split_at(DOCUMENTED.len() / 2).0;
    let cases: Vec<(&str, Answer, &str)> = vec![
        ("a wrong key", json("401 Unauthorized", r#"{"msg":"invalid app key.","code":-401}"#), "key-refused"),
        ("401 without words", said("401 Unauthorized", "content-type: text/html\r\n", "<h1>no</h1>"), "key-refused"),
        ("a wrong key under 200", json("200 OK", r#"{"msg":"invalid app key.","code":-401}"#), "key-refused"),
        ("quota", json("400 Bad Request", r#"{"msg":"API limit has been exceeded.","code":-10}"#), "quota-exceeded"),
        ("permission", json("403 Forbidden", r#"{"msg":"permission denied","code":-5}"#), "api-refused"),
        ("maintenance", json("503 Service Unavailable", r#"{"msg":"maintenance","code":-9798}"#), "api-failed"),
        ("a redirect", said("302 Found", redirect, ""), "api-redirected"),
        ("a login page", said("200 OK", "content-type: text/html\r\n", "<html>"), "answer-malformed"),
        ("the list as HTML", said("200 OK", "content-type: text/html\r\n", DOCUMENTED), "answer-malformed"),
        ("not JSON", json("200 OK", "inbound: none"), "answer-malformed"),
        ("half of it, well framed", json("200 OK", half), "answer-malformed"),
        ("nothing", json("204 No Content", ""), "answer-malformed"),
        ("bytes", json("200 OK", vec![b'{', 0xFF, 0xFE]), "answer-malformed"),
        ("no ranges", json("200 OK", r#"{"inbound":[],"updatedDate":"2026-11-01"}"#), "answer-empty"),
        ("outbound alone", json("200 OK", r#"{"outbound":[],"updatedDate":"2026-11-01"}"#), "answer-malformed"),
        ("everybody", json("200 OK", r#"{"inbound":[{"service":"scrap","ips":["0.0.0.0/0"]}]}"#), "answer-too-wide"),
        ("a plain list", json("200 OK", r#"["27.0.236.0/22"]"#), "not-official"),
        ("too much", json("200 OK", format!("{DOCUMENTED}{}", " ".repeat(70_000))), "answer-too-large"),
        ("silence", Box::new(fall_silent), "api-timeout"),
        (
            "a broken connection",
            Box::new(|stream| {
                let head = format!("HTTP/1.1 200 OK\r\n{JSON}content-length: {}\r\n\r\n", DOCUMENTED.len());
                crate::support::write(stream, format!("{head}{}", &DOCUMENTED[..200]).as_bytes());
            }),
            "answer-cut",
        ),
        (
            "its own key",
            json("401 Unauthorized", format!(r#"{{"msg":"no app has {KEY}","code":-401}}"#)),
            "key-refused",
        ),
        ("a list with the key", json("200 OK", DOCUMENTED.replace("새 항목", KEY)), "answer-malformed"),
    ];
    let folder = tempfile::tempdir().unwrap();
    let stub = Stub::list(DOCUMENTED);
    let mut settings = stub.settings(&in_folder(folder.path()));
    settings.ips.max_bytes = 64 * 1024;
    settings.ips.deadline_ms = 1_500;
    let ips = ips(&settings);
    ips.refresh().await.unwrap();
    let (before, kept) = (ips.report(), files(folder.path()));
    for (what, answer, code) in cases {
        stub.answer_from_now_on(answer);

        let error = ips.refresh().await.unwrap_err();

        assert_eq!(error.code(), code, "{what}: {error}");
        let after = ips.report();
        assert_eq!(
            (&after.list, &after.sha256, after.fetched_at),
            (&before.list, &before.sha256, before.fetched_at),
            "{what}"
        );
        assert_eq!(files(folder.path()), kept, "{what} changed a file");
        let attempt = after.last_attempt.unwrap();
        assert_eq!(attempt.outcome, code);
        assert!(attempt.advice.is_some_and(|advice| !advice.ko.is_empty()));
        let words = ips.shelf().words();
        let said = format!("{error} {error:?} {:?} {:?}", error.message(words), error.advice(words));
        assert!(!said.contains(KEY), "{what}: {said}");
    }
    assert_eq!(elsewhere.connections(), 0, "nobody else gets the key");

    stub.answer_from_now_on(said("200 OK", "", CHANGED));
    assert!(!ips.refresh().await.unwrap().diff.same, "JSON without a type is JSON");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_from_one_that_is_slow() {
    let stub = Stub::list(DOCUMENTED);
    let mut settings = stub.settings("");
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    settings.ips.url = scraplens::ips::ApiUrl::parse(&format!("http://{closed}")).unwrap();

    assert_eq!(ips(&settings).refresh().await.unwrap_err().code(), "api-unreachable");
    settings.egress.allow.clear();
    assert_eq!(ips(&settings).refresh().await.unwrap_err().code(), "api-denied", "the guard holds here, too");
}

#[tokio::test]
async fn a_list_that_lost_more_than_half_is_kept_and_warned_about() {
    let stub = Stub::list(DOCUMENTED);
    let ips = ips(&stub.settings(""));
    ips.refresh().await.unwrap();
    let few = r#"{"inbound":[{"service":"scrap","ips":["27.0.236.0/24"],"ports":[443]}],"updatedDate":"2026-11-22"}"#;
    stub.answer_from_now_on(json("200 OK", few));

    let news = ips.refresh().await.unwrap();

    assert_eq!(news.remarks[0].code, "list-shrunk");
    assert_eq!(ips.current().list().ranges.len(), 1);
    assert!(ips.report().warnings.iter().any(|warning| warning.code == "list-shrunk"));
}

#[tokio::test]
async fn the_key_comes_from_the_environment_or_from_the_first_line_of_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let stub = Stub::list(DOCUMENTED);
    let mut settings = stub.settings("");
    let file = folder.path().join("key");
    fs::write(&file, format!("  {KEY} \nnot this\n")).unwrap();

    settings.ips.key = None;
    assert_eq!(
        ips(&settings).refresh().await.unwrap_err(),
        IpsError::KeyMissing { variable: "KAKAO_REST_API_KEY".to_owned() }
    );
    settings.ips.key_file.clone_from(&file);
    ips(&settings).refresh().await.unwrap();
    fs::write(&file, "two words\n").unwrap();
    assert_eq!(ips(&settings).refresh().await.unwrap_err().code(), "key-unusable");
    settings.ips.key_file = folder.path().join("nowhere");
    assert_eq!(ips(&settings).refresh().await.unwrap_err().code(), "key-unreadable");
    assert_eq!(stub.site.seen().len(), 1, "nobody is asked without a key");
}

/// Every file under a folder with what is in it.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let files = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().map(Result::unwrap);
    let files = files.filter(|entry| entry.file_type().is_file());
    files.map(|entry| (entry.path().display().to_string(), fs::read(entry.path()).unwrap())).collect()
}
