//! Base chains in the order packets meet them: hooks, priorities, and what the kernel makes of them. Rules are in `lower`.

use super::{
    lower::{Lowering, let_nowhere_pass, reachable},
    tree::{Base, Destination, Expr, RuleDef, Statement, Target, Tree, Verdict},
    value::is_reverse_path,
};
use crate::acl::{
    Action, Assumption, ChainId, Condition, Doubt, Family, Hook, How, Kind, Place, Policy, Reading, Rule, Ruleset,
    Stage,
};

/// Connection tracking's own priority: chains before it see no states.
const TRACKING: i64 = -200;

/// A stage with what orders it: the later of two with the same priority is met first, as the kernel puts a new chain before
/// those of its priority (checked on Linux 6.18).
struct Staged {
    order: (i64, i64, std::cmp::Reverse<usize>),
    stage: Stage,
}

/// The rule set of a tree.
pub fn ruleset(tree: &Tree, reading: &Reading) -> Ruleset {
    let redirects = redirects(tree, reading);
    let mut lowering = Lowering::new(tree, redirects);
    let mut assumptions = Vec::new();
    let mut found = Vec::new();
    for (index, table) in tree.tables.iter().enumerate() {
        let bridged = matches!(table.family.as_str(), "bridge" | "arp");
        let mut hooked = table.chains.iter().filter(|chain| chain.base.is_some()).peekable();
        if bridged && hooked.peek().is_some() {
            let what = format!("{} {}", table.family, table.name);
            assumptions.push(Assumption { code: "bridge-ignored", place: table.place, what });
        }
        if bridged || table.dormant {
            continue;
        }
        for chain in hooked {
            let Some(base) = &chain.base else { continue };
            let Some(hook) = hook(&base.hook) else { continue };
            let early = matches!(base.hook.as_str(), "ingress" | "egress")
                || (matches!(hook, Hook::Prerouting | Hook::Output) && base.priority < TRACKING);
            let Some(id) = lowering.chain(index, &chain.name, early) else { continue };
            let family = match table.family.as_str() {
                "ip" => Some(Family::V4),
                "ip6" => Some(Family::V6),
                _ => None,
            };
            let how = if base.drops { Action::Deny(How::Drop) } else { Action::Accept };
            let policy = Policy { verdict: how, place: Some(base.place) };
            let kind = if base.kind == "nat" { Kind::Connection } else { Kind::Filter };
            let order = (met_at(base, hook), base.priority, std::cmp::Reverse(found.len()));
            let stage = Stage { hook, chain: id, family, policy, kind };
            found.push((Staged { order, stage }, base));
        }
    }
    lowering.finish();
    let stages = arranged(&mut lowering, found, tree);
    notes(tree, &mut assumptions);
    Ruleset {
        families: Family::BOTH.to_vec(),
        sees: reading.sees.clone(),
        assumptions,
        idle: std::mem::take(&mut lowering.idle),
        chains: std::mem::take(&mut lowering.chains),
        stages,
    }
}

fn hook(name: &str) -> Option<Hook> {
    Some(match name {
        "ingress" => Hook::Ingress,
        "prerouting" => Hook::Prerouting,
        "input" => Hook::Input,
        "forward" => Hook::Forward,
        "output" => Hook::Output,
        // Egress is past everything else on the way out.
        "postrouting" | "egress" => Hook::Postrouting,
        _ => return None,
    })
}

/// The kernel runs nat chains where its nat core stands, whatever priority they name.
fn met_at(base: &Base, hook: Hook) -> i64 {
    match (base.kind.as_str(), hook) {
        _ if base.hook == "egress" => i64::MAX,
        ("nat", Hook::Prerouting | Hook::Output) => -100,
        ("nat", _) => 100,
        _ => base.priority,
    }
}

/// Sorts the stages, drops those that can change nothing, and wraps those that need it.
fn arranged(lowering: &mut Lowering<'_>, mut found: Vec<(Staged, &Base)>, tree: &Tree) -> Vec<Stage> {
    found.sort_by_key(|(staged, _)| staged.order);
    let mut stages = Vec::new();
    let mut translated = Vec::new();
    let gaps =
        tree.gaps.iter().map(|(place, doubt)| Rule::new(*place, Condition::ALWAYS, Action::Unknown(doubt.clone())));
    let gaps: Vec<Rule> = gaps.collect();
    for (Staged { mut stage, .. }, base) in found {
        let (refuses, moves) = effects(lowering, &stage);
        if gaps.is_empty() && !refuses && !moves && (stage.kind == Kind::Connection || stage.hook == Hook::Postrouting)
        {
            continue;
        }
        if lowering.nowhere
            && let Some(chain) = lowering.chains.get_mut(stage.chain.0)
        {
            let_nowhere_pass(chain);
        }
        if let (false, Some(chain)) = (gaps.is_empty(), lowering.chains.get_mut(stage.chain.0)) {
            chain.rules.splice(0..0, gaps.iter().cloned());
        }
        if stage.hook == Hook::Ingress || base.hook == "egress" {
            let here = devices(base, stage.hook);
            only_when(lowering, &mut stage, here);
        } else if stage.hook == Hook::Postrouting {
            // What stays on this host never comes by.
            only_when(lowering, &mut stage, Condition::OutInterface("*".to_owned()));
        }
        if stage.kind == Kind::Connection && moves {
            // Once a nat chain has translated a connection, the others are left out.
            if translated.contains(&stage.hook) {
                let doubt = Condition::unknown("target-unknown", base.hook.as_str());
                only_when(lowering, &mut stage, doubt);
            }
            translated.push(stage.hook);
        }
        stages.push(stage);
    }
    if let (true, Some(first)) = (stages.is_empty(), gaps.first()) {
        let chain = lowering.push("input".to_owned());
        if let Some(chain) = lowering.chains.get_mut(chain.0) {
            chain.rules.clone_from(&gaps);
        }
        let policy = Policy { verdict: Action::Accept, place: Some(first.place) };
        stages.push(Stage { hook: Hook::Input, chain, family: None, policy, kind: Kind::Filter });
    }
    stages
}

/// Whether a stage can refuse, and whether it can translate.
fn effects(lowering: &Lowering<'_>, stage: &Stage) -> (bool, bool) {
    let (mut denies, mut translates) = (matches!(stage.policy.verdict, Action::Deny(_)), false);
    for id in reachable(&lowering.chains, stage.chain) {
        for rule in lowering.chains.get(id.0).iter().flat_map(|chain| &chain.rules) {
            denies |= matches!(rule.then, Action::Deny(_) | Action::Unknown(_) | Action::Untrack);
            translates |= matches!(rule.then, Action::Translate(_));
        }
    }
    (denies, translates)
}

/// The interfaces of an ingress or egress chain.
fn devices(base: &Base, hook: Hook) -> Condition {
    let named = |device: &String| {
        let named = if hook == Hook::Ingress { Condition::InInterface } else { Condition::OutInterface };
        named(device.clone())
    };
    if base.devices.is_empty() {
        // The JSON of some versions leaves the device out.
        return Condition::unknown("interface-unknown", base.hook.as_str());
    }
    Condition::Any(base.devices.iter().map(named).collect())
}

/// Makes packets meet a stage only if a condition holds.
fn only_when(lowering: &mut Lowering<'_>, stage: &mut Stage, when: Condition) {
    let name = lowering.chains.get(stage.chain.0).map(|chain| chain.name.clone()).unwrap_or_default();
    let place = stage.policy.place.unwrap_or(Place::new(0, 1));
    let mut rules = vec![Rule::new(place, when.clone(), Action::Jump(stage.chain))];
    if let Action::Deny(how) = stage.policy.verdict {
        rules.push(Rule::new(place, when, Action::Deny(how)).with_note("policy-deny"));
    }
    let id: ChainId = lowering.push(name);
    if let Some(chain) = lowering.chains.get_mut(id.0) {
        chain.rules = rules;
    }
    stage.chain = id;
    stage.policy = Policy { verdict: Action::Accept, place: stage.policy.place };
}

/// What was taken for granted.
fn notes(tree: &Tree, assumptions: &mut Vec<Assumption>) {
    if let Some(place) = tree.written {
        assumptions.push(Assumption { code: "runtime-differs", place: Some(place), what: String::new() });
    }
    let sets = tree.tables.iter().flat_map(|table| &table.sets);
    for set in sets.filter(|set| set.expires && !set.dynamic) {
        assumptions.push(Assumption { code: "set-contents-as-dumped", place: set.place, what: set.name.clone() });
    }
    let rules = tree.tables.iter().flat_map(|table| &table.chains).flat_map(|chain| &chain.rules);
    let looks_back = rules.into_iter().find_map(|rule| {
        rule.statements.iter().find_map(|statement| match statement {
            Statement::Match { left: Expr::Selector(selector), .. } if is_reverse_path(selector) => {
                Some((rule.place, selector.clone()))
            }
            _ => None,
        })
    });
    if let Some((place, what)) = looks_back {
        assumptions.push(Assumption { code: "reverse-path-assumed", place: Some(place), what });
    }
    let speaks = |families: [&str; 2]| tree.tables.iter().any(|table| families.contains(&table.family.as_str()));
    let silent = match (speaks(["ip", "inet"]), speaks(["ip6", "inet"])) {
        (true, false) => "IPv6",
        (false, true) => "IPv4",
        (true, true) | (false, false) => return,
    };
    assumptions.push(Assumption { code: "whole-ruleset-assumed", place: None, what: silent.to_owned() });
}

/// Whether some rule may translate packets that then stay on this host.
fn redirects(tree: &Tree, reading: &Reading) -> bool {
    fn in_rules(rules: &mut dyn Iterator<Item = &RuleDef>, here: &dyn Fn(&Expr) -> bool) -> bool {
        rules.flat_map(|rule| &rule.statements).any(|statement| match statement {
            Statement::Nat { to: Destination::Here(_) | Destination::Map { .. }, .. }
            | Statement::Rewrite(_)
            | Statement::Unknown(_) => true,
            Statement::Nat { to: Destination::Host(address, _), .. } => here(address),
            Statement::Verdict(Verdict::Jump(Target::Inline(rules)) | Verdict::Goto(Target::Inline(rules))) => {
                in_rules(&mut rules.iter(), here)
            }
            Statement::Match { .. }
            | Statement::Maybe(_)
            | Statement::Verdict(_)
            | Statement::Vmap { .. }
            | Statement::Reject(_)
            | Statement::Untrack
            | Statement::Update { .. }
            | Statement::Nothing => false,
        })
    }
    let ours = |address: std::net::IpAddr| address.is_loopback() || reading.circumstances.server == Some(address);
    let here = |address: &Expr| {
        let Expr::Word(word) = address.plain() else { return true };
        word.parse().map_or(true, ours)
    };
    !tree.gaps.is_empty()
        || tree.tables.iter().flat_map(|table| &table.chains).any(|chain| in_rules(&mut chain.all(), &here))
}

/// A doubt for a hook nobody knows.
pub fn unknown_hooks(tree: &mut Tree) {
    for table in &tree.tables {
        for base in table.chains.iter().filter_map(|chain| chain.base.as_ref()) {
            if hook(&base.hook).is_none() {
                tree.gaps.push((base.place, Doubt::new("not-understood", base.hook.as_str())));
            }
        }
    }
}
