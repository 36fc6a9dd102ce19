//! Who gets in: cuts a set of addresses where the rule set tells them apart, asks for each piece, and joins neighbours that
//! fare alike for the same reason. Exact by construction: a piece is never larger than what one answer holds for.

use super::{
    Circumstances, Condition, Family, Ranges, Ruleset, Sees,
    walk::{Decision, Stop, Walker},
};

/// Addresses that fare alike, from the first to the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The first address.
    pub from: u128,
    /// The last address.
    pub to: u128,
    /// What becomes of them.
    pub decision: Decision,
}

/// A question that takes more work than allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the rules cut these ranges into more pieces than allowed, or take more steps than allowed")]
pub struct TooMuch;

/// What becomes of visits from each address of `universe` to `port`, in order, neighbours joined.
/// `steps` bounds the work and is used up.
pub fn decide(
    ruleset: &Ruleset,
    circumstances: &Circumstances,
    family: Family,
    universe: &Ranges,
    port: u16,
    steps: &mut u64,
) -> Result<Vec<Piece>, TooMuch> {
    let mut walker = Walker::new(ruleset, circumstances, *steps);
    let cuts = cuts(ruleset, family, universe);
    let mut found = Vec::new();
    // One span around everything first: what concerns none of these addresses is never looked at again.
    if let (Some((first, _)), Some((_, last))) = (universe.iter().next(), universe.iter().next_back()) {
        walker.enter(first, last);
        for (from, to) in universe.iter() {
            let start = cuts.partition_point(|cut| *cut <= from);
            let end = cuts.partition_point(|cut| *cut <= to);
            let inside = cuts.get(start..end).unwrap_or_default();
            halve(&mut walker, family, port, (from, to), inside, &mut found)?;
        }
        walker.leave();
    }
    *steps = walker.steps_left();
    Ok(found)
}

/// Asks for a span as a whole, and for its halves where that has no one answer. `cuts` are the first addresses of the pieces
/// inside it, but for the span's own.
fn halve(
    walker: &mut Walker<'_>,
    family: Family,
    port: u16,
    (from, to): (u128, u128),
    cuts: &[u128],
    found: &mut Vec<Piece>,
) -> Result<(), TooMuch> {
    walker.enter(from, to);
    match walker.judge(family, port) {
        Ok(decision) => join(found, Piece { from, to, decision }),
        Err(Stop::TooMuch) => return Err(TooMuch),
        Err(Stop::Cut) => {
            let middle = cuts.len() / 2;
            let (Some(cut), before, after) =
                (cuts.get(middle).copied(), cuts.get(..middle).unwrap_or_default(), cuts.get(middle + 1..))
            else {
                // Every end of every set is a cut, so a piece without cuts is told apart by nothing.
                return Err(TooMuch);
            };
            halve(walker, family, port, (from, cut - 1), before, found)?;
            halve(walker, family, port, (cut, to), after.unwrap_or_default(), found)?;
        }
    }
    walker.leave();
    Ok(())
}

fn join(found: &mut Vec<Piece>, next: Piece) {
    match found.last_mut() {
        Some(before) if before.to.checked_add(1) == Some(next.from) && before.decision == next.decision => {
            before.to = next.to;
        }
        _ => found.push(next),
    }
}

/// First addresses of the pieces into which the rule set's own ends cut the universe.
pub fn cuts(ruleset: &Ruleset, family: Family, universe: &Ranges) -> Vec<u128> {
    let mut cuts = Vec::new();
    if !matches!(ruleset.sees, Sees::Balancer(_)) {
        for rule in ruleset.chains.iter().flat_map(|chain| &chain.rules) {
            ends(&rule.when, family, universe, &mut cuts);
        }
    }
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}

fn ends(condition: &Condition, family: Family, universe: &Ranges, cuts: &mut Vec<u128>) {
    match condition {
        Condition::Source(set) | Condition::Destination(set) => {
            for (from, to) in set.family(family).intersection(universe).iter() {
                cuts.push(from);
                cuts.extend(to.checked_add(1));
            }
        }
        Condition::Not(inner) => ends(inner, family, universe, cuts),
        Condition::All(parts) | Condition::Any(parts) => {
            for part in parts {
                ends(part, family, universe, cuts);
            }
        }
        Condition::Family(_)
        | Condition::Protocol(_)
        | Condition::SourcePort(_)
        | Condition::DestinationPort(_)
        | Condition::State(_)
        | Condition::Flags { .. }
        | Condition::InInterface(_)
        | Condition::OutInterface(_)
        | Condition::Unknown(_) => {}
    }
}
