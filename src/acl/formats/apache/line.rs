//! Reads Apache's configuration language: lines, sections, quotes, continued lines. What the directives mean is not known here.

use crate::acl::{File, Malformed, Place};

/// A directive, or a section with what is in it.
#[derive(Debug, Clone)]
pub struct Node {
    /// Its name, lower case.
    pub name: String,
    /// Its words, quotes taken away.
    pub args: Vec<String>,
    /// Its line.
    pub place: Place,
    /// Where its name starts in the file, in bytes.
    pub start: usize,
    /// Where its text ends.
    pub stop: usize,
    /// What is in the section.
    pub inside: Option<Vec<Node>>,
    /// Where the closing tag starts.
    pub close: usize,
}

impl Node {
    /// A word, or nothing.
    pub fn arg(&self, index: usize) -> &str {
        self.args.get(index).map_or("", String::as_str)
    }

    /// Its words as a line, for people.
    pub fn text(&self) -> String {
        std::iter::once(&self.name).chain(&self.args).map(String::as_str).collect::<Vec<_>>().join(" ")
    }

    /// What is in the section; nothing for a line.
    pub fn children(&self) -> &[Node] {
        self.inside.as_deref().unwrap_or_default()
    }
}

/// Sections inside sections.
const MAX_DEPTH: usize = 60;

/// Reads a file.
pub fn read(file: &File, index: usize) -> Result<Vec<Node>, Malformed> {
    let mut open: Vec<(Node, Vec<Node>)> = Vec::new();
    let mut done: Vec<Node> = Vec::new();
    let mut at = 0;
    let mut lines = (1_u32..).zip(file.text.split_inclusive('\n'));
    let wrong = |line, what: String, advice: &str| Malformed::at(file, line, 0, what, advice);
    while let Some((number, raw)) = lines.next() {
        let begins = at;
        at += raw.len();
        let mut text = raw.trim_end_matches(['\n', '\r']).to_owned();
        // A backslash at the end of a line continues it.
        while text.ends_with('\\') {
            text.pop();
            let Some((_, more)) = lines.next() else { break };
            at += more.len();
            text.push_str(more.trim_end_matches(['\n', '\r']));
        }
        let body = text.trim();
        if body.is_empty() || body.starts_with('#') {
            continue;
        }
        let start = begins + (raw.len() - raw.trim_start().len());
        let stop = begins + raw.trim_end().len().max(1);
        let place = Place::new(index, number);
        if let Some(name) = body.strip_prefix("</") {
            let name = name.trim_end_matches('>').trim().to_ascii_lowercase();
            let Some((mut section, before)) = open.pop() else {
                return Err(wrong(
                    number,
                    format!("</{name}> closes nothing"),
                    "`apachectl configtest` names the line",
                ));
            };
            if section.name != name {
                let what = format!("</{name}> closes <{}> of line {}", section.name, section.place.line);
                return Err(wrong(number, what, "`apachectl configtest` names the line"));
            }
            section.inside = Some(std::mem::replace(&mut done, before));
            section.close = start;
            done.push(section);
            continue;
        }
        let (inside, is_section) = match body.strip_prefix('<') {
            Some(tag) => match tag.strip_suffix('>') {
                Some(tag) => (tag, true),
                None => {
                    return Err(wrong(
                        number,
                        format!("`{body}` lacks its `>`"),
                        "`apachectl configtest` names the line",
                    ));
                }
            },
            None => (body, false),
        };
        let mut args = words(inside);
        if args.is_empty() {
            continue;
        }
        let name = args.remove(0).to_ascii_lowercase();
        let node = Node { name, args, place, start, stop, inside: None, close: 0 };
        if is_section {
            if open.len() >= MAX_DEPTH {
                let what = format!("sections are nested more than {MAX_DEPTH} deep");
                return Err(wrong(number, what, "check the closing tags"));
            }
            open.push((node, std::mem::take(&mut done)));
        } else {
            done.push(node);
        }
    }
    match open.pop() {
        None => Ok(done),
        Some((section, _)) => {
            let what = format!("<{}> of line {} is never closed", section.name, section.place.line);
            Err(wrong(section.place.line, what, "the copy is cut off: give the whole file"))
        }
    }
}

/// Words of a line; quotes keep blanks together, a backslash keeps a quote.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut chars = line.chars().peekable();
    loop {
        while chars.next_if(|next| next.is_whitespace()).is_some() {}
        let Some(first) = chars.peek().copied() else { return words };
        let mut word = String::new();
        if matches!(first, '"' | '\'') {
            chars.next();
            while let Some(next) = chars.next() {
                match next {
                    '\\' if chars.peek().is_some_and(|after| *after == first || *after == '\\') => {
                        // A doubled backslash is one only before the quote; patterns keep theirs.
                        if chars.peek() == Some(&first) {
                            word.extend(chars.next());
                        } else {
                            word.push(next);
                            word.extend(chars.next());
                        }
                    }
                    next if next == first => break,
                    next => word.push(next),
                }
            }
        } else {
            while let Some(next) = chars.next_if(|next| !next.is_whitespace()) {
                word.push(next);
                if next == '\\' && chars.peek() == Some(&' ') {
                    word.pop();
                    word.push_str("\\ ");
                    chars.next();
                }
            }
        }
        words.push(word);
    }
}
