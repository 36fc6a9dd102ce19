//! What is drawn of a template: the message, the look, and the pictures that were found for it. Not where anything goes: that is `layout`.

use super::model::{Picture, Theme, Width};
use crate::{language::Language, template::message::Message};

/// A message of a template, before it is drawn. Its texts are a stranger's: anything may stand in them.
#[derive(Debug, Clone, Default)]
pub struct MessagePreview {
    /// What it says.
    pub message: Message,
    /// The colours.
    pub theme: Theme,
    /// The device.
    pub width: Width,
    /// The language of what is said beside the message: names of counts and of pictures.
    pub language: Language,
    /// Say in a picture's place why it is missing; otherwise the place is grey.
    pub note: bool,
    /// The pictures, in the order of [`Layout::slots`](super::Layout::slots); one that is not there leaves its place grey.
    pub pictures: Vec<Shown>,
}

/// A place in a message that wants a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Slot {
    /// The picture's address, as the message has it.
    pub url: String,
    /// Width of the place, in CSS pixels.
    pub width: f32,
    /// Height of the place, in CSS pixels.
    pub height: f32,
}

/// What there is for such a place.
#[derive(Debug, Clone)]
pub enum Shown {
    /// A picture.
    Picture(Picture),
    /// None.
    Missing {
        /// Why, as a code: `image-status-404`.
        outcome: String,
        /// What proves it.
        evidence: Option<String>,
    },
}
