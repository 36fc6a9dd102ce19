//! Every case under `tests/fixtures/acl` is answered as its file says. Adding a case is adding files. The expected values are
//! written from the dialect's documentation and the verified facts, not from output.

use std::{fmt::Write as _, path::Path};

use scraplens::acl::{check, report::AclReport, words};

use super::case::{Case, all};

fn parts(report: &AclReport) -> Vec<String> {
    let mut lines = Vec::new();
    for range in &report.ranges {
        for part in &range.parts {
            let mut line = format!("{}:{} {}", part.cidr, range.port, part.verdict.word());
            if let Some(how) = &part.how {
                let _ok = write!(line, " {how}");
            }
            if !matches!(part.packet, "syn" | "request") {
                let _ok = write!(line, " {}", part.packet);
            }
            if let Some(number) = part.decided_by.as_ref().and_then(|decided| decided.line) {
                let _ok = write!(line, " line {number}");
            }
            lines.push(line);
        }
    }
    lines
}

fn with_line(code: &str, line: Option<u32>) -> String {
    line.map_or_else(|| code.to_owned(), |line| format!("{code} line {line}"))
}

fn answer(case: &Case, folder: &Path) -> Result<AclReport, String> {
    let asked = case.read(folder)?;
    check(&asked.question(), &words().unwrap()).map_err(|error| error.to_string())
}

fn check_case(case: &Case, folder: &Path) -> Result<(), String> {
    let report = match (answer(case, folder), &case.error) {
        (Ok(report), None) => report,
        (Ok(_), Some(_)) => return Err("an error was expected".to_owned()),
        (Err(error), None) => return Err(error),
        (Err(error), Some(words)) => {
            let missing: Vec<_> = words.iter().filter(|word| !error.contains(word.as_str())).collect();
            return if missing.is_empty() { Ok(()) } else { Err(format!("`{error}` lacks {missing:?}")) };
        }
    };
    let mut wrong = String::new();
    let mut compare = |what: &str, expected: &[String], found: Vec<String>| {
        if expected != found {
            let _ok = write!(wrong, "\n  {what} expected {expected:#?}\n  {what} found {found:#?}");
        }
    };
    compare("parts", &case.parts, parts(&report));
    if let Some(expected) = &case.shadowed {
        let found = report.shadowed.iter().map(|dead| {
            dead.by.map_or_else(|| format!("line {}", dead.line), |by| format!("line {} by {by}", dead.line))
        });
        compare("shadowed", expected, found.collect());
    }
    if let Some(expected) = &case.assumptions {
        let found = report.assumptions.iter().map(|assumed| with_line(assumed.code, assumed.line));
        compare("assumptions", expected, found.collect());
    }
    if let Some(expected) = &case.doubts {
        let all = report.ranges.iter().flat_map(|range| &range.parts).flat_map(|part| &part.doubts);
        let mut found: Vec<String> = all.map(|doubt| with_line(doubt.code, doubt.line)).collect();
        found.sort();
        found.dedup();
        compare("doubts", expected, found);
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

#[test]
fn every_case_is_answered_as_its_file_says() {
    let mut wrong = String::new();
    for (path, case) in all() {
        if let Err(error) = check_case(&case, path.parent().unwrap()) {
            let _ok = writeln!(wrong, "{}: {error}", path.display());
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
