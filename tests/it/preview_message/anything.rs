//! Whatever stands in any field: every form says the same, nothing lies on anything else, and nothing becomes markup.

use proptest::prelude::*;
use scraper::{Html, Selector};
use scraplens::{
    preview::{MessagePreview, Shown, Theme, Width},
    template::{
        message::{Header, ListItem, Message, MessageButton, SocialCount, SocialKind, Source},
        object::{Commerce, ImageRef, Item, ItemContent, Link, ObjectType, Profile},
    },
};

use super::{
    PAINTER,
    reading::{of_html, of_layout, of_svg},
    untidiness,
};

fn text() -> BoxedStrategy<String> {
    prop_oneof![
        any::<String>(),
        "[가-힣 ]{0,60}",
        "[a-zA-Z0-9 \n]{0,80}",
        Just("<script>alert(1)</script>\"'&amp;".to_owned()),
        Just(
            "https://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".to_owned()
        ),
        Just("שלום עולם\nمرحبا".to_owned()),
        Just("👨\u{200D}👩\u{200D}👧🇰🇷👍🏽❤\u{FE0F}".repeat(9)),
        Just(String::new()),
    ]
    .boxed()
}

fn some() -> BoxedStrategy<Option<String>> {
    proptest::option::of(text()).boxed()
}

fn link() -> BoxedStrategy<Link> {
    (some(), some()).prop_map(|(web_url, mobile_web_url)| Link { web_url, mobile_web_url, ..Link::default() }).boxed()
}

fn image() -> BoxedStrategy<ImageRef> {
    (text(), any::<Option<u32>>(), any::<Option<u32>>())
        .prop_map(|(url, width, height)| ImageRef { url, width, height })
        .boxed()
}

fn items() -> BoxedStrategy<ItemContent> {
    let item = (some(), some()).prop_map(|(item, item_op)| Item { item, item_op });
    let six = (some(), some(), some(), some(), some(), some(), some());
    (six, prop::collection::vec(item, 0..7))
        .prop_map(|((profile, image, title, thumb, category, sum, sum_op), items)| ItemContent {
            profile_text: profile,
            profile_image_url: image,
            title_image_text: title,
            title_image_url: thumb,
            title_image_category: category,
            items,
            sum,
            sum_op,
        })
        .boxed()
}

fn commerce() -> BoxedStrategy<Commerce> {
    let prices = (any::<Option<i64>>(), any::<Option<i64>>(), any::<Option<i64>>(), any::<Option<i64>>());
    (prices, some(), some(), any::<Option<i64>>())
        .prop_map(|((regular, discount, rate, fixed), name, unit, position)| Commerce {
            regular_price: regular,
            discount_price: discount,
            discount_rate: rate,
            fixed_discount_price: fixed,
            product_name: name,
            currency_unit: unit,
            currency_unit_position: position,
        })
        .boxed()
}

fn message() -> BoxedStrategy<Message> {
    let kinds = [SocialKind::Like, SocialKind::Comment, SocialKind::Shared, SocialKind::View, SocialKind::Subscriber];
    let social =
        (prop::sample::select(kinds.to_vec()), any::<i64>()).prop_map(|(kind, count)| SocialCount { kind, count });
    let button = (text(), link()).prop_map(|(title, link)| MessageButton { title, link });
    let header =
        (text(), link(), proptest::option::of(image())).prop_map(|(title, link, image)| Header { title, link, image });
    let entry = (text(), text(), proptest::option::of(image()), link())
        .prop_map(|(title, description, image, link)| ListItem { title, description, image, link });
    let profile = (some(), some()).prop_map(|(text, image_url)| Profile { text, image_url });
    let source = (text(), some()).prop_map(|(name, icon)| Source { name, icon });
    let heads = (
        prop::sample::select(ObjectType::ALL.to_vec()),
        any::<bool>(),
        proptest::option::of(profile),
        proptest::option::of(header),
        prop::collection::vec(image(), 0..5),
        any::<Option<u64>>(),
        (text(), text(), link()),
    )
        .boxed();
    let bodies = (
        proptest::option::of(items()),
        prop::collection::vec(social, 0..5),
        proptest::option::of(commerce()),
        prop::collection::vec(entry, 0..7),
        prop::collection::vec(button, 0..4),
        source,
    )
        .boxed();
    (heads, bodies)
        .prop_map(|((object_type, full_text, profile, header, images, duration, words), bodies)| {
            let (title, description, link) = words;
            let (item_content, social, commerce, items, buttons, source) = bodies;
            Message {
                object_type,
                full_text,
                profile,
                header,
                images,
                duration,
                title,
                description,
                link,
                item_content,
                social,
                commerce,
                items,
                buttons,
                source,
            }
        })
        .boxed()
}

fn preview() -> BoxedStrategy<MessagePreview> {
    (message(), any::<bool>(), any::<bool>(), any::<bool>(), text())
        .prop_map(|(message, dark, pc, note, outcome)| MessagePreview {
            message,
            theme: if dark { Theme::Dark } else { Theme::Light },
            width: if pc { Width::Pc } else { Width::Phone },
            note,
            pictures: vec![Shown::Missing { outcome, evidence: None }; 8],
            ..MessagePreview::default()
        })
        .boxed()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn any_message_says_the_same_in_every_form_and_nothing_becomes_markup(preview in preview()) {
        let layout = PAINTER.message(&preview);
        let expected = of_layout(&layout);
        let html = PAINTER.fragment(&layout);
        prop_assert_eq!(of_html(&html), expected.clone());
        prop_assert_eq!(of_svg(&PAINTER.svg(&layout)), expected);
        let page = Html::parse_fragment(&html);
        prop_assert_eq!(page.select(&Selector::parse("script, style, iframe, [onerror], [style]").unwrap()).count(), 0);
        for link in page.select(&Selector::parse("a").unwrap()) {
            let href = link.attr("href").unwrap_or_default();
            prop_assert!(href.starts_with("http://") || href.starts_with("https://"), "{}", href);
        }
    }

    #[test]
    fn in_any_message_nothing_lies_on_anything_else(preview in preview()) {
        let layout = PAINTER.message(&preview);
        prop_assert_eq!(untidiness(&layout), None);
        prop_assert!(layout.height.is_finite() && layout.height < 4000.0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn any_message_can_be_painted(preview in preview()) {
        prop_assert!(PAINTER.png(&PAINTER.message(&preview), 0.5).is_ok());
    }
}
