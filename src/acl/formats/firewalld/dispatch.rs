//! Which packets come to which zone: by source, by interface, or because no other zone wants them. What zones do with them is
//! not known here.

use super::super::super::{Action, Addresses, ChainId, Condition, Doubt, Family, Place, Rule};
use super::{
    build::Build,
    model::{Config, Zone},
    zones::Way,
};

/// Chains that give packets to zones: one that filters, one that sends ports elsewhere.
#[derive(Clone, Copy)]
pub struct Dispatch {
    /// The one that filters.
    pub filter: ChainId,
    /// The one that sends ports elsewhere.
    pub nat: ChainId,
}

/// Where packets of a visit come from, for the choice of a zone.
enum Entry {
    Source(usize, Condition, Place),
    Interface(usize, Condition, Place),
}

impl<'a> Build<'a> {
    /// Gives packets to zones: by source in the order of the zones' names, then by interface, then to the default zone.
    pub fn dispatch(&mut self, wanted: Option<&str>) -> Dispatch {
        let config: &'a Config = self.config;
        let mut entries = self.entries(wanted);
        // Priorities are of firewalld 2.0, where they go before the kind of entry.
        entries.sort_by(|one, two| self.key(one).cmp(&self.key(two)));
        let (mut filter, mut nat) = self.overlaps();
        let mut sources = Vec::new();
        for entry in entries {
            let (index, when, place, by_source) = match entry {
                Entry::Source(index, when, place) => (index, when, place, true),
                Entry::Interface(index, when, place) => (index, when, place, false),
            };
            let Some(way) = self.ways.get(index) else { continue };
            if by_source {
                nat.extend(self.nat_by_source(place, &when, way.nat));
                sources.push(Rule::new(place, when, Action::Goto(way.by_source)));
            } else {
                // A zone by source that gives its packets on gives them to the zones by interface.
                if !sources.is_empty() {
                    let chain = self.chain("zones", std::mem::take(&mut sources));
                    filter.push(Rule::new(place, Condition::ALWAYS, Action::Jump(chain)));
                }
                let Some(way) = self.ways.get(index) else { continue };
                nat.push(Rule::new(place, when.clone(), Action::Goto(way.nat)));
                filter.push(Rule::new(place, when, Action::Goto(way.by_interface)));
            }
        }
        if !sources.is_empty() {
            let place = sources.first().map_or(Place::new(0, 1), |rule| rule.place);
            let chain = self.chain("zones", sources);
            filter.push(Rule::new(place, Condition::ALWAYS, Action::Jump(chain)));
        }
        let last = self.default_zone(config, wanted);
        for (rules, is_nat) in [(&mut filter, false), (&mut nat, true)] {
            let chain = |index: usize| self.ways.get(index).map(|way| if is_nat { way.nat } else { way.by_default });
            match &last {
                Last::Zone(index) => {
                    if let (Some(chain), Some(zone)) = (chain(*index), config.zones.get(*index)) {
                        rules.push(Rule::new(zone.place, Condition::ALWAYS, Action::Goto(chain)));
                    }
                }
                Last::Unknown(name) => {
                    let place = config.head.unwrap_or(Place::new(0, 1));
                    let doubt = Doubt::new("zone-unknown", name.clone());
                    rules.push(Rule::new(place, Condition::ALWAYS, Action::Unknown(doubt)));
                }
            }
        }
        let filter = self.chain("zones", filter);
        // Where nothing is sent elsewhere, no chain is needed for it.
        if self.lower.sent.is_empty() {
            nat.clear();
        }
        let nat = self.chain("zones", nat);
        Dispatch { filter, nat }
    }

    /// As in `drift`: what the zone by source sends nowhere may go on to that of the interface.
    fn nat_by_source(&self, place: Place, when: &Condition, chain: ChainId) -> Vec<Rule> {
        let stays = |when| Rule::new(place, when, Action::Goto(chain));
        let goes_on = || Rule::new(place, when.clone(), Action::Jump(chain));
        match self.config.drifting {
            _ if self.config.since_1_0 => vec![stays(when.clone())],
            Some(false) => vec![stays(when.clone())],
            Some(true) => vec![goes_on()],
            None => {
                let unknown = Condition::unknown("zone-unknown", "AllowZoneDrifting");
                vec![stays(when.clone().and(unknown)), goes_on()]
            }
        }
    }

    fn key(&self, entry: &Entry) -> (i32, bool, bool, &str) {
        let (index, by_interface, pattern) = match entry {
            Entry::Source(index, _, _) => (*index, false, false),
            Entry::Interface(index, when, _) => {
                (*index, true, matches!(when, Condition::InInterface(name) if name.ends_with('+')))
            }
        };
        let zone = self.config.zones.get(index);
        (zone.map_or(0, |zone| zone.priority), by_interface, pattern, zone.map_or("", |zone| zone.name.as_str()))
    }

    fn entries(&mut self, wanted: Option<&str>) -> Vec<Entry> {
        let config: &'a Config = self.config;
        let mut entries = Vec::new();
        for (index, zone) in config.zones.iter().enumerate() {
            // Networks of one line are one entry: a listing has all of a zone in one.
            for line in zone.sources.chunk_by(|(_, one), (_, two)| one == two) {
                let Some((_, place)) = line.first() else { continue };
                let networks: Vec<Addresses> =
                    line.iter().filter_map(|(source, _)| Addresses::parse(source).ok()).collect();
                if !networks.is_empty() {
                    entries.push(Entry::Source(index, Condition::source(union(&networks)), *place));
                }
                let others = line.iter().filter(|(source, _)| Addresses::parse(source).is_err());
                entries.extend(others.map(|(source, place)| Entry::Source(index, self.source(source), *place)));
            }
        }
        let outer = |zone: &Zone| zone.interfaces.iter().any(|(name, _)| is_outer(name));
        let zones = || config.zones.iter().enumerate();
        let mut outward = zones().filter(|(_, zone)| outer(zone));
        match (wanted, outward.next(), outward.next()) {
            // One zone faces outward, and nothing else was said: that is where visits come in.
            (None, Some((index, zone)), None) => {
                let alone = zones().all(|(other, zone)| other == index || zone.interfaces.is_empty());
                let known = self.known_default();
                if config.zones.len() > 1 && (!alone || known != Some(index)) {
                    let names: Vec<&str> = zone.interfaces.iter().map(|(name, _)| name.as_str()).collect();
                    let place = zone.interfaces.first().map(|(_, place)| *place);
                    let what = format!("{} → {}", names.join(" "), zone.name);
                    self.assumption("interface-assumed", place, what);
                }
                let place = zone.interfaces.first().map_or(zone.place, |(_, place)| *place);
                entries.push(Entry::Interface(index, Condition::ALWAYS, place));
            }
            _ => {
                for (index, zone) in zones() {
                    for (name, place) in &zone.interfaces {
                        entries.push(Entry::Interface(index, Condition::InInterface(name.clone()), *place));
                    }
                }
            }
        }
        entries
    }

    /// Packets from what is bound to a zone.
    pub fn source(&self, source: &str) -> Condition {
        if let Some(name) = source.strip_prefix("ipset:") {
            return self.lower.set(name, true);
        }
        match Addresses::parse(source) {
            Ok(addresses) => Condition::source(addresses),
            Err(_not) => Condition::unknown("match-unknown", format!("source {source}")),
        }
    }

    /// Before firewalld 0.9 the order among zones with common sources is not certain: either zone may get them.
    fn overlaps(&self) -> (Vec<Rule>, Vec<Rule>) {
        let (mut filter, mut nat) = (Vec::new(), Vec::new());
        if self.config.since_0_9 {
            return (filter, nat);
        }
        let mut taken = Addresses::default();
        let mut zones: Vec<(&Zone, &Way)> = self.config.zones.iter().zip(&self.ways).collect();
        zones.sort_by_key(|(zone, _)| &zone.name);
        for (zone, way) in zones {
            let all = zone.sources.iter().filter_map(|(source, _)| match source.strip_prefix("ipset:") {
                Some(name) => self.config.sets.get(name).map(|set| set.addresses.clone()),
                None => Addresses::parse(source).ok(),
            });
            let all: Vec<Addresses> = all.collect();
            let own = union(&all);
            let common = own.intersection(&taken);
            if !common.is_empty() {
                let doubt = Condition::unknown("zone-unknown", zone.name.clone());
                let when = Condition::source(common).and(doubt);
                // Either this zone has them or, further down, the first by name.
                filter.push(Rule::new(zone.place, when.clone(), Action::Goto(way.by_source)));
                nat.push(Rule::new(zone.place, when, Action::Goto(way.nat)));
            }
            taken = taken.union(&own);
        }
        (filter, nat)
    }

    fn known_default(&self) -> Option<usize> {
        let zones = &self.config.zones;
        match &self.config.default_zone {
            Some(name) => zones.iter().position(|zone| zone.name == *name),
            None => zones.iter().position(|zone| zone.is_default),
        }
    }

    fn default_zone(&mut self, config: &Config, wanted: Option<&str>) -> Last {
        if let Some(index) = self.known_default() {
            return Last::Zone(index);
        }
        if let Some(name) = &config.default_zone {
            return Last::Unknown(name.clone());
        }
        let index = match config.zones.as_slice() {
            // A listing of one zone shows where its own packets go. If those are known by their source, others go elsewhere.
            [zone] if wanted.is_some() && !zone.interfaces.is_empty() => None,
            [zone] if zone.sources.is_empty() || !zone.interfaces.is_empty() => Some(0),
            [_] => None,
            zones => zones.iter().position(|zone| zone.name == "public"),
        };
        let Some(index) = index else { return Last::Unknown("DefaultZone".to_owned()) };
        let zone = config.zones.get(index);
        let settled =
            wanted.is_none() && config.zones.iter().any(|zone| zone.interfaces.iter().any(|(name, _)| is_outer(name)));
        if !settled || config.zones.len() == 1 {
            let name = zone.map(|zone| zone.name.clone()).unwrap_or_default();
            self.assumption("zone-assumed", zone.map(|zone| zone.place), name);
        }
        Last::Zone(index)
    }
}

/// Where packets go that no source and no interface takes.
enum Last {
    Zone(usize),
    Unknown(String),
}

/// All of them at once: one by one would take quadratic time.
fn union(all: &[Addresses]) -> Addresses {
    let ranges = |family: Family| all.iter().flat_map(|set| set.family(family).iter()).collect();
    Addresses { v4: ranges(Family::V4), v6: ranges(Family::V6) }
}

/// Bridges of containers and virtual machines, and loopback: no visit from outside comes in by them.
pub fn is_outer(interface: &str) -> bool {
    const INNER: &[&str] =
        &["docker", "br-", "veth", "virbr", "cni", "podman", "flannel", "cali", "lxc", "vnet", "kube"];
    interface != "lo" && !INNER.iter().any(|start| interface.starts_with(start))
}
