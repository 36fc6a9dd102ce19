//! The bubble's measures and colours, as a typed view of `config/bubble.toml`. All of them approximate: Kakao publishes none.
//! No behaviour lives here.

mod message;

use serde::Deserialize;

pub use self::message::{MessageLines, MessageMeasures};
use super::model::{Kind, Theme, Width};
use crate::finding::Confidence;

const EMBEDDED: &str = include_str!("../../../config/bubble.toml");

/// All measures and colours.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    /// Bounds on text.
    pub text: TextBounds,
    theme: Themes,
    width: Widths,
    lines: Lines,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Themes {
    light: Palette,
    dark: Palette,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Widths {
    phone: Measures,
    pc: Measures,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lines {
    scrape: CardLines,
    link: CardLines,
    plain: PlainLines,
    message: MessageLines,
}

/// Bounds on a page's text.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextBounds {
    /// Characters that are looked at.
    pub characters: usize,
    /// Graphemes that are shaped.
    pub graphemes: usize,
    /// Combining marks in a row.
    pub marks: usize,
    /// Characters of one grapheme.
    pub grapheme_characters: usize,
    /// Where the values are from.
    pub source: String,
    /// How well they are known.
    pub confidence: Confidence,
}

/// Colours, each `#rrggbb`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Palette {
    /// The chat.
    pub ground: Colour,
    /// The bubble.
    pub card: Colour,
    /// Title and button.
    pub ink: Colour,
    /// Description and source.
    pub mute: Colour,
    /// The button, and an image's empty place.
    pub button: Colour,
    /// The rule above the source.
    pub rule: Colour,
    /// The app icon's place.
    pub icon: Colour,
    /// Lines of the hatched place.
    pub hatch: Colour,
    /// The pill behind a video's length.
    pub badge: Colour,
    /// A video's length.
    pub badge_ink: Colour,
    /// How much the pill covers, 0 to 1.
    pub badge_opacity: f32,
    /// The shadow under the bubble.
    pub shadow: Colour,
    /// How much the shadow covers, 0 to 1.
    pub shadow_opacity: f32,
    /// A price's discount.
    pub discount: Colour,
    /// The shade over a picture on which words stand.
    pub cover: Colour,
    /// How much it covers, 0 to 1.
    pub cover_opacity: f32,
    /// Those words.
    pub cover_ink: Colour,
    /// Where the values are from.
    pub source: String,
    /// How well they are known.
    pub confidence: Confidence,
}

/// Lengths in CSS pixels. The comments of `config/bubble.toml` say what each is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each key is described where its value stands, in config/bubble.toml")]
pub struct Measures {
    pub margin: f32,
    pub card: f32,
    pub radius: f32,
    pub inset: f32,
    pub image_ratio: f32,
    pub above: f32,
    pub between: f32,
    pub below: f32,
    pub title: Type,
    pub description: Type,
    pub host: Type,
    pub note: Type,
    pub badge: Type,
    pub plain: Type,
    pub button: Type,
    pub button_height: f32,
    pub button_radius: f32,
    pub button_gap: f32,
    pub row_height: f32,
    pub icon: f32,
    pub icon_radius: f32,
    pub icon_gap: f32,
    pub badge_margin: f32,
    pub badge_inset: f32,
    pub badge_radius: f32,
    pub plain_inset: f32,
    pub plain_above: f32,
    pub plain_radius: f32,
    pub hatch: f32,
    pub source: String,
    pub confidence: Confidence,
    pub message: MessageMeasures,
}

/// The type of one text.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Type {
    /// Font size, in pixels.
    pub size: f32,
    /// Height of a line, in pixels.
    pub line: f32,
    /// Weight.
    pub weight: Weight,
}

/// A weight our fonts have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "u16")]
pub enum Weight {
    /// 400.
    Regular,
    /// 600.
    SemiBold,
}

impl Weight {
    /// As CSS and SVG write it.
    pub fn number(self) -> u16 {
        match self {
            Self::Regular => 400,
            Self::SemiBold => 600,
        }
    }
}

impl TryFrom<u16> for Weight {
    type Error = String;

    fn try_from(number: u16) -> Result<Self, String> {
        match number {
            400 => Ok(Self::Regular),
            600 => Ok(Self::SemiBold),
            _ => Err(format!("there is no font of weight {number}, only 400 and 600")),
        }
    }
}

/// `#rrggbb`, and nothing else: it is written into CSS and SVG as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Colour(String);

impl Colour {
    /// As CSS and SVG write it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As CSS writes it when it covers only a part of what is under it, `opacity` from 0 to 1 (CSS Color 4, 5.2).
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a byte")]
    pub(super) fn covering(&self, opacity: f32) -> String {
        format!("{}{:02x}", self.0, (opacity.clamp(0.0, 1.0) * 255.0).round() as u8)
    }
}

impl TryFrom<String> for Colour {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6);
        if digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit())) {
            Ok(Self(text))
        } else {
            Err(format!("{text:?} is not a colour such as #1b1b1b"))
        }
    }
}

/// Lines of a card's texts.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardLines {
    /// Of the title.
    pub title: usize,
    /// Of the description.
    pub description: usize,
    /// Where the values are from.
    pub source: String,
    /// How well they are known.
    pub confidence: Confidence,
}

/// Lines of text outside a card.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlainLines {
    /// Of an address shown as text.
    pub text: usize,
    /// Of the note in the hatched place.
    pub note: usize,
    /// Where the values are from.
    pub source: String,
    /// How well they are known.
    pub confidence: Confidence,
}

impl Metrics {
    /// The values embedded in the program. Fails only if `config/bubble.toml` itself is wrong; a test reads it.
    pub fn embedded() -> Result<Self, toml::de::Error> {
        toml::from_str(EMBEDDED)
    }

    /// The colours of a theme.
    pub fn palette(&self, theme: Theme) -> &Palette {
        match theme {
            Theme::Light => &self.theme.light,
            Theme::Dark => &self.theme.dark,
        }
    }

    /// The lengths on a device.
    pub fn measures(&self, width: Width) -> &Measures {
        match width {
            Width::Phone => &self.width.phone,
            Width::Pc => &self.width.pc,
        }
    }

    /// How many lines a card's texts have.
    pub fn card_lines(&self, kind: Kind) -> &CardLines {
        match kind {
            Kind::Scrape => &self.lines.scrape,
            Kind::Link => &self.lines.link,
        }
    }

    /// How many lines texts outside a card have.
    pub fn plain_lines(&self) -> &PlainLines {
        &self.lines.plain
    }

    /// How much of a message of a template is shown.
    pub fn message_lines(&self) -> &MessageLines {
        &self.lines.message
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_measures_are_read_and_claim_nothing() {
        let metrics = Metrics::embedded().unwrap();
        assert!((metrics.measures(Width::Phone).card - 272.0).abs() < f32::EPSILON);
        assert_eq!(metrics.palette(Theme::Dark).ground.as_str(), "#1e242c");
        assert_eq!(metrics.measures(Width::Pc).confidence, Confidence::Default);
        assert_eq!(metrics.card_lines(Kind::Link).description, 1);
    }

    #[test]
    fn a_colour_weight_or_key_that_is_none_is_refused() {
        for (good, bad) in [
            ("\"#b9cbdc\"", "\"red;}\""),
            ("weight = 600", "weight = 500"),
            ("card = 272", "card = 272\nshape = \"round\""),
        ] {
            assert!(EMBEDDED.contains(good));
            assert!(toml::from_str::<Metrics>(&EMBEDDED.replacen(good, bad, 1)).is_err(), "{bad}");
        }
    }
}
