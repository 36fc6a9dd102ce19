//! Conjoining jamo made into syllables, as Unicode composes them (The Unicode Standard, 3.12, "Hangul Syllable Composition").
//! File names from a Mac arrive as jamo; the fonts have syllables. Jamo that make no modern syllable stay as they are.

const LEADING: u32 = 0x1100;
const VOWEL: u32 = 0x1161;
const TRAILING: u32 = 0x11A7;
const SYLLABLE: u32 = 0xAC00;
const LEADINGS: u32 = 19;
const VOWELS: u32 = 21;
const TRAILINGS: u32 = 28;

/// The one character that `first` and `second` make, if they make one.
pub(super) fn compose(first: char, second: char) -> Option<char> {
    let (first, second) = (u32::from(first), u32::from(second));
    let place = |code: u32, base: u32, count: u32| code.checked_sub(base).filter(|&place| place < count);
    if let (Some(leading), Some(vowel)) = (place(first, LEADING, LEADINGS), place(second, VOWEL, VOWELS)) {
        return char::from_u32(SYLLABLE + (leading * VOWELS + vowel) * TRAILINGS);
    }
    let open = place(first, SYLLABLE, LEADINGS * VOWELS * TRAILINGS)? % TRAILINGS == 0;
    let trailing = place(second, TRAILING, TRAILINGS).filter(|&place| place > 0)?;
    open.then(|| char::from_u32(first + trailing)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jamo_of_a_modern_syllable_become_it_and_others_do_not() {
        assert_eq!(compose('\u{1112}', '\u{1161}'), Some('하'));
        assert_eq!(compose('하', '\u{11AB}'), Some('한'));
        assert_eq!(compose('\u{1112}', '\u{1175}'), Some('히'));
        assert_eq!(compose('히', '\u{11C2}'), Some('힣'));
        for (first, second) in
            [('한', '\u{11AB}'), ('하', '\u{11A7}'), ('\u{1113}', '\u{1161}'), ('ㅎ', 'ㅏ'), ('a', '\u{1161}')]
        {
            assert_eq!(compose(first, second), None, "{first} {second}");
        }
    }
}
