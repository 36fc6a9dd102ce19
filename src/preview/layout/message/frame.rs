//! Places of pictures: the gallery at the top, the round one of who speaks, the square ones of lists.

use super::{Composer, texts::Room};
use crate::{
    preview::{
        icon::Icon,
        layout::{
            Rect, Role,
            desk::Align,
            length,
            part::{Frame, Part},
            shape::{Shape, Tone},
        },
        message::{Shown, Slot},
        wording,
    },
    template::object::ImageRef,
};

/// What a place shows while there is no picture.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Empty {
    /// Why, in words, if there is room.
    Words,
    /// A sign, if there is room.
    Sign,
    /// Nothing: something else goes there.
    Grey,
}

/// A place narrower than this has no room for words.
const ROOM_FOR_WORDS: f32 = 110.0;

impl Composer<'_> {
    /// Who speaks, above all: in a profile of its own, or in the item list.
    pub(super) fn profile(&mut self) {
        let message = &self.preview.message;
        let own = message.profile.as_ref().map(|profile| (profile.text.as_ref(), profile.image_url.as_ref()));
        let item =
            message.item_content.as_ref().map(|item| (item.profile_text.as_ref(), item.profile_image_url.as_ref()));
        let Some((text, image)) = own.or(item) else { return };
        let (text, image) = (text.map_or("", String::as_str), image.map_or("", String::as_str));
        if text.trim().is_empty() {
            return;
        }
        let (row, side) = (self.own.profile_row, self.own.avatar);
        let top = self.desk.y;
        let mut indent = 0.0;
        let avatar = (!image.is_empty()).then(|| {
            indent = side + self.own.avatar_gap;
            let place =
                Rect { x: self.left, y: top + (row - side) / 2.0, width: side, height: side, radius: side / 2.0 };
            self.frame(image, place, String::new(), Empty::Grey)
        });
        let role = if avatar.is_some() { Role::Profile } else { Role::Heading };
        self.desk.y = top + (row - role.font(self.all).line) / 2.0;
        let room = Room::new(self.left + indent, self.room - indent, self.lines.profile);
        let name = self.tell(role, text, room);
        self.desk.y = top + row;
        if let Some(name) = name {
            self.push(Part::Profile { avatar, name });
        }
    }

    /// The pictures: one in its own shape, two side by side, or one large and two small.
    pub(super) fn gallery(&mut self) {
        let message = &self.preview.message;
        let addressed = message.images.iter().filter(|image| !image.url.trim().is_empty());
        let images: Vec<&ImageRef> = addressed.take(self.lines.pictures).collect();
        let places = self.places(&images);
        let Some(bottom) = places.iter().map(|place| place.y + place.height).reduce(f32::max) else { return };
        let mut frames = Vec::with_capacity(places.len());
        for (number, (image, place)) in images.iter().zip(&places).enumerate() {
            let alt = wording::picture(number + 1, images.len(), self.preview.language);
            let empty = match message.duration.filter(|_| number == 0) {
                _ if self.preview.note => Empty::Words,
                Some(_) => Empty::Grey,
                None => Empty::Sign,
            };
            frames.push(self.frame(&image.url, *place, alt, empty));
        }
        if let (Some(seconds), Some(first), Some(place)) = (message.duration, frames.first_mut(), places.first()) {
            self.play(first, *place, seconds);
        }
        self.desk.y = bottom;
        let link = self.link(&message.link);
        self.push(Part::Gallery { frames, link });
    }

    fn places(&self, images: &[&ImageRef]) -> Vec<Rect> {
        let (x, y, width, gap) = (self.desk.layout.card.x, self.desk.y, self.all.card, self.own.gallery_gap);
        let rect = |x: f32, y: f32, width: f32, height: f32| Rect { x, y, width, height, radius: 0.0 };
        match images {
            [] => Vec::new(),
            [one] => vec![rect(x, y, width, (width / self.ratio(one)).round())],
            [_, _] => {
                let side = ((width - gap) / 2.0).floor();
                let first = width - gap - side;
                vec![rect(x, y, first, side), rect(x + first + gap, y, side, side)]
            }
            [_, _, ..] => {
                let small = ((width - 2.0 * gap) / 3.0).floor();
                let (large, high) = (width - gap - small, 2.0 * small + gap);
                let right = x + large + gap;
                vec![rect(x, y, large, high), rect(right, y, small, small), rect(right, y + small + gap, small, small)]
            }
        }
    }

    /// Width by height, as far as a bubble follows it.
    fn ratio(&self, image: &ImageRef) -> f32 {
        #[expect(clippy::cast_precision_loss, reason = "pixels of a picture")]
        let side = |given: Option<u32>| given.filter(|&side| side > 0).unwrap_or(self.own.side_unset) as f32;
        let (least, most) = (self.own.ratio_tall, self.own.ratio_wide.max(self.own.ratio_tall));
        (side(image.width) / side(image.height)).clamp(least, most)
    }

    /// The place of a picture: the picture, or that it is not there.
    pub(super) fn frame(&mut self, url: &str, place: Rect, alt: String, empty: Empty) -> Frame {
        let slot = self.desk.layout.slots.len();
        self.desk.layout.slots.push(Slot { url: url.trim().to_owned(), width: place.width, height: place.height });
        let (picture, outcome) = match self.preview.pictures.get(slot) {
            Some(Shown::Picture(picture)) => (Some(picture.clone()), ""),
            Some(Shown::Missing { outcome, .. }) => (None, outcome.as_str()),
            None => (None, ""),
        };
        self.body.shapes.push(Shape::Fill { place: Rect { radius: 0.0, ..place }, tone: Tone::Button });
        let there = picture.is_some();
        self.body.pictures.push(picture);
        let mut frame = Frame {
            slot: Some(slot),
            width: place.width,
            height: place.height,
            alt,
            absent: false,
            note: None,
            play: false,
            length: None,
        };
        if there {
            self.body.shapes.push(Shape::Picture { place, slot });
        } else if empty == Empty::Words && place.width >= ROOM_FOR_WORDS {
            frame.note = self.note(outcome, place);
        } else if empty != Empty::Grey && place.width.min(place.height) >= self.own.absent * 1.5 {
            frame.absent = true;
            let side = self.own.absent;
            self.body.shapes.push(Shape::Icon { icon: Icon::Absent, place: middle(place, side), tone: Tone::Icon });
        }
        if place.radius > 0.0 {
            self.body.shapes.push(Shape::Corners { place, tone: Tone::Card, lower: true });
        }
        frame
    }

    fn note(&mut self, outcome: &str, place: Rect) -> Option<usize> {
        self.body.shapes.push(Shape::Hatch(place));
        let said = wording::no_picture(outcome, self.preview.language);
        let inset = self.all.inset.min(place.width / 8.0);
        let room = Room::new(place.x + inset, place.width - 2.0 * inset, self.desk.metrics.plain_lines().note)
            .align(Align::Centre);
        let height = self.height(Role::Gap, &said, room);
        self.desk.y = place.y + (place.height - height) / 2.0;
        self.tell(Role::Gap, &said, room)
    }

    /// The play sign in the middle, and the length at the lower right.
    fn play(&mut self, frame: &mut Frame, place: Rect, seconds: u64) {
        frame.play = frame.note.is_none();
        if frame.play {
            let side = self.own.play;
            let disc = Rect { radius: side / 2.0, ..middle(place, side) };
            self.body.shapes.push(Shape::Fill { place: disc, tone: Tone::Badge });
            self.body.shapes.push(Shape::Icon {
                icon: Icon::Play,
                place: middle(disc, side * PLAY_SHARE),
                tone: Tone::BadgeInk,
            });
        }
        if seconds == 0 {
            return;
        }
        let (margin, inset, text) = (self.all.badge_margin, self.all.badge_inset, length(seconds));
        let width = self.width_of(Role::Length, &text, place.width - 2.0 * (margin + inset));
        let height = self.all.badge.line;
        let pill = Rect {
            x: place.x + place.width - margin - width - 2.0 * inset,
            y: place.y + place.height - margin - height,
            width: width + 2.0 * inset,
            height,
            radius: self.all.badge_radius,
        };
        self.body.shapes.push(Shape::Fill { place: pill, tone: Tone::Badge });
        self.desk.y = pill.y;
        frame.length = self.one(Role::Length, &text, Room::new(pill.x + inset, width, 1));
    }
}

/// Share of the disc that the play sign takes.
pub(in crate::preview) const PLAY_SHARE: f32 = 0.62;

/// A square of this side in the middle of a place.
pub(super) fn middle(place: Rect, side: f32) -> Rect {
    Rect {
        x: place.x + (place.width - side) / 2.0,
        y: place.y + (place.height - side) / 2.0,
        width: side,
        height: side,
        radius: 0.0,
    }
}
