//! Contents and pictures: something to see, in a size that Kakao shows.

use super::{
    judge::{Fields, Judge, given, given_text, given_whole, within},
    text,
};
use crate::template::ObjectType;

/// `content`.
pub(super) fn main(judge: &mut Judge<'_>, path: &str, fields: &Fields) {
    let product = judge.object_type == ObjectType::Commerce;
    bare(judge, path, fields);
    for name in ["title", "description"] {
        // A product's description is told to be unused, however long.
        if let Some(said) = given_text(fields, name).filter(|_| !product || name == "title") {
            text::lines(judge, &within(path, name), said, text::LINE, 2);
        }
    }
    size(judge, path, fields, FEED_RECOMMENDED);
}

/// One of `contents`.
pub(super) fn of_list(judge: &mut Judge<'_>, path: &str, fields: &Fields) {
    bare(judge, path, fields);
    for (name, most) in [("title", 2), ("description", 1)] {
        if let Some(said) = given_text(fields, name) {
            text::lines(judge, &within(path, name), said, text::ITEM_LINE, most);
        }
    }
    size(judge, path, fields, ITEM_RECOMMENDED);
}

/// One of the pictures of a custom template.
pub(super) fn picture(judge: &mut Judge<'_>, path: &str, fields: &Fields) {
    let recommended = if judge.object_type == ObjectType::List { ITEM_RECOMMENDED } else { FEED_RECOMMENDED };
    size(judge, path, fields, recommended);
}

const FEED_RECOMMENDED: usize = 800;
const ITEM_RECOMMENDED: usize = 400;
const SMALLEST: usize = 200;

/// What a content lacks. Native SDKs let title and picture be absent, the JavaScript SDK before 2.0 did not.
fn bare(judge: &mut Judge<'_>, path: &str, fields: &Fields) {
    let has = |name| given(fields, name).is_some();
    let pictured = has("image_url") || has("images");
    if !has("title") && !has("description") && !pictured {
        // An item list, a price or a profile may say all there is to say.
        let said = |name: &&str| judge.document.value.get(*name).is_some_and(|value| !value.is_null());
        let said = ["item_content", "commerce", "profile"].iter().any(said);
        if !said {
            judge.tell("content-bare", path, &[]);
            return;
        }
    }
    if !has("title") {
        judge.tell("title-missing", path, &[]);
    }
    if !pictured {
        judge.tell("image-missing", path, &[]);
    }
}

/// The size that is given for a picture. What it really is, is not known here.
fn size(judge: &mut Judge<'_>, path: &str, fields: &Fields, recommended: usize) {
    let side = |name| given_whole(fields, name).and_then(|pixels| usize::try_from(pixels).ok());
    let (width, height) = (side("image_width"), side("image_height"));
    let mut small = false;
    for (name, pixels) in [("image_width", width), ("image_height", height)] {
        if let Some(pixels) = pixels.filter(|pixels| *pixels < SMALLEST) {
            small = true;
            judge.measure("image-small", &within(path, name), pixels, SMALLEST, &[]);
        }
    }
    let has = |name| given(fields, name).is_some();
    if has("image_width") != has("image_height") {
        let missing = if has("image_width") { "image_height" } else { "image_width" };
        judge.tell("image-size-incomplete", &within(path, missing), &[]);
    }
    let (Some(width), Some(height)) = (width, height) else { return };
    if small {
        return;
    }
    // 2:1 is the widest, 3:4 the tallest that is shown whole.
    if width > height.saturating_mul(2) || width.saturating_mul(4) < height.saturating_mul(3) {
        let ratio = format!("{width}×{height}");
        judge.tell("image-ratio", &within(path, "image_width"), &[("ratio", &ratio)]);
    }
    if width.max(height) < recommended {
        judge.measure("image-below-recommended", &within(path, "image_width"), width.max(height), recommended, &[]);
    }
}
