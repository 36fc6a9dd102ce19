//! Reports for the tests of this folder, made by hand.

use jiff::Timestamp;

use crate::{
    accesslog::{
        Origin,
        report::{
            Arrival, FileReport, ImageTraffic, LogFinding, LogReport, OriginReport, PageTraffic, RangeTraffic, Refused,
            SlowRequest, Source, Span, Statuses, Timeline,
        },
    },
    acl::{list::Origin as ListOrigin, report::ListUsed},
    finding::{Confidence, Severity, Text},
};

pub(super) fn text(ko: &str, en: &str) -> Text {
    Text { ko: ko.to_owned(), en: en.to_owned() }
}

pub(super) fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn span() -> Span {
    Span { first: time("2026-11-20T00:00:00Z"), last: time("2026-11-22T18:30:00Z") }
}

pub(super) fn range(cidr: &str, origin: Origin, requests: u64) -> RangeTraffic {
    let seen = requests > 0;
    RangeTraffic {
        cidr: cidr.to_owned(),
        service: if origin == Origin::Genuine { "scrap" } else { "AS38099" }.to_owned(),
        holder: "Kakao Corp".to_owned(),
        origin,
        requests,
        addresses: requests.min(4),
        pages: requests / 2,
        images: requests - requests / 2,
        statuses: Statuses { ok: requests - requests / 4, refused: requests / 4, ..Statuses::default() },
        span: seen.then(span),
        slow: u64::from(requests > 1_000),
        timeline: if seen { vec![0, requests / 4, requests] } else { Vec::new() },
    }
}

fn finding(code: &'static str, severity: Severity, ko: &str, en: &str) -> LogFinding {
    LogFinding {
        code,
        severity,
        message: text(ko, en),
        advice: text("규칙을 고치세요.", "Change the rule."),
        evidence: Some("403 /p/1 27.0.238.7".to_owned()),
        confidence: Confidence::Observed,
    }
}

/// Something of everything.
pub(super) fn refused() -> LogReport {
    let origins = [
        (Origin::Genuine, 1_204, 3),
        (Origin::Plausible, 8, 2),
        (Origin::UnverifiedCloud, 0, 0),
        (Origin::Hidden, 0, 0),
        (Origin::Forged, 9_001, 41),
    ];
    let mut ranges =
        vec![range("27.0.236.0/22", Origin::Genuine, 1_204), range("211.231.96.0/19", Origin::Plausible, 8)];
    ranges.extend((0..30).map(|number| range(&format!("220.64.{number}.0/24"), Origin::Plausible, 0)));
    LogReport {
        verdict: Arrival::PartlyRefused,
        headline: text("카카오가 왔지만 일부를 거부당했습니다.", "Kakao came, and some of it was refused."),
        list: ListUsed {
            origin: ListOrigin::Api,
            name: "ips.json".to_owned(),
            official: true,
            updated: Some("2026-11-01".to_owned()),
            age_days: Some(22),
            note: text("카카오 API의 IP 목록입니다.", "The IP list of Kakao's API."),
        },
        files: vec![FileReport {
            name: "access.log.1.gz".to_owned(),
            format: "combined".to_owned(),
            title: "Combined Log Format".to_owned(),
            packed: Some("gzip"),
            bytes: 51_234,
            requests: 10_213,
            unreadable: 1,
            unreadable_example: Some("oops kakaotalk-scrap".to_owned()),
            client_field: "peer".to_owned(),
            names_agent: true,
            span: Some(span()),
            long_lines: 0,
            damaged: None,
        }],
        span: Some(span()),
        requests: 10_213,
        lately: Some(Arrival::PartlyRefused),
        stopped: false,
        origins: origins
            .map(|(origin, requests, addresses)| OriginReport {
                origin,
                requests,
                addresses,
                meaning: text("뜻입니다.", "What it means."),
            })
            .to_vec(),
        statuses: Statuses { ok: 905, refused: 303, failed: 4, ..Statuses::default() },
        ranges,
        timeline: Some(Timeline { from: time("2026-11-20T00:00:00Z"), step_seconds: 86_400, steps: 3 }),
        sources: vec![Source {
            address: "198.51.100.7".to_owned(),
            origin: Origin::Forged,
            requests: 8_990,
            span: Some(span()),
            statuses: Statuses { ok: 8_990, ..Statuses::default() },
            example: Some("/wp-login.php".to_owned()),
            user_agent: Some("kakaotalk-scrap/1.0".to_owned()),
        }],
        refused: vec![Refused {
            path: "/p/1".to_owned(),
            status: 403,
            requests: 300,
            span: Some(span()),
            address: "27.0.238.7".to_owned(),
            meaning: text("웹 서버가 거부했습니다.", "The web server refused it."),
        }],
        pages: vec![PageTraffic {
            path: "/p/2".to_owned(),
            requests: 600,
            status: Some(200),
            last: Some(time("2026-11-22T18:30:00Z")),
            images: vec![
                ImageTraffic { path: "/img/a.jpg".to_owned(), requests: 3, status: Some(404), got: false },
                ImageTraffic { path: "/img/b.jpg".to_owned(), requests: 9, status: Some(200), got: true },
            ],
        }],
        slow: vec![SlowRequest {
            path: "/slow".to_owned(),
            seconds: 6.5,
            status: Some(200),
            time: Some(time("2026-11-21T03:04:05Z")),
            address: "27.0.238.7".to_owned(),
        }],
        findings: vec![
            finding(
                "kakao-refused-by-server",
                Severity::Error,
                "웹 서버가 카카오를 거부합니다.",
                "The server refuses Kakao.",
            ),
            finding("forged-sources", Severity::Warning, "위조된 요청이 있습니다.", "There are forged requests."),
        ],
        cut: vec!["paths"],
    }
}

/// The same with `evil` wherever a log is repeated.
pub(super) fn hostile(evil: &str) -> LogReport {
    let mut report = refused();
    let own = || evil.to_owned();
    for file in &mut report.files {
        (file.name, file.title, file.client_field) = (own(), own(), own());
        file.damaged = Some(own());
        file.unreadable_example = Some(own());
    }
    for range in &mut report.ranges {
        (range.cidr, range.service, range.holder) = (own(), own(), own());
    }
    for source in &mut report.sources {
        (source.address, source.example, source.user_agent) = (own(), Some(own()), Some(own()));
    }
    for refused in &mut report.refused {
        (refused.path, refused.address) = (own(), own());
    }
    for page in &mut report.pages {
        page.path = own();
        page.images.iter_mut().for_each(|image| image.path = own());
    }
    report.slow.iter_mut().for_each(|slow| (slow.path, slow.address) = (own(), own()));
    report.findings.iter_mut().for_each(|finding| finding.evidence = Some(own()));
    report.list.name = own();
    report
}
