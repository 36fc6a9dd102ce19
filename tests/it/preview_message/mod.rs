//! Templates' messages drawn: HTML, SVG and PNG say the same lines at the same places, whatever stands in any field; nothing covers
//! anything else; and every kind shows what the facts say it shows.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    clippy::cast_possible_wrap,
    reason = "lengths of a bubble are small, pixels are whole, and the pages read are our own"
)]

mod anything;
mod parts;
mod pictures;
mod reading;
mod samples;

use std::sync::LazyLock;

use scraper::{Html, Selector};
use scraplens::preview::{Document, Layout, MessagePreview, Painter, Role, Theme, Width};

use self::reading::{SCALE, holds, in_order, ink, ink_of, of_html, of_layout, of_svg, pixels};

static PAINTER: LazyLock<Painter> = LazyLock::new(|| Painter::embedded().unwrap());

fn looks() -> [(Theme, Width); 4] {
    [(Theme::Light, Width::Phone), (Theme::Light, Width::Pc), (Theme::Dark, Width::Phone), (Theme::Dark, Width::Pc)]
}

/// Every sample in every look, with pictures.
fn every_layout() -> impl Iterator<Item = (String, Layout)> {
    samples::all().into_iter().flat_map(|(name, message)| {
        looks().map(|(theme, width)| {
            let preview = MessagePreview { message: message.clone(), theme, width, ..MessagePreview::default() };
            let label = format!("{name} {} {}", theme.as_str(), width.as_str());
            (label, PAINTER.message(&samples::pictured(&PAINTER, preview)))
        })
    })
}

/// Lines and everything else, each inside the bubble and none covered by halves.
fn untidiness(layout: &Layout) -> Option<String> {
    let lines = layout.texts.iter().flat_map(|text| &text.lines).filter(|line| !line.text.is_empty());
    let lines: Vec<_> = lines.map(ink_of).collect();
    let places = layout.places();
    for place in lines.iter().chain(&places) {
        if !holds(layout.card, *place) {
            return Some(format!("{place:?} is not in the bubble {:?}", layout.card));
        }
    }
    for (number, one) in lines.iter().chain(&places).enumerate() {
        for other in lines.iter().chain(&places).skip(number + 1) {
            if !in_order(*one, *other) {
                return Some(format!("{one:?} and {other:?} cover each other by halves"));
            }
        }
    }
    for (number, one) in lines.iter().enumerate() {
        for other in lines.iter().skip(number + 1) {
            if holds(*one, *other) || holds(*other, *one) {
                return Some(format!("the lines {one:?} and {other:?} lie on each other"));
            }
        }
    }
    None
}

#[test]
fn html_svg_and_layout_say_the_same_lines() {
    for (name, layout) in every_layout() {
        let expected = of_layout(&layout);
        assert!(expected.len() > 2, "{name}");
        assert_eq!(of_html(&PAINTER.fragment(&layout)), expected, "{name}");
        let document = PAINTER.document(&layout, Document { language: "ko", fonts: None });
        assert_eq!(of_html(&document), expected, "{name}");
        assert_eq!(of_svg(&PAINTER.svg(&layout)), expected, "{name}");
    }
}

#[test]
fn nothing_covers_anything_else_and_all_is_in_the_bubble() {
    for (name, layout) in every_layout() {
        assert_eq!(untidiness(&layout), None, "{name}");
    }
}

#[test]
fn every_line_of_the_png_has_its_ink_where_it_was_measured() {
    // What stands on a picture has no even ground to tell ink from.
    let pictured = [Role::Length, Role::Covered];
    let looked_at = |name: &str| name.contains("light phone") || name == "item-list dark pc";
    for (name, layout) in every_layout().filter(|(name, _)| looked_at(name)) {
        let image = pixels(&PAINTER.png(&layout, SCALE).unwrap());
        for text in layout.texts.iter().filter(|text| !pictured.contains(&text.role)) {
            for line in text.lines.iter().filter(|line| !line.text.is_empty()) {
                let mut place = ink_of(line);
                (place.x, place.width) = (place.x - 3.0, place.width + 6.0);
                let (first, last) = ink(&image, place).unwrap();
                let (start, end) = (line.x, line.x + line.width);
                assert!((first - start).abs() <= 2.0, "{name}: {} begins at {first}, not {start}", line.text);
                assert!((last - end).abs() <= 2.5, "{name}: {} ends at {last}, not {end}", line.text);
            }
        }
    }
}

#[test]
fn every_look_of_every_kind_is_another_picture() {
    let mut seen = std::collections::HashSet::new();
    for (name, layout) in every_layout() {
        assert!(seen.insert(PAINTER.svg(&layout)), "{name} looks like another");
    }
}

#[test]
fn a_fragment_can_be_read_without_being_seen() {
    for (name, layout) in every_layout() {
        let html = PAINTER.fragment(&layout);
        let page = Html::parse_fragment(&html);
        let all = |selector: &str| page.select(&Selector::parse(selector).unwrap()).count();
        assert_eq!(all("article.bubble.message"), 1, "{name}");
        assert_eq!(all("[style]") + all("script") + all("style"), 0, "{name}: the page's policy forbids them");
        assert_eq!(all("img"), all("img[alt]"), "{name}");
        assert_eq!(all("svg"), all("svg[aria-hidden]") + all("svg[role=img][aria-label]"), "{name}");
        assert_eq!(all("a"), all("a[href^='https://'][rel~=nofollow][rel~=noopener]"), "{name}");
        assert!(all("h2") <= 1 && all("h2") + all("p") > 1, "{name}: {html}");
        assert_eq!(all("dl > div > dt"), all("dl > div > dd"), "{name}");
    }
}
