//! `scraplens ips refresh`: fetches the list, keeps it, and says what has changed.

use std::{io::IsTerminal as _, process::ExitCode, time::Duration};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::{
    super::{
        CommandError,
        live::{Live, runtime},
        options::{Network, Output},
        print,
        report::paper::Paper,
        style::{Screen, plain},
    },
    Key,
    changes::{Measure, write_diff},
    print_json, told, warn_all,
    words::{Words, filled},
};
use crate::ips::{
    News, Shelf,
    report::{IpsDiff, IpsReport, Remark},
};

/// Fetch the list.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(super) struct Refresh {
    /// List every range that is different
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    key: Key,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    network: Network,
}

const EXIT_CODES: &str = "\
The key is sent to Kakao alone, over TLS; no redirect is followed with it.

Exit codes: 0 fetched and kept, 2 not: the list before stays in use.";

impl Refresh {
    pub fn run(&self) -> Result<ExitCode, CommandError> {
        let language = self.output.language();
        let parts = Live::parts_with("ips", &self.network, self.key.overrides())?;
        let ips = &parts.ips;
        let spinner = spinner(&ips.source());
        let went = runtime()?.block_on(ips.refresh());
        if let Some(spinner) = spinner {
            spinner.finish_and_clear();
        }
        let news = went.map_err(|error| told(&error, ips.shelf().words(), language))?;
        answer(news, ips.report(), ips.shelf(), Measure { language, all: self.all }, self.output.json)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// A line that moves while Kakao is asked, on a terminal.
fn spinner(url: &str) -> Option<ProgressBar> {
    if !std::io::stderr().is_terminal() {
        return None;
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg} {elapsed:>4.dim}") {
        bar.set_style(style);
    }
    bar.set_message(format!("→ {}", plain(url)));
    bar.enable_steady_tick(Duration::from_millis(100));
    Some(bar)
}

/// A new list and what is different in it.
#[derive(Debug, Serialize)]
struct Answer {
    /// The list as it is now.
    list: IpsReport,
    /// What is different from the list before; from the announced networks where none was kept.
    diff: IpsDiff,
    /// What is worth a warning about the new list.
    remarks: Vec<Remark>,
}

/// Says what came of a new list.
pub(super) fn answer(
    news: News,
    list: IpsReport,
    shelf: &Shelf,
    measure: Measure,
    json: bool,
) -> Result<(), CommandError> {
    let words = Words::of(measure.language);
    let News { diff, remarks, set_aside } = news;
    if let Some(path) = set_aside {
        note(&filled(words.set_aside, &path.display().to_string()));
    }
    if shelf.path().is_none() {
        note(words.kept_nowhere);
    }
    warn_all(&remarks, measure.language);
    if json {
        return print_json(&Answer { list, diff, remarks });
    }
    let mut paper = Paper::new(Screen::width());
    let kept_in = shelf.path().map(|path| path.display().to_string());
    super::show::write_head(&list, kept_in.as_deref(), measure, &mut paper);
    write_diff(&diff, measure, &mut paper);
    print(&paper.finish())
}

fn note(text: &str) {
    use std::io::Write as _;
    // Nothing can be done about a standard error that is closed.
    let _closed = writeln!(anstream::stderr().lock(), "{}", plain(text));
}
