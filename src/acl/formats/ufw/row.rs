//! One rule of ufw, in whatever form it was written, and the packets it is for. Where rules stand is not known here.

use super::super::super::{Action, Addresses, Condition, Doubt, Family, How, Place, Ranges, Rule};
use super::profiles::Profiles;

/// What a rule does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// ALLOW.
    Allow,
    /// DENY.
    Deny,
    /// REJECT.
    Reject,
    /// LIMIT.
    Limit,
}

impl Verb {
    /// The verb of a word, in either case.
    pub fn of(word: &str) -> Option<Self> {
        [("allow", Self::Allow), ("deny", Self::Deny), ("reject", Self::Reject), ("limit", Self::Limit)]
            .into_iter()
            .find(|(name, _)| word.eq_ignore_ascii_case(name))
            .map(|(_, verb)| verb)
    }
}

/// Which packets a rule is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Way {
    /// Those to this host.
    #[default]
    In,
    /// Those from this host.
    Out,
    /// Those through this host.
    Routed,
}

/// Ports of one side.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Ports {
    /// Any.
    #[default]
    Any,
    /// These.
    These(Ranges),
    /// Those of an application profile.
    Profile(String),
}

/// One side of a rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Side {
    /// Addresses; `None` for any.
    pub addresses: Option<Addresses>,
    /// Ports.
    pub ports: Ports,
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its line.
    pub place: Place,
    /// What it does.
    pub verb: Verb,
    /// Which packets it is for.
    pub way: Way,
    /// Its family; `None` for both.
    pub family: Option<Family>,
    /// The protocol by name; `None` for any.
    pub protocol: Option<String>,
    /// Where packets come from.
    pub from: Side,
    /// Where they go.
    pub to: Side,
    /// The interface they come in by.
    pub interface: Option<String>,
    /// What keeps this line from being sure, although it is understood.
    pub doubt: Option<Doubt>,
}

impl Row {
    /// A rule that says nothing yet.
    pub fn new(place: Place, verb: Verb) -> Self {
        Self {
            place,
            verb,
            way: Way::In,
            family: None,
            protocol: None,
            from: Side::default(),
            to: Side::default(),
            interface: None,
            doubt: None,
        }
    }

    /// Takes the family that the addresses are of, where they are given.
    pub fn settle_family(&mut self) {
        let of =
            |side: &Side| side.addresses.as_ref().map(|set| if set.v6.is_empty() { Family::V4 } else { Family::V6 });
        self.family = of(&self.from).or(of(&self.to)).or(self.family);
    }

    /// The rules it becomes.
    pub fn lower(&self, profiles: &Profiles) -> Vec<Rule> {
        let when = self.condition(profiles);
        let rule = |when, then| Rule::new(self.place, when, then);
        if let Some(doubt) = &self.doubt {
            return vec![rule(when, Action::Unknown(doubt.clone()))];
        }
        match self.verb {
            Verb::Allow => vec![rule(when, Action::Accept)],
            Verb::Deny => vec![rule(when, Action::Deny(How::Drop))],
            Verb::Reject => vec![rule(when, Action::Deny(self.reject()))],
            // From the sixth connection within 30 seconds it rejects, else it accepts.
            Verb::Limit => {
                let often = when.clone().and(Condition::unknown("limit", "LIMIT 6/30s"));
                vec![rule(often, Action::Deny(How::Reject)), rule(when, Action::Accept)]
            }
        }
    }

    /// ufw answers with a reset where the rule is for TCP or for ports, else with an ICMP error.
    fn reject(&self) -> How {
        let tcp = self.protocol.as_deref() == Some("tcp");
        let ports = self.from.ports != Ports::Any || self.to.ports != Ports::Any;
        if tcp || ports { How::Reset } else { How::Reject }
    }

    /// The packets it is for.
    pub fn condition(&self, profiles: &Profiles) -> Condition {
        let mut all = Vec::new();
        all.extend(self.family.map(Condition::Family));
        all.extend(self.interface.clone().map(Condition::InInterface));
        if let Some(name) = &self.protocol {
            all.push(protocol(name));
        }
        all.extend(self.from.addresses.clone().map(Condition::source));
        all.extend(self.to.addresses.clone().map(|set| Condition::Destination(set.into())));
        all.extend(ports(&self.from.ports, profiles, Condition::SourcePort));
        all.extend(ports(&self.to.ports, profiles, Condition::DestinationPort));
        Condition::All(all)
    }
}

fn ports(ports: &Ports, profiles: &Profiles, side: fn(Ranges) -> Condition) -> Vec<Condition> {
    match ports {
        Ports::Any => Vec::new(),
        Ports::These(ranges) => vec![side(ranges.clone())],
        Ports::Profile(name) => match profiles.tcp(name) {
            Some(ranges) => vec![Condition::tcp(), side(ranges)],
            None => vec![Condition::unknown("reference", name.clone())],
        },
    }
}

fn protocol(name: &str) -> Condition {
    let number = match name.to_ascii_lowercase().as_str() {
        "tcp" => 6,
        "udp" => 17,
        "igmp" => 2,
        "ipv6" => 41,
        "gre" => 47,
        "esp" => 50,
        "ah" => 51,
        "vrrp" => 112,
        _ => return Condition::unknown("match-unknown", name),
    };
    Condition::Protocol(Ranges::one(number, number))
}

/// Reads `443`, `80,443` and `6000:6007`.
pub fn port_list(text: &str) -> Option<Ranges> {
    let port = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u16>().ok().filter(|_| digits).map(u128::from)
    };
    let mut ranges = Vec::new();
    for part in text.split(',') {
        let (from, to) = part.split_once(':').unwrap_or((part, part));
        let (from, to) = (port(from)?, port(to)?);
        if from > to {
            return None;
        }
        ranges.push((from, to));
    }
    Some(ranges.into_iter().collect())
}
