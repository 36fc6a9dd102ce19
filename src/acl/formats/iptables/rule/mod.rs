//! What one rule means: its words as a condition and an action. Options that nobody here knows make it a maybe, with their
//! text; nothing is left out.

mod addresses;
mod matches;
mod target;

use std::collections::{HashMap, HashSet};

use super::{
    numbers::NotPorts,
    sets::{Direction, Meaning, Sets, Use},
    word::{Word, join},
};
use crate::acl::{Action, Assumption, ChainId, Condition, Doubt, Family, Ranges};

/// From which hooks a chain can be reached, as a set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reached(u8);

impl Reached {
    /// From PREROUTING or INPUT.
    pub const INWARD: Self = Self(1);
    /// From FORWARD.
    pub const FORWARD: Self = Self(2);
    /// From OUTPUT.
    pub const OUTWARD: Self = Self(4);
    /// From POSTROUTING.
    pub const AFTER: Self = Self(8);

    /// From either.
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// What a rule is understood with.
pub struct Context<'c> {
    /// Its family.
    pub family: Family,
    /// Where its chain is reached from.
    pub reached: Reached,
    /// The sets.
    pub sets: &'c Sets,
    /// Sets that rules add to.
    pub added: &'c HashSet<String>,
    /// Sets that rules take from.
    pub removed: &'c HashSet<String>,
    /// Chains of the rule's table.
    pub chains: &'c HashMap<&'c str, ChainId>,
    /// What sets mean, by name and sides.
    pub meanings: &'c mut HashMap<(String, Vec<Direction>), Meaning>,
}

/// What a rule means.
#[derive(Debug, Default)]
pub struct Meant {
    /// All of these.
    pub when: Vec<Condition>,
    /// What happens then; `None` where it only counts.
    pub then: Option<Action>,
    /// Why it can never match.
    pub idle: Option<(&'static str, String)>,
    /// What was taken for granted.
    pub assumptions: Vec<Assumption>,
    /// DNAT to this address.
    pub sent_to: Option<std::net::IpAddr>,
}

/// What is wrong with a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The word it is about.
    pub word: String,
    /// What is wrong.
    pub what: String,
}

/// Where in the words one is.
struct Cursor<'w, 'a> {
    words: &'w [Word<'a>],
    at: usize,
    /// A `!` stands before the option that is being read.
    negate: bool,
}

/// The words of a rule's target.
#[derive(Default)]
struct Target<'w> {
    name: Option<&'w str>,
    goes: bool,
    options: Vec<(&'w str, Vec<&'w str>)>,
}

impl Target<'_> {
    fn value(&self, names: &[&str]) -> Option<&str> {
        let found = self.options.iter().find(|(name, _)| names.contains(name))?;
        found.1.first().copied()
    }

    fn has(&self, name: &str) -> bool {
        self.options.iter().any(|(known, _)| *known == name)
    }
}

/// Understands a rule.
pub fn understand(words: &[Word<'_>], context: &mut Context<'_>) -> Result<Meant, Fault> {
    let mut meant = Meant::default();
    let mut target = Target::default();
    let mut cursor = Cursor { words, at: 0, negate: false };
    while let Some(word) = cursor.next() {
        cursor.negate = false;
        let mut word = word;
        if word.is("!") {
            cursor.negate = true;
            let Some(next) = cursor.next() else {
                return Err(Fault { word: "!".to_owned(), what: "nothing follows `!`".to_owned() });
            };
            word = next;
        }
        let known = !word.quoted && matches::option(&word.text, &mut cursor, context, &mut meant, &mut target)?;
        if !known {
            cursor.stray(word, &mut meant, &mut target);
        }
    }
    meant.then = target::action(&target, context, &mut meant)?;
    Ok(meant)
}

impl<'w, 'a> Cursor<'w, 'a> {
    fn next(&mut self) -> Option<&'w Word<'a>> {
        let word = self.words.get(self.at)?;
        self.at += 1;
        Some(word)
    }

    fn peek(&self) -> Option<&'w Word<'a>> {
        self.words.get(self.at)
    }

    /// The value of an option. Old rules have their `!` here.
    fn value(&mut self, option: &str) -> Result<&'w str, Fault> {
        let mut word = self.next();
        if word.is_some_and(|word| word.is("!")) {
            self.negate = !self.negate;
            word = self.next();
        }
        let missing = || Fault { word: option.to_owned(), what: format!("`{option}` has no value") };
        word.map(|word| &*word.text).ok_or_else(missing)
    }

    /// The words up to the next option that is known: those of a match nobody knows.
    fn unknown(&mut self) -> &'w [Word<'a>] {
        let start = self.at;
        while let Some(word) = self.peek() {
            let follows = if word.is("!") { self.words.get(self.at + 1) } else { Some(word) };
            if follows.is_some_and(|word| !word.quoted && matches::is_known(&word.text)) {
                break;
            }
            self.at += 1;
        }
        self.words.get(start..self.at).unwrap_or_default()
    }

    /// A word nobody here knows: an option of the target, or of a match.
    fn stray(&mut self, word: &'w Word<'a>, meant: &mut Meant, target: &mut Target<'w>) {
        let rest = {
            let start = self.at;
            while self.peek().is_some_and(|word| word.quoted || !(word.text.starts_with("--") || known_or_not(word))) {
                self.at += 1;
            }
            self.words.get(start..self.at).unwrap_or_default()
        };
        if target.name.is_some() {
            target.options.push((&word.text, rest.iter().map(|word| &*word.text).collect()));
            return;
        }
        let mut text = join(std::slice::from_ref(word));
        if !rest.is_empty() {
            text = format!("{text} {}", join(rest));
        }
        meant.when.push(Condition::unknown(doubt_of_text(&text), text));
    }
}

fn known_or_not(word: &Word<'_>) -> bool {
    word.is("!") || matches::is_known(&word.text)
}

/// The doubt of a match that is not followed, by its module.
fn doubt_of(module: &str) -> &'static str {
    match module {
        "limit" | "hashlimit" | "connlimit" | "dstlimit" | "quota" | "quota2" | "connbytes" | "fuzzy" => "limit",
        "geoip" => "geo",
        "string" | "webstr" | "layer7" | "tls" | "ndpi" => "string",
        "recent" => "recent",
        "time" => "time",
        "mark" | "connmark" => "mark",
        "owner" => "owner",
        _ => "match-unknown",
    }
}

fn doubt_of_text(text: &str) -> &'static str {
    if text.contains(['$', '`']) { "variable" } else { "match-unknown" }
}

/// Whether a value is left to the shell: a variable, the output of a command.
fn variable(text: &str) -> bool {
    text.contains(['$', '`'])
}

fn ports(word: &str, read: Result<Ranges, NotPorts>) -> Result<Result<Ranges, Condition>, Fault> {
    match read {
        Ok(ports) => Ok(Ok(ports)),
        Err(_) if variable(word) => Ok(Err(Condition::unknown("variable", word))),
        Err(NotPorts::Name) => Ok(Err(Condition::Unknown(Doubt::new("not-understood", word)))),
        Err(NotPorts::Wrong) => Err(Fault { word: word.to_owned(), what: format!("`{word}` names no ports") }),
    }
}

impl Context<'_> {
    fn meaning(&mut self, name: &str, sides: &[Direction]) -> Meaning {
        let key = (name.to_owned(), sides.to_vec());
        if let Some(known) = self.meanings.get(&key) {
            return known.clone();
        }
        let usage = Use { family: self.family, sides, added: self.added, removed: self.removed };
        let meaning = self.sets.meaning(name, usage);
        self.meanings.insert(key, meaning.clone());
        meaning
    }
}
