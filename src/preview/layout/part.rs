//! The parts of a template's message, from the top, as HTML says them. Texts are numbers in [`Layout::texts`](super::Layout::texts).

use crate::template::message::SocialKind;

/// Number of a text.
pub(in crate::preview) type TextId = usize;

/// One part.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::preview) enum Part {
    /// Who speaks.
    Profile { avatar: Option<Frame>, name: TextId },
    /// One to three pictures.
    Gallery { frames: Vec<Frame>, link: Option<String> },
    /// A list's header.
    Header { frame: Option<Frame>, title: Option<TextId>, link: Option<String> },
    /// Title, category and picture of an item list.
    Highlight { title: Option<TextId>, category: Option<TextId>, frame: Option<Frame> },
    /// The item list and its sum.
    Items { rows: Vec<Row>, sum: Option<Row> },
    /// A product, its price and what it would cost without the discount.
    Cost {
        product: Option<TextId>,
        price: Option<TextId>,
        discount: Option<TextId>,
        beside: bool,
        regular: Option<TextId>,
    },
    /// Title and description, or a text.
    Words { event: bool, title: Option<TextId>, description: Option<TextId>, link: Option<String> },
    /// Social counts.
    Social(Vec<(SocialKind, TextId)>),
    /// The contents of a list.
    Entries(Vec<Entry>),
    /// The buttons.
    Actions { stacked: bool, buttons: Vec<(TextId, Option<String>)> },
    /// The app.
    Source { icon: Option<Frame>, name: TextId },
}

/// The place of a picture.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::preview) struct Frame {
    /// Number of its picture; `None` if nobody named one.
    pub(in crate::preview) slot: Option<usize>,
    pub(in crate::preview) width: f32,
    pub(in crate::preview) height: f32,
    /// What it says to those who do not see it.
    pub(in crate::preview) alt: String,
    /// True if there is nothing to show and room to show it.
    pub(in crate::preview) absent: bool,
    /// Why the picture is missing.
    pub(in crate::preview) note: Option<TextId>,
    /// The play sign of a video.
    pub(in crate::preview) play: bool,
    /// A video's length.
    pub(in crate::preview) length: Option<TextId>,
}

/// A name and a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::preview) struct Row {
    pub(in crate::preview) name: Option<TextId>,
    pub(in crate::preview) value: Option<TextId>,
}

/// One content of a list.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::preview) struct Entry {
    pub(in crate::preview) title: Option<TextId>,
    pub(in crate::preview) description: Option<TextId>,
    pub(in crate::preview) frame: Option<Frame>,
    pub(in crate::preview) link: Option<String>,
}
