//! What text and JSON are both read into: tables, chains, sets, and rules as lists of statements. Names are nft's. Nothing is
//! evaluated here.

use std::{collections::HashMap, sync::Arc};

use crate::acl::{Doubt, Family, How, Place};

/// Everything the files of a layer define.
#[derive(Debug, Default)]
pub struct Tree {
    /// The tables, in the order they are first named.
    pub tables: Vec<Table>,
    by_name: HashMap<(String, String), usize>,
    /// Includes that are not among the files, and statements that change rules in a way nobody can follow.
    pub gaps: Vec<(Place, Doubt)>,
    /// The line that shows that a person wrote it: a configuration, not what the kernel listed.
    pub written: Option<Place>,
}

/// A table.
#[derive(Debug, Default)]
pub struct Table {
    /// `ip`, `ip6`, `inet`, `netdev`, `bridge` or `arp`.
    pub family: String,
    /// Its name.
    pub name: String,
    /// `flags dormant`: its chains are not hooked in.
    pub dormant: bool,
    /// Where it is first named.
    pub place: Option<Place>,
    /// The chains in order.
    pub chains: Vec<ChainDef>,
    chain_names: HashMap<String, usize>,
    /// The sets and maps in order.
    pub sets: Vec<SetDef>,
    set_names: HashMap<String, usize>,
}

/// A chain.
#[derive(Debug, Default)]
pub struct ChainDef {
    /// Its name.
    pub name: String,
    /// The files define it; else they only add rules to it.
    pub defined: bool,
    /// Where packets meet it; `None` for one that is only jumped to.
    pub base: Option<Base>,
    /// Rules that were put to the front, the last one first in the chain.
    pub front: Vec<RuleDef>,
    /// The other rules in order.
    pub rules: Vec<RuleDef>,
    /// Where its block ends: the file, and the byte of the closing brace.
    pub end: Option<(usize, usize)>,
}

impl ChainDef {
    /// All rules in the order packets meet them.
    pub fn all(&self) -> impl Iterator<Item = &RuleDef> {
        self.front.iter().rev().chain(&self.rules)
    }

    /// Forgets the rules.
    pub fn flush(&mut self) {
        self.front.clear();
        self.rules.clear();
    }
}

/// How a base chain is hooked in.
#[derive(Debug, Clone)]
pub struct Base {
    /// `filter`, `nat` or `route`.
    pub kind: String,
    /// `input`, `prerouting` and so on.
    pub hook: String,
    /// Lower is earlier.
    pub priority: i64,
    /// Interfaces of an ingress or egress chain; empty where the listing leaves them out.
    pub devices: Vec<String>,
    /// Whether what no rule decides is dropped.
    pub drops: bool,
    /// The line of the policy.
    pub place: Place,
}

/// A set or map.
#[derive(Debug, Default)]
pub struct SetDef {
    /// Its name.
    pub name: String,
    /// Elements are added while packets pass.
    pub dynamic: bool,
    /// An element has a time to live.
    pub expires: bool,
    /// Where it is defined.
    pub place: Option<Place>,
    /// What is in it.
    pub elements: Vec<Element>,
}

/// A rule.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleDef {
    /// Its line.
    pub place: Place,
    /// The byte it starts at in its file.
    pub start: usize,
    /// The kernel's number of it.
    pub handle: Option<u64>,
    /// What it does, in order.
    pub statements: Vec<Statement>,
}

/// One statement of a rule.
#[derive(Debug, Clone, PartialEq)]
pub enum Statement {
    /// Goes on only if this holds.
    Match {
        /// What is looked at.
        left: Expr,
        /// How it is compared.
        op: Op,
        /// With what.
        right: Expr,
    },
    /// Goes on only if something holds that nobody can know.
    Maybe(Doubt),
    /// Ends the rule.
    Verdict(Verdict),
    /// Ends the rule with the verdict of the element that is found; goes on to the next rule without one.
    Vmap {
        /// What is looked up.
        key: Expr,
        /// The map.
        data: Expr,
    },
    /// Refuses with an answer.
    Reject(How),
    /// Sends it elsewhere.
    Nat {
        /// Only packets of this family.
        family: Option<Family>,
        /// To where.
        to: Destination,
    },
    /// Exempts it from connection tracking.
    Untrack,
    /// Puts elements into a set while packets pass.
    Update {
        /// The set.
        set: String,
        /// Goes on only if this rate or count allows.
        limited: Option<Doubt>,
    },
    /// Changes addresses or ports in a way that cannot be followed.
    Rewrite(Doubt),
    /// May do anything.
    Unknown(Doubt),
    /// Changes nothing that matters: counters, logs, marks.
    Nothing,
}

/// Where a translation sends packets.
#[derive(Debug, Clone, PartialEq)]
pub enum Destination {
    /// To this host.
    Here(Option<Expr>),
    /// To another, or this one by address.
    Host(Expr, Option<Expr>),
    /// To what a map says.
    Map {
        /// What is looked up.
        key: Expr,
        /// The map.
        data: Expr,
        /// It gives ports of this host, not addresses.
        ports: bool,
    },
}

/// How a match compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// Nothing written: equal, or for flags one of them.
    Implicit,
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `>`
    Gt,
    /// `<=`
    Le,
    /// `>=`
    Ge,
    /// `!`: none of these flags.
    Without,
}

/// What ends a rule.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Ends this base chain.
    Accept,
    /// Ends everything.
    Drop,
    /// Goes on.
    Continue,
    /// Back to the caller.
    Return,
    /// Through a chain and back.
    Jump(Target),
    /// Through a chain and back to the caller.
    Goto(Target),
    /// Not read.
    Unknown(Doubt),
}

/// A chain that is gone to.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// By name, in the same table.
    Named(String),
    /// Written in place.
    Inline(Vec<RuleDef>),
}

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// Something of the packet: `ip saddr`, `meta iifname`, `ct state`.
    Selector(String),
    /// The bits of a mask.
    Mask(Box<Expr>, Box<Expr>),
    /// A value as it is written.
    Word(String),
    /// From the first to the second.
    Range(Box<Expr>, Box<Expr>),
    /// Flags that make one value.
    Or(Vec<Expr>),
    /// Flags of which one is enough.
    List(Vec<Expr>),
    /// An anonymous set or map.
    Set(Vec<Element>),
    /// A named set or map.
    Ref(String),
    /// What a variable stands for.
    Shared(Arc<Expr>),
    /// Several parts side by side.
    Concat(Vec<Expr>),
    /// Nobody can tell.
    Unknown(Doubt),
}

/// An element of a set or map.
#[derive(Debug, Clone, PartialEq)]
pub struct Element {
    /// The key; `*` stands for what nothing else matches.
    pub key: Expr,
    /// What a map gives for it.
    pub data: Option<Data>,
    /// It has a time to live.
    pub expires: bool,
}

/// What a map gives.
#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    /// A verdict.
    Verdict(Verdict),
    /// A value.
    Value(Expr),
}

impl Expr {
    /// The expression behind variables.
    pub fn plain(&self) -> &Self {
        let mut expr = self;
        while let Self::Shared(inner) = expr {
            expr = inner;
        }
        expr
    }

    /// How many parts it has, variables included: what spreading it out would cost.
    pub fn size(&self) -> usize {
        match self {
            Self::Selector(_) | Self::Word(_) | Self::Ref(_) | Self::Unknown(_) => 1,
            Self::Mask(one, two) | Self::Range(one, two) => one.size().saturating_add(two.size()),
            Self::Or(parts) | Self::List(parts) | Self::Concat(parts) => {
                parts.iter().fold(1, |sum, part| sum.saturating_add(part.size()))
            }
            Self::Set(elements) => elements.iter().fold(1, |sum, element| sum.saturating_add(element.key.size())),
            Self::Shared(inner) => inner.size(),
        }
    }
}

impl Tree {
    /// The table of a name, made if it is new.
    pub fn table(&mut self, family: &str, name: &str, place: Place) -> Option<&mut Table> {
        let key = (family.to_owned(), name.to_owned());
        let index = *self.by_name.entry(key).or_insert_with(|| {
            let (family, name) = (family.to_owned(), name.to_owned());
            self.tables.push(Table { family, name, place: Some(place), ..Table::default() });
            self.tables.len() - 1
        });
        self.tables.get_mut(index)
    }

    /// Forgets tables: all (`flush ruleset`), those of a family, or one.
    pub fn forget(&mut self, family: Option<&str>, name: Option<&str>) {
        let named = |table: &Table| {
            family.is_none_or(|family| table.family == family) && name.is_none_or(|name| table.name == name)
        };
        self.tables.retain(|table| !named(table));
        self.by_name =
            (0..).zip(&self.tables).map(|(at, table)| ((table.family.clone(), table.name.clone()), at)).collect();
    }
}

impl Table {
    /// The chain of a name, made if it is new.
    pub fn chain(&mut self, name: &str) -> Option<&mut ChainDef> {
        let index = *self.chain_names.entry(name.to_owned()).or_insert_with(|| {
            self.chains.push(ChainDef { name: name.to_owned(), ..ChainDef::default() });
            self.chains.len() - 1
        });
        self.chains.get_mut(index)
    }

    /// The chain of a name.
    pub fn chain_named(&self, name: &str) -> Option<&ChainDef> {
        self.chains.get(*self.chain_names.get(name)?)
    }

    /// The set of a name, made if it is new.
    pub fn set(&mut self, name: &str, place: Place) -> Option<&mut SetDef> {
        let index = *self.set_names.entry(name.to_owned()).or_insert_with(|| {
            self.sets.push(SetDef { name: name.to_owned(), place: Some(place), ..SetDef::default() });
            self.sets.len() - 1
        });
        self.sets.get_mut(index)
    }

    /// The set of a name.
    pub fn set_named(&self, name: &str) -> Option<&SetDef> {
        self.sets.get(*self.set_names.get(name)?)
    }

    /// Forgets a chain.
    pub fn forget_chain(&mut self, name: &str) {
        self.chains.retain(|chain| chain.name != name);
        self.chain_names = (0..).zip(&self.chains).map(|(at, chain)| (chain.name.clone(), at)).collect();
    }
}
