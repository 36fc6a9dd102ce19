//! From zones to the rule set: the chains around the zones, and where packets meet them. Which packets come to which zone is
//! `dispatch`'s, the rules inside a zone are `lower`'s.

use super::super::super::{
    Action, Assumption, Chain, ChainId, Condition, Doubt, Family, Hook, How, Idle, Kind, Place, Policy, Reading, Rule,
    Ruleset, Stage, States,
};
use super::{
    dispatch::Dispatch,
    lower::Lower,
    model::{Config, RichAction, Side, Target, Which, Zone},
    zones::Way,
};

/// The rule set.
pub fn build(config: &Config, reading: &Reading) -> Ruleset {
    let interface = reading.circumstances.interface.as_deref();
    let lower = Lower::new(config, reading.circumstances.server);
    let ruleset = Ruleset { families: Family::BOTH.to_vec(), ..Ruleset::default() };
    let mut build = Build { config, lower, ruleset, ways: Vec::new(), interface };
    build.assume();
    build.idle();
    build.zones();
    let dispatch = build.dispatch(interface);
    build.stages(dispatch);
    build.ruleset
}

/// The rule set while it is being built.
pub struct Build<'a> {
    /// What the files say.
    pub config: &'a Config,
    /// The rules inside zones.
    pub lower: Lower<'a>,
    /// What is built so far.
    pub ruleset: Ruleset,
    /// The chains of each zone.
    pub ways: Vec<Way>,
    /// The interface visits come in by, where that is known.
    pub interface: Option<&'a str>,
}

impl Build<'_> {
    fn assume(&mut self) {
        let Config { permanent, .. } = self.config;
        if permanent.is_some() {
            self.assumption("runtime-differs", *permanent, "/etc/firewalld");
        }
    }

    /// Rules that ask for a set with nothing in it.
    fn idle(&mut self) {
        let rules = self.config.zones.iter().chain(&self.config.policies).flat_map(|zone| &zone.rules);
        for (rule, place) in rules {
            if let Some(Side { negated: false, what: Which::Set(name) }) = &rule.source
                && self.config.sets.get(name).is_some_and(|set| set.addresses.is_empty() && !set.timeout && !set.more)
            {
                self.ruleset.idle.push(Idle { place: *place, code: "empty-set", what: name.clone() });
            }
        }
    }

    /// Notes what is taken for granted.
    pub fn assumption(&mut self, code: &'static str, place: Option<Place>, what: impl Into<String>) {
        self.ruleset.assumptions.push(Assumption { code, place, what: what.into() });
    }

    /// Adds a chain.
    pub fn chain(&mut self, name: &str, rules: Vec<Rule>) -> ChainId {
        let id = ChainId(self.ruleset.chains.len());
        self.ruleset.chains.push(Chain { name: name.to_owned(), rules });
        id
    }

    fn stages(&mut self, dispatch: Dispatch) {
        let head = self.config.head.unwrap_or(Place::new(0, 1));
        let known = || Condition::State(States::ESTABLISHED.with(States::RELATED));
        let first = Rule::new(head, known(), Action::Accept);
        let (mut input, mut through) = (vec![first.clone()], vec![first.clone()]);
        let denies = |zone: &Zone| zone.rules.iter().any(|(rule, _)| matches!(rule.action, RichAction::Deny(_)));
        let denying = self.config.zones.iter().any(denies);
        for sent in &self.lower.sent {
            // What was sent on gets in before any zone is asked; before 0.9, rules that refuse may have come first.
            let mut when = sent.known_by.clone();
            if !self.config.since_0_9 && denying {
                when = when.and(Condition::unknown("not-understood", "forward-port"));
            }
            let rule = Rule::new(sent.place, when, Action::Accept).with_note("rule-translate");
            if sent.away { through.push(rule) } else { input.push(rule) }
        }
        input.push(Rule::new(head, Condition::InInterface("lo".to_owned()), Action::Accept));
        input.push(Rule::new(head, Condition::ALWAYS, Action::Jump(dispatch.filter)));
        if !self.config.since_0_9 && denying {
            // After the rules that refuse, what was sent on gets in all the same.
            through.extend(self.lower.sent.iter().filter(|sent| sent.away).map(|sent| {
                Rule::new(
                    sent.place,
                    sent.known_by.clone(),
                    Action::Unknown(Doubt::new("not-understood", "forward-port")),
                )
            }));
        }
        let reject = || Policy::deny(How::Reject);
        let input = self.chain("firewalld input", input);
        let through = self.chain("firewalld forward", through);
        let output = self.chain("firewalld output", vec![first]);
        let mut push = |hook, chain, kind, policy| {
            self.ruleset.stages.push(Stage { hook, chain, family: None, policy, kind });
        };
        // Which zone sends nothing elsewhere does not matter, and must not be a doubt.
        if !self.lower.sent.is_empty() {
            push(Hook::Prerouting, dispatch.nat, Kind::Connection, Policy::accept());
        }
        push(Hook::Input, input, Kind::Filter, reject());
        push(Hook::Forward, through, Kind::Filter, reject());
        push(Hook::Output, output, Kind::Filter, Policy::accept());
        self.direct();
    }

    /// Direct rules go to the kernel as they are; they come before the zones.
    fn direct(&mut self) {
        for hook in [Hook::Prerouting, Hook::Input, Hook::Forward, Hook::Output] {
            let rules: Vec<Rule> = self
                .config
                .direct
                .iter()
                .filter(|direct| met_at(direct).contains(&hook))
                .map(|direct| {
                    let when = direct.family.map_or(Condition::ALWAYS, Condition::Family);
                    let what: String = direct.text.split_whitespace().collect::<Vec<_>>().join(" ");
                    Rule::new(direct.place, when, Action::Unknown(Doubt::new("not-understood", what)))
                })
                .collect();
            if !rules.is_empty() {
                let chain = self.chain("direct", rules);
                let stage = Stage { hook, chain, family: None, policy: Policy::accept(), kind: Kind::Filter };
                self.ruleset.stages.insert(0, stage);
            }
        }
    }
}

/// What a target does.
pub fn target(target: Target) -> Option<Action> {
    match target {
        Target::Default | Target::Reject => Some(Action::Deny(How::Reject)),
        Target::Drop => Some(Action::Deny(How::Drop)),
        Target::Accept => Some(Action::Accept),
        Target::Continue => None,
    }
}

/// Hooks at which a visit meets a direct rule.
fn met_at(direct: &super::model::Direct) -> Vec<Hook> {
    let words: Vec<&str> = direct.text.split_whitespace().collect();
    let added = words.iter().position(|word| matches!(*word, "-A" | "-I")).and_then(|at| words.get(at + 1));
    let chain = if direct.chain.is_empty() { added.copied().unwrap_or_default() } else { direct.chain.as_str() };
    let udp = words.windows(2).any(|pair| matches!(pair, ["-p", "udp" | "icmp"]));
    match chain.trim_end_matches("_direct") {
        _ if udp => Vec::new(),
        "PREROUTING" => vec![Hook::Prerouting],
        "FORWARD" => vec![Hook::Forward],
        "OUTPUT" => vec![Hook::Output],
        "POSTROUTING" => Vec::new(),
        // A chain of their own: it may be called from any of them.
        _ => vec![Hook::Input],
    }
}
