//! Who may: `Require` of 2.4 and `Order`, `Allow`, `Deny` of 2.2 (`mod_access_compat`). Which section's lines hold is in
//! `section`.

use super::{
    super::web::{chains::Chains, logic},
    expr,
    facts::{Facts, Request},
    line::Node,
};
use crate::acl::{Action, Addresses, ChainId, Condition, How, Place};

/// A tree of `Require` lines.
#[derive(Debug, Clone)]
pub enum Tree<'a> {
    /// One word of one line, with its line.
    Leaf(&'a Node),
    /// A container, with its line.
    Many(Logic, Place, Vec<Tree<'a>>),
}

/// What a container asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Logic {
    /// One at least.
    Any,
    /// None may fail, one must succeed.
    All,
    /// None may succeed.
    None,
}

/// Lines of `mod_access_compat`.
#[derive(Debug, Clone, Default)]
pub struct Compat<'a> {
    /// `Order`, the last one.
    pub order: Option<&'a Node>,
    /// `Allow from` lines.
    pub allows: Vec<&'a Node>,
    /// `Deny from` lines.
    pub denies: Vec<&'a Node>,
    /// `Satisfy any`.
    pub satisfy_any: bool,
}

/// The access lines of one section, or of several merged.
#[derive(Debug, Clone, Default)]
pub struct Rules<'a> {
    /// `Require` lines.
    pub require: Option<Tree<'a>>,
    /// Lines of `mod_access_compat`.
    pub compat: Option<Compat<'a>>,
}

/// Addresses of a `Require ip` or `Allow from` word; `None` where it is no address.
pub fn network(word: &str) -> Option<Addresses> {
    if word.contains('-') {
        return None;
    }
    if let Ok(set) = Addresses::parse(word) {
        return Some(set);
    }
    // A beginning of an IPv4 address: `211.231.99` and `211.231.99.` are its network.
    let numbers: Vec<&str> = word.strip_suffix('.').unwrap_or(word).split('.').collect();
    if numbers.len() > 3 || numbers.iter().any(|number| number.parse::<u8>().is_err()) {
        return None;
    }
    let zeros = vec!["0"; 4 - numbers.len()];
    Addresses::parse(&format!("{}.{}/{}", numbers.join("."), zeros.join("."), numbers.len() * 8)).ok()
}

/// When a tree grants, refuses, or asks for a login. Else it has no say.
struct Standing {
    granted: Condition,
    denied: Condition,
    login: Condition,
}

/// Judges trees for one request.
pub struct Judge<'a> {
    /// What is known.
    pub facts: &'a Facts<'a>,
    /// The request.
    pub request: &'a Request,
}

impl Judge<'_> {
    /// Adds rules: whoever passes goes on by `pass`; the others are refused.
    pub fn rules(
        &self,
        chains: &mut Chains,
        chain: ChainId,
        rules: &Rules<'_>,
        default: Place,
        pass: &(Action, Option<&'static str>),
    ) {
        match (&rules.compat, &rules.require) {
            (None, None) => chains.say(chain, default, Condition::ALWAYS, pass.0.clone(), Some("default-allow")),
            (Some(compat), None) => self.compat(chains, chain, compat, default, pass, true),
            (None, Some(tree)) => self.require(chains, chain, tree, pass),
            (Some(compat), Some(tree)) if compat.satisfy_any => {
                self.compat(chains, chain, compat, default, &(pass.0.clone(), Some("satisfy-any")), false);
                self.require(chains, chain, tree, pass);
            }
            (Some(compat), Some(tree)) => {
                // Both must let in: mod_access_compat is asked first.
                let inner = chains.new_chain("Order, Allow, Deny");
                self.compat(chains, inner, compat, default, &(Action::Return, None), true);
                chains.say(chain, default, Condition::ALWAYS, Action::Jump(inner), None);
                self.require(chains, chain, tree, pass);
            }
        }
    }

    fn compat(
        &self,
        chains: &mut Chains,
        chain: ChainId,
        compat: &Compat<'_>,
        default: Place,
        pass: &(Action, Option<&'static str>),
        refuses: bool,
    ) {
        let order = compat.order.map(|line| line.args.join(",").to_ascii_lowercase().replace(' ', ""));
        let place = compat.order.map_or(default, |line| line.place);
        let deny = |chains: &mut Chains, chain| {
            for line in &compat.denies {
                let then = if refuses { Action::Deny(How::Status(403)) } else { Action::Return };
                chains.say(chain, line.place, self.from(line), then, None);
            }
        };
        let allow = |chains: &mut Chains, chain| {
            for line in &compat.allows {
                chains.say(chain, line.place, self.from(line), pass.0.clone(), pass.1);
            }
        };
        // Where it does not refuse (Satisfy any), what comes after it is asked.
        let inner = if refuses { chain } else { chains.new_chain("Order, Allow, Deny") };
        let refusal = if refuses { Action::Deny(How::Status(403)) } else { Action::Return };
        if let Some("allow,deny" | "mutual-failure") = order.as_deref().map(|order| order.replace(",,", ",")).as_deref()
        {
            deny(chains, inner);
            allow(chains, inner);
            chains.say(inner, place, Condition::ALWAYS, refusal, Some("not-listed"));
        } else {
            allow(chains, inner);
            deny(chains, inner);
            chains.say(inner, place, Condition::ALWAYS, pass.0.clone(), Some("default-allow"));
        }
        if !refuses {
            chains.say(chain, place, Condition::ALWAYS, Action::Jump(inner), None);
        }
    }

    /// Whom an `Allow from` or `Deny from` concerns.
    fn from(&self, line: &Node) -> Condition {
        let words = line.args.iter().skip_while(|word| word.eq_ignore_ascii_case("from"));
        logic::any_of(words.flat_map(|word| word.split(',')).filter(|word| !word.is_empty()).map(|word| {
            let lower = word.to_ascii_lowercase();
            if lower == "all" {
                return Condition::ALWAYS;
            }
            if let Some(name) = word.strip_prefix("env=") {
                return match name.strip_prefix('!') {
                    Some(name) => logic::not(Facts::is_set(name, self.request)),
                    None => Facts::is_set(name, self.request),
                };
            }
            self.address(word).unwrap_or_else(|| Condition::unknown("hostname", word))
        }))
    }

    fn address(&self, word: &str) -> Option<Condition> {
        let set = network(word)?;
        Some(if self.facts.peer_hidden && set != Addresses::all() {
            Condition::unknown("address-behind-balancer", word)
        } else {
            logic::source(set)
        })
    }

    fn require(&self, chains: &mut Chains, chain: ChainId, tree: &Tree<'_>, pass: &(Action, Option<&'static str>)) {
        self.grants(chains, chain, tree, pass);
        self.refuses(chains, chain, tree);
    }

    /// Rules that pass where the tree grants.
    fn grants(&self, chains: &mut Chains, chain: ChainId, tree: &Tree<'_>, pass: &(Action, Option<&'static str>)) {
        match tree {
            Tree::Leaf(line) => {
                let granted = self.standing(tree).granted;
                if !logic::is_never(&granted) {
                    chains.say(chain, line.place, granted, pass.0.clone(), pass.1);
                }
            }
            Tree::Many(Logic::Any, _, parts) => parts.iter().for_each(|part| self.grants(chains, chain, part, pass)),
            Tree::Many(Logic::All, place, parts) => {
                let inner = chains.new_chain("RequireAll");
                for part in parts {
                    let Standing { denied, login, .. } = self.standing(part);
                    let fails = logic::any_of([denied, login]);
                    if !logic::is_never(&fails) {
                        chains.say(inner, part.place(), fails, Action::Return, None);
                    }
                }
                for part in parts {
                    self.grants(chains, inner, part, pass);
                }
                chains.say(chain, *place, Condition::ALWAYS, Action::Jump(inner), None);
            }
            Tree::Many(Logic::None, ..) => {}
        }
    }

    /// Rules that refuse all that is left, at the line that is to blame.
    fn refuses(&self, chains: &mut Chains, chain: ChainId, tree: &Tree<'_>) {
        let Standing { login, .. } = self.standing(tree);
        if !logic::is_never(&login) {
            let place = self.login_place(tree).unwrap_or(tree.place());
            chains.say(chain, place, login, Action::Deny(How::Status(401)), Some("auth-needed"));
        }
        if let Tree::Many(Logic::All, _, parts) = tree {
            for part in parts {
                let denied = self.standing(part).denied;
                if !logic::is_never(&denied) {
                    let note = if part.negated() { "listed" } else { "not-listed" };
                    chains.say(chain, part.place(), denied, Action::Deny(How::Status(403)), Some(note));
                }
            }
        }
        let note = match tree {
            Tree::Leaf(line) if line.arg(0).eq_ignore_ascii_case("all") => None,
            _ => Some("not-listed"),
        };
        chains.say(chain, tree.place(), Condition::ALWAYS, Action::Deny(How::Status(403)), note);
    }

    fn login_place(&self, tree: &Tree<'_>) -> Option<Place> {
        match tree {
            Tree::Leaf(line) => (!logic::is_never(&self.standing(tree).login)).then_some(line.place),
            Tree::Many(_, _, parts) => parts.iter().find_map(|part| self.login_place(part)),
        }
    }

    fn standing(&self, tree: &Tree<'_>) -> Standing {
        match tree {
            Tree::Leaf(line) => self.leaf(line),
            Tree::Many(kind, _, parts) => {
                let parts: Vec<Standing> = parts.iter().map(|part| self.standing(part)).collect();
                let granted = logic::any_of(parts.iter().map(|part| part.granted.clone()));
                let denied = logic::any_of(parts.iter().map(|part| part.denied.clone()));
                let asked = logic::any_of(parts.iter().map(|part| part.login.clone()));
                match kind {
                    Logic::Any => {
                        let wanted = logic::all_of([asked, logic::not(granted.clone())]);
                        let left = logic::not(logic::any_of([granted.clone(), wanted.clone()]));
                        Standing { denied: logic::all_of([denied, left]), granted, login: wanted }
                    }
                    Logic::All => {
                        let wanted = logic::all_of([asked, logic::not(denied.clone())]);
                        let left = logic::not(logic::any_of([denied.clone(), wanted.clone()]));
                        Standing { granted: logic::all_of([granted, left]), denied, login: wanted }
                    }
                    Logic::None => Standing { granted: Condition::NEVER, denied: granted, login: Condition::NEVER },
                }
            }
        }
    }

    fn leaf(&self, line: &Node) -> Standing {
        let negated = line.arg(0).eq_ignore_ascii_case("not");
        let words = line.args.get(usize::from(negated)..).unwrap_or_default();
        let (kind, rest) = words.split_first().map_or(("", &[][..]), |(kind, rest)| (kind.as_str(), rest));
        let asks_login = |doubt: Option<Condition>| Standing {
            granted: Condition::NEVER,
            denied: if negated { doubt.clone().unwrap_or(Condition::NEVER) } else { Condition::NEVER },
            login: if negated { Condition::NEVER } else { doubt.unwrap_or(Condition::ALWAYS) },
        };
        let unknown = |code| Condition::unknown(code, line.text());
        let holds = match kind.to_ascii_lowercase().as_str() {
            "all" => match rest.first().map(|word| word.to_ascii_lowercase()).as_deref() {
                Some("granted") => Condition::ALWAYS,
                Some("denied") => Condition::NEVER,
                _ => unknown("not-understood"),
            },
            "ip" => logic::any_of(
                rest.iter()
                    .flat_map(|word| word.split(','))
                    .filter(|word| !word.is_empty())
                    .map(|word| self.address(word).unwrap_or_else(|| Condition::unknown("not-understood", word))),
            ),
            "env" => logic::any_of(rest.iter().map(|name| Facts::is_set(name, self.request))),
            "method" => logic::known(rest.iter().any(|method| method == "GET")),
            "local" => Condition::NEVER,
            "expr" => expr::evaluate(&rest.join(" "), self.facts, self.request),
            "host" | "forward-dns" => unknown("hostname"),
            "user" | "valid-user" | "group" | "file-owner" | "file-group" | "valid-group" => return asks_login(None),
            other if other.starts_with("ldap-") || other.starts_with("dbm-") || other.starts_with("dbd-") => {
                return asks_login(None);
            }
            _ => unknown("not-understood"),
        };
        if negated {
            Standing { granted: Condition::NEVER, denied: holds, login: Condition::NEVER }
        } else {
            Standing { denied: logic::not(holds.clone()), granted: holds, login: Condition::NEVER }
        }
    }
}

impl Tree<'_> {
    /// The line a person would look at.
    pub fn place(&self) -> Place {
        match self {
            Self::Leaf(line) => line.place,
            Self::Many(_, place, _) => *place,
        }
    }

    fn negated(&self) -> bool {
        match self {
            Self::Leaf(line) => line.arg(0).eq_ignore_ascii_case("not"),
            Self::Many(logic, ..) => *logic == Logic::None,
        }
    }
}
