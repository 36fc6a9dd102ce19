//! The bubble as HTML: real text, one element per line, so that it breaks where the layout broke it in whatever font it is shown.
//! No scripts and no inline styles: see `style` for the one style sheet.

mod frame;
mod message;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{
    layout::{Layout, Role, Text},
    metrics::Metrics,
    model::Kind,
    style::style,
};

/// What a link to a site we know nothing of may do (HTML, 4.6.7).
const REL: &str = "noopener noreferrer nofollow ugc";

/// How a document is made.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    /// `lang` of the document, such as `ko`.
    pub language: &'a str,
    /// Address of the folder that serves the two web fonts; `None` in a file, which loads nothing.
    pub fonts: Option<&'a str>,
}

/// The bubble alone, for a page that has the style already. The root element has the class `bubble`, the message's kind, its theme and
/// its device.
pub fn fragment(layout: &Layout) -> String {
    bubble(layout).into_string()
}

/// A complete document that shows the bubble in its chat.
pub fn document(layout: &Layout, metrics: &Metrics, options: Document<'_>) -> String {
    let chat = format!("chat {} {}", layout.theme.as_str(), layout.device.as_str());
    let page = html! {
        (DOCTYPE)
        html lang=(options.language) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                title { (layout.name) }
                style { (PreEscaped(style(metrics, options.fonts))) }
            }
            body class=(chat) { (bubble(layout)) }
        }
    };
    page.into_string()
}

fn bubble(layout: &Layout) -> Markup {
    if let Some(body) = &layout.message {
        return message::bubble(layout, body);
    }
    let bare = if layout.is_plain() { " bare" } else { "" };
    let class = format!("bubble {} {} {}{bare}", layout.kind.as_str(), layout.theme.as_str(), layout.device.as_str());
    html! {
        article class=(class) {
            (image(layout))
            @for text in &layout.texts { (block(layout, text)) "\n" }
        }
    }
}

fn image(layout: &Layout) -> Markup {
    let Some(place) = layout.image else { return html! {} };
    let Some(picture) = &layout.picture else { return html! {} };
    html! {
        div.image {
            @if let Some(source) = picture.source() {
                img src=(source) alt="" width=(place.width) height=(place.height) referrerpolicy="no-referrer" decoding="async";
            }
            @if let Some(badge) = layout.text(Role::Badge) {
                span.badge { (lines(badge)) }
            }
        }
        "\n"
    }
}

fn block(layout: &Layout, text: &Text) -> Markup {
    let class = text.role.class();
    match text.role {
        Role::Badge => html! {},
        Role::Title | Role::Plain if layout.kind == Kind::Link || text.role == Role::Plain => {
            html! { p class=(class) { (linked(layout, &lines(text))) } }
        }
        Role::Description if layout.text(Role::Title).is_none() => html! { p.description.only { (lines(text)) } },
        Role::Button => html! {
            @if let Some(link) = &layout.link {
                a class=(class) href=(link) rel=(REL) target="_blank" { (lines(text)) }
            } @else {
                p class=(class) { (lines(text)) }
            }
        },
        Role::Host if layout.kind == Kind::Scrape => html! { p.host.row { span.app {} (lines(text)) } },
        Role::Host => html! { p.host.foot { (lines(text)) } },
        _ => html! { p class=(class) { (lines(text)) } },
    }
}

/// The inside of an element that leads to the page, if its address is one a browser may be sent to.
fn linked(layout: &Layout, inside: &Markup) -> Markup {
    match &layout.link {
        Some(link) => html! { a href=(link) rel=(REL) target="_blank" { (inside) } },
        None => inside.clone(),
    }
}

/// One element per line. The newline between them is the space the line broke at, for whoever copies the text.
fn lines(text: &Text) -> Markup {
    html! {
        @for (number, line) in text.lines.iter().enumerate() {
            @if number > 0 { "\n" }
            span.line dir=(if line.rtl { "rtl" } else { "ltr" }) { (line.text) }
        }
    }
}
