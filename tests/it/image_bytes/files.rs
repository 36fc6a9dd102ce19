//! Picture files, built byte by byte where nothing here can write them. What they are for is said in the tests.

use std::io::Write as _;

use flate2::{Compression, write::ZlibEncoder};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, codecs::jpeg::JpegEncoder};
use scraplens::image::{Settings, Size};

pub(super) fn settings() -> Settings {
    let defaults: toml::Table = toml::from_str(include_str!("../../../config/default.toml")).unwrap();
    defaults["image"].clone().try_into().unwrap()
}

pub(super) fn size(width: u32, height: u32) -> Size {
    Size { width, height }
}

/// A picture in which no two quarters look alike.
pub(super) fn quarters(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| match (x < width / 2, y < height / 2) {
        (true, true) => Rgb([250, 10, 10]),
        (false, true) => Rgb([10, 250, 10]),
        (true, false) => Rgb([10, 10, 250]),
        (false, false) => Rgb([250, 250, 10]),
    })
}

pub(super) fn file(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub(super) fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 85).encode_image(&quarters(width, height)).unwrap();
    bytes
}

pub(super) fn png(width: u32, height: u32) -> Vec<u8> {
    file(&quarters(width, height).into(), ImageFormat::Png)
}

pub(super) fn gif(width: u32, height: u32) -> Vec<u8> {
    file(&DynamicImage::from(quarters(width, height)).into_rgba8().into(), ImageFormat::Gif)
}

pub(super) fn webp(width: u32, height: u32) -> Vec<u8> {
    file(&quarters(width, height).into(), ImageFormat::WebP)
}

/// An EXIF segment whose only entry is the orientation, put behind the first marker.
pub(super) fn with_orientation(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut tiff = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    tiff.extend([orientation, 0, 0, 0, 0, 0, 0]);
    let mut bytes = vec![0xff, 0xd8, 0xff, 0xe1];
    bytes.extend(u16::try_from(tiff.len() + 2).unwrap().to_be_bytes());
    bytes.extend(tiff);
    bytes.extend(&jpeg[2..]);
    bytes
}

pub(super) fn png_chunk(kind: &[u8], data: &[u8]) -> Vec<u8> {
    let mut crc = flate2::Crc::new();
    crc.update(kind);
    crc.update(data);
    let mut chunk = u32::try_from(data.len()).unwrap().to_be_bytes().to_vec();
    chunk.extend(kind);
    chunk.extend(data);
    chunk.extend(crc.sum().to_be_bytes());
    chunk
}

/// A PNG of these chunks, between IHDR (eight bits a channel) and IEND.
pub(super) fn png_of(width: u32, height: u32, colour: u8, chunks: &[Vec<u8>]) -> Vec<u8> {
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([8, colour, 0, 0, 0]);
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    bytes.extend(png_chunk(b"IHDR", &header));
    bytes.extend(chunks.concat());
    bytes.extend(png_chunk(b"IEND", &[]));
    bytes
}

pub(super) fn zeros_deflated(length: usize) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    let block = vec![0; 1 << 20];
    for _ in 0..length / block.len() {
        encoder.write_all(&block).unwrap();
    }
    encoder.write_all(&block[..length % block.len()]).unwrap();
    encoder.finish().unwrap()
}

pub(super) fn black_png(width: u32, height: u32) -> Vec<u8> {
    let data = zeros_deflated((width as usize * 3 + 1) * height as usize);
    png_of(width, height, 2, &[png_chunk(b"IDAT", &data)])
}

/// A JPEG segment with its length.
pub(super) fn segment(marker: u8, data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0xff, marker];
    bytes.extend(u16::try_from(data.len() + 2).unwrap().to_be_bytes());
    bytes.extend(data);
    bytes
}

/// A grey or coloured progressive JPEG, all of one value, followed by scans that say nothing about every block again.
pub(super) fn progressive(side: u16, components: u8, idle_scans: usize) -> Vec<u8> {
    let mut frame = vec![8];
    frame.extend([side.to_be_bytes(), side.to_be_bytes()].concat());
    frame.push(components);
    frame.extend((1..=components).flat_map(|id| [id, 0x11, 0]));
    let mut bytes = vec![0xff, 0xd8];
    bytes.extend(segment(0xdb, &[vec![0], vec![1; 64]].concat()));
    bytes.extend(segment(0xc2, &frame));
    // One code of one bit each: `0` says "no difference" for DC, and "the next 16384 blocks and more are done" for AC.
    let one_code = |class: u8, value: u8| [vec![class, 1], vec![0; 15], vec![value]].concat();
    bytes.extend(segment(0xc4, &one_code(0x00, 0)));
    bytes.extend(segment(0xc4, &one_code(0x10, 0xe0)));
    let mut scan = vec![components];
    scan.extend((1..=components).flat_map(|id| [id, 0]));
    scan.extend([0, 0, 0]);
    bytes.extend(segment(0xda, &scan));
    let blocks = usize::from(side.div_ceil(8)).pow(2);
    bytes.extend(vec![0; (blocks * usize::from(components)).div_ceil(8)]);
    for _ in 0..idle_scans {
        bytes.extend(segment(0xda, &[1, 1, 0, 1, 63, 0]));
        // Fifteen bits for each run: the code, and fourteen bits of how many more.
        bytes.extend(vec![0x00; (blocks / 16384 + 1) * 2]);
    }
    bytes.extend([0xff, 0xd9]);
    bytes
}

/// A GIF of this screen, whose pictures are of one pixel.
pub(super) fn tiny_frames(width: u16, height: u16, frames: usize) -> Vec<u8> {
    let mut bytes = b"GIF89a".to_vec();
    bytes.extend([width.to_le_bytes(), height.to_le_bytes()].concat());
    bytes.extend([0x80, 0, 0, 0, 0, 0, 255, 255, 255]);
    for _ in 0..frames {
        bytes.extend([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 0x01, 0]);
    }
    bytes.push(0x3b);
    bytes
}

/// A lossless WebP that says it is this large and goes on with nothing.
pub(super) fn hollow_webp(width: u32, height: u32) -> Vec<u8> {
    let mut body = b"WEBPVP8L\x20\0\0\0\x2f".to_vec();
    body.extend(((width - 1) | (height - 1) << 14).to_le_bytes());
    body.extend([0; 27]);
    [b"RIFF".to_vec(), u32::try_from(body.len()).unwrap().to_le_bytes().to_vec(), body].concat()
}

pub(super) fn svg(attributes: &str, inside: &str) -> Vec<u8> {
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {attributes}>{inside}</svg>"#
    )
    .into_bytes()
}

pub(super) fn repeat(count: usize, each: impl Fn(usize) -> String) -> String {
    (0..count).map(each).collect()
}

/// VP8X, ANIM and two frames, each the VP8L chunk of a still WebP (RFC 9649, 2.7).
pub(super) fn moving_webp(width: u32, height: u32) -> Vec<u8> {
    let three = |number: u32| number.to_le_bytes()[..3].to_vec();
    let chunk = |kind: &[u8; 4], data: Vec<u8>| {
        let length = u32::try_from(data.len()).unwrap().to_le_bytes().to_vec();
        let padding = vec![0; data.len() % 2];
        [kind.to_vec(), length, data, padding].concat()
    };
    let still = webp(width, height)[12..].to_vec();
    let frame = [three(0), three(0), three(width - 1), three(height - 1), three(100), vec![0], still].concat();
    let mut body = b"WEBP".to_vec();
    body.extend(chunk(b"VP8X", [vec![0x02, 0, 0, 0], three(width - 1), three(height - 1)].concat()));
    body.extend(chunk(b"ANIM", vec![0; 6]));
    body.extend(chunk(b"ANMF", frame.clone()));
    body.extend(chunk(b"ANMF", frame));
    [b"RIFF".to_vec(), u32::try_from(body.len()).unwrap().to_le_bytes().to_vec(), body].concat()
}

/// ISO/IEC 14496-12 boxes down to `ispe`, which holds the size (ISO/IEC 23008-12, 6.5.3).
pub(super) fn iso_media(major: &[u8], compatible: &[&[u8]], width: u32, height: u32) -> Vec<u8> {
    let boxed = |kind: &[u8; 4], data: Vec<u8>| {
        [(u32::try_from(data.len()).unwrap() + 8).to_be_bytes().to_vec(), kind.to_vec(), data].concat()
    };
    let brands: Vec<u8> = compatible.iter().flat_map(|brand| brand.to_vec()).collect();
    let ispe = boxed(b"ispe", [vec![0; 4], width.to_be_bytes().to_vec(), height.to_be_bytes().to_vec()].concat());
    let iprp = boxed(b"iprp", boxed(b"ipco", ispe));
    let ftyp = boxed(b"ftyp", [major.to_vec(), vec![0; 4], brands].concat());
    [ftyp, boxed(b"meta", [vec![0; 4], iprp].concat()), boxed(b"mdat", vec![0; 8])].concat()
}

pub(super) fn bitmap(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"BM\x36\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
    bytes.extend([width.to_le_bytes(), height.to_le_bytes()].concat());
    bytes.extend([1, 0, 24, 0]);
    bytes.extend([0; 24]);
    bytes
}
