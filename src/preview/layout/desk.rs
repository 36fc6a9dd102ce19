//! The layout while it is made: texts are fitted, set and counted from the top. Not what comes when: that is `card` and `message`.

use super::{Layout, Line, Rect, Role, Text};
use crate::preview::{
    font::Fonts,
    metrics::Metrics,
    model::{Kind, Picture, Theme, Width},
    text::{self, Fitted, Piece, Shaper},
};

/// How lines stand in their room.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    /// Where reading begins: left, or right for text that runs from right to left.
    Start,
    Centre,
    /// At the right, whatever the direction.
    End,
}

/// The layout while it is made.
pub(super) struct Desk<'a> {
    fonts: &'a Fonts,
    pub(super) metrics: &'a Metrics,
    pub(super) layout: Layout,
    /// How far down the next thing goes.
    pub(super) y: f32,
}

impl<'a> Desk<'a> {
    pub(super) fn new(fonts: &'a Fonts, metrics: &'a Metrics, theme: Theme, device: Width) -> Self {
        let measures = metrics.measures(device).clone();
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
            kind: Kind::default(),
            theme,
            device,
            palette: metrics.palette(theme).clone(),
            measures,
            picture: None::<Picture>,
            name: String::new(),
            link: None,
            message: None,
        };
        Self { fonts, metrics, layout, y: margin }
    }

    /// Text as a bubble shows it.
    pub(super) fn clean(&self, text: &str) -> String {
        text::clean(text, &self.metrics.text)
    }

    pub(super) fn fit(&self, role: Role, text: &str, room: f32, most: usize, ltr: bool) -> Fitted {
        let shaper = Shaper::new(self.fonts, role.font(&self.layout.measures));
        text::wrap(text, shaper, room, most, ltr)
    }

    /// How wide a text is on one line.
    pub(super) fn width(&self, role: Role, text: &str) -> f32 {
        let shaper = Shaper::new(self.fonts, role.font(&self.layout.measures));
        shaper.shape(text, false).width
    }

    /// The lines of a text at the current height; moves below them.
    pub(super) fn set(&mut self, role: Role, fitted: Fitted, x: f32, room: f32, align: Align) -> Text {
        let font = role.font(&self.layout.measures);
        let base = self.fonts.face(Fonts::base(font.weight));
        let drop = base.map_or(font.size, |face| face.baseline(font.size, font.line));
        let mut lines = Vec::with_capacity(fitted.lines.len());
        for (text, piece) in fitted.lines {
            self.note_missing(&text, &piece);
            let spare = room - piece.width;
            let shift = match align {
                Align::Start if fitted.rtl => spare,
                Align::Start => 0.0,
                Align::Centre => spare / 2.0,
                Align::End => spare,
            };
            let line =
                Line { text, rtl: fitted.rtl, x: x + shift, baseline: self.y + drop, width: piece.width, font, piece };
            lines.push(line);
            self.y += font.line;
        }
        Text { role, lines, clipped: fitted.clipped }
    }

    /// Adds lines at the current height and moves below them. Lines of the role that was last are added to its text.
    pub(super) fn place(&mut self, role: Role, fitted: Fitted, x: f32, room: f32, align: Align) {
        let text = self.set(role, fitted, x, room, align);
        if text.lines.is_empty() {
            return;
        }
        match self.layout.texts.last_mut().filter(|last| last.role == role) {
            Some(last) => {
                last.lines.extend(text.lines);
                last.clipped |= text.clipped;
            }
            None => self.layout.texts.push(text),
        }
    }

    fn note_missing(&mut self, text: &str, piece: &Piece) {
        for grapheme in piece.missing(text) {
            if !self.layout.missing.iter().any(|known| known == grapheme) {
                self.layout.missing.push(grapheme.to_owned());
            }
        }
    }

    /// Ends the card here.
    pub(super) fn close(&mut self) {
        self.layout.card.height = self.y - self.layout.card.y;
        self.layout.height = (self.y + self.layout.measures.margin).ceil();
    }
}
