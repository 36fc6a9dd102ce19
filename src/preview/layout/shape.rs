//! What is painted of a message besides its texts. SVG and PNG paint these in their order; HTML has its style for them.

use super::Rect;
use crate::preview::{
    icon::Icon,
    metrics::{Colour, Palette},
};

/// Something that is not text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::preview) enum Shape {
    /// A surface.
    Fill { place: Rect, tone: Tone },
    /// A picture that fills its place.
    Picture { place: Rect, slot: usize },
    /// A hatched place.
    Hatch(Rect),
    /// A place's corners, covered by what is behind it. Clipping a picture would cost the PNG as much as all the rest.
    Corners { place: Rect, tone: Tone, lower: bool },
    /// A sign.
    Icon { icon: Icon, place: Rect, tone: Tone },
}

/// A colour of the palette, and how much it covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::preview) enum Tone {
    Ground,
    Card,
    Mute,
    Button,
    Rule,
    Icon,
    Badge,
    BadgeInk,
    Cover,
}

impl Tone {
    /// The colour, and from 0 to 1 how much it covers if that is not all.
    pub(in crate::preview) fn of(self, palette: &Palette) -> (&Colour, Option<f32>) {
        match self {
            Self::Ground => (&palette.ground, None),
            Self::Card => (&palette.card, None),
            Self::Mute => (&palette.mute, None),
            Self::Button => (&palette.button, None),
            Self::Rule => (&palette.rule, None),
            Self::Icon => (&palette.icon, None),
            Self::Badge => (&palette.badge, Some(palette.badge_opacity)),
            Self::BadgeInk => (&palette.badge_ink, None),
            Self::Cover => (&palette.cover, Some(palette.cover_opacity)),
        }
    }
}

impl Shape {
    /// Where it is.
    pub(in crate::preview) fn place(&self) -> Rect {
        match *self {
            Self::Fill { place, .. }
            | Self::Picture { place, .. }
            | Self::Hatch(place)
            | Self::Corners { place, .. }
            | Self::Icon { place, .. } => place,
        }
    }
}
