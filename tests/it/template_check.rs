//! Templates judged: a table of those with one broken rule each, a table of those at the edge of what is allowed, and whatever else
//! comes. Cases are files of `tests/fixtures/template`; what is expected of them is written from Kakao's documentation.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use proptest::prelude::*;
use scraplens::{
    finding::Severity,
    template::{
        Checked, Document, Domain, Kind, Problem, Rules, Sender, Syntax, check_text, check_value, read, samples,
    },
    words::Words,
};
use serde::Deserialize;
use serde_json::Value;

/// One case: a text, or a base of `bases.toml` from which fields are dropped and into which others are put.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(default)]
    kind: Option<String>,
    #[serde(default)]
    syntax: Option<String>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    base: Option<String>,
    #[serde(default)]
    drop: Vec<String>,
    #[serde(default)]
    put: BTreeMap<String, Value>,
    #[serde(default)]
    fill: BTreeMap<String, Fill>,
    #[serde(default)]
    pad: Option<Pad>,
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    path: String,
    #[serde(default)]
    severity: Option<Severity>,
    #[serde(default)]
    measured: Option<u64>,
    #[serde(default)]
    limit: Option<u64>,
    /// Codes of what cannot be helped besides; never errors.
    #[serde(default)]
    also: Vec<String>,
}

/// A text put together of repetitions.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fill {
    #[serde(default)]
    before: String,
    text: String,
    times: usize,
}

/// A field `pad` that makes the compact JSON as large as this.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pad {
    text: String,
    #[serde(default)]
    bytes: Option<usize>,
    #[serde(default)]
    characters: Option<usize>,
}

impl Case {
    fn kind(&self) -> Kind {
        if self.kind.as_deref() == Some("custom") { Kind::Custom } else { Kind::Default }
    }

    fn syntax(&self) -> Syntax {
        if self.syntax.as_deref() == Some("toml") { Syntax::Toml } else { Syntax::Json }
    }

    fn text(&self, bases: &BTreeMap<String, String>) -> String {
        if let Some(text) = &self.text {
            return text.clone();
        }
        let mut value: Value = serde_json::from_str(&bases[self.base.as_ref().unwrap()]).unwrap();
        for path in &self.drop {
            drop_at(&mut value, path);
        }
        for (path, put) in &self.put {
            put_at(&mut value, path, put.clone());
        }
        for (path, fill) in &self.fill {
            put_at(&mut value, path, format!("{}{}", fill.before, fill.text.repeat(fill.times)).into());
        }
        if let Some(pad) = &self.pad {
            put_at(&mut value, "pad", "".into());
            let size = |text: &str| match pad.bytes {
                Some(_) => text.len(),
                None => text.encode_utf16().count(),
            };
            let room = pad.bytes.or(pad.characters).unwrap() - size(&value.to_string());
            let each = size(&pad.text);
            put_at(&mut value, "pad", format!("{}{}", pad.text.repeat(room / each), "a".repeat(room % each)).into());
        }
        serde_json::to_string_pretty(&value).unwrap()
    }
}

fn pointer(path: &str) -> String {
    format!("/{}", path.replace('[', ".").replace(']', "").replace('.', "/"))
}

fn put_at(value: &mut Value, path: &str, put: Value) {
    let pointer = pointer(path);
    if let Some(place) = value.pointer_mut(&pointer) {
        *place = put;
        return;
    }
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = value.pointer_mut(parent).unwrap_or_else(|| panic!("nothing holds {path}"));
    parent.as_object_mut().unwrap_or_else(|| panic!("no object holds {path}")).insert(key.to_owned(), put);
}

fn drop_at(value: &mut Value, path: &str) {
    let pointer = pointer(path);
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match value.pointer_mut(parent).unwrap() {
        Value::Object(fields) => assert!(fields.remove(key).is_some(), "nothing at {path}"),
        Value::Array(items) => drop(items.remove(key.parse().unwrap())),
        _ => panic!("nothing at {path}"),
    }
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/template").join(name)
}

fn cases(name: &str) -> Vec<(String, Case)> {
    #[derive(Deserialize)]
    struct Cases {
        case: Vec<Case>,
    }
    let mut files: Vec<_> = fs::read_dir(folder(name)).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut all = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let cases: Cases = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let stem = file.file_stem().unwrap().to_string_lossy().into_owned();
        all.extend(cases.case.into_iter().map(|case| (format!("{name}/{stem}: {}", case.name), case)));
    }
    all
}

fn bases() -> BTreeMap<String, String> {
    toml::from_str(&fs::read_to_string(folder("bases.toml")).unwrap()).unwrap()
}

static WORDS: LazyLock<Words> = LazyLock::new(|| scraplens::template::words().unwrap());

fn sender() -> Sender {
    let domains = ["https://example.com", "https://developers.kakao.com", "http://localhost:3000"];
    Sender {
        id: 1,
        name: "가게".to_owned(),
        icon: None,
        native_key: "1".repeat(32),
        android_store: None,
        ios_store: None,
        domains: domains.map(|domain| Domain::parse(domain).unwrap()).to_vec(),
    }
}

fn judged(text: &str, syntax: Syntax, kind: Kind) -> Checked {
    let sender = sender();
    check_text(text, syntax, &Rules { words: &WORDS, kind, sender: Some(&sender), max_problems: 200 })
}

fn brief(problem: &Problem) -> (String, String, Severity) {
    (problem.code.to_owned(), problem.path.clone(), problem.severity)
}

#[test]
fn a_template_with_one_broken_rule_has_that_one_problem() {
    let (bases, cases) = (bases(), cases("invalid"));
    assert!(cases.len() >= 120, "{} cases", cases.len());
    let mut wrong = Vec::new();
    for (name, case) in cases {
        let text = case.text(&bases);

        let checked = judged(&text, case.syntax(), case.kind());

        let expected = (case.code.clone().unwrap(), case.path.clone(), case.severity.unwrap());
        let (hits, rest): (Vec<_>, Vec<_>) =
            checked.check.problems.iter().partition(|problem| brief(problem) == expected);
        let mut besides: Vec<_> = rest.iter().map(|problem| problem.code.to_owned()).collect();
        besides.sort();
        let measured = hits.first().is_some_and(|hit| {
            case.measured.is_none_or(|is| hit.measured == Some(is)) && case.limit.is_none_or(|at| hit.limit == Some(at))
        });
        let fails = expected.2 == Severity::Error;
        let no_error = rest.iter().all(|problem| problem.severity != Severity::Error);
        if hits.len() != 1 || besides != case.also || !measured || checked.check.ok == fails || !no_error {
            let found: Vec<_> =
                checked.check.problems.iter().map(|problem| (brief(problem), problem.measured)).collect();
            wrong.push(format!(
                "{name}\n  expected {expected:?} {:?} and {:?}\n  found {found:?}",
                case.measured, case.also
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_template_at_the_edge_of_what_is_allowed_has_no_problem() {
    let (bases, cases) = (bases(), cases("valid"));
    assert!(cases.len() >= 30, "{} cases", cases.len());
    let mut wrong = Vec::new();
    for (name, case) in cases {
        let checked = judged(&case.text(&bases), case.syntax(), case.kind());

        let mut found: Vec<_> = checked.check.problems.iter().map(|problem| problem.code.to_owned()).collect();
        found.sort();
        if !checked.check.ok || found != case.also {
            let found: Vec<_> = checked.check.problems.iter().map(brief).collect();
            wrong.push(format!("{name}\n  expected {:?}\n  found {found:?}", case.also));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_base_is_without_any_problem() {
    for (name, text) in bases() {
        let kind = if name.starts_with("custom") { Kind::Custom } else { Kind::Default };
        let checked = judged(&text, Syntax::Json, kind);
        assert_eq!(checked.check.problems, [], "{name}");
    }
}

#[test]
fn every_rule_is_broken_by_some_case_and_has_its_sentences() {
    let broken: BTreeSet<String> =
        cases("invalid").into_iter().filter_map(|(_, case)| case.code).chain(["problems-more".to_owned()]).collect();
    let mut codes = BTreeSet::new();
    for rule in scraplens::template::check::rules::RULES {
        assert!(codes.insert(rule.code), "{} stands twice", rule.code);
        assert!(broken.contains(rule.code), "no case breaks {}", rule.code);
        assert!(WORDS.has("problem", rule.code) && WORDS.has("advice", rule.code), "{} has no sentences", rule.code);
        assert!(!rule.source.is_empty(), "{} has no source", rule.code);
    }
}

#[test]
fn every_sentence_is_filled_in_both_languages() {
    let bases = bases();
    for (name, case) in cases("invalid") {
        for problem in judged(&case.text(&bases), case.syntax(), case.kind()).check.problems {
            for text in [&problem.message, &problem.advice] {
                for sentence in [&text.ko, &text.en] {
                    let gap = ["()", "\"\"", ": .", "  ", "{}"].iter().any(|gap| sentence.contains(gap));
                    assert!(!sentence.is_empty() && (!gap || name.contains("without a name")), "{name}: {sentence}");
                    assert!(!sentence.ends_with([':', ' ']), "{name}: {sentence}");
                }
                assert_ne!(text.ko, text.en, "{name}");
            }
        }
    }
}

#[test]
fn every_hole_of_a_sentence_has_a_name_that_is_filled() {
    // What `Judge` and `Broken` fill in; a brace that is meant as a brace would swallow what stands in it.
    let names: BTreeSet<_> = "path name measured limit why detail actual expected value known type types near origin domains host \
                              scheme character characters there missing ratio shown hidden price regular rate computed odd piece \
                              argument more evidence"
        .split_whitespace()
        .collect();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("static/i18n/template.toml");
    let sections: BTreeMap<String, BTreeMap<String, BTreeMap<String, String>>> =
        toml::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    for section in ["problem", "advice", "broken"] {
        for (code, sentences) in &sections[section] {
            for sentence in sentences.values() {
                for hole in sentence.split('{').skip(1) {
                    let name = hole.split('}').next().unwrap();
                    assert!(names.contains(name), "{section}.{code}: {{{name}}} in {sentence}");
                }
            }
        }
    }
}

#[test]
fn a_problem_stands_at_its_line() {
    let text = "{\n  \"object_type\": \"feed\",\n  \"content\": {\n    \"title\": \"제목\", \"image_url\": \"ftp://a.example/b\",\n    \
                \"link\": { \"web_url\": \"x\" },\n    \"lnik\": 1\n  },\n  \"buttons\": [{ \"title\": \"가\" }]\n}\n";

    let found: Vec<_> = judged(text, Syntax::Json, Kind::Default)
        .check
        .problems
        .iter()
        .map(|problem| (problem.code, problem.path.clone(), problem.line.unwrap(), problem.column.unwrap()))
        .collect();

    let expected = [
        ("url-scheme", "content.image_url", 4, 33),
        ("url-invalid", "content.link.web_url", 5, 26),
        ("field-unknown", "content.lnik", 6, 5),
        // What is absent stands where it is absent from.
        ("field-required", "buttons[0].link", 8, 15),
    ];
    assert_eq!(found, expected.map(|(code, path, line, column)| (code, path.to_owned(), line, column)));
}

#[test]
fn a_value_has_the_same_problems_as_its_text_but_no_places() {
    let (bases, sender) = (bases(), sender());
    for (name, case) in cases("invalid") {
        let text = case.text(&bases);
        let Ok(document) = Document::parse(&text, case.syntax()) else { continue };
        let rules = Rules { words: &WORDS, kind: case.kind(), sender: Some(&sender), max_problems: 200 };

        let of_text = check_text(&text, case.syntax(), &rules);
        let of_value = check_value(&document.value, &rules);

        let codes = |checked: &Checked| {
            let mut codes: Vec<_> = checked.check.problems.iter().map(brief).collect();
            // Only a text can have a key twice.
            codes.retain(|(code, ..)| code != "key-twice");
            codes
        };
        assert_eq!(codes(&of_text), codes(&of_value), "{name}");
        assert!(of_value.check.problems.iter().all(|problem| problem.line.is_none()), "{name}");
        assert_eq!(of_text.object, of_value.object, "{name}");
    }
}

#[test]
fn arguments_are_told_in_the_order_of_their_first_use() {
    let checked = judged(&bases()["custom-feed"], Syntax::Json, Kind::Custom).check;

    assert_eq!(checked.arguments, ["AUTHOR", "AUTHOR_IMAGE", "PATH"]);
    assert_eq!(
        checked.scrap_arguments,
        [
            "SCRAP_TITLE",
            "SCRAP_DESCRIPTION",
            "SCRAP_IMAGE",
            "SCRAP_IMAGE_WIDTH",
            "SCRAP_IMAGE_HEIGHT",
            "SCRAP_DURATION",
            "SCRAP_REQUEST_URL"
        ]
    );
    let used_often = judged(&bases()["custom-commerce"], Syntax::Json, Kind::Custom).check;
    assert_eq!(used_often.arguments, ["NAME", "ID", "PRICE", "SALE", "RATE"]);
}

#[test]
fn problems_that_are_too_many_are_counted() {
    let buttons = "{ \"link\": 1 },".repeat(500);
    let text =
        format!("{{ \"object_type\": \"feed\", \"content\": {{}}, \"buttons\": [{}] }}", buttons.trim_end_matches(','));
    let rules = Rules { words: &WORDS, kind: Kind::Default, sender: None, max_problems: 10 };

    let checked = check_text(&text, Syntax::Json, &rules).check;

    assert_eq!(checked.problems.len(), 11);
    let last = checked.problems.last().unwrap();
    // content: bare and without link; buttons: too many, and of each of 500 a title missing and a link that is none.
    assert_eq!((last.code, last.measured, last.limit), ("problems-more", Some(2 + 1 + 1000), Some(10)));
    assert!(!checked.ok);

    let none = check_text("{}", Syntax::Json, &Rules { max_problems: 0, ..rules }).check;
    assert!(!none.ok, "an error that is not told is still an error");
}

#[test]
fn a_feed_of_another_service_is_shown_while_it_is_mended() {
    let text = r#"{ "object_type": "Feed", "content": { "title": "제목", "link": "https://example.com" } }"#;

    let checked = judged(text, Syntax::Json, Kind::Default);

    assert_eq!(checked.check.object_type, None);
    let object = checked.object.unwrap();
    assert_eq!(object.content.unwrap().title.as_deref(), Some("제목"));
}

#[test]
fn without_a_sender_links_are_not_held_against_domains() {
    let text = bases()["text"].replace("https://example.com/", "https://anywhere.example/");
    let rules = Rules { words: &WORDS, kind: Kind::Default, sender: None, max_problems: 200 };

    assert_eq!(check_text(&text, Syntax::Json, &rules).check.problems, []);
}

#[test]
fn every_sample_is_without_error_and_reads_as_what_it_says() {
    let names: BTreeSet<_> = samples().iter().map(|sample| sample.name).collect();
    assert_eq!(names.len(), samples().len(), "names are unique");
    for kind in scraplens::template::ObjectType::ALL {
        for name in [kind.as_str().to_owned(), format!("{}-minimal", kind.as_str())] {
            let sample = samples().iter().find(|sample| sample.name == name).unwrap_or_else(|| panic!("no {name}"));
            let checked = judged(sample.text, Syntax::Json, Kind::Default);
            let found: Vec<_> = checked.check.problems.iter().map(brief).collect();
            assert!(found.iter().all(|(_, _, severity)| *severity == Severity::Info), "{name}: {found:?}");
            assert!(name.ends_with("minimal") || found.is_empty(), "{name}: {found:?}");
            assert_eq!((sample.object_type, checked.check.object_type), (kind, Some(kind)), "{name}");
            let value: Value = serde_json::from_str(sample.text).unwrap();
            assert_eq!(sample.text.trim_end(), serde_json::to_string_pretty(&value).unwrap(), "{name} is pretty JSON");
        }
    }
}

#[test]
fn the_inputs_that_kakao_ships_with_its_sdks_have_no_errors() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/kakao-fixtures/template");
    for name in ["feed", "list", "location", "commerce"] {
        let Ok(text) = fs::read_to_string(folder.join(name).join(format!("{name}_object.json"))) else { continue };
        let checked = judged(&text, Syntax::Json, Kind::Default);
        let loud: Vec<_> =
            checked.check.problems.iter().filter(|problem| problem.severity == Severity::Error).collect();
        assert!(checked.check.ok && loud.is_empty(), "{name}: {loud:?}");
        let codes: BTreeSet<_> = checked.check.problems.iter().map(|problem| problem.code).collect();
        let known = ["image-http", "link-domain-unregistered"];
        assert!(codes.iter().all(|code| known.contains(code)), "{name}: {codes:?}");
    }
}

#[test]
fn what_the_javascript_sdk_sends_has_no_errors() {
    let mut count = 0;
    for entry in fs::read_dir(folder("../clients")).unwrap() {
        let path = entry.unwrap().path();
        let recorded: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let query = recorded["request"]["parameters"].as_str().unwrap_or_default();
        let object = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "template_object");
        let Some((_, object)) = object else { continue };

        let check = judged(&object, Syntax::Json, Kind::Default).check;

        let errors: Vec<_> = check.problems.iter().filter(|problem| problem.severity == Severity::Error).collect();
        assert!(check.ok, "{}: {errors:?}", path.display());
        let strange = ["field-unknown", "field-misspelt", "field-camel-case", "type-wrong", "number-as-text"];
        assert!(check.problems.iter().all(|problem| !strange.contains(&problem.code)), "{}", path.display());
        count += 1;
    }
    assert!(count >= 6, "{count}");
}

#[test]
fn the_custom_templates_that_come_with_the_program_have_no_errors() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/templates");
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let syntax = if path.extension().is_some_and(|kind| kind == "json") { Syntax::Json } else { Syntax::Toml };

        let checked = judged(&text, syntax, Kind::Custom).check;

        let loud: Vec<_> = checked.problems.iter().filter(|problem| problem.severity != Severity::Info).collect();
        assert!(loud.is_empty(), "{}: {loud:?}", path.display());
        assert!(!checked.arguments.is_empty(), "{}", path.display());
        count += 1;
    }
    assert!(count >= 5);
}

/// Any JSON, with names that templates have among its keys.
fn any_json() -> impl Strategy<Value = Value> {
    let texts = prop_oneof![
        any::<String>(),
        "[a-z:/.?=&${}#_A-Z ]{0,40}",
        proptest::sample::select(
            &["feed", "list", "commerce", "text", "calendar", "location", "https://example.com/a", "${A}", "${"][..]
        )
        .prop_map(str::to_owned),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i32>().prop_map(|number| Value::from(f64::from(number) / 4.0)),
        texts.prop_map(Value::from),
    ];
    let names = [
        "object_type",
        "content",
        "contents",
        "link",
        "web_url",
        "mobile_web_url",
        "android_execution_params",
        "title",
        "description",
        "image_url",
        "image_width",
        "image_height",
        "images",
        "duration",
        "buttons",
        "button_title",
        "social",
        "like_count",
        "view_count",
        "commerce",
        "regular_price",
        "discount_price",
        "discount_rate",
        "fixed_discount_price",
        "currency_unit_position",
        "item_content",
        "items",
        "item",
        "item_op",
        "sum",
        "sum_op",
        "text",
        "id",
        "id_type",
        "address",
        "header_title",
        "header_link",
        "header_image",
        "profile",
        "name",
        "purpose",
    ];
    leaf.prop_recursive(5, 80, 8, move |inner| {
        let keys =
            prop_oneof![6 => proptest::sample::select(names.to_vec()).prop_map(str::to_owned), 1 => any::<String>()];
        prop_oneof![
            1 => proptest::collection::vec(inner.clone(), 0..7).prop_map(Value::from),
            3 => proptest::collection::vec((keys, inner), 0..10)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

fn sound(checked: &Checked, document: Option<&Document>) {
    let problems = &checked.check.problems;
    let places: Vec<_> = problems.iter().map(|problem| (problem.line, problem.column)).collect();
    assert!(places.is_sorted(), "{places:?}");
    assert_eq!(checked.check.ok, problems.iter().all(|problem| problem.severity != Severity::Error));
    for problem in problems {
        assert!(problem.path.chars().count() < 2000);
        if let Some(document) = document {
            assert!(problem.line.is_some() && problem.column.is_some(), "{} has no place", problem.path);
            if !["field-required", "item-incomplete", "sum-incomplete", "image-size-incomplete"].contains(&problem.code)
            {
                assert!(document.place(&problem.path).is_some(), "{} leads nowhere", problem.path);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_value_is_too_odd_to_be_judged(value in any_json(), custom in any::<bool>()) {
        let kind = if custom { Kind::Custom } else { Kind::Default };
        let text = serde_json::to_string_pretty(&value).unwrap();
        let document = Document::parse(&text, Syntax::Json).unwrap();
        prop_assert_eq!(read(&document.value), read(&value), "what was printed reads the same");

        let sender = sender();
        let rules = Rules { words: &WORDS, kind, sender: Some(&sender), max_problems: 10_000 };
        let short = text.len() < 1000;
        let checked = check_text(&text, Syntax::Json, &rules);
        sound(&checked, short.then_some(&document));
        let of_value = check_value(&value, &rules);
        prop_assert_eq!(of_value.check.ok, checked.check.ok);
        prop_assert_eq!(of_value.check.problems.len(), checked.check.problems.len());
    }

    #[test]
    fn no_text_is_too_broken_to_be_told(
        which in 0_usize..9, cut in any::<prop::sample::Index>(), end in any::<prop::sample::Index>(), junk in any::<String>(),
        sign in "[\\[\\]{}\",:'/*#.=\\\\ \n\r\t가🐧0-9eE+-]{0,6}",
    ) {
        let text = bases().into_values().nth(which).unwrap();
        let letters: Vec<char> = text.chars().collect();
        let (from, to) = (cut.index(letters.len()), end.index(letters.len()));
        let mut broken: String = letters[..from].iter().collect();
        broken.push_str(&sign);
        broken.extend(&letters[to..]);
        for text in [broken.as_str(), junk.as_str(), sign.as_str()] {
            for syntax in [Syntax::Json, Syntax::Toml] {
                let checked = judged(text, syntax, Kind::Custom);
                sound(&checked, None);
                let lines = u32::try_from(text.lines().count().max(1)).unwrap();
                for problem in &checked.check.problems {
                    prop_assert!(problem.line.is_none_or(|line| (1..=lines + 1).contains(&line)), "{:?}", problem);
                }
            }
        }
    }
}
