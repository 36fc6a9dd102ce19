//! What a drawing says, read back from each of its three forms.

use image::RgbImage;
use resvg::usvg::roxmltree;
use scraper::{ElementRef, Html, Selector};
use scraplens::preview::{Layout, Line, Rect, Role};

/// Pixels per CSS pixel in these tests.
pub const SCALE: f32 = 2.0;

/// Class, text and direction of each line; by class, in order.
pub type Lines = Vec<(String, String, bool)>;

pub fn of_layout(layout: &Layout) -> Lines {
    let lines = layout.texts.iter().flat_map(|text| text.lines.iter().map(move |line| (text.role, line)));
    sorted(lines.map(|(role, line)| (role.class().to_owned(), line.text.clone(), line.rtl)).collect())
}

pub fn of_html(html: &str) -> Lines {
    let page = Html::parse_fragment(html);
    let line = Selector::parse(".line").unwrap();
    let roles: Vec<&str> = Role::OF_MESSAGES.iter().map(|role| role.class()).collect();
    let lines = page.select(&line).map(|line| {
        let above = line.ancestors().filter_map(ElementRef::wrap);
        let role = above.flat_map(|element| element.value().classes()).find(|class| roles.contains(class)).unwrap();
        (role.to_owned(), line.text().collect(), line.attr("dir") == Some("rtl"))
    });
    sorted(lines.collect())
}

pub fn of_svg(svg: &str) -> Lines {
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

/// Without the room between paragraphs, which is an empty line in one form and nothing in another.
fn sorted(lines: Lines) -> Lines {
    let mut lines: Lines = lines.into_iter().filter(|(_, text, _)| !text.is_empty()).collect();
    lines.sort_by(|one, other| one.0.cmp(&other.0));
    lines
}

/// The lines of a role, as they are written.
pub fn said(layout: &Layout, role: Role) -> Vec<String> {
    let texts = layout.texts.iter().filter(|text| text.role == role);
    texts.flat_map(|text| text.lines.iter().map(|line| line.text.clone())).collect()
}

/// Where the ink of a line is.
pub fn ink_of(line: &Line) -> Rect {
    let (top, bottom) = (line.baseline - line.font.size * 0.75, line.baseline + line.font.size * 0.1);
    Rect { x: line.x, y: top, width: line.width, height: bottom - top, radius: 0.0 }
}

/// The columns with ink of another colour than the left edge, in CSS pixels.
pub fn ink(image: &RgbImage, place: Rect) -> Option<(f32, f32)> {
    let pixel = |length: f32| (length.max(0.0) * SCALE).round() as u32;
    let (left, right) = (pixel(place.x), pixel(place.x + place.width));
    let (top, bottom) = (pixel(place.y), pixel(place.y + place.height));
    let ground = *image.get_pixel(left, top);
    let differs =
        |x: u32, y: u32| image.get_pixel(x, y).0.iter().zip(ground.0).any(|(one, other)| one.abs_diff(other) > 24);
    let mut columns = (left..right).filter(|&x| (top..bottom).any(|y| differs(x, y)));
    let first = columns.next()?;
    let last = columns.next_back().unwrap_or(first);
    Some((first as f32 / SCALE, (last + 1) as f32 / SCALE))
}

/// True if one place holds the other, or neither touches the other: nothing is covered by halves.
pub fn in_order(one: Rect, other: Rect) -> bool {
    const ROUNDING: f32 = 0.1;
    let apart = one.x + one.width <= other.x + ROUNDING
        || other.x + other.width <= one.x + ROUNDING
        || one.y + one.height <= other.y + ROUNDING
        || other.y + other.height <= one.y + ROUNDING;
    apart || holds(one, other) || holds(other, one)
}

pub fn holds(outer: Rect, inner: Rect) -> bool {
    const ROUNDING: f32 = 0.1;
    inner.x >= outer.x - ROUNDING
        && inner.y >= outer.y - ROUNDING
        && inner.x + inner.width <= outer.x + outer.width + ROUNDING
        && inner.y + inner.height <= outer.y + outer.height + ROUNDING
}

pub fn pixels(png: &[u8]) -> RgbImage {
    image::load_from_memory(png).unwrap().into_rgb8()
}
