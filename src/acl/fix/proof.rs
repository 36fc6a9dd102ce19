//! The proof of a change: old and new rules are compared for every address of both families that is not to be opened, to the
//! ports asked for and to one port of each stretch that the rules tell apart; and for the opened ones, to all other ports.

use super::{Changed, Proof};
use crate::{
    acl::{Action, CheckError, Condition, Family, Layer, Piece, Question, Ranges, Verdict, cuts, decide},
    finding::Text,
    words::Words,
};

/// Ports that are compared at most, beside those asked for.
const MAX_PORTS: usize = 128;
/// The word for what is open.
const OPEN: &str = "allowed";
/// Changes that are told; one is too many.
const MAX_CHANGED: usize = 20;

/// Whose verdicts are compared.
#[derive(Debug, Clone, Copy)]
enum Whose {
    /// Those of addresses outside the ranges.
    Others,
    /// Those of the ranges, at a port that was not asked for.
    NotAsked,
    /// Those of the ranges, at a port that is to be opened.
    Asked,
}

fn tell(told: &mut Vec<Changed>, change: Changed) {
    if told.len() < MAX_CHANGED {
        told.push(change);
    }
}

/// Compares two versions of a layer.
pub fn prove(old: &Layer, new: &Layer, question: &Question<'_>, words: &Words) -> Result<Proof, CheckError> {
    let asked = question.all_ports();
    let ports = ports(old, new, &asked);
    let mut proof = Proof {
        ranges_open: false,
        ports: ports.clone(),
        pieces: 0,
        changed: Vec::new(),
        also_opens: Vec::new(),
        message: words.say("proof", "same", &[]),
    };
    let mut steps = question.limits.max_steps;
    let ranges = question.list.addresses();
    for family in Family::BOTH {
        let all = Ranges::one(0, family.max());
        for port in &ports {
            let asked = question.universe(family, *port);
            let not_asked = ranges.family(family).difference(&asked);
            let others = all.difference(ranges.family(family));
            for (universe, whose) in [(others, Whose::Others), (not_asked, Whose::NotAsked), (asked, Whose::Asked)] {
                let mut ask = |layer: &Layer| {
                    decide(&layer.ruleset, question.circumstances, family, &universe, *port, &mut steps)
                };
                let (before, after) = (ask(old)?, ask(new)?);
                proof.pieces += 1 + cuts(&old.ruleset, family, &universe).len();
                compare(family, *port, &before, &after, |change| match (whose, change.after == OPEN) {
                    // The ranges themselves may only open.
                    (Whose::Others, _) | (Whose::NotAsked, false) => tell(&mut proof.changed, change),
                    (Whose::NotAsked, true) => tell(&mut proof.also_opens, change),
                    (Whose::Asked, false) if change.before == OPEN => tell(&mut proof.changed, change),
                    (Whose::Asked, _) => {}
                });
            }
        }
    }
    proof.message = message(&proof, words);
    Ok(proof)
}

/// What a proof shows, as a sentence.
pub fn message(proof: &Proof, words: &Words) -> Text {
    if let Some(wrong) = proof.changed.first() {
        return words.say("proof", "changed", &[("what", &format!("{} {}", wrong.from, wrong.port))]);
    }
    let (pieces, ports) = (proof.pieces.to_string(), proof.ports.len().to_string());
    let code = if proof.ranges_open { "open-and-same" } else { "same" };
    words.say("proof", code, &[("pieces", &pieces), ("ports", &ports)])
}

/// Walks both lists side by side; their pieces need not have the same ends.
fn compare(family: Family, port: u16, before: &[Piece], after: &[Piece], mut differs: impl FnMut(Changed)) {
    let (mut old, mut new) = (before.iter().peekable(), after.iter().peekable());
    while let (Some(one), Some(two)) = (old.peek(), new.peek()) {
        let (from, to) = (one.from.max(two.from), one.to.min(two.to));
        if from <= to && one.decision.verdict != two.decision.verdict {
            differs(Changed {
                from: family.address(from).to_string(),
                to: family.address(to).to_string(),
                port,
                before: word(&one.decision.verdict),
                after: word(&two.decision.verdict),
            });
        }
        let (one_ends, two_ends) = (one.to, two.to);
        if one_ends <= two_ends {
            old.next();
        }
        if two_ends <= one_ends {
            new.next();
        }
    }
}

fn word(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Allowed => OPEN.to_owned(),
        Verdict::Denied(how) => format!("denied ({})", how.word()),
        Verdict::Undetermined => "undetermined".to_owned(),
    }
}

/// The ports asked for, and the first of each stretch that a rule of either version tells apart. Rules that know no ports
/// need no others.
fn ports(old: &Layer, new: &Layer, asked: &[u16]) -> Vec<u16> {
    let mut found: Vec<u128> = Vec::new();
    for rule in [old, new].into_iter().flat_map(|layer| &layer.ruleset.chains).flat_map(|chain| &chain.rules) {
        ends(&rule.when, &mut found);
        if let Action::Translate(to) = &rule.then {
            found.extend(to.port.map(u128::from));
        }
    }
    if !found.is_empty() {
        found.push(1);
    }
    found.sort_unstable();
    found.dedup();
    let mut ports: Vec<u16> = found
        .into_iter()
        .filter_map(|port| u16::try_from(port).ok())
        .filter(|port| *port > 0)
        .take(MAX_PORTS)
        .collect();
    ports.extend(asked);
    ports.sort_unstable();
    ports.dedup();
    ports
}

fn ends(condition: &Condition, found: &mut Vec<u128>) {
    match condition {
        Condition::SourcePort(set) | Condition::DestinationPort(set) => {
            for (from, to) in set.iter() {
                found.extend([from, to.saturating_add(1)]);
            }
        }
        Condition::Not(inner) => ends(inner, found),
        Condition::All(parts) | Condition::Any(parts) => {
            for part in parts {
                ends(part, found);
            }
        }
        Condition::Source(_)
        | Condition::Destination(_)
        | Condition::Family(_)
        | Condition::Protocol(_)
        | Condition::State(_)
        | Condition::Flags { .. }
        | Condition::InInterface(_)
        | Condition::OutInterface(_)
        | Condition::Unknown(_) => {}
    }
}
