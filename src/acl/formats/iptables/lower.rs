//! From tables as written to the rule set the engine follows: chains, and the stages of each hook in netfilter's order.

use std::collections::{HashMap, HashSet};

use super::{
    model::{Dump, PolicyWord, RawChain, RawRule, Table, TableName, rank},
    reader::Host,
    rule::{Context, Fault, Meant, Reached, understand},
    sets::{Direction, Meaning},
    text::{malformed, short},
};
use crate::acl::{
    Action, Assumption, Chain, ChainId, Condition, Doubt, Family, File, Hook, How, Idle, Kind, Malformed, Place,
    Policy, Reading, Rule, Ruleset, Stage,
};

/// The hook of each built-in chain, by its rank.
const HOOKS: [Hook; 5] = [Hook::Prerouting, Hook::Input, Hook::Forward, Hook::Output, Hook::Postrouting];

/// Lowers what was read.
pub fn lower(host: &Host<'_>, files: &[File], reading: &Reading) -> Result<Ruleset, Malformed> {
    if host.dumps.is_empty() {
        let place = host.sets.first().map_or(Place::new(0, 0), |set| set.place);
        let (what, advice) = if host.sets.is_empty() {
            ("there is no rule of iptables in it", "give the output of iptables-save, as root")
        } else {
            ("there are sets, but no rules that use them", "give the output of iptables-save beside that of ipset save")
        };
        return Err(malformed(files, place, what, advice));
    }
    let mut lowering = Lowering {
        host,
        files,
        reading,
        added: changed_sets(host, "--add-set"),
        removed: changed_sets(host, "--del-set"),
        ruleset: Ruleset { sees: reading.sees.clone(), assumptions: host.assumptions.clone(), ..Ruleset::default() },
        seen: HashSet::new(),
    };
    for dump in &host.dumps {
        lowering.dump(dump)?;
    }
    Ok(lowering.ruleset)
}

struct Lowering<'h> {
    host: &'h Host<'h>,
    files: &'h [File],
    reading: &'h Reading,
    added: HashSet<String>,
    removed: HashSet<String>,
    ruleset: Ruleset,
    /// Assumptions that are there already.
    seen: HashSet<Assumption>,
}

impl Lowering<'_> {
    fn dump(&mut self, dump: &Dump<'_>) -> Result<(), Malformed> {
        let family = dump.family.unwrap_or(Family::V4);
        if !self.ruleset.families.contains(&family) {
            self.ruleset.families.push(family);
            self.ruleset.families.sort_unstable();
        }
        let mut meanings = HashMap::new();
        let mut tables: Vec<&(TableName, Table<'_>)> = dump.tables.iter().collect();
        tables.sort_by_key(|(name, _)| *name);
        let mut stages: Vec<(usize, i16, Stage)> = Vec::new();
        for (name, table) in tables {
            self.table(family, *name, table, &mut meanings, &mut stages)?;
        }
        stages.sort_by_key(|(rank, priority, _)| (*rank, *priority));
        self.ruleset.stages.extend(stages.into_iter().map(|(_, _, stage)| stage));
        self.missing(dump, family);
        Ok(())
    }

    fn table(
        &mut self,
        family: Family,
        name: TableName,
        table: &Table<'_>,
        meanings: &mut HashMap<(String, Vec<Direction>), Meaning>,
        stages: &mut Vec<(usize, i16, Stage)>,
    ) -> Result<(), Malformed> {
        let first = self.ruleset.chains.len();
        let chains: HashMap<&str, ChainId> =
            (first..).zip(&table.chains).map(|(id, chain)| (&*chain.name, ChainId(id))).collect();
        let reached = reached(table);
        for (at, chain) in table.chains.iter().enumerate() {
            let mut context = Context {
                family,
                reached: reached.get(at).copied().unwrap_or_default(),
                sets: &self.host.sets,
                added: &self.added,
                removed: &self.removed,
                chains: &chains,
                meanings,
            };
            let mut rules = Vec::with_capacity(chain.rules.len());
            for raw in &chain.rules {
                let meant = understand(&raw.words, &mut context).map_err(|fault| fault.at(self.files, raw.place))?;
                rules.push(rule(raw, meant, &mut self.ruleset, &mut self.seen, self.reading));
            }
            let mut policy = Policy::accept();
            if let Some((word, place)) = &chain.policy {
                policy.place = Some(*place);
                match word {
                    PolicyWord::Accept => {}
                    PolicyWord::Drop => policy.verdict = Action::Deny(How::Drop),
                    PolicyWord::Unknown(doubt) => {
                        rules.push(Rule::new(*place, Condition::ALWAYS, Action::Unknown(doubt.clone())));
                    }
                }
            }
            let title = format!("{} {}", name.word(), chain.name);
            self.ruleset.chains.push(Chain { name: title, rules });
            if let Some(rank) = rank(&chain.name)
                && let Some(hook) = HOOKS.get(rank)
            {
                let (priority, kind) = priority(name, *hook);
                let stage = Stage { hook: *hook, chain: ChainId(first + at), family: Some(family), policy, kind };
                stages.push((rank, priority, stage));
            }
        }
        Ok(())
    }

    /// What a dump does not show, by how it came to be.
    fn missing(&mut self, dump: &Dump<'_>, family: Family) {
        let listed = dump.shape.listed.filter(|_| !dump.shape.saved);
        let filter = dump.table(TableName::Filter);
        if let (Some(place), None) = (listed, filter) {
            let chain = ChainId(self.ruleset.chains.len());
            let doubt = Action::Unknown(Doubt::new("table-missing", "filter"));
            let rules = vec![Rule::new(place, Condition::ALWAYS, doubt)];
            self.ruleset.chains.push(Chain { name: "filter INPUT".to_owned(), rules });
            for hook in [Hook::Input, Hook::Forward] {
                let (kind, policy) = (Kind::Filter, Policy::accept());
                self.ruleset.stages.push(Stage { hook, chain, family: Some(family), policy, kind });
            }
        }
        if let Some(place) = listed {
            let others = [TableName::Raw, TableName::Mangle, TableName::Nat];
            let missing: Vec<_> = others.into_iter().filter(|name| dump.table(*name).is_none()).collect();
            if !missing.is_empty() {
                let what = missing.into_iter().map(TableName::word).collect::<Vec<_>>().join(", ");
                self.assume(Assumption { code: "tables-assumed", place: Some(place), what });
            }
        }
        let undeclared = |table: Option<&Table<'_>>, name: &str| {
            let chain = table.and_then(|table| table.chains.get(table.find(name)?));
            chain.is_none_or(|chain| chain.policy.is_none())
        };
        let scripted = dump.shape.scripted.filter(|_| !dump.shape.saved);
        if filter.is_some() || scripted.is_some() {
            for name in ["INPUT", "OUTPUT"].into_iter().filter(|name| undeclared(filter, name)) {
                let place = scripted.or(dump.start);
                self.assume(Assumption { code: "policy-assumed", place, what: format!("filter {name} ACCEPT") });
            }
        }
    }

    fn assume(&mut self, assumption: Assumption) {
        assume(&mut self.ruleset, &mut self.seen, assumption);
    }
}

fn assume(ruleset: &mut Ruleset, seen: &mut HashSet<Assumption>, assumption: Assumption) {
    if seen.insert(assumption.clone()) {
        ruleset.assumptions.push(assumption);
    }
}

fn rule(
    raw: &RawRule<'_>,
    meant: Meant,
    ruleset: &mut Ruleset,
    seen: &mut HashSet<Assumption>,
    reading: &Reading,
) -> Rule {
    let Meant { mut when, then, idle, assumptions, sent_to } = meant;
    if let Some(doubt) = &raw.doubt {
        when.push(Condition::Unknown(doubt.clone()));
    }
    if let Some((code, what)) = idle {
        ruleset.idle.push(Idle { place: raw.place, code, what });
    }
    for mut assumption in assumptions {
        assumption.place.get_or_insert(raw.place);
        assume(ruleset, seen, assumption);
    }
    if let (Some(to), None) = (sent_to, reading.circumstances.server) {
        let what = to.to_string();
        assume(ruleset, seen, Assumption { code: "forward-assumed", place: Some(raw.place), what });
    }
    let condition = match (when.pop(), when.is_empty()) {
        (Some(only), true) => only,
        (last, _) => {
            when.extend(last);
            Condition::All(when)
        }
    };
    Rule::new(raw.place, condition, then.unwrap_or(Action::Continue))
}

fn priority(table: TableName, hook: Hook) -> (i16, Kind) {
    match (table, hook) {
        (TableName::Raw, _) => (-300, Kind::Filter),
        (TableName::Mangle, _) => (-150, Kind::Filter),
        (TableName::Nat, Hook::Input | Hook::Postrouting) => (100, Kind::Connection),
        (TableName::Nat, _) => (-100, Kind::Connection),
        (TableName::Filter, _) => (0, Kind::Filter),
        (TableName::Security, _) => (50, Kind::Filter),
    }
}

/// From which hooks each chain of a table can be reached.
fn reached(table: &Table<'_>) -> Vec<Reached> {
    let mut found = vec![Reached::default(); table.chains.len()];
    let mut open: Vec<(usize, Reached)> = Vec::new();
    for (at, chain) in table.chains.iter().enumerate() {
        let from = match rank(&chain.name) {
            Some(0 | 1) => Reached::INWARD,
            Some(2) => Reached::FORWARD,
            Some(3) => Reached::OUTWARD,
            Some(_) => Reached::AFTER,
            None => continue,
        };
        open.push((at, from));
    }
    while let Some((at, from)) = open.pop() {
        let (Some(known), Some(chain)) = (found.get_mut(at), table.chains.get(at)) else { continue };
        let all = known.or(from);
        if all == *known {
            continue;
        }
        *known = all;
        open.extend(jumps(chain).filter_map(|name| table.find(name)).map(|to| (to, all)));
    }
    found
}

fn jumps<'c>(chain: &'c RawChain<'_>) -> impl Iterator<Item = &'c str> {
    chain.rules.iter().filter_map(|rule| {
        let at = rule.words.iter().rposition(|word| word.is("-j") || word.is("-g") || word.is("--jump"))?;
        rule.words.get(at + 1).map(|word| &*word.text)
    })
}

/// Sets that rules change, by the option that does it.
fn changed_sets(host: &Host<'_>, option: &str) -> HashSet<String> {
    let rules = host.dumps.iter().flat_map(|dump| &dump.tables).flat_map(|(_, table)| &table.chains);
    let rules = rules.flat_map(|chain| &chain.rules);
    rules
        .filter_map(|rule| {
            let at = rule.words.iter().position(|word| word.is(option))?;
            rule.words.get(at + 1).map(|word| word.text.to_string())
        })
        .collect()
}

impl Fault {
    /// The fault at a line, with the column of its word.
    fn at(self, files: &[File], place: Place) -> Malformed {
        let mut error = malformed(files, place, self.what, RULE);
        let line = files.get(place.file).and_then(|file| file.line(place.line)).unwrap_or_default();
        if let Some((before, _)) = line.split_once(short(&self.word)) {
            error.column = u32::try_from(before.chars().count() + 1).unwrap_or(0);
        }
        error
    }
}

const RULE: &str = "iptables itself would refuse this rule; give the output of iptables-save as it is";
