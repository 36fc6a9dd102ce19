//! The header of a JPEG: the segments up to the frame (ITU-T T.81, annex B). Never the picture itself.

use super::{CUT, Fault, Header, be16, exif};
use crate::image::Size;

/// Walks the segments to the start of frame, and reads the orientation on the way.
pub(in crate::image) fn jpeg(bytes: &[u8]) -> Result<Header, Fault> {
    let mut at = 2;
    let mut orientation = None;
    loop {
        let marker = loop {
            match (bytes.get(at).ok_or(CUT)?, bytes.get(at + 1).ok_or(CUT)?) {
                // Any number of 0xff may stand before a marker (B.1.1.2).
                (0xff, 0xff) => at += 1,
                (0xff, marker) => break *marker,
                _ => return Err("there is no marker where a segment should begin"),
            }
        };
        at += 2;
        match marker {
            // Markers without a segment: TEM, RSTn, SOI.
            0x01 | 0xd0..=0xd8 => continue,
            0xd9 => return Err("the picture ends before it begins"),
            0xda => return Err("the scan comes before the frame"),
            _ => {}
        }
        let length = usize::from(be16(bytes, at).ok_or(CUT)?);
        if length < 2 {
            return Err("a segment is shorter than its own length");
        }
        let segment = bytes.get(at + 2..at + length);
        match marker {
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                return frame(marker, segment.ok_or(CUT)?, orientation);
            }
            0xe1 if orientation.is_none() => {
                orientation = segment.and_then(|it| it.strip_prefix(b"Exif\0\0")).and_then(exif::orientation);
            }
            _ => {}
        }
        at += length;
    }
}

fn frame(marker: u8, segment: &[u8], orientation: Option<u8>) -> Result<Header, Fault> {
    let (height, width) = (be16(segment, 1).ok_or(CUT)?, be16(segment, 3).ok_or(CUT)?);
    let count = *segment.get(5).ok_or(CUT)?;
    let factors = segment.get(6..).unwrap_or_default().chunks_exact(3).take(usize::from(count)).filter_map(|it| {
        let factors = u64::from(*it.get(1)?);
        Some((factors >> 4, factors & 0xf))
    });
    let (mut blocks, mut widest, mut tallest) = (0, 1, 1);
    for (across, down) in factors {
        blocks += across * down;
        widest = widest.max(across);
        tallest = tallest.max(down);
    }
    // A progressive picture is kept whole as coefficients of two bytes until its last scan.
    let progressive = matches!(marker, 0xc2 | 0xc6 | 0xca | 0xce);
    let coefficients = if progressive { (2 * blocks).div_ceil(widest * tallest) } else { 0 };
    let decoded = if count == 1 { 1 } else { 3 };
    let turned = if matches!(orientation, Some(5..=8)) { 3 } else { 0 };
    let size = Size { width: width.into(), height: height.into() };
    Ok(Header {
        stored: size,
        orientation,
        animated: false,
        decoded,
        working: coefficients.max(turned).max(if count == 1 { 3 } else { 0 }),
    })
}
