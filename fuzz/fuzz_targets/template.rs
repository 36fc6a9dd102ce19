//! Any text as a message template, in both syntaxes and of both kinds: nothing panics, problems come in the order of their places,
//! and the verdict is that of the problems.

#![no_main]

use libfuzzer_sys::fuzz_target;
use scraplens::{
    finding::Severity,
    template::{Kind, Rules, Syntax, check_text},
};

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let words = scraplens::template::words().unwrap();
    for syntax in [Syntax::Json, Syntax::Toml] {
        for kind in [Kind::Default, Kind::Custom] {
            let rules = Rules { words: &words, kind, sender: None, max_problems: 100_000 };
            let check = check_text(&text, syntax, &rules).check;
            assert!(check.problems.is_sorted_by_key(|problem| (problem.line, problem.column)));
            assert_eq!(check.ok, check.problems.iter().all(|problem| problem.severity != Severity::Error));
        }
    }
});
