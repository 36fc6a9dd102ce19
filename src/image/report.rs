//! What is known of one image of a card, in the words of the API. Plain data.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::page::Hop;

/// What a picture's first bytes say it is, whatever its `Content-Type` says (R27).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// JPEG (ITU T.81).
    Jpeg,
    /// PNG (W3C PNG, third edition).
    Png,
    /// GIF 87a or 89a.
    Gif,
    /// WebP (RFC 9649).
    Webp,
    /// SVG. Gzipped without a `Content-Encoding` that says so it is no picture, as in browsers.
    Svg,
    /// AVIF: an ISO base media file of brand `avif` or `avis`.
    Avif,
    /// HEIC and its relatives.
    Heic,
    /// Windows icon.
    Ico,
    /// Windows bitmap.
    Bmp,
    /// TIFF.
    Tiff,
    /// JPEG XL.
    Jxl,
}

/// Width and height in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Size {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// A part of a picture, in pixels of the picture as it is shown (EXIF orientation applied).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Crop {
    /// Left edge.
    pub x: u32,
    /// Upper edge.
    pub y: u32,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// A shape that a message gives its image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
pub enum Ratio {
    /// The scrape message and link card: 800x400. Kakao may move this cut to keep faces in.
    #[serde(rename = "2:1")]
    Wide,
    /// Message templates, square.
    #[serde(rename = "1:1")]
    Square,
    /// Message templates, upright.
    #[serde(rename = "3:4")]
    Upright,
}

/// What came of one image of a card. A failure is data: `outcome` names it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ImageReport {
    /// The image's address, as the card names it.
    pub url: String,
    /// The tag it stood in: `og:image`, `twitter:image`, `img`, ...
    pub source: String,
    /// `ok`, or the code of the finding that says why it will not show.
    pub outcome: String,
    /// Status of the last answer; `null` when none came.
    pub status: Option<u16>,
    /// Every request and its answer, in order.
    pub hops: Vec<Hop>,
    /// The media type the server claims, without parameters, lower case.
    pub content_type: Option<String>,
    /// What the bytes are; `null` when they are no picture.
    pub format: Option<Format>,
    /// Bytes of the file; of a file over the limit, what was read of it.
    pub bytes: Option<u64>,
    /// Pixels across as shown, measured from the bytes (R26).
    pub width: Option<u32>,
    /// Pixels down as shown.
    pub height: Option<u32>,
    /// What `og:image:width` and `og:image:height` claim.
    pub declared: Option<Size>,
    /// EXIF orientation, 1 to 8; `null` without one.
    pub orientation: Option<u8>,
    /// True if it moves; only the first picture shows.
    pub animated: Option<bool>,
    /// What the 2:1 image of a message shows of it, cut at the centre (R28). Kakao may move the cut for faces.
    pub crop: Option<Crop>,
    /// The same for each shape that messages have.
    pub crops: Vec<ShapedCrop>,
    /// What was wrong, for the outcome: the measured value, the decoder's word.
    pub evidence: Option<String>,
    /// When its server was asked; older than the page if the image was kept (R30).
    #[schema(value_type = String, format = DateTime)]
    pub fetched_at: Timestamp,
    /// Until when its server is not asked again.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub fresh_until: Option<Timestamp>,
    /// Where this service shows it, cut and encoded anew: a path with query, to which `w`, `h` may be added.
    /// `null` when there is nothing to show, or nobody to show it.
    pub href: Option<String>,
}

/// A shape and the part of the picture that fills it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct ShapedCrop {
    /// The shape.
    pub ratio: Ratio,
    /// What it shows.
    #[serde(flatten)]
    pub crop: Crop,
}

impl ImageReport {
    /// A report that knows nothing yet.
    pub fn blank() -> Self {
        Self {
            url: String::new(),
            source: String::new(),
            outcome: String::new(),
            status: None,
            hops: Vec::new(),
            content_type: None,
            format: None,
            bytes: None,
            width: None,
            height: None,
            declared: None,
            orientation: None,
            animated: None,
            crop: None,
            crops: Vec::new(),
            evidence: None,
            fetched_at: Timestamp::UNIX_EPOCH,
            fresh_until: None,
            href: None,
        }
    }
}
