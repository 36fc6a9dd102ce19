//! `scraplens acl fix DUMP...`: the smallest change that lets every range in, as a diff, as commands, as new files. The dumps
//! themselves are never written.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anstyle::Style;
use clap::Args;

use super::{
    super::{
        CommandError, FOUND_ERRORS,
        options::Output,
        print,
        report::{paper::Paper, text::Span},
        style::{self, DIM, ERROR, GOOD, INK, Screen, WARNING},
    },
    Asked, Prepared,
    dumps::Written,
    is_input, pieces, told,
    words::{Words, filled},
};
use crate::acl::fix::{Changed, FixOutcome, FixReport, FixedFile};

/// What to change.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Fix {
    #[command(flatten)]
    asked: Asked,
    /// Write the changed file here, or the changed files into this folder; never over a dump
    #[arg(short, long, value_name = "FILE|DIR")]
    output: Option<PathBuf>,
    #[command(flatten)]
    form: Output,
}

const EXAMPLES: &str = "\
Examples:
  scraplens acl fix rules.v4 --format iptables --port 443
  scraplens acl fix rules.v4 rules.v6 sets -o fixed/ && scraplens acl check fixed/*
  nft list ruleset > rules.nft
  scraplens acl fix rules.nft --ranges ips.json -o new.nft && nft -c -f new.nft

The files are those of one layer. Where several layers refuse, fix one after the other.

Exit codes: 0 every range gets in with the change, or did already; 1 some stay refused; 2 the files cannot be read.";

impl Fix {
    pub fn run(&self) -> Result<ExitCode, CommandError> {
        let prepared = self.asked.prepare(&[], self.form.language())?;
        let report = prepared.firewall.fix(&prepared.ask).map_err(|error| told(&error))?;
        let words = Words::of(self.form.language());
        // A change that was not proved must not lie about as a file.
        let safe = report.proof.changed.is_empty();
        let written = match &self.output {
            Some(output) if safe => self.write(output, &report.files, &prepared)?,
            _ => Vec::new(),
        };
        if self.form.json {
            let json = serde_json::to_string_pretty(&report).map_err(CommandError::new)?;
            print(&format!("{json}\n"))?;
        } else {
            print(&rendered(&report, words, Screen::width()))?;
        }
        if self.output.is_some() {
            tell(&written, words);
        }
        Ok(match report.outcome {
            FixOutcome::NothingToDo | FixOutcome::Opened if safe => ExitCode::SUCCESS,
            FixOutcome::NothingToDo | FixOutcome::Opened | FixOutcome::Partly | FixOutcome::Impossible => {
                ExitCode::from(FOUND_ERRORS)
            }
        })
    }

    /// Writes the changed files, none of them over a dump, and all of them or none as far as can be known before.
    fn write(&self, output: &Path, files: &[FixedFile], prepared: &Prepared) -> Result<Vec<PathBuf>, CommandError> {
        if files.is_empty() {
            return Ok(Vec::new());
        }
        let planned = planned(output, files)?;
        let inputs = self.asked.dumps.iter().chain(&self.asked.ranges).filter(|path| !is_input(path));
        let inputs: Vec<PathBuf> = inputs.filter_map(|path| fs::canonicalize(path).ok()).collect();
        let mut ready = Vec::new();
        for (path, file) in planned.into_iter().zip(files) {
            if fs::canonicalize(&path).is_ok_and(|path| inputs.contains(&path)) {
                return Err(CommandError::with_advice(
                    format!("{} is one of the files that were read", path.display()),
                    "write the changed file elsewhere, look at it, then put it in its place",
                ));
            }
            ready.push((path, bytes(file, prepared)?));
        }
        let mut written = Vec::new();
        for (path, bytes) in ready {
            let failed = |error| CommandError::new(format!("cannot write {}: {error}", path.display()));
            if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                fs::create_dir_all(folder).map_err(failed)?;
            }
            fs::write(&path, bytes).map_err(failed)?;
            written.push(path);
        }
        Ok(written)
    }
}

/// Where each file goes: to the output itself if there is one file, else into it as a folder.
fn planned(output: &Path, files: &[FixedFile]) -> Result<Vec<PathBuf>, CommandError> {
    let is_folder = output.is_dir() || output.as_os_str().to_string_lossy().ends_with('/');
    if let ([_], false) = (files, is_folder) {
        return Ok(vec![output.to_owned()]);
    }
    if output.exists() && !output.is_dir() {
        return Err(CommandError::with_advice(
            format!("{} is a file, but {} files change", output.display(), files.len()),
            "name a folder",
        ));
    }
    let mut known = BTreeSet::new();
    files
        .iter()
        .map(|file| {
            let name = Path::new(&file.name).file_name().unwrap_or(file.name.as_ref());
            if known.insert(name.to_owned()) {
                return Ok(output.join(name));
            }
            let what = format!("two of the files are called {}", name.to_string_lossy());
            Err(CommandError::with_advice(what, "give them names of their own"))
        })
        .collect()
}

/// The new text in the encoding of the dump.
fn bytes(file: &FixedFile, prepared: &Prepared) -> Result<Vec<u8>, CommandError> {
    let mut dumps = prepared.ask.dumps.iter().zip(&prepared.written);
    let written = dumps.find(|(dump, _)| *dump.file.name == *file.name).map_or(Written::Utf8, |(_, written)| *written);
    written.bytes(&file.text).ok_or_else(|| {
        CommandError::with_advice(
            format!("{} is neither UTF-8 nor EUC-KR: written anew, it would lose what cannot be read", file.name),
            "convert it to UTF-8 first, or apply the commands of the report",
        )
    })
}

fn tell(written: &[PathBuf], words: &Words) {
    let mut stderr = anstream::stderr().lock();
    let mut say = |line: &str| {
        // Nothing can be done about a standard error that is closed.
        let _closed = writeln!(stderr, "{}", style::plain(line));
    };
    if written.is_empty() {
        say(words.wrote_nothing);
    }
    for path in written {
        say(&filled(words.wrote, &path.display().to_string()));
    }
}

/// The answer for people: whether it helps, the change, and why it is safe.
fn rendered(report: &FixReport, words: &Words, columns: usize) -> String {
    let mut paper = Paper::new(columns);
    let (style, mark) = match report.outcome {
        FixOutcome::NothingToDo | FixOutcome::Opened => (GOOD, "✓"),
        FixOutcome::Partly => (WARNING, "!"),
        FixOutcome::Impossible => (ERROR, "✗"),
    };
    let headline = Span::new(style, words.pick(&report.headline));
    paper.block(&[Span::new(style, mark), Span::blank(1)], 2, &[headline]);
    let standings = words.before_after.replace("{before}", words.standing(report.before));
    let standings = Span::dim(standings.replace("{after}", words.standing(report.after)));
    paper.items(&[Span::blank(2)], 2, &[Span::ink(report.format), standings], " · ");
    pieces::write_list(&report.list, &mut paper, words);
    if !report.proof.changed.is_empty() {
        paper.gap();
        paper.block(&[Span::new(ERROR, "✗"), Span::blank(1)], 2, &[Span::new(ERROR, words.must_not)]);
    }
    if !report.diff.is_empty() {
        paper.heading(words.diff, &[]);
        paper.raw(&diff(&report.diff));
    }
    if !report.commands.is_empty() {
        paper.heading(words.commands, &[]);
        for command in &report.commands {
            let command: Vec<String> = command.split(' ').map(str::to_owned).collect();
            pieces::write_command(&command, &mut paper);
        }
    }
    for (title, mark, texts) in [
        (words.remarks, Span::dim("– "), &report.remarks),
        (words.obstacles, Span::new(ERROR, "✗ "), &report.obstacles),
    ] {
        if !texts.is_empty() {
            paper.heading(title, &[]);
        }
        for text in texts {
            paper.block(&[Span::blank(2), mark.clone()], 4, &[Span::ink(words.pick(text))]);
        }
    }
    proof(report, &mut paper, words);
    paper.finish()
}

fn proof(report: &FixReport, paper: &mut Paper, words: &Words) {
    let proof = &report.proof;
    paper.heading(words.proof, &[]);
    let (style, mark) = match (proof.changed.is_empty(), proof.ranges_open) {
        (false, _) => (ERROR, "✗"),
        (true, false) => (WARNING, "!"),
        (true, true) => (GOOD, "✓"),
    };
    paper.block(&[Span::blank(2), Span::new(style, mark), Span::blank(1)], 4, &[Span::ink(words.pick(&proof.message))]);
    if proof.pieces > 0 {
        let ports: Vec<String> = proof.ports.iter().take(MOST_PORTS).map(ToString::to_string).collect();
        let more = if proof.ports.len() > MOST_PORTS { ", …" } else { "" };
        let facts = [
            Span::dim(filled(words.compared_pieces, &proof.pieces.to_string())),
            Span::dim(filled(words.compared_ports, &format!("{}{more}", ports.join(", ")))),
        ];
        paper.items(&[Span::blank(4)], 4, &facts, " · ");
    }
    changes(&proof.changed, ERROR, paper, words);
    if !proof.also_opens.is_empty() {
        paper.block(&[Span::blank(2), Span::new(WARNING, "!"), Span::blank(1)], 4, &[Span::ink(words.also_opens)]);
        changes(&proof.also_opens, INK, paper, words);
    }
}

fn changes(changes: &[Changed], style: Style, paper: &mut Paper, words: &Words) {
    for change in changes.iter().take(MOST_CHANGED) {
        let line = format!("{} – {} :{}  {} → {}", change.from, change.to, change.port, change.before, change.after);
        paper.block(&[Span::blank(4)], 6, &[Span::new(style, line)]);
    }
    let left = changes.len().saturating_sub(MOST_CHANGED);
    if left > 0 {
        paper.line(&[Span::blank(4), Span::dim(filled(words.more_networks, &left.to_string()))]);
    }
}

/// The diff line for line, neither wrapped nor cut nor indented, so that `patch` reads what is piped to it: tabs stay, and of
/// what could steer a terminal the harmless form is written.
fn diff(diff: &str) -> String {
    let mut written = String::new();
    for line in diff.lines() {
        let style = match line.as_bytes() {
            [b'+', b'+', b'+', ..] | [b'-', b'-', b'-', ..] | [b'@', ..] => DIM,
            [b'+', ..] => GOOD,
            [b'-', ..] => ERROR,
            _ => INK,
        };
        let harmless: Vec<String> = line.split('\t').map(style::plain).collect();
        // Writing to a String cannot fail.
        let _written = writeln!(written, "{style}{}{style:#}", harmless.join("\t"));
    }
    written
}

const MOST_PORTS: usize = 12;
const MOST_CHANGED: usize = 10;

#[cfg(test)]
mod tests {
    use super::{super::samples, *};
    use crate::language::Language;

    fn bare(report: &FixReport, language: Language) -> String {
        anstream::adapter::strip_str(&rendered(report, Words::of(language), 60)).to_string()
    }

    fn fixed(name: &str) -> FixedFile {
        FixedFile { name: name.to_owned(), text: String::new() }
    }

    #[test]
    fn the_change_stands_between_the_verdict_and_its_proof() {
        let text = bare(&samples::fix(), Language::En);
        let order = [
            "✓ With this change every range gets in.",
            "  iptables · partly allowed before, allowed after",
            "List  ",
            "Change",
            "--- rules.v4",
            "+-A WEB -s 27.0.238.0/24 -j ACCEPT",
            " -A WEB\t-j DROP",
            "The same as commands",
            "  iptables -I WEB 1 -s 27.0.238.0/24 -j ACCEPT",
            "Before applying it",
            "  – Save it",
            "Proof",
            "  ✓ No other verdict changes.",
            "    12345 address ranges compared · ports 22, 80, 443",
        ];
        let places: Vec<_> =
            order.iter().map(|start| (start, text.lines().position(|line| line.starts_with(start)))).collect();
        assert!(places.iter().all(|(_, place)| place.is_some()), "{places:#?}\n{text}");
        assert!(places.is_sorted_by_key(|(_, place)| *place), "{places:#?}\n{text}");
        assert!(bare(&samples::fix(), Language::Ko).contains("변경 전 일부 허용, 변경 후 허용"));
    }

    #[test]
    fn a_change_that_does_too_much_is_called_so() {
        let text = bare(&samples::wrong_fix(), Language::En);
        assert!(
            text.contains("✗ Do not apply this") && text.contains("10.0.0.0 – 10.0.0.255 :22  denied → allowed"),
            "{text}"
        );
    }

    #[test]
    fn what_opens_beside_is_told_and_no_reason_against_it() {
        let mut report = samples::fix();
        report.proof.also_opens = samples::wrong_fix().proof.changed;
        let text = bare(&report, Language::En);
        assert!(text.contains("! Opens more for these ranges") && text.contains(":22  denied → allowed"), "{text}");
        assert!(!text.contains("Do not apply"), "{text}");
    }

    #[test]
    fn a_line_of_the_diff_cannot_steer_the_terminal() {
        let mut report = samples::fix();
        report.diff = "+\u{1b}[2J\t\u{202e}x\r\n".to_owned();
        let text = bare(&report, Language::En);
        assert!(text.contains("+␛[2J\t\\u{202e}x") && !text.contains('\u{1b}'), "{text:?}");
    }

    #[test]
    fn one_file_goes_to_the_output_and_several_into_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path();
        fs::write(here.join("file"), "").unwrap();
        let one = [fixed("etc/rules.v4")];
        let two = [fixed("etc/rules.v4"), fixed("etc/rules.v6")];
        assert_eq!(planned(&here.join("new"), &one).unwrap(), [here.join("new")]);
        assert_eq!(planned(&here.join("file"), &one).unwrap(), [here.join("file")]);
        assert_eq!(planned(here, &one).unwrap(), [here.join("rules.v4")]);
        assert_eq!(planned(&here.join("new"), &two).unwrap(), [here.join("new/rules.v4"), here.join("new/rules.v6")]);
        assert!(planned(&here.join("file"), &two).unwrap_err().message.contains("2 files change"));
        let alike = [fixed("a/rules"), fixed("b/rules")];
        assert!(planned(here, &alike).unwrap_err().message.contains("called rules"));
    }
}
