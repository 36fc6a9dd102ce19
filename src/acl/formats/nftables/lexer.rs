//! Text into tokens, as nft's own scanner does, with line and byte of each. It knows no grammar.

use std::collections::HashMap;

/// A token with where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    /// What it is.
    pub kind: Kind<'a>,
    /// Its line, from 1.
    pub line: u32,
    /// The byte it starts at.
    pub start: usize,
}

/// Kinds of token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind<'a> {
    /// A name, number, address, `@set` or `$variable`.
    Word(&'a str),
    /// A quoted text, without the quotes.
    Text(&'a str),
    /// A punctuation mark.
    Mark(&'static str),
    /// The end of a line.
    Newline,
}

/// The tokens of a text, and the handles that `nft -a` puts behind rules, by line.
#[derive(Debug, Default)]
pub struct Tokens<'a> {
    /// The tokens in order.
    pub all: Vec<Token<'a>>,
    /// Handles by line.
    pub handles: HashMap<u32, u64>,
}

/// Longer marks first.
const MARKS: &[&str] =
    &["==", "!=", "<=", ">=", "<<", ">>", "{", "}", ";", ",", "=", "<", ">", "!", "&", "|", "^", "(", ")", "[", "]"];

/// Cuts a text into tokens.
pub fn tokens(text: &str) -> Tokens<'_> {
    let mut found = Tokens::default();
    let mut line = 1_u32;
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let mut push = |kind, start| found.all.push(Token { kind, line, start });
        if let Some(after) = rest.strip_prefix("\\\n").or_else(|| rest.strip_prefix("\\\r\n")) {
            at = text.len() - after.len();
            line += 1;
            continue;
        }
        let Some(first) = rest.chars().next() else { break };
        match first {
            '\n' => {
                push(Kind::Newline, at);
                line += 1;
                at += 1;
            }
            '#' => {
                let comment = rest.split('\n').next().unwrap_or_default();
                if let Some(handle) = comment.strip_prefix("# handle ").and_then(|number| number.trim().parse().ok()) {
                    found.handles.insert(line, handle);
                }
                at += comment.len();
            }
            '"' => {
                let inside = rest.get(1..).unwrap_or_default();
                let length = inside.find(['"', '\n']).unwrap_or(inside.len());
                push(Kind::Text(inside.get(..length).unwrap_or_default()), at);
                let closed = inside.get(length..).is_some_and(|after| after.starts_with('"'));
                at += 1 + length + usize::from(closed);
            }
            // Shell quoting around braces and semicolons, in scripts that call nft line by line.
            '\\' | '\'' => at += 1,
            _ if first.is_whitespace() => at += first.len_utf8(),
            _ => {
                if is_mark(first)
                    && let Some(mark) = MARKS.iter().find(|mark| rest.starts_with(**mark))
                {
                    push(Kind::Mark(mark), at);
                    at += mark.len();
                } else {
                    let length = rest.find(|next: char| !is_word(next)).unwrap_or(rest.len()).max(first.len_utf8());
                    words(rest.get(..length).unwrap_or_default(), at, &mut push);
                    at += length;
                }
            }
        }
    }
    found
}

/// Characters that stand for themselves, or with the next.
fn is_mark(character: char) -> bool {
    matches!(character, '{' | '}' | ';' | ',' | '=' | '<' | '>' | '!' | '&' | '|' | '^' | '(' | ')' | '[' | ']')
}

fn is_word(character: char) -> bool {
    !is_mark(character) && !character.is_whitespace() && !matches!(character, '#' | '"' | '\'' | '\\')
}

/// A run of word characters: colons that separate a key from its value, and ports from what is before, are marks.
fn words<'a>(run: &'a str, start: usize, push: &mut impl FnMut(Kind<'a>, usize)) {
    let (mut run, mut start) = (run, start);
    if run == ":" {
        return push(Kind::Mark(":"), start);
    }
    if !run.starts_with("::")
        && let Some(rest) = run.strip_prefix(':')
    {
        push(Kind::Mark(":"), start);
        (run, start) = (rest, start + 1);
    }
    if !run.ends_with("::")
        && let Some(rest) = run.strip_suffix(':')
    {
        push(Kind::Word(rest), start);
        return push(Kind::Mark(":"), start + rest.len());
    }
    if let Some((key, verdict)) = run.rsplit_once(':')
        && matches!(verdict, "accept" | "drop" | "jump" | "goto" | "return" | "continue" | "queue")
    {
        push(Kind::Word(key), start);
        push(Kind::Mark(":"), start + key.len());
        return push(Kind::Word(verdict), start + key.len() + 1);
    }
    push(Kind::Word(run), start);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<String> {
        let show = |token: &Token<'_>| match token.kind {
            Kind::Word(word) => word.to_owned(),
            Kind::Text(text) => format!("\"{text}\""),
            Kind::Mark(mark) => format!("<{mark}>"),
            Kind::Newline => "~".to_owned(),
        };
        tokens(text).all.iter().map(show).collect()
    }

    #[test]
    fn colons_inside_ipv6_addresses_stay_and_those_of_maps_do_not() {
        assert_eq!(kinds("2001:db8::1 : drop"), ["2001:db8::1", "<:>", "drop"]);
        assert_eq!(kinds("80:accept, 443: drop"), ["80", "<:>", "accept", "<,>", "443", "<:>", "drop"]);
        assert_eq!(kinds("redirect to :8080"), ["redirect", "to", "<:>", "8080"]);
        assert_eq!(kinds("::/0"), ["::/0"]);
    }

    #[test]
    fn a_handle_is_kept_with_its_line_and_other_comments_are_not_read() {
        let text = "accept # handle 7\n# a { comment\ndrop";
        assert_eq!(tokens(text).handles, HashMap::from([(1, 7)]));
        assert_eq!(kinds(text), ["accept", "~", "~", "drop"]);
    }

    #[test]
    fn a_backslash_joins_lines_and_shell_quotes_vanish() {
        assert_eq!(kinds("a \\\nb '{' \\; c"), ["a", "b", "<{>", "<;>", "c"]);
        assert_eq!(tokens("a \\\nb").all.last().map(|token| token.line), Some(2));
    }
}
