//! JavaScript SDK 2: `Kakao.Share`.

use super::{
    CodeInput,
    call::Call,
    print::Language,
    quote,
    tree::{Class, Node},
};

const LANGUAGE: Language = Language {
    quote: quote::javascript,
    address: quote::javascript,
    params_are_pairs: false,
    id_type: quote::javascript,
    class: |_class| "",
    fields: ("{", "}"),
    field: ": ",
    list: ("[", "]"),
    pairs: ("{", "}"),
    key,
    pair: ": ",
    no_pairs: "{}",
    pad: " ",
    indent: 2,
    last_comma: true,
};

pub(super) fn code(input: &CodeInput) -> String {
    let call = Call::of(input);
    let mut settings = Vec::new();
    if let Some(Node::Made(Class::Template(object_type), fields)) = call.template {
        settings.push(("object_type", Node::Text(object_type.as_str().to_owned())));
        settings.extend(fields);
    }
    settings.extend(call.request_url.map(|url| ("request_url", url)));
    settings.extend(call.custom);
    settings.extend(call.callback.map(|callback| ("server_callback_args", callback)));
    let settings = LANGUAGE.made("", &settings, 0);
    format!(
        "if (!Kakao.isInitialized()) Kakao.init(\"YOUR_JAVASCRIPT_KEY\");\n\nKakao.Share.send{}({settings});\n",
        call.verb.as_str()
    )
}

/// A name in an object literal: bare where it can be. `__proto__` would set the prototype unless it is computed.
fn key(name: &str) -> String {
    let letter = |character: char| character.is_ascii_alphabetic() || matches!(character, '_' | '$');
    let bare =
        name.starts_with(letter) && name.chars().all(|character| letter(character) || character.is_ascii_digit());
    match name {
        "__proto__" => "[\"__proto__\"]".to_owned(),
        _ if bare => name.to_owned(),
        _ => quote::javascript(name),
    }
}
