//! What is drawn: the view model of one message. Not how it looks: that is `metrics`, and not where anything goes: that is `layout`.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::extract::Card;

/// The message in which a chat shows a page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The scrape message that an app or a site shares: a feed with one button.
    #[default]
    Scrape,
    /// The card under an address somebody typed or pasted.
    Link,
}

/// The colours of the chat.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    /// Dark ink on white.
    #[default]
    Light,
    /// Light ink on grey.
    Dark,
}

/// The device whose bubble is drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Width {
    /// A phone.
    #[default]
    Phone,
    /// A computer.
    Pc,
}

impl Kind {
    /// The word of the command line and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Scrape => "scrape",
            Self::Link => "link",
        }
    }
}

impl Theme {
    /// The word of the command line and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

impl Width {
    /// The word of the command line and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Pc => "pc",
        }
    }
}

/// One message, before it is drawn. Empty text is absent text. Texts are a site's own: anything may stand in them.
#[derive(Debug, Clone, Default)]
pub struct LinkPreview {
    /// The kind of message.
    pub kind: Kind,
    /// The colours.
    pub theme: Theme,
    /// The device.
    pub width: Width,
    /// The title (R14).
    pub title: String,
    /// The description (R15).
    pub description: String,
    /// The host shown as the source (R19).
    pub site: String,
    /// Where the message leads. Alone, without title, description and picture, it is what a chat shows of a page without a card.
    pub url: String,
    /// Length of the page's video, in seconds: a badge on the picture.
    pub duration: Option<u64>,
    /// The picture; without one a chat draws none, and no place for it.
    pub picture: Option<Picture>,
    /// Why there is no picture, one or two short lines separated by `\n`. A hatched place shows it: that is ours, no chat does so.
    /// Ignored if there is a picture.
    pub note: Option<String>,
}

impl From<&Card> for LinkPreview {
    /// The card's texts, in the default look and without its picture.
    fn from(card: &Card) -> Self {
        Self {
            title: card.title.clone(),
            description: card.description.clone(),
            site: card.host.clone(),
            url: card.url.clone(),
            duration: card.duration,
            ..Self::default()
        }
    }
}

/// Sides beyond which a picture is refused, in pixels: ours are 800 x 400, and the PNG painter has to decode them.
const MAX_SIDE: usize = 4096;

/// The format of a picture's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureFormat {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
}

impl PictureFormat {
    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

/// A picture of our own making: never the site's bytes as they came.
#[derive(Debug, Clone, Default)]
pub struct Picture {
    encoded: Option<(PictureFormat, Arc<Vec<u8>>)>,
    href: Option<String>,
}

impl Picture {
    /// A picture from the bytes of a PNG or JPEG that we encoded. `None` if they are neither, or over 4,096 pixels a side.
    pub fn encoded(bytes: impl Into<Arc<Vec<u8>>>) -> Option<Self> {
        let bytes = bytes.into();
        let format = match imagesize::image_type(&bytes).ok()? {
            imagesize::ImageType::Jpeg => PictureFormat::Jpeg,
            imagesize::ImageType::Png => PictureFormat::Png,
            _ => return None,
        };
        let size = imagesize::blob_size(&bytes).ok()?;
        let fits = (1..=MAX_SIDE).contains(&size.width) && (1..=MAX_SIDE).contains(&size.height);
        fits.then_some(Self { encoded: Some((format, bytes)), href: None })
    }

    /// A picture that a page loads by its address: `http:`, `https:` or a path on our own server. HTML shows it; SVG and PNG, which load
    /// nothing, show its place. `None` for any other address.
    pub fn linked(href: impl Into<String>) -> Option<Self> {
        Self::default().at(href)
    }

    /// The same picture, loaded by HTML from `href` instead of carried inside. The same addresses as [`linked`](Self::linked).
    pub fn at(mut self, href: impl Into<String>) -> Option<Self> {
        let href = href.into();
        let own = href.starts_with('/') && !href.starts_with("//") && !href.starts_with("/\\");
        if !own {
            super::escape::web_address(&href)?;
        }
        self.href = Some(href);
        Some(self)
    }

    /// The bytes and their format, if the picture has any.
    pub fn bytes(&self) -> Option<(PictureFormat, &Arc<Vec<u8>>)> {
        self.encoded.as_ref().map(|(format, bytes)| (*format, bytes))
    }

    /// What `src` of an `img` says: the address, else the bytes as a `data:` URI.
    pub(super) fn source(&self) -> Option<String> {
        self.href.clone().or_else(|| self.data_uri())
    }

    /// The bytes as a `data:` URI (RFC 2397).
    pub(super) fn data_uri(&self) -> Option<String> {
        let (format, bytes) = self.bytes()?;
        Some(format!("data:{};base64,{}", format.media_type(), data_encoding::BASE64.encode(bytes)))
    }
}
