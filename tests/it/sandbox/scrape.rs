//! Scrape messages end to end, against real sites on loopback: each answer as the facts have it, each inference named.

use serde_json::{Value, json};

use super::{Kapi, Reply, SCRAP, registering};
use crate::helpers::{TestSite, curious_settings, png, respond};

const HTML: &str = "content-type: text/html; charset=utf-8\r\n";

fn page(head: &str) -> String {
    format!("<!doctype html><html><head><meta charset=\"utf-8\">{head}</head><body>본문</body></html>")
}

/// A site whose page has these tags, and a picture at /card.png.
fn site(head: &'static str) -> TestSite {
    TestSite::answering(move |seen, stream| {
        let host = seen.headers.get("host").cloned().unwrap_or_default();
        match seen.path.as_str() {
            "/card.png" => respond(stream, "200 OK", "content-type: image/png\r\n", &png(800, 400)),
            "/small.png" => respond(stream, "200 OK", "content-type: image/png\r\n", &png(120, 120)),
            _ => respond(stream, "200 OK", HTML, page(&head.replace("{host}", &host)).as_bytes()),
        }
    })
}

/// The sandbox, which knows these sites and measures images.
fn knowing(sites: &[&TestSite]) -> Kapi {
    let domains: Vec<_> = sites.iter().map(|site| site.url("")).collect();
    let domains: Vec<_> = domains.iter().map(String::as_str).collect();
    let mut settings = curious_settings();
    settings.scrape.compare = false;
    settings.scrape.robots = false;
    settings.fetch.refusal_bytes = 0;
    settings.sandbox.apps = registering(&domains).sandbox.apps;
    Kapi::with(&settings)
}

async fn scrap(kapi: &Kapi, url: &str) -> Reply {
    kapi.get(SCRAP, &[("request_url", url)]).await
}

fn content(reply: &Reply) -> Value {
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json()["template_msg"]["C"].clone()
}

const ARTICLE: &str = "<meta property=\"og:title\" content=\"제목\"><meta property=\"og:description\" content=\"설명\">\
    <meta property=\"og:site_name\" content=\"동네 신문\"><meta property=\"og:image\" content=\"http://{host}/card.png\">";

#[actix_web::test]
async fn a_page_with_an_image_gives_a_feed_with_one_button_to_it() {
    let site = site(ARTICLE);
    let kapi = knowing(&[&site]);
    let url = site.url("/news/1");

    let reply = scrap(&kapi, &url).await;

    let content = content(&reply);
    let body = reply.json();
    assert_eq!(body["template_msg"]["P"]["TP"], "Feed");
    assert_eq!(content["THC"], 1);
    assert_eq!(content["THL"][0]["TH"], json!({ "THU": site.url("/card.png"), "W": 800, "H": 400 }));
    assert_eq!(content["TI"]["TD"], json!({ "T": "제목", "D": "설명" }));
    assert_eq!(content["BUL"].as_array().unwrap().len(), 1, "exactly one");
    assert_eq!(content["BUL"][0]["BU"]["T"], "자세히 보기");
    assert_eq!(content["BUL"][0]["L"]["LPC"], url);
    let args = &body["template_args"];
    assert_eq!(
        (&args["${SCRAP_TITLE}"], &args["${SCRAP_IMAGE_WIDTH}"], &args["${SCRAP_HOST}"], &args["${SCRAP_REQUEST_URL}"]),
        (&json!("제목"), &json!("800"), &json!("127.0.0.1"), &json!(url))
    );
    assert_eq!(reply.inferred()[0], "scrape-envelope", "no real answer is public");
    assert!(!reply.inferred().contains(&"scrape-without-image"));
}

#[actix_web::test]
async fn a_page_without_an_image_gives_a_message_without_image_fields() {
    for head in
        ["<title>제목</title>", "<title>제목</title><meta property=\"og:image\" content=\"http://{host}/small.png\">"]
    {
        let site = site(head);
        let reply = scrap(&knowing(&[&site]), &site.url("/")).await;
        let content = content(&reply);
        assert!(content.get("THC").is_none() && content.get("THL").is_none(), "{head}: {content}");
        assert_eq!(content["TI"]["TD"]["T"], "제목");
        assert!(reply.inferred().contains(&"scrape-without-image"), "{head}");
    }
}

#[actix_web::test]
async fn the_length_of_a_video_is_an_argument() {
    let site = site(
        "<meta property=\"og:title\" content=\"노래\"><meta property=\"video:duration\" content=\"95\">\
        <meta property=\"og:image\" content=\"http://{host}/card.png\">",
    );
    let reply = scrap(&knowing(&[&site]), &site.url("/song")).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(reply.json()["template_args"]["${SCRAP_DURATION}"], "95");
}

#[actix_web::test]
async fn a_redirect_to_another_domain_is_judged_by_the_first_one_and_says_so() {
    let end = site(ARTICLE);
    let target = end.url("/end");
    let start = TestSite::answering(move |_, stream| {
        respond(stream, "302 Found", &format!("location: {target}\r\n"), b"");
    });
    let kapi = knowing(&[&start]);

    let reply = scrap(&kapi, &start.url("/short")).await;

    assert_eq!(content(&reply)["TI"]["TD"]["T"], "제목");
    assert!(reply.inferred().contains(&"redirected-domain"), "{:?}", reply.inferred());
    assert_eq!(reply.json()["template_args"]["${SCRAP_REQUEST_URL}"], start.url("/short"));
}

#[actix_web::test]
async fn an_unregistered_domain_is_refused_before_anybody_is_asked() {
    let site = site(ARTICLE);
    let reply = scrap(&knowing(&[]), &site.url("/")).await;
    let (status, code, text) = reply.error();
    assert_eq!((status, code), (400, -2));
    assert!(text.contains(&site.address.to_string()), "{text}");
    assert_eq!(reply.inferred(), ["domain-refused"]);
    assert!(site.seen().is_empty());
}

#[actix_web::test]
async fn a_page_that_cannot_be_reached_gives_a_message_of_its_address() {
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let origin = format!("http://{gone}");
    let kapi = Kapi::with(&registering(&[&origin]));
    let url = format!("{origin}/page");

    let reply = scrap(&kapi, &url).await;

    let content = content(&reply);
    assert_eq!(content["TI"]["TD"]["T"], url);
    assert!(content.get("THL").is_none());
    assert!(reply.inferred().contains(&"scrape-unreachable"), "{:?}", reply.inferred());
}

#[actix_web::test]
async fn a_custom_template_is_filled_from_the_page_and_the_caller_cannot_overwrite_that() {
    let site = site(ARTICLE);
    let kapi = knowing(&[&site]);
    let args = r#"{"AUTHOR":"춘식","SCRAP_TITLE":"가짜"}"#;
    let parameters = [("request_url", &*site.url("/a")), ("template_id", "1001"), ("template_args", args)];
    let reply = kapi.post(SCRAP, &parameters).await;
    let content = content(&reply);
    assert_eq!(content["TI"]["TD"], json!({ "T": "제목", "D": "춘식 | 설명" }));
    assert_eq!(reply.json()["template_id"], 1001);
    assert!(!reply.text.contains("가짜"));
}

#[actix_web::test]
async fn the_second_call_is_answered_from_the_cache() {
    let site = site("<title>제목</title>");
    let kapi = knowing(&[&site]);
    scrap(&kapi, &site.url("/")).await;
    scrap(&kapi, &site.url("/")).await;
    assert_eq!(site.seen().len(), 1);
}

#[actix_web::test]
async fn what_is_no_url_is_refused() {
    let kapi = Kapi::new();
    for bad in ["example.com", "ftp://example.com/", "https://", "https://user:secret@example.com/"] {
        let reply = scrap(&kapi, bad).await;
        assert_eq!((reply.error().0, reply.error().1), (400, -2), "{bad}");
        assert!(reply.error().2.starts_with("request_url: "), "{bad}");
    }
}

#[actix_web::test]
async fn the_bubble_of_a_page_shows_what_the_answer_says_and_names_what_is_inferred() {
    for (head, pictures, inferred) in
        [(ARTICLE, 1, "scrape-envelope"), ("<title>제목</title>", 0, "scrape-without-image")]
    {
        let site = site(head);
        let kapi = knowing(&[&site]);
        let body = json!({ "url": site.url("/"), "app": 1 }).to_string();
        let request = kapi.app.client.post(kapi.app.url("/api/v1/template/check"));
        let request = request.header("content-type", "application/json").body(body);
        let (status, answer) = crate::helpers::json(request.send().await.unwrap()).await;
        assert_eq!(status, 200, "{answer}");
        let html = answer["bubble"]["html"].as_str().unwrap();
        assert!(html.contains("제목") && html.contains("자세히 보기"), "{html}");
        assert_eq!(answer["bubble"]["pictures"].as_array().unwrap().len(), pictures, "{head}");
        let label = answer["inferred"].as_array().unwrap().iter().find(|label| label["code"] == inferred);
        let label = label.unwrap_or_else(|| panic!("{inferred} is not named: {}", answer["inferred"]));
        assert!(!label["message"]["ko"].as_str().unwrap().is_empty());
    }
}
