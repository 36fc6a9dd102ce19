//! Splits a line into words as iptables-restore and a shell do: quotes hold words together, a backslash takes the next
//! character as it is. What the words mean is not known here.

use std::borrow::Cow;

/// A word of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word<'a> {
    /// Its text, without quotes.
    pub text: Cow<'a, str>,
    /// It was quoted: a value, never an option or `!`.
    pub quoted: bool,
}

impl<'a> Word<'a> {
    /// A word as it stands.
    pub fn plain(text: &'a str) -> Self {
        Self { text: Cow::Borrowed(text), quoted: false }
    }

    /// A word made up from a text.
    pub fn made(text: impl Into<String>) -> Self {
        Self { text: Cow::Owned(text.into()), quoted: false }
    }

    /// A value, whatever it looks like.
    pub fn value(text: impl Into<String>) -> Self {
        Self { text: Cow::Owned(text.into()), quoted: true }
    }

    /// Whether it is this unquoted word.
    pub fn is(&self, text: &str) -> bool {
        !self.quoted && self.text == text
    }
}

/// A quote that is not closed on its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenQuote;

/// The words of a line.
pub fn split(line: &str) -> Result<Vec<Word<'_>>, OpenQuote> {
    if !line.contains(['"', '\'', '\\']) {
        return Ok(line.split_ascii_whitespace().map(Word::plain).collect());
    }
    let mut words = Vec::new();
    let mut word = String::new();
    let (mut begun, mut quoted) = (false, false);
    let mut inside = None;
    let mut chars = line.chars();
    while let Some(char) = chars.next() {
        match inside {
            Some(quote) if char == quote => inside = None,
            Some('"') | None if char == '\\' => {
                begun = true;
                word.extend(chars.next());
            }
            Some(_) => word.push(char),
            None if char == '"' || char == '\'' => {
                inside = Some(char);
                begun = true;
                quoted = true;
            }
            None if char.is_ascii_whitespace() => {
                if begun {
                    words.push(Word { text: Cow::Owned(std::mem::take(&mut word)), quoted });
                }
                (begun, quoted) = (false, false);
            }
            None => {
                begun = true;
                word.push(char);
            }
        }
    }
    if inside.is_some() {
        return Err(OpenQuote);
    }
    if begun {
        words.push(Word { text: Cow::Owned(word), quoted });
    }
    Ok(words)
}

/// Words put together again, as iptables-save prints them.
pub fn join(words: &[Word<'_>]) -> String {
    let mut text = String::new();
    for word in words {
        if !text.is_empty() {
            text.push(' ');
        }
        let plain = |char: char| char.is_ascii_alphanumeric() || "_-.,:/!+=@%#$[]{}*".contains(char);
        if word.text.is_empty() || !word.text.chars().all(plain) || (word.quoted && word.text == "!") {
            text.push('"');
            for char in word.text.chars() {
                if matches!(char, '"' | '\\' | '\'') {
                    text.push('\\');
                }
                text.push(char);
            }
            text.push('"');
        } else {
            text.push_str(&word.text);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(line: &str) -> Vec<String> {
        split(line).unwrap().into_iter().map(|word| word.text.into_owned()).collect()
    }

    #[test]
    fn a_quoted_comment_is_one_word_whatever_it_says() {
        let found = texts(r#"-m comment --comment "a \"b\" -j DROP" -j ACCEPT"#);
        assert_eq!(found, ["-m", "comment", "--comment", "a \"b\" -j DROP", "-j", "ACCEPT"]);
    }

    #[test]
    fn an_empty_quoted_word_is_a_word() {
        assert_eq!(texts(r#"--log-prefix "" -j LOG"#), ["--log-prefix", "", "-j", "LOG"]);
    }

    #[test]
    fn a_quote_left_open_is_told() {
        assert_eq!(split(r#"--comment "half"#), Ok(split("--comment half").unwrap()).and(Err(OpenQuote)));
    }

    #[test]
    fn joined_words_split_into_the_same_words() {
        let words = split(r#"--comment "a \"b\" \\ c" ! -s 10.0.0.0/8"#).unwrap();
        let line = join(&words);
        let again: Vec<String> = texts(&line);
        assert_eq!(again, words.iter().map(|word| word.text.to_string()).collect::<Vec<_>>());
    }
}
