//! Every rule by which evidence is weighed, with evidence made by hand: the verdict, the layer, and the reason.

use scraplens::{
    accesslog::report::{Arrival, LogReport},
    acl::{list::Origin as List, report::AclReport},
    probe::report::{Passage, ProbeReport},
    reach::{
        ListChange, Parts,
        report::{
            LayerKind::{self, Application, Dns, Network, Tls, WebServer},
            ReachReport,
            Reachability::{self, Blocked, CannotTell, Partly, Reachable},
            Says,
        },
    },
};

use super::samples::{
    URL, answered, closed, connection, finding, judged, list, log, old, open, page, parts, refused_by_agent, refusing,
    rules, short, undetermined, visit, with_finding,
};

type Row = (
    &'static str,
    Option<ProbeReport>,
    Option<AclReport>,
    Option<LogReport>,
    Reachability,
    Option<LayerKind>,
    &'static str,
);

fn seen(probe: Option<ProbeReport>, acl: Option<AclReport>, logs: Option<LogReport>) -> ReachReport {
    judged(Parts { probe, acl, logs, ..parts() })
}

/// What the verdict rests on, in English: the reason of what blocks, else the headline.
fn told(report: &ReachReport) -> &str {
    report.blocked_by.as_ref().map_or(&report.headline.en, |blocker| &blocker.reason.en)
}

#[track_caller]
fn hold(rows: Vec<Row>) {
    for (what, probe, acl, logs, verdict, layer, said) in rows {
        let report = seen(probe, acl, logs);
        assert_eq!(
            (report.verdict, report.blocked_by.as_ref().map(|blocker| blocker.layer)),
            (verdict, layer),
            "{what}: {}",
            told(&report)
        );
        assert!(told(&report).contains(said), "{what}: {}", told(&report));
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the rows of the tables hold what may be missing")]
fn refused(status: u16) -> Option<LogReport> {
    Some(refusing(Arrival::Refused, &[(status, 10)]))
}

#[expect(clippy::unnecessary_wraps, reason = "likewise")]
fn part(status: u16) -> Option<LogReport> {
    Some(refusing(Arrival::PartlyRefused, &[(status, 3)]))
}

#[expect(clippy::unnecessary_wraps, reason = "likewise")]
fn served() -> Option<LogReport> {
    Some(log(Arrival::Served))
}

#[expect(clippy::unnecessary_wraps, reason = "likewise")]
fn absent() -> Option<LogReport> {
    Some(log(Arrival::Absent))
}

#[test]
fn what_the_log_shows_to_be_refused_names_the_layer_that_answered() {
    let nginx = |denied| Some(rules("nginx", denied));
    hold(vec![
        (
            "403, nothing else known",
            None,
            None,
            refused(403),
            Blocked,
            Some(WebServer),
            "or by the application behind it",
        ),
        ("403, passes from here", Some(open()), None, refused(403), Blocked, Some(WebServer), "a rule about addresses"),
        (
            "403, agent refused from here",
            Some(refused_by_agent(403)),
            None,
            refused(403),
            Blocked,
            Some(WebServer),
            "a rule about user agents",
        ),
        ("403, nginx's line decides", Some(open()), nginx(2), refused(403), Blocked, Some(WebServer), "the line below"),
        (
            "403, nginx lets in",
            Some(open()),
            nginx(0),
            refused(403),
            Blocked,
            Some(Application),
            "the application or a WAF",
        ),
        (
            "403, only the network's rules are known",
            None,
            Some(rules("iptables", 0)),
            refused(403),
            Blocked,
            Some(WebServer),
            "refused with 403",
        ),
        (
            "403, gnuboard's list decides",
            None,
            Some(rules("gnuboard", 2)),
            refused(403),
            Blocked,
            Some(Application),
            "the line below",
        ),
        ("444", None, None, refused(444), Blocked, Some(WebServer), "without an answer (444)"),
        ("444, nginx's rules let in by address", None, nginx(0), refused(444), Blocked, Some(WebServer), "(444)"),
        ("444, nginx's line decides", None, nginx(2), refused(444), Blocked, Some(WebServer), "refused with 444"),
        ("499", None, nginx(0), refused(499), Blocked, Some(Application), "gave up waiting"),
        ("500", None, nginx(2), refused(500), Blocked, Some(Application), "the server failed (500)"),
        ("503 in part", None, None, part(503), Partly, Some(Application), "the server failed (503)"),
        ("429 in part", None, None, part(429), Partly, Some(WebServer), "refused with 429"),
    ]);
}

#[test]
fn the_status_that_refused_most_counts() {
    let log = refusing(Arrival::Refused, &[(404, 90), (403, 2), (444, 7), (403, 4)]);
    hold(vec![("444 seven times, 403 six times", None, None, Some(log), Blocked, Some(WebServer), "(444)")]);
}

#[test]
fn the_last_answer_for_the_page_weighs_more_than_earlier_ones() {
    let mut this_page = refusing(Arrival::PartlyRefused, &[(403, 1)]);
    this_page.pages = vec![page("/other", 200), page("/p/1", 403)];
    let mut every_page = this_page.clone();
    every_page.pages = vec![page("/a", 403), page("/b", 403)];
    let mut cut = every_page.clone();
    cut.cut = vec!["paths"];
    let mut other_page = this_page.clone();
    other_page.pages = vec![page("/other", 403), page("/p/1", 200)];
    hold(vec![
        ("this page is refused", None, None, Some(this_page), Blocked, Some(WebServer), "403"),
        ("every page is refused at last", None, None, Some(every_page), Blocked, Some(WebServer), "403"),
        ("not every page is known", None, None, Some(cut), Partly, Some(WebServer), "403"),
        ("another page is refused", None, None, Some(other_page), Partly, Some(WebServer), "403"),
    ]);
}

#[test]
fn a_wall_that_was_put_up_or_taken_away_lately_is_seen() {
    let lately = |lately| Some(LogReport { lately: Some(lately), ..refusing(Arrival::PartlyRefused, &[(403, 3)]) });
    hold(vec![
        ("refused lately", None, None, lately(Arrival::Refused), Blocked, Some(WebServer), "403"),
        ("served lately", None, None, lately(Arrival::Served), Reachable, None, "gets in"),
        ("both lately", None, None, lately(Arrival::PartlyRefused), Partly, Some(WebServer), "403"),
    ]);
}

#[test]
fn a_page_that_is_not_there_is_not_blocked() {
    let gone = || refusing(Arrival::PartlyRefused, &[(404, 3)]);
    let all = refusing(Arrival::Refused, &[(404, 10)]);
    let mut this_page = gone();
    this_page.pages = vec![page("/p/1", 404)];
    hold(vec![
        ("some pages are gone", None, None, Some(gone()), Reachable, None, "gets in"),
        ("all are", None, None, Some(all), Partly, Some(Application), "not there"),
        ("this one is", None, None, Some(this_page), Partly, Some(Application), "not there"),
    ]);
}

#[test]
fn a_request_that_was_served_outweighs_rules_and_probe() {
    let images = Some(with_finding(log(Arrival::Served), "images-refused", "let it have the images"));
    let mut no_image = open();
    no_image.visits.retain(|visit| visit.of == "page");
    no_image.visits.push(visit("image", "kakao", "status-403", Some(403)));
    hold(vec![
        ("served", None, None, served(), Reachable, None, "in the access log"),
        ("served, agent refused from here", Some(refused_by_agent(403)), None, served(), Reachable, None, "gets in"),
        (
            "served, nobody connects from here",
            Some(closed("connect-timeout")),
            None,
            served(),
            Reachable,
            None,
            "gets in",
        ),
        ("served, all denied by the dump", None, Some(rules("iptables", 2)), served(), Reachable, None, "gets in"),
        (
            "served, part denied by the dump",
            None,
            Some(rules("iptables", 1)),
            served(),
            Partly,
            Some(Network),
            "part of Kakao's ranges",
        ),
        ("served, images refused", None, None, images, Partly, Some(WebServer), "refused its images"),
        (
            "served, image fails from here",
            Some(no_image),
            None,
            served(),
            Partly,
            Some(WebServer),
            "does not get its image",
        ),
    ]);
}

#[test]
fn without_a_log_the_first_stop_on_the_way_decides() {
    let gnuboard = Some(rules("gnuboard", 2));
    let mut notice = refused_by_agent(200);
    notice.visits[0].notice = Some("접근이 가능하지 않습니다.".to_owned());
    hold(vec![
        (
            "no names",
            Some(closed("dns-failed")),
            Some(rules("iptables", 2)),
            None,
            Blocked,
            Some(Dns),
            "does not resolve",
        ),
        ("the network's rules", Some(open()), Some(rules("iptables", 2)), None, Blocked, Some(Network), "every range"),
        (
            "the network's rules, absent from the log",
            Some(open()),
            Some(rules("aws-security-group", 2)),
            absent(),
            Blocked,
            Some(Network),
            "every range",
        ),
        ("no connection", Some(closed("connect-timeout")), None, None, Blocked, Some(Network), "connect-timeout"),
        (
            "no connection before nginx's rules",
            Some(closed("connect-refused")),
            Some(rules("nginx", 2)),
            None,
            Blocked,
            Some(Network),
            "connect-refused",
        ),
        ("no TLS", Some(closed("tls-expired")), None, None, Blocked, Some(Tls), "tls-expired"),
        ("nginx's rules", Some(open()), Some(rules("nginx", 2)), None, Blocked, Some(WebServer), "every range"),
        ("haproxy's rules", None, Some(rules("haproxy", 2)), None, Blocked, Some(WebServer), "every range"),
        ("the user agent", Some(refused_by_agent(403)), None, None, Blocked, Some(WebServer), "user agent is refused"),
        (
            "the user agent, nginx lets it in",
            Some(refused_by_agent(403)),
            Some(rules("nginx", 0)),
            None,
            Blocked,
            Some(Application),
            "user agent is refused",
        ),
        ("a page that says no", Some(notice), None, None, Blocked, Some(Application), "user agent is refused"),
        ("403 for everybody", Some(answered(403)), None, None, Blocked, Some(WebServer), "Nobody gets the page"),
        ("500 for everybody", Some(answered(500)), None, None, Blocked, Some(Application), "Nobody gets the page"),
        ("gnuboard's list", Some(open()), gnuboard, None, Blocked, Some(Application), "every range"),
    ]);
}

#[test]
fn what_may_be_a_rule_about_addresses_is_no_proof_where_the_rules_let_kakao_in() {
    let open_rules = || Some(rules("iptables", 0));
    hold(vec![
        (
            "times out",
            Some(closed("connect-timeout")),
            open_rules(),
            None,
            CannotTell,
            None,
            "nobody gets in from here",
        ),
        ("403 for everybody", Some(answered(403)), open_rules(), None, CannotTell, None, "nobody gets in from here"),
        (
            "nobody listens",
            Some(closed("connect-refused")),
            open_rules(),
            None,
            Blocked,
            Some(Network),
            "connect-refused",
        ),
        ("500 for everybody", Some(answered(500)), open_rules(), None, Blocked, Some(Application), "Nobody"),
        ("the user agent", Some(refused_by_agent(403)), open_rules(), None, Blocked, Some(WebServer), "user agent"),
    ]);
}

#[test]
fn an_old_log_speaks_where_nothing_newer_does() {
    hold(vec![
        (
            "served then, stopped now",
            Some(closed("dns-failed")),
            None,
            Some(old(log(Arrival::Served))),
            Blocked,
            Some(Dns),
            "does not resolve",
        ),
        (
            "served then, refused by agent now",
            Some(refused_by_agent(403)),
            None,
            Some(old(log(Arrival::Served))),
            Blocked,
            Some(WebServer),
            "user agent",
        ),
        (
            "served then, open now",
            Some(open()),
            None,
            Some(old(log(Arrival::Served))),
            Reachable,
            None,
            "when the log was written",
        ),
        (
            "served then, nothing else",
            None,
            None,
            Some(old(log(Arrival::Served))),
            Reachable,
            None,
            "when the log was written",
        ),
        (
            "refused then, open now",
            Some(open()),
            None,
            Some(old(refusing(Arrival::Refused, &[(403, 9)]))),
            Blocked,
            Some(WebServer),
            "addresses",
        ),
        (
            "served then, part refused by rules now",
            None,
            Some(rules("nftables", 1)),
            Some(old(log(Arrival::Served))),
            Partly,
            Some(Network),
            "part",
        ),
    ]);
}

#[test]
fn in_part_is_neither_open_nor_blocked() {
    let mut one_dead = open();
    (one_dead.verdict, one_dead.connections) =
        (Passage::Partly, vec![connection("203.0.113.7:443", "ok"), connection("203.0.113.8:443", "connect-timeout")]);
    let mut one_tls = open();
    one_tls.connections = vec![connection("203.0.113.7:443", "ok"), connection("203.0.113.8:443", "tls-name-mismatch")];
    let mut at_times = open();
    at_times.verdict = Passage::Partly;
    at_times.visits[0].outcome = "status-503".to_owned();
    at_times.visits[0].status = Some(503);
    at_times.visits[0].runs[1].outcome = "status-503".to_owned();
    let mut no_image = open();
    no_image.visits[4] = visit("image", "kakao", "image-status-404", Some(404));
    hold(vec![
        (
            "part of the ranges",
            Some(open()),
            Some(rules("iptables", 1)),
            None,
            Partly,
            Some(Network),
            "part of Kakao's ranges",
        ),
        (
            "part of the ranges at the web server",
            None,
            Some(rules("apache", 1)),
            absent(),
            Partly,
            Some(WebServer),
            "part",
        ),
        ("an address is dead", Some(one_dead), None, None, Partly, Some(Network), "203.0.113.8:443"),
        ("an address has another certificate", Some(one_tls), None, None, Partly, Some(Tls), "tls-name-mismatch"),
        ("one run of three fails", Some(at_times), None, None, Partly, Some(Application), "fails at times"),
        ("the image is not there", Some(no_image), None, None, Partly, Some(Application), "image"),
    ]);
}

#[test]
fn rules_that_let_in_and_an_answer_from_here_are_enough_unless_the_log_is_empty() {
    let open_rules = || Some(rules("iptables", 0));
    hold(vec![
        ("rules and probe", Some(open()), open_rules(), None, Reachable, None, "let every range"),
        (
            "and a log too short to count",
            Some(open()),
            open_rules(),
            Some(short(log(Arrival::Absent))),
            Reachable,
            None,
            "let every range",
        ),
        (
            "and a log of a proxy's addresses",
            Some(open()),
            open_rules(),
            Some(log(Arrival::CannotTell)),
            Reachable,
            None,
            "let every range",
        ),
        (
            "and an empty log of two days",
            Some(open()),
            open_rules(),
            absent(),
            CannotTell,
            None,
            "nobody shared the page",
        ),
        ("rules alone", None, open_rules(), None, CannotTell, None, "was not proved"),
        ("the probe alone", Some(open()), None, None, CannotTell, None, "addresses get in is not known"),
        ("rules that do not tell", Some(open()), Some(undetermined()), None, CannotTell, None, "do not tell"),
        ("an empty log alone", None, None, absent(), CannotTell, None, "nobody shared the page"),
        ("nothing at all", None, None, None, CannotTell, None, "not enough evidence"),
    ]);
}

#[test]
fn a_probe_that_our_own_settings_stopped_proves_nothing() {
    let mut probe = closed("dns-failed");
    probe.verdict = Passage::NotChecked;
    let report = seen(Some(probe), None, None);
    assert_eq!((report.verdict, report.blocked_by), (CannotTell, None));
    assert_eq!(report.evidence[1].says, Says::Silent);
}

#[test]
fn the_deciding_line_is_named_with_its_layer_and_its_fix() {
    let report = seen(None, Some(rules("iptables", 2)), None);

    let blocker = report.blocked_by.unwrap();
    assert_eq!(
        (blocker.name.as_deref(), blocker.place.as_deref(), blocker.line.as_deref()),
        (Some("host"), Some("rules.v4:5"), Some("-A INPUT -j DROP"))
    );
    let command = "scraplens acl fix rules.v4 --format iptables --ranges ips.json --url https://shop.example.kr/p/1";
    assert!(report.advice[0].en.ends_with(command) && report.advice[0].ko.ends_with(command), "{:?}", report.advice);
    assert!(
        report.advice[0].en.starts_with("Network team: let 27.0.236.0/22, 211.231.99.0/24 in"),
        "{:?}",
        report.advice
    );
}

#[test]
fn a_layer_that_no_change_can_be_written_for_is_to_be_changed_by_hand() {
    let report = seen(None, Some(rules("another", 2)), None);
    assert!(!report.advice[0].en.contains("scraplens acl fix"), "{:?}", report.advice);
    assert!(report.advice[0].en.contains("27.0.236.0/22"), "{:?}", report.advice);
}

#[test]
fn evidence_stands_in_the_order_of_a_packets_way_and_what_is_missing_says_how_to_get_it() {
    let report = seen(None, None, None);
    let kinds: Vec<&str> = report.evidence.iter().map(|row| row.kind).collect();
    assert_eq!(kinds, ["list", "dns", "connect", "tls", "acl", "http", "image", "logs"]);
    for row in report.evidence.iter().filter(|row| row.kind != "list") {
        assert_eq!(row.says, Says::Missing, "{}", row.kind);
        assert!(
            row.command.as_deref().unwrap().ends_with(URL) || row.command.as_deref().unwrap().contains(URL),
            "{row:?}"
        );
    }
}

#[test]
fn conflicts_are_told() {
    let both = |probe, acl, logs| -> Vec<String> {
        seen(probe, acl, logs).conflicts.into_iter().map(|text| text.en).collect()
    };
    for (what, found, said) in [
        ("network denied, but it came", both(None, Some(rules("iptables", 2)), refused(403)), "not the ones that run"),
        ("nginx denied, but it was served", both(None, Some(rules("nginx", 2)), served()), "newer than the log"),
        ("nginx allows, but it was refused", both(None, Some(rules("nginx", 0)), refused(403)), "a WAF, a module"),
        (
            "the agent is refused here, but it was served",
            both(Some(refused_by_agent(403)), None, served()),
            "forge the name",
        ),
        ("closed here, but it was served", both(Some(closed("connect-timeout")), None, served()), "Only this place"),
        ("open here, but it was refused", both(Some(open()), None, refused(403)), "goes by address"),
        (
            "closed here, but the rules allow",
            both(Some(closed("connect-timeout")), Some(rules("iptables", 0)), None),
            "Only listed addresses",
        ),
    ] {
        assert_eq!(found.len(), 1, "{what}: {found:?}");
        assert!(found[0].contains(said), "{what}: {found:?}");
    }
    for (what, found) in [
        ("all agree", both(Some(open()), Some(rules("iptables", 0)), served())),
        ("slow is nobody's rule", both(Some(open()), Some(rules("nginx", 0)), refused(499))),
        ("denied and absent", both(Some(open()), Some(rules("iptables", 2)), absent())),
    ] {
        assert_eq!(found, Vec::<String>::new(), "{what}");
    }
}

#[test]
fn a_list_that_is_not_kakaos_own_or_is_old_is_said() {
    for (origin, days, says, limit) in [
        (List::Api, 3, Says::Passes, None),
        (List::Api, 8, Says::Partly, Some("8 days old")),
        (List::File, 3, Says::Partly, Some("list you gave (ips.json)")),
        (List::Announced, 300, Says::Partly, Some("announces by BGP")),
    ] {
        let mut used = list(origin);
        used.age_days = Some(days);
        let report = judged(Parts { list: used, ..parts() });
        assert_eq!(report.evidence[0].says, says, "{origin:?}");
        let told = report.limits.iter().any(|text| limit.is_some_and(|limit| text.en.contains(limit)));
        assert_eq!(told, limit.is_some(), "{origin:?}: {:?}", report.limits);
        let advised = report.advice.iter().any(|text| text.en.contains("scraplens ips refresh"));
        assert_eq!(advised, limit.is_some(), "{origin:?}");
    }
}

#[test]
fn changes_to_come_are_advised_with_their_day() {
    let change = |date: &str| ListChange {
        date: Some(date.to_owned()),
        additions: vec!["1.201.0.0/21".to_owned()],
        exclusions: vec!["27.0.236.0/22".to_owned()],
    };
    let report = judged(Parts { changes: vec![change("2026-11-22"), change("2026-12-01")], ..parts() });
    let told: Vec<&str> =
        report.advice.iter().map(|text| text.en.as_str()).filter(|text| text.contains("From ")).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("2026-12-01") && told[0].contains("1.201.0.0/21"), "{told:?}");
    assert!(told[1].contains("no longer comes from 27.0.236.0/22"), "{told:?}");
}

#[test]
fn what_probe_and_log_advise_themselves_is_repeated_where_they_decide() {
    let advised = |report: &ReachReport, what: &str| report.advice.iter().any(|text| text.en == what);
    let mut probe = open();
    probe.findings.push(finding("ua-blocked"));
    let log =
        Some(with_finding(refusing(Arrival::Refused, &[(403, 9)]), "kakao-refused-by-server", "the log's advice"));

    let by_log = seen(Some(probe), None, log);
    let by_probe = seen(Some(closed("tls-expired")), None, None);

    assert!(advised(&by_log, "the log's advice") && !advised(&by_log, "the probe's advice"), "{:?}", by_log.advice);
    assert!(advised(&by_probe, "the probe's advice"), "{:?}", by_probe.advice);
}

#[test]
fn every_sentence_is_there_in_both_languages_with_its_names_filled() {
    let probes = [
        None,
        Some(open()),
        Some(closed("dns-failed")),
        Some(closed("connect-timeout")),
        Some(closed("tls-expired")),
        Some(answered(403)),
        Some(answered(404)),
        Some(refused_by_agent(403)),
    ];
    let acls = [
        None,
        Some(rules("iptables", 0)),
        Some(rules("iptables", 1)),
        Some(rules("nginx", 2)),
        Some(rules("gnuboard", 2)),
        Some(rules("csv", 1)),
        Some(undetermined()),
    ];
    let logs = [
        None,
        served(),
        absent(),
        Some(short(log(Arrival::Absent))),
        Some(log(Arrival::CannotTell)),
        Some(old(log(Arrival::Served))),
        refused(403),
        refused(444),
        refused(499),
        refused(500),
        part(403),
        Some(refusing(Arrival::Refused, &[(404, 1)])),
    ];
    for probe in &probes {
        for acl in &acls {
            for logs in &logs {
                let report = seen(probe.clone(), acl.clone(), logs.clone());
                let mut said = vec![report.headline.clone()];
                said.extend(report.blocked_by.iter().map(|blocker| blocker.reason.clone()));
                said.extend(report.evidence.iter().map(|row| row.message.clone()));
                said.extend(report.conflicts.iter().chain(&report.advice).chain(&report.limits).cloned());
                for text in said {
                    // A code without a sentence is shown as it is: the same in both languages.
                    assert_ne!(text.ko, text.en, "no sentence for `{}`", text.en);
                    assert!(!text.en.contains("()") && !text.en.contains(": .") && !text.ko.contains("()"), "{text:?}");
                }
                assert_eq!(report.evidence.len(), 8);
                assert!(!report.limits.is_empty());
            }
        }
    }
}
