//! The header of a GIF, and whether a second picture follows (GIF 89a specification, 17 to 26). Never the LZW data.

use super::{CUT, Fault, Header, le16};
use crate::image::Size;

/// Reads the logical screen, then skips blocks until a second picture or the end.
pub(in crate::image) fn gif(bytes: &[u8]) -> Result<Header, Fault> {
    let (width, height) = (le16(bytes, 6).ok_or(CUT)?, le16(bytes, 8).ok_or(CUT)?);
    let size = Size { width: width.into(), height: height.into() };
    // Decoded as RGBA, each picture beside the screen it is put on.
    Ok(Header { stored: size, orientation: None, animated: pictures(bytes).unwrap_or(0) > 1, decoded: 4, working: 5 })
}

/// Pictures, counted up to two; what is cut off or unknown ends the count.
fn pictures(bytes: &[u8]) -> Option<u8> {
    let mut at = 13 + table(*bytes.get(10)?);
    let mut found = 0;
    while let Some(introducer) = bytes.get(at) {
        match introducer {
            // An extension: a label, then sub-blocks.
            0x21 => at = sub_blocks(bytes, at + 2).unwrap_or(bytes.len()),
            // A picture: its place, flags, perhaps a table, the LZW code size, then sub-blocks.
            0x2c => {
                found += 1;
                let Some(flags) = bytes.get(at + 9).filter(|_| found < 2) else { break };
                at = sub_blocks(bytes, at + 10 + table(*flags) + 1).unwrap_or(bytes.len());
            }
            _ => break,
        }
    }
    Some(found)
}

/// Bytes of the colour table that these flags announce.
fn table(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// The place behind the sub-blocks that begin at `at`.
fn sub_blocks(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match bytes.get(at)? {
            0 => return Some(at + 1),
            length => at += usize::from(*length) + 1,
        }
    }
}
