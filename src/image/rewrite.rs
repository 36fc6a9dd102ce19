//! A picture written anew at its full size, as whoever keeps it wants it: nothing of the file it came from but its pixels is in it.
//! Cuts and scales nothing: that is `render`'s.

use image::{
    DynamicImage, ExtendedColorType, ImageEncoder,
    codecs::{
        jpeg::JpegEncoder,
        png::{CompressionType, FilterType, PngEncoder},
    },
};

use super::{Encoded, Format, Picture, Refusal, Settings, contain::contained};

/// Writes a picture anew: PNG stays PNG without loss, JPEG stays JPEG, and what else there is becomes PNG if anything shows through, else
/// JPEG. Takes its time: call it where blocking is allowed.
///
/// # Errors
/// [`Refusal::Undecodable`], should encoding fail, which valid pictures give no reason for.
pub fn rewrite(picture: &Picture, from: Format, settings: &Settings) -> Result<Encoded, Refusal> {
    let quality = settings.jpeg_quality.clamp(1, 100);
    contained(from, || encode(picture, from, quality))?.map_err(|error| Refusal::undecodable(from, error.to_string()))
}

fn encode(picture: &Picture, from: Format, quality: u8) -> image::ImageResult<Encoded> {
    let size = picture.size();
    let pixels = picture.pixels();
    let mut bytes = Vec::new();
    let png = from == Format::Png || shows_through(pixels);
    if png {
        let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::Adaptive);
        let colour = if pixels.color().has_alpha() { ExtendedColorType::Rgba8 } else { ExtendedColorType::Rgb8 };
        encoder.write_image(pixels.as_bytes(), size.width, size.height, colour)?;
    } else {
        let encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
        match pixels.as_rgb8() {
            Some(rgb) => encoder.write_image(rgb.as_raw(), size.width, size.height, ExtendedColorType::Rgb8)?,
            None => encoder.write_image(&pixels.to_rgb8(), size.width, size.height, ExtendedColorType::Rgb8)?,
        }
    }
    Ok(Encoded { bytes, media_type: if png { "image/png" } else { "image/jpeg" }, size })
}

fn shows_through(pixels: &DynamicImage) -> bool {
    pixels.as_rgba8().is_some_and(|rgba| rgba.pixels().any(|pixel| pixel.0.last() != Some(&u8::MAX)))
}
