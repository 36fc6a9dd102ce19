//! The way to a page over plain HTTP: the request that is sent, redirects, statuses, types, encodings, broken answers, and
//! answers that take too long. Each failure has a name of its own, says whose it is, and proves it.

use std::{
    io::Write as _,
    net::{TcpListener, TcpStream},
    thread,
    time::Duration,
};

use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};

use crate::{
    helpers::{TestApp, TestSite, codes, respond, settings, spawn_app, spawn_app_with},
    support::{
        Deaf, HTML, KAKAO, Listener, PAGE, TITLE, arrived, drip, failed, fall_silent, finding, hurry, reset,
        site_of_bytes, timed, write,
    },
};

// --- the request ---

#[tokio::test]
async fn the_request_is_a_bare_get_with_kakaos_user_agent() {
    let (app, site) = (spawn_app(), Listener::new());

    let report = app.scrape(&format!("http://{}/글?b=2&a=1#part", site.address)).await;

    arrived(&report, &[]);
    let head = site.head();
    let (first, rest) = head.split_once("\r\n").unwrap();
    let mut headers: Vec<_> = rest.trim_end().split("\r\n").map(str::to_ascii_lowercase).collect();
    headers.sort();
    assert_eq!(first, "GET /%EA%B8%80?b=2&a=1 HTTP/1.1", "no fragment, and the query as it was asked for");
    let host = format!("host: {}", site.address);
    let user_agent = format!("user-agent: {KAKAO}");
    assert_eq!(headers, ["accept-encoding: gzip", "accept: */*", &host, &user_agent], "no referer, cookie, range");
    assert_eq!(report["user_agent"], KAKAO);
    assert_eq!(report["requested_url"], format!("http://{}/%EA%B8%80?b=2&a=1#part", site.address));
}

#[tokio::test]
async fn the_user_agent_can_be_a_browsers_facebooks_or_ones_own() {
    let (app, site) = (spawn_app(), TestSite::page(PAGE));
    let facebook = "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)";
    let browser = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 \
        Safari/537.36";
    for (asked, sent) in [
        ("kakao", KAKAO),
        ("facebook", facebook),
        ("browser", browser),
        ("my-check/2.0 (+https://me.example)", "my-check/2.0 (+https://me.example)"),
    ] {
        let path = format!("{}&ua={}", crate::helpers::scrape_path(&site.url("/")), crate::helpers::encode(asked));

        let (_, report) = app.get(&path).await;

        assert_eq!(report["user_agent"], sent, "{asked}");
        assert_eq!(site.seen().last().unwrap().headers["user-agent"], sent, "{asked}");
    }
    assert_eq!(site.seen().len(), 4, "reports are kept for each user agent apart");
}

#[tokio::test]
async fn a_cookie_that_a_redirect_sets_is_not_sent_and_neither_is_a_referer() {
    let app = spawn_app();
    let site = TestSite::pages(&[
        ("/start", "302 Found", "set-cookie: session=1; path=/\r\nlocation: /next\r\n", ""),
        ("/next", "200 OK", HTML, PAGE),
    ]);

    let report = app.scrape(&site.url("/start")).await;
    app.scrape(&site.url("/next")).await;

    arrived(&report, &[]);
    let seen = site.seen();
    assert_eq!(seen.iter().map(|seen| seen.path.as_str()).collect::<Vec<_>>(), ["/start", "/next", "/next"]);
    for request in seen {
        assert_eq!((request.headers.get("cookie"), request.headers.get("referer")), (None, None), "{request:?}");
    }
}

// --- redirects ---

/// A site that redirects `/a/b/start` to `location`, where `{here}` stands for its own address, and is a page elsewhere.
fn redirecting(status: &'static str, location: &'static str) -> TestSite {
    TestSite::answering(move |seen, stream| {
        let here = stream.local_addr().unwrap().to_string();
        match seen.path.as_str() {
            "/a/b/start" => {
                let location = location.replace("{here}", &here);
                respond(stream, status, &format!("location: {location}\r\n"), b"");
            }
            _ => respond(stream, "200 OK", HTML, PAGE.as_bytes()),
        }
    })
}

#[tokio::test]
async fn each_of_the_five_redirects_is_followed_with_get() {
    let app = spawn_app();
    for (status, code) in [
        ("301 Moved Permanently", 301),
        ("302 Found", 302),
        ("303 See Other", 303),
        ("307 Temporary Redirect", 307),
        ("308 Permanent Redirect", 308),
    ] {
        let site = redirecting(status, "/next");

        let report = app.scrape(&site.url("/a/b/start")).await;

        arrived(&report, &[]);
        assert_eq!(report["hops"][0]["status"], code);
        assert_eq!(report["card"]["url"], site.url("/next"));
        assert!(site.seen().iter().all(|seen| seen.method == "GET"), "{:?}", site.seen());
    }
}

#[tokio::test]
async fn a_location_is_read_against_the_url_it_answers() {
    let app = spawn_app();
    for (description, location, path) in [
        ("relative to the folder", "next", "/a/b/next"),
        ("relative to the root", "/next", "/next"),
        ("one folder up", "../next?x=1", "/a/next?x=1"),
        ("only a query", "?x=1", "/a/b/start?x=1"),
        ("relative to the scheme", "//{here}/next", "/next"),
        ("absolute", "http://{here}/next", "/next"),
        ("absolute with a scheme in capitals", "HTTP://{here}/next", "/next"),
        ("with a raw space", "/a b", "/a%20b"),
        ("with raw Hangul", "/한글?제목=값", "/%ED%95%9C%EA%B8%80?%EC%A0%9C%EB%AA%A9=%EA%B0%92"),
    ] {
        let site = redirecting("302 Found", location);

        let report = app.scrape(&site.url("/a/b/start")).await;

        assert_eq!(report["outcome"], "ok", "{description}: {report:#}");
        assert_eq!(site.seen()[1].path, path, "{description}");
        let sent = location.replace("{here}", &site.address.to_string());
        assert_eq!(report["hops"][0]["location"], sent, "{description}: the report has it as it was sent");
        assert_eq!(report["hops"][1]["url"], site.url(path), "{description}");
    }
}

#[tokio::test]
async fn a_redirect_to_another_host_is_followed_and_names_that_host() {
    let (app, other) = (spawn_app(), TestSite::page(PAGE));
    let location = other.url("/there");
    let site = TestSite::answering(move |_, stream| {
        respond(stream, "301 Moved Permanently", &format!("location: {location}\r\n"), b"");
    });

    let report = app.scrape(&format!("http://localhost:{}/", site.address.port())).await;

    arrived(&report, &[]);
    assert_eq!(site.seen()[0].headers["host"], format!("localhost:{}", site.address.port()));
    assert_eq!(other.seen()[0].headers["host"], other.address.to_string());
    assert_eq!(report["card"]["host"], "127.0.0.1", "R19: the host of the effective URL");
    assert_eq!(report["card"]["url"], other.url("/there"));
}

#[tokio::test]
async fn a_fragment_is_inherited_by_a_redirect_that_names_none() {
    let app = spawn_app();
    for (asked, location, expected) in [
        ("/a/b/start#asked", "/next", "/next#asked"),
        ("/a/b/start#asked", "/next#own", "/next#own"),
        ("/a/b/start", "/next#own", "/next#own"),
        ("/a/b/start", "/next", "/next"),
    ] {
        let site = redirecting("302 Found", location);

        let report = app.scrape(&site.url(asked)).await;

        assert_eq!(report["card"]["url"], site.url(expected), "{asked} -> {location} (RFC 9110, 10.2.2)");
        assert_eq!(site.seen()[1].path, "/next", "a fragment is never sent");
        assert_eq!(report["hops"][1]["url"], site.url("/next"));
    }
}

#[tokio::test]
async fn every_hop_is_recorded_with_who_answered_what_and_how_long_it_took() {
    let app = spawn_app();
    let site = TestSite::pages(&[
        ("/1", "302 Found", "location: /2\r\nserver: nginx/1.24.0\r\n", ""),
        ("/2", "308 Permanent Redirect", "location: 3\r\n", ""),
        ("/3", "200 OK", "content-type: text/html\r\nserver: Apache\r\n", PAGE),
    ]);

    let report = app.scrape(&site.url("/1")).await;

    arrived(&report, &[]);
    let hops = report["hops"].as_array().unwrap();
    let said: Vec<_> =
        hops.iter().map(|hop| json!([hop["url"], hop["status"], hop["location"], hop["server"]])).collect();
    assert_eq!(
        said,
        [
            json!([site.url("/1"), 302, "/2", "nginx/1.24.0"]),
            json!([site.url("/2"), 308, "3", null]),
            json!([site.url("/3"), 200, null, "Apache"]),
        ]
    );
    for hop in hops {
        assert_eq!(hop["address"], site.address.to_string());
        let timing = &hop["timing_ms"];
        assert!(timing["connect"].as_f64().unwrap() >= 0.0 && timing["wait"].as_f64().unwrap() >= 0.0, "{hop:#}");
        assert_eq!((&timing["dns"], &timing["tls"], &hop["tls"]), (&Value::Null, &Value::Null, &Value::Null));
    }
    assert_eq!(hops[0]["timing_ms"]["body"], Value::Null, "the body of a redirect is not read");
    assert!(hops[2]["timing_ms"]["body"].as_f64().unwrap() >= 0.0);
}

/// A site whose `/1` leads to its page over `redirects` redirects.
fn chain(redirects: usize) -> TestSite {
    TestSite::answering(move |seen, stream| {
        let step: usize = seen.path.trim_start_matches('/').parse().unwrap();
        if step > redirects {
            respond(stream, "200 OK", HTML, PAGE.as_bytes());
        } else {
            respond(stream, "302 Found", &format!("location: /{}\r\n", step + 1), b"");
        }
    })
}

#[tokio::test]
async fn five_redirects_are_followed_and_more_than_two_are_many() {
    let app = spawn_app();
    let (two, five) = (chain(2), chain(5));

    let short = app.scrape(&two.url("/1")).await;
    let long = app.scrape(&five.url("/1")).await;

    arrived(&short, &[]);
    arrived(&long, &["redirect-many"]);
    assert_eq!(long["hops"].as_array().unwrap().len(), 6);
    let many = finding(&long, "redirect-many");
    assert!(many["message"]["en"].as_str().unwrap().contains('5'), "{many:#}");
    let way: Vec<_> = (1..=6).map(|step| five.url(&format!("/{step}"))).collect();
    assert_eq!(many["evidence"], way.join(" -> "));
}

#[tokio::test]
async fn the_sixth_redirect_is_not_followed() {
    let (app, site) = (spawn_app(), chain(6));

    let report = app.scrape(&site.url("/1")).await;

    let evidence = failed(&report, "redirect-too-many", "site");
    assert!(evidence.contains('5'), "the limit is named: {evidence}");
    assert_eq!(site.seen().len(), 6, "the page and five redirects, and nothing after the sixth");
    assert_eq!(report["hops"][5]["location"], "/7");
    assert_eq!((&report["card"], &report["page"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn redirects_that_come_back_are_a_loop_and_end_at_the_first_repetition() {
    let app = spawn_app();
    for (description, pages, evidence) in [
        ("to itself", vec![("/a", "/a")], "/a"),
        ("to itself with another fragment", vec![("/a", "/a#again")], "/a"),
        ("to and fro", vec![("/a", "/b"), ("/b", "/a")], "/a"),
        ("a circle that the start is not part of", vec![("/a", "/b"), ("/b", "/c"), ("/c", "/b")], "/b"),
    ] {
        let pages: Vec<_> = pages.into_iter().map(|(path, to)| (path, format!("location: {to}\r\n"))).collect();
        let pages: Vec<_> = pages.iter().map(|(path, headers)| (*path, "302 Found", headers.as_str(), "")).collect();
        let site = TestSite::pages(&pages);

        let report = app.scrape(&site.url("/a")).await;

        assert_eq!(failed(&report, "redirect-loop", "site"), site.url(evidence), "{description}");
        assert_eq!(site.seen().len(), pages.len(), "{description}: nothing is asked for twice");
        assert_eq!(report["hops"].as_array().unwrap().len(), pages.len(), "{description}");
        assert_eq!(report["card"], Value::Null);
    }
}

#[tokio::test]
async fn a_location_that_is_no_web_address_is_named_and_not_followed() {
    let app = spawn_app();
    let long = format!("/{}", "x".repeat(20_000));
    let euc_kr = b"/\xC7\xD1\xB1\xDB"; // 한글
    for (description, location, evidence) in [
        ("empty", &b""[..], "the URL is empty"),
        ("without an end", b"http://[::1", "not a URL"),
        ("with a port that is none", b"http://example.com:99999/", "not a URL"),
        ("without a host", b"http://", "no host"),
        ("javascript", b"javascript:alert(1)", "`javascript`"),
        ("ftp", b"ftp://example.com/page", "`ftp`"),
        ("data", b"data:text/html,<title>x</title>", "`data`"),
        ("with a password", b"http://user:secret@example.com/", "user name or password"),
        ("longer than a URL may be", long.as_bytes(), "20001 bytes long, the limit is 2048"),
        ("in EUC-KR", euc_kr, "not valid UTF-8"),
    ] {
        let site =
            site_of_bytes([b"HTTP/1.1 302 Found\r\nlocation: ", location, b"\r\ncontent-length: 0\r\n\r\n"].concat());

        let report = app.scrape(&site.url("/")).await;

        let proof = failed(&report, "redirect-bad", "site");
        assert!(proof.contains(evidence), "{description}: {proof}");
        assert!(!proof.contains("secret"), "{description}: {proof}");
        assert_eq!(report["hops"].as_array().unwrap().len(), 1, "{description}");
        assert_eq!(report["hops"][0]["status"], 302);
        assert_eq!((site.connections(), &report["card"]), (1, &Value::Null), "{description}");
    }
}

#[tokio::test]
async fn a_redirect_to_where_the_guard_does_not_go_is_the_sites_fault() {
    let app = spawn_app();
    for (location, code, evidence) in [
        ("http://10.1.2.3/", "address-private", "a private address (RFC 1918)"),
        ("http://169.254.169.254/latest/meta-data/", "address-private", "metadata"),
        ("http://93.184.216.34:22/", "port-refused", "22"),
    ] {
        let site = redirecting("302 Found", location);

        let report = app.scrape(&site.url("/a/b/start")).await;

        let proof = failed(&report, code, "site");
        assert!(proof.contains(evidence), "{location}: {proof}");
        assert_eq!(report["hops"][1]["url"], location);
        assert_eq!((&report["hops"][1]["status"], &report["hops"][1]["address"]), (&Value::Null, &Value::Null));
    }
}

#[tokio::test]
async fn a_port_that_is_not_open_is_the_callers_to_open() {
    let app = spawn_app();

    let report = app.scrape("http://93.184.216.34:22/").await;

    assert_eq!(failed(&report, "port-refused", "caller"), "port 22 is not in egress.ports");
    assert_eq!(report["hops"][0]["address"], Value::Null, "nobody was asked");
}

#[tokio::test]
async fn a_redirect_to_a_login_page_is_a_warning_with_the_login_pages_address() {
    let app = spawn_app();
    let site = TestSite::pages(&[
        ("/post/1", "302 Found", "location: /member/login?next=/post/1\r\n", ""),
        ("/member/login?next=/post/1", "200 OK", HTML, PAGE),
    ]);

    let report = app.scrape(&site.url("/post/1")).await;

    arrived(&report, &["login-redirect"]);
    assert_eq!(finding(&report, "login-redirect")["evidence"], site.url("/member/login?next=/post/1"));
}

// --- statuses ---

#[tokio::test]
async fn an_answer_outside_2xx_gives_no_card_even_if_it_is_a_page() {
    let app = spawn_app();
    let location = "location: /elsewhere\r\n";
    for (status, headers, code, filtered) in [
        ("404 Not Found", "", "status-404", false),
        ("410 Gone", "", "status-410", false),
        ("401 Unauthorized", "www-authenticate: Basic\r\n", "status-401", true),
        ("403 Forbidden", "", "status-403", true),
        ("429 Too Many Requests", "retry-after: 99999999\r\n", "status-429", true),
        ("500 Internal Server Error", "", "status-500", false),
        ("503 Service Unavailable", "", "status-503", true),
        ("999 Request Denied", "", "status-999", false),
        ("300 Multiple Choices", location, "status-300", false),
        ("304 Not Modified", location, "status-304", false),
        ("302 Found", "", "status-302", false),
        ("101 Switching Protocols", "upgrade: websocket\r\n", "status-101", false),
    ] {
        let headers = format!("{HTML}{headers}");
        let site = TestSite::answering(move |_, stream| respond(stream, status, &headers, PAGE.as_bytes()));

        let report = app.scrape(&site.url("/")).await;

        let number = &status[..3];
        assert_eq!(failed(&report, code, "site"), format!("HTTP {number}"));
        let message = finding(&report, code)["message"]["ko"].as_str().unwrap();
        assert!(message.contains(number), "{message}");
        assert_eq!((&report["card"], &report["page"], &report["tags"]), (&Value::Null, &Value::Null, &json!([])));
        assert_eq!(report["hops"][0]["status"], number.parse::<u16>().unwrap());
        assert_eq!(report["hops"][0]["address"], site.address.to_string());
        assert_eq!(site.connections(), 1, "{status}: it is not followed");
        let hinted = codes(&report).contains(&"cannot-see-ip-rules".to_owned());
        assert_eq!(hinted, filtered, "{status}: whether an address filter may be behind it");
    }
}

#[tokio::test]
async fn an_answer_without_content_is_no_page() {
    let app = spawn_app();
    for head in [
        "204 No Content\r\n",
        "204 No Content\r\ncontent-type: text/html\r\n",
        "205 Reset Content\r\ncontent-type: text/html\r\ncontent-length: 0\r\n",
    ] {
        let site = site_of_bytes(format!("HTTP/1.1 {head}\r\n"));

        let report = app.scrape(&site.url("/")).await;

        let evidence = failed(&report, "not-html", "site");
        assert!(evidence.contains(&head[..3]), "{head}: {evidence}");
        assert_eq!((&report["card"], &report["page"]), (&Value::Null, &Value::Null), "{head}");
    }
}

// --- types ---

#[tokio::test]
async fn what_is_not_html_is_told_by_its_type_and_not_read() {
    let app = spawn_app();
    for content_type in ["image/png", "application/json; charset=utf-8", "text/plain", "text/html-sandboxed"] {
        let headers = format!("content-type: {content_type}\r\n");
        let site = TestSite::answering(move |_, stream| respond(stream, "200 OK", &headers, PAGE.as_bytes()));

        let report = app.scrape(&site.url("/")).await;

        assert_eq!(failed(&report, "not-html", "site"), format!("Content-Type: {content_type}"));
        assert_eq!((&report["card"], &report["page"]), (&Value::Null, &Value::Null), "{content_type}");
        assert_eq!(report["hops"][0]["status"], 200);
    }
}

#[tokio::test]
async fn without_a_type_the_first_bytes_decide() {
    let app = spawn_app();
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    for (description, headers, body, page) in [
        ("HTML without a type", "", PAGE.as_bytes(), true),
        ("a picture without a type", "", &png[..], false),
        ("HTML with an empty type", "content-type: \r\n", PAGE.as_bytes(), true),
        ("a picture with an empty type", "content-type: \r\n", &png[..], false),
        ("nothing without a type", "", b"", false),
    ] {
        let body = body.to_vec();
        let site = TestSite::answering(move |_, stream| respond(stream, "200 OK", headers, &body));

        let report = app.scrape(&site.url("/")).await;

        if page {
            arrived(&report, &[]);
        } else {
            let evidence = failed(&report, "not-html", "site");
            assert!(evidence.contains("no Content-Type"), "{description}: {evidence}");
            assert_eq!(report["card"], Value::Null, "{description}");
        }
    }
}

#[tokio::test]
async fn a_type_is_read_without_regard_to_case_blanks_and_quotes() {
    let app = spawn_app();
    for (content_type, media_type, source) in [
        ("TEXT/HTML ; Charset=\"UTF-8\"", "text/html", "http-header"),
        ("text/html", "text/html", "meta"),
        ("Application/XHTML+xml;charset=utf-8", "application/xhtml+xml", "http-header"),
    ] {
        let headers = format!("content-type: {content_type}\r\n");
        let site = TestSite::answering(move |_, stream| respond(stream, "200 OK", &headers, PAGE.as_bytes()));

        let report = app.scrape(&site.url("/")).await;

        arrived(&report, &[]);
        assert_eq!(report["page"]["content_type"], media_type);
        assert_eq!((&report["page"]["charset"], &report["page"]["charset_source"]), (&json!("UTF-8"), &json!(source)));
    }
}

// --- encodings ---

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut encoded = Vec::new();
    brotli::CompressorWriter::new(&mut encoded, 4096, 5, 22).write_all(bytes).unwrap();
    encoded
}

/// A site whose page comes in this `Content-Encoding`, as these bytes.
fn encoded(encoding: &str, bytes: Vec<u8>) -> TestSite {
    let headers = format!("{HTML}content-encoding: {encoding}\r\n");
    TestSite::answering(move |_, stream| respond(stream, "200 OK", &headers, &bytes))
}

#[tokio::test]
async fn gzip_and_brotli_are_undone_and_both_sizes_are_told() {
    let app = spawn_app();
    let (start, end) = PAGE.as_bytes().split_at(100);
    for (description, encoding, bytes, told) in [
        ("gzip", "gzip", gzip(PAGE.as_bytes()), json!("gzip")),
        ("gzip under its old name", "x-gzip", gzip(PAGE.as_bytes()), json!("gzip")),
        ("gzip in capitals", "GZip", gzip(PAGE.as_bytes()), json!("gzip")),
        ("gzip of two members", "gzip", [gzip(start), gzip(end)].concat(), json!("gzip")),
        ("gzip with padding behind it", "gzip", [&gzip(PAGE.as_bytes())[..], b"\n\0\0"].concat(), json!("gzip")),
        ("brotli", "br", brotli(PAGE.as_bytes()), json!("br")),
        ("identity", "identity", PAGE.as_bytes().to_vec(), Value::Null),
    ] {
        let length = bytes.len();
        let site = encoded(encoding, bytes);

        let report = app.scrape(&site.url("/")).await;

        arrived(&report, &[]);
        let page = &report["page"];
        assert_eq!((&page["bytes"], &page["wire_bytes"]), (&json!(PAGE.len()), &json!(length)), "{description}");
        assert_eq!((&page["encoding"], &page["truncated"]), (&told, &json!(false)), "{description}");
    }
}

#[tokio::test]
async fn an_encoding_that_is_not_undone_is_named_and_nothing_is_read_from_it() {
    let app = spawn_app();
    for (headers, evidence) in [
        ("content-encoding: gzip, gzip\r\n", "Content-Encoding: gzip, gzip"),
        ("content-encoding: gzip\r\ncontent-encoding: br\r\n", "Content-Encoding: gzip, br"),
        ("content-encoding: zstd\r\n", "Content-Encoding: zstd"),
        ("content-encoding: deflate\r\n", "Content-Encoding: deflate"),
        ("content-encoding: rot13\r\n", "Content-Encoding: rot13"),
    ] {
        let headers = format!("{HTML}{headers}");
        let site = TestSite::answering(move |_, stream| respond(stream, "200 OK", &headers, PAGE.as_bytes()));

        let report = app.scrape(&site.url("/")).await;

        assert_eq!(failed(&report, "encoding-unsupported", "site"), evidence);
        assert_eq!((&report["card"], &report["page"], &report["tags"]), (&Value::Null, &Value::Null, &json!([])));
    }
}

#[tokio::test]
async fn a_plain_page_that_says_it_is_gzip_is_malformed_and_gives_no_card() {
    let app = spawn_app();
    for encoding in ["gzip", "br"] {
        let site = encoded(encoding, PAGE.as_bytes().to_vec());

        let report = app.scrape(&site.url("/")).await;

        let evidence = failed(&report, "response-malformed", "site");
        assert!(evidence.contains("decode"), "{encoding}: {evidence}");
        assert_eq!((&report["card"], &report["page"]), (&Value::Null, &Value::Null), "nothing of it was read");
    }
}

/// A page whose rest does not compress, so that half of its compressed bytes hold all of its head.
fn incompressible_page() -> String {
    let mut state = 1_u32;
    let mut noise = String::new();
    for _ in 0..20_000 {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        noise.push(char::from(b'A' + u8::try_from(state >> 27).unwrap()));
    }
    PAGE.replace("본문", &noise)
}

#[tokio::test]
async fn a_compressed_page_that_ends_early_is_cut_and_keeps_its_card() {
    let app = spawn_app();
    let page = incompressible_page();
    for (encoding, mut bytes) in [("gzip", gzip(page.as_bytes())), ("br", brotli(page.as_bytes()))] {
        bytes.truncate(bytes.len() / 2);
        let site = encoded(encoding, bytes);

        let report = app.scrape(&site.url("/")).await;

        let evidence = failed(&report, "response-cut", "site");
        assert!(evidence.contains("compressed"), "{encoding}: {evidence}");
        assert_eq!(report["card"]["title"], TITLE, "{encoding}");
        assert_eq!((&report["page"]["truncated"], &report["page"]["encoding"]), (&json!(true), &json!(encoding)));
    }
}

#[tokio::test]
async fn an_empty_body_is_an_empty_page_whatever_its_encoding() {
    let app = spawn_app();
    for encoding in ["identity", "gzip", "br"] {
        let site = encoded(encoding, Vec::new());

        let report = app.scrape(&site.url("/")).await;

        assert_eq!((&report["outcome"], &report["page"]["bytes"]), (&json!("ok"), &json!(0)), "{encoding}: {report:#}");
        finding(&report, "og-title-missing");
    }
}

#[tokio::test]
async fn a_page_over_one_mebibyte_of_decoded_bytes_is_cut_there_and_still_read() {
    let app = spawn_app();
    let padded = |length: usize| [PAGE.as_bytes(), &vec![b' '; length - PAGE.len()]].concat();
    for (description, headers, body, cut) in [
        ("as long as is read", HTML.to_owned(), padded(1 << 20), false),
        ("one byte longer", HTML.to_owned(), padded((1 << 20) + 1), true),
        ("a bomb", format!("{HTML}content-encoding: gzip\r\n"), gzip(&padded(16 << 20)), true),
    ] {
        let site = TestSite::answering(move |_, stream| respond(stream, "200 OK", &headers, &body));

        let report = app.scrape(&site.url("/")).await;

        arrived(&report, if cut { &["page-truncated"] } else { &[] });
        assert_eq!(report["page"]["bytes"], 1 << 20, "{description}");
        assert_eq!(report["page"]["truncated"], cut, "{description}");
        if cut {
            let message = finding(&report, "page-truncated")["message"]["en"].as_str().unwrap();
            assert!(message.contains("1048576"), "the limit is named: {message}");
        }
    }
}

#[tokio::test]
async fn a_page_without_an_end_is_cut_at_the_limit() {
    let app = spawn_app();
    let site = TestSite::answering(|_, stream| {
        write(stream, format!("HTTP/1.1 200 OK\r\n{HTML}transfer-encoding: chunked\r\n\r\n").as_bytes());
        write(stream, format!("{:x}\r\n{PAGE}\r\n", PAGE.len()).as_bytes());
        let chunk = format!("{:x}\r\n{}\r\n", 4096, " ".repeat(4096));
        drip(stream, chunk.as_bytes(), Duration::ZERO);
    });

    let report = app.scrape(&site.url("/")).await;

    arrived(&report, &["page-truncated"]);
    assert_eq!((&report["page"]["bytes"], &report["page"]["truncated"]), (&json!(1 << 20), &json!(true)));
}

// --- broken answers ---

#[tokio::test]
async fn a_body_that_breaks_off_keeps_the_card_of_what_came() {
    let app = spawn_app();
    let (length, chunk) = (PAGE.len(), format!("{:x}\r\n{PAGE}\r\n", PAGE.len()));
    let over = length + 500;
    let sites = [
        (
            "shorter than its Content-Length",
            site_of_bytes(format!("HTTP/1.1 200 OK\r\n{HTML}content-length: {over}\r\n\r\n{PAGE}")),
        ),
        (
            "without its last chunk",
            site_of_bytes(format!("HTTP/1.1 200 OK\r\n{HTML}transfer-encoding: chunked\r\n\r\n{chunk}")),
        ),
        (
            "within a chunk",
            site_of_bytes(format!("HTTP/1.1 200 OK\r\n{HTML}transfer-encoding: chunked\r\n\r\n{over:x}\r\n{PAGE}")),
        ),
        (
            "with a reset",
            TestSite::answering(move |_, stream| {
                write(stream, format!("HTTP/1.1 200 OK\r\n{HTML}content-length: {over}\r\n\r\n{PAGE}").as_bytes());
                reset(stream);
            }),
        ),
    ];
    for (description, site) in sites {
        let report = app.scrape(&site.url("/")).await;

        let evidence = failed(&report, "response-cut", "site");
        assert_eq!(evidence.contains("reset"), description.contains("reset"), "{description}: {evidence}");
        assert_eq!(report["card"]["title"], TITLE, "{description}");
        assert_eq!((&report["page"]["truncated"], &report["page"]["bytes"]), (&json!(true), &json!(length)));
        assert_eq!((&report["hops"][0]["status"], codes(&report).len()), (&json!(200), 1), "{description}");
    }
}

#[tokio::test]
async fn a_chunk_with_a_bad_size_is_malformed_and_keeps_what_came_before_it() {
    let app = spawn_app();
    let chunk = format!("{:x}\r\n{PAGE}\r\n", PAGE.len());
    for size in ["zz", "-5", "fffffffffffffffff"] {
        let head = format!("HTTP/1.1 200 OK\r\n{HTML}transfer-encoding: chunked\r\n\r\n");
        let site = site_of_bytes(format!("{head}{chunk}{size}\r\nxx\r\n0\r\n\r\n"));

        let report = app.scrape(&site.url("/")).await;

        let evidence = failed(&report, "response-malformed", "site");
        assert!(evidence.contains("chunk"), "{size}: {evidence}");
        assert_eq!(report["card"]["title"], TITLE, "{size}");
        assert_eq!(report["page"]["truncated"], true, "{size}");
    }
}

fn many_headers(count: usize) -> String {
    "x-again: and again\r\n".repeat(count)
}

#[tokio::test]
async fn an_answer_that_is_not_http_is_malformed() {
    let app = spawn_app();
    let ok = |headers: &str| format!("HTTP/1.1 200 OK\r\n{HTML}{headers}\r\n{PAGE}").into_bytes();
    for (description, bytes) in [
        ("HTTP/0.9", PAGE.as_bytes().to_vec()),
        ("another protocol's greeting", b"SSH-2.0-OpenSSH_9.2p1\r\n".to_vec()),
        ("a TLS alert", b"\x15\x03\x01\x00\x02\x02\x46".to_vec()),
        ("a status of two digits", b"HTTP/1.1 99 Weird\r\n\r\n".to_vec()),
        ("two lengths", ok("content-length: 5\r\ncontent-length: 6\r\n")),
        ("a negative length", ok("content-length: -1\r\n")),
        ("a NUL in a header", ok("x-a: a\0b\r\n")),
        ("a header without a name", ok(": x\r\n")),
        ("101 headers", ok(&many_headers(100))),
        ("a head of two megabytes", ok(&format!("x-a: {}\r\n", "a".repeat(2_000_000)))),
    ] {
        let site = site_of_bytes(bytes);

        let report = app.scrape(&site.url("/")).await;

        assert_eq!(report["outcome"], "response-malformed", "{description}: {report:#}");
        let evidence = failed(&report, "response-malformed", "site");
        assert!(!evidence.is_empty(), "{description}");
        assert_eq!((&report["card"], &report["page"]), (&Value::Null, &Value::Null), "{description}");
        assert_eq!(report["hops"][0]["status"], Value::Null, "{description}");
        assert_eq!(report["hops"][0]["address"], site.address.to_string(), "{description}: who answered is known");
    }
}

#[tokio::test]
async fn an_answer_that_is_only_unusual_is_read() {
    let app = spawn_app();
    let length = PAGE.len();
    for (description, bytes) in [
        ("HTTP/1.0 until the connection ends", format!("HTTP/1.0 200 OK\r\n{HTML}\r\n{PAGE}")),
        ("no reason phrase", format!("HTTP/1.1 200\r\n{HTML}content-length: {length}\r\n\r\n{PAGE}")),
        ("one promise before the answer", format!("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n{HTML}\r\n{PAGE}")),
        (
            "early hints",
            format!("HTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\n{HTML}\r\n{PAGE}"),
        ),
        ("2000 promises before the answer", {
            format!("{}HTTP/1.1 200 OK\r\n{HTML}\r\n{PAGE}", "HTTP/1.1 100 Continue\r\n\r\n".repeat(2000))
        }),
        ("100 headers", format!("HTTP/1.1 200 OK\r\n{HTML}{}\r\n{PAGE}", many_headers(99))),
        ("the same length twice", {
            format!("HTTP/1.1 200 OK\r\n{HTML}content-length: {length}\r\ncontent-length: {length}\r\n\r\n{PAGE}")
        }),
        ("a 203", format!("HTTP/1.1 203 Non-Authoritative Information\r\n{HTML}\r\n{PAGE}")),
    ] {
        let site = site_of_bytes(bytes);

        let report = app.scrape(&site.url("/")).await;

        assert_eq!(report["outcome"], "ok", "{description}: {report:#}");
        arrived(&report, &[]);
    }
}

// --- connections that fail ---

#[tokio::test]
async fn a_closed_port_refuses_and_is_named() {
    let app = spawn_app();
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();

    let report = app.scrape(&format!("http://{address}/")).await;

    assert_eq!(failed(&report, "connect-refused", "site"), address.to_string());
    assert_eq!(codes(&report), ["connect-refused", "cannot-see-ip-rules"]);
    let hop = &report["hops"][0];
    assert_eq!(
        (&hop["status"], &hop["address"], &hop["timing_ms"]["wait"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    assert_eq!((&report["card"], &report["page"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn a_host_that_drops_packets_is_a_connect_timeout_within_its_limit() {
    let mut settings = settings();
    hurry(&mut settings, 600, 300, 5_000);
    let app = spawn_app_with(&settings);
    let deaf = Deaf::at("127.0.0.1");

    let (report, took) = timed(&app, &format!("http://{}/", deaf.address), 1_100).await;

    let evidence = failed(&report, "connect-timeout", "site");
    assert_eq!(evidence, format!("{}: no answer within 0.6 s", deaf.address));
    assert!(took >= 600, "the limit on silence is for answers, not for connecting: {took} ms");
    assert!(took < 1_100, "{took} ms");
    assert_eq!(codes(&report), ["connect-timeout", "cannot-see-ip-rules"]);
}

#[tokio::test]
async fn a_host_without_a_route_is_unreachable() {
    let mut settings = settings();
    settings.egress.allow.push("224.0.0.1".parse().unwrap());
    let app = spawn_app_with(&settings);

    let report = app.scrape("http://224.0.0.1/").await; // the kernel has no route for TCP to a group

    assert_eq!(failed(&report, "connect-unreachable", "site"), "224.0.0.1:80");
    assert_eq!(codes(&report), ["connect-unreachable", "cannot-see-ip-rules"]);
}

#[tokio::test]
async fn the_deadline_also_ends_connecting() {
    let mut settings = settings();
    hurry(&mut settings, 5_000, 5_000, 500);
    let app = spawn_app_with(&settings);
    let deaf = Deaf::at("127.0.0.1");

    let (report, took) = timed(&app, &format!("http://{}/", deaf.address), 1_000).await;

    assert_eq!(failed(&report, "timeout", "site"), "stage connect: over 0.5 s");
    assert!(took < 1_000, "{took} ms");
}

#[tokio::test]
async fn a_connection_that_ends_before_an_answer_is_told_as_that() {
    let app = spawn_app();
    let hang_up = TestSite::answering(|_, _| ());
    let slam = TestSite::answering(|_, stream| reset(stream));
    let half = site_of_bytes("HTTP/1.1 200 OK\r\ncontent-ty");
    let promises = site_of_bytes("HTTP/1.1 100 Continue\r\n\r\n".repeat(2000));
    for (description, site) in [
        ("closed", &hang_up),
        ("reset", &slam),
        ("closed within the head", &half),
        ("closed after 2000 promises", &promises),
    ] {
        let report = app.scrape(&site.url("/")).await;

        assert_eq!(report["outcome"], "connect-reset", "{description}: {report:#}");
        failed(&report, "connect-reset", "site");
        assert_eq!(codes(&report), ["connect-reset", "cannot-see-ip-rules"], "{description}");
        assert_eq!((&report["hops"][0]["status"], &report["card"]), (&Value::Null, &Value::Null), "{description}");
    }
}

#[tokio::test]
async fn a_connection_that_ends_before_the_request_is_told_as_that() {
    let app = spawn_app();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || listener.incoming().for_each(drop));
    for round in 0..20 {
        let report = app.scrape(&format!("http://{address}/{round}")).await;

        failed(&report, "connect-reset", "site");
    }
}

// --- answers that take too long ---

/// A page whose bytes after `sent` never come.
fn unfinished(sent: &str) -> String {
    format!("HTTP/1.1 200 OK\r\n{HTML}content-length: 100000\r\n\r\n{sent}")
}

fn app_in_a_hurry(read: u64, deadline: u64) -> TestApp {
    let mut settings = settings();
    hurry(&mut settings, 5_000, read, deadline);
    spawn_app_with(&settings)
}

#[tokio::test]
async fn nothing_is_waited_for_that_is_not_needed() {
    let app = app_in_a_hurry(2_000, 4_000);
    let unfinished = |head: &'static str| {
        move |stream: &mut TcpStream| {
            write(stream, format!("HTTP/1.1 {head}content-length: 100000\r\n\r\nx").as_bytes());
            fall_silent(stream);
        }
    };
    let redirect = unfinished("302 Found\r\nlocation: /page\r\n");
    let missing = unfinished("404 Not Found\r\ncontent-type: text/html\r\n");
    let picture = unfinished("200 OK\r\ncontent-type: image/png\r\n");
    let site = TestSite::answering(move |seen, stream| match seen.path.as_str() {
        "/redirect" => redirect(stream),
        "/missing" => missing(stream),
        "/picture" => picture(stream),
        _ => {
            let length = PAGE.len();
            write(stream, format!("HTTP/1.1 200 OK\r\n{HTML}content-length: {length}\r\n\r\n{PAGE}").as_bytes());
            fall_silent(stream);
        }
    });
    for (description, path, outcome) in [
        ("the end of the connection", "/page", "ok"),
        ("the body of a redirect", "/redirect", "ok"),
        ("the body of an error", "/missing", "status-404"),
        ("the body of what is no page", "/picture", "not-html"),
    ] {
        let (report, took) = timed(&app, &site.url(path), 1_000).await;

        assert_eq!(report["outcome"], outcome, "{description}: {report:#}");
        assert!(took < 1_000, "{description}: {took} ms");
    }
}

#[tokio::test]
async fn silence_before_the_head_ends_at_its_limit() {
    let app = app_in_a_hurry(400, 5_000);
    let site = TestSite::answering(|_, stream| fall_silent(stream));

    let (report, took) = timed(&app, &site.url("/"), 900).await;

    assert_eq!(failed(&report, "timeout", "site"), "stage wait: over 0.4 s");
    assert!((400..900).contains(&took), "{took} ms");
    assert_eq!((&report["card"], &report["hops"][0]["status"]), (&Value::Null, &Value::Null));
    assert_eq!(report["hops"][0]["address"], site.address.to_string());
    assert_eq!(codes(&report), ["timeout", "cannot-see-ip-rules"]);
}

#[tokio::test]
async fn silence_within_the_body_ends_at_its_limit_and_keeps_the_card() {
    let app = app_in_a_hurry(400, 5_000);
    let site = TestSite::answering(|_, stream| {
        write(stream, unfinished(PAGE).as_bytes());
        fall_silent(stream);
    });

    let (report, took) = timed(&app, &site.url("/"), 900).await;

    assert_eq!(failed(&report, "timeout", "site"), "stage body: over 0.4 s");
    assert!((400..900).contains(&took), "{took} ms");
    assert_eq!((&report["card"]["title"], &report["page"]["truncated"]), (&json!(TITLE), &json!(true)));
    assert!(report["hops"][0]["timing_ms"]["body"].as_f64().unwrap() >= 400.0);
}

#[tokio::test]
async fn silence_after_an_empty_body_gives_no_card() {
    let app = app_in_a_hurry(400, 5_000);
    let site = TestSite::answering(|_, stream| {
        write(stream, unfinished("").as_bytes());
        fall_silent(stream);
    });

    let report = app.scrape(&site.url("/")).await;

    assert_eq!(failed(&report, "timeout", "site"), "stage body: over 0.4 s");
    assert_eq!((&report["card"], &report["page"]), (&Value::Null, &Value::Null));
    assert_eq!(report["hops"][0]["status"], 200);
}

#[tokio::test]
async fn a_head_that_drips_ends_at_the_deadline() {
    let app = app_in_a_hurry(5_000, 800);
    let site = TestSite::answering(|_, stream| {
        write(stream, b"HTTP/1.1 200 OK\r\nx-slow: ");
        drip(stream, b"x", Duration::from_millis(50));
    });

    let (report, took) = timed(&app, &site.url("/"), 1_300).await;

    assert_eq!(failed(&report, "timeout", "site"), "stage wait: over 0.8 s");
    assert!((800..1_300).contains(&took), "{took} ms");
    assert_eq!(report["card"], Value::Null);
}

#[tokio::test]
async fn a_body_that_drips_ends_at_the_deadline_and_keeps_the_card() {
    let app = app_in_a_hurry(500, 800);
    let site = TestSite::answering(|_, stream| {
        write(stream, unfinished(PAGE).as_bytes());
        drip(stream, b" ", Duration::from_millis(50));
    });

    let (report, took) = timed(&app, &site.url("/"), 1_300).await;

    assert_eq!(failed(&report, "timeout", "site"), "stage body: over 0.8 s");
    assert!((800..1_300).contains(&took), "{took} ms");
    assert_eq!((&report["card"]["title"], &report["page"]["truncated"]), (&json!(TITLE), &json!(true)));
}

#[tokio::test]
async fn one_deadline_holds_for_all_redirects_together() {
    let app = app_in_a_hurry(5_000, 1_000);
    let site = TestSite::answering(|seen, stream| {
        thread::sleep(Duration::from_millis(400));
        respond(stream, "302 Found", &format!("location: {}x\r\n", seen.path), b"");
    });

    let (report, took) = timed(&app, &site.url("/"), 1_500).await;

    assert_eq!(failed(&report, "timeout", "site"), "stage wait: over 1 s");
    assert!((1_000..1_500).contains(&took), "{took} ms");
    let hops = report["hops"].as_array().unwrap().len();
    assert!((2..=3).contains(&hops), "each takes 0.4 s, or more on a busy machine: {hops}");
}

#[tokio::test]
async fn a_page_that_takes_more_than_three_seconds_is_slow_and_says_where() {
    let app = spawn_app();
    let site = TestSite::answering(|_, stream| {
        thread::sleep(Duration::from_millis(3_100));
        respond(stream, "200 OK", HTML, PAGE.as_bytes());
    });

    let report = app.scrape(&site.url("/")).await;

    arrived(&report, &["slow-page"]);
    let slow = finding(&report, "slow-page");
    let evidence = slow["evidence"].as_str().unwrap();
    assert!(evidence.starts_with("wait 3"), "the stage and its time: {evidence}");
    assert!(slow["message"]["en"].as_str().unwrap().contains("3."), "{slow:#}");
}
