//! Lines that can never decide: those that an earlier line of the same chain covers whole, and those that match nothing.
//! Conservative: a line is named only where it is certain, so a line that is not named may still be dead.

use rustc_hash::FxHashMap;

use super::{
    Action, Addresses, Chain, ChainId, Condition, Family, Layer, Place, Ruleset, check::quote, report::Shadowed,
};
use crate::words::Words;

/// A dead line and what kills it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dead {
    /// The line.
    pub place: Place,
    /// The line that covers it.
    pub by: Place,
    /// Whether the two would decide differently.
    pub differs: bool,
}

/// Dead lines that are told of one layer; more help nobody.
const MAX_TOLD: usize = 200;
/// Pairs of lines that are compared in one layer.
const MAX_PAIRS: usize = 1_000_000;

/// The dead lines of a layer, worded, in the order of their lines.
pub fn report(layer: &Layer, words: &Words) -> Vec<Shadowed> {
    let covered = dead(&layer.ruleset).into_iter().filter_map(|dead| {
        let (file, line, text) = quote(layer, Some(dead.place));
        let (by_file, by, by_text) = quote(layer, Some(dead.by));
        let number = dead.by.line.to_string();
        let code = if dead.differs { "covered-differently" } else { "covered" };
        let message = words.say("shadowed", code, &[("by", &number)]);
        let (file, line, text) = (file?, line?, text?);
        let differs = dead.differs;
        Some(Shadowed { layer: layer.name.to_string(), file, line, text, by, by_file, by_text, differs, message })
    });
    let idle = layer.ruleset.idle.iter().filter_map(|idle| {
        let (file, line, text) = quote(layer, Some(idle.place));
        let message = words.say("idle", idle.code, &[("what", &idle.what)]);
        Some(Shadowed {
            layer: layer.name.to_string(),
            file: file?,
            line: line?,
            text: text?,
            by: None,
            by_file: None,
            by_text: None,
            differs: false,
            message,
        })
    });
    let mut all: Vec<Shadowed> = covered.chain(idle).collect();
    all.sort_by(|one, two| (&one.file, one.line).cmp(&(&two.file, two.line)));
    all.truncate(MAX_TOLD);
    all
}

/// The lines of a rule set that an earlier line covers.
pub fn dead(ruleset: &Ruleset) -> Vec<Dead> {
    let mut pairs = MAX_PAIRS;
    let mut found: Vec<Dead> = ruleset.chains.iter().flat_map(|chain| dead_in(ruleset, chain, &mut pairs)).collect();
    found.sort_by_key(|dead| (dead.place, dead.by));
    found.dedup_by_key(|dead| dead.place);
    found
}

/// Earlier rules that end the chain for what they match, found by the addresses they match.
#[derive(Default)]
struct Earlier {
    /// Those that no address narrows.
    any_address: Vec<usize>,
    /// Those for one stretch of source addresses.
    one_stretch: FxHashMap<(Family, u128, u128), Vec<usize>>,
    /// Those for several.
    many: Vec<usize>,
}

fn dead_in(ruleset: &Ruleset, chain: &Chain, pairs: &mut usize) -> Vec<Dead> {
    // One line may have become several rules: it is dead if they all are.
    let mut lines: Vec<(Place, Option<Dead>)> = Vec::new();
    let mut earlier = Earlier::default();
    for (index, rule) in chain.rules.iter().enumerate() {
        let decides = !matches!(rule.then, Action::Continue | Action::Untrack);
        if decides {
            let by = earlier.covering(&rule.when, pairs, |other| {
                chain.rules.get(other).is_some_and(|other| other.place != rule.place && covers(&other.when, &rule.when))
            });
            let dead = by.and_then(|by| chain.rules.get(by)).map(|by| Dead {
                place: rule.place,
                by: by.place,
                differs: contrary(&by.then, &rule.then),
            });
            match lines.last_mut() {
                Some((place, before)) if *place == rule.place => {
                    let differs = before.as_ref().is_some_and(|dead| dead.differs);
                    *before =
                        dead.filter(|_| before.is_some()).map(|dead| Dead { differs: dead.differs || differs, ..dead });
                }
                _ => lines.push((rule.place, dead)),
            }
        }
        if ends(ruleset, &rule.then) && !unsure(&rule.when) {
            earlier.add(index, &rule.when);
        }
    }
    lines.into_iter().filter_map(|(_, dead)| dead).collect()
}

impl Earlier {
    fn add(&mut self, index: usize, when: &Condition) {
        match source(when) {
            None => self.any_address.push(index),
            Some(set) => match stretch(set) {
                Some(key) => self.one_stretch.entry(key).or_default().push(index),
                None => self.many.push(index),
            },
        }
    }

    /// The first rule for which `covers` holds, of those whose addresses may cover.
    fn covering(&self, when: &Condition, pairs: &mut usize, covers: impl Fn(usize) -> bool) -> Option<usize> {
        let mut look = |candidates: &[usize]| {
            candidates.iter().copied().find(|candidate| {
                *pairs = pairs.saturating_sub(1);
                *pairs > 0 && covers(*candidate)
            })
        };
        let mut best = look(&self.any_address);
        let mut better = |found: Option<usize>| {
            best = match (best, found) {
                (Some(one), Some(two)) => Some(one.min(two)),
                (one, two) => one.or(two),
            };
        };
        let Some(set) = source(when) else { return best };
        better(look(&self.many));
        let first = [(Family::V4, &set.v4), (Family::V6, &set.v6)]
            .into_iter()
            .find_map(|(family, ranges)| ranges.iter().next().map(|(from, to)| (family, from, to)));
        if let Some((family, from, to)) = first {
            for host_bits in 0..=u32::from(family.bits()) {
                let mask = if host_bits >= 128 { u128::MAX } else { (1_u128 << host_bits) - 1 };
                let (start, end) = (from & !mask & family.max(), (from | mask) & family.max());
                if end >= to
                    && let Some(candidates) = self.one_stretch.get(&(family, start, end))
                {
                    better(look(candidates));
                }
            }
            // Stretches that are no network are found only where they are alike.
            if let Some(candidates) = self.one_stretch.get(&(family, from, to)) {
                better(look(candidates));
            }
        }
        best
    }
}

/// The source addresses that narrow a condition, where it has exactly one such part at its top.
fn source(when: &Condition) -> Option<&Addresses> {
    match when {
        Condition::Source(set) => Some(set),
        Condition::All(parts) => parts.iter().find_map(|part| match part {
            Condition::Source(set) => Some(&**set),
            _ => None,
        }),
        _ => None,
    }
}

fn stretch(set: &Addresses) -> Option<(Family, u128, u128)> {
    let mut all = set.v4.iter().map(|range| (Family::V4, range)).chain(set.v6.iter().map(|range| (Family::V6, range)));
    match (all.next(), all.next()) {
        (Some((family, (from, to))), None) => Some((family, from, to)),
        _ => None,
    }
}

/// Whether nothing after this action is reached.
fn ends(ruleset: &Ruleset, action: &Action) -> bool {
    match action {
        Action::Accept | Action::Deny(_) | Action::Return | Action::Goto(_) | Action::Translate(_) => true,
        Action::Jump(chain) => never_returns(ruleset, *chain),
        Action::Continue | Action::Untrack | Action::Unknown(_) => false,
    }
}

/// Whether a chain surely ends with a verdict of its own: its last word is for everything, and no rule goes back.
fn never_returns(ruleset: &Ruleset, chain: ChainId) -> bool {
    let Some(chain) = ruleset.chains.get(chain.0) else { return false };
    let back = chain.rules.iter().any(|rule| matches!(rule.then, Action::Return | Action::Goto(_)));
    let last_word = chain
        .rules
        .iter()
        .any(|rule| rule.when == Condition::ALWAYS && matches!(rule.then, Action::Accept | Action::Deny(_)));
    last_word && !back
}

fn contrary(one: &Action, two: &Action) -> bool {
    matches!((one, two), (Action::Accept, Action::Deny(_)) | (Action::Deny(_), Action::Accept))
}

fn unsure(condition: &Condition) -> bool {
    match condition {
        Condition::Unknown(_) => true,
        Condition::Not(inner) => unsure(inner),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().any(unsure),
        Condition::Source(_)
        | Condition::Destination(_)
        | Condition::Family(_)
        | Condition::Protocol(_)
        | Condition::SourcePort(_)
        | Condition::DestinationPort(_)
        | Condition::State(_)
        | Condition::Flags { .. }
        | Condition::InInterface(_)
        | Condition::OutInterface(_) => false,
    }
}

/// Whether everything that matches `narrow` surely matches `wide`. `wide` must hold nothing unknown.
fn covers(wide: &Condition, narrow: &Condition) -> bool {
    if *wide == Condition::ALWAYS || *narrow == Condition::NEVER {
        return true;
    }
    match (wide, narrow) {
        (Condition::All(parts), _) => parts.iter().all(|part| covers(part, narrow)),
        (_, Condition::Any(parts)) => parts.iter().all(|part| covers(wide, part)),
        (_, Condition::All(parts)) if parts.iter().any(|part| covers(wide, part)) => true,
        (Condition::Any(parts), _) => parts.iter().any(|part| covers(part, narrow)),
        (Condition::Source(wide), Condition::Source(narrow))
        | (Condition::Destination(wide), Condition::Destination(narrow)) => narrow.is_subset(wide),
        (Condition::Protocol(wide), Condition::Protocol(narrow))
        | (Condition::SourcePort(wide), Condition::SourcePort(narrow))
        | (Condition::DestinationPort(wide), Condition::DestinationPort(narrow)) => narrow.is_subset(wide),
        (Condition::State(wide), Condition::State(narrow)) => wide.with(*narrow) == *wide,
        (Condition::Not(wide), Condition::Not(narrow)) => covers(narrow, wide),
        (Condition::Not(wide), narrow) => excludes(wide, narrow),
        (wide, narrow) => wide == narrow,
    }
}

/// Whether nothing matches both.
fn excludes(one: &Condition, two: &Condition) -> bool {
    match (one, two) {
        (Condition::Source(one), Condition::Source(two))
        | (Condition::Destination(one), Condition::Destination(two)) => one.intersection(two).is_empty(),
        (Condition::Protocol(one), Condition::Protocol(two))
        | (Condition::SourcePort(one), Condition::SourcePort(two))
        | (Condition::DestinationPort(one), Condition::DestinationPort(two)) => one.is_disjoint(two),
        (Condition::Family(one), Condition::Family(two)) => one != two,
        _ => false,
    }
}
