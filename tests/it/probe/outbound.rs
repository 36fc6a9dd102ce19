//! Whether this machine reaches Kakao: hosts of the test's own stand in for Kakao's.

use std::net::{Ipv4Addr, TcpListener};

use hickory_proto::op::ResponseCode;
use scraplens::config::Settings;
use serde_json::{Value, json};

use super::{prober, settings};
use crate::support::{
    dns_server::{DnsServer, Reply},
    tls_server::{Authority, TlsSite, VALID},
};

async fn outbound(settings: &Settings) -> Value {
    let report = prober(settings).outbound(None).await;
    serde_json::to_value(report).unwrap()
}

#[tokio::test]
async fn every_host_is_tried_and_each_failure_has_its_remedy() {
    let root = Authority::root("Test Root");
    let good = TlsSite::page(&root.issue(&["kapi.example"], VALID), &[]);
    let opened = TlsSite::page(&Authority::root("Company Proxy").issue(&["kauth.example"], VALID), &[]);
    let shut = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let dns = DnsServer::answering(|question| match question.name.as_str() {
        "gone.example." => Reply::Code(ResponseCode::NXDomain),
        "inside.example." => Reply::address(Ipv4Addr::new(10, 20, 30, 40)),
        _ => Reply::loopback(),
    });
    let (path, folder) = root.file();
    let _kept = folder.keep();
    let mut settings = settings();
    settings.fetch.extra_roots = vec![path];
    settings.dns.servers = vec![dns.address.to_string().parse().unwrap()];
    settings.probe.outbound_hosts = [
        format!("kapi.example:{}", good.port()),
        format!("kauth.example:{}", opened.port()),
        format!("dapi.example:{shut}"),
        "gone.example".to_owned(),
        "inside.example".to_owned(),
    ]
    .iter()
    .map(|host| host.parse().unwrap())
    .collect();

    let report = outbound(&settings).await;

    assert_eq!(report["reachable"], false);
    assert!(report["headline"]["en"].as_str().unwrap().contains("4 of 5 hosts"), "{report:#}");
    assert!(report["advice"]["en"].as_str().unwrap().contains("by name, HTTPS on port 443"), "{report:#}");
    let hosts = report["hosts"].as_array().unwrap();
    for (host, (outcome, advice)) in hosts.iter().zip([
        ("ok", ""),
        ("tls-incomplete-chain", "opens TLS on the way"),
        ("connect-refused", "Allow dapi.example on port 443"),
        ("dns-failed", "port 53"),
        ("address-private", "internal DNS"),
    ]) {
        assert_eq!(host["outcome"], outcome, "{host:#}");
        assert!(host["advice"]["en"].as_str().unwrap_or_default().contains(advice), "{host:#}");
    }
    assert_eq!(hosts[0]["connections"][0]["tls"]["outcome"], "ok");
    assert!(!report.to_string().contains("10.20.30.40"), "{report:#}");
}

#[tokio::test]
async fn a_machine_that_reaches_every_host_is_told_so() {
    let root = Authority::root("Test Root");
    let site = TlsSite::page(&root.issue(&["kapi.example"], VALID), &[]);
    let (path, folder) = root.file();
    let _kept = folder.keep();
    let mut settings = settings();
    settings.fetch.extra_roots = vec![path];
    settings.fetch.resolve = vec![site.pin("kapi.example")];
    settings.probe.outbound_hosts = vec![format!("kapi.example:{}", site.port()).parse().unwrap()];

    let report = outbound(&settings).await;

    assert_eq!((&report["reachable"], &report["hosts"][0]["outcome"]), (&json!(true), &json!("ok")), "{report:#}");
    assert_eq!(report["hosts"][0]["dns"]["source"], "pinned");
}

#[tokio::test]
async fn kakaos_own_hosts_are_tried_by_default() {
    let dns = DnsServer::answering(|_| Reply::Code(ResponseCode::NXDomain));
    let mut settings = settings();
    settings.dns.servers = vec![dns.address.to_string().parse().unwrap()];

    let report = outbound(&settings).await;

    assert!(dns.names().contains(&"kapi.kakao.com.".to_owned()), "{:?}", dns.names());
    assert_eq!(report["hosts"].as_array().unwrap().len(), dns.names().len());
}
