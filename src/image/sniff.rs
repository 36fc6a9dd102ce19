//! What bytes are, by their first ones. Never by a `Content-Type`, and never deeper than the signature.
//! Signatures after the WHATWG MIME Sniffing standard, section 6, and the formats' own specifications.

use memchr::memmem;

use super::{Format, svg};

/// Bytes at the start in which HTML is looked for; what the MIME Sniffing standard reads (its section 5.2).
const TEXT_BYTES: usize = 1445;

/// The format, or what the bytes look like instead.
pub(super) fn sniff(bytes: &[u8]) -> Result<Format, &'static str> {
    match bytes {
        [] => Err("empty"),
        [0xff, 0xd8, 0xff, ..] => Ok(Format::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Ok(Format::Png),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Ok(Format::Gif),
        [b'R', b'I', b'F', b'F', _, _, _, _, kind @ ..] if kind.starts_with(b"WEBP") => Ok(Format::Webp),
        [b'R', b'I', b'F', b'F', _, _, _, _, kind @ ..] if kind.starts_with(b"AVI ") => Err("video/x-msvideo"),
        [b'R', b'I', b'F', b'F', _, _, _, _, kind @ ..] if kind.starts_with(b"WAVE") => Err("audio/wav"),
        [0xff, 0x0a, ..] | [0, 0, 0, 0x0c, b'J', b'X', b'L', b' ', 0x0d, 0x0a, 0x87, 0x0a, ..] => Ok(Format::Jxl),
        [b'I', b'I', b'*', 0, ..] | [b'M', b'M', 0, b'*', ..] => Ok(Format::Tiff),
        [0, 0, 1, 0, count, 0, _, _, _, 0, ..] if *count > 0 => Ok(Format::Ico),
        // The two letters alone begin many a text: the size of the second header makes it a bitmap.
        [b'B', b'M', ..] if matches!(bytes.get(14..18), Some([12 | 16 | 40 | 52 | 56 | 64 | 108 | 124, 0, 0, 0])) => {
            Ok(Format::Bmp)
        }
        [_, _, _, _, b'f', b't', b'y', b'p', brands @ ..] => iso_media(brands),
        [0x1a, 0x45, 0xdf, 0xa3, ..] => Err("video/webm"),
        [0, 0, 1, 0xba | 0xb3, ..] => Err("video/mpeg"),
        [b'O', b'g', b'g', b'S', ..] => Err("application/ogg"),
        [b'I', b'D', b'3', ..] | [0xff, 0xe2..=0xfb, ..] => Err("audio/mpeg"),
        [b'%', b'P', b'D', b'F', b'-', ..] => Err("pdf"),
        [0x1f, 0x8b, ..] => Err("gzip"),
        [b'P', b'K', 3, 4, ..] => Err("zip"),
        [b'8', b'B', b'P', b'S', ..] => Err("image/vnd.adobe.photoshop"),
        _ => text(bytes),
    }
}

/// ISO base media file format: the major brand, then a version, then the compatible ones (ISO/IEC 14496-12, 4.3).
fn iso_media(brands: &[u8]) -> Result<Format, &'static str> {
    let all = || brands.chunks_exact(4).take(16).enumerate().filter(|(at, _)| *at != 1).map(|(_, brand)| brand);
    let is = |wanted: &[&[u8; 4]]| all().any(|brand| wanted.iter().any(|wanted| brand == &wanted[..]));
    let major = brands.get(..4).unwrap_or_default();
    match major {
        b"avif" | b"avis" => Ok(Format::Avif),
        b"mif1" | b"msf1" | b"mif2" | b"miaf" if is(&[b"avif", b"avis"]) => Ok(Format::Avif),
        b"heic" | b"heix" | b"hevc" | b"hevx" | b"heim" | b"heis" | b"mif1" | b"msf1" | b"mif2" | b"miaf" => {
            Ok(Format::Heic)
        }
        b"qt  " => Err("video/quicktime"),
        b"M4A " => Err("audio/mp4"),
        _ => Err("video/mp4"),
    }
}

fn text(bytes: &[u8]) -> Result<Format, &'static str> {
    let head = bytes.get(..bytes.len().min(TEXT_BYTES)).unwrap_or_default();
    if svg::is_svg(bytes) {
        return Ok(Format::Svg);
    }
    if head.iter().any(|byte| matches!(byte, 0..=8 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f)) && !is_utf16(head) {
        return Err("unknown");
    }
    let start = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    match start {
        [] => Err("text"),
        [b'{' | b'[', ..] => Err("json"),
        _ if looks_like_html(head) => Err("html"),
        _ if start.starts_with(b"<?xml") => Err("xml"),
        _ => Err("text"),
    }
}

fn is_utf16(head: &[u8]) -> bool {
    matches!(head, [0xff, 0xfe, ..] | [0xfe, 0xff, ..])
}

/// True if the beginning holds what only a page or a script holds. Files that are a picture at first glance
/// and a page at the second are told by this too.
pub(super) fn looks_like_html(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(TEXT_BYTES)).unwrap_or_default().to_ascii_lowercase();
    let marks: [&[u8]; 8] =
        [b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<title", b"<iframe", b"<meta"];
    marks.iter().any(|mark| memmem::find(&head, mark).is_some())
}
