//! What `-m set --match-set` means: the set as a condition over packets. The kernel's lookup is followed: the most specific
//! network decides, `nomatch` or not; a list asks each of its sets; a set with more parts than the rule names never matches.

use std::collections::{HashMap, HashSet};

use super::{Kind, Part, Piece, Set, Sets};
use crate::acl::{Addresses, Assumption, Condition, Family, Ranges, bounds, networks};

/// Which side of a packet a part of an element is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The source; for interfaces the one it came in by.
    Source,
    /// The destination; for interfaces the one it leaves by.
    Destination,
}

/// How a rule uses a set.
#[derive(Debug, Clone, Copy)]
pub struct Use<'u> {
    /// Family of the rule.
    pub family: Family,
    /// Sides, one for each part.
    pub sides: &'u [Direction],
    /// Sets that rules add to, and sets that rules take from.
    pub added: &'u HashSet<String>,
    /// Sets that rules take elements from.
    pub removed: &'u HashSet<String>,
}

/// What a set means.
#[derive(Debug, Clone)]
pub struct Meaning {
    /// The condition.
    pub condition: Condition,
    /// Why it can never match, a row of `[idle]`.
    pub idle: Option<&'static str>,
    /// What was taken for granted.
    pub assumptions: Vec<Assumption>,
}

/// Lists may not hold lists; deeper than this is not of ipset.
const MAX_DEPTH: usize = 4;
/// Groups of elements that differ in more than their network, in one set; each takes a look per rule and packet.
const MAX_GROUPS: usize = 4096;

impl Sets {
    /// What it means that a rule names a set.
    pub fn meaning(&self, name: &str, usage: Use<'_>) -> Meaning {
        let mut assumptions = Vec::new();
        let (condition, idle) = self.condition(name, usage, 0, &mut assumptions);
        Meaning { condition, idle, assumptions }
    }

    fn condition(
        &self,
        name: &str,
        usage: Use<'_>,
        depth: usize,
        assumptions: &mut Vec<Assumption>,
    ) -> (Condition, Option<&'static str>) {
        let Some(set) = self.find(name).filter(|_| depth < MAX_DEPTH) else {
            return (Condition::unknown("set-missing", name), None);
        };
        if let Kind::List = set.kind {
            let members = set.members.iter().map(|member| self.condition(member, usage, depth + 1, assumptions).0);
            let members: Vec<Condition> = members.filter(|condition| *condition != Condition::NEVER).collect();
            let idle = members.is_empty().then_some("empty-set");
            return (with_changes(Condition::Any(members), name, usage), idle);
        }
        if set.timed {
            let assumption =
                Assumption { code: "set-contents-as-dumped", place: Some(set.place), what: name.to_owned() };
            assumptions.push(assumption);
        }
        if let Some(doubt) = &set.doubt {
            return (Condition::Unknown(doubt.clone()), None);
        }
        let (condition, idle) = set.condition(usage);
        let condition = with_changes(condition, name, usage);
        let idle = idle.filter(|_| condition == Condition::NEVER);
        (condition, idle)
    }
}

/// Rules that add to a set, or take from it, make its contents change with every visit.
fn with_changes(condition: Condition, name: &str, usage: Use<'_>) -> Condition {
    let changing = || Condition::unknown("dynamic-set", name);
    if usage.removed.contains(name) {
        changing()
    } else if usage.added.contains(name) {
        Condition::Any(vec![condition, changing()])
    } else {
        condition
    }
}

impl Set {
    fn condition(&self, usage: Use<'_>) -> (Condition, Option<&'static str>) {
        let Kind::Parts(parts) = &self.kind else { return (Condition::NEVER, None) };
        if usage.sides.len() < parts.len() {
            return (Condition::NEVER, Some("not-a-match"));
        }
        let family = parts.contains(&Part::Net).then_some(self.family);
        if family.is_some_and(|family| family != usage.family) {
            return (Condition::NEVER, Some("wrong-family"));
        }
        let side = usage.sides.first().copied().unwrap_or(Direction::Source);
        if parts == &[Part::Net] {
            let ranges = specific(self.family, &self.plain, &self.holes);
            if ranges.is_empty() {
                return (Condition::NEVER, Some("empty-set"));
            }
            return (addresses(side, self.family, ranges), None);
        }
        let mut groups: Vec<Group<'_>> = Vec::new();
        let mut known: HashMap<&[Piece], usize> = HashMap::new();
        for element in &self.elements {
            let at = *known.entry(&element.rest).or_insert_with(|| {
                groups.push(Group { rest: &element.rest, plain: Vec::new(), holes: Vec::new(), any: false });
                groups.len() - 1
            });
            let Some(group) = groups.get_mut(at) else { continue };
            match element.first {
                Some(range) if element.nomatch => {
                    group.holes.extend(networks(self.family, range.0, range.1).map(bounds));
                }
                Some(range) => group.plain.push(range),
                None => group.any = true,
            }
        }
        let holes = groups.iter().any(|group| !group.holes.is_empty());
        let uneven = |group: &Group<'_>| {
            let rest = group.rest.iter();
            rest.into_iter().any(|piece| match piece {
                Piece::Net(..) | Piece::Opaque(_) => true,
                Piece::Port(_, from, to) => from != to,
                Piece::Interface(name) => name.ends_with('+'),
            })
        };
        // Holes in two dimensions: which element is the more specific one is not told here.
        if groups.len() > MAX_GROUPS || (holes && groups.iter().any(uneven)) {
            return (Condition::unknown("not-understood", format!("ipset {}", self.name)), None);
        }
        let conditions: Vec<Condition> =
            groups.iter().filter_map(|group| group.condition(self.family, parts, usage.sides)).collect();
        let idle = conditions.is_empty().then_some("empty-set");
        (Condition::Any(conditions), idle)
    }
}

/// Elements that differ in their first network only.
struct Group<'s> {
    rest: &'s [Piece],
    plain: Vec<(u128, u128)>,
    holes: Vec<(u128, u128)>,
    any: bool,
}

impl Group<'_> {
    /// `None` where nothing of a visit can match.
    fn condition(&self, family: Family, parts: &[Part], sides: &[Direction]) -> Option<Condition> {
        let mut all = Vec::new();
        let mut sides = sides.iter().copied();
        if parts.first() == Some(&Part::Net) {
            let side = sides.next()?;
            let ranges = specific(family, &self.plain, &self.holes);
            if ranges.is_empty() {
                return None;
            }
            all.push(addresses(side, family, ranges));
        }
        for (piece, side) in self.rest.iter().zip(sides) {
            let condition = match (piece, side) {
                (Piece::Net(from, to), side) => addresses(side, family, Ranges::one(*from, *to)),
                (Piece::Port(Some(protocol), ..), _) if *protocol != 6 => return None,
                (Piece::Port(_, from, to), Direction::Source) => Condition::SourcePort(Ranges::one(*from, *to)),
                (Piece::Port(_, from, to), Direction::Destination) => {
                    Condition::DestinationPort(Ranges::one(*from, *to))
                }
                (Piece::Interface(name), Direction::Source) => Condition::InInterface(name.clone()),
                (Piece::Interface(name), Direction::Destination) => Condition::OutInterface(name.clone()),
                (Piece::Opaque(what), _) => Condition::unknown("match-unknown", what.clone()),
            };
            if let Piece::Port(Some(_), ..) = piece {
                all.push(Condition::tcp());
            }
            all.push(condition);
        }
        Some(Condition::All(all))
    }
}

fn addresses(side: Direction, family: Family, ranges: Ranges) -> Condition {
    let set = std::sync::Arc::new(Addresses::of(family, ranges));
    match side {
        Direction::Source => Condition::Source(set),
        Direction::Destination => Condition::Destination(set),
    }
}

/// The addresses of which the most specific network is no hole. Linear after sorting: networks lie inside each other or
/// apart, so those around an address are a stack.
fn specific(family: Family, plain: &[(u128, u128)], holes: &[(u128, u128)]) -> Ranges {
    if holes.is_empty() {
        return plain.iter().copied().collect();
    }
    let whole = plain.iter().flat_map(|(from, to)| networks(family, *from, *to)).map(bounds);
    let mut all: Vec<(u128, std::cmp::Reverse<u128>, bool)> = whole
        .map(|(from, to)| (from, std::cmp::Reverse(to), false))
        .chain(holes.iter().map(|(from, to)| (*from, std::cmp::Reverse(*to), true)))
        .collect();
    all.sort_unstable();
    let mut found = Vec::new();
    let mut around: Vec<(u128, bool)> = Vec::new();
    let mut at = Some(0_u128);
    let mut take = |from: Option<u128>, to: u128, hole: bool| {
        if let Some(from) = from.filter(|from| *from <= to && !hole) {
            found.push((from, to));
        }
    };
    for (from, std::cmp::Reverse(to), hole) in all {
        while let Some((end, inside)) = around.last().copied().filter(|(end, _)| *end < from) {
            take(at, end, inside);
            at = end.checked_add(1);
            around.pop();
        }
        if let (Some((_, inside)), Some(before)) = (around.last(), from.checked_sub(1)) {
            take(at, before, *inside);
        }
        at = Some(from);
        around.push((to, hole));
    }
    while let Some((end, inside)) = around.pop() {
        take(at, end, inside);
        at = end.checked_add(1);
    }
    found.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_specific_network_decides() {
        let plain = [(0x0a00_0000, 0x0aff_ffff), (0x0a01_0100, 0x0a01_01ff)];
        let holes = [(0x0a01_0000, 0x0a01_ffff)];
        let expected =
            Ranges::from_iter([(0x0a00_0000, 0x0a00_ffff), (0x0a01_0100, 0x0a01_01ff), (0x0a02_0000, 0x0aff_ffff)]);
        assert_eq!(specific(Family::V4, &plain, &holes), expected);
    }

    #[test]
    fn a_hole_at_either_end_leaves_the_rest() {
        let plain = [(0, 0xff)];
        assert_eq!(specific(Family::V4, &plain, &[(0, 0x0f)]), Ranges::one(0x10, 0xff));
        assert_eq!(specific(Family::V4, &plain, &[(0xf0, 0xff)]), Ranges::one(0, 0xef));
        assert_eq!(specific(Family::V4, &plain, &plain), Ranges::empty());
    }
}
