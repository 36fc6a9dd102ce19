//! The commands of iptables (`-A`, `-I`, `-D`, `-P`, …) and what they do to a table. What rules mean is not known here.

use std::borrow::Cow;

use super::{
    model::{RawRule, Table, rank},
    text::policy_word,
    word::Word,
};
use crate::acl::{Doubt, Place};

/// A command, without the words of its rule.
#[derive(Debug, Clone, Default)]
pub struct Command<'a> {
    /// Its letter: `A` for `--append` too.
    pub letter: char,
    /// The chain; none for all of them.
    pub chain: Option<Cow<'a, str>>,
    /// The rule's number, from 1.
    pub number: Option<usize>,
    /// The table, where the command names it.
    pub table: Option<Cow<'a, str>>,
    /// The policy of `-P`, the new name of `-E`.
    pub policy: Option<Cow<'a, str>>,
}

const COMMANDS: &[(char, &str)] = &[
    ('A', "--append"),
    ('I', "--insert"),
    ('D', "--delete"),
    ('R', "--replace"),
    ('P', "--policy"),
    ('N', "--new-chain"),
    ('N', "--new"),
    ('F', "--flush"),
    ('X', "--delete-chain"),
    ('E', "--rename-chain"),
    ('C', "--check"),
    ('Z', "--zero"),
    ('L', "--list"),
    ('S', "--list-rules"),
];

/// Takes the command out of the words, and leaves those of the rule. `None` where there is none: `iptables --version`.
pub fn take<'a>(words: &mut Vec<Word<'a>>) -> Result<Option<Command<'a>>, String> {
    let mut command = Command::default();
    let mut rest = Vec::with_capacity(words.len());
    let mut all = std::mem::take(words).into_iter().peekable();
    while let Some(word) = all.next() {
        let letter = if word.quoted || command.letter != '\0' { None } else { letter_of(&word.text) };
        if let Some(letter) = letter {
            command.letter = letter;
            let value = |word: Option<&Word<'_>>| word.is_some_and(|word| word.quoted || !word.text.starts_with('-'));
            if value(all.peek()) {
                command.chain = all.next().map(|word| word.text);
            }
            if matches!(letter, 'P' | 'E') && value(all.peek()) {
                command.policy = all.next().map(|word| word.text);
            }
            if matches!(letter, 'I' | 'D' | 'R' | 'Z' | 'L' | 'S')
                && let Some(number) = all.peek().and_then(|word| word.text.parse().ok())
            {
                command.number = Some(number);
                all.next();
            }
            continue;
        }
        match &*word.text {
            _ if word.quoted => rest.push(word),
            "-t" | "--table" => command.table = all.next().map(|word| word.text),
            "-w" | "--wait" | "-W" | "--wait-interval" => {
                if all.peek().is_some_and(|word| word.text.parse::<u32>().is_ok()) {
                    all.next();
                }
            }
            "-c" | "--set-counters" => _ = all.next().and_then(|_packets| all.next()),
            "-4" | "-6" | "-v" | "-n" | "--verbose" | "--numeric" | "--ipv4" | "--ipv6" | "--line-numbers" => {}
            _ => rest.push(word),
        }
    }
    *words = rest;
    match command.letter {
        '\0' if words.iter().any(|word| word.is("-j") || word.is("-s") || word.is("-p")) => {
            Err("this rule is in no chain".to_owned())
        }
        '\0' if words.first().is_some_and(|word| word.text.starts_with("--") || word.text.len() == 2) => Ok(None),
        '\0' => {
            let first = words.first().map_or("", |word| super::text::short(&word.text));
            Err(format!("`{first}` is no command of iptables"))
        }
        'A' | 'I' | 'R' | 'D' | 'P' | 'N' if command.chain.is_none() => {
            Err(format!("`-{}` names no chain", command.letter))
        }
        'P' if command.policy.is_none() => Err("`-P` names no policy".to_owned()),
        _ => Ok(Some(command)),
    }
}

fn letter_of(text: &str) -> Option<char> {
    let mut chars = text.chars();
    match (chars.next(), chars.next(), chars.next()) {
        (Some('-'), Some(letter), None) => {
            COMMANDS.iter().find(|(known, _)| *known == letter).map(|(letter, _)| *letter)
        }
        (Some('-'), Some('-'), Some(_)) => COMMANDS.iter().find(|(_, name)| *name == text).map(|(letter, _)| *letter),
        // `-nvL`, `-vnL`
        (Some('-'), Some(_), Some(_)) if text.ends_with(['L', 'S']) && !text.starts_with("--") => Some('L'),
        _ => None,
    }
}

/// Does what the command says.
pub fn run<'a>(table: &mut Table<'a>, place: Place, command: Command<'a>, words: Vec<Word<'a>>, doubt: Option<&Doubt>) {
    let Command { letter, chain, number, policy, .. } = command;
    let rule = |words| RawRule { place, words, doubt: doubt.cloned() };
    let Some(name) = chain else {
        if letter == 'F' || letter == 'X' {
            everything(table, letter, doubt);
        }
        return;
    };
    match letter {
        'A' => {
            if let Some(chain) = table.chain(name) {
                chain.rules.push(rule(words));
            }
        }
        'I' => {
            if let Some(chain) = table.chain(name) {
                let at = number.unwrap_or(1).saturating_sub(1).min(chain.rules.len());
                chain.rules.insert(at, rule(words));
            }
        }
        'R' | 'D' => {
            let Some(chain) = table.get_mut(&name) else { return };
            let at = match number {
                Some(number) => number.checked_sub(1).filter(|at| *at < chain.rules.len()),
                None => chain.rules.iter().position(|rule| same(&rule.words, &words)),
            };
            let Some(found) = at.and_then(|at| chain.rules.get_mut(at)) else { return };
            if let Some(doubt) = doubt {
                found.doubt.get_or_insert(doubt.clone());
            } else if letter == 'R' {
                *found = rule(words);
            } else if let Some(at) = at {
                chain.rules.remove(at);
            }
        }
        'P' => {
            if let Some(chain) = table.chain(name) {
                chain.declared.get_or_insert(place);
                chain.policy = policy.map(|policy| (policy_word(&policy, doubt), place));
            }
        }
        'N' => {
            if let Some(chain) = table.chain(name) {
                chain.declared.get_or_insert(place);
            }
        }
        'F' => {
            if let Some(chain) = table.get_mut(&name) {
                match doubt {
                    Some(doubt) => chain.rules.iter_mut().for_each(|rule| _ = rule.doubt.get_or_insert(doubt.clone())),
                    None => chain.rules.clear(),
                }
            }
        }
        'X' if doubt.is_none() && rank(&name).is_none() => table.remove(&name),
        'E' if doubt.is_none() => {
            if let Some(to) = policy {
                table.rename(&name, to);
            }
        }
        _ => {}
    }
}

/// `-F` and `-X` without a chain.
fn everything(table: &mut Table<'_>, letter: char, doubt: Option<&Doubt>) {
    if letter == 'X' {
        // Chains that rules still name stay; a dump cannot say so, and an unused one decides nothing.
        return;
    }
    for chain in &mut table.chains {
        match doubt {
            Some(doubt) => chain.rules.iter_mut().for_each(|rule| _ = rule.doubt.get_or_insert(doubt.clone())),
            None => chain.rules.clear(),
        }
    }
}

/// Whether two rules say the same, in whatever order.
fn same(one: &[Word<'_>], other: &[Word<'_>]) -> bool {
    let sorted = |words: &[Word<'_>]| {
        let mut texts: Vec<String> = words.iter().map(|word| word.text.to_string()).collect();
        texts.sort_unstable();
        texts
    };
    one.len() == other.len() && sorted(one) == sorted(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acl::formats::iptables::word::split;

    fn after(commands: &[&'static str]) -> Vec<String> {
        let mut table = Table::default();
        for (line, text) in (1..).zip(commands) {
            let mut words = split(text).unwrap();
            if let Some(command) = take(&mut words).unwrap() {
                run(&mut table, Place::new(0, line), command, words, None);
            }
        }
        let chain = table.find("INPUT").and_then(|at| table.chains.get(at)).unwrap();
        chain.rules.iter().map(|rule| rule.place.line.to_string()).collect()
    }

    #[test]
    fn a_rule_is_inserted_where_its_number_says() {
        assert_eq!(after(&["-A INPUT -j DROP", "-I INPUT -j ACCEPT", "-I INPUT 2 -j LOG"]), ["2", "3", "1"]);
    }

    #[test]
    fn a_rule_is_deleted_by_number_or_by_what_it_says() {
        let by_number = ["-A INPUT -j DROP", "-A INPUT -j ACCEPT", "-D INPUT 1"];
        assert_eq!(after(&by_number), ["2"]);
        let by_words = ["-A INPUT -p tcp -j DROP", "-A INPUT -j ACCEPT", "-D INPUT -j DROP -p tcp"];
        assert_eq!(after(&by_words), ["2"]);
    }

    #[test]
    fn the_table_may_be_named_after_the_chain() {
        let mut words = split("-A PREROUTING -t nat -p tcp -j ACCEPT").unwrap();
        let command = take(&mut words).unwrap().unwrap();
        assert_eq!((command.letter, command.table.as_deref()), ('A', Some("nat")));
        assert_eq!(words.len(), 4);
    }

    #[test]
    fn a_flush_empties_every_chain() {
        assert_eq!(after(&["-A INPUT -j DROP", "-F", "-A INPUT -j ACCEPT"]), ["3"]);
    }
}
