//! What is different between two lists, on a day: by the addresses themselves, so that the same addresses in other CIDRs are no
//! difference. Pure: lists and a day in, differences out.

use std::collections::{BTreeMap, BTreeSet};

use ipnet::IpNet;
use jiff::civil::Date;

use super::report::{ChangeDay, IpsDiff, LineStanding, ServiceChange, ServiceDiff, Share, Side};
use crate::{
    acl::{
        Addresses,
        list::{Change, ChangeKind, Direction, Listed, Origin, RangeList},
    },
    finding::Text,
    words::Words,
};

/// What is different in `new`, on the day `today`. `kakao` are the networks that Kakao and its group announce.
pub fn compare(old: &RangeList, new: &RangeList, today: Date, kakao: &Addresses, words: &Words) -> IpsDiff {
    let both_official = old.origin == Origin::Api && new.origin == Origin::Api;
    let services = if both_official { by_service(old, new, today) } else { without_services(old, new, today) };
    let (before, after) = (announcements(old), announcements(new));
    let (announced, withdrawn) = if both_official {
        let not_over = |day: &ChangeDay| day.days_left.is_none_or(|days| days > 0);
        let withdrawn = days(&missing(&before, &after), today);
        (days(&missing(&after, &before), today), withdrawn.into_iter().filter(not_over).collect())
    } else {
        (Vec::new(), Vec::new())
    };
    let lines = if old.origin == Origin::File && new.origin != Origin::File {
        lines(old, &all_of(&by_name(&new.ranges, today)), kakao)
    } else {
        Vec::new()
    };
    let same = services.is_empty() && announced.is_empty() && withdrawn.is_empty();
    let code = match (same, both_official || old.origin != Origin::File) {
        (true, _) => "same",
        (false, true) => "different",
        (false, false) => "list-not-enough",
    };
    // What a list has too much lets strangers in, but it keeps none of Kakao's out.
    let code = if code == "list-not-enough" && services.iter().all(|service| service.added.is_empty()) {
        "list-too-much"
    } else {
        code
    };
    IpsDiff {
        same,
        headline: headline(code, old, new, words),
        old: side(old),
        new: side(new),
        services,
        announced,
        withdrawn,
        coming: coming(new, today),
        lines,
    }
}

fn headline(code: &str, old: &RangeList, new: &RangeList, words: &Words) -> Text {
    let name = |list: &RangeList| match list.origin {
        Origin::Announced => words.say("diff", "announced-networks", &[]),
        Origin::Api | Origin::File => Text { ko: list.name.clone(), en: list.name.clone() },
    };
    let (old, new) = (name(old), name(new));
    Text {
        ko: words.say("diff", code, &[("old", &old.ko), ("new", &new.ko)]).ko,
        en: words.say("diff", code, &[("old", &old.en), ("new", &new.en)]).en,
    }
}

fn side(list: &RangeList) -> Side {
    Side { name: list.name.clone(), origin: list.origin, updated: list.updated.clone() }
}

/// The addresses of each service that are in use on a day.
fn by_name(ranges: &[Listed], today: Date) -> BTreeMap<&str, Addresses> {
    let mut found: BTreeMap<&str, (Vec<IpNet>, Vec<IpNet>)> = BTreeMap::new();
    for range in ranges {
        let (there, gone) = found.entry(&range.service).or_default();
        match &range.change {
            Some(change) if change.kind == ChangeKind::Addition && !is_due(change, today) => {}
            Some(change) if change.kind == ChangeKind::Exclusion && is_due(change, today) => gone.push(range.network),
            Some(_) | None => there.push(range.network),
        }
    }
    // A range that goes from one service stays another's.
    let left = |(there, gone)| Addresses::from_iter::<Vec<_>>(there).difference(&Addresses::from_iter::<Vec<_>>(gone));
    found.into_iter().map(|(name, ranges)| (name, left(ranges))).collect()
}

/// The addresses of all services that are in use on a day.
fn all_of(by_name: &BTreeMap<&str, Addresses>) -> Addresses {
    by_name.values().flat_map(Addresses::networks).collect()
}

/// Whether the day of a change has come. One without a day has not.
fn is_due(change: &Change, today: Date) -> bool {
    change.date.as_deref().and_then(day).is_some_and(|date| date <= today)
}

/// A day however it is written: `2026-12-01`, `2026-12-01T00:00:00+09:00`, `2026.12.01`, `20261201`. Digits decide, because how
/// Kakao writes it is not documented.
pub(super) fn day(text: &str) -> Option<Date> {
    let digits: String = text.chars().filter(char::is_ascii_digit).take(8).collect();
    let number = |from: usize, to: usize| digits.get(from..to).and_then(|digits| digits.parse().ok());
    let (year, month, day): (i16, i8, i8) =
        (number(0, 4)?, i8::try_from(number(4, 6)?).ok()?, i8::try_from(number(6, 8)?).ok()?);
    Date::new(year, month, day).ok()
}

/// The days between two days.
pub(super) fn days_between(from: Date, to: Date) -> Option<i64> {
    from.until(to).ok().map(|span| i64::from(span.get_days()))
}

fn cidrs(addresses: &Addresses) -> Vec<String> {
    addresses.networks().iter().map(ToString::to_string).collect()
}

fn by_service(old: &RangeList, new: &RangeList, today: Date) -> Vec<ServiceDiff> {
    let mut found = Vec::new();
    for direction in [Direction::Inbound, Direction::Outbound] {
        let before = by_name(ranges_of(old, direction), today);
        let after = by_name(ranges_of(new, direction), today);
        let (from, to) = (ports(old, direction), ports(new, direction));
        let (nowhere, none) = (Addresses::default(), BTreeSet::new());
        let mut seen = BTreeSet::new();
        let services = new.services.iter().chain(&old.services).filter(|service| service.direction == direction);
        for name in services.map(|service| service.name.as_str()).filter(|name| seen.insert(*name)) {
            let (before, after) = (before.get(name).unwrap_or(&nowhere), after.get(name).unwrap_or(&nowhere));
            let (from, to) = (from.get(name).unwrap_or(&none), to.get(name).unwrap_or(&none));
            found.push(ServiceDiff {
                service: Some(name.to_owned()),
                direction,
                added: cidrs(&after.difference(before)),
                removed: cidrs(&before.difference(after)),
                added_ports: to.difference(from).copied().collect(),
                removed_ports: from.difference(to).copied().collect(),
            });
        }
    }
    found.retain(is_different);
    found
}

fn ports(list: &RangeList, direction: Direction) -> BTreeMap<&str, BTreeSet<u16>> {
    let mut found: BTreeMap<&str, BTreeSet<u16>> = BTreeMap::new();
    for service in list.services.iter().filter(|service| service.direction == direction) {
        found.entry(&service.name).or_default().extend(&service.ports);
    }
    found
}

fn is_different(diff: &ServiceDiff) -> bool {
    !(diff.added.is_empty() && diff.removed.is_empty() && diff.added_ports.is_empty() && diff.removed_ports.is_empty())
}

pub(super) fn ranges_of(list: &RangeList, direction: Direction) -> &[Listed] {
    match direction {
        Direction::Inbound => &list.ranges,
        Direction::Outbound => &list.outbound,
    }
}

/// One of the lists tells no services apart: what it lacks is said by the other's services, what it has too much by none.
fn without_services(old: &RangeList, new: &RangeList, today: Date) -> Vec<ServiceDiff> {
    let (old_names, new_names) = (by_name(&old.ranges, today), by_name(&new.ranges, today));
    let (before, after) = (all_of(&old_names), all_of(&new_names));
    let diff = |service: Option<&str>, added, removed| ServiceDiff {
        service: service.map(str::to_owned),
        direction: Direction::Inbound,
        added: cidrs(&added),
        removed: cidrs(&removed),
        added_ports: Vec::new(),
        removed_ports: Vec::new(),
    };
    let (nothing, mut found) = (Addresses::default, Vec::new());
    let (added, removed) = (after.difference(&before), before.difference(&after));
    match (old.origin == Origin::Api, new.origin == Origin::Api) {
        (false, true) => {
            let lacking = new_names.iter().map(|(name, there)| diff(Some(name), there.difference(&before), nothing()));
            found.extend(lacking);
            found.push(diff(None, nothing(), removed));
        }
        (true, false) => {
            let lacking = old_names.iter().map(|(name, there)| diff(Some(name), nothing(), there.difference(&after)));
            found.extend(lacking);
            found.push(diff(None, added, nothing()));
        }
        (true, true) | (false, false) => found.push(diff(None, added, removed)),
    }
    found.retain(is_different);
    found
}

fn lines(own: &RangeList, listed: &Addresses, kakao: &Addresses) -> Vec<LineStanding> {
    let share = |network: IpNet, of: &Addresses| {
        let line = Addresses::from(network);
        if line.is_subset(of) {
            Share::All
        } else if line.intersection(of).is_empty() {
            Share::Nothing
        } else {
            Share::Part
        }
    };
    let standing = |range: &Listed| LineStanding {
        cidr: range.network.to_string(),
        listed: share(range.network, listed),
        kakao: share(range.network, kakao),
    };
    own.ranges.iter().map(standing).collect()
}

/// What a change is about: the day as it is written, comes or goes, whose.
type Subject = (Option<String>, bool, bool, String);

fn announcements(list: &RangeList) -> BTreeMap<Subject, Addresses> {
    let mut found: BTreeMap<Subject, Vec<IpNet>> = BTreeMap::new();
    for direction in [Direction::Inbound, Direction::Outbound] {
        for range in ranges_of(list, direction) {
            let Some(change) = &range.change else { continue };
            let subject = (
                change.date.clone(),
                change.kind == ChangeKind::Exclusion,
                direction == Direction::Outbound,
                range.service.clone(),
            );
            found.entry(subject).or_default().push(range.network);
        }
    }
    found.into_iter().map(|(subject, networks)| (subject, networks.into_iter().collect())).collect()
}

/// What is announced in `these` and not in `others`.
fn missing(
    these: &BTreeMap<Subject, Addresses>,
    others: &BTreeMap<Subject, Addresses>,
) -> BTreeMap<Subject, Addresses> {
    let rest = these.iter().map(|(subject, addresses)| {
        let known = others.get(subject);
        (subject.clone(), known.map_or_else(|| addresses.clone(), |known| addresses.difference(known)))
    });
    rest.filter(|(_, addresses)| !addresses.is_empty()).collect()
}

/// What a list announces, by day. Those without a day come last.
pub(super) fn changes(list: &RangeList, today: Date) -> Vec<ChangeDay> {
    days(&announcements(list), today)
}

/// The same without what is over.
fn coming(list: &RangeList, today: Date) -> Vec<ChangeDay> {
    let not_over = |day: &ChangeDay| day.days_left.is_none_or(|days| days > 0);
    changes(list, today).into_iter().filter(not_over).collect()
}

fn days(announcements: &BTreeMap<Subject, Addresses>, today: Date) -> Vec<ChangeDay> {
    let mut found: Vec<ChangeDay> = Vec::new();
    for ((date, goes, outbound, service), addresses) in announcements {
        let change = ServiceChange {
            kind: if *goes { ChangeKind::Exclusion } else { ChangeKind::Addition },
            service: service.clone(),
            direction: if *outbound { Direction::Outbound } else { Direction::Inbound },
            ranges: cidrs(addresses),
        };
        if let Some(day) = found.iter_mut().find(|day| day.date == *date) {
            day.changes.push(change);
        } else {
            let days_left = date.as_deref().and_then(day).and_then(|date| days_between(today, date));
            found.push(ChangeDay { date: date.clone(), days_left, changes: vec![change] });
        }
    }
    found.sort_by_key(|day| (day.days_left.is_none(), day.days_left));
    found
}
