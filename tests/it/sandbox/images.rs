//! The image API over HTTP: Kakao's shapes, what is refused and how, and that nothing of an upload is served but its pixels.

use std::{io::Write as _, net::TcpStream, time::Duration};

use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use reqwest::{Response, header};
use scraplens::config::Settings;
use serde_json::{Value, json};

use crate::helpers::{TestApp, TestSite, encode, json as read, png, respond, settings, spawn_app_with};

pub const KEY: &str = "KakaoAK 11111111111111111111111111111111";
const FORM: &str = "multipart/form-data; boundary=edge";

/// A form with a file, and whatever stands behind it.
pub fn form(file: &[u8], rest: &str) -> Vec<u8> {
    // What the caller calls the file is believed by nobody.
    let mut body =
        b"--edge\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.png\"\r\ncontent-type: image/png\r\n\r\n"
            .to_vec();
    body.extend(file);
    body.extend(format!("\r\n{rest}--edge--\r\n").as_bytes());
    body
}

fn field(name: &str, value: &str) -> String {
    format!("--edge\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
}

async fn post(app: &TestApp, path: &str, kind: &str, body: Vec<u8>) -> Response {
    let url = app.url(&format!("/v2/api/talk/message/image/{path}"));
    let request = app.client.post(url).header("authorization", KEY).header("content-type", kind);
    request.body(body).send().await.unwrap()
}

pub async fn upload(app: &TestApp, file: &[u8]) -> Response {
    post(app, "upload", FORM, form(file, "")).await
}

async fn scrap(app: &TestApp, url: &str) -> Response {
    let body = format!("image_url={}", encode(url)).into_bytes();
    post(app, "scrap", "application/x-www-form-urlencoded", body).await
}

async fn delete(app: &TestApp, url: &str) -> Response {
    let path = app.url(&format!("/v2/api/talk/message/image/delete?image_url={}", encode(url)));
    app.client.delete(path).header("authorization", KEY).send().await.unwrap()
}

/// `infos.original` of a good answer.
pub async fn original(response: Response) -> Value {
    let (status, answer) = read(response).await;
    assert_eq!(status, 200, "{answer:#}");
    answer["infos"]["original"].clone()
}

pub fn url(original: &Value) -> String {
    original["url"].as_str().unwrap().to_owned()
}

/// Checks an error's shape: `msg` and `code`, nothing else, and that its text is named as ours.
async fn refused(response: Response, status: u16, code: i32) -> String {
    let marked = inferred(&response);
    let (got, error) = read(response).await;
    assert_eq!((got, &error["code"]), (status, &json!(code)), "{error:#}");
    assert_eq!(error.as_object().unwrap().len(), 2, "{error:#}");
    assert!(code == -401 || !marked.is_empty(), "{error:#}");
    error["msg"].as_str().unwrap().to_owned()
}

fn inferred(response: &Response) -> String {
    response.headers().get("scraplens-inferred").map_or("", |value| value.to_str().unwrap()).to_owned()
}

/// What is served under an address.
pub async fn served(app: &TestApp, url: &str) -> (u16, String, Vec<u8>) {
    let response = app.client.get(url).send().await.unwrap();
    let kind = response.headers()[header::CONTENT_TYPE].to_str().unwrap().to_owned();
    let status = response.status().as_u16();
    #[expect(clippy::disallowed_methods, reason = "our own server's answer is bounded")]
    let bytes = response.bytes().await.unwrap().to_vec();
    (status, kind, bytes)
}

pub fn file(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn spawn_with(change: impl FnOnce(&mut Settings)) -> TestApp {
    let mut settings = settings();
    change(&mut settings);
    spawn_app_with(&settings)
}

fn spawn() -> TestApp {
    spawn_with(|_| {})
}

#[tokio::test]
async fn an_upload_is_answered_in_kakaos_shape_and_served_from_there() {
    let app = spawn();
    let response = upload(&app, &png(40, 30)).await;
    assert_eq!(inferred(&response), "image-url-insecure", "a sandbox without https cannot give an https address");

    let original = original(response).await;

    let keys: Vec<&String> = original.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["url", "content_type", "length", "width", "height"]);
    assert_eq!(
        (&original["content_type"], &original["width"], &original["height"]),
        (&json!("image/png"), &json!(40), &json!(30))
    );
    let url = url(&original);
    assert!(url.starts_with(&app.url("/sandbox/images/")) && url.rsplit('.').next() == Some("png"), "{url}");
    let (status, kind, bytes) = served(&app, &url).await;
    assert_eq!((status, kind.as_str(), json!(bytes.len())), (200, "image/png", original["length"].clone()));
    assert_eq!(image::load_from_memory(&bytes).unwrap().to_rgb8().get_pixel(7, 7), &Rgb([0xfe, 0xe5, 0x00]));
}

#[tokio::test]
async fn an_image_is_served_until_it_expires_and_only_as_an_image() {
    let app = spawn();
    let url = url(&original(upload(&app, &png(4, 4)).await).await);

    let response = app.client.get(&url).send().await.unwrap();
    let head = app.client.head(&url).send().await.unwrap();

    let value = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(value("x-content-type-options"), "nosniff");
    let cache = value("cache-control");
    let age: u64 =
        cache.strip_prefix("public, max-age=").unwrap().strip_suffix(", immutable").unwrap().parse().unwrap();
    assert!((8_639_000..=8_640_000).contains(&age), "100 days: {cache}");
    let tag = value("etag");
    assert_eq!(
        (head.status().as_u16(), &head.headers()["content-length"]),
        (200, &response.headers()["content-length"])
    );
    let again = app.client.get(&url).header("if-none-match", tag).send().await.unwrap();
    assert_eq!(again.status(), 304);
    for name in ["..%2f..%2fCargo.toml", "x", ".lock", "ba7816bf8f01cfea414140de5dae2223.png", "%00"] {
        let (status, kind, _) = served(&app, &app.url(&format!("/sandbox/images/{name}"))).await;
        assert_eq!((status, kind.as_str()), (404, "application/problem+json"), "{name}");
    }
}

#[tokio::test]
async fn a_public_address_is_used_and_an_insecure_one_is_named_only_where_it_was_not_asked_for() {
    let app = spawn_with(|settings| {
        let public = scraplens::sandbox::images::PublicUrl::parse("https://sandbox.example.com").unwrap();
        settings.sandbox.images.public_url = public;
    });
    let response = upload(&app, &png(4, 4)).await;
    assert_eq!(inferred(&response), "");
    assert!(url(&original(response).await).starts_with("https://sandbox.example.com/sandbox/images/"));

    let app = spawn();
    let response = post(&app, "upload", FORM, form(&png(4, 4), &field("secure_resource", "false"))).await;
    assert_eq!(inferred(&response), "");
    assert!(url(&original(response).await).starts_with("http://"));
    let response = post(&app, "upload", FORM, form(&png(4, 4), &field("secure_resource", "perhaps"))).await;
    assert!(refused(response, 400, -2).await.contains("secure_resource"));
}

#[tokio::test]
async fn nothing_of_an_upload_is_served_but_its_pixels() {
    let app = spawn();
    let page = b"<script>alert(1)</script>";
    let photo = file(RgbImage::from_pixel(60, 20, Rgb([9, 99, 199])), ImageFormat::Jpeg);
    // Turned by a quarter (orientation 6), with a comment that is a script.
    let mut turned = vec![0xff, 0xd8, 0xff, 0xe1, 0, 34];
    turned.extend(b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0");
    turned.extend([0xff, 0xfe, 0, 27]);
    turned.extend(page);
    turned.extend(&photo[2..]);
    let svg = br#"<svg xmlns="http://www.w3.org/2000/svg" width="30" height="10" onload="alert(1)"><script>alert(1)</script><rect width="30" height="10" fill="red"/></svg>"#;
    let see_through = RgbaImage::from_pixel(8, 6, Rgba([1, 2, 3, 100]));
    for (what, bytes, kind, width, height, mark) in [
        ("a PNG with a page behind it", [png(8, 6), page.to_vec()].concat(), "image/png", 8, 6, false),
        ("a JPEG with EXIF and a comment", turned, "image/jpeg", 20, 60, false),
        ("an SVG that runs scripts", svg.to_vec(), "image/jpeg", 30, 10, true),
        ("a GIF", file(see_through.clone(), ImageFormat::Gif), "image/jpeg", 8, 6, true),
        ("a WebP", file(see_through, ImageFormat::WebP), "image/png", 8, 6, true),
    ] {
        let response = upload(&app, &bytes).await;
        let marked = inferred(&response).contains("image-format");
        let original = original(response).await;

        let (_, served_kind, served) = served(&app, &url(&original)).await;

        assert_eq!((original["width"].as_u64(), original["height"].as_u64()), (Some(width), Some(height)), "{what}");
        assert_eq!((original["content_type"].as_str(), served_kind.as_str()), (Some(kind), kind), "{what}");
        assert_eq!(marked, mark, "{what}: how Kakao keeps such a file is not known");
        let text = String::from_utf8_lossy(&served);
        assert!(!text.contains("alert") && !text.contains("Exif"), "{what}");
        assert_eq!(image::load_from_memory(&served).unwrap().width(), u32::try_from(width).unwrap(), "{what}");
    }
}

#[tokio::test]
async fn what_is_no_image_is_refused_with_minus_2_whatever_it_is_called() {
    let app = spawn();
    let mut endless = png(4, 4);
    endless[16..24].copy_from_slice(&[0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff]);
    for (what, bytes, why) in [
        ("nothing", Vec::new(), "empty"),
        ("a page", b"<!doctype html><title>x</title>".to_vec(), "html"),
        ("a page that begins as a GIF", b"GIF89a/*<html><script>x</script>*/".to_vec(), "html"),
        ("text", "그림이 아님".into(), "text"),
        ("a PDF", b"%PDF-1.7".to_vec(), "pdf"),
        ("a PNG that is cut off", png(300, 300)[..200].to_vec(), "PNG"),
        ("a PNG of 2 giga x 2 giga pixels", endless, "PNG"),
        ("an AVIF", b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf".to_vec(), "AVIF"),
    ] {
        let msg = refused(upload(&app, &bytes).await, 400, -2).await;
        assert!(msg.contains(why), "{what}: {msg}");
    }
}

#[tokio::test]
async fn a_form_that_does_not_fit_is_refused_with_minus_2() {
    let app = spawn();
    let other = field("picture", "x");
    for (what, kind, body, why) in [
        ("no file", FORM, format!("{other}--edge--\r\n").into_bytes(), "file"),
        ("no end", FORM, b"--edge\r\ncontent-disposition: form-data; name=\"file\"\r\n\r\nabc".to_vec(), "body"),
        ("no boundary", "multipart/form-data", form(&png(4, 4), ""), "body"),
        ("no form", "image/png", png(4, 4), "body"),
    ] {
        let msg = refused(post(&app, "upload", kind, body).await, 400, -2).await;
        assert!(msg.contains(why), "{what}: {msg}");
    }
    let response = post(&app, "upload", FORM, form(&png(4, 4), &other)).await;
    assert_eq!(response.status(), 200, "a part that is not known is passed over");
}

#[tokio::test]
async fn more_bytes_than_are_taken_are_minus_602_also_without_a_length() {
    let app = spawn_with(|settings| settings.sandbox.images.max_bytes = 10_000);
    let large = [png(4, 4), vec![b'x'; 10_000]].concat();

    refused(upload(&app, &large).await, 400, -602).await;

    let pieces = form(&vec![b'x'; 1_000_000], "");
    let stream = futures_util::stream::iter(
        pieces.chunks(20_000).map(|piece| Ok::<_, std::io::Error>(piece.to_vec())).collect::<Vec<_>>(),
    );
    let request = app.client.post(app.url("/v2/api/talk/message/image/upload")).header("authorization", KEY);
    let sent = request.header("content-type", FORM).body(reqwest::Body::wrap_stream(stream)).send().await;
    // The server hangs up on the rest; a client may see its answer or the closed connection.
    if let Ok(response) = sent {
        refused(response, 400, -602).await;
    }
    assert_eq!(upload(&app, &png(4, 4)).await.status(), 200, "the server goes on");
}

#[tokio::test]
async fn one_image_too_many_is_minus_606_until_one_is_deleted() {
    let app = spawn_with(|settings| settings.sandbox.images.max_images = 2);
    let first = original(upload(&app, &png(4, 4)).await).await;
    original(upload(&app, &png(5, 4)).await).await;

    refused(upload(&app, &png(6, 4)).await, 400, -606).await;

    assert_eq!(original(upload(&app, &png(4, 4)).await).await, first, "the same once more is no further one");
    let response = delete(&app, &url(&first)).await;
    assert_eq!(inferred(&response), "image-delete");
    assert_eq!(read(response).await, (200, json!({ "result_code": 0 })));
    assert_eq!(served(&app, &url(&first)).await.0, 404);
    original(upload(&app, &png(6, 4)).await).await;
    for gone in [url(&first), "https://example.com/a.png".to_owned(), "x".to_owned()] {
        refused(delete(&app, &gone).await, 400, -2).await;
    }
    let response = app.client.delete(app.url("/v2/api/talk/message/image/delete")).header("authorization", KEY);
    assert!(refused(response.send().await.unwrap(), 400, -2).await.contains("image_url"));
}

#[tokio::test]
async fn an_image_is_deleted_by_a_form_too() {
    let app = spawn();
    let url = url(&original(upload(&app, &png(4, 4)).await).await);
    let request = app.client.delete(app.url("/v2/api/talk/message/image/delete")).header("authorization", KEY);
    let body = format!("image_url={}", encode(&url));

    let response = request.header("content-type", "application/x-www-form-urlencoded").body(body).send().await.unwrap();

    assert_eq!(read(response).await, (200, json!({ "result_code": 0 })));
}

#[tokio::test]
async fn only_the_key_of_an_app_opens_and_only_from_where_it_is_registered() {
    let app = spawn();
    let path = app.url("/v2/api/talk/message/image/upload");
    let send = async |key: &str, origin: &str| {
        let ka = format!("sdk/1.43.5 os/javascript sdk_type/javascript lang/ko device/x origin/{}", encode(origin));
        let request = app.client.post(&path).header("authorization", key).header("ka", ka);
        request.header("content-type", FORM).body(form(&png(4, 4), "")).send().await.unwrap()
    };
    for key in ["", "KakaoAK", "KakaoAK 55555555555555555555555555555555", "Bearer 11111111111111111111111111111111"] {
        let (status, error) = read(send(key, "https://example.com").await).await;
        assert_eq!((status, error), (401, json!({ "msg": "invalid app key.", "code": -401 })), "{key}");
    }
    let javascript = "KakaoAK 22222222222222222222222222222222";
    assert_eq!(send(javascript, "https://example.com").await.status(), 200);
    let msg = refused(send(javascript, "https://other.example").await, 401, -401).await;
    assert_eq!(msg, "domain mismatched! caller=https://other.example. check out registered web domains.");
}

#[tokio::test]
async fn an_upload_that_stalls_is_given_up() {
    let app = spawn_with(|settings| settings.server.body_timeout_seconds = 1);
    let body = form(&png(400, 400), "");
    let mut stream = TcpStream::connect(app.address).unwrap();
    write!(
        stream,
        "POST /v2/api/talk/message/image/upload HTTP/1.1\r\nhost: x\r\nauthorization: {KEY}\r\ncontent-type: {FORM}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    )
    .unwrap();
    stream.write_all(&body[..150]).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();

    let mut answer = [0; 2000];
    let length = tokio::task::spawn_blocking(move || {
        let length = std::io::Read::read(&mut stream, &mut answer).unwrap();
        String::from_utf8_lossy(&answer[..length]).into_owned()
    });

    let answer = length.await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("-603"), "{answer}");
}

#[tokio::test]
async fn an_image_at_an_address_is_taken_and_its_server_is_asked_as_kakao_asks() {
    let site = TestSite::answering(|_, stream| respond(stream, "200 OK", "content-type: text/plain\r\n", &png(70, 50)));
    let app = spawn();

    let first = original(scrap(&app, &site.url("/a.png")).await).await;

    assert_eq!(
        (&first["width"], &first["height"], &first["content_type"]),
        (&json!(70), &json!(50), &json!("image/png"))
    );
    assert!(site.seen()[0].headers["user-agent"].contains("kakaotalk-scrap/1.0"));
    assert_eq!(original(upload(&app, &png(70, 50)).await).await, first, "the same pixels are the same image");
    let asked = site.connections();
    assert_eq!(original(scrap(&app, &url(&first)).await).await, first, "one of our own is not asked for");
    assert_eq!(site.connections(), asked);
}

#[tokio::test]
async fn an_address_without_an_image_is_refused_with_what_was_found() {
    let app = spawn_with(|settings| {
        settings.sandbox.images.max_bytes = 5_000;
        settings.fetch.read_timeout_ms = 300;
        settings.fetch.deadline_ms = 600;
    });
    let low = |number: u32| number.to_le_bytes()[0];
    let noise = RgbImage::from_fn(80, 80, |x, y| Rgb([low(x * 37 + y * 91), low(x * y), low(x ^ y)]));
    let large = file(noise, ImageFormat::Png);
    assert!(large.len() > 5_000);
    let site = TestSite::answering(move |seen, stream| match seen.path.as_str() {
        "/page" => respond(stream, "200 OK", "content-type: image/png\r\n", b"<!doctype html><title>x</title>"),
        "/large" => respond(stream, "200 OK", "content-type: image/png\r\n", &large),
        "/slow" => std::thread::sleep(Duration::from_secs(3)),
        _ => respond(stream, "404 Not Found", "content-type: text/html\r\n", b"no"),
    });
    for (path, status, code, why) in [
        ("/page", 400, -2, "image-not-image"),
        ("/none", 400, -2, "image-status-404"),
        ("/large", 400, -602, "5000 bytes"),
        ("/slow", 503, -603, "in time"),
    ] {
        let msg = refused(scrap(&app, &site.url(path)).await, status, code).await;
        assert!(msg.contains(why), "{path}: {msg}");
    }
    for url in ["", "no address", "ftp://example.com/a.png", "https://user:secret@example.com/a.png"] {
        let msg = refused(scrap(&app, url).await, 400, -2).await;
        assert!(msg.contains("name=image_url"), "{url}: {msg}");
    }
}

#[tokio::test]
async fn a_private_address_is_not_asked() {
    let site = TestSite::answering(|_, stream| respond(stream, "200 OK", "content-type: image/png\r\n", &png(4, 4)));
    let app = spawn_with(|settings| settings.egress.allow.clear());

    let msg = refused(scrap(&app, &site.url("/a.png")).await, 400, -2).await;

    assert!(msg.contains("image-private") && msg.contains("--allow-net"), "{msg}");
    assert_eq!(site.connections(), 0);
}

#[tokio::test]
async fn a_sandbox_that_is_switched_off_has_no_images() {
    let app = spawn_with(|settings| settings.sandbox.enabled = false);
    assert_eq!(upload(&app, &png(4, 4)).await.status(), 404);
    assert_eq!(served(&app, &app.url("/sandbox/images/ba7816bf8f01cfea414140de5dae2223.png")).await.0, 404);
}
