//! Pages per second, on one core, in one run, three ways over the same pages:
//! (a) our `extract`, from bytes to card and findings; (b) a bare `lol_html` pass over the same selectors whose handlers do
//! nothing, on text that was decoded beforehand; (c) `scraper`: the whole HTML5 tree, then the same fields selected.
//! Rounds alternate, and the median counts, so that a slow moment of the machine hits all three.
//! The pages are the corpus beside the project, or those of the tests if it is not there.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark may fail loudly")]

use std::{
    env, fs,
    hint::black_box,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use lol_html::{HtmlRewriter, element, text};
use scraper::{Html, Selector};
use scraplens::{
    extract::{Document, Settings},
    inspect::inspect,
    kakao::Kakao,
    rules::Rulebook,
};
use url::Url;

const ROUNDS: usize = 7;

struct Page {
    bytes: Vec<u8>,
    text: String,
}

type Way<'a> = (&'a str, Box<dyn Fn(&Page) + 'a>);

fn main() {
    let (settings, kakao, rulebook, url) = surroundings();
    let read = |bytes: &[u8]| inspect(&Document { bytes, content_type: None, url: &url }, &settings, &kakao, &rulebook);
    let (from, pages) = pages(|bytes| read(bytes).charset.encoding.decode(bytes).0.into_owned());
    let selectors = ["meta", "title", "base[href]", "link[rel]", "img[src]"].map(|it| Selector::parse(it).unwrap());

    let ways: [Way<'_>; 3] = [
        ("extract", Box::new(|page| drop(black_box(read(&page.bytes))))),
        ("lol_html, bare", Box::new(|page| bare(&page.text))),
        ("scraper", Box::new(|page| tree(&page.text, &selectors))),
    ];
    let mut times = ways.each_ref().map(|_| Vec::new());
    for _ in 0..ROUNDS {
        for ((_, way), times) in ways.iter().zip(&mut times) {
            let started = Instant::now();
            pages.iter().for_each(way);
            times.push(started.elapsed());
        }
    }

    let bytes: usize = pages.iter().map(|page| page.bytes.len()).sum();
    println!(
        "{} pages, {:.1} MB, from {}; median of {ROUNDS} rounds on one core",
        pages.len(),
        megabytes(bytes),
        from.display()
    );
    println!("{:<16} {:>10} {:>10} {:>10} {:>10}", "", "ms/page", "pages/s", "MB/s", "extract is");
    let medians = times.map(median);
    for ((name, _), median) in ways.iter().zip(medians) {
        let seconds = median.as_secs_f64();
        let count = f64::from(u32::try_from(pages.len()).unwrap());
        println!(
            "{name:<16} {:>10.3} {:>10.0} {:>10.0} {:>9.2}x",
            seconds * 1e3 / count,
            count / seconds,
            megabytes(bytes) / seconds,
            seconds / medians[0].as_secs_f64()
        );
    }
}

fn surroundings() -> (Settings, Kakao, Rulebook, Url) {
    let defaults: toml::Table = toml::from_str(include_str!("../config/default.toml")).unwrap();
    let settings = defaults["extract"].clone().try_into().unwrap();
    (settings, Kakao::embedded().unwrap(), Rulebook::embedded().unwrap(), Url::parse("https://site.example/a").unwrap())
}

fn pages(decode: impl Fn(&[u8]) -> String) -> (PathBuf, Vec<Page>) {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    #[expect(clippy::disallowed_methods, reason = "where the corpus lies is for whoever runs this to say")]
    let corpus =
        env::var("SCRAPLENS_CORPUS").map_or_else(|_| here.join("../shared/corpus"), PathBuf::from).join("pages");
    let folder = if corpus.is_dir() { corpus } else { here.join("tests/fixtures/pages") };
    let mut paths: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "html"));
    paths.sort();
    let read = |path: &PathBuf| {
        let bytes = fs::read(path).unwrap();
        Page { text: decode(&bytes), bytes }
    };
    let pages = paths.iter().map(read).collect();
    (folder, pages)
}

fn bare(page: &str) {
    let settings = lol_html::Settings::new()
        .with_strict(false)
        .append_element_content_handler(element!("meta", |_| Ok(())))
        .append_element_content_handler(element!("title", |_| Ok(())))
        .append_element_content_handler(text!("title", |_| Ok(())))
        .append_element_content_handler(element!("base", |_| Ok(())))
        .append_element_content_handler(element!("link", |_| Ok(())))
        .append_element_content_handler(element!("img", |_| Ok(())));
    let mut rewriter = HtmlRewriter::new(settings, |_: &[u8]| {});
    rewriter.write(page.as_bytes()).unwrap();
    rewriter.end().unwrap();
}

#[expect(clippy::disallowed_methods, reason = "the unbounded parse is what is measured")]
fn tree(page: &str, selectors: &[Selector]) {
    let html = Html::parse_document(page);
    for selector in selectors {
        for element in html.select(selector) {
            black_box((element.attr("property"), element.attr("name"), element.attr("content"), element.attr("src")));
        }
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn megabytes(bytes: usize) -> f64 {
    f64::from(u32::try_from(bytes).unwrap()) / 1e6
}
