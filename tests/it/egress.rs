//! The outbound guard from outside: a listener plays the host that nobody may reach, and must see not one connection,
//! however its address is written, named, redirected to or pointed at. Expected values are written from the address text.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr, SocketAddr, TcpListener, UdpSocket},
    process::Output,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use hickory_proto::{
    op::{Message, ResponseCode},
    rr::{
        Name, RData, Record, RecordType,
        rdata::{A, AAAA, CNAME},
    },
};
use scraplens::{config::Settings, egress::EgressPolicy};
use serde_json::Value;

use crate::helpers::{TestApp, TestSite, command, json, respond, scrape_path, settings, spawn_app_with};

/// Two hosts at one port: `open` (127.0.0.2) may be reached where the test's settings say so, the other never.
/// One port, so that nothing but the address tells them apart.
struct Street {
    open: TestSite,
    forbidden: Vec<TestSite>,
    port: u16,
}

impl Street {
    /// The open host redirects `/to/N` to the Nth of `locations`, and is a page everywhere else.
    fn with(locations: impl Fn(u16) -> Vec<String>) -> Self {
        let (open, forbidden, port) = same_port();
        let locations = locations(port);
        let open = TestSite::on(open, move |seen, stream| {
            let number = seen.path.strip_prefix("/to/").and_then(|number| number.parse::<usize>().ok());
            match number.and_then(|number| locations.get(number)) {
                Some(location) => respond(stream, "301 Moved Permanently", &format!("location: {location}\r\n"), b""),
                None => respond(stream, "200 OK", "content-type: text/html\r\n", b"<title>open</title>"),
            }
        });
        let secret = |listener| {
            TestSite::on(listener, |_, stream| {
                respond(stream, "200 OK", "content-type: text/html\r\n", b"<title>secret</title>");
            })
        };
        Self { open, forbidden: forbidden.into_iter().map(secret).collect(), port }
    }

    fn new() -> Self {
        Self::with(|_| Vec::new())
    }

    /// Settings that list the port, so that nothing but the address rules protect, and open what `allow` names.
    fn settings(&self, allow: &[&str]) -> Settings {
        let mut settings = settings();
        settings.egress.ports.push(self.port);
        settings.egress.allow = allow.iter().map(|text| text.parse().unwrap()).collect();
        settings
    }

    fn open_only(&self) -> TestApp {
        spawn_app_with(&self.settings(&["127.0.0.2/32"]))
    }

    /// A URL with `PORT` replaced.
    fn url(&self, text: &str) -> String {
        text.replace("PORT", &self.port.to_string())
    }

    /// How often the forbidden host was knocked at.
    fn knocks(&self) -> usize {
        self.forbidden.iter().map(TestSite::connections).sum()
    }
}

/// Listeners at one port: 127.0.0.2, and 127.0.0.1 with, where the machine has IPv6, `::1`.
fn same_port() -> (TcpListener, Vec<TcpListener>, u16) {
    let has_v6 = TcpListener::bind("[::1]:0").is_ok();
    for _ in 0..100 {
        let open = TcpListener::bind("127.0.0.2:0").unwrap();
        let port = open.local_addr().unwrap().port();
        let others = ["127.0.0.1", "[::1]"].into_iter().take(if has_v6 { 2 } else { 1 });
        let forbidden: Vec<_> = others.filter_map(|host| TcpListener::bind(format!("{host}:{port}")).ok()).collect();
        if forbidden.len() == if has_v6 { 2 } else { 1 } {
            return (open, forbidden, port);
        }
    }
    panic!("no port is free on three addresses");
}

/// How the forbidden host can be written. The second column says whether this machine would get there without a guard;
/// where it is false, the packet would leave for a relay, a tunnel or nowhere.
const SPELLINGS: &[(&str, bool)] = &[
    // RFC 3986 dotted decimal, and what inet_aton makes of everything else
    ("http://127.0.0.1:PORT/", true),
    ("http://2130706433:PORT/", true),
    ("http://0x7f000001:PORT/", true),
    ("http://0X7F000001:PORT/", true),
    ("http://0x000000007f000001:PORT/", true),
    ("http://017700000001:PORT/", true),
    ("http://127.1:PORT/", true),
    ("http://127.0.1:PORT/", true),
    ("http://0x7f.1:PORT/", true),
    ("http://0177.1:PORT/", true),
    ("http://0177.0.0.1:PORT/", true),
    ("http://0x7f.0.0.01:PORT/", true),
    ("http://0177.0x0.0.0x1:PORT/", true),
    ("http://00000177.0.0.1:PORT/", true),
    ("http://127.0.0.01:PORT/", true),
    ("http://127.0x0.1:PORT/", true),
    ("http://127.0.0.1.:PORT/", true),
    ("http://127.1.:PORT/", true),
    ("http://127.0.0.3:PORT/", false),
    ("http://127.255.255.254:PORT/", false),
    ("http://0.0.0.0:PORT/", true),
    ("http://0:PORT/", true),
    ("http://0x0:PORT/", true),
    ("http://00.0:PORT/", true),
    // IPv6, and IPv4 inside it
    ("http://[::1]:PORT/", true),
    ("http://[0:0:0:0:0:0:0:1]:PORT/", true),
    ("http://[0000::0001]:PORT/", true),
    ("http://[::]:PORT/", false),
    ("http://[::ffff:127.0.0.1]:PORT/", true),
    ("http://[::ffff:7f00:1]:PORT/", true),
    ("http://[::FFFF:7F00:0001]:PORT/", true),
    ("http://[0:0:0:0:0:ffff:127.0.0.1]:PORT/", true),
    ("http://[::ffff:0.0.0.0]:PORT/", true),
    ("http://[::127.0.0.1]:PORT/", false),
    ("http://[::7f00:1]:PORT/", false),
    ("http://[::ffff:0:127.0.0.1]:PORT/", false),
    ("http://[::ffff:0:7f00:1]:PORT/", false),
    ("http://[64:ff9b::7f00:1]:PORT/", false),
    ("http://[64:ff9b::127.0.0.1]:PORT/", false),
    ("http://[64:ff9b:1::7f00:1]:PORT/", false),
    ("http://[64:ff9b:1:7f00:0:100::]:PORT/", false),
    ("http://[2002:7f00:1::]:PORT/", false),
    ("http://[2002:7f00:1::1]:PORT/", false),
    ("http://[2001:0:7f00:1::]:PORT/", false),
    ("http://[2001:0:4136:e378:8000:63bf:80ff:fffe]:PORT/", false),
    ("http://[2606:4700::5efe:127.0.0.1]:PORT/", false),
    ("http://[2606:4700::200:5efe:7f00:1]:PORT/", false),
    ("http://[fe80::5efe:127.0.0.1]:PORT/", false),
    ("http://[fe80::1]:PORT/", false),
    ("http://[fec0::1]:PORT/", false),
    ("http://[fc00::1]:PORT/", false),
    ("http://[fd00:ec2::254]:PORT/", false),
    ("http://[ff02::1]:PORT/", false),
    // characters that IDNA maps to digits, dots and letters
    ("http://１２７．０．０．１:PORT/", true),
    ("http://127。0。0。1:PORT/", true),
    ("http://127｡0｡0｡1:PORT/", true),
    ("http://①②⑦.⓪.⓪.①:PORT/", true),
    ("http://¹²⁷.⁰.⁰.¹:PORT/", true),
    ("http://𝟏𝟐𝟕.𝟎.𝟎.𝟏:PORT/", true),
    ("http://１２７.1:PORT/", true),
    ("http://０:PORT/", true),
    // names that never leave the machine (RFC 6761, 6.3)
    ("http://localhost:PORT/", true),
    ("http://localhost.:PORT/", true),
    ("http://LOCALHOST:PORT/", true),
    ("http://LocalHost.:PORT/", true),
    ("http://app.localhost:PORT/", true),
    ("http://a.b.localhost.:PORT/", true),
    ("http://ｌｏｃａｌｈｏｓｔ:PORT/", true),
    ("http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:PORT/", true),
    // the URL parser's leniency
    ("http://%31%32%37.0.0.1:PORT/", true),
    ("http://127%2e0%2E0%2e1:PORT/", true),
    ("http://%6c%6F%63alhost:PORT/", true),
    ("http:127.0.0.1:PORT/", true),
    ("http:/127.0.0.1:PORT/", true),
    ("http:////127.0.0.1:PORT/", true),
    ("http:\\\\127.0.0.1:PORT\\", true),
    ("http:/\\/127.0.0.1:PORT/", true),
    ("HTTP://127.0.0.1:PORT", true),
    ("http://127.0.0.1:0000PORT/", true),
    ("http://127.0\t.0.1:PORT/", true),
    ("ht\ttp://127.0.0.1:\tPORT/", true),
    ("http://@127.0.0.1:PORT/", true),
    // text that looks like another host
    ("http://127.0.0.1:PORT#@127.0.0.2:PORT/", true),
    ("http://127.0.0.1:PORT?@127.0.0.2:PORT/", true),
    ("http://127.0.0.1:PORT/@127.0.0.2:PORT/", true),
    ("http://127.0.0.1:PORT\\@127.0.0.2:PORT/", true),
];

/// These cannot stand in a `Location` header.
const SPELLINGS_WITH_LINES: &[(&str, bool)] = &[
    ("http://127.\n0.0.1:PORT/", true),
    ("h\r\nttp://127.0.0.1\r\n:PORT/", true),
    ("\u{0}\u{1f} http://127.0.0.1:PORT/ \n", true),
    ("\u{feff}http://127.0.0.1:PORT/\u{200b}", true),
];

/// What a report says of a host that is refused: nothing about what would have answered.
#[track_caller]
fn assert_refused(report: &Value, what: &str) {
    assert_eq!(report["outcome"], "address-private", "{what}: {report:#}");
    assert!(report["blame"].is_string(), "{what}: {report:#}");
    let last = report["hops"].as_array().and_then(|hops| hops.last()).unwrap();
    assert!(last["status"].is_null() && last["address"].is_null(), "{what}: {report:#}");
    assert!(report["card"].is_null() && report["page"].is_null(), "{what}: {report:#}");
}

#[tokio::test]
async fn no_spelling_of_a_private_address_reaches_its_listener() {
    let street = Street::new();
    let app = spawn_app_with(&street.settings(&[]));

    for (spelling, _) in SPELLINGS.iter().chain(SPELLINGS_WITH_LINES) {
        let report = app.scrape(&street.url(spelling)).await;

        assert_refused(&report, spelling);
        let is_name = ["local", "LOCAL", "Local", "%6c", "ｌ", "ⓛ"].iter().any(|start| spelling.contains(start));
        if !is_name {
            assert_eq!(report["blame"], "caller", "{spelling}");
        }
    }
    assert_eq!((street.knocks(), street.open.connections()), (0, 0));
}

/// The other side of the test above: each spelling marked `true` does lead to the listener, so its silence means something.
#[tokio::test]
async fn the_same_spellings_reach_the_listener_where_the_operator_opens_it() {
    let street = Street::new();
    let app = spawn_app_with(&street.settings(&["127.0.0.1", "::1", "0.0.0.0"]));
    let has_v6 = street.forbidden.len() == 2;
    let reachable = SPELLINGS.iter().chain(SPELLINGS_WITH_LINES).filter(|(_, reachable)| *reachable);

    let mut dials = 0;
    for (spelling, _) in reachable {
        let is_v6 = spelling.contains("::1]") || spelling.contains("0:1]") || spelling.contains("::0001]");
        if is_v6 && !has_v6 {
            continue;
        }
        let (_, report) = app.get(&format!("{}&fresh=true", scrape_path(&street.url(spelling)))).await;
        dials += 1;

        assert_eq!(report["outcome"], "ok", "{spelling}: {report:#}");
        assert_eq!(report["card"]["title"], "secret", "{spelling}");
    }
    assert_eq!((street.knocks(), street.open.connections()), (dials, 0));
}

#[tokio::test]
async fn a_text_that_is_no_url_or_carries_a_user_is_refused_before_anything_is_dialled() {
    let street = Street::new();
    let app = street.open_only();

    for (text, code) in [
        ("http://127.0.0.2@127.0.0.1:PORT/", "url-userinfo"),
        ("http://127.0.0.2:PORT@127.0.0.1:PORT/", "url-userinfo"),
        ("http://user:hunter2@127.0.0.1:PORT/", "url-userinfo"),
        ("http://:pass@127.0.0.1:PORT/", "url-userinfo"),
        ("http://127.0.0.2:PORT%2f@127.0.0.1:PORT/", "url-userinfo"),
        ("http://127.0.0.2&@127.0.0.1:PORT/", "url-userinfo"),
        ("http://x@127.0.0.2:PORT@127.0.0.1:PORT/", "url-userinfo"),
        ("http://[127.0.0.1]:PORT/", "url-invalid"),
        ("http://[::1%25lo]:PORT/", "url-invalid"),
        ("http://[::ffff:127.1]:PORT/", "url-invalid"),
        ("http://256.0.0.1:PORT/", "url-invalid"),
        ("http://127.0.0.1.0:PORT/", "url-invalid"),
        ("http://4294967296:PORT/", "url-invalid"),
        ("http://127.0.0.1%00:PORT/", "url-invalid"),
        ("http://127.0.0.1%0d%0aHost:PORT/", "url-invalid"),
        ("http://127.0.0 .1:PORT/", "url-invalid"),
        ("http://127.0.0.1:PORT:80/", "url-invalid"),
        ("http://127..0.1:PORT/", "url-invalid"),
        ("http://localhost..:PORT/", "url-empty-label"),
        ("//127.0.0.1:PORT/", "url-no-scheme"),
        ("127.0.0.1:PORT", "url-no-scheme"),
        ("ftp://127.0.0.1:PORT/", "url-scheme"),
        ("gopher://127.0.0.1:PORT/_GET", "url-scheme"),
        ("file:///etc/passwd", "url-scheme"),
        ("view-source:http://127.0.0.1:PORT/", "url-scheme"),
    ] {
        let (status, problem) = app.get(&scrape_path(&street.url(text))).await;

        assert_eq!((status, problem["code"].as_str()), (400, Some(code)), "{text}: {problem:#}");
    }
    assert_eq!((street.knocks(), street.open.connections()), (0, 0));
}

#[tokio::test]
async fn text_that_looks_like_a_private_host_does_not_keep_the_open_one_from_being_read() {
    let street = Street::new();
    let app = street.open_only();

    for text in [
        "http://127.0.0.2:PORT/@127.0.0.1:PORT/",
        "http://127.0.0.2:PORT#@127.0.0.1:PORT/",
        "http://127.0.0.2:PORT?@127.0.0.1:PORT/",
        "http://127.0.0.2:PORT\\@127.0.0.1:PORT/",
        "http://127.0.0.2:PORT/?url=http://127.0.0.1/",
    ] {
        let report = app.scrape(&street.url(text)).await;

        assert_eq!(report["card"]["title"], "open", "{text}: {report:#}");
    }
    assert_eq!(street.knocks(), 0);
}

#[tokio::test]
async fn a_redirect_to_any_spelling_of_a_private_address_ends_there() {
    let street = Street::with(|port| {
        SPELLINGS.iter().map(|(spelling, _)| spelling.replace("PORT", &port.to_string())).collect()
    });
    let app = street.open_only();

    for (number, (spelling, _)) in SPELLINGS.iter().enumerate() {
        let report = app.scrape(&street.open.url(&format!("/to/{number}"))).await;

        if spelling.starts_with("http:127") || spelling.starts_with("http:/127") {
            // Relative to an http page these are paths on its own host (URL standard, special relative or authority state).
            assert_eq!(report["hops"][1]["address"], street.url("127.0.0.2:PORT"), "{spelling}: {report:#}");
            continue;
        }
        assert_refused(&report, spelling);
        assert_eq!(
            (report["hops"].as_array().unwrap().len(), report["blame"].as_str()),
            (2, Some("site")),
            "{spelling}"
        );
    }
    assert_eq!(street.knocks(), 0);
    assert!(street.open.connections() >= SPELLINGS.len());
}

#[tokio::test]
async fn a_redirect_to_another_scheme_or_with_a_user_leads_nowhere() {
    const LOCATIONS: &[&str] = &[
        "file:///etc/passwd",
        "FILE://localhost/etc/passwd",
        "gopher://127.0.0.1:PORT/_GET%20/%20HTTP/1.0%0d%0a",
        "ftp://127.0.0.1:PORT/",
        "dict://127.0.0.1:PORT/info",
        "ldap://127.0.0.1:PORT/",
        "ws://127.0.0.1:PORT/",
        "data:text/html,<title>secret</title>",
        "javascript:alert(1)",
        "about:blank",
        "view-source:http://127.0.0.1:PORT/",
        "http://127.0.0.2@127.0.0.1:PORT/",
        "//user:hunter2@127.0.0.1:PORT/",
        "http://127.0.0.2:PORT@127.0.0.1:PORT/",
        "http://[::1%25lo]:PORT/",
        "http://127.0.0.1:0/",
    ];
    let street = Street::with(|port| LOCATIONS.iter().map(|text| text.replace("PORT", &port.to_string())).collect());
    let app = street.open_only();

    for (number, location) in LOCATIONS.iter().enumerate() {
        let report = app.scrape(&street.open.url(&format!("/to/{number}"))).await;

        assert_eq!(
            (report["outcome"].as_str(), report["blame"].as_str()),
            (Some("redirect-bad"), Some("site")),
            "{location}"
        );
        assert!(report["card"].is_null(), "{location}");
        assert!(!report.to_string().contains("root:"), "{location}");
        assert!(
            !report["findings"].to_string().contains("hunter2"),
            "a password is repeated: {:#}",
            report["findings"]
        );
    }
    assert_eq!(street.knocks(), 0);
}

#[tokio::test]
async fn an_exception_for_one_address_and_port_opens_no_other() {
    let street = Street::with(|port| vec![format!("http://127.0.0.1:{port}/")]);
    let (port, elsewhere) = (street.port, TestSite::page("<title>elsewhere</title>"));
    let open = format!("127.0.0.2/32:{port}");
    let same_host_other_port = format!("127.0.0.1/32:{}", elsewhere.address.port());
    let app = spawn_app_with(&street.settings(&[&open, &same_host_other_port]));

    let redirected = app.scrape(&street.open.url("/to/0")).await;
    let asked = app.scrape(&street.url("http://127.0.0.1:PORT/")).await;
    let other_port = app.scrape(&elsewhere.url("/")).await;
    let open_at_other_port = app.scrape(&format!("http://127.0.0.2:{}/", elsewhere.address.port())).await;

    assert_refused(&redirected, "from an open site");
    assert_refused(&asked, "asked for");
    assert_eq!(other_port["card"]["title"], "elsewhere");
    assert_eq!(open_at_other_port["outcome"], "port-refused", "{open_at_other_port:#}");
    assert_eq!((street.knocks(), elsewhere.connections()), (0, 1));
}

#[tokio::test]
async fn a_nat64_prefix_of_the_network_opens_no_private_address_behind_it() {
    let street = Street::new();
    let mut settings = street.settings(&[]);
    settings.egress.nat64_prefixes = vec!["64:ff9b::/96".parse().unwrap()];
    let app = spawn_app_with(&settings);

    for url in [
        "http://[64:ff9b::7f00:1]:PORT/",
        "http://[64:ff9b::169.254.169.254]:PORT/",
        "http://[64:ff9b:1::808:808]:PORT/",
    ] {
        assert_refused(&app.scrape(&street.url(url)).await, url);
    }
    assert_eq!(street.knocks(), 0);
}

/// A name server on loopback. A name's answers come in rounds, one for each time it is asked; the last one stays.
/// `> other.example` is a CNAME; its own addresses come along if they are known, unless it is written `>> other.example`.
struct NameServer {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<(String, RecordType)>>>,
}

type Rounds = &'static [&'static [&'static str]];

impl NameServer {
    fn with(zone: &[(&'static str, Rounds)]) -> Self {
        let zone: HashMap<&str, Rounds> = zone.iter().copied().collect();
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let address = socket.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        thread::spawn(move || {
            let mut packet = [0; 1500];
            while let Ok((length, client)) = socket.recv_from(&mut packet) {
                let Ok(query) = Message::from_vec(&packet[..length]) else { continue };
                let answer = answer(&zone, &query, &mut log.lock().unwrap());
                let _gone = socket.send_to(&answer.to_vec().unwrap(), client);
            }
        });
        Self { address, asked }
    }

    /// How often the addresses of a name were asked for, as A records.
    fn lookups(&self, name: &str) -> usize {
        self.asked.lock().unwrap().iter().filter(|(asked, kind)| asked == name && *kind == RecordType::A).count()
    }
}

fn answer(zone: &HashMap<&str, Rounds>, query: &Message, asked: &mut Vec<(String, RecordType)>) -> Message {
    let question = query.queries.first().unwrap();
    let name = question.name().to_ascii().trim_end_matches('.').to_ascii_lowercase();
    let kind = question.query_type();
    let round = asked.iter().filter(|earlier| **earlier == (name.clone(), kind)).count();
    asked.push((name.clone(), kind));
    let mut answer = Message::response(query.metadata.id, query.metadata.op_code);
    answer.metadata.recursion_available = true;
    answer.add_query(question.clone());
    let Some(rounds) = zone.get(name.as_str()) else {
        answer.metadata.response_code = ResponseCode::NXDomain;
        return answer;
    };
    let record = |owner: &str, data| Record::from_rdata(Name::from_ascii(format!("{owner}.")).unwrap(), 0, data);
    let addresses = |owner: &str, texts: &[&str]| -> Vec<Record> {
        let data = texts.iter().filter_map(|text| match (text.parse(), kind) {
            (Ok(IpAddr::V4(v4)), RecordType::A) => Some(RData::A(A(v4))),
            (Ok(IpAddr::V6(v6)), RecordType::AAAA) => Some(RData::AAAA(AAAA(v6))),
            _ => None,
        });
        data.map(|data| record(owner, data)).collect()
    };
    let texts = rounds.get(round).or(rounds.last()).unwrap();
    for text in *texts {
        if let Some(target) = text.strip_prefix('>') {
            let (target, alone) = target.strip_prefix('>').map_or((target, false), |target| (target, true));
            let target = target.trim();
            answer.add_answer(record(&name, RData::CNAME(CNAME(Name::from_ascii(format!("{target}.")).unwrap()))));
            if let (false, Some(known)) = (alone, zone.get(target)) {
                answer.add_answers(addresses(target, known[0]));
            }
        }
    }
    answer.add_answers(addresses(&name, texts));
    answer
}

fn with_names(street: &Street, allow: &[&str], server: &NameServer) -> TestApp {
    let mut settings = street.settings(allow);
    settings.dns.servers = vec![server.address.to_string().parse().unwrap()];
    spawn_app_with(&settings)
}

#[tokio::test]
async fn a_name_with_any_private_answer_is_refused_whole_and_the_answer_is_told_to_nobody() {
    #[rustfmt::skip]
    const ZONE: &[(&str, Rounds)] = &[
        ("open.example", &[&["127.0.0.2"]]),
        ("many-open.example", &[&["127.0.0.2", "127.0.3.1", "127.0.3.2", "127.0.3.3", "127.0.3.4", "127.0.3.5", "127.0.3.6", "127.0.3.7", "127.0.3.8", "127.0.3.9"]]),
        ("only-private.example", &[&["127.0.0.1"]]),
        ("only-private-v6.example", &[&["::1"]]),
        ("private.example", &[&["10.11.12.13"]]),
        ("metadata.example", &[&["169.254.169.254"]]),
        ("any.example", &[&["0.0.0.0"]]),
        ("shared.example", &[&["100.64.7.7"]]),
        ("platform.example", &[&["168.63.129.16"]]),
        ("unique-local.example", &[&["fd12:3456:789a::1"]]),
        ("mapped.example", &[&["::ffff:127.0.0.1"]]),
        ("compatible.example", &[&["::127.0.0.1"]]),
        ("nat64.example", &[&["64:ff9b::7f00:1"]]),
        ("6to4.example", &[&["2002:7f00:1::1"]]),
        ("private-last.example", &[&["127.0.0.2", "127.0.0.1"]]),
        ("private-first.example", &[&["127.0.0.1", "127.0.0.2"]]),
        ("private-far.example", &[&["127.0.0.2", "10.11.12.13"]]),
        ("a-open-aaaa-private.example", &[&["127.0.0.2", "::1"]]),
        ("a-open-aaaa-mapped.example", &[&["127.0.0.2", "::ffff:10.11.12.13"]]),
        ("a-open-aaaa-local.example", &[&["127.0.0.2", "fd12:3456:789a::1"]]),
        ("a-private-aaaa-open.example", &[&["127.0.0.1", "::ffff:127.0.0.2"]]),
        ("ninth-private.example", &[&["127.0.0.2", "127.0.3.1", "127.0.3.2", "127.0.3.3", "127.0.3.4", "127.0.3.5", "127.0.3.6", "127.0.3.7", "127.0.0.1"]]),
        ("alias.example", &[&["> only-private.example"]]),
        ("alias-alone.example", &[&[">> private.example"]]),
        ("alias-of-alias.example", &[&[">> alias-alone.example"]]),
        ("alias-mixed.example", &[&["> private-last.example"]]),
    ];
    let server = NameServer::with(ZONE);
    let street = Street::new();
    let app = with_names(&street, &["127.0.0.2/32", "127.0.3.0/24"], &server);
    let secrets = [
        "127.0.0.1",
        "10.11.12.13",
        "169.254.169.254",
        "0.0.0.0",
        "100.64.7.7",
        "168.63.129.16",
        "fd12:",
        "ffff",
        "64:ff9b",
        "2002:",
        "::1",
        "7f00",
        "a0b:",
    ];

    for (name, _) in ZONE.iter().filter(|(name, _)| !name.contains("open.example") || name.contains("private")) {
        let report = app.scrape(&street.url(&format!("http://{name}:PORT/"))).await;

        assert_refused(&report, name);
        assert_eq!(report["blame"], "site", "{name}");
        let text = report.to_string();
        for secret in secrets {
            assert!(!text.contains(secret), "{name} tells {secret}: {text}");
        }
    }
    assert_eq!((street.knocks(), street.open.connections()), (0, 0));

    // And the names without a private answer work, so the zone is not just broken.
    for (position, name) in
        ["open.example", "many-open.example", "OPEN.example.", "ｏｐｅｎ.example"].into_iter().enumerate()
    {
        let report = app.scrape(&street.url(&format!("http://{name}:PORT/{position}"))).await;
        assert_eq!(report["card"]["title"], "open", "{name}: {report:#}");
    }
    assert_eq!((street.knocks(), street.open.connections()), (0, 4));
}

#[tokio::test]
async fn a_name_that_moves_to_a_private_address_between_two_dials_is_judged_at_each() {
    let server = NameServer::with(&[
        ("steady.example", &[&["127.0.0.2"]]),
        ("flip.example", &[&["127.0.0.2"], &["127.0.0.1"]]),
        ("flop.example", &[&["127.0.0.2"], &["127.0.0.2", "127.0.0.1"], &["127.0.0.2"]]),
        ("late.example", &[&["127.0.0.1"]]),
    ]);
    let street = Street::with(|port| {
        let hosts = ["steady.example", "flip.example", "late.example"];
        hosts.iter().map(|host| format!("http://{host}:{port}/page")).collect()
    });
    let app = with_names(&street, &["127.0.0.2/32"], &server);
    let fresh = scrape_path(&street.url("http://flop.example:PORT/")) + "&fresh=true";

    // A redirect to the same name.
    let steady = app.scrape(&street.url("http://steady.example:PORT/to/0")).await;
    assert_eq!(steady["card"]["title"], "open", "{steady:#}");
    assert_eq!(server.lookups("steady.example"), 2, "one lookup for each dial: what was judged is what was dialled");
    let flipped = app.scrape(&street.url("http://flip.example:PORT/to/1")).await;
    assert_refused(&flipped, "the second hop");
    assert_eq!(flipped["hops"][0]["address"], street.url("127.0.0.2:PORT"));

    // A redirect to another name.
    let late = app.scrape(&street.url("http://steady.example:PORT/to/2")).await;
    assert_refused(&late, "another name");
    assert!(!late.to_string().contains("127.0.0.1"), "{late:#}");

    // The next scrape of the same URL, and the one after.
    let outcomes = [app.get(&fresh).await, app.get(&fresh).await, app.get(&fresh).await];
    let outcomes = outcomes.map(|(_, report)| report["outcome"].as_str().unwrap().to_owned());
    assert_eq!(outcomes, ["ok", "address-private", "ok"]);
    assert_eq!(street.knocks(), 0);
}

#[tokio::test]
async fn a_fixed_name_is_judged_like_any_other() {
    let street = Street::new();
    let mut settings = street.settings(&["127.0.0.2/32"]);
    settings.fetch.resolve = [
        "open.example:PORT:127.0.0.2",
        "loopback.example:PORT:127.0.0.1",
        "mapped.example:PORT:[::ffff:127.0.0.1]",
        "private.example:PORT:10.11.12.13",
        "mixed.example:PORT:127.0.0.2,127.0.0.1",
    ]
    .map(|pin| street.url(pin).parse().unwrap())
    .to_vec();
    let app = spawn_app_with(&settings);

    for name in ["loopback.example", "mapped.example", "private.example", "mixed.example"] {
        assert_refused(&app.scrape(&street.url(&format!("http://{name}:PORT/"))).await, name);
    }
    assert_eq!((street.knocks(), street.open.connections()), (0, 0));
    assert_eq!(app.scrape(&street.url("http://open.example:PORT/")).await["card"]["title"], "open");
}

#[tokio::test]
async fn og_url_is_followed_to_no_private_address() {
    let server = NameServer::with(&[("inner.example", &[&["127.0.0.1"]]), ("outer.example", &[&["127.0.0.2"]])]);
    let (listener, forbidden, port) = same_port();
    let forbidden: Vec<_> = forbidden.into_iter().map(|listener| TestSite::on(listener, |_, _| {})).collect();
    let site = TestSite::on(listener, move |seen, stream| {
        let target = match seen.path.as_str() {
            "/literal" => format!("http://127.0.0.1:{port}/"),
            "/decimal" => format!("http://2130706433:{port}/"),
            "/mapped" => format!("http://[::ffff:127.0.0.1]:{port}/"),
            "/localhost" => format!("http://localhost:{port}/"),
            "/named" => format!("http://inner.example:{port}/"),
            "/redirected" => format!("http://127.0.0.2:{port}/away"),
            "/user" => format!("http://u:p@127.0.0.1:{port}/"),
            "/file" => "file:///etc/passwd".to_owned(),
            "/open" => format!("http://outer.example:{port}/target"),
            "/away" => return respond(stream, "302 Found", &format!("location: http://127.0.0.1:{port}/\r\n"), b""),
            _ => {
                return respond(
                    stream,
                    "200 OK",
                    "content-type: text/html\r\n",
                    b"<meta property=og:title content='theirs'>",
                );
            }
        };
        let page =
            format!("<!doctype html><meta property=og:title content='ours'><meta property=og:url content='{target}'>");
        respond(stream, "200 OK", "content-type: text/html\r\n", page.as_bytes());
    });
    let mut settings = settings();
    settings.scrape.follow_og_url = true;
    settings.egress.ports.push(port);
    settings.egress.allow = vec!["127.0.0.2/32".parse().unwrap()];
    settings.dns.servers = vec![server.address.to_string().parse().unwrap()];
    let app = spawn_app_with(&settings);

    for path in ["/literal", "/decimal", "/mapped", "/localhost", "/named", "/redirected", "/user", "/file"] {
        let report = app.scrape(&site.url(path)).await;

        // The page itself is fine: what it points at must not spoil it.
        assert_eq!(
            (report["outcome"].as_str(), report["card"]["title"].as_str()),
            (Some("ok"), Some("ours")),
            "{path}: {report:#}"
        );
        assert!(report["followed_og_url"].is_null(), "{path}: {report:#}");
    }
    assert_eq!(forbidden.iter().map(TestSite::connections).sum::<usize>(), 0);
    let followed = app.scrape(&site.url("/open")).await;
    assert_eq!(followed["card"]["title"], "theirs", "following itself works: {followed:#}");
}

/// Runs `scraplens scrape --json` with variables of its own and none of ours.
fn scrape_with(variables: &[(&str, &str)], arguments: &[&str]) -> (Output, Value) {
    let mut command = command();
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().to_ascii_uppercase();
        if name.ends_with("_PROXY") || name.starts_with("SCRAPLENS__") {
            command.env_remove(&name).env_remove(name.to_ascii_lowercase());
        }
    }
    let output = command
        .args(["scrape", "--json", "--timeout", "10"])
        .args(arguments)
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let report = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    (output, report)
}

#[test]
fn the_proxies_of_the_environment_see_no_connection() {
    let proxy = TestSite::page("<title>proxy</title>");
    let site = TestSite::page("<title>direct</title>");
    let (tls_site, tls_connections) = closing_site();
    let address = proxy.url("");
    let names = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    let proxies: Vec<_> = names.iter().map(|name| (*name, address.as_str())).collect();

    let (_, direct) = scrape_with(&proxies, &[&site.url("/"), "--allow-net", &site.address.to_string()]);
    let (_, tls) = scrape_with(&proxies, &[&format!("https://{tls_site}/"), "--allow-net", &tls_site.to_string()]);
    let (_, refused) = scrape_with(&proxies, &["http://127.0.0.1:8080/"]);
    let (_, metadata) = scrape_with(&proxies, &["http://169.254.169.254/latest/meta-data/"]);

    assert_eq!(direct["card"]["title"], "direct", "{direct:#}");
    assert_ne!(tls["outcome"], "ok", "{tls:#}");
    assert_refused(&refused, "loopback");
    assert_refused(&metadata, "metadata");
    assert_eq!(proxy.connections(), 0);
    assert!(site.connections() > 0 && tls_connections.load(Ordering::SeqCst) > 0);
}

/// A listener that closes every connection at once, and how many there were.
fn closing_site() -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let connections = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&connections);
    thread::spawn(move || {
        for _closed_at_once in listener.incoming() {
            count.fetch_add(1, Ordering::SeqCst);
        }
    });
    (address, connections)
}

#[test]
fn resolve_on_the_command_line_opens_nothing() {
    let street = Street::new();
    let ports = format!("80,{}", street.port);
    let url = street.url("http://pinned.example:PORT/");
    let pin = street.url("pinned.example:PORT:127.0.0.1");

    let (output, refused) = scrape_with(&[("SCRAPLENS__EGRESS__PORTS", &ports)], &[&url, "--resolve", &pin]);
    assert_refused(&refused, "pinned");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(street.knocks(), 0);

    let (_, opened) = scrape_with(&[], &[&url, "--resolve", &pin, "--allow-net", &street.url("127.0.0.1:PORT")]);
    assert_eq!(opened["card"]["title"], "secret", "{opened:#}");
}

#[test]
fn allow_net_opens_exactly_the_address_and_port_it_names() {
    let street = Street::new();
    let elsewhere = TestSite::page("<title>elsewhere</title>");
    let (here, other_port, other_host) =
        (street.url("http://127.0.0.1:PORT/"), elsewhere.url("/"), street.url("http://127.0.0.2:PORT/"));
    let ports = format!("{},{}", street.port, elsewhere.address.port());
    let closed = "address-private";

    for (allowed, expected) in [
        ("127.0.0.1:PORT", ["ok", closed, closed]),
        ("127.0.0.1/32:PORT", ["ok", closed, closed]),
        ("[::ffff:127.0.0.1]:PORT", ["ok", closed, closed]),
        ("127.0.0.1", ["ok", "ok", closed]),
        ("127.0.0.2", [closed, closed, "ok"]),
        ("127.0.0.0/31", ["ok", "ok", closed]),
        ("127.0.0.0/30:PORT", ["ok", closed, "ok"]),
        ("126.0.0.0/8", [closed, closed, closed]),
        ("::1", [closed, closed, closed]),
    ] {
        let outcomes = [&here, &other_port, &other_host].map(|url| {
            let (_, report) =
                scrape_with(&[("SCRAPLENS__EGRESS__PORTS", &ports)], &[url, "--allow-net", &street.url(allowed)]);
            report["outcome"].as_str().unwrap_or("no report").to_owned()
        });
        assert_eq!(outcomes, expected, "--allow-net {allowed}");
    }
}

/// The ranges of reliability.md A2 with their first and last address, and the public addresses on either side. Written out
/// by hand from the text of the ranges; two ranges that touch have no address between them.
#[rustfmt::skip]
const RANGES: &[(&str, [&str; 2], &[&str])] = &[
    ("0.0.0.0/8",         ["0.0.0.0", "0.255.255.255"],             &["1.0.0.0"]),
    ("10.0.0.0/8",        ["10.0.0.0", "10.255.255.255"],           &["9.255.255.255", "11.0.0.0"]),
    ("100.64.0.0/10",     ["100.64.0.0", "100.127.255.255"],        &["100.63.255.255", "100.128.0.0"]),
    ("127.0.0.0/8",       ["127.0.0.0", "127.255.255.255"],         &["126.255.255.255", "128.0.0.0"]),
    ("169.254.0.0/16",    ["169.254.0.0", "169.254.255.255"],       &["169.253.255.255", "169.255.0.0"]),
    ("172.16.0.0/12",     ["172.16.0.0", "172.31.255.255"],         &["172.15.255.255", "172.32.0.0"]),
    ("192.0.0.0/24",      ["192.0.0.0", "192.0.0.255"],             &["191.255.255.255", "192.0.1.0"]),
    ("192.0.2.0/24",      ["192.0.2.0", "192.0.2.255"],             &["192.0.1.255", "192.0.3.0"]),
    ("192.88.99.0/24",    ["192.88.99.0", "192.88.99.255"],         &["192.88.98.255", "192.88.100.0"]),
    ("192.168.0.0/16",    ["192.168.0.0", "192.168.255.255"],       &["192.167.255.255", "192.169.0.0"]),
    ("198.18.0.0/15",     ["198.18.0.0", "198.19.255.255"],         &["198.17.255.255", "198.20.0.0"]),
    ("198.51.100.0/24",   ["198.51.100.0", "198.51.100.255"],       &["198.51.99.255", "198.51.101.0"]),
    ("203.0.113.0/24",    ["203.0.113.0", "203.0.113.255"],         &["203.0.112.255", "203.0.114.0"]),
    ("224.0.0.0/4",       ["224.0.0.0", "239.255.255.255"],         &["223.255.255.255"]),
    ("240.0.0.0/4",       ["240.0.0.0", "255.255.255.255"],         &[]),
    ("168.63.129.16/32",  ["168.63.129.16", "168.63.129.16"],       &["168.63.129.15", "168.63.129.17"]),
    ("below 2000::/3",    ["::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"], &["2000::"]),
    ("above 2000::/3",    ["4000::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"], &["3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"]),
    ("2001::/23",         ["2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"], &["2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:200::"]),
    ("2001:db8::/32",     ["2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"], &["2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::"]),
    ("2002::/16",         ["2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff"], &["2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2003::"]),
    ("3fff::/20",         ["3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"], &["3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "3fff:1000::"]),
];

fn default_policy() -> EgressPolicy {
    EgressPolicy::new(Settings::defaults().unwrap().egress)
}

#[test]
fn every_blocked_range_ends_where_it_ends_and_its_public_neighbours_are_free() {
    let policy = default_policy();

    for (range, ends, neighbours) in RANGES {
        for address in ends {
            assert!(policy.permit(address.parse().unwrap(), 443).is_err(), "{address} is in {range}");
        }
        for address in *neighbours {
            let address: IpAddr = address.parse().unwrap();
            assert_eq!(policy.permit(address, 443), Ok(()), "{address} is beside {range}");
            if let IpAddr::V4(v4) = address {
                assert_eq!(policy.permit(IpAddr::V6(v4.to_ipv6_mapped()), 443), Ok(()), "::ffff:{v4}");
            }
        }
    }
    assert_eq!(RANGES.iter().map(|(_, _, neighbours)| neighbours.len()).sum::<usize>(), 38);
}

#[test]
fn public_addresses_that_others_took_for_private_are_free() {
    let policy = default_policy();

    for address in [
        "2001:718:1404:c8:0:ffff:ac19:c80e", // ruby/ipaddr #106
        "2001:4860:4860::8888",
        "2606:4700:4700::1111",
        "2a00:1450:4009:81f::200e",
        "2606:4700::5efe:8.8.8.8", // ISATAP to a public address
        "2400:cb00::ffff:0:1",
        "::ffff:8.8.8.8",
        "1.1.1.1",
        "27.0.236.1", // Kakao's own
        "211.231.100.1",
        "100.0.0.1",
        "172.0.0.1",
        "192.0.66.1",
        "198.0.0.1",
        "203.0.0.1",
    ] {
        assert_eq!(policy.permit(address.parse().unwrap(), 443), Ok(()), "{address}");
    }
    let plain: Ipv6Addr = "2001:718:1404:c8:0:ffff:ac19:c80e".parse().unwrap();
    assert!(plain.to_ipv4_mapped().is_none());
}

#[tokio::test]
async fn a_refused_address_stays_refused_however_it_is_asked_for() {
    let street = Street::new();
    let app = spawn_app_with(&street.settings(&[]));
    let url = street.url("http://127.0.0.1:PORT/");

    for how in ["", "&fresh=true", "&ua=browser", "&follow_og_url=true", ""] {
        let (status, report) = app.get(&format!("{}{how}", scrape_path(&url))).await;
        assert_eq!(status, 200);
        assert_refused(&report, how);
    }
    let body = serde_json::json!({ "url": url }).to_string();
    let request = app.client.post(app.url("/api/v1/scrape")).header("content-type", "application/json").body(body);
    let (status, report) = json(request.send().await.unwrap()).await;
    assert_eq!(status, 200);
    assert_refused(&report, "POST");
    assert_eq!(street.knocks(), 0);
}
