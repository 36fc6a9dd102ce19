//! What ufw's texts are read into; whole answers are in `tests/fixtures/acl/ufw`.

use proptest::prelude::*;

use super::super::super::{Family, File, Opening, Part, Place, Reading, Ruleset};
use super::{FORMAT, parse, recognise};

const VERBOSE: &str = "\
Status: active
Logging: on (low)
Default: deny (incoming), allow (outgoing), disabled (routed)
New profiles: skip

To                         Action      From
--                         ------      ----
443/tcp                    DENY IN     27.0.238.0/24             
80,443/tcp (Nginx Full)    ALLOW IN    27.0.236.0/22              # kakao
10.0.0.5 80,443/tcp (Nginx Full) on eth0 ALLOW IN    Anywhere                  
";

fn read(text: &str) -> Ruleset {
    parse(&[File::new("ufw", text)], &Reading::default()).unwrap()
}

fn opening(refused_at: Option<Place>, by_policy: bool) -> Opening {
    Opening {
        refused_at,
        chain: "ufw incoming".to_owned(),
        by_policy,
        part: Part::Syn,
        family: Family::V4,
        networks: vec!["27.0.238.0/24".parse().unwrap()],
        ports: vec![80, 443],
    }
}

#[test]
fn a_numbered_listing_is_numbered_anew_when_a_rule_is_put_in() {
    let text = "Status: active\n\n     To                         Action      From\n     --                         ------      ----\n\
                [ 1] 443/tcp                    DENY IN     27.0.238.0/24             \n\
                [ 2] 443/tcp                    ALLOW IN    Anywhere                  \n";
    let patch = (FORMAT.open.unwrap())(&[File::new("ufw", text)], &opening(Some(Place::new(0, 5)), false)).unwrap();
    let changed = &patch.files[0].1;
    assert!(changed.contains("[ 1] 80,443/tcp                 ALLOW IN    27.0.238.0/24             \n[ 2] 443/tcp"));
    assert!(changed.contains("[ 3] 443/tcp"));
    assert_eq!(patch.commands, ["ufw insert 1 allow proto tcp from 27.0.238.0/24 to any port 80,443"]);
}

#[test]
fn a_rule_goes_after_the_last_where_the_default_refuses() {
    let patch = (FORMAT.open.unwrap())(&[File::new("ufw", VERBOSE)], &opening(Some(Place::new(0, 3)), true)).unwrap();
    assert!(
        patch.files[0].1.ends_with(
            "Anywhere                  \n80,443/tcp                 ALLOW IN    27.0.238.0/24             \n"
        )
    );
    assert_eq!(patch.commands, ["ufw allow proto tcp from 27.0.238.0/24 to any port 80,443"]);
}

#[test]
fn a_rule_put_into_user_rules_is_a_comment_and_its_line() {
    let text = "*filter\n:ufw-user-input - [0:0]\n### RULES ###\n\n### tuple ### deny tcp 443 0.0.0.0/0 any 27.0.238.0/24 in\n\
                -A ufw-user-input -p tcp --dport 443 -s 27.0.238.0/24 -j DROP\n\n### END RULES ###\nCOMMIT\n";
    let patch =
        (FORMAT.open.unwrap())(&[File::new("user.rules", text)], &opening(Some(Place::new(0, 5)), false)).unwrap();
    let changed = &patch.files[0].1;
    assert!(changed.contains(
        "\n\n### tuple ### allow tcp 80,443 0.0.0.0/0 any 27.0.238.0/24 in\n\
         -A ufw-user-input -p tcp -m multiport --dports 80,443 -s 27.0.238.0/24 -j ACCEPT\n\n### tuple ### deny"
    ));
    assert_eq!(read(changed).chains[0].rules.len(), 4);
}

#[test]
fn dumps_of_other_dialects_are_not_taken() {
    assert_eq!(
        recognise("*filter\n:INPUT DROP [0:0]\n:ufw-before-input - [0:0]\n:ufw-user-input - [0:0]\nCOMMIT\n"),
        0
    );
    assert_eq!(recognise("server { listen 80; deny all; }"), 0);
    assert_eq!(recognise("ENABLED=yes\nPORT=80\n"), 0);
    assert!(recognise(VERBOSE) > 90);
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in "\\PC{0,300}") {
        let _any = parse(&[File::new("ufw", &text)], &Reading::default());
        let _any = parse(&[File::new("ufw", &format!("Status: active\n{text}"))], &Reading::default());
        let _any = parse(&[File::new("ufw", &format!("### tuple ### {text}"))], &Reading::default());
        let _any = parse(&[File::new("ufw", &format!("ufw allow {text}"))], &Reading::default());
    }

    #[test]
    fn no_shuffled_listing_makes_anything_panic(
        mut lines in proptest::sample::subsequence(VERBOSE.lines().collect::<Vec<_>>(), 0..=10).prop_shuffle(),
        cut in 0_usize..80,
        line in 1_u32..12,
    ) {
        let last: String = lines.pop().unwrap_or_default().chars().take(cut).collect();
        let text = format!("{}\n{last}", lines.join("\n"));
        let file = File::new("ufw", &text);
        let _any = recognise(&text);
        let _any = parse(std::slice::from_ref(&file), &Reading::default());
        let _any = (FORMAT.open.unwrap())(std::slice::from_ref(&file), &opening(Some(Place::new(0, line)), line > 6));
    }

    #[test]
    fn a_printed_rule_is_read_as_it_was(
        verb in proptest::sample::select(vec!["ALLOW", "DENY", "REJECT", "LIMIT"]),
        octet in 0_u8..=255, length in 8_u8..=32, ports in "[1-9][0-9]{0,3}(,[1-9][0-9]{0,3}){0,3}",
    ) {
        let network = ipnet::Ipv4Net::new(std::net::Ipv4Addr::new(27, octet, 0, 0), length).unwrap().trunc();
        let listed = format!("Status: active\n{:<26} {:<12}{:<26}\n", format!("{ports}/tcp"), format!("{verb} IN"), network);
        let added = format!("ufw {} from {network} to any port {ports} proto tcp\n", verb.to_lowercase());
        let saved = format!(
            ":ufw-user-input - [0:0]\n### tuple ### {} tcp {ports} 0.0.0.0/0 any {network} in\n", verb.to_lowercase()
        );
        // The last rule but the one for the default.
        let rules = |text: &str| read(text).chains[0].rules.iter().rev().nth(1).map(|rule| rule.when.clone());
        prop_assert_eq!(rules(&listed), rules(&added));
        prop_assert_eq!(rules(&listed), rules(&saved));
    }
}
