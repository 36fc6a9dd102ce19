//! Shell lines split into simple commands, as far as firewall scripts need it: quotes, separators, redirections, comments.
//! It runs nothing and knows no iptables.

use std::collections::HashMap;

/// A word of a shell command.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ShellWord {
    /// Its text.
    pub text: String,
    /// A part of it was quoted: it is one word, whatever its variables hold.
    pub quoted: bool,
    /// It was in single quotes: nothing in it is a variable.
    pub literal: bool,
}

/// How a command is joined to the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Joint {
    /// It always runs.
    #[default]
    Always,
    /// `&&`
    And,
    /// `||`
    Or,
}

/// A simple command.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Simple {
    /// How it is joined to the one before.
    pub joint: Joint,
    /// Its words.
    pub words: Vec<ShellWord>,
}

/// The simple commands of a line. A quote that is left open ends with the line.
pub fn commands(line: &str) -> Vec<Simple> {
    let mut all = Vec::new();
    let mut now = Simple::default();
    let mut word: Option<ShellWord> = None;
    let mut chars = line.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '\'' => {
                let word = word.get_or_insert_default();
                word.quoted = true;
                word.literal = true;
                word.text.extend(chars.by_ref().take_while(|next| *next != '\''));
            }
            '"' => {
                let word = word.get_or_insert_default();
                word.quoted = true;
                while let Some(next) = chars.next().filter(|next| *next != '"') {
                    match next {
                        '\\' => word.text.extend(chars.next()),
                        other => word.text.push(other),
                    }
                }
            }
            '\\' => word.get_or_insert_default().text.extend(chars.next()),
            '`' => {
                let word = word.get_or_insert_default();
                word.text.push('`');
                word.text.extend(chars.by_ref().take_while(|next| *next != '`'));
                word.text.push('`');
            }
            '$' if chars.peek() == Some(&'(') => {
                let word = word.get_or_insert_default();
                word.text.push('$');
                let mut depth = 0_u32;
                for next in chars.by_ref() {
                    word.text.push(next);
                    match next {
                        '(' => depth += 1,
                        ')' => depth = depth.saturating_sub(1),
                        _ => {}
                    }
                    if depth == 0 {
                        break;
                    }
                }
            }
            '#' if word.is_none() => break,
            '(' if word.is_some() && chars.peek() == Some(&')') => {
                chars.next();
                word.get_or_insert_default().text.push_str("()");
            }
            ';' | '|' | '&' | '(' | ')' => {
                let redirected = char == '&' && word.as_ref().is_some_and(|word| word.text.ends_with(['>', '<']));
                if redirected {
                    word.get_or_insert_default().text.push('&');
                    continue;
                }
                now.words.extend(word.take());
                let double = chars.next_if_eq(&char).is_some();
                let joint = match (char, double) {
                    ('&', true) => Joint::And,
                    ('|', true) => Joint::Or,
                    _ => Joint::Always,
                };
                all.push(std::mem::replace(&mut now, Simple { joint, words: Vec::new() }));
            }
            _ if char.is_whitespace() => now.words.extend(word.take()),
            _ => word.get_or_insert_default().text.push(char),
        }
    }
    now.words.extend(word);
    all.push(now);
    all.retain(|simple| !simple.words.is_empty());
    for simple in &mut all {
        redirections(&mut simple.words);
    }
    all
}

/// Takes redirections out: they change nothing in the rules.
fn redirections(words: &mut Vec<ShellWord>) {
    let mut skip = false;
    words.retain(|word| {
        if std::mem::take(&mut skip) {
            return false;
        }
        let start = word.text.trim_start_matches(|char: char| char.is_ascii_digit() || char == '&');
        if word.quoted || !start.starts_with(['>', '<']) {
            return true;
        }
        skip = start.trim_start_matches(['>', '<', '&']).is_empty();
        false
    });
}

/// A word with its variables filled in: one word, or, unquoted, as many as the variable holds. A variable that is not known
/// stays as it is written.
pub fn expand(word: &ShellWord, variables: &HashMap<String, String>) -> Vec<(String, bool)> {
    if word.literal || !word.text.contains('$') {
        return vec![(word.text.clone(), word.quoted)];
    }
    let mut text = String::new();
    let mut rest = word.text.as_str();
    while let Some((before, after)) = rest.split_once('$') {
        text.push_str(before);
        let (name, behind) = if let Some(braced) = after.strip_prefix('{') {
            braced.split_once('}').unwrap_or((braced, ""))
        } else {
            let end = after.find(|char: char| !char.is_ascii_alphanumeric() && char != '_').unwrap_or(after.len());
            after.split_at_checked(end).unwrap_or((after, ""))
        };
        if let Some(value) = variables.get(name) {
            text.push_str(value);
            rest = behind;
        } else {
            text.push('$');
            rest = after;
        }
    }
    text.push_str(rest);
    if word.quoted {
        return vec![(text, true)];
    }
    text.split_ascii_whitespace().map(|part| (part.to_owned(), false)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(line: &str) -> Vec<Vec<String>> {
        let words = |simple: Simple| simple.words.into_iter().map(|word| word.text).collect();
        commands(line).into_iter().map(words).collect()
    }

    #[test]
    fn a_line_is_split_at_its_separators() {
        let found = texts("iptables -F; iptables -P INPUT DROP && echo done # all of it");
        assert_eq!(found, [vec!["iptables", "-F"], vec!["iptables", "-P", "INPUT", "DROP"], vec!["echo", "done"]]);
    }

    #[test]
    fn redirections_are_no_words() {
        assert_eq!(texts("iptables -C INPUT -j DROP 2>/dev/null"), [["iptables", "-C", "INPUT", "-j", "DROP"]]);
        assert_eq!(texts("iptables -F > /dev/null 2>&1"), [["iptables", "-F"]]);
    }

    #[test]
    fn variables_are_filled_in_where_they_are_known() {
        let variables = HashMap::from([("NETS".to_owned(), "27.0.236.0/22 211.231.99.0/24".to_owned())]);
        let word = |text: &str, quoted| ShellWord { text: text.to_owned(), quoted, literal: false };
        assert_eq!(expand(&word("$NETS", false), &variables).len(), 2);
        assert_eq!(expand(&word("${NETS}", true), &variables).len(), 1);
        assert_eq!(expand(&word("$OTHER", false), &variables), [("$OTHER".to_owned(), false)]);
    }
}
