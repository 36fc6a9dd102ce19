//! The header of a PNG: IHDR, and the chunks before the picture's data (W3C PNG, third edition, 5 and 11).
//! Compressed chunks are skipped by their length: iCCP and zTXt are where bombs hide.

use super::{CUT, Fault, Header, be32, exif, length};
use crate::image::Size;

const SIGNATURE_BYTES: usize = 8;

/// One chunk of a PNG.
pub(in crate::image) struct Chunk<'a> {
    pub kind: &'a [u8],
    pub data: &'a [u8],
    /// All of it, with its length and checksum.
    pub whole: &'a [u8],
}

/// The chunks, up to the first that is cut off.
pub(in crate::image) fn chunks(bytes: &[u8]) -> impl Iterator<Item = Chunk<'_>> {
    let mut rest = bytes.get(SIGNATURE_BYTES..).unwrap_or_default();
    std::iter::from_fn(move || {
        let end = length(be32(rest, 0)?).checked_add(8)?;
        let chunk = Chunk { kind: rest.get(4..8)?, data: rest.get(8..end)?, whole: rest.get(..end.checked_add(4)?)? };
        rest = rest.get(end + 4..)?;
        Some(chunk)
    })
}

/// Reads IHDR, and whether acTL, eXIf and tRNS stand before the data.
pub(in crate::image) fn png(bytes: &[u8]) -> Result<Header, Fault> {
    // By its place, not as a chunk: a file that is cut behind the size still has one.
    if bytes.get(12..16).ok_or(CUT)? != b"IHDR" {
        return Err("the first chunk is not IHDR");
    }
    let size = Size { width: be32(bytes, 16).ok_or(CUT)?, height: be32(bytes, 20).ok_or(CUT)? };
    let (depth, colour) = (*bytes.get(24).ok_or(CUT)?, *bytes.get(25).ok_or(CUT)?);
    let (mut animated, mut transparent, mut orientation) = (false, false, None);
    for chunk in chunks(bytes) {
        match chunk.kind {
            b"acTL" => animated = be32(chunk.data, 0).is_some_and(|frames| frames > 1),
            b"tRNS" => transparent = true,
            b"eXIf" => orientation = exif::orientation(chunk.data),
            // What else may stand behind the data is for decoders; eXIf there is allowed, but rare.
            b"IDAT" => break,
            _ => {}
        }
    }
    let channels = match colour {
        0 => 1,
        4 => 2,
        6 => 4,
        _ => 3,
    } + u64::from(transparent);
    let decoded = channels * if depth == 16 { 2 } else { 1 };
    let converted = matches!((colour, depth), (2 | 3 | 6, 0..=8));
    let turned = matches!(orientation, Some(5..=8));
    let working = if converted && !turned { 0 } else { 4 };
    Ok(Header { stored: size, orientation, animated, decoded, working })
}
