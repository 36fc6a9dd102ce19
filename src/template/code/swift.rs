//! iOS SDK 2 in Swift: `ShareApi`, and the web sharer where there is no KakaoTalk.

use super::{
    CodeInput,
    call::{Call, Verb},
    print::{Language, camel},
    quote,
    tree::{Class, Node},
};
use crate::template::object::ObjectType;

const LANGUAGE: Language = Language {
    quote: quote::swift,
    address: |address| format!("URL(string: {})", quote::swift(address)),
    params_are_pairs: true,
    id_type: |word| match word {
        "event" => ".Event".to_owned(),
        "calendar" => ".Calendar".to_owned(),
        other => quote::swift(other),
    },
    class,
    fields: ("(", ")"),
    field: ": ",
    list: ("[", "]"),
    pairs: ("[", "]"),
    key: quote::swift,
    pair: ": ",
    no_pairs: "[:]",
    pad: "",
    indent: 4,
    // Swift before 6.1 takes none in calls.
    last_comma: false,
};

fn class(class: Class) -> &'static str {
    match class {
        Class::Template(ObjectType::Feed) => "FeedTemplate",
        Class::Template(ObjectType::List) => "ListTemplate",
        Class::Template(ObjectType::Location) => "LocationTemplate",
        Class::Template(ObjectType::Commerce) => "CommerceTemplate",
        Class::Template(ObjectType::Text) => "TextTemplate",
        Class::Template(ObjectType::Calendar) => "CalendarTemplate",
        Class::Content => "Content",
        Class::Link => "Link",
        Class::Button => "Button",
        Class::Social => "Social",
        Class::Commerce => "CommerceDetail",
        Class::ItemContent => "ItemContent",
        Class::ItemInfo => "ItemInfo",
    }
}

pub(super) fn code(input: &CodeInput) -> String {
    let call = Call::of(input);
    let mut lines = vec!["import KakaoSDKShare".to_owned()];
    if call.verb == Verb::Default {
        lines.push("import KakaoSDKTemplate".to_owned());
    }
    lines.extend(["import UIKit".to_owned(), String::new()]);
    let mut given = Vec::new();
    let mut local = |label: &str, name: &str, node: &Node| {
        let (label, name) = (camel(label), camel(name));
        lines.push(format!("let {name}{} = {}", typed(node), LANGUAGE.print(node, 0)));
        given.push(format!("{label}: {name}"));
    };
    if let Some(template) = &call.template {
        local("templatable", "template", template);
    }
    if let Some(url) = &call.request_url {
        local("request_url", "request_url", url);
    }
    for (name, node) in &call.custom {
        local(name, name, node);
    }
    if let Some(callback) = &call.callback {
        local("server_callback_args", "server_callback_args", callback);
    }
    let given = given.join(", ");
    let verb = call.verb.as_str();
    lines.push(format!(
        r"
if ShareApi.isKakaoTalkSharingAvailable() {{
    ShareApi.shared.share{verb}({given}) {{ result, error in
        if let error = error {{
            print(error)
        }} else if let result = result {{
            UIApplication.shared.open(result.url)
        }}
    }}
}} else if let url = ShareApi.shared.make{verb}Url({given}) {{
    UIApplication.shared.open(url)
}}"
    ));
    lines.join("\n") + "\n"
}

/// Template ids are of type `Int64`; the others are told from their literals.
fn typed(node: &Node) -> &'static str {
    if matches!(node, Node::Integer(_)) { ": Int64" } else { "" }
}
