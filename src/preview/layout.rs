//! Where everything goes: one layout that all painters read, so that HTML, SVG and PNG break the same lines at the same places.
//! Not how it is painted.

use super::{
    escape::web_address,
    font::Fonts,
    message::Slot,
    metrics::{Colour, Measures, Metrics, Palette, Type},
    model::{Kind, LinkPreview, Picture, Theme, Width},
    text::{self, Fitted, Piece, Shaper},
};

/// What KakaoTalk writes on the button of a scrape message, in whatever language the app is.
const BUTTON: &str = "자세히 보기";

/// A message laid out. Lengths are CSS pixels from the top left corner of the picture.
#[derive(Debug, Clone)]
pub struct Layout {
    /// Width of the picture, the chat around the bubble included.
    pub width: f32,
    /// Height of the picture.
    pub height: f32,
    /// The bubble.
    pub card: Rect,
    /// The place of the image or of the note; `None` if there is neither.
    pub image: Option<Rect>,
    /// The button of a scrape message.
    pub button: Option<Rect>,
    /// The pill behind a video's length.
    pub badge: Option<Rect>,
    /// The app icon's place in the source row.
    pub icon: Option<Rect>,
    /// All texts, from the top.
    pub texts: Vec<Text>,
    /// Graphemes no font of ours has. SVG and HTML keep them, for the viewer's fonts; the PNG shows our own mark in their stead,
    /// a small rounded frame.
    pub missing: Vec<String>,
    /// Where a message of a template wants pictures, from the top.
    pub slots: Vec<Slot>,
    /// The kind of message.
    pub kind: Kind,
    /// The colours.
    pub theme: Theme,
    /// The device.
    pub device: Width,
    pub(super) palette: Palette,
    pub(super) measures: Measures,
    pub(super) picture: Option<Picture>,
    pub(super) name: String,
    pub(super) link: Option<String>,
}

/// A rectangle, with corners rounded by `radius`.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(missing_docs, reason = "a rectangle's own words")]
pub struct Rect {
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
    pub radius: f32,
}

/// What a text is. Its name is its class in HTML and SVG.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// The title.
    Title,
    /// The description.
    Description,
    /// The words on the button.
    Button,
    /// The host.
    Host,
    /// A video's length.
    Badge,
    /// Why there is no image.
    Note,
    /// The address of a page without a card.
    Plain,
}

/// A text in lines.
#[derive(Debug, Clone)]
pub struct Text {
    /// What it is.
    pub role: Role,
    /// From the top.
    pub lines: Vec<Line>,
    /// True if its end is missing; the last line then ends with `…`.
    pub clipped: bool,
}

/// One line.
#[derive(Debug, Clone)]
pub struct Line {
    /// What it says.
    pub text: String,
    /// True if it runs from right to left.
    pub rtl: bool,
    /// Left end of its ink, whatever its direction.
    pub x: f32,
    /// Its baseline.
    pub baseline: f32,
    /// Its measured width.
    pub width: f32,
    /// Size, line height and weight.
    pub font: Type,
    pub(super) piece: Piece,
}

impl Role {
    /// The class in HTML and SVG.
    pub fn class(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Description => "description",
            Self::Button => "button",
            Self::Host => "host",
            Self::Badge => "badge",
            Self::Note => "note",
            Self::Plain => "plain",
        }
    }

    pub(super) fn colour(self, palette: &Palette) -> &Colour {
        match self {
            Self::Title | Self::Button | Self::Plain => &palette.ink,
            Self::Description | Self::Host | Self::Note => &palette.mute,
            Self::Badge => &palette.badge_ink,
        }
    }

    pub(super) fn font(self, measures: &Measures) -> Type {
        match self {
            Self::Title => measures.title,
            Self::Description => measures.description,
            Self::Button => measures.button,
            Self::Host => measures.host,
            Self::Badge => measures.badge,
            Self::Note => measures.note,
            Self::Plain => measures.plain,
        }
    }
}

impl Layout {
    /// True if a chat shows no card, only the address.
    pub fn is_plain(&self) -> bool {
        self.texts.iter().any(|text| text.role == Role::Plain)
    }

    /// The text of a role, if the message has it.
    pub fn text(&self, role: Role) -> Option<&Text> {
        self.texts.iter().find(|text| text.role == role)
    }
}

/// Lays a message out.
pub fn layout(preview: &LinkPreview, fonts: &Fonts, metrics: &Metrics) -> Layout {
    let mut desk = Desk::new(preview, fonts, metrics);
    let clean = |text: &str| text::clean(text, &metrics.text);
    let (title, description) = (clean(&preview.title), clean(&preview.description));
    if title.is_empty() && description.is_empty() && preview.picture.is_none() && preview.note.is_none() {
        desk.plain(&clean(&preview.url));
    } else {
        desk.card(preview, &title, &description);
    }
    desk.layout
}

/// How lines stand in their room.
#[derive(Clone, Copy)]
enum Align {
    /// Where reading begins: left, or right for text that runs from right to left.
    Start,
    Centre,
}

/// The layout while it is made.
struct Desk<'a> {
    fonts: &'a Fonts,
    metrics: &'a Metrics,
    layout: Layout,
    /// How far down the next thing goes.
    y: f32,
}

impl<'a> Desk<'a> {
    fn new(preview: &LinkPreview, fonts: &'a Fonts, metrics: &'a Metrics) -> Self {
        let measures = metrics.measures(preview.width).clone();
        let (margin, width) = (measures.margin, measures.card);
        let layout = Layout {
            width: width + 2.0 * margin,
            height: 0.0,
            card: Rect { x: margin, y: margin, width, height: 0.0, radius: measures.radius },
            image: None,
            button: None,
            badge: None,
            icon: None,
            texts: Vec::new(),
            missing: Vec::new(),
            slots: Vec::new(),
            kind: preview.kind,
            theme: preview.theme,
            device: preview.width,
            palette: metrics.palette(preview.theme).clone(),
            measures,
            picture: preview.picture.clone(),
            name: String::new(),
            link: web_address(&preview.url),
        };
        Self { fonts, metrics, layout, y: margin }
    }

    fn card(&mut self, preview: &LinkPreview, title: &str, description: &str) {
        let measures = self.layout.measures.clone();
        let lines = self.metrics.card_lines(preview.kind);
        let room = measures.card - 2.0 * measures.inset;
        let left = measures.margin + measures.inset;

        self.image(preview);
        let host = text::clean(&preview.site, &self.metrics.text);
        let name = [title, &host].into_iter().find(|name| !name.is_empty());
        name.unwrap_or_default().clone_into(&mut self.layout.name);
        if !(title.is_empty() && description.is_empty()) {
            self.y += measures.above;
        }
        self.paragraph(Role::Title, title, left, room, lines.title);
        if !(title.is_empty() || description.is_empty()) {
            self.y += measures.between;
        }
        self.paragraph(Role::Description, description, left, room, lines.description);
        match preview.kind {
            Kind::Scrape => {
                self.button(left, room);
                self.source_row(&host, left, room);
            }
            Kind::Link => {
                if !host.is_empty() {
                    self.y += measures.between * 1.5;
                    let fitted = self.fit(Role::Host, &host, room, 1, true);
                    self.place(Role::Host, fitted, left, room, Align::Start);
                }
                self.y += measures.below;
            }
        }
        self.close();
    }

    /// The image's place, or the note's, at the top of the card.
    fn image(&mut self, preview: &LinkPreview) {
        let measures = self.layout.measures.clone();
        if preview.picture.is_none() && preview.note.is_none() {
            return;
        }
        let height = measures.card / measures.image_ratio;
        let place = Rect { x: measures.margin, y: self.y, width: measures.card, height, radius: 0.0 };
        self.layout.image = Some(place);
        if preview.picture.is_none() {
            self.note(preview.note.as_deref().unwrap_or_default(), place);
        } else if let Some(seconds) = preview.duration {
            self.badge(&length(seconds), place);
        }
        self.y = place.y + height;
    }

    fn note(&mut self, note: &str, place: Rect) {
        let measures = self.layout.measures.clone();
        let room = place.width - 2.0 * measures.inset;
        let most = self.metrics.plain_lines().note;
        let mut fitted = Vec::new();
        let mut count = 0;
        for paragraph in note.split('\n').take(most) {
            let cleaned = text::clean(paragraph, &self.metrics.text);
            let lines = self.fit(Role::Note, &cleaned, room, most - count, false);
            count += lines.lines.len();
            fitted.push(lines);
        }
        #[expect(clippy::cast_precision_loss, reason = "a handful of lines")]
        let height = count as f32 * measures.note.line;
        self.y = place.y + (place.height - height) / 2.0;
        for lines in fitted {
            self.place(Role::Note, lines, place.x + measures.inset, room, Align::Centre);
        }
    }

    fn badge(&mut self, length: &str, place: Rect) {
        let measures = self.layout.measures.clone();
        let room = place.width - 2.0 * (measures.badge_margin + measures.badge_inset);
        let fitted = self.fit(Role::Badge, length, room, 1, true);
        let text_width = fitted.lines.first().map_or(0.0, |(_, piece)| piece.width);
        let pill = Rect {
            x: place.x + place.width - measures.badge_margin - text_width - 2.0 * measures.badge_inset,
            y: place.y + place.height - measures.badge_margin - measures.badge.line,
            width: text_width + 2.0 * measures.badge_inset,
            height: measures.badge.line,
            radius: measures.badge_radius,
        };
        self.y = pill.y;
        self.place(Role::Badge, fitted, pill.x + measures.badge_inset, text_width, Align::Start);
        self.layout.badge = Some(pill);
    }

    fn button(&mut self, x: f32, width: f32) {
        let measures = self.layout.measures.clone();
        let (height, radius) = (measures.button_height, measures.button_radius);
        let button = Rect { x, y: self.y + measures.button_gap, width, height, radius };
        self.y = button.y + (height - measures.button.line) / 2.0;
        let fitted = self.fit(Role::Button, BUTTON, width, 1, true);
        self.place(Role::Button, fitted, x, width, Align::Centre);
        self.y = button.y + height + measures.button_gap;
        self.layout.button = Some(button);
    }

    fn source_row(&mut self, host: &str, x: f32, room: f32) {
        if host.is_empty() {
            return;
        }
        let measures = self.layout.measures.clone();
        let row = self.y;
        let side = measures.icon;
        let icon_y = row + (measures.row_height - side) / 2.0;
        self.layout.icon = Some(Rect { x, y: icon_y, width: side, height: side, radius: measures.icon_radius });
        let indent = side + measures.icon_gap;
        self.y = row + (measures.row_height - measures.host.line) / 2.0;
        let fitted = self.fit(Role::Host, host, room - indent, 1, true);
        self.place(Role::Host, fitted, x + indent, room - indent, Align::Start);
        self.y = row + measures.row_height;
    }

    /// A chat without a card: the address in a bubble as wide as it needs, at the right like all one has written oneself.
    fn plain(&mut self, address: &str) {
        let measures = self.layout.measures.clone();
        address.clone_into(&mut self.layout.name);
        let room = measures.card - 2.0 * measures.plain_inset;
        let fitted = self.fit(Role::Plain, address, room, self.metrics.plain_lines().text, true);
        let widest = fitted.lines.iter().map(|(_, piece)| piece.width).fold(0.0, f32::max);
        let width = (widest + 2.0 * measures.plain_inset).ceil();
        let card = &mut self.layout.card;
        card.x += card.width - width;
        card.width = width;
        card.radius = measures.plain_radius;
        let left = card.x + measures.plain_inset;
        self.y += measures.plain_above;
        self.place(Role::Plain, fitted, left, widest, Align::Start);
        self.y += measures.plain_above;
        self.close();
    }

    fn paragraph(&mut self, role: Role, text: &str, x: f32, room: f32, most: usize) {
        let fitted = self.fit(role, text, room, most, false);
        self.place(role, fitted, x, room, Align::Start);
    }

    fn fit(&self, role: Role, text: &str, room: f32, most: usize, ltr: bool) -> Fitted {
        let shaper = Shaper::new(self.fonts, role.font(&self.layout.measures));
        text::wrap(text, shaper, room, most, ltr)
    }

    /// Adds lines at the current height and moves below them.
    fn place(&mut self, role: Role, fitted: Fitted, x: f32, room: f32, align: Align) {
        let font = role.font(&self.layout.measures);
        let base = self.fonts.face(Fonts::base(font.weight));
        let drop = base.map_or(font.size, |face| face.baseline(font.size, font.line));
        let mut lines = Vec::with_capacity(fitted.lines.len());
        for (text, piece) in fitted.lines {
            let missing = piece.missing(&text);
            for grapheme in missing {
                if !self.layout.missing.iter().any(|known| known == grapheme) {
                    self.layout.missing.push(grapheme.to_owned());
                }
            }
            let spare = room - piece.width;
            let shift = match align {
                Align::Start if fitted.rtl => spare,
                Align::Start => 0.0,
                Align::Centre => spare / 2.0,
            };
            let line =
                Line { text, rtl: fitted.rtl, x: x + shift, baseline: self.y + drop, width: piece.width, font, piece };
            lines.push(line);
            self.y += font.line;
        }
        if lines.is_empty() {
            return;
        }
        match self.layout.texts.last_mut().filter(|last| last.role == role) {
            Some(last) => {
                last.lines.extend(lines);
                last.clipped |= fitted.clipped;
            }
            None => self.layout.texts.push(Text { role, lines, clipped: fitted.clipped }),
        }
    }

    /// Ends the card here.
    fn close(&mut self) {
        self.layout.card.height = self.y - self.layout.card.y;
        self.layout.height = (self.y + self.layout.measures.margin).ceil();
    }
}

/// A video's length as players write it: `0:42`, `1:02:03`.
fn length(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

#[cfg(test)]
mod tests {
    use super::length;

    #[test]
    fn lengths_are_written_as_players_write_them() {
        for (seconds, written) in [(0, "0:00"), (42, "0:42"), (600, "10:00"), (3600, "1:00:00"), (3723, "1:02:03")] {
            assert_eq!(length(seconds), written);
        }
    }
}
