//! The item list: title and category beside a square picture, names with their values, and the sum.

use super::{Composer, frame::Empty, texts::Room};
use crate::{
    preview::layout::{
        Rect, Role,
        desk::Align,
        part::{Part, Row},
        shape::{Shape, Tone},
    },
    template::object::ItemContent,
};

impl Composer<'_> {
    /// The title of the item list, its category under it, and its picture at the right.
    pub(super) fn highlight(&mut self) {
        let Some(content) = &self.preview.message.item_content else { return };
        let (title, category) = (text(content.title_image_text.as_ref()), text(content.title_image_category.as_ref()));
        let image = text(content.title_image_url.as_ref());
        if title.is_empty() && category.is_empty() && image.is_empty() {
            return;
        }
        let top = self.desk.y + self.all.above;
        let side = if image.is_empty() { 0.0 } else { self.own.item_thumb };
        let indent = if image.is_empty() { 0.0 } else { side + self.own.thumb_gap };
        let room = |most| Room::new(self.left, self.room - indent, most);
        let (titles, categories) = (room(self.lines.highlight), room(self.lines.category));
        let high = self.height(Role::Highlight, title, titles) + self.height(Role::Category, category, categories);
        self.desk.y = top + (side - high).max(0.0) / 2.0;
        let title = self.tell(Role::Highlight, title, titles);
        let category = self.tell(Role::Category, category, categories);
        let bottom = top + high.max(side);
        let frame = (!image.is_empty()).then(|| {
            let x = self.left + self.room - side;
            let y = top + (high - side).max(0.0) / 2.0;
            let place = Rect { x, y, width: side, height: side, radius: self.own.thumb_radius };
            self.frame(image, place, String::new(), Empty::Sign)
        });
        self.desk.y = bottom;
        self.push(Part::Highlight { title, category, frame });
    }

    /// Names at the left, values at the right, and the sum under a rule.
    pub(super) fn items(&mut self) {
        let Some(content) = &self.preview.message.item_content else { return };
        let before = self.desk.y;
        self.desk.y += self.all.above;
        let rows = self.rows(content);
        let sum = self.sum(content, rows.is_empty());
        if rows.is_empty() && sum.is_none() {
            self.desk.y = before;
            return;
        }
        self.push(Part::Items { rows, sum });
    }

    fn rows(&mut self, content: &ItemContent) -> Vec<Row> {
        let mut rows = Vec::new();
        for item in content.items.iter().take(self.lines.items) {
            let (name, value) = (text(item.item.as_ref()), text(item.item_op.as_ref()));
            let before = self.desk.y;
            if !rows.is_empty() {
                self.desk.y += self.own.item_row;
            }
            let row = self.row((Role::ItemName, name), (Role::ItemValue, value));
            match row {
                Some(row) => rows.push(row),
                None => self.desk.y = before,
            }
        }
        rows
    }

    fn sum(&mut self, content: &ItemContent, alone: bool) -> Option<Row> {
        let (name, value) = (text(content.sum.as_ref()), text(content.sum_op.as_ref()));
        if name.trim().is_empty() && value.trim().is_empty() {
            return None;
        }
        let before = self.desk.y;
        let rule = Rect { x: self.left, y: before + self.own.sum_gap, width: self.room, height: 1.0, radius: 0.0 };
        if !alone {
            self.desk.y = rule.y + rule.height + self.own.sum_gap;
        }
        let row = self.row((Role::SumName, name), (Role::SumValue, value));
        if row.is_none() {
            self.desk.y = before;
        } else if !alone {
            self.body.shapes.push(Shape::Fill { place: rule, tone: Tone::Rule });
        }
        row
    }

    /// A name and a value beside it; as high as the higher of both.
    fn row(&mut self, name: (Role, &str), value: (Role, &str)) -> Option<Row> {
        let (width, gap) = (self.own.item_name.min(self.room / 2.0), self.own.item_gap);
        let top = self.desk.y;
        let at_left = Room::new(self.left, width, self.lines.item_name);
        let name = self.tell(name.0, name.1, at_left);
        let bottom = self.desk.y;
        self.desk.y = top;
        let rest = self.room - width - gap;
        let at_right = Room::new(self.left + width + gap, rest, self.lines.item_value).align(Align::End);
        let value = self.tell(value.0, value.1, at_right);
        self.desk.y = self.desk.y.max(bottom);
        (name.is_some() || value.is_some()).then_some(Row { name, value })
    }
}

fn text(given: Option<&String>) -> &str {
    given.map_or("", |given| given.trim())
}
