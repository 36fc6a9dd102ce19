//! The engine on rule sets built by hand: what it must answer is computed by a second, plainer evaluator that looks at one
//! address at a time and knows no spans, no cuts and no memory.

use std::sync::Arc;

use proptest::prelude::*;
use scraplens::acl::{
    Action, Addresses, Chain, ChainId, Circumstances, Condition, Family, Hook, How, Kind, Place, Policy, Ranges, Rule,
    Ruleset, Stage, States, Verdict, dead, decide,
};

const START: u128 = 0x1b00_ec00; // 27.0.236.0
const SIZE: u128 = 128;
const PORT: u16 = 443;

/// What can happen to one address, as a set: the plain way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Possible {
    accept: bool,
    deny: bool,
    back: bool,
}

/// Yes, no, or nobody knows.
fn holds(when: &Condition, address: u128) -> Option<bool> {
    match when {
        Condition::Source(set) => Some(set.v4.contains(address)),
        Condition::DestinationPort(set) => Some(set.contains(PORT.into())),
        Condition::State(states) => Some(states.has(States::NEW)),
        Condition::Unknown(_) => None,
        Condition::Not(inner) => holds(inner, address).map(|holds| !holds),
        Condition::All(parts) => {
            let all: Vec<_> = parts.iter().map(|part| holds(part, address)).collect();
            if all.contains(&Some(false)) {
                Some(false)
            } else {
                all.into_iter().collect::<Option<Vec<_>>>().map(|_| true)
            }
        }
        Condition::Any(parts) => {
            let all: Vec<_> = parts.iter().map(|part| holds(part, address)).collect();
            if all.contains(&Some(true)) {
                Some(true)
            } else {
                all.into_iter().collect::<Option<Vec<_>>>().map(|_| false)
            }
        }
        other => panic!("{other:?} is not generated"),
    }
}

fn walk(chains: &[Chain], chain: usize, address: u128) -> Possible {
    let mut possible = Possible::default();
    for rule in &chains[chain].rules {
        let sure = match holds(&rule.when, address) {
            Some(false) => continue,
            Some(true) => true,
            None => false,
        };
        let mut goes_on = !sure;
        match &rule.then {
            Action::Accept => possible.accept = true,
            Action::Deny(_) => possible.deny = true,
            Action::Return => possible.back = true,
            Action::Continue => goes_on = true,
            Action::Jump(to) | Action::Goto(to) => {
                let inner = walk(chains, to.0, address);
                possible.accept |= inner.accept;
                possible.deny |= inner.deny;
                if matches!(rule.then, Action::Jump(_)) {
                    goes_on |= inner.back;
                } else {
                    possible.back |= inner.back;
                }
            }
            other => panic!("{other:?} is not generated"),
        }
        if !goes_on {
            return possible;
        }
    }
    possible.back = true;
    possible
}

fn plainly(chains: &[Chain], policy_accepts: bool, address: u128) -> &'static str {
    let possible = walk(chains, 0, address);
    let accept = possible.accept || (possible.back && policy_accepts);
    let deny = possible.deny || (possible.back && !policy_accepts);
    match (accept, deny) {
        (true, false) => "allowed",
        (false, true) => "denied",
        _ => "undetermined",
    }
}

fn condition() -> impl Strategy<Value = Condition> {
    let source = (0..SIZE, 0_u128..40).prop_map(|(from, more)| {
        Condition::Source(Arc::new(Addresses::of(Family::V4, Ranges::one(START + from, START + from + more))))
    });
    let leaf = prop_oneof![
        6 => source,
        1 => prop_oneof![Just(443_u128), Just(80)].prop_map(|port| Condition::DestinationPort(Ranges::one(port, port))),
        1 => prop_oneof![Just(States::NEW), Just(States::ESTABLISHED)].prop_map(Condition::State),
        1 => Just(Condition::unknown("limit", "limit")),
        1 => Just(Condition::ALWAYS),
    ];
    leaf.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| Condition::Not(Box::new(inner))),
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Condition::All),
            proptest::collection::vec(inner, 0..3).prop_map(Condition::Any),
        ]
    })
}

/// Chains that call only later ones, as every kernel demands.
fn chains() -> impl Strategy<Value = Vec<Chain>> {
    let rule = |chain: usize| {
        let action = prop_oneof![
            3 => Just(Action::Accept),
            3 => Just(Action::Deny(How::Drop)),
            1 => Just(Action::Return),
            1 => Just(Action::Continue),
            3 => (chain + 1..5, any::<bool>()).prop_map(|(to, goto)| {
                let to = ChainId(to.min(4));
                if goto { Action::Goto(to) } else { Action::Jump(to) }
            }),
        ];
        let action =
            if chain < 4 { action.boxed() } else { prop_oneof![Just(Action::Accept), Just(Action::Return)].boxed() };
        (condition(), action).prop_map(|(when, then)| Rule::new(Place::new(0, 1), when, then))
    };
    (0..5_usize)
        .map(|chain| proptest::collection::vec(rule(chain), 0..6))
        .collect::<Vec<_>>()
        .prop_map(|chains| chains.into_iter().map(|rules| Chain { name: String::new(), rules }).collect())
}

fn ruleset(chains: Vec<Chain>, accepts: bool) -> Ruleset {
    let policy = if accepts { Policy::accept() } else { Policy::deny(How::Drop) };
    // Only the first packet is judged, so that the plain evaluator need not know of connections.
    let stage = Stage { hook: Hook::Input, chain: ChainId(0), family: None, policy, kind: Kind::Connection };
    Ruleset { chains, stages: vec![stage], families: vec![Family::V4], ..Ruleset::default() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn every_address_is_judged_as_the_plain_evaluator_judges_it(chains in chains(), accepts in any::<bool>()) {
        let rules = ruleset(chains.clone(), accepts);
        let universe = Ranges::one(START, START + SIZE - 1);

        let pieces = decide(&rules, &Circumstances::default(), Family::V4, &universe, PORT, &mut 10_000_000).unwrap();

        prop_assert_eq!(pieces.iter().map(|piece| (piece.from, piece.to)).collect::<Ranges>(), universe);
        for piece in pieces {
            let found = match piece.decision.verdict {
                Verdict::Allowed => "allowed",
                Verdict::Denied(_) => "denied",
                Verdict::Undetermined => "undetermined",
            };
            for address in piece.from..=piece.to {
                prop_assert_eq!(found, plainly(&chains, accepts, address), "address +{}", address - START);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn a_line_that_is_called_dead_can_go_without_any_address_faring_otherwise(
        chains in chains(),
        accepts in any::<bool>(),
    ) {
        // A line of its own for every rule.
        let mut lines = 1..;
        let mut chains = chains;
        for rule in chains.iter_mut().flat_map(|chain| &mut chain.rules) {
            rule.place = Place::new(0, lines.next().unwrap());
        }
        let dead = dead(&ruleset(chains.clone(), accepts));
        let mut without = chains.clone();
        for chain in &mut without {
            chain.rules.retain(|rule| !dead.iter().any(|dead| dead.place == rule.place));
        }

        for address in START..START + SIZE {
            prop_assert_eq!(
                plainly(&chains, accepts, address),
                plainly(&without, accepts, address),
                "address +{} without {:?}", address - START, dead
            );
        }
    }
}

/// A rule set of one base chain with one rule that drops everything, at this hook.
fn dropping_at(hook: Hook) -> Verdict {
    let rule = Rule::new(Place::new(0, 1), Condition::ALWAYS, Action::Deny(How::Drop));
    let chains = vec![Chain { name: String::new(), rules: vec![rule] }];
    let stage = Stage { hook, chain: ChainId(0), family: None, policy: Policy::accept(), kind: Kind::Filter };
    let rules = Ruleset { chains, stages: vec![stage], families: vec![Family::V4], ..Ruleset::default() };
    let universe = Ranges::one(START, START);
    let pieces = decide(&rules, &Circumstances::default(), Family::V4, &universe, PORT, &mut 1_000).unwrap();
    pieces[0].decision.verdict.clone()
}

#[test]
fn a_visit_to_this_host_passes_every_hook_but_forward() {
    let dropped = Verdict::Denied(How::Drop);
    for hook in [Hook::Ingress, Hook::Prerouting, Hook::Input, Hook::Output, Hook::Postrouting, Hook::Request] {
        assert_eq!(dropping_at(hook), dropped, "{hook:?}");
    }
    assert_eq!(dropping_at(Hook::Forward), Verdict::Allowed);
}

#[test]
fn what_arrives_does_not_pass_postrouting_and_what_leaves_does() {
    // Only packets to Kakao leave; those from Kakao have arrived at the end of INPUT.
    let from_kakao = Condition::Source(Arc::new(Addresses::of(Family::V4, Ranges::one(START, START))));
    let rule = Rule::new(Place::new(0, 1), from_kakao, Action::Deny(How::Drop));
    let chains = vec![Chain { name: String::new(), rules: vec![rule] }];
    let stage = Stage {
        hook: Hook::Postrouting,
        chain: ChainId(0),
        family: None,
        policy: Policy::accept(),
        kind: Kind::Filter,
    };
    let rules = Ruleset { chains, stages: vec![stage], families: vec![Family::V4], ..Ruleset::default() };
    let circumstances = Circumstances { server: Some("198.51.100.80".parse().unwrap()), ..Circumstances::default() };

    let universe = Ranges::one(START, START);
    let pieces = decide(&rules, &circumstances, Family::V4, &universe, PORT, &mut 1_000).unwrap();

    assert_eq!(pieces[0].decision.verdict, Verdict::Allowed);
}

#[test]
fn chains_that_call_the_next_twice_each_cost_no_more_than_their_rules() {
    const FLOORS: usize = 60;
    let jump = |to| Rule::new(Place::new(0, 1), Condition::ALWAYS, Action::Jump(ChainId(to)));
    let mut chains: Vec<Chain> =
        (1..FLOORS).map(|next| Chain { name: String::new(), rules: vec![jump(next), jump(next)] }).collect();
    chains.push(Chain { name: String::new(), rules: Vec::new() });
    let rules = ruleset(chains, true);
    let universe = Ranges::one(START, START + SIZE - 1);

    let answer = decide(&rules, &Circumstances::default(), Family::V4, &universe, PORT, &mut 10_000);

    assert_eq!(answer.unwrap()[0].decision.verdict, Verdict::Allowed);
}

#[test]
fn chains_that_call_themselves_end_undetermined() {
    let again = Rule::new(Place::new(0, 1), Condition::ALWAYS, Action::Jump(ChainId(0)));
    let rules = ruleset(vec![Chain { name: String::new(), rules: vec![again.clone(), again] }], true);
    let universe = Ranges::one(START, START);

    let answer = decide(&rules, &Circumstances::default(), Family::V4, &universe, PORT, &mut 10_000).unwrap();

    assert_eq!(answer[0].decision.verdict, Verdict::Undetermined);
    assert_eq!(answer[0].decision.doubts[0].1.code, "loop");
}
