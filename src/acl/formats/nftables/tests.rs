//! Text and JSON alike, fixes that open exactly what they say, and parsers that no bytes break.

use std::{fmt::Write as _, fs, path::PathBuf, time::Instant};

use proptest::prelude::*;

use super::{open, parse, recognise};
use crate::acl::{
    Addresses, Circumstances, Family, File, Opening, Part, Patch, Place, Reading, Ruleset, Verdict, decide,
};

fn fixture(name: &str) -> String {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests/fixtures/acl/nftables", name].iter().collect();
    fs::read_to_string(path).unwrap()
}

fn read(text: &str) -> Ruleset {
    parse(&[File::new("dump", text)], &Reading::default()).unwrap()
}

/// From which address on what becomes of visits to a port.
fn fates(ruleset: &Ruleset, network: &str, port: u16) -> Vec<(u128, Verdict)> {
    let universe = Addresses::parse(network).unwrap();
    let family = if universe.v4.is_empty() { Family::V6 } else { Family::V4 };
    let circumstances = Circumstances { interface: Some("eth0".to_owned()), ..Circumstances::default() };
    let mut steps = 100_000_000;
    let pieces = decide(ruleset, &circumstances, family, universe.family(family), port, &mut steps).unwrap();
    let mut found: Vec<(u128, Verdict)> = Vec::new();
    for piece in pieces {
        if found.last().is_none_or(|(_, before)| *before != piece.decision.verdict) {
            found.push((piece.from, piece.decision.verdict));
        }
    }
    found
}

#[test]
fn text_and_json_of_the_same_rules_decide_alike() {
    let folder: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests/fixtures/acl/nftables"].iter().collect();
    let mut pairs = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        // This version's JSON leaves the device of ingress chains out.
        let Some(stem) = name.strip_suffix(".nft.json").filter(|stem| *stem != "ingress") else { continue };
        let (text, json) = (read(&fixture(&format!("{stem}.nft"))), read(&fixture(&name)));
        for network in ["0.0.0.0/0", "::/0"] {
            for port in [22, 80, 443, 8080, 8443] {
                assert_eq!(fates(&text, network, port), fates(&json, network, port), "{stem} {network} {port}");
            }
        }
        pairs += 1;
    }
    assert!(pairs >= 12, "only {pairs} pairs");
}

#[test]
fn every_statement_of_a_long_listing_is_read_from_text_and_json_alike() {
    let (text, json) = (read(&fixture("everything.list")), read(&fixture("everything.json")));
    for network in ["0.0.0.0/0", "::/0"] {
        for port in [22, 80, 443, 8080] {
            assert_eq!(fates(&text, network, port), fates(&json, network, port), "{network} {port}");
        }
    }
}

fn opening(chain: &str, line: u32, by_policy: bool) -> Opening {
    Opening {
        refused_at: Some(Place::new(0, line)),
        chain: chain.to_owned(),
        by_policy,
        part: Part::Syn,
        family: Family::V4,
        networks: vec!["27.0.238.0/24".parse().unwrap(), "203.0.113.8/32".parse().unwrap()],
        ports: vec![443],
    }
}

/// Applies a fix, and checks that it lets these networks in to this port and changes nothing else.
fn proved(text: &str, opening: &Opening) -> Patch {
    let patch = open(&[File::new("dump", text)], opening).unwrap();
    let before = read(text);
    let after = read(&patch.files.first().unwrap().1);
    for port in [22, 80, 443, 8080] {
        if opening.ports.contains(&port) {
            for network in &opening.networks {
                let found = fates(&after, &network.to_string(), port);
                assert!(matches!(found.as_slice(), [(_, Verdict::Allowed)]), "{network} {port}: {found:?}");
            }
        }
        let rest: Addresses = opening.networks.iter().copied().collect();
        let rest = Addresses::parse("0.0.0.0/0").unwrap().difference(&rest);
        for network in rest.networks() {
            let network = network.to_string();
            assert_eq!(fates(&before, &network, port), fates(&after, &network, port), "{network} {port}");
        }
    }
    patch
}

#[test]
fn a_rule_goes_in_front_of_the_one_that_refuses() {
    let patch = proved(&fixture("later-chain-drops.nft"), &opening("inet guard input", 11, false));
    let line = "\t\tip saddr { 27.0.238.0/24, 203.0.113.8/32 } tcp dport 443 accept\n\t\tip saddr 27.0.238.0/24 drop\n";
    assert!(patch.files[0].1.contains(line), "{}", patch.files[0].1);
    assert_eq!(
        patch.commands,
        [
            "nft insert rule inet guard input index 0 ip saddr \\{ 27.0.238.0/24, 203.0.113.8/32 \\} tcp dport 443 accept"
        ]
    );
}

#[test]
fn a_handle_names_the_rule_in_the_command() {
    let only = Opening { networks: vec!["27.0.238.0/24".parse().unwrap()], ..opening("inet fw web", 14, false) };
    let patch = proved(&fixture("vmap-web-handles.nft"), &only);
    assert_eq!(patch.commands, ["nft insert rule inet fw web handle 5 ip saddr 27.0.238.0/24 tcp dport 443 accept"]);
}

#[test]
fn where_the_policy_refuses_a_rule_goes_to_the_end_of_the_chain() {
    let patch = proved(&fixture("concat.nft"), &opening("inet fw input", 11, true));
    let end = "accept\n\t\tip saddr { 27.0.238.0/24, 203.0.113.8/32 } tcp dport 443 accept\n\t}\n}\n";
    assert!(patch.files[0].1.ends_with(end), "{}", patch.files[0].1);
}

#[test]
fn where_a_goto_leads_past_the_end_a_rule_goes_in_front_of_it() {
    let only = Opening { ports: vec![80], ..opening("inet fw input", 13, true) };
    let only = Opening { networks: vec!["203.0.113.0/24".parse().unwrap()], ..only };
    let patch = proved(&fixture("goto-return.nft"), &only);
    assert!(patch.files[0].1.contains("tcp dport 80 accept\n\t\ttcp dport 80 goto web\n"));
}

#[test]
fn a_refused_answer_is_opened_by_destination_and_source_port() {
    let reply = Opening { part: Part::SynAck, ..opening("ip filter output", 8, true) };
    let patch = proved(&fixture("output-drop.nft"), &reply);
    assert!(patch.files[0].1.contains("\t\tip daddr { 27.0.238.0/24, 203.0.113.8/32 } tcp sport 443 accept\n"));
}

#[test]
fn json_gets_an_object_in_front_of_the_rule_or_behind_the_last() {
    let json = fixture("later-chain-drops.nft.json");
    let line = 1 + json.lines().position(|line| line.contains("\"guard\"")).unwrap();
    let rules = || (1..).zip(json.lines()).filter(|(_, line)| line.contains("\"rule\"")).map(|(at, _)| at);
    let drop = rules().last().unwrap();
    assert!(usize::try_from(drop).unwrap() > line);
    proved(&json, &opening("inet guard input", drop, false));
    let compact = fixture("same-priority.compact.json");
    let patch = open(&[File::new("dump", &compact)], &opening("inet second input", 1, false)).unwrap();
    assert!(patch.files[0].1.contains("203.0.113.8"));
    let policy = fixture("concat.nft.json");
    proved(&policy, &opening("inet fw input", 1, true));
}

#[test]
fn scripts_and_chains_on_one_line_are_opened_in_their_own_manner() {
    let script = fixture("commands.sh");
    let only = Opening { networks: vec!["27.0.238.0/24".parse().unwrap()], ..opening("inet filter input", 9, false) };
    let patch = proved(&script, &only);
    assert!(
        patch.files[0].1.ends_with("nft insert rule inet filter input 'ip saddr 27.0.238.0/24 tcp dport 443 accept'\n")
    );
    let only = Opening { networks: vec!["203.0.113.0/24".parse().unwrap()], ..opening("inet filter input", 4, true) };
    let patch = proved(&script, &only);
    assert!(
        patch.files[0].1.contains("nft add rule inet filter input 'ip saddr 203.0.113.0/24 tcp dport 443 accept'\n")
    );
    let line = "table ip f { chain i { type filter hook input priority 0; policy drop; ct state established accept; tcp dport 22 drop; }; }\n";
    let patch = proved(line, &opening("ip f i", 1, true));
    assert!(patch.files[0].1.contains("drop; ip saddr { 27.0.238.0/24, 203.0.113.8/32 } tcp dport 443 accept; };"));
    let line = "table ip f { chain i { type filter hook input priority 0; policy accept; ct state established accept; tcp dport 443 drop; }; }\n";
    proved(line, &opening("ip f i", 1, false));
}

#[test]
fn other_dialects_are_not_taken_for_nftables() {
    for text in [
        "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 80 -j ACCEPT\nCOMMIT\n",
        "{\"SecurityGroups\":[]}",
        "server { listen 80; allow 27.0.236.0/22; deny all; }",
        "Status: active\n\nTo  Action  From\n80/tcp ALLOW IN 27.0.236.0/22\n",
        "#!/bin/bash\niptables -A INPUT -j DROP\n",
        "27.0.236.0/22\n211.231.99.0/24\n",
    ] {
        assert_eq!(recognise(text), 0, "{text}");
    }
    assert!(recognise(&fixture("concat.nft")) >= 95);
    assert!(recognise(&fixture("concat.nft.json")) >= 95);
    assert!(recognise(&fixture("nftables.conf")) >= 90);
    assert!(recognise(&fixture("commands.sh")) >= 70);
}

#[test]
fn a_hundred_thousand_lines_are_read_in_linear_time() {
    let mut text =
        String::from("table inet fw {\n\tset big {\n\t\ttype ipv4_addr\n\t\tflags interval\n\t\telements = { ");
    for number in 0..50_000_u32 {
        let _ok = write!(text, "10.{}.{}.{},\n\t\t\t", number >> 16, number >> 8 & 255, number & 255);
    }
    text.push_str("27.0.236.0/22 }\n\t}\n\tchain input {\n\t\ttype filter hook input priority filter; policy drop;\n");
    for number in 0..50_000_u32 {
        let (third, last) = (number >> 8, number & 255);
        let _ok = writeln!(text, "\t\tip saddr @big ip saddr 10.{third}.{last}.1 tcp dport 443 accept");
    }
    text.push_str("\t\tip saddr @big tcp dport 443 accept\n\t\tct state established accept\n\t}\n}\n");
    let start = Instant::now();
    let ruleset = read(&text);
    // Generous: this build is not optimised, and the machine is shared. Squared it would take hours.
    assert!(start.elapsed().as_secs() < 90, "{:?}", start.elapsed());
    assert!(matches!(fates(&ruleset, "27.0.236.0/22", 443).as_slice(), [(_, Verdict::Allowed)]));
}

fn pieces() -> Vec<String> {
    let names =
        ["vmap-web.nft", "unsure.nft", "translations.nft", "odds.nft", "flags.nft", "nftables.conf", "commands.sh"];
    names.iter().flat_map(|name| fixture(name).lines().map(str::to_owned).collect::<Vec<_>>()).collect()
}

proptest! {
    #[test]
    fn no_bytes_break_it(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let text = String::from_utf8_lossy(&bytes);
        let _read = parse(&[File::new("dump", &text)], &Reading::default());
        let _sure = recognise(&text);
    }

    #[test]
    fn shuffled_lines_break_nothing(order in proptest::collection::vec((any::<prop::sample::Index>(), 0_usize..80), 1..40)) {
        let lines = pieces();
        let mut text = String::from("table inet fw {\nchain input {\n");
        for (index, cut) in order {
            let line = index.get(&lines);
            text.extend(line.chars().take(if cut > 60 { 500 } else { cut }));
            text.push('\n');
        }
        text.push_str("}\n}\n");
        let files = [File::new("dump", &text)];
        if let Ok(ruleset) = parse(&files, &Reading::default()) {
            let _found = fates(&ruleset, "27.0.236.0/22", 443);
        }
        let _patch = open(&files, &opening("inet fw input", 5, false));
    }

    #[test]
    fn mutated_json_breaks_nothing(cut in 0_usize..3000, put in "[\\[\\]{}\",:a-z0-9@.]{0,6}") {
        let json = fixture("vmap-web.nft.json");
        let (before, after): (String, String) = (json.chars().take(cut).collect(), json.chars().skip(cut + 2).collect());
        let files = [File::new("dump", &format!("{before}{put}{after}"))];
        if let Ok(ruleset) = parse(&files, &Reading::default()) {
            let _found = fates(&ruleset, "27.0.236.0/22", 443);
        }
        let _patch = open(&files, &opening("inet fw input", 1, true));
    }

    #[test]
    fn pairs_of_networks_and_ports_are_read_as_written(
        networks in proptest::collection::btree_set(0_u32..64, 1..12),
        port in 1_u16..u16::MAX,
    ) {
        let list: Vec<String> = networks.iter().map(|third| format!("27.0.{}.0/24 . {port}", third + 192)).collect();
        let text = format!(
            "table ip t {{\n\tchain i {{\n\t\ttype filter hook input priority 0; policy drop;\n\t\tct state established accept\n\t\tip saddr . tcp dport {{ {} }} accept\n\t}}\n}}\n",
            list.join(", ")
        );
        let ruleset = read(&text);
        for third in 0..64_u32 {
            let found = fates(&ruleset, &format!("27.0.{}.0/24", third + 192), port);
            let allowed = matches!(found.as_slice(), [(_, Verdict::Allowed)]);
            prop_assert_eq!(allowed, networks.contains(&third));
        }
    }
}
