//! The outbound guard on each of a probe's ways out: nothing private is dialled, and no private address is told.

use std::net::{IpAddr, Ipv4Addr, TcpListener};

use scraplens::config::Settings;
use serde_json::{Value, json};

use super::{findings, gives, probe, settings, visit};
use crate::{
    helpers::{TestSite, respond},
    support::{
        HTML,
        dns_server::{DnsServer, Reply},
    },
};

/// The public address of a test: this machine's loopback, which the settings open. `10.20.30.40` stays shut.
const PRIVATE: Ipv4Addr = Ipv4Addr::new(10, 20, 30, 40);

fn asking(dns: &DnsServer) -> Settings {
    let mut settings = settings();
    settings.dns.servers = vec![dns.address.to_string().parse().unwrap()];
    settings
}

/// Names: `shop.example` is ours, `intra.example` is private, `mixed.example` is both.
fn names() -> DnsServer {
    DnsServer::answering(|question| {
        let (ours, private) = (IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V4(PRIVATE));
        Reply::Addresses(match question.name.as_str() {
            "mixed.example." => vec![ours, private],
            "intra.example." => vec![private],
            _ => vec![ours],
        })
    })
}

#[track_caller]
fn says_nothing_of_the_private_address(report: &Value) {
    assert!(!report.to_string().contains(&PRIVATE.to_string()), "{report:#}");
}

#[tokio::test]
async fn a_name_with_one_private_answer_is_refused_and_its_addresses_are_not_told() {
    let site = TestSite::page("<title>x</title>");
    let port = site.address.port();
    for host in ["mixed.example", "intra.example"] {
        let mut settings = asking(&names());
        settings.egress.ports.push(port);

        let report = probe(&settings, &format!("http://{host}:{port}/")).await;

        gives(&report, "closed", &["address-private error"]);
        assert_eq!((&report["dns"]["outcome"], &report["dns"]["records"]), (&json!("address-private"), &json!([])));
        assert_eq!((&report["connections"], &report["visits"]), (&json!([]), &json!([])));
        says_nothing_of_the_private_address(&report);
    }
    assert_eq!(site.connections(), 0, "nobody was dialled");
}

#[tokio::test]
async fn a_private_address_that_was_asked_for_is_refused() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut settings = settings();
    settings.egress.allow.clear();
    settings.egress.ports.push(listener.local_addr().unwrap().port());

    let report = probe(&settings, &format!("http://{}/", listener.local_addr().unwrap())).await;

    gives(&report, "closed", &["address-private error"]);
    listener.set_nonblocking(true).unwrap();
    assert!(listener.accept().is_err(), "nobody knocked");
}

#[tokio::test]
async fn a_port_that_is_not_open_to_us_says_nothing_about_the_site() {
    let dns = names();
    let report = probe(&asking(&dns), "http://93.184.215.14:22/").await;
    gives(&report, "not-checked", &["port-refused error"]);

    let mut settings = asking(&dns);
    settings.egress.allow = vec!["127.0.0.0/8:80".parse().unwrap()];
    let report = probe(&settings, "http://shop.example:22/").await;
    gives(&report, "not-checked", &["port-refused error"]);
    assert_eq!(dns.asked(), [], "the port decides before anybody is asked");
}

#[tokio::test]
async fn an_image_on_a_private_address_is_not_asked_for() {
    let image = "http://intra.example/a.png";
    let html = format!("<title>제목</title><meta property=\"og:image\" content=\"{image}\">");
    let site = TestSite::page(html);

    let report = probe(&asking(&names()), &format!("http://shop.example:{}/", site.address.port())).await;

    gives(&report, "partly", &["image-private error"]);
    for who in ["kakao", "browser"] {
        assert_eq!(visit(&report, "image", who)["outcome"], "address-private");
    }
    says_nothing_of_the_private_address(&report);
}

#[tokio::test]
async fn a_redirect_to_a_private_address_is_not_followed() {
    for location in ["http://intra.example/", "http://mixed.example/"] {
        let headers = format!("{HTML}location: {location}\r\n");
        let site = TestSite::answering(move |_, stream| respond(stream, "302 Found", &headers, b""));

        let report = probe(&asking(&names()), &format!("http://shop.example:{}/", site.address.port())).await;

        assert_eq!(report["verdict"], "closed", "{report:#}");
        assert!(findings(&report).contains(&"address-private error".to_owned()), "{report:#}");
        assert_eq!(visit(&report, "page", "kakao")["runs"].as_array().unwrap().len(), 1, "it is not asked twice");
        says_nothing_of_the_private_address(&report);
    }
}

#[tokio::test]
async fn a_fixed_address_is_judged_like_any_other() {
    let mut settings = settings();
    settings.fetch.resolve = vec![format!("shop.example:80:{PRIVATE}").parse().unwrap()];

    let report = probe(&settings, "http://shop.example/").await;

    gives(&report, "closed", &["address-private error"]);
    says_nothing_of_the_private_address(&report);
}
