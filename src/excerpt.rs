//! The parts of a page's source that a report talks about, line by line, to be shown beside it. Values in, values out;
//! what is worth showing is said by whoever asks.

use serde::Serialize;
use utoipa::ToSchema;

/// Bounds on an excerpt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Lines, or pieces of long lines, that are kept.
    pub lines: usize,
    /// Characters of one line that are kept.
    pub characters: usize,
}

/// A page's source, as far as a report talks about it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Excerpt {
    /// Lines of the whole source.
    pub total_lines: u32,
    /// True if lines or parts of lines are left out.
    pub truncated: bool,
    /// The lines that are shown, in order. A long line may give several pieces.
    pub lines: Vec<Line>,
}

/// One line of the source, or a piece of a long one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Line {
    /// Its number, from 1.
    pub number: u32,
    /// Column of its first character, in characters, from 1; more than 1 if its beginning is left out.
    pub column: u32,
    /// The text, without the end of line.
    pub text: String,
    /// True if the line goes on behind it.
    pub cut: bool,
}

/// Lines around a place that give it context.
const AROUND: u32 = 2;
/// Characters before a place in a long line that give it context.
const BEFORE: u32 = 40;

impl Excerpt {
    /// The lines of `text` around `places`, which are lines and columns from 1; all of it if it is short.
    pub fn of(text: &str, places: &[(u32, u32)], bounds: Bounds) -> Self {
        let mut places = places.to_vec();
        places.sort_unstable();
        places.dedup();
        let total = text.lines().count();
        let mut excerpt = Self { total_lines: count(total), truncated: false, lines: Vec::new() };
        let everything = total <= bounds.lines;
        for (number, line) in (1_u32..).zip(text.lines()) {
            // The places ascend: a source of a million lines must not be looked through for each of them.
            let ahead = |behind: u32| places.iter().skip(places.partition_point(move |(at, _)| *at < behind));
            let near = ahead(number.saturating_sub(AROUND)).next().is_some_and(|(at, _)| *at <= number + AROUND);
            if !everything && !near {
                excerpt.truncated = true;
                continue;
            }
            let columns = ahead(number).take_while(|(at, _)| *at == number).map(|(_, column)| *column);
            for piece in pieces(number, line, columns, bounds.characters) {
                if excerpt.lines.len() >= bounds.lines.max(1) {
                    excerpt.truncated = true;
                    return excerpt;
                }
                excerpt.truncated |= piece.cut || piece.column > 1;
                excerpt.lines.push(piece);
            }
        }
        excerpt
    }

    /// Bytes it takes in memory, roughly.
    pub fn weight(&self) -> usize {
        self.lines.iter().map(|line| line.text.len() + size_of::<Line>()).sum()
    }
}

/// A line as it is shown: whole, or its pieces around `columns`, which ascend.
fn pieces(number: u32, line: &str, columns: impl Iterator<Item = u32>, most: usize) -> Vec<Line> {
    let most = most.max(1);
    // Most lines are short, and their bytes bound their characters.
    if line.len() <= most {
        return vec![Line { number, column: 1, text: line.to_owned(), cut: false }];
    }
    let mut starts: Vec<u32> = Vec::new();
    let reach = count(most) / 2;
    for column in columns {
        if starts.last().is_none_or(|start| column > start + reach) {
            starts.push(column.saturating_sub(BEFORE.min(reach / 2)).max(1));
        }
    }
    if starts.is_empty() {
        starts.push(1);
    }
    let mut pieces = Vec::with_capacity(starts.len());
    let mut rest = line;
    let mut at = 1_u32;
    for start in starts {
        // A piece never goes back into the one before it.
        let skipped = usize::try_from(start.saturating_sub(at)).unwrap_or(usize::MAX);
        at = at.max(start);
        rest = behind(rest, skipped);
        if rest.is_empty() {
            break;
        }
        let tail = behind(rest, most);
        let text = rest.strip_suffix(tail).unwrap_or(rest).to_owned();
        let taken = count(text.chars().count());
        pieces.push(Line { number, column: at, text, cut: !tail.is_empty() });
        (rest, at) = (tail, at + taken);
    }
    pieces
}

/// What is left of `text` behind its first `characters`.
fn behind(text: &str, characters: usize) -> &str {
    let at = text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at);
    text.get(at..).unwrap_or_default()
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BOUNDS: Bounds = Bounds { lines: 10, characters: 100 };

    fn numbers(excerpt: &Excerpt) -> Vec<u32> {
        excerpt.lines.iter().map(|line| line.number).collect()
    }

    #[test]
    fn a_short_page_is_shown_whole() {
        let excerpt = Excerpt::of("a\r\nb\n\nc", &[], BOUNDS);
        assert_eq!((excerpt.total_lines, excerpt.truncated), (4, false));
        assert_eq!(excerpt.lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>(), ["a", "b", "", "c"]);
    }

    #[test]
    fn a_long_page_is_shown_around_its_places() {
        let text = "x\n".repeat(100);
        let excerpt = Excerpt::of(&text, &[(50, 1), (2, 1)], BOUNDS);
        assert_eq!(numbers(&excerpt), [1, 2, 3, 4, 48, 49, 50, 51, 52]);
        assert!(excerpt.truncated);
    }

    #[test]
    fn a_long_line_is_shown_around_its_places() {
        let line = format!("{}<meta>{}<title>{}", "가".repeat(500), "나".repeat(500), "다".repeat(500));
        let excerpt = Excerpt::of(&line, &[(1, 501), (1, 1007)], BOUNDS);
        let found: Vec<_> =
            excerpt.lines.iter().map(|line| (line.column, line.text.chars().count(), line.cut)).collect();
        assert_eq!(found, [(476, 100, true), (982, 100, true)]);
        for (piece, tag, column) in [(0, "<meta>", 501), (1, "<title>", 1007)] {
            let line = &excerpt.lines[piece];
            let before = line.text.split(tag).next().unwrap().chars().count();
            assert_eq!(usize::try_from(line.column).unwrap() + before, column, "{tag}");
        }
    }

    proptest! {
        #[test]
        fn any_source_gives_a_bounded_excerpt_whose_pieces_are_where_they_say(
            lines in prop::collection::vec("[a가\u{1F469}\t<>]{0,300}", 0..30),
            places in prop::collection::vec((1_u32..40, 1_u32..400), 0..12),
        ) {
            let text = lines.join("\n");
            let excerpt = Excerpt::of(&text, &places, BOUNDS);
            prop_assert!(excerpt.lines.len() <= BOUNDS.lines);
            for piece in &excerpt.lines {
                let line = text.lines().nth(piece.number as usize - 1).unwrap();
                let expected: String = line.chars().skip(piece.column as usize - 1).take(piece.text.chars().count()).collect();
                prop_assert_eq!(&piece.text, &expected);
                prop_assert!(piece.text.chars().count() <= BOUNDS.characters);
            }
        }
    }
}
