//! Sections as chains: connections meet their frontend's first rules, requests the rules of frontend and backend in a row.
//! Rules themselves are read in `steps`.

use std::collections::HashMap;

use super::{
    binds::{Bind, binds},
    fetch::{Client, Known, Lists},
    steps::{Reader, Ruled, Step},
    words::Section,
};
use crate::acl::{
    Action, Assumption, Chain, ChainId, Condition, Doubt, Family, Hook, How, Kind, Place, Policy, Ranges, Reading,
    Rule, Ruleset, Sees, Stage,
};

/// The whole configuration.
pub fn ruleset(sections: &[Section], lists: &Lists, reading: &Reading) -> Ruleset {
    let merged = with_defaults(sections);
    let fronts: Vec<(&Section, Vec<Bind>)> = merged
        .iter()
        .filter(|section| matches!(section.kind.as_str(), "frontend" | "listen"))
        .filter(|section| section.starting("disabled").next().is_none())
        .map(|section| (section, binds(section)))
        .collect();
    let mut lower = Lower {
        sections: &merged,
        lists,
        reading,
        tls: tls(&fronts),
        ruleset: Ruleset { families: Family::BOTH.to_vec(), sees: reading.sees.clone(), ..Ruleset::default() },
        serving: merged
            .iter()
            .filter(|section| serves(section))
            .map(|section| (section.name.as_str(), section))
            .collect(),
        backends: HashMap::new(),
        refusing: Vec::new(),
        changed: false,
        client: None,
    };
    for (section, _) in &fronts {
        lower.look_for_changes(section);
    }
    lower.header_trust();
    let mut doors = Vec::new();
    for (section, binds) in &fronts {
        let proxied = binds.iter().any(|bind| bind.proxied)
            || section.starting_with("tcp-request", "connection").any(|line| line.word(2) == "expect-proxy");
        let connection = lower.connection(section, proxied);
        let request = lower.frontend(section, proxied);
        if let (true, Some(bind)) = (proxied, binds.first()) {
            let place = Some(bind.place);
            lower.ruleset.assumptions.push(Assumption {
                code: "address-behind-proxy",
                place,
                what: section.name.clone(),
            });
        }
        doors.push((binds, connection, request));
    }
    let crowded = crowded(&fronts);
    for (hook, kind, which) in [(Hook::Input, Kind::Connection, 0), (Hook::Request, Kind::Filter, 1)] {
        let mut rules = Vec::new();
        for (binds, connection, request) in &doors {
            for bind in *binds {
                let sole = bind.ports.as_ref().is_some_and(|range| sole(range, &crowded));
                if which == 0 && sole && bind.address.is_some() && reading.circumstances.server != bind.address {
                    let what = bind.address.map(|address| address.to_string()).unwrap_or_default();
                    lower.ruleset.assumptions.push(Assumption {
                        code: "server-assumed",
                        place: Some(bind.place),
                        what,
                    });
                }
                let to = if which == 0 { *connection } else { *request };
                rules.push(Rule::new(bind.place, bind.when(sole), Action::Goto(to)));
            }
        }
        let first = fronts.first().map_or(Place::new(0, 1), |(section, _)| section.place);
        if which == 0 {
            // Another program may listen there, or nobody.
            let doubt = Doubt::new("listening-unknown", "HAProxy");
            rules.push(Rule::new(first, Condition::ALWAYS, Action::Unknown(doubt)));
        }
        let chain = lower.chain("haproxy", rules);
        lower.ruleset.stages.push(Stage { hook, chain, family: None, policy: Policy::accept(), kind });
    }
    lower.ruleset
}

/// For each port, how many ports below it have more than one frontend.
fn crowded(fronts: &[(&Section, Vec<Bind>)]) -> Vec<u32> {
    let mut steps = vec![0_i32; 65_537];
    for (_, binds) in fronts {
        let ports: Ranges = binds.iter().filter_map(|bind| bind.ports.as_ref()).flat_map(Ranges::iter).collect();
        for (from, to) in ports.iter() {
            for (port, step) in [(from, 1), (to + 1, -1)] {
                if let Some(at) = usize::try_from(port).ok().and_then(|port| steps.get_mut(port)) {
                    *at += step;
                }
            }
        }
    }
    let mut count = 0;
    let mut sum = 0;
    let below = steps.iter().map(|step| {
        let before = sum;
        count += step;
        sum += u32::from(count > 1);
        before
    });
    below.collect()
}

/// Whether no port of these has two frontends.
fn sole(range: &Ranges, crowded: &[u32]) -> bool {
    let below = |port: u128| usize::try_from(port).ok().and_then(|port| crowded.get(port));
    range.iter().all(|(from, to)| below(from) == below(to + 1))
}

/// Ports that speak TLS; `None` where one port does both.
fn tls(fronts: &[(&Section, Vec<Bind>)]) -> Option<Ranges> {
    let of = |tls: bool| {
        let binds = fronts.iter().flat_map(|(_, binds)| binds).filter(|bind| bind.tls == tls);
        binds.filter_map(|bind| bind.ports.as_ref()).flat_map(Ranges::iter).collect::<Ranges>()
    };
    let (with, without) = (of(true), of(false));
    with.is_disjoint(&without).then_some(with)
}

/// Sections with the lines of their `defaults` before their own.
fn with_defaults(sections: &[Section]) -> Vec<Section> {
    let mut merged = Vec::with_capacity(sections.len());
    let mut current: Option<&Section> = None;
    let all = sections.iter().filter(|section| section.kind == "defaults");
    let by_name: HashMap<&str, &Section> = all.map(|section| (section.name.as_str(), section)).collect();
    for section in sections {
        if section.kind == "defaults" {
            current = Some(section);
            continue;
        }
        let named = section.from.as_ref().and_then(|name| by_name.get(name.as_str()).copied());
        let defaults = named.or(current);
        let mut section = section.clone();
        if let Some(defaults) = defaults {
            let own = std::mem::take(&mut section.lines);
            section.lines = defaults.lines.iter().cloned().chain(own).collect();
        }
        merged.push(section);
    }
    merged
}

struct Lower<'a> {
    sections: &'a [Section],
    lists: &'a Lists,
    reading: &'a Reading,
    tls: Option<Ranges>,
    ruleset: Ruleset,
    /// Sections that can be backends, by name.
    serving: HashMap<&'a str, &'a Section>,
    /// Chains of backends that are made: name, and whether the address comes by the PROXY protocol.
    backends: HashMap<(String, bool), ChainId>,
    /// For each chain, whether anything in it may refuse.
    refusing: Vec<bool>,
    /// A frontend changes the request, so backends know less of it.
    changed: bool,
    /// A frontend changes the client's address; this is what backends see.
    client: Option<Client>,
}

impl<'a> Lower<'a> {
    fn chain(&mut self, name: impl Into<String>, rules: Vec<Rule>) -> ChainId {
        self.refusing.push(rules.iter().any(|rule| self.may_refuse(&rule.then)));
        self.ruleset.chains.push(Chain { name: name.into(), rules });
        ChainId(self.ruleset.chains.len() - 1)
    }

    fn known(&self, proxied: bool) -> Known<'a> {
        let request = &self.reading.circumstances.request;
        let client = match (&self.reading.sees, proxied) {
            (Sees::Header, false) => Client::Doubtful("address-behind-balancer", "src"),
            // The PROXY protocol gives Kakao's address where a balancer's is expected.
            (Sees::Balancer(_), true) => Client::Doubtful("address-behind-balancer", "accept-proxy"),
            (Sees::Header, true) | (Sees::Direct, _) | (Sees::Balancer(_), false) => Client::Seen,
        };
        Known {
            client,
            header_trusted: self.reading.sees == Sees::Header,
            path: Some(request.path.split(['?', '#']).next().unwrap_or("/")),
            host: request.host.as_deref(),
            agent: Some(request.user_agent.as_str()).filter(|agent| !agent.is_empty()),
            tls: self.tls.clone(),
            lists: self.lists,
        }
    }

    fn look_for_changes(&mut self, section: &Section) {
        let known = self.known(false);
        let mut reader = Reader::new(section, &known);
        let _steps = (reader.tcp(section, "content"), reader.http(section));
        let after = reader.known();
        self.changed |= (after.path, after.host, after.agent, after.header_trusted)
            != (known.path, known.host, known.agent, known.header_trusted);
        if after.client != known.client {
            self.client = Some(after.client);
        }
    }

    /// Says so where a header is believed.
    fn header_trust(&mut self) {
        let believes = |word: &String| word.contains("hdr_ip(") || word == "set-src";
        let mut lines = self.sections.iter().flat_map(|section| &section.lines);
        let line = lines.find(|line| line.words.iter().any(believes));
        if let (Sees::Header, Some(line)) = (&self.reading.sees, line) {
            let place = Some(line.place);
            self.ruleset.assumptions.push(Assumption { code: "header-trusted", place, what: String::new() });
        }
    }

    /// The rules that a connection meets before anything is read. The PROXY header comes after the first of them.
    fn connection(&mut self, section: &Section, proxied: bool) -> ChainId {
        let mut known = self.known(proxied);
        if proxied {
            known.client = match self.reading.sees {
                Sees::Balancer(_) => Client::Seen,
                Sees::Direct | Sees::Header => Client::Doubtful("address-behind-balancer", "src"),
            };
        }
        let mut rules = Reader::new(section, &known).tcp(section, "connection");
        let session = Reader::new(section, &self.known(proxied)).tcp(section, "session");
        // Accepting ends the first kind of rules only.
        let session: Vec<Rule> = session.into_iter().map(|ruled| plain(ruled, Action::Return)).collect();
        let session = self.chain(format!("{} session", title(section)), session);
        let connection: Vec<Rule> = rules.drain(..).map(|ruled| plain(ruled, Action::Goto(session))).collect();
        let first = Rule::new(section.place, Condition::ALWAYS, Action::Goto(session));
        let all = connection.into_iter().chain([first]).collect();
        self.chain(title(section), all)
    }

    /// Everything a request meets from a frontend on.
    fn frontend(&mut self, section: &Section, proxied: bool) -> ChainId {
        let known = self.known(proxied);
        let mut reader = Reader::new(section, &known);
        let content = reader.tcp(section, "content");
        let http = if is_http(section) { reader.http(section) } else { Vec::new() };
        let mut rest = Vec::new();
        for line in section.starting("use_backend") {
            let when = reader.when(line);
            let name = line.word(1);
            if name.contains("%[") || name.contains('$') {
                let doubt = Condition::unknown("variable", name);
                let names: Vec<&str> =
                    self.sections.iter().filter(|other| serves(other)).map(|other| other.name.as_str()).collect();
                for name in names {
                    let to = self.backend(name, proxied, section);
                    if self.refusing.get(to.0).copied().unwrap_or(true) {
                        rest.push(Rule::new(line.place, when.clone().and(doubt.clone()), Action::Goto(to)));
                    }
                }
            } else {
                let to = self.backend(name, proxied, section);
                rest.push(Rule::new(line.place, when, Action::Goto(to)));
            }
        }
        let default = section.starting("default_backend").last();
        rest.push(match default {
            Some(line) => {
                let to = self.backend(line.word(1), proxied, section);
                Rule::new(line.place, Condition::ALWAYS, Action::Goto(to))
            }
            // A listen section is its own backend; its rules were met already.
            None if section.kind == "listen" && has_servers(section) => {
                Rule::new(section.place, Condition::ALWAYS, Action::Return)
            }
            None => Rule::new(section.place, Condition::ALWAYS, no_server(section)),
        });
        rest.splice(0..0, reader.answers(section).into_iter().map(|ruled| plain(ruled, Action::Return)));
        self.passage(section, content, http, rest)
    }

    /// What a request meets from a backend on.
    fn backend(&mut self, name: &str, proxied: bool, from: &Section) -> ChainId {
        let key = (name.to_owned(), proxied);
        if let Some(known) = self.backends.get(&key) {
            return *known;
        }
        let Some(section) = self.serving.get(name).copied() else {
            let rule = Rule::new(from.place, Condition::ALWAYS, Action::Unknown(Doubt::new("chain-missing", name)));
            return self.chain(format!("backend {name}"), vec![rule]);
        };
        let mut known = self.known(proxied);
        if self.changed {
            known = Known { path: None, host: None, agent: None, header_trusted: false, ..known };
        }
        known.client = self.client.unwrap_or(known.client);
        let mut reader = Reader::new(section, &known);
        let content = reader.tcp(section, "content");
        let http = if is_http(section) { reader.http(section) } else { Vec::new() };
        let mut rest: Vec<Rule> =
            reader.answers(section).into_iter().map(|ruled| plain(ruled, Action::Return)).collect();
        if !has_servers(section) || section.starting("disabled").next().is_some() {
            rest.push(Rule::new(section.place, Condition::ALWAYS, no_server(section)));
        }
        let chain = self.passage(section, content, http, rest);
        self.backends.insert(key, chain);
        chain
    }

    /// Content rules, then request rules, then the rest, in one chain. What nothing refuses falls out at its end.
    fn passage(&mut self, section: &Section, content: Vec<Ruled>, http: Vec<Ruled>, rest: Vec<Rule>) -> ChainId {
        let name = title(section);
        let rest = self.chain(format!("{name} routing"), rest);
        let refuses = self.refusing.get(rest.0).copied().unwrap_or(true);
        let mut rules = Vec::new();
        if !content.is_empty() {
            let content = content.into_iter().map(|ruled| plain(ruled, Action::Return)).collect();
            let content = self.chain(format!("{name} content"), content);
            rules.push(Rule::new(section.place, Condition::ALWAYS, Action::Jump(content)));
        }
        for ruled in http {
            // What passes here still meets the rest; where that lets it in, this is the line that did.
            let place = ruled.rule.place;
            let pass = if refuses && ruled.step == Step::Pass {
                let after = [Action::Jump(rest), Action::Accept].map(|then| Rule::new(place, Condition::ALWAYS, then));
                Action::Goto(self.chain(name.clone(), after.into()))
            } else {
                Action::Accept
            };
            rules.push(plain(ruled, pass));
        }
        rules.push(Rule::new(section.place, Condition::ALWAYS, Action::Goto(rest)));
        self.chain(name, rules)
    }

    /// Chains are made after those they go to, so one look is enough.
    fn may_refuse(&self, action: &Action) -> bool {
        match action {
            Action::Deny(_) | Action::Unknown(_) => true,
            Action::Goto(to) | Action::Jump(to) => self.refusing.get(to.0).copied().unwrap_or(true),
            Action::Accept | Action::Return | Action::Continue | Action::Translate(_) | Action::Untrack => false,
        }
    }
}

fn plain(ruled: Ruled, pass: Action) -> Rule {
    let Ruled { mut rule, step } = ruled;
    rule.then = match step {
        Step::Refuse(how) => Action::Deny(how),
        Step::Pass => pass,
        Step::Answer => Action::Accept,
        Step::Unknown(doubt) => Action::Unknown(doubt),
    };
    rule
}

fn title(section: &Section) -> String {
    format!("{} {}", section.kind, section.name)
}

fn serves(section: &Section) -> bool {
    matches!(section.kind.as_str(), "backend" | "listen")
}

/// Without a mode it is TCP's, and rules about requests are left out.
fn is_http(section: &Section) -> bool {
    section.starting("mode").last().is_some_and(|line| line.word(1) == "http")
}

fn has_servers(section: &Section) -> bool {
    let serving = ["server", "server-template", "dispatch", "use-fcgi-app", "stats", "transparent"];
    section.lines.iter().any(|line| {
        serving.contains(&line.word(0))
            || (line.word(0) == "option" && matches!(line.word(1), "http_proxy" | "transparent"))
    })
}

/// What a request meets where nobody can answer it. An error file may look like a page.
fn no_server(section: &Section) -> Action {
    let replaced = |name| section.starting(name).any(|line| line.words.iter().any(|word| word == "503"));
    if !is_http(section) {
        Action::Deny(How::Close)
    } else if replaced("errorfile") || replaced("http-error") || section.starting("errorfiles").next().is_some() {
        Action::Unknown(Doubt::new("target-unknown", "503"))
    } else {
        Action::Deny(How::Status(503))
    }
}
