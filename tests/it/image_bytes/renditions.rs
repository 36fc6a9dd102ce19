//! The pictures of our own making: their size, their cut, and that nothing of the site's file is in them.

use image::{ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use scraplens::image::{Fit, Rendition, render};

use super::{
    files::{file, jpeg, png_chunk, segment, settings, size},
    good,
};

fn rendition(width: u32, height: Option<u32>, fit: Fit) -> Rendition {
    Rendition { width, height, fit }
}

#[test]
fn a_rendition_has_the_size_that_was_asked_for() {
    let picture = good(&jpeg(1200, 630)).picture.unwrap();
    let cases = [
        (rendition(800, Some(400), Fit::Cover), size(800, 400)),
        (rendition(90, Some(90), Fit::Cover), size(90, 90)),
        (rendition(1600, Some(800), Fit::Cover), size(1600, 800)),
        (rendition(4_000_000, Some(2_000_000), Fit::Cover), size(1600, 800)),
        (rendition(600, None, Fit::Cover), size(600, 315)),
        (rendition(600, None, Fit::Contain), size(600, 315)),
        (rendition(600, Some(100), Fit::Contain), size(190, 100)),
        (rendition(1600, Some(1600), Fit::Contain), size(1200, 630)),
        (rendition(0, Some(0), Fit::Cover), size(1, 1)),
        (rendition(u32::MAX, None, Fit::Contain), size(1200, 630)),
        (rendition(1, Some(u32::MAX), Fit::Cover), size(1, 1600)),
    ];
    for (wanted, expected) in cases {
        let encoded = render(&picture, &wanted, &settings()).unwrap();
        assert_eq!((encoded.size, encoded.media_type), (expected, "image/jpeg"), "{wanted:?}");
        let read = image::load_from_memory(&encoded.bytes).unwrap();
        assert_eq!((read.width(), read.height()), (expected.width, expected.height), "{wanted:?}");
    }
}

#[test]
fn a_rendition_is_cut_at_the_centre() {
    // A white band of 100 pixels in the middle of black, 400 across: a square of it is white at its centre only.
    let band = RgbImage::from_fn(400, 100, |x, _| if (150..250).contains(&x) { Rgb([255; 3]) } else { Rgb([0; 3]) });
    let picture = good(&file(&band.into(), ImageFormat::Png)).picture.unwrap();

    let square = render(&picture, &rendition(100, Some(100), Fit::Cover), &settings()).unwrap();

    let read = image::load_from_memory(&square.bytes).unwrap().to_luma8();
    assert!(read.pixels().all(|pixel| pixel.0[0] > 240));
}

#[test]
fn what_is_transparent_stays_so() {
    let half = RgbaImage::from_fn(40, 20, |x, _| if x < 20 { Rgba([255, 0, 0, 255]) } else { Rgba([0; 4]) });
    let opaque = RgbaImage::from_pixel(40, 20, Rgba([255, 0, 0, 255]));
    let of = |pixels: RgbaImage| {
        let picture = good(&file(&pixels.into(), ImageFormat::Png)).picture.unwrap();
        render(&picture, &rendition(20, Some(10), Fit::Cover), &settings()).unwrap()
    };

    let (half, opaque) = (of(half), of(opaque));

    assert_eq!((half.media_type, opaque.media_type), ("image/png", "image/jpeg"));
    let read = image::load_from_memory(&half.bytes).unwrap().to_rgba8();
    assert_eq!((read.get_pixel(2, 5).0, read.get_pixel(17, 5).0[3]), ([255, 0, 0, 255], 0));
}

#[test]
fn nothing_of_the_file_but_its_pixels_is_in_the_rendition() {
    const SECRET: &[u8] = b"<script>alert('secret')</script>";
    let mut jpeg = jpeg(64, 32);
    let segments: Vec<u8> = [(0xfe, vec![]), (0xe1, b"Exif\0\0".to_vec()), (0xe2, b"ICC_PROFILE\0\x01\x01".to_vec())]
        .into_iter()
        .flat_map(|(marker, prefix)| segment(marker, &[prefix, SECRET.to_vec()].concat()))
        .collect();
    jpeg.splice(2..2, segments);
    jpeg.extend(SECRET);
    let mut png = file(&RgbaImage::from_pixel(64, 32, Rgba([9, 9, 9, 9])).into(), ImageFormat::Png);
    png.splice(33..33, png_chunk(b"tEXt", &[b"Comment\0".to_vec(), SECRET.to_vec()].concat()));
    png.extend(SECRET);
    for bytes in [jpeg, png] {
        assert!(memchr::memmem::find(&bytes, SECRET).is_some());
        let picture = good(&bytes).picture.unwrap();
        for fit in [Fit::Cover, Fit::Contain] {
            let encoded = render(&picture, &rendition(64, Some(32), fit), &settings()).unwrap();
            assert!(memchr::memmem::find(&encoded.bytes, b"secret").is_none());
        }
    }
}
