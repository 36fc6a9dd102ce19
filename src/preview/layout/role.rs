//! What a text is: its class in HTML and SVG, its colour and its type.

use crate::preview::metrics::{Colour, Measures, Palette, Type};

/// What a text is. Its name is its class in HTML and SVG.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// A card's title.
    Title,
    /// A card's description.
    Description,
    /// The words on a card's button.
    Button,
    /// The host.
    Host,
    /// A video's length.
    Badge,
    /// Why there is no image.
    Note,
    /// The address of a page without a card.
    Plain,
    /// Template: who speaks, beside a picture.
    Profile,
    /// Template: who speaks, without a picture.
    Heading,
    /// Template: a list's header.
    Header,
    /// Template: a list's header on its picture.
    Covered,
    /// Template: the title.
    Headline,
    /// Template: the description.
    Body,
    /// Template: what is said of a product.
    Pitch,
    /// Template: a text, in full.
    Full,
    /// Template: a video's length.
    Length,
    /// Template: why a picture is missing.
    Gap,
    /// Template: the title of one content of a list.
    EntryTitle,
    /// Template: its description.
    EntryText,
    /// Template: a product's name.
    Product,
    /// Template: what it costs.
    Price,
    /// Template: the discount.
    Discount,
    /// Template: what it would cost without.
    Regular,
    /// Template: the title beside the item list's picture.
    Highlight,
    /// Template: the category under it.
    Category,
    /// Template: name of an item.
    ItemName,
    /// Template: value of an item.
    ItemValue,
    /// Template: name of the sum.
    SumName,
    /// Template: the sum.
    SumValue,
    /// Template: a social count.
    Count,
    /// Template: the words on a button.
    Action,
    /// Template: the app's name in the last row.
    Source,
}

impl Role {
    /// The roles of a card's texts.
    pub(in crate::preview) const OF_CARDS: [Self; 7] =
        [Self::Title, Self::Description, Self::Button, Self::Host, Self::Badge, Self::Note, Self::Plain];

    /// The roles of the texts of a template's message.
    pub const OF_MESSAGES: [Self; 25] = [
        Self::Profile,
        Self::Heading,
        Self::Header,
        Self::Covered,
        Self::Headline,
        Self::Body,
        Self::Pitch,
        Self::Full,
        Self::Length,
        Self::Gap,
        Self::EntryTitle,
        Self::EntryText,
        Self::Product,
        Self::Price,
        Self::Discount,
        Self::Regular,
        Self::Highlight,
        Self::Category,
        Self::ItemName,
        Self::ItemValue,
        Self::SumName,
        Self::SumValue,
        Self::Count,
        Self::Action,
        Self::Source,
    ];

    /// The class in HTML and SVG.
    pub fn class(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Description => "description",
            Self::Button => "button",
            Self::Host => "host",
            Self::Badge => "badge",
            Self::Note => "note",
            Self::Plain => "plain",
            // A page that shows a fragment has classes of its own: these stay out of their way.
            Self::Profile => "m-profile-name",
            Self::Heading => "m-heading",
            Self::Header => "m-header-title",
            Self::Covered => "m-covered",
            Self::Headline => "m-headline",
            Self::Body => "m-body",
            Self::Pitch => "m-pitch",
            Self::Full => "m-full",
            Self::Length => "m-length",
            Self::Gap => "m-gap",
            Self::EntryTitle => "m-entry-title",
            Self::EntryText => "m-entry-text",
            Self::Product => "m-product",
            Self::Price => "m-price",
            Self::Discount => "m-discount",
            Self::Regular => "m-regular",
            Self::Highlight => "m-highlight-title",
            Self::Category => "m-category",
            Self::ItemName => "m-item-name",
            Self::ItemValue => "m-item-value",
            Self::SumName => "m-sum-name",
            Self::SumValue => "m-sum-value",
            Self::Count => "m-count",
            Self::Action => "m-action",
            Self::Source => "m-source-name",
        }
    }

    pub(in crate::preview) fn colour(self, palette: &Palette) -> &Colour {
        match self {
            Self::Title
            | Self::Button
            | Self::Plain
            | Self::Profile
            | Self::Heading
            | Self::Header
            | Self::Headline
            | Self::Pitch
            | Self::Full
            | Self::EntryTitle
            | Self::Product
            | Self::Price
            | Self::Highlight
            | Self::ItemValue
            | Self::SumName
            | Self::SumValue
            | Self::Action => &palette.ink,
            Self::Description
            | Self::Host
            | Self::Note
            | Self::Body
            | Self::Gap
            | Self::EntryText
            | Self::Regular
            | Self::Category
            | Self::ItemName
            | Self::Count
            | Self::Source => &palette.mute,
            Self::Badge | Self::Length => &palette.badge_ink,
            Self::Covered => &palette.cover_ink,
            Self::Discount => &palette.discount,
        }
    }

    pub(in crate::preview) fn font(self, measures: &Measures) -> Type {
        let message = &measures.message;
        match self {
            Self::Title => measures.title,
            Self::Description => measures.description,
            Self::Button | Self::Action => measures.button,
            Self::Host | Self::Source => measures.host,
            Self::Badge | Self::Length => measures.badge,
            Self::Note | Self::Gap => measures.note,
            Self::Plain => measures.plain,
            Self::Profile => message.profile,
            Self::Heading => message.heading,
            Self::Header | Self::Covered => message.header,
            Self::Headline => message.headline,
            Self::Body | Self::Pitch => message.body,
            Self::Full => message.full,
            Self::EntryTitle => message.entry_title,
            Self::EntryText => message.entry_text,
            Self::Product => message.product,
            Self::Price | Self::Discount => message.price,
            Self::Regular => message.regular,
            Self::Highlight => message.highlight,
            Self::Category => message.category,
            Self::ItemName | Self::ItemValue => message.item,
            Self::SumName | Self::SumValue => message.sum,
            Self::Count => message.count,
        }
    }
}
