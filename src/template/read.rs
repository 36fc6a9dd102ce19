//! A value read as a template: leniently, so that a message with mistakes can be shown while it is mended. What has the wrong type is
//! as if it were absent, but numbers may be written as text, as arguments of custom templates fill them in. Judging is `check`'s.
//!
//! Names are those of Kakao's reference (message-template/default). What only custom templates have is ours to name, since Kakao keeps
//! them in the console of an app and shows no file of them:
//!
//! ```toml
//! object_type = "feed"
//! profile = { text = "…", image_url = "…" }
//! header_image = { image_url = "…" }                      # list
//! [content]
//! duration = 90                                           # seconds, a badge on the picture
//! images = [{ image_url = "…", image_width = 800, image_height = 800 }]   # or image_url, image_width, image_height beside the title
//! ```

use serde_json::{Map, Value};

use super::object::{
    Button, Commerce, Content, ImageRef, Item, ItemContent, Link, ObjectType, Profile, Social, TemplateObject,
};

type Fields = Map<String, Value>;

/// Reads a template. What is no template at all gives an empty feed.
pub fn read(value: &Value) -> TemplateObject {
    let Value::Object(fields) = value else { return TemplateObject::default() };
    TemplateObject {
        object_type: named_type(fields).unwrap_or_else(|| likely_type(fields)),
        content: object(fields, "content").map(content),
        contents: list(fields, "contents").filter_map(Value::as_object).map(content).collect(),
        header_title: text(fields, "header_title"),
        header_link: object(fields, "header_link").map(link),
        header_image: object(fields, "header_image").and_then(image),
        address: text(fields, "address"),
        address_title: text(fields, "address_title"),
        text: text(fields, "text"),
        link: object(fields, "link").map(link),
        id: text(fields, "id"),
        id_type: text(fields, "id_type"),
        item_content: object(fields, "item_content").map(item_content),
        social: object(fields, "social").map(social),
        commerce: object(fields, "commerce").map(commerce),
        profile: object(fields, "profile").map(profile),
        button_title: text(fields, "button_title"),
        buttons: array(fields, "buttons")
            .map(|buttons| buttons.iter().filter_map(Value::as_object).map(button).collect()),
    }
}

/// The type that `object_type` says, if it says one.
pub(super) fn named_type(fields: &Fields) -> Option<ObjectType> {
    let name = fields.get("object_type")?.as_str()?;
    ObjectType::ALL.into_iter().find(|known| known.as_str() == name)
}

/// The type that the fields look like, where `object_type` says none.
pub(super) fn likely_type(fields: &Fields) -> ObjectType {
    let tells: [(&str, ObjectType); 6] = [
        ("contents", ObjectType::List),
        ("header_title", ObjectType::List),
        ("commerce", ObjectType::Commerce),
        ("address", ObjectType::Location),
        ("id_type", ObjectType::Calendar),
        ("text", ObjectType::Text),
    ];
    tells.into_iter().find(|(field, _)| fields.contains_key(*field)).map_or(ObjectType::Feed, |(_, kind)| kind)
}

fn content(fields: &Fields) -> Content {
    let mut images: Vec<ImageRef> = list(fields, "images")
        .filter_map(|entry| match entry {
            Value::Object(fields) => image(fields),
            Value::String(url) if !url.is_empty() => Some(ImageRef { url: url.clone(), width: None, height: None }),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => None,
        })
        .collect();
    if images.is_empty() {
        images.extend(image(fields));
    }
    Content {
        title: text(fields, "title"),
        description: text(fields, "description"),
        images,
        link: object(fields, "link").map(link),
        duration: whole(fields, "duration").and_then(|seconds| u64::try_from(seconds).ok()),
    }
}

fn image(fields: &Fields) -> Option<ImageRef> {
    let url = text(fields, "image_url").filter(|url| !url.is_empty())?;
    let pixels = |name| whole(fields, name).and_then(|pixels| u32::try_from(pixels).ok());
    Some(ImageRef { url, width: pixels("image_width"), height: pixels("image_height") })
}

fn link(fields: &Fields) -> Link {
    Link {
        web_url: text(fields, "web_url"),
        mobile_web_url: text(fields, "mobile_web_url"),
        android_execution_params: text(fields, "android_execution_params"),
        ios_execution_params: text(fields, "ios_execution_params"),
    }
}

fn button(fields: &Fields) -> Button {
    Button { title: text(fields, "title"), link: object(fields, "link").map(link) }
}

fn social(fields: &Fields) -> Social {
    Social {
        like_count: whole(fields, "like_count"),
        comment_count: whole(fields, "comment_count"),
        shared_count: whole(fields, "shared_count"),
        view_count: whole(fields, "view_count"),
        subscriber_count: whole(fields, "subscriber_count"),
    }
}

fn commerce(fields: &Fields) -> Commerce {
    Commerce {
        regular_price: whole(fields, "regular_price"),
        discount_price: whole(fields, "discount_price"),
        discount_rate: whole(fields, "discount_rate"),
        fixed_discount_price: whole(fields, "fixed_discount_price"),
        product_name: text(fields, "product_name"),
        currency_unit: text(fields, "currency_unit"),
        currency_unit_position: whole(fields, "currency_unit_position"),
    }
}

fn item_content(fields: &Fields) -> ItemContent {
    ItemContent {
        profile_text: text(fields, "profile_text"),
        profile_image_url: text(fields, "profile_image_url"),
        title_image_text: text(fields, "title_image_text"),
        title_image_url: text(fields, "title_image_url"),
        title_image_category: text(fields, "title_image_category"),
        items: list(fields, "items")
            .filter_map(Value::as_object)
            .map(|item| Item { item: text(item, "item"), item_op: text(item, "item_op") })
            .collect(),
        sum: text(fields, "sum"),
        sum_op: text(fields, "sum_op"),
    }
}

fn profile(fields: &Fields) -> Profile {
    Profile { text: text(fields, "text"), image_url: text(fields, "image_url") }
}

fn object<'a>(fields: &'a Fields, name: &str) -> Option<&'a Fields> {
    fields.get(name)?.as_object()
}

fn array<'a>(fields: &'a Fields, name: &str) -> Option<&'a Vec<Value>> {
    fields.get(name)?.as_array()
}

fn list<'a>(fields: &'a Fields, name: &str) -> impl Iterator<Item = &'a Value> {
    array(fields, name).into_iter().flatten()
}

/// Text; a number is read as its digits.
fn text(fields: &Fields, name: &str) -> Option<String> {
    match fields.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

fn whole(fields: &Fields, name: &str) -> Option<i64> {
    whole_number(fields.get(name)?)
}

/// A whole number, also as text.
pub(super) fn whole_number(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| number.as_f64().and_then(exact)),
        Value::String(text) => text.trim().parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// `100.0` is 100, and `100.5` is none.
fn exact(number: f64) -> Option<i64> {
    /// Beyond it not every whole number is a float.
    const SAFE: f64 = 9_007_199_254_740_991.0;
    if number.fract() != 0.0 || number.abs() > SAFE {
        return None;
    }
    format!("{number:.0}").parse().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_are_read_from_text_and_text_from_numbers() {
        let template = read(&json!({
            "object_type": "commerce",
            "content": { "title": 42, "images": [{ "image_url": "https://e.example/a.png", "image_width": "800" }] },
            "commerce": { "regular_price": " 15000 ", "discount_price": 100.0, "discount_rate": 10.5 },
        }));

        let content = template.content.unwrap();
        assert_eq!(content.title.as_deref(), Some("42"));
        assert_eq!(content.images[0].width, Some(800));
        let commerce = template.commerce.unwrap();
        assert_eq!(
            (commerce.regular_price, commerce.discount_price, commerce.discount_rate),
            (Some(15000), Some(100), None)
        );
    }

    #[test]
    fn what_has_the_wrong_type_is_absent() {
        let template = read(&json!({
            "object_type": ["feed"], "content": "no", "buttons": [1, { "title": true, "link": [] }], "contents": {},
        }));

        assert_eq!(template.object_type, ObjectType::List, "told by its fields");
        assert_eq!(template.content, None);
        assert_eq!(template.buttons, Some(vec![Button::default()]));
        assert_eq!(read(&json!("text")), TemplateObject::default());
    }
}
