//! What may be put on a terminal: colours, measures, and text made harmless. Colours are dropped by `anstream` when the
//! output is not a terminal. Colour speaks of verdicts only; everything else is ink, bold or dim.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Color, Style};
use unicode_width::UnicodeWidthChar as _;

use super::options::Language;

const fn coloured(colour: AnsiColor) -> Style {
    Style::new().fg_color(Some(Color::Ansi(colour)))
}

pub(super) const ERROR: Style = coloured(AnsiColor::Red).bold();
pub(super) const WARNING: Style = coloured(AnsiColor::Yellow).bold();
pub(super) const GOOD: Style = coloured(AnsiColor::Green).bold();
pub(super) const BOLD: Style = Style::new().bold();
pub(super) const DIM: Style = Style::new().dimmed();
pub(super) const INK: Style = Style::new();

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

/// Text from a page or the network as it may be shown: what would steer the terminal, reorder a line or hide in it is
/// spelled out (`␛`, `\u{202e}`), everything else stays. One line in, one line out.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut marks = 0;
    for c in text.chars() {
        marks = if c.width() == Some(0) { marks + 1 } else { 0 };
        match control_picture(c) {
            Some(picture) => out.push(picture),
            None if c.is_control() || steers_or_hides(c) || marks > MAX_MARKS => {
                // Writing to a String cannot fail.
                let _written = write!(out, "{}", c.escape_unicode());
            }
            None => out.push(c),
        }
    }
    out
}

/// `␀` to `␟` for the C0 controls, newline included, and `␡` for DEL.
fn control_picture(c: char) -> Option<char> {
    match c {
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(c)),
        '\x7f' => Some('␡'),
        _ => None,
    }
}

/// Characters outside the control range that reorder or break a line (UAX #9, UAX #14), or that nobody sees. Joiners stay:
/// emoji and some scripts need them. Hangul fillers go: a title of them looks empty.
fn steers_or_hides(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Marks on one letter that are shown; more would pile up over the neighbouring lines.
const MAX_MARKS: usize = 4;

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::*;

    #[test]
    fn what_steers_a_terminal_is_spelled_out() {
        for (text, shown, why) in [
            ("\u{1b}[2J", "␛[2J", "ESC"),
            ("a\r\nb\tc", "a␍␊b␉c", "line ends and tab"),
            ("\u{7}\u{0}\u{8}\u{7f}", "␇␀␈␡", "BEL, NUL, BS, DEL"),
            ("\u{9b}31m", "\\u{9b}31m", "the C1 form of ESC ["),
            ("user\u{202e}gpj.exe", "user\\u{202e}gpj.exe", "a right-to-left override"),
            ("a\u{2066}b\u{2069}", "a\\u{2066}b\\u{2069}", "isolates"),
            ("a\u{2028}b", "a\\u{2028}b", "the line separator"),
            ("\u{3164}", "\\u{3164}", "a Hangul filler"),
        ] {
            assert_eq!(plain(text), shown, "{why}");
        }
    }

    #[test]
    fn honest_text_stays_as_it_is() {
        for text in [
            "가을 니트 기획전 — 10% 쿠폰",
            "日本語。",
            "👨\u{200d}👩\u{200d}👧",
            "é e\u{301}",
            "a\u{a0}b",
            "ᄒ\u{1161}ᆫ글",
        ] {
            assert_eq!(plain(text), text);
        }
    }

    #[test]
    fn marks_piled_on_one_letter_are_shown_up_to_four() {
        assert_eq!(plain(&format!("a{}b", "\u{301}".repeat(5))), format!("a{}\\u{{301}}b", "\u{301}".repeat(4)));
    }

    proptest! {
        #[test]
        fn nothing_that_steers_gets_through(text in any::<String>()) {
            let shown = plain(&text);
            assert!(!shown.chars().any(|c| c.is_control() || steers_or_hides(c)), "{shown:?}");
            assert_eq!(plain(&shown), shown, "harmless text must stay");
        }
    }
}
