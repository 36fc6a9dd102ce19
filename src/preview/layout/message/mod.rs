//! Messages of templates laid out: which parts there are and in which order. Kakao documents the parts; their order and measures are
//! ours, after what its apps show.

mod commerce;
mod feet;
mod frame;
mod items;
mod list;
mod texts;
mod words;

pub(in crate::preview) use self::frame::PLAY_SHARE;
use super::{
    Body, Layout,
    desk::Desk,
    part::Part,
    shape::{Shape, Tone},
};
use crate::{
    preview::{
        escape::web_address,
        font::Fonts,
        message::MessagePreview,
        metrics::{Measures, MessageLines, MessageMeasures, Metrics},
        model::Width,
    },
    template::object::{Link, ObjectType},
};

/// Lays a message out.
pub(in crate::preview) fn layout(preview: &MessagePreview, fonts: &Fonts, metrics: &Metrics) -> Layout {
    Composer::new(preview, fonts, metrics).compose()
}

/// The message while it is laid out.
struct Composer<'a> {
    preview: &'a MessagePreview,
    desk: Desk<'a>,
    body: Body,
    lines: &'a MessageLines,
    /// Measures of all bubbles.
    all: &'a Measures,
    /// Measures of messages.
    own: &'a MessageMeasures,
    /// Left edge of texts.
    left: f32,
    /// Width of texts.
    room: f32,
}

impl<'a> Composer<'a> {
    fn new(preview: &'a MessagePreview, fonts: &'a Fonts, metrics: &'a Metrics) -> Self {
        let desk = Desk::new(fonts, metrics, preview.theme, preview.width);
        let all = metrics.measures(preview.width);
        let class = preview.message.object_type.as_str();
        Self {
            preview,
            desk,
            body: Body { class, language: preview.language, ..Body::default() },
            lines: metrics.message_lines(),
            all,
            own: &all.message,
            left: all.margin + all.inset,
            room: all.card - 2.0 * all.inset,
        }
    }

    fn compose(mut self) -> Layout {
        let message = &self.preview.message;
        self.profile();
        if message.object_type == ObjectType::List {
            self.header();
            self.entries();
        } else {
            self.gallery();
            self.highlight();
            self.items();
            self.cost();
            self.words();
        }
        self.social();
        self.actions();
        self.source();
        self.finish()
    }

    fn finish(mut self) -> Layout {
        let card = self.desk.layout.card;
        if self.body.parts.is_empty() {
            self.desk.y += self.all.above + self.all.below;
        }
        // Only a picture reaches the bubble's upper corners.
        let at_top = |shape: &Shape| matches!(shape, Shape::Picture { place, .. } | Shape::Fill { place, .. } if place.y <= card.y && place.x <= card.x);
        if self.body.shapes.iter().any(at_top) {
            self.body.shapes.push(Shape::Corners { place: card, tone: Tone::Ground, lower: false });
        }
        self.desk.close();
        let mut layout = self.desk.layout;
        layout.name = [self.preview.message.title.as_str(), &self.preview.message.source.name]
            .into_iter()
            .chain(self.preview.message.header.as_ref().map(|header| header.title.as_str()))
            .map(|name| super::super::text::clean(name, &self.desk.metrics.text))
            .find(|name| !name.is_empty())
            .unwrap_or_default();
        layout.message = Some(self.body);
        layout
    }

    /// Where a tap on this device leads, if a browser may be sent there. App links are none of a browser's.
    fn link(&self, link: &Link) -> Option<String> {
        let chosen = match self.preview.width {
            Width::Phone => link.mobile_web_url.as_ref().or(link.web_url.as_ref()),
            Width::Pc => link.web_url.as_ref(),
        };
        web_address(chosen?)
    }

    fn push(&mut self, part: Part) {
        self.body.parts.push(part);
    }
}
