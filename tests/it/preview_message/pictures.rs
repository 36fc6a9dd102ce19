//! Places of pictures: how many, in which shape, and what is shown while there is none.

use scraplens::{
    language::Language,
    preview::{MessagePreview, Picture, Rect, Role, Shown},
    template::{message::Message, object::ImageRef},
};

use super::{
    PAINTER,
    reading::{pixels, said},
    samples::{custom_feed, encoded, feed, image, list, pictured, words},
    untidiness,
};

fn slots(message: Message) -> Vec<(f32, f32)> {
    let layout = PAINTER.message(&MessagePreview { message, ..MessagePreview::default() });
    layout.slots.iter().map(|slot| (slot.width, slot.height)).collect()
}

#[test]
fn a_picture_has_the_shape_its_sides_say_between_two_to_one_and_three_to_four() {
    let sized = |width, height| ImageRef { url: "https://www.example.com/a.png".to_owned(), width, height };
    // The bubble of a phone is 272 wide.
    for (width, height, shown) in [
        (Some(800), Some(800), 272.0),
        (Some(800), Some(400), 136.0),
        (Some(600), Some(800), 363.0),
        (Some(1200), Some(630), 143.0),
        (Some(4000), Some(100), 136.0),
        (Some(100), Some(4000), 363.0),
        // A side that is not given is 400 (kakaolink default_feed).
        (None, None, 272.0),
        (Some(800), None, 136.0),
        (Some(0), Some(0), 272.0),
    ] {
        let first = slots(Message { images: vec![sized(width, height)], ..words() })[0];
        assert_eq!(first, (272.0, shown), "{width:?} x {height:?}");
    }
}

#[test]
fn two_pictures_stand_side_by_side_and_of_three_one_is_large() {
    let images = |count: usize| (0..count).map(|number| image(&number.to_string(), 800, 800)).collect();
    let two = slots(Message { images: images(2), ..words() });
    assert_eq!(two[..2], [(135.0, 135.0), (135.0, 135.0)]);
    for count in [3, 4] {
        let three = slots(Message { images: images(count), ..words() });
        assert_eq!(three[..3], [(181.0, 180.0), (89.0, 89.0), (89.0, 89.0)]);
        assert_eq!(three.len(), 4, "three pictures and the icon");
    }
    assert_eq!(slots(words()).len(), 1, "the icon alone");
}

#[test]
fn each_picture_is_painted_in_its_place_and_nowhere_else() {
    let colours: [[u8; 3]; 6] =
        [[200, 30, 30], [30, 200, 30], [30, 30, 200], [200, 200, 30], [30, 200, 200], [200, 30, 200]];
    for message in [custom_feed(), list()] {
        let preview = MessagePreview { message, ..MessagePreview::default() };
        let slots = PAINTER.message(&preview).slots;
        let plain = |colour: [u8; 3]| encoded(&image::RgbImage::from_pixel(300, 200, image::Rgb(colour)));
        let pictures = slots.iter().zip(colours).map(|(_, colour)| Shown::Picture(plain(colour))).collect();
        let preview = MessagePreview { message: Message { duration: None, ..preview.message }, pictures, ..preview };
        let layout = PAINTER.message(&preview);
        let png = pixels(&PAINTER.png(&layout, 1.0).unwrap());
        for (slot, colour) in layout.slots.iter().zip(colours) {
            let of_size =
                |place: &&Rect| (place.width - slot.width).abs() < 0.01 && (place.height - slot.height).abs() < 0.01;
            let middles = layout.places();
            let middles = middles.iter().filter(of_size).map(|place| {
                let (x, y) = (place.x + place.width / 2.0, place.y + place.height / 2.0);
                png.get_pixel(x as u32, y as u32).0
            });
            assert!(middles.into_iter().any(|pixel| pixel == colour), "{slot:?}");
        }
    }
}

#[test]
fn a_missing_picture_keeps_its_place_and_says_why_if_asked() {
    let missing = Shown::Missing { outcome: "image-status-404".to_owned(), evidence: None };
    let draw = |note, language| {
        let preview = MessagePreview { message: feed(), note, language, ..MessagePreview::default() };
        PAINTER.message(&MessagePreview { pictures: vec![missing.clone(); 2], ..preview })
    };
    let quiet = draw(false, Language::Ko);
    assert_eq!(said(&quiet, Role::Gap), Vec::<String>::new());
    assert_eq!(said(&draw(true, Language::Ko), Role::Gap), ["이미지 없음", "HTTP 404"]);
    assert_eq!(said(&draw(true, Language::En), Role::Gap), ["No image", "HTTP 404"]);
    let shown = PAINTER.message(&pictured(&PAINTER, MessagePreview { message: feed(), ..MessagePreview::default() }));
    assert_eq!(quiet.height.to_bits(), shown.height.to_bits(), "a picture that comes late moves nothing");
    for layout in [quiet, draw(true, Language::Ko)] {
        assert_eq!(untidiness(&layout), None);
        assert!(PAINTER.png(&layout, 1.0).is_ok());
        assert!(!PAINTER.fragment(&layout).contains("<img"));
    }
}

#[test]
fn a_video_has_its_sign_and_its_length_and_a_video_of_no_length_the_sign_alone() {
    let with = |duration| {
        let preview = MessagePreview { message: Message { duration, ..feed() }, ..MessagePreview::default() };
        PAINTER.message(&pictured(&PAINTER, preview))
    };
    assert_eq!(said(&with(Some(194)), Role::Length), ["3:14"]);
    assert_eq!(said(&with(Some(0)), Role::Length), Vec::<String>::new());
    for (duration, signs) in [(None, 0), (Some(0), 1), (Some(194), 1)] {
        assert_eq!(PAINTER.fragment(&with(duration)).matches("m-play").count(), signs, "{duration:?}");
    }
}

#[test]
fn a_page_loads_pictures_by_their_address_and_a_file_carries_them() {
    let linked = || Shown::Picture(Picture::linked("/api/v1/image?url=https://a.example/x.png&w=544").unwrap());
    let preview = MessagePreview { message: feed(), pictures: vec![linked(), linked()], ..MessagePreview::default() };
    let layout = PAINTER.message(&preview);
    assert!(PAINTER.fragment(&layout).contains("src=\"/api/v1/image?url=https://a.example/x.png&amp;w=544\""));
    assert!(!PAINTER.svg(&layout).contains("/api/v1/image"), "a file loads nothing");
    let inside = PAINTER.message(&pictured(&PAINTER, MessagePreview { message: feed(), ..MessagePreview::default() }));
    assert_eq!(PAINTER.svg(&inside).matches("href=\"data:image/png;base64,").count(), 2);
}
