//! Ranges that fare alike, put together: sixty ranges that one line refuses are one group, not sixty. Pure, and it writes nothing.

use std::collections::HashMap;

use crate::acl::report::{PartReport, RangeReport, Standing};

/// What fares alike for the same reason.
#[derive(Debug)]
pub(super) struct Group<'a> {
    /// One of the parts: its verdict, its deciding line and its doubts are those of all.
    pub fate: &'a PartReport,
    /// The networks, by the ports for which this holds.
    pub rows: Vec<Row<'a>>,
}

/// Networks that share their ports.
#[derive(Debug)]
pub(super) struct Row<'a> {
    /// The ports.
    pub ports: Vec<u16>,
    /// The networks.
    pub networks: Vec<Network<'a>>,
}

/// A range, or parts of it.
#[derive(Debug)]
pub(super) struct Network<'a> {
    /// The range, for one of the ports.
    pub range: &'a RangeReport,
    /// Those parts of it; empty for all of it.
    pub parts: Vec<&'a str>,
}

/// Layer, file, line, chain and reason of a deciding line.
type Decided<'a> = (&'a str, Option<&'a str>, Option<u32>, &'a str, &'a str);

/// Everything that makes two parts fare alike.
#[derive(PartialEq, Eq, Hash)]
struct Fate<'a> {
    verdict: &'static str,
    how: Option<&'a str>,
    packet: &'static str,
    decided: Option<Decided<'a>>,
    doubts: Vec<(&'static str, &'a str, Option<&'a str>, Option<u32>)>,
}

impl<'a> Fate<'a> {
    fn of(part: &'a PartReport) -> Self {
        Self {
            verdict: part.verdict.word(),
            how: part.how.as_deref(),
            packet: part.packet,
            decided: part.decided_by.as_ref().map(|decided| {
                (
                    decided.layer.as_str(),
                    decided.file.as_deref(),
                    decided.line,
                    decided.chain.as_str(),
                    decided.why.as_str(),
                )
            }),
            doubts: part
                .doubts
                .iter()
                .map(|doubt| (doubt.code, doubt.layer.as_str(), doubt.file.as_deref(), doubt.line))
                .collect(),
        }
    }
}

/// A range without its port: what a reader takes for one.
type Name<'a> = (&'a str, &'a str, bool);

fn name(range: &RangeReport) -> Name<'_> {
    (&range.cidr, &range.service, range.change.is_some())
}

/// A group while it is filled.
struct Filling<'a> {
    fate: &'a PartReport,
    networks: Vec<(Network<'a>, Vec<u16>)>,
    known: HashMap<(Name<'a>, Vec<&'a str>), usize>,
}

/// All groups, in the order of the ranges.
pub(super) fn groups(ranges: &[RangeReport]) -> Vec<Group<'_>> {
    let mut filling: Vec<Filling<'_>> = Vec::new();
    let mut known: HashMap<Fate<'_>, usize> = HashMap::new();
    for range in ranges {
        let mut fates: Vec<(usize, Vec<&str>)> = Vec::new();
        let mut places: HashMap<usize, usize> = HashMap::new();
        for part in &range.parts {
            let group = *known.entry(Fate::of(part)).or_insert_with(|| {
                filling.push(Filling { fate: part, networks: Vec::new(), known: HashMap::new() });
                filling.len() - 1
            });
            let place = *places.entry(group).or_insert_with(|| {
                fates.push((group, Vec::new()));
                fates.len() - 1
            });
            if let Some((_, parts)) = fates.get_mut(place) {
                parts.push(&part.cidr);
            }
        }
        let whole = fates.len() == 1;
        for (group, parts) in fates {
            let parts = if whole { Vec::new() } else { parts };
            if let Some(group) = filling.get_mut(group) {
                group.add(range, parts);
            }
        }
    }
    filling.into_iter().map(Filling::done).collect()
}

impl<'a> Filling<'a> {
    fn add(&mut self, range: &'a RangeReport, parts: Vec<&'a str>) {
        let place = *self.known.entry((name(range), parts.clone())).or_insert_with(|| {
            self.networks.push((Network { range, parts }, Vec::new()));
            self.networks.len() - 1
        });
        if let Some((_, ports)) = self.networks.get_mut(place)
            && !ports.contains(&range.port)
        {
            ports.push(range.port);
        }
    }

    fn done(self) -> Group<'a> {
        let mut rows: Vec<Row<'a>> = Vec::new();
        for (network, mut ports) in self.networks {
            ports.sort_unstable();
            match rows.iter_mut().find(|row| row.ports == ports) {
                Some(row) => row.networks.push(network),
                None => rows.push(Row { ports, networks: vec![network] }),
            }
        }
        Group { fate: self.fate, rows }
    }
}

/// How many ranges stand how.
pub(super) type Counts = Vec<(Standing, usize)>;

/// How many ranges stand how for a port: allowed, partly allowed, denied, unknown.
pub(super) fn counts(ranges: &[RangeReport], port: u16) -> Counts {
    [Standing::Allowed, Standing::Partial, Standing::Denied, Standing::Undetermined]
        .into_iter()
        .map(|wanted| {
            let alike = ranges.iter().filter(|range| range.port == port && range.verdict == wanted);
            (wanted, alike.count())
        })
        .filter(|(_, count)| *count > 0)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{
        super::samples::{part, range},
        *,
    };

    fn shown(ranges: &[RangeReport]) -> Vec<String> {
        let network = |network: &Network<'_>| match network.parts.as_slice() {
            [] => network.range.cidr.clone(),
            parts => format!("{} of {}", parts.join("+"), network.range.cidr),
        };
        let row = |row: &Row<'_>| {
            let networks: Vec<String> = row.networks.iter().map(network).collect();
            format!("{:?}: {}", row.ports, networks.join(", "))
        };
        let all = groups(ranges);
        all.iter()
            .map(|group| {
                let rows: Vec<String> = group.rows.iter().map(row).collect();
                format!("{} {}", group.fate.verdict.word(), rows.join("; "))
            })
            .collect()
    }

    #[test]
    fn ranges_that_one_line_decides_are_one_group_over_all_ports() {
        let allowed = |cidr, port| range(cidr, port, vec![part(cidr, Standing::Allowed, 9)]);
        let ranges = [
            allowed("10.0.0.0/8", 80),
            allowed("10.0.0.0/8", 443),
            allowed("11.0.0.0/8", 80),
            allowed("11.0.0.0/8", 443),
        ];
        assert_eq!(shown(&ranges), ["allowed [80, 443]: 10.0.0.0/8, 11.0.0.0/8"]);
    }

    #[test]
    fn parts_are_told_with_their_range_and_ports_that_differ_stand_apart() {
        let ranges = [
            range(
                "10.0.0.0/8",
                80,
                vec![part("10.0.0.0/9", Standing::Denied, 3), part("10.128.0.0/9", Standing::Allowed, 9)],
            ),
            range("10.0.0.0/8", 443, vec![part("10.0.0.0/8", Standing::Denied, 3)]),
            range("11.0.0.0/8", 443, vec![part("11.0.0.0/8", Standing::Denied, 4)]),
        ];
        assert_eq!(
            shown(&ranges),
            [
                "denied [80]: 10.0.0.0/9 of 10.0.0.0/8; [443]: 10.0.0.0/8",
                "allowed [80]: 10.128.0.0/9 of 10.0.0.0/8",
                "denied [443]: 11.0.0.0/8"
            ]
        );
    }

    #[test]
    fn ranges_are_counted_for_each_port() {
        let ranges = [
            range("10.0.0.0/8", 80, vec![part("10.0.0.0/8", Standing::Denied, 3)]),
            range("10.0.0.0/8", 443, vec![part("10.0.0.0/8", Standing::Allowed, 3)]),
            range("11.0.0.0/8", 443, vec![part("11.0.0.0/8", Standing::Allowed, 3)]),
        ];
        assert_eq!(counts(&ranges, 80), [(Standing::Denied, 1)]);
        assert_eq!(counts(&ranges, 443), [(Standing::Allowed, 2)]);
    }
}
