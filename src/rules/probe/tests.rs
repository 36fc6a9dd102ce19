//! What a probe's values come to, where a real server would be slow or cannot be had.

use super::*;
use crate::{
    kakao::Kakao,
    probe::report::{Handshake, Lookup, Run},
};

fn run(outcome: &str, total_ms: u64) -> Run {
    let status = if outcome == "ok" { Some(200) } else { outcome.strip_prefix("status-").map(|n| n.parse().unwrap()) };
    Run { outcome: outcome.to_owned(), status, first_byte_ms: Some(total_ms / 2), total_ms, address: None }
}

fn visit(of: &'static str, who: &'static str, outcomes: &[&str]) -> Visit {
    let runs: Vec<Run> = outcomes.iter().map(|outcome| run(outcome, 100)).collect();
    let shown = runs.iter().find(|run| run.outcome != "ok").unwrap_or(&runs[0]).clone();
    Visit {
        of,
        who,
        user_agent: who.to_owned(),
        url: "https://a.example/".to_owned(),
        effective_url: "https://a.example/".to_owned(),
        outcome: shown.outcome,
        evidence: None,
        status: shown.status,
        content_type: Some("text/html".to_owned()),
        bytes: Some(1000),
        title: Some("제목".to_owned()),
        image: None,
        challenge: None,
        notice: None,
        runs,
        spread: None,
        differs: Vec::new(),
    }
}

fn pages(kakao: &[&str], older: &[&str], facebook: &[&str], browser: &[&str]) -> Vec<Visit> {
    vec![
        visit("page", "kakao", kakao),
        visit("page", "kakao-older", older),
        visit("page", "facebook", facebook),
        visit("page", "browser", browser),
    ]
}

fn connection(address: &str, outcome: &str) -> Connection {
    let stands = outcome == "ok" || outcome.starts_with("tls-");
    Connection {
        address: address.to_owned(),
        outcome: outcome.to_owned(),
        evidence: None,
        connect_ms: stands.then_some(5),
        tls: None,
    }
}

fn subject<'a>(limits: &'a Limits, connections: &'a [Connection], visits: &'a [Visit]) -> ProbeSubject<'a> {
    ProbeSubject {
        host: "a.example",
        stopped: None,
        dns: None,
        connections,
        visits,
        delivery: None,
        image_tag: None,
        limits,
        thresholds: Thresholds { expiry_days: 14, slow_first_byte_ms: 1500, slower_ms: 1000 },
    }
}

/// Codes and verdict of some connections and visits.
fn judged(connections: &[Connection], visits: &[Visit]) -> (Vec<String>, Passage) {
    let (limits, book) = (Kakao::embedded().unwrap().limits, Rulebook::embedded().unwrap());
    let subject = subject(&limits, connections, visits);
    let findings = judge(&subject, &book);
    let verdict = passage(&subject, &findings);
    (findings.into_iter().map(|finding| finding.code.into_owned()).collect(), verdict)
}

const OK: &[&str] = &["ok", "ok"];
const SHUT: &[&str] = &["status-403", "status-403"];
const RESET: &[&str] = &["connect-reset", "connect-reset"];

#[test]
fn the_verdict_is_drawn_from_who_gets_in() {
    let good = [connection("198.51.100.1:443", "ok")];
    for (visits, codes, verdict, why) in [
        (pages(OK, OK, OK, OK), &[][..], Passage::Open, "everybody"),
        (pages(SHUT, SHUT, OK, OK), &["ua-blocked"], Passage::RefusedForKakao, "all but Kakao"),
        (pages(RESET, SHUT, SHUT, OK), &["ua-blocked"], Passage::RefusedForKakao, "only a browser"),
        (pages(SHUT, SHUT, OK, SHUT), &["ua-blocked"], Passage::RefusedForKakao, "only Facebook's crawler"),
        (pages(SHUT, SHUT, SHUT, SHUT), &[], Passage::Closed, "nobody"),
        (pages(OK, SHUT, OK, OK), &["ua-spelling-blocked"], Passage::Open, "all but the spelling of 2018"),
        (pages(SHUT, OK, OK, OK), &["ua-blocked", "ua-spelling-blocked"], Passage::RefusedForKakao, "an old rule"),
        (pages(OK, OK, SHUT, OK), &["facebook-blocked"], Passage::Open, "all but Facebook's crawler"),
        (pages(OK, OK, SHUT, SHUT), &[], Passage::Open, "Kakao alone"),
        (pages(&["ok", "status-503"], OK, OK, OK), &["answer-intermittent"], Passage::Partly, "Kakao at times"),
        (pages(OK, OK, OK, &["ok", "status-503"]), &["answer-intermittent"], Passage::Open, "a browser at times"),
        (
            pages(&["tls-expired"], &["tls-expired"], &["tls-expired"], &["tls-expired"]),
            &[],
            Passage::Partly,
            "at another address",
        ),
        (pages(&["extraction-failed"], OK, OK, OK), &["ua-blocked"], Passage::NotChecked, "our own fault"),
    ] {
        let (found, drawn) = judged(&good, &visits);
        if drawn != Passage::NotChecked {
            assert_eq!(found, codes, "{why}");
        }
        assert_eq!(drawn, verdict, "{why}");
    }
}

#[test]
fn facebooks_crawler_is_suspected_where_it_is_refused_as_well() {
    let (limits, book) = (Kakao::embedded().unwrap().limits, Rulebook::embedded().unwrap());
    let message = |facebook: &[&str]| {
        let visits = pages(SHUT, SHUT, facebook, OK);
        let findings = judge(&subject(&limits, &[connection("198.51.100.1:443", "ok")], &visits), &book);
        (findings[0].message.en.clone(), findings[0].evidence.clone().unwrap())
    };
    assert!(
        message(SHUT).0.contains("a rule on facebookexternalhit")
            || message(SHUT).0.contains("one on facebookexternalhit")
    );
    assert!(!message(OK).0.contains("facebookexternalhit"), "{}", message(OK).0);
    assert_eq!(
        message(SHUT).1,
        "kakaotalk-scrap         403  text/html  1,000 B\n\
         kakaotalk-scrap (2018)  403  text/html  1,000 B\n\
         facebookexternalhit     403  text/html  1,000 B\n\
         browser                 200  text/html  1,000 B"
    );
}

#[test]
fn an_ipv6_address_that_cannot_be_tried_from_here_says_nothing() {
    let good = pages(OK, OK, OK, OK);
    for (connections, visits, codes, verdict) in [
        (&["198.51.100.1:443 ok", "[2001:db8::1]:443 connect-unreachable"][..], &good[..], &[][..], Passage::Open),
        (&["198.51.100.1:443 ok", "[2001:db8::1]:443 connect-refused"], &good, &["address-dead"], Passage::Open),
        (&["198.51.100.1:443 ok", "198.51.100.2:443 connect-timeout"], &good, &["address-dead"], Passage::Partly),
        (
            &["[2001:db8::1]:443 connect-unreachable"],
            &[],
            &["ipv6-only", "connect-unreachable", "cannot-see-ip-rules"],
            Passage::NotChecked,
        ),
        (
            &["198.51.100.1:443 connect-refused", "[2001:db8::1]:443 connect-unreachable"],
            &[],
            &["connect-refused", "cannot-see-ip-rules"],
            Passage::Closed,
        ),
        (&["198.51.100.1:443 ok", "198.51.100.2:443 tls-expired"], &good, &["address-dead"], Passage::Partly),
        (&["198.51.100.1:443 tls-expired", "198.51.100.2:443 tls-expired"], &[], &["tls-expired"], Passage::Closed),
    ] {
        let rows: Vec<Connection> =
            connections.iter().map(|row| row.split_once(' ').unwrap()).map(|(a, o)| connection(a, o)).collect();
        assert_eq!(
            judged(&rows, visits),
            (codes.iter().map(ToString::to_string).collect(), verdict),
            "{connections:?}"
        );
    }
}

#[test]
fn a_certificate_is_worth_a_warning_only_within_its_last_days() {
    let (limits, book) = (Kakao::embedded().unwrap().limits, Rulebook::embedded().unwrap());
    for (days, warned) in [(400, false), (14, false), (13, true), (0, true), (-1, false)] {
        let mut row = connection("198.51.100.1:443", "ok");
        let certificate = crate::probe::report::Certificate {
            subject: "CN=a.example".to_owned(),
            issuer: "CN=x".to_owned(),
            names: Vec::new(),
            not_before: "-".to_owned(),
            not_after: "-".to_owned(),
        };
        row.tls = Some(Handshake {
            outcome: "ok".to_owned(),
            version: None,
            versions: Vec::new(),
            chain: vec![certificate],
            missing: None,
            days_left: Some(days),
            ms: None,
        });
        let findings = judge(&subject(&limits, &[row], &[]), &book);
        assert_eq!(findings.iter().any(|finding| finding.code == "tls-expires-soon"), warned, "{days} days");
    }
}

#[test]
fn name_servers_that_could_not_be_asked_say_nothing_about_the_site() {
    let (limits, book) = (Kakao::embedded().unwrap().limits, Rulebook::embedded().unwrap());
    for (outcome, verdict) in [("unavailable", Passage::NotChecked), ("nxdomain", Passage::Closed)] {
        let kinds = ["A", "AAAA"].map(|kind| Lookup { kind, outcome: outcome.to_owned() }).into();
        let names = Names {
            host: "a.example".to_owned(),
            outcome: "dns-failed".to_owned(),
            evidence: None,
            source: "dns",
            kinds,
            records: Vec::new(),
            ms: 1,
        };
        let mut subject = subject(&limits, &[], &[]);
        (subject.dns, subject.stopped) = (Some(&names), Some(("dns-failed", None)));
        assert_eq!(passage(&subject, &judge(&subject, &book)), verdict, "{outcome}");
    }
}

fn glimpse(title: &str, url: &str, total_ms: u64) -> Glimpse {
    Glimpse {
        outcome: "ok".to_owned(),
        status: Some(200),
        url: url.to_owned(),
        title: Some(title.to_owned()),
        total_ms,
        ..Glimpse::default()
    }
}

#[test]
fn what_changes_by_itself_is_no_difference() {
    let at = "https://a.example/post?session=1";
    let elsewhere = "https://a.example/notice";
    for (theirs, browsers, expected, why) in [
        (vec![glimpse("가", at, 10)], vec![glimpse("가", at, 12)], &[][..], "the same"),
        (
            vec![glimpse("방문 1", at, 10), glimpse("방문 3", at, 10)],
            vec![glimpse("방문 2", at, 10), glimpse("방문 3", at, 10)],
            &[],
            "a title that counts visits",
        ),
        (
            vec![glimpse("가", at, 10)],
            vec![glimpse("가", "https://a.example/post?session=2", 10)],
            &[],
            "a query that is new each time",
        ),
        (vec![glimpse("나", at, 10)], vec![glimpse("가", at, 10)], &["body"], "another title"),
        (vec![glimpse("가", elsewhere, 10)], vec![glimpse("가", at, 10)], &["redirect"], "another place"),
        (vec![glimpse("가", at, 2500)], vec![glimpse("가", at, 1000)], &["slower"], "more than twice the time"),
        (vec![glimpse("가", at, 1900)], vec![glimpse("가", at, 1000)], &[], "less than twice the time"),
        (vec![glimpse("가", at, 90)], vec![glimpse("가", at, 10)], &[], "nine times the time, but short"),
        (vec![], vec![glimpse("가", at, 10)], &[], "nobody asked"),
    ] {
        assert_eq!(differences(&theirs, &browsers, 1000), expected, "{why}");
    }
}
