//! Every case under `tests/fixtures/acl`: a `.toml` beside its dumps says what is asked and what must be answered. Adding a case
//! is adding files. The expected values are written from the dialect's documentation and the verified facts, not from output.

use std::{fmt::Write as _, fs, path::Path};

use scraplens::acl::{
    Addresses, Circumstances, Dump, File, Question, Reading, Request, Sees, Words, check, layers, list::RangeList,
    report::AclReport,
};
use serde::Deserialize;
use walkdir::WalkDir;

/// One case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// What it shows, as a sentence.
    #[allow(dead_code, reason = "for people who read the file")]
    about: String,
    /// The dumps, in path order, beside this file: names, or tables with `name`, `format`, `layer`, `sees`.
    files: Vec<CaseFile>,
    #[serde(default)]
    interface: Option<String>,
    #[serde(default)]
    inner_interface: Option<String>,
    #[serde(default)]
    server: Option<std::net::IpAddr>,
    #[serde(default)]
    host: Option<String>,
    #[serde(default)]
    path: Option<String>,
    #[serde(default)]
    user_agent: Option<String>,
    /// Ranges that are asked about.
    #[serde(default)]
    ranges: Vec<String>,
    #[serde(default)]
    ports: Vec<u16>,
    /// Every line of every part: `CIDR:PORT VERDICT[ HOW][ PACKET] [line N]`, in order. PACKET is left out for `syn` and `request`.
    #[serde(default)]
    parts: Vec<String>,
    /// `line 20 by 12`, or `line 20` for a line that matches nothing. Left out: not looked at.
    shadowed: Option<Vec<String>>,
    /// `CODE` or `CODE line N`. Left out: not looked at.
    assumptions: Option<Vec<String>>,
    /// `CODE line N` of every doubt, each once. Left out: not looked at.
    doubts: Option<Vec<String>>,
    /// Words that the error has; then there is no answer.
    error: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum CaseFile {
    Name(String),
    More { name: String, format: Option<String>, layer: Option<String>, sees: Option<String> },
}

impl CaseFile {
    fn dump(&self, folder: &Path) -> Dump {
        let (name, format, layer, sees) = match self {
            Self::Name(name) => (name, None, None, None),
            Self::More { name, format, layer, sees } => (name, format.clone(), layer.clone(), sees.as_deref()),
        };
        let text = fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let sees = match sees {
            None | Some("direct") => Sees::Direct,
            Some("balancer") => Sees::Balancer(None),
            Some("header") => Sees::Header,
            Some(network) => Sees::Balancer(Some(Addresses::parse(network).unwrap())),
        };
        Dump { file: File::new(name, &text), format, layer, sees }
    }
}

fn answer(case: &Case, folder: &Path) -> Result<AclReport, String> {
    let circumstances = Circumstances {
        interface: case.interface.clone(),
        inner_interface: case.inner_interface.clone(),
        server: case.server,
        request: Request {
            host: case.host.clone(),
            path: case.path.clone().unwrap_or_else(|| "/".to_owned()),
            user_agent: case.user_agent.clone().unwrap_or_else(|| KAKAO.to_owned()),
        },
    };
    let reading = Reading { circumstances: circumstances.clone(), ..Reading::default() };
    let dumps: Vec<Dump> = case.files.iter().map(|file| file.dump(folder)).collect();
    let told = |error: scraplens::acl::Malformed| format!("{error}; {}", error.advice);
    let layers = layers(&dumps, &reading).map_err(told)?;
    let list = RangeList::parse(&File::new("ranges", &case.ranges.join("\n")), 1000).map_err(told)?;
    let question = Question {
        layers: &layers,
        list: &list,
        ports: &case.ports,
        circumstances: &circumstances,
        limits: &reading.limits,
        today: "2026-11-23",
    };
    check(&question, &Words::embedded().unwrap()).map_err(|error| error.to_string())
}

const KAKAO: &str = "facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984";

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

fn check_case(path: &Path) -> Result<(), String> {
    let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
    let case: Case = toml::from_str(&text).map_err(|error| error.to_string())?;
    let report = match (answer(&case, path.parent().unwrap_or(path)), &case.error) {
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
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/acl");
    let all = WalkDir::new(folder).sort_by_file_name().into_iter().filter_map(Result::ok);
    let only = std::env::var("ACL_CASE").unwrap_or_default();
    let mut wrong = String::new();
    let mut count = 0;
    for entry in all.filter(|entry| entry.path().extension().is_some_and(|extension| extension == "toml")) {
        if !entry.path().to_string_lossy().contains(&only) {
            continue;
        }
        count += 1;
        if let Err(error) = check_case(entry.path()) {
            let _ok = writeln!(wrong, "{}: {error}", entry.path().display());
        }
    }
    assert!(count > 0, "there are no cases");
    assert!(wrong.is_empty(), "{wrong}");
}
