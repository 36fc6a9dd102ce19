//! Where lines go: the table that is open, named by a `*table` line or not at all, as in `iptables -S` and `-L`. Which
//! table an unnamed one is, `families` finds out.

use std::borrow::Cow;

use super::{
    listing::Columns,
    model::{Dump, Evidence, RawRule, Table, TableName, rank},
    reader::{LISTING, Reader, TWICE},
    text::policy_word,
};
use crate::acl::{Assumption, Family, Malformed, Place};

/// Rules and chains whose table no line names (`iptables -S`, `-L`).
#[derive(Default)]
pub struct Bare<'a> {
    pub table: Table<'a>,
    pub evidence: Evidence,
    start: Option<Place>,
    /// The last built-in chain that was declared.
    rank: Option<usize>,
    marked: Option<(Option<Family>, TableName)>,
}

/// Where lines go.
#[derive(Default)]
pub enum Mode<'a> {
    /// Nowhere yet.
    #[default]
    Outside,
    /// After a `*table` line.
    Saved(TableName),
    /// In a listing of one table.
    Bare(Box<Bare<'a>>),
}

impl<'a> Reader<'a> {
    /// `:CHAIN POLICY [packets:bytes]`
    pub(super) fn declared(&mut self, place: Place, declared: &'a str) -> Result<(), Malformed> {
        let mut parts = declared.split_ascii_whitespace();
        let (Some(name), policy) = (parts.next(), parts.next().unwrap_or("-")) else { return Ok(()) };
        self.declare(place, Cow::Borrowed(name), Some(policy).filter(|policy| *policy != "-"))
    }

    /// A chain is named as such, with a policy or without.
    pub(super) fn declare(&mut self, place: Place, name: Cow<'a, str>, policy: Option<&str>) -> Result<(), Malformed> {
        if !matches!(self.mode, Mode::Saved(_)) {
            self.section(place, &name, policy.is_some())?;
        }
        let policy = policy.map(|policy| (policy_word(policy, None), place));
        if let Some(chain) = self.table(place).and_then(|table| table.chain(name)) {
            chain.declared.get_or_insert(place);
            chain.policy = policy.or(chain.policy.take());
        }
        Ok(())
    }

    /// In a listing without table names: whether a new table begins with this chain, and remembers the chain.
    pub(super) fn section(&mut self, place: Place, name: &str, built_in: bool) -> Result<(), Malformed> {
        let rank = rank(name).filter(|_| built_in);
        let ends = match (&self.mode, rank) {
            (Mode::Bare(bare), Some(rank)) => bare.rank.is_some_and(|before| before >= rank),
            _ => false,
        };
        if ends || self.marker.is_some() {
            self.end_bare()?;
        }
        if !matches!(self.mode, Mode::Bare(_)) {
            let marked = self.marker.take();
            self.mode = Mode::Bare(Box::new(Bare { marked, start: Some(place), ..Bare::default() }));
        }
        if let Mode::Bare(bare) = &mut self.mode {
            bare.rank = rank.or(bare.rank);
        }
        Ok(())
    }

    /// The table that lines go to; where none was named, filter.
    pub(super) fn table(&mut self, place: Place) -> Option<&mut Table<'a>> {
        match self.mode {
            Mode::Outside => self.dump(place)?.table_mut(TableName::Filter),
            Mode::Saved(name) => self.dump(place)?.table_mut(name),
            Mode::Bare(ref mut bare) => Some(&mut bare.table),
        }
    }

    /// The end of a listing of one table: finds out which table it is, and puts it where it belongs.
    pub(super) fn end_bare(&mut self) -> Result<(), Malformed> {
        let Mode::Bare(bare) = std::mem::take(&mut self.mode) else { return Ok(()) };
        let Bare { table, evidence, start, marked, .. } = *bare;
        let place = start.unwrap_or(Place::new(0, 1));
        let name = marked.map_or_else(|| super::families::table_of(&table), |(_, name)| name);
        let fits = |dump: &Dump<'_>| {
            let (one, other) = (dump.family.or(dump.evidence.family()), evidence.family());
            dump.table(name).is_none() && (one.is_none() || other.is_none() || one == other)
        };
        if let Some(family) = marked.and_then(|(family, _)| family) {
            self.dump_of(family);
        } else if !self.host.dumps.get(self.current).is_some_and(fits) {
            self.begin_dump(None);
        }
        let mut twice = false;
        if let Some(dump) = self.dump(place) {
            dump.shape.listed.get_or_insert(place);
            dump.evidence.add(evidence);
            twice = dump.table(name).is_some();
            dump.tables.push((name, table));
        }
        if twice {
            let what = format!("the table `{}` is there a second time for one family", name.word());
            return Err(self.wrong(place, what, TWICE));
        }
        Ok(())
    }

    /// `INPUT (policy DROP 0 packets, 0 bytes)` or `WEB (2 references)`
    pub(super) fn listed_chain(&mut self, place: Place, rest: &'a str) -> Result<(), Malformed> {
        let (name, about) = rest.split_once(" (").unwrap_or((rest, ""));
        let policy = about.strip_prefix("policy ");
        let policy = policy.map(|policy| policy.split([' ', ')']).next().unwrap_or_default());
        if let Mode::Saved(_) = self.mode {
            self.mode = Mode::Outside;
        }
        let name = Cow::Borrowed(name.trim());
        self.declare(place, name.clone(), policy)?;
        self.columns = Some(Columns::default());
        self.in_chain = Some(name);
        Ok(())
    }

    /// A row of a listing.
    pub(super) fn listed(&mut self, place: Place, line: &str) -> Result<(), Malformed> {
        let Some(columns) = self.columns else { return Ok(()) };
        let row = super::listing::row(columns, line).map_err(|what| self.wrong(place, what, LISTING))?;
        let Some(chain) = self.in_chain.clone() else { return Ok(()) };
        if !columns.interfaces && !self.host.assumptions.iter().any(|known| known.code == "no-interface-column") {
            let what = chain.to_string();
            self.host.assumptions.push(Assumption { code: "no-interface-column", place: Some(place), what });
        }
        if let Mode::Bare(bare) = &mut self.mode {
            let seen = match row.family {
                Some(Family::V4) => Evidence { v4: Some(place), ..Evidence::default() },
                Some(Family::V6) => Evidence { v6: Some(place), ..Evidence::default() },
                None => Evidence::default(),
            };
            bare.evidence.add(seen);
        }
        if let Some(chain) = self.table(place).and_then(|table| table.chain(chain)) {
            chain.rules.push(RawRule { place, words: row.words, doubt: row.doubt });
        }
        Ok(())
    }
}
