//! The chains of each zone: its own rules with the policies around them, and its end by its target. Which packets come to which
//! zone is `dispatch`'s.

use super::super::super::{Action, ChainId, Condition, How, Rule};
use super::{
    build::{Build, target},
    dispatch::is_outer,
    model::{Config, Target, Zone},
};

/// The chains of one zone.
pub struct Way {
    /// For packets that come to it by their source.
    pub by_source: ChainId,
    /// For packets that come to it by their interface.
    pub by_interface: ChainId,
    /// For packets that no zone wants, where it is the default.
    pub by_default: ChainId,
    /// Ports it sends elsewhere.
    pub nat: ChainId,
}

/// A policy for packets to this host.
struct Policy<'a> {
    said: &'a Zone,
    filter: Option<ChainId>,
    nat: Option<ChainId>,
}

impl<'a> Build<'a> {
    /// Builds the chains of all zones.
    pub fn zones(&mut self) {
        let config: &'a Config = self.config;
        let policies = self.policies();
        for zone in &config.zones {
            let name = format!("zone {}", zone.name);
            let sent = self.lower.sent.len();
            let nat = self.lower.forward(zone);
            let nat = self.chain(&name, nat);
            let own = self.lower.filter(zone, sent);
            let own = self.chain(&name, own);
            let jump = |chain| Rule::new(zone.place, Condition::ALWAYS, Action::Jump(chain));
            let bound = self.around(zone, &policies, true, (own, nat));
            let unbound = self.around(zone, &policies, false, (own, nat));
            let target = target(zone.target.0).map(|then| Rule::new(zone.target.1, Condition::ALWAYS, then));
            let end =
                if zone.target.0 == Target::Default { self.drift(zone) } else { target.iter().cloned().collect() };
            let by_source = self.chain(&name, std::iter::once(jump(bound.0)).chain(end).collect());
            let by_interface = self.chain(&name, std::iter::once(jump(bound.0)).chain(target.clone()).collect());
            let by_default = self.chain(&name, std::iter::once(jump(unbound.0)).chain(target).collect());
            self.ways.push(Way { by_source, by_interface, by_default, nat: bound.1 });
        }
    }

    /// Before firewalld 1.0, what a zone chosen by its source left open could go on to the interface's zone.
    fn drift(&self, zone: &Zone) -> Vec<Rule> {
        let reject = |when| Rule::new(zone.target.1, when, Action::Deny(How::Reject));
        match self.config.drifting {
            // Newer versions read the setting and ignore it.
            _ if self.config.since_1_0 => vec![reject(Condition::ALWAYS)],
            Some(false) => vec![reject(Condition::ALWAYS)],
            Some(true) => Vec::new(),
            None => vec![reject(Condition::unknown("zone-unknown", "AllowZoneDrifting"))],
        }
    }

    /// Chains of the policies, in the order of their priority.
    fn policies(&mut self) -> Vec<Policy<'a>> {
        let config: &'a Config = self.config;
        let mut policies: Vec<&Zone> = config.policies.iter().collect();
        policies.sort_by_key(|policy| policy.priority);
        let mut found = Vec::new();
        for policy in policies {
            let name = format!("policy {}", policy.name);
            let forwards = self.lower.forward(policy);
            let nat = if forwards.is_empty() { None } else { Some(self.chain(&name, forwards)) };
            let to_host = policy.egress.iter().any(|name| name == "HOST");
            let filter = to_host.then(|| {
                let mut rules = self.lower.filter(policy, usize::MAX);
                rules.extend(target(policy.target.0).map(|then| Rule::new(policy.target.1, Condition::ALWAYS, then)));
                self.chain(&name, rules)
            });
            found.push(Policy { said: policy, filter, nat });
        }
        found
    }

    /// Puts the policies before and after a zone's own rules; `bound` where the packet came to the zone by what is bound to it.
    fn around(
        &mut self,
        zone: &Zone,
        policies: &[Policy<'_>],
        bound: bool,
        (own, own_nat): (ChainId, ChainId),
    ) -> (ChainId, ChainId) {
        let met: Vec<(&Policy<'_>, Condition)> =
            policies.iter().filter_map(|policy| Some((policy, self.meets(policy.said, zone, bound)?))).collect();
        if met.is_empty() {
            return (own, own_nat);
        }
        let name = format!("zone {}", zone.name);
        let build = |own: ChainId, chain: fn(&Policy<'_>) -> Option<ChainId>| {
            let jumps = |before: bool| {
                met.iter().filter(move |(policy, _)| (policy.said.priority < 0) == before).filter_map(
                    move |(policy, when)| {
                        Some(Rule::new(policy.said.place, when.clone(), Action::Jump(chain(policy)?)))
                    },
                )
            };
            let own = Rule::new(zone.place, Condition::ALWAYS, Action::Jump(own));
            jumps(true).chain([own]).chain(jumps(false)).collect::<Vec<Rule>>()
        };
        let (filter, nat) = (build(own, |policy| policy.filter), build(own_nat, |policy| policy.nat));
        (self.chain(&name, filter), self.chain(&name, nat))
    }

    /// Which packets of a zone a policy is for; `None` for none.
    fn meets(&self, policy: &Zone, zone: &Zone, bound: bool) -> Option<Condition> {
        let named = policy.ingress.contains(&zone.name);
        if policy.ingress.iter().any(|name| name == "ANY") || named && bound {
            return Some(Condition::ALWAYS);
        }
        let unknown = || Condition::unknown("zone-unknown", format!("policy {}", policy.name));
        if named {
            // Versions differ in whether the default zone without an interface of its own is meant.
            return Some(unknown());
        }
        // Versions before 2.0 ask for what is bound to the policy's zones, whichever zone the packet is in (firewalld
        // f4d2b80); later ones for the zone.
        let mut any = Vec::new();
        for other in self.config.zones.iter().filter(|other| policy.ingress.contains(&other.name)) {
            any.extend(other.sources.iter().map(|(source, _)| self.source(source)));
            let interfaces = other.interfaces.iter().filter(|(name, _)| self.interface.is_some() || is_outer(name));
            any.extend(interfaces.map(|(name, _)| Condition::InInterface(name.clone())));
        }
        (!any.is_empty()).then(|| Condition::Any(any).and(unknown()))
    }
}
