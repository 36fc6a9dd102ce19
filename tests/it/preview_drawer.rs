//! Templates' messages drawn with pictures of real sites: each through the guarded fetcher, our own without it, and each that is
//! missing told of. The style sheet that pages need for it.

use std::sync::Arc;

use bytes::Bytes;
use scraplens::{
    app::Parts,
    drawing::{Drawer, Form, Look},
    image::Signer,
    kakao::Kakao,
    template::{message::Message, object::ImageRef},
};

use crate::helpers::{TestSite, curious_settings, png, respond, spawn_app_with};

fn site() -> TestSite {
    TestSite::answering(|seen, stream| match seen.path.as_str() {
        "/image" => respond(stream, "200 OK", "content-type: image/png\r\n", &png(800, 400)),
        _ => respond(stream, "404 Not Found", "content-type: text/html\r\n", b"no"),
    })
}

fn drawer(signer: Option<Signer>) -> Drawer {
    let parts = Parts::build(&curious_settings(), Kakao::embedded().unwrap(), signer).unwrap();
    Drawer::new(parts.scraper, parts.painter)
}

fn showing(urls: &[&str]) -> Message {
    let images = urls.iter().map(|url| ImageRef { url: (*url).to_owned(), width: Some(800), height: Some(400) });
    Message { images: images.collect(), title: "제목".to_owned(), ..Message::default() }
}

#[tokio::test]
async fn pictures_are_fetched_and_each_that_is_missing_is_told_of() {
    let (site, drawer) = (site(), drawer(None));
    let (good, gone) = (site.url("/image"), site.url("/gone"));
    let message = showing(&[&good, &gone, "no address"]);

    let drawn = drawer.draw_message(&message, Look::default(), Form::Svg).await.unwrap();

    let told: Vec<_> = drawn.pictures.iter().map(|note| (note.url.as_str(), note.outcome.as_str())).collect();
    assert_eq!(told, [(good.as_str(), "ok"), (gone.as_str(), "image-status-404"), ("no address", "image-unreachable")]);
    let svg = String::from_utf8(drawn.bytes).unwrap();
    assert_eq!(svg.matches("href=\"data:image/").count(), 1);
    assert_eq!(drawn.media_type, "image/svg+xml");
}

#[tokio::test]
async fn the_picture_that_was_fetched_is_in_the_png() {
    let (site, drawer) = (site(), drawer(None));
    let drawn = drawer.draw_message(&showing(&[&site.url("/image")]), Look::default(), Form::Png).await.unwrap();
    let pixels = image::load_from_memory(&drawn.bytes).unwrap().into_rgb8();
    // The test site's picture is Kakao's yellow.
    let yellow = pixels.pixels().filter(|pixel| pixel.0[0] > 240 && pixel.0[1] > 215 && pixel.0[2] < 40).count();
    assert!(yellow > 100_000, "{yellow} pixels");
}

#[tokio::test]
async fn a_note_in_the_place_says_why_in_the_language_that_was_asked_for() {
    let (site, drawer) = (site(), drawer(None));
    let look = Look { note: true, language: scraplens::language::Language::En, ..Look::default() };
    let drawn = drawer.draw_message(&showing(&[&site.url("/gone")]), look, Form::Html).await.unwrap();
    let html = String::from_utf8(drawn.bytes).unwrap();
    assert!(html.contains("No image") && html.contains("HTTP 404") && html.contains("lang=\"en\""), "{html}");
}

#[tokio::test]
async fn an_image_of_our_own_is_never_asked_for_over_http() {
    let site = site();
    let own = site.url("/sandbox/images/abc.png");
    let kept = own.clone();
    let find = move |url: &str| (url == kept).then(|| Bytes::from(png(800, 400)));
    let drawer = drawer(Some(Signer::new(b"key"))).with_own_images(Arc::new(find));

    let drawn = drawer.draw_message(&showing(&[&own]), Look::default(), Form::Svg).await.unwrap();
    let fragment = drawer.fragment_of(&showing(&[&own]), Look::default()).await.unwrap();

    assert_eq!(drawn.pictures[0].outcome, "ok");
    assert!(String::from_utf8(drawn.bytes).unwrap().contains("href=\"data:image/"));
    assert!(fragment.html.contains("src=\"/sandbox/images/abc.png\""), "{}", fragment.html);
    assert_eq!(site.seen().len(), 0, "nobody asked the site");
}

#[tokio::test]
async fn a_fragment_loads_its_pictures_by_addresses_that_this_service_signed() {
    let (site, signed) = (site(), drawer(Some(Signer::new(b"key"))));
    let fragment = signed.fragment_of(&showing(&[&site.url("/image")]), Look::default()).await.unwrap();
    assert!(fragment.html.contains("src=\"/api/v1/image?url=") && fragment.html.contains("&amp;sig="));
    assert!(fragment.html.contains("&amp;w=544&amp;h=272"), "two pixels for each of the place: {}", fragment.html);
    let unsigned = drawer(None).fragment_of(&showing(&[&site.url("/image")]), Look::default()).await.unwrap();
    assert!(unsigned.html.contains("src=\"data:image/"), "nobody serves images");
}

#[tokio::test]
async fn the_style_is_served_once_and_then_known() {
    let app = spawn_app_with(&curious_settings());
    let first = app.client.get(app.url("/api/v1/preview.css")).send().await.unwrap();
    assert_eq!(first.status(), 200);
    assert_eq!(first.headers()["content-type"], "text/css; charset=utf-8");
    let tag = first.headers()["etag"].clone();
    #[expect(clippy::disallowed_methods, reason = "our own server's answer is bounded")]
    let css = first.text().await.unwrap();
    for part in [".bubble", ".m-headline", ".m-price", ".dark", ".pc", "/static/fonts/Pretendard-Regular"] {
        assert!(css.contains(part), "{part}");
    }
    let again = app.client.get(app.url("/api/v1/preview.css")).header("if-none-match", tag).send().await.unwrap();
    assert_eq!(again.status(), 304);
}
