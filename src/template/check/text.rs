//! Lengths of texts.
//!
//! Kakao's limits are in 자, characters, and its pages do not say what an emoji or a decomposed syllable counts. Here a character is
//! what a reader sees as one (a grapheme cluster, UAX #29): a limit on what is shown is about what is seen. Java and JavaScript count
//! UTF-16 units, of which a penguin has two and a family eleven; where only that count passes the limit, it is told for information,
//! for nobody outside has measured which of the two Kakao takes.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::judge::Judge;

/// A text: required ones are to say something.
pub(super) fn plain(judge: &mut Judge<'_>, path: &str, text: &str, required: bool) {
    if required && text.trim().is_empty() {
        judge.tell("text-empty", path, &[]);
    }
}

/// A text with a limit.
pub(super) fn short(judge: &mut Judge<'_>, path: &str, text: &str, longest: usize, code: &'static str) {
    if judge.open(text) {
        return;
    }
    let characters = characters(text);
    if characters > longest {
        judge.measure(code, path, characters, longest, &[]);
        return;
    }
    let units = text.encode_utf16().count();
    if units > longest {
        judge.measure("length-depends", path, units, longest, &[("characters", &characters.to_string())]);
    }
}

/// A text that is shown on so many lines: an estimate, since widths are the font's.
pub(super) fn lines(judge: &mut Judge<'_>, path: &str, text: &str, columns: usize, most: usize) {
    if judge.open(text) {
        return;
    }
    let lines: usize = text.trim().lines().map(|line| line.width().div_ceil(columns).max(1)).sum();
    if lines > most {
        judge.measure("text-lines", path, lines, most, &[]);
    }
}

/// Characters as a reader counts them.
pub(super) fn characters(text: &str) -> usize {
    text.graphemes(true).count()
}

/// Narrow characters on a line of a bubble: 17 Hangul syllables at 15 px on 258 px.
pub(super) const LINE: usize = 34;
/// The same beside the picture of a list's item.
pub(super) const ITEM_LINE: usize = 24;
