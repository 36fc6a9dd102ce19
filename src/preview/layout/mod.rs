//! Where everything goes: one layout that all painters read, so that HTML, SVG and PNG break the same lines at the same places.
//! Not how it is painted.

mod card;
mod desk;
pub(super) mod message;
pub(super) mod part;
mod role;
pub(super) mod shape;

pub use self::{card::layout, role::Role};
use self::{part::Part, shape::Shape};
use super::{
    message::Slot,
    metrics::{Measures, Palette, Type},
    model::{Kind, Picture, Theme, Width},
    text::Piece,
};
use crate::language::Language;

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
    pub(super) message: Option<Body>,
}

/// What the layout of a template's message has besides: everything that is not text, for SVG and PNG, and the order of its parts, for
/// HTML.
#[derive(Debug, Clone, Default)]
pub(super) struct Body {
    /// In the order in which they are painted, before all texts.
    pub(super) shapes: Vec<Shape>,
    /// From the top.
    pub(super) parts: Vec<Part>,
    /// The pictures, by the numbers of [`Layout::slots`].
    pub(super) pictures: Vec<Option<Picture>>,
    /// Class of the bubble: the template's type.
    pub(super) class: &'static str,
    /// What is said beside the message.
    pub(super) language: Language,
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

impl Layout {
    /// True if a chat shows no card, only the address.
    pub fn is_plain(&self) -> bool {
        self.texts.iter().any(|text| text.role == Role::Plain)
    }

    /// Where everything is that is no text, of a template's message: surfaces, pictures, signs.
    pub fn places(&self) -> Vec<Rect> {
        self.message.iter().flat_map(|body| &body.shapes).map(Shape::place).collect()
    }

    /// The text of a role, if the message has it.
    pub fn text(&self, role: Role) -> Option<&Text> {
        self.texts.iter().find(|text| text.role == role)
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
