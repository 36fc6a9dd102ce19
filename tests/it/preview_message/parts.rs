//! What each part of a message shows, and what it leaves out.

use scraper::{Html, Selector};
use scraplens::{
    preview::{Layout, MessagePreview, Role, Theme, Width},
    template::{
        message::{Message, MessageButton, SocialCount, SocialKind},
        object::{Commerce, ImageRef, Link, ObjectType, Profile},
    },
};

use super::{
    PAINTER,
    reading::said,
    samples::{button, calendar, commerce, count, custom_list, feed, item_list, link, list, location, words},
    untidiness,
};

fn laid(message: Message) -> Layout {
    PAINTER.message(&MessagePreview { message, ..MessagePreview::default() })
}

fn links(layout: &Layout, selector: &str) -> Vec<String> {
    let page = Html::parse_fragment(&PAINTER.fragment(layout));
    page.select(&Selector::parse(selector).unwrap()).map(|link| link.attr("href").unwrap().to_owned()).collect()
}

/// A price, and what is drawn of it: the price to pay, the discount, the price that is struck through.
type PriceCase = (Commerce, &'static [&'static str], &'static [&'static str], &'static [&'static str]);

#[test]
fn the_social_counts_of_every_subset_stand_in_one_row_with_separators() {
    let kinds = [SocialKind::Like, SocialKind::Comment, SocialKind::Shared, SocialKind::View, SocialKind::Subscriber];
    for subset in 0_u32..32 {
        let chosen = kinds.iter().enumerate().filter(|(bit, _)| subset & (1 << bit) != 0);
        let social: Vec<SocialCount> = chosen.map(|(bit, kind)| count(*kind, 1234 + bit as i64)).collect();
        let expected: Vec<String> = social.iter().take(3).map(|count| format!("1,{}", count.count - 1000)).collect();
        let layout = laid(Message { social, ..feed() });
        assert_eq!(said(&layout, Role::Count), expected, "{subset:05b}");
        let baselines: Vec<_> = layout.texts.iter().filter(|text| text.role == Role::Count).collect();
        let first = baselines.first().map(|text| text.lines[0].baseline);
        assert!(baselines.iter().all(|text| Some(text.lines[0].baseline) == first), "{subset:05b}");
        assert_eq!(untidiness(&layout), None, "{subset:05b}");
    }
}

#[test]
fn counts_too_long_for_one_row_share_it() {
    for number in [i64::MIN, i64::MAX] {
        let kinds = [SocialKind::Like, SocialKind::Comment, SocialKind::Shared];
        let layout = laid(Message { social: kinds.map(|kind| count(kind, number)).to_vec(), ..feed() });
        assert_eq!(said(&layout, Role::Count).len(), 3);
        assert_eq!(untidiness(&layout), None);
    }
}

#[test]
fn prices_are_written_with_unit_discount_and_regular_price() {
    let made = |regular, discount, rate, fixed, unit: Option<&str>, position| Commerce {
        regular_price: regular,
        discount_price: discount,
        discount_rate: rate,
        fixed_discount_price: fixed,
        currency_unit: unit.map(str::to_owned),
        currency_unit_position: position,
        product_name: None,
    };
    // message-template/default: 원 unless a unit is named; 0 after the price, 1 before it; a rate or a fixed amount.
    let cases: [PriceCase; 8] = [
        (made(Some(208_800), Some(146_160), Some(30), None, None, None), &["146,160원"], &["30%"], &["208,800원"]),
        (made(Some(208_800), None, None, None, None, None), &["208,800원"], &[], &[]),
        (
            made(Some(10_000), Some(9_000), None, Some(1_000), None, None),
            &["9,000원"],
            &["1,000원 할인"],
            &["10,000원"],
        ),
        (made(Some(10_000), Some(9_000), None, None, None, None), &["9,000원"], &[], &["10,000원"]),
        (made(Some(1_000), Some(900), Some(10), None, Some("$"), Some(1)), &["$900"], &["10%"], &["$1,000"]),
        (made(Some(1_000), None, None, None, Some("円"), Some(0)), &["1,000円"], &[], &[]),
        (made(Some(0), None, None, None, None, None), &["0원"], &[], &[]),
        (made(None, None, None, None, None, None), &[], &[], &[]),
    ];
    for (commerce, price, discount, regular) in cases {
        let layout = laid(Message { commerce: Some(commerce.clone()), ..super::samples::commerce() });
        assert_eq!(said(&layout, Role::Price), price, "{commerce:?}");
        assert_eq!(said(&layout, Role::Discount), discount, "{commerce:?}");
        assert_eq!(said(&layout, Role::Regular), regular, "{commerce:?}");
        assert_eq!(untidiness(&layout), None, "{commerce:?}");
    }
}

#[test]
fn a_discount_stands_beside_the_price_or_under_it_where_there_is_no_room() {
    let with = |price| {
        let commerce = Commerce { discount_price: Some(price), ..commerce().commerce.unwrap() };
        laid(Message { commerce: Some(commerce), ..super::samples::commerce() })
    };
    let baseline = |layout: &Layout, role| layout.text(role).unwrap().lines[0].baseline;
    let near = with(146_160);
    assert!((baseline(&near, Role::Price) - baseline(&near, Role::Discount)).abs() < 0.01);
    let far = with(i64::MAX);
    assert!(baseline(&far, Role::Discount) > baseline(&far, Role::Price) + 10.0);
}

#[test]
fn a_regular_price_is_struck_through_in_all_three() {
    let layout = laid(commerce());
    let page = Html::parse_fragment(&PAINTER.fragment(&layout));
    let struck: String = page.select(&Selector::parse("s").unwrap()).flat_map(|element| element.text()).collect();
    assert_eq!(struck, "208,800원");
    let line = &layout.text(Role::Regular).unwrap().lines[0];
    let through = layout
        .places()
        .into_iter()
        .find(|place| place.height < 2.0 && place.y < line.baseline && place.y > line.baseline - line.font.size * 0.6);
    let through = through.unwrap();
    assert!((through.x - line.x).abs() < 0.1 && (through.width - line.width).abs() < 0.1);
}

#[test]
fn what_is_said_of_a_product_is_its_name_and_not_its_contents_description() {
    let layout = laid(Message { description: "설명".to_owned(), ..commerce() });
    assert_eq!(said(&layout, Role::Product), ["Ivory Long Dress"]);
    assert_eq!(said(&layout, Role::Body), Vec::<String>::new());
}

#[test]
fn an_item_list_has_its_names_at_the_left_its_values_at_the_right_and_its_sum_under_a_rule() {
    let layout = laid(item_list());
    assert_eq!(said(&layout, Role::ItemName), ["케이크", "음료", "배송비", "쿠폰", "적립금"]);
    assert_eq!(said(&layout, Role::ItemValue), ["32,000원", "4,500원", "3,000원", "-5,000원", "-1,500원"]);
    let right = layout.card.x + layout.card.width - 14.0;
    for role in [Role::ItemValue, Role::SumValue] {
        for line in layout.texts.iter().filter(|text| text.role == role).flat_map(|text| &text.lines) {
            assert!((line.x + line.width - right).abs() < 0.1, "{}", line.text);
        }
    }
    let (last, sum) =
        (layout.texts.iter().rfind(|text| text.role == Role::ItemName).unwrap(), layout.text(Role::SumName).unwrap());
    let between = |y: f32| y > last.lines[0].baseline && y < sum.lines[0].baseline;
    assert!(layout.places().iter().any(|place| place.height <= 1.0 && between(place.y)), "there is a rule");
    assert_eq!(said(&layout, Role::SumName), ["결제 금액"]);
    assert_eq!(said(&layout, Role::SumValue), ["33,000원"]);
}

#[test]
fn an_amount_that_does_not_fit_has_a_second_line_and_an_item_more_than_five_is_not_shown() {
    let mut message = item_list();
    let content = message.item_content.as_mut().unwrap();
    content.items[0].item_op = Some("1,234,567,890 1,234,567,890".to_owned());
    content.items.push(content.items[1].clone());
    let layout = laid(message);
    assert_eq!(said(&layout, Role::ItemName).len(), 5);
    assert_eq!(layout.text(Role::ItemValue).unwrap().lines.len(), 2);
    assert_eq!(untidiness(&layout), None);
}

#[test]
fn who_speaks_is_bold_without_a_picture_and_not_beside_one() {
    let with = |image: Option<&str>| {
        let profile = Profile { text: Some("카페 삼평".to_owned()), image_url: image.map(str::to_owned) };
        laid(Message { profile: Some(profile), ..feed() })
    };
    let weight = |layout: &Layout, role| layout.text(role).map(|text| text.lines[0].font.weight.number());
    assert_eq!(weight(&with(None), Role::Heading), Some(600));
    assert_eq!(weight(&with(None), Role::Profile), None);
    assert_eq!(weight(&with(Some("https://www.example.com/a.png")), Role::Profile), Some(400));
}

#[test]
fn a_list_shows_up_to_five_contents_with_their_pictures_at_the_right() {
    let layout = laid(custom_list());
    let thumbs = layout.slots.iter().filter(|slot| (slot.width - slot.height).abs() < 0.1 && slot.width > 40.0);
    assert_eq!(thumbs.count(), 5);
    let six = custom_list().items.iter().cycle().take(6).cloned().collect();
    let layout = laid(Message { items: six, ..custom_list() });
    assert_eq!(layout.texts.iter().filter(|text| text.role == Role::EntryTitle).count(), 5);
    for text in layout.texts.iter().filter(|text| text.role == Role::EntryText) {
        assert_eq!(text.lines.len(), 1, "a content's description has one line");
    }
}

#[test]
fn a_lists_header_stands_over_a_rule_or_on_its_picture() {
    assert_eq!(said(&laid(list()), Role::Header), ["WEEKLY MAGAZINE"]);
    assert_eq!(said(&laid(custom_list()), Role::Covered), ["WEEKLY MAGAZINE"]);
    let page = PAINTER.fragment(&laid(custom_list()));
    assert!(page.contains("m-pictured"), "{page}");
}

#[test]
fn buttons_stand_side_by_side_if_their_words_fit_and_else_one_above_the_other() {
    let places = |titles: &[&str]| {
        let layout = laid(Message { buttons: titles.iter().map(|title| button(title)).collect(), ..words() });
        assert_eq!(untidiness(&layout), None, "{titles:?}");
        let buttons: Vec<_> = layout
            .places()
            .into_iter()
            .filter(|place| place.height > 30.0 && place.radius < 10.0 && place.radius > 6.0)
            .collect();
        buttons
    };
    assert_eq!(places(&[]).len(), 0);
    let [one] = places(&["바로 확인"]).try_into().unwrap();
    let [left, right] = places(&["웹으로 보기", "앱으로 보기"]).try_into().unwrap();
    assert!((left.y - right.y).abs() < 0.1 && right.x > left.x && left.width < one.width / 2.0);
    let [upper, lower] = places(&["웹으로 보기", "친구에게도 바로 알려 주기"]).try_into().unwrap();
    assert!(lower.y > upper.y && (upper.width - one.width).abs() < 0.1);
    assert_eq!(places(&["하나", "둘", "셋"]).len(), 2, "no more than two");
    assert_eq!(places(&["", "둘"]).len(), 1, "a button that says nothing is none");
}

#[test]
fn fixed_buttons_of_places_and_events_are_drawn_like_others() {
    assert_eq!(said(&laid(location()), Role::Action), ["자세히 보기", "위치 보기"]);
    assert_eq!(said(&laid(calendar()), Role::Action), ["자세히 보기", "일정 추가"]);
    assert!(PAINTER.fragment(&laid(calendar())).contains("aria-label=\"일정\""));
}

#[test]
fn a_text_is_shown_in_full_with_its_own_line_breaks() {
    let layout = laid(words());
    let text = layout.text(Role::Full).unwrap();
    assert!(!text.clipped);
    assert_eq!(text.lines[0].text, "안녕하세요, 삼평 카페입니다.");
    assert_eq!(text.lines[1].text, "");
    // 200 characters is what Kakao takes.
    let long = "가나다라마바사아자차".repeat(20);
    let layout = laid(Message { title: long.clone(), ..words() });
    assert_eq!(said(&layout, Role::Full).concat(), long);
    let tall = laid(Message { title: "줄\n".repeat(200), ..words() });
    let text = tall.text(Role::Full).unwrap();
    assert!(text.clipped && text.lines.len() == 24 && text.lines.last().unwrap().text.ends_with('…'));
}

#[test]
fn titles_and_descriptions_have_two_lines_and_say_what_is_missing() {
    let layout =
        laid(Message { title: "한 줄\n두 줄\n세 줄".to_owned(), description: "가\n나".to_owned(), ..feed() });
    assert_eq!(said(&layout, Role::Headline), ["한 줄", "두 줄…"]);
    assert!(layout.text(Role::Headline).unwrap().clipped);
    assert_eq!(said(&layout, Role::Body), ["가", "나"]);
    assert!(!layout.text(Role::Body).unwrap().clipped);
}

#[test]
fn text_from_right_to_left_stands_at_the_right() {
    for role in [Role::Headline, Role::Body] {
        let layout = laid(Message {
            title: "שלום עולם".to_owned(), description: "مرحبا بالعالم".to_owned(), ..feed()
        });
        let line = &layout.text(role).unwrap().lines[0];
        assert!(line.rtl);
        assert!((line.x + line.width - (layout.card.x + layout.card.width - 14.0)).abs() < 0.1);
    }
}

#[test]
fn a_phone_opens_the_mobile_address_and_a_computer_the_other() {
    let on = |width| PAINTER.message(&MessagePreview { message: feed(), width, ..MessagePreview::default() });
    assert_eq!(links(&on(Width::Phone), "h2 a"), ["https://m.example.com/"]);
    assert_eq!(links(&on(Width::Pc), "h2 a"), ["https://www.example.com/pc"]);
    let only = Link { mobile_web_url: None, ..link() };
    let layout = laid(Message { link: only, ..feed() });
    assert_eq!(links(&layout, "h2 a"), ["https://www.example.com/pc"]);
}

#[test]
fn only_web_addresses_become_links() {
    for address in ["javascript:alert(1)", "data:text/html,x", "//a.example", "kakao123://kakaolink", ""] {
        let bad = Link { web_url: Some(address.to_owned()), ..Link::default() };
        let buttons = vec![MessageButton { title: "누르기".to_owned(), link: bad.clone() }];
        let layout = laid(Message { link: bad, buttons, ..feed() });
        assert_eq!(links(&layout, "a"), Vec::<String>::new(), "{address}");
        assert_eq!(said(&layout, Role::Action), ["누르기"], "the words stay");
    }
}

#[test]
fn a_message_without_anything_is_an_empty_bubble() {
    for object_type in ObjectType::ALL {
        let layout = laid(Message { object_type, images: vec![ImageRef::default()], ..Message::default() });
        assert!(layout.card.height > 10.0 && layout.texts.is_empty() && layout.slots.is_empty(), "{object_type:?}");
        assert!(PAINTER.png(&layout, 1.0).is_ok());
    }
}

#[test]
fn dark_words_are_light() {
    let svg =
        |theme| PAINTER.svg(&PAINTER.message(&MessagePreview { message: feed(), theme, ..MessagePreview::default() }));
    assert!(svg(Theme::Light).contains("fill=\"#1b1b1b\"") && svg(Theme::Dark).contains("fill=\"#f1f1f1\""));
}
