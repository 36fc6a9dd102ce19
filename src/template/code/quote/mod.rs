//! Text as a literal of each language, so that it means itself wherever it is pasted: no interpolation, no end of the string, no end of
//! a script, and nothing that turns the direction of the line in an editor (CVE-2021-42574).

use std::fmt::Write;

/// JavaScript, and JSON: double quotes.
pub(super) fn javascript(text: &str) -> String {
    escaped(text, '"', |character| match character {
        '\n' => Some("\\n".to_owned()),
        '\r' => Some("\\r".to_owned()),
        '\t' => Some("\\t".to_owned()),
        // `</script>` and `<!--` would end a script element.
        '<' => Some("\\u003c".to_owned()),
        // Ends of lines in older JavaScript.
        '\u{2028}' | '\u{2029}' => Some(units(character)),
        _ => None,
    })
}

/// Kotlin: double quotes; `$` would begin a template.
pub(super) fn kotlin(text: &str) -> String {
    escaped(text, '"', |character| match character {
        '\n' => Some("\\n".to_owned()),
        '\r' => Some("\\r".to_owned()),
        '\t' => Some("\\t".to_owned()),
        '$' => Some("\\$".to_owned()),
        _ => None,
    })
}

/// Swift: double quotes; `\(` would begin an interpolation, so that escaping `\` is enough.
pub(super) fn swift(text: &str) -> String {
    escaped(text, '"', |character| match character {
        '\n' => Some("\\n".to_owned()),
        '\r' => Some("\\r".to_owned()),
        '\t' => Some("\\t".to_owned()),
        _ if is_hidden(character) => Some(braced(character)),
        _ => None,
    })
}

/// Dart: single quotes; `$` would begin an interpolation.
pub(super) fn dart(text: &str) -> String {
    escaped(text, '\'', |character| match character {
        '\n' => Some("\\n".to_owned()),
        '\r' => Some("\\r".to_owned()),
        '\t' => Some("\\t".to_owned()),
        '$' => Some("\\$".to_owned()),
        _ if is_hidden(character) => Some(braced(character)),
        _ => None,
    })
}

/// A POSIX shell: single quotes. No shell takes NUL in an argument; it is left out.
pub(super) fn shell(text: &str) -> String {
    format!("'{}'", text.replace('\0', "").replace('\'', r"'\''"))
}

fn escaped(text: &str, quote: char, own: impl Fn(char) -> Option<String>) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push(quote);
    for character in text.chars() {
        if character == '\\' || character == quote {
            literal.push('\\');
            literal.push(character);
        } else if let Some(escape) = own(character) {
            literal.push_str(&escape);
        } else if is_hidden(character) {
            literal.push_str(&units(character));
        } else {
            literal.push(character);
        }
    }
    literal.push(quote);
    literal
}

/// Control characters, and those that turn the direction of a line.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// `\u1234` for each UTF-16 unit.
fn units(character: char) -> String {
    let mut text = String::new();
    for unit in character.encode_utf16(&mut [0; 2]) {
        // Writing to a string does not fail.
        let _never = write!(text, "\\u{unit:04x}");
    }
    text
}

/// `\u{1234}`.
fn braced(character: char) -> String {
    format!("\\u{{{:x}}}", u32::from(character))
}

#[cfg(test)]
mod tests;
