//! What holds for every dump: no bytes make the parser panic, what iptables would print is read as it was meant, and what
//! `open` writes opens exactly what it was asked to.

use std::fmt::Write as _;

use ipnet::IpNet;
use proptest::prelude::*;

use super::{open, parse, recognise};
use crate::acl::{
    Addresses, Circumstances, Family, File, Opening, Piece, Ranges, Reading, Ruleset, Verdict, bounds, decide, networks,
};

fn files(texts: &[(&str, &str)]) -> Vec<File> {
    texts.iter().map(|(name, text)| File::new(name, text)).collect()
}

fn fates(ruleset: &Ruleset, ranges: &str, port: u16) -> Vec<Piece> {
    let universe: Addresses = ranges.split(' ').map(|net| net.parse::<IpNet>().unwrap()).collect();
    let family = if universe.v4.is_empty() { Family::V6 } else { Family::V4 };
    let circumstances = Circumstances { interface: Some("eth0".to_owned()), ..Circumstances::default() };
    decide(ruleset, &circumstances, family, universe.family(family), port, &mut 10_000_000).unwrap()
}

fn verdict_at(pieces: &[Piece], address: u128) -> &Verdict {
    let piece = pieces.iter().find(|piece| piece.from <= address && address <= piece.to);
    &piece.unwrap().decision.verdict
}

/// Opens what is denied until nothing of `wanted` is, and looks at everything else.
fn opens(texts: &[(&str, &str)], wanted: &str, around: &str, port: u16) -> Vec<File> {
    let mut files = files(texts);
    let before = parse(&files, &Reading::default()).unwrap();
    let want: IpNet = wanted.parse().unwrap();
    let family = Family::of(want.addr());
    for _round in 0..8 {
        let ruleset = parse(&files, &Reading::default()).unwrap();
        let pieces = fates(&ruleset, wanted, port);
        let Some(denied) = pieces.iter().find(|piece| matches!(piece.decision.verdict, Verdict::Denied(_))) else {
            break;
        };
        let site = denied.decision.site.unwrap();
        let opening = Opening {
            refused_at: site.place,
            chain: ruleset.chains[site.chain.0].name.clone(),
            by_policy: site.why == "policy-deny",
            part: denied.decision.part,
            family,
            networks: networks(family, denied.from, denied.to).collect(),
            ports: vec![port],
        };
        let patch = open(&files, &opening).unwrap();
        assert!(!patch.commands.is_empty());
        for (at, text) in patch.files {
            files[at] = File::new(&files[at].name, &text);
        }
    }
    let after = parse(&files, &Reading::default()).unwrap();
    for piece in fates(&after, wanted, port) {
        assert_eq!(piece.decision.verdict, Verdict::Allowed, "{}", files[0].text);
    }
    let (from, to) = bounds(want);
    for other in [port, 22, 8443] {
        let (old, new) = (fates(&before, around, other), fates(&after, around, other));
        for piece in old.iter().chain(&new) {
            for at in [piece.from, piece.to] {
                if other != port || at < from || at > to {
                    assert_eq!(verdict_at(&old, at), verdict_at(&new, at), "{}", files[0].text);
                }
            }
        }
    }
    files
}

const SAVED: &str = "*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:WEB - [0:0]
[0:0] -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
[0:0] -A INPUT -p tcp -m multiport --dports 80,443 -j WEB
[0:0] -A WEB -s 27.0.238.0/24 -j DROP
[0:0] -A WEB -s 27.0.236.0/22 -j ACCEPT
COMMIT
";

#[test]
fn a_saved_dump_is_opened_before_the_rule_that_refuses() {
    let files = opens(&[("rules.v4", SAVED)], "27.0.238.0/25", "27.0.236.0/22 211.231.99.0/24", 443);
    let line = "[0:0] -A WEB -s 27.0.238.0/25 -p tcp -m tcp --dport 443 -j ACCEPT";
    assert_eq!(files[0].line(8), Some(line));
}

#[test]
fn a_saved_dump_is_opened_at_the_end_of_the_chain_before_its_policy() {
    let files = opens(&[("rules.v4", SAVED)], "211.231.99.0/24", "27.0.236.0/22 211.231.96.0/20", 443);
    assert_eq!(files[0].line(8), Some("[0:0] -A INPUT -s 211.231.99.0/24 -p tcp -m tcp --dport 443 -j ACCEPT"));
}

#[test]
fn a_chain_without_rules_is_opened_too() {
    let text = "-P INPUT DROP\n-P FORWARD ACCEPT\n-P OUTPUT DROP\n";
    let files = opens(&[("rules.txt", text)], "27.0.236.0/22", "27.0.232.0/21", 443);
    assert!(
        files[0].text.contains("-A OUTPUT -d 27.0.236.0/22 -p tcp -m tcp --sport 443 -j ACCEPT"),
        "{}",
        files[0].text
    );
}

#[test]
fn every_table_in_the_way_is_opened() {
    let text = format!(
        "*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A PREROUTING -s 27.0.0.0/8 -j DROP\nCOMMIT\n*mangle\n\
         :PREROUTING DROP [0:0]\n-A PREROUTING -s 211.0.0.0/8 -j ACCEPT\nCOMMIT\n{SAVED}"
    );
    let files = opens(&[("rules.v4", &text)], "27.0.238.0/24", "27.0.236.0/22", 443);
    assert!(files[0].text.contains("-A PREROUTING -s 27.0.238.0/24 -p tcp -m tcp --dport 443 -j ACCEPT"));
}

#[test]
fn a_listing_is_opened_in_its_own_form() {
    let text = "Chain INPUT (policy DROP 0 packets, 0 bytes)
num   pkts bytes target     prot opt in     out     source               destination
1        0     0 ACCEPT     0    --  *      *       0.0.0.0/0            0.0.0.0/0            ctstate RELATED,ESTABLISHED
2        0     0 DROP       0    --  *      *       27.0.238.0/24        0.0.0.0/0

Chain FORWARD (policy ACCEPT 0 packets, 0 bytes)
num   pkts bytes target     prot opt in     out     source               destination

Chain OUTPUT (policy DROP 0 packets, 0 bytes)
num   pkts bytes target     prot opt in     out     source               destination
";
    opens(&[("listing.txt", text)], "27.0.238.0/23", "27.0.236.0/22", 443);
}

#[test]
fn a_script_is_opened_in_its_own_style() {
    let text = "#!/bin/sh
IPT=/sbin/iptables
$IPT -F
$IPT -P INPUT DROP
$IPT -A INPUT -m state --state ESTABLISHED -j ACCEPT
for port in 80 443; do
    $IPT -A INPUT -p tcp --dport $port -s 27.0.236.0/23 -j ACCEPT
done
$IPT -I INPUT -s 27.0.239.0/24 -j DROP
exit 0
";
    let files = opens(&[("firewall.sh", text)], "27.0.238.0/23", "27.0.232.0/21", 443);
    assert!(files[0].text.contains("$IPT -I INPUT -s 27.0.239.0/24 -p tcp -m tcp --dport 443 -j ACCEPT"));
    assert!(files[0].text.contains("ACCEPT\n$IPT -A INPUT -s 27.0.238.0/24 -p tcp"), "{}", files[0].text);
}

#[test]
fn a_dump_of_ipv6_is_opened_with_ip6tables() {
    let text = "# Generated by ip6tables-save v1.8.9\n*filter\n:INPUT DROP [0:0]\n-A INPUT -m state --state ESTABLISHED -j ACCEPT\nCOMMIT\n";
    opens(&[("rules.v6", text)], "2404:4600:6::/48", "2404:4600::/32", 443);
}

#[test]
fn only_texts_of_iptables_are_recognised() {
    for (text, expected) in [
        (SAVED, 95),
        ("# Generated by ip6tables-save v1.8.9\n*filter\n", 100),
        ("Chain INPUT (policy ACCEPT)\n", 100),
        ("create kakao hash:net family inet\nadd kakao 27.0.236.0/22\n", 95),
        ("Name: kakao\nType: hash:net\n", 90),
        ("#!/bin/sh\niptables -A INPUT -j DROP\n", 85),
        ("*filter\n:ufw-user-input - [0:0]\n### RULES ###\n### tuple ### allow tcp 443\n", 5),
        ("server { listen 80; deny all; }\n", 0),
        ("{\"SecurityGroups\":[]}", 0),
        ("<zone><port port=\"443\"/></zone>", 0),
        ("table inet fw { chain input { type filter hook input priority 0; } }\n", 0),
        ("Order Deny,Allow\nDeny from all\n", 0),
        ("27.0.236.0/22\n", 0),
        ("", 0),
    ] {
        assert_eq!(recognise(text), expected, "{text}");
    }
}

/// Pieces of real lines, for shuffling.
const PIECES: &[&str] = &[
    "*filter\n",
    "*nat\n",
    "COMMIT\n",
    ":INPUT DROP [0:0]\n",
    ":WEB - [0:0]\n",
    "-A INPUT ",
    "-A WEB ",
    "-A PREROUTING ",
    "-I INPUT 2 ",
    "-D INPUT 1\n",
    "-P INPUT DROP\n",
    "-N WEB\n",
    "-F\n",
    "iptables ",
    "ip6tables ",
    "! ",
    "-s 27.0.236.0/22 ",
    "-s 2404:4600::/32 ",
    "-d 10.0.0.1 ",
    "-p tcp ",
    "-p udp ",
    "-m tcp --dport 443 ",
    "-m multiport --dports 80,443 ",
    "-m set --match-set kakao src ",
    "-m set ! --match-set list src,dst ",
    "-m conntrack --ctstate NEW,DNAT ",
    "-i lo ",
    "-i eth0 ",
    "-m comment --comment \"a b\" ",
    "-m limit --limit 5/min ",
    "-m foo --bar ",
    "-f ",
    "-j ACCEPT\n",
    "-j DROP\n",
    "-j WEB\n",
    "-g WEB\n",
    "-j REDIRECT --to-ports 8080\n",
    "-j DNAT --to-destination 10.0.0.2:80\n",
    "-j RETURN\n",
    "-j LOG --log-prefix \"x: \"\n",
    "create kakao hash:net family inet\n",
    "add kakao 27.0.236.0/22 nomatch\n",
    "create list list:set\n",
    "add list kakao\n",
    "add list list\n",
    "Chain INPUT (policy DROP)\n",
    "Chain WEB (1 references)\n",
    "target     prot opt source               destination\n",
    "num pkts bytes target prot opt in out source destination\n",
    "ACCEPT     tcp  --  27.0.236.0/22        0.0.0.0/0            tcp dpt:443\n",
    "1 0 0 DROP 0 -- * * 0.0.0.0/0 0.0.0.0/0\n",
    "for i in a b; do ",
    "done\n",
    "if x; then\n",
    "fi\n",
    "$IPT ",
    "IPT=iptables\n",
    "\\\n",
    "\"",
    "'",
    "\n",
    "# Generated by ip6tables-save\n",
    "Name: kakao\nType: hash:ip\n",
    "Members:\n",
    "카카오 ",
    "\u{feff}",
    "\r\n",
    "[0:0] ",
];

fn survives(text: &str) {
    let _sure = recognise(text);
    if let Ok(ruleset) = parse(&files(&[("rules", text)]), &Reading::default()) {
        let universe = Ranges::one(0x1b00_ec00, 0x1b00_efff);
        let _answer = decide(&ruleset, &Circumstances::default(), Family::V4, &universe, 443, &mut 100_000);
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        survives(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn no_shuffled_lines_make_it_panic(pieces in proptest::collection::vec(0..PIECES.len(), 0..40), cut in 0..400_usize) {
        let text: String = pieces.iter().map(|at| PIECES[*at]).collect();
        survives(&text);
        survives(&text.chars().take(cut).collect::<String>());
    }

    #[test]
    fn a_printed_rule_is_read_as_it_was_meant(
        rules in proptest::collection::vec((0..1024_u32, 16..=32_u8, prop::option::of(1..4_u16), any::<bool>(), any::<bool>()), 0..12),
        drop in any::<bool>(),
    ) {
        // The model: first match over a /22, ports 1 to 3; the dump and the listing must say the same.
        let start = 0x1b00_ec00_u32;
        let policy = if drop { "DROP" } else { "ACCEPT" };
        let mut saved = format!("*filter\n:INPUT {policy} [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n");
        let mut listed = format!("Chain INPUT (policy {policy} 0 packets, 0 bytes)\n pkts bytes target     prot opt in     out     source               destination\n");
        for (offset, length, port, negate, accept) in &rules {
            let address = std::net::Ipv4Addr::from_bits(start + offset);
            let net = ipnet::Ipv4Net::new(address, *length).unwrap().trunc();
            let target = if *accept { "ACCEPT" } else { "DROP" };
            let not = if *negate { "! " } else { "" };
            let dport = port.map(|port| format!(" -p tcp -m tcp --dport {port}")).unwrap_or_default();
            let _ok = writeln!(saved, "-A INPUT {not}-s {net}{dport} -j {target}");
            let dpt = port.map(|port| format!("tcp dpt:{port}")).unwrap_or_default();
            let prot = if port.is_some() { "6" } else { "0" };
            let bang = if *negate { "!" } else { "" };
            let _ok = writeln!(listed, "    0     0 {target}     {prot}    --  *      *       {bang}{net}  0.0.0.0/0            {dpt}");
        }
        saved += "COMMIT\n";
        listed += "\nChain OUTPUT (policy ACCEPT 0 packets, 0 bytes)\n pkts bytes target     prot opt in     out     source               destination\n";
        let saved = parse(&files(&[("saved", &saved)]), &Reading::default()).unwrap();
        let listed = parse(&files(&[("listed", &listed)]), &Reading::default()).unwrap();
        for port in 1..4_u16 {
            let (one, other) = (fates(&saved, "27.0.236.0/22", port), fates(&listed, "27.0.236.0/22", port));
            for offset in (0..1024_u32).step_by(7) {
                let at = start + offset;
                let decided = rules.iter().find(|(offset, length, wanted, negate, _)| {
                    let mask = u32::MAX.checked_shl(u32::from(32 - *length)).unwrap_or(0);
                    let inside = (start + offset) & mask == at & mask;
                    inside != *negate && wanted.is_none_or(|wanted| wanted == port)
                });
                let accept = decided.map_or(!drop, |(.., accept)| *accept);
                let expected = if accept { Verdict::Allowed } else { Verdict::Denied(crate::acl::How::Drop) };
                prop_assert_eq!(verdict_at(&one, at.into()), &expected);
                prop_assert_eq!(verdict_at(&other, at.into()), &expected);
            }
        }
    }
}
