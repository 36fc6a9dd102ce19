//! The message drawn, as the API serves it: three formats, whatever is asked for, nothing of the site's but words and pixels.

use image::GenericImageView as _;

use crate::helpers::{TestApp, TestSite, curious_settings, encode, png, respond, spawn_app_with};

const HOSTILE: &str = "</title><script>alert(1)</script><img src=x onerror=alert(2)>\"'&amp;";

fn site() -> TestSite {
    TestSite::answering(|seen, stream| {
        let html = |title: &str, image: &str| {
            let title = title.replace('&', "&amp;").replace('"', "&quot;");
            format!(
                "<!doctype html><html><head><meta charset=utf-8><meta property=og:title content=\"{title}\">\
                 <meta property=og:description content=\"설명입니다\"><meta property=og:image content=\"{image}\"></head><body></body></html>"
            )
        };
        let body = match seen.path.as_str() {
            "/image" => return respond(stream, "200 OK", "content-type: image/png\r\n", &png(1200, 630)),
            "/hostile" => html(HOSTILE, "/image"),
            "/no-image" => html("가을 니트 기획전", "/gone"),
            "/strange" => html("\u{10FFFD}", "/image"),
            "/page" => html("가을 니트 기획전", "/image"),
            _ => return respond(stream, "404 Not Found", "content-type: text/html\r\n", b"no"),
        };
        respond(stream, "200 OK", "content-type: text/html; charset=utf-8\r\n", body.as_bytes());
    })
}

async fn draw(app: &TestApp, format: &str, url: &str, more: &str) -> (reqwest::header::HeaderMap, Vec<u8>) {
    let response =
        app.client.get(app.url(&format!("/api/v1/preview.{format}?url={}{more}", encode(url)))).send().await.unwrap();
    assert_eq!(response.status(), 200, "{format} {more}");
    let headers = response.headers().clone();
    #[expect(clippy::disallowed_methods, reason = "our own server's answer is bounded")]
    let bytes = response.bytes().await.unwrap().to_vec();
    (headers, bytes)
}

#[tokio::test]
async fn a_message_is_drawn_in_every_look_and_format() {
    let (site, app) = (site(), spawn_app_with(&curious_settings()));
    let mut seen = std::collections::HashSet::new();
    for kind in ["scrape", "link"] {
        for theme in ["light", "dark"] {
            for width in ["phone", "pc"] {
                let look = format!("&kind={kind}&theme={theme}&width={width}");
                let (headers, bytes) = draw(&app, "png", &site.url("/page"), &look).await;
                assert_eq!(headers["content-type"], "image/png");
                let picture = image::load_from_memory(&bytes).unwrap();
                assert!(picture.width() > 400 && picture.height() > 300, "{look}: {:?}", picture.dimensions());
                // The picture's own colour, in the middle of its place.
                let yellow = picture
                    .to_rgb8()
                    .pixels()
                    .filter(|pixel| pixel.0[0] > 240 && pixel.0[1] > 215 && pixel.0[2] < 40)
                    .count();
                assert!(yellow > 20_000, "{look}: the image is drawn, {yellow} pixels");
                assert!(seen.insert(bytes), "{look} looks like another");
                let (headers, svg) = draw(&app, "svg", &site.url("/page"), &look).await;
                assert_eq!(headers["content-type"], "image/svg+xml");
                assert!(String::from_utf8(svg).unwrap().contains("가을 니트 기획전"));
            }
        }
    }
}

#[tokio::test]
async fn the_document_may_be_framed_and_may_load_nothing_but_its_picture_and_fonts() {
    let (site, app) = (site(), spawn_app_with(&curious_settings()));

    let (headers, bytes) = draw(&app, "html", &site.url("/page"), "&lang=en").await;

    let policy = headers["content-security-policy"].to_str().unwrap();
    for part in
        ["default-src 'none'", "img-src 'self'", "style-src 'sha256-", "frame-ancestors *", "form-action 'none'"]
    {
        assert!(policy.contains(part), "{part}: {policy}");
    }
    assert!(!policy.contains("script"), "{policy}");
    let html = String::from_utf8(bytes).unwrap();
    assert!(html.contains("lang=\"en\"") && html.contains("/api/v1/image?url="), "{html}");
    assert!(!html.contains("<script"), "{html}");
    let outside = html.matches("http").count() - html.matches("http%3A").count();
    let links = html.matches("href=\"http").count() + html.matches("http://www.w3.org").count();
    assert_eq!(outside, links, "nothing but links names another site: {html}");
}

#[tokio::test]
async fn hostile_words_stay_words_in_all_three() {
    let (site, app) = (site(), spawn_app_with(&curious_settings()));
    for format in ["html", "svg"] {
        let (_, bytes) = draw(&app, format, &site.url("/hostile"), "").await;
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.contains("<script") && !text.contains("<img src=x"), "{format}: {text}");
        assert!(text.contains("&lt;script&gt;") || text.contains("&lt;/title&gt;"), "{format}: {text}");
    }
    let (_, bytes) = draw(&app, "png", &site.url("/hostile"), "").await;
    assert!(image::load_from_memory(&bytes).is_ok());
}

#[tokio::test]
async fn a_missing_image_leaves_no_place_unless_a_note_is_asked_for() {
    let (site, app) = (site(), spawn_app_with(&curious_settings()));
    let height = |bytes: &[u8]| image::load_from_memory(bytes).unwrap().height();

    let (_, bare) = draw(&app, "png", &site.url("/no-image"), "").await;
    let (_, noted) = draw(&app, "png", &site.url("/no-image"), "&note=true").await;

    assert!(height(&bare) + 100 < height(&noted), "{} and {}", height(&bare), height(&noted));
    let (_, html) = draw(&app, "html", &site.url("/no-image"), "&note=true").await;
    let html = String::from_utf8(html).unwrap();
    assert!(html.contains("이미지 없음") && html.contains("HTTP 404"), "{html}");
}

#[tokio::test]
async fn a_page_without_a_card_shows_its_address_alone() {
    let (site, app) = (site(), spawn_app_with(&curious_settings()));
    let (_, html) = draw(&app, "html", &site.url("/gone-page"), "").await;
    let html = String::from_utf8(html).unwrap();
    assert!(html.contains("gone-page") && !html.contains("자세히 보기"), "{html}");
}

#[tokio::test]
async fn a_character_that_no_font_has_is_named() {
    let (site, app) = (site(), spawn_app_with(&curious_settings()));
    let (headers, _) = draw(&app, "png", &site.url("/strange"), "").await;
    assert_eq!(headers["x-missing-characters"], "U+10FFFD");
}

#[tokio::test]
async fn a_look_that_is_not_known_is_the_callers_mistake() {
    let (site, app) = (site(), spawn_app_with(&curious_settings()));
    for (query, code) in [("&kind=big", 400), ("&theme=blue", 400), ("&width=9", 400), ("&note=perhaps", 400)] {
        let (status, problem) =
            app.get(&format!("/api/v1/preview.png?url={}{query}", encode(&site.url("/page")))).await;
        assert_eq!((status, &problem["code"]), (code, &"parameter-invalid".into()), "{query}: {problem:#}");
    }
    let (status, _) = app.get(&format!("/api/v1/preview.gif?url={}", encode(&site.url("/page")))).await;
    assert_eq!(status, 404);
}
