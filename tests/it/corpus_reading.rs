//! Our reading of real pages against another one: the streaming pass against the HTML5 tree that `scraper` builds of the
//! same text, page by page. The pages lie beside the project; without them these tests say so and check nothing.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use std::{collections::BTreeMap, env, fs, path::PathBuf};

use html5ever::{ParseOpts, tendril::TendrilSink as _, tree_builder::TreeBuilderOpts};
use scraper::{ElementRef, Html, HtmlTreeSink};
use scraplens::extract::{Region, Tag};

use crate::rules::Reader;

/// What a reader made of one field of a page: every value, in document order.
type Values = Vec<String>;

const FIELDS: [&str; 5] = ["og:title", "og:description", "og:image", "og:url", "title"];

struct Page {
    name: String,
    bytes: Vec<u8>,
    declared: String,
}

/// The pages with the charset the manifest gives them (6th column).
fn pages() -> Vec<Page> {
    #[expect(clippy::disallowed_methods, reason = "where the corpus lies is for whoever runs the tests to say")]
    let folder = env::var("SCRAPLENS_CORPUS")
        .map_or_else(|_| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus")), PathBuf::from);
    let Ok(manifest) = fs::read_to_string(folder.join("manifest.tsv")) else {
        println!("no corpus at {}; nothing is checked", folder.display());
        return Vec::new();
    };
    let page = |line: &str| {
        let columns: Vec<_> = line.split('\t').collect();
        let bytes = fs::read(folder.join("pages").join(columns[0])).unwrap();
        Page { name: columns[0].to_owned(), bytes, declared: columns[5].to_owned() }
    };
    manifest.lines().skip(1).map(page).collect()
}

/// Pages whose readings differ for a reason of their own, as page, field, reason.
const EXPLAINED: [(&str, &str, &str); 0] = [];

#[test]
fn the_streaming_reading_finds_what_a_tree_finds() {
    let reader = Reader { settings: unbounded(), ..Reader::new() };
    let (mut failures, mut checked) = (Vec::new(), 0);
    for page in pages() {
        let extraction = reader.read(&page.bytes, None, "https://site.example/");
        let tree = tree(&extraction.charset.encoding.decode(&page.bytes).0);
        let (ours, theirs) = (
            fields(extraction.tags.iter().filter_map(own)),
            fields(tree.iter().filter(|it| !it.hidden).map(Element::pair)),
        );
        for field in FIELDS {
            let explained = EXPLAINED.iter().any(|(name, explained, _)| *name == page.name && *explained == field);
            if (ours.get(field) == theirs.get(field)) == explained {
                failures.push(format!(
                    "{} {field}: ours {:?}, the tree's {:?}",
                    page.name,
                    ours.get(field),
                    theirs.get(field)
                ));
            }
            checked += usize::from(theirs.contains_key(field));
        }
    }
    assert!(failures.is_empty(), "{} of {checked} fields differ:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn regions_are_those_of_an_unconditional_tree() {
    let reader = Reader { settings: unbounded(), ..Reader::new() };
    let (mut failures, mut displaced, mut put_back) = (Vec::new(), 0, 0);
    for page in pages() {
        let extraction = reader.read(&page.bytes, None, "https://site.example/");
        let tree = tree(&extraction.charset.encoding.decode(&page.bytes).0);
        let in_tree: Vec<_> = tree.iter().filter(|it| it.in_head).map(Element::pair).collect();
        let standing = |region| extraction.tags.iter().filter(move |tag| tag.region == region).filter_map(own);
        let head: Vec<_> = standing(Region::Head).collect();
        // What the tree has more in its head stood right behind </head>: the first tags of our body.
        let more = in_tree.len().saturating_sub(head.len());
        let expected: Vec<_> = head.into_iter().chain(standing(Region::Body).take(more)).collect();
        if in_tree != expected {
            failures.push(format!("{}:\n  ours {expected:?}\n  the tree's {in_tree:?}", page.name));
        }
        displaced += usize::from(standing(Region::Displaced).next().is_some());
        put_back += usize::from(more > 0);
    }
    println!("pages with displaced tags: {displaced}; with tags put back: {put_back}");
    assert!(failures.is_empty(), "{} pages:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn titles_of_real_pages_are_not_garbled() {
    let reader = Reader::new();
    let mut garbled = Vec::new();
    for page in pages() {
        let declared = Some(format!("text/html; charset={}", page.declared)).filter(|_| !page.declared.is_empty());
        let extraction = reader.read(&page.bytes, declared.as_deref(), "https://site.example/");
        if extraction.card.title.contains('\u{FFFD}')
            && !page.bytes.windows(3).any(|bytes| bytes == "\u{FFFD}".as_bytes())
        {
            garbled.push(format!("{} ({}): {}", page.name, page.declared, extraction.card.title));
        }
    }
    assert!(garbled.is_empty(), "{garbled:#?}");
}

fn unbounded() -> scraplens::extract::Settings {
    scraplens::extract::Settings {
        max_tags: 100_000,
        max_value_bytes: 1 << 24,
        parser_memory_bytes: 1 << 28,
        tree_budget_ms: 60_000,
        source_lines: 400,
        source_characters: 400,
        ..Reader::new().settings
    }
}

fn fields(values: impl Iterator<Item = (String, String)>) -> BTreeMap<String, Values> {
    let mut fields: BTreeMap<String, Values> = BTreeMap::new();
    for (key, value) in values {
        fields.entry(key).or_default().push(value);
    }
    fields
}

/// One of our tags, if a tree has it as a meta or a title too.
fn own(tag: &Tag) -> Option<(String, String)> {
    let is_read = matches!(tag.attribute, "property" | "name") && tag.key != "title"
        || tag.attribute == "element" && tag.key == "title";
    is_read.then(|| (tag.key.clone(), tag.content.clone()))
}

/// A meta or a title of the tree.
struct Element {
    key: String,
    value: String,
    /// In the head itself, not in something inside it.
    in_head: bool,
    /// In `<noscript>`, whose content the streaming pass takes for text, or in `<template>`.
    hidden: bool,
}

impl Element {
    fn pair(&self) -> (String, String) {
        (self.key.clone(), self.value.clone())
    }
}

fn tree(text: &str) -> Vec<Element> {
    let options = ParseOpts {
        tree_builder: TreeBuilderOpts { scripting_enabled: false, ..Default::default() },
        ..Default::default()
    };
    let html = html5ever::parse_document(HtmlTreeSink::new(Html::new_document()), options).one(text);
    let elements = html.root_element().descendants().filter_map(ElementRef::wrap);
    elements.filter_map(element).collect()
}

fn element(element: ElementRef<'_>) -> Option<Element> {
    let name = element.value().name();
    let (key, value) = match name {
        "meta" => {
            let keys = [element.attr("property"), element.attr("name")];
            let key = keys.into_iter().flatten().map(str::trim).find(|key| !key.is_empty())?;
            // Not to be confused with the element.
            let key = Some(key.to_ascii_lowercase()).filter(|key| key != "title")?;
            (key, element.attr("content").unwrap_or_default().to_owned())
        }
        "title" if &*element.value().name.ns == "http://www.w3.org/1999/xhtml" => {
            ("title".to_owned(), element.text().collect())
        }
        _ => return None,
    };
    let ancestor = |wanted| element.ancestors().filter_map(ElementRef::wrap).any(|it| it.value().name() == wanted);
    let parent = element.parent().and_then(ElementRef::wrap);
    Some(Element {
        key,
        value: value.trim().to_owned(),
        in_head: parent.is_some_and(|parent| parent.value().name() == "head"),
        hidden: ancestor("noscript") || ancestor("template"),
    })
}
