//! The way of a request through nginx: server rewrites, the search for a location, its rewrites, limits, access, content.
//! Every point of the way becomes a chain of rules. What the steps do is in `rewrite`, `access` and `content`.

use super::{
    super::web::uri::Uri,
    location::{self, Found},
    server::Server,
    token::{Block, Directive},
    value::Moment,
    world::World,
};
use crate::acl::{Action, Chain, ChainId, Condition, Doubt, How, Place, Rule};

/// Chains a configuration may need; a tangle of conditions that needs more is not followed to its end.
const MAX_CHAINS: usize = 3_000;
const MAX_RULES: usize = 1_000_000;
/// nginx gives up after this many changes of the path.
pub const MAX_CHANGES: usize = 10;

/// Makes the chains.
pub struct Flow<'a> {
    /// What the configuration defines.
    pub world: &'a World<'a>,
    /// The chains so far.
    pub chains: Vec<Chain>,
    /// Access lists that are made already.
    pub lists: Vec<(super::access::ListKey, ChainId)>,
    rules: usize,
}

/// A request at one point of its way.
#[derive(Debug, Clone)]
pub struct Visit<'a> {
    /// The server.
    pub server: &'a Server<'a>,
    /// The location it is in, from the outer to the inner.
    pub path: Vec<&'a Directive>,
    /// The `if` of a location that applies: nginx then takes the content from its block.
    pub inside_if: Option<&'a Block>,
    /// What is known of it.
    pub moment: Moment,
    /// Changes of the path so far.
    pub changes: usize,
    /// nginx itself sent it here.
    pub internal: bool,
    /// It is on the way to an error page.
    pub erring: bool,
    /// A path whose file is there, by what came before.
    pub exists: Option<String>,
}

impl<'a> Visit<'a> {
    /// The blocks that hold for it, from the inner to the outer.
    pub fn scope(&self) -> Vec<&'a Block> {
        let locations = self.path.iter().rev().filter_map(|location| location.block.as_ref());
        locations.chain([self.server.block, self.server.http]).collect()
    }

    /// The innermost block that has the directive; it replaces those outside.
    pub fn nearest(&self, name: &str) -> Option<&'a Block> {
        self.scope().into_iter().find(|block| block.has(name))
    }

    /// The directive that holds.
    pub fn setting(&self, name: &str) -> Option<&'a Directive> {
        self.nearest(name)?.first(name)
    }

    /// The innermost block, and its line.
    pub fn innermost(&self) -> (&'a Block, Place) {
        let location = self.path.last().and_then(|location| Some((location.block.as_ref()?, location.place)));
        location.unwrap_or((self.server.block, self.server.place))
    }

    /// What it is called, for people.
    pub fn title(&self) -> String {
        match self.path.last() {
            Some(location) => location.text(),
            None => format!("server {}", self.server.title()),
        }
    }
}

impl<'a> Flow<'a> {
    /// Nothing made yet.
    pub fn new(world: &'a World<'a>) -> Self {
        Self { world, chains: Vec::new(), lists: Vec::new(), rules: 0 }
    }

    /// A new chain.
    pub fn chain(&mut self, name: impl Into<String>) -> ChainId {
        self.chains.push(Chain { name: name.into(), rules: Vec::new() });
        ChainId(self.chains.len() - 1)
    }

    /// Adds a rule to a chain.
    pub fn push(&mut self, chain: ChainId, rule: Rule) {
        self.rules += 1;
        if let Some(chain) = self.chains.get_mut(chain.0)
            && self.rules <= MAX_RULES
        {
            chain.rules.push(rule);
        }
    }

    /// Adds a rule with a note of why it decides.
    pub fn say(&mut self, chain: ChainId, place: Place, when: Condition, then: Action, note: Option<&'static str>) {
        self.push(chain, Rule { place, when, then, note });
    }

    /// Whether there is no room to follow another way; then the chain says so.
    pub fn full(&mut self, chain: ChainId, place: Place) -> bool {
        let full = self.chains.len() > MAX_CHAINS || self.rules > MAX_RULES;
        if full {
            let doubt = Doubt::new("expression", "the conditions are nested too deeply to follow");
            self.push(chain, Rule::new(place, Condition::ALWAYS, Action::Unknown(doubt)));
        }
        full
    }

    /// What a server makes of the request, on one of its sockets.
    pub fn serve(&mut self, server: &'a Server<'a>, port: u16, https: bool) -> ChainId {
        let chain = self.chain(format!("server {}:{port}", server.title()));
        let request = &self.world.reading.circumstances.request;
        let merge = server.block.first("merge_slashes").or_else(|| server.http.first("merge_slashes"));
        let Uri { path, query } = Uri::parse(&request.path, merge.is_none_or(|line| line.arg(0) != "off"));
        let referers = server.block.first("valid_referers").or_else(|| server.http.first("valid_referers"));
        let moment = Moment {
            uri: path,
            args: query,
            https,
            port,
            server_name: server.names.first().cloned().unwrap_or_default(),
            vars: std::collections::HashMap::new(),
            groups: Some(Vec::new()),
            referers: referers.map(|line| line.args.clone()),
        };
        let visit = Visit {
            server,
            path: Vec::new(),
            inside_if: None,
            moment,
            changes: 0,
            internal: false,
            erring: false,
            exists: None,
        };
        if https {
            if let Some(line) = visit.setting("ssl_reject_handshake").filter(|line| line.arg(0) == "on") {
                self.say(chain, line.place, Condition::ALWAYS, Action::Deny(How::Close), None);
                return chain;
            }
            if let Some(line) = visit.setting("ssl_verify_client").filter(|line| line.arg(0) == "on") {
                self.say(chain, line.place, Condition::ALWAYS, Action::Deny(How::Status(400)), Some("auth-needed"));
                return chain;
            }
        }
        self.server_phase(chain, visit);
        chain
    }

    /// The server's own rewrites, and all that comes after them.
    pub fn server_phase(&mut self, chain: ChainId, mut visit: Visit<'a>) {
        visit.path.clear();
        visit.inside_if = None;
        let steps = visit.server.block.directives.iter().collect();
        self.rewrite(chain, visit, steps, false);
    }

    /// Looks for the location and goes on there.
    pub fn locate(&mut self, chain: ChainId, mut visit: Visit<'a>) {
        visit.inside_if = None;
        match location::find(visit.server.block, &visit.moment.uri) {
            Found::Locations(path) => visit.path = path,
            Found::Slash(location) => {
                let note = Some("return-before-access");
                return self.say(chain, location.place, Condition::ALWAYS, Action::Accept, note);
            }
            Found::Doubt(location) => {
                let doubt = Doubt::new("expression", location.text());
                return self.say(chain, location.place, Condition::ALWAYS, Action::Unknown(doubt), None);
            }
        }
        self.enter(chain, visit);
    }

    /// A location's rewrites, and all that comes after them.
    pub fn enter(&mut self, chain: ChainId, visit: Visit<'a>) {
        let (block, _) = visit.innermost();
        if visit.path.is_empty() {
            return self.before_access(chain, &visit);
        }
        if let Some(line) = block.first("internal").filter(|_| !visit.internal) {
            let (then, note) = self.refused(&visit, 404);
            return self.say(chain, line.place, Condition::ALWAYS, then, note);
        }
        let steps = block.directives.iter().collect();
        self.rewrite(chain, visit, steps, true);
    }

    /// Sends the request elsewhere within nginx, where it is judged again.
    pub fn redirect(&mut self, chain: ChainId, mut visit: Visit<'a>, target: &str) {
        let place = visit.innermost().1;
        visit.internal = true;
        visit.changes += 1;
        if visit.changes > MAX_CHANGES || self.full(chain, place) {
            return self.say(
                chain,
                place,
                Condition::ALWAYS,
                Action::Deny(How::Status(500)),
                Some("internal-redirect"),
            );
        }
        if target.starts_with('@') {
            match location::named(visit.server.block, target) {
                Some(location) => {
                    visit.path = vec![location];
                    visit.inside_if = None;
                    self.enter(chain, visit);
                }
                None => {
                    self.say(
                        chain,
                        place,
                        Condition::ALWAYS,
                        Action::Deny(How::Status(500)),
                        Some("internal-redirect"),
                    );
                }
            }
            return;
        }
        let (path, args) = target.split_once('?').map_or((target, None), |(path, args)| (path, Some(args)));
        path.clone_into(&mut visit.moment.uri);
        if let Some(args) = args {
            args.clone_into(&mut visit.moment.args);
        }
        self.server_phase(chain, visit);
    }
}
