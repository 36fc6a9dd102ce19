//! How a message's texts are set: cleaned, broken where their author broke them, and numbered.

use super::Composer;
use crate::preview::{
    layout::{Line, Role, Text, desk::Align, part::TextId},
    text::{Fitted, Piece},
};

/// Where a text goes.
#[derive(Clone, Copy)]
pub(super) struct Room {
    pub(super) x: f32,
    pub(super) width: f32,
    pub(super) most: usize,
    pub(super) align: Align,
}

impl Room {
    pub(super) fn new(x: f32, width: f32, most: usize) -> Self {
        Self { x, width, most, align: Align::Start }
    }

    pub(super) fn align(self, align: Align) -> Self {
        Self { align, ..self }
    }
}

impl Composer<'_> {
    /// Sets a text at the current height and moves below it. `None` if there is nothing to say.
    pub(super) fn tell(&mut self, role: Role, text: &str, room: Room) -> Option<TextId> {
        let text = self.set(role, text, room);
        (!text.lines.is_empty()).then(|| self.keep(text))
    }

    /// Sets a text on one line of its own: numbers and names, read from the left.
    pub(super) fn one(&mut self, role: Role, text: &str, room: Room) -> Option<TextId> {
        let clean = self.desk.clean(text);
        let fitted = self.desk.fit(role, &clean, room.width, 1, true);
        let text = self.desk.set(role, fitted, room.x, room.width, room.align);
        (!text.lines.is_empty()).then(|| self.keep(text))
    }

    /// Keeps a text; tells its number.
    fn keep(&mut self, text: Text) -> TextId {
        self.desk.layout.texts.push(text);
        self.desk.layout.texts.len() - 1
    }

    /// Sets each line that the author wrote as a paragraph of its own; they share the room.
    pub(super) fn set(&mut self, role: Role, text: &str, room: Room) -> Text {
        let mut whole = Text { role, lines: Vec::new(), clipped: false };
        let mut paragraphs = text.trim().lines().peekable();
        while let Some(paragraph) = paragraphs.next() {
            let left = room.most - whole.lines.len();
            let clean = self.desk.clean(paragraph);
            let mut fitted = self.desk.fit(role, &clean, room.width, left, false);
            let more = paragraphs.peek().is_some();
            if more && !fitted.clipped && fitted.lines.len().max(1) == left {
                // The last line says that more is written.
                fitted = self.desk.fit(role, &format!("{clean}…"), room.width, left, false);
                fitted.clipped = true;
            }
            if clean.is_empty() && !fitted.clipped && more {
                whole.lines.push(self.blank(role));
            }
            whole.clipped |= fitted.clipped;
            whole.lines.extend(self.desk.set(role, fitted, room.x, room.width, room.align).lines);
            if whole.lines.len() >= room.most {
                break;
            }
        }
        whole
    }

    /// An empty line between paragraphs.
    fn blank(&mut self, role: Role) -> Line {
        let font = role.font(&self.desk.layout.measures);
        self.desk.y += font.line;
        let baseline = self.desk.y;
        Line { text: String::new(), rtl: false, x: self.left, baseline, width: 0.0, font, piece: Piece::default() }
    }

    /// How high a text would be.
    pub(super) fn height(&mut self, role: Role, text: &str, room: Room) -> f32 {
        let (y, missing) = (self.desk.y, self.desk.layout.missing.len());
        self.set(role, text, room);
        let height = self.desk.y - y;
        self.desk.y = y;
        self.desk.layout.missing.truncate(missing);
        height
    }

    /// How wide a text is on one line of its own, at most `most`.
    pub(super) fn width_of(&self, role: Role, text: &str, most: f32) -> f32 {
        let clean = self.desk.clean(text);
        let fitted: Fitted = self.desk.fit(role, &clean, most, 1, true);
        fitted.lines.first().map_or(0.0, |(_, piece)| piece.width)
    }
}
