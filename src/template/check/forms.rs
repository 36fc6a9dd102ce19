//! What fields there are, of what shape, and which are required: facts of message-template/default and of the types of Kakao's SDKs
//! as tables. What custom templates have besides is named in `read`.

use super::{
    commerce, content, item_content,
    judge::{Fields, Judge},
    kinds, link, social,
};
use crate::template::ObjectType;

/// An object's fields, and what to judge once they are known to have their shapes.
pub(super) struct Form {
    pub fields: &'static [Field],
    pub also: fn(&mut Judge<'_>, &str, &Fields),
}

/// One field.
pub(super) struct Field {
    pub name: &'static str,
    pub shape: Shape,
    pub need: Need,
    /// Only custom templates have it.
    pub custom: bool,
}

/// Whether a field must be there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    Always,
    /// In default templates; in custom ones it may be absent.
    InDefault,
    Never,
}

/// What a field holds.
pub(super) enum Shape {
    /// `object_type`: judged before all others.
    Type,
    /// Text of any length.
    Text,
    /// Text of so many characters; beyond, the code is told.
    Short(usize, &'static str),
    /// One of these words; any other is told by the code.
    Word(&'static [&'static str], &'static str),
    /// A whole number that is not negative.
    Whole,
    /// 0 or 1.
    Position,
    /// The id of a custom template.
    Id,
    /// `web_url`, `mobile_web_url`.
    Web,
    /// `image_url` and its like.
    Image,
    /// Execution params.
    Params,
    Object(&'static Form),
    List(&'static Form, &'static Count),
}

/// How many a list may hold.
pub(super) struct Count {
    pub fewest: usize,
    pub most: usize,
    /// Most in a custom template.
    pub most_custom: usize,
    pub few: &'static str,
    pub many: &'static str,
}

const fn field(name: &'static str, shape: Shape, need: Need, custom: bool) -> Field {
    Field { name, shape, need, custom }
}
const fn must(name: &'static str, shape: Shape) -> Field {
    field(name, shape, Need::Always, false)
}
const fn should(name: &'static str, shape: Shape) -> Field {
    field(name, shape, Need::InDefault, false)
}
const fn may(name: &'static str, shape: Shape) -> Field {
    field(name, shape, Need::Never, false)
}
const fn custom(name: &'static str, shape: Shape) -> Field {
    field(name, shape, Need::Never, true)
}
const fn custom_must(name: &'static str, shape: Shape) -> Field {
    field(name, shape, Need::Always, true)
}

/// The form of a type.
pub(super) fn form_of(object_type: ObjectType) -> &'static Form {
    match object_type {
        ObjectType::Feed => &FEED,
        ObjectType::List => &LIST,
        ObjectType::Location => &LOCATION,
        ObjectType::Commerce => &COMMERCE,
        ObjectType::Text => &TEXT,
        ObjectType::Calendar => &CALENDAR,
    }
}

/// The types that have a field, and whether any has it in default templates.
pub(super) fn types_with(name: &str, custom: bool) -> Vec<ObjectType> {
    let has =
        |kind: &ObjectType| form_of(*kind).fields.iter().any(|field| field.name == name && (custom || !field.custom));
    ObjectType::ALL.into_iter().filter(has).collect()
}

const BUTTON_TITLE: Shape = Shape::Short(8, "button-title-long");
const TWO_BUTTONS: Count = Count { fewest: 0, most: 2, most_custom: 2, few: "", many: "buttons-too-many" };
/// The other one is Kakao's: 위치 보기 of a location, 일정 추가 of a calendar.
const ONE_BUTTON: Count = Count { fewest: 0, most: 1, most_custom: 1, few: "", many: "buttons-too-many" };
const CONTENTS: Count =
    Count { fewest: 2, most: 3, most_custom: 5, few: "contents-too-few", many: "contents-too-many" };
const THREE_IMAGES: Count = Count { fewest: 0, most: 3, most_custom: 3, few: "", many: "images-too-many" };
const ONE_IMAGE: Count = Count { fewest: 0, most: 1, most_custom: 1, few: "", many: "images-too-many" };
const FIVE_ITEMS: Count = Count { fewest: 0, most: 5, most_custom: 5, few: "", many: "items-too-many" };
const PURPOSE: Shape = Shape::Word(&["share", "message"], "purpose-unknown");

const FEED: Form = Form {
    fields: &[
        custom_must("id", Shape::Id),
        custom("name", Shape::Text),
        custom("purpose", PURPOSE),
        must("object_type", Shape::Type),
        custom("link", Shape::Object(&LINK)),
        custom("profile", Shape::Object(&PROFILE)),
        must("content", Shape::Object(&CONTENT)),
        may("item_content", Shape::Object(&ITEM_CONTENT)),
        may("social", Shape::Object(&SOCIAL)),
        may("button_title", BUTTON_TITLE),
        may("buttons", Shape::List(&BUTTON, &TWO_BUTTONS)),
    ],
    also: kinds::any,
};

const LIST: Form = Form {
    fields: &[
        custom_must("id", Shape::Id),
        custom("name", Shape::Text),
        custom("purpose", PURPOSE),
        must("object_type", Shape::Type),
        custom("link", Shape::Object(&LINK)),
        custom("header_image", Shape::Object(&HEADER_IMAGE)),
        should("header_title", Shape::Short(200, "text-too-long")),
        should("header_link", Shape::Object(&LINK)),
        must("contents", Shape::List(&LIST_CONTENT, &CONTENTS)),
        may("button_title", BUTTON_TITLE),
        may("buttons", Shape::List(&BUTTON, &TWO_BUTTONS)),
    ],
    also: kinds::any,
};

const LOCATION: Form = Form {
    fields: &[
        must("object_type", Shape::Type),
        must("address", Shape::Text),
        may("address_title", Shape::Text),
        must("content", Shape::Object(&CONTENT)),
        may("social", Shape::Object(&SOCIAL)),
        may("button_title", BUTTON_TITLE),
        may("buttons", Shape::List(&BUTTON, &ONE_BUTTON)),
    ],
    also: kinds::any,
};

const COMMERCE: Form = Form {
    fields: &[
        custom_must("id", Shape::Id),
        custom("name", Shape::Text),
        custom("purpose", PURPOSE),
        must("object_type", Shape::Type),
        custom("link", Shape::Object(&LINK)),
        custom("profile", Shape::Object(&PROFILE)),
        must("content", Shape::Object(&CONTENT)),
        must("commerce", Shape::Object(&PRICE)),
        may("button_title", BUTTON_TITLE),
        may("buttons", Shape::List(&BUTTON, &TWO_BUTTONS)),
    ],
    also: kinds::commerce,
};

const TEXT: Form = Form {
    fields: &[
        must("object_type", Shape::Type),
        must("text", Shape::Short(200, "text-too-long")),
        must("link", Shape::Object(&LINK)),
        may("button_title", BUTTON_TITLE),
        may("buttons", Shape::List(&BUTTON, &TWO_BUTTONS)),
    ],
    also: kinds::any,
};

const CALENDAR: Form = Form {
    fields: &[
        must("object_type", Shape::Type),
        must("id", Shape::Text),
        must("id_type", Shape::Word(&["event", "calendar"], "id-type-unknown")),
        must("content", Shape::Object(&CONTENT)),
        may("buttons", Shape::List(&BUTTON, &ONE_BUTTON)),
    ],
    also: kinds::nothing,
};

const CONTENT: Form = Form {
    fields: &[
        may("title", Shape::Text),
        may("description", Shape::Text),
        may("image_url", Shape::Image),
        may("image_width", Shape::Whole),
        may("image_height", Shape::Whole),
        custom("images", Shape::List(&IMAGE, &THREE_IMAGES)),
        custom("duration", Shape::Whole),
        should("link", Shape::Object(&LINK)),
    ],
    also: content::main,
};

const LIST_CONTENT: Form = Form {
    fields: &[
        may("title", Shape::Text),
        may("description", Shape::Text),
        may("image_url", Shape::Image),
        may("image_width", Shape::Whole),
        may("image_height", Shape::Whole),
        custom("images", Shape::List(&IMAGE, &ONE_IMAGE)),
        custom("duration", Shape::Whole),
        should("link", Shape::Object(&LINK)),
    ],
    also: content::of_list,
};

const IMAGE: Form = Form {
    fields: &[must("image_url", Shape::Image), may("image_width", Shape::Whole), may("image_height", Shape::Whole)],
    also: content::picture,
};

/// A strip behind the header: what sizes it takes is not documented.
const HEADER_IMAGE: Form = Form { also: kinds::nothing, ..IMAGE };

const PROFILE: Form =
    Form { fields: &[may("text", Shape::Text), may("image_url", Shape::Image)], also: kinds::nothing };

const LINK: Form = Form {
    fields: &[
        may("web_url", Shape::Web),
        may("mobile_web_url", Shape::Web),
        may("android_execution_params", Shape::Params),
        may("ios_execution_params", Shape::Params),
    ],
    also: link::whole,
};

const BUTTON: Form =
    Form { fields: &[must("title", BUTTON_TITLE), must("link", Shape::Object(&LINK))], also: kinds::nothing };

const SOCIAL: Form = Form {
    fields: &[
        may("like_count", Shape::Whole),
        may("comment_count", Shape::Whole),
        may("shared_count", Shape::Whole),
        may("view_count", Shape::Whole),
        may("subscriber_count", Shape::Whole),
    ],
    also: social::counts,
};

const PRICE: Form = Form {
    fields: &[
        must("regular_price", Shape::Whole),
        may("discount_price", Shape::Whole),
        may("discount_rate", Shape::Whole),
        may("fixed_discount_price", Shape::Whole),
        may("product_name", Shape::Text),
        may("currency_unit", Shape::Text),
        may("currency_unit_position", Shape::Position),
    ],
    also: commerce::price,
};

const ITEM_CONTENT: Form = Form {
    fields: &[
        may("profile_text", Shape::Short(16, "text-cut")),
        may("profile_image_url", Shape::Image),
        may("title_image_text", Shape::Short(24, "text-cut")),
        may("title_image_url", Shape::Image),
        may("title_image_category", Shape::Short(14, "text-cut")),
        may("items", Shape::List(&ITEM, &FIVE_ITEMS)),
        may("sum", Shape::Short(6, "text-cut")),
        may("sum_op", Shape::Short(11, "text-cut")),
    ],
    also: item_content::sum,
};

const ITEM: Form = Form {
    // On one line 14 characters, on two 25.
    fields: &[may("item", Shape::Short(6, "text-cut")), may("item_op", Shape::Short(25, "text-cut"))],
    also: item_content::item,
};
