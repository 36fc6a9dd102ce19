//! A card and an image about which there is nothing to say, for the tests of this folder.

use crate::{
    extract::{Card, CardImage},
    image::{Crop, Format, ImageReport},
};

pub const IMAGE: &str = "https://img.example/a.jpg";

/// A card of one image.
pub fn card() -> Card {
    Card {
        url: "https://a.example/post".to_owned(),
        host: "a.example".to_owned(),
        title: "제목".to_owned(),
        images: vec![CardImage { url: IMAGE.to_owned(), source: "og:image".to_owned(), line: 14, column: 3 }],
        ..Card::default()
    }
}

/// The report of that image.
pub fn image() -> ImageReport {
    ImageReport {
        url: IMAGE.to_owned(),
        source: "og:image".to_owned(),
        outcome: "ok".to_owned(),
        status: Some(200),
        hops: Vec::new(),
        content_type: Some("image/jpeg".to_owned()),
        format: Some(Format::Jpeg),
        bytes: Some(81_193),
        width: Some(1200),
        height: Some(630),
        declared: None,
        orientation: None,
        animated: Some(false),
        crop: Some(Crop { x: 0, y: 15, width: 1200, height: 600 }),
        crops: Vec::new(),
        evidence: None,
        fetched_at: "2026-11-22T01:00:00Z".parse().unwrap(),
        fresh_until: None,
        href: None,
    }
}
