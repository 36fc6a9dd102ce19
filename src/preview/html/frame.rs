//! Pictures and signs of a template's message as HTML. A picture has the size the layout gave it by the size of an empty drawing under
//! it, because no style here may name one.

use maud::{Markup, html};

use super::{REL, lines, message::Pen};
use crate::preview::{
    icon::{GRID, Icon, PEN},
    layout::{
        message::PLAY_SHARE,
        part::{Frame, Part},
    },
};

impl Pen<'_> {
    pub(super) fn gallery(&self, class: &str, frames: &[Frame], link: Option<&str>) -> Markup {
        let inside = match frames {
            [first, rest @ ..] if rest.len() > 1 => html! {
                (self.frame(first, "m-frame"))
                span.m-column { @for frame in rest { (self.frame(frame, "m-frame")) } }
            },
            all => html! { @for frame in all { (self.frame(frame, "m-frame")) } },
        };
        // The words below lead to the same place: whoever goes from link to link meets it once.
        let worded = self.body.parts.iter().any(|part| matches!(part, Part::Words { title: Some(_), .. }));
        html! {
            @match link {
                Some(link) if worded => a class=(class) href=(link) rel=(REL) target="_blank" tabindex="-1" { (inside) },
                Some(link) => a class=(class) href=(link) rel=(REL) target="_blank" { (inside) },
                None => div class=(class) { (inside) },
            }
        }
    }

    /// A picture's place. An empty drawing gives it its size, and shows what stands in for a picture that is missing.
    pub(super) fn frame(&self, frame: &Frame, class: &str) -> Markup {
        let picture = frame.slot.and_then(|slot| self.body.pictures.get(slot)).and_then(Option::as_ref);
        let source = picture.and_then(crate::preview::Picture::source);
        let (width, height) = (frame.width, frame.height);
        let absent = frame.absent.then(|| {
            let scale = self.layout.measures.message.absent / GRID;
            let (x, y) = ((width - GRID * scale) / 2.0, (height - GRID * scale) / 2.0);
            format!("translate({x} {y}) scale({scale})")
        });
        html! {
            span class=(class) {
                svg.m-size width=(width) height=(height) aria-hidden="true" {
                    @if let Some(place) = absent { (path(Icon::Absent, Some(&place))) }
                }
                @if let Some(source) = source {
                    img src=(source) alt=(frame.alt) referrerpolicy="no-referrer" decoding="async";
                }
                @if let Some(note) = frame.note.and_then(|id| self.layout.texts.get(id)) {
                    span class=(note.role.class()) { (lines(note)) }
                }
                @if frame.play { span.m-play { (sized(Icon::Play, self.layout.measures.message.play * PLAY_SHARE)) } }
                @if let Some(length) = frame.length { (self.span(length)) }
            }
        }
    }

    pub(super) fn maybe(&self, frame: Option<&Frame>, class: &str) -> Markup {
        html! { @if let Some(frame) = frame { (self.frame(frame, class)) } }
    }

    pub(super) fn icon(&self, icon: Icon, says: Option<&str>) -> Markup {
        let message = &self.layout.measures.message;
        let side = match icon {
            Icon::Chevron => message.chevron,
            Icon::Calendar => message.tile_icon,
            _ => message.count_icon,
        };
        match says {
            Some(says) => html! {
                svg.m-icon width=(side) height=(side) viewBox="0 0 24 24" role="img" aria-label=(says) { (path(icon, None)) }
            },
            None => sized(icon, side),
        }
    }
}

fn sized(icon: Icon, side: f32) -> Markup {
    html! { svg.m-icon width=(side) height=(side) viewBox="0 0 24 24" aria-hidden="true" { (path(icon, None)) } }
}

fn path(icon: Icon, place: Option<&str>) -> Markup {
    html! {
        @if icon.is_filled() {
            path fill="currentColor" stroke="none" d=(icon.path()) {}
        } @else {
            path transform=[place] fill="none" stroke="currentColor" stroke-width=(PEN) stroke-linecap="round" stroke-linejoin="round" d=(icon.path()) {}
        }
    }
}
