//! The bubble as SVG, from the layout. Two inks: text that a viewer's fonts show, for a file, and outlines of our own fonts, for `png`.
//! Nothing a site wrote gets in except as escaped text, and nothing is loaded: the picture is inside.

use std::fmt::Write as _;

use super::{
    escape::xml,
    font::{Fonts, Place},
    icon::{GRID, PEN},
    layout::{
        Body, Layout, Line, Rect, Role,
        shape::{Shape, Tone},
    },
    metrics::{Colour, Weight},
    model::Picture,
    style::FAMILIES,
};

/// How text is painted.
#[derive(Clone, Copy)]
pub(super) enum Ink<'a> {
    /// As `<text>`, one element per line.
    Text,
    /// As `<path>`, with the glyphs the layout was measured with.
    Outlines(&'a Fonts),
}

/// Width of the pen that makes a regular outline bold, per font size: what the stems of Pretendard gain from 400 to 600.
const BOLD_PEN: f32 = 0.03;

/// The picture's name in a drawing for [`png`](super::png), which resolves it without text in between.
pub(super) const PICTURE: &str = "picture";

/// The same for a picture of a template's message.
pub(super) fn slot_name(slot: usize) -> String {
    format!("{PICTURE}-{slot}")
}

/// The bubble as an SVG document: self-contained, one `<text>` per line, as wide in any font as it was measured in ours.
pub fn svg(layout: &Layout) -> String {
    draw(layout, Ink::Text)
}

pub(super) fn draw(layout: &Layout, ink: Ink<'_>) -> String {
    let mut sheet = Sheet { layout, ink, xml: String::with_capacity(16 * 1024) };
    sheet.open();
    sheet.card();
    for text in &layout.texts {
        for line in &text.lines {
            sheet.line(line, text.role);
        }
    }
    sheet.xml.push_str("</svg>\n");
    sheet.xml
}

struct Sheet<'a> {
    layout: &'a Layout,
    ink: Ink<'a>,
    xml: String,
}

impl Sheet<'_> {
    fn add(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a String does not fail.
        let _ = self.xml.write_fmt(text);
    }

    fn open(&mut self) {
        let Layout { width, height, palette, .. } = self.layout;
        let (name, ground) = (xml(&self.layout.name), palette.ground.as_str());
        self.add(format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n\
             <title>{name}</title>\n\
             <rect width=\"{width}\" height=\"{height}\" fill=\"{ground}\"/>\n"
        ));
    }

    /// Everything that is not text.
    fn card(&mut self) {
        let Layout { card, palette, button, badge, icon, .. } = self.layout;
        let shade = format!(" fill-opacity=\"{}\"", palette.shadow_opacity);
        self.rect(Rect { y: card.y + 1.0, ..*card }, &palette.shadow, &shade);
        self.rect(*card, &palette.card, "");
        if let Some(body) = &self.layout.message {
            return self.shapes(body);
        }
        if let Some(place) = self.layout.image {
            self.image(place);
            self.corners();
        }
        if let Some(pill) = badge {
            self.rect(*pill, &palette.badge, &format!(" fill-opacity=\"{}\"", palette.badge_opacity));
        }
        if let Some(button) = button {
            self.rect(*button, &palette.button, "");
        }
        if let Some(icon) = icon {
            let y = icon.y - (self.layout.measures.row_height - icon.height) / 2.0;
            self.rect(Rect { x: card.x, y, width: card.width, height: 1.0, radius: 0.0 }, &palette.rule, "");
            self.rect(*icon, &palette.icon, "");
        }
    }

    /// Everything of a template's message that is not text.
    fn shapes(&mut self, body: &Body) {
        for shape in &body.shapes {
            match *shape {
                Shape::Fill { place, tone } => self.fill(place, tone),
                Shape::Hatch(place) => {
                    self.fill(place, Tone::Card);
                    self.hatch(place);
                }
                Shape::Picture { place, slot } => {
                    let picture = body.pictures.get(slot).and_then(Option::as_ref);
                    let href = picture.and_then(|picture| self.href(picture, &slot_name(slot)));
                    self.picture(place, href);
                }
                Shape::Corners { place, tone, lower } => self.cut(place, tone, lower),
                Shape::Icon { icon, place, tone } => {
                    let (colour, scale) = (tone.of(&self.layout.palette).0.as_str(), place.width / GRID);
                    let ink = if icon.is_filled() {
                        format!("fill=\"{colour}\"")
                    } else {
                        format!(
                            "fill=\"none\" stroke=\"{colour}\" stroke-width=\"{PEN}\" stroke-linecap=\"round\" stroke-linejoin=\"round\""
                        )
                    };
                    let (x, y, path) = (place.x, place.y, icon.path());
                    self.add(format_args!(
                        "<path transform=\"translate({x} {y}) scale({scale})\" {ink} d=\"{path}\"/>\n"
                    ));
                }
            }
        }
    }

    fn fill(&mut self, place: Rect, tone: Tone) {
        let (colour, opacity) = tone.of(&self.layout.palette);
        let more = opacity.map(|opacity| format!(" fill-opacity=\"{opacity}\"")).unwrap_or_default();
        self.rect(place, colour, &more);
    }

    /// A place's corners, covered by what is behind it.
    fn cut(&mut self, place: Rect, tone: Tone, lower: bool) {
        let Rect { x, y, width, height, radius } = place;
        let colour = tone.of(&self.layout.palette).0.as_str();
        let (right, bottom, left, inner) = (x + width, y + height, x + radius, x + width - radius);
        let (low, high) = (y + radius, bottom - radius);
        let mut path = format!(
            "M{x} {y}H{left}A{radius} {radius} 0 0 0 {x} {low}ZM{right} {y}V{low}A{radius} {radius} 0 0 0 {inner} {y}Z"
        );
        if lower {
            // Writing to a String does not fail.
            let _ = write!(
                path,
                "M{x} {bottom}V{high}A{radius} {radius} 0 0 0 {left} {bottom}ZM{right} {bottom}H{inner}A{radius} {radius} 0 0 0 {right} {high}Z"
            );
        }
        self.add(format_args!("<path fill=\"{colour}\" d=\"{path}\"/>\n"));
    }

    fn image(&mut self, place: Rect) {
        let Some(picture) = &self.layout.picture else {
            self.hatch(place);
            return;
        };
        self.rect(place, &self.layout.palette.button, "");
        self.picture(place, self.href(picture, PICTURE));
    }

    /// A picture's bytes, or its name for the painter that has them at hand.
    fn href(&self, picture: &Picture, name: &str) -> Option<String> {
        match self.ink {
            Ink::Text => picture.data_uri(),
            Ink::Outlines(_) => picture.bytes().map(|_| name.to_owned()),
        }
    }

    fn picture(&mut self, place: Rect, href: Option<String>) {
        let Rect { x, y, width, height, .. } = place;
        if let Some(href) = href {
            self.add(format_args!(
                "<image x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" preserveAspectRatio=\"xMidYMid slice\" href=\"{href}\"/>"
            ));
        }
    }

    /// Lines from bottom left to top right across a place.
    fn hatch(&mut self, place: Rect) {
        let Rect { x, y, width, height, .. } = place;
        let step = self.layout.measures.hatch.max(1.0) * std::f32::consts::SQRT_2;
        let mut lines = String::new();
        let mut along = step / 2.0;
        while along < width + height {
            let (from_x, from_y) = (x + (along - height).max(0.0), y + along.min(height));
            let (to_x, to_y) = (x + along.min(width), y + (along - width).max(0.0));
            // Writing to a String does not fail.
            let _ = write!(lines, "M{from_x:.2} {from_y:.2}L{to_x:.2} {to_y:.2}");
            along += step;
        }
        let colour = self.layout.palette.hatch.as_str();
        self.add(format_args!("<path stroke=\"{colour}\" fill=\"none\" d=\"{lines}\"/>\n"));
    }

    /// The bubble's upper corners, cut out of the image by the chat's ground. Clipping would cost the PNG as much as all the rest.
    fn corners(&mut self) {
        let Rect { x, y, width, radius, .. } = self.layout.card;
        let (ground, right, low) = (self.layout.palette.ground.as_str(), x + width, y + radius);
        self.add(format_args!(
            "<path fill=\"{ground}\" d=\"M{x} {y}H{left}A{radius} {radius} 0 0 0 {x} {low}Z\
             M{right} {y}V{low}A{radius} {radius} 0 0 0 {inner} {y}Z\"/>\n",
            left = x + radius,
            inner = right - radius,
        ));
    }

    fn rect(&mut self, rect: Rect, fill: &Colour, more: &str) {
        let Rect { x, y, width, height, radius } = rect;
        let fill = fill.as_str();
        let corner = if radius > 0.0 { format!(" rx=\"{radius}\"") } else { String::new() };
        self.add(format_args!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"{corner} fill=\"{fill}\"{more}/>\n"
        ));
    }

    fn line(&mut self, line: &Line, role: Role) {
        if line.text.is_empty() {
            return; // the room between two paragraphs
        }
        let layout = self.layout;
        let colour = role.colour(&layout.palette);
        match self.ink {
            Ink::Text => self.text(line, role, colour),
            Ink::Outlines(fonts) => self.outlines(line, colour, fonts),
        }
    }

    fn text(&mut self, line: &Line, role: Role, colour: &Colour) {
        let Line { x, baseline, width, font, .. } = line;
        let (class, weight, size, colour) = (role.class(), font.weight.number(), font.size, colour.as_str());
        // A line from right to left is placed by its middle, which is where it is whichever end a viewer takes for its start.
        let (x, direction) =
            if line.rtl { (x + width / 2.0, " direction=\"rtl\" text-anchor=\"middle\"") } else { (*x, "") };
        let text = xml(&line.text);
        self.add(format_args!(
            "<text class=\"{class}\" x=\"{x:.2}\" y=\"{baseline:.2}\" font-family=\"{FAMILIES}\" font-size=\"{size}\" \
             font-weight=\"{weight}\" fill=\"{colour}\"{direction} textLength=\"{width:.2}\" lengthAdjust=\"spacingAndGlyphs\">{text}</text>\n"
        ));
    }

    fn outlines(&mut self, line: &Line, colour: &Colour, fonts: &Fonts) {
        let (mut plain, mut thickened, mut coloured) = (String::new(), String::new(), String::new());
        for part in &line.piece.parts {
            let face = part.font.and_then(|font| fonts.face(font));
            // Our fallback fonts have one weight: bold text is drawn with a pen as wide as what it lacks, as browsers do.
            let thin = line.font.weight != Weight::Regular && part.font != Some(Fonts::base(line.font.weight));
            let ink = if thin { &mut thickened } else { &mut plain };
            for glyph in &part.glyphs {
                let (x, y) = (line.x + glyph.x, line.baseline - glyph.rise);
                let (Some(face), Some(id)) = (face, glyph.id) else {
                    mark(ink, x, y, line.font.size);
                    continue;
                };
                face.draw(id, Place { x, y, size: line.font.size }, &mut |fill, path| match fill {
                    None => ink.push_str(path),
                    Some([red, green, blue, alpha]) => {
                        let opacity = f32::from(alpha) / 255.0;
                        // Writing to a String does not fail.
                        let _ = writeln!(
                            coloured,
                            "<path fill=\"#{red:02x}{green:02x}{blue:02x}\" fill-opacity=\"{opacity:.3}\" d=\"{path}\"/>"
                        );
                    }
                });
            }
        }
        let colour = colour.as_str();
        if !plain.is_empty() {
            self.add(format_args!("<path fill=\"{colour}\" d=\"{plain}\"/>\n"));
        }
        if !thickened.is_empty() {
            let pen = line.font.size * BOLD_PEN;
            self.add(format_args!(
                "<path fill=\"{colour}\" stroke=\"{colour}\" stroke-width=\"{pen:.3}\" d=\"{thickened}\"/>\n"
            ));
        }
        self.xml.push_str(&coloured);
    }
}

/// Our own mark for a grapheme no font has: a small frame with cut corners, as high as a capital. No font's own mark looks like it.
fn mark(path: &mut String, x: f32, y: f32, size: f32) {
    let em = |share: f32| share * size;
    let (left, right, top, bottom) = (x + em(0.1), x + em(0.66), y - em(0.68), y);
    let frame = |path: &mut String, inward: f32, cut: f32, clockwise: bool| {
        let (left, right, top, bottom) = (left + inward, right - inward, top + inward, bottom - inward);
        let mut corners = [
            (left + cut, top),
            (right - cut, top),
            (right, top + cut),
            (right, bottom - cut),
            (right - cut, bottom),
            (left + cut, bottom),
            (left, bottom - cut),
            (left, top + cut),
        ];
        if !clockwise {
            corners.reverse();
        }
        for (number, (x, y)) in corners.into_iter().enumerate() {
            let command = if number == 0 { 'M' } else { 'L' };
            // Writing to a String does not fail.
            let _ = write!(path, "{command}{x:.3} {y:.3}");
        }
        path.push('Z');
    };
    frame(path, 0.0, em(0.12), true);
    frame(path, em(0.06), em(0.1), false);
}
