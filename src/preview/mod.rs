//! The message drawn: one view model, one layout, three painters. Values in, values out.
//!
//! ```text
//! LinkPreview ────layout─▶ Layout ──▶ html::fragment, html::document   real text, one element per line
//! MessagePreview ───┘            ├─▶ svg                              <text> per line, pictures inside
//!   (Fonts, Metrics)             └─▶ png                              the same drawing, with outlines of our fonts
//! ```
//!
//! A [`LinkPreview`] is a page in a chat; a [`MessagePreview`] is a message of a template, of whatever type.
//!
//! Lines are measured, broken and clipped once, with the fonts the PNG is painted with; the painters only say them.
//! [`Painter`] keeps what they share. All measures are approximate (`config/bubble.toml`): Kakao publishes none.

mod database;
mod escape;
mod font;
pub mod html;
mod icon;
mod layout;
mod message;
mod metrics;
mod model;
mod png;
mod style;
mod svg;
mod text;
mod wording;

pub use self::{
    database::database,
    font::{FontError, Fonts},
    html::Document,
    layout::{Layout, Line, Rect, Role, Text, layout},
    message::{MessagePreview, Shown, Slot},
    metrics::{CardLines, Colour, Measures, Metrics, Palette, PlainLines, TextBounds, Type, Weight},
    model::{Kind, LinkPreview, Picture, PictureFormat, Theme, Width},
    png::{DEFAULT_SCALE, PaintError, png},
    style::{style, style_hash},
    svg::svg,
};

/// What all drawings share: the fonts and the measures. Made once, used from any thread.
#[derive(Debug)]
pub struct Painter {
    /// The fonts.
    pub fonts: Fonts,
    /// The measures.
    pub metrics: Metrics,
}

/// A painter that cannot be made: an embedded file is wrong. Tests make one, so no user sees it.
#[derive(Debug, thiserror::Error)]
pub enum PainterError {
    /// A font.
    #[error(transparent)]
    Font(#[from] FontError),
    /// The measures.
    #[error("config/bubble.toml is wrong: {0}")]
    Metrics(#[from] toml::de::Error),
}

impl Painter {
    /// A painter with the embedded fonts and measures.
    pub fn embedded() -> Result<Self, PainterError> {
        Ok(Self { fonts: Fonts::embedded()?, metrics: Metrics::embedded()? })
    }

    /// Lays a message out, for any of the painters.
    pub fn layout(&self, preview: &LinkPreview) -> Layout {
        layout(preview, &self.fonts, &self.metrics)
    }

    /// Lays a message of a template out, for any of the painters.
    pub fn message(&self, preview: &MessagePreview) -> Layout {
        layout::message::layout(preview, &self.fonts, &self.metrics)
    }

    /// The bubble alone, as HTML.
    pub fn fragment(&self, layout: &Layout) -> String {
        html::fragment(layout)
    }

    /// A complete HTML document.
    pub fn document(&self, layout: &Layout, options: Document<'_>) -> String {
        html::document(layout, &self.metrics, options)
    }

    /// An SVG document.
    pub fn svg(&self, layout: &Layout) -> String {
        svg(layout)
    }

    /// A PNG of `scale` pixels per CSS pixel; see [`DEFAULT_SCALE`].
    pub fn png(&self, layout: &Layout, scale: f32) -> Result<Vec<u8>, PaintError> {
        png(layout, &self.fonts, scale)
    }
}
