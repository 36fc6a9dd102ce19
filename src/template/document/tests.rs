//! Texts and the places of what is in them.

use super::*;

fn json(text: &str) -> Result<Document, Broken> {
    Document::parse(text, Syntax::Json)
}

#[test]
fn every_value_has_its_line_and_column_in_characters() {
    let text = "\u{feff}{\n  \"제목\": \"가🐧나\", \"link\": { \"web_url\": \"x\" },\n  \"contents\": [1,\r\n    { \"title\": null }]\n}\n";

    let document = json(text).unwrap();

    for (path, place) in [
        ("", (1, 1)),
        ("제목", (2, 9)),
        ("link", (2, 24)),
        ("link.web_url", (2, 37)),
        ("contents", (3, 15)),
        ("contents[0]", (3, 16)),
        ("contents[1]", (4, 5)),
        ("contents[1].title", (4, 16)),
    ] {
        assert_eq!(document.place(path), Some(place), "{path}");
    }
    assert_eq!(document.key_place("contents[1].title"), Some((4, 7)));
    for absent in ["contents[2]", "link.web_url.x", "none", "link[0]", "contents.0", "contents[1", "contents[x]", "."] {
        assert_eq!(document.place(absent), None, "{absent}");
    }
    assert_eq!(document.nearest("contents[1].link.web_url"), Some((4, 5)), "what it is absent from");
}

#[test]
fn broken_json_is_told_with_its_place_and_reason() {
    for (text, reason, place) in [
        ("", "nothing", (1, 1)),
        ("  \n", "nothing", (2, 1)),
        ("{\n  // why\n}", "comment", (2, 3)),
        ("{ \"가\": 1, }", "trailing-comma", (1, 9)),
        ("{\n\"a\": 1\n\"b\": 2 }", "missing-comma", (2, 7)),
        ("{ 'a': 1 }", "single-quotes", (1, 3)),
        ("{ a: 1 }", "key", (1, 3)),
        ("{ \"a\" 1 }", "colon", (1, 7)),
        ("{ \"a\": }", "close", (1, 8)),
        ("[1, 2", "open-array", (1, 1)),
        ("{ \"a\": 1", "open-object", (1, 1)),
        ("{ \"a\": \"b }", "open-string", (1, 8)),
        ("{ \"a\": \"\\x41\" }", "escape", (1, 9)),
        ("{ \"a\": 0x1F }", "number", (1, 8)),
        ("{ \"a\": undefined }", "word", (1, 8)),
        ("{} {}", "more", (1, 4)),
        ("{ \"가\": \"line\nbreak\" }", "control", (1, 13)),
        ("{ \"a\": \"\\\\\ttab\" }", "control", (1, 11)),
        ("{ \"a\": 1e999 }", "other", (1, 12)),
    ] {
        let broken = json(text).unwrap_err();
        assert_eq!(broken.reason, reason, "{text:?}: {broken}");
        let said = broken.text(&crate::template::words().unwrap());
        assert!(said.ko != said.en || reason == "other", "{reason} has no sentence: {said:?}");
        assert_eq!((broken.line, broken.column), place, "{text:?}: {broken}");
    }
}

#[test]
fn nesting_is_bounded() {
    let deep = |open: &str, close: &str, times| format!("{}1{}", open.repeat(times), close.repeat(times));
    assert!(json(&deep("[", "]", 32)).is_ok());
    assert_eq!(json(&deep("[", "]", 33)).unwrap_err().reason, "too-deep");
    assert_eq!(json(&deep("{\"a\":", "}", 100_000)).unwrap_err().reason, "too-deep");

    let toml = |text: &str| Document::parse(text, Syntax::Toml);
    assert!(toml("[a.b.c]\nd.e = [[1.5, 2.5], { f.g = 'h....................' }]\n# ..................\n").is_ok());
    assert_eq!(toml(&format!("a = {}", deep("[", "]", 40))).unwrap_err().reason, "too-deep");
    let dotted = |names| format!("{} = 1", vec!["a"; names].join("."));
    assert!(toml(&dotted(17)).is_ok());
    assert_eq!(toml(&dotted(18)).unwrap_err().reason, "too-deep");
    let nested = format!("a = {}1{}", format!("{{ {} = ", ["a"; 60].join(".")).repeat(60), "}".repeat(60));
    assert_eq!(toml(&nested).unwrap_err().reason, "too-deep");
}

#[test]
fn a_key_that_stands_twice_is_noted_and_the_last_counts() {
    let document = json("{ \"a\": 1,\n \"b\": [{ \"c\": 1, \"c\": 2 }],\n \"a\": 3 }").unwrap();

    assert_eq!(document.value, serde_json::json!({ "a": 3, "b": [{ "c": 2 }] }));
    let twice: Vec<_> = document.twice().iter().map(|twice| (twice.path.as_str(), twice.place)).collect();
    assert_eq!(twice, [("b[0].c", (2, 18)), ("a", (3, 2))]);
    assert_eq!(document.place("a"), Some((3, 7)));
}

#[test]
fn toml_has_the_same_values_and_places() {
    let text = "id = 7\nname = \"이름\" # c\n[content]\ntitle = '''\n제목'''\nlink.web_url = \"u\"\n[[contents]]\nprice = 0x10\nrate = 1.5\n";

    let document = Document::parse(text, Syntax::Toml).unwrap();

    assert_eq!(
        document.value,
        serde_json::json!({ "id": 7, "name": "이름", "content": { "title": "제목", "link": { "web_url": "u" } },
            "contents": [{ "price": 16, "rate": 1.5 }] })
    );
    assert_eq!(document.place("id"), Some((1, 6)));
    assert_eq!(document.place("name"), Some((2, 8)));
    assert_eq!(document.key_place("content.title"), Some((4, 1)));
    assert_eq!(document.place("content.link.web_url"), Some((6, 16)));
    assert_eq!(document.place("contents[0].price"), Some((8, 9)));
}

#[test]
fn broken_toml_is_told_with_its_place() {
    for (text, reason, place) in
        [("a = 1\na = 2\n", "twice", (2, 1)), ("a = \"b\nc\" = 1", "other", (1, 7)), ("한 = 1", "other", (1, 1))]
    {
        let broken = Document::parse(text, Syntax::Toml).unwrap_err();
        assert_eq!((broken.reason, (broken.line, broken.column)), (reason, place), "{text:?}: {broken}");
    }
}

#[test]
fn long_lines_are_counted_as_short_ones() {
    let text = format!("[{}\"끝\"]", "\"가🐧\",".repeat(1000));

    let document = json(&text).unwrap();

    assert_eq!(document.place("[1000]"), Some((1, 2 + 5 * 1000)));
}
