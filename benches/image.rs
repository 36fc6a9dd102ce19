//! What one picture costs, in one run: reading its header, making the message's 800x400 of it (decode, cut, scale, encode), and
//! painting the whole message.
//! Each beside what decoding the same file with `image` alone takes, so that a slow machine does not look like a slow program.
//! Rounds alternate, and the median counts. Printed, not asserted.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark may fail loudly")]

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use image::{Rgb, RgbImage, codecs::jpeg::JpegEncoder};
use scraplens::{
    image::{Fit, Rendition, Settings, decode, probe, render},
    preview::{DEFAULT_SCALE, LinkPreview, Painter, Picture},
};

const ROUNDS: usize = 31;
const MESSAGE: Rendition = Rendition { width: 800, height: Some(400), fit: Fit::Cover };

type Way<'a> = (&'a str, Box<dyn Fn() + 'a>);

fn main() {
    let settings = settings();
    let file = photograph(1200, 630);
    let facts = probe(&file, &settings).unwrap();
    let picture = decode(&file, &facts, &settings, None).unwrap();

    let painter = Painter::embedded().unwrap();
    let message = message(render(&picture, &MESSAGE, &settings).unwrap().bytes);

    let ways: [Way<'_>; 6] = [
        ("image, decode alone", Box::new(|| drop(black_box(image::load_from_memory(black_box(&file)).unwrap())))),
        (
            "probe",
            Box::new(|| {
                black_box(probe(black_box(&file), &settings).unwrap());
            }),
        ),
        ("decode", Box::new(|| drop(black_box(decode(&file, &facts, &settings, None).unwrap())))),
        ("cut, scale, encode", Box::new(|| drop(black_box(render(&picture, &MESSAGE, &settings).unwrap())))),
        (
            "all of it",
            Box::new(|| {
                let facts = probe(&file, &settings).unwrap();
                let picture = decode(&file, &facts, &settings, None).unwrap();
                drop(black_box(render(&picture, &MESSAGE, &settings).unwrap()));
            }),
        ),
        (
            "message as PNG, warm",
            Box::new(|| {
                let layout = painter.layout(black_box(&message));
                drop(black_box(painter.png(&layout, DEFAULT_SCALE).unwrap()));
            }),
        ),
    ];
    let mut times = ways.each_ref().map(|_| Vec::new());
    for _ in 0..ROUNDS {
        for ((_, way), times) in ways.iter().zip(&mut times) {
            let started = Instant::now();
            way();
            times.push(started.elapsed());
        }
    }

    println!("JPEG of 1200x630, {} bytes, to 800x400; median of {ROUNDS} rounds on one core", file.len());
    println!("{:<22} {:>10} {:>12}", "", "ms", "of decoding");
    let medians = times.map(median);
    for ((name, _), median) in ways.iter().zip(medians) {
        println!(
            "{name:<22} {:>10.3} {:>11.2}x",
            median.as_secs_f64() * 1e3,
            median.as_secs_f64() / medians[0].as_secs_f64()
        );
    }
}

/// A message with its picture and two full lines of each text, as a share has them.
fn message(picture: Vec<u8>) -> LinkPreview {
    LinkPreview {
        title: "가을 니트 기획전 — 오늘 밤 12시까지 전 상품 무료 배송과 추가 10% 쿠폰".to_owned(),
        description: "포근한 캐시미어 블렌드부터 가벼운 면 니트까지. 사이즈별 재고를 확인하고 매장 픽업도 신청하세요."
            .to_owned(),
        site: "shop.example.kr".to_owned(),
        url: "https://shop.example.kr/product/1024".to_owned(),
        picture: Picture::encoded(picture),
        ..LinkPreview::default()
    }
}

fn settings() -> Settings {
    let defaults: toml::Table = toml::from_str(include_str!("../config/default.toml")).unwrap();
    defaults["image"].clone().try_into().unwrap()
}

/// Something between a flat colour and noise, as photographs are: the file has about the size of a real one.
fn photograph(width: u32, height: u32) -> Vec<u8> {
    let mut noise = 1u32;
    let pixels = RgbImage::from_fn(width, height, |x, y| {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let grain = (noise >> 29).to_le_bytes()[0];
        let [red, green, blue] =
            [x * 200 / width, y * 200 / height, (x / 40 + y / 30) % 2 * 180].map(|it| it.to_le_bytes()[0]);
        Rgb([red + grain, green + grain, blue + grain])
    });
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 85).encode_image(&pixels).unwrap();
    bytes
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
