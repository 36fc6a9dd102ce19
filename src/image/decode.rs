//! From bytes to a picture in memory, as shown: first frame, EXIF orientation applied, eight bits a channel.
//! Colour profiles are not applied, and nothing of the file but its pixels survives.

use std::{io::Cursor, sync::Arc};

use image::{DynamicImage, ImageError, ImageFormat, ImageReader, Limits, metadata::Orientation};
use memchr::memmem;
use resvg::usvg::fontdb;

use super::{
    Facts, Format, Refusal, Settings, Size,
    contain::contained,
    header::{Chunk, chunks},
    probe::disguised,
    svg,
};

/// Fonts for the text of SVG pictures; without any, text is left out.
pub type Fonts = Arc<fontdb::Database>;

/// A picture in memory: RGB or RGBA, eight bits a channel, as shown.
#[derive(Debug, Clone)]
pub struct Picture {
    pixels: DynamicImage,
}

impl Picture {
    /// A picture of these pixels, whatever their kind.
    pub(super) fn new(pixels: DynamicImage) -> Self {
        let pixels = match pixels {
            DynamicImage::ImageRgb8(_) | DynamicImage::ImageRgba8(_) => pixels,
            other if other.color().has_alpha() => DynamicImage::ImageRgba8(other.into_rgba8()),
            other => DynamicImage::ImageRgb8(other.into_rgb8()),
        };
        Self { pixels }
    }

    /// How large it is. An SVG is drawn at a size of our choosing, which keeps its shape.
    pub fn size(&self) -> Size {
        Size { width: self.pixels.width(), height: self.pixels.height() }
    }

    /// Memory it takes, in bytes.
    pub fn bytes(&self) -> u64 {
        u64::try_from(self.pixels.as_bytes().len()).unwrap_or(u64::MAX)
    }

    /// The pixels, which are either RGB or RGBA.
    pub fn pixels(&self) -> &DynamicImage {
        &self.pixels
    }
}

/// Decodes what `facts` say the bytes are. Takes its time: call it where blocking is allowed.
///
/// # Errors
/// [`Refusal::Undecodable`] for cut off and broken files, [`Refusal::NotDrawable`] for formats and features
/// that are not drawn here, [`Refusal::TooManyPixels`] if decoding needs more memory than the settings allow.
pub fn decode(bytes: &[u8], facts: &Facts, settings: &Settings, fonts: Option<&Fonts>) -> Result<Picture, Refusal> {
    let format = facts.format;
    let pixels = match format {
        Format::Jpeg => {
            whole_jpeg(bytes)?;
            raster(bytes, ImageFormat::Jpeg, facts, settings)
        }
        Format::Png => raster(&bare_png(bytes), ImageFormat::Png, facts, settings),
        Format::Gif => raster(bytes, ImageFormat::Gif, facts, settings),
        Format::Webp => raster(bytes, ImageFormat::WebP, facts, settings),
        Format::Svg => return contained(format, || svg::draw(bytes, facts, settings, fonts))?,
        Format::Avif | Format::Heic | Format::Ico | Format::Bmp | Format::Tiff | Format::Jxl => {
            return Err(Refusal::not_drawable(format, "this program has no decoder for it"));
        }
    };
    pixels.map(Picture::new).map_err(|refusal| disguised(bytes, refusal))
}

fn raster(bytes: &[u8], kind: ImageFormat, facts: &Facts, settings: &Settings) -> Result<DynamicImage, Refusal> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(settings.max_width);
    limits.max_image_height = Some(settings.max_height);
    limits.max_alloc = Some(settings.max_alloc_bytes);
    let read = || {
        let mut reader = ImageReader::with_format(Cursor::new(bytes), kind);
        // Always through the reader: it is what counts the memory for decoders that do not.
        reader.limits(limits);
        let mut pixels = reader.decode()?;
        if let Some(orientation) = facts.orientation.and_then(Orientation::from_exif) {
            pixels.apply_orientation(orientation);
        }
        Ok(pixels)
    };
    contained(facts.format, read)?.map_err(|error| refusal(facts, &error))
}

fn refusal(facts: &Facts, error: &ImageError) -> Refusal {
    let (format, reason) = (facts.format, error.to_string());
    match (error, facts.size) {
        (ImageError::Unsupported(_), _) => Refusal::NotDrawable { format, reason },
        (ImageError::Limits(_), Some(size)) => {
            Refusal::TooManyPixels { format, size, limit: "memory that its decoder may use".to_owned() }
        }
        _ => Refusal::Undecodable { format, reason },
    }
}

/// The decoder fills what is missing with grey and says nothing, so the end is looked for here: the marker EOI
/// behind the first scan (T.81, B.1.1.3). In front of it there may be a small picture inside the EXIF segment.
fn whole_jpeg(bytes: &[u8]) -> Result<(), Refusal> {
    let scan = memmem::rfind(bytes, &[0xff, 0xda]).unwrap_or(0);
    if bytes.get(scan..).is_some_and(|rest| memmem::find(rest, &[0xff, 0xd9]).is_some()) {
        return Ok(());
    }
    Err(Refusal::undecodable(Format::Jpeg, "it is cut off: the marker of its end is missing"))
}

/// Only the chunks that make the picture. What is left out is what may inflate to anything (iCCP, zTXt, iTXt),
/// and the animation, whose still picture then shows.
fn bare_png(bytes: &[u8]) -> Vec<u8> {
    let mut bare = Vec::with_capacity(bytes.len());
    bare.extend_from_slice(bytes.get(..8).unwrap_or_default());
    for Chunk { kind, whole, .. } in chunks(bytes) {
        if matches!(kind, b"IHDR" | b"PLTE" | b"tRNS" | b"IDAT" | b"IEND") {
            bare.extend_from_slice(whole);
        }
    }
    bare
}
