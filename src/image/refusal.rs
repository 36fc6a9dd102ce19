//! Why bytes are no picture, or none that this program draws. Not a verdict on what Kakao shows: `rules` gives that.

use thiserror::Error;

use super::{Format, Size};

/// What stands in the way. `Display` is the evidence that a report shows.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The bytes are something else.
    #[error("the bytes look like {looks_like}")]
    NotImage {
        /// What they look like: `html`, `json`, `text`, `pdf`, `empty`, `video/mp4`, ..., or `unknown`.
        looks_like: &'static str,
    },
    /// A picture that is cut off or broken.
    #[error("{}: {reason}", format.name())]
    Undecodable {
        /// What its first bytes promise.
        format: Format,
        /// What is broken, in the decoder's words.
        reason: String,
    },
    /// More pixels than this program decodes. What Kakao does with so many is not known.
    #[error("{}: {} x {} pixels, more than the {limit} that are decoded here", format.name(), size.width, size.height)]
    TooManyPixels {
        /// What it is.
        format: Format,
        /// How large it is.
        size: Size,
        /// The bound that it passes.
        limit: String,
    },
    /// A whole picture, as far as can be told, that this program does not draw.
    #[error("{} is not drawn here: {reason}", format.name())]
    NotDrawable {
        /// What it is.
        format: Format,
        /// Why not.
        reason: String,
    },
}

impl Refusal {
    /// Stable kebab-case name, part of the API; all but `image-not-drawable` are also codes of findings.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotImage { .. } => "image-not-image",
            Self::Undecodable { .. } => "image-undecodable",
            Self::TooManyPixels { .. } => "image-too-many-pixels",
            Self::NotDrawable { .. } => "image-not-drawable",
        }
    }

    /// What to do about it.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::NotImage { .. } => "let the image's address answer with the image itself, not with a page about it",
            Self::Undecodable { .. } => {
                "export the image again and compare the size of the file with what the server sends"
            }
            Self::TooManyPixels { .. } => "scale the image down; 800x400 is what a message shows",
            Self::NotDrawable { .. } => "offer the image as JPEG or PNG",
        }
    }

    pub(super) fn undecodable(format: Format, reason: impl Into<String>) -> Self {
        Self::Undecodable { format, reason: reason.into() }
    }

    pub(super) fn not_drawable(format: Format, reason: impl Into<String>) -> Self {
        Self::NotDrawable { format, reason: reason.into() }
    }
}

impl Format {
    /// The name people use: `JPEG`, `WebP`, ...
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::Gif => "GIF",
            Self::Webp => "WebP",
            Self::Svg => "SVG",
            Self::Avif => "AVIF",
            Self::Heic => "HEIC",
            Self::Ico => "ICO",
            Self::Bmp => "BMP",
            Self::Tiff => "TIFF",
            Self::Jxl => "JPEG XL",
        }
    }

    /// True for the formats that this program decodes: those that Kakao was seen to show (R27).
    pub fn is_drawable(self) -> bool {
        match self {
            Self::Jpeg | Self::Png | Self::Gif | Self::Webp | Self::Svg => true,
            Self::Avif | Self::Heic | Self::Ico | Self::Bmp | Self::Tiff | Self::Jxl => false,
        }
    }
}
