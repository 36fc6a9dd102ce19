//! The size of an SVG from its root element alone (SVG 2, 8.2; CSS Images 3, 4.2 and 5.3). Draws nothing.
//! How Kakao sizes an SVG is not known; this is what a browser does in an `<img>` without a size of its own.

use super::lex::{self, Fault};
use crate::image::Size;

/// What a replaced element without any size gets (CSS 2.2, 10.3.2).
const DEFAULT: (f64, f64) = (300.0, 150.0);

/// Width and height as shown, in pixels.
pub(super) fn size(bytes: &[u8]) -> Result<Size, &'static str> {
    let start = lex::root(bytes).ok_or("it has no root element")?;
    let tag = lex::tag(bytes.get(start..).unwrap_or_default()).map_err(|fault| match fault {
        Fault::Broken(reason) => reason,
        Fault::Costly(_) => "its root element has too many attributes",
    })?;
    let value = |wanted: &[u8]| {
        let found = tag.attributes.iter().find(|(key, _)| *key == wanted);
        found.and_then(|(_, value)| str::from_utf8(value).ok())
    };
    let (width, height) = (value(b"width").and_then(pixels), value(b"height").and_then(pixels));
    let shape = value(b"viewBox").and_then(view_box);
    let (width, height) = match (width, height, shape) {
        (Some(width), Some(height), _) => (width, height),
        (Some(width), None, Some((across, down))) => (width, width * down / across),
        (None, Some(height), Some((across, down))) => (height * across / down, height),
        (None, None, Some(shape)) => shape,
        (width, height, None) => (width.unwrap_or(DEFAULT.0), height.unwrap_or(DEFAULT.1)),
    };
    Ok(Size { width: whole(width), height: whole(height) })
}

/// Rounded to pixels; a size above nothing is not nothing.
fn whole(side: f64) -> u32 {
    if side > 0.0 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates, and is above zero")]
        let pixels = side.round() as u32;
        pixels.max(1)
    } else {
        0
    }
}

/// A length in pixels (CSS Values 4, 6.2); `None` for percentages, which need a page around, and for what is no length.
fn pixels(length: &str) -> Option<f64> {
    let length = length.trim();
    let unit = length.trim_start_matches(|letter: char| letter.is_ascii_digit() || matches!(letter, '.' | '+' | '-'));
    // An exponent looks like the beginning of a unit.
    let (number, unit) = match length.parse() {
        Ok(number) => (number, ""),
        Err(_) => (length.strip_suffix(unit)?.parse::<f64>().ok()?, unit),
    };
    let factor = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "px" => 1.0,
        "pt" => 4.0 / 3.0,
        "pc" | "em" | "rem" => 16.0,
        "ex" => 8.0,
        "mm" => 96.0 / 25.4,
        "cm" => 96.0 / 2.54,
        "q" => 96.0 / 101.6,
        "in" => 96.0,
        _ => return None,
    };
    Some(number * factor).filter(|pixels| pixels.is_finite())
}

fn view_box(value: &str) -> Option<(f64, f64)> {
    let mut numbers = value.split([' ', ',', '\t', '\n', '\r']).filter(|part| !part.is_empty()).map(str::parse::<f64>);
    let (_, _, across, down) =
        (numbers.next()?.ok()?, numbers.next()?.ok()?, numbers.next()?.ok()?, numbers.next()?.ok()?);
    let usable = |side: f64| side.is_finite() && side > 0.0;
    (usable(across) && usable(down)).then_some((across, down))
}
