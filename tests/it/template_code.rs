//! Shares as source code: what was reviewed once stays so, and what a machine can run says the same as the template.

use std::{fs, path::Path, process::Command};

use scraplens::template::{
    Arguments, TemplateObject,
    code::{CodeInput, Share, Target, code, notes},
    read, samples, words,
};
use serde_json::{Map, Value, json};

const TEXT: &str = "it's \"7\" ${x} $y \\(z) \\ </script> `id`\n가 \u{202e}";

fn arguments(pairs: &[(&str, &str)]) -> Arguments {
    let mut arguments = Arguments::new();
    for (name, value) in pairs {
        arguments.set(name, *value);
    }
    arguments
}

fn hostile() -> TemplateObject {
    read(&json!({
        "object_type": "feed",
        "content": {
            "title": TEXT, "description": "b", "image_url": "https://example.com/a.png?x='\"$", "image_width": 800,
            "link": {"web_url": "https://example.com/", "ios_execution_params": "a=1&a=2&b=%26"},
        },
        "social": {"like_count": 1},
        "buttons": [{"title": "b", "link": {"mobile_web_url": "https://example.com/b"}}],
    }))
}

fn extension(target: Target) -> &'static str {
    match target {
        Target::JavaScript => "js",
        Target::Android => "kt",
        Target::Ios => "swift",
        Target::Flutter => "dart",
        Target::Rest => "sh",
    }
}

/// The files were read by people against the SDKs' sources; a change of them wants the same.
#[test]
fn the_code_is_what_was_reviewed() {
    let (none, some) = (Arguments::new(), arguments(&[("order", "7"), ("누구", TEXT), ("__proto__", "x")]));
    let object = hostile();
    let calendar = read(&json!({"object_type": "calendar", "id": "1", "id_type": "event", "content": {"title": "a"}}));
    let scrap =
        |template_id, arguments| Share::Scrap { request_url: "https://example.com/?a='$b'", template_id, arguments };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/template/code");
    for (name, share, callback_args) in [
        ("feed", Share::Default(&object), &some),
        ("calendar", Share::Default(&calendar), &none),
        ("custom", Share::Custom { template_id: 1001, arguments: &some }, &some),
        ("custom-bare", Share::Custom { template_id: 1001, arguments: &none }, &none),
        ("scrap", scrap(None, &none), &none),
        ("scrap-custom", scrap(Some(7), &some), &none),
    ] {
        for target in Target::ALL {
            let written = code(&CodeInput { share, callback_args }, target);
            let file = folder.join(format!("{name}.{}", extension(target)));
            let expected = fs::read_to_string(&file).unwrap();
            assert_eq!(written, expected, "{}", file.display());
        }
    }
}

/// With a shell's own words for `curl`: each argument with a NUL after it.
#[test]
fn the_rest_call_sends_the_template_itself() {
    let none = Arguments::new();
    let hostile = hostile();
    let samples: Vec<_> = samples().iter().map(|sample| read(&serde_json::from_str(sample.text).unwrap())).collect();
    for object in samples.iter().chain([&hostile]) {
        let script = code(&CodeInput { share: Share::Default(object), callback_args: &none }, Target::Rest);
        let script = format!("curl() {{ printf '%s\\0' \"$@\"; }}\nACCESS_TOKEN=token\n{script}");
        let output = Command::new("sh").args(["-c", &script]).output().unwrap();
        let output = String::from_utf8(output.stdout).unwrap();
        let sent: Vec<_> = output.split_terminator('\0').collect();
        assert!(sent.contains(&"Authorization: Bearer token"), "{sent:?}");
        let field = sent.iter().find_map(|argument| argument.strip_prefix("template_object=")).unwrap();
        assert_eq!(read(&serde_json::from_str(field).unwrap()), *object);
    }
}

/// Run by Node.js where there is one: what `Kakao.Share` is given is the template, in the SDK's names.
#[test]
fn the_javascript_gives_the_sdk_the_template_itself() {
    if Command::new("node").arg("--version").output().is_err() {
        return;
    }
    let none = Arguments::new();
    let callback = arguments(&[("order", TEXT), ("__proto__", "x")]);
    let hostile = hostile();
    let mut objects: Vec<_> =
        samples().iter().map(|sample| read(&serde_json::from_str(sample.text).unwrap())).collect();
    objects.push(hostile);
    let mut script = "const said = [];\nconst Kakao = { isInitialized: () => false, init() {}, Share: \
        { sendDefault: (settings) => said.push(settings) } };\n"
        .to_owned();
    for object in &objects {
        script += &code(&CodeInput { share: Share::Default(object), callback_args: &none }, Target::JavaScript);
    }
    script += &code(&CodeInput { share: Share::Default(&objects[0]), callback_args: &callback }, Target::JavaScript);
    script += "process.stdout.write(JSON.stringify(said));\n";
    let output = Command::new("node").args(["--input-type=commonjs", "-e", &script]).output().unwrap();
    let said: Vec<Value> = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    for (object, settings) in objects.iter().zip(&said) {
        assert_eq!(read(&snake(settings)), *object);
    }
    assert_eq!(said.last().unwrap()["serverCallbackArgs"], json!({"order": TEXT, "__proto__": "x"}));
}

#[test]
fn every_note_is_said_in_both_languages() {
    let words = words().unwrap();
    let (none, some) = (Arguments::new(), arguments(&[("a", "b")]));
    let object = TemplateObject::default();
    let scrap = Share::Scrap { request_url: "https://example.com/", template_id: None, arguments: &none };
    for share in [Share::Default(&object), scrap] {
        for target in Target::ALL {
            let notes = notes(&CodeInput { share, callback_args: &some }, target);
            assert!(!notes.is_empty());
            assert!(notes.iter().all(|note| words.has("code", note)), "{notes:?}");
        }
    }
}

/// `imageUrl` as `image_url`.
fn snake(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| {
                let mut snaked = String::new();
                for character in name.chars() {
                    if character.is_ascii_uppercase() {
                        snaked.push('_');
                    }
                    snaked.push(character.to_ascii_lowercase());
                }
                (snaked, snake(value))
            });
            fields.collect::<Map<_, _>>().into()
        }
        Value::Array(values) => values.iter().map(snake).collect(),
        other => other.clone(),
    }
}
