//! `scraplens template check FILE...`: every problem of templates, for people or as JSON.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use serde::Serialize;

use super::{Given, answered, exit_of, printed::printed, templating};
use crate::{
    cli::{
        COULD_NOT, CommandError, complain,
        options::{Network, Output},
        print,
        style::Screen,
    },
    template,
    templating::{TemplateAnswer, Templating},
};

/// What is wrong with templates.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Check {
    /// Templates, as JSON or TOML; - is standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    given: Given,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    network: Network,
}

const EXAMPLES: &str = "\
Examples:
  scraplens template check feed.json
  scraplens template check feed.json --domain https://www.example.com --images
  scraplens template check order.toml --args name=Ryan --args-file more.json
  scraplens template check *.json --json | jq -c '[.file, .check.problems[].code]'
  pbpaste | scraplens template check -

Without --url and --images no network is used. With several files --json gives one document a line.

Exit codes: 0 no problem is an error, 1 one is, 2 a file cannot be read.";

/// What is known of one file, as JSON.
#[derive(Serialize)]
struct Told<'a> {
    file: &'a str,
    #[serde(flatten)]
    answer: TemplateAnswer,
}

impl Check {
    pub fn run(&self) -> Result<ExitCode, CommandError> {
        if self.files.iter().filter(|file| super::given::is_input(file)).count() > 1 {
            return Err(CommandError::with_advice("standard input can be read only once", "name - once"));
        }
        let templating = templating(&self.network)?;
        let mut checks: Vec<template::Check> = Vec::new();
        let mut unread = false;
        for (position, file) in self.files.iter().enumerate() {
            match self.one(file, position, &templating) {
                Ok(check) => checks.push(check),
                // One file that cannot be read does not keep the others from being checked.
                Err(error) if self.files.len() > 1 => {
                    complain(&error);
                    unread = true;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(if unread { ExitCode::from(COULD_NOT) } else { exit_of(&checks) })
    }

    fn one(&self, file: &Path, position: usize, templating: &Templating) -> Result<template::Check, CommandError> {
        let asked = self.given.ask(file, templating.sandbox())?;
        let outcome = answered(templating, &asked.ask)?;
        let check = outcome.check.clone();
        if self.output.json {
            let told = Told { file: &asked.name, answer: templating.told(outcome) };
            let json =
                if self.files.len() > 1 { serde_json::to_string(&told) } else { serde_json::to_string_pretty(&told) };
            print(&format!("{}\n", json.map_err(CommandError::new)?))?;
        } else {
            let screen = Screen { language: self.output.language(), width: Screen::width(), all_tags: false };
            let gap = if position > 0 { "\n" } else { "" };
            print(&format!("{gap}{}", printed(&asked.name, &asked.text, &check, &screen)))?;
        }
        Ok(check)
    }
}
