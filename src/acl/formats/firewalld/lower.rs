//! The rules of one zone or policy, in the order in which firewalld's kernel rules stand: rich rules below 0, what refuses,
//! what lets in, rich rules above 0. Which packets come to which zone is not known here.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    sync::Arc,
};

use super::super::super::{Action, Addresses, Condition, Doubt, Family, Place, Ranges, Rule, Translation};
use super::{
    model::{Config, Element, ForwardPort, Rich, RichAction, Side, Which, Zone},
    services,
};

/// A port that is sent elsewhere, and how its packets are known again.
pub struct Sent {
    /// Its line.
    pub place: Place,
    /// Packets that were sent on by it.
    pub known_by: Condition,
    /// They go to another host.
    pub away: bool,
}

/// Rules of one zone or policy.
pub struct Lower<'a> {
    /// What the files say.
    pub config: &'a Config,
    /// The server's own address.
    pub server: Option<IpAddr>,
    /// Ports that are sent elsewhere, of all zones so far.
    pub sent: Vec<Sent>,
    /// What is in the sets, once for all the rules that ask.
    sets: HashMap<&'a str, Arc<Addresses>>,
}

impl<'a> Lower<'a> {
    /// Nothing lowered yet.
    pub fn new(config: &'a Config, server: Option<IpAddr>) -> Self {
        let sets = config.sets.iter().map(|(name, set)| (name.as_str(), Arc::new(set.addresses.clone()))).collect();
        Self { config, server, sent: Vec::new(), sets }
    }

    /// Rules that filter. `sent` is the number of ports sent elsewhere before this zone's own.
    pub fn filter(&self, zone: &Zone, sent: usize) -> Vec<Rule> {
        let mut rules: Vec<Rule> = zone
            .strange
            .iter()
            .map(|(what, place)| {
                let doubt = Doubt::new("not-understood", what.clone());
                Rule::new(*place, Condition::ALWAYS, Action::Unknown(doubt))
            })
            .collect();
        let mut rich: Vec<&(Rich, Place)> = zone.rules.iter().collect();
        rich.sort_by_key(|(rule, _)| rule.priority);
        let of = |keep: fn(&Rich) -> bool| {
            let kept: Vec<_> = rich.iter().filter(|(rule, _)| keep(rule)).collect();
            let groups = kept.chunk_by(|(one, _), (two, _)| one.priority == two.priority);
            groups.flat_map(|group| self.group(zone, group)).collect::<Vec<Rule>>()
        };
        rules.extend(of(|rule| rule.priority < 0));
        rules.extend(of(|rule| rule.priority == 0 && matches!(rule.action, RichAction::Deny(_))));
        let accept = |when, place: &Place| Rule::new(*place, when, Action::Accept);
        rules.extend(zone.services.iter().map(|(name, place)| accept(self.service(name), place)));
        rules.extend(zone.ports.iter().map(|(ports, protocol, place)| {
            accept(with_protocol(protocol, Condition::DestinationPort(ports.clone())), place)
        }));
        rules.extend(zone.protocols.iter().map(|(name, place)| accept(protocol(name), place)));
        rules.extend(zone.source_ports.iter().map(|(ports, protocol, place)| {
            accept(with_protocol(protocol, Condition::SourcePort(ports.clone())), place)
        }));
        // Before 0.9, what a zone sends on it lets in here; later versions do before any zone.
        if !self.config.since_0_9 {
            let own = self.sent.get(sent..).unwrap_or_default();
            rules.extend(own.iter().map(|sent| accept(sent.known_by.clone(), &sent.place).with_note("rule-translate")));
        }
        rules.extend(of(|rule| rule.priority == 0 && matches!(rule.action, RichAction::Accept)));
        rules.extend(of(|rule| rule.priority > 0));
        rules
    }

    /// Rich rules of one priority. A listing does not show the kernel's order among them: where they disagree, each may be the
    /// first, and what only one of them matches is certain all the same.
    fn group(&self, zone: &Zone, group: &[&&(Rich, Place)]) -> Vec<Rule> {
        let rules: Vec<Rule> = group.iter().filter_map(|(rule, place)| self.rich(rule, *place)).collect();
        let agree = rules.windows(2).all(|pair| matches!(pair, [one, two] if one.then == two.then));
        if !zone.listed || agree {
            return rules;
        }
        let doubt = || Condition::unknown("order-unknown", "priority");
        let unsure = rules.iter().map(|rule| Rule { when: rule.when.clone().and(doubt()), ..rule.clone() });
        unsure.chain(rules.iter().cloned()).collect()
    }

    fn rich(&self, rule: &Rich, place: Place) -> Option<Rule> {
        let then = match rule.action {
            RichAction::Accept => Action::Accept,
            RichAction::Deny(how) => Action::Deny(how),
            RichAction::None => return None,
        };
        let mut all = self.sides(rule);
        match &rule.element {
            Element::All => {}
            Element::Service(name) => all.push(self.service(name)),
            Element::Port(ports, protocol) => {
                all.push(with_protocol(protocol, Condition::DestinationPort(ports.clone())));
            }
            Element::SourcePort(ports, protocol) => {
                all.push(with_protocol(protocol, Condition::SourcePort(ports.clone())));
            }
            Element::Protocol(name) => all.push(protocol(name)),
            // These are for no TCP packet of a visit.
            Element::Forward(_) | Element::Other => return None,
        }
        all.extend(rule.limited.clone().map(|rate| Condition::unknown("limit", rate)));
        Some(Rule::new(place, Condition::All(all), then))
    }

    fn sides(&self, rule: &Rich) -> Vec<Condition> {
        let mut all = Vec::new();
        all.extend(rule.family.map(Condition::Family));
        all.extend(rule.source.as_ref().map(|side| self.side(side, true)));
        all.extend(rule.destination.as_ref().map(|side| self.side(side, false)));
        all
    }

    fn side(&self, side: &Side, source: bool) -> Condition {
        let (family, when) = match &side.what {
            Which::Addresses(addresses) => (family_of(addresses), place_of(addresses, source)),
            Which::Set(name) => {
                let family = self.config.sets.get(name).map(|set| set.family.unwrap_or(Family::V4));
                (family, self.set(name, source))
            }
            Which::Mac(mac) => (None, Condition::unknown("match-unknown", format!("mac {mac}"))),
        };
        // "All but these" is, in the kernel, all but these of the same family.
        let when = when.negated_if(side.negated);
        match family.filter(|_| side.negated) {
            Some(family) => Condition::Family(family).and(when),
            None => when,
        }
    }

    /// Packets from (or to) what is in a set.
    pub fn set(&self, name: &str, source: bool) -> Condition {
        let Some(set) = self.config.sets.get(name) else {
            return Condition::unknown("set-missing", name);
        };
        let addresses = self.sets.get(name).map(Arc::clone).unwrap_or_default();
        let listed = if source { Condition::Source(addresses) } else { Condition::Destination(addresses) };
        let plain = matches!(set.kind.as_str(), "hash:ip" | "hash:net");
        if set.timeout {
            // Entries come and go: what the file lists may be gone, and others may have come.
            return Condition::unknown("dynamic-set", name);
        }
        match set.kind.split(',').next() {
            Some("hash:ip" | "hash:net") if plain && !set.more => listed,
            // Of a set of pairs, the second half is the client's port or the like.
            Some("hash:ip" | "hash:net") => {
                listed.and(Condition::unknown("match-unknown", format!("{name} {}", set.kind)))
            }
            _ => Condition::unknown("match-unknown", format!("{name} {}", set.kind)),
        }
    }

    fn service(&self, name: &str) -> Condition {
        match self.service_ports(name, 0) {
            Some(ports) => Condition::tcp().and(Condition::DestinationPort(ports)),
            None => Condition::unknown("reference", name),
        }
    }

    fn service_ports(&self, name: &str, depth: usize) -> Option<Ranges> {
        const MAX_DEPTH: usize = 8;
        let Some((tcp, includes)) = self.config.services.get(name) else { return services::tcp(name) };
        if depth > MAX_DEPTH {
            return None;
        }
        let mut all = tcp.clone();
        for include in includes {
            all = all.union(&self.service_ports(include, depth + 1)?);
        }
        Some(all)
    }

    /// Rules that send ports elsewhere.
    pub fn forward(&mut self, zone: &Zone) -> Vec<Rule> {
        let mut rules = Vec::new();
        let mut rich: Vec<&(Rich, Place)> = zone.rules.iter().collect();
        rich.sort_by_key(|(rule, _)| rule.priority);
        let (early, late) = rich.split_at(rich.partition_point(|(rule, _)| rule.priority < 0));
        let one = |rule: &Rich, place: Place, lower: &mut Self| match &rule.element {
            Element::Forward(forward) => lower.send(forward, rule.family, lower.sides(rule), place),
            _ => Vec::new(),
        };
        rules.extend(early.iter().flat_map(|(rule, place)| one(rule, *place, self)));
        for (forward, place) in &zone.forward_ports {
            // Without an IPv6 address to send it to, a zone's forward port is for IPv4 alone.
            let family = forward.to_address.map_or(Family::V4, Family::of);
            rules.extend(self.send(forward, Some(family), vec![Condition::Family(family)], *place));
        }
        rules.extend(late.iter().flat_map(|(rule, place)| one(rule, *place, self)));
        rules
    }

    fn send(
        &mut self,
        forward: &ForwardPort,
        family: Option<Family>,
        mut when: Vec<Condition>,
        place: Place,
    ) -> Vec<Rule> {
        when.push(with_protocol(&forward.protocol, Condition::DestinationPort(forward.ports.clone())));
        let away = forward.to_address.filter(|to| self.server != Some(*to));
        // What is sent on inside this host is known again, as the kernel knows it, by an address nobody else uses.
        let mark = match family {
            Some(Family::V6) => IpAddr::V6(Ipv6Addr::LOCALHOST),
            Some(Family::V4) | None => {
                let number = u32::try_from(self.sent.len()).unwrap_or(u32::MAX) & 0x003f_ffff;
                IpAddr::V4(Ipv4Addr::from_bits(0x7f40_0000 | number))
            }
        };
        let to = away.unwrap_or(mark);
        let known_by = Condition::Destination(Addresses::from(ipnet::IpNet::from(to)).into());
        self.sent.push(Sent { place, known_by, away: away.is_some() });
        let translate = Action::Translate(Translation { port: forward.to_port, to: Some(to) });
        let when = Condition::All(when);
        // Where neither port nor address change, the kernel does not count the packet as sent on, and the zone judges it. A
        // redirection takes the interface's address, which may be another than the visit's.
        let same_port = match forward.to_port {
            Some(port) => forward.ports.intersection(&Ranges::one(port.into(), port.into())),
            None => forward.ports.clone(),
        };
        if away.is_some() || same_port.is_empty() {
            return vec![Rule::new(place, when, translate)];
        }
        let same = when.clone().and(Condition::DestinationPort(same_port));
        let mut rules = Vec::new();
        if forward.to_address.is_none() {
            let doubt = Condition::unknown("server-address-unknown", "forward-port");
            rules.push(Rule::new(place, same.clone().and(doubt), translate.clone()));
        }
        rules.push(Rule::new(place, same, Action::Accept));
        rules.push(Rule::new(place, when, translate));
        rules
    }
}

fn family_of(addresses: &Addresses) -> Option<Family> {
    match (addresses.v4.is_empty(), addresses.v6.is_empty()) {
        (false, true) => Some(Family::V4),
        (true, false) => Some(Family::V6),
        _ => None,
    }
}

fn place_of(addresses: &Addresses, source: bool) -> Condition {
    let addresses = addresses.clone();
    if source { Condition::source(addresses) } else { Condition::Destination(addresses.into()) }
}

/// TCP is number 6 and has one name; every other protocol is none of ours.
fn protocol(name: &str) -> Condition {
    if name.eq_ignore_ascii_case("tcp") || name == "6" { Condition::tcp() } else { Condition::NEVER }
}

fn with_protocol(name: &str, when: Condition) -> Condition {
    protocol(name).and(when)
}
