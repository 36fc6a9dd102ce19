//! What pages give.

use super::*;
use crate::{extract::CardImage, template::Domain};

const PAGE: &str = "https://blog.example/article/1";

fn sender() -> Sender {
    Sender {
        id: 1,
        name: "app".to_owned(),
        icon: None,
        native_key: "0".repeat(32),
        android_store: None,
        ios_store: None,
        domains: vec![Domain::parse("https://blog.example").unwrap()],
    }
}

fn card() -> Card {
    let image =
        CardImage { url: "https://cdn.example/og.png".to_owned(), source: "og:image".to_owned(), line: 1, column: 1 };
    Card {
        title: "봄 소식".to_owned(),
        description: "꽃이 피었습니다.".to_owned(),
        host: "blog.example".to_owned(),
        site_name: Some("예제 블로그".to_owned()),
        duration: Some(754),
        images: vec![image],
        ..Card::default()
    }
}

fn measured(outcome: &str, size: Option<(u32, u32)>) -> ImageReport {
    ImageReport {
        url: "https://cdn.example/og.png".to_owned(),
        outcome: outcome.to_owned(),
        width: size.map(|(width, _)| width),
        height: size.map(|(_, height)| height),
        ..ImageReport::blank()
    }
}

#[test]
fn a_page_becomes_a_feed_with_its_picture_one_button_and_its_name() {
    let image = measured("ok", Some((1200, 630)));
    let page = ScrapArguments::of_page(PAGE, Some(PAGE), Some(&card()), Some(&image));
    let resolved = message(page, &sender());
    assert_eq!(resolved.inferred, ["scrape-envelope"]);
    assert_eq!(resolved.template_msg["P"]["TP"], "Feed");
    let link = serde_json::json!({"LPC": PAGE, "LMO": PAGE});
    let expected = serde_json::json!({
        "THC": 1,
        "THL": [{"TH": {"THU": "https://cdn.example/og.png", "W": 1200, "H": 630}, "L": link}],
        "TI": {"TD": {"T": "봄 소식", "D": "꽃이 피었습니다."}, "L": link},
        "BUL": [{"BU": {"T": "자세히 보기"}, "L": link}],
    });
    assert_eq!(resolved.template_msg["C"], expected);
    assert_eq!(resolved.message.duration, Some(754));
    assert_eq!(resolved.message.source.name, "예제 블로그");
    let args = resolved.template_args;
    assert_eq!(args.keys().map(|name| crate::template::arguments::bare(name)).collect::<Vec<_>>(), NAMES);
    assert_eq!(args["${SCRAP_IMAGE_WIDTH}"], "1200");
    assert_eq!(args["${SCRAP_DURATION}"], "754");
    assert_eq!(args["${SCRAP_REQUEST_URL}"], PAGE);
}

#[test]
fn a_picture_that_cannot_be_shown_is_left_out() {
    let none = Card { images: Vec::new(), ..card() };
    for (card, image) in [
        (card(), Some(measured("image-status-404", None))),
        (card(), Some(measured("ok", Some((199, 630))))),
        (card(), Some(measured("ok", Some((1200, 100))))),
        (none, None),
    ] {
        let page = ScrapArguments::of_page(PAGE, Some(PAGE), Some(&card), image.as_ref());
        assert_eq!(page.inferred, ["scrape-envelope", "scrape-without-image"]);
        assert_eq!(page.get("SCRAP_IMAGE"), None);
        let resolved = message(page, &sender());
        assert_eq!(resolved.template_msg["C"].get("THL"), None);
        assert_eq!(resolved.template_args["${SCRAP_IMAGE}"], "");
    }
    let least = ScrapArguments::of_page(PAGE, None, Some(&card()), Some(&measured("ok", Some((200, 200)))));
    assert_eq!(least.get("SCRAP_IMAGE_HEIGHT").as_deref(), Some("200"));
    let unmeasured = ScrapArguments::of_page(PAGE, None, Some(&card()), None);
    assert_eq!(unmeasured.get("SCRAP_IMAGE").as_deref(), Some("https://cdn.example/og.png"));
}

#[test]
fn a_page_that_cannot_be_reached_leaves_its_address() {
    let resolved = message(ScrapArguments::of_page(PAGE, Some(PAGE), None, None), &sender());
    assert_eq!(resolved.inferred, ["scrape-envelope", "scrape-unreachable"]);
    assert_eq!(resolved.message.title, PAGE);
    assert_eq!(resolved.message.source.name, "blog.example");
    assert_eq!(resolved.message.buttons.len(), 1);
    let nowhere = ScrapArguments::of_page("no address", None, None, None);
    assert_eq!(nowhere.get("SCRAP_HOST"), None);
}

#[test]
fn another_host_or_port_is_another_domain_another_scheme_is_not() {
    for (last, elsewhere) in [
        ("https://blog.example/other", false),
        ("http://blog.example/article/1", false),
        ("https://www.blog.example/article/1", true),
        ("https://blog.example:8443/article/1", true),
    ] {
        let page = ScrapArguments::of_page(PAGE, Some(last), Some(&card()), Some(&measured("ok", None)));
        assert_eq!(page.inferred.contains(&"redirected-domain"), elsewhere, "{last}");
    }
}

#[test]
fn only_the_names_of_the_old_reference_have_values() {
    let image = measured("ok", Some((400, 400)));
    let page = ScrapArguments::of_page(PAGE, Some(PAGE), Some(&card()), Some(&image));
    assert!(NAMES.iter().all(|name| page.get(name).is_some()));
    // Two known slips of the pen.
    assert_eq!(page.get("SCRAP_IMAGE_DURATION"), None);
    assert_eq!(page.get("SCRAP_REQUESTED_URL"), None);
    assert!(is_scrap("SCRAP_REQUESTED_URL") && !is_scrap("TITLE"));
}
