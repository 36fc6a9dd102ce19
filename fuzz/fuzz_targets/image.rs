//! Any bytes are measured without a panic, and what is told of them is consistent; what can be drawn makes a file of ours.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use scraplens::{
    config::Settings,
    image::{self, Fit, Rendition, measure, render},
};

static SETTINGS: LazyLock<image::Settings> = LazyLock::new(|| Settings::defaults().unwrap().image);

fuzz_target!(|bytes: &[u8]| {
    let measured = measure(bytes, &SETTINGS, None);

    assert_eq!(measured.outcome == "ok", measured.evidence.is_none());
    assert_eq!(measured.size.is_some(), measured.crop.is_some());
    if let (Some(size), Some(crop)) = (measured.size, measured.crop) {
        assert!(size.width >= 1 && size.height >= 1);
        assert!(crop.x + crop.width <= size.width && crop.y + crop.height <= size.height);
    }
    if let Some(picture) = measured.picture {
        assert!(picture.bytes() <= SETTINGS.max_kept_bytes);
        let wanted = Rendition { width: 80, height: Some(40), fit: Fit::Cover };
        let encoded = render(&picture, &wanted, &SETTINGS).unwrap();
        assert_eq!((encoded.size.width, encoded.size.height), (80, 40));
    }
});
