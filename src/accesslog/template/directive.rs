//! Finds the template in what an operator pastes: its value, the directive around it, or the configuration file the directive stands in.
//! Includes are not followed.

use super::super::{FormatError, field::escape::Escape, formats::Language};

/// A template's value, its quotes and their escapes undone.
pub(super) struct Found {
    pub(super) value: String,
    pub(super) language: Language,
    /// How the server escapes values in such a log.
    pub(super) escape: Escape,
}

/// A word of a configuration, and whether it was quoted.
struct Word {
    text: String,
    quoted: bool,
}

/// The one template in a text.
pub(super) fn find(text: &str) -> Result<Found, FormatError> {
    let nginx = statements(text).into_iter().filter(|words| begins(words, "log_format"));
    let apache = lines(text);
    let found: Vec<(String, Found)> = nginx.filter_map(log_format).chain(apache).collect();
    match <[_; 1]>::try_from(found) {
        Ok([(_, found)]) => Ok(found),
        Err(found) if found.is_empty() => bare(text),
        Err(found) => Err(FormatError::Several { names: found.into_iter().map(|(name, _)| name).collect() }),
    }
}

fn begins(words: &[Word], name: &str) -> bool {
    words.first().is_some_and(|word| !word.quoted && word.text == name)
}

/// `log_format NAME [escape=…] PIECE…`
fn log_format(words: Vec<Word>) -> Option<(String, Found)> {
    let mut words = words.into_iter().skip(1).peekable();
    let name = words.next()?.text;
    Some((name, Found { language: Language::Nginx, ..pieces(words) }))
}

/// `[escape=…] PIECE…`
fn pieces(words: impl Iterator<Item = Word>) -> Found {
    let mut escape = Escape::Backslash;
    let mut value = String::new();
    for (index, word) in words.enumerate() {
        match word.text.strip_prefix("escape=").filter(|_| index == 0 && !word.quoted) {
            Some("json") => escape = Escape::Json,
            Some("none") => escape = Escape::None,
            Some(_) => {}
            None => value.push_str(&word.text),
        }
    }
    Found { value, language: Language::Nginx, escape }
}

/// A value alone: in quotes, in several of them, or as it is.
fn bare(text: &str) -> Result<Found, FormatError> {
    let text = text.trim_end_matches(';').trim_end();
    let statements = statements(text);
    let quoted = match statements.as_slice() {
        [words] if text.starts_with('\'') || text.starts_with("escape=") => {
            words.iter().enumerate().all(|(index, word)| word.quoted || index == 0)
        }
        [words] => matches!(words.as_slice(), [Word { quoted: true, .. }]),
        _ => false,
    };
    let found = if let Some(words) = statements.into_iter().next().filter(|_| quoted) {
        pieces(words.into_iter())
    } else {
        // A JSON template is written with escape=json, or its lines would be none.
        let escape = if text.starts_with('{') { Escape::Json } else { Escape::Backslash };
        Found { value: unescaped(text), language: Language::Nginx, escape }
    };
    let mut after = found.value.split('$').skip(1);
    let is_nginx = after.any(|after| after.starts_with(|letter: char| letter.is_ascii_lowercase() || letter == '{'));
    if is_nginx {
        return Ok(found);
    }
    if found.value.contains('%') {
        return Ok(Found { language: Language::Apache, escape: Escape::Backslash, ..found });
    }
    Err(FormatError::NoVariable)
}

/// The statements of nginx's configuration language. What is no such configuration gives statements that begin with nothing known.
fn statements(text: &str) -> Vec<Vec<Word>> {
    let mut statements = Vec::new();
    let mut words: Vec<Word> = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            ';' | '{' | '}' => statements.push(std::mem::take(&mut words)),
            '#' => while letters.next_if(|letter| *letter != '\n').is_some() {},
            quote @ ('"' | '\'') => {
                let mut word = String::new();
                while let Some(letter) = letters.next().filter(|letter| *letter != quote) {
                    word.push(letter);
                    if letter == '\\' {
                        word.extend(letters.next());
                    }
                }
                words.push(Word { text: unescaped(&word), quoted: true });
            }
            letter if letter.is_whitespace() => {}
            letter => {
                let mut word = String::from(letter);
                while let Some(letter) =
                    letters.next_if(|letter| !letter.is_whitespace() && !matches!(letter, ';' | '{' | '}'))
                {
                    word.push(letter);
                }
                words.push(Word { text: word, quoted: false });
            }
        }
    }
    statements.push(words);
    statements.retain(|words| !words.is_empty());
    statements
}

/// `LogFormat "…" NAME` and `CustomLog PATH "…"`, each on its line; a backslash at its end continues it.
fn lines(text: &str) -> Vec<(String, Found)> {
    let text = text.replace("\\\r\n", "").replace("\\\n", "");
    let mut found = Vec::new();
    for line in text.lines() {
        let line = line.trim();
        let Some((directive, rest)) = line.split_once(char::is_whitespace) else { continue };
        let value = match directive.to_ascii_lowercase().as_str() {
            "logformat" => argument(rest),
            "customlog" => argument(rest).and_then(|(_, rest)| argument(rest)).filter(|(value, _)| value.contains('%')),
            _ => None,
        };
        if let Some((value, rest)) = value {
            let name = argument(rest).map_or_else(|| directive.to_owned(), |(name, _)| name);
            found.push((name, Found { value, language: Language::Apache, escape: Escape::Backslash }));
        }
    }
    found
}

/// The first argument of an Apache directive, and the rest.
fn argument(text: &str) -> Option<(String, &str)> {
    let text = text.trim_start();
    let Some(quote) = text.chars().next().filter(|letter| matches!(letter, '"' | '\'')) else {
        let end = text.find(char::is_whitespace).unwrap_or(text.len());
        let (word, rest) = text.split_at_checked(end)?;
        return (!word.is_empty()).then(|| (word.to_owned(), rest));
    };
    let inner = text.strip_prefix(quote)?;
    let mut escaped = false;
    for (at, letter) in inner.char_indices() {
        if letter == quote && !escaped {
            let (value, rest) = inner.split_at_checked(at)?;
            return Some((unescaped(value), rest.strip_prefix(quote)?));
        }
        escaped = letter == '\\' && !escaped;
    }
    None
}

/// `\"`, `\t` and their like undone.
fn unescaped(text: &str) -> String {
    let mut value = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('t') => value.push('\t'),
                Some('n') => value.push('\n'),
                Some('r') => value.push('\r'),
                Some(letter @ ('"' | '\'' | '\\')) => value.push(letter),
                Some(letter) => value.extend(['\\', letter]),
                None => value.push('\\'),
            },
            letter => value.push(letter),
        }
    }
    value
}
