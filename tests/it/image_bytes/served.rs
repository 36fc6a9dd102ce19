//! The same hostile files as a site's images, against the real program in a process of its own: each is answered in time with
//! a finding or a size, memory stays small over all of them, nobody else waits, and the service goes on.

use std::{collections::HashMap, time::Duration};

use super::bombs::bombs;
use crate::{
    helpers::{TestSite, codes, respond},
    support::server::Server,
};

/// What one image may take to be measured. Decoders are built without optimisation in a debug build, and share the machine.
const MEASURING: Duration = if cfg!(debug_assertions) { Duration::from_secs(6) } else { Duration::from_millis(700) };

/// How far one image may raise the peak of resident memory.
const MAX_GROWTH_KB: u64 = 130 * 1024;

/// How far all of them together may: the allocator does not give everything back between two of them.
const MAX_GROWTH_OF_ALL_KB: u64 = 220 * 1024;

#[tokio::test]
async fn a_site_full_of_hostile_images_is_reported_and_the_service_goes_on() {
    let files: HashMap<String, Vec<u8>> =
        bombs().into_iter().map(|(name, build)| (format!("/image/{name}"), build())).collect();
    let names: Vec<&str> = bombs().into_iter().map(|(name, _)| name).collect();
    let site = TestSite::answering(move |seen, stream| {
        if let Some(bytes) = files.get(&seen.path) {
            return respond(stream, "200 OK", "content-type: image/png\r\n", bytes);
        }
        let image = format!("http://{}/image{}", seen.headers["host"], seen.path);
        let html = format!(
            "<!doctype html><html><head><meta charset=utf-8><meta property=og:title content=t>\
             <meta property=og:description content=d><meta property=og:image content={image}></head><body></body></html>"
        );
        respond(stream, "200 OK", "content-type: text/html\r\n", html.as_bytes());
    });
    // What is kept has a bound of its own; what the work takes is measured here.
    let alone = [("SCRAPE__COMPARE", "false"), ("SCRAPE__ROBOTS", "false"), ("CACHE__IMAGE_BYTES", "0")]
        .map(|(key, value)| (format!("SCRAPLENS__{key}"), value.to_owned()));
    let server = Server::start(Duration::from_secs(10), &alone);
    let normal = TestSite::page("<title>Normal</title>");
    server.scrape(&normal.url("/")).await;
    let at_first = server.peak_kb();

    for name in names {
        let before = server.peak_kb();
        let (report, took) = server.scrape(&site.url(&format!("/{name}"))).await;
        let image = &report["image"];
        let growth = server.peak_kb() - before;
        println!("{name}: {} ms, +{growth} kB, {}", took.as_millis(), image["outcome"]);
        assert!(growth < MAX_GROWTH_KB, "{name}: memory grew by {growth} kB");
        assert!(took < MEASURING, "{name} takes {took:?}");
        let found = codes(&report).iter().any(|code| code.starts_with("image-"));
        assert!(found || image["width"].is_u64(), "{name} is neither measured nor explained: {image:#}");
    }

    let growth = server.peak_kb() - at_first;
    println!("in all: {at_first} kB at first, +{growth} kB");
    assert!(growth < MAX_GROWTH_OF_ALL_KB, "memory grew by {growth} kB");
    let (report, _) = server.scrape(&normal.url("/again")).await;
    assert_eq!(report["card"]["title"], "Normal");
    server.assert_nothing_panicked();
}
