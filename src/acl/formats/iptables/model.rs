//! Tables, chains and rules as they are written, before they are understood: what a dump adds to and a script edits.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::word::Word;
use crate::acl::{Doubt, Family, Place};

/// A table, in the order packets meet them (netfilter's priorities -300, -150, -100, 0, 50).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TableName {
    /// Before connection tracking.
    Raw,
    /// Changes packets.
    Mangle,
    /// Translates addresses.
    Nat,
    /// Filters.
    Filter,
    /// Marks for `SELinux`.
    Security,
}

impl TableName {
    /// The table of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "raw" => Self::Raw,
            "mangle" => Self::Mangle,
            "nat" => Self::Nat,
            "filter" => Self::Filter,
            "security" => Self::Security,
            _ => return None,
        })
    }

    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Mangle => "mangle",
            Self::Nat => "nat",
            Self::Filter => "filter",
            Self::Security => "security",
        }
    }
}

/// The built-in chains, in the order every listing has them.
pub const BASE_CHAINS: [&str; 5] = ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"];

/// Which built-in chain it is.
pub fn rank(chain: &str) -> Option<usize> {
    BASE_CHAINS.iter().position(|name| *name == chain)
}

/// A rule as it is written.
#[derive(Debug, Clone)]
pub struct RawRule<'a> {
    /// Its line.
    pub place: Place,
    /// Its words, without the command and the chain.
    pub words: Vec<Word<'a>>,
    /// Why it may not be there, or may not apply, beside what it says itself.
    pub doubt: Option<Doubt>,
}

/// What a policy says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PolicyWord {
    /// ACCEPT.
    Accept,
    /// DROP.
    Drop,
    /// Nobody can tell.
    Unknown(Doubt),
}

/// A chain as it is written.
#[derive(Debug, Clone)]
pub struct RawChain<'a> {
    /// Its name.
    pub name: Cow<'a, str>,
    /// The line that names it as a chain; `None` where only rules speak of it.
    pub declared: Option<Place>,
    /// Its policy and where that is set.
    pub policy: Option<(PolicyWord, Place)>,
    /// Its rules.
    pub rules: Vec<RawRule<'a>>,
}

/// A table as it is written.
#[derive(Debug, Clone, Default)]
pub struct Table<'a> {
    /// Its chains, in the order they came.
    pub chains: Vec<RawChain<'a>>,
    index: FxHashMap<Cow<'a, str>, usize>,
    last: usize,
}

impl<'a> Table<'a> {
    /// Where a chain is.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.index.get(name).copied()
    }

    /// A chain that is there.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut RawChain<'a>> {
        let at = self.find(name)?;
        self.chains.get_mut(at)
    }

    /// A chain, made where it is not there yet. Rules of one chain come one after the other, so the last one is asked first.
    pub fn chain(&mut self, name: Cow<'a, str>) -> Option<&mut RawChain<'a>> {
        if self.chains.get(self.last).is_none_or(|chain| chain.name != name) {
            self.last = self.index.get(&name).copied().unwrap_or(self.chains.len());
            if self.last == self.chains.len() {
                self.index.insert(name.clone(), self.last);
                self.chains.push(RawChain { name, declared: None, policy: None, rules: Vec::new() });
            }
        }
        self.chains.get_mut(self.last)
    }

    /// Takes a chain out (`-X`): it becomes empty and nobody finds it any more.
    pub fn remove(&mut self, name: &str) {
        if let Some(at) = self.index.remove(name)
            && let Some(chain) = self.chains.get_mut(at)
        {
            chain.rules.clear();
            chain.declared = None;
            chain.name = Cow::Borrowed("");
        }
    }

    /// Gives a chain another name (`-E`).
    pub fn rename(&mut self, from: &str, to: Cow<'a, str>) {
        if let Some(at) = self.index.remove(from)
            && let Some(chain) = self.chains.get_mut(at)
        {
            chain.name.clone_from(&to);
            self.index.insert(to, at);
        }
    }
}

/// How a dump came to be: it says what is known of tables and chains that are not in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shape {
    /// `iptables-save`: all tables in use.
    pub saved: bool,
    /// `iptables -L` or `-S`: one table each.
    pub listed: Option<Place>,
    /// `iptables -A …` commands: what was there before is not known.
    pub scripted: Option<Place>,
}

/// The tables of one family, as far as a dump has them.
#[derive(Debug, Clone, Default)]
pub struct Dump<'a> {
    /// Its family, where that is known.
    pub family: Option<Family>,
    /// What speaks for IPv4 and for IPv6.
    pub evidence: Evidence,
    /// The file it is in, and its first line.
    pub start: Option<Place>,
    /// Its tables.
    pub tables: Vec<(TableName, Table<'a>)>,
    /// How it came to be.
    pub shape: Shape,
}

impl<'a> Dump<'a> {
    /// A table that is there.
    pub fn table(&self, name: TableName) -> Option<&Table<'a>> {
        self.tables.iter().find(|(known, _)| *known == name).map(|(_, table)| table)
    }

    /// A table, made where it is not there yet.
    pub fn table_mut(&mut self, name: TableName) -> Option<&mut Table<'a>> {
        let at = self.tables.iter().position(|(known, _)| *known == name).unwrap_or_else(|| {
            self.tables.push((name, Table::default()));
            self.tables.len() - 1
        });
        self.tables.get_mut(at).map(|(_, table)| table)
    }
}

/// What in the rules speaks for a family.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Evidence {
    /// The first line with an IPv4 address.
    pub v4: Option<Place>,
    /// The first line with an IPv6 address.
    pub v6: Option<Place>,
    /// `ICMPv6` is spoken of.
    pub icmp6: bool,
}

impl Evidence {
    /// Looks at the words of a rule.
    pub fn look(&mut self, place: Place, words: &[Word<'_>]) {
        let mut before = "";
        for word in words {
            let text = &*word.text;
            match before {
                "-s" | "-d" | "--source" | "--destination" | "--src" | "--dst" | "--src-range" | "--dst-range"
                | "--to-destination" => {
                    let start = text.trim_start_matches('[');
                    if start.bytes().filter(|byte| *byte == b':').count() > 1 {
                        self.v6.get_or_insert(place);
                    } else if start.starts_with(|char: char| char.is_ascii_digit()) && start.contains('.') {
                        self.v4.get_or_insert(place);
                    }
                }
                "--reject-with" if text.starts_with("icmp6-") => _ = self.v6.get_or_insert(place),
                "--reject-with" if text.starts_with("icmp-") => _ = self.v4.get_or_insert(place),
                "-p" | "--protocol" | "-m" => self.icmp6 |= matches!(text, "ipv6-icmp" | "icmpv6" | "icmp6"),
                _ => {}
            }
            if text != "!" {
                before = text;
            }
        }
    }

    /// What another part of the same dump says too.
    pub fn add(&mut self, other: Self) {
        self.v4 = self.v4.or(other.v4);
        self.v6 = self.v6.or(other.v6);
        self.icmp6 |= other.icmp6;
    }

    /// The family it speaks for.
    pub fn family(self) -> Option<Family> {
        match (self.v4, self.v6) {
            (Some(_), _) => Some(Family::V4),
            (None, Some(_)) => Some(Family::V6),
            (None, None) => self.icmp6.then_some(Family::V6),
        }
    }
}
