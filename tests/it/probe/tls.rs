//! TLS as a probe sees it: real OpenSSL servers with chains of the test's own making.

use std::net::TcpListener;

use jiff::{Timestamp, ToSpan as _, tz::TimeZone};
use scraplens::config::Settings;
use serde_json::{Value, json};

use super::{gives, probe, settings, visit};
use crate::support::{
    finding,
    tls_server::{Authority, Days, Identity, OpenSsl, TlsSite, VALID, self_signed},
};

const HOST: &str = "shop.example";

fn trusting(root: &Authority, site: &TlsSite) -> Settings {
    let (path, folder) = root.file();
    let _kept = folder.keep(); // read while the settings are used for building
    let mut settings = settings();
    settings.fetch.resolve = vec![site.pin(HOST)];
    settings.fetch.extra_roots = vec![path];
    settings
}

/// The report of a real OpenSSL server that shows `identity`.
async fn openssl(root: &Authority, identity: &Identity, options: &[&str]) -> Value {
    let server = OpenSsl::serving(identity, options);
    let mut settings = trusting(root, &server.site);
    settings.probe.runs = 1;
    probe(&settings, &server.site.url(HOST)).await
}

fn handshake(report: &Value) -> &Value {
    &report["connections"][0]["tls"]
}

#[tokio::test]
async fn a_good_certificate_is_described_and_the_page_is_open() {
    let root = Authority::root("Test Root");
    let middle = root.intermediate("Test Middle", VALID);
    let site = TlsSite::page(&middle.issue(&[HOST], VALID), &[middle.certificate()]);
    let mut settings = trusting(&root, &site);
    settings.probe.image_runs = 1;
    let mut ask = super::ask(&settings, &site.url(HOST));
    ask.image = false;

    let report = serde_json::to_value(super::prober(&settings).probe(&ask, None).await).unwrap();

    gives(&report, "open", &[]);
    let tls = handshake(&report);
    assert_eq!((&tls["outcome"], &tls["version"]), (&json!("ok"), &json!("TLS 1.3")));
    assert_eq!(tls["versions"], json!(["TLS 1.2", "TLS 1.3"]), "what rustls speaks");
    assert_eq!(
        tls["chain"],
        json!([
            { "subject": "CN=shop.example", "issuer": "CN=Test Middle", "names": [HOST],
              "not_before": "2020-01-01", "not_after": "2099-12-31" },
            { "subject": "CN=Test Middle", "issuer": "CN=Test Root", "names": [],
              "not_before": "2020-01-01", "not_after": "2099-12-31" },
        ])
    );
    assert!(tls["days_left"].as_i64().unwrap() > 20_000 && tls["missing"].is_null(), "{tls:#}");
    assert_eq!(visit(&report, "page", "browser")["outcome"], "ok");
}

#[tokio::test]
async fn a_certificate_that_is_not_accepted_is_told_with_its_chain_and_its_remedy() {
    let root = Authority::root("Test Root");
    let middle = root.intermediate("Test Middle", VALID);
    let past: Days = ((2020, 1, 1), (2021, 12, 31));
    for (identity, code, evidence, missing) in [
        (root.issue(&["other.example"], VALID), "tls-name-mismatch", "other.example", None),
        (root.issue(&[HOST], past), "tls-expired", "expired on 2021-12-31", None),
        (middle.issue(&[HOST], VALID), "tls-incomplete-chain", "CN=Test Middle", Some("CN=Test Middle")),
        (self_signed(&[HOST], false), "tls-untrusted", "self-signed", None),
    ] {
        let report = openssl(&root, &identity, &[]).await;

        gives(&report, "closed", &[&format!("{code} error")]);
        let finding = finding(&report, code);
        assert!(finding["evidence"].as_str().unwrap().contains(evidence), "{finding:#}");
        let tls = handshake(&report);
        assert_eq!((&tls["outcome"], &tls["missing"]), (&json!(code), &json!(missing)));
        assert_eq!(tls["chain"].as_array().unwrap().len(), 1, "what was sent is told: {tls:#}");
        assert_eq!(tls["versions"], json!(["TLS 1.2", "TLS 1.3"]), "a bad certificate hides no version");
        assert_eq!(report["visits"], json!([]), "before TLS nobody has said who is asking");
    }
}

#[tokio::test]
async fn a_server_that_speaks_nothing_newer_than_tls_1_1_is_told_by_its_versions() {
    let root = Authority::root("Test Root");
    let identity = root.issue(&[HOST], VALID);
    for (option, version) in [("-tls1_1", "TLS 1.1"), ("-tls1", "TLS 1.0")] {
        let report = openssl(&root, &identity, &[option, "-cipher", "ALL:@SECLEVEL=0"]).await;

        gives(&report, "closed", &["tls-old-version error"]);
        assert_eq!(handshake(&report)["versions"], json!([version]), "{report:#}");
    }
}

#[tokio::test]
async fn every_version_that_a_server_takes_is_told() {
    let root = Authority::root("Test Root");
    let identity = root.issue(&[HOST], VALID);
    for (options, versions, findings) in [
        (&["-www", "-cipher", "ALL:@SECLEVEL=0"][..], json!(["TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3"]), &[][..]),
        (&["-www", "-tls1_2"], json!(["TLS 1.2"]), &[]),
        (&["-www", "-tls1_3"], json!(["TLS 1.3"]), &["tls-13-only info"]),
    ] {
        let report = openssl(&root, &identity, options).await;

        gives(&report, "open", findings);
        assert_eq!(handshake(&report)["versions"], versions, "{options:?}");
    }
}

#[tokio::test]
async fn a_certificate_that_ends_soon_is_a_warning_with_the_days() {
    let root = Authority::root("Test Root");
    let end = Timestamp::now().to_zoned(TimeZone::UTC).checked_add(6.days()).unwrap().date();
    let day = |date: jiff::civil::Date| {
        (i32::from(date.year()), u8::try_from(date.month()).unwrap(), u8::try_from(date.day()).unwrap())
    };
    let identity = root.issue(&[HOST], ((2020, 1, 1), day(end)));

    let report = openssl(&root, &identity, &["-www"]).await;

    gives(&report, "open", &["tls-expires-soon warning"]);
    // It ends at midnight: five whole days and a part of one.
    assert_eq!(handshake(&report)["days_left"], 5);
    assert!(finding(&report, "tls-expires-soon")["message"]["ko"].as_str().unwrap().contains("5일"), "{report:#}");
}

#[tokio::test]
async fn one_server_of_two_with_a_bad_certificate_is_named() {
    let root = Authority::root("Test Root");
    let good = TlsSite::page(&root.issue(&[HOST], VALID), &[]);
    let port = good.port();
    // The second server stands at the same port of another address.
    let listener = TcpListener::bind(("127.0.0.2", port)).unwrap();
    let _bad = plain_http(listener);
    let mut settings = trusting(&root, &good);
    settings.fetch.resolve = vec![format!("{HOST}:{port}:127.0.0.1,127.0.0.2").parse().unwrap()];
    let mut ask = super::ask(&settings, &good.url(HOST));
    ask.image = false;

    let report = serde_json::to_value(super::prober(&settings).probe(&ask, None).await).unwrap();

    gives(&report, "partly", &["address-dead error"]);
    let finding = finding(&report, "address-dead");
    assert!(finding["message"]["en"].as_str().unwrap().contains("fail at TLS"), "{finding:#}");
    assert!(finding["evidence"].as_str().unwrap().contains("plain HTTP"), "{finding:#}");
}

/// A server that answers plain HTTP to whatever comes.
fn plain_http(listener: TcpListener) -> crate::helpers::TestSite {
    std::thread::spawn(move || {
        for mut stream in listener.incoming().filter_map(Result::ok) {
            crate::support::write(&mut stream, b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
        }
    });
    crate::helpers::TestSite::page("")
}
