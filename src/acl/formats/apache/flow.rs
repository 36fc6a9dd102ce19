//! The way of a request through Apache: server-wide rewrites and redirects, the mapping to files, access, the rewrites of
//! folders, the file that stands for a folder.

use super::{
    super::web::{chains::Chains, logic, uri::Uri},
    access::{Judge, Rules},
    expr,
    facts::{Facts, Request},
    line::Node,
    section::{self, Target},
    site::Site,
    walk::{Walk, merging},
};
use crate::acl::{Action, ChainId, Condition, Doubt, How, Place};

/// Apache gives up after this many internal redirects.
const MAX_CHANGES: usize = 10;

/// Follows requests.
pub struct Flow<'a> {
    /// What the files say.
    pub site: &'a Site,
    /// What is known.
    pub facts: &'a Facts<'a>,
    /// The chains so far.
    pub chains: Chains,
    /// `.htaccess` files that are not read.
    pub unread: Vec<Place>,
}

/// A request on its way.
#[derive(Debug, Clone)]
pub struct Visit<'a> {
    /// The virtual host; `None` for the main server.
    pub host: Option<&'a Node>,
    /// What is known of it.
    pub request: Request,
    /// Internal redirects so far.
    pub changes: usize,
    /// Where a rewrite passes it on to.
    pub proxied: Option<String>,
}

impl Visit<'_> {
    fn place(&self, site: &Site) -> Place {
        let first = site.main.first().or_else(|| site.htaccess.first().and_then(|(_, lines)| lines.first()));
        self.host.or(first).map_or(Place::new(0, 1), |node| node.place)
    }
}

impl<'a> Flow<'a> {
    /// What the main server or a virtual host makes of the request.
    pub fn serve(&mut self, host: Option<&'a Node>, port: u16) -> ChainId {
        let title = host.map_or("main server", super::site::title);
        let chain = self.chains.new_chain(format!("{title}:{port}"));
        let of_host = host.map(Node::children).unwrap_or_default();
        let all = || self.site.main.iter().chain(of_host);
        let https = port == 443
            || of_host.iter().any(|line| line.name == "sslengine" && line.arg(0).eq_ignore_ascii_case("on"));
        let Uri { path, query } = Uri::parse(&self.facts.reading.circumstances.request.path, true);
        let mut request = Request {
            uri: path,
            query,
            port,
            https,
            server_name: host.map(super::site::title).unwrap_or_default().to_owned(),
            ..Request::default()
        };
        for line in all() {
            self.facts.set_env(line, &mut request);
        }
        let certificate = all().rfind(|line| line.name == "sslverifyclient");
        if let Some(line) = certificate.filter(|line| https && line.arg(0).eq_ignore_ascii_case("require")) {
            self.chains.say(chain, line.place, Condition::ALWAYS, Action::Deny(How::Close), Some("auth-needed"));
            return chain;
        }
        self.arrive(chain, Visit { host, request, changes: 0, proxied: None });
        chain
    }

    /// From the beginning: what the server does before files are looked at.
    pub fn arrive(&mut self, chain: ChainId, visit: Visit<'a>) {
        let place = visit.place(self.site);
        if visit.changes > MAX_CHANGES || self.chains.full(chain, place) {
            return self.chains.say(
                chain,
                place,
                Condition::ALWAYS,
                Action::Deny(How::Status(500)),
                Some("internal-redirect"),
            );
        }
        // A virtual host does not inherit the rewrites of the main server.
        let lines: Vec<&'a Node> = match visit.host {
            Some(host) => host.children().iter().collect(),
            None => self.site.main.iter().collect(),
        };
        let steps = super::rewrite::steps(&lines);
        self.rewrite(chain, visit, steps, None);
    }

    /// After the server's rewrites.
    pub fn map(&mut self, chain: ChainId, visit: Visit<'a>) {
        let of_host = visit.host.map(Node::children).unwrap_or_default();
        let site = self.site;
        let redirects: Vec<&'a Node> = of_host.iter().chain(&site.main).collect();
        if self.redirected(chain, &visit, &redirects, true) {
            return;
        }
        let target = self.target(&visit);
        self.judge(chain, visit, &target);
    }

    /// Follows `Redirect` lines; whether one of them answers.
    fn redirected(&mut self, chain: ChainId, visit: &Visit<'a>, lines: &[&'a Node], early: bool) -> bool {
        for line in lines {
            let by_pattern = match line.name.as_str() {
                "redirect" | "redirectpermanent" | "redirecttemp" => false,
                "redirectmatch" => true,
                _ => continue,
            };
            let words: Vec<&str> = line.args.iter().map(String::as_str).collect();
            let (status, rest) = match words.split_first() {
                Some((first, rest)) => match *first {
                    "permanent" => (301, rest),
                    "temp" => (302, rest),
                    "seeother" => (303, rest),
                    "gone" => (410, rest),
                    number => number.parse::<u16>().map_or((302, words.as_slice()), |status| (status, rest)),
                },
                None => continue,
            };
            let path = rest.first().copied().unwrap_or("/");
            let fits = if by_pattern {
                if let Some(pattern) = super::super::web::pattern::Pattern::new(path, false) {
                    pattern.matches(&visit.request.uri)
                } else {
                    let doubt = Doubt::new("expression", path);
                    self.chains.say(chain, line.place, Condition::ALWAYS, Action::Unknown(doubt), None);
                    false
                }
            } else {
                section::under(path, &visit.request.uri)
            };
            if fits {
                let then = if status >= 400 { Action::Deny(How::Status(status)) } else { Action::Accept };
                let note = (status < 400 && early).then_some("return-before-access");
                self.chains.say(chain, line.place, Condition::ALWAYS, then, note);
                return true;
            }
        }
        false
    }

    /// What the path leads to.
    fn target(&self, visit: &Visit<'a>) -> Target {
        let uri = visit.request.uri.clone();
        if let Some(to) = &visit.proxied {
            return Target { uri, file: None, proxied: Some(to.clone()) };
        }
        let of_host = visit.host.map(Node::children).unwrap_or_default();
        for line in of_host.iter().chain(&self.site.main) {
            let (path, to) = (line.arg(0), line.arg(1));
            match line.name.as_str() {
                "proxypass" if section::under(path, &uri) => {
                    if to == "!" {
                        break;
                    }
                    return Target { uri, file: None, proxied: Some(to.to_owned()) };
                }
                "proxypassmatch" => {
                    let pattern = super::super::web::pattern::Pattern::new(path, false);
                    if pattern.is_some_and(|pattern| pattern.matches(&uri)) {
                        return Target { uri, file: None, proxied: Some(to.to_owned()) };
                    }
                }
                "location" if section::location(line, &uri) => {
                    if let Some(to) = line.children().iter().find(|line| line.name == "proxypass") {
                        return Target { uri, file: None, proxied: Some(to.arg(0).to_owned()) };
                    }
                }
                _ => {}
            }
        }
        for line in of_host.iter().chain(&self.site.main) {
            if matches!(line.name.as_str(), "alias" | "scriptalias") && section::under(line.arg(0), &uri) {
                let rest = uri.strip_prefix(line.arg(0)).unwrap_or_default();
                return Target { file: Some(format!("{}{rest}", line.arg(1))), uri, proxied: None };
            }
        }
        let file = Some(format!("{}{uri}", self.root(visit)));
        Target { uri, file, proxied: None }
    }

    /// The folder of the site's files.
    pub fn root(&self, visit: &Visit<'a>) -> String {
        let of_host = visit.host.map(Node::children).unwrap_or_default();
        let mut lines = of_host.iter().chain(&self.site.main);
        if let Some(line) = lines.find(|line| line.name == "documentroot") {
            return line.arg(0).trim_end_matches('/').to_owned();
        }
        // Nothing says where the files are: then in the folder the sections speak of.
        let mut sections = of_host.iter().chain(&self.site.main).filter(|node| node.name == "directory");
        match sections.find(|node| !matches!(node.arg(0), "/" | "~") && !node.arg(0).contains('*')) {
            Some(section) => {
                self.facts.assume("server-assumed", Some(section.place), section.arg(0));
                section.arg(0).trim_end_matches('/').to_owned()
            }
            None => "/var/www/html".to_owned(),
        }
    }

    /// Access, and what comes after it.
    fn judge(&mut self, chain: ChainId, mut visit: Visit<'a>, target: &Target) {
        let mut unread = Vec::new();
        let walk = self.walk(&visit, target, &mut unread);
        self.unread.extend(unread);
        for line in &walk.env {
            self.facts.set_env(line, &mut visit.request);
        }
        let place = visit.place(self.site);
        for (place, doubt) in &walk.doubts {
            self.chains.say(chain, *place, Condition::ALWAYS, Action::Unknown(doubt.clone()), None);
        }
        self.others(chain, &visit);
        if let Some(line) = self.site.mistakes.iter().find(|line| walk.read.contains(&line.place.file)) {
            return self.chains.say(chain, line.place, Condition::ALWAYS, Action::Deny(How::Status(500)), None);
        }
        if !self.site.whole && walk.rules.require.is_none() && walk.rules.compat.is_none() {
            self.facts.assume("include-assumed", Some(place), "httpd.conf");
        }
        let pass = match self.rest(&visit, &walk, target) {
            Some(rest) => Action::Goto(rest),
            None => Action::Accept,
        };
        self.forked(chain, &visit, walk.rules, &walk.ifs, &(pass, None));
    }

    /// Modules that refuse by rules of their own.
    fn others(&mut self, chain: ChainId, visit: &Visit<'a>) {
        let of_host = visit.host.map(Node::children).unwrap_or_default();
        let site = self.site;
        for line in of_host.iter().chain(&site.main) {
            let (code, status) = match line.name.as_str() {
                "secruleengine" if line.arg(0).eq_ignore_ascii_case("on") => ("match-unknown", 403),
                "luahookaccesschecker" => ("match-unknown", 403),
                "dospagecount" | "dossitecount" | "qs_srvmaxconnperip" => ("limit", 403),
                _ => continue,
            };
            let when = Condition::unknown(code, line.text());
            self.chains.say(chain, line.place, when, Action::Deny(How::Status(status)), None);
        }
    }

    /// Access rules, with those of each `<If>` where it holds.
    fn forked(
        &mut self,
        chain: ChainId,
        visit: &Visit<'a>,
        mut rules: Rules<'a>,
        ifs: &[(&'a Node, Vec<&'a Node>)],
        pass: &(Action, Option<&'static str>),
    ) {
        let place = visit.place(self.site);
        let mut rest = ifs;
        while let Some(((node, before), after)) = rest.split_first() {
            rest = after;
            let lines = section::lines(node.children());
            let new = section::rules(&lines);
            if new.require.is_none() && new.compat.is_none() {
                continue;
            }
            let holds = |node: &Node| match node.name.as_str() {
                "else" => Condition::ALWAYS,
                _ => expr::evaluate(&node.args.join(" "), self.facts, &visit.request),
            };
            let when = logic::all_of(before.iter().map(|node| logic::not(holds(node))).chain([holds(node)]));
            if logic::is_never(&when) {
                continue;
            }
            if logic::is_always(&when) {
                section::merge(&mut rules, new, merging(&lines));
                continue;
            }
            if self.chains.full(chain, node.place) {
                return;
            }
            let mut inner = rules.clone();
            section::merge(&mut inner, new, merging(&lines));
            let branch = self.chains.new_chain(node.text());
            self.chains.say(chain, node.place, when, Action::Goto(branch), None);
            self.forked(branch, visit, inner, after, pass);
        }
        let judge = Judge { facts: self.facts, request: &visit.request };
        judge.rules(&mut self.chains, chain, &rules, place, pass);
    }

    /// What comes after access; `None` where the request is just served.
    fn rest(&mut self, visit: &Visit<'a>, walk: &Walk<'a>, target: &Target) -> Option<ChainId> {
        let made = self.chains.all.len();
        let chain = self.chains.new_chain("after access");
        if self.chains.full(chain, visit.place(self.site)) {
            return Some(chain);
        }
        if !self.redirected(chain, visit, &walk.redirects, false) {
            match &walk.rewrites {
                Some((folder, lines)) if visit.proxied.is_none() => {
                    let steps = super::rewrite::steps(lines);
                    let file = target.file.clone().unwrap_or_default();
                    let path = file.strip_prefix(folder.as_str()).map(|rest| rest.trim_start_matches('/').to_owned());
                    let base = lines.iter().rfind(|line| line.name == "rewritebase").map(|line| line.arg(0).to_owned());
                    let root = self.root(visit);
                    let base = base.or_else(|| folder.strip_prefix(&root).map(|rest| format!("{rest}/")));
                    let folder = super::rewrite::Folder {
                        path: path.unwrap_or_default(),
                        base: base.unwrap_or_else(|| "/".to_owned()),
                    };
                    self.rewrite(chain, visit.clone(), steps, Some(folder));
                }
                _ => self.served(chain, visit, walk.index),
            }
        }
        let only_serves = self.chains.all.get(made..).unwrap_or_default().iter().flat_map(|chain| &chain.rules).all(
            |rule| match &rule.then {
                Action::Accept => true,
                Action::Jump(next) | Action::Goto(next) => next.0 >= made,
                Action::Deny(_)
                | Action::Return
                | Action::Continue
                | Action::Translate(_)
                | Action::Untrack
                | Action::Unknown(_) => false,
            },
        );
        if only_serves {
            return None;
        }
        Some(chain)
    }

    /// The content. For a folder Apache judges the file that stands for it, where a section names that file.
    pub fn served(&mut self, chain: ChainId, visit: &Visit<'a>, index: Option<&'a Node>) {
        let place = visit.place(self.site);
        let target = self.target(visit);
        if let Some(file) = target.file.filter(|file| file.ends_with('/')) {
            let default = ["index.html".to_owned()];
            let names = index.map_or(&default[..], |line| line.args.as_slice());
            let mut certain = Vec::new();
            for name in names.iter().filter(|name| !name.starts_with('/')) {
                let inner = Target {
                    uri: format!("{}{name}", visit.request.uri),
                    file: Some(format!("{file}{name}")),
                    proxied: None,
                };
                let mut unread = Vec::new();
                let (here, there) = (
                    self.walk(
                        visit,
                        &Target { uri: visit.request.uri.clone(), file: Some(file.clone()), proxied: None },
                        &mut unread,
                    ),
                    self.walk(visit, &inner, &mut unread),
                );
                if format!("{:?}", here.rules) != format!("{:?}", there.rules) {
                    certain.push((name, there));
                }
            }
            let only = names.len() == 1;
            for (name, there) in certain {
                let to = self.chains.new_chain(format!("index {name}"));
                self.forked(to, visit, there.rules, &there.ifs, &(Action::Accept, None));
                let when = if only { Condition::ALWAYS } else { Condition::unknown("path-unknown", name.clone()) };
                self.chains.say(chain, place, when, Action::Goto(to), Some("internal-redirect"));
            }
        }
        self.chains.say(chain, place, Condition::ALWAYS, Action::Accept, Some("default-allow"));
    }
}
