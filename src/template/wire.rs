//! A message in Kakao's short keys: `template_msg` with `P`, the envelope, and `C`, the content. The keys are those of real answers
//! (SDK test data; kakao-share-api 1.2); what no answer shows is left out or named as inferred.

use serde_json::{Map, Value, json};

use super::{
    link::Linker,
    message::{Message, MessageButton},
    object::{Commerce, ImageRef, Link, ObjectType, Social, TemplateObject},
    sender::Sender,
};

/// Width and height that Kakao answers for a picture whose size was not given.
pub(super) const UNKNOWN_SIZE: u32 = 400;

/// What of a message is not in [`Message`].
pub(super) struct Draft<'a> {
    /// The message, its links not judged yet.
    pub(super) message: Message,
    /// The template it is from.
    pub(super) object: &'a TemplateObject,
    /// Whether the template is an app's own.
    pub(super) custom: bool,
    /// The button that Kakao adds at the end, with its links as they are.
    pub(super) fixed: Option<(MessageButton, Map<String, Value>)>,
}

/// `template_msg`; the links of the draft's message are judged on the way, and buttons without any left are taken out.
pub(super) fn wire(draft: &mut Draft, sender: &Sender, linker: &mut Linker) -> Value {
    let envelope = envelope(draft, sender, linker);
    let content = content(draft, linker);
    settle(draft, linker);
    json!({ "P": envelope, "C": content })
}

/// Codes of what is in the message but in no answer that is public.
pub(super) fn inferred(message: &Message) -> Vec<&'static str> {
    let mut codes = Vec::new();
    let priced = message.commerce.as_ref().is_some_and(|commerce| {
        let more = [commerce.discount_price, commerce.discount_rate, commerce.fixed_discount_price];
        more.iter().any(Option::is_some) || commerce.currency_unit_position.is_some() || commerce.product_name.is_some()
    });
    if priced {
        codes.push("commerce-message");
    }
    let unknown = [
        message.item_content.is_some(),
        message.profile.is_some(),
        message.duration.is_some(),
        message.header.as_ref().is_some_and(|header| header.image.is_some()),
    ];
    if unknown.contains(&true) {
        codes.push("message-parts");
    }
    codes
}

fn envelope(draft: &Draft, sender: &Sender, linker: &mut Linker) -> Value {
    let mut fields = Map::new();
    let mut put = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            fields.insert(key.to_owned(), value);
        }
    };
    let kind = match draft.object.object_type {
        ObjectType::List => "List",
        ObjectType::Commerce => "Commerce",
        // Text and location are feeds in the fixtures; a calendar is not shown anywhere.
        ObjectType::Feed | ObjectType::Location | ObjectType::Text | ObjectType::Calendar => "Feed",
    };
    put("TP", Some(kind.into()));
    put("ME", Some("${ME}".into()));
    put("SID", Some(format!("capri_{}", sender.id).into()));
    put("DID", sender.domains.first().map(|domain| domain.to_string().into()));
    put("SNM", Some(sender.name.clone().into()));
    put("SIC", sender.icon.clone().map(Into::into));
    // `SST`, the link to block an app's messages, is in one answer of a game of 2016 and in none of a default template: left out.
    let stores = [("LA", &sender.android_store), ("LI", &sender.ios_store)];
    let mut link = linker.wire_main();
    if !draft.custom {
        // A default template's answer has these besides, a custom one's has not.
        for key in ["LCP", "LCM"] {
            link.insert(key.to_owned(), format!("{}://kakaolink", sender.scheme()).into());
        }
        for (key, store) in stores {
            if let Some(store) = store {
                link.insert(key.to_owned(), store.clone().into());
            }
        }
    }
    put("L", Some(Value::Object(link)));
    for (key, store) in stores {
        put(key, store.clone().map(Into::into));
    }
    // Least versions of KakaoTalk on Android, iOS, Windows, macOS: the same in all fixtures.
    for (key, version) in [("VA", "6.0.0"), ("VI", "5.9.8"), ("VW", "2.5.1"), ("VM", "2.2.0")] {
        put(key, Some(version.into()));
    }
    put("FW", Some(true.into()));
    put("RF", Some("out-client".into()));
    Value::Object(fields)
}

fn content(draft: &Draft, linker: &mut Linker) -> Value {
    let message = &draft.message;
    let mut fields = Map::new();
    if !message.images.is_empty() {
        fields.insert("THC".to_owned(), message.images.len().into());
        let wired = message.images.iter().enumerate().map(|(at, image)| {
            let picture = json!({ "TH": picture(image) });
            linked(picture, &message.link, linker, &format!("C.THL[{at}].L"))
        });
        fields.insert("THL".to_owned(), wired.collect());
    }
    let text = texts(&message.title, &message.description);
    if !text.is_empty() {
        let mut title = linked(json!({ "TD": text }), &message.link, linker, "C.TI.L");
        if let (true, Some(title)) = (message.full_text, title.as_object_mut()) {
            title.insert("FT".to_owned(), true.into());
        }
        fields.insert("TI".to_owned(), title);
    }
    if let Some(social) = &draft.object.social {
        fields.insert("SO".to_owned(), counts(social));
    }
    if let Some(commerce) = &message.commerce {
        fields.insert("CMC".to_owned(), price(commerce));
    }
    if let Some(header) = &message.header {
        let head = json!({ "TD": texts(&header.title, "") });
        fields.insert("HD".to_owned(), linked(head, &header.link, linker, "C.HD.L"));
    }
    if !message.items.is_empty() {
        let items = message.items.iter().enumerate().map(|(at, item)| {
            let text = json!({ "TD": texts(&item.title, &item.description) });
            let mut wired = linked(text, &item.link, linker, &format!("C.ITL[{at}].L"));
            if let Some(wired) = wired.as_object_mut() {
                if let Some(image) = &item.image {
                    wired.insert("TH".to_owned(), json!({ "THU": image.url }));
                }
                wired.insert("UA".to_owned(), json!({}));
            }
            wired
        });
        fields.insert("ITL".to_owned(), items.collect());
    }
    let buttons = buttons(draft, linker);
    if !buttons.is_empty() {
        fields.insert("BUL".to_owned(), buttons.into());
    }
    Value::Object(fields)
}

fn buttons(draft: &Draft, linker: &mut Linker) -> Vec<Value> {
    let mut wired = Vec::new();
    for button in &draft.message.buttons {
        if let Some(link) = linker.wire_button(&button.link, &format!("C.BUL[{}].L", wired.len())) {
            wired.push(json!({ "BU": { "T": button.title }, "L": link }));
        }
    }
    if let Some((button, link)) = &draft.fixed {
        let title = json!({ "T": button.title });
        wired.push(if link.is_empty() { json!({ "BU": title }) } else { json!({ "BU": title, "L": link }) });
    }
    wired
}

/// Judges the links of the message itself.
fn settle(draft: &mut Draft, linker: &Linker) {
    let message = &mut draft.message;
    message.link = linker.judged(&message.link);
    if let Some(header) = &mut message.header {
        header.link = linker.judged(&header.link);
    }
    for item in &mut message.items {
        item.link = linker.judged(&item.link);
    }
    for button in &mut message.buttons {
        button.link = linker.judged(&button.link);
    }
    message.buttons.retain(|button| !button.link.is_empty());
    message.buttons.extend(draft.fixed.iter().map(|(button, _)| button.clone()));
}

fn linked(mut wired: Value, link: &Link, linker: &mut Linker, path: &str) -> Value {
    if let (Some(link), Some(fields)) = (linker.wire(link, path), wired.as_object_mut()) {
        fields.insert("L".to_owned(), link);
    }
    wired
}

fn texts(title: &str, description: &str) -> Map<String, Value> {
    let both = [("T", title), ("D", description)];
    both.into_iter().filter(|(_, text)| !text.is_empty()).map(|(key, text)| (key.to_owned(), text.into())).collect()
}

fn picture(image: &ImageRef) -> Value {
    let size = |pixels: Option<u32>| pixels.unwrap_or(UNKNOWN_SIZE);
    json!({ "THU": image.url, "W": size(image.width), "H": size(image.height) })
}

fn counts(social: &Social) -> Value {
    let count = |count: Option<i64>| count.unwrap_or(0);
    json!({
        "LK": count(social.like_count),
        "CM": count(social.comment_count),
        "SH": count(social.shared_count),
        "VC": count(social.view_count),
        "SB": count(social.subscriber_count),
    })
}

/// `RP` and `CU` are of a real answer; the other keys are made after them and named as inferred.
fn price(commerce: &Commerce) -> Value {
    let numbers = |pairs: [(&'static str, Option<i64>); 4]| {
        pairs.into_iter().filter_map(|(key, value)| Some((key.to_owned(), Value::from(value?))))
    };
    let mut fields: Map<String, Value> = numbers([
        ("RP", commerce.regular_price),
        ("DP", commerce.discount_price),
        ("DR", commerce.discount_rate),
        ("FD", commerce.fixed_discount_price),
    ])
    .collect();
    fields.insert("CU".to_owned(), currency(commerce).into());
    if let Some(position) = commerce.currency_unit_position {
        fields.insert("CP".to_owned(), position.into());
    }
    if let Some(name) = commerce.product_name.as_ref().filter(|name| !name.is_empty()) {
        fields.insert("PN".to_owned(), name.clone().into());
    }
    Value::Object(fields)
}

/// The currency: 원 when none is given.
pub(super) fn currency(commerce: &Commerce) -> &str {
    commerce.currency_unit.as_deref().filter(|unit| !unit.is_empty()).unwrap_or("원")
}
