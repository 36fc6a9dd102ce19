//! Messages of every kind, as resolving makes them, and pictures for their places.

use image::{Rgb, RgbImage};
use scraplens::{
    preview::{MessagePreview, Painter, Picture, Shown},
    template::{
        message::{Header, ListItem, Message, MessageButton, SocialCount, SocialKind, Source},
        object::{Commerce, ImageRef, Item, ItemContent, Link, ObjectType, Profile},
    },
};

pub fn link() -> Link {
    Link {
        web_url: Some("https://www.example.com/pc".to_owned()),
        mobile_web_url: Some("https://m.example.com/".to_owned()),
        ..Link::default()
    }
}

pub fn image(name: &str, width: u32, height: u32) -> ImageRef {
    ImageRef { url: format!("https://www.example.com/{name}.png"), width: Some(width), height: Some(height) }
}

pub fn button(title: &str) -> MessageButton {
    MessageButton { title: title.to_owned(), link: link() }
}

pub fn source() -> Source {
    Source { name: "오늘의 가게".to_owned(), icon: Some("https://www.example.com/icon.png".to_owned()) }
}

pub fn count(kind: SocialKind, count: i64) -> SocialCount {
    SocialCount { kind, count }
}

#[expect(clippy::unnecessary_wraps, reason = "fields of a template are given or not")]
fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// A feed with everything but an item list.
pub fn feed() -> Message {
    Message {
        images: vec![image("cake", 800, 800)],
        title: "딸기 치즈 케이크".to_owned(),
        description: "#케익 #딸기 #삼평동 #카페 #분위기 #소개팅 오늘 구운 케이크를 만나 보세요".to_owned(),
        link: link(),
        social: vec![count(SocialKind::Like, 286), count(SocialKind::Comment, 45), count(SocialKind::Shared, 1845)],
        buttons: vec![button("웹으로 보기"), button("앱으로 보기")],
        source: source(),
        ..Message::default()
    }
}

/// A feed with an item list and all that goes with it.
pub fn item_list() -> Message {
    let item = |name: &str, value: &str| Item { item: text(name), item_op: text(value) };
    Message {
        images: vec![image("order", 800, 400)],
        item_content: Some(ItemContent {
            profile_text: text("카페 삼평"),
            profile_image_url: text("https://www.example.com/profile.png"),
            title_image_text: text("딸기 치즈 케이크 홀케이크 2호"),
            title_image_url: text("https://www.example.com/thumb.png"),
            title_image_category: text("케이크"),
            items: vec![
                item("케이크", "32,000원"),
                item("음료", "4,500원"),
                item("배송비", "3,000원"),
                item("쿠폰", "-5,000원"),
                item("적립금", "-1,500원"),
            ],
            sum: text("결제 금액"),
            sum_op: text("33,000원"),
        }),
        title: "주문이 접수되었습니다".to_owned(),
        description: "내일 오후 2시까지 준비하겠습니다".to_owned(),
        social: Vec::new(),
        buttons: vec![button("주문 상세 보기")],
        ..feed()
    }
}

pub fn commerce() -> Message {
    Message {
        object_type: ObjectType::Commerce,
        images: vec![image("dress", 600, 800)],
        title: "아이보리 롱 원피스 (4 컬러)".to_owned(),
        commerce: Some(Commerce {
            regular_price: Some(208_800),
            discount_price: Some(146_160),
            discount_rate: Some(30),
            product_name: text("Ivory Long Dress"),
            ..Commerce::default()
        }),
        social: Vec::new(),
        buttons: vec![button("구매하기"), button("공유하기")],
        ..feed()
    }
}

pub fn list() -> Message {
    let item = |title: &str, description: &str, name: &str| ListItem {
        title: title.to_owned(),
        description: description.to_owned(),
        image: Some(image(name, 400, 400)),
        link: link(),
    };
    Message {
        object_type: ObjectType::List,
        header: Some(Header { title: "WEEKLY MAGAZINE".to_owned(), link: link(), image: None }),
        items: vec![
            item("자전거 라이더를 위한 공간, 라이더스 카페에 다녀왔습니다", "매거진", "one"),
            item(
                "비쥬얼이 끝내주는 오레오 카푸치노",
                "인스타그램에서 화제가 된 그 음료를 직접 만들어 보았습니다",
                "two",
            ),
            item("감성이 가득한 분위기", "사진", "three"),
        ],
        buttons: vec![button("웹으로 보기"), button("앱으로 보기")],
        source: source(),
        ..Message::default()
    }
}

pub fn custom_list() -> Message {
    let mut list = list();
    if let Some(header) = &mut list.header {
        header.image = Some(image("header", 800, 400));
    }
    let more = list.items.clone();
    list.items.extend(more.into_iter().take(2));
    list
}

pub fn location() -> Message {
    Message {
        object_type: ObjectType::Location,
        images: vec![image("office", 800, 400)],
        title: "카카오 판교오피스".to_owned(),
        description: "이번 주는 판교에서 만나요".to_owned(),
        social: vec![count(SocialKind::Like, 12)],
        buttons: vec![button("자세히 보기"), button("위치 보기")],
        ..feed()
    }
}

pub fn words() -> Message {
    Message {
        object_type: ObjectType::Text,
        full_text: true,
        title: "안녕하세요, 삼평 카페입니다.\n\n이번 주말에 새 메뉴를 선보입니다. 예약하신 분께는 아메리카노를 한 잔씩 드립니다.\n많은 관심 부탁드립니다."
            .to_owned(),
        link: link(),
        buttons: vec![button("바로 확인")],
        source: source(),
        ..Message::default()
    }
}

pub fn calendar() -> Message {
    Message {
        object_type: ObjectType::Calendar,
        images: vec![image("party", 800, 400)],
        title: "봄맞이 할인 행사".to_owned(),
        description: "3월 2일 오전 10시".to_owned(),
        social: Vec::new(),
        buttons: vec![button("자세히 보기"), button("일정 추가")],
        ..feed()
    }
}

/// A custom feed with who speaks, three pictures and a video's length.
pub fn custom_feed() -> Message {
    Message {
        profile: Some(Profile {
            text: text("여행하는 고양이"), image_url: text("https://www.example.com/cat.png")
        }),
        images: vec![image("one", 800, 800), image("two", 800, 800), image("three", 800, 800)],
        duration: Some(194),
        buttons: vec![button("지금 바로 예약하러 가기"), button("친구에게도 알려 주기")],
        ..feed()
    }
}

/// A message made of a page: its button is Kakao's.
pub fn scrape() -> Message {
    Message {
        images: vec![image("og", 1200, 630)],
        title: "가을 니트 기획전".to_owned(),
        description: "오늘 밤 열두 시까지 전 상품 무료 배송".to_owned(),
        social: Vec::new(),
        buttons: vec![button("자세히 보기")],
        source: Source { name: "shop.example.kr".to_owned(), icon: None },
        ..feed()
    }
}

/// Every kind by name.
pub fn all() -> Vec<(&'static str, Message)> {
    vec![
        ("feed", feed()),
        ("item-list", item_list()),
        ("commerce", commerce()),
        ("list", list()),
        ("custom-list", custom_list()),
        ("location", location()),
        ("text", words()),
        ("calendar", calendar()),
        ("custom-feed", custom_feed()),
        ("scrape", scrape()),
    ]
}

/// A picture with a sun and a hill, in the colours of a number.
pub fn scenery(number: u32) -> Picture {
    let (width, height) = (400, 400);
    let hues = [[244, 164, 140], [150, 190, 220], [170, 200, 140], [240, 205, 120], [190, 160, 210]];
    let [red, green, blue] = hues.get(number as usize % hues.len()).copied().unwrap_or_default();
    let pixels = RgbImage::from_fn(width, height, |x, y| {
        let (across, down) = (i64::from(x), i64::from(y));
        let (sun, hill) = ((across - 270).pow(2) + (down - 120).pow(2) < 2500, down > 300 - across / 3);
        let fade = |base: u8| base.saturating_add(u8::try_from(y / 8).unwrap_or(50));
        match (sun, hill) {
            (true, _) => Rgb([255, 248, 220]),
            (_, true) => Rgb([red / 2, green / 2, blue / 2]),
            _ => Rgb([fade(red), fade(green), fade(blue)]),
        }
    });
    encoded(&pixels)
}

pub fn encoded(pixels: &RgbImage) -> Picture {
    let mut png = std::io::Cursor::new(Vec::new());
    pixels.write_to(&mut png, image::ImageFormat::Png).unwrap();
    Picture::encoded(png.into_inner()).unwrap()
}

/// The message with a picture in every place.
pub fn pictured(painter: &Painter, preview: MessagePreview) -> MessagePreview {
    let slots = painter.message(&preview).slots.len();
    let pictures = (0..slots).map(|slot| Shown::Picture(scenery(u32::try_from(slot).unwrap_or_default()))).collect();
    MessagePreview { pictures, ..preview }
}
