//! The header of a WebP (RFC 9649): VP8, VP8L or VP8X, and behind VP8X the EXIF chunk. Never the picture itself.

use super::{CUT, Fault, Header, exif, le16, le32, length};
use crate::image::Size;

const ANIMATION: u8 = 0x02;
const EXIF: u8 = 0x08;
const ALPHA: u8 = 0x10;

/// Reads the first chunk, which tells the size (2.5 to 2.7).
pub(in crate::image) fn webp(bytes: &[u8]) -> Result<Header, Fault> {
    let chunk = bytes.get(20..).ok_or(CUT)?;
    let still = |size| Header { stored: size, orientation: None, animated: false, decoded: 4, working: 6 };
    match bytes.get(12..16).ok_or(CUT)? {
        b"VP8 " => {
            if chunk.get(3..6).ok_or(CUT)? != [0x9d, 0x01, 0x2a] {
                return Err("the VP8 frame has no start code");
            }
            // Fourteen bits each; the upper two say how to scale, which nobody does.
            let pixels = |at| Some(u32::from(le16(chunk, at)? & 0x3fff));
            Ok(Header { decoded: 3, ..still(Size { width: pixels(6).ok_or(CUT)?, height: pixels(8).ok_or(CUT)? }) })
        }
        b"VP8L" => {
            if *chunk.first().ok_or(CUT)? != 0x2f {
                return Err("the VP8L signature is missing");
            }
            let bits = le32(chunk, 1).ok_or(CUT)?;
            Ok(still(Size { width: (bits & 0x3fff) + 1, height: (bits >> 14 & 0x3fff) + 1 }))
        }
        b"VP8X" => {
            let flags = *chunk.first().ok_or(CUT)?;
            let pixels = |at| Some((le32(chunk, at)? & 0x00ff_ffff) + 1);
            // The height is the last field, so that four bytes at it reach into the next chunk.
            let height = u32::from(le16(chunk, 7).ok_or(CUT)?) + (u32::from(*chunk.get(9).ok_or(CUT)?) << 16) + 1;
            let size = Size { width: pixels(4).ok_or(CUT)?, height };
            let animated = flags & ANIMATION != 0;
            Ok(Header {
                orientation: if flags & EXIF == 0 { None } else { orientation(bytes) },
                animated,
                decoded: if flags & ALPHA == 0 && !animated { 3 } else { 4 },
                ..still(size)
            })
        }
        _ => Err("the first chunk is none of VP8, VP8L and VP8X"),
    }
}

fn orientation(bytes: &[u8]) -> Option<u8> {
    let mut rest = bytes.get(12..)?;
    loop {
        let size = length(le32(rest, 4)?);
        let data = rest.get(8..8usize.checked_add(size)?)?;
        if rest.starts_with(b"EXIF") {
            // Some writers repeat the prefix that EXIF has in a JPEG.
            return exif::orientation(data.strip_prefix(b"Exif\0\0").unwrap_or(data));
        }
        // Chunks are padded to an even length (2.3).
        rest = rest.get(8usize.checked_add(size)?.checked_add(size & 1)?..)?;
    }
}
