//! Text for a terminal, made harmless, measured in columns, wrapped and cut. It writes nothing.

use anstyle::Style;
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::cli::style::{BOLD, DIM, INK, plain};

/// A run of harmless text in one style.
#[derive(Debug, Clone)]
pub(in crate::cli) struct Span {
    text: String,
    style: Style,
}

impl Span {
    /// Text from anywhere, made harmless.
    pub fn new(style: Style, text: impl AsRef<str>) -> Self {
        Self { text: plain(text.as_ref()), style }
    }

    /// Ordinary text.
    pub fn ink(text: impl AsRef<str>) -> Self {
        Self::new(INK, text)
    }

    /// What is met in passing.
    pub fn dim(text: impl AsRef<str>) -> Self {
        Self::new(DIM, text)
    }

    /// What catches the eye.
    pub fn bold(text: impl AsRef<str>) -> Self {
        Self::new(BOLD, text)
    }

    /// Blank columns.
    pub fn blank(columns: usize) -> Self {
        Self { text: " ".repeat(columns), style: INK }
    }

    /// True if there is nothing to see.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Columns it takes.
    pub fn columns(&self) -> usize {
        width_of(&self.text)
    }

    /// The same text in a column of at least `columns`.
    pub fn padded(mut self, columns: usize) -> Self {
        let missing = columns.saturating_sub(width_of(&self.text));
        self.text.push_str(&" ".repeat(missing));
        self
    }

    /// The same text in at most `columns`: an address cut in the middle, other text at its end.
    pub fn cut(self, columns: usize) -> Self {
        let spans = [self];
        let whole = cells(&spans);
        let cut = if is_address(&whole) { cut_middle(&whole, columns) } else { cut_end(&whole, columns) };
        let text = cut.iter().map(|cell| cell.text).collect();
        let [Self { style, .. }] = spans;
        Self { text, style }
    }
}

/// Columns a harmless text takes.
pub(in crate::cli) fn width_of(text: &str) -> usize {
    text.graphemes(true).flat_map(clusters).map(|(_, width)| width).sum()
}

/// One character as a reader sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell<'a> {
    pub text: &'a str,
    width: usize,
    pub style: Style,
}

const ELLIPSIS: &str = "…";

impl Cell<'_> {
    pub fn is_space(&self) -> bool {
        self.text.chars().all(|c| c.is_whitespace() && c != '\u{a0}')
    }

    /// Han, kana, emoji: a line may end on either side. Hangul is written in words, so it wraps like Latin.
    fn stands_alone(&self) -> bool {
        self.width == 2
            && !self.text.starts_with(
                |c| matches!(c, '\u{1100}'..='\u{11ff}' | '\u{a960}'..='\u{a97f}' | '\u{ac00}'..='\u{d7ff}'),
            )
    }
}

pub(super) fn cells(spans: &[Span]) -> Vec<Cell<'_>> {
    spans
        .iter()
        .flat_map(|span| {
            span.text.graphemes(true).flat_map(clusters).map(|(text, width)| Cell { text, width, style: span.style })
        })
        .collect()
}

/// A grapheme cluster with its columns. One that is longer than any letter or emoji is taken apart: Unicode lets a cluster
/// grow without bound, and terminals do not agree on such.
fn clusters(grapheme: &str) -> Vec<(&str, usize)> {
    let width = grapheme.width();
    if width <= 2 && grapheme.chars().count() <= MAX_CLUSTER {
        return vec![(grapheme, width)];
    }
    let split = |(start, c): (usize, char)| Some((grapheme.get(start..start + c.len_utf8())?, c.width().unwrap_or(0)));
    grapheme.char_indices().filter_map(split).collect()
}

/// A family of four with skin tones has eleven characters.
const MAX_CLUSTER: usize = 16;

pub(super) fn width(cells: &[Cell<'_>]) -> usize {
    cells.iter().map(|cell| cell.width).sum()
}

/// As many cells as fit, and an ellipsis if that is not all.
pub(super) fn cut_end<'a>(cells: &[Cell<'a>], columns: usize) -> Vec<Cell<'a>> {
    if width(cells) <= columns {
        return cells.to_vec();
    }
    let mut kept = fitting(cells.iter(), columns.saturating_sub(1));
    push_ellipsis(&mut kept, cells, columns);
    kept
}

/// The start and the end with an ellipsis between: of a URL, the host and the file are what a reader looks for.
pub(super) fn cut_middle<'a>(cells: &[Cell<'a>], columns: usize) -> Vec<Cell<'a>> {
    if width(cells) <= columns {
        return cells.to_vec();
    }
    let room = columns.saturating_sub(1);
    let mut tail = fitting(cells.iter().rev(), room * 2 / 5);
    tail.reverse();
    let mut kept = fitting(cells.iter(), room - width(&tail));
    push_ellipsis(&mut kept, cells, columns);
    kept.append(&mut tail);
    kept
}

fn fitting<'a: 'b, 'b>(cells: impl Iterator<Item = &'b Cell<'a>>, columns: usize) -> Vec<Cell<'a>> {
    let mut left = columns;
    cells
        .map_while(|cell| {
            left = left.checked_sub(cell.width)?;
            Some(*cell)
        })
        .collect()
}

fn push_ellipsis<'a>(kept: &mut Vec<Cell<'a>>, all: &[Cell<'a>], columns: usize) {
    if columns > 0 {
        let style = kept.last().or(all.first()).map_or(INK, |cell| cell.style);
        kept.push(Cell { text: ELLIPSIS, width: 1, style });
    }
}

/// What to do with a word that is longer than a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Long {
    /// Go on in the next line, as a message bubble does.
    Break,
    /// Cut it in the middle, unless it is of a script that breaks anywhere.
    Cut,
}

/// Breaks text at spaces into rows, the first of `first` columns, the others of `rest`.
pub(super) fn wrap<'a>(text: &[Cell<'a>], first: usize, rest: usize, long: Long) -> Vec<Vec<Cell<'a>>> {
    let mut rows: Vec<Vec<Cell<'a>>> = Vec::new();
    let mut row: Vec<Cell<'a>> = Vec::new();
    let mut space: &[Cell<'a>] = &[];
    for word in words(text) {
        if word.iter().all(Cell::is_space) {
            space = word;
            continue;
        }
        let room = if rows.is_empty() { first } else { rest };
        if width(&row) + width(space) + width(word) <= room {
            row.extend_from_slice(space);
            row.extend_from_slice(word);
        } else if width(word) <= rest {
            rows.push(std::mem::replace(&mut row, word.to_vec()));
        } else if long == Long::Cut && (is_address(word) || word.iter().all(|cell| cell.width == 1)) {
            if !row.is_empty() {
                rows.push(std::mem::take(&mut row));
            }
            let room = if rows.is_empty() { first } else { rest };
            row = cut_middle(word, room);
        } else {
            if width(&row) + width(space) < room {
                row.extend_from_slice(space);
            }
            for cell in word {
                let room = if rows.is_empty() { first } else { rest };
                if width(&row) + cell.width > room && !row.is_empty() {
                    rows.push(std::mem::take(&mut row));
                }
                row.push(*cell);
            }
        }
        space = &[];
    }
    rows.push(row);
    rows
}

/// Text that says little when broken and enough when cut: its start and its end are what a reader looks for.
fn is_address(cells: &[Cell<'_>]) -> bool {
    let text: String = cells.iter().map(|cell| cell.text).collect();
    text.contains("://") && !cells.iter().any(Cell::is_space)
}

/// The text in turns of spaces and words.
fn words<'b, 'a>(text: &'b [Cell<'a>]) -> impl Iterator<Item = &'b [Cell<'a>]> {
    text.chunk_by(|left, right| left.is_space() == right.is_space() && !left.stands_alone() && !right.stands_alone())
}

/// At most `lines` rows; the last ends in an ellipsis if there were more.
pub(super) fn shortened(mut rows: Vec<Vec<Cell<'_>>>, lines: usize, columns: usize) -> Vec<Vec<Cell<'_>>> {
    if rows.len() > lines {
        rows.truncate(lines);
        if let Some(last) = rows.last_mut() {
            let mut kept = fitting(last.iter(), columns.saturating_sub(1));
            push_ellipsis(&mut kept, last, columns);
            *last = kept;
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::*;

    fn rows(text: &str, first: usize, rest: usize, long: Long) -> Vec<String> {
        let spans = [Span::ink(text)];
        wrap(&cells(&spans), first, rest, long).iter().map(|row| row.iter().map(|cell| cell.text).collect()).collect()
    }

    #[test]
    fn text_wraps_at_spaces_and_hangul_takes_two_columns() {
        for (text, columns, expected, why) in [
            ("one two three", 7, &["one two", "three"][..], "spaces at the break are dropped"),
            ("가나 다라 마바", 9, &["가나 다라", "마바"], "two words of two syllables are nine columns"),
            ("가나다라마바", 5, &["가나", "다라", "마바"], "a word longer than the line is broken between syllables"),
            ("漢字仮名 ab", 6, &["漢字仮", "名 ab"], "Han and kana may break anywhere"),
            ("a  b", 10, &["a  b"], "inner spaces stay"),
            ("", 10, &[""], "nothing is one empty row"),
            ("e\u{301}e\u{301} x", 3, &["e\u{301}e\u{301}", "x"], "a letter with a mark is one column"),
        ] {
            assert_eq!(rows(text, columns, columns, Long::Break), expected, "{why}");
        }
    }

    #[test]
    fn the_first_row_may_have_less_room() {
        assert_eq!(rows("one two three", 3, 9, Long::Cut), ["one", "two three"]);
    }

    #[test]
    fn a_long_address_is_cut_in_the_middle_and_long_hangul_is_broken() {
        assert_eq!(rows("see https://example.com/a/b/c/d.jpg", 14, 14, Long::Cut), ["see", "https://…d.jpg"]);
        assert_eq!(rows("가나다라", 4, 4, Long::Cut), ["가나", "다라"]);
    }

    #[test]
    fn a_family_of_emoji_is_one_character_of_two_columns() {
        assert_eq!(width_of("👨\u{200d}👩\u{200d}👧\u{200d}👦"), 2);
    }

    #[test]
    fn a_cluster_without_bound_is_taken_apart() {
        let text = "\u{1100}".repeat(40); // leading consonants: Unicode says one cluster, eighty columns
        assert_eq!(rows(&text, 40, 40, Long::Break).len(), 2);
    }

    #[test]
    fn cut_text_ends_in_an_ellipsis_and_fits() {
        assert_eq!(Span::ink("가나다라").cut(5).text, "가나…");
        assert_eq!(Span::ink("가나다라").cut(8).text, "가나다라");
        assert_eq!(Span::ink("https://example.com/a/b/c/d.jpg").cut(14).text, "https://…d.jpg");
        assert_eq!(Span::ink("see https://example.com/").cut(8).text, "see htt…");
        assert_eq!(Span::ink("abc").cut(0).text, "");
    }

    proptest! {
        #[test]
        fn no_row_is_wider_than_its_room(text in any::<String>(), columns in 2_usize..60) {
            for long in [Long::Break, Long::Cut] {
                for row in rows(&text, columns, columns, long) {
                    assert!(width_of(&row) <= columns && row.width() <= columns, "{row:?}");
                }
            }
        }

        #[test]
        fn wrapping_loses_nothing_but_spaces(text in "[a-z가-힣 ]{0,80}", columns in 2_usize..30) {
            let visible = |text: &str| text.chars().filter(|c| *c != ' ').collect::<String>();
            assert_eq!(visible(&rows(&text, columns, columns, Long::Break).concat()), visible(&text));
        }
    }
}
