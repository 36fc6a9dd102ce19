//! Reports for the tests of this folder, made by hand.

use crate::{
    acl::{
        fix::{Changed, FixOutcome, FixReport, FixedFile, Proof},
        list::{Change, ChangeKind, Origin},
        report::{
            AclReport, AssumptionReport, ChangeReport, DecidedBy, DoubtReport, LayerReport, ListUsed, PartReport,
            RangeReport, Shadowed, Standing,
        },
    },
    finding::Text,
};

pub(super) fn text(ko: &str, en: &str) -> Text {
    Text { ko: ko.to_owned(), en: en.to_owned() }
}

/// A part that a line of `rules.v4` decides.
pub(super) fn part(cidr: &str, verdict: Standing, line: u32) -> PartReport {
    let (how, target) = if verdict == Standing::Denied { (Some("drop".to_owned()), "DROP") } else { (None, "ACCEPT") };
    PartReport {
        cidr: cidr.to_owned(),
        verdict,
        how,
        packet: "syn",
        decided_by: Some(DecidedBy {
            layer: "host".to_owned(),
            file: Some("rules.v4".to_owned()),
            line: Some(line),
            text: Some(format!("-A WEB -s 27.0.238.0/24 -j {target}")),
            chain: "filter WEB".to_owned(),
            why: "The first rule of filter WEB that matches.".to_owned(),
            reason: text("filter WEB에서 처음 일치하는 규칙입니다.", "The first rule of filter WEB that matches."),
        }),
        doubts: Vec::new(),
    }
}

pub(super) fn range(cidr: &str, port: u16, parts: Vec<PartReport>) -> RangeReport {
    let verdict = Standing::of_all(parts.iter().map(|part| part.verdict));
    RangeReport { cidr: cidr.to_owned(), service: "scrap".to_owned(), port, verdict, change: None, parts }
}

pub(super) fn list(origin: Origin) -> ListUsed {
    ListUsed {
        origin,
        name: "ips.json".to_owned(),
        official: origin == Origin::Api,
        updated: Some("2026-11-01".to_owned()),
        age_days: Some(22),
        note: text("카카오 API의 IP 목록입니다(2026-11-01 기준).", "The IP list of Kakao's API, as of 2026-11-01."),
    }
}

/// Something of everything: a part that is refused, one that nobody can tell, many that get in.
pub(super) fn partial() -> AclReport {
    let mut unknown = part("211.231.99.0/24", Standing::Undetermined, 14);
    unknown.doubts.push(DoubtReport {
        code: "geoip",
        layer: "host".to_owned(),
        file: Some("rules.v4".to_owned()),
        line: Some(14),
        text: Some("-A WEB -m geoip --src-cc KR -j ACCEPT".to_owned()),
        message: text("국가 정보는 파일에 없습니다.", "Countries are not in the files."),
    });
    let mut coming = range("1.201.0.0/21", 443, vec![part("1.201.0.0/21", Standing::Denied, 30)]);
    coming.change = Some(Change { kind: ChangeKind::Addition, date: Some("2026-12-01".to_owned()) });
    let mut ranges: Vec<RangeReport> = [80, 443]
        .into_iter()
        .flat_map(|port| {
            (0..30).map(move |number| {
                let cidr = format!("220.64.{number}.0/24");
                range(&cidr, port, vec![part(&cidr, Standing::Allowed, 13)])
            })
        })
        .collect();
    for port in [80, 443] {
        ranges.push(range(
            "27.0.236.0/22",
            port,
            vec![
                part("27.0.236.0/23", Standing::Allowed, 13),
                part("27.0.238.0/24", Standing::Denied, 12),
                part("27.0.239.0/24", Standing::Allowed, 13),
            ],
        ));
    }
    ranges.push(range("211.231.99.0/24", 443, vec![unknown]));
    ranges.push(coming);
    AclReport {
        verdict: Standing::Partial,
        headline: text("일부 대역이 차단됩니다.", "Part of the ranges is refused."),
        list: list(Origin::Api),
        layers: vec![
            LayerReport {
                name: "host".to_owned(),
                format: "iptables",
                title: "iptables-save",
                sees: "direct",
                files: vec!["rules.v4".to_owned(), "rules.v6".to_owned()],
                rules: 41,
            },
            LayerReport {
                name: "웹 서버".to_owned(),
                format: "nginx",
                title: "nginx",
                sees: "header",
                files: vec!["nginx.conf".to_owned()],
                rules: 3,
            },
        ],
        ranges,
        shadowed: vec![Shadowed {
            layer: "host".to_owned(),
            file: "rules.v4".to_owned(),
            line: 20,
            text: "-A WEB -s 27.0.238.7 -j ACCEPT".to_owned(),
            by: Some(12),
            by_file: Some("rules.v4".to_owned()),
            by_text: Some("-A WEB -s 27.0.238.0/24 -j DROP".to_owned()),
            differs: true,
            message: text("12번 줄이 먼저 차단합니다.", "Line 12 decides before it."),
        }],
        assumptions: [3, 4, 5]
            .map(|line| AssumptionReport {
                code: "interface-assumed",
                layer: "host".to_owned(),
                file: Some("rules.v4".to_owned()),
                line: Some(line),
                text: Some("-A INPUT -i eth0 -j WEB".to_owned()),
                message: text("eth0으로 들어온다고 보았습니다.", "Packets are taken to come in by eth0."),
            })
            .to_vec(),
        changes: vec![ChangeReport {
            date: Some("2026-12-01".to_owned()),
            additions: vec!["1.201.0.0/21".to_owned()],
            exclusions: Vec::new(),
            before: Standing::Partial,
            after: Standing::Partial,
            message: text(
                "2026-12-01의 목록 변경 뒤에도 그대로입니다.",
                "Stays the same after the change of 2026-12-01.",
            ),
        }],
    }
}

/// The same with `text` wherever a dump or a list is repeated.
pub(super) fn hostile(evil: &str) -> AclReport {
    let mut report = partial();
    for range in &mut report.ranges {
        range.service = evil.to_owned();
        for part in &mut range.parts {
            if let Some(decided) = &mut part.decided_by {
                decided.layer = evil.to_owned();
                decided.file = Some(evil.to_owned());
                decided.text = Some(evil.to_owned());
                decided.reason = text(evil, evil);
            }
            for doubt in &mut part.doubts {
                doubt.file = Some(evil.to_owned());
                doubt.text = Some(evil.to_owned());
                doubt.message = text(evil, evil);
            }
        }
        if let Some(change) = &mut range.change {
            change.date = Some(evil.to_owned());
        }
    }
    for layer in &mut report.layers {
        layer.name = evil.to_owned();
        layer.files = vec![evil.to_owned(); 3];
    }
    for dead in &mut report.shadowed {
        dead.file = evil.to_owned();
        dead.text = evil.to_owned();
        dead.by_text = Some(evil.to_owned());
        dead.message = text(evil, evil);
    }
    for assumed in &mut report.assumptions {
        assumed.file = Some(evil.to_owned());
        assumed.message = text(evil, evil);
    }
    report.changes.iter_mut().for_each(|change| change.additions.push(evil.to_owned()));
    report.list.name = evil.to_owned();
    report.list.note = text(evil, evil);
    report
}

/// A change that opens everything.
pub(super) fn fix() -> FixReport {
    FixReport {
        outcome: FixOutcome::Opened,
        headline: text("이 변경으로 모든 대역이 통과합니다.", "With this change every range gets in."),
        format: "iptables",
        before: Standing::Partial,
        after: Standing::Allowed,
        networks: vec!["27.0.238.0/24".to_owned()],
        diff: "--- rules.v4\n+++ rules.v4\n@@ -11,2 +11,3 @@\n :WEB - [0:0]\n+-A WEB -s 27.0.238.0/24 -j ACCEPT\n -A WEB\t-j DROP\n"
            .to_owned(),
        files: vec![FixedFile { name: "rules.v4".to_owned(), text: "*filter\n".to_owned() }],
        commands: vec!["iptables -I WEB 1 -s 27.0.238.0/24 -j ACCEPT".to_owned()],
        remarks: vec![text("재부팅 뒤에도 남도록 저장하세요.", "Save it so that it outlives a reboot.")],
        obstacles: Vec::new(),
        proof: Proof {
            ranges_open: true,
            ports: vec![22, 80, 443],
            pieces: 12_345,
            changed: Vec::new(),
            also_opens: Vec::new(),
            message: text("다른 주소의 판정은 그대로입니다.", "No other verdict changes."),
        },
        list: list(Origin::Api),
    }
}

/// One that must not be applied.
pub(super) fn wrong_fix() -> FixReport {
    let mut report = fix();
    report.proof.changed.push(Changed {
        from: "10.0.0.0".to_owned(),
        to: "10.0.0.255".to_owned(),
        port: 22,
        before: "denied".to_owned(),
        after: "allowed".to_owned(),
    });
    report
}
