//! A picture as a command writes it: which format, into which file, and what of it is worth telling. It draws nothing.

use std::{
    fs,
    io::{IsTerminal as _, Write as _},
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum, builder::PossibleValue};

use super::{CommandError, style::plain};
use crate::{
    drawing::Form,
    preview::{Kind, Theme, Width},
};

/// Where a picture goes, and as what.
#[derive(Debug, Args)]
pub(super) struct PictureFile {
    /// The file to write; its ending says the format: .png, .svg or .html. A single - writes to standard output
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// The format, where the file's name does not say it
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
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

impl PictureFile {
    /// The format that was asked for, or that the file's name says.
    pub fn form(&self) -> Result<Form, CommandError> {
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

    /// Writes it.
    pub fn write(&self, bytes: &[u8]) -> Result<(), CommandError> {
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
}

/// Says on standard error what could not be drawn.
pub(super) fn tell_missing(missing: &[String]) {
    if !missing.is_empty() {
        let missing: Vec<String> = missing.iter().map(|missing| plain(missing)).collect();
        // Nobody may be listening; the picture is written.
        let _closed = writeln!(
            anstream::stderr().lock(),
            "no font at hand has {}: frames stand for them in PNG",
            missing.join(" ")
        );
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
