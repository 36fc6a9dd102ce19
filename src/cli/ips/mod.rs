//! `scraplens ips`: Kakao's official list of IP ranges. One file per command; what they have in common stands here: where the
//! list is kept, and how an error of it is told. The work itself is `ips`'s.

mod changes;
mod diff;
mod import;
mod refresh;
mod show;
mod words;

use std::{io::Write as _, path::PathBuf, process::ExitCode};

use clap::{Args, Subcommand};
use serde::Serialize;
use toml::Value;

use super::{
    CommandError,
    options::{Language, from_files},
    print,
    style::{self, WARNING},
};
use crate::{
    config::{Override, Settings},
    finding::Text,
    ips::{Current, IpsError, Shelf, report::Remark},
    kakao::Kakao,
    words::Words as Sentences,
};

/// Fetch, show and compare Kakao's official list of the addresses that call a site.
///
/// Kakao gives it to anybody with an app: the key is read from an environment variable or a file, never from the command line.
/// Once kept, it is what `acl check`, `logs` and `reach` go by.
#[derive(Debug, Args)]
#[command(after_help = HOW_TO_START)]
pub(super) struct Ips {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show the list in use: its services, where it is from, how old it is, and what will change when
    Show(show::Show),
    /// Fetch the list from Kakao with an app key, keep it, and say what has changed
    Refresh(refresh::Refresh),
    /// Compare two lists by their addresses: is an old one still enough?
    Diff(diff::Diff),
    /// Keep an answer of Kakao's API that was fetched elsewhere
    Import(import::Import),
}

const HOW_TO_START: &str = "\
Examples:
  KAKAO_REST_API_KEY=... scraplens ips refresh
  scraplens ips show
  scraplens ips diff my-old-list.txt
  scraplens ips import ips.json

A key: developers.kakao.com, any application, app keys (the REST API key will do).";

impl Ips {
    pub fn run(&self) -> Result<ExitCode, CommandError> {
        match &self.command {
            Command::Show(show) => show.run(),
            Command::Refresh(refresh) => refresh.run(),
            Command::Diff(diff) => diff.run(),
            Command::Import(import) => import.run(),
        }
    }
}

/// Where the list is kept.
#[derive(Debug, Args)]
struct Place {
    /// Settings file, where its [ips] differs from the defaults: every key with `scraplens serve --print-config`
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Place {
    fn shelf(&self) -> Result<Shelf, CommandError> {
        open(&from_files(self.config.as_deref(), &[])?)
    }
}

/// The environment variable that holds the key.
#[derive(Debug, Args)]
struct Key {
    /// Environment variable that holds an app key [default: `KAKAO_REST_API_KEY`]
    #[arg(long, value_name = "NAME")]
    key_env: Option<String>,
}

impl Key {
    fn overrides(&self) -> Vec<Override> {
        let name = self.key_env.iter();
        name.map(|name| Override { option: "--key-env", key: "ips.key_env", value: Value::String(name.clone()) })
            .collect()
    }
}

fn open(settings: &Settings) -> Result<Shelf, CommandError> {
    let kakao = Kakao::embedded().map_err(CommandError::new)?;
    Shelf::open(&settings.ips, settings.acl.max_ranges, &kakao).map_err(CommandError::new)
}

/// The list that a command goes by where it is given none. A kept list that cannot be used is told of, and is none.
pub(super) fn in_use(settings: &Settings, kakao: &Kakao, language: Language) -> Result<Current, CommandError> {
    let shelf = Shelf::open(&settings.ips, settings.acl.max_ranges, kakao).map_err(CommandError::new)?;
    if let Some(problem) = shelf.problem() {
        warn(&problem.message(shelf.words()), &problem.advice(shelf.words()), language);
    }
    Ok(shelf.current())
}

fn pick(text: &Text, language: Language) -> &str {
    match language {
        Language::Ko => &text.ko,
        Language::En => &text.en,
    }
}

/// What went wrong, in the language asked for.
fn told(error: &IpsError, words: &Sentences, language: Language) -> CommandError {
    CommandError::with_advice(pick(&error.message(words), language), pick(&error.advice(words), language))
}

fn warn(message: &Text, advice: &Text, language: Language) {
    let (message, advice) = (style::plain(pick(message, language)), style::plain(pick(advice, language)));
    // Nothing can be done about a standard error that is closed.
    let _closed = writeln!(anstream::stderr().lock(), "{WARNING}!{WARNING:#} {message} {advice}");
}

fn warn_all(remarks: &[Remark], language: Language) {
    for remark in remarks {
        warn(&remark.message, &remark.advice, language);
    }
}

fn print_json(report: &impl Serialize) -> Result<(), CommandError> {
    let json = serde_json::to_string_pretty(report).map_err(CommandError::new)?;
    print(&format!("{json}\n"))
}
