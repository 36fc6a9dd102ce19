//! The cards of links and scrape messages laid out: one picture, two texts, a host.

use super::{
    Layout, Rect, Role,
    desk::{Align, Desk},
    length,
};
use crate::preview::{
    escape::web_address,
    font::Fonts,
    metrics::Metrics,
    model::{Kind, LinkPreview},
    text,
};

/// What KakaoTalk writes on the button of a scrape message, in whatever language the app is.
const BUTTON: &str = "자세히 보기";

/// Lays a message out.
pub fn layout(preview: &LinkPreview, fonts: &Fonts, metrics: &Metrics) -> Layout {
    let mut desk = Desk::new(fonts, metrics, preview.theme, preview.width);
    desk.layout.kind = preview.kind;
    desk.layout.picture.clone_from(&preview.picture);
    desk.layout.link = web_address(&preview.url);
    let clean = |text: &str| text::clean(text, &metrics.text);
    let (title, description) = (clean(&preview.title), clean(&preview.description));
    if title.is_empty() && description.is_empty() && preview.picture.is_none() && preview.note.is_none() {
        desk.plain(&clean(&preview.url));
    } else {
        desk.card(preview, &title, &description);
    }
    desk.layout
}

impl Desk<'_> {
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
}
