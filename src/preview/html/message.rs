//! A template's message as HTML: headings, lists and links, one element per line. Pictures have the sizes of the layout by the size of
//! an empty drawing under each, because no style here may name one.

use maud::{Markup, html};

use super::{REL, lines};
use crate::preview::{
    icon::{GRID, Icon, PEN},
    layout::{
        Body, Layout, Role,
        message::PLAY_SHARE,
        part::{Entry, Frame, Part, Row, TextId},
    },
    wording,
};

/// The bubble.
pub(super) fn bubble(layout: &Layout, body: &Body) -> Markup {
    let class = format!("bubble message {} {} {}", body.class, layout.theme.as_str(), layout.device.as_str());
    let pen = Pen { layout, body };
    // Without buttons, the last part before the source has its own room below.
    let foot = body.parts.iter().rposition(|part| !matches!(part, Part::Source { .. }));
    let foot = foot.filter(|&at| !matches!(body.parts.get(at), Some(Part::Actions { .. })));
    html! {
        article class=(class) {
            @for (number, part) in body.parts.iter().enumerate() {
                (pen.part(part, if foot == Some(number) { " m-last" } else { "" }))
                "\n"
            }
        }
    }
}

struct Pen<'a> {
    layout: &'a Layout,
    body: &'a Body,
}

impl Pen<'_> {
    fn part(&self, part: &Part, last: &str) -> Markup {
        let class = |name: &str| format!("m-{name}{last}");
        match part {
            Part::Profile { avatar, name } => html! {
                p class=(class("profile")) { (self.maybe(avatar.as_ref(), "m-avatar")) (self.span(*name)) }
            },
            Part::Gallery { frames, link } => self.gallery(&class("gallery"), frames, link.as_deref()),
            Part::Header { frame, title, link } => {
                let name = if frame.is_some() { "header m-pictured" } else { "header" };
                html! {
                    div class=(class(name)) {
                        (self.maybe(frame.as_ref(), "m-cover"))
                        @if let Some(title) = title { (self.heading(*title, link.as_deref())) }
                    }
                }
            }
            Part::Highlight { title, category, frame } => html! {
                div class=(class("highlight")) {
                    div.m-side { (self.paragraph(*title)) (self.paragraph(*category)) }
                    (self.maybe(frame.as_ref(), "m-thumb"))
                }
            },
            Part::Items { rows, sum } => html! {
                dl class=(class("items")) {
                    @for row in rows { (self.row(row, "m-row")) }
                    @if let Some(sum) = sum { (self.row(sum, "m-row m-sum")) }
                }
            },
            Part::Cost { product, price, discount, beside, regular } => html! {
                div class=(class("cost")) {
                    (self.paragraph(*product))
                    @if price.is_some() || discount.is_some() {
                        p class=(if *beside { "m-prices m-beside" } else { "m-prices" }) { (self.maybe_span(*price)) " " (self.maybe_span(*discount)) }
                    }
                    @if let Some(text) = regular.and_then(|id| self.layout.texts.get(id)) {
                        p.m-regular { s title=(wording::regular(self.body.language)) { (lines(text)) } }
                    }
                }
            },
            Part::Words { event, title, description, link } => {
                self.words(&class("words"), *event, *title, *description, link.as_deref())
            }
            Part::Social(counts) => html! {
                ul class=(class("social")) {
                    @for (kind, text) in counts {
                        li { (self.icon(Icon::of(*kind), Some(wording::counted(*kind, self.body.language)))) (self.span(*text)) }
                    }
                }
            },
            Part::Entries(entries) => html! {
                ul class=(class("entries")) { @for entry in entries { (self.entry(entry)) } }
            },
            Part::Actions { stacked, buttons } => html! {
                div class=(class(if *stacked { "actions m-stacked" } else { "actions" })) {
                    @for (text, link) in buttons { (self.action(*text, link.as_deref())) }
                }
            },
            Part::Source { icon, name } => html! {
                p.m-source {
                    @match icon {
                        Some(icon) => (self.frame(icon, "m-app")),
                        None => { span.m-app {} }
                    }
                    (self.span(*name))
                    (self.icon(Icon::Chevron, None))
                }
            },
        }
    }

    fn gallery(&self, class: &str, frames: &[Frame], link: Option<&str>) -> Markup {
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
    fn frame(&self, frame: &Frame, class: &str) -> Markup {
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
                @if frame.play { span.m-play { (self.sized(Icon::Play, self.layout.measures.message.play * PLAY_SHARE)) } }
                @if let Some(length) = frame.length { (self.span(length)) }
            }
        }
    }

    fn maybe(&self, frame: Option<&Frame>, class: &str) -> Markup {
        html! { @if let Some(frame) = frame { (self.frame(frame, class)) } }
    }

    fn words(
        &self,
        class: &str,
        event: bool,
        title: Option<TextId>,
        description: Option<TextId>,
        link: Option<&str>,
    ) -> Markup {
        let full = title.and_then(|id| self.layout.texts.get(id)).is_some_and(|text| text.role == Role::Full);
        html! {
            div class=(class) {
                @if event { span.m-tile { (self.icon(Icon::Calendar, Some(wording::event(self.body.language)))) } }
                div.m-side {
                    @if let Some(title) = title {
                        @if full {
                            @if let Some(text) = self.layout.texts.get(title) {
                                p class=(text.role.class()) { (linked(link, &lines(text))) }
                            }
                        } @else { (self.heading(title, link)) }
                    }
                    @if let Some(text) = description.and_then(|id| self.layout.texts.get(id)) {
                        p class=(text.role.class()) { @if title.is_none() { (linked(link, &lines(text))) } @else { (lines(text)) } }
                    }
                }
            }
        }
    }

    fn entry(&self, entry: &Entry) -> Markup {
        html! {
            li.m-entry {
                div.m-side {
                    @if let Some(title) = entry.title {
                        (self.text(title, "h3", entry.link.as_deref()))
                    }
                    (self.paragraph(entry.description))
                }
                (self.maybe(entry.frame.as_ref(), "m-thumb"))
            }
        }
    }

    fn action(&self, text: TextId, link: Option<&str>) -> Markup {
        let Some(text) = self.layout.texts.get(text) else { return html! {} };
        let class = text.role.class();
        match link {
            Some(link) => html! { a class=(class) href=(link) rel=(REL) target="_blank" { (lines(text)) } },
            None => html! { p class=(class) { (lines(text)) } },
        }
    }

    fn row(&self, row: &Row, class: &str) -> Markup {
        let cell = |id: Option<TextId>| id.and_then(|id| self.layout.texts.get(id));
        html! {
            div class=(class) {
                dt class=(cell(row.name).map_or("m-item-name", |text| text.role.class())) {
                    @if let Some(text) = cell(row.name) { (lines(text)) }
                }
                dd class=(cell(row.value).map_or("m-item-value", |text| text.role.class())) {
                    @if let Some(text) = cell(row.value) { (lines(text)) }
                }
            }
        }
    }

    fn heading(&self, id: TextId, link: Option<&str>) -> Markup {
        self.text(id, "h2", link)
    }

    fn text(&self, id: TextId, element: &str, link: Option<&str>) -> Markup {
        let Some(text) = self.layout.texts.get(id) else { return html! {} };
        let (class, inside) = (text.role.class(), linked(link, &lines(text)));
        if element == "h2" {
            html! { h2 class=(class) { (inside) } }
        } else {
            html! { h3 class=(class) { (inside) } }
        }
    }

    fn paragraph(&self, id: Option<TextId>) -> Markup {
        let Some(text) = id.and_then(|id| self.layout.texts.get(id)) else { return html! {} };
        html! { p class=(text.role.class()) { (lines(text)) } }
    }

    fn span(&self, id: TextId) -> Markup {
        let Some(text) = self.layout.texts.get(id) else { return html! {} };
        html! { span class=(text.role.class()) { (lines(text)) } }
    }

    fn maybe_span(&self, id: Option<TextId>) -> Markup {
        id.map_or_else(|| html! {}, |id| self.span(id))
    }

    fn icon(&self, icon: Icon, says: Option<&str>) -> Markup {
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
            None => self.sized(icon, side),
        }
    }

    fn sized(&self, icon: Icon, side: f32) -> Markup {
        html! { svg.m-icon width=(side) height=(side) viewBox="0 0 24 24" aria-hidden="true" { (path(icon, None)) } }
    }
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

/// The inside of an element that leads somewhere, if a browser may be sent there.
fn linked(link: Option<&str>, inside: &Markup) -> Markup {
    match link {
        Some(link) => html! { a href=(link) rel=(REL) target="_blank" { (inside) } },
        None => inside.clone(),
    }
}
