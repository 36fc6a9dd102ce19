//! Android SDK 2 in Kotlin: `ShareClient`, and `WebSharerClient` where there is no KakaoTalk.

use super::{
    CodeInput,
    call::{Call, Verb},
    print::{Language, camel},
    quote,
    tree::{Class, Node},
};
use crate::template::object::ObjectType;

const LANGUAGE: Language = Language {
    quote: quote::kotlin,
    address: quote::kotlin,
    params_are_pairs: true,
    id_type: |word| match word {
        "event" => "IdType.EVENT".to_owned(),
        "calendar" => "IdType.CALENDAR".to_owned(),
        other => quote::kotlin(other),
    },
    class,
    fields: ("(", ")"),
    field: " = ",
    list: ("listOf(", ")"),
    pairs: ("mapOf(", ")"),
    key: quote::kotlin,
    pair: " to ",
    no_pairs: "emptyMap()",
    pad: "",
    indent: 4,
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
        "import android.util.Log".to_owned(),
        "import com.kakao.sdk.common.util.KakaoCustomTabsClient".to_owned(),
        "import com.kakao.sdk.share.ShareClient".to_owned(),
        "import com.kakao.sdk.share.WebSharerClient".to_owned(),
    ];
    if call.verb == Verb::Default {
        lines.push("import com.kakao.sdk.template.model.*".to_owned());
    }
    lines.push(String::new());
    let mut given = Vec::new();
    let mut local = |name: &'static str, node: &Node, named: bool| {
        let name = camel(name);
        lines.push(format!("val {name} = {}", typed(node)));
        given.push(if named { format!("{name} = {name}") } else { name });
    };
    // What the SDK calls its first argument differs between versions: it is given by its place.
    for first in
        call.template.iter().map(|node| ("template", node)).chain(call.request_url.iter().map(|node| ("url", node)))
    {
        local(first.0, first.1, false);
    }
    for (name, node) in &call.custom {
        local(name, node, true);
    }
    if let Some(callback) = &call.callback {
        local("server_callback_args", callback, true);
    }
    let given = given.join(", ");
    let verb = call.verb.as_str();
    lines.push(format!(
        r#"
if (ShareClient.instance.isKakaoTalkSharingAvailable(context)) {{
    ShareClient.instance.share{verb}(context, {given}) {{ result, error ->
        if (error != null) {{
            Log.e("KakaoShare", "not shared", error)
        }} else if (result != null) {{
            context.startActivity(result.intent)
            Log.w("KakaoShare", "warnings ${{result.warningMsg}}, arguments ${{result.argumentMsg}}")
        }}
    }}
}} else {{
    val sharerUrl = WebSharerClient.instance.make{verb}Url({given})
    KakaoCustomTabsClient.openWithDefault(context, sharerUrl)
}}"#
    ));
    lines.join("\n") + "\n"
}

/// Template ids are of type `Long`.
fn typed(node: &Node) -> String {
    let printed = LANGUAGE.print(node, 0);
    if matches!(node, Node::Integer(_)) { format!("{printed}L") } else { printed }
}
