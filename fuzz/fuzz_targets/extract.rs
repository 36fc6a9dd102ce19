//! Any bytes under any Content-Type give a report that keeps its limits and can be written as JSON.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use scraplens::{config::Settings, kakao::Kakao, offline::Extractor, rules::Rulebook, target::Target};
use url::Url;

const CONTENT_TYPES: [Option<&str>; 8] = [
    None,
    Some("text/html"),
    Some("text/html; charset=utf-8"),
    Some("text/html; charset=euc-kr"),
    Some("text/html; charset=utf-16"),
    Some("text/html; charset=iso-2022-kr"),
    Some("application/xhtml+xml;charset=shift_jis"),
    Some("text/html; charset=\"x-user-defined"),
];

struct Reader {
    settings: Settings,
    extractor: Extractor,
    target: Target,
}

static READER: LazyLock<Reader> = LazyLock::new(|| {
    let settings = Settings::defaults().unwrap();
    let (kakao, rulebook) = (Kakao::embedded().unwrap(), Rulebook::embedded().unwrap());
    let extractor = Extractor::new(settings.extract.clone(), kakao.into(), rulebook.into());
    let target = Target::parse("https://www.example.kr/a/b?c=d#e", settings.fetch.max_url_bytes).unwrap();
    Reader { settings, extractor, target }
});

fuzz_target!(|input: &[u8]| {
    let Some((first, bytes)) = input.split_first() else { return };
    let content_type = CONTENT_TYPES[usize::from(*first) % CONTENT_TYPES.len()];
    let Reader { settings, extractor, target } = &*READER;

    let report = extractor.report(bytes, content_type, target);

    // A title that is the page's own address is no longer than an address may be.
    assert!(report.card.title.len() <= 256 || report.card.title.starts_with("https://www.example.kr/"));
    assert!(report.card.description.len() <= 256);
    assert!(report.card.images.len() <= 3);
    assert!(report.tags.len() <= settings.extract.max_tags + 100, "{} tags are kept", report.tags.len());
    for tag in &report.tags {
        assert!(tag.content.len() <= settings.extract.max_value_bytes && tag.line >= 1 && tag.column >= 1, "{tag:?}");
    }
    let images = report.card.images.iter().map(|image| &image.url);
    for url in images.chain([&report.card.url]) {
        let parsed = Url::parse(url).unwrap();
        assert!(matches!(parsed.scheme(), "http" | "https") && parsed.has_host(), "{url}");
    }
    serde_json::to_vec(&report).unwrap();
});
