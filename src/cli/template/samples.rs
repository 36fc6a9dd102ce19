//! `scraplens template samples [NAME]`: templates to start from, listed or printed.

use std::process::ExitCode;

use clap::Args;

use super::pick;
use crate::{
    cli::{
        CommandError,
        options::Output,
        print,
        report::{paper::Paper, text::Span},
        style::Screen,
    },
    template::samples::{Sample, samples},
};

/// Templates to start from.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Samples {
    /// Print this one
    name: Option<String>,
    #[command(flatten)]
    output: Output,
}

const EXAMPLES: &str = "\
Examples:
  scraplens template samples
  scraplens template samples feed > feed.json; scraplens template check feed.json";

impl Samples {
    pub fn run(&self) -> Result<ExitCode, CommandError> {
        let Some(name) = &self.name else {
            print(&self.list()?)?;
            return Ok(ExitCode::SUCCESS);
        };
        let Some(sample) = samples().iter().find(|sample| sample.name.eq_ignore_ascii_case(name)) else {
            let names: Vec<&str> = samples().iter().map(|sample| sample.name).collect();
            return Err(CommandError::with_advice(
                format!("there is no sample {name}"),
                format!("choose one of {}", names.join(", ")),
            ));
        };
        print(&format!("{}\n", sample.text.trim_end()))?;
        Ok(ExitCode::SUCCESS)
    }

    fn list(&self) -> Result<String, CommandError> {
        if self.output.json {
            let told = |sample: &Sample| {
                serde_json::json!({
                    "name": sample.name, "object_type": sample.object_type, "title": sample.title, "text": sample.text,
                })
            };
            let all: Vec<_> = samples().iter().map(told).collect();
            return Ok(serde_json::to_string_pretty(&all).map_err(CommandError::new)? + "\n");
        }
        let widest = samples().iter().map(|sample| sample.name.len()).max().unwrap_or_default();
        let mut paper = Paper::new(Screen::width());
        for sample in samples() {
            let name = Span::bold(sample.name).padded(widest + 2);
            paper.block(&[name], widest + 2, &[Span::ink(pick(&sample.title, self.output.language()))]);
        }
        Ok(paper.finish())
    }
}
