//! What a picture is, from its header alone: format, size as shown, orientation, whether it moves. Decodes nothing.

use std::io::Cursor;

use super::{
    Format, Refusal, Settings, Size,
    contain::contained,
    header::{self, Header},
    sniff, svg,
};

/// Longest side that is believed of a picture that nobody decodes, in pixels.
const MAX_SIDE: usize = 1 << 30;

/// What the header of a picture says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// What the bytes are.
    pub format: Format,
    /// How large it is as shown, EXIF orientation applied. `None` only for formats that are not drawn here, where
    /// their header does not tell.
    pub size: Option<Size>,
    /// EXIF orientation, 1 to 8.
    pub orientation: Option<u8>,
    /// True if it moves; false also for formats that are not drawn here.
    pub animated: bool,
}

/// Reads the header. Bytes that are cut off behind it do no harm, so that a prefix of a file can be asked about.
///
/// # Errors
/// [`Refusal::NotImage`], [`Refusal::Undecodable`] for a broken header or a side of no pixels, and
/// [`Refusal::TooManyPixels`].
pub fn probe(bytes: &[u8], settings: &Settings) -> Result<Facts, Refusal> {
    let format = sniff::sniff(bytes).map_err(|looks_like| Refusal::NotImage { looks_like })?;
    let header = match format {
        Format::Jpeg => header::jpeg(bytes),
        Format::Png => header::png(bytes),
        Format::Gif => header::gif(bytes),
        Format::Webp => header::webp(bytes),
        Format::Svg => return svg_facts(bytes, settings),
        Format::Avif | Format::Heic | Format::Ico | Format::Bmp | Format::Tiff | Format::Jxl => {
            let size = foreign_size(format, bytes);
            return Ok(Facts { format, size, orientation: None, animated: false });
        }
    };
    let header = header.map_err(|fault| disguised(bytes, Refusal::undecodable(format, fault)))?;
    let facts =
        Facts { format, size: Some(shown(&header)), orientation: header.orientation, animated: header.animated };
    bounded(format, &header, settings).map_err(|refusal| disguised(bytes, refusal))?;
    Ok(facts)
}

/// A page that opens like a picture is a page: `GIF89a/*<html>` and its kin break every decoder.
pub(super) fn disguised(bytes: &[u8], refusal: Refusal) -> Refusal {
    let page = matches!(refusal, Refusal::Undecodable { .. } | Refusal::TooManyPixels { .. });
    if page && sniff::looks_like_html(bytes) { Refusal::NotImage { looks_like: "html" } } else { refusal }
}

fn shown(header: &Header) -> Size {
    let Size { width, height } = header.stored;
    if matches!(header.orientation, Some(5..=8)) { Size { width: height, height: width } } else { header.stored }
}

fn bounded(format: Format, header: &Header, settings: &Settings) -> Result<(), Refusal> {
    let size = header.stored;
    within_sides(format, size, settings)?;
    let pixels = u64::from(size.width) * u64::from(size.height);
    let too_many = |limit: u64, of: u64| Refusal::TooManyPixels {
        format,
        size: shown(header),
        limit: format!("{} megapixels of this kind", limit / of.max(1) / 1_000_000),
    };
    if pixels.saturating_mul(header.decoded) > settings.max_alloc_bytes {
        return Err(too_many(settings.max_alloc_bytes, header.decoded));
    }
    let all = header.decoded + header.working;
    if pixels.saturating_mul(all) > settings.max_working_bytes {
        return Err(too_many(settings.max_working_bytes, all));
    }
    Ok(())
}

fn within_sides(format: Format, size: Size, settings: &Settings) -> Result<(), Refusal> {
    let Size { width, height } = size;
    if width == 0 || height == 0 {
        return Err(Refusal::undecodable(format, format!("it is {width} x {height} pixels")));
    }
    if width > settings.max_width || height > settings.max_height {
        let limit = format!("{} x {}", settings.max_width, settings.max_height);
        return Err(Refusal::TooManyPixels { format, size, limit });
    }
    Ok(())
}

fn svg_facts(bytes: &[u8], settings: &Settings) -> Result<Facts, Refusal> {
    let size = svg::size(bytes).map_err(|fault| Refusal::undecodable(Format::Svg, fault))?;
    within_sides(Format::Svg, size, settings)?;
    Ok(Facts { format: Format::Svg, size: Some(size), orientation: None, animated: false })
}

/// The size of a picture that is only measured here, never decoded; `imagesize` reads it from the header.
fn foreign_size(format: Format, bytes: &[u8]) -> Option<Size> {
    let read = || imagesize::reader_size(Cursor::new(bytes)).ok();
    let found = contained(format, read).ok().flatten()?;
    let side = |pixels: usize| u32::try_from(pixels).ok().filter(|_| (1..=MAX_SIDE).contains(&pixels));
    Some(Size { width: side(found.width)?, height: side(found.height)? })
}
