//! From what the files say to the rule set: ufw's stock rules first, then the rules in order, then the default. No text is
//! read here.

use super::super::super::{
    Action, Assumption, Chain, ChainId, Condition, Doubt, Family, Hook, How, Kind, Place, Policy, Rule, Ruleset, Stage,
    States,
};
use super::{
    profiles::Profiles,
    row::{Row, Way},
};

/// What the files say.
#[derive(Debug, Default)]
pub struct Found {
    /// Rules, in order.
    pub rows: Vec<Row>,
    /// Lines of `before.rules` that are not the stock ones, with their family.
    pub before: Vec<(Place, Family, Doubt)>,
    /// A `before.rules` was given for a family: nothing is assumed of it.
    pub before_given: Vec<Family>,
    /// The default for packets to this host.
    pub policy: Option<Policy>,
    /// Whether IPv6 is filtered, where that is said.
    pub ipv6: Option<(bool, Place)>,
    /// Whether ufw is switched on, where that is said.
    pub enabled: Option<(bool, Place)>,
    /// Families whose rules the files list even where they list none.
    pub families: Vec<Family>,
    /// The line that shows what file it is.
    pub head: Option<Place>,
    /// There is a listing or a file of rules among the files.
    pub speaks: bool,
    /// The listing puts rules of both families into one order of its own.
    pub mixed: Option<Place>,
    /// Application profiles.
    pub profiles: Profiles,
}

/// The rule set.
pub fn build(found: Found) -> Ruleset {
    let head = found.head;
    let mut ruleset = Ruleset::default();
    let assume = |code, place, what: &str| Assumption { code, place, what: what.to_owned() };
    match found.enabled {
        Some((false, place)) => return switched_off(place),
        Some((true, _)) => {}
        None => ruleset.assumptions.push(assume("enabled-assumed", head, "ufw")),
    }
    let families = families(&found);
    if families.iter().any(|family| !found.before_given.contains(family)) {
        ruleset.assumptions.push(assume("before-rules-assumed", head, "before.rules"));
    }
    let refused = found.ipv6.filter(|(filtered, _)| !filtered).map(|(_, place)| place);
    let mut rules: Vec<Rule> =
        head.map(|place| Rule::new(place, known_connections(), Action::Accept)).into_iter().collect();
    for (place, family, doubt) in &found.before {
        rules.push(Rule::new(*place, Condition::Family(*family), Action::Unknown(doubt.clone())));
    }
    let other_order = found.mixed.filter(|_| refused.is_none()).map(|place| (place, other_order(&found)));
    if let Some((place, first)) = other_order.filter(|(_, first)| !first.is_empty()) {
        // `show added` prints rules of both families before those of IPv6 alone, whatever their order is: the first that matches
        // of either kind may be the first of all.
        let chain = ChainId(ruleset.chains.len());
        ruleset.chains.push(Chain { name: "ufw incoming".to_owned(), rules: first });
        let when = Condition::Family(Family::V6).and(Condition::unknown("order-unknown", "ufw show added"));
        rules.push(Rule::new(place, when, Action::Goto(chain)));
    }
    // Rules for packets out or through are never met: replies belong to known connections, and ufw itself forwards nothing.
    for row in found.rows.iter().filter(|row| row.way == Way::In) {
        if refused.is_none() || row.family != Some(Family::V6) {
            rules.extend(row.lower(&found.profiles));
        }
    }
    let policy = found.policy.unwrap_or_else(|| {
        rules.extend(head.map(|place| {
            let doubt = Doubt::new("policy-unknown", "ufw default (incoming)");
            Rule::new(place, Condition::ALWAYS, Action::Unknown(doubt))
        }));
        Policy::deny(How::Drop)
    });
    let split = refused.is_some();
    let v4 = split.then_some(Family::V4);
    stage(&mut ruleset, Hook::Input, "ufw incoming", rules, v4, policy);
    if let Some(place) = refused {
        // With IPV6=no ufw drops all of IPv6 but the loopback, in both directions.
        for (hook, name) in [(Hook::Input, "ufw IPv6 incoming"), (Hook::Output, "ufw IPv6 outgoing")] {
            let policy = Policy { verdict: Action::Deny(How::Drop), place: Some(place) };
            stage(&mut ruleset, hook, name, Vec::new(), Some(Family::V6), policy);
        }
    }
    ruleset.families = families;
    ruleset
}

/// The rules for IPv6 in the other order that the listing may hide: those of IPv6 alone before those of both families. Empty
/// where there is but one kind.
fn other_order(found: &Found) -> Vec<Rule> {
    let incoming = |family: Option<Family>| {
        let rows = found.rows.iter().filter(move |row| row.way == Way::In && row.family == family);
        rows.flat_map(|row| row.lower(&found.profiles)).collect::<Vec<_>>()
    };
    let (alone, both) = (incoming(Some(Family::V6)), incoming(None));
    if alone.is_empty() || both.is_empty() {
        return Vec::new();
    }
    let mut rules: Vec<Rule> = alone.into_iter().chain(both).collect();
    if found.policy.is_none() {
        rules.extend(found.head.map(|place| {
            let doubt = Doubt::new("policy-unknown", "ufw default (incoming)");
            Rule::new(place, Condition::ALWAYS, Action::Unknown(doubt))
        }));
    }
    rules
}

/// Packets of known connections pass before any rule, in both directions: `ufw-before-input`, `ufw-before-output`.
fn known_connections() -> Condition {
    Condition::State(States::ESTABLISHED.with(States::RELATED))
}

fn stage(ruleset: &mut Ruleset, hook: Hook, name: &str, rules: Vec<Rule>, family: Option<Family>, policy: Policy) {
    let chain = ChainId(ruleset.chains.len());
    ruleset.chains.push(Chain { name: name.to_owned(), rules });
    ruleset.stages.push(Stage { hook, chain, family, policy, kind: Kind::Filter });
}

/// Families of which the files say anything. Without a rule for IPv6, nobody can tell "no rules" from `IPV6=no` from an
/// IPv6 that ufw could not load.
fn families(found: &Found) -> Vec<Family> {
    let speaks = |family: Family| {
        let ruled = found.rows.iter().any(|row| row.family == Some(family));
        let settled = family == Family::V6 && found.ipv6.is_some_and(|(filtered, _)| !filtered);
        ruled || settled || found.families.contains(&family)
    };
    let families: Vec<Family> = Family::BOTH.into_iter().filter(|family| speaks(*family)).collect();
    if families.is_empty() { vec![Family::V4] } else { families }
}

/// ufw removes its rules and lets everything pass. Rules that others put there are not in its files.
fn switched_off(place: Place) -> Ruleset {
    let mut ruleset = Ruleset { families: Family::BOTH.to_vec(), ..Ruleset::default() };
    let pass = Rule::new(place, Condition::ALWAYS, Action::Accept).with_note("default-allow");
    stage(&mut ruleset, Hook::Input, "ufw incoming", vec![pass], None, Policy::accept());
    let what = "ufw".to_owned();
    ruleset.assumptions.push(Assumption { code: "user-rules-only", place: Some(place), what });
    ruleset
}
