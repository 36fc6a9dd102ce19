//! What stands under the words: social counts, buttons, the app that sent the message.

use super::{
    Composer,
    commerce::grouped,
    frame::{Empty, middle},
    texts::Room,
};
use crate::preview::{
    icon::Icon,
    layout::{
        Rect, Role,
        desk::Align,
        part::Part,
        shape::{Shape, Tone},
    },
};

/// Room at each side of a button's words.
const BUTTON_INSET: f32 = 8.0;

impl Composer<'_> {
    /// A sign and a number for each count, in one row.
    pub(super) fn social(&mut self) {
        let counts: Vec<_> = self.preview.message.social.iter().take(self.lines.counts).copied().collect();
        if counts.is_empty() {
            return;
        }
        let top = self.desk.y + self.own.social_above;
        let (icon, gap, line) = (self.own.count_icon, self.own.count_icon_gap, self.own.count.line);
        #[expect(clippy::cast_precision_loss, reason = "three counts")]
        let number = counts.len() as f32;
        let most = (self.room - (number - 1.0) * self.own.count_gap) / number - icon - gap;
        let natural: f32 =
            counts.iter().map(|count| self.width_of(Role::Count, &grouped(count.count), self.room)).sum();
        // Numbers share the row evenly only if they would not fit otherwise.
        let most = if natural <= most * number { natural } else { most };
        let mut x = self.left;
        let mut told = Vec::with_capacity(counts.len());
        for count in counts {
            let written = grouped(count.count);
            let place = Rect { x, y: top + (line - icon) / 2.0, width: icon, height: icon, radius: 0.0 };
            self.body.shapes.push(Shape::Icon { icon: Icon::of(count.kind), place, tone: Tone::Mute });
            self.desk.y = top;
            let width = self.width_of(Role::Count, &written, most);
            if let Some(id) = self.one(Role::Count, &written, Room::new(x + icon + gap, most, 1)) {
                told.push((count.kind, id));
            }
            x += icon + gap + width + self.own.count_gap;
        }
        self.desk.y = top + line;
        self.push(Part::Social(told));
    }

    /// One button in full width, two side by side, or one above the other if their words are long. Without one, the room below.
    pub(super) fn actions(&mut self) {
        let said = self.preview.message.buttons.iter().map(|button| (self.desk.clean(&button.title), &button.link));
        let buttons: Vec<_> = said.filter(|(title, _)| !title.is_empty()).take(self.lines.buttons).collect();
        let (height, gap) = (self.all.button_height, self.own.action_gap);
        let half = (self.room - gap) / 2.0;
        let fits = |title: &str| self.desk.width(Role::Action, title) <= half - 2.0 * BUTTON_INSET;
        let stacked = buttons.len() < 2 || !buttons.iter().all(|(title, _)| fits(title));
        let width = if stacked { self.room } else { half };
        let (mut x, mut y) = (self.left, self.desk.y + self.all.button_gap);
        let mut told = Vec::new();
        for (title, link) in &buttons {
            let place = Rect { x, y, width, height, radius: self.all.button_radius };
            self.body.shapes.push(Shape::Fill { place, tone: Tone::Button });
            self.desk.y = y + (height - self.all.button.line) / 2.0;
            let room = Room::new(x + BUTTON_INSET, width - 2.0 * BUTTON_INSET, self.lines.button).align(Align::Centre);
            if let Some(id) = self.tell(Role::Action, title, room) {
                told.push((id, self.link(link)));
            }
            (x, y) = if stacked { (x, y + height + gap) } else { (x + width + gap, y) };
        }
        if told.is_empty() {
            self.desk.y = self.last_bottom();
            return;
        }
        self.desk.y = if stacked { y - gap } else { y + height } + self.all.button_gap;
        self.push(Part::Actions { stacked, buttons: told });
    }

    /// Without buttons the last part has its own room below.
    fn last_bottom(&self) -> f32 {
        if self.body.parts.is_empty() { self.desk.y } else { self.desk.y + self.all.below }
    }

    /// The row at the end.
    pub(super) fn source(&mut self) {
        let source = &self.preview.message.source;
        let name = self.desk.clean(&source.name);
        if name.is_empty() {
            return;
        }
        let (row, side) = (self.all.row_height, self.all.icon);
        let (card, top) = (self.desk.layout.card, self.desk.y);
        let rule = Rect { x: card.x, y: top, width: card.width, height: 1.0, radius: 0.0 };
        self.body.shapes.push(Shape::Fill { place: rule, tone: Tone::Rule });
        let place =
            Rect { x: self.left, y: top + (row - side) / 2.0, width: side, height: side, radius: self.all.icon_radius };
        let icon = source.icon.as_deref().map(str::trim).filter(|url| !url.is_empty());
        let icon = icon.map(|url| self.frame(url, place, String::new(), Empty::Grey));
        if icon.is_none() {
            self.body.shapes.push(Shape::Fill { place, tone: Tone::Icon });
        }
        let chevron = self.own.chevron;
        let end = Rect { x: self.left + self.room - chevron, width: chevron, ..place };
        let end = Rect { y: middle(end, chevron).y, height: chevron, radius: 0.0, ..end };
        self.body.shapes.push(Shape::Icon { icon: Icon::Chevron, place: end, tone: Tone::Icon });
        let indent = side + self.all.icon_gap;
        self.desk.y = top + (row - self.all.host.line) / 2.0;
        let room = self.room - indent - chevron - self.all.icon_gap;
        let told = self.tell(Role::Source, &name, Room::new(self.left + indent, room, self.lines.source_row));
        self.desk.y = top + row;
        if let Some(name) = told {
            self.push(Part::Source { icon, name });
        }
    }
}
