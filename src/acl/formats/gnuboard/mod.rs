//! Gnuboard 5 and Youngcart 5: the lists `접근가능 IP` and `접근차단 IP` of the basic settings, read as common.php 5.6 does. What
//! themes and plug-ins block is not in them.

mod open;
mod pattern;
mod read;

use self::{
    pattern::{Matches, matches},
    read::{Lists, lists},
};
use super::{Cannot, Format};
use crate::acl::{
    Action, Addresses, Chain, ChainId, Condition, Family, File, Hook, How, Idle, Kind, Malformed, Place, Policy,
    Reading, Rule, Ruleset, Stage,
};

/// The dialect.
pub const FORMAT: Format = Format {
    name: "gnuboard",
    title: "Gnuboard 5 / Youngcart 5 IP lists",
    from: "관리자 > 환경설정 > 기본환경설정: 접근가능 IP, 접근차단 IP",
    joins: true,
    cannot: CANNOT,
    recognise: read::recognise,
    parse,
    open: Some(open::open),
};

const CANNOT: &[Cannot] = &[
    Cannot {
        ko: "그누보드5의 접근가능 IP와 접근차단 IP만 판단합니다. 플러그인이나 테마가 따로 막는 것은 알 수 없습니다.",
        en: "Only the two lists of Gnuboard 5 are judged; what plug-ins or themes block is not known.",
    },
    Cannot {
        ko: "그누보드4는 같은 목록을 다르게 해석합니다(앞부분 일치). 이 결과는 그누보드5에만 맞습니다.",
        en: "Gnuboard 4 reads the same lists differently (by prefix); these verdicts hold for Gnuboard 5 only.",
    },
    Cannot {
        ko: "서버가 프록시 뒤에 있으면 PHP가 보는 주소(REMOTE_ADDR)는 카카오의 주소가 아닐 수 있습니다.",
        en: "Behind a proxy the address PHP sees (REMOTE_ADDR) may not be Kakao's.",
    },
];

const ADVICE: &str = "paste each list under its heading, `[접근가능 IP]` or `[접근차단 IP]`, or give the cf_possible_ip and cf_intercept_ip values";

/// Names of the chains, for people.
const POSSIBLE: &str = "접근가능 IP";
const INTERCEPT: &str = "접근차단 IP";

fn parse(files: &[File], reading: &Reading) -> Result<Ruleset, Malformed> {
    let mut all = Lists::default();
    for (index, file) in files.iter().enumerate() {
        lists(index, file, &mut all)?;
    }
    let mut ruleset = Ruleset { families: Family::BOTH.to_vec(), sees: reading.sees.clone(), ..Ruleset::default() };
    // An empty list lets everybody in, and PHP takes the text 0 for empty; one with anything in it only those who match.
    let empty = matches!(all.possible.as_slice(), [] | [(_, _)]) && all.possible.iter().all(|(_, text)| text == "0");
    if let Some(heading) = all.possible_at.filter(|_| !empty) {
        let policy = Policy { verdict: Action::Deny(How::BlockedPage), place: Some(heading) };
        stage(&mut ruleset, POSSIBLE, &all.possible, &Action::Accept, policy);
    }
    stage(&mut ruleset, INTERCEPT, &all.intercept, &Action::Deny(How::BlockedPage), Policy::accept());
    Ok(ruleset)
}

fn stage(ruleset: &mut Ruleset, name: &str, patterns: &[(Place, String)], then: &Action, policy: Policy) {
    let mut rules = Vec::new();
    for (place, text) in patterns {
        let rule = |when| {
            let rule = Rule::new(*place, when, then.clone());
            if *then == Action::Accept { rule.with_note("listed") } else { rule }
        };
        let v4 = match matches(text) {
            Matches::Exactly(v4) => v4,
            Matches::Perhaps => {
                rules.push(rule(Condition::unknown("expression", text.clone())));
                continue;
            }
        };
        if let Some(v6) = v6(text) {
            rules.push(rule(v6));
        } else if v4.is_empty() {
            ruleset.idle.push(Idle { place: *place, code: "not-a-match", what: text.clone() });
        } else {
            rules.push(rule(Condition::source(Addresses::of(Family::V4, v4))));
        }
    }
    let chain = ChainId(ruleset.chains.len());
    ruleset.chains.push(Chain { name: name.to_owned(), rules });
    ruleset.stages.push(Stage { hook: Hook::Request, chain, family: None, policy, kind: Kind::Filter });
}

/// What a pattern with a colon matches: an address as PHP writes it, or, with a `+`, nobody can tell without all of the text.
fn v6(text: &str) -> Option<Condition> {
    if !text.contains(':') {
        return None;
    }
    if !text.contains(['+', '*', '?']) {
        let address: std::net::Ipv6Addr = text.parse().ok()?;
        return (address.to_string() == text)
            .then(|| Condition::source(ipnet::IpNet::from(std::net::IpAddr::V6(address)).into()));
    }
    Some(Condition::Family(Family::V6).and(Condition::unknown("expression", text)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn reading_never_panics(text in "([0-9.+*:a-f'\"\\\\(\\[|,]|\r?\n|\\[접근가능 IP\\]|cf_intercept_ip|=|\\{|\\}){0,40}") {
            let _any = parse(&[File::new("list", &text)], &Reading::default());
        }
    }
}
