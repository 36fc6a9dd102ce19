//! The way to a page over TLS: what a scraper that trusts public authorities and fetches no missing certificates would see.
//! Names are fixed to loopback by `fetch.resolve`; authorities are the test's own.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    thread,
    time::Duration,
};

use scraplens::config::Settings;
use serde_json::{Value, json};

use crate::{
    helpers::{TestApp, TestSite, codes, settings, spawn_app_with},
    support::{
        HTML, PAGE, TITLE, arrived, failed, fall_silent, finding, hurry, reset, timed,
        tls_server::{Authority, OpenSsl, TlsSite, VALID, behind_tcp, self_signed},
    },
};

const HOST: &str = "shop.example";

/// Settings with `HOST` fixed to `site`, and `root` among the trusted authorities.
fn trusting(root: Option<&Authority>, site: &TlsSite) -> Settings {
    let mut settings = settings();
    settings.fetch.resolve = vec![site.pin(HOST)];
    if let Some(root) = root {
        // Read while the settings are used for building; the folder may go afterwards.
        let (path, folder) = root.file();
        settings.fetch.extra_roots = vec![path];
        let _kept = folder.keep();
    }
    settings
}

/// The report of `site` under `HOST`.
async fn visit(root: Option<&Authority>, site: &TlsSite) -> Value {
    let app = spawn_app_with(&trusting(root, site));
    app.scrape(&site.url(HOST)).await
}

#[tokio::test]
async fn a_chain_that_ends_at_a_trusted_authority_gives_a_card_and_is_described() {
    let root = Authority::root("Test Root");
    let middle = root.intermediate("Test Middle", VALID);
    let site = TlsSite::page(&middle.issue(&[HOST, "*.shop.example"], VALID), &[middle.certificate()]);

    let report = visit(Some(&root), &site).await;

    arrived(&report, &[]);
    let hop = &report["hops"][0];
    assert_eq!(
        hop["tls"],
        json!({
            "subject": "CN=shop.example",
            "issuer": "CN=Test Middle",
            "names": ["shop.example", "*.shop.example"],
            "not_before": "2020-01-01T00:00:00Z",
            "not_after": "2099-12-31T00:00:00Z",
            "chain_length": 2,
        })
    );
    assert!(hop["timing_ms"]["tls"].as_f64().unwrap() > 0.0, "{hop:#}");
    assert!(hop["timing_ms"]["connect"].as_f64().is_some() && hop["timing_ms"]["wait"].as_f64().is_some(), "{hop:#}");
    assert_eq!((&hop["address"], &hop["status"]), (&json!(site.address.to_string()), &json!(200)));
    assert_eq!(report["card"]["url"], site.url(HOST));
}

#[tokio::test]
async fn a_certificate_for_an_address_is_good_for_that_address() {
    let root = Authority::root("Test Root");
    let site = TlsSite::page(&root.issue(&["127.0.0.1"], VALID), &[]);
    let app = spawn_app_with(&trusting(Some(&root), &site));

    let report = app.scrape(&site.url("127.0.0.1")).await;

    arrived(&report, &[]);
    assert_eq!(report["hops"][0]["tls"]["names"], json!(["127.0.0.1"]));
}

/// What a report of a refused certificate owes besides its code.
#[track_caller]
fn refused(report: &Value, code: &str, site: &TlsSite, certificates: usize) -> String {
    let evidence = failed(report, code, "site");
    assert_eq!(codes(report), [code]);
    assert_eq!((&report["card"], &report["page"]), (&Value::Null, &Value::Null));
    let hop = &report["hops"][0];
    assert_eq!(hop["status"], Value::Null);
    assert_eq!(hop["address"], site.address.to_string(), "who showed the certificate: {hop:#}");
    match certificates {
        0 => assert_eq!(hop["tls"], Value::Null, "{hop:#}"),
        sent => assert_eq!(hop["tls"]["chain_length"], sent, "a certificate that is refused is shown all the same"),
    }
    assert_eq!(hop["timing_ms"]["tls"], Value::Null, "the handshake did not finish: {hop:#}");
    evidence
}

#[tokio::test]
async fn a_self_signed_certificate_is_untrusted() {
    for authority in [false, true] {
        let site = TlsSite::page(&self_signed(&[HOST], authority), &[]);

        let report = visit(None, &site).await;

        let evidence = refused(&report, "tls-untrusted", &site, 1);
        assert_eq!(evidence, "self-signed certificate: CN=shop.example", "made as an authority: {authority}");
    }
}

#[tokio::test]
async fn a_private_authority_that_is_sent_along_is_untrusted_and_named() {
    let (root, other) = (Authority::root("Our Company Root"), Authority::root("Another Root"));
    let middle = root.intermediate("Our Company CA", VALID);
    let site = TlsSite::page(&middle.issue(&[HOST], VALID), &[middle.certificate(), root.certificate()]);

    let report = visit(Some(&other), &site).await;

    let evidence = refused(&report, "tls-untrusted", &site, 3);
    assert!(evidence.contains("CN=Our Company Root"), "{evidence}");
}

#[tokio::test]
async fn a_missing_intermediate_is_an_incomplete_chain_and_names_what_is_missing() {
    let root = Authority::root("Test Root");
    let middle = root.intermediate("Test Middle", VALID);
    let lower = middle.intermediate("Test Lower", VALID);
    let leaf = lower.issue(&[HOST], VALID);
    for (description, others, missing) in [
        ("the certificate alone", vec![], "CN=Test Lower"),
        ("one intermediate of two", vec![lower.certificate()], "CN=Test Middle"),
    ] {
        let site = TlsSite::page(&leaf, &others);

        let report = visit(Some(&root), &site).await;

        let evidence = refused(&report, "tls-incomplete-chain", &site, 1 + others.len());
        assert!(evidence.contains(missing), "{description}: {evidence}");
    }
}

#[tokio::test]
async fn a_certificate_for_other_names_says_for_which() {
    let root = Authority::root("Test Root");
    let site = TlsSite::page(&root.issue(&["www.shop.example", "*.shop.example", "203.0.113.7"], VALID), &[]);

    let report = visit(Some(&root), &site).await;

    let evidence = refused(&report, "tls-name-mismatch", &site, 1);
    assert!(evidence.contains("www.shop.example, *.shop.example, 203.0.113.7"), "{evidence}");
    let message = finding(&report, "tls-name-mismatch")["message"]["en"].as_str().unwrap();
    assert!(message.contains(HOST), "the host that was asked for: {message}");
}

#[tokio::test]
async fn a_certificate_outside_its_days_says_which_day_it_is_about() {
    let root = Authority::root("Test Root");
    let (past, future) = (((2020, 1, 1), (2021, 2, 3)), ((2090, 4, 5), (2099, 1, 1)));
    for (days, evidence) in
        [(past, "the certificate expired on 2021-02-03"), (future, "the certificate is not valid before 2090-04-05")]
    {
        let site = TlsSite::page(&root.issue(&[HOST], days), &[]);

        let report = visit(Some(&root), &site).await;

        assert_eq!(refused(&report, "tls-expired", &site, 1), evidence);
    }
}

#[tokio::test]
async fn an_expired_intermediate_is_not_taken_for_the_certificate_itself() {
    let root = Authority::root("Test Root");
    let middle = root.intermediate("Test Middle", ((2010, 1, 1), (2021, 9, 30)));
    let site = TlsSite::page(&middle.issue(&[HOST], VALID), &[middle.certificate()]);

    let report = visit(Some(&root), &site).await;

    let evidence = refused(&report, "tls-expired", &site, 2);
    assert!(evidence.contains("2021-09-30") && evidence.contains("CN=Test Middle"), "{evidence}");
}

#[tokio::test]
async fn a_server_that_knows_nothing_newer_than_tls_1_1_is_told_to_be_old() {
    let root = Authority::root("Test Root");
    let server = OpenSsl::serving(&root.issue(&[HOST], VALID), &["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"]);

    let report = visit(Some(&root), &server.site).await;

    let evidence = refused(&report, "tls-old-version", &server.site, 0);
    assert!(evidence.contains("TLS 1.2"), "{evidence}");
}

#[tokio::test]
async fn a_server_of_tls_1_2_is_new_enough() {
    let root = Authority::root("Test Root");
    let server = OpenSsl::serving(&root.issue(&[HOST], VALID), &["-tls1_2", "-www"]);

    let report = visit(Some(&root), &server.site).await;

    assert_eq!(report["outcome"], "ok", "{report:#}");
    assert!(report["hops"][0]["timing_ms"]["tls"].as_f64().unwrap() > 0.0);
}

#[tokio::test]
async fn a_server_without_a_common_cipher_suite_failed_the_handshake() {
    let root = Authority::root("Test Root");
    let server = OpenSsl::serving(&root.issue(&[HOST], VALID), &["-tls1_2", "-cipher", "AES128-SHA"]);

    let report = visit(Some(&root), &server.site).await;

    let evidence = refused(&report, "tls-failed", &server.site, 0);
    assert!(evidence.to_lowercase().contains("handshake"), "{evidence}");
}

#[tokio::test]
async fn plain_http_on_an_https_url_is_told_as_that() {
    let site = behind_tcp(|mut stream| {
        let mut hello = [0; 16];
        let _read = stream.read(&mut hello);
        let _gone = stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
        fall_silent(&mut stream);
    });

    let report = visit(None, &site).await;

    let evidence = refused(&report, "tls-failed", &site, 0);
    assert!(evidence.contains("not TLS"), "what the port speaks instead: {evidence}");
}

#[tokio::test]
async fn a_server_that_hangs_up_during_the_handshake_failed_it() {
    let site = behind_tcp(|mut stream| {
        let _read = stream.read(&mut [0; 4096]);
    });

    let report = visit(None, &site).await;

    let evidence = refused(&report, "tls-failed", &site, 0);
    assert!(evidence.contains("closed the connection during the TLS handshake"), "{evidence}");
}

#[tokio::test]
async fn a_reset_during_the_handshake_is_told_as_that() {
    let site = behind_tcp(|mut stream| {
        let _read = stream.read(&mut [0; 4096]);
        reset(&stream);
    });

    let report = visit(None, &site).await;

    failed(&report, "connect-reset", "site");
    assert_eq!(codes(&report), ["connect-reset", "cannot-see-ip-rules"], "filters that look at SNI do this");
}

#[tokio::test]
async fn a_server_that_accepts_and_falls_silent_is_a_connect_timeout_that_says_tls() {
    let site = behind_tcp(|mut stream: TcpStream| fall_silent(&mut stream));
    let mut settings = trusting(None, &site);
    hurry(&mut settings, 500, 5_000, 5_000);
    let app: TestApp = spawn_app_with(&settings);

    let (report, took) = timed(&app, &site.url(HOST), 1_000).await;

    let evidence = failed(&report, "connect-timeout", "site");
    assert!(evidence.contains("TLS") && evidence.contains("0.5 s"), "{evidence}");
    assert!((500..1_000).contains(&took), "{took} ms");
    let hop = &report["hops"][0];
    assert_eq!(hop["address"], site.address.to_string(), "TCP was up");
    assert!(hop["timing_ms"]["connect"].as_f64().is_some() && hop["timing_ms"]["tls"].is_null(), "{hop:#}");
}

#[tokio::test]
async fn the_deadline_also_ends_a_handshake() {
    let site = behind_tcp(|mut stream| fall_silent(&mut stream));
    let mut settings = trusting(None, &site);
    hurry(&mut settings, 5_000, 5_000, 500);
    let app = spawn_app_with(&settings);

    let (report, took) = timed(&app, &site.url(HOST), 1_000).await;

    assert_eq!(failed(&report, "timeout", "site"), "stage tls: over 0.5 s");
    assert!(took < 1_000, "{took} ms");
}

#[tokio::test]
async fn time_for_the_handshake_is_not_silence_of_the_site() {
    let root = Authority::root("Test Root");
    let site = TlsSite::page(&root.issue(&[HOST], VALID), &[]);
    let behind = site.address;
    let slow = behind_tcp(move |mut client| {
        thread::sleep(Duration::from_millis(900));
        let mut server = TcpStream::connect(behind).unwrap();
        let (mut up, mut down) = (client.try_clone().unwrap(), server.try_clone().unwrap());
        thread::spawn(move || std::io::copy(&mut up, &mut server));
        let _gone = std::io::copy(&mut down, &mut client);
        let _gone = client.shutdown(std::net::Shutdown::Both);
    });
    let mut settings = trusting(Some(&root), &slow);
    hurry(&mut settings, 5_000, 500, 5_000);
    let app = spawn_app_with(&settings);

    let report = app.scrape(&slow.url(HOST)).await;

    arrived(&report, &[]);
    assert!(report["hops"][0]["timing_ms"]["tls"].as_f64().unwrap() > 500.0, "{report:#}");
}

#[tokio::test]
async fn a_redirect_from_https_to_http_is_followed_and_mentioned() {
    let root = Authority::root("Test Root");
    let plain = TestSite::page(PAGE);
    let redirect = format!("HTTP/1.1 302 Found\r\nlocation: {}\r\ncontent-length: 0\r\n\r\n", plain.url("/plain"));
    let site = TlsSite::answering(&root.issue(&[HOST], VALID), &[], redirect);

    let report = visit(Some(&root), &site).await;

    arrived(&report, &["redirect-downgrade"]);
    let evidence = finding(&report, "redirect-downgrade")["evidence"].as_str().unwrap();
    assert_eq!(evidence, format!("{} -> {}", site.url(HOST), plain.url("/plain")));
    assert!(report["hops"][0]["tls"].is_object() && report["hops"][1]["tls"].is_null());
    assert_eq!(plain.seen()[0].headers.get("referer"), None);
}

#[tokio::test]
async fn a_redirect_from_http_to_https_is_nothing_to_mention() {
    let root = Authority::root("Test Root");
    let site = TlsSite::page(&root.issue(&[HOST], VALID), &[]);
    let headers = format!("location: {}\r\n", site.url(HOST));
    let plain = TestSite::pages(&[("/", "301 Moved Permanently", &headers, "")]);
    let app = spawn_app_with(&trusting(Some(&root), &site));

    let report = app.scrape(&plain.url("/")).await;

    arrived(&report, &[]);
    assert_eq!(report["card"]["host"], HOST);
}

#[tokio::test]
async fn a_page_behind_tls_without_a_goodbye_is_whole_if_its_length_says_so() {
    let root = Authority::root("Test Root");
    let whole = format!("HTTP/1.1 200 OK\r\n{HTML}content-length: {}\r\n\r\n{PAGE}", PAGE.len());
    let open_end = format!("HTTP/1.1 200 OK\r\n{HTML}\r\n{PAGE}");
    for (description, answer, outcome) in [("with a length", whole, "ok"), ("without", open_end, "response-cut")] {
        let site = TlsSite::hanging_up(&root.issue(&[HOST], VALID), answer);

        let report = visit(Some(&root), &site).await;

        assert_eq!(report["outcome"], outcome, "{description} (RFC 9112, 9.8): {report:#}");
        assert_eq!(report["card"]["title"], TITLE, "{description}");
    }
}
