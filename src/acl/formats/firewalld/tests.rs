//! What firewalld's texts are read into; whole answers are in `tests/fixtures/acl/firewalld`.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::super::super::{
    Action, Circumstances, Condition, Family, File, How, Opening, Part, Place, Ranges, Reading, Ruleset, Verdict,
    decide,
};
use super::{FORMAT, model::RichAction, parse, recognise, rich, services};

const LISTING: &str = "\
public (active)
  target: default
  icmp-block-inversion: no
  interfaces: eth0
  sources: 
  services: http ssh
  ports: 443/tcp
  protocols: 
  forward: yes
  masquerade: no
  forward-ports: 
\tport=8080:proto=tcp:toport=80:toaddr=
  source-ports: 
  icmp-blocks: 
  rich rules: 
\trule family=\"ipv4\" source address=\"27.0.238.0/24\" port port=\"443\" protocol=\"tcp\" drop
\trule priority=\"5\" family=\"ipv4\" source address=\"27.0.239.0/24\" reject
";

const ZONE: &str = "\
<?xml version=\"1.0\" encoding=\"utf-8\"?>
<zone>
  <service name=\"ssh\"/>
  <rule family=\"ipv4\">
    <source address=\"27.0.238.0/24\"/>
    <port port=\"443\" protocol=\"tcp\"/>
    <drop/>
  </rule>
  <forward/>
</zone>
";

fn read(name: &str, text: &str) -> Ruleset {
    parse(&[File::new(name, text)], &Reading::default()).unwrap()
}

fn verdict(ruleset: &Ruleset, address: &str, port: u16) -> Verdict {
    let address: std::net::IpAddr = address.parse().unwrap();
    let one = super::super::super::number(address);
    let universe = Ranges::one(one, one);
    let mut steps = 100_000;
    let pieces = decide(ruleset, &Circumstances::default(), Family::of(address), &universe, port, &mut steps).unwrap();
    pieces[0].decision.verdict.clone()
}

fn opening(chain: &str, line: u32, network: &str, port: u16) -> Opening {
    Opening {
        refused_at: Some(Place::new(0, line)),
        chain: chain.to_owned(),
        by_policy: false,
        part: Part::Syn,
        family: Family::V4,
        networks: vec![network.parse().unwrap()],
        ports: vec![port],
    }
}

/// Opens, and reads what came out.
fn opened(name: &str, text: &str, opening: &Opening) -> (Ruleset, Vec<String>) {
    let patch = (FORMAT.open.unwrap())(&[File::new(name, text)], opening).unwrap();
    (read(name, &patch.files[0].1), patch.commands)
}

#[test]
fn a_rule_that_refuses_is_preceded_by_one_of_a_lower_priority() {
    for (name, text, line) in [("zones.txt", LISTING, 16), ("public.xml", ZONE, 4)] {
        assert_eq!(verdict(&read(name, text), "27.0.238.9", 443), Verdict::Denied(How::Drop));
        let (after, commands) = opened(name, text, &opening("zone public", line, "27.0.238.0/25", 443));
        assert_eq!(verdict(&after, "27.0.238.9", 443), Verdict::Allowed, "{name}");
        assert_eq!(verdict(&after, "27.0.238.129", 443), Verdict::Denied(How::Drop), "{name}");
        assert_eq!(
            commands,
            [
                "firewall-cmd --permanent --zone=public --add-rich-rule='rule priority=\"-1\" family=\"ipv4\" \
                 source address=\"27.0.238.0/25\" port port=\"443\" protocol=\"tcp\" accept'",
                "firewall-cmd --reload",
            ]
        );
    }
}

#[test]
fn a_target_and_a_late_rule_need_no_priority() {
    let (after, commands) = opened("zones.txt", LISTING, &opening("zone public", 2, "27.0.238.0/24", 8443));
    assert_eq!(verdict(&after, "27.0.238.9", 8443), Verdict::Allowed);
    assert_eq!(verdict(&after, "27.0.237.9", 8443), Verdict::Denied(How::Reject));
    assert!(!commands[0].contains("priority"));
    let (after, _) = opened("zones.txt", LISTING, &opening("zone public", 17, "27.0.239.0/24", 8443));
    assert_eq!(verdict(&after, "27.0.239.9", 8443), Verdict::Allowed);
    let (after, _) = opened("public.xml", ZONE, &opening("zone public", 2, "27.0.237.0/24", 443));
    assert_eq!(verdict(&after, "27.0.237.9", 443), Verdict::Allowed);
}

#[test]
fn a_rich_rule_has_its_parts_in_any_common_order_of_words() {
    let rule = rich::text(
        "rule family=\"ipv4\" source NOT address=\"27.0.236.0/22\" service name=\"https\" log prefix=\"a = b\" \
         level=\"info\" limit value=\"3/m\" audit reject type=\"tcp-reset\" limit value=\"1/s\"",
    )
    .unwrap();
    assert_eq!(rule.action, RichAction::Deny(How::Reset));
    assert_eq!(rule.limited.as_deref(), Some("1/s"));
    assert!(rule.source.unwrap().negated);
    assert!(rich::text("rule family=\"ipv9\" accept").is_err());
    assert!(rich::text("rule service name=\"http\"").is_err());
    assert!(rich::text("rule port port=\"0-70000\" protocol=\"tcp\" accept").is_err());
}

#[test]
fn services_that_firewalld_brings_have_their_ports() {
    assert_eq!(services::tcp("https"), Some(Ranges::one(443, 443)));
    assert_eq!(services::tcp("http3"), Some(Ranges::empty()));
    assert!(services::tcp("freeipa-4").unwrap().contains(443));
    assert_eq!(services::tcp("shop"), None);
}

#[test]
fn other_dialects_are_not_taken() {
    assert_eq!(recognise("server { listen 80; deny all; }"), 0);
    assert_eq!(recognise("<html><body>zone</body></html>"), 0);
    assert_eq!(recognise("<RequireAll>\nRequire all granted\n</RequireAll>\n"), 0);
    assert_eq!(recognise("*filter\n:INPUT DROP [0:0]\nCOMMIT\n"), 0);
    assert!(recognise(LISTING) > 90);
    assert!(recognise(ZONE) > 90);
}

#[test]
fn a_large_set_is_read_once_however_many_rules_ask_for_it() {
    let mut set = "<ipset type=\"hash:ip\">\n".to_owned();
    for number in 0..100_000_u32 {
        let _ok = writeln!(set, "<entry>{}</entry>", std::net::Ipv4Addr::from_bits(0x0b00_0000 + number * 2));
    }
    set.push_str("</ipset>\n");
    let mut zone = LISTING.to_owned();
    for _ in 0..2000 {
        zone.push_str("\trule source ipset=\"many\" drop\n");
    }
    let files = [File::new("zones.txt", &zone), File::new("many.xml", &set)];
    let ruleset = parse(&files, &Reading::default()).unwrap();
    let asked = ruleset.chains.iter().flat_map(|chain| &chain.rules).filter(|rule| {
        rule.then == Action::Deny(How::Drop) && matches!(&rule.when, Condition::All(all) if all.len() == 1)
    });
    assert_eq!(asked.count(), 2000);
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in "\\PC{0,300}") {
        for before in ["", "public\n  target: default\n  rich rules: \n\trule ", "<zone>", "<zone><rule><source ", "<direct><rule ipv=\"ipv4\">"] {
            let file = File::new("public.xml", &format!("{before}{text}"));
            let _any = recognise(&file.text);
            let _any = parse(std::slice::from_ref(&file), &Reading::default());
        }
        let _any = rich::text(&text);
    }

    #[test]
    fn no_mixed_lines_make_anything_panic(
        mut lines in proptest::sample::subsequence(LISTING.lines().chain(ZONE.lines()).collect::<Vec<_>>(), 0..=20).prop_shuffle(),
        cut in 0_usize..80,
        line in 1_u32..30,
    ) {
        let last: String = lines.pop().unwrap_or_default().chars().take(cut).collect();
        let file = File::new("public.xml", &format!("{}\n{last}", lines.join("\n")));
        let _any = recognise(&file.text);
        let _any = parse(std::slice::from_ref(&file), &Reading::default());
        let _any = (FORMAT.open.unwrap())(std::slice::from_ref(&file), &opening("zone public", line, "27.0.238.0/24", 443));
    }

    #[test]
    fn a_rich_rule_is_the_same_in_a_listing_and_in_xml(
        priority in -9_i32..9, octet in 0_u8..=255, port in 1_u16..=65_535, negated in any::<bool>(),
        action in proptest::sample::select(vec!["accept", "drop", "reject"]),
    ) {
        let not = if negated { "NOT " } else { "" };
        let text = rich::text(&format!(
            "rule priority=\"{priority}\" family=\"ipv4\" source {not}address=\"27.{octet}.0.0/16\" port port=\"{port}\" protocol=\"tcp\" {action}"
        )).unwrap();
        let invert = if negated { " invert=\"True\"" } else { "" };
        let xml = format!(
            "<zone><rule priority=\"{priority}\" family=\"ipv4\"><source address=\"27.{octet}.0.0/16\"{invert}/>\
             <port port=\"{port}\" protocol=\"tcp\"/><{action}/></rule></zone>"
        );
        let mut config = super::Config::default();
        super::xml::read(&File::new("public.xml", &xml), 0, &mut config).unwrap();
        prop_assert_eq!(&config.zones[0].rules[0].0, &text);
    }
}
