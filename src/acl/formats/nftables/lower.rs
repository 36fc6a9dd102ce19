//! From tables to the engine's chains: each rule becomes the few that mean the same. Where base chains stand in a packet's way
//! is in `stage`, values are in `value`.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use super::{
    names,
    tree::{Data, Destination, Element, Expr, Op, RuleDef, Statement, Table, Target, Tree, Verdict},
    value::Values,
};
use crate::acl::{
    Action, Addresses, Chain, ChainId, Condition, Doubt, Family, How, Idle, Place, Rule, States, Translation,
};

/// The addresses that stand for "somewhere nobody knows": no packet of a visit has them.
pub const NOWHERE: [IpAddr; 2] = [IpAddr::V4(Ipv4Addr::UNSPECIFIED), IpAddr::V6(Ipv6Addr::UNSPECIFIED)];

/// Chains on their way into the engine's form.
pub struct Lowering<'t> {
    tree: &'t Tree,
    values: Values,
    /// The chains so far.
    pub chains: Vec<Chain>,
    /// Rules that never match.
    pub idle: Vec<Idle>,
    /// Some rule sends packets where nobody knows.
    pub nowhere: bool,
    ids: HashMap<(usize, &'t str, bool), ChainId>,
    waiting: VecDeque<(usize, &'t str, bool, ChainId)>,
}

/// Where a rule is lowered to.
#[derive(Clone, Copy)]
struct Spot<'t> {
    table: usize,
    of: &'t Table,
    /// Before connection tracking has seen the packet.
    early: bool,
    chain: &'t str,
}

impl Spot<'_> {
    /// A condition as packets meet it here. Without connection tracking, early or by exemption, there is a state, but nothing
    /// else of a connection to look at: the rule does not match, negated or not (checked on Linux 6.18).
    fn seen(self, left: &Expr, condition: Condition) -> Condition {
        let condition = if self.early { untracked_yet(condition) } else { condition };
        match (looks_at_connection(left), self.early) {
            (false, _) => condition,
            (true, true) => Condition::NEVER,
            (true, false) => Condition::State(States::UNTRACKED).negated().and(condition),
        }
    }
}

impl<'t> Lowering<'t> {
    /// Of a tree whose rules may translate packets that stay here, or not.
    pub fn new(tree: &'t Tree, redirects: bool) -> Self {
        Self {
            tree,
            values: Values::new(redirects),
            chains: Vec::new(),
            idle: Vec::new(),
            nowhere: false,
            ids: HashMap::new(),
            waiting: VecDeque::new(),
        }
    }

    /// The chain of a name, lowered later.
    pub fn chain(&mut self, table: usize, name: &'t str, early: bool) -> Option<ChainId> {
        if let Some(id) = self.ids.get(&(table, name, early)) {
            return Some(*id);
        }
        let of = self.tree.tables.get(table)?;
        of.chain_named(name)?;
        let id = self.push(format!("{} {} {name}", of.family, of.name));
        self.ids.insert((table, name, early), id);
        self.waiting.push_back((table, name, early, id));
        Some(id)
    }

    /// A new chain without rules.
    pub fn push(&mut self, name: String) -> ChainId {
        self.chains.push(Chain { name, rules: Vec::new() });
        ChainId(self.chains.len() - 1)
    }

    /// Lowers every chain that is asked for.
    pub fn finish(&mut self) {
        while let Some((table, name, early, id)) = self.waiting.pop_front() {
            let Some(of) = self.tree.tables.get(table) else { continue };
            let Some(chain) = of.chain_named(name) else { continue };
            let spot = Spot { table, of, early, chain: name };
            let mut rules = Vec::new();
            chain.all().for_each(|rule| self.rule(spot, rule, &mut rules));
            if let Some(chain) = self.chains.get_mut(id.0) {
                chain.rules = rules;
            }
        }
    }

    fn rule(&mut self, spot: Spot<'t>, rule: &'t RuleDef, found: &mut Vec<Rule>) {
        let place = rule.place;
        let before = found.len();
        let mut when = Condition::ALWAYS;
        for statement in &rule.statements {
            let mut push = |then| found.push(Rule::new(place, when.clone(), then));
            match statement {
                Statement::Nothing
                | Statement::Verdict(Verdict::Continue)
                | Statement::Update { limited: None, .. } => {}
                Statement::Match { left, op, right } => {
                    self.note_empty(spot, place, *op, right);
                    let condition = self.values.matching(spot.of, left, *op, right);
                    when = when.and(spot.seen(left, condition));
                }
                Statement::Maybe(doubt) | Statement::Update { limited: Some(doubt), .. } => {
                    when = when.and(Condition::Unknown(doubt.clone()));
                }
                Statement::Verdict(verdict) => {
                    let then = self.action(spot, verdict);
                    return found.push(Rule::new(place, when, then));
                }
                Statement::Reject(how) => {
                    push(Action::Deny(*how));
                    return;
                }
                Statement::Vmap { key, data } => {
                    self.verdicts(spot, place, &when, (key, data), found);
                    return;
                }
                Statement::Untrack if spot.early => push(Action::Untrack),
                // Too late: connection tracking has seen it.
                Statement::Untrack => {}
                Statement::Nat { family, to } => {
                    let when = family.map_or(when.clone(), |family| when.clone().and(Condition::Family(family)));
                    self.translations(spot, place, &when, to, found);
                    return;
                }
                Statement::Rewrite(doubt) => self.anywhere(place, &when, doubt, found),
                Statement::Unknown(doubt) => push(Action::Unknown(doubt.clone())),
            }
        }
        if found.len() == before {
            found.push(Rule::new(place, when, Action::Continue));
        }
    }

    fn action(&mut self, spot: Spot<'t>, verdict: &'t Verdict) -> Action {
        match verdict {
            Verdict::Accept => Action::Accept,
            Verdict::Drop => Action::Deny(How::Drop),
            Verdict::Continue => Action::Continue,
            Verdict::Return => Action::Return,
            Verdict::Jump(target) => self.target(spot, target).map_or_else(Action::Unknown, Action::Jump),
            Verdict::Goto(target) => self.target(spot, target).map_or_else(Action::Unknown, Action::Goto),
            Verdict::Unknown(doubt) => Action::Unknown(doubt.clone()),
        }
    }

    fn target(&mut self, spot: Spot<'t>, target: &'t Target) -> Result<ChainId, Doubt> {
        match target {
            Target::Named(name) => {
                self.chain(spot.table, name, spot.early).ok_or_else(|| Doubt::new("chain-missing", name.as_str()))
            }
            Target::Inline(rules) => {
                let id = self.push(format!("{} {} {}", spot.of.family, spot.of.name, spot.chain));
                let mut found = Vec::new();
                for rule in rules {
                    self.rule(spot, rule, &mut found);
                }
                if let Some(chain) = self.chains.get_mut(id.0) {
                    chain.rules = found;
                }
                Ok(id)
            }
        }
    }

    /// The elements of an anonymous or named map.
    fn elements(spot: Spot<'t>, data: &'t Expr) -> Result<&'t [Element], Doubt> {
        match data.plain() {
            Expr::Set(elements) => Ok(elements),
            Expr::Ref(name) => match spot.of.set_named(name) {
                Some(set) if set.dynamic => Err(Doubt::new("dynamic-set", name.as_str())),
                Some(set) => Ok(&set.elements),
                None => Err(Doubt::new("set-missing", name.as_str())),
            },
            Expr::Unknown(doubt) => Err(doubt.clone()),
            Expr::Selector(_)
            | Expr::Mask(..)
            | Expr::Word(_)
            | Expr::Range(..)
            | Expr::Or(_)
            | Expr::List(_)
            | Expr::Shared(_)
            | Expr::Concat(_) => Err(Doubt::new("not-understood", "map")),
        }
    }

    fn verdicts(
        &mut self,
        spot: Spot<'t>,
        place: Place,
        when: &Condition,
        (key, data): (&'t Expr, &'t Expr),
        found: &mut Vec<Rule>,
    ) {
        self.note_empty(spot, place, Op::Eq, data);
        let elements = match Self::elements(spot, data) {
            Ok(elements) => elements,
            Err(doubt) => return found.push(Rule::new(place, when.clone(), Action::Unknown(doubt))),
        };
        for (condition, data) in self.values.found(key, elements) {
            let condition = spot.seen(key, condition);
            let then = match data {
                Some(Data::Verdict(verdict)) => self.action(spot, verdict),
                Some(Data::Value(_)) | None => Action::Unknown(Doubt::new("not-understood", "vmap")),
            };
            if then != Action::Continue {
                found.push(Rule::new(place, when.clone().and(condition), then));
            }
        }
    }

    fn translations(
        &mut self,
        spot: Spot<'t>,
        place: Place,
        when: &Condition,
        to: &'t Destination,
        found: &mut Vec<Rule>,
    ) {
        match to {
            Destination::Here(port) => match port.as_ref().map(port_of) {
                None => found.push(Rule::new(place, when.clone(), Action::Translate(Translation::default()))),
                Some(port) => self.translate(place, when, Ok(None), port.map(Some), found),
            },
            Destination::Host(address, port) => {
                let port = port.as_ref().map_or(Ok(None), |port| port_of(port).map(Some));
                self.translate(place, when, address_of(address).map(Some), port, found);
            }
            Destination::Map { key, data, ports } => {
                let elements = match Self::elements(spot, data) {
                    Ok(elements) => elements,
                    Err(doubt) => return self.anywhere(place, when, &doubt, found),
                };
                for (condition, data) in self.values.found(key, elements) {
                    let when = when.clone().and(condition);
                    let wrong = || Doubt::new("not-understood", "map");
                    let (address, port) = match data {
                        Some(Data::Value(port)) if *ports => (Ok(None), port_of(port).map(Some)),
                        Some(Data::Value(Expr::Concat(parts))) => match parts.as_slice() {
                            [address, port] => (address_of(address).map(Some), port_of(port).map(Some)),
                            _ => (Err(wrong()), Err(wrong())),
                        },
                        Some(Data::Value(address)) => (address_of(address).map(Some), Ok(None)),
                        Some(Data::Verdict(_)) | None => (Err(wrong()), Err(wrong())),
                    };
                    self.translate(place, &when, address, port, found);
                }
            }
        }
    }

    fn translate(
        &mut self,
        place: Place,
        when: &Condition,
        address: Result<Option<IpAddr>, Doubt>,
        port: Result<Option<u16>, Doubt>,
        found: &mut Vec<Rule>,
    ) {
        match (address, port) {
            (Ok(to), Ok(port)) => {
                let family = to.map(|to| Condition::Family(Family::of(to)));
                let when = family.map_or(when.clone(), |family| when.clone().and(family));
                found.push(Rule::new(place, when, Action::Translate(Translation { port, to })));
            }
            (Err(doubt), _) | (_, Err(doubt)) => self.anywhere(place, when, &doubt, found),
        }
    }

    /// A translation nobody can follow: the packet may go on as it is, be refused, or get through elsewhere.
    fn anywhere(&mut self, place: Place, when: &Condition, doubt: &Doubt, found: &mut Vec<Rule>) {
        self.nowhere = true;
        for to in NOWHERE {
            let unsure = Condition::Family(Family::of(to)).and(Condition::Unknown(doubt.clone()));
            let then = Action::Translate(Translation { port: None, to: Some(to) });
            found.push(Rule::new(place, when.clone().and(unsure), then));
        }
        found.push(Rule::new(place, when.clone(), Action::Unknown(doubt.clone())));
    }

    /// A rule for a set that is empty never matches.
    fn note_empty(&mut self, spot: Spot<'t>, place: Place, op: Op, right: &Expr) {
        if let (Op::Implicit | Op::Eq, Expr::Ref(name)) = (op, right)
            && spot.of.set_named(name).is_some_and(|set| set.elements.is_empty() && !set.dynamic)
        {
            self.idle.push(Idle { place, code: "empty-set", what: name.clone() });
        }
    }
}

fn looks_at_connection(left: &Expr) -> bool {
    match left {
        Expr::Selector(name) => name.starts_with("ct ") && name != "ct state",
        Expr::Mask(inner, _) => looks_at_connection(inner),
        Expr::Concat(parts) => parts.iter().any(looks_at_connection),
        Expr::Word(_)
        | Expr::Range(..)
        | Expr::Or(_)
        | Expr::List(_)
        | Expr::Set(_)
        | Expr::Ref(_)
        | Expr::Shared(_)
        | Expr::Unknown(_) => false,
    }
}

fn port_of(expr: &Expr) -> Result<u16, Doubt> {
    let port = if let Expr::Word(word) = expr.plain() { names::port(word) } else { None };
    port.and_then(|port| u16::try_from(port).ok()).ok_or_else(|| Doubt::new("target-unknown", "dnat"))
}

fn address_of(expr: &Expr) -> Result<IpAddr, Doubt> {
    let address = if let Expr::Word(word) = expr.plain() { word.parse().ok() } else { None };
    address.ok_or_else(|| Doubt::new("target-unknown", "dnat"))
}

/// A condition as it is before connection tracking: every packet that is not exempted yet counts as invalid there.
fn untracked_yet(condition: Condition) -> Condition {
    match condition {
        Condition::State(states) => {
            let exempted = || Condition::State(States::UNTRACKED);
            match (states.has(States::INVALID), states.has(States::UNTRACKED)) {
                (true, true) => Condition::ALWAYS,
                (true, false) => exempted().negated(),
                (false, true) => exempted(),
                (false, false) => Condition::NEVER,
            }
        }
        Condition::Not(inner) => untracked_yet(*inner).negated(),
        Condition::All(all) => Condition::All(all.into_iter().map(untracked_yet).collect()),
        Condition::Any(any) => Condition::Any(any.into_iter().map(untracked_yet).collect()),
        other @ (Condition::Source(_)
        | Condition::Destination(_)
        | Condition::Family(_)
        | Condition::Protocol(_)
        | Condition::SourcePort(_)
        | Condition::DestinationPort(_)
        | Condition::Flags { .. }
        | Condition::InInterface(_)
        | Condition::OutInterface(_)
        | Condition::Unknown(_)) => other,
    }
}

/// The chains that can be reached from one.
pub fn reachable(chains: &[Chain], from: ChainId) -> HashSet<ChainId> {
    let mut found = HashSet::from([from]);
    let mut waiting = vec![from];
    while let Some(next) = waiting.pop() {
        for rule in chains.get(next.0).iter().flat_map(|chain| &chain.rules) {
            if let Action::Jump(to) | Action::Goto(to) = rule.then
                && found.insert(to)
            {
                waiting.push(to);
            }
        }
    }
    found
}

/// Lets through, at a chain's head, what was sent where nobody knows.
pub fn let_nowhere_pass(chain: &mut Chain) {
    let nowhere: Addresses = NOWHERE.into_iter().map(ipnet::IpNet::from).collect();
    let place = chain.rules.first().map_or(Place::new(0, 1), |rule| rule.place);
    let gone = Condition::Any(vec![Condition::Destination(nowhere.clone().into()), Condition::source(nowhere)]);
    chain.rules.insert(0, Rule::new(place, gone, Action::Accept));
}
