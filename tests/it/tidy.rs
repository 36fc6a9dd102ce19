//! Keeps the house tidy: the core free of I/O, files small, every file opening with what it is.

use std::{
    fs,
    path::{Path, PathBuf},
};

use walkdir::WalkDir;

fn sources(under: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = WalkDir::new(root.join(under)).sort_by_file_name().into_iter().filter_map(Result::ok);
    let found: Vec<_> = files
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "rs"))
        .map(|entry| (entry.path().strip_prefix(root).unwrap().to_owned(), fs::read_to_string(entry.path()).unwrap()))
        .collect();
    assert!(!found.is_empty(), "no sources under {under}");
    found
}

#[test]
fn every_file_opens_with_what_it_is() {
    for (path, text) in ["src", "tests", "benches"].iter().flat_map(|folder| sources(folder)) {
        assert!(text.starts_with("//!"), "{} does not open with //!", path.display());
    }
}

#[test]
fn no_source_file_is_over_500_lines() {
    for (path, text) in sources("src") {
        let lines = text.lines().count();
        assert!(lines <= 500, "{} has {lines} lines: ask what lives there twice", path.display());
    }
}

#[test]
fn the_core_does_no_input_or_output() {
    let pure = [
        "src/accesslog",
        "src/acl",
        "src/extract",
        "src/image",
        "src/ips/answer.rs",
        "src/ips/compare.rs",
        "src/ips/report.rs",
        "src/preview",
        "src/reach",
        "src/rules",
        "src/template",
        "src/egress",
        "src/comparison.rs",
        "src/excerpt.rs",
        "src/verdict.rs",
        "src/target",
        "src/page.rs",
        "src/finding.rs",
        "src/inspect.rs",
        "src/report.rs",
        "src/kakao.rs",
    ];
    let forbidden = [
        "std::fs",
        "std::net::Tcp",
        "std::net::Udp",
        "std::env",
        "tokio::",
        "reqwest::",
        "async fn",
        "SystemTime",
        "Timestamp::now",
        "fastrand",
        "crate::fetch",
        "crate::cache",
        "crate::web",
        "crate::app",
        "crate::config",
        "crate::scrape",
        "crate::cli",
    ];
    for (path, text) in pure.iter().flat_map(|part| sources(part)) {
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        for (number, line) in code.enumerate() {
            for word in forbidden {
                assert!(!line.contains(word), "{} uses `{word}` (code line {number}): {line}", path.display());
            }
        }
    }
}

#[test]
fn imports_only_point_down() {
    let layers = [
        ("src/extract", &["crate::rules", "crate::inspect", "crate::report", "crate::fetch"][..]),
        (
            "src/acl",
            &["crate::rules", "crate::extract", "crate::inspect", "crate::report", "crate::kakao", "crate::firewall"],
        ),
        ("src/rules", &["crate::inspect", "crate::report", "crate::fetch"]),
        (
            "src/fetch",
            &[
                "crate::web",
                "crate::app",
                "crate::config",
                "crate::scrape",
                "crate::cli",
                "crate::cache",
                "crate::extract",
            ][..],
        ),
        (
            "src/cache",
            &[
                "crate::web",
                "crate::app",
                "crate::config",
                "crate::scrape",
                "crate::cli",
                "crate::fetch",
                "crate::extract",
            ],
        ),
        ("src/ips", &["crate::web", "crate::app", "crate::config", "crate::cli", "crate::firewall", "crate::scrape"]),
        ("src/scrape", &["crate::web", "crate::app", "crate::config", "crate::cli"]),
        ("src/offline.rs", &["crate::web", "crate::app", "crate::config", "crate::cli", "crate::fetch"]),
        ("src/web", &["crate::app", "crate::config", "crate::cli"]),
    ];
    for (layer, above) in layers {
        for (path, text) in sources(layer) {
            for word in above {
                // Imports are grouped: `use crate::{` opens a block in which a line names each module.
                let ours =
                    text.split("use crate::{").nth(1).and_then(|block| block.split("};").next()).unwrap_or_default();
                let name = word.trim_start_matches("crate::");
                let grouped = text.contains(&format!("use {word}"))
                    || ours.lines().any(|line| line.trim_start().starts_with(&format!("{name}::")));
                assert!(!grouped, "{} imports {word}", path.display());
            }
        }
    }
}

#[test]
fn every_embedded_asset_is_a_file_and_every_file_is_embedded() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = fs::read_to_string(root.join("src/web/assets.rs")).unwrap();
    for entry in
        WalkDir::new(root.join("static")).into_iter().filter_map(Result::ok).filter(|entry| entry.file_type().is_file())
    {
        let path = entry.path().strip_prefix(root.join("static")).unwrap().display().to_string();
        if !path.starts_with("i18n/") {
            assert!(
                table.contains(&format!("asset!(\"{path}\"")),
                "static/{path} is not served: add its row to src/web/assets.rs"
            );
        }
    }
}

/// The description has one shape for each name: of two, one would take the other's place, and answers would not be as described.
#[test]
fn no_two_shapes_of_the_api_have_one_name() {
    let mut seen: Vec<(String, PathBuf)> = Vec::new();
    for (path, text) in sources("src") {
        for (_, derived) in text
            .split("#[derive(")
            .skip(1)
            .map(|rest| rest.split_once(")]").unwrap())
            .filter(|(derive, _)| derive.contains("ToSchema"))
        {
            let declared = derived.lines().map(str::trim_start).find_map(|line| {
                let line =
                    line.strip_prefix("pub").map_or(line, |line| line.trim_start_matches(|c| c != ' ').trim_start());
                line.strip_prefix("struct ").or_else(|| line.strip_prefix("enum "))
            });
            let name = declared.unwrap().split(|c: char| !c.is_alphanumeric()).next().unwrap();
            let attributes = derived.split(declared.unwrap()).next().unwrap();
            let renamed = attributes.split("schema(as = ").nth(1).and_then(|rest| rest.split([')', ',']).next());
            let name = renamed.unwrap_or(name).to_owned();
            // A form is described where it is used, without a name.
            let other = seen.iter().find(|(known, _)| *known == name && !name.ends_with("Form"));
            assert!(
                other.is_none(),
                "{name} of {} and {:?}: give one #[schema(as = ...)]",
                path.display(),
                other.unwrap().1
            );
            seen.push((name, path.clone()));
        }
    }
}
