//! A default template as a tree of constructors and fields, by the names that Kakao's SDKs share. Only what is set is in it. Not how a
//! language writes it.

use crate::template::object::{
    Button, Commerce, Content, ImageRef, ItemContent, Link, ObjectType, Social, TemplateObject,
};

/// A value in source code.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    /// Text.
    Text(String),
    /// An address: text in some SDKs, a type of its own in others.
    Address(String),
    /// A number.
    Integer(i64),
    /// `android_execution_params`: text in JavaScript, pairs elsewhere.
    Params(String),
    /// `event` or `calendar`.
    IdType(String),
    /// Names and texts.
    Pairs(Vec<(String, String)>),
    /// Several.
    List(Vec<Node>),
    /// A constructor with its fields, in the order of the SDKs' initialisers; Swift demands it.
    Made(Class, Vec<(&'static str, Node)>),
}

/// What is constructed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// A template of a type.
    Template(ObjectType),
    Content,
    Link,
    Button,
    Social,
    Commerce,
    ItemContent,
    ItemInfo,
}

/// The tree of a template.
pub(super) fn template(object: &TemplateObject) -> Node {
    let mut fields = Fields::default();
    let content = object.content.as_ref().map(content);
    match object.object_type {
        ObjectType::Feed => {
            fields.node("content", content);
            fields.node("item_content", object.item_content.as_ref().map(item_content));
            fields.node("social", object.social.as_ref().map(social));
        }
        ObjectType::List => {
            fields.text("header_title", object.header_title.as_ref());
            fields.node("header_link", object.header_link.as_ref().map(link));
            fields.node("contents", Some(Node::List(object.contents.iter().map(self::content).collect())));
        }
        ObjectType::Location => {
            fields.text("address", object.address.as_ref());
            fields.text("address_title", object.address_title.as_ref());
            fields.node("content", content);
            fields.node("social", object.social.as_ref().map(social));
        }
        ObjectType::Commerce => {
            fields.node("content", content);
            fields.node("commerce", object.commerce.as_ref().map(commerce));
        }
        ObjectType::Text => {
            fields.text("text", object.text.as_ref());
            fields.node("link", object.link.as_ref().map(link));
        }
        ObjectType::Calendar => {
            fields.text("id", object.id.as_ref());
            fields.node("id_type", object.id_type.clone().map(Node::IdType));
            fields.node("content", content);
        }
    }
    if object.object_type != ObjectType::Calendar {
        fields.text("button_title", object.button_title.as_ref());
    }
    let buttons = object.buttons.as_ref().filter(|buttons| !buttons.is_empty());
    fields.node("buttons", buttons.map(|buttons| Node::List(buttons.iter().map(button).collect())));
    Node::Made(Class::Template(object.object_type), fields.0)
}

#[derive(Default)]
struct Fields(Vec<(&'static str, Node)>);

impl Fields {
    fn node(&mut self, name: &'static str, node: Option<Node>) {
        if let Some(node) = node {
            self.0.push((name, node));
        }
    }

    fn text(&mut self, name: &'static str, text: Option<&String>) {
        self.node(name, text.cloned().map(Node::Text));
    }

    fn address(&mut self, name: &'static str, address: Option<&String>) {
        self.node(name, address.cloned().map(Node::Address));
    }

    fn integer(&mut self, name: &'static str, number: Option<i64>) {
        self.node(name, number.map(Node::Integer));
    }
}

fn content(content: &Content) -> Node {
    let image = content.images.first();
    let pixels = |pixels: fn(&ImageRef) -> Option<u32>| image.and_then(pixels).map(i64::from);
    let mut fields = Fields::default();
    fields.text("title", content.title.as_ref());
    fields.address("image_url", image.map(|image| &image.url));
    fields.integer("image_width", pixels(|image| image.width));
    fields.integer("image_height", pixels(|image| image.height));
    fields.text("description", content.description.as_ref());
    fields.node("link", content.link.as_ref().map(link));
    Node::Made(Class::Content, fields.0)
}

fn link(link: &Link) -> Node {
    let mut fields = Fields::default();
    fields.address("web_url", link.web_url.as_ref());
    fields.address("mobile_web_url", link.mobile_web_url.as_ref());
    fields.node("android_execution_params", link.android_execution_params.clone().map(Node::Params));
    fields.node("ios_execution_params", link.ios_execution_params.clone().map(Node::Params));
    Node::Made(Class::Link, fields.0)
}

fn button(button: &Button) -> Node {
    let mut fields = Fields::default();
    fields.text("title", button.title.as_ref());
    fields.node("link", button.link.as_ref().map(link));
    Node::Made(Class::Button, fields.0)
}

fn social(social: &Social) -> Node {
    let mut fields = Fields::default();
    fields.integer("like_count", social.like_count);
    fields.integer("comment_count", social.comment_count);
    fields.integer("shared_count", social.shared_count);
    fields.integer("view_count", social.view_count);
    fields.integer("subscriber_count", social.subscriber_count);
    Node::Made(Class::Social, fields.0)
}

fn commerce(commerce: &Commerce) -> Node {
    let mut fields = Fields::default();
    fields.integer("regular_price", commerce.regular_price);
    fields.integer("discount_price", commerce.discount_price);
    fields.integer("discount_rate", commerce.discount_rate);
    fields.integer("fixed_discount_price", commerce.fixed_discount_price);
    fields.text("product_name", commerce.product_name.as_ref());
    fields.text("currency_unit", commerce.currency_unit.as_ref());
    fields.integer("currency_unit_position", commerce.currency_unit_position);
    Node::Made(Class::Commerce, fields.0)
}

fn item_content(items: &ItemContent) -> Node {
    let mut fields = Fields::default();
    fields.text("profile_text", items.profile_text.as_ref());
    fields.address("profile_image_url", items.profile_image_url.as_ref());
    fields.text("title_image_text", items.title_image_text.as_ref());
    fields.address("title_image_url", items.title_image_url.as_ref());
    fields.text("title_image_category", items.title_image_category.as_ref());
    let each = items.items.iter().map(|item| {
        let mut fields = Fields::default();
        fields.text("item", item.item.as_ref());
        fields.text("item_op", item.item_op.as_ref());
        Node::Made(Class::ItemInfo, fields.0)
    });
    let each: Vec<_> = each.collect();
    fields.node("items", (!each.is_empty()).then_some(Node::List(each)));
    fields.text("sum", items.sum.as_ref());
    fields.text("sum_op", items.sum_op.as_ref());
    Node::Made(Class::ItemContent, fields.0)
}
