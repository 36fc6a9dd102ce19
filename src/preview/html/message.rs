//! A template's message as HTML: headings, lists and links, one element per line. Not its pictures: they are `frame`'s.

use maud::{Markup, html};

use super::{REL, lines};
use crate::preview::{
    icon::Icon,
    layout::{
        Body, Layout, Role,
        part::{Entry, Part, Row, TextId},
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

/// What all parts of a message are written with.
pub(super) struct Pen<'a> {
    pub(super) layout: &'a Layout,
    pub(super) body: &'a Body,
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
        html! {
            @if let Some(link) = link {
                a class=(class) href=(link) rel=(REL) target="_blank" { (lines(text)) }
            } @else {
                p class=(class) { (lines(text)) }
            }
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

    pub(super) fn span(&self, id: TextId) -> Markup {
        let Some(text) = self.layout.texts.get(id) else { return html! {} };
        html! { span class=(text.role.class()) { (lines(text)) } }
    }

    fn maybe_span(&self, id: Option<TextId>) -> Markup {
        id.map_or_else(|| html! {}, |id| self.span(id))
    }
}

/// The inside of an element that leads somewhere, if a browser may be sent there.
fn linked(link: Option<&str>, inside: &Markup) -> Markup {
    match link {
        Some(link) => html! { a href=(link) rel=(REL) target="_blank" { (inside) } },
        None => inside.clone(),
    }
}
