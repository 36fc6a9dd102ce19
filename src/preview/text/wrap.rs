//! Text broken into lines and clipped, as a chat does it: between words and between Korean syllables (UAX #14, the default of Android's
//! and Apple's text views), inside a word only if the word alone is too long for a line, never inside what a reader calls a letter.

use unicode_bidi::Direction;
use unicode_linebreak::linebreaks;
use unicode_segmentation::UnicodeSegmentation as _;

use super::shape::{Piece, Shaper};

const ELLIPSIS: &str = "…";
/// Pixels by which rounding may make a line wider than its room.
const TOLERANCE: f32 = 0.01;
/// Pixels of room given up at a time when a line, shaped alone, comes out wider than it was in its paragraph.
const STEP: f32 = 2.0;

/// A text in lines.
#[derive(Debug, Clone, Default)]
pub(in crate::preview) struct Fitted {
    /// Each line's text and glyphs, from the top. The space a line breaks at belongs to no line.
    pub(in crate::preview) lines: Vec<(String, Piece)>,
    /// True if the text runs from right to left.
    pub(in crate::preview) rtl: bool,
    /// True if text is missing at the end, which then is `…`.
    pub(in crate::preview) clipped: bool,
}

/// Breaks `text`, as [`clean`](super::clean) leaves it, into at most `most` lines of `room` pixels.
/// The direction is that of the first character that has one (UAX #9, P2), unless `ltr` says that it is from left to right.
pub(in crate::preview) fn wrap(text: &str, shaper: Shaper<'_>, room: f32, most: usize, ltr: bool) -> Fitted {
    let rtl = !ltr && unicode_bidi::get_base_direction(text) == Direction::Rtl;
    let mut fitted = Fitted { rtl, ..Fitted::default() };
    let paragraph = Paragraph::new(text, shaper, rtl);
    let mut start = 0;
    while start < paragraph.count() && fitted.lines.len() < most {
        let last = fitted.lines.len() + 1 == most;
        let (line, piece, end) = paragraph.line(start, room, last);
        fitted.clipped |= end < paragraph.count() && last;
        fitted.lines.push((line, piece));
        start = end;
    }
    fitted
}

/// A text measured once, so that breaking it costs no more shaping than its lines.
struct Paragraph<'a> {
    text: &'a str,
    shaper: Shaper<'a>,
    rtl: bool,
    /// Byte at which each grapheme begins, and the end.
    edges: Vec<usize>,
    /// Width of all graphemes before each edge, in pixels.
    widths: Vec<f32>,
    /// For each edge, true if a line may break there.
    breaks: Vec<bool>,
}

impl<'a> Paragraph<'a> {
    fn new(text: &'a str, shaper: Shaper<'a>, rtl: bool) -> Self {
        let edges: Vec<usize> = text.grapheme_indices(true).map(|(at, _)| at).chain([text.len()]).collect();
        let grapheme_at = |byte: usize| edges.partition_point(|&edge| edge <= byte).saturating_sub(1);
        let mut widths = vec![0.0_f32; edges.len()];
        for glyph in shaper.shape(text, rtl).parts.iter().flat_map(|part| &part.glyphs) {
            if let Some(width) = widths.get_mut(grapheme_at(glyph.at) + 1) {
                *width += glyph.advance;
            }
        }
        let mut sum = 0.0;
        for width in &mut widths {
            sum += *width;
            *width = sum;
        }
        let mut breaks = vec![false; edges.len()];
        for (byte, _) in linebreaks(text) {
            if let Ok(edge) = edges.binary_search(&byte)
                && let Some(allowed) = breaks.get_mut(edge)
            {
                *allowed = true;
            }
        }
        Self { text, shaper, rtl, edges, widths, breaks }
    }

    /// Number of graphemes.
    fn count(&self) -> usize {
        self.edges.len() - 1
    }

    /// The line that begins at grapheme `start`: its text, its glyphs, and the grapheme the next line begins at. The `last` line ends
    /// with `…` if the text does not.
    fn line(&self, start: usize, room: f32, last: bool) -> (String, Piece, usize) {
        let mut limit = room;
        loop {
            let (line, end) = self.attempt(start, limit, last);
            let piece = self.shaper.shape(&line, self.rtl);
            // A line of one grapheme cannot be shorter; `clean` keeps graphemes far narrower than a bubble.
            if piece.width <= room + TOLERANCE || end <= start + 1 && !last || limit < 0.0 {
                return (line, piece, end);
            }
            limit -= STEP.max(piece.width - room);
        }
    }

    fn attempt(&self, start: usize, limit: f32, last: bool) -> (String, usize) {
        let count = self.count();
        let reach = self.reach(start, limit);
        if reach == count {
            return (self.slice(start, count).to_owned(), count);
        }
        if last {
            let dots = self.shaper.shape(ELLIPSIS, self.rtl).width;
            let end = self.reach(start, limit - dots);
            return (format!("{}{ELLIPSIS}", self.slice(start, end).trim_end()), end);
        }
        // The space after a word may hang over the edge: it is not drawn.
        let hanging = if self.slice(reach, reach + 1) == " " { reach + 1 } else { reach };
        let end = (start + 1..=hanging).rev().find(|&edge| self.breaks.get(edge) == Some(&true));
        let end = end.unwrap_or_else(|| reach.max(start + 1));
        let line = self.slice(start, end).trim_end().to_owned();
        // A word cut because it is too long may end right before a space, which must not begin the next line.
        (line, if self.slice(end, end + 1) == " " { end + 1 } else { end })
    }

    /// The last edge that is no further than `limit` pixels from the edge `start`.
    fn reach(&self, start: usize, limit: f32) -> usize {
        let from = self.widths.get(start).copied().unwrap_or_default();
        let within = self.widths.partition_point(|&width| width - from <= limit + TOLERANCE);
        within.saturating_sub(1).clamp(start, self.count())
    }

    fn slice(&self, start: usize, end: usize) -> &'a str {
        let edge = |number: usize| self.edges.get(number).copied().unwrap_or(self.text.len());
        self.text.get(edge(start)..edge(end)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;
    use crate::preview::{Fonts, Metrics, Width, text::clean};

    static FONTS: LazyLock<Fonts> = LazyLock::new(|| Fonts::embedded().unwrap());
    static METRICS: LazyLock<Metrics> = LazyLock::new(|| Metrics::embedded().unwrap());
    const ROOM: f32 = 244.0;

    fn fitted(text: &str, room: f32, most: usize) -> Fitted {
        let shaper = Shaper::new(&FONTS, METRICS.measures(Width::Phone).title);
        wrap(text, shaper, room, most, false)
    }

    fn lines(text: &str, most: usize) -> Vec<String> {
        fitted(text, ROOM, most).lines.into_iter().map(|(line, _)| line).collect()
    }

    #[test]
    fn words_stay_whole_and_korean_breaks_between_syllables() {
        let [first, second] = lines("scraplens looks at pages just as the scraper does", 2).try_into().unwrap();
        assert!(!first.ends_with(' ') && !second.starts_with(' '));
        assert_eq!(format!("{first} {second}"), "scraplens looks at pages just as the scraper does");
        let korean = "가나다라마바사아자차카타파하가나다라마바사아자차카타파하";
        assert_eq!(lines(korean, 3).concat(), korean);
        assert!(lines(korean, 3)[0].chars().count() >= 17, "a line is filled although the word is longer");
    }

    #[test]
    fn punctuation_does_not_begin_a_line_or_end_one_that_it_opens() {
        for fill in 12..24 {
            let text = format!("{}, “나나” (다다) 라라라라라라라라라라라", "가".repeat(fill));
            for line in lines(&text, 4).iter().skip(1) {
                assert!(!line.starts_with([',', '”', ')']), "{line}");
            }
            for line in lines(&text, 4) {
                assert!(!line.ends_with(['“', '(']), "{line}");
            }
        }
    }

    #[test]
    fn a_word_longer_than_a_line_is_cut_and_the_last_line_says_so() {
        let lines = lines(&"a".repeat(200), 2);
        assert!(lines[0].chars().all(|letter| letter == 'a') && lines[0].len() > 20);
        assert!(lines[1].ends_with("a…"));
    }

    #[test]
    fn emoji_flags_and_marks_are_never_cut() {
        for unit in ["👨\u{200D}👩\u{200D}👧\u{200D}👦", "🇰🇷", "👍🏽", "1\u{FE0F}\u{20E3}", "e\u{301}\u{323}", "각"]
        {
            for line in lines(&unit.repeat(60), 2) {
                assert_eq!(line.trim_end_matches('…').replace(unit, ""), "", "{unit}");
            }
        }
    }

    #[test]
    fn the_first_letter_with_a_direction_decides() {
        for (text, rtl) in [("abc שלום", false), ("123 שלום abc", true), ("مرحبا", true), ("123", false), ("", false)]
        {
            assert_eq!(fitted(text, ROOM, 2).rtl, rtl, "{text}");
        }
    }

    #[test]
    fn a_room_too_narrow_for_anything_still_ends() {
        assert_eq!(fitted("가나다", 1.0, 2).lines.len(), 2);
        assert!(fitted("가나다", -5.0, 1).lines.len() <= 1);
        assert!(fitted("", ROOM, 2).lines.is_empty());
    }

    /// Strings as sites write them, and worse: every script, emoji, joiners, marks, long words.
    fn any_text() -> impl Strategy<Value = String> {
        let unit = prop_oneof![
            any::<char>().prop_map(String::from),
            "[가-힣]{1,8}",
            "[a-zA-Z0-9]{1,12}",
            Just(" ".to_owned()),
            prop::sample::select(vec![
                "👨\u{200D}👩\u{200D}👧",
                "🇰🇷",
                "👍🏽",
                "\u{200D}",
                "\u{FE0F}",
                "\u{301}",
                "\u{1112}\u{1161}",
                "שלום",
                "مرحبا",
                "(",
                "”",
                "…",
                "ﷺ",
                "﷽",
                "क्षत्रिय",
                "สวัสดี",
                "\u{202E}",
                "lamالا",
            ])
            .prop_map(str::to_owned),
        ];
        prop::collection::vec(unit, 0..80).prop_map(|units| units.concat())
    }

    proptest! {
        #[test]
        fn any_text_fits_and_nothing_is_lost_or_cut_apart(text in any_text(), most in 1_usize..5) {
            let cleaned = clean(&text, &METRICS.text);
            let fitted = fitted(&cleaned, ROOM, most);
            prop_assert!(fitted.lines.len() <= most);
            let edges: Vec<usize> =
                cleaned.grapheme_indices(true).map(|(at, _)| at).chain([cleaned.len()]).collect();
            let mut at = 0;
            let count = fitted.lines.len();
            for (number, (line, piece)) in fitted.lines.iter().enumerate() {
                prop_assert!(piece.width <= ROOM + 0.1, "{line:?} is {} wide", piece.width);
                let clipped = fitted.clipped && number + 1 == count;
                let shown = if clipped { line.strip_suffix('…').unwrap() } else { line.as_str() };
                let rest = cleaned.get(at..).unwrap();
                at += rest.len() - rest.trim_start_matches(' ').len();
                prop_assert!(cleaned.get(at..).unwrap().starts_with(shown), "{shown:?} is not next in {cleaned:?}");
                prop_assert!(edges.binary_search(&at).is_ok());
                at += shown.len();
                prop_assert!(edges.binary_search(&at).is_ok());
            }
            prop_assert!(fitted.clipped || at == cleaned.len());
        }

        #[test]
        fn no_font_draws_its_own_mark_for_what_it_lacks(text in any::<String>()) {
            let cleaned = clean(&text, &METRICS.text);
            for (line, piece) in fitted(&cleaned, ROOM, 3).lines {
                prop_assert!(piece.parts.iter().flat_map(|part| &part.glyphs).all(|glyph| glyph.id != Some(0)));
                let sum: f32 = piece.parts.iter().flat_map(|part| &part.glyphs).map(|glyph| glyph.advance).sum();
                prop_assert!((sum - piece.width).abs() < 0.01, "{line}");
            }
        }
    }
}
