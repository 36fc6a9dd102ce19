//! Which IPv4 addresses, written as text, a pattern of Gnuboard matches: `.` is a dot, `+` is `[0-9.]+`, and the whole text must
//! match. Exact: the pattern is an automaton that is run over the octets. IPv6 is not its affair.

use std::collections::HashMap;

use crate::acl::Ranges;

/// What a pattern matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Matches {
    /// Exactly these IPv4 addresses.
    Exactly(Ranges),
    /// It uses more of PHP's regular expressions than is followed here, or matches too scattered a set.
    Perhaps,
}

/// One position of a pattern.
#[derive(Debug, Clone, Copy)]
struct Atom {
    /// The byte it takes; `None` for a digit or a dot.
    byte: Option<u8>,
    /// It may be left out.
    optional: bool,
    /// It may come again.
    repeats: bool,
}

/// Ranges a pattern may match before it counts as too scattered.
const MAX_RANGES: usize = 20_000;
/// The dot among the symbols of an address.
const DOT: u8 = 10;
/// Positions of a pattern: states are the bits of a number, and one is left for the end.
const MAX_ATOMS: usize = 120;

/// What a pattern matches.
pub fn matches(pattern: &str) -> Matches {
    // Most are plain addresses. Another way to write one (leading zeros) is not how PHP writes it.
    if let Ok(address) = pattern.parse::<std::net::Ipv4Addr>() {
        let number = u128::from(address.to_bits());
        return Matches::Exactly(Ranges::one(number, number));
    }
    if let Some(found) = whole_octets(pattern) {
        return Matches::Exactly(found);
    }
    let Some(atoms) = atoms(pattern) else { return Matches::Perhaps };
    let Some(atoms) = atoms.as_deref().filter(|atoms| atoms.len() <= MAX_ATOMS) else {
        return Matches::Exactly(Ranges::empty());
    };
    let mut automaton = Automaton::of(atoms);
    let start = automaton.closed(1);
    match automaton.suffixes(start, 0) {
        Some(found) => Matches::Exactly(found.into_iter().collect()),
        None => Matches::Perhaps,
    }
}

/// The form the settings page shows, `27.0.236.+`: whole octets, then anything.
fn whole_octets(pattern: &str) -> Option<Ranges> {
    let octets: Vec<&str> = pattern.strip_suffix(".+")?.split('.').collect();
    let mut first = 0;
    for text in &octets {
        let octet: u8 = text.parse().ok()?;
        if octet.to_string() != *text {
            return None;
        }
        first = first << 8 | u128::from(octet);
    }
    let rest = 4_usize.checked_sub(octets.len()).filter(|rest| *rest > 0)? * 8;
    let first = first << rest;
    Some(Ranges::one(first, first + ((1 << rest) - 1)))
}

/// The positions of a pattern. `Some(None)` where no IPv4 address can match, `None` where the pattern is more than this.
#[expect(clippy::option_option, reason = "the two ways to have no positions mean opposite things")]
fn atoms(pattern: &str) -> Option<Option<Vec<Atom>>> {
    let mut atoms: Vec<Atom> = Vec::new();
    let mut quantified = true;
    let mut never = false;
    let once = |byte| Atom { byte, optional: false, repeats: false };
    for letter in pattern.chars() {
        match letter {
            '0'..='9' | '.' => atoms.push(once(u8::try_from(letter).ok())),
            '+' => atoms.push(Atom { repeats: true, ..once(None) }),
            '*' | '?' => {
                // After nothing, or after another one: PHP may refuse the expression, or mean "lazy".
                let last = atoms.last_mut().filter(|_| !quantified)?;
                if last.repeats {
                    // `[0-9.]+?` is lazy and matches the same; `[0-9.]+*` is an error or "possessive".
                    if letter == '*' {
                        return None;
                    }
                } else {
                    last.optional = true;
                    last.repeats = letter == '*';
                }
                quantified = true;
                continue;
            }
            '[' | ']' | '(' | ')' | '{' | '}' | '|' | '^' | '$' | '\\' => return None,
            // Any other letter stands for itself, and no IPv4 address has one.
            other => {
                never = true;
                atoms.push(once(u8::try_from(other).ok().filter(u8::is_ascii).or(Some(0))));
            }
        }
        quantified = false;
    }
    if never {
        // An optional letter need not be there.
        let stays = atoms
            .iter()
            .all(|atom| atom.byte.is_none_or(|byte| byte.is_ascii_digit() || byte == b'.' || atom.optional));
        return if stays { None } else { Some(None) };
    }
    Some(Some(atoms))
}

/// Sorted ranges of numbers, as in `Ranges`.
type Spans = Vec<(u128, u128)>;

/// States are bits: bit n is "before position n", the bit after the last is "matched".
struct Automaton {
    /// The bit of "matched".
    matched: u128,
    /// Positions that take a byte: the ten digits, then the dot.
    takes: [u128; 11],
    repeats: u128,
    optional: u128,
    known: HashMap<(u128, u8), Option<Spans>>,
}

impl Automaton {
    fn of(atoms: &[Atom]) -> Self {
        let bits = |which: &dyn Fn(&Atom) -> bool| {
            let set = atoms.iter().enumerate().filter(|(_, atom)| which(atom));
            set.fold(0, |sum: u128, (at, _)| sum | 1 << at)
        };
        let byte = |symbol: usize| b"0123456789.".get(symbol).copied();
        Self {
            matched: 1 << atoms.len(),
            takes: std::array::from_fn(|symbol| bits(&|atom| atom.byte.is_none() || atom.byte == byte(symbol))),
            repeats: bits(&|atom| atom.repeats),
            optional: bits(&|atom| atom.optional),
            known: HashMap::new(),
        }
    }

    /// With all states that are reached by leaving out what is optional.
    fn closed(&self, states: u128) -> u128 {
        let mut states = states;
        loop {
            let more = states | (states & self.optional) << 1;
            if more == states {
                return states;
            }
            states = more;
        }
    }

    /// The states after a digit, or after the dot (10).
    fn step(&self, states: u128, symbol: u8) -> u128 {
        let taken = states & self.takes.get(usize::from(symbol)).copied().unwrap_or(0);
        self.closed(taken << 1 | taken & self.repeats)
    }

    /// The states after an octet's decimal text.
    fn number(&self, states: u128, value: u8) -> u128 {
        let mut next = states;
        if value >= 100 {
            next = self.step(next, value / 100);
        }
        if value >= 10 {
            next = self.step(next, value / 10 % 10);
        }
        self.step(next, value % 10)
    }

    /// The numbers of the octets from `octet` on that end in a match, sorted; `None` where they are too many ranges.
    fn suffixes(&mut self, states: u128, octet: u8) -> Option<Spans> {
        if states == 0 {
            return Some(Vec::new());
        }
        if octet == 4 {
            let matched = states & self.matched != 0;
            return Some(if matched { vec![(0, 0)] } else { Vec::new() });
        }
        if let Some(known) = self.known.get(&(states, octet)) {
            return known.clone();
        }
        let size = 1_u128 << (8 * (3 - u32::from(octet)));
        let mut found: Option<Spans> = Some(Vec::new());
        for value in 0..=255_u8 {
            let mut next = self.number(states, value);
            if octet < 3 {
                next = self.step(next, DOT);
            }
            let Some(inner) = self.suffixes(next, octet + 1) else {
                found = None;
                break;
            };
            let Some(all) = &mut found else { break };
            for (from, to) in inner {
                let (from, to) = (u128::from(value) * size + from, u128::from(value) * size + to);
                match all.last_mut() {
                    Some((_, end)) if *end + 1 == from => *end = to,
                    _ => all.push((from, to)),
                }
            }
            if all.len() > MAX_RANGES {
                found = None;
                break;
            }
        }
        self.known.insert((states, octet), found.clone());
        found
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use proptest::prelude::*;

    use super::*;

    fn set(pattern: &str) -> Vec<String> {
        match matches(pattern) {
            Matches::Exactly(ranges) => crate::acl::Addresses::of(crate::acl::Family::V4, ranges)
                .networks()
                .iter()
                .map(ToString::to_string)
                .collect(),
            Matches::Perhaps => vec!["?".to_owned()],
        }
    }

    #[test]
    fn a_plus_swallows_dots_and_digits() {
        assert_eq!(set("27.+"), ["27.0.0.0/8"]);
        assert_eq!(set("27.0.236.+"), ["27.0.236.0/24"]);
        // 27.0.23.x and 27.0.230-239.x
        assert_eq!(set("27.0.23+"), ["27.0.23.0/24", "27.0.230.0/23", "27.0.232.0/21"]);
        assert_eq!(set("27.0.236.7"), ["27.0.236.7/32"]);
        assert_eq!(set("27.0.236"), Vec::<String>::new());
        assert_eq!(set("27.0.236.0/22"), Vec::<String>::new());
        assert_eq!(set("27.0.236.*"), Vec::<String>::new(), "a star repeats the dot before it");
        assert_eq!(set("27.0.236.1*"), ["27.0.236.1/32", "27.0.236.11/32", "27.0.236.111/32"]);
        assert_eq!(set("+"), ["0.0.0.0/0"]);
        assert_eq!(set("27.0.(236|237).+"), ["?"]);
        assert_eq!(set("+.1"), ["?"], "too scattered to be worth listing");
    }

    /// What common.php does, in the same words.
    fn php(pattern: &str, address: Ipv4Addr) -> bool {
        let pattern = pattern.replace('.', "\\.").replace('+', "[0-9\\.]+");
        regex::Regex::new(&format!("^(?:{pattern})$")).is_ok_and(|regex| regex.is_match(&address.to_string()))
    }

    proptest! {
        #[test]
        fn the_automaton_agrees_with_the_expression(
            pattern in "[0-9.]{0,3}(27|2\\+|211|\\+)\\.?(0|\\+|231)[.+]{1,2}(23|236|\\+|9+)?[.+*?]{0,2}[0-9]{0,2}\\+?",
            near in prop::collection::vec((prop::sample::select(vec![2_u8, 27, 211, 23]),
                prop::sample::select(vec![0_u8, 231, 1]), prop::sample::select(vec![23_u8, 230, 236, 239, 9, 99]), any::<u8>()), 40),
            far in prop::collection::vec(any::<u32>(), 40),
        ) {
            if let Matches::Exactly(found) = matches(&pattern) {
                let near = near.iter().map(|(a, b, c, d)| Ipv4Addr::new(*a, *b, *c, *d));
                for address in near.chain(far.iter().map(|bits| Ipv4Addr::from(*bits))) {
                    prop_assert_eq!(found.contains(address.to_bits().into()), php(&pattern, address), "{} {}", pattern, address);
                }
            }
        }

        #[test]
        fn no_pattern_panics(pattern in ".{0,200}") {
            let _any = matches(&pattern);
        }
    }
}
