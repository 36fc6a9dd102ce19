//! The message drawn: HTML, SVG and PNG break the same lines at the same places, whatever the text; nothing a site writes becomes
//! markup; and the pixels are where they were measured.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    clippy::float_cmp,
    clippy::disallowed_methods,
    reason = "lengths of a bubble are small, pixels are whole, and the pages read are our own"
)]

use std::sync::{Arc, LazyLock};

use image::RgbImage;
use proptest::prelude::*;
use resvg::usvg::roxmltree;
use scraper::{Html, Selector};
use scraplens::preview::{
    Document, Kind, Layout, Line, LinkPreview, Painter, Picture, Role, Theme, Width, style, style_hash,
};
use sha2::{Digest as _, Sha256};

static PAINTER: LazyLock<Painter> = LazyLock::new(|| Painter::embedded().unwrap());
/// Pixels per CSS pixel in these tests.
const SCALE: f32 = 2.0;
const FILE: Document<'_> = Document { language: "ko", fonts: None };

/// What sites write, and what the painters must agree on.
const TEXTS: [(&str, &str); 12] = [
    (
        "hangul",
        "가을 니트 기획전 오늘 밤 열두 시까지 전 상품 무료 배송과 추가 할인 쿠폰을 드립니다 매장 픽업도 신청하세요",
    ),
    (
        "emoji",
        "가족 👨\u{200D}👩\u{200D}👧\u{200D}👦 국기 🇰🇷🇯🇵 피부색 👍🏽 키캡 1\u{FE0F}\u{20E3} 하트 ❤\u{FE0F} 잉글랜드 🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F} 끝 🎉🎉🎉🎉🎉🎉🎉🎉",
    ),
    ("latin", "The quick brown fox jumps over the lazy dog, and then it looks at the page exactly as the scraper does"),
    (
        "mixed",
        "scraplens는 카카오톡이 보는 그대로 HTML을 읽고 og:image가 왜 빠졌는지 5초 안에 알려 주는 Rust 도구입니다",
    ),
    (
        "long words",
        "https://shop.example.kr/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ),
    ("hebrew", "שלום עולם! זו כותרת ארוכה מאוד (עם סוגריים) ועם English באמצע ומספרים 123 ועוד כמה מילים בסוף"),
    ("arabic", "مرحبا بالعالم، هذا عنوان طويل جداً مع كلمات English في الوسط وأرقام ١٢٣ وكلمات أخرى كثيرة في النهاية"),
    (
        "hanja",
        "美 대통령 “中과 협상 재개”… 日 총리 靑瓦臺 방문 北 미사일 발사에 韓美日 공동성명 東京テレビ 简体字 新聞",
    ),
    (
        "marks",
        "Tiê\u{301}ng Vie\u{323}\u{302}t cafe\u{301} Z\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}algo na\u{308}ive",
    ),
    (
        "jamo",
        "\u{1112}\u{1161}\u{11AB}\u{1100}\u{1173}\u{11AF} \u{1111}\u{1161}\u{110B}\u{1175}\u{11AF} 이름 ㅋㅋㅋㅋㅋㅋ ㅎㅎ ㅠㅠ",
    ),
    ("spaces", "  두 칸  띄운   제목 \t 그리고\n줄바꿈\u{3000}전각 공백\u{A0}도  있습니다  "),
    ("very long", LONG),
];
const LONG: &str = concat!(
    "동해 물과 백두산이 마르고 닳도록 하느님이 보우하사 우리나라 만세 무궁화 삼천리 화려강산 대한 사람 대한으로 길이 보전하세 ",
    "남산 위에 저 소나무 철갑을 두른 듯 바람 서리 불변함은 우리 기상일세 가을 하늘 공활한데 높고 구름 없이 밝은 달은 우리 가슴 ",
    "일편단심일세 이 기상과 이 맘으로 충성을 다하여 괴로우나 즐거우나 나라 사랑하세"
);

fn preview(text: &str) -> LinkPreview {
    LinkPreview {
        title: text.to_owned(),
        description: text.to_owned(),
        site: "shop.example.kr".to_owned(),
        url: "https://shop.example.kr/1".to_owned(),
        ..LinkPreview::default()
    }
}

fn looks() -> impl Iterator<Item = (Kind, Theme, Width)> {
    let kinds = [Kind::Scrape, Kind::Link];
    let themes = [Theme::Light, Theme::Dark];
    let pairs = kinds.into_iter().flat_map(move |kind| themes.map(|theme| (kind, theme)));
    pairs.flat_map(|(kind, theme)| [Width::Phone, Width::Pc].map(|width| (kind, theme, width)))
}

/// Class, text and direction of each line.
type Lines = Vec<(String, String, bool)>;

fn lines_of_layout(layout: &Layout) -> Lines {
    let lines = layout.texts.iter().flat_map(|text| text.lines.iter().map(move |line| (text.role, line)));
    sorted(lines.map(|(role, line)| (role.class().to_owned(), line.text.clone(), line.rtl)).collect())
}

fn lines_of_html(html: &str) -> Lines {
    let page = Html::parse_fragment(html);
    let line = Selector::parse(".line").unwrap();
    let roles = ["title", "description", "button", "host", "badge", "note", "plain"];
    let lines = page.select(&line).map(|line| {
        let above = line.ancestors().filter_map(scraper::ElementRef::wrap);
        let role = above.flat_map(|element| element.value().classes()).find(|class| roles.contains(class)).unwrap();
        (role.to_owned(), line.text().collect(), line.attr("dir") == Some("rtl"))
    });
    sorted(lines.collect())
}

fn lines_of_svg(svg: &str) -> Lines {
    let tree = roxmltree::Document::parse(svg).unwrap();
    let texts = tree.descendants().filter(|node| node.has_tag_name("text"));
    sorted(
        texts
            .map(|node| {
                let rtl = node.attribute("direction") == Some("rtl");
                (node.attribute("class").unwrap().to_owned(), node.text().unwrap_or_default().to_owned(), rtl)
            })
            .collect(),
    )
}

/// By class; lines of a class stay in their order.
fn sorted(mut lines: Lines) -> Lines {
    lines.sort_by(|one, other| one.0.cmp(&other.0));
    lines
}

fn pixels(layout: &Layout) -> RgbImage {
    image::load_from_memory(&PAINTER.png(layout, SCALE).unwrap()).unwrap().into_rgb8()
}

/// A picture of one colour.
fn picture(colour: [u8; 3]) -> Picture {
    let mut png = std::io::Cursor::new(Vec::new());
    RgbImage::from_pixel(800, 400, image::Rgb(colour)).write_to(&mut png, image::ImageFormat::Png).unwrap();
    Picture::encoded(png.into_inner()).unwrap()
}

/// The part of a picture with ink of any colour but the ground's, in CSS pixels: (left, right) for rows from `top` to `bottom`.
fn ink(image: &RgbImage, left: f32, right: f32, top: f32, bottom: f32) -> Option<(f32, f32)> {
    let pixel = |length: f32| (length.max(0.0) * SCALE).round() as u32;
    let ground = *image.get_pixel(pixel(left), pixel(top));
    let inked = |x: &u32| (pixel(top)..pixel(bottom)).any(|y| differs(*image.get_pixel(*x, y), ground));
    let mut columns = (pixel(left)..pixel(right)).filter(inked);
    let first = columns.next()?;
    let last = columns.next_back().unwrap_or(first);
    Some((first as f32 / SCALE, (last + 1) as f32 / SCALE))
}

fn differs(one: image::Rgb<u8>, other: image::Rgb<u8>) -> bool {
    one.0.iter().zip(other.0).any(|(one, other)| one.abs_diff(other) > 24)
}

/// Rows with ink that follow one another, counted.
fn rows_of_ink(image: &RgbImage, left: f32, right: f32, top: f32, bottom: f32) -> usize {
    let step = 1.0 / SCALE;
    let mut rows = 0;
    let mut inside = false;
    let mut y = top;
    while y < bottom {
        let inked = ink(image, left, right, y, y + step).is_some();
        rows += usize::from(inked && !inside);
        inside = inked;
        y += step;
    }
    rows
}

fn line_band(line: &Line) -> (f32, f32) {
    (line.baseline - line.font.size * 0.8, line.baseline + line.font.size * 0.1)
}

#[test]
fn html_svg_and_png_break_the_same_lines_at_the_same_places() {
    for (name, text) in TEXTS {
        for (kind, theme, width) in looks() {
            let layout = PAINTER.layout(&LinkPreview { kind, theme, width, ..preview(text) });
            let expected = lines_of_layout(&layout);
            assert_eq!(lines_of_html(&PAINTER.fragment(&layout)), expected, "{name}");
            assert_eq!(lines_of_html(&PAINTER.document(&layout, FILE)), expected, "{name}");
            assert_eq!(lines_of_svg(&PAINTER.svg(&layout)), expected, "{name}");
        }
    }
}

#[test]
fn every_line_has_its_ink_where_it_was_measured() {
    for (name, text) in TEXTS {
        for (kind, theme, width) in looks() {
            let layout = PAINTER.layout(&LinkPreview { kind, theme, width, ..preview(text) });
            let image = pixels(&layout);
            let (left, right) = (layout.card.x + 2.0, layout.card.x + layout.card.width - 2.0);
            for role in [Role::Title, Role::Description] {
                for line in &layout.text(role).unwrap().lines {
                    let (top, bottom) = line_band(line);
                    let (first, last) = ink(&image, left, right, top, bottom).unwrap();
                    // Half a pixel of smoothing, and the room letters leave at their sides.
                    let (start, end) = (line.x, line.x + line.width);
                    assert!((first - start).abs() <= 2.0, "{name}: {} begins at {first}, not {start}", line.text);
                    assert!((last - end).abs() <= 2.5, "{name}: {} ends at {last}, not {end}", line.text);
                }
            }
        }
    }
}

#[test]
fn the_png_has_as_many_rows_of_ink_as_there_are_lines() {
    for name in ["hangul", "mixed", "hanja", "very long", "spaces"] {
        let text = TEXTS.iter().find(|(known, _)| *known == name).unwrap().1;
        let layout = PAINTER.layout(&LinkPreview { kind: Kind::Link, ..preview(text) });
        let image = pixels(&layout);
        let all: Vec<_> = layout.texts.iter().flat_map(|text| &text.lines).collect();
        let top = layout.card.y + 2.0;
        let bottom = layout.card.y + layout.card.height - 2.0;
        let rows = rows_of_ink(&image, layout.card.x + 8.0, layout.card.x + layout.card.width - 8.0, top, bottom);
        assert_eq!(rows, all.len(), "{name}");
    }
}

#[test]
fn clipped_text_ends_in_dots_and_only_clipped_text_does() {
    for (name, text) in TEXTS {
        let layout = PAINTER.layout(&preview(text));
        for role in [Role::Title, Role::Description] {
            let text = layout.text(role).unwrap();
            let (last, others) = text.lines.split_last().unwrap();
            assert_eq!(last.text.ends_with('…'), text.clipped, "{name}");
            assert!(others.iter().all(|line| !line.text.ends_with('…')), "{name}");
        }
    }
    for name in ["hangul", "latin", "very long", "long words"] {
        let text = TEXTS.iter().find(|(known, _)| *known == name).unwrap().1;
        let layout = PAINTER.layout(&preview(text));
        let line = layout.text(Role::Title).unwrap().lines.last().unwrap();
        let image = pixels(&layout);
        let dots = line.x + line.width - line.font.size * 0.7;
        let foot = ink(&image, dots, line.x + line.width + 1.0, line.baseline - 3.0, line.baseline + 1.0);
        assert!(foot.is_some(), "{name}: no dots at the end of {}", line.text);
        let above = ink(&image, dots, line.x + line.width + 1.0, line.baseline - 11.0, line.baseline - 4.0);
        assert_eq!(above, None, "{name}: more than dots at the end of {}", line.text);
    }
}

#[test]
fn right_to_left_text_stands_at_the_right_and_says_so() {
    for name in ["hebrew", "arabic"] {
        let text = TEXTS.iter().find(|(known, _)| *known == name).unwrap().1;
        let layout = PAINTER.layout(&preview(text));
        for line in &layout.text(Role::Title).unwrap().lines {
            assert!(line.rtl);
            let right = layout.card.x + layout.card.width - 14.0;
            assert!((line.x + line.width - right).abs() < 0.1, "{name}: {}", line.text);
        }
        let host = &layout.text(Role::Host).unwrap().lines[0];
        assert!(!host.rtl, "an address is read from the left");
    }
}

#[test]
fn common_text_lacks_no_letter() {
    for (name, text) in TEXTS {
        let layout = PAINTER.layout(&preview(text));
        assert_eq!(layout.missing, Vec::<String>::new(), "{name}");
    }
    let more = "Привет Ελληνικά ไทย हिन्दी 〈〉『』 ①②㈜㎡ ※★☆→← ♥ ½ ￦ 😀✅⭐⚡🔥🫠";
    assert_eq!(PAINTER.layout(&preview(more)).missing, Vec::<String>::new());
}

#[test]
fn a_letter_no_font_has_is_reported_and_drawn_as_our_own_frame() {
    let layout = PAINTER.layout(&preview("𓀀"));
    assert_eq!(layout.missing, ["𓀀"]);
    let image = pixels(&layout);
    let line = &layout.text(Role::Title).unwrap().lines[0];
    let at = |x: f32, y: f32| {
        let (x, y) =
            (((line.x + x * line.font.size) * SCALE) as u32, ((line.baseline - y * line.font.size) * SCALE) as u32);
        *image.get_pixel(x, y)
    };
    let ground = at(-0.3, 0.34);
    assert!(!differs(at(0.38, 0.34), ground), "the frame is hollow");
    assert!(differs(at(0.13, 0.34), ground) && differs(at(0.63, 0.34), ground), "the frame has sides");
    assert!(differs(at(0.38, 0.02), ground), "the frame has a foot");
    // Another letter that is missing looks the same; no font's own mark does.
    let other = PAINTER.layout(&preview("𒀀"));
    assert_eq!(pixels(&other), image);
    assert!(PAINTER.fragment(&layout).contains('𓀀') && PAINTER.svg(&layout).contains('𓀀'), "a viewer may have it");
}

#[test]
fn emoji_are_coloured() {
    let layout = PAINTER.layout(&LinkPreview { description: String::new(), ..preview("❤\u{FE0F}") });
    let image = pixels(&layout);
    let line = &layout.text(Role::Title).unwrap().lines[0];
    let (x, y) = ((line.x + line.width / 2.0) * SCALE, (line.baseline - line.font.size * 0.35) * SCALE);
    let [red, green, blue] = image.get_pixel(x as u32, y as u32).0;
    assert!(red > 150 && green < 100 && blue < 110, "{red} {green} {blue}");
}

#[test]
fn without_an_image_a_chat_draws_no_place_for_one_and_a_note_draws_ours() {
    let bare = PAINTER.layout(&preview("제목"));
    assert_eq!(bare.image, None);
    let noted =
        PAINTER.layout(&LinkPreview { note: Some("이미지 없음\n403 Forbidden".to_owned()), ..preview("제목") });
    assert_eq!(noted.image.unwrap().height, 136.0);
    let note: Vec<_> = noted.text(Role::Note).unwrap().lines.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(note, ["이미지 없음", "403 Forbidden"]);
    let pictured = PAINTER.layout(&LinkPreview {
        note: Some("…".to_owned()),
        picture: Some(picture([200, 30, 30])),
        ..preview("제목")
    });
    assert!(pictured.text(Role::Note).is_none());
    let place = pictured.image.unwrap();
    assert_eq!((place.width, place.height), (272.0, 136.0));
    let middle = |length: f32, start: f32| ((start + length / 2.0) * SCALE) as u32;
    let image = pixels(&pictured);
    assert_eq!(image.get_pixel(middle(place.width, place.x), middle(place.height, place.y)).0, [200, 30, 30]);
}

#[test]
fn the_picture_is_inside_the_svg_and_html_may_load_it_by_address() {
    let inside = PAINTER.layout(&LinkPreview { picture: Some(picture([1, 2, 3])), ..preview("제목") });
    assert!(PAINTER.svg(&inside).contains("href=\"data:image/png;base64,"));
    assert!(PAINTER.fragment(&inside).contains("src=\"data:image/png;base64,"));
    let linked = picture([1, 2, 3]).at("/api/v1/image?url=https://a.example/x.png&w=800").unwrap();
    let linked = PAINTER.layout(&LinkPreview { picture: Some(linked), ..preview("제목") });
    assert!(PAINTER.svg(&linked).contains("href=\"data:image/png;base64,"), "a file loads nothing");
    assert!(PAINTER.fragment(&linked).contains("src=\"/api/v1/image?url=https://a.example/x.png&amp;w=800\""));
    for address in ["javascript:alert(1)", "//a.example/x", "/\\a.example/x", "data:text/html,x", ""] {
        assert!(Picture::linked(address).is_none(), "{address}");
    }
    for bytes in [&b""[..], b"<svg/>", b"GIF89a\x01\x00\x01\x00", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"] {
        assert!(Picture::encoded(Arc::new(bytes.to_vec())).is_none(), "{bytes:?}");
    }
}

#[test]
fn a_video_shows_its_length_on_the_image() {
    let video = LinkPreview { duration: Some(3723), picture: Some(picture([250, 250, 250])), ..preview("제목") };
    let layout = PAINTER.layout(&video);
    assert_eq!(layout.text(Role::Badge).unwrap().lines[0].text, "1:02:03");
    let (pill, place) = (layout.badge.unwrap(), layout.image.unwrap());
    assert!(pill.x > place.x + place.width / 2.0 && pill.x + pill.width < place.x + place.width);
    let absent = PAINTER.layout(&LinkPreview { picture: None, ..video });
    assert!(absent.text(Role::Badge).is_none(), "there is nothing it could stand on");
}

#[test]
fn a_page_without_a_card_is_only_its_address() {
    let layout =
        PAINTER.layout(&LinkPreview { url: "https://shop.example.kr/a?b=c".to_owned(), ..LinkPreview::default() });
    assert!(layout.is_plain() && layout.button.is_none() && layout.image.is_none());
    assert_eq!(lines_of_layout(&layout), [("plain".to_owned(), "https://shop.example.kr/a?b=c".to_owned(), false)]);
    assert!(layout.card.width < 272.0, "the bubble is as wide as its text");
    assert!(pixels(&layout).width() > 0);
}

#[test]
fn the_two_kinds_differ_as_the_messages_do() {
    let scrape = PAINTER.layout(&preview(LONG));
    let link = PAINTER.layout(&LinkPreview { kind: Kind::Link, ..preview(LONG) });
    let lines = |layout: &Layout, role| layout.text(role).map_or(0, |text| text.lines.len());
    assert_eq!((lines(&scrape, Role::Title), lines(&scrape, Role::Description)), (2, 2));
    assert_eq!((lines(&link, Role::Title), lines(&link, Role::Description)), (2, 1));
    assert_eq!(scrape.text(Role::Button).unwrap().lines[0].text, "자세히 보기");
    assert!(link.text(Role::Button).is_none() && link.icon.is_none() && scrape.icon.is_some());
}

/// Everything a hostile page would like to become markup.
const PAYLOADS: [&str; 8] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "</style><script>alert(1)</script>",
    "</title></svg><svg onload=alert(1)>",
    "' onmouseover='alert(1)",
    "]]><!--<x a=\"",
    "javascript:alert(1)",
    "&lt;b&gt;&#60;script&#62;\u{0}\u{B}\u{FFFE}",
];

#[test]
fn markup_in_any_field_stays_text() {
    let tags = ["article", "div", "img", "p", "a", "span", "html", "head", "meta", "title", "style", "body"];
    let marks = [
        "class",
        "dir",
        "src",
        "alt",
        "width",
        "height",
        "referrerpolicy",
        "decoding",
        "href",
        "rel",
        "target",
        "lang",
        "charset",
        "name",
        "content",
    ];
    for payload in PAYLOADS {
        let text = || payload.to_owned();
        for (kind, picture) in [(Kind::Scrape, None), (Kind::Link, Some(picture([9, 9, 9])))] {
            let hostile = LinkPreview {
                kind,
                title: text(),
                description: text(),
                site: text(),
                url: text(),
                note: Some(text()),
                picture,
                ..LinkPreview::default()
            };
            let layout = PAINTER.layout(&hostile);
            let document = PAINTER.document(&layout, FILE);
            let page = Html::parse_document(&document);
            for element in page.root_element().descendent_elements() {
                assert!(tags.contains(&element.value().name()), "{payload}: <{}>", element.value().name());
                for (name, value) in element.value().attrs() {
                    assert!(marks.contains(&name), "{payload}: {name}={value}");
                    assert!(name != "href", "{payload} is no address for a browser: {value}");
                }
            }
            let title = page.select(&Selector::parse(".title").unwrap()).next().unwrap();
            assert!(title.text().collect::<String>().contains(payload.chars().next().unwrap()));
            let svg = PAINTER.svg(&layout);
            let tree = roxmltree::Document::parse(&svg).unwrap();
            let known = ["svg", "title", "rect", "path", "image", "text"];
            for node in tree.descendants().filter(roxmltree::Node::is_element) {
                assert!(known.contains(&node.tag_name().name()), "{payload}: <{}>", node.tag_name().name());
                assert!(node.attributes().all(|attribute| !attribute.name().starts_with("on")));
            }
            PAINTER.png(&layout, 1.0).unwrap();
        }
    }
}

#[test]
fn links_lead_only_to_the_page_and_tell_it_nothing() {
    let layout =
        PAINTER.layout(&LinkPreview { url: "https://a.example/\"><x>?a=1&b=2".to_owned(), ..preview("제목") });
    let page = Html::parse_fragment(&PAINTER.fragment(&layout));
    let link = page.select(&Selector::parse("a").unwrap()).next().unwrap();
    assert_eq!(link.attr("href"), Some("https://a.example/%22%3E%3Cx%3E?a=1&b=2"));
    assert_eq!(link.attr("rel"), Some("noopener noreferrer nofollow ugc"));
    assert_eq!(link.attr("target"), Some("_blank"));
}

#[test]
fn the_style_is_the_same_for_every_message_and_has_the_hash_we_say() {
    for fonts in [None, Some("/static/fonts/")] {
        for payload in PAYLOADS {
            let layout = PAINTER.layout(&LinkPreview { theme: Theme::Dark, width: Width::Pc, ..preview(payload) });
            let page = Html::parse_document(&PAINTER.document(&layout, Document { language: "ko", fonts }));
            let text: String = page.select(&Selector::parse("style").unwrap()).next().unwrap().text().collect();
            assert_eq!(text, style(&PAINTER.metrics, fonts));
            let hash = data_encoding::BASE64.encode(&Sha256::digest(&text));
            assert_eq!(style_hash(&PAINTER.metrics, fonts), format!("sha256-{hash}"));
            assert_eq!(text.contains("url("), fonts.is_some());
            assert!(!text.contains('<'));
        }
    }
    assert!(
        style(&PAINTER.metrics, Some("/x\");} body{display:none"))
            .contains("url(\"/xbodydisplay:none/Pretendard-Regular")
    );
}

#[test]
fn a_document_stands_alone() {
    let layout = PAINTER.layout(&preview("제목"));
    let document = PAINTER.document(&layout, FILE);
    assert!(document.starts_with("<!DOCTYPE html>"));
    let page = Html::parse_document(&document);
    assert_eq!(page.root_element().attr("lang"), Some("ko"));
    for loading in ["script", "link", "iframe", "img", "[style]"] {
        assert!(page.select(&Selector::parse(loading).unwrap()).next().is_none(), "{loading}");
    }
    let bubble = page.select(&Selector::parse("body > .bubble").unwrap()).next().unwrap();
    assert!(["scrape", "light", "phone"].iter().all(|class| bubble.value().classes().any(|known| known == *class)));
}

#[test]
fn a_scale_that_is_none_is_refused_with_advice() {
    let layout = PAINTER.layout(&preview("제목"));
    for scale in [0.0, -1.0, 4.5, f32::NAN, f32::INFINITY] {
        let error = PAINTER.png(&layout, scale).unwrap_err();
        assert_eq!(error.code(), "preview-scale");
        assert!(!error.advice().is_empty());
    }
    let twice = image::load_from_memory(&PAINTER.png(&layout, 2.0).unwrap()).unwrap();
    assert_eq!((twice.width(), twice.height()), ((layout.width * 2.0) as u32, (layout.height * 2.0) as u32));
}

#[test]
fn a_painter_serves_all_threads() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<Painter>();
    shared::<Layout>();
    shared::<LinkPreview>();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_text_in_any_field_is_drawn_and_says_the_same_everywhere(
        title in any::<String>(), description in any::<String>(), site in any::<String>(), url in any::<String>(),
        note in proptest::option::of(any::<String>()), duration in any::<Option<u64>>(), link in any::<bool>(), dark in any::<bool>(),
    ) {
        let hostile = LinkPreview {
            kind: if link { Kind::Link } else { Kind::Scrape },
            theme: if dark { Theme::Dark } else { Theme::Light },
            title, description, site, url, note, duration,
            ..LinkPreview::default()
        };
        let layout = PAINTER.layout(&hostile);
        let expected = lines_of_layout(&layout);
        prop_assert_eq!(lines_of_html(&PAINTER.fragment(&layout)), expected.clone());
        prop_assert_eq!(lines_of_svg(&PAINTER.svg(&layout)), expected);
        prop_assert!(PAINTER.png(&layout, 0.5).is_ok());
    }
}
