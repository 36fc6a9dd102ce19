//! The images of cards through the real application: measured, kept by their own address, shown cut and encoded anew.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use image::GenericImageView as _;
use serde_json::{Value, json};

use crate::helpers::{
    Seen, TestApp, TestSite, codes, curious_settings, encode, png, respond, scrape_path, spawn_app_with,
};

fn page(image: &str) -> String {
    format!(
        "<!doctype html>\n<html><head><meta charset=utf-8>\n<meta property=og:title content=t>\n\
         <meta property=og:description content=d>\n<meta property=og:image content=\"{image}\">\n</head><body></body></html>"
    )
}

/// A site of pages that name `/image`, which `answer` answers.
fn site(answer: impl Fn(&Seen, &mut std::net::TcpStream) + Send + Sync + 'static) -> TestSite {
    TestSite::answering(move |seen, stream| match seen.path.as_str() {
        "/robots.txt" => respond(stream, "404 Not Found", "", b""),
        path if path.starts_with("/image") => answer(seen, stream),
        _ => {
            let html = page(&format!("http://{}/image", seen.headers["host"]));
            respond(stream, "200 OK", "content-type: text/html\r\n", html.as_bytes());
        }
    })
}

fn spawn() -> TestApp {
    spawn_app_with(&curious_settings())
}

fn asked_for_image(site: &TestSite) -> usize {
    site.seen().iter().filter(|seen| seen.path.starts_with("/image")).count()
}

/// What the service shows under the image's signed address.
async fn shown(app: &TestApp, href: &str) -> (u16, String, Vec<u8>) {
    let response = app.client.get(app.url(href)).send().await.unwrap();
    let media_type = response.headers()["content-type"].to_str().unwrap().to_owned();
    let status = response.status().as_u16();
    #[expect(clippy::disallowed_methods, reason = "our own server's answer is bounded")]
    let bytes = response.bytes().await.unwrap().to_vec();
    (status, media_type, bytes)
}

#[tokio::test]
async fn an_image_is_measured_and_its_cut_is_the_largest_of_two_to_one_at_the_centre() {
    let site = site(|_, stream| respond(stream, "200 OK", "content-type: image/png\r\n", &png(1200, 630)));
    let app = spawn();

    let report = app.scrape(&site.url("/")).await;

    let image = &report["image"];
    assert_eq!((&image["outcome"], &image["status"], &image["format"]), (&json!("ok"), &json!(200), &json!("png")));
    assert_eq!((&image["width"], &image["height"]), (&json!(1200), &json!(630)));
    assert_eq!(image["crop"], json!({"x": 0, "y": 15, "width": 1200, "height": 600}));
    assert_eq!(image["crops"][1], json!({"ratio": "1:1", "x": 285, "y": 0, "width": 630, "height": 630}));
    assert_eq!(report["verdict"]["image"], "will-show", "{:#}", report["verdict"]);
    let asked = site.seen().into_iter().find(|seen| seen.path == "/image").unwrap();
    assert!(asked.headers["user-agent"].contains("kakaotalk-scrap"), "{asked:?}");
}

#[tokio::test]
async fn an_image_is_shown_cut_and_encoded_anew_under_its_signed_address_only() {
    let site = site(|_, stream| respond(stream, "200 OK", "content-type: text/plain\r\n", &png(1200, 630)));
    let app = spawn();
    let report = app.scrape(&site.url("/")).await;
    let href = report["image"]["href"].as_str().unwrap();

    let (status, media_type, bytes) = shown(&app, &format!("{href}&w=800&h=400")).await;
    let picture = image::load_from_memory(&bytes).unwrap();
    assert_eq!((status, media_type.as_str(), picture.dimensions()), (200, "image/jpeg", (800, 400)));
    let (_, _, bytes) = shown(&app, &format!("{href}&w=600")).await;
    assert_eq!(image::load_from_memory(&bytes).unwrap().dimensions(), (600, 315), "all of it");
    let (_, _, bytes) = shown(&app, &format!("{href}&w=4000000000&h=4000000000")).await;
    assert!(image::load_from_memory(&bytes).unwrap().width() <= 1600, "bounded, whatever is asked for");

    let other = encode(&site.url("/image/other"));
    let of_another = href.replacen(&encode(&site.url("/image")), &other, 1);
    let later = href.replace("expires=", "expires=9");
    let unsigned = format!("/api/v1/image?url={}", encode(&site.url("/image")));
    for (path, code) in [(of_another, "signature-wrong"), (later, "signature-wrong"), (unsigned, "signature-missing")] {
        let (status, problem) = app.get(&path).await;
        assert_eq!((status, problem["code"].as_str().unwrap()), (403, code), "{path}");
    }
    assert_eq!(asked_for_image(&site), 1, "all of that from one copy, and nothing for strangers");
}

#[tokio::test]
async fn a_new_picture_under_an_old_address_stays_unseen_until_the_image_itself_is_reset() {
    let tall = Arc::new(AtomicU32::new(400));
    let now = Arc::clone(&tall);
    let site = site(move |_, stream| {
        let tall = now.load(Ordering::SeqCst);
        respond(stream, "200 OK", "content-type: image/png\r\n", &png(tall * 2, tall));
    });
    let app = spawn();
    let width = |report: &Value| report["image"]["width"].as_u64().unwrap();
    assert_eq!(width(&app.scrape(&site.url("/")).await), 800);
    tokio::time::sleep(Duration::from_millis(1_100)).await; // times are told in seconds

    tall.store(300, Ordering::SeqCst);
    let reset = app.reset(&site.url("/")).await;
    assert_eq!((&reset["pages"], &reset["images"]), (&json!(1), &json!(0)));
    let stale = app.scrape(&site.url("/")).await;
    assert_eq!(width(&stale), 800, "R30: the page's reset does not reach the image");
    assert!(codes(&stale).contains(&"stale-image-possible".to_owned()), "{:?}", codes(&stale));
    assert!(stale["image"]["fetched_at"].as_str() < stale["scraped_at"].as_str());

    let reset = app.reset(&site.url("/image")).await;
    assert_eq!((&reset["pages"], &reset["images"], &reset["dropped"]), (&json!(0), &json!(1), &json!(1)));
    let (_, still_kept) = app.get(&scrape_path(&site.url("/"))).await;
    assert_eq!(width(&still_kept), 800, "the page's report is kept by itself");
    app.reset(&site.url("/")).await;
    let fresh = app.scrape(&site.url("/")).await;
    assert_eq!(width(&fresh), 600);
    assert!(!codes(&fresh).contains(&"stale-image-possible".to_owned()));
}

#[tokio::test]
async fn an_image_that_was_mended_is_seen_at_the_next_scrape_of_its_page() {
    let mended = Arc::new(AtomicU32::new(0));
    let now = Arc::clone(&mended);
    let site = site(move |_, stream| match now.load(Ordering::SeqCst) {
        0 => respond(stream, "403 Forbidden", "content-type: text/html\r\n", b"no"),
        _ => respond(stream, "200 OK", "content-type: image/png\r\n", &png(800, 400)),
    });
    let app = spawn();
    assert_eq!(app.scrape(&site.url("/")).await["image"]["outcome"], "image-status-403");
    tokio::time::sleep(Duration::from_millis(1_100)).await; // times are told in seconds

    mended.store(1, Ordering::SeqCst);
    assert_eq!(app.scrape(&site.url("/")).await["image"]["outcome"], "image-status-403", "the page's report is kept");
    app.reset(&site.url("/")).await;
    let report = app.scrape(&site.url("/")).await;

    assert_eq!(report["image"]["outcome"], "ok", "{:#}", report["image"]);
    assert_eq!(report["verdict"]["image"], "will-show");
}

#[tokio::test]
async fn pages_that_share_an_image_share_one_fetch_of_it() {
    let site = site(|_, stream| respond(stream, "200 OK", "content-type: image/png\r\n", &png(800, 400)));
    let app = spawn();
    for number in 0..4 {
        let report = app.scrape(&site.url(&format!("/page/{number}"))).await;
        assert_eq!(report["image"]["outcome"], "ok");
    }
    assert_eq!(asked_for_image(&site), 1);
}

#[tokio::test]
async fn an_image_goes_through_the_same_guard_at_every_hop() {
    let inside = TestSite::page("secret");
    let url = inside.url("/");
    let elsewhere = url.replace("127.0.0.1", "127.0.0.2");
    let location = format!("location: {elsewhere}\r\n");
    let site = site(move |_, stream| respond(stream, "302 Found", &location, b""));
    let mut settings = curious_settings();
    settings.egress.allow = vec![format!("127.0.0.1/32:{}", site.address.port()).parse().unwrap()];
    let app = spawn_app_with(&settings);

    let report = app.scrape(&site.url("/")).await;

    assert_eq!(report["image"]["outcome"], "image-private", "{:#}", report["image"]);
    assert!(report["image"]["href"].is_null());
    assert_eq!(inside.connections(), 0);
}

#[tokio::test]
async fn all_images_of_a_card_are_measured_side_by_side_and_the_first_is_the_one_that_shows() {
    let site = TestSite::answering(|seen, stream| match seen.path.as_str() {
        "/a" | "/b" | "/c" => {
            std::thread::sleep(Duration::from_millis(600));
            let side = if seen.path == "/a" { 400 } else { 300 };
            respond(stream, "200 OK", "content-type: image/png\r\n", &png(side * 2, side));
        }
        "/robots.txt" => respond(stream, "404 Not Found", "", b""),
        _ => {
            let tags: String =
                ["/a", "/b", "/c"].map(|image| format!("<meta property=og:image content={image}>")).concat();
            let html = format!(
                "<!doctype html><html><head><meta property=og:title content=t>{tags}</head><body></body></html>"
            );
            respond(stream, "200 OK", "content-type: text/html; charset=utf-8\r\n", html.as_bytes());
        }
    });
    let app = spawn();
    let started = std::time::Instant::now();

    let report = app.scrape(&site.url("/")).await;

    let widths: Vec<_> =
        report["images"].as_array().unwrap().iter().map(|image| image["width"].as_u64().unwrap()).collect();
    assert_eq!(widths, [800, 600, 600]);
    assert_eq!(report["image"], report["images"][0]);
    assert!(started.elapsed() < Duration::from_millis(1_700), "one after the other: {:?}", started.elapsed());
}

#[tokio::test]
async fn what_is_no_picture_is_told_apart_and_never_shown() {
    let heavy = Arc::new([png(800, 400), vec![0; 5_300_000]].concat());
    let site = TestSite::answering(move |seen, stream| match seen.path.as_str() {
        "/image/403" => respond(stream, "403 Forbidden", "content-type: text/html\r\n", b"no"),
        "/image/html" => {
            respond(stream, "200 OK", "content-type: image/png\r\n", b"<!doctype html><title>log in</title>");
        }
        "/image/cut" => respond(stream, "200 OK", "content-type: image/png\r\n", &png(800, 400)[..60]),
        "/image/heavy" => respond(stream, "200 OK", "content-type: image/png\r\n", &heavy),
        "/image/empty" => respond(stream, "200 OK", "content-type: image/png\r\n", b""),
        "/robots.txt" => respond(stream, "404 Not Found", "", b""),
        path => respond(stream, "200 OK", "content-type: text/html\r\n", page(&format!("/image{path}")).as_bytes()),
    });
    let app = spawn();
    for (path, outcome) in [
        ("/403", "image-status-403"),
        ("/html", "image-not-image"),
        ("/cut", "image-undecodable"),
        ("/heavy", "image-too-large"),
        ("/empty", "image-not-image"),
    ] {
        let report = app.scrape(&site.url(path)).await;
        assert_eq!(report["image"]["outcome"], outcome, "{path}: {:#}", report["image"]);
        assert_eq!(report["verdict"]["image"], "will-not-show", "{path}: {:#}", report["verdict"]);
        assert!(codes(&report).contains(&outcome.to_owned()), "{path}: {:?}", codes(&report));
        assert!(report["image"]["href"].is_null(), "{path}");
        let finding = report["findings"].as_array().unwrap().iter().find(|finding| finding["code"] == outcome).unwrap();
        assert_eq!(finding["line"], 5, "{path}: the tag that names it");
    }
    let heavy = app.scrape(&site.url("/heavy")).await;
    assert_eq!((&heavy["image"]["width"], &heavy["image"]["height"]), (&json!(800), &json!(400)), "its header is read");
}
