//! What tests share: servers of their own for DNS and TLS, the program as a process, sites that break HTTP, and the reading
//! of a failure in a report.

pub mod dns_server;
pub mod server;
pub mod tls_server;

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use scraplens::config::Settings;
use serde_json::Value;

use crate::helpers::{TestApp, TestSite, scrape_path};

/// R1: the exact bytes that were seen in logs of 2020, 2021 and 2024.
pub const KAKAO: &str = "facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984";

/// A page about which there is nothing to say.
pub const PAGE: &str = "<!doctype html><html lang=\"ko\"><head><meta charset=\"utf-8\"><title>제목</title>\
    <meta property=\"og:title\" content=\"카드 제목\"><meta property=\"og:description\" content=\"설명\">\
    <meta property=\"og:image\" content=\"https://img.example/a.png\"></head><body>본문</body></html>";

/// What `PAGE` gives.
pub const TITLE: &str = "카드 제목";

/// The header of a page.
pub const HTML: &str = "content-type: text/html; charset=utf-8\r\n";

/// Checks everything a failure owes the reader, and returns its evidence.
#[track_caller]
pub fn failed(report: &Value, code: &str, blame: &str) -> String {
    assert_eq!(report["outcome"], code, "{report:#}");
    assert_eq!(report["blame"], blame, "{report:#}");
    let finding = finding(report, code);
    assert_eq!(finding["severity"], "error", "{finding:#}");
    assert!(!report["hops"].as_array().unwrap().is_empty(), "a failure has the hop it happened at: {report:#}");
    finding["evidence"].as_str().unwrap_or_default().to_owned()
}

/// The finding with this code, worded in both languages.
#[track_caller]
pub fn finding<'a>(report: &'a Value, code: &str) -> &'a Value {
    let findings = report["findings"].as_array().unwrap();
    let found = findings.iter().find(|finding| finding["code"] == code);
    let finding = found.unwrap_or_else(|| panic!("no finding `{code}` in {report:#}"));
    for part in ["message", "advice"] {
        let (ko, en) = (finding[part]["ko"].as_str().unwrap(), finding[part]["en"].as_str().unwrap());
        let korean = |text: &str| text.chars().any(|c| ('가'..='힣').contains(&c));
        assert!(korean(ko), "the {part} is not Korean: {ko}");
        assert!(en.contains(' ') && !korean(en), "the {part} is not English: {en}");
        assert!(!ko.contains('{') && !en.contains('{'), "a value was not filled in: {ko} / {en}");
    }
    finding
}

/// Checks that a page arrived, and that nothing was found fault with but `findings`.
#[track_caller]
pub fn arrived(report: &Value, findings: &[&str]) {
    assert_eq!(report["outcome"], "ok", "{report:#}");
    assert_eq!(report["blame"], Value::Null);
    assert_eq!(report["card"]["title"], TITLE, "{report:#}");
    assert_eq!(crate::helpers::codes(report), findings, "{report:#}");
}

/// Limits on time, in milliseconds.
pub fn hurry(settings: &mut Settings, connect: u64, read: u64, deadline: u64) {
    settings.fetch.connect_timeout_ms = connect;
    settings.fetch.read_timeout_ms = read;
    settings.fetch.deadline_ms = deadline;
}

/// The report of `url`, and how many milliseconds it took. A machine that is busy otherwise may try twice more to keep
/// below `limit`; a limit that is not kept by the program is never kept.
pub async fn timed(app: &TestApp, url: &str, limit: u128) -> (Value, u128) {
    let path = format!("{}&fresh=true", scrape_path(url));
    let mut tries = 0;
    loop {
        let started = Instant::now();
        let (_, report) = app.get(&path).await;
        let took = started.elapsed().as_millis();
        tries += 1;
        if took < limit || tries == 3 {
            return (report, took);
        }
    }
}

/// A site that answers every request with these bytes and closes.
pub fn site_of_bytes(bytes: impl Into<Vec<u8>>) -> TestSite {
    let bytes = bytes.into();
    TestSite::answering(move |_, stream| write(stream, &bytes))
}

/// Writes, whether or not the other side is still there.
pub fn write(stream: &mut TcpStream, bytes: &[u8]) {
    let _gone = stream.write_all(bytes);
}

/// Says nothing until the other side has had enough.
pub fn fall_silent(stream: &mut TcpStream) {
    while stream.read(&mut [0; 1024]).is_ok_and(|read| read > 0) {}
}

/// Repeats `piece` until the other side has had enough.
pub fn drip(stream: &mut TcpStream, piece: &[u8], every: Duration) {
    while stream.write_all(piece).is_ok() {
        thread::sleep(every);
    }
}

/// Ends the connection with RST instead of FIN.
pub fn reset(stream: &TcpStream) {
    let socket = tokio::net::TcpSocket::from_std_stream(stream.try_clone().unwrap());
    socket.set_zero_linger().unwrap();
}

/// A listener whose queue is full: the kernel drops further SYNs, as a firewall does.
pub struct Deaf {
    pub address: SocketAddr,
    _listener: tokio::net::TcpListener,
    _queue: Vec<TcpStream>,
}

impl Deaf {
    /// One on a port of its own. Needs a Tokio runtime.
    pub fn at(ip: &str) -> Self {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::new(ip.parse().unwrap(), 0)).unwrap();
        let listener = socket.listen(0).unwrap();
        let address = listener.local_addr().unwrap();
        let knock = || TcpStream::connect_timeout(&address, Duration::from_millis(200)).ok();
        let queue: Vec<_> = std::iter::from_fn(knock).take(64).collect();
        assert!(queue.len() < 64, "the queue of a listener does not fill up here");
        Self { address, _listener: listener, _queue: queue }
    }
}

/// A site that keeps the heads of its requests byte by byte, and answers `PAGE`.
pub struct Listener {
    pub address: SocketAddr,
    heads: mpsc::Receiver<String>,
}

impl Listener {
    pub fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (tell, heads) = mpsc::channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut head = Vec::new();
                let mut byte = [0];
                while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() > 0 {
                    head.push(byte[0]);
                }
                crate::helpers::respond(&mut stream, "200 OK", HTML, PAGE.as_bytes());
                let _left = tell.send(String::from_utf8(head).unwrap());
            }
        });
        Self { address, heads }
    }

    /// The next request's head.
    pub fn head(&self) -> String {
        self.heads.recv_timeout(Duration::from_secs(10)).unwrap()
    }
}
