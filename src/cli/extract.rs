//! `scraplens extract`: the same extraction from HTML at hand, without a network.

use std::{
    fs,
    io::Read as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;

use super::{
    COULD_NOT, CommandError, complain, exit_code,
    options::{self, Output},
    print, report,
    style::Screen,
};
use crate::{
    finding::Finding,
    kakao::Kakao,
    offline::{ExtractReport, Extractor},
    rules::Rulebook,
    target::Target,
};

/// Read HTML that is at hand and say what KakaoTalk would make of it. Several files give one JSON document a line with --json.
#[derive(Debug, Args)]
pub(super) struct Extract {
    /// HTML files, or - for standard input
    #[arg(value_name = "FILE", default_value = "-")]
    files: Vec<PathBuf>,
    /// The URL the page would have; relative URLs are resolved against it
    #[arg(long, value_name = "URL", conflicts_with = "url_prefix")]
    url: Option<String>,
    /// For several files: the URL of each is this, followed by the file's name
    #[arg(long, value_name = "URL")]
    url_prefix: Option<String>,
    /// The Content-Type header the page would have, such as "text/html; charset=euc-kr"
    #[arg(long, value_name = "CT")]
    content_type: Option<String>,
    /// Show every tag that was read, not only those that matter to the card
    #[arg(long)]
    all_tags: bool,
    #[command(flatten)]
    output: Output,
}

impl Extract {
    pub fn run(&self) -> Result<ExitCode, CommandError> {
        let settings = options::from_environment()?;
        let kakao = Kakao::embedded().map_err(CommandError::new)?;
        let rulebook = Rulebook::embedded().map_err(CommandError::new)?;
        let extractor = Extractor::new(settings.extract.clone(), kakao.into(), rulebook.into());
        if self.files.len() > 1 && self.url.is_some() {
            return Err(CommandError::with_advice(
                "several files cannot share one --url",
                "give --url-prefix: each page's URL is it followed by the file's name",
            ));
        }
        let mut findings: Vec<Finding> = Vec::new();
        let mut unread = false;
        for file in &self.files {
            match self.one(file, &extractor, settings.fetch.max_url_bytes) {
                Ok(report) => {
                    print(&self.written(&report)?)?;
                    findings.extend(report.findings);
                }
                // One file that cannot be read does not keep the others from being read.
                Err(error) if self.files.len() > 1 => {
                    complain(&error);
                    unread = true;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(if unread { ExitCode::from(COULD_NOT) } else { exit_code(&findings) })
    }

    fn one(&self, file: &Path, extractor: &Extractor, max_url_bytes: usize) -> Result<ExtractReport, CommandError> {
        let target = Target::parse(&self.url_of(file)?, max_url_bytes)
            .map_err(|error| CommandError::with_advice(&error, error.advice()))?;
        let bytes = read(file)?;
        Ok(extractor.report(&bytes, self.content_type.as_deref(), &target))
    }

    fn url_of(&self, file: &Path) -> Result<String, CommandError> {
        match (&self.url, &self.url_prefix) {
            (Some(url), _) => Ok(url.clone()),
            (None, Some(prefix)) => Ok(format!("{prefix}{}", file.file_name().unwrap_or_default().to_string_lossy())),
            (None, None) => Err(CommandError::with_advice(
                "the page's URL is not known",
                "give --url https://example.com/page, or --url-prefix https://example.com/ for several files",
            )),
        }
    }

    fn written(&self, report: &ExtractReport) -> Result<String, CommandError> {
        if self.output.json {
            let json =
                if self.files.len() > 1 { serde_json::to_string(report) } else { serde_json::to_string_pretty(report) };
            return Ok(json.map_err(CommandError::new)? + "\n");
        }
        let screen = Screen { language: self.output.language(), width: Screen::width(), all_tags: self.all_tags };
        Ok(report::render_extract(report, &screen))
    }
}

fn read(file: &Path) -> Result<Vec<u8>, CommandError> {
    if file == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin()
            .lock()
            .read_to_end(&mut bytes)
            .map_err(|error| CommandError::new(format!("cannot read standard input: {error}")))?;
        return Ok(bytes);
    }
    fs::read(file).map_err(|error| CommandError::new(format!("cannot read {}: {error}", file.display())))
}
