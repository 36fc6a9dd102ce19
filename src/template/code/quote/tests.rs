//! Literals read back as each language reads them.

use std::process::Command;

use proptest::prelude::*;

use super::*;

/// Reads a literal the way Kotlin, Swift and Dart do; an unescaped `interpolation` or quote inside is a failure.
fn read_back(literal: &str, quote: char, interpolation: Option<char>) -> Option<String> {
    let inside = literal.strip_prefix(quote)?.strip_suffix(quote)?;
    let mut units = Vec::new();
    let mut characters = inside.chars();
    while let Some(character) = characters.next() {
        if character == quote || Some(character) == interpolation || character == '\n' || character == '\r' {
            return None;
        }
        if character != '\\' {
            units.extend_from_slice(character.encode_utf16(&mut [0; 2]));
            continue;
        }
        let escape = characters.next()?;
        match escape {
            'n' => units.push(10),
            'r' => units.push(13),
            't' => units.push(9),
            'u' => {
                let rest = characters.as_str();
                if let Some(braced) = rest.strip_prefix('{') {
                    let (digits, after) = braced.split_once('}')?;
                    let code = char::from_u32(u32::from_str_radix(digits, 16).ok()?)?;
                    units.extend_from_slice(code.encode_utf16(&mut [0; 2]));
                    characters = after.chars();
                } else {
                    units.push(u16::from_str_radix(rest.get(..4)?, 16).ok()?);
                    characters = rest.get(4..)?.chars();
                }
            }
            // Swift's `\(` begins an interpolation.
            '\\' | '"' | '\'' | '$' => units.extend_from_slice(escape.encode_utf16(&mut [0; 2])),
            _ => return None,
        }
    }
    String::from_utf16(&units).ok()
}

fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("${x}".to_owned()),
        Just("$x".to_owned()),
        Just("\\(x)".to_owned()),
        Just("\\".to_owned()),
        Just("\"".to_owned()),
        Just("'".to_owned()),
        Just("</script>".to_owned()),
        Just("\u{202e}".to_owned()),
        Just("\u{2028}".to_owned()),
        Just("\n\r\t\u{0}\u{7f}\u{85}".to_owned()),
        Just("가😀".to_owned()),
        any::<String>(),
    ];
    proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn a_literal_means_the_text_in_every_language(text in hostile()) {
        let json: String = serde_json::from_str(&javascript(&text)).unwrap();
        prop_assert_eq!(&json, &text);
        prop_assert_eq!(read_back(&kotlin(&text), '"', Some('$')), Some(text.clone()));
        prop_assert_eq!(read_back(&swift(&text), '"', None), Some(text.clone()));
        prop_assert_eq!(read_back(&dart(&text), '\'', Some('$')), Some(text.clone()));
        for literal in [javascript(&text), kotlin(&text), swift(&text), dart(&text)] {
            prop_assert!(!literal.chars().any(is_hidden), "{literal:?}");
        }
        prop_assert!(!javascript(&text).contains("</"));
    }
}

#[test]
fn a_shell_reads_the_text_back() {
    for text in ["it's", "'", "''", "$HOME `id` $(id) \\ \"", "a\nb", "!x", "가", ""] {
        let script = format!("printf %s {}", shell(text));
        let output = Command::new("sh").args(["-c", &script]).output().unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), text);
    }
    assert_eq!(shell("a\0b"), "'ab'");
}
