//! A picture of our own making: cut, scaled and encoded anew. Nothing of the site's file but its pixels is in it.

use fast_image_resize::{ResizeOptions, Resizer};
use image::{
    DynamicImage, ExtendedColorType, ImageEncoder,
    codecs::{
        jpeg::JpegEncoder,
        png::{CompressionType, FilterType, PngEncoder},
    },
};

use super::{Crop, Format, Picture, Refusal, Settings, Size, contain::contained, crop};

/// What a rendition is to look like. Sides are bounded by the settings; none is less than a pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rendition {
    /// Pixels across; with [`Fit::Contain`] at most so many.
    pub width: u32,
    /// Pixels down; `None` keeps the picture's shape.
    pub height: Option<u32>,
    /// How the picture comes into them.
    pub fit: Fit,
}

/// How a picture comes into a frame of another shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fit {
    /// The frame is filled, as in a message: what stands over is cut off evenly, and a small picture is enlarged.
    Cover,
    /// All of the picture shows, never enlarged; the rendition may be smaller than the frame.
    Contain,
}

/// A picture file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    /// The file.
    pub bytes: Vec<u8>,
    /// `image/jpeg`, or `image/png` if anything shows through.
    pub media_type: &'static str,
    /// How large it became.
    pub size: Size,
}

/// Cuts, scales and encodes. Takes its time: call it where blocking is allowed.
///
/// # Errors
/// [`Refusal::Undecodable`], should scaling or encoding fail, which valid pictures give no reason for.
pub fn render(picture: &Picture, rendition: &Rendition, settings: &Settings) -> Result<Encoded, Refusal> {
    let (part, size) = frame(picture.size(), rendition, settings.max_output_side.max(1));
    contained(Format::Png, || {
        let scaled = scale(picture.pixels(), part, size)?;
        encode(&scaled, settings.jpeg_quality.clamp(1, 100))
    })?
    .map_err(|error| Refusal::undecodable(Format::Png, error))
}

/// The part of the picture that shows, and the size it is shown at.
fn frame(from: Size, rendition: &Rendition, max_side: u32) -> (Crop, Size) {
    let whole = Crop { x: 0, y: 0, width: from.width, height: from.height };
    let width = rendition.width.max(1);
    match (rendition.fit, rendition.height) {
        (Fit::Cover, Some(height)) => {
            let height = height.max(1);
            let size = within(Size { width, height }, Size { width: max_side, height: max_side });
            (crop::cut(from, width, height), size)
        }
        (Fit::Cover, None) => (whole, within(stretched(from, width), Size { width: max_side, height: max_side })),
        (Fit::Contain, height) => {
            let limit = Size { width: width.min(max_side), height: height.unwrap_or(max_side).clamp(1, max_side) };
            (whole, within(from, limit))
        }
    }
}

/// As wide as said, in the same shape.
fn stretched(size: Size, width: u32) -> Size {
    let height = u64::from(size.height) * u64::from(width) / u64::from(size.width.max(1));
    Size { width, height: u32::try_from(height.max(1)).unwrap_or(u32::MAX) }
}

/// The largest size of the same shape that is within both sides of `limit`; never larger than it was.
pub(super) fn within(size: Size, limit: Size) -> Size {
    let (width, height) = (u64::from(size.width.max(1)), u64::from(size.height.max(1)));
    let (most_wide, most_tall) = (u64::from(limit.width), u64::from(limit.height));
    if width <= most_wide && height <= most_tall {
        return Size { width: size.width.max(1), height: size.height.max(1) };
    }
    // The side that hits its limit first is exact; the other is rounded.
    let (wide, tall) = if width * most_tall > height * most_wide {
        (most_wide, (height * most_wide + width / 2) / width)
    } else {
        ((width * most_tall + height / 2) / height, most_tall)
    };
    let pixels = |value: u64| u32::try_from(value.max(1)).unwrap_or(u32::MAX);
    Size { width: pixels(wide), height: pixels(tall) }
}

fn scale(picture: &DynamicImage, part: Crop, size: Size) -> Result<DynamicImage, String> {
    let mut scaled = DynamicImage::new(size.width, size.height, picture.color());
    let options = ResizeOptions::new().crop(part.x.into(), part.y.into(), part.width.into(), part.height.into());
    Resizer::new().resize(picture, &mut scaled, &options).map_err(|error| error.to_string())?;
    Ok(scaled)
}

/// JPEG without transparency, else PNG: whoever looks sees what a browser would show.
fn encode(picture: &DynamicImage, quality: u8) -> Result<Encoded, String> {
    let size = Size { width: picture.width(), height: picture.height() };
    let mut bytes = Vec::new();
    let see_through = picture.as_rgba8().filter(|rgba| rgba.pixels().any(|pixel| pixel.0[3] != u8::MAX));
    let written = if let Some(rgba) = see_through {
        let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::Adaptive);
        encoder.write_image(rgba.as_raw(), size.width, size.height, ExtendedColorType::Rgba8)
    } else {
        let encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
        match picture.as_rgb8() {
            Some(rgb) => encoder.write_image(rgb.as_raw(), size.width, size.height, ExtendedColorType::Rgb8),
            None => encoder.write_image(&picture.to_rgb8(), size.width, size.height, ExtendedColorType::Rgb8),
        }
    };
    written.map_err(|error| error.to_string())?;
    let media_type = if see_through.is_some() { "image/png" } else { "image/jpeg" };
    Ok(Encoded { bytes, media_type, size })
}
