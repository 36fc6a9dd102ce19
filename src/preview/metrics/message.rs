//! What messages of templates need of `config/bubble.toml` besides a card's measures.

use serde::Deserialize;

use super::Type;
use crate::finding::Confidence;

/// What messages of templates have besides, in CSS pixels. The comments of `config/bubble.toml` say what each is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageMeasures {
    pub ratio_wide: f32,
    pub ratio_tall: f32,
    pub side_unset: u32,
    pub gallery_gap: f32,
    pub play: f32,
    pub absent: f32,
    pub profile_row: f32,
    pub avatar: f32,
    pub avatar_gap: f32,
    pub header_pad: f32,
    pub header_image: f32,
    pub entry_pad: f32,
    pub thumb: f32,
    pub thumb_radius: f32,
    pub thumb_gap: f32,
    pub item_thumb: f32,
    pub item_name: f32,
    pub item_gap: f32,
    pub item_row: f32,
    pub sum_gap: f32,
    pub cost_above: f32,
    pub cost_gap: f32,
    pub regular_above: f32,
    pub social_above: f32,
    pub count_icon: f32,
    pub count_icon_gap: f32,
    pub count_gap: f32,
    pub action_gap: f32,
    pub tile: f32,
    pub tile_radius: f32,
    pub tile_gap: f32,
    pub tile_icon: f32,
    pub chevron: f32,
    pub headline: Type,
    pub body: Type,
    pub full: Type,
    pub profile: Type,
    pub heading: Type,
    pub header: Type,
    pub entry_title: Type,
    pub entry_text: Type,
    pub product: Type,
    pub price: Type,
    pub regular: Type,
    pub highlight: Type,
    pub category: Type,
    pub item: Type,
    pub sum: Type,
    pub count: Type,
    pub source: String,
    pub confidence: Confidence,
}

/// How much of a message of a template is shown: lines of its texts, and how many of what it has several of.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageLines {
    pub profile: usize,
    pub header: usize,
    pub title: usize,
    pub description: usize,
    pub entry_title: usize,
    pub entry_description: usize,
    pub product: usize,
    pub price: usize,
    pub highlight: usize,
    pub category: usize,
    pub item_name: usize,
    pub item_value: usize,
    pub button: usize,
    pub source_row: usize,
    pub text: usize,
    pub pictures: usize,
    pub entries: usize,
    pub items: usize,
    pub counts: usize,
    pub buttons: usize,
    pub source: String,
    pub confidence: Confidence,
}
