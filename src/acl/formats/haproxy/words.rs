//! `HAProxy`'s lines: words, quotes, escapes, comments, and the sections they are in. What the words mean is `lower`'s affair.

use crate::acl::{File, Malformed, Place};

/// A line of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Where it is.
    pub place: Place,
    /// Its words.
    pub words: Vec<String>,
    /// The `.if` around it, if any.
    pub within: Option<String>,
}

impl Line {
    /// A word by its number; empty where there is none.
    pub fn word(&self, at: usize) -> &str {
        self.words.get(at).map_or("", String::as_str)
    }

    /// The words from a number on.
    pub fn from(&self, at: usize) -> &[String] {
        self.words.get(at..).unwrap_or_default()
    }
}

/// A section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// `frontend`, `backend`, `listen`, `defaults` or another.
    pub kind: String,
    /// Its name; empty where it has none.
    pub name: String,
    /// The `defaults` that it names.
    pub from: Option<String>,
    /// Its header.
    pub place: Place,
    /// Its lines.
    pub lines: Vec<Line>,
}

impl Section {
    /// Lines that start with a word.
    pub fn starting<'a>(&'a self, word: &'a str) -> impl Iterator<Item = &'a Line> {
        self.lines.iter().filter(move |line| line.word(0) == word)
    }

    /// Lines that start with two words.
    pub fn starting_with<'a>(&'a self, first: &'a str, second: &'a str) -> impl Iterator<Item = &'a Line> {
        self.starting(first).filter(move |line| line.word(1) == second)
    }
}

const KINDS: [&str; 19] = [
    "global",
    "defaults",
    "frontend",
    "backend",
    "listen",
    "userlist",
    "peers",
    "resolvers",
    "mailers",
    "cache",
    "program",
    "http-errors",
    "ring",
    "log-forward",
    "fcgi-app",
    "crt-store",
    "traces",
    "acme",
    "log-profile",
];

/// Whether a text has sections, and is no list of patterns.
pub fn is_configuration(text: &str) -> bool {
    text.lines().any(|line| line.split_whitespace().next().is_some_and(|word| KINDS.contains(&word)))
}

/// The sections of a file.
pub fn sections(index: usize, file: &File, advice: &str) -> Result<Vec<Section>, Malformed> {
    let mut found: Vec<Section> = Vec::new();
    let mut conditions: Vec<String> = Vec::new();
    for (number, text) in file.lines() {
        let text = text.trim_start_matches('\u{feff}');
        let words = split(text).map_err(|column| {
            Malformed::at(file, number, column, "a quote is opened that is not closed in its line", advice)
        })?;
        let Some(first) = words.first() else { continue };
        let place = Place::new(index, number);
        if first.starts_with('.') {
            match first.as_str() {
                ".if" => conditions.push(words.join(" ")),
                ".elif" | ".else" => {
                    conditions.pop();
                    conditions.push(words.join(" "));
                }
                ".endif" => {
                    conditions.pop();
                }
                _ => {}
            }
            continue;
        }
        if KINDS.contains(&first.as_str()) && !(first == "cache" && words.len() == 1) {
            let from = words.iter().position(|word| word == "from").and_then(|at| words.get(at + 1)).cloned();
            let name = words.get(1).filter(|word| *word != "from").cloned().unwrap_or_default();
            found.push(Section { kind: first.clone(), name, from, place, lines: Vec::new() });
        } else if let Some(section) = found.last_mut() {
            section.lines.push(Line { place, words, within: conditions.last().cloned() });
        } else {
            let what = format!("`{first}` stands before any section");
            return Err(Malformed::at(file, number, 1, what, advice));
        }
    }
    Ok(found)
}

/// The words of a line; the column of a quote that is not closed.
fn split(text: &str) -> Result<Vec<String>, u32> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<(char, u32)> = None;
    let mut escaped = false;
    for (column, letter) in (1_u32..).zip(text.chars()) {
        match (letter, quote) {
            _ if escaped => {
                word.get_or_insert_default().push(letter);
                escaped = false;
            }
            ('\\', None | Some(('"', _))) => escaped = true,
            (_, Some((open, _))) if open == letter => quote = None,
            ('"' | '\'', None) => {
                quote = Some((letter, column));
                word.get_or_insert_default();
            }
            ('#', None) => break,
            (_, None) if letter.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    quote.map_or(Ok(words), |(_, column)| Err(column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_parted_as_haproxy_does() {
        let words = |text| split(text).unwrap();
        assert_eq!(words("acl a path_beg /x\\ y # no"), ["acl", "a", "path_beg", "/x y"]);
        assert_eq!(words("  http-request deny if { hdr(user-agent) -i \"a b\" }").last().unwrap(), "}");
        assert_eq!(words("a 'b # \"c' d"), ["a", "b # \"c", "d"]);
        assert_eq!(split("a \"b"), Err(3));
    }
}
