//! `scraplens template render FILE -o OUT`: the message of a template as a picture. `scraplens preview --template` does the same.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;

use super::{Given, exit_of, pick, templating, waited, words::Words};
use crate::{
    cli::{
        CommandError,
        options::{LanguageOption, Network},
        picture::{PictureFile, tell_missing},
        style::plain,
    },
    drawing::{Look, MessageDrawing, PictureNote},
    finding::Severity,
    language::Language,
    preview::{Kind, Theme, Width},
    template::Check,
};

/// The message drawn.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Render {
    /// The template, as JSON or TOML; - is standard input
    #[arg(value_name = "FILE")]
    template: PathBuf,
    #[command(flatten)]
    picture: PictureFile,
    /// The chat's colours
    #[arg(long, value_enum, default_value_t)]
    theme: Theme,
    /// The device
    #[arg(long, value_enum, default_value_t)]
    width: Width,
    /// Say in an image's place why it is missing
    #[arg(long)]
    note: bool,
    #[command(flatten)]
    given: Given,
    #[command(flatten)]
    language: LanguageOption,
    #[command(flatten)]
    network: Network,
}

const EXAMPLES: &str = "\
Examples:
  scraplens template render feed.json -o feed.png
  scraplens template render feed.json -o feed.svg --theme dark --width pc
  scraplens template render order.toml -o order.html --args name=Ryan --url https://example.com/post/1

Images are fetched from their servers; those that cannot be are named on standard error. The bubble is approximate, because Kakao
publishes no measures.

Exit codes: 0 drawn, 1 drawn, and a problem of the template is an error, 2 nothing could be drawn.";

impl Render {
    pub fn run(&self) -> Result<ExitCode, CommandError> {
        let look = Look {
            kind: Kind::Scrape,
            theme: self.theme,
            width: self.width,
            note: self.note,
            language: self.language.choose(),
        };
        draw(&self.template, &self.given, &self.network, &self.picture, look)
    }
}

/// Draws the message of a template into a file.
pub(in crate::cli) fn draw(
    template: &Path,
    given: &Given,
    network: &Network,
    picture: &PictureFile,
    look: Look,
) -> Result<ExitCode, CommandError> {
    let form = picture.form()?;
    let templating = templating(network)?;
    let outcome = super::outcome(&templating, template, given)?;
    let Some(resolved) = &outcome.resolved else {
        let why = outcome.check.problems.first().map(|problem| pick(&problem.message, look.language).to_owned());
        return Err(CommandError::with_advice(
            format!("there is no message to draw: {}", why.unwrap_or_default()),
            format!("see all problems: scraplens template check {}", template.display()),
        ));
    };
    let drawing = waited(templating.draw(&resolved.message, look, form))?.map_err(CommandError::new)?;
    picture.write(&drawing.bytes)?;
    tell(&drawing, &outcome.check, look.language);
    Ok(exit_of([&outcome.check]))
}

/// What is worth knowing of the picture, on standard error.
fn tell(drawing: &MessageDrawing, check: &Check, language: Language) {
    let words = Words::of(language);
    let mut lines: Vec<String> = Vec::new();
    let errors = check.problems.iter().filter(|problem| problem.severity == Severity::Error);
    lines.extend(errors.map(|problem| {
        format!(
            "{} [{}] {}: {}",
            words.mark(problem.severity),
            problem.code,
            problem.path,
            pick(&problem.message, language)
        )
    }));
    let lost = |note: &&PictureNote| note.outcome != "ok";
    lines.extend(drawing.pictures.iter().filter(lost).map(|note| {
        let evidence = note.evidence.as_deref().map(|evidence| format!(" ({evidence})")).unwrap_or_default();
        format!("{}: {} {}{evidence}", words.picture, note.outcome, note.url)
    }));
    for line in lines {
        // Nobody may be listening; the picture is written.
        let _closed = writeln!(anstream::stderr().lock(), "{}", plain(&line));
    }
    tell_missing(&drawing.missing);
}
