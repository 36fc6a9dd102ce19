//! `scraplens template`: message templates checked, drawn, answered as Kakao would, and turned into code. One file per command; what
//! they have in common stands here. What a template means is `templating`'s and `template`'s to say.

mod answer;
mod check;
mod code;
mod given;
mod printed;
mod render;
mod samples;
mod words;

use std::{future::Future, path::Path, process::ExitCode};

use clap::{Args, Subcommand};
use tokio::sync::mpsc;

pub(super) use self::{given::Given, render::draw};
use super::{
    CommandError, FOUND_ERRORS,
    live::{Live, runtime},
    options::Network,
    progress,
};
use crate::{
    drawing::Drawer,
    finding::{Severity, Text},
    language::Language,
    scrape::Watch,
    template::Check as Checked,
    templating::{Ask, Outcome, Templating},
};

/// Check Kakao's message templates before anyone sends them, draw them, and write the code that sends them.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Template {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say what is wrong with templates: every problem at once, with its line and what to do.
    ///
    /// A default template is the JSON that `template_object` takes; a custom template is a file as `config/templates` has them.
    Check(check::Check),
    /// Draw the message of a template, as PNG, SVG or HTML.
    Render(render::Render),
    /// Print what Kakao's template API would answer.
    Answer(answer::Answer),
    /// Write the call that sends a template, for one of Kakao's SDKs or its REST API.
    Code(code::Code),
    /// List templates to start from, or print one.
    Samples(samples::Samples),
}

const EXAMPLES: &str = "\
Examples:
  scraplens template samples feed > feed.json
  scraplens template check feed.json --domain https://example.com
  scraplens template render feed.json -o feed.png --theme dark
  scraplens template code feed.json --target javascript
  scraplens template answer order.toml --args name=Ryan --url https://example.com/post/1

Exit codes: 0 nothing wrong found, 1 a problem is an error, 2 the command could not do its work.";

impl Template {
    pub fn run(&self) -> Result<ExitCode, CommandError> {
        match &self.command {
            Command::Check(check) => check.run(),
            Command::Render(render) => render.run(),
            Command::Answer(answer) => answer.run(),
            Command::Code(code) => code.run(),
            Command::Samples(samples) => samples.run(),
        }
    }
}

/// Puts together what answers questions about templates.
fn templating(network: &Network) -> Result<Templating, CommandError> {
    let parts = Live::parts("template", network)?;
    Ok(Templating::new(parts.sandbox, Drawer::new(parts.scraper, parts.painter)))
}

/// What is known of the template in a file.
fn outcome(templating: &Templating, file: &Path, given: &Given) -> Result<Outcome, CommandError> {
    answered(templating, &given.ask(file, templating.sandbox())?.ask)
}

/// What is known of a template. A terminal shows what is waited for.
fn answered(templating: &Templating, ask: &Ask) -> Result<Outcome, CommandError> {
    if ask.page.is_none() {
        return waited(templating.answer(ask))?.map_err(CommandError::new);
    }
    // The spinner takes its line away on Ctrl-C, and ends the program.
    let answering = async {
        let (watcher, events) = mpsc::unbounded_channel();
        let spinner = progress::show(events);
        let answer = templating.watched(ask, Some(Watch::new(watcher))).await;
        spinner.finish().await;
        answer
    };
    runtime()?.block_on(answering).map_err(CommandError::new)
}

/// Runs `work` to its end, or ends the program on Ctrl-C.
fn waited<T>(work: impl Future<Output = T>) -> Result<T, CommandError> {
    let done = runtime()?.block_on(async {
        tokio::select! {
            done = work => Some(done),
            Ok(()) = tokio::signal::ctrl_c() => None,
        }
    });
    Ok(done.unwrap_or_else(|| std::process::exit(INTERRUPTED)))
}

/// What shells report for a program that SIGINT ended: 128 + 2.
const INTERRUPTED: i32 = 130;

/// 1 if a problem is an error, else 0.
fn exit_of<'a>(checks: impl IntoIterator<Item = &'a Checked>) -> ExitCode {
    let wrong = |check: &Checked| !check.ok || check.problems.iter().any(|problem| problem.severity == Severity::Error);
    if checks.into_iter().any(wrong) { ExitCode::from(FOUND_ERRORS) } else { ExitCode::SUCCESS }
}

fn pick(text: &Text, language: Language) -> &str {
    match language {
        Language::Ko => &text.ko,
        Language::En => &text.en,
    }
}
