//! Headers of picture files: how large, how turned, whether moving. Reads lengths and skips contents; inflates nothing,
//! allocates nothing, and takes at most one step per few bytes of the file.

mod exif;
mod gif;
mod jpeg;
mod png;
mod webp;

pub(super) use self::{
    gif::gif,
    jpeg::jpeg,
    png::{Chunk, chunks, png},
    webp::webp,
};

use super::Size;

/// What a header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    /// As stored, before any turning.
    pub stored: Size,
    /// EXIF orientation, 1 to 8.
    pub orientation: Option<u8>,
    pub animated: bool,
    /// Bytes that the decoder's output takes for each pixel.
    pub decoded: u64,
    /// Bytes that it and what follows need beside that for each pixel, at most.
    pub working: u64,
}

/// What is wrong with a header.
pub(super) type Fault = &'static str;

/// The file ends inside its header.
pub(super) const CUT: Fault = "the file ends inside its header";

pub(super) fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_be_bytes)
}

pub(super) fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_be_bytes)
}

pub(super) fn le16(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_le_bytes)
}

pub(super) fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_le_bytes)
}

/// Lengths in files are 32 bits; where `usize` is smaller, the file cannot be that long either.
pub(super) fn length(value: u32) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}
