//! Reports of probe, rules and logs, made by hand: what the verdict weighs.

use jiff::Timestamp;
use scraplens::{
    accesslog::{
        Origin,
        report::{
            Arrival, FileReport, LogFinding, LogReport, OriginReport, PageTraffic, RangeTraffic, Refused, Span,
            Statuses,
        },
    },
    acl::{
        list::Origin as List,
        report::{AclReport, DecidedBy, LayerReport, ListUsed, PartReport, RangeReport, Standing},
    },
    finding::{Confidence, Finding, Severity, Text},
    probe::report::{Connection, Handshake, Names, Passage, ProbeReport, Record, Run, Visit},
    reach::{Bounds, Parts, judge, report::ReachReport, words},
};

pub const URL: &str = "https://shop.example.kr/p/1";
pub const BOUNDS: Bounds = Bounds { recent_hours: 24, short_log_hours: 24, stale_days: 7 };

pub fn now() -> Timestamp {
    "2026-11-23T03:00:00Z".parse().unwrap()
}

pub fn text(said: &str) -> Text {
    Text { ko: format!("{said} (ko)"), en: said.to_owned() }
}

pub fn list(origin: List) -> ListUsed {
    ListUsed {
        origin,
        name: "ips.json".to_owned(),
        official: origin == List::Api,
        updated: Some("2026-11-20".to_owned()),
        age_days: Some(3),
        note: text("the list's note"),
    }
}

/// Nothing but the question and Kakao's own list.
pub fn parts() -> Parts {
    Parts {
        requested_url: URL.to_owned(),
        made_at: now(),
        today: "2026-11-23".to_owned(),
        list: list(List::Api),
        changes: Vec::new(),
        probe: None,
        acl: None,
        logs: None,
    }
}

pub fn judged(parts: Parts) -> ReachReport {
    judge(parts, BOUNDS, &words().unwrap())
}

// --- the probe ---

pub fn visit(of: &'static str, who: &'static str, outcome: &str, status: Option<u16>) -> Visit {
    let run = |_| Run {
        outcome: outcome.to_owned(),
        status,
        first_byte_ms: Some(10),
        total_ms: 20,
        address: Some("203.0.113.7:443".to_owned()),
    };
    Visit {
        of,
        who,
        user_agent: "facebookexternalhit/1.1; kakaotalk-scrap/1.0".to_owned(),
        url: URL.to_owned(),
        effective_url: URL.to_owned(),
        outcome: outcome.to_owned(),
        evidence: None,
        status,
        content_type: Some("text/html".to_owned()),
        bytes: Some(100),
        title: None,
        image: None,
        challenge: None,
        notice: None,
        runs: (0..3).map(run).collect(),
        spread: None,
        differs: Vec::new(),
    }
}

/// One address that takes connections and has a good certificate; every asker gets page and image.
pub fn open() -> ProbeReport {
    let askers = ["kakao", "kakao-older", "facebook", "browser"];
    let page = askers.map(|who| visit("page", who, "ok", Some(200)));
    let image = ["kakao", "browser"].map(|who| visit("image", who, "ok", Some(200)));
    ProbeReport {
        requested_url: URL.to_owned(),
        probed_at: now(),
        verdict: Passage::Open,
        headline: text("open"),
        limits: Vec::new(),
        dns: Some(Names {
            host: "shop.example.kr".to_owned(),
            outcome: "ok".to_owned(),
            evidence: None,
            source: "dns",
            kinds: Vec::new(),
            records: vec![Record {
                name: "shop.example.kr".to_owned(),
                kind: "A",
                value: "203.0.113.7".to_owned(),
                ttl: 60,
            }],
            ms: 3,
        }),
        connections: vec![connection("203.0.113.7:443", "ok")],
        visits: page.into_iter().chain(image).collect(),
        findings: Vec::new(),
    }
}

pub fn connection(address: &str, outcome: &str) -> Connection {
    let connected = !outcome.starts_with("connect-");
    Connection {
        address: address.to_owned(),
        outcome: outcome.to_owned(),
        evidence: None,
        connect_ms: connected.then_some(4),
        tls: connected.then(|| Handshake {
            outcome: outcome.to_owned(),
            version: Some("TLSv1.3".to_owned()),
            versions: Vec::new(),
            chain: Vec::new(),
            missing: None,
            days_left: Some(50),
            ms: Some(9),
        }),
    }
}

/// Nobody gets further than to this failure of names, connections or TLS.
pub fn closed(outcome: &str) -> ProbeReport {
    let mut probe = open();
    (probe.verdict, probe.visits) = (Passage::Closed, Vec::new());
    if outcome.starts_with("dns") {
        probe.connections.clear();
        outcome.clone_into(&mut probe.dns.as_mut().unwrap().outcome);
    } else {
        probe.connections = vec![connection("203.0.113.7:443", outcome)];
    }
    probe.findings.push(finding(outcome));
    probe
}

/// Every asker is answered so.
pub fn answered(status: u16) -> ProbeReport {
    let mut probe = open();
    probe.verdict = Passage::Closed;
    let outcome = format!("status-{status}");
    probe.visits = ["kakao", "browser"].map(|who| visit("page", who, &outcome, Some(status))).to_vec();
    probe.findings.push(finding("status"));
    probe
}

/// Kakao's user agent is answered so, a browser gets the page.
pub fn refused_by_agent(status: u16) -> ProbeReport {
    let mut probe = open();
    probe.verdict = Passage::RefusedForKakao;
    let outcome = format!("status-{status}");
    probe.visits = vec![visit("page", "kakao", &outcome, Some(status)), visit("page", "browser", "ok", Some(200))];
    probe.findings.push(finding("ua-blocked"));
    probe
}

pub fn finding(code: &str) -> Finding {
    Finding {
        code: code.to_owned().into(),
        rule: None,
        severity: Severity::Error,
        message: text("the probe's finding"),
        advice: text("the probe's advice"),
        evidence: None,
        line: None,
        column: None,
        confidence: Confidence::Observed,
    }
}

// --- the rules ---

/// `name` of this dialect refuses `denied` of these two ranges, line by line.
pub fn rules(format: &'static str, denied: usize) -> AclReport {
    let networks = ["27.0.236.0/22", "211.231.99.0/24"];
    let ranges: Vec<RangeReport> = (0..)
        .zip(networks)
        .map(|(place, cidr)| {
            let verdict = if place < denied { Standing::Denied } else { Standing::Allowed };
            let part = PartReport {
                cidr: cidr.to_owned(),
                verdict,
                how: (verdict == Standing::Denied).then(|| "drop".to_owned()),
                packet: "syn",
                decided_by: Some(DecidedBy {
                    layer: "host".to_owned(),
                    file: Some("rules.v4".to_owned()),
                    line: Some(if verdict == Standing::Denied { 5 } else { 9 }),
                    text: Some(
                        if verdict == Standing::Denied { "-A INPUT -j DROP" } else { "-A INPUT -j ACCEPT" }.to_owned(),
                    ),
                    chain: "filter INPUT".to_owned(),
                    why: "first".to_owned(),
                    reason: text("first"),
                }),
                doubts: Vec::new(),
            };
            RangeReport {
                cidr: cidr.to_owned(),
                service: "scrap".to_owned(),
                port: 443,
                verdict,
                change: None,
                parts: vec![part],
            }
        })
        .collect();
    AclReport {
        verdict: Standing::of_all(ranges.iter().map(|range| range.verdict)),
        headline: text("the rules' headline"),
        list: list(List::Api),
        layers: vec![LayerReport {
            name: "host".to_owned(),
            format,
            title: format,
            sees: "direct",
            files: vec!["rules.v4".to_owned()],
            rules: 9,
        }],
        ranges,
        shadowed: Vec::new(),
        assumptions: Vec::new(),
        changes: Vec::new(),
    }
}

pub fn undetermined() -> AclReport {
    let mut report = rules("iptables", 0);
    report.verdict = Standing::Undetermined;
    report.ranges.iter_mut().for_each(|range| range.verdict = Standing::Undetermined);
    report
}

// --- the logs ---

/// Two days of log that end one hour ago.
pub fn log(verdict: Arrival) -> LogReport {
    let came = !matches!(verdict, Arrival::Absent | Arrival::CannotTell);
    let ok = if matches!(verdict, Arrival::Served | Arrival::PartlyRefused) { 7 } else { 0 };
    LogReport {
        verdict,
        headline: text("the log's headline"),
        list: list(List::Api),
        files: vec![FileReport {
            name: "access.log".to_owned(),
            format: "combined".to_owned(),
            title: "combined".to_owned(),
            packed: None,
            bytes: 1000,
            requests: 10,
            unreadable: 0,
            unreadable_example: None,
            client_field: "peer".to_owned(),
            names_agent: true,
            span: None,
            long_lines: 0,
            damaged: None,
        }],
        span: Some(Span {
            first: "2026-11-21T02:00:00Z".parse().unwrap(),
            last: "2026-11-23T02:00:00Z".parse().unwrap(),
        }),
        requests: 10,
        lately: None,
        stopped: false,
        origins: vec![OriginReport {
            origin: Origin::Genuine,
            requests: if came { 10 } else { 0 },
            addresses: 3,
            meaning: text("genuine"),
        }],
        statuses: Statuses { ok, ..Statuses::default() },
        ranges: vec![RangeTraffic {
            cidr: "27.0.236.0/22".to_owned(),
            service: "scrap".to_owned(),
            holder: "Kakao".to_owned(),
            origin: Origin::Genuine,
            requests: if came { 10 } else { 0 },
            addresses: 3,
            pages: 7,
            images: 3,
            statuses: Statuses::default(),
            span: None,
            slow: 0,
            timeline: Vec::new(),
        }],
        timeline: None,
        sources: Vec::new(),
        refused: Vec::new(),
        pages: Vec::new(),
        slow: Vec::new(),
        findings: Vec::new(),
        cut: Vec::new(),
    }
}

/// Of Kakao's requests, these were answered with these statuses: all of them, or some.
pub fn refusing(verdict: Arrival, statuses: &[(u16, u64)]) -> LogReport {
    let refused = |(status, requests): &(u16, u64)| Refused {
        path: "/p/1".to_owned(),
        status: *status,
        requests: *requests,
        span: None,
        address: "27.0.238.7".to_owned(),
        meaning: text("refused"),
    };
    LogReport { refused: statuses.iter().map(refused).collect(), ..log(verdict) }
}

pub fn page(path: &str, status: u16) -> PageTraffic {
    PageTraffic { path: path.to_owned(), requests: 1, status: Some(status), last: None, images: Vec::new() }
}

/// The same log, which ended ten days ago.
pub fn old(mut log: LogReport) -> LogReport {
    log.span =
        Some(Span { first: "2026-11-10T02:00:00Z".parse().unwrap(), last: "2026-11-13T02:00:00Z".parse().unwrap() });
    log
}

pub fn short(mut log: LogReport) -> LogReport {
    log.span =
        Some(Span { first: "2026-11-23T01:00:00Z".parse().unwrap(), last: "2026-11-23T02:00:00Z".parse().unwrap() });
    log
}

pub fn with_finding(mut log: LogReport, code: &'static str, advice: &str) -> LogReport {
    log.findings.push(LogFinding {
        code,
        severity: Severity::Error,
        message: text("the log's finding"),
        advice: text(advice),
        evidence: None,
        confidence: Confidence::Observed,
    });
    log
}
