//! Reports for the tests of this folder, made by hand.

use crate::{
    finding::{Confidence, Finding, Severity, Text},
    probe::report::{
        Certificate, Connection, Handshake, Lookup, Names, OutboundHost, OutboundReport, Passage, ProbeReport, Record,
        Run, Spread, Visit,
    },
};

pub(super) fn text(ko: &str, en: &str) -> Text {
    Text { ko: ko.to_owned(), en: en.to_owned() }
}

fn names(host: &str) -> Names {
    let record = |name: &str, kind: &'static str, value: &str, ttl: u32| Record {
        name: name.to_owned(),
        kind,
        value: value.to_owned(),
        ttl,
    };
    Names {
        host: host.to_owned(),
        outcome: "ok".to_owned(),
        evidence: None,
        source: "dns",
        kinds: vec![
            Lookup { kind: "A", outcome: "ok".to_owned() },
            Lookup { kind: "AAAA", outcome: "no-records".to_owned() },
        ],
        records: vec![
            record(host, "CNAME", "edge.cdn.example", 300),
            record("edge.cdn.example", "A", "203.0.113.7", 60),
            record("edge.cdn.example", "A", "203.0.113.8", 60),
        ],
        ms: 12,
    }
}

fn reached(address: &str) -> Connection {
    let certificate = |subject: &str, issuer: &str| Certificate {
        subject: subject.to_owned(),
        issuer: issuer.to_owned(),
        names: vec!["shop.example.kr".to_owned()],
        not_before: "2026-10-05".to_owned(),
        not_after: "2027-01-03".to_owned(),
    };
    Connection {
        address: address.to_owned(),
        outcome: "ok".to_owned(),
        evidence: None,
        connect_ms: Some(9),
        tls: Some(Handshake {
            outcome: "ok".to_owned(),
            version: Some("TLSv1.3".to_owned()),
            versions: vec!["TLSv1.2".to_owned(), "TLSv1.3".to_owned()],
            chain: vec![certificate("CN=shop.example.kr", "CN=R11"), certificate("CN=R11", "CN=ISRG Root X1")],
            missing: None,
            days_left: Some(41),
            ms: Some(21),
        }),
    }
}

fn dead(address: &str) -> Connection {
    Connection {
        address: address.to_owned(),
        outcome: "connect-refused".to_owned(),
        evidence: Some("Connection refused".to_owned()),
        connect_ms: None,
        tls: None,
    }
}

/// An answer with a status, as often as it was asked for.
pub(super) fn visit(of: &'static str, who: &'static str, status: u16) -> Visit {
    let ok = status < 400;
    Visit {
        of,
        who,
        user_agent: "facebookexternalhit/1.1; kakaotalk-scrap/1.0".to_owned(),
        url: "https://shop.example.kr/p/1".to_owned(),
        effective_url: "https://shop.example.kr/p/1".to_owned(),
        outcome: if ok { "ok".to_owned() } else { format!("status-{status}") },
        evidence: None,
        status: Some(status),
        content_type: Some(if of == "page" { "text/html" } else { "image/jpeg" }.to_owned()),
        bytes: Some(if ok { 81_193 } else { 162 }),
        title: (of == "page").then(|| if ok { "가을 니트 기획전" } else { "403 Forbidden" }.to_owned()),
        image: None,
        challenge: None,
        notice: None,
        runs: (0..3)
            .map(|run| Run {
                outcome: if ok { "ok".to_owned() } else { format!("status-{status}") },
                status: Some(status),
                first_byte_ms: Some(20 + run),
                total_ms: 30 + run,
                address: Some("203.0.113.7:443".to_owned()),
            })
            .collect(),
        spread: Some(Spread { min: 30, median: 31, max: 1_032 }),
        differs: if ok { Vec::new() } else { vec!["status", "body"] },
    }
}

pub(super) fn finding(severity: Severity) -> Finding {
    Finding {
        code: "ua-blocked".into(),
        rule: Some("R20"),
        severity,
        message: text("카카오의 User-Agent가 막혀 있습니다.", "Kakao's user agent is blocked."),
        advice: text("규칙을 고치세요.", "Change the rule."),
        evidence: Some("kakao 403, browser 200".to_owned()),
        line: None,
        column: None,
        confidence: Confidence::Observed,
    }
}

/// Kakao gets 403, a browser gets the page; one of two addresses is dead.
pub(super) fn refused() -> ProbeReport {
    let mut moved = visit("page", "facebook", 200);
    moved.effective_url = "https://m.shop.example.kr/p/1".to_owned();
    moved.differs = vec!["redirect"];
    ProbeReport {
        requested_url: "https://shop.example.kr/p/1".to_owned(),
        probed_at: "2026-11-23T01:02:03Z".parse().unwrap(),
        verdict: Passage::RefusedForKakao,
        headline: text("카카오만 막혀 있습니다.", "Kakao alone is refused."),
        limits: vec![text("주소로 막는지는 알 수 없습니다.", "Blocks by address do not show here.")],
        dns: Some(names("shop.example.kr")),
        connections: vec![reached("203.0.113.7:443"), dead("203.0.113.8:443")],
        visits: vec![
            visit("page", "kakao", 403),
            visit("page", "kakao-older", 403),
            moved,
            visit("page", "browser", 200),
            visit("image", "kakao", 200),
            visit("image", "browser", 200),
        ],
        findings: vec![finding(Severity::Error)],
    }
}

/// The same with `evil` wherever a site or a name server is repeated.
pub(super) fn hostile(evil: &str) -> ProbeReport {
    let mut report = refused();
    let own = || evil.to_owned();
    if let Some(names) = &mut report.dns {
        (names.host, names.outcome, names.evidence) = (own(), own(), Some(own()));
        names.kinds.iter_mut().for_each(|lookup| lookup.outcome = own());
        names.records.iter_mut().for_each(|record| (record.name, record.value) = (own(), own()));
    }
    for connection in &mut report.connections {
        (connection.address, connection.outcome, connection.evidence) = (own(), own(), Some(own()));
        if let Some(tls) = &mut connection.tls {
            (tls.outcome, tls.version, tls.missing) = (own(), Some(own()), Some(own()));
            tls.versions = vec![own(); 3];
            for certificate in &mut tls.chain {
                (certificate.subject, certificate.issuer, certificate.not_after) = (own(), own(), own());
                certificate.names = vec![own(); 3];
            }
        }
    }
    for visit in &mut report.visits {
        (visit.url, visit.effective_url, visit.outcome) = (own(), format!("{evil}2"), own());
        (visit.evidence, visit.content_type, visit.title) = (Some(own()), Some(own()), Some(own()));
        (visit.challenge, visit.notice, visit.image) = (Some(own()), Some(own()), Some(own()));
    }
    for finding in &mut report.findings {
        (finding.evidence, finding.message) = (Some(own()), text(evil, evil));
    }
    report.requested_url = own();
    report
}

/// One host that is reached, one that is not.
pub(super) fn outbound() -> OutboundReport {
    let host = |name: &str, connection: Connection, advice| OutboundHost {
        host: format!("{name}:443"),
        outcome: connection.outcome.clone(),
        dns: names(name),
        connections: vec![connection],
        advice,
    };
    OutboundReport {
        probed_at: "2026-11-23T01:02:03Z".parse().unwrap(),
        reachable: false,
        headline: text("2개 가운데 1개에 연결되지 않습니다.", "1 of 2 hosts is not reached."),
        advice: text("호스트 이름으로 허용하세요.", "Allow the hosts by name."),
        hosts: vec![
            host("kapi.kakao.com", reached("203.0.113.7:443"), None),
            host("kauth.kakao.com", dead("203.0.113.8:443"), Some(text("443을 여세요.", "Open port 443."))),
        ],
    }
}
