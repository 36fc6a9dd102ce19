//! The REST call with curl. Share has no REST form that Kakao documents: this sends the same template with the Message API, to the
//! user's own chat.

use serde_json::{Map, Value};

use super::{
    CodeInput,
    call::Call,
    quote,
    tree::{Class, Node},
};

pub(super) fn code(input: &CodeInput) -> String {
    let call = Call::of(input);
    let path = match call.verb {
        super::call::Verb::Default => "default/send",
        super::call::Verb::Custom => "send",
        super::call::Verb::Scrap => "scrap/send",
    };
    let mut lines = vec![
        format!("curl -X POST \"https://kapi.kakao.com/v2/api/talk/memo/{path}\""),
        "  -H \"Authorization: Bearer ${ACCESS_TOKEN}\"".to_owned(),
    ];
    let mut field = |name: &str, value: &str| {
        lines.push(format!("  --data-urlencode {}", quote::shell(&format!("{name}={value}"))));
    };
    if let Some(template) = &call.template {
        field("template_object", &json(&value(template), 0));
    }
    if let Some(Node::Text(url)) = &call.request_url {
        field("request_url", url);
    }
    for (name, node) in &call.custom {
        field(name, &json(&value(node), 0));
    }
    lines.join(" \\\n") + "\n"
}

/// The template as Kakao's API takes it.
fn value(node: &Node) -> Value {
    match node {
        Node::Text(text) | Node::Address(text) | Node::Params(text) | Node::IdType(text) => text.clone().into(),
        Node::Integer(number) => (*number).into(),
        Node::Pairs(pairs) => {
            pairs.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect::<Map<_, Value>>().into()
        }
        Node::List(nodes) => nodes.iter().map(value).collect(),
        Node::Made(class, fields) => {
            let kind = match class {
                Class::Template(object_type) => Some(("object_type".to_owned(), object_type.as_str().into())),
                Class::Content
                | Class::Link
                | Class::Button
                | Class::Social
                | Class::Commerce
                | Class::ItemContent
                | Class::ItemInfo => None,
            };
            let fields = fields.iter().map(|(name, node)| ((*name).to_owned(), value(node)));
            kind.into_iter().chain(fields).collect::<Map<_, _>>().into()
        }
    }
}

/// JSON with the escapes of source code, so that nothing in it is hidden.
fn json(value: &Value, depth: usize) -> String {
    let inner = "  ".repeat(depth + 1);
    let outer = "  ".repeat(depth);
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            let lines = fields
                .iter()
                .map(|(name, value)| format!("{inner}{}: {}", quote::javascript(name), json(value, depth + 1)));
            format!("{{\n{}\n{outer}}}", lines.collect::<Vec<_>>().join(",\n"))
        }
        Value::Array(values) if !values.is_empty() => {
            let lines = values.iter().map(|value| format!("{inner}{}", json(value, depth + 1)));
            format!("[\n{}\n{outer}]", lines.collect::<Vec<_>>().join(",\n"))
        }
        Value::String(text) => quote::javascript(text),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) | Value::Array(_) => value.to_string(),
    }
}
