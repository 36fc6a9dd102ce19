//! What a developer writes: the fields of a default template, and what custom templates have besides. Reading is lenient and judging
//! is [`check`](super::problem)'s, so that a message with mistakes can still be shown while it is mended.
//! Names are those of Kakao's reference (message-template/default).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// `object_type`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ObjectType {
    /// Image, text, buttons; with item list and social counts.
    #[default]
    Feed,
    /// A header and two or three contents (custom templates: up to five).
    List,
    /// A feed with an address; its last button shows the map.
    Location,
    /// A product and its price.
    Commerce,
    /// Text alone.
    Text,
    /// An event or a calendar of Kakao's.
    Calendar,
}

impl ObjectType {
    /// All of them, in the order of Kakao's reference.
    pub const ALL: [Self; 6] = [Self::Feed, Self::List, Self::Location, Self::Commerce, Self::Text, Self::Calendar];

    /// The word in `object_type`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Feed => "feed",
            Self::List => "list",
            Self::Location => "location",
            Self::Commerce => "commerce",
            Self::Text => "text",
            Self::Calendar => "calendar",
        }
    }
}

/// A template: which fields count depends on `object_type`. Absent and of-the-wrong-type are both `None` here.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub struct TemplateObject {
    /// The type.
    pub object_type: ObjectType,
    /// Feed, location, commerce, calendar: the content.
    pub content: Option<Content>,
    /// List: the contents.
    pub contents: Vec<Content>,
    /// List: the header's text.
    pub header_title: Option<String>,
    /// List: where the header leads.
    pub header_link: Option<Link>,
    /// List, custom templates only: the picture behind the header.
    pub header_image: Option<ImageRef>,
    /// Location: the address that the map looks for.
    pub address: Option<String>,
    /// Location: the title of the place on the map.
    pub address_title: Option<String>,
    /// Text: the text.
    pub text: Option<String>,
    /// Text: where it leads.
    pub link: Option<Link>,
    /// Calendar: the id of an event or a calendar.
    pub id: Option<String>,
    /// Calendar: `event` or `calendar`.
    pub id_type: Option<String>,
    /// Feed: the item list.
    pub item_content: Option<ItemContent>,
    /// Feed, location: the social counts.
    pub social: Option<Social>,
    /// Commerce: the price.
    pub commerce: Option<Commerce>,
    /// Custom templates of feed and commerce: who speaks, above the image.
    pub profile: Option<Profile>,
    /// The title of the one default button.
    pub button_title: Option<String>,
    /// The buttons; they override `button_title`.
    pub buttons: Option<Vec<Button>>,
}

/// `content`, and each of `contents`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub struct Content {
    /// The title.
    pub title: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// The pictures; a default template has at most one (`image_url`, `image_width`, `image_height`), a custom feed or commerce three.
    pub images: Vec<ImageRef>,
    /// Where it leads.
    pub link: Option<Link>,
    /// Custom templates: seconds, shown as a badge on the picture with a play icon.
    pub duration: Option<u64>,
}

/// A picture by its address.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ImageRef {
    /// `image_url`.
    pub url: String,
    /// `image_width` in pixels.
    pub width: Option<u32>,
    /// `image_height` in pixels.
    pub height: Option<u32>,
}

/// `link`. Tapped on a phone: execution params before `mobile_web_url` before `web_url`; on a computer `web_url`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Link {
    /// `web_url`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub web_url: Option<String>,
    /// `mobile_web_url`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mobile_web_url: Option<String>,
    /// `android_execution_params`: what follows `kakao${NATIVE_APP_KEY}://kakaolink?` on Android.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub android_execution_params: Option<String>,
    /// `ios_execution_params`: the same on iOS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ios_execution_params: Option<String>,
}

impl Link {
    /// True if nothing is in it.
    pub fn is_empty(&self) -> bool {
        self == &Self::default()
    }
}

/// One of `buttons`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Button {
    /// What it says.
    pub title: Option<String>,
    /// Where it leads.
    pub link: Option<Link>,
}

/// `social`: at most three are shown, in this order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Social {
    /// `like_count`.
    pub like_count: Option<i64>,
    /// `comment_count`.
    pub comment_count: Option<i64>,
    /// `shared_count`.
    pub shared_count: Option<i64>,
    /// `view_count`.
    pub view_count: Option<i64>,
    /// `subscriber_count`.
    pub subscriber_count: Option<i64>,
}

/// `commerce`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Commerce {
    /// `regular_price`.
    pub regular_price: Option<i64>,
    /// `discount_price`.
    pub discount_price: Option<i64>,
    /// `discount_rate` in percent.
    pub discount_rate: Option<i64>,
    /// `fixed_discount_price`; not together with `discount_rate`.
    pub fixed_discount_price: Option<i64>,
    /// `product_name`.
    pub product_name: Option<String>,
    /// `currency_unit`; 원 if unset.
    pub currency_unit: Option<String>,
    /// `currency_unit_position`: 0 after the price, 1 before it.
    pub currency_unit_position: Option<i64>,
}

/// `item_content`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ItemContent {
    /// `profile_text`: at most 16 characters, bold without a profile image.
    pub profile_text: Option<String>,
    /// `profile_image_url`.
    pub profile_image_url: Option<String>,
    /// `title_image_text`: at most two lines or 24 characters.
    pub title_image_text: Option<String>,
    /// `title_image_url`: shown square.
    pub title_image_url: Option<String>,
    /// `title_image_category`: one line, at most 14 characters, grey.
    pub title_image_category: Option<String>,
    /// `items`: at most five.
    #[serde(default)]
    pub items: Vec<Item>,
    /// `sum`: at most 6 characters, bold.
    pub sum: Option<String>,
    /// `sum_op`: at most 11 characters.
    pub sum_op: Option<String>,
}

/// One of `items`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Item {
    /// `item`: the name, at most 6 characters.
    pub item: Option<String>,
    /// `item_op`: the value, at most 14 characters.
    pub item_op: Option<String>,
}

/// The profile of a custom template.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Profile {
    /// The name.
    pub text: Option<String>,
    /// The picture.
    pub image_url: Option<String>,
}
