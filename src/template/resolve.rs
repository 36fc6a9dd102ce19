//! A default template, resolved: the message that arrives, and Kakao's own template with the arguments that fill it. Not the short keys
//! of the answer: those are `wire`; not the app's own templates: those are `custom`.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::{
    link::Linker,
    message::{Header, ListItem, Message, MessageButton, Resolved, SocialCount, SocialKind, Source},
    object::{Content, ImageRef, ItemContent, Link, ObjectType, Profile, Social, TemplateObject},
    sender::Sender,
    wire::{self, Draft},
};

/// What the one default button says.
pub(super) const DEFAULT_BUTTON: &str = "자세히 보기";
/// What a location's last button says.
const MAP_BUTTON: &str = "위치 보기";
/// What a calendar's own button says.
const CALENDAR_BUTTON: &str = "일정 추가";
/// Most buttons of a message.
const MAX_BUTTONS: usize = 2;
/// Most pictures of a custom message; a default one has one.
const MAX_IMAGES: usize = 3;
/// Most social counts that are shown.
const MAX_SOCIAL: usize = 3;
/// Most contents of a list: of a default one, and of a custom one.
const MAX_ITEMS: [usize; 2] = [3, 5];
/// What stands in an address as it is (RFC 3986, 2.3).
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A default template as it arrives. Mistakes are left out rather than refused: judging is the check's.
pub fn resolve(object: &TemplateObject, sender: &Sender) -> Resolved {
    let mut draft = drafted(object, sender, false);
    let mut linker = Linker::new(sender, false, None);
    let template_args = super::default_args::args(&draft, &linker);
    let template_msg = wire::wire(&mut draft, sender, &mut linker);
    // The ids are those of the server that the SDK's tests were made with; production has others.
    let mut inferred = vec!["template-id"];
    match object.object_type {
        ObjectType::Calendar => inferred.push("calendar-message"),
        ObjectType::Location => inferred.push("map-coordinates"),
        ObjectType::Feed | ObjectType::List | ObjectType::Commerce | ObjectType::Text => {}
    }
    inferred.extend(wire::inferred(&draft.message));
    if linker.replaced {
        inferred.push("link-replaced");
    }
    Resolved {
        message: draft.message,
        template_id: template_id(object.object_type),
        template_args,
        template_msg,
        warning_msg: linker.warnings,
        argument_msg: Map::new(),
        inferred,
    }
}

/// Kakao's template for each type, in the answers of SDK test data. A calendar's is not known: a feed's stands in.
pub(super) fn template_id(object_type: ObjectType) -> i64 {
    match object_type {
        ObjectType::Feed | ObjectType::Calendar => 17_888,
        ObjectType::Commerce => 23_072,
        ObjectType::List => 17_314,
        ObjectType::Location => 17_893,
        ObjectType::Text => 35_445,
    }
}

/// The message with its links as they were given.
pub(super) fn drafted<'a>(object: &'a TemplateObject, sender: &Sender, custom: bool) -> Draft<'a> {
    let list = object.object_type == ObjectType::List;
    let text = object.object_type == ObjectType::Text;
    let content = object.content.as_ref().filter(|_| !list && !text);
    let commerce = object.object_type == ObjectType::Commerce;
    let feed = object.object_type == ObjectType::Feed;
    let social = object.social.as_ref().filter(|_| feed || object.object_type == ObjectType::Location);
    let link = if text { object.link.clone() } else { content.and_then(|content| content.link.clone()) };
    let fixed = fixed(object);
    let message = Message {
        object_type: object.object_type,
        full_text: text,
        profile: object.profile.clone().filter(|profile| custom && *profile != Profile::default()),
        header: list.then(|| header(object, custom)),
        images: content.map(|content| images(content, custom)).unwrap_or_default(),
        duration: content.and_then(|content| content.duration).filter(|_| custom),
        title: if text {
            owned(object.text.as_ref())
        } else {
            owned(content.and_then(|content| content.title.as_ref()))
        },
        // A commerce message has no room for it: its product name stands there (SDK issue 139).
        description: owned(content.and_then(|content| content.description.as_ref()).filter(|_| !commerce)),
        link: link.unwrap_or_default(),
        item_content: object.item_content.clone().filter(|items| feed && *items != ItemContent::default()),
        social: social.map(shown_counts).unwrap_or_default(),
        commerce: object.commerce.clone().filter(|_| commerce),
        items: if list { items(object, custom) } else { Vec::new() },
        buttons: buttons(object, custom, MAX_BUTTONS - usize::from(fixed.is_some())),
        source: Source { name: sender.name.clone(), icon: sender.icon.clone() },
    };
    Draft { message, object, custom, fixed }
}

fn owned(text: Option<&String>) -> String {
    text.cloned().unwrap_or_default()
}

fn header(object: &TemplateObject, custom: bool) -> Header {
    Header {
        title: owned(object.header_title.as_ref()),
        link: object.header_link.clone().unwrap_or_default(),
        image: object.header_image.clone().filter(|image| custom && !image.url.is_empty()),
    }
}

fn images(content: &Content, custom: bool) -> Vec<ImageRef> {
    let most = if custom { MAX_IMAGES } else { 1 };
    content.images.iter().filter(|image| !image.url.is_empty()).take(most).cloned().collect()
}

fn items(object: &TemplateObject, custom: bool) -> Vec<ListItem> {
    let [default, own] = MAX_ITEMS;
    let contents = object.contents.iter().take(if custom { own } else { default });
    contents
        .map(|content| ListItem {
            title: owned(content.title.as_ref()),
            description: owned(content.description.as_ref()),
            image: images(content, false).pop(),
            link: content.link.clone().unwrap_or_default(),
        })
        .collect()
}

/// At most three, in Kakao's order. An answer says 0 for a count that was not given, so a client cannot tell the two apart: 0 is not
/// shown.
fn shown_counts(social: &Social) -> Vec<SocialCount> {
    let counts = [
        (SocialKind::Like, social.like_count),
        (SocialKind::Comment, social.comment_count),
        (SocialKind::Shared, social.shared_count),
        (SocialKind::View, social.view_count),
        (SocialKind::Subscriber, social.subscriber_count),
    ];
    let given = counts.into_iter().filter_map(|(kind, count)| Some(SocialCount { kind, count: count? }));
    given.filter(|counted| counted.count > 0).take(MAX_SOCIAL).collect()
}

/// `buttons`, else one default button that leads where the content does. A custom template has the buttons of its design alone.
fn buttons(object: &TemplateObject, custom: bool, most: usize) -> Vec<MessageButton> {
    let named = |title: Option<&String>| title.filter(|title| !title.is_empty()).cloned();
    if let Some(buttons) = object.buttons.as_ref().filter(|buttons| !buttons.is_empty()) {
        let shown = buttons.iter().take(most).map(|button| MessageButton {
            title: named(button.title.as_ref()).unwrap_or_else(|| DEFAULT_BUTTON.to_owned()),
            link: button.link.clone().unwrap_or_default(),
        });
        return shown.collect();
    }
    let title = named(object.button_title.as_ref());
    // A calendar comes with its own button; whether it has a default one besides is not said: it has no `button_title`.
    if title.is_none() && (custom || object.object_type == ObjectType::Calendar) {
        return Vec::new();
    }
    let link = match object.object_type {
        ObjectType::List => object.header_link.clone(),
        ObjectType::Text => object.link.clone(),
        ObjectType::Feed | ObjectType::Location | ObjectType::Commerce | ObjectType::Calendar => {
            object.content.as_ref().and_then(|content| content.link.clone())
        }
    };
    let title = title.unwrap_or_else(|| DEFAULT_BUTTON.to_owned());
    vec![MessageButton { title, link: link.unwrap_or_default() }]
}

/// The button that Kakao adds: a location's map, a calendar's "add". Its links are Kakao's own and not judged.
fn fixed(object: &TemplateObject) -> Option<(MessageButton, Map<String, Value>)> {
    match object.object_type {
        ObjectType::Location => {
            let map = map_link(object);
            let web = Some(map.web.clone());
            let link = Link { web_url: web.clone(), mobile_web_url: web, ..Link::default() };
            let fields = json!({ "LCA": map.app, "LCI": map.app, "LPC": map.web, "LMO": map.web });
            let fields = fields.as_object().cloned().unwrap_or_default();
            Some((MessageButton { title: MAP_BUTTON.to_owned(), link }, fields))
        }
        // What it opens is not public.
        ObjectType::Calendar => {
            Some((MessageButton { title: CALENDAR_BUTTON.to_owned(), link: Link::default() }, Map::new()))
        }
        ObjectType::Feed | ObjectType::List | ObjectType::Commerce | ObjectType::Text => None,
    }
}

/// Where a map is opened.
pub(super) struct MapLink {
    /// In a browser.
    pub(super) web: String,
    /// In KakaoTalk.
    pub(super) app: String,
}

/// Kakao looks the address up and links to its coordinates: `…/link/map/<address>,<lat>,<lng>`, `kakaotalk://map?lat=…&lng=…&t=…&a=…`.
/// Nothing is looked up here: the same map is asked to search for the address, and the coordinates are left out.
pub(super) fn map_link(object: &TemplateObject) -> MapLink {
    let encoded = |text: Option<&String>| utf8_percent_encode(text.map_or("", String::as_str), UNRESERVED).to_string();
    let address = encoded(object.address.as_ref());
    let title = encoded(object.address_title.as_ref().or(object.address.as_ref()));
    MapLink {
        web: format!("http://map.daum.net/link/search/{address}"),
        app: format!("kakaotalk://map?t={title}&a={address}"),
    }
}
