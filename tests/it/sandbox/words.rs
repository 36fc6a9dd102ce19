//! Whatever the sandbox infers or says is explained in both languages.

use std::{fs, path::Path};

use scraplens::template;
use walkdir::WalkDir;

/// The codes that stand in the sources between `before` and the next quotation mark.
fn codes(before: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut codes = Vec::new();
    for folder in ["src/sandbox", "src/web/kapi"] {
        for entry in WalkDir::new(root.join(folder)).into_iter().filter_map(Result::ok) {
            if entry.file_type().is_file() {
                let text = fs::read_to_string(entry.path()).unwrap();
                codes.extend(text.split(before).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned));
            }
        }
    }
    codes.sort();
    codes.dedup();
    codes
}

#[test]
fn every_inference_is_explained() {
    let words = template::words().unwrap();
    let codes = codes(".inferred(\"");
    assert!(codes.len() > 10, "{codes:?}");
    for code in
        codes.iter().map(String::as_str).chain(["api-type", "receiver-unknown", "people-limit", "ips-announced"])
    {
        assert!(words.has("inferred", code), "[inferred.{code}] is missing in template.toml");
        let text = words.say("inferred", code, &[]);
        assert!(text.ko.chars().any(|c| ('가'..='힣').contains(&c)) && !text.en.is_empty(), "{code}");
    }
}

#[test]
fn the_picker_has_a_sentence_for_each_of_its_codes_and_chats() {
    let words = template::words().unwrap();
    for code in ["code-4002", "code-4003", "code-4006", "code-4007", "code-4019", "code-4041", "code-5001"] {
        assert!(words.has("picker", code), "{code}");
    }
    for chat in ["MemoChat", "DirectChat", "MultiChat", "OpenDirectChat", "OpenMultiChat"] {
        assert!(words.has("picker", chat), "{chat}");
    }
    for code in codes("say(\"picker\", \"").iter().chain(&codes("(say(\"")) {
        assert!(words.has("picker", code), "[picker.{code}] is missing in template.toml");
    }
}
