//! Regular expressions over the text of an address, as exact sets of addresses: `^27\.0\.23[6-9]\.` is 27.0.236.0/22. The
//! automaton is `nfa`.

use std::{
    collections::{BTreeSet, HashMap},
    rc::Rc,
};

use super::{
    logic,
    nfa::{Nfa, State},
};
use crate::acl::{Addresses, Condition, Family, Ranges};

/// Ranges one pattern may hold, and states it may pass through.
const MAX_RANGES: usize = 65_536;
const MAX_STATES: usize = 4_000;

/// The source address, written as text, matches. What cannot be told exactly is unknown.
pub fn source_matches(pattern: &str, ignore_case: bool) -> Condition {
    let doubt = || Condition::unknown("expression", pattern);
    let Some(nfa) = Nfa::new(pattern, ignore_case) else { return doubt() };
    let Some(v4) = Tree { nfa: &nfa, known: HashMap::new() }.ranges(0, &nfa.begin()) else { return doubt() };
    let v4 = v4.iter().map(|(from, to)| (u128::from(*from), u128::from(*to))).collect::<Ranges>();
    let V6 { matching, doubtful } = V6::of(&nfa);
    let matching = logic::source(Addresses::of(Family::V6, matching));
    let v6 = match logic::source(Addresses::of(Family::V6, doubtful)) {
        none if logic::is_never(&none) => matching,
        some => logic::any_of([matching, Condition::All(vec![some, doubt()])]),
    };
    logic::any_of([logic::source(Addresses::of(Family::V4, v4)), v6])
}

/// Ranges of addresses, shared by all places of the tree that fare alike.
type Spans = Rc<Vec<(u32, u32)>>;

/// Follows the automaton along all texts `a.b.c.d`.
struct Tree<'a> {
    nfa: &'a Nfa,
    known: HashMap<(u32, State), Spans>,
}

impl Tree<'_> {
    /// The addresses that match, after `depth` numbers of the text, as offsets from the first of them.
    fn ranges(&mut self, depth: u32, state: &State) -> Option<Spans> {
        let size = u32::MAX.checked_shr(8 * depth).unwrap_or(0);
        if state.matched {
            return Some(Rc::new(vec![(0, size)]));
        }
        if depth == 4 {
            return Some(Rc::new(if self.nfa.matches(state) { vec![(0, 0)] } else { Vec::new() }));
        }
        let key = (depth, state.clone());
        if let Some(known) = self.known.get(&key) {
            return Some(Rc::clone(known));
        }
        if self.known.len() > MAX_STATES {
            return None;
        }
        let mut all: Vec<(u32, u32)> = Vec::new();
        let step = size.checked_shr(8).unwrap_or(0);
        for number in 0_u32..=255 {
            let text = if depth < 3 { format!("{number}.") } else { number.to_string() };
            let after = text.bytes().fold(state.clone(), |state, byte| self.nfa.step(&state, byte));
            let base = if depth < 3 { number * (step + 1) } else { number };
            for (from, to) in self.ranges(depth + 1, &after)?.iter() {
                match all.last_mut() {
                    Some((_, end)) if end.checked_add(1) == Some(base + from) => *end = base + to,
                    _ => all.push((base + from, base + to)),
                }
            }
            if all.len() > MAX_RANGES {
                return None;
            }
        }
        let all = Rc::new(all);
        self.known.insert(key, Rc::clone(&all));
        Some(all)
    }
}

/// IPv6 addresses by their first number, which for all public ones has four digits.
#[derive(Default)]
struct V6 {
    /// All texts match.
    matching: Ranges,
    /// Some texts of them may match.
    doubtful: Ranges,
}

/// What follows a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ahead {
    All,
    Some,
    None,
}

impl V6 {
    fn of(nfa: &Nfa) -> Self {
        let everything = Ranges::one(0, Family::V6.max());
        let mut known = HashMap::new();
        match ahead(nfa, &nfa.begin(), &mut known) {
            Ahead::All => return Self { matching: everything, doubtful: Ranges::empty() },
            Ahead::None => return Self::default(),
            Ahead::Some => {}
        }
        let (mut matching, mut doubtful) = (Vec::new(), vec![(0, (0x1000 << 112) - 1)]);
        let mut open = vec![(0_u128, 0_u32, nfa.begin())];
        while let Some((number, digits, state)) = open.pop() {
            let (state, after) = if digits == 4 {
                let state = nfa.step(&state, b':');
                let after = ahead(nfa, &state, &mut known);
                (state, after)
            } else {
                let after = ahead(nfa, &state, &mut known);
                (state, after)
            };
            let left = 4 * (4 - digits) + 112;
            let first = number.checked_shl(left).unwrap_or(0);
            let span = (first, first.saturating_add(1_u128.checked_shl(left).map_or(u128::MAX, |size| size - 1)));
            match after {
                Ahead::All => matching.push(span),
                Ahead::None => {}
                Ahead::Some if digits == 4 => doubtful.push(span),
                Ahead::Some => {
                    for (digit, byte) in (0..16).zip(b"0123456789abcdef") {
                        if digits > 0 || digit > 0 {
                            open.push((number * 16 + digit, digits + 1, nfa.step(&state, *byte)));
                        }
                    }
                }
            }
        }
        Self { matching: matching.into_iter().collect(), doubtful: doubtful.into_iter().collect() }
    }
}

/// Which of the texts that may follow a state match.
fn ahead(nfa: &Nfa, state: &State, known: &mut HashMap<State, Ahead>) -> Ahead {
    if state.matched {
        return Ahead::All;
    }
    if let Some(found) = known.get(state) {
        return *found;
    }
    let mut open = vec![state.clone()];
    let mut seen: BTreeSet<State> = open.iter().cloned().collect();
    let mut found = Ahead::None;
    while let Some(state) = open.pop() {
        if nfa.matches(&state) || seen.len() > MAX_STATES {
            found = Ahead::Some;
            break;
        }
        for byte in b"0123456789abcdef:" {
            let after = nfa.step(&state, *byte);
            if seen.insert(after.clone()) {
                open.push(after);
            }
        }
    }
    known.insert(state.clone(), found);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(networks: &[&str]) -> Condition {
        logic::any_of(networks.iter().map(|text| logic::source(Addresses::parse(text).unwrap())))
    }

    #[test]
    fn patterns_of_octets_become_networks() {
        for (pattern, networks) in [
            (r"^27\.0\.23[6-9]\.", &["27.0.236.0/22"][..]),
            (r"^(27\.0\.236|211\.231\.99)\.", &["27.0.236.0/24", "211.231.99.0/24"]),
            (r"^27\.0\.238\.1\d$", &["27.0.238.10-27.0.238.19"]),
            (r"^27\.0\.238\.117$", &["27.0.238.117"]),
            (r"^1\.2\.3\.4", &["1.2.3.4", "1.2.3.40-1.2.3.49"]),
            (r"^192\.168\.0\.(?:[0-9]|1[0-5])$", &["192.168.0.0/28"]),
        ] {
            let Condition::Source(found) = source_matches(pattern, false) else { panic!("{pattern}") };
            assert_eq!(Condition::Source(found), set(networks), "{pattern}");
        }
        assert_eq!(source_matches("", false), Condition::ALWAYS);
    }

    #[test]
    fn a_loose_dot_does_not_reach_kakaos_ipv6_addresses() {
        // As a text, 27a:0b23:... would match; 2404:... does not.
        let Condition::Any(parts) = source_matches(r"^27.0.238.", false) else { panic!() };
        let Some(Condition::All(doubtful)) = parts.last() else { panic!("{parts:?}") };
        let Some(Condition::Source(doubtful)) = doubtful.first() else { panic!("{doubtful:?}") };
        let kakao = Addresses::parse("2404:4600::/32").unwrap();
        assert!(doubtful.intersection(&kakao).is_empty());
    }

    #[test]
    fn what_the_automaton_does_not_cover_is_unknown() {
        for pattern in [r"^27\.0\.(?!238)", r"(\d)\1", "[", "27**", r"^27\b"] {
            assert_eq!(source_matches(pattern, false), Condition::unknown("expression", pattern), "{pattern}");
        }
    }
}
