//! What holds for any bytes: no panic, and the same word as the `image` crate's where both have one.

use image::{DynamicImage, ImageFormat, ImageReader};
use proptest::prelude::*;
use scraplens::image::{Fit, Rendition, measure, probe, render};

use super::{
    files::{file, jpeg, moving_webp, png, quarters, settings, size, svg, tiny_frames, with_orientation},
    good,
};

fn samples() -> [(Vec<u8>, ImageFormat); 4] {
    [
        (with_orientation(&jpeg(24, 12), 6), ImageFormat::Jpeg),
        (png(24, 12), ImageFormat::Png),
        (tiny_frames(24, 12, 3), ImageFormat::Gif),
        (moving_webp(24, 12), ImageFormat::WebP),
    ]
}

fn any_format() -> impl Strategy<Value = ImageFormat> {
    prop::sample::select(vec![ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP])
}

proptest! {
    #[test]
    fn the_header_says_what_the_image_crate_says(width in 1..400u32, height in 1..400u32, format in any_format(), alpha: bool) {
        let pixels = DynamicImage::from(quarters(width, height));
        let pixels = if alpha && format != ImageFormat::Jpeg { pixels.into_rgba8().into() } else { pixels };
        let bytes = file(&pixels, format);

        let facts = probe(&bytes, &settings()).unwrap();

        let theirs = ImageReader::with_format(std::io::Cursor::new(&bytes), format).into_dimensions().unwrap();
        prop_assert_eq!(facts.size, Some(size(theirs.0, theirs.1)));
        prop_assert_eq!(facts.size, Some(size(width, height)));
    }

    #[test]
    fn changed_bytes_never_panic(
        sample in 0..4usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in any::<prop::sample::Index>(),
        cuts: bool,
    ) {
        let mut bytes = samples()[sample].0.clone();
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if cuts {
            bytes.truncate(cut.index(bytes.len()));
        }
        let measured = measure(&bytes, &settings(), None);
        prop_assert_eq!(measured.outcome == "ok", measured.evidence.is_none());
        if let (Some(picture), Some(size)) = (&measured.picture, measured.size) {
            prop_assert_eq!(picture.size(), size);
        }
    }

    #[test]
    fn any_bytes_behind_a_signature_never_panic(start in prop::sample::select(vec![
        &b"\xff\xd8\xff"[..], b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"GIF89a", b"RIFF\0\0\0\0WEBPVP8X", b"RIFF\0\0\0\0WEBPVP8 ",
        b"\0\0\0\x18ftypavif\0\0\0\0", b"\0\0\0\x18ftypheic\0\0\0\0\0\0\0\0\0\0\0\0meta", b"\0\0\x01\0\x01\0", b"II*\0", b"\xff\x0a",
        b"<svg ", b"<!DOCTYPE svg [", b"",
    ]), rest in prop::collection::vec(any::<u8>(), 0..200)) {
        let bytes = [start, &rest[..]].concat();
        let _ = measure(&bytes, &settings(), None);
    }

    #[test]
    fn any_markup_in_an_svg_never_panics(inside in "(<(g|use|rect|path|pattern|mask|style|text|filter|feGaussianBlur) ?(id='[ab]'|href='#[ab]'|fill='url\\(#[ab]\\)'|d='M[0-9 eLCAz.-]{0,20}'|width='[0-9e.%-]{1,6}'|mask='url\\(#a\\)'|class='a')?/?>|</(g|pattern|mask)>|[.a{}:;#]{1,4}){0,12}") {
        let _ = measure(&svg("width='9' height='9'", &inside), &settings(), None);
    }

    #[test]
    fn a_rendition_is_never_larger_than_asked(
        width in 1..60u32, height in 1..60u32, across in 1..90u32, down in prop::option::of(1..90u32), cover: bool,
    ) {
        let picture = good(&png(width, height)).picture.unwrap();
        let fit = if cover { Fit::Cover } else { Fit::Contain };
        let wanted = Rendition { width: across, height: down, fit };

        let encoded = render(&picture, &wanted, &settings()).unwrap();

        prop_assert!(encoded.size.width <= across);
        if let Some(down) = down {
            prop_assert!(encoded.size.height <= down);
            prop_assert!(!cover || encoded.size == size(across, down));
        }
        prop_assert!(cover || (encoded.size.width <= width && encoded.size.height <= height));
    }
}
