//! `geo` blocks: values by the longest network that holds an address, or by ranges. Where the address comes from is in `value`.

use std::{collections::BTreeSet, net::IpAddr};

use super::{
    super::web::{logic, value::Known},
    token::Directive,
};
use crate::acl::{Addresses, Condition, Doubt, Family, Ranges, number};

/// A `geo` block.
#[derive(Debug, Clone)]
pub struct GeoTable {
    /// The variable that holds the address; `None` for the client's.
    pub of: Option<String>,
    /// Addresses of each value, disjoint, together all of them.
    values: Vec<(Addresses, String)>,
    /// Why nothing is known of it.
    doubt: Option<Doubt>,
}

/// Ranges of addresses, in order.
type Spans = Vec<(u128, u128)>;

/// An entry: addresses, how much it weighs, its value.
struct Entry {
    family: Family,
    from: u128,
    to: u128,
    weight: (usize, usize),
    value: usize,
}

impl GeoTable {
    /// Reads a block; `None` where the directive has none.
    pub fn read(directive: &Directive) -> Option<Self> {
        let block = directive.block.as_ref()?;
        let of = match directive.args.as_slice() {
            [of, _] => Some(of.trim_start_matches('$').to_owned()),
            _ => None,
        };
        let ranges = block.has("ranges");
        let mut doubt = None;
        let mut names: Vec<String> = vec![String::new()];
        let mut index_of = std::collections::HashMap::from([(String::new(), 0_usize)]);
        let mut entries: Vec<Entry> = Vec::new();
        let mut default = 0;
        for (order, line) in block.directives.iter().enumerate() {
            let value = line.arg(0);
            match line.name.as_str() {
                "ranges" | "proxy_recursive" | "proxy" => continue,
                "include" => {
                    doubt = Some(Doubt::new("include-missing", value));
                    continue;
                }
                "delete" => {
                    for network in networks(value, ranges) {
                        entries.retain(|entry| (entry.family, entry.from, entry.to) != network);
                    }
                    continue;
                }
                _ => {}
            }
            let known = index_of.get(value).copied();
            let value = known.unwrap_or_else(|| {
                names.push(value.to_owned());
                index_of.insert(value.to_owned(), names.len() - 1);
                names.len() - 1
            });
            if line.name == "default" {
                default = value;
                continue;
            }
            let found = networks(&line.name, ranges);
            if found.is_empty() {
                doubt = Some(Doubt::new("not-understood", line.text()));
            }
            for (family, from, to) in found {
                // The longest network wins; of two alike, the later. Ranges are cut by those after them.
                let size = if ranges { 0 } else { usize::try_from((to - from).count_zeros()).unwrap_or(0) };
                entries.push(Entry { family, from, to, weight: (size, order + 1), value });
            }
        }
        let mut parts = vec![(Spans::new(), Spans::new()); names.len()];
        for family in Family::BOTH {
            for (from, to, value) in swept(&entries, family, default) {
                if let Some((v4, v6)) = parts.get_mut(value) {
                    if family == Family::V4 { v4.push((from, to)) } else { v6.push((from, to)) }
                }
            }
        }
        let mut values: Vec<(Addresses, String)> = parts
            .into_iter()
            .zip(names)
            .map(|((v4, v6), name)| (Addresses { v4: v4.into_iter().collect(), v6: v6.into_iter().collect() }, name))
            .filter(|(set, _)| !set.is_empty())
            .collect();
        if ranges {
            // With `ranges` nginx looks IPv6 addresses up as 255.255.255.255.
            let every = Ranges::one(0, Family::V6.max());
            for (set, _) in &mut values {
                set.v6 = if set.v4.contains(Family::V4.max()) { every.clone() } else { Ranges::empty() };
            }
        }
        Some(Self { of, values, doubt })
    }

    /// The value for each address.
    pub fn cases(&self) -> Vec<(Condition, Known)> {
        match &self.doubt {
            Some(doubt) => vec![(Condition::ALWAYS, Known::Unknown(doubt.clone()))],
            None => self
                .values
                .iter()
                .map(|(set, value)| (logic::source(set.clone()), Known::Text(value.clone())))
                .collect(),
        }
    }

    /// The value for an address that is written down; what is no address counts as 255.255.255.255.
    pub fn at(&self, address: &str) -> Known {
        if let Some(doubt) = &self.doubt {
            return Known::Unknown(doubt.clone());
        }
        let address: IpAddr = address.trim().parse().unwrap_or(IpAddr::from([255, 255, 255, 255]));
        let (family, number) = (Family::of(address), number(address));
        let found = self.values.iter().find(|(set, _)| set.family(family).contains(number));
        Known::Text(found.map(|(_, value)| value.clone()).unwrap_or_default())
    }

    /// The values it gives.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.values.iter().map(|(_, value)| value.as_str())
    }
}

fn networks(text: &str, ranges: bool) -> Vec<(Family, u128, u128)> {
    if text.contains('-') != ranges {
        return Vec::new();
    }
    let Ok(set) = Addresses::parse(text) else { return Vec::new() };
    let of = |family: Family| set.family(family).iter().map(move |(from, to)| (family, from, to)).collect::<Vec<_>>();
    [of(Family::V4), of(Family::V6)].concat()
}

/// The weightiest entry at every address, as ranges in order.
fn swept(entries: &[Entry], family: Family, default: usize) -> Vec<(u128, u128, usize)> {
    let mut events: Vec<(u128, bool, (usize, usize), usize)> = Vec::new();
    for entry in entries.iter().filter(|entry| entry.family == family) {
        events.push((entry.from, true, entry.weight, entry.value));
        if let Some(after) = entry.to.checked_add(1) {
            events.push((after, false, entry.weight, entry.value));
        }
    }
    events.sort_unstable();
    let mut active: BTreeSet<((usize, usize), usize)> = BTreeSet::from([((0, 0), default)]);
    let mut found: Vec<(u128, u128, usize)> = Vec::new();
    let mut at = 0;
    let mut events = events.into_iter().peekable();
    while at <= family.max() {
        while let Some((_, starts, weight, value)) = events.next_if(|event| event.0 == at) {
            if starts {
                active.insert((weight, value));
            } else {
                active.remove(&(weight, value));
            }
        }
        let next = events.peek().map(|event| event.0).filter(|next| *next <= family.max());
        let last = next.map_or(family.max(), |next| next - 1);
        if let Some((_, value)) = active.last() {
            found.push((at, last, *value));
        }
        match next {
            Some(next) => at = next,
            None => break,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acl::{File, formats::nginx::include};

    fn value(block: &str, address: &str) -> Known {
        let config = include::load(&[File::new("geo", block)]).unwrap();
        GeoTable::read(config.top.first("geo").unwrap()).unwrap().at(address)
    }

    #[test]
    fn the_longest_network_wins_whatever_the_order() {
        let block = "geo $k { default 0; 27.0.238.0/24 0; 27.0.236.0/22 1; 27.0.238.7 2; }";
        for (address, wanted) in [("27.0.236.1", "1"), ("27.0.238.1", "0"), ("27.0.238.7", "2"), ("9.9.9.9", "0")] {
            assert_eq!(value(block, address), Known::Text(wanted.into()), "{address}");
        }
    }

    #[test]
    fn deleted_networks_are_gone_and_later_ones_replace() {
        let block = "geo $k { 27.0.236.0/22 1; 27.0.238.0/24 0; delete 27.0.238.0/24; 27.0.236.0/22 2; }";
        assert_eq!(value(block, "27.0.238.1"), Known::Text("2".into()));
        assert_eq!(value(block, "1.1.1.1"), Known::Text(String::new()));
    }

    #[test]
    fn ranges_are_read() {
        let block = "geo $k { ranges; default no; 27.0.236.0-27.0.239.255 yes; }";
        assert_eq!(value(block, "27.0.239.255"), Known::Text("yes".into()));
        assert_eq!(value(block, "2404:4600::1"), Known::Text("no".into()));
    }
}
