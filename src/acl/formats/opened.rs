//! Tests of every fix here: what it opens is open afterwards, and nothing else has changed.

use super::Format;
use crate::acl::{
    Circumstances, Family, File, Opening, Part, Piece, Ranges, Reading, Request, Verdict, bounds, decide, networks,
};

fn pieces(format: &Format, files: &[File], reading: &Reading, universe: &Ranges, port: u16) -> Vec<Piece> {
    let ruleset = (format.parse)(files, reading).unwrap();
    let mut steps = 100_000_000;
    decide(&ruleset, &reading.circumstances, Family::V4, universe, port, &mut steps).unwrap()
}

/// Opens until everything asked for gets in, as the search for a fix does; the files afterwards.
fn opened(format: &Format, files: &[File], reading: &Reading, wanted: &str, ports: &[u16]) -> Vec<File> {
    let mut files = files.to_vec();
    let universe = ranges(wanted);
    for _round in 0..20 {
        let mut denied = None;
        let ruleset = (format.parse)(&files, reading).unwrap();
        for port in ports {
            let found = pieces(format, &files, reading, &universe, *port);
            let refused = found.into_iter().find(|piece| matches!(piece.decision.verdict, Verdict::Denied(_)));
            denied = denied.or(refused.map(|piece| (piece, *port)));
        }
        let Some((piece, port)) = denied else { return files };
        let site = piece.decision.site.unwrap();
        let alike = pieces(format, &files, reading, &universe, port);
        let alike = alike.iter().filter(|other| other.decision == piece.decision);
        let opening = Opening {
            refused_at: site.place,
            chain: ruleset.chains[site.chain.0].name.clone(),
            by_policy: site.why == "policy-deny",
            part: piece.decision.part,
            family: Family::V4,
            networks: alike.flat_map(|piece| networks(Family::V4, piece.from, piece.to)).collect(),
            ports: vec![port],
        };
        let patch = format.open.unwrap()(&files, &opening).unwrap_or_else(|| panic!("no fix for {opening:?}"));
        for (index, text) in patch.files {
            assert_ne!(&*files[index].text, text, "a fix that changes nothing for {opening:?}");
            files[index] = File::new(&files[index].name, &text);
        }
    }
    panic!("it does not open: {}", files[0].text);
}

fn ranges(text: &str) -> Ranges {
    text.split(' ').map(|one| bounds(one.parse().unwrap())).collect()
}

fn check(format: &Format, dumps: &[(&str, &str)], wanted: &str, ports: &[u16]) {
    let files: Vec<File> = dumps.iter().map(|(name, text)| File::new(name, text)).collect();
    let request =
        Request { host: Some("shop.example".into()), path: "/".into(), user_agent: "facebookexternalhit/1.1".into() };
    let circumstances = Circumstances { server: Some([203, 0, 113, 10].into()), request, ..Circumstances::default() };
    let reading = Reading { circumstances, ..Reading::default() };
    let after = opened(format, &files, &reading, wanted, ports);
    let all = Ranges::one(0, Family::V4.max());
    let others = all.difference(&ranges(wanted));
    let verdicts = |files: &[File], universe: &Ranges, port| {
        // Neighbours that fare alike, whatever line it is that decides.
        let mut found: Vec<(u128, u128, Verdict)> = Vec::new();
        for piece in pieces(format, files, &reading, universe, port) {
            match found.last_mut() {
                Some((_, to, verdict)) if *to + 1 == piece.from && *verdict == piece.decision.verdict => *to = piece.to,
                _ => found.push((piece.from, piece.to, piece.decision.verdict)),
            }
        }
        found
    };
    for port in [80, 443, 22] {
        assert_eq!(verdicts(&files, &others, port), verdicts(&after, &others, port), "{} {port}", format.name);
        if !ports.contains(&port) && !matches!(format.name, "cidr-list" | "gnuboard") {
            let same = (verdicts(&files, &ranges(wanted), port), verdicts(&after, &ranges(wanted), port));
            assert_eq!(same.0, same.1, "{} {port}", format.name);
        }
    }
    for port in ports {
        let found = verdicts(&after, &ranges(wanted), *port);
        assert!(found.iter().all(|(_, _, verdict)| *verdict == Verdict::Allowed), "{found:?} in {}", after[0].text);
    }
}

macro_rules! dump {
    ($path:literal) => {
        ($path, include_str!(concat!("../../../tests/fixtures/acl/", $path)))
    };
}

const WANTED: &str = "27.0.236.0/22 121.53.80.0/21";

#[test]
fn security_groups_open_in_every_form() {
    let format = super::aws_sg::FORMAT;
    check(&format, &[dump!("aws-security-group/web.json")], WANTED, &[443]);
    check(&format, &[dump!("aws-security-group/all.json")], WANTED, &[80, 443]);
    check(&format, &[dump!("aws-security-group/rules.json")], WANTED, &[80, 443]);
}

#[test]
fn a_security_group_that_is_full_says_so() {
    let list: Vec<String> = (0..60).map(|number| format!("{{\"CidrIp\":\"10.0.{number}.0/24\"}}")).collect();
    let text = format!(
        "{{\"SecurityGroups\":[{{\"GroupId\":\"sg-1\",\"IpPermissions\":[{{\"IpProtocol\":\"tcp\",\"FromPort\":443,\"ToPort\":443,\"IpRanges\":[{}]}}]}}]}}",
        list.join(",")
    );
    let opening = Opening {
        refused_at: None,
        chain: "security group inbound".to_owned(),
        by_policy: true,
        part: Part::Syn,
        family: Family::V4,
        networks: vec!["27.0.236.0/22".parse().unwrap()],
        ports: vec![443],
    };
    let patch = super::aws_sg::FORMAT.open.unwrap()(&[File::new("sg.json", &text)], &opening).unwrap();
    assert_eq!(patch.remarks[0], ("quota-exceeded", "61/60".to_owned()));
    assert!(
        patch.commands[0].starts_with("aws ec2 authorize-security-group-ingress --group-id sg-1 --ip-permissions '[")
    );
}

#[test]
fn network_acls_open_in_both_directions() {
    check(&super::aws_nacl::FORMAT, &[dump!("aws-network-acl/stateless.json")], "27.0.236.0/22", &[443]);
    // Outbound entries have no ports of the server's, so its other ports open with these.
    check(&super::aws_nacl::FORMAT, &[dump!("aws-network-acl/stateless.json")], "211.231.99.0/24", &[80, 443]);
}

#[test]
fn naver_cloud_opens_in_json_and_xml() {
    check(&super::ncloud::ACG, &[dump!("naver-acg/acg.json")], WANTED, &[80, 443]);
    check(&super::ncloud::ACG, &[dump!("naver-acg/acg.xml")], WANTED, &[443]);
    check(&super::ncloud::NETWORK_ACL, &[dump!("naver-network-acl/nacl.xml")], WANTED, &[80]);
    check(
        &super::ncloud::NETWORK_ACL,
        &[dump!("naver-network-acl/nacl.json"), dump!("naver-network-acl/group.json")],
        "27.0.237.0/24",
        &[443],
    );
}

#[test]
fn lists_and_tables_open() {
    check(&super::list::FORMAT, &[dump!("cidr-list/blog-2021.txt")], WANTED, &[80, 443]);
    check(&super::list::FORMAT, &[dump!("cidr-list/holes.txt")], WANTED, &[443]);
    check(&super::list::FORMAT, &[dump!("cidr-list/refusals.txt")], "27.0.236.0/22", &[443]);
    check(&super::csv::FORMAT, &[dump!("csv/secui.csv")], "27.0.236.0/22", &[443]);
    check(&super::csv::FORMAT, &[dump!("csv/english.csv")], WANTED, &[80, 443]);
}

#[test]
fn gnuboard_opens() {
    check(&super::gnuboard::FORMAT, &[dump!("gnuboard/both.txt")], "27.0.236.0/22", &[443]);
    check(&super::gnuboard::FORMAT, &[dump!("gnuboard/both.txt")], "27.0.238.0/25 121.53.80.0/21", &[443]);
}

#[test]
fn haproxy_opens_for_connections_and_requests() {
    let files = [dump!("haproxy/shop.cfg"), dump!("haproxy/kakao.lst")];
    check(&super::haproxy::FORMAT, &files, "27.0.236.0/22", &[443]);
    check(&super::haproxy::FORMAT, &files, "220.64.100.0/22 27.0.238.0/24", &[443]);
    check(&super::haproxy::FORMAT, &[dump!("haproxy/tcp.cfg")], "27.0.236.0/22", &[443]);
}
