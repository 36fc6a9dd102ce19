//! No dialect's parser panics, whatever it is given: any text, and real dumps cut, shuffled and soiled in every way. What is read
//! can be asked about, too.

use std::{fs, path::Path, sync::LazyLock};

use proptest::{prelude::*, sample::Index};
use scraplens::acl::{
    File, Layer, Question, Reading, Sees, TooMuch, check, formats::FORMATS, formats::recognised, list::RangeList,
};
use walkdir::WalkDir;

/// Every dump of the cases.
static DUMPS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/acl");
    let files = WalkDir::new(folder).sort_by_file_name().into_iter().filter_map(Result::ok);
    let dumps =
        files.filter(|file| file.file_type().is_file() && file.path().extension().is_none_or(|end| end != "toml"));
    dumps.filter_map(|file| fs::read_to_string(file.path()).ok()).collect()
});

static WORDS: LazyLock<scraplens::words::Words> = LazyLock::new(|| scraplens::acl::words().unwrap());

/// One way to spoil a text.
#[derive(Debug, Clone)]
enum Spoil {
    Cut(Index, Index),
    DoubleLine(Index),
    SwapLines(Index, Index),
    Insert(Index, String),
    OtherLine(Index, Index, Index),
}

fn spoil() -> impl Strategy<Value = Spoil> {
    let index = any::<Index>;
    prop_oneof![
        (index(), index()).prop_map(|(one, two)| Spoil::Cut(one, two)),
        index().prop_map(Spoil::DoubleLine),
        (index(), index()).prop_map(|(one, two)| Spoil::SwapLines(one, two)),
        (index(), "[\\PC\\n\\t\"'{}\\[\\]();:!@$%/\\\\-]{0,6}").prop_map(|(at, text)| Spoil::Insert(at, text)),
        (index(), index(), index()).prop_map(|(dump, line, at)| Spoil::OtherLine(dump, line, at)),
    ]
}

fn spoiled(text: &str, spoils: &[Spoil]) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for spoil in spoils {
        let mut lines: Vec<String> = characters.iter().collect::<String>().split('\n').map(str::to_owned).collect();
        match spoil {
            Spoil::Cut(one, two) if !characters.is_empty() => {
                let (one, two) = (one.index(characters.len()), two.index(characters.len()));
                // Short cuts are likelier to leave something that is nearly right.
                let end = one.max(two).min(one.min(two) + 12);
                characters.drain(one.min(two)..end);
                continue;
            }
            Spoil::Insert(at, more) => {
                let at = at.index(characters.len() + 1);
                characters.splice(at..at, more.chars());
                continue;
            }
            Spoil::DoubleLine(at) => {
                let line = lines[at.index(lines.len())].clone();
                lines.insert(at.index(lines.len()), line);
            }
            Spoil::SwapLines(one, two) => {
                let (one, two) = (one.index(lines.len()), two.index(lines.len()));
                lines.swap(one, two);
            }
            Spoil::OtherLine(dump, line, at) if !DUMPS.is_empty() => {
                let other: Vec<&str> = DUMPS[dump.index(DUMPS.len())].lines().collect();
                if !other.is_empty() {
                    lines.insert(at.index(lines.len()), other[line.index(other.len())].to_owned());
                }
            }
            Spoil::Cut(..) | Spoil::OtherLine(..) => {}
        }
        characters = lines.join("\n").chars().collect();
    }
    characters.into_iter().collect()
}

/// Reads a text in every dialect and asks about two ranges.
fn read_and_ask(text: &str) {
    let _ = recognised(text);
    let list = RangeList::parse(&File::new("ranges", "27.0.236.0/22\n2404:4600::/32"), 10).unwrap();
    for format in FORMATS {
        for sees in [Sees::Direct, Sees::Header, Sees::Balancer(None)] {
            let reading = Reading { sees: sees.clone(), ..Reading::default() };
            let files = vec![File::new("dump", text)];
            let Ok(ruleset) = (format.parse)(&files, &reading) else { continue };
            let layers = [Layer { name: "layer".into(), format, asked: sees, port: None, files, ruleset }];
            let question = Question {
                layers: &layers,
                list: &list,
                ports: &[443],
                circumstances: &reading.circumstances,
                limits: &reading.limits,
                today: "2026-11-23",
            };
            let report = check(&question, &WORDS);
            let gave_up = report.as_ref().is_err_and(|error| error.to_string() == TooMuch.to_string());
            assert!(report.is_ok() || gave_up);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_text_makes_a_parser_panic(text in "\\PC{0,200}", lines in proptest::collection::vec("[ -~]{0,60}", 0..6)) {
        read_and_ask(&text);
        read_and_ask(&lines.join("\n"));
    }

    #[test]
    fn no_spoiled_dump_makes_a_parser_panic(
        dump in any::<Index>(),
        spoils in proptest::collection::vec(spoil(), 1..8),
    ) {
        let text = &DUMPS[dump.index(DUMPS.len())];
        prop_assume!(text.len() < 50_000);
        read_and_ask(&spoiled(text, &spoils));
    }
}

#[test]
fn every_format_tells_its_name_and_what_it_cannot_decide_in_both_languages() {
    let mut names: Vec<_> = FORMATS.iter().map(|format| format.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), FORMATS.len(), "names are unique");
    for format in FORMATS {
        assert!(!format.cannot.is_empty(), "{} claims to decide everything", format.name);
        for cannot in format.cannot {
            assert!(!cannot.ko.is_empty() && !cannot.en.is_empty(), "{}: {cannot:?}", format.name);
            assert!(cannot.ko.chars().any(|letter| ('가'..='힣').contains(&letter)), "{}: {}", format.name, cannot.ko);
        }
    }
}
