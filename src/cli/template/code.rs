//! `scraplens template code FILE --target javascript`: the call that sends a template.

use std::{io::Write as _, path::PathBuf, process::ExitCode};

use clap::{Args, ValueEnum, builder::PossibleValue};
use serde_json::{Map, Value};

use super::{Given, given::argument, pick, templating, waited, words::Words};
use crate::{
    cli::{
        CommandError,
        options::{Network, Output},
        print,
        style::plain,
    },
    template::{arguments::Arguments, code::Target},
};

/// The call that sends it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Code {
    /// The template, as JSON or TOML; - is standard input
    #[arg(value_name = "FILE")]
    template: PathBuf,
    /// Whose SDK, or the REST API
    #[arg(long, value_enum)]
    target: Target,
    /// What the webhook is to be given back; repeatable
    #[arg(long = "callback", value_name = "KEY=VALUE", value_parser = argument)]
    callback: Vec<(String, String)>,
    #[command(flatten)]
    given: Given,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    network: Network,
}

const EXAMPLES: &str = "\
Examples:
  scraplens template code feed.json --target javascript
  scraplens template code feed.json --target android --callback order=42
  scraplens template code order.toml --target rest --args name=Ryan | sh

Keys and tokens are placeholders. What to know before the code runs is said on standard error.";

impl Code {
    pub fn run(&self) -> Result<ExitCode, CommandError> {
        let templating = templating(&self.network)?;
        let ask = self.given.ask(&self.template, templating.sandbox())?.ask;
        let callback: Map<String, Value> =
            self.callback.iter().map(|(name, value)| (name.clone(), Value::String(value.clone()))).collect();
        let callback = Arguments::parse(&Value::Object(callback).to_string())
            .map_err(|error| CommandError::with_advice(&error, error.advice()))?;
        let code = waited(templating.code(&ask, &callback, self.target))?.map_err(CommandError::new)?;
        if self.output.json {
            let json = serde_json::to_string_pretty(&code).map_err(CommandError::new)?;
            print(&format!("{json}\n"))?;
            return Ok(ExitCode::SUCCESS);
        }
        let language = self.output.language();
        for note in &code.notes {
            // Nobody may be listening; the code is what counts.
            let said = plain(pick(note, language));
            let _closed = writeln!(anstream::stderr().lock(), "{}: {said}", Words::of(language).notes);
        }
        print(&source(&code.code))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The code line by line: what steers a terminal stays out of it, also where a template has it.
fn source(code: &str) -> String {
    let mut out = String::with_capacity(code.len());
    for line in code.lines() {
        out.push_str(&plain(line).replace('␉', "\t"));
        out.push('\n');
    }
    out
}

impl ValueEnum for Target {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.as_str()))
    }
}
