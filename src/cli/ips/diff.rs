//! `scraplens ips diff [OLD [NEW]]`: what is different between two lists.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use clap::Args;
use jiff::Timestamp;

use super::{
    super::{CommandError, FOUND_ERRORS, options::Output, print, report::paper::Paper, style::Screen},
    Place,
    changes::{Measure, write_diff},
    import::read,
    print_json, told,
    words::Words,
};
use crate::{
    acl::{File, list::RangeList},
    ips::{Shelf, day_of},
    language::Language,
};

/// Compare two lists.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Diff {
    /// The first list: a file (Kakao's JSON, or one network a line), -, or one of the words previous, kept, announced. Without
    /// it, the list before the kept one
    #[arg(value_name = "OLD")]
    old: Option<PathBuf>,
    /// The second, likewise. Without it, the kept list; where none is kept, the networks that Kakao announces
    #[arg(value_name = "NEW")]
    new: Option<PathBuf>,
    /// List every range and line
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    output: Output,
}

const EXAMPLES: &str = "\
Examples:
  scraplens ips diff                        what the last refresh changed
  scraplens ips diff my-old-list.txt        is my old list still enough?
  scraplens ips diff announced kept
  scraplens ips diff before.json after.json

Lists are compared by their addresses: the same ones cut into other CIDRs are no difference.

Exit codes: 0 nothing is different, 1 something is, 2 a list cannot be read.";

impl Diff {
    pub fn run(&self) -> Result<ExitCode, CommandError> {
        let language = self.output.language();
        let kept = self.place.shelf()?;
        let lists = Lists { shelf: &kept, language };
        let inputs = [&self.old, &self.new].into_iter().flatten().filter(|path| path.as_os_str() == "-").count();
        if inputs > 1 {
            return Err(CommandError::with_advice(
                "standard input can be read only once",
                "give the other list as a file",
            ));
        }
        // Without lists of one's own the kept one must be good before anybody asks for the one before it.
        if let (None, Some(problem)) = (&self.old, kept.problem()) {
            return Err(told(&problem, kept.words(), language));
        }
        let old = match &self.old {
            Some(path) => lists.named(path)?,
            None => lists.previous()?,
        };
        let new = match &self.new {
            Some(path) => lists.named(path)?,
            None if self.old.is_some() => lists.in_use()?,
            None => lists.kept()?,
        };
        let diff = kept.compare(&old, &new, day_of(Timestamp::now()));
        if self.output.json {
            print_json(&diff)?;
        } else {
            let mut paper = Paper::new(Screen::width());
            write_diff(&diff, Measure { language, all: self.all }, &mut paper);
            print(&paper.finish())?;
        }
        Ok(if diff.same { ExitCode::SUCCESS } else { ExitCode::from(FOUND_ERRORS) })
    }
}

/// Where lists come from.
struct Lists<'a> {
    shelf: &'a Shelf,
    language: Language,
}

impl Lists<'_> {
    fn named(&self, path: &Path) -> Result<Arc<RangeList>, CommandError> {
        match path.to_str() {
            Some("previous") => self.previous(),
            Some("kept") => self.kept(),
            Some("announced") => Ok(self.shelf.announced()),
            _ => self.file(path),
        }
    }

    fn file(&self, path: &Path) -> Result<Arc<RangeList>, CommandError> {
        let text = read(path, self.shelf.settings().max_bytes)?;
        let name = if path.as_os_str() == "-" { "stdin".to_owned() } else { path.display().to_string() };
        let list = RangeList::parse(&File::new(&name, &text), self.shelf.max_ranges());
        list.map(Arc::new).map_err(|malformed| CommandError::with_advice(&malformed, &malformed.advice))
    }

    /// The kept list, which must be one.
    fn kept(&self) -> Result<Arc<RangeList>, CommandError> {
        if let Some(problem) = self.shelf.problem() {
            return Err(told(&problem, self.shelf.words(), self.language));
        }
        let [message, advice] = Words::of(self.language).no_kept;
        self.shelf.kept().map(|kept| kept.list).ok_or_else(|| CommandError::with_advice(message, advice))
    }

    /// The kept list, or what stands in for it.
    fn in_use(&self) -> Result<Arc<RangeList>, CommandError> {
        match self.shelf.problem() {
            Some(problem) => Err(told(&problem, self.shelf.words(), self.language)),
            None => Ok(self.shelf.current().list()),
        }
    }

    fn previous(&self) -> Result<Arc<RangeList>, CommandError> {
        let [message, advice] = Words::of(self.language).no_previous;
        match self.shelf.previous() {
            Ok(Some(previous)) => Ok(previous.list),
            Ok(None) => Err(CommandError::with_advice(message, advice)),
            Err(problem) => Err(told(&problem, self.shelf.words(), self.language)),
        }
    }
}
