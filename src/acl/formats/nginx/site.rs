//! The whole of nginx as stages: sockets, which server a visit reaches, and `stream`. What a server does is in `flow`.

use super::{
    flow::Flow,
    include::matters,
    server::{Listen, Server, fitness},
    token::{Block, Directive},
    world::World,
};
use crate::acl::{
    Action, Addresses, Assumption, ChainId, Condition, Doubt, Family, Hook, How, Kind, Place, Policy, Rule, Ruleset,
    Sees, Stage,
};

/// The servers of a configuration.
pub fn servers<'a>(top: &'a Block) -> Vec<Server<'a>> {
    let mut https: Vec<&'a Block> = top.all("http").filter_map(|line| line.block.as_ref()).collect();
    if https.is_empty() {
        https.push(top);
    }
    let blocks = https.iter().flat_map(|http| http.all("server").map(move |line| (*http, line)));
    let mut found: Vec<Server<'a>> =
        blocks.filter_map(|(http, line)| Some(Server::new(line, line.block.as_ref()?, http))).collect();
    // A piece of a server block, as people copy it: it answers on any port.
    let piece = |line: &&Directive| matches!(line.name.as_str(), "location" | "allow" | "deny" | "if" | "return");
    if found.is_empty()
        && !top.has("http")
        && !top.has("stream")
        && let Some(first) = top.directives.iter().find(piece)
    {
        let any = |family| Listen { families: vec![family], ports: (0, u16::MAX), ..Listen::plain(first.place, 0) };
        found.push(Server {
            place: first.place,
            block: top,
            http: top,
            names: Vec::new(),
            listens: Family::BOTH.map(any).to_vec(),
        });
    }
    found
}

/// Builds the rule set.
pub fn ruleset<'a>(top: &'a Block, world: &'a World<'a>) -> Ruleset {
    let servers = servers(top);
    let mut builder = Builder { servers: &servers, flow: Flow::new(world), assumptions: world.assumptions.clone() };
    let missing: Vec<&Directive> = std::iter::once(top)
        .chain(top.all("http").filter_map(|line| line.block.as_ref()))
        .flat_map(|block| block.all("include"))
        .filter(|line| matters(line.arg(0)))
        .collect();
    let stream = builder.stream(top);
    let base = builder.sockets(&missing, stream.as_ref());
    let Builder { flow, assumptions, .. } = builder;
    let mut ruleset = Ruleset {
        chains: flow.chains,
        stages: Vec::new(),
        families: Family::BOTH.to_vec(),
        sees: world.sees.clone(),
        assumptions,
        idle: Vec::new(),
    };
    if let Some((chain, _)) = stream {
        ruleset.stages.push(stage(Hook::Input, chain));
    }
    ruleset.stages.push(stage(Hook::Request, base));
    ruleset
}

fn stage(hook: Hook, chain: ChainId) -> Stage {
    Stage { hook, chain, family: None, policy: Policy::accept(), kind: Kind::Filter }
}

struct Builder<'a, 's> {
    servers: &'s [Server<'a>],
    flow: Flow<'s>,
    assumptions: Vec<Assumption>,
}

/// A server on a socket: its index, whether it is the default one there, and its `listen` line.
type Entry<'s> = (usize, &'s Listen);

impl<'a: 's, 's> Builder<'a, 's> {
    fn assume(&mut self, code: &'static str, place: Place, what: String) {
        let assumption = Assumption { code, place: Some(place), what };
        if !self.assumptions.contains(&assumption) {
            self.assumptions.push(assumption);
        }
    }

    /// Whether nobody but a proxy reaches it.
    fn fronted(&self) -> bool {
        self.flow.world.reading.sees != Sees::Direct
    }

    /// The base chain: which server a visit to a port reaches.
    fn sockets(&mut self, missing: &[&Directive], stream: Option<&(ChainId, Vec<Condition>)>) -> ChainId {
        let base = self.flow.chain("listen");
        if let Some((chain, taken)) = stream {
            // No request is read there; what let the connection in is what is shown.
            for when in taken {
                let place = self.servers.first().map_or(Place::new(0, 1), |server| server.place);
                self.flow.say(base, place, when.clone(), Action::Goto(*chain), None);
            }
        }
        let mut ports: Vec<(u16, u16)> =
            self.servers.iter().flat_map(|server| &server.listens).map(|listen| listen.ports).collect();
        ports.sort_unstable();
        ports.dedup();
        // Ranges of ports that overlap others are rare; each is asked for by its first port.
        for (from, to) in &ports {
            let port = Condition::DestinationPort(crate::acl::Ranges::one((*from).into(), (*to).into()));
            for (family, chain, place) in self.sockets_of(*from, missing) {
                // What a proxy in front speaks need not be what its visitor speaks.
                let fits = if self.fronted() { Condition::ALWAYS } else { Condition::Family(family) };
                self.flow.say(base, place, port.clone().and(fits), Action::Goto(chain), None);
            }
        }
        self.nothing_listens(base, &ports, missing);
        base
    }

    /// A port that no server has.
    fn nothing_listens(&mut self, base: ChainId, ports: &[(u16, u16)], missing: &[&Directive]) {
        for line in missing {
            let doubt = Doubt::new("include-missing", line.arg(0));
            self.flow.say(base, line.place, Condition::ALWAYS, Action::Unknown(doubt), None);
        }
        let first = self.servers.iter().flat_map(|server| &server.listens).next();
        let Some(place) = first.map(|listen| listen.place).or_else(|| missing.first().map(|line| line.place)) else {
            return;
        };
        let of_the_web = ports.iter().any(|(from, to)| (*from..=*to).contains(&80) || (*from..=*to).contains(&443));
        if self.fronted() || !of_the_web {
            // Something in front takes the visitor's port and comes by another: any server may be meant.
            let what = ports.iter().map(|(from, _)| from.to_string()).collect::<Vec<_>>().join(", ");
            let mut candidates = Vec::new();
            for (from, _) in ports {
                candidates.extend(self.sockets_of(*from, missing));
            }
            let last = candidates.len().saturating_sub(1);
            for (at, (_, chain, place)) in candidates.iter().enumerate() {
                let sure = self.fronted() && at == last;
                let when = if sure { Condition::ALWAYS } else { Condition::unknown("listening-unknown", what.clone()) };
                self.flow.say(base, *place, when, Action::Goto(*chain), None);
            }
            if self.fronted() && !candidates.is_empty() {
                return;
            }
        }
        self.flow.say(base, place, Condition::ALWAYS, Action::Deny(How::Refused), Some("not-listening"));
    }

    /// The sockets of a port. Behind a proxy one is enough: which family it speaks is not known, nor does it matter.
    fn sockets_of(&mut self, port: u16, missing: &[&Directive]) -> Vec<(Family, ChainId, Place)> {
        let mut found = Vec::new();
        for family in Family::BOTH {
            if self.fronted() && !found.is_empty() {
                break;
            }
            found.extend(self.socket(family, port, missing).map(|(chain, place)| (family, chain, place)));
        }
        found
    }

    /// The chain of a socket; `None` where nothing listens.
    fn socket(&mut self, family: Family, port: u16, missing: &[&Directive]) -> Option<(ChainId, Place)> {
        let fronted = self.fronted();
        let all: Vec<Entry<'s>> = self
            .servers
            .iter()
            .enumerate()
            .flat_map(|(index, server)| server.listens.iter().map(move |listen| (index, listen)))
            .filter(|(_, listen)| listen.takes(family, port))
            .filter(|(_, listen)| fronted || !listen.address.is_some_and(|address| address.is_loopback()))
            .collect();
        let mut addresses: Vec<_> = all.iter().map(|(_, listen)| listen.address).collect();
        addresses.sort_unstable();
        addresses.dedup();
        let known = self.flow.world.reading.circumstances.server;
        if let Some(known) = known.filter(|known| addresses.contains(&Some(*known))) {
            addresses = vec![Some(known)];
        } else if known.is_some() && addresses.contains(&None) {
            addresses = vec![None];
        }
        let (last, others) = addresses.split_last()?;
        let of = |address| all.iter().filter(|(_, listen)| listen.address == address).copied().collect::<Vec<_>>();
        if others.is_empty() {
            if let Some(address) = last
                && known != Some(*address)
                && let Some((_, listen)) = all.first()
            {
                self.assume("server-assumed", listen.place, address.to_string());
            }
            return Some(self.named(&of(*last), port, missing));
        }
        let place = all.first()?.1.place;
        let chain = self.flow.chain(format!("listen {port}"));
        for address in others {
            let (to, place) = self.named(&of(*address), port, missing);
            let what = address.map_or_else(String::new, |address| address.to_string());
            let when = Condition::unknown("server-address-unknown", what);
            self.flow.say(chain, place, when, Action::Goto(to), None);
        }
        let (to, place_of_last) = self.named(&of(*last), port, missing);
        self.flow.say(chain, place_of_last, Condition::ALWAYS, Action::Goto(to), None);
        Some((chain, place))
    }

    /// The server of one socket that answers to the name that is asked for.
    fn named(&mut self, entries: &[Entry<'s>], port: u16, missing: &[&Directive]) -> (ChainId, Place) {
        let encrypted = entries.iter().any(|(_, listen)| listen.ssl);
        let default = entries.iter().position(|(_, listen)| listen.default).unwrap_or(0);
        let place = entries.get(default).map_or(Place::new(0, 1), |(_, listen)| listen.place);
        let server = |at: usize| entries.get(at).and_then(|(index, _)| self.servers.get(*index));
        let mut maybe: Vec<usize> = Vec::new();
        let mut best: Option<((u8, usize), usize)> = None;
        let mut doubt = None;
        if let Some(host) = &self.flow.world.reading.circumstances.request.host {
            for at in 0..entries.len() {
                match server(at).map(|server| fitness(server, host)) {
                    Some(Ok(Some(fit))) if best.is_none_or(|(before, _)| fit > before) => best = Some((fit, at)),
                    Some(Err(pattern)) => {
                        doubt = Some(Doubt::new("expression", pattern));
                        maybe.push(at);
                    }
                    Some(Ok(_)) | None => {}
                }
            }
            // A pattern is only asked where no plain name fits.
            if best.is_some_and(|((kind, _), _)| kind > 1) {
                maybe.clear();
            }
        } else {
            let names: Vec<&str> = (0..entries.len()).filter_map(server).map(Server::title).collect();
            doubt = Some(Doubt::new("host-unknown", shortened(&names)));
            maybe = (0..entries.len()).filter(|at| *at != default).collect();
        }
        let sure = best.map_or(default, |(_, at)| at);
        let unnamed = best.is_none();
        let chain = self.flow.chain(format!("servers of port {port}"));
        if unnamed {
            for line in missing {
                let doubt = Doubt::new("include-missing", line.arg(0));
                self.flow.say(chain, line.place, Condition::ALWAYS, Action::Unknown(doubt), None);
            }
        }
        let mut seen = vec![entries.get(sure).map(|(index, _)| *index)];
        for at in maybe {
            let Some((index, listen)) = entries.get(at) else { continue };
            if seen.contains(&Some(*index)) {
                continue;
            }
            seen.push(Some(*index));
            let (Some(server), Some(doubt)) = (self.servers.get(*index), &doubt) else { continue };
            if self.flow.full(chain, server.place) {
                break;
            }
            let to = self.flow.serve(server, port, encrypted);
            let when = Condition::Unknown(doubt.clone());
            self.flow.say(chain, listen.place, when, Action::Goto(to), None);
        }
        if let Some((index, listen)) = entries.get(sure)
            && let Some(server) = self.servers.get(*index)
        {
            let to = self.flow.serve(server, port, encrypted);
            self.flow.say(chain, listen.place, Condition::ALWAYS, Action::Goto(to), None);
        }
        (chain, place)
    }

    /// `stream` servers: they take connections, before any request. The chain, and when a visit is theirs.
    fn stream(&mut self, top: &'s Block) -> Option<(ChainId, Vec<Condition>)> {
        let block = top.first("stream")?.block.as_ref()?;
        let base = self.flow.chain("stream");
        let mut taken = Vec::new();
        for line in block.all("server") {
            let Some(inside) = &line.block else { continue };
            let server = Server::new(line, inside, block);
            let list = [inside, block].into_iter().find(|block| block.has("allow") || block.has("deny"));
            let lines = list.into_iter().flat_map(|block| &block.directives);
            for listen in server.listens.iter().filter(|_| inside.has("listen")) {
                if listen.address.is_some_and(|address| address.is_loopback()) && !self.fronted() {
                    continue;
                }
                let port =
                    Condition::DestinationPort(crate::acl::Ranges::one(listen.ports.0.into(), listen.ports.1.into()));
                let families = listen.families.iter().map(|family| Condition::Family(*family)).collect();
                let here = port.and(Condition::Any(families));
                taken.push(here.clone());
                for rule in lines.clone().filter(|line| matches!(line.name.as_str(), "allow" | "deny")) {
                    let who = match rule.arg(0) {
                        "all" => Condition::ALWAYS,
                        "unix:" => continue,
                        who => Addresses::parse(who)
                            .map_or_else(|_not| Condition::unknown("not-understood", who), Condition::source),
                    };
                    let then = if rule.name == "allow" { Action::Accept } else { Action::Deny(How::Reset) };
                    self.flow.push(base, Rule::new(rule.place, here.clone().and(who), then));
                }
                self.flow.say(base, line.place, here, Action::Accept, Some("default-allow"));
            }
        }
        Some((base, taken))
    }
}

fn shortened(names: &[&str]) -> String {
    const SHOWN: usize = 5;
    let mut text = names.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN {
        text.push_str(", …");
    }
    text
}
