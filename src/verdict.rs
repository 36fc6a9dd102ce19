//! The answer in one line: will the image show? Plain data; `rules::verdict` decides it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::finding::Text;

/// The answer in one line, with the finding to look at first.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Verdict {
    /// The answer.
    pub image: ImageVerdict,
    /// The answer as a sentence.
    pub headline: Text,
    /// Why, as a sentence: the deciding finding's, or one of its own.
    pub reason: Option<Text>,
    /// The deciding finding, as an index into the report's `findings`.
    pub finding: Option<usize>,
}

/// Whether a message will have the image that was meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ImageVerdict {
    /// The image will show.
    WillShow,
    /// It may not show on some clients, or another may show in its place.
    MayNotShow,
    /// There is a card, but its image will not show, or the card is not the one that was meant.
    WillNotShow,
    /// There is no card: only the address shows.
    NoCard,
    /// Nothing is known: this program did not ask, or failed itself.
    NotChecked,
}
