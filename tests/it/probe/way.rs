//! The way to a site: name servers, addresses, ports.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener};

use hickory_proto::{op::ResponseCode, rr::RecordType};
use scraplens::config::Settings;
use serde_json::{Value, json};

use super::{gives, probe, settings};
use crate::{
    helpers::{TestSite, respond},
    support::{
        Deaf, HTML, PAGE,
        dns_server::{DnsServer, Reply},
        finding,
    },
};

const HOST: &str = "shop.example";

fn asking(dns: &DnsServer) -> Settings {
    let mut settings = settings();
    settings.dns.servers = vec![dns.address.to_string().parse().unwrap()];
    settings.dns.timeout_ms = 1000;
    settings.dns.attempts = 1;
    settings.scrape.images = false;
    settings
}

/// A page whose image nobody has to ask for.
fn site() -> TestSite {
    let page = PAGE.replace("og:image", "og:nothing");
    TestSite::page(page)
}

fn kinds(report: &Value) -> Value {
    let kinds = report["dns"]["kinds"].as_array().unwrap().iter();
    kinds.map(|kind| json!([kind["kind"], kind["outcome"]])).collect()
}

#[tokio::test]
async fn aliases_and_addresses_are_told_with_their_times_to_live() {
    let site = site();
    let addresses = || vec![IpAddr::V4(Ipv4Addr::LOCALHOST)];
    let dns = DnsServer::answering(move |question| match question.name.as_str() {
        "shop.example." => Reply::Alias(vec!["shop.cdn.example."], addresses()),
        _ => Reply::Addresses(addresses()),
    });

    let report = probe(&asking(&dns), &format!("http://{HOST}:{}/", site.address.port())).await;

    gives(&report, "open", &[]);
    assert_eq!((&report["dns"]["host"], &report["dns"]["source"]), (&json!(HOST), &json!("dns")));
    assert_eq!(
        report["dns"]["records"],
        json!([
            { "name": "shop.example", "kind": "CNAME", "value": "shop.cdn.example", "ttl": 3600 },
            { "name": "shop.cdn.example", "kind": "A", "value": "127.0.0.1", "ttl": 3600 },
        ])
    );
    assert_eq!(kinds(&report), json!([["A", "ok"], ["AAAA", "no-records"]]));
}

#[tokio::test]
async fn a_name_that_fails_is_told_apart_by_how_it_fails() {
    let answers = |reply: Reply| DnsServer::answering(move |_| reply.clone());
    for (reply, outcome, kind) in [
        (Reply::Code(ResponseCode::NXDomain), "dns-failed", "nxdomain"),
        (Reply::Code(ResponseCode::NoError), "dns-failed", "no-records"),
        (Reply::Code(ResponseCode::ServFail), "dns-failed", "servfail"),
        (Reply::Code(ResponseCode::Refused), "dns-failed", "refused"),
        (Reply::Silence, "dns-timeout", "timeout"),
    ] {
        let dns = answers(reply);

        let report = probe(&asking(&dns), "http://shop.example/").await;

        gives(&report, "closed", &[&format!("{outcome} error")]);
        assert_eq!(report["dns"]["outcome"], outcome);
        assert_eq!(kinds(&report), json!([["A", kind], ["AAAA", kind]]), "{report:#}");
        assert_eq!((&report["connections"], &report["visits"]), (&json!([]), &json!([])), "nobody was asked");
    }
}

#[tokio::test]
async fn a_name_server_that_breaks_one_kind_of_question_is_named() {
    let site = site();
    for (broken, severity) in [(RecordType::AAAA, "warning"), (RecordType::A, "error")] {
        let dns = DnsServer::answering(move |question| {
            if question.kind == broken {
                Reply::Code(ResponseCode::ServFail)
            } else if broken == RecordType::A {
                Reply::address(Ipv6Addr::LOCALHOST)
            } else {
                Reply::loopback()
            }
        });
        let mut settings = asking(&dns);
        settings.egress.allow.push("::1".parse().unwrap());

        let report = probe(&settings, &format!("http://{HOST}:{}/", site.address.port())).await;

        let finding = finding(&report, "dns-kind-failed");
        assert_eq!(finding["severity"], severity, "{report:#}");
        let message = finding["message"]["en"].as_str().unwrap();
        assert!(message.contains(&broken.to_string()) && message.contains("servfail"), "{message}");
        assert!(!super::findings(&report).contains(&"ipv6-only error".to_owned()), "A is unknown, not missing");
    }
}

#[tokio::test]
async fn a_site_without_ipv4_is_only_partly_open() {
    let Ok(listener) = TcpListener::bind("[::1]:0") else { return }; // no IPv6 on this machine
    let page = PAGE.replace("og:image", "og:nothing");
    let site = TestSite::on(listener, move |_, stream| respond(stream, "200 OK", HTML, page.as_bytes()));
    let dns = DnsServer::knowing("shop.example.", &Reply::address(Ipv6Addr::LOCALHOST));
    let mut settings = asking(&dns);
    settings.egress.allow.push("::1".parse().unwrap());

    let report = probe(&settings, &format!("http://{HOST}:{}/", site.address.port())).await;

    gives(&report, "partly", &["ipv6-only error"]);
    assert_eq!(finding(&report, "ipv6-only")["confidence"], "observed");
    assert_eq!(report["connections"][0]["outcome"], "ok");
}

#[tokio::test]
async fn one_dead_address_of_two_is_named_though_every_visit_succeeds() {
    let site = site();
    let port = site.address.port();
    let dns = DnsServer::knowing(
        "shop.example.",
        &Reply::Addresses(vec![Ipv4Addr::LOCALHOST.into(), Ipv4Addr::new(127, 0, 0, 2).into()]),
    );

    let report = probe(&asking(&dns), &format!("http://{HOST}:{port}/")).await;

    gives(&report, "partly", &["address-dead error"]);
    let finding = finding(&report, "address-dead");
    assert!(finding["message"]["en"].as_str().unwrap().starts_with("1 of the 2 addresses"), "{finding:#}");
    assert!(finding["evidence"].as_str().unwrap().contains(&format!("127.0.0.2:{port}")), "{finding:#}");
    assert_eq!(report["connections"][1]["outcome"], "connect-refused");
    assert_eq!(super::visit(&report, "page", "kakao")["outcome"], "ok");
}

#[tokio::test]
async fn a_dead_ipv6_address_beside_a_good_ipv4_one_is_a_warning() {
    if TcpListener::bind("[::1]:0").is_err() {
        return; // no IPv6 on this machine
    }
    let site = site();
    let dns = DnsServer::knowing(
        "shop.example.",
        &Reply::Addresses(vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]),
    );
    let mut settings = asking(&dns);
    settings.egress.allow.push("::1".parse().unwrap());

    let report = probe(&settings, &format!("http://{HOST}:{}/", site.address.port())).await;

    gives(&report, "open", &["address-dead warning"]);
    assert_eq!(report["connections"][1]["address"], format!("[::1]:{}", site.address.port()), "IPv4 comes first");
}

#[tokio::test]
async fn a_closed_port_and_a_silent_one_are_told_apart() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let report = probe(&settings(), &format!("http://127.0.0.1:{port}/")).await;
    gives(&report, "closed", &["connect-refused error", "cannot-see-ip-rules info"]);
    assert_eq!(report["visits"], json!([]));

    let deaf = Deaf::at("127.0.0.1");
    let mut settings = settings();
    settings.probe.connect_timeout_ms = 300;
    let report = probe(&settings, &format!("http://{}/", deaf.address)).await;
    gives(&report, "closed", &["connect-timeout error", "cannot-see-ip-rules info"]);
}

#[tokio::test]
async fn fixed_addresses_are_used_and_said() {
    let site = site();
    let mut settings = settings();
    settings.fetch.resolve = vec![format!("{HOST}:{}:127.0.0.1", site.address.port()).parse().unwrap()];

    let report = probe(&settings, &format!("http://{HOST}:{}/", site.address.port())).await;

    gives(&report, "open", &[]);
    assert_eq!((&report["dns"]["source"], &report["dns"]["kinds"]), (&json!("pinned"), &json!([])));
    assert!(report["limits"].to_string().contains("fixed by hand"), "{report:#}");
}

#[tokio::test]
async fn only_so_many_addresses_are_dialled() {
    let site = site();
    let dns = DnsServer::knowing(
        "shop.example.",
        &Reply::Addresses((1..=4).map(|last| Ipv4Addr::new(127, 0, 0, last).into()).collect()),
    );
    let mut settings = asking(&dns);
    settings.probe.max_addresses = 1;

    let report = probe(&settings, &format!("http://{HOST}:{}/", site.address.port())).await;

    assert_eq!(report["connections"].as_array().unwrap().len(), 1);
    assert!(report["limits"].to_string().contains("Of 4 addresses only 1"), "{report:#}");
}
