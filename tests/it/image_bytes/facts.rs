//! What is told of a file: format, size as shown, orientation, movement, or what it is instead.

use image::{Rgb, Rgba};
use scraplens::{
    image::{Crop, Format, Refusal, decode, measure},
    preview,
};

use super::{
    files::{
        bitmap, black_png, gif, iso_media, jpeg, moving_webp, png, png_chunk, png_of, settings, size, svg, tiny_frames,
        webp, with_orientation, zeros_deflated,
    },
    good,
};

#[test]
fn a_good_file_of_each_format_is_measured_and_decoded() {
    let cases = [
        (jpeg(120, 63), Format::Jpeg),
        (png(120, 63), Format::Png),
        (gif(120, 63), Format::Gif),
        (webp(120, 63), Format::Webp),
        (br#"<svg xmlns="http://www.w3.org/2000/svg" width="120" height="63"/>"#.to_vec(), Format::Svg),
    ];
    for (bytes, format) in cases {
        let measured = good(&bytes);
        assert_eq!(measured.format, Some(format));
        assert_eq!(measured.size, Some(size(120, 63)), "{format:?}");
        assert_eq!(measured.animated, Some(false), "{format:?}");
        assert_eq!(measured.orientation, None, "{format:?}");
        assert_eq!(measured.crop, Some(Crop { x: 0, y: 1, width: 120, height: 60 }), "{format:?}");
        assert_eq!(measured.picture.unwrap().size(), size(120, 63), "{format:?}");
    }
}

#[test]
fn a_turned_picture_is_measured_and_decoded_as_shown() {
    for orientation in 1..=8 {
        let bytes = with_orientation(&jpeg(64, 32), orientation);

        let measured = good(&bytes);

        let shown = if orientation < 5 { size(64, 32) } else { size(32, 64) };
        assert_eq!((measured.orientation, measured.size), (Some(orientation), Some(shown)));
        let picture = measured.picture.unwrap();
        assert_eq!(picture.size(), shown);
        // The red quarter stands at the upper left; the EXIF standard says where it goes from there.
        let rgb = picture.pixels().to_rgb8();
        let (left, upper) = match orientation {
            1 | 5 => (true, true),
            2 | 6 => (false, true),
            3 | 7 => (false, false),
            _ => (true, false),
        };
        let (x, y) = (if left { 4 } else { shown.width - 5 }, if upper { 4 } else { shown.height - 5 });
        let Rgb([red, green, blue]) = *rgb.get_pixel(x, y);
        assert!(red > 200 && green < 60 && blue < 60, "orientation {orientation}: {red} {green} {blue} at {x} {y}");
    }
}

#[test]
fn nonsense_in_exif_is_no_orientation() {
    for orientation in [0, 9, 255] {
        assert_eq!(good(&with_orientation(&jpeg(8, 4), orientation)).orientation, None);
    }
}

#[test]
fn a_moving_picture_is_told_from_a_still_one_and_shows_its_first() {
    let data = png_chunk(b"IDAT", &zeros_deflated((8 * 3 + 1) * 8));
    let frames = |count: u32| png_chunk(b"acTL", &[count.to_be_bytes(), [0; 4]].concat());
    let cases = [
        ("GIF of two", tiny_frames(8, 8, 2), true),
        ("GIF of one", tiny_frames(8, 8, 1), false),
        ("APNG of two", png_of(8, 8, 2, &[frames(2), data.clone()]), true),
        ("APNG of one", png_of(8, 8, 2, &[frames(1), data.clone()]), false),
        ("PNG", png_of(8, 8, 2, &[data]), false),
        ("moving WebP", moving_webp(8, 8), true),
        ("WebP", webp(8, 8), false),
    ];
    for (what, bytes, animated) in cases {
        let measured = good(&bytes);
        assert_eq!((measured.animated, measured.size), (Some(animated), Some(size(8, 8))), "{what}");
        assert_eq!(measured.picture.unwrap().size(), size(8, 8), "{what}");
    }
}

#[test]
fn formats_that_are_not_drawn_are_told_apart_and_nothing_is_wrong_with_them() {
    let cases = [
        (iso_media(b"avif", &[], 1200, 630), Format::Avif, Some(size(1200, 630))),
        (iso_media(b"mif1", &[b"avif"], 1200, 630), Format::Avif, Some(size(1200, 630))),
        (iso_media(b"heic", &[], 40, 30), Format::Heic, Some(size(40, 30))),
        (iso_media(b"mif1", &[b"heic"], 40, 30), Format::Heic, Some(size(40, 30))),
        (b"\0\0\x01\0\x01\0\x10\x20\0\0\x01\0\x20\0\0\0\0\0\x16\0\0\0".to_vec(), Format::Ico, Some(size(16, 32))),
        (bitmap(7, 5), Format::Bmp, Some(size(7, 5))),
        (b"II*\0\x08\0\0\0\0\0".to_vec(), Format::Tiff, None),
        (b"\xff\x0a\0\0".to_vec(), Format::Jxl, None),
    ];
    for (bytes, format, expected) in cases {
        let measured = measure(&bytes, &settings(), None);
        assert_eq!((measured.outcome, measured.evidence), ("ok", None), "{format:?}");
        assert_eq!(measured.format, Some(format));
        if let Some(expected) = expected {
            assert_eq!(measured.size, Some(expected), "{format:?}");
        }
        assert!(matches!(measured.refusal, Some(Refusal::NotDrawable { .. })), "{format:?}");
        assert!(measured.picture.is_none() && measured.animated.is_none());
    }
}

#[test]
fn what_is_no_picture_is_named() {
    let cases: [(&[u8], &str); 20] = [
        (b"", "empty"),
        (b"<!DOCTYPE html><html><body>hi", "html"),
        (b"\xef\xbb\xbf  \n<html lang=ko>", "html"),
        (b"<!-- a --><html><body><svg></svg>", "html"),
        (b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>", "html"),
        (b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", "xml"),
        (b" {\"error\": \"forbidden\"}", "json"),
        (b"[1]", "json"),
        (b"Not Found", "text"),
        ("찾을 수 없습니다".as_bytes(), "text"),
        (b"BM is not enough for a bitmap", "text"),
        (b"%PDF-1.7\n", "pdf"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "video/mp4"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "video/quicktime"),
        (b"\x1a\x45\xdf\xa3\x01\0\0\0", "video/webm"),
        (b"\x1f\x8b\x08\0\0\0\0\0", "gzip"),
        (b"PK\x03\x04\x14\0", "zip"),
        (b"GIF89a=1;/*<html><script>alert(1)</script>", "html"),
        (b"\x89PNG\r\n\x1a\n<script>alert(1)</script>", "html"),
        (b"\x01\x02\x03\x04\x05", "unknown"),
    ];
    for (bytes, expected) in cases {
        let measured = measure(bytes, &settings(), None);
        assert_eq!(measured.outcome, "image-not-image", "{expected}: {}", String::from_utf8_lossy(bytes));
        assert_eq!(measured.refusal, Some(Refusal::NotImage { looks_like: expected }));
        assert_eq!(measured.evidence.unwrap(), format!("the bytes look like {expected}"));
        assert_eq!((measured.format, measured.size, measured.crop), (None, None, None));
    }
}

#[test]
fn a_side_of_no_pixels_is_refused() {
    let mut no_height = jpeg(8, 4);
    let frame = no_height.windows(2).position(|marker| marker == [0xff, 0xc0]).unwrap();
    no_height[frame + 5..frame + 7].fill(0);
    for bytes in [
        png_of(0, 5, 2, &[]),
        png_of(5, 0, 2, &[]),
        tiny_frames(10799, 0, 1),
        no_height,
        svg("width='0' height='9'", ""),
    ] {
        let measured = measure(&bytes, &settings(), None);
        assert_eq!(measured.outcome, "image-undecodable", "{measured:?}");
        assert!(measured.evidence.as_ref().unwrap().ends_with(" pixels"), "{:?}", measured.evidence);
    }
}

#[test]
fn a_picture_that_is_too_large_still_tells_its_size() {
    let measured = measure(&tiny_frames(10000, 9000, 1), &settings(), None);

    assert_eq!(measured.outcome, "image-too-many-pixels");
    assert_eq!((measured.format, measured.size), (Some(Format::Gif), Some(size(10000, 9000))));
    assert_eq!(
        measured.evidence.as_deref(),
        Some("GIF: 10000 x 9000 pixels, more than the 8192 x 8192 that are decoded here")
    );
}

#[test]
fn a_large_picture_is_measured_but_not_kept() {
    let measured = good(&black_png(3000, 2000));

    assert!(measured.picture.is_none() && measured.refusal.is_none());
    let again = decode(&black_png(3000, 2000), &measured.facts.unwrap(), &settings(), None).unwrap();
    assert_eq!((again.size(), again.bytes()), (size(3000, 2000), 18_000_000));
}

#[test]
fn a_file_that_is_cut_off_anywhere_is_no_picture_and_no_panic() {
    for (bytes, format) in [
        (jpeg(40, 20), Format::Jpeg),
        (png(40, 20), Format::Png),
        (gif(40, 20), Format::Gif),
        (webp(40, 20), Format::Webp),
    ] {
        // The end of a GIF's data, its trailer and a PNG's IEND add nothing to the picture.
        let whole = match format {
            Format::Gif => bytes.len() - 4,
            Format::Png => bytes.len() - 12,
            _ => bytes.len() - 1,
        };
        for length in 0..bytes.len() {
            let measured = measure(&bytes[..length], &settings(), None);
            if length < whole {
                assert_ne!(measured.outcome, "ok", "{format:?} cut at {length} of {}", bytes.len());
            }
        }
    }
}

#[test]
fn the_size_of_an_svg_is_that_of_a_browser() {
    let cases = [
        ("width='1200' height='630'", size(1200, 630)),
        ("width='1200px' height='630px' viewBox='0 0 1 1'", size(1200, 630)),
        ("viewBox='0 0 1200 630'", size(1200, 630)),
        ("viewBox='0,0,1200,630' width='100%' height='100%'", size(1200, 630)),
        ("viewBox='0 0 200 100' width='800'", size(800, 400)),
        ("viewBox='0 0 200 100' height='50'", size(100, 50)),
        ("width='1in' height='2.54cm'", size(96, 96)),
        ("width='72pt' height='1e2'", size(96, 100)),
        ("", size(300, 150)),
        ("width='80'", size(80, 150)),
        ("viewBox='0 0 0 0'", size(300, 150)),
        ("width='0.2' height='9'", size(1, 9)),
    ];
    for (attributes, expected) in cases {
        assert_eq!(measure(&svg(attributes, "<rect/>"), &settings(), None).size, Some(expected), "{attributes}");
    }
}

#[test]
fn an_svg_is_drawn_and_what_it_links_is_not_loaded() {
    let picture =
        "<rect width='50%' height='100%' fill='#f00'/><circle cx='150' cy='50' r='40' fill='#00f' fill-opacity='.5'/>";
    let drawn = good(&svg("viewBox='0 0 200 100'", picture)).picture.unwrap().pixels().to_rgba8();
    assert_eq!(drawn.dimensions(), (200, 100));
    assert_eq!((drawn.get_pixel(9, 9), drawn.get_pixel(101, 5)), (&Rgba([255, 0, 0, 255]), &Rgba([0, 0, 0, 0])));
    assert_eq!(drawn.get_pixel(150, 50), &Rgba([0, 0, 255, 128]));

    let dot = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    for href in ["/etc/hostname", "file:///etc/hostname", "http://127.0.0.1:1/", dot] {
        let linked = svg("width='9' height='9'", &format!("<image href='{href}' width='9' height='9'/>"));
        let drawn = good(&linked).picture.unwrap().pixels().to_rgba8();
        assert!(drawn.pixels().all(|pixel| pixel.0 == [0; 4]), "{href}");
    }
}

#[test]
fn an_svg_as_drawing_programs_write_it_is_drawn() {
    let illustrator = r##"<?xml version="1.0" encoding="utf-8"?>
        <!-- Generator: drawing program -->
        <!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [
            <!ENTITY ns_svg "http://www.w3.org/2000/svg">
        ]>
        <svg version="1.1" xmlns="&ns_svg;" xmlns:xlink="http://www.w3.org/1999/xlink" x="0px" y="0px" viewBox="0 0 800 400">
        <style type="text/css">.st0{fill:url(#SVGID_00000012345678901234567890_);} .st1{clip-path:url(#c);fill:#00ff00;}</style>
        <linearGradient id="SVGID_00000012345678901234567890_"><stop offset="0" stop-color="#f00"/><stop offset="1" stop-color="#f00"/></linearGradient>
        <defs><rect id="r" width="400" height="400"/><clipPath id="c"><use xlink:href="#r"/></clipPath>
        <filter id="f"><feGaussianBlur stdDeviation="4"/></filter><mask id="m"><rect width="800" height="400" fill="white"/></mask></defs>
        <rect class="st0" width="800" height="400"/><g mask="url(#m)"><rect class="st1" width="800" height="400"/></g>
        <circle cx="600" cy="200" r="90" filter="url(#f)"/></svg>"##;

    let drawn = good(illustrator.as_bytes()).picture.expect("it is drawn").pixels().to_rgba8();

    assert_eq!(drawn.dimensions(), (800, 400));
    assert_eq!((drawn.get_pixel(10, 10).0, drawn.get_pixel(790, 10).0), ([0, 255, 0, 255], [255, 0, 0, 255]));
    assert_eq!(drawn.get_pixel(600, 200).0, [0, 0, 0, 255]);
}

#[test]
fn the_text_of_an_svg_is_drawn_with_the_fonts_at_hand() {
    let fonts = preview::database();
    for (family, text) in
        [("sans-serif", "가을 니트 기획전"), ("Verdana", "build: passing"), ("monospace", "美日中 &#x1F600; 한글")]
    {
        let bytes = svg(
            r#"width="400" height="200""#,
            &format!("<text x='10' y='120' font-family='{family}' font-size='40'>{text}</text>"),
        );
        let ink = |fonts| {
            let picture = measure(&bytes, &settings(), fonts).picture.unwrap();
            picture.pixels().to_rgba8().pixels().filter(|pixel| pixel.0[3] > 0).count()
        };
        assert_eq!(ink(None), 0, "{family}: no fonts, no text");
        assert!(ink(Some(&fonts)) > 1_000, "{family}: {} pixels", ink(Some(&fonts)));
    }
}
