//! A list: its header, and its contents with square pictures at the right.

use super::{Composer, frame::Empty, texts::Room};
use crate::{
    preview::layout::{
        Rect, Role,
        part::{Entry, Part},
        shape::{Shape, Tone},
    },
    template::message::{Header, ListItem},
};

impl Composer<'_> {
    /// What the list is called, over a rule or on its picture.
    pub(super) fn header(&mut self) {
        let Some(header) = &self.preview.message.header else { return };
        let image = header.image.as_ref().map(|image| image.url.trim()).filter(|url| !url.is_empty());
        match image {
            Some(url) => self.covered(header, url),
            None => self.ruled(header),
        }
    }

    fn ruled(&mut self, header: &Header) {
        let (before, pad) = (self.desk.y, self.own.header_pad);
        self.desk.y += pad;
        let room = Room::new(self.left, self.room, self.lines.header);
        let title = self.tell(Role::Header, &header.title, room);
        if title.is_none() {
            self.desk.y = before;
            return;
        }
        self.desk.y += pad;
        self.rule(self.desk.layout.card.x, self.all.card);
        let link = self.link(&header.link);
        self.push(Part::Header { frame: None, title, link });
    }

    fn covered(&mut self, header: &Header, url: &str) {
        let card = self.desk.layout.card;
        let place = Rect { x: card.x, y: self.desk.y, width: card.width, height: self.own.header_image, radius: 0.0 };
        let frame = self.frame(url, place, String::new(), Empty::Grey);
        self.body.shapes.push(Shape::Fill { place, tone: Tone::Cover });
        let room = Room::new(self.left, self.room, self.lines.header);
        let high = self.height(Role::Covered, &header.title, room);
        self.desk.y = place.y + place.height - self.own.header_pad - high;
        let title = self.tell(Role::Covered, &header.title, room);
        self.desk.y = place.y + place.height;
        let link = self.link(&header.link);
        self.push(Part::Header { frame: Some(frame), title, link });
    }

    pub(super) fn entries(&mut self) {
        let items = &self.preview.message.items;
        let mut entries = Vec::new();
        for item in items.iter().take(self.lines.entries) {
            let before = (self.desk.y, self.body.shapes.len());
            if !entries.is_empty() {
                self.desk.y += self.own.entry_pad;
                self.rule(self.left, self.room);
            }
            if let Some(entry) = self.entry(item) {
                entries.push(entry);
            } else {
                self.desk.y = before.0;
                self.body.shapes.truncate(before.1);
            }
        }
        if !entries.is_empty() {
            self.push(Part::Entries(entries));
        }
    }

    fn entry(&mut self, item: &ListItem) -> Option<Entry> {
        let top = self.desk.y + self.own.entry_pad;
        let image = item.image.as_ref().map(|image| image.url.trim()).filter(|url| !url.is_empty());
        let side = if image.is_some() { self.own.thumb } else { 0.0 };
        let indent = if image.is_some() { side + self.own.thumb_gap } else { 0.0 };
        let room = |most| Room::new(self.left, self.room - indent, most);
        let (titles, texts) = (room(self.lines.entry_title), room(self.lines.entry_description));
        let high =
            self.height(Role::EntryTitle, &item.title, titles) + self.height(Role::EntryText, &item.description, texts);
        if high <= 0.0 && image.is_none() {
            return None;
        }
        self.desk.y = top + (side - high).max(0.0) / 2.0;
        let title = self.tell(Role::EntryTitle, &item.title, titles);
        let description = self.tell(Role::EntryText, &item.description, texts);
        let frame = image.map(|url| {
            let (x, y) = (self.left + self.room - side, top + (high - side).max(0.0) / 2.0);
            let place = Rect { x, y, width: side, height: side, radius: self.own.thumb_radius };
            self.frame(url, place, String::new(), Empty::Sign)
        });
        self.desk.y = top + high.max(side);
        Some(Entry { title, description, frame, link: self.link(&item.link) })
    }

    /// A rule of one pixel; moves below it.
    pub(super) fn rule(&mut self, x: f32, width: f32) {
        let place = Rect { x, y: self.desk.y, width, height: 1.0, radius: 0.0 };
        self.body.shapes.push(Shape::Fill { place, tone: Tone::Rule });
        self.desk.y += 1.0;
    }
}
