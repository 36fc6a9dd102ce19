//! Small readings of single lines that several parts need: counters, programs, prompts. No rule is understood here.

use super::model::{PolicyWord, TableName};
use crate::acl::{Doubt, Family, File, Malformed, Place};

/// A policy's word.
pub fn policy_word(policy: &str, doubt: Option<&Doubt>) -> PolicyWord {
    match (policy, doubt) {
        (_, Some(doubt)) => PolicyWord::Unknown(doubt.clone()),
        ("ACCEPT", None) => PolicyWord::Accept,
        ("DROP", None) => PolicyWord::Drop,
        (other, None) => PolicyWord::Unknown(Doubt::new("policy-unknown", other)),
    }
}

/// `[12:345] -A …`: the counters of `iptables-save -c` go.
pub fn counted(text: &str) -> &str {
    let counters = text.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    match counters {
        Some((numbers, rest)) if numbers.bytes().all(|byte| byte.is_ascii_digit() || byte == b':') => rest.trim_start(),
        _ => text,
    }
}

/// A line that shows which listing follows: `iptables -t nat -L -n`, at a prompt or as a comment.
pub fn marker(text: &str) -> Option<(Option<Family>, TableName)> {
    let mut words = text.split_ascii_whitespace().skip_while(|word| !program(word).is_some_and(|(_, base)| base));
    let (family, _) = program(words.next()?)?;
    let mut table = TableName::Filter;
    let mut lists = false;
    while let Some(word) = words.next() {
        match word {
            "-t" | "--table" => table = TableName::parse(words.next()?)?,
            "-S" | "--list-rules" | "--list" => lists = true,
            _ if word.starts_with("--") => {}
            _ => lists |= word.starts_with('-') && word.contains('L') && !word.contains(['A', 'I', 'D']),
        }
    }
    lists.then_some((Some(family), table))
}

/// The family of a program's name, and whether it is the one that takes commands.
pub fn program(word: &str) -> Option<(Family, bool)> {
    let name = word.rsplit('/').next().unwrap_or(word);
    let (family, rest) = match name.strip_prefix("ip6tables") {
        Some(rest) => (Family::V6, rest),
        None => (Family::V4, name.strip_prefix("iptables")?),
    };
    let rest = rest.strip_prefix("-nft").or_else(|| rest.strip_prefix("-legacy")).unwrap_or(rest);
    match rest {
        "" => Some((family, true)),
        "-save" | "-restore" | "-apply" => Some((family, false)),
        _ => None,
    }
}

/// A malformed line.
pub fn malformed(files: &[File], place: Place, what: impl Into<String>, advice: &str) -> Malformed {
    match files.get(place.file) {
        Some(file) => Malformed::at(file, place.line, 0, what, advice),
        None => Malformed::at(&File::new("iptables", ""), place.line, 0, what, advice),
    }
}

/// The first characters of a text that is quoted in an error.
pub fn short(text: &str) -> &str {
    text.char_indices().nth(60).and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}
