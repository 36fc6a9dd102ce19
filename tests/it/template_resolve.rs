//! Templates as they arrive: Kakao's answer for each case of `tests/fixtures/template/resolved` and `custom`, whose expectations were
//! written from the facts, and what holds for any template.

use std::{fs, path::Path};

use proptest::{collection::vec, option::of, prelude::*};
use scraplens::{
    finding::Severity,
    template::{
        Arguments, CustomTemplate, Domain, Kind, ObjectType, Purpose, Resolved, Rules, ScrapArguments, Sender, Syntax,
        TemplateObject, check_text, embedded_templates,
        message::SocialKind,
        object::{Button, Commerce, Content, ImageRef, Item, ItemContent, Link, Profile, Social},
        read, resolve, samples, words,
    },
};
use serde_json::{Map, Value, json};
use url::Url;

fn sender() -> Sender {
    Sender {
        id: 543,
        name: "예제 상점".to_owned(),
        icon: Some("https://shop.example.com/icon.png".to_owned()),
        native_key: "0123456789abcdef0123456789abcdef".to_owned(),
        android_store: Some("market://details?id=com.example.shop".to_owned()),
        ios_store: Some("https://apps.apple.com/app/id123456789".to_owned()),
        domains: ["https://shop.example.com", "https://m.shop.example.com"]
            .map(|text| Domain::parse(text).unwrap())
            .into(),
    }
}

/// With the domains of the app that comes with the program.
fn sandbox_sender() -> Sender {
    let domains = ["https://example.com", "https://developers.kakao.com"];
    Sender { domains: domains.map(|text| Domain::parse(text).unwrap()).into(), ..sender() }
}

fn cases(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/template").join(folder);
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut cases: Vec<_> = files
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap()))
        .collect();
    cases.sort();
    assert!(!cases.is_empty());
    cases
}

fn assert_answers(resolved: &Resolved, expected: &Value, name: &str) {
    let answer = serde_json::to_value(resolved.envelope()).unwrap();
    for part in ["template_id", "template_msg", "template_args", "warning_msg", "argument_msg"] {
        // As text: the order of the keys is Kakao's too.
        let pretty = |value: &Value| serde_json::to_string_pretty(value).unwrap();
        assert_eq!(pretty(&answer[part]), pretty(&expected[part]), "{name}: {part}");
    }
    assert_eq!(json!(resolved.inferred), expected["inferred"], "{name}: inferred");
}

#[test]
fn each_default_template_is_answered_as_the_facts_say() {
    for (name, text) in cases("resolved") {
        let case: Value = serde_json::from_str(&text).unwrap();
        let resolved = resolve(&read(&case["template"]), &sender());
        assert_answers(&resolved, &case, &name);
    }
}

#[test]
fn each_custom_template_is_filled_as_the_facts_say() {
    for (name, text) in cases("custom") {
        let Some(stem) = name.strip_suffix(".answer.json") else { continue };
        let case: Value = serde_json::from_str(&text).unwrap();
        let template = cases("custom").into_iter().find(|(file, _)| *file == format!("{stem}.json")).unwrap().1;
        let template = CustomTemplate::parse(&template, Syntax::Json).unwrap();
        let arguments = Arguments::of(case["arguments"].as_object().unwrap()).unwrap();
        let page = case.get("page").map(|page| ScrapArguments {
            title: page["title"].as_str().unwrap().to_owned(),
            description: page["description"].as_str().unwrap().to_owned(),
            image: serde_json::from_value(page["image"].clone()).unwrap(),
            duration: page["duration"].as_u64(),
            host: page["host"].as_str().unwrap().to_owned(),
            request_url: page["request_url"].as_str().unwrap().to_owned(),
            site_name: None,
            inferred: vec!["scrape-envelope"],
        });
        assert_answers(&template.fill(&arguments, page.as_ref(), &sender()), &case, &name);
    }
}

/// The real answer of Kakao's server that its SDK was tested with, where the folder of them is present.
#[test]
fn the_real_answer_with_warnings_is_reproduced() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/kakao-fixtures/link/validate.json");
    let Ok(text) = fs::read_to_string(file) else { return };
    let mut real: Value = serde_json::from_str(&text).unwrap();
    let envelope = real["template_msg"]["P"].as_object_mut().unwrap();
    // The link to block a game's messages: one app of 2016 has it, no other answer has.
    assert!(envelope.shift_remove("SST").is_some());
    let field = |name: &str| envelope[name].as_str().unwrap().to_owned();
    let sender = Sender {
        id: 259_500,
        name: field("SNM"),
        icon: Some(field("SIC")),
        native_key: "0".repeat(32),
        android_store: Some(field("LA")),
        ios_store: Some(field("LI")),
        domains: vec![Domain::parse("http://www.kakao.com").unwrap()],
    };
    let template = r#"
        id = 4718
        object_type = "feed"
        content = { title = "group chat message" }
        link = { mobile_web_url = "http://v.media.daum.net/v/20170112114428275" }
        [[buttons]]
        title = "앱으로 이동"
        link = { android_execution_params = "${androidAppParam}", ios_execution_params = "key1=value1" }
    "#;
    let template = CustomTemplate::parse(template, Syntax::Toml).unwrap();
    let mut answer = serde_json::to_value(template.fill(&Arguments::new(), None, &sender).envelope()).unwrap();
    // This old answer does not list the arguments.
    answer.as_object_mut().unwrap().shift_remove("template_args");
    let pretty = |value: &Value| serde_json::to_string_pretty(value).unwrap();
    assert_eq!(pretty(&answer), pretty(&real));
}

#[test]
fn at_most_three_counts_are_shown_in_kakaos_order_and_none_of_zero() {
    use SocialKind::{Comment, Like, Shared, Subscriber, View};
    for (counts, shown) in [
        ([Some(1), Some(2), Some(3), Some(4), Some(5)], &[Like, Comment, Shared][..]),
        ([None, None, Some(3), Some(4), Some(5)], &[Shared, View, Subscriber]),
        ([Some(0), Some(2), None, None, Some(5)], &[Comment, Subscriber]),
        ([Some(-1), None, None, None, None], &[]),
        ([None; 5], &[]),
    ] {
        let [like_count, comment_count, shared_count, view_count, subscriber_count] = counts;
        let social = Social { like_count, comment_count, shared_count, view_count, subscriber_count };
        let object = TemplateObject { social: Some(social), ..TemplateObject::default() };
        let message = resolve(&object, &sender()).message;
        assert_eq!(message.social.iter().map(|counted| counted.kind).collect::<Vec<_>>(), shown, "{counts:?}");
    }
}

#[test]
fn the_message_has_the_buttons_that_arrive() {
    let link = json!({"web_url": "https://shop.example.com/"});
    let content = json!({"title": "a", "link": link});
    for (template, titles) in [
        (json!({"object_type": "feed", "content": content}), &["자세히 보기"][..]),
        (json!({"object_type": "feed", "content": content, "buttons": []}), &["자세히 보기"]),
        (json!({"object_type": "feed", "content": content, "button_title": "구경하기"}), &["구경하기"]),
        (json!({"object_type": "text", "text": "a", "link": link}), &["자세히 보기"]),
        (json!({"object_type": "list", "header_title": "a", "header_link": link, "contents": []}), &["자세히 보기"]),
        (json!({"object_type": "location", "address": "판교", "content": content}), &["자세히 보기", "위치 보기"]),
        (json!({"object_type": "calendar", "id": "1", "id_type": "event", "content": content}), &["일정 추가"]),
    ] {
        let message = resolve(&read(&template), &sender()).message;
        let shown: Vec<_> = message.buttons.iter().map(|button| button.title.as_str()).collect();
        assert_eq!(shown, titles, "{template}");
    }
}

#[test]
fn without_a_registered_domain_a_button_with_nothing_left_is_not_shown() {
    let sender = Sender { domains: Vec::new(), ..sender() };
    let template = json!({"object_type": "feed", "content": {"title": "a", "link": {"web_url": "https://a.example/"}}});
    let resolved = resolve(&read(&template), &sender);
    assert!(resolved.message.buttons.is_empty());
    assert_eq!(resolved.template_msg["C"], json!({"TI": {"TD": {"T": "a"}}}));
    assert_eq!(resolved.template_msg["P"].get("DID"), None);
    assert!(resolved.warning_msg.contains_key("C.BUL[0].L.LPC"));
}

#[test]
fn the_embedded_templates_can_be_read_and_filled() {
    let templates = embedded_templates().unwrap();
    let ids: Vec<_> = templates.iter().map(|template| template.id).collect();
    assert_eq!(ids, [1001, 1002, 1003, 1004, 1005]);
    assert_eq!(templates.iter().filter(|template| template.purpose == Purpose::Message).count(), 1);
    for template in &templates {
        let mut arguments = Arguments::new();
        template.arguments().iter().for_each(|name| arguments.set(name, "7"));
        let page = ScrapArguments { title: "a".to_owned(), ..ScrapArguments::default() };
        let resolved = template.fill(&arguments, Some(&page), &sender());
        assert!(resolved.argument_msg.keys().all(|name| name.starts_with("${SCRAP_")), "{}", template.file);
        assert_eq!(resolved.message.object_type, template.object_type);
        assert!(!resolved.message.buttons.is_empty(), "{}", template.file);
    }
    let article = &templates[0];
    assert_eq!(article.arguments(), ["AUTHOR"]);
    assert_eq!(article.scrap_arguments().len(), 7);
    let gallery = templates[3].fill(&Arguments::new(), None, &sender());
    assert_eq!(gallery.message.images.len(), 3);
}

#[test]
fn the_check_finds_no_error_in_the_embedded_templates() {
    let (words, sender) = (words().unwrap(), sandbox_sender());
    for template in embedded_templates().unwrap() {
        let rules = Rules { words: &words, kind: Kind::Custom, sender: Some(&sender), max_problems: 100 };
        let check = check_text(&template.text, template.syntax, &rules).check;
        let worse: Vec<_> = check.problems.iter().filter(|problem| problem.severity != Severity::Info).collect();
        assert!(worse.is_empty(), "{}: {worse:#?}", template.file);
        assert_eq!(check.arguments, template.arguments());
        assert_eq!(check.scrap_arguments, template.scrap_arguments());
    }
}

#[test]
fn no_link_of_a_sample_is_dropped() {
    for sample in samples() {
        let resolved = resolve(&read(&serde_json::from_str(sample.text).unwrap()), &sandbox_sender());
        assert!(resolved.warning_msg.is_empty(), "{}: {:?}", sample.name, resolved.warning_msg);
        assert!(!resolved.message.buttons.is_empty());
    }
}

#[test]
fn a_file_that_is_no_custom_template_is_refused_with_line_and_remedy() {
    for (text, says) in [
        ("id = 1\nobject_type = ", "line 2"),
        ("object_type = \"feed\"", "`id` is missing"),
        ("object_type = \"feed\"\nid = \"1\"", "line 2: `id` is no whole number above 0"),
        ("object_type = \"feed\"\nid = 0", "line 2: `id`"),
        ("id = 1", "`object_type` is missing"),
        ("id = 1\nobject_type = \"text\"", "line 2: `object_type` is none of"),
        ("id = 1\nobject_type = \"feed\"\npurpose = \"both\"", "line 3: `purpose`"),
        ("id = 1\nobject_type = \"feed\"\nname = 3", "line 3: `name` is no text"),
    ] {
        let error = CustomTemplate::parse(text, Syntax::Toml).unwrap_err();
        assert!(error.to_string().contains(says), "{text}: {error}");
        assert!(!error.advice().is_empty() && !error.code().is_empty());
    }
}

#[test]
fn what_fills_a_place_is_not_read_for_places_again() {
    let template = r#"{"id": 1, "object_type": "feed", "content": {"title": "${A}"}}"#;
    let template = CustomTemplate::parse(template, Syntax::Json).unwrap();
    let arguments = Arguments::parse(r#"{"A": "${B}", "B": "x"}"#).unwrap();
    let resolved = template.fill(&arguments, None, &sender());
    assert_eq!(resolved.message.title, "${B}");
    assert_eq!(resolved.template_args.len(), 1);
}

#[test]
fn many_places_of_a_long_argument_stay_bounded() {
    let title = "${A}".repeat(20_000);
    let template = json!({"id": 1, "object_type": "feed", "content": {"title": title}}).to_string();
    let template = CustomTemplate::parse(&template, Syntax::Json).unwrap();
    let mut arguments = Arguments::new();
    arguments.set("A", "x".repeat(100_000));
    let resolved = template.fill(&arguments, None, &sender());
    assert!(resolved.message.title.len() < 2_000_000);
    assert_eq!(resolved.argument_msg["${A}"], "the filled message is too large.");
}

#[test]
fn everything_that_is_inferred_is_explained_in_both_languages() {
    let words = words().unwrap();
    let mut codes = vec!["registered-domain", "link-replaced"];
    for (_, text) in cases("resolved").into_iter().chain(cases("custom")) {
        let case: Value = serde_json::from_str(&text).unwrap();
        let Some(inferred) = case.get("inferred") else { continue };
        let inferred: Vec<String> = serde_json::from_value(inferred.clone()).unwrap();
        codes.extend(inferred.into_iter().map(|code| &*code.leak()));
    }
    for code in codes {
        assert!(words.has("inferred", code), "{code}");
        // A brace would be a hole to fill, and nothing fills it.
        let said = words.say("inferred", code, &[("REGI_WEB_DOMAIN", "?")]);
        assert!(!said.ko.contains('$') && !said.en.contains('$'), "{said:?}");
    }
}

fn text() -> impl Strategy<Value = Option<String>> {
    of(prop_oneof!["\\PC{0,12}", Just(String::new()), Just("가나다".to_owned())])
}

fn address() -> impl Strategy<Value = Option<String>> {
    let known = [
        "https://shop.example.com/a?b=c#d",
        "https://m.shop.example.com",
        "https://SHOP.example.com:443/x",
        "https://shop.example.com.evil.example/",
        "https://evil.example/https://shop.example.com",
        "https://shop.example.com@evil.example/",
        "javascript:alert(1)//https://shop.example.com",
        "//shop.example.com/",
        "http://shop.example.com/",
        " https://shop.example.com/",
        "",
    ];
    of(prop_oneof![proptest::sample::select(known.to_vec()).prop_map(str::to_owned), "\\PC{0,20}"])
}

fn any_link() -> impl Strategy<Value = Link> {
    (address(), address(), text(), text()).prop_map(|(web_url, mobile_web_url, android, ios)| Link {
        web_url,
        mobile_web_url,
        android_execution_params: android,
        ios_execution_params: ios,
    })
}

fn content() -> impl Strategy<Value = Content> {
    let image = (address(), of(any::<u32>()), of(any::<u32>()));
    let image = image.prop_map(|(url, width, height)| ImageRef { url: url.unwrap_or_default(), width, height });
    (text(), text(), vec(image, 0..5), of(any_link()), of(any::<u64>()))
        .prop_map(|(title, description, images, link, duration)| Content { title, description, images, link, duration })
}

fn buttons() -> impl Strategy<Value = Option<Vec<Button>>> {
    of(vec((text(), of(any_link())).prop_map(|(title, link)| Button { title, link }), 0..4))
}

prop_compose! {
    fn numbers()(all in [of(any::<i64>()), of(any::<i64>()), of(any::<i64>()), of(any::<i64>()), of(any::<i64>())]) -> [Option<i64>; 5] {
        all
    }
}

prop_compose! {
    fn template()(
        object_type in proptest::sample::select(ObjectType::ALL.to_vec()),
        content in of(content()),
        contents in vec(content(), 0..7),
        texts in [text(), text(), text(), text(), text(), text()],
        links in (of(any_link()), of(any_link())),
        [like_count, comment_count, shared_count, view_count, subscriber_count] in numbers(),
        [regular_price, discount_price, discount_rate, fixed_discount_price, currency_unit_position] in numbers(),
        buttons in buttons(),
    ) -> TemplateObject {
        let [header_title, address, address_title, body, id, button_title] = texts;
        TemplateObject {
            object_type,
            content,
            contents,
            header_title: header_title.clone(),
            header_link: links.0,
            header_image: None,
            address,
            address_title,
            text: body.clone(),
            link: links.1,
            id_type: id.clone(),
            id,
            item_content: Some(ItemContent {
                profile_text: header_title,
                items: vec![Item { item: body.clone(), item_op: None }],
                ..ItemContent::default()
            }),
            social: Some(Social { like_count, comment_count, shared_count, view_count, subscriber_count }),
            commerce: Some(Commerce {
                regular_price,
                discount_price,
                discount_rate,
                fixed_discount_price,
                product_name: body.clone(),
                currency_unit: body,
                currency_unit_position,
            }),
            profile: Some(Profile::default()),
            button_title,
            buttons,
        }
    }
}

/// Every address in `L` objects of a `template_msg`.
fn links(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                match (key.as_str(), value) {
                    ("LPC" | "LMO" | "LCA" | "LCI", Value::String(address)) => found.push(address.clone()),
                    _ => links(value, found),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| links(value, found)),
        _ => {}
    }
}

proptest! {
    #[test]
    fn any_template_is_resolved_and_every_link_is_registered_or_an_app_link(object in template()) {
        let sender = sender();
        let resolved = resolve(&object, &sender);
        let mut found = Vec::new();
        links(&resolved.template_msg, &mut found);
        for address in found {
            let registered = Url::parse(&address).is_ok_and(|url| sender.registers(&url));
            let app = address.starts_with("kakao0123456789abcdef0123456789abcdef://kakaolink");
            let map = address.starts_with("http://map.daum.net/link/search/") || address.starts_with("kakaotalk://map?");
            prop_assert!(registered || app || map, "{address}");
        }
        let message = &resolved.message;
        prop_assert!(message.buttons.len() <= 2 && message.social.len() <= 3 && message.images.len() <= 1);
        prop_assert!(message.items.len() <= 3);
        prop_assert!(resolved.template_args.values().all(Value::is_string));
        prop_assert!(resolved.warning_msg.keys().all(|path| path.starts_with("C.")));
    }

    #[test]
    fn no_place_is_left_and_each_is_filled_or_named_as_missing(
        texts in vec("([a-z가]{0,3}(\\$\\{[a-zA-Z_]{1,3}\\})?){0,4}", 4),
        given in vec(("[a-zA-Z_]{1,3}", "[a-z0-9]{0,5}"), 0..6),
    ) {
        let template = json!({
            "id": 1, "object_type": "list", "header_title": texts[0],
            "contents": [{"title": texts[1], "link": {"ios_execution_params": texts[2]}}],
            "buttons": [{"title": texts[3], "link": {"web_url": "https://shop.example.com/"}}],
        });
        let template = CustomTemplate::parse(&template.to_string(), Syntax::Json).unwrap();
        let mut arguments = Arguments::new();
        for (name, value) in &given {
            arguments.set(name, value.as_str());
        }
        let resolved = template.fill(&arguments, None, &sender());
        let content = resolved.template_msg["C"].to_string();
        prop_assert!(!content.contains("${"), "{}", content);
        let missing: Map<String, Value> = resolved.argument_msg.clone();
        for name in template.arguments() {
            let place = format!("${{{name}}}");
            prop_assert!(resolved.template_args.contains_key(&place) != missing.contains_key(&place), "{place}");
        }
    }

    #[test]
    fn any_text_is_read_as_a_custom_template_or_refused(text in "\\PC{0,60}") {
        for syntax in [Syntax::Json, Syntax::Toml] {
            if let Ok(template) = CustomTemplate::parse(&text, syntax) {
                template.fill(&Arguments::new(), None, &sender());
            }
        }
        let _arguments = Arguments::parse(&text);
    }
}
