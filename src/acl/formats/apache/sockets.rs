//! The whole of Apache as a stage: which virtual host a visit to a port reaches. What that does is in `flow`.

use std::cell::RefCell;

use super::{
    super::web::chains::Chains,
    facts::Facts,
    flow::Flow,
    line::Node,
    site::{self, Site},
};
use crate::acl::{
    Action, ChainId, Condition, Doubt, Family, Hook, How, Kind, Place, Policy, Ranges, Reading, Ruleset, Sees, Stage,
};

/// Builds the rule set, with the `.htaccess` files that are not read.
pub fn ruleset(site: &Site, reading: &Reading) -> (Ruleset, Vec<Place>) {
    let facts = facts(site, reading);
    let mut flow = Flow { site, facts: &facts, chains: Chains::default(), unread: Vec::new() };
    let base = Sockets { site, reading, flow: &mut flow }.base();
    let Flow { chains, mut unread, .. } = flow;
    unread.sort_unstable();
    unread.dedup();
    let stage = Stage { hook: Hook::Request, chain: base, family: None, policy: Policy::accept(), kind: Kind::Filter };
    let ruleset = Ruleset {
        chains: chains.all,
        stages: vec![stage],
        families: Family::BOTH.to_vec(),
        sees: facts.sees.clone(),
        assumptions: facts.assumptions.take(),
        idle: Vec::new(),
    };
    (ruleset, unread)
}

fn facts<'a>(site: &Site, reading: &'a Reading) -> Facts<'a> {
    let mut facts = Facts { reading, peer_hidden: false, sees: reading.sees.clone(), assumptions: RefCell::default() };
    for (place, name) in &site.undefined {
        facts.assume("define-assumed", Some(*place), name);
    }
    let mut open: Vec<&Node> = site.main.iter().chain(&site.hosts).collect();
    open.extend(site.htaccess.iter().flat_map(|(_, lines)| lines));
    let (mut remote_ip, mut reads_header) = (None, false);
    while let Some(node) = open.pop() {
        open.extend(node.children());
        match node.name.as_str() {
            "remoteipheader" | "rpafheader" | "rpaf_header" => remote_ip = Some(node.place),
            "remoteipproxyprotocol" if node.arg(0).eq_ignore_ascii_case("on") => remote_ip = Some(node.place),
            _ => {
                reads_header |= node.args.iter().any(|word| {
                    let word = word.to_ascii_lowercase();
                    ["x-forwarded-for", "x_forwarded_for", "x-real-ip", "cf-connecting-ip"]
                        .iter()
                        .any(|name| word.contains(name))
                });
            }
        }
    }
    match (&reading.sees, remote_ip) {
        (Sees::Balancer(_), _) | (Sees::Direct, None) => {}
        (Sees::Direct, Some(place)) => facts.assume("address-behind-proxy", Some(place), ""),
        (Sees::Header, Some(place)) => facts.assume("header-trusted", Some(place), ""),
        (Sees::Header, None) => {
            facts.assume("address-behind-proxy", None, "");
            if reads_header {
                facts.peer_hidden = true;
            } else {
                facts.sees = Sees::Balancer(None);
            }
        }
    }
    facts
}

struct Sockets<'a, 'f> {
    site: &'a Site,
    reading: &'a Reading,
    flow: &'f mut Flow<'a>,
}

impl<'a> Sockets<'a, '_> {
    fn base(&mut self) -> ChainId {
        let base = self.flow.chains.new_chain("listen");
        let listens = site::listens(&self.site.main);
        let fronted = self.reading.sees != Sees::Direct;
        let mut ports: Vec<u16> =
            self.site.hosts.iter().flat_map(site::sockets).filter_map(|socket| socket.port).collect();
        ports.extend(listens.iter().map(|(_, port, ..)| *port));
        ports.sort_unstable();
        ports.dedup();
        for port in &ports {
            let on: Vec<_> =
                listens.iter().filter(|(_, listened, _, own)| listened == port && (fronted || !own)).collect();
            let families: Vec<Family> = on.iter().flat_map(|(_, _, families, _)| families).copied().collect();
            if !listens.is_empty() && on.is_empty() {
                continue;
            }
            let (chain, place) = self.named(*port);
            let mut when = Condition::port(*port);
            if !families.is_empty() && !fronted {
                when = when.and(Condition::Any(families.into_iter().map(Condition::Family).collect()));
            }
            self.flow.chains.say(base, place, when, Action::Goto(chain), None);
        }
        self.others(base, &ports, &listens);
        base
    }

    /// Ports that nothing names.
    fn others(&mut self, base: ChainId, ports: &[u16], listens: &[(Place, u16, Vec<Family>, bool)]) {
        let fronted = self.reading.sees != Sees::Direct;
        let of_the_web = ports.contains(&80) || ports.contains(&443);
        let known = !listens.is_empty() || !self.site.hosts.is_empty();
        let place =
            listens.first().map(|(place, ..)| *place).or_else(|| self.site.hosts.first().map(|host| host.place));
        match place {
            Some(place) if known && (fronted || !of_the_web) => {
                let what = ports.iter().map(u16::to_string).collect::<Vec<_>>().join(", ");
                let candidates: Vec<(ChainId, Place)> = ports.iter().map(|port| self.named(*port)).collect();
                for (at, (chain, place)) in candidates.iter().enumerate() {
                    let sure = fronted && at + 1 == candidates.len();
                    let doubt = Condition::unknown("listening-unknown", what.clone());
                    let when = if sure { Condition::ALWAYS } else { doubt };
                    self.flow.chains.say(base, *place, when, Action::Goto(*chain), None);
                }
                if candidates.is_empty() || !fronted {
                    self.flow.chains.say(
                        base,
                        place,
                        Condition::ALWAYS,
                        Action::Deny(How::Refused),
                        Some("not-listening"),
                    );
                }
            }
            Some(place) if !listens.is_empty() => {
                self.flow.chains.say(base, place, Condition::ALWAYS, Action::Deny(How::Refused), Some("not-listening"));
            }
            // No line says which ports are open: the main server answers on any other, and port 443 is its own matter.
            _ => {
                for port in [80_u16, 443] {
                    if !ports.contains(&port) {
                        let (chain, place) = self.named(port);
                        self.flow.chains.say(base, place, Condition::port(port), Action::Goto(chain), None);
                    }
                }
                let (chain, place) = self.named(8080);
                let rest = Condition::DestinationPort(Ranges::one(1, 65_535));
                self.flow.chains.say(base, place, rest, Action::Goto(chain), None);
            }
        }
    }

    /// The virtual host of a port that answers to the name that is asked for.
    fn named(&mut self, port: u16) -> (ChainId, Place) {
        let known = self.reading.circumstances.server.map(|server| server.to_string());
        let here: Vec<&'a Node> = self
            .site
            .hosts
            .iter()
            .filter(|host| site::sockets(host).iter().any(|socket| socket.port.is_none_or(|own| own == port)))
            .collect();
        let chain = self.flow.chains.new_chain(format!("virtual hosts of port {port}"));
        let first = self.site.main.first().or_else(|| self.site.htaccess.first().and_then(|(_, lines)| lines.first()));
        let Some(default) = here.first().copied() else {
            let place = first.map_or(Place::new(0, 1), |node| node.place);
            self.missing(chain);
            let to = self.flow.serve(None, port);
            self.flow.chains.say(chain, place, Condition::ALWAYS, Action::Goto(to), None);
            return (chain, place);
        };
        // A virtual host with the server's very address goes before those of any address.
        let exact: Vec<&'a Node> = here
            .iter()
            .copied()
            .filter(|host| site::sockets(host).iter().any(|socket| known.as_ref() == Some(&socket.address)))
            .collect();
        let here = if exact.is_empty() { here } else { exact };
        let default = here.first().copied().unwrap_or(default);
        if let Some(name) = &self.reading.circumstances.request.host {
            let found = here.iter().copied().find(|host| site::answers(host, name));
            if found.is_none() {
                self.missing(chain);
            }
            let host = found.unwrap_or(default);
            let to = self.flow.serve(Some(host), port);
            self.flow.chains.say(chain, host.place, Condition::ALWAYS, Action::Goto(to), None);
        } else {
            self.missing(chain);
            let names: Vec<&str> = here.iter().take(5).map(|host| site::title(host)).collect();
            for host in here.iter().copied().skip(1) {
                if self.flow.chains.full(chain, host.place) {
                    break;
                }
                let to = self.flow.serve(Some(host), port);
                let when = Condition::unknown("host-unknown", names.join(", "));
                self.flow.chains.say(chain, host.place, when, Action::Goto(to), None);
            }
            let to = self.flow.serve(Some(default), port);
            self.flow.chains.say(chain, default.place, Condition::ALWAYS, Action::Goto(to), None);
        }
        (chain, default.place)
    }

    /// Files that are included but not here may hold the virtual host, or rules.
    fn missing(&mut self, chain: ChainId) {
        for line in self.site.missing.iter().filter(|line| site::matters(line.arg(0))) {
            if site::seldom_matters(line.arg(0)) {
                self.flow.facts.assume("include-assumed", Some(line.place), line.arg(0));
                continue;
            }
            let doubt = Doubt::new("include-missing", line.arg(0));
            self.flow.chains.say(chain, line.place, Condition::ALWAYS, Action::Unknown(doubt), None);
        }
    }
}
