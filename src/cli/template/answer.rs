//! `scraplens template answer FILE`: what Kakao's template API would answer, as JSON. What of it is not documented is said beside it.

use std::{io::Write as _, path::PathBuf, process::ExitCode};

use clap::Args;

use super::{Given, exit_of, pick, templating, words::Words};
use crate::{
    cli::{
        CommandError,
        options::{LanguageOption, Network},
        print,
        style::plain,
    },
    finding::Severity,
};

/// Kakao's answer.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Answer {
    /// The template, as JSON or TOML; - is standard input
    #[arg(value_name = "FILE")]
    template: PathBuf,
    #[command(flatten)]
    given: Given,
    #[command(flatten)]
    language: LanguageOption,
    #[command(flatten)]
    network: Network,
}

const EXAMPLES: &str = "\
Examples:
  scraplens template answer feed.json
  scraplens template answer feed.json | jq .template_msg.C
  scraplens template answer order.toml --args name=Ryan --url https://example.com/post/1

The JSON is the answer of /v2/api/kakaolink/talk/template/{default,validate,scrap}; what of it is not documented by Kakao is named on
standard error. A template with errors is answered as far as it goes, where Kakao would refuse it.

Exit codes: 0 answered, 1 answered, and a problem of the template is an error, 2 there is nothing to answer.";

impl Answer {
    pub fn run(&self) -> Result<ExitCode, CommandError> {
        let language = self.language.choose();
        let words = Words::of(language);
        let templating = templating(&self.network)?;
        let outcome = super::outcome(&templating, &self.template, &self.given)?;
        let check = outcome.check.clone();
        let told = templating.told(outcome);
        let errors = check.problems.iter().filter(|problem| problem.severity == Severity::Error);
        let errors = errors.map(|problem| {
            let message = pick(&problem.message, language);
            format!("{} [{}] {}: {message}", words.mark(problem.severity), problem.code, problem.path)
        });
        let inferred = told
            .inferred
            .iter()
            .map(|inferred| format!("{} [{}]: {}", words.inferred, inferred.code, pick(&inferred.message, language)));
        for line in errors.chain(inferred) {
            // Nobody may be listening; the answer is what counts.
            let _closed = writeln!(anstream::stderr().lock(), "{}", plain(&line));
        }
        let Some(envelope) = &told.envelope else {
            return Err(CommandError::with_advice(
                "there is no template to answer",
                format!("see what is wrong: scraplens template check {}", self.template.display()),
            ));
        };
        let json = serde_json::to_string_pretty(envelope).map_err(CommandError::new)?;
        print(&format!("{json}\n"))?;
        Ok(exit_of([&check]))
    }
}
