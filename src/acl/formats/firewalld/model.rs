//! What firewalld's files say, whatever form they came in: zones, policies, rich rules, sets. Neither text nor order of
//! evaluation is known here.

use std::collections::HashMap;

use super::super::super::{Addresses, Family, How, Place, Ranges};

/// All of it.
#[derive(Debug, Default)]
pub struct Config {
    /// Zones, in the order they came.
    pub zones: Vec<Zone>,
    /// Policies.
    pub policies: Vec<Zone>,
    /// Sets of addresses by name.
    pub sets: HashMap<String, Set>,
    /// Services by name, with their TCP ports and the services they include.
    pub services: HashMap<String, (Ranges, Vec<String>)>,
    /// Direct rules: what the kernel gets besides zones and policies.
    pub direct: Vec<Direct>,
    /// The default zone, where that is said.
    pub default_zone: Option<String>,
    /// `AllowZoneDrifting`, where that is said.
    pub drifting: Option<bool>,
    /// A sign of firewalld 0.9 or newer.
    pub since_0_9: bool,
    /// A sign of firewalld 1.0 or newer.
    pub since_1_0: bool,
    /// Files of the permanent configuration are among the files.
    pub permanent: Option<Place>,
    /// The first line of what speaks of a zone.
    pub head: Option<Place>,
}

/// What happens to what no rule decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Target {
    /// Rejects, but not ICMP.
    #[default]
    Default,
    /// Rejects.
    Reject,
    /// Drops.
    Drop,
    /// Accepts.
    Accept,
    /// Goes on: policies only.
    Continue,
}

impl Target {
    /// The target of a word.
    pub fn of(word: &str) -> Option<Self> {
        match word {
            "default" | "{chain}_{zone}" => Some(Self::Default),
            "%%REJECT%%" | "REJECT" => Some(Self::Reject),
            "DROP" => Some(Self::Drop),
            "ACCEPT" => Some(Self::Accept),
            "CONTINUE" => Some(Self::Continue),
            _ => None,
        }
    }
}

/// A zone or a policy.
#[derive(Debug, Clone)]
pub struct Zone {
    /// Its name.
    pub name: String,
    /// Where it starts.
    pub place: Place,
    /// Its target and its line.
    pub target: (Target, Place),
    /// `ingress-priority` of a zone, `priority` of a policy.
    pub priority: i32,
    /// Zones packets of a policy come from, with `ANY` and `HOST`.
    pub ingress: Vec<String>,
    /// Zones packets of a policy go to, with `ANY` and `HOST`.
    pub egress: Vec<String>,
    /// Rich rules of one priority are in an order that need not be the kernel's.
    pub listed: bool,
    /// The listing marks it as the default.
    pub is_default: bool,
    /// Interfaces bound to it.
    pub interfaces: Vec<(String, Place)>,
    /// Sources bound to it: networks, `ipset:NAME`, MAC addresses.
    pub sources: Vec<(String, Place)>,
    /// Services it lets in.
    pub services: Vec<(String, Place)>,
    /// Ports it lets in, with their protocol.
    pub ports: Vec<(Ranges, String, Place)>,
    /// Ports of clients it lets in.
    pub source_ports: Vec<(Ranges, String, Place)>,
    /// Protocols it lets in.
    pub protocols: Vec<(String, Place)>,
    /// Ports it sends elsewhere.
    pub forward_ports: Vec<(ForwardPort, Place)>,
    /// Rich rules.
    pub rules: Vec<(Rich, Place)>,
    /// Lines that are not understood.
    pub strange: Vec<(String, Place)>,
}

impl Zone {
    /// A zone that says nothing yet.
    pub fn new(name: &str, place: Place) -> Self {
        Self {
            name: name.to_owned(),
            place,
            target: (Target::Default, place),
            priority: 0,
            ingress: Vec::new(),
            egress: Vec::new(),
            listed: false,
            is_default: false,
            interfaces: Vec::new(),
            sources: Vec::new(),
            services: Vec::new(),
            ports: Vec::new(),
            source_ports: Vec::new(),
            protocols: Vec::new(),
            forward_ports: Vec::new(),
            rules: Vec::new(),
            strange: Vec::new(),
        }
    }
}

/// A port that is sent elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForwardPort {
    /// Ports it is for.
    pub ports: Ranges,
    /// Their protocol.
    pub protocol: String,
    /// The new port.
    pub to_port: Option<u16>,
    /// The new host; `None` for this one.
    pub to_address: Option<std::net::IpAddr>,
}

/// A rich rule.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rich {
    /// Before the zone's own rules where it is below 0, after them where it is above.
    pub priority: i32,
    /// Its family; `None` for both.
    pub family: Option<Family>,
    /// Where packets come from.
    pub source: Option<Side>,
    /// Where they go.
    pub destination: Option<Side>,
    /// What they are.
    pub element: Element,
    /// What happens to them.
    pub action: RichAction,
    /// The action holds up to a rate only.
    pub limited: Option<String>,
}

/// One side of a rich rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// All but these.
    pub negated: bool,
    /// Which.
    pub what: Which,
}

/// Addresses of a rich rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// These.
    Addresses(Addresses),
    /// Those of a set.
    Set(String),
    /// Those of a network card.
    Mac(String),
}

/// What packets a rich rule is for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Element {
    /// All.
    #[default]
    All,
    /// Those of a service.
    Service(String),
    /// Those to ports.
    Port(Ranges, String),
    /// Those from ports.
    SourcePort(Ranges, String),
    /// Those of a protocol.
    Protocol(String),
    /// Those to ports, to be sent elsewhere.
    Forward(ForwardPort),
    /// ICMP, masquerading, MSS: nothing that decides about TCP.
    Other,
}

/// What a rich rule does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RichAction {
    /// Nothing: it logs, or the element says it all.
    #[default]
    None,
    /// Lets in.
    Accept,
    /// Refuses.
    Deny(How),
}

/// A set of addresses.
#[derive(Debug, Clone, Default)]
pub struct Set {
    /// `hash:net` and the like.
    pub kind: String,
    /// What is in it.
    pub addresses: Addresses,
    /// Entries come and go by themselves.
    pub timeout: bool,
    /// Entries that are no addresses, or its kind has more than addresses in it.
    pub more: bool,
    /// IPv6.
    pub family: Option<Family>,
}

/// A direct rule.
#[derive(Debug, Clone)]
pub struct Direct {
    /// Its line.
    pub place: Place,
    /// Its family; `None` for both.
    pub family: Option<Family>,
    /// The chain it is in.
    pub chain: String,
    /// Its text.
    pub text: String,
}

/// Reads `443` and `8000-8010`.
pub fn ports(text: &str) -> Option<Ranges> {
    let (from, to) = text.trim().split_once('-').unwrap_or((text.trim(), text.trim()));
    let (from, to): (u16, u16) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
    (from <= to).then(|| Ranges::one(from.into(), to.into()))
}
