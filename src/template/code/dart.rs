//! Flutter SDK in Dart: `ShareClient`, and `WebSharerClient` where there is no KakaoTalk.

use super::{
    CodeInput,
    call::Call,
    print::{Language, camel},
    quote,
    tree::{Class, Node},
};
use crate::template::object::ObjectType;

const LANGUAGE: Language = Language {
    quote: quote::dart,
    address: |address| format!("Uri.parse({})", quote::dart(address)),
    params_are_pairs: true,
    id_type: |word| match word {
        "event" => "IdType.event".to_owned(),
        "calendar" => "IdType.calendar".to_owned(),
        other => quote::dart(other),
    },
    class,
    fields: ("(", ")"),
    field: ": ",
    list: ("[", "]"),
    pairs: ("{", "}"),
    key: quote::dart,
    pair: ": ",
    no_pairs: "{}",
    pad: "",
    indent: 2,
    last_comma: true,
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
        Class::Commerce => "Commerce",
        Class::ItemContent => "ItemContent",
        Class::ItemInfo => "ItemInfo",
    }
}

pub(super) fn code(input: &CodeInput) -> String {
    let call = Call::of(input);
    let mut lines = vec![
        "import 'package:kakao_flutter_sdk_share/kakao_flutter_sdk_share.dart';".to_owned(),
        String::new(),
        "Future<void> share() async {".to_owned(),
    ];
    let mut given = Vec::new();
    let mut local = |name: &str, node: &Node| {
        let name = camel(name);
        lines.push(format!("  final {name} = {};", LANGUAGE.print(node, 1)));
        given.push(format!("{name}: {name}"));
    };
    if let Some(template) = &call.template {
        local("template", template);
    }
    if let Some(url) = &call.request_url {
        local("url", url);
    }
    for (name, node) in &call.custom {
        local(name, node);
    }
    if let Some(callback) = &call.callback {
        local("server_callback_args", callback);
    }
    let given = given.join(", ");
    let verb = call.verb.as_str();
    lines.push(format!(
        r"
  if (await ShareClient.instance.isKakaoTalkSharingAvailable()) {{
    final uri = await ShareClient.instance.share{verb}({given});
    await ShareClient.instance.launchKakaoTalk(uri);
  }} else {{
    final uri = await WebSharerClient.instance.make{verb}Url({given});
    await launchBrowserTab(uri, popupOpen: true);
  }}
}}"
    ));
    lines.join("\n") + "\n"
}
