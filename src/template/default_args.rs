//! The arguments that Kakao's own templates are filled with, as its answers list them: `${TITLE}`, `${FIRST_BUTTON_WEB_URL}` and the
//! like (SDK test data; kakao-share-api 1.2). All are text; what was not given is empty. Not the arguments of custom templates.

use serde_json::{Map, Value};

use super::{
    arguments::wrapped,
    link::Linker,
    object::{Commerce, Content, ImageRef, Link, ObjectType, Social},
    resolve::map_link,
    wire::{self, Draft},
};

const ORDINALS: [&str; 3] = ["FIRST_", "SECOND_", "THIRD_"];

/// `template_args` of a default template.
pub(super) fn args(draft: &Draft, linker: &Linker) -> Map<String, Value> {
    let mut args = Args { filled: Map::new(), linker };
    let object = draft.object;
    match object.object_type {
        ObjectType::List => {
            args.text("HEADER_TITLE", object.header_title.as_ref());
            args.link("HEADER_", object.header_link.as_ref());
            for (ordinal, content) in ORDINALS.iter().zip(&object.contents) {
                args.text(&format!("{ordinal}TITLE"), content.title.as_ref());
                args.text(&format!("{ordinal}DESCRIPTION"), content.description.as_ref());
                args.text(&format!("{ordinal}IMAGE_URL"), content.images.first().map(|image| &image.url));
                args.link(ordinal, content.link.as_ref());
            }
        }
        ObjectType::Text => {
            args.text("TITLE", object.text.as_ref());
            args.link("", object.link.as_ref());
        }
        ObjectType::Feed | ObjectType::Location | ObjectType::Commerce | ObjectType::Calendar => {
            args.content(object.content.as_ref().unwrap_or(&Content::default()));
        }
    }
    for (ordinal, button) in ORDINALS.iter().zip(&draft.message.buttons) {
        args.put(&format!("{ordinal}BUTTON_TITLE"), &button.title);
        args.link(&format!("{ordinal}BUTTON_"), Some(&button.link));
    }
    match object.object_type {
        ObjectType::Location => {
            let map = map_link(object);
            if let Some((button, _)) = &draft.fixed {
                args.put("SECOND_BUTTON_TITLE", &button.title);
            }
            for (name, value) in [
                ("WEB_URL", &map.web),
                ("MOBILE_WEB_URL", &map.web),
                ("ANDROID_EXECUTION_URL", &map.app),
                ("IOS_EXECUTION_URL", &map.app),
            ] {
                args.put(&format!("SECOND_BUTTON_{name}"), value);
            }
            args.social(object.social.as_ref());
        }
        ObjectType::Feed => args.social(object.social.as_ref()),
        ObjectType::Commerce => args.commerce(object.commerce.as_ref()),
        ObjectType::List | ObjectType::Text | ObjectType::Calendar => {}
    }
    args.filled
}

struct Args<'a> {
    filled: Map<String, Value>,
    linker: &'a Linker<'a>,
}

impl Args<'_> {
    fn put(&mut self, name: &str, value: &str) {
        self.filled.insert(wrapped(name), value.into());
    }

    fn text(&mut self, name: &str, value: Option<&String>) {
        self.put(name, value.map_or("", String::as_str));
    }

    fn number(&mut self, name: &str, value: Option<i64>) {
        self.put(name, &value.map(|value| value.to_string()).unwrap_or_default());
    }

    fn link(&mut self, prefix: &str, link: Option<&Link>) {
        let none = Link::default();
        let link = link.unwrap_or(&none);
        self.text(&format!("{prefix}WEB_URL"), link.web_url.as_ref());
        self.text(&format!("{prefix}MOBILE_WEB_URL"), link.mobile_web_url.as_ref());
        let android = self.linker.execution_url(link.android_execution_params.as_ref());
        let ios = self.linker.execution_url(link.ios_execution_params.as_ref());
        self.put(&format!("{prefix}ANDROID_EXECUTION_URL"), &android);
        self.put(&format!("{prefix}IOS_EXECUTION_URL"), &ios);
    }

    fn content(&mut self, content: &Content) {
        self.text("TITLE", content.title.as_ref());
        self.text("DESCRIPTION", content.description.as_ref());
        let image = content.images.first().filter(|image| !image.url.is_empty());
        self.text("IMAGE_URL", image.map(|image| &image.url));
        let size = |pixels: Option<u32>| pixels.unwrap_or(wire::UNKNOWN_SIZE).to_string();
        let sizes = |image: &ImageRef| [size(image.width), size(image.height)];
        let [width, height] = image.map(sizes).unwrap_or_default();
        self.put("IMAGE_WIDTH", &width);
        self.put("IMAGE_HEIGHT", &height);
        self.put("IMAGE_COUNT", if image.is_some() { "1" } else { "0" });
        self.link("", content.link.as_ref());
    }

    fn social(&mut self, social: Option<&Social>) {
        let none = Social::default();
        let social = social.unwrap_or(&none);
        for (name, count) in [
            ("LIKE_COUNT", social.like_count),
            ("COMMENT_COUNT", social.comment_count),
            ("SHARED_COUNT", social.shared_count),
            ("VIEW_COUNT", social.view_count),
            ("SUBSCRIBER_COUNT", social.subscriber_count),
        ] {
            self.number(name, Some(count.unwrap_or(0)));
        }
    }

    fn commerce(&mut self, commerce: Option<&Commerce>) {
        let none = Commerce::default();
        let commerce = commerce.unwrap_or(&none);
        self.number("REGULAR_PRICE", commerce.regular_price);
        self.number("DISCOUNT_PRICE", commerce.discount_price);
        self.number("DISCOUNT_RATE", commerce.discount_rate);
        self.number("FLAT_DISCOUNT", commerce.fixed_discount_price);
        self.put("CURRENCY_UNIT", wire::currency(commerce));
        self.number("CURRENCY_UNIT_POSITION", commerce.currency_unit_position);
        // What it holds is not known; it was empty.
        self.put("PROMOTION", "");
    }
}
