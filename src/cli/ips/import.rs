//! `scraplens ips import FILE`: keeps an answer of Kakao's API that was fetched elsewhere, after the same checks.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use jiff::Timestamp;

use super::{
    super::{CommandError, acl::dumps, options::Output},
    Place,
    changes::Measure,
    refresh, told,
};

/// Keep an answer that was fetched elsewhere.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Import {
    /// The JSON of Kakao's GET /v1/system/ips; - is standard input
    #[arg(value_name = "FILE|-")]
    file: PathBuf,
    /// List every range that is different
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    output: Output,
}

const EXAMPLES: &str = "\
Example, on a machine that may reach Kakao:
  curl -H \"Authorization: KakaoAK $KEY\" https://kapi.kakao.com/v1/system/ips | ssh web1 scraplens ips import -

Exit codes: 0 kept, 2 not: the list before stays in use.";

impl Import {
    pub fn run(&self) -> Result<ExitCode, CommandError> {
        let language = self.output.language();
        let kept = self.place.shelf()?;
        let text = read(&self.file, kept.settings().max_bytes)?;
        let name = self.file.file_name().map_or_else(|| "stdin".to_owned(), |name| name.to_string_lossy().into_owned());
        let name = if name == "-" { "stdin".to_owned() } else { name };
        let now = Timestamp::now();
        let news = kept.put(&text, &name, now).map_err(|error| told(&error, kept.words(), language))?;
        let report = kept.report(kept.settings().has_key(), now);
        refresh::answer(news, report, &kept, Measure { language, all: self.all }, self.output.json)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// A list from a file or standard input.
pub(super) fn read(path: &Path, max_bytes: usize) -> Result<String, CommandError> {
    let advice = "give the JSON of Kakao's GET /v1/system/ips, or a list with one network a line; - is standard input";
    match dumps::read(path, max_bytes, "ips.max_bytes") {
        Ok((text, _written)) => Ok(text),
        Err(error) => Err(CommandError::with_advice(error.message, advice)),
    }
}
