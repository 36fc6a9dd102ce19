//! A site's text as a chat would show it: one line of visible characters in their own order. Not the text the card reports, which stays
//! as the site wrote it.

use unicode_segmentation::UnicodeSegmentation as _;

use super::jamo;
use crate::preview::metrics::TextBounds;

const ZERO_WIDTH_JOINER: char = '\u{200D}';

/// Makes text fit to draw.
///
/// - Runs of white space (Unicode's `White_Space`, so line breaks too, and the Hangul fillers, which look like it) become one space; none
///   is left at the ends.
/// - Control characters, characters that turn the direction of what follows (UAX #9, 2.1 to 2.6), noncharacters and invisible characters
///   go. Joiners stay where they join: inside emoji, Persian and Indic words.
/// - More combining marks on one letter than `bounds.marks` go, and so does the end of a grapheme longer than
///   `bounds.grapheme_characters`.
/// - Conjoining jamo become syllables.
/// - What follows `bounds.graphemes` graphemes, or `bounds.characters` characters, goes.
pub(in crate::preview) fn clean(text: &str, bounds: &TextBounds) -> String {
    let visible = visible(text, bounds.characters);
    let mut cleaned = String::with_capacity(visible.len());
    for grapheme in visible.graphemes(true).take(bounds.graphemes) {
        push_bounded(&mut cleaned, grapheme, bounds);
    }
    cleaned.truncate(cleaned.trim_end_matches([' ', ZERO_WIDTH_JOINER]).len());
    cleaned
}

/// The characters that are seen, with single spaces between.
fn visible(text: &str, limit: usize) -> String {
    let mut kept = String::with_capacity(text.len().min(limit * 4));
    let mut space = false;
    let mut last = None;
    for character in text.chars().take(limit) {
        if is_blank(character) {
            space = last.is_some();
            continue;
        }
        if is_unseen(character) || (character == ZERO_WIDTH_JOINER && (space || last.is_none())) {
            continue;
        }
        if let Some(syllable) = last.filter(|_| !space).and_then(|first| jamo::compose(first, character)) {
            kept.pop();
            kept.push(syllable);
            last = Some(syllable);
            continue;
        }
        if std::mem::take(&mut space) {
            kept.push(' ');
        }
        kept.push(character);
        last = Some(character);
    }
    kept
}

/// Adds a grapheme without the marks and characters beyond its bounds.
fn push_bounded(cleaned: &mut String, grapheme: &str, bounds: &TextBounds) {
    let mut marks = 0;
    let mut flag = false;
    for character in grapheme.chars().take(bounds.grapheme_characters) {
        flag |= character == '\u{1F3F4}';
        if is_tag(character) {
            // Tags are seen only as part of a flag (UTS #51, 3.6).
            if flag {
                cleaned.push(character);
            }
            continue;
        }
        marks = if is_mark(character) { marks + 1 } else { 0 };
        if marks <= bounds.marks {
            cleaned.push(character);
        }
    }
}

/// White space, and letters that are drawn as white space.
fn is_blank(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{3164}' | '\u{FFA0}' | '\u{2800}')
}

/// Characters that are not seen, or that rearrange the others.
fn is_unseen(character: char) -> bool {
    let code = u32::from(character);
    character.is_control()
        || code & 0xFFFE == 0xFFFE
        || matches!(
            character,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FDD0}'..='\u{FDEF}'
            | '\u{FE00}'..='\u{FE0D}' | '\u{FEFF}' | '\u{FFF0}'..='\u{FFFB}' | '\u{13430}'..='\u{1345F}' | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E001F}' | '\u{E0080}'..='\u{E0FFF}'
        )
}

fn is_tag(character: char) -> bool {
    matches!(character, '\u{E0020}'..='\u{E007F}')
}

/// True for what never stands alone: a combining mark, an emoji's skin tone, a variation selector. Jamo and joiners do not count.
fn is_mark(character: char) -> bool {
    if character.is_ascii() || character == ZERO_WIDTH_JOINER {
        return false;
    }
    let mut pair = [0; 5];
    pair[0] = b'a';
    let length = pair.get_mut(1..).map_or(0, |rest| character.encode_utf8(rest).len());
    let pair = pair.get(..=length).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
    pair.graphemes(true).count() == 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::preview::metrics::Metrics;

    fn cleaned(text: &str) -> String {
        clean(text, &Metrics::embedded().unwrap().text)
    }

    #[test]
    fn white_space_of_any_kind_becomes_one_space() {
        assert_eq!(cleaned(" \t가 \r\n\u{2028} 나\u{3000}\u{A0}다\u{3164}라 \n"), "가 나 다 라");
        assert_eq!(cleaned(" \n\u{3164}"), "");
    }

    #[test]
    fn what_is_not_seen_or_turns_the_text_round_goes() {
        assert_eq!(cleaned("a\u{0}\u{7}b\u{202E}c\u{2066}d\u{2069}\u{200B}e\u{FEFF}f\u{AD}g\u{E0041}"), "abcdefg");
    }

    #[test]
    fn emoji_keep_their_joiners_selectors_tones_and_tags() {
        let emoji = "👨\u{200D}👩\u{200D}👧\u{200D}👦 ❤\u{FE0F} 1\u{FE0F}\u{20E3} 👍🏽 🇰🇷 🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}";
        assert_eq!(cleaned(emoji), emoji);
        assert_eq!(cleaned("\u{200D}a \u{200D}b\u{200D}"), "a b");
    }

    #[test]
    fn heaps_of_marks_are_levelled_and_honest_marks_stay() {
        let heap = format!("a{}b", "\u{301}".repeat(100));
        assert_eq!(cleaned(&heap), format!("a{}b", "\u{301}".repeat(4)));
        assert_eq!(cleaned("Vie\u{323}\u{302}t"), "Vie\u{323}\u{302}t");
    }

    #[test]
    fn jamo_become_syllables() {
        assert_eq!(cleaned("\u{1112}\u{1161}\u{11AB}\u{1100}\u{1173}\u{11AF} ㅋㅋ"), "한글 ㅋㅋ");
    }

    #[test]
    fn only_so_much_is_looked_at() {
        assert_eq!(cleaned(&"가".repeat(5000)).chars().count(), 1000);
        assert!(cleaned(&"👩\u{200D}".repeat(5000)).chars().count() <= 16);
    }

    proptest! {
        #[test]
        fn any_text_becomes_one_line_without_double_spaces(text in any::<String>()) {
            let cleaned = cleaned(&text);
            prop_assert!(!cleaned.contains("  ") && cleaned.trim() == cleaned);
            prop_assert!(!cleaned.chars().any(|character| character.is_control() || is_unseen(character)));
        }
    }
}
