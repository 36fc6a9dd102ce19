//! Colours and measures of the terminal. Colours are dropped by `anstream` when the output is not a terminal.

use anstyle::{AnsiColor, Color, Style};

use super::options::Language;

const fn coloured(colour: AnsiColor) -> Style {
    Style::new().fg_color(Some(Color::Ansi(colour)))
}

pub(super) const ERROR: Style = coloured(AnsiColor::Red).bold();

/// For whom a report is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Screen {
    /// Language of headings and findings.
    pub language: Language,
    /// Columns.
    pub width: usize,
    /// Every tag, or those that matter.
    pub all_tags: bool,
}

impl Screen {
    /// Columns of the terminal, within what reads well; 100 when there is none.
    pub fn width() -> usize {
        terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0)).clamp(40, 140)
    }
}
