//! The one EXIF entry that changes how a picture is shown (CIPA DC-008, tag 0x0112). Not the other hundreds.

use super::{be16, be32, le16, le32, length};

/// Entries that are looked at. Orientation stands in the first directory, which holds a dozen or two.
const MAX_ENTRIES: u16 = 512;

/// Orientation, 1 to 8, from a TIFF structure as EXIF has it.
pub(super) fn orientation(tiff: &[u8]) -> Option<u8> {
    type Read<T> = fn(&[u8], usize) -> Option<T>;
    let (read16, read32): (Read<u16>, Read<u32>) = match tiff.get(..4)? {
        b"II*\0" => (le16, le32),
        b"MM\0*" => (be16, be32),
        _ => return None,
    };
    let directory = length(read32(tiff, 4)?);
    let count = read16(tiff, directory)?.min(MAX_ENTRIES);
    let first = directory.checked_add(2)?;
    for entry in 0..usize::from(count) {
        let at = first.checked_add(entry * 12)?;
        // Tag 0x0112, type 3 (SHORT): the value stands in the entry itself.
        if read16(tiff, at)? == 0x0112 && read16(tiff, at + 2)? == 3 {
            return u8::try_from(read16(tiff, at + 8)?).ok().filter(|value| (1..=8).contains(value));
        }
    }
    None
}
