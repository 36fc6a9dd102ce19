//! `scraplens preview URL -o FILE`: the message bubble as a picture.

use std::{
    fs,
    io::{IsTerminal as _, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use clap::{Args, ValueEnum, builder::PossibleValue};

use super::{
    CommandError, exit_code,
    live::{Live, runtime},
    options::{LanguageOption, Network},
    style::plain,
};
use crate::{
    drawing::{Drawer, Drawing, Form, Look},
    finding::Text,
    language::Language,
    preview::{Kind, Theme, Width},
    report::Report,
    scrape::Ask,
    user_agent::UserAgent,
};

/// Scrape one page and draw the message a chat would show: as PNG, SVG, or an HTML file of its own. The bubble is
/// approximate, because Kakao publishes no measures; what is in it follows the scrape.
#[derive(Debug, Args)]
pub(super) struct Preview {
    /// The page, with http:// or https://
    url: String,
    /// The file to write; its ending says the format: .png, .svg or .html. A single - writes to standard output
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// The format, where the file's name does not say it
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
    /// The message that an app or a site shares, or the card under a pasted address
    #[arg(long, value_enum, default_value_t)]
    kind: Kind,
    /// The chat's colours
    #[arg(long, value_enum, default_value_t)]
    theme: Theme,
    /// The device
    #[arg(long, value_enum, default_value_t)]
    width: Width,
    /// Say in the image's place why it is missing; a chat leaves no place at all
    #[arg(long)]
    note: bool,
    /// Whom to ask as: kakao, browser, facebook, or a User-Agent of your own
    #[arg(long, value_name = "WHO", default_value = "kakao")]
    ua: UserAgent,
    #[command(flatten)]
    language: LanguageOption,
    #[command(flatten)]
    network: Network,
}

/// A picture's format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Pixels, two for each CSS pixel.
    Png,
    /// Vectors, with the picture inside.
    Svg,
    /// A document of one file, with the picture inside.
    Html,
}

impl Preview {
    pub fn run(&self) -> Result<ExitCode, CommandError> {
        let form = self.form()?;
        let live = Live::prepare("preview", &self.url, &self.network)?;
        let ask = Ask { target: live.target.clone(), user_agent: self.ua.clone(), fresh: true, follow_og_url: None };
        let look = Look {
            kind: self.kind,
            theme: self.theme,
            width: self.width,
            note: self.note,
            language: self.language.choose(),
        };
        let drawer = Drawer::new(live.parts.scraper.clone(), Arc::clone(&live.parts.painter));
        let drawing = runtime()?.block_on(async {
            let answer = live.scrape(&ask).await?;
            drawer.draw_answer(answer, &ask.user_agent, look, form).await.map_err(CommandError::new)
        })?;
        self.write(&drawing.bytes)?;
        let report = drawing.answer.report();
        self.tell(&drawing, &report);
        Ok(exit_code(&report.findings))
    }

    /// The format that was asked for, or that the file's name says.
    fn form(&self) -> Result<Form, CommandError> {
        let ending = || self.output.extension()?.to_str()?.to_ascii_lowercase().parse().ok();
        match self.format.or_else(ending) {
            Some(Format::Png) => Ok(Form::Png),
            Some(Format::Svg) => Ok(Form::Svg),
            Some(Format::Html) => Ok(Form::Html),
            None => Err(CommandError::with_advice(
                format!("cannot tell a format from the name {}", self.output.display()),
                "end it in .png, .svg or .html, or use --format",
            )),
        }
    }

    fn write(&self, bytes: &[u8]) -> Result<(), CommandError> {
        if self.output != Path::new("-") {
            return fs::write(&self.output, bytes)
                .map_err(|error| CommandError::new(format!("cannot write {}: {error}", self.output.display())));
        }
        let mut stdout = std::io::stdout().lock();
        if stdout.is_terminal() {
            let advice = "name a file, or send standard output to one";
            return Err(CommandError::with_advice("a picture is no use on a terminal", advice));
        }
        match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                Err(CommandError::new(format!("cannot write the picture: {error}")))
            }
            _ => Ok(()),
        }
    }

    /// What is worth knowing of the picture, on standard error: the verdict, and what could not be drawn.
    fn tell(&self, drawing: &Drawing, report: &Report) {
        let pick = |text: &Text| match self.language.choose() {
            Language::Ko => text.ko.clone(),
            Language::En => text.en.clone(),
        };
        let reason = report.verdict.reason.as_ref().map(|reason| format!(": {}", pick(reason))).unwrap_or_default();
        let mut stderr = anstream::stderr().lock();
        // Nobody may be listening; the picture is written.
        let _closed = writeln!(stderr, "{}{}", plain(&pick(&report.verdict.headline)), plain(&reason));
        if !drawing.missing.is_empty() {
            let missing: Vec<String> = drawing.missing.iter().map(|missing| plain(missing)).collect();
            let said = format!("no font at hand has {}: frames stand for them in PNG", missing.join(" "));
            let _closed = writeln!(stderr, "{said}");
        }
    }
}

impl std::str::FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        <Self as ValueEnum>::from_str(if text == "htm" { "html" } else { text }, true)
    }
}

/// Gives a drawing's words to the command line.
macro_rules! words {
    ($type:ty, $($variant:expr),+) => {
        impl ValueEnum for $type {
            fn value_variants<'a>() -> &'a [Self] {
                &[$($variant),+]
            }

            fn to_possible_value(&self) -> Option<PossibleValue> {
                Some(PossibleValue::new(self.as_str()))
            }
        }
    };
}

words!(Kind, Kind::Scrape, Kind::Link);
words!(Theme, Theme::Light, Theme::Dark);
words!(Width, Width::Phone, Width::Pc);
