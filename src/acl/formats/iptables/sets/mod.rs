//! The sets of ipset: what `ipset save`, `ipset list` and `ipset` commands say is in them. What a rule that names a set
//! means is in `meaning`.

mod element;
mod meaning;

use std::collections::HashMap;

pub use self::{
    element::{Element, Part, Piece},
    meaning::{Direction, Meaning, Use},
};
use super::{
    text::{malformed, short},
    word::{Word, split},
};
use crate::acl::{Doubt, Family, File, Malformed, Place};

/// What is wrong with a line about sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault(pub String);

impl Fault {
    /// The fault at a line.
    pub fn at(self, files: &[File], place: Place) -> Malformed {
        malformed(files, place, self.0, "give the output of ipset save as it is")
    }
}

/// What a set holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Elements of these parts: `hash:ip,port`.
    Parts(Vec<Part>),
    /// Other sets.
    List,
    /// Nobody here knows this type.
    Unknown,
}

/// One set.
#[derive(Debug, Clone)]
pub struct Set {
    /// Its name.
    pub name: String,
    /// The line that creates it.
    pub place: Place,
    /// What it holds.
    pub kind: Kind,
    /// The family of its addresses.
    pub family: Family,
    /// Networks, where a network is all an element is.
    pub plain: Vec<(u128, u128)>,
    /// Networks marked `nomatch`, where a network is all an element is.
    pub holes: Vec<(u128, u128)>,
    /// Elements of several parts.
    pub elements: Vec<Element>,
    /// Names of the sets in a list.
    pub members: Vec<String>,
    /// Bits of an address that count.
    pub netmask: Option<u8>,
    /// Elements may time out.
    pub timed: bool,
    /// Something in it cannot be told.
    pub doubt: Option<Doubt>,
}

/// All sets.
#[derive(Debug, Clone, Default)]
pub struct Sets {
    all: Vec<Set>,
    index: HashMap<String, usize>,
    last: usize,
    /// The set whose `ipset list` is being read, and whether its members have begun.
    listing: Option<(Place, String, bool)>,
}

impl Sets {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The first set, for an error about all of them.
    pub fn first(&self) -> Option<&Set> {
        self.all.first()
    }

    /// The set of a name.
    pub fn find(&self, name: &str) -> Option<&Set> {
        self.index.get(name).and_then(|at| self.all.get(*at))
    }

    /// A line of `ipset save`: `create …` or `add …`.
    pub fn saved_line(&mut self, place: Place, line: &str) -> Result<(), Fault> {
        if let Some(rest) = line.strip_prefix("add ") {
            let (name, rest) = rest.trim_start().split_once(' ').unwrap_or((rest, ""));
            let rest = rest.trim_start();
            let (entry, options) = rest.split_once(' ').unwrap_or((rest, ""));
            return self.add(name, entry, options);
        }
        let words = split(line).map_err(|_open| Fault("a quote is not closed".to_owned()))?;
        self.command(place, &words)
    }

    /// A line of `ipset list`; whether it is one.
    pub fn listed_line(&mut self, place: Place, line: &str) -> Result<bool, Fault> {
        if let Some(name) = line.strip_prefix("Name: ") {
            self.listing = Some((place, name.trim().to_owned(), false));
            return Ok(true);
        }
        let Some((created, name, members)) = self.listing.clone() else { return Ok(false) };
        if members {
            let (entry, options) = line.split_once(' ').unwrap_or((line, ""));
            self.add(&name, entry, options)?;
        } else if let Some(kind) = line.strip_prefix("Type: ") {
            self.create(created, &name, kind.trim(), &[]);
            // `ipset list -t` leaves the members out: until they come, nobody knows them.
            let absent = Doubt::new("set-missing", name.clone());
            self.each(Some(&name), |set| _ = set.doubt.get_or_insert(absent.clone()));
        } else if let Some(header) = line.strip_prefix("Header: ") {
            let words: Vec<Word<'_>> = header.split_ascii_whitespace().map(Word::plain).collect();
            if let Some(set) = self.index.get(&name).and_then(|at| self.all.get_mut(*at)) {
                set.options(&words);
            }
        } else if line == "Members:" {
            self.each(Some(&name), |set| set.doubt = set.doubt.take().filter(|doubt| doubt.code != "set-missing"));
            self.listing = Some((created, name, true));
        }
        Ok(true)
    }

    /// A blank line: the end of a set's members.
    pub fn end_listing(&mut self) {
        if self.listing.is_some() {
            self.listing = None;
        }
    }

    /// A command of ipset, without its program.
    pub fn command(&mut self, place: Place, words: &[Word<'_>]) -> Result<(), Fault> {
        let texts: Vec<&str> = words
            .iter()
            .map(|word| &*word.text)
            .filter(|text| !matches!(*text, "-exist" | "-!" | "-q" | "-quiet" | "--exist"))
            .collect();
        match texts.as_slice() {
            ["create" | "-N" | "--create" | "n", name, kind, ..] => {
                let from = words.iter().position(|word| word.text == *kind).map_or(words.len(), |at| at + 1);
                self.create(place, name, kind, words.get(from..).unwrap_or_default());
            }
            ["add" | "-A" | "--add", name, entry, options @ ..] => self.add(name, entry, &options.join(" "))?,
            ["del" | "-D" | "--del", name, entry, ..] => self.delete(name, entry)?,
            ["flush" | "-F" | "--flush", name] => self.each(Some(name), Set::clear),
            ["flush" | "-F" | "--flush"] => self.each(None, Set::clear),
            ["destroy" | "-X" | "--destroy" | "x", name] => _ = self.index.remove(*name),
            ["destroy" | "-X" | "--destroy" | "x"] => self.index.clear(),
            ["swap" | "-W" | "--swap", one, other] => {
                if let (Some(first), Some(second)) = (self.index.get(*one).copied(), self.index.get(*other).copied()) {
                    self.index.insert((*one).to_owned(), second);
                    self.index.insert((*other).to_owned(), first);
                }
            }
            ["rename" | "-E" | "--rename", from, to] => {
                if let Some(at) = self.index.remove(*from) {
                    self.index.insert((*to).to_owned(), at);
                }
            }
            ["create" | "add" | "del", ..] => return Err(Fault("this ipset command is not whole".to_owned())),
            _ => {}
        }
        Ok(())
    }

    /// Says that nobody can tell any more what is in a set; `None` for all of them.
    pub fn distrust(&mut self, name: Option<&str>, doubt: &Doubt) {
        self.each(name, |set| _ = set.doubt.get_or_insert(doubt.clone()));
    }

    fn each(&mut self, name: Option<&str>, change: impl Fn(&mut Set)) {
        match name {
            Some(name) => {
                if let Some(set) = self.index.get(name).and_then(|at| self.all.get_mut(*at)) {
                    change(set);
                }
            }
            None => self.all.iter_mut().for_each(change),
        }
    }

    fn create(&mut self, place: Place, name: &str, kind: &str, options: &[Word<'_>]) {
        if self.index.contains_key(name) {
            return; // `-exist`
        }
        let mut set = Set {
            name: name.to_owned(),
            place,
            kind: element::kind(kind),
            family: Family::V4,
            plain: Vec::new(),
            holes: Vec::new(),
            elements: Vec::new(),
            members: Vec::new(),
            netmask: None,
            timed: false,
            doubt: None,
        };
        if set.kind == Kind::Unknown {
            set.doubt = Some(Doubt::new("not-understood", format!("ipset {name}: {kind}")));
        }
        set.options(options);
        self.index.insert(name.to_owned(), self.all.len());
        self.all.push(set);
    }

    fn set(&mut self, name: &str) -> Result<&mut Set, Fault> {
        let cached = self.all.get(self.last).is_some_and(|set| set.name == name)
            && self.index.get(name).is_none_or(|at| *at == self.last);
        if !cached {
            self.last = self.index.get(name).copied().unwrap_or(usize::MAX);
        }
        let missing = || Fault(format!("the set `{}` is not created above", short(name)));
        self.all.get_mut(self.last).ok_or_else(missing)
    }

    fn add(&mut self, name: &str, entry: &str, options: &str) -> Result<(), Fault> {
        let set = self.set(name)?;
        let (mut nomatch, mut wildcard) = (false, false);
        if !options.is_empty() {
            let words = split(options).map_err(|_open| Fault("a quote is not closed".to_owned()))?;
            let mut words = words.iter();
            while let Some(word) = words.next() {
                match &*word.text {
                    "nomatch" => nomatch = true,
                    "wildcard" => wildcard = true,
                    "timeout" => set.timed |= words.next().is_some_and(|value| value.text != "0"),
                    "comment" | "packets" | "bytes" | "skbmark" | "skbprio" | "skbqueue" | "before" | "after" => {
                        words.next();
                    }
                    _ => {}
                }
            }
        }
        set.add(entry, nomatch, wildcard)
    }

    fn delete(&mut self, name: &str, entry: &str) -> Result<(), Fault> {
        let set = self.set(name)?;
        let mut one = Set { plain: Vec::new(), elements: Vec::new(), members: Vec::new(), ..set.clone() };
        one.add(entry, false, false)?;
        set.plain.retain(|range| !one.plain.contains(range));
        set.holes.retain(|range| !one.plain.contains(range));
        set.members.retain(|member| !one.members.contains(member));
        set.elements.retain(|element| !one.elements.iter().any(|gone| gone.same(element)));
        Ok(())
    }
}
