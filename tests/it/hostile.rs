//! Hostile sites and hostile pages against the real program in a process of its own: each is answered in time, what can be
//! read is read, memory stays small, nobody else waits, and nothing panics. Bodies are made here, when a test runs.

use std::{
    collections::HashMap,
    io::{Read as _, Write as _},
    net::TcpStream,
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use flate2::{Compress, Compression, FlushCompress};
use serde_json::Value;

use crate::{
    helpers::{TestSite, command, encode, json, respond},
    support::server::Server,
};

/// `--timeout` of the server under test.
const DEADLINE: Duration = Duration::from_secs(2);

/// What may come on top of the deadline: reading at most 1 MiB of page. A release build needs some 0.2 s for the worst page
/// here; a debug build takes ten times that, and shares the machine with other tests.
const GRACE: Duration = if cfg!(debug_assertions) { Duration::from_secs(6) } else { Duration::from_millis(500) };

/// What everybody else's requests may take meanwhile.
const QUICK: Duration = if cfg!(debug_assertions) { Duration::from_secs(2) } else { Duration::from_millis(500) };

/// How far the peak of resident memory may rise over the whole set.
const MAX_GROWTH_KB: u64 = 64 * 1024;

/// The start of every hostile page; the title must survive what follows.
const START: &str = "<!doctype html><html><head><meta charset=utf-8><title>Hostile</title>\
    <meta property=\"og:title\" content=\"Still here\">";

/// A server that asks for the page alone: one fetch is measured here, not what else a report asks for.
fn start() -> Server {
    let alone = ["IMAGES", "COMPARE", "ROBOTS"].map(|what| (format!("SCRAPLENS__SCRAPE__{what}"), "false".to_owned()));
    Server::start(DEADLINE, &alone)
}

/// Pages that are hard to read: a name and the bytes behind [`START`]. Each is a known way to make some parser quadratic,
/// deep, or greedy.
fn pages() -> Vec<(&'static str, Vec<u8>)> {
    let numbered = |times: usize, one: &dyn Fn(usize) -> String| (0..times).map(one).collect::<String>().into_bytes();
    let attributes = (0..32_000).map(|n| format!("a{n}=1 ")).collect::<Vec<_>>().concat();
    let value = |bytes: &[u8]| [b"<meta property=og:description content=\"", bytes, b"\">"].concat();
    let nul_at_every_third = b"<p class=x>text</p><img src=/a.png>".repeat(9000);
    let nul_at_every_third: Vec<u8> = nul_at_every_third.chunks(2).flat_map(|two| [two, b"\0"].concat()).collect();
    vec![
        ("32,000 nested <ul><li>", b"<ul><li>".repeat(32_000)),
        ("32,000 <font>, each another", numbered(32_000, &|n| format!("<font a{n}=1>"))),
        ("32,000 nested <div>", b"<div>".repeat(32_000)),
        ("<b> and <a> interleaved", b"<b><a href=x>".repeat(20_000)),
        // A tag behind the bomb makes the tree read through it, as far as its time goes.
        ("a meta behind 32,000 <ul><li>", [&b"<ul><li>".repeat(32_000)[..], LATE].concat()),
        ("a meta behind 32,000 <font>", [&numbered(32_000, &|n| format!("<font a{n}=1>"))[..], LATE].concat()),
        ("a meta behind 32,000 <div>", [&b"<div>".repeat(32_000)[..], LATE].concat()),
        ("a meta behind 36,000 tables", [&b"<table><tr><td>".repeat(36_000)[..], LATE].concat()),
        ("metas in nested <div>", b"<div><meta name=x content=y>".repeat(8_000)),
        ("32,000 attributes of one <p>", format!("<p {attributes}>").into_bytes()),
        ("32,000 attributes of one <meta>", format!("<meta {attributes} property=og:x content=y>").into_bytes()),
        ("an attribute of 8 MB", [b"<p title=\"".to_vec(), vec![b'x'; 8 * MEGABYTE], b"\">".to_vec()].concat()),
        ("a title of 1 MB", [b"<title>".to_vec(), vec![b'x'; MEGABYTE], b"</title>".to_vec()].concat()),
        ("a description of & alone", value(&[b'&'; 900_000])),
        ("a description of entities", value(&b"&amp;#x1F600;&NotEqualTilde;".repeat(30_000))),
        ("a description of control characters", value(&[1; 900_000])),
        ("100,000 og:image", b"<meta property=og:image content=/a>".repeat(100_000)),
        ("20,000 <img>", numbered(20_000, &|n| format!("<img src=/{n}.png>"))),
        ("10,000 <base>", numbered(10_000, &|n| format!("<base href=http://h{n}/>"))),
        ("540 KB of unclosed tables", b"<table><tr><td>".repeat(36_000)),
        ("text and <b> in tables", b"<table>x<b>".repeat(20_000)),
        ("1 MB of NUL", vec![0; MEGABYTE]),
        ("NUL between everything", nul_at_every_third),
        ("32,000 unclosed <p>", b"<p>".repeat(32_000)),
        ("1 MB of <", vec![b'<'; MEGABYTE]),
        ("1 MB of &", vec![b'&'; MEGABYTE]),
        ("1 MB of <!--", b"<!--".repeat(MEGABYTE / 4)),
        ("1 MB of </p>", b"</p>".repeat(MEGABYTE / 4)),
        ("scripts in comments in scripts", b"<script><!--<script>".repeat(50_000)),
        ("20,000 titles", b"<title>x</title>".repeat(20_000)),
        ("titles that never end", b"<title>".repeat(140_000)),
        ("metas in <noscript>", b"<noscript><meta name=a content=b>".repeat(30_000)),
        ("nested <template>", b"<template>".repeat(32_000)),
        ("<svg>, <title> and <math>", b"<svg><title><math>".repeat(20_000)),
        ("quotes that close nothing", b"<a b='\"".repeat(MEGABYTE / 7)),
        ("20,000 lines of <meta>", b"\n<meta name=a content=b>".repeat(20_000)),
        ("1 MB of UTF-8 continuation bytes", vec![0x80; MEGABYTE]),
        ("1 MB of EUC-KR lead bytes", vec![0xB0; MEGABYTE]),
    ]
}

const LATE: &[u8] = b"<meta property=og:description content=late>";

fn page(rest: &[u8]) -> Vec<u8> {
    [START.as_bytes(), rest].concat()
}

const MEGABYTE: usize = 1 << 20;

/// Half a GiB of spaces behind [`START`] as one gzip member: the compressed form of one MiB, again and again.
fn gzip_bomb() -> Vec<u8> {
    let deflated = |bytes: &[u8]| {
        let mut compress = Compress::new(Compression::best(), false);
        let mut out = Vec::with_capacity(64 * 1024);
        compress.compress_vec(bytes, &mut out, FlushCompress::Full).unwrap();
        assert_eq!(compress.total_in(), bytes.len() as u64);
        out
    };
    let spaces = deflated(&vec![b' '; MEGABYTE]).repeat(512);
    [&GZIP_HEAD, &deflated(START.as_bytes())[..], &spaces, &[1, 0, 0, 0xff, 0xff], &[0; 8]].concat()
}

const GZIP_HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The same as 513 members.
fn gzip_members_bomb() -> Vec<u8> {
    [gzip(START.as_bytes()), gzip(&vec![b' '; MEGABYTE]).repeat(512)].concat()
}

/// The same in brotli, with a window of `bits`: the compressed form of 16 MiB, again and again. Above 24 bits the format is
/// no longer RFC 7932's.
fn brotli_bomb(bits: i32) -> Vec<u8> {
    let parameters =
        brotli::enc::BrotliEncoderParams { quality: 1, lgwin: bits, large_window: bits > 24, ..Default::default() };
    let mut encoder = brotli::CompressorWriter::with_params(Vec::new(), MEGABYTE, &parameters);
    let mut ends = Vec::new();
    for piece in [START.as_bytes(), &vec![b' '; 16 * MEGABYTE], &vec![b' '; 16 * MEGABYTE]] {
        encoder.write_all(piece).unwrap();
        encoder.flush().unwrap();
        ends.push(encoder.get_ref().len());
    }
    let stream = encoder.get_ref()[..ends[2]].to_vec();
    let bomb = [&stream[..], &stream[ends[1]..].repeat(30)].concat();
    let mut decoded = vec![0; START.len() + 80 * MEGABYTE];
    brotli::Decompressor::new(&bomb[..], MEGABYTE).read_exact(&mut decoded).unwrap();
    assert!(decoded.starts_with(START.as_bytes()) && decoded.ends_with(b"    "), "the bomb does not go off");
    bomb
}

/// How one path of a hostile site answers.
type Answer = Box<dyn Fn(&mut TcpStream) + Send + Sync>;

/// What a report must say: the outcome, and how much of the page could be read.
type Expected = (&'static str, Read);

/// How much of a page that opens with [`START`] was read.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Read {
    All,
    /// The start at least, so the title is there.
    Part,
    /// Not even the title.
    Nothing,
}

/// Answers that end or would never end: what they are, what they send, what the report must say.
fn quick_answers() -> Vec<(&'static str, Answer, Expected)> {
    let encoded = |encoding: &'static str, body: Vec<u8>| -> Answer {
        Box::new(move |stream| {
            let headers = format!("content-type: text/html\r\ncontent-encoding: {encoding}\r\n");
            respond(stream, "200 OK", &headers, &body);
        })
    };
    let cut = gzip(&page(&vec![b' '; 100_000]));
    let cut = cut[..cut.len() - 20].to_vec();
    let mut answers = vec![
        ("half a GB of gzip", encoded("gzip", gzip_bomb()), ("ok", Read::Part)),
        ("half a GB of gzip members", encoded("gzip", gzip_members_bomb()), ("ok", Read::Part)),
        ("half a GB of brotli", encoded("br", brotli_bomb(22)), ("ok", Read::Part)),
        ("half a GB of brotli, largest window", encoded("br", brotli_bomb(24)), ("ok", Read::Part)),
        ("a brotli window of 1 GB", encoded("br", brotli_bomb(30)), ("response-malformed", Read::Nothing)),
        ("gzip in gzip", encoded("gzip, gzip", gzip(&gzip_bomb())), ("encoding-unsupported", Read::Nothing)),
        ("gzip that is not", encoded("gzip", page(b"")), ("response-malformed", Read::Nothing)),
        ("gzip that ends early", encoded("gzip", cut), ("response-cut", Read::Part)),
        (
            "gzip with a gzip bomb behind the end",
            encoded("gzip", [gzip(START.as_bytes()), gzip_bomb()].concat()),
            ("ok", Read::Part),
        ),
        (
            "empty gzip members without end",
            endless(GZIPPED, &gzip(START.as_bytes()), gzip(b"").repeat(1000)),
            ("response-malformed", Read::Part),
        ),
        (
            "a gzip file name without end",
            endless(GZIPPED, &[0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 0xff], vec![b'x'; 65_536]),
            ("response-malformed", Read::Nothing),
        ),
        (
            "chunks without end",
            endless("transfer-encoding: chunked\r\n", &chunk(START.as_bytes()), chunk(&[b' '; 4096])),
            ("ok", Read::Part),
        ),
        (
            "a TB of Content-Length",
            endless("content-length: 1099511627776\r\n", START.as_bytes(), vec![b' '; 65_536]),
            ("ok", Read::Part),
        ),
        ("no length and no end", endless("", START.as_bytes(), vec![b' '; 65_536]), ("ok", Read::Part)),
        (
            "a chunk of 2^64 bytes",
            endless(
                "transfer-encoding: chunked\r\n",
                &[&chunk(START.as_bytes())[..], b"ffffffffffffffff\r\n"].concat(),
                vec![b' '; 65_536],
            ),
            ("ok", Read::Part),
        ),
        (
            "a chunk extension without end",
            endless(
                "transfer-encoding: chunked\r\n",
                &[&chunk(START.as_bytes())[..], b"5;"].concat(),
                vec![b'x'; 65_536],
            ),
            ("response-malformed", Read::Part),
        ),
        (
            "trailers without end",
            endless(
                "transfer-encoding: chunked\r\n",
                &[&chunk(START.as_bytes())[..], b"0\r\n"].concat(),
                b"a: b\r\n".repeat(10_000),
            ),
            ("response-malformed", Read::Part),
        ),
        (
            "headers without end",
            raw(b"HTTP/1.1 200 OK\r\n".to_vec(), b"a: b\r\n".repeat(10_000)),
            ("response-malformed", Read::Nothing),
        ),
        (
            "one header without end",
            raw(b"HTTP/1.1 200 OK\r\na: ".to_vec(), vec![b'x'; 65_536]),
            ("response-malformed", Read::Nothing),
        ),
        ("100 Continue without end", paced(&b"HTTP/1.1 100 Continue\r\n\r\n".repeat(100)), ("timeout", Read::Nothing)),
    ];
    for (name, rest) in pages() {
        let body = page(&rest);
        let cut = body.len() > MEGABYTE;
        let answer: Answer = Box::new(move |stream| respond(stream, "200 OK", "content-type: text/html\r\n", &body));
        answers.push((name, answer, if cut { ("ok", Read::Part) } else { ("ok", Read::All) }));
    }
    answers
}

const GZIPPED: &str = "content-encoding: gzip\r\n";

fn chunk(bytes: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat()
}

/// `start`, then `again` until the other side hangs up.
fn raw(start: Vec<u8>, again: Vec<u8>) -> Answer {
    Box::new(move |stream| {
        let mut sent = stream.write_all(&start);
        let since = Instant::now();
        while sent.is_ok() && since.elapsed() < DEADLINE + GRACE {
            sent = stream.write_all(&again);
        }
        assert!(sent.is_err(), "nobody hung up");
    })
}

/// `again` every 5 ms until the other side hangs up. Not as fast as it can: hyper reads up to 128 buffers of interim answers
/// before it lets others run, which at the speed of loopback takes it a second and more (measured with hyper 1.12).
fn paced(again: &[u8]) -> Answer {
    let again = again.to_vec();
    Box::new(move |stream| {
        while stream.write_all(&again).is_ok() {
            thread::sleep(Duration::from_millis(5));
        }
    })
}

/// A good head with these headers, `start`, then `again` until the other side hangs up.
fn endless(headers: &str, start: &[u8], again: Vec<u8>) -> Answer {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n{headers}\r\n");
    raw([head.as_bytes(), start].concat(), again)
}

/// All of `fast` at once, then `slow` byte by byte, one each 0.25 s, then nothing, until the other side hangs up.
fn dripping(fast: &str, slow: &str) -> Answer {
    let (fast, slow) = (fast.to_owned(), slow.to_owned());
    Box::new(move |stream| {
        let mut sent = stream.write_all(fast.as_bytes());
        for byte in slow.bytes() {
            thread::sleep(Duration::from_millis(250));
            sent = sent.and_then(|()| stream.write_all(&[byte]));
            if sent.is_err() {
                return;
            }
        }
        wait_for_the_end(stream);
    })
}

fn wait_for_the_end(stream: &mut TcpStream) {
    stream.set_read_timeout(Some(DEADLINE + GRACE)).unwrap();
    // A reset is an end too.
    let ended =
        stream.read(&mut [0]).map_or_else(|error| error.kind() == std::io::ErrorKind::ConnectionReset, |n| n == 0);
    assert!(ended, "nobody hung up");
}

/// Answers that take their time. All of them end at the deadline.
fn slow_answers() -> Vec<(&'static str, Answer, Expected)> {
    const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n";
    const UNANSWERED: Expected = ("timeout", Read::Nothing);
    const BEGUN: Expected = ("timeout", Read::Part);
    let body = |headers: &str, start: &str| format!("{HEAD}{headers}\r\n{start}");
    let chunked = body("transfer-encoding: chunked\r\n", &String::from_utf8(chunk(START.as_bytes())).unwrap());
    vec![
        ("silence", dripping("", ""), UNANSWERED),
        ("a status line that drips", dripping("", "HTTP/1.1 200 OK\r\n"), UNANSWERED),
        ("headers that drip", dripping(HEAD, "x-header: never ending"), UNANSWERED),
        ("headers and then nothing", dripping(HEAD, ""), UNANSWERED),
        ("a 100 Continue and then nothing", dripping("HTTP/1.1 100 Continue\r\n\r\n", ""), UNANSWERED),
        ("a body that drips", dripping(&body("", START), "<p>dripping drop by drop"), BEGUN),
        ("a body that stops", dripping(&body("content-length: 100000\r\n", START), ""), BEGUN),
        ("chunks that drip", dripping(&chunked, "1\r\nx\r\n1\r\nx\r\n1\r\nx\r\n"), BEGUN),
        ("a chunk that stops", dripping(&format!("{chunked}fffff\r\n"), ""), BEGUN),
        ("a body that never begins", dripping(&body("", ""), ""), ("timeout", Read::Nothing)),
    ]
}

/// A site with one path for each answer. Its threads must end: none may be left writing into a connection nobody reads.
struct HostileSite {
    site: TestSite,
    busy: Arc<AtomicUsize>,
    cases: Vec<(&'static str, String, Expected)>,
}

impl HostileSite {
    fn new(answers: Vec<(&'static str, Answer, Expected)>) -> Self {
        let busy = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&busy);
        let cases: Vec<_> = answers
            .iter()
            .enumerate()
            .map(|(number, (name, _, expected))| (*name, format!("/{number}"), *expected))
            .collect();
        let answers: HashMap<_, _> = cases
            .iter()
            .map(|(_, path, _)| path.clone())
            .zip(answers.into_iter().map(|(_, answer, _)| answer))
            .collect();
        let site = TestSite::answering(move |seen, stream| {
            count.fetch_add(1, Ordering::SeqCst);
            stream.set_write_timeout(Some(DEADLINE + GRACE)).unwrap();
            answers[&seen.path](stream);
            count.fetch_sub(1, Ordering::SeqCst);
        });
        Self { site, busy, cases }
    }

    fn assert_abandoned(&self) {
        let since = Instant::now();
        while self.busy.load(Ordering::SeqCst) > 0 && since.elapsed() < DEADLINE {
            thread::sleep(Duration::from_millis(20));
        }
        assert_eq!(
            self.busy.load(Ordering::SeqCst),
            0,
            "connections are still read from, or a thread of the site panicked"
        );
    }
}

#[track_caller]
fn assert_report(name: &str, report: &Value, took: Duration, (outcome, read): Expected) {
    assert_eq!(report["outcome"], outcome, "{name}: {report:#}");
    assert_eq!(report["blame"].is_null(), outcome == "ok", "{name}");
    assert_eq!(report["card"]["title"] == "Still here", read != Read::Nothing, "{name}: {report:#}");
    assert_eq!(report["page"]["truncated"] == false, read == Read::All, "{name}: {report:#}");
    assert!(report["page"]["bytes"].as_u64().unwrap_or(0) <= MEGABYTE as u64, "{name}");
    assert!(took < DEADLINE + GRACE, "{name} took {took:?}");
}

#[tokio::test]
async fn every_hostile_site_is_answered_in_time_and_within_memory_while_others_do_not_wait() {
    let quick = HostileSite::new(quick_answers());
    let slow = HostileSite::new(slow_answers());
    let normal = TestSite::page("<title>Normal</title>");
    let server = Arc::new(start());
    for number in 0..4 {
        server.scrape(&normal.url(&format!("/warm/{number}"))).await;
    }
    let at_first = server.peak_kb();

    // One after the other, so that each can be measured.
    let mut before = at_first;
    for (name, path, expected) in &quick.cases {
        let (report, took) = server.scrape(&quick.site.url(path)).await;
        let peak = server.peak_kb();
        println!("{name}: {} ms, +{} kB", took.as_millis(), peak.saturating_sub(before));
        assert_report(name, &report, took, *expected);
        before = peak;
    }
    quick.assert_abandoned();

    // All the slow ones at once, and others in between.
    let asked: Vec<_> = slow
        .cases
        .iter()
        .map(|(_, path, _)| slow.site.url(path))
        .map(|url| {
            let server = Arc::clone(&server);
            tokio::spawn(async move { server.scrape(&url).await })
        })
        .collect();
    let mut others = 0;
    while !asked.iter().all(tokio::task::JoinHandle::is_finished) {
        let health = server.health().await;
        let (report, took) = server.scrape(&normal.url(&format!("/{others}"))).await;
        assert_eq!(report["card"]["title"], "Normal");
        assert!(health < QUICK && took < QUICK, "others wait: {health:?}, {took:?}");
        others += 1;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    for ((name, _, expected), asked) in slow.cases.iter().zip(asked) {
        let (report, took) = asked.await.unwrap();
        println!("{name}: {} ms", took.as_millis());
        assert_report(name, &report, took, *expected);
    }
    slow.assert_abandoned();
    assert!(others >= 3, "only {others} others were served");

    let growth = server.peak_kb().saturating_sub(at_first);
    println!("in all: {at_first} kB at first, +{growth} kB");
    assert!(growth < MAX_GROWTH_KB, "memory grew by {growth} kB");
    server.assert_nothing_panicked();
}

#[tokio::test]
async fn the_deadline_is_one_over_all_hops() {
    let site = TestSite::answering(|seen, stream| {
        thread::sleep(Duration::from_millis(600));
        let next = seen.path.trim_start_matches('/').parse::<u32>().unwrap_or(0) + 1;
        respond(stream, "302 Found", &format!("location: /{next}\r\n"), b"");
    });
    let server = start();

    let (report, took) = server.scrape(&site.url("/0")).await;

    // Five redirects are followed (R3); three of them fit.
    assert_eq!(report["outcome"], "timeout", "{report:#}");
    assert_eq!(report["hops"].as_array().unwrap().len(), 4, "{report:#}");
    assert!(took >= DEADLINE && took < DEADLINE + GRACE, "{took:?}");
}

#[tokio::test]
async fn many_bombs_at_once_stay_within_memory() {
    let bomb = gzip_bomb();
    let bombs = TestSite::answering(move |_, stream| {
        respond(stream, "200 OK", "content-type: text/html\r\ncontent-encoding: gzip\r\n", &bomb);
    });
    let normal = TestSite::page(START);
    let server = Arc::new(start());
    server.scrape(&normal.url("/")).await;
    let before = server.peak_kb();

    let asked: Vec<_> = (0..16)
        .map(|number| bombs.url(&format!("/{number}")))
        .map(|url| {
            let server = Arc::clone(&server);
            tokio::spawn(async move { server.scrape(&url).await })
        })
        .collect();
    for asked in asked {
        let (report, took) = asked.await.unwrap();
        assert_report("one of many", &report, took, ("ok", Read::Part));
    }

    let growth = server.peak_kb().saturating_sub(before);
    println!("16 bombs at once: +{growth} kB");
    assert!(growth < MAX_GROWTH_KB, "memory grew by {growth} kB");
    server.assert_nothing_panicked();
}

#[tokio::test]
async fn hostile_pages_that_are_posted_are_read_too_and_too_large_ones_refused() {
    let server = start();

    for (name, rest) in pages() {
        let body = page(&rest);
        let size = body.len();
        let started = Instant::now();
        let request =
            server.client.post(format!("{}/api/v1/extract?url={}", server.url, encode("https://example.com/")));
        let response = request.header("content-type", "text/html").body(body).send().await.unwrap();
        let (status, report) = json(response).await;
        let took = started.elapsed();

        println!("{name}: {} ms", took.as_millis());
        assert!(took < GRACE, "{name} took {took:?}");
        if size > 2 * MEGABYTE {
            assert_eq!((status, report["code"].as_str()), (413, Some("body-too-large")), "{name}");
            continue;
        }
        assert_eq!((status, report["card"]["title"].as_str()), (200, Some("Still here")), "{name}: {report:#}");
        assert_eq!(report["page"]["truncated"], size > MEGABYTE, "{name}");
    }
    server.assert_nothing_panicked();
}

/// Runs `scraplens extract - --json` over `html`.
fn extract(html: Vec<u8>) -> (Value, String, Option<i32>, Duration) {
    let started = Instant::now();
    let mut child = command()
        .args(["extract", "-", "--url", "https://example.com/", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = thread::spawn(move || stdin.write_all(&html).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let report = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    (report, String::from_utf8_lossy(&output.stderr).into_owned(), output.status.code(), started.elapsed())
}

#[test]
fn hostile_pages_on_standard_input_are_read_too() {
    for (name, rest) in pages() {
        let html = page(&rest);
        let size = html.len();
        let (report, stderr, code, took) = extract(html);

        println!("{name}: {} ms", took.as_millis());
        assert!(!stderr.contains("panicked") && matches!(code, Some(0 | 1)), "{name}: {code:?} {stderr}");
        assert_eq!(report["card"]["title"], "Still here", "{name}");
        assert_eq!(report["page"]["truncated"], size > MEGABYTE, "{name}");
        assert!(took < GRACE, "{name} took {took:?}");
    }
}

#[test]
fn a_huge_title_is_cut_at_a_character() {
    let korean = "가&amp;".repeat(60_000);
    for open in ["<meta property=og:title content=\"", "<title>"] {
        let (report, ..) = extract(format!("{open}{korean}\"></title>").into_bytes());

        // 256 bytes (R14) are 64 times `가&` with its four bytes.
        assert_eq!(report["card"]["title"], "가&".repeat(64), "{open}");
    }
}

#[test]
fn a_title_that_is_cut_off_by_the_end_of_what_is_read_still_gives_a_report() {
    let korean = "가&amp;".repeat(200_000);
    for open in ["<meta property=og:title content=\"", "<title>"] {
        let (report, stderr, ..) = extract(format!("{open}{korean}\"></title>").into_bytes());

        assert_eq!(report["page"]["truncated"], true, "{open}");
        assert!(report["card"]["title"].as_str().unwrap().len() <= 256 && stderr.is_empty(), "{open}: {stderr}");
    }
}

#[test]
fn a_page_of_one_byte_again_and_again_gives_a_report() {
    for byte in *b"\0\t\n\r \"&'-/<=>?a\x1B\x7F\x80\xC0\xED\xF4\xFE\xFF" {
        let (report, stderr, ..) = extract(vec![byte; 200_000]);

        assert!(report["card"].is_object() && stderr.is_empty(), "{byte:#x}: {stderr}");
    }
}
