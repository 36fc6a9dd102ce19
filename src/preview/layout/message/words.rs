//! Title and description; the text of a text template, in full; an event's tile beside them.

use super::{Composer, frame::middle, texts::Room};
use crate::{
    preview::{
        icon::Icon,
        layout::{
            Rect, Role,
            part::Part,
            shape::{Shape, Tone},
        },
    },
    template::object::ObjectType,
};

impl Composer<'_> {
    pub(super) fn words(&mut self) {
        let message = &self.preview.message;
        let commerce = message.object_type == ObjectType::Commerce;
        // A product is described by its name: its content's description is not shown (SDK issue 139).
        let description = if commerce { "" } else { message.description.as_str() };
        let (role, most) = match message.full_text {
            true => (Role::Full, self.lines.text),
            false if commerce => (Role::Pitch, self.lines.title),
            false => (Role::Headline, self.lines.title),
        };
        if message.title.trim().is_empty() && description.trim().is_empty() {
            return;
        }
        let before = self.desk.y;
        // Under a price the words belong to it.
        let gap = if commerce && message.commerce.is_some() { self.own.cost_gap } else { self.all.above };
        let top = before + gap;
        self.desk.y = top;
        let event = message.object_type == ObjectType::Calendar;
        let indent = if event { self.own.tile + self.own.tile_gap } else { 0.0 };
        let (x, width) = (self.left + indent, self.room - indent);
        let (titles, bodies) = (Room::new(x, width, most), Room::new(x, width, self.lines.description));
        let high = self.words_height(role, description, titles, bodies);
        let least = if event { self.own.tile } else { 0.0 };
        self.desk.y = top + (least - high).max(0.0) / 2.0;
        let title = self.tell(role, &message.title, titles);
        let between = self.desk.y;
        if title.is_some() {
            self.desk.y += self.all.between;
        }
        let text = self.tell(Role::Body, description, bodies);
        if text.is_none() {
            self.desk.y = between;
        }
        if title.is_none() && text.is_none() {
            self.desk.y = before;
            return;
        }
        if event {
            self.tile(top, high);
        }
        self.desk.y = top + high.max(least);
        let link = self.link(&message.link);
        self.push(Part::Words { event, title, description: text, link });
    }

    fn words_height(&mut self, role: Role, description: &str, titles: Room, bodies: Room) -> f32 {
        let message = &self.preview.message;
        let (title, body) = (self.height(role, &message.title, titles), self.height(Role::Body, description, bodies));
        if title > 0.0 && body > 0.0 { title + self.all.between + body } else { title + body }
    }

    /// The tile that tells an event from a page.
    fn tile(&mut self, top: f32, high: f32) {
        let side = self.own.tile;
        let y = top + (high - side).max(0.0) / 2.0;
        let place = Rect { x: self.left, y, width: side, height: side, radius: self.own.tile_radius };
        self.body.shapes.push(Shape::Fill { place, tone: Tone::Button });
        let sign = middle(place, self.own.tile_icon);
        self.body.shapes.push(Shape::Icon { icon: Icon::Calendar, place: sign, tone: Tone::Mute });
    }
}
