//! The way from a name to an address, with a name server of the test's own: what is asked, which answer is dialled, and how
//! each failure is told.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener},
    thread,
    time::Duration,
};

use hickory_proto::{op::ResponseCode, rr::RecordType};
use scraplens::config::Settings;
use serde_json::{Value, json};

use crate::{
    helpers::{TestApp, TestSite, codes, respond, settings, spawn_app_with},
    support::{
        Deaf, HTML, PAGE, arrived,
        dns_server::{DnsServer, Reply},
        failed, finding, timed,
    },
};

/// Settings that ask `server` and nobody else. Every port is open, so that it is the address that decides.
fn asking(server: &DnsServer) -> Settings {
    let mut settings = settings();
    settings.egress.ports = (1..=u16::MAX).collect();
    settings.dns.servers = vec![server.address.to_string().parse().unwrap()];
    settings
}

fn app_asking(server: &DnsServer) -> TestApp {
    spawn_app_with(&asking(server))
}

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const LOOPBACK_V6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);
const PRIVATE: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 9, 8, 7));

fn loopback(last: u8) -> IpAddr {
    Ipv4Addr::new(127, 0, 0, last).into()
}

// --- what is asked, and how ---

#[tokio::test]
async fn a_name_is_looked_up_and_stays_the_name_in_the_request() {
    let (server, site) = (DnsServer::knowing("shop.example.", &Reply::loopback()), TestSite::page(PAGE));
    let (app, port) = (app_asking(&server), site.address.port());

    let report = app.scrape(&format!("http://SHOP.example:{port}/")).await;

    arrived(&report, &[]);
    assert_eq!(site.seen()[0].headers["host"], format!("shop.example:{port}"));
    assert_eq!(server.names(), ["shop.example."]);
    assert_eq!((server.count(RecordType::A), server.count(RecordType::AAAA)), (1, 1), "each kind once");
    assert_eq!(
        (&report["card"]["host"], &report["hops"][0]["address"]),
        (&json!("shop.example"), &json!(site.address.to_string()))
    );
    let timing = &report["hops"][0]["timing_ms"];
    assert!(timing["dns"].as_f64().unwrap() > 0.0 && timing["connect"].as_f64().unwrap() >= 0.0, "{timing:#}");
}

#[tokio::test]
async fn names_are_asked_for_as_dns_writes_them_and_without_search_domains() {
    let site = TestSite::page(PAGE);
    let port = site.address.port();
    for (description, host, asked, header) in [
        ("Hangul", "한국.kr", "xn--3e0b707e.kr.", "xn--3e0b707e.kr"),
        ("the dot of the root", "shop.example.", "shop.example.", "shop.example"),
        ("a single label", "intranet", "intranet.", "intranet"),
        ("an underscore", "my_blog.example.com", "my_blog.example.com.", "my_blog.example.com"),
        ("many labels", "a.b.c.d.e.f.example", "a.b.c.d.e.f.example.", "a.b.c.d.e.f.example"),
    ] {
        let server = DnsServer::answering(|_| Reply::loopback());
        let app = app_asking(&server);

        let report = app.scrape(&format!("http://{host}:{port}/")).await;

        assert_eq!(report["outcome"], "ok", "{description}: {report:#}");
        assert_eq!(server.names(), [asked], "{description}");
        assert_eq!(site.seen().last().unwrap().headers["host"], format!("{header}:{port}"), "{description}");
    }
}

#[tokio::test]
async fn a_name_that_is_nowhere_is_asked_for_under_no_other_name() {
    let server = DnsServer::answering(|_| Reply::Code(ResponseCode::NXDomain));
    let app = app_asking(&server);

    let report = app.scrape("http://intranet/").await;

    failed(&report, "dns-failed", "site");
    assert_eq!(server.names(), ["intranet."]);
}

#[tokio::test]
async fn localhost_and_names_under_it_are_this_machine_without_asking() {
    let server = DnsServer::answering(|_| Reply::address(PRIVATE));
    let (app, site) = (app_asking(&server), TestSite::page(PAGE));
    for host in ["localhost", "app.localhost", "LOCALHOST."] {
        let report = app.scrape(&format!("http://{host}:{}/", site.address.port())).await;

        arrived(&report, &[]);
        assert_eq!(report["hops"][0]["address"], site.address.to_string(), "{host}");
    }
    assert_eq!(server.asked(), [], "RFC 6761, 6.3");
}

#[tokio::test]
async fn an_answer_too_long_for_udp_is_asked_for_again_over_tcp() {
    let server = DnsServer::answering(|question| if question.over_tcp { Reply::loopback() } else { Reply::Truncated });
    let (app, site) = (app_asking(&server), TestSite::page(PAGE));

    let report = app.scrape(&format!("http://long.example:{}/", site.address.port())).await;

    arrived(&report, &[]);
    let over_tcp = |kind| server.asked().iter().filter(|question| question.over_tcp && question.kind == kind).count();
    assert_eq!((over_tcp(RecordType::A), over_tcp(RecordType::AAAA)), (1, 1));
}

#[tokio::test]
async fn no_answer_is_kept_and_each_hop_asks_anew() {
    let server = DnsServer::answering(|_| Reply::loopback());
    let app = app_asking(&server);
    let site = TestSite::pages(&[("/1", "302 Found", "location: /2\r\n", ""), ("/2", "200 OK", HTML, PAGE)]);
    let url = |path: &str| format!("http://twice.example:{}{path}", site.address.port());

    app.scrape(&url("/1")).await;
    app.scrape(&url("/2")).await;

    assert_eq!(site.seen().len(), 3);
    assert_eq!(server.count(RecordType::A), 3, "a TTL of an hour does not matter");
}

#[tokio::test]
async fn a_name_that_turns_to_a_private_address_between_two_hops_is_refused() {
    let server =
        DnsServer::answering(|question| Reply::address(if question.earlier == 0 { LOOPBACK } else { PRIVATE }));
    let app = app_asking(&server);
    let site = TestSite::pages(&[("/1", "302 Found", "location: /2\r\n", ""), ("/2", "200 OK", HTML, PAGE)]);

    let report = app.scrape(&format!("http://rebound.example:{}/1", site.address.port())).await;

    let evidence = failed(&report, "address-private", "site");
    assert!(!evidence.contains("10.9.8.7"), "what an internal name server says is not read out: {evidence}");
    assert_eq!(site.seen().len(), 1);
}

// --- which answer is dialled ---

#[tokio::test]
async fn an_alias_is_followed_to_its_end() {
    let site = TestSite::page(PAGE);
    let port = site.address.port();
    let whole =
        DnsServer::knowing("www.example.", &Reply::Alias(vec!["cdn.example.", "edge.cdn.example."], vec![LOOPBACK]));
    let piecewise = DnsServer::answering(|question| match question.name.as_str() {
        "www.example." => Reply::Alias(vec!["cdn.example."], vec![]),
        "cdn.example." => Reply::Alias(vec!["edge.cdn.example."], vec![]),
        _ => Reply::loopback(),
    });
    for (description, server) in [("in one answer", whole), ("name by name", piecewise)] {
        let app = app_asking(&server);

        let report = app.scrape(&format!("http://www.example:{port}/")).await;

        assert_eq!(report["outcome"], "ok", "{description}: {report:#}");
        let host = site.seen().last().unwrap().headers["host"].clone();
        assert_eq!(host, format!("www.example:{port}"), "{description}: the alias is not the host");
    }
}

#[tokio::test]
async fn of_both_kinds_of_address_ipv4_is_dialled_first() {
    let server = DnsServer::answering(|_| Reply::Addresses(vec![LOOPBACK_V6, LOOPBACK]));
    let mut settings = asking(&server);
    settings.egress.allow.push("::1".parse().unwrap());
    let (app, site) = (spawn_app_with(&settings), TestSite::page(PAGE));
    let port = site.address.port();
    // Where a machine has IPv6, the same port answers there too.
    let other = TcpListener::bind((LOOPBACK_V6, port)).map(|listener| TestSite::on(listener, |_, _| ()));

    let report = app.scrape(&format!("http://both.example:{port}/")).await;

    arrived(&report, &[]);
    assert_eq!(report["hops"][0]["address"], site.address.to_string());
    assert_eq!(other.map_or(0, |other| other.connections()), 0);
}

#[tokio::test]
async fn a_name_with_only_an_ipv6_address_is_dialled_there() {
    let server = DnsServer::answering(|_| Reply::address(LOOPBACK_V6));
    let mut settings = asking(&server);
    settings.egress.allow.push("::1".parse().unwrap());
    let app = spawn_app_with(&settings);
    // A container may have no IPv6 at all; then there is no way there, and the report says where to.
    let site = TcpListener::bind((LOOPBACK_V6, 0))
        .map(|listener| TestSite::on(listener, |_, stream| respond(stream, "200 OK", HTML, PAGE.as_bytes())));
    let port = site.as_ref().map_or(8080, |site| site.address.port());

    let report = app.scrape(&format!("http://six.example:{port}/")).await;

    if let Ok(site) = site {
        arrived(&report, &[]);
        assert_eq!(report["hops"][0]["address"], site.address.to_string());
    } else {
        assert_eq!(failed(&report, "connect-unreachable", "site"), "[::1]:8080");
    }
}

#[tokio::test]
async fn one_private_address_among_the_answers_refuses_the_name() {
    let site = TestSite::page(PAGE);
    for (description, addresses, limit) in [
        ("before the good one", vec![PRIVATE, LOOPBACK], 8),
        ("after the good one", vec![LOOPBACK, PRIVATE], 8),
        ("after more than are dialled", vec![LOOPBACK, PRIVATE], 1),
        ("of the other kind", vec![LOOPBACK, "fd00::7".parse().unwrap()], 8),
        ("an IPv4 address in IPv6 clothes", vec![LOOPBACK, "::ffff:10.9.8.7".parse().unwrap()], 8),
    ] {
        let server = DnsServer::answering(move |_| Reply::Addresses(addresses.clone()));
        let mut settings = asking(&server);
        settings.dns.max_addresses = limit;
        let app = spawn_app_with(&settings);

        let report = app.scrape(&format!("http://mixed.example:{}/", site.address.port())).await;

        assert_eq!(report["outcome"], "address-private", "{description}: {report:#}");
        let evidence = failed(&report, "address-private", "site");
        assert!(!evidence.contains("10.9.8.7") && !evidence.contains("fd00"), "{description}: {evidence}");
        assert_eq!(report["hops"][0]["address"], Value::Null);
    }
    assert_eq!(site.connections(), 0);
}

#[tokio::test]
async fn a_dead_address_does_not_hide_a_living_one_as_long_as_it_is_among_the_first() {
    let listener = TcpListener::bind("127.0.0.4:0").unwrap();
    let site = TestSite::on(listener, |_, stream| respond(stream, "200 OK", HTML, PAGE.as_bytes()));
    let port = site.address.port();
    let server = DnsServer::answering(|_| Reply::Addresses(vec![loopback(2), loopback(3), loopback(2), loopback(4)]));
    let with = |limit| {
        let mut settings = asking(&server);
        settings.dns.max_addresses = limit;
        spawn_app_with(&settings)
    };
    let (three, two) = (with(3), with(2));

    let found = three.scrape(&format!("http://many.example:{port}/")).await;
    let lost = two.scrape(&format!("http://many.example:{port}/")).await;

    arrived(&found, &[]);
    assert_eq!(found["hops"][0]["address"], site.address.to_string());
    assert_eq!(failed(&lost, "connect-refused", "site"), format!("127.0.0.2:{port}, 127.0.0.3:{port}"));
}

#[tokio::test]
async fn a_silent_address_leaves_time_for_the_next_one() {
    let silent = Deaf::at("127.0.0.5");
    let port = silent.address.port();
    let listener = TcpListener::bind(("127.0.0.6", port)).unwrap();
    let _site = TestSite::on(listener, |_, stream| respond(stream, "200 OK", HTML, PAGE.as_bytes()));
    let server = DnsServer::answering(|_| Reply::Addresses(vec![loopback(5), loopback(6)]));
    let mut settings = asking(&server);
    settings.fetch.connect_timeout_ms = 1_000;
    let app = spawn_app_with(&settings);

    let report = app.scrape(&format!("http://half.example:{port}/")).await;

    arrived(&report, &[]);
    assert_eq!(report["hops"][0]["address"], format!("127.0.0.6:{port}"));
}

#[tokio::test]
async fn a_url_without_a_port_is_asked_for_at_its_schemes() {
    // An address of this process's own: another one may run this test at the same time.
    let [.., high, low] = std::process::id().to_be_bytes();
    let ip = Ipv4Addr::new(127, 77, high, low);
    let server = DnsServer::answering(move |_| Reply::address(ip));
    let app = app_asking(&server);
    // Port 80 is not everybody's to listen on; nobody does at this address, unless this test may.
    let site = TcpListener::bind((ip, 80))
        .map(|listener| TestSite::on(listener, |_, stream| respond(stream, "200 OK", HTML, PAGE.as_bytes())));

    let http = app.scrape("http://plain.example/").await;
    let https = app.scrape("https://plain.example/").await;

    if let Ok(site) = site {
        arrived(&http, &[]);
        assert_eq!(site.seen()[0].headers["host"], "plain.example", "a default port is not written");
        assert_eq!(http["hops"][0]["address"], format!("{ip}:80"));
    } else {
        assert_eq!(failed(&http, "connect-refused", "site"), format!("{ip}:80"));
    }
    assert_eq!(failed(&https, "connect-refused", "site"), format!("{ip}:443"));
}

#[tokio::test]
async fn a_port_that_is_not_open_at_the_named_address_is_the_callers_to_open() {
    let server = DnsServer::answering(|_| Reply::address(Ipv4Addr::new(93, 184, 216, 34)));
    let mut settings = asking(&server);
    settings.egress.ports = vec![80, 443];
    let app = spawn_app_with(&settings);

    let report = app.scrape("http://public.example:22/").await;

    assert_eq!(failed(&report, "port-refused", "caller"), "port 22 is not in egress.ports");
}

// --- failures ---

#[tokio::test]
async fn each_way_a_name_can_fail_is_told_apart() {
    for (description, reply, evidence) in [
        ("no such name", Reply::Code(ResponseCode::NXDomain), "does not exist"),
        ("a name without addresses", Reply::Code(ResponseCode::NoError), "no address"),
        ("a broken name server", Reply::Code(ResponseCode::ServFail), "Server Failure"),
        ("a name server that does not want to", Reply::Code(ResponseCode::Refused), "Refused"),
        ("an alias that leads nowhere", Reply::Alias(vec!["gone.example."], vec![]), "no address"),
    ] {
        let server = DnsServer::answering(move |question| match question.name.as_str() {
            "bad.example." => reply.clone(),
            _ => Reply::Code(ResponseCode::NoError),
        });
        let app = app_asking(&server);

        let report = app.scrape("http://bad.example/").await;

        assert_eq!(report["outcome"], "dns-failed", "{description}: {report:#}");
        let proof = failed(&report, "dns-failed", "site");
        assert!(proof.contains(evidence), "{description}: {proof}");
        assert_eq!(codes(&report), ["dns-failed"]);
        assert_eq!((&report["card"], &report["page"]), (&Value::Null, &Value::Null));
        let hop = &report["hops"][0];
        assert_eq!((&hop["status"], &hop["address"]), (&Value::Null, &Value::Null), "{description}");
        assert!(hop["timing_ms"]["dns"].as_f64().is_some(), "{description}: how long it took is told");
    }
}

#[tokio::test]
async fn silent_name_servers_are_a_timeout_of_their_own_within_the_limit() {
    let server = DnsServer::answering(|_| Reply::Silence);
    let mut settings = asking(&server);
    settings.dns.timeout_ms = 600;
    let app = spawn_app_with(&settings);

    let (report, took) = timed(&app, "http://slow.example/", 1_100).await;

    let evidence = failed(&report, "dns-timeout", "site");
    assert!(evidence.contains("did not answer in time"), "{evidence}");
    assert!((550..1_100).contains(&took), "{took} ms");
    assert_eq!(codes(&report), ["dns-timeout"]);
}

#[tokio::test]
async fn the_deadline_also_ends_a_lookup() {
    let server = DnsServer::answering(|_| Reply::Silence);
    let mut settings = asking(&server);
    settings.fetch.deadline_ms = 500;
    let app = spawn_app_with(&settings);

    let (report, took) = timed(&app, "http://slow.example/", 1_000).await;

    assert_eq!(failed(&report, "timeout", "site"), "stage dns: over 0.5 s");
    assert!(took < 1_000, "{took} ms");
}

#[tokio::test]
async fn a_question_that_got_lost_is_asked_again() {
    let server =
        DnsServer::answering(|question| if question.earlier == 0 { Reply::Silence } else { Reply::loopback() });
    let (app, site) = (app_asking(&server), TestSite::page(PAGE));

    let report = app.scrape(&format!("http://lossy.example:{}/", site.address.port())).await;

    arrived(&report, &[]);
    assert_eq!(server.count(RecordType::A), 2);
}

#[tokio::test]
async fn a_slow_or_silent_half_of_the_answer_does_not_lose_the_other_half() {
    let site = TestSite::page(PAGE);
    for (description, late, reply) in [
        ("AAAA is slow", RecordType::AAAA, Some(Reply::Code(ResponseCode::NoError))),
        ("AAAA never comes", RecordType::AAAA, None),
        ("AAAA is broken", RecordType::AAAA, Some(Reply::Code(ResponseCode::ServFail))),
        ("AAAA is denied", RecordType::AAAA, Some(Reply::Code(ResponseCode::NXDomain))),
    ] {
        let server = DnsServer::answering(move |question| {
            if question.kind != late {
                return Reply::loopback();
            }
            thread::sleep(Duration::from_millis(200));
            reply.clone().unwrap_or(Reply::Silence)
        });
        let mut settings = asking(&server);
        settings.dns.timeout_ms = 600;
        let app = spawn_app_with(&settings);

        let (report, took) = timed(&app, &format!("http://half.example:{}/", site.address.port()), 1_100).await;

        assert_eq!(report["outcome"], "ok", "{description}: {report:#}");
        assert!(took < 1_100, "{description}: {took} ms");
        assert!(report["hops"][0]["timing_ms"]["dns"].as_f64().unwrap() >= 200.0, "{description}: both are waited for");
    }
}

#[tokio::test]
async fn a_private_address_in_the_slow_half_still_refuses_the_name() {
    let server = DnsServer::answering(|question| {
        if question.kind == RecordType::A {
            return Reply::loopback();
        }
        thread::sleep(Duration::from_millis(200));
        Reply::address("fd00::7".parse::<IpAddr>().unwrap())
    });
    let (app, site) = (app_asking(&server), TestSite::page(PAGE));

    let report = app.scrape(&format!("http://half.example:{}/", site.address.port())).await;

    failed(&report, "address-private", "site");
    assert_eq!(site.connections(), 0);
}

#[tokio::test]
async fn a_name_server_that_is_not_there_is_a_timeout_whose_advice_names_the_setting() {
    let mut settings = settings();
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    settings.dns.servers = vec![nobody.to_string().parse().unwrap()];
    let app = spawn_app_with(&settings);

    let report = app.scrape("http://any.example/").await;

    failed(&report, "dns-timeout", "site");
    let advice = finding(&report, "dns-timeout")["advice"]["en"].as_str().unwrap();
    assert!(advice.contains("dns.servers"), "from here it looks like the domain's silence: {advice}");
}

#[tokio::test]
async fn a_second_name_server_stands_in_for_a_silent_first() {
    let (silent, good) = (DnsServer::answering(|_| Reply::Silence), DnsServer::answering(|_| Reply::loopback()));
    let mut settings = settings();
    settings.dns.servers = [&silent, &good].iter().map(|server| server.address.to_string().parse().unwrap()).collect();
    let (app, site) = (spawn_app_with(&settings), TestSite::page(PAGE));

    let report = app.scrape(&format!("http://any.example:{}/", site.address.port())).await;

    arrived(&report, &[]);
}

#[tokio::test]
async fn time_for_the_name_is_not_silence_of_the_site() {
    let server = DnsServer::answering(|_| {
        thread::sleep(Duration::from_millis(500));
        Reply::loopback()
    });
    let mut settings = asking(&server);
    settings.fetch.read_timeout_ms = 400;
    let (app, site) = (spawn_app_with(&settings), TestSite::page(PAGE));

    let report = app.scrape(&format!("http://slow.example:{}/", site.address.port())).await;

    arrived(&report, &[]);
}

// --- names fixed by hand ---

#[tokio::test]
async fn a_fixed_name_wins_over_dns_for_its_port_only() {
    let server = DnsServer::answering(|_| Reply::address(PRIVATE));
    let (here, there) = (TestSite::page(PAGE), TestSite::page(PAGE));
    let mut settings = asking(&server);
    settings.fetch.resolve = vec![format!("Staging.example:{}:127.0.0.1", here.address.port()).parse().unwrap()];
    let app = spawn_app_with(&settings);

    let fixed = app.scrape(&format!("http://staging.example:{}/", here.address.port())).await;
    let asked_for_fixed = server.asked();
    let other = app.scrape(&format!("http://staging.example:{}/", there.address.port())).await;

    arrived(&fixed, &[]);
    assert_eq!(here.seen()[0].headers["host"], format!("staging.example:{}", here.address.port()));
    assert_eq!(asked_for_fixed, [], "a fixed name is not looked up");
    failed(&other, "address-private", "site");
    assert_eq!(server.names(), ["staging.example."]);
}

#[tokio::test]
async fn a_fixed_address_is_judged_like_any_other() {
    let site = TestSite::page(PAGE);
    let port = site.address.port();
    let mut settings = settings();
    settings.egress.allow.clear();
    settings.egress.ports.push(port);
    settings.fetch.resolve = vec![format!("staging.example:{port}:127.0.0.1").parse().unwrap()];
    let app = spawn_app_with(&settings);

    let report = app.scrape(&format!("http://staging.example:{port}/")).await;

    failed(&report, "address-private", "site");
    assert_eq!(site.connections(), 0);
}
