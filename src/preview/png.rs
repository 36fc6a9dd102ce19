//! The bubble as PNG: our own SVG, in outlines, painted. Nothing is loaded and no font of the system is used.

use std::{collections::HashMap, sync::Arc};

use fast_image_resize::{ResizeOptions, Resizer};
use image::{
    DynamicImage, ExtendedColorType, ImageEncoder as _, ImageFormat,
    codecs::png::{CompressionType, FilterType, PngEncoder},
};
use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{ImageHrefResolver, ImageKind, Options, Tree},
};

use super::{
    font::Fonts,
    layout::{Layout, Rect, shape::Shape},
    model::{Picture, PictureFormat},
    svg::{Ink, PICTURE, draw, slot_name},
};

/// Pixels per CSS pixel: least and most.
const SCALES: std::ops::RangeInclusive<f32> = 0.5..=4.0;
/// Pixels per CSS pixel that suit today's screens.
pub const DEFAULT_SCALE: f32 = 2.0;

/// A picture that could not be painted.
#[derive(Debug, thiserror::Error)]
pub enum PaintError {
    /// The scale is no number from 0.5 to 4.
    #[error("a picture cannot be {0} times as large")]
    Scale(f32),
    /// The drawing could not be read back: a fault of ours.
    #[error("the drawing cannot be read: {0}")]
    Drawing(#[from] resvg::usvg::Error),
    /// There is no memory for the pixels.
    #[error("a picture of {width} x {height} pixels cannot be made")]
    Size {
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
    },
    /// The pixels could not be written as PNG.
    #[error("the picture cannot be encoded: {0}")]
    Encoding(#[from] image::ImageError),
}

impl PaintError {
    /// Stable kebab-case name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Scale(_) => "preview-scale",
            Self::Drawing(_) => "preview-drawing",
            Self::Size { .. } => "preview-size",
            Self::Encoding(_) => "preview-encoding",
        }
    }

    /// What to do.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Scale(_) | Self::Size { .. } => "Ask for a scale from 0.5 to 4.",
            Self::Drawing(_) | Self::Encoding(_) => {
                "This is a fault of scraplens: please report it with the page's address."
            }
        }
    }
}

/// Paints the bubble, `scale` pixels for each CSS pixel.
pub fn png(layout: &Layout, fonts: &Fonts, scale: f32) -> Result<Vec<u8>, PaintError> {
    if !SCALES.contains(&scale) {
        return Err(PaintError::Scale(scale));
    }
    let tree = Tree::from_str(&draw(layout, Ink::Outlines(fonts)), &options(pictures(layout, scale)))?;
    let (width, height) = (pixels(layout.width * scale), pixels(layout.height * scale));
    let mut pixmap = Pixmap::new(width, height).ok_or(PaintError::Size { width, height })?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    encode(&pixmap)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a bubble's size times four is far below 2^32"
)]
fn pixels(length: f32) -> u32 {
    length.round().max(1.0) as u32
}

/// All pictures in the pixels of their places, by the names that the drawing gives them.
fn pictures(layout: &Layout, scale: f32) -> HashMap<String, Arc<Vec<u8>>> {
    let card = layout.picture.as_ref().zip(layout.image).map(|(picture, place)| (PICTURE.to_owned(), picture, place));
    let slots = layout.message.iter().flat_map(|body| {
        body.shapes.iter().filter_map(|shape| match *shape {
            Shape::Picture { place, slot } => Some((slot_name(slot), body.pictures.get(slot)?.as_ref()?, place)),
            _ => None,
        })
    });
    let all = card.into_iter().chain(slots);
    all.filter_map(|(name, picture, place)| Some((name, Arc::new(sized(picture, place, scale)?)))).collect()
}

/// The picture in the pixels of its place, as an uncompressed PNG: scaled once and well, so that the painter only has to copy it.
/// `None` if it has no bytes or they cannot be decoded; its place is then left grey.
fn sized(picture: &Picture, place: Rect, scale: f32) -> Option<Vec<u8>> {
    let (format, bytes) = picture.bytes()?;
    let format = match format {
        PictureFormat::Jpeg => ImageFormat::Jpeg,
        PictureFormat::Png => ImageFormat::Png,
    };
    let whole = image::load_from_memory_with_format(bytes, format).ok()?.into_rgba8();
    let (width, height) = (pixels(place.width * scale), pixels(place.height * scale));
    let mut fitted = DynamicImage::new_rgba8(width, height);
    let cover = ResizeOptions::new().fit_into_destination(None);
    Resizer::new().resize(&DynamicImage::ImageRgba8(whole), &mut fitted, &cover).ok()?;
    let mut png = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut png, CompressionType::Uncompressed, FilterType::NoFilter);
    encoder.write_image(fitted.as_bytes(), width, height, ExtendedColorType::Rgba8).ok()?;
    Some(png)
}

/// Options under which a drawing can only have our pictures, under their names.
fn options(pictures: HashMap<String, Arc<Vec<u8>>>) -> Options<'static> {
    let named = move |href: &str, _: &Options<'_>| Some(ImageKind::PNG(Arc::clone(pictures.get(href)?)));
    let image_href_resolver =
        ImageHrefResolver { resolve_data: Box::new(|_, _, _| None), resolve_string: Box::new(named) };
    Options { image_href_resolver, ..Options::default() }
}

/// Writes the pixels without their transparency: the chat's ground covers the whole picture.
fn encode(pixmap: &Pixmap) -> Result<Vec<u8>, PaintError> {
    let colours: Vec<u8> =
        pixmap.pixels().iter().flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue()]).collect();
    let mut png = Vec::with_capacity(colours.len() / 8);
    PngEncoder::new_with_quality(&mut png, CompressionType::Fast, FilterType::Adaptive).write_image(
        &colours,
        pixmap.width(),
        pixmap.height(),
        ExtendedColorType::Rgb8,
    )?;
    Ok(png)
}
