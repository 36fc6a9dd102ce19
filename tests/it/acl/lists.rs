//! The lists of ranges: Kakao's API answer, plain lists, the announced networks; and what an announced change means.

use scraplens::acl::{
    Dump, File, Question, Reading, check, layers,
    list::{ChangeKind, Origin, RangeList},
    report::{AclReport, Standing},
};

fn parse(text: &str) -> RangeList {
    RangeList::parse(&File::new("ranges", text), 100).unwrap()
}

fn error(text: &str) -> (String, String) {
    let error = RangeList::parse(&File::new("ranges.json", text), 100).unwrap_err();
    (error.to_string(), error.advice)
}

/// A firewall that lets in only these networks, asked about the list.
fn asked(allowed: &[&str], list: &RangeList, ports: &[u16], today: &str) -> AclReport {
    let rules: Vec<_> = allowed.iter().map(|network| format!("-A INPUT -s {network} -j ACCEPT")).collect();
    let rules = rules.join("\n");
    let text = format!("*filter\n:INPUT DROP [0:0]\n{rules}\nCOMMIT\n");
    let dump = Dump::new(File::new("rules.v4", &text));
    let reading = Reading::default();
    let layers = layers(&[dump], &reading).unwrap();
    let circumstances = &reading.circumstances;
    let question = Question { layers: &layers, list, ports, circumstances, limits: &reading.limits, today };
    check(&question, &scraplens::acl::words().unwrap()).unwrap()
}

const ANSWER: &str = r#"{
  "inbound": [
    { "service": "scrap", "ips": ["27.0.236.0/22", "211.231.100.0/22"], "ports": [80, 443], "updatedDate": "2026-10-01",
      "addition": { "ips": ["121.53.80.0/21"], "scheduledDate": "2026-12-01" },
      "exclusion": { "ips": ["211.231.100.0/22"], "scheduledDate": "2027-01-15" } },
    { "service": "callback", "ips": ["110.76.143.234"], "ports": [8443], "updatedDate": "2026-10-01" }
  ],
  "outbound": [ { "service": "https://kapi.kakao.com", "ips": ["121.53.92.5"], "ports": [443], "updatedDate": "2026-10-01" } ],
  "updatedDate": "2026-10-01"
}"#;

/// Network, service, ports, and what changes when.
type Told<'a> = (&'a str, &'a str, &'a [u16], Option<(ChangeKind, &'a str)>);

#[test]
fn the_answer_of_kakaos_api_is_read_with_services_ports_and_changes() {
    let list = parse(ANSWER);

    assert_eq!((list.origin, list.updated.as_deref()), (Origin::Api, Some("2026-10-01")));
    let told: Vec<_> = list
        .ranges
        .iter()
        .map(|range| {
            let change = range.change.as_ref().map(|change| (change.kind, change.date.as_deref().unwrap()));
            (range.network.to_string(), &*range.service, &*range.ports, change)
        })
        .collect();
    let expected: [Told<'_>; 4] = [
        ("27.0.236.0/22", "scrap", &[80, 443], None),
        ("211.231.100.0/22", "scrap", &[80, 443], Some((ChangeKind::Exclusion, "2027-01-15"))),
        ("121.53.80.0/21", "scrap", &[80, 443], Some((ChangeKind::Addition, "2026-12-01"))),
        ("110.76.143.234/32", "callback", &[8443], None),
    ];
    let expected: Vec<_> =
        expected.map(|(network, service, ports, change)| (network.to_owned(), service, ports, change)).into();
    assert_eq!(told, expected, "servers that a site calls (outbound) are not callers");
}

#[test]
fn each_service_is_asked_about_at_its_own_ports_unless_ports_are_given() {
    let list = parse(ANSWER);

    let ports = |asked: &AclReport, cidr: &str| {
        asked.ranges.iter().filter(|range| range.cidr == cidr).map(|range| range.port).collect::<Vec<_>>()
    };
    let own = asked(&["0.0.0.0/0"], &list, &[], "2026-11-23");
    assert_eq!(ports(&own, "27.0.236.0/22"), [80, 443]);
    assert_eq!(ports(&own, "110.76.143.234/32"), [8443]);
    let given = asked(&["0.0.0.0/0"], &list, &[9443], "2026-11-23");
    assert_eq!(ports(&given, "110.76.143.234/32"), [9443]);
}

#[test]
fn a_range_that_comes_later_counts_from_its_day_on_and_one_that_goes_until_it() {
    let list = parse(ANSWER);

    // Everything of today is open; what comes in December is not.
    let report = asked(&["27.0.236.0/22", "211.231.100.0/22", "110.76.143.234"], &list, &[443], "2026-11-23");

    assert_eq!(report.verdict, Standing::Allowed);
    let told: Vec<_> =
        report.changes.iter().map(|change| (change.date.as_deref().unwrap(), change.before, change.after)).collect();
    assert_eq!(
        told,
        [("2026-12-01", Standing::Allowed, Standing::Partial), ("2027-01-15", Standing::Partial, Standing::Partial)]
    );
    assert_eq!(report.changes[0].additions, ["121.53.80.0/21"]);
    assert_eq!(report.changes[1].exclusions, ["211.231.100.0/22"]);
    assert!(report.changes[0].message.ko.contains("허용 → 일부 허용"), "{:?}", report.changes[0].message);
}

#[test]
fn a_range_that_goes_no_longer_counts_after_its_day() {
    let list = parse(ANSWER);

    // The range that goes in January is the only one that is refused.
    let report = asked(&["27.0.236.0/22", "121.53.80.0/21", "110.76.143.234"], &list, &[443], "2026-11-23");

    assert_eq!(report.verdict, Standing::Partial);
    let finally = report.changes.last().unwrap();
    assert_eq!((finally.before, finally.after), (Standing::Partial, Standing::Allowed));
}

#[test]
fn every_answer_says_which_list_it_used_and_how_old_that_is() {
    let official = asked(&["0.0.0.0/0"], &parse(ANSWER), &[443], "2026-11-23").list;
    assert_eq!((official.official, official.age_days), (true, Some(53)));

    let announced = RangeList::announced(["27.0.236.0/22".parse().unwrap()], "2026-06-17");
    let announced = asked(&["0.0.0.0/0"], &announced, &[443], "2026-06-18").list;
    assert_eq!((announced.official, announced.age_days), (false, Some(1)));
    assert!(announced.note.en.contains("not Kakao's official list"), "{}", announced.note.en);
    assert!(announced.note.ko.contains("공식 스크랩 IP 목록이 아니"), "{}", announced.note.ko);

    let own = asked(&["0.0.0.0/0"], &parse("27.0.236.0/22"), &[443], "2026-11-23").list;
    assert_eq!((own.origin, own.official, own.age_days), (Origin::File, false, None));
}

#[test]
fn a_plain_list_may_have_comments_single_addresses_and_host_bits() {
    let list = parse("\u{feff}# our list\n27.0.238.117   # seen 2018\n\n211.231.100.7/22,\n2404:4600:6::/48\r\n");

    let networks: Vec<_> = list.ranges.iter().map(|range| range.network.to_string()).collect();
    assert_eq!(networks, ["27.0.238.117/32", "211.231.100.0/22", "2404:4600:6::/48"]);
}

#[test]
fn a_bare_json_list_of_networks_is_a_plain_list() {
    let list = parse(r#"["27.0.236.0/22", "211.231.103.107"]"#);

    assert_eq!((list.origin, list.ranges.len()), (Origin::File, 2));
}

#[test]
fn a_list_that_cannot_be_used_says_where_and_what_to_do() {
    let cases: [(&str, &str); 6] = [
        ("27.0.236.0/22\nkakao.com\n", "ranges.json, line 2, column 1: `kakao.com` is not a network"),
        ("{\"inbound\": [", "ranges.json, line 1, column 13: not JSON"),
        ("{\"outbound\": []}", "there is no list `inbound` in it"),
        ("{\"msg\": \"wrong appKey\", \"code\": -401}", "an error answer of Kakao's API: wrong appKey"),
        (
            "{\"inbound\":\n[{\"service\":\"scrap\",\n\"ips\":[\"27.0.236.0/33\"]}]}",
            "ranges.json, line 3: \"27.0.236.0/33\" is not a network",
        ),
        ("# nothing\n", "there is no range in it"),
    ];
    for (text, told) in cases {
        let (error, advice) = error(text);
        assert!(error.contains(told), "{error}");
        assert!(!advice.is_empty());
    }
}

#[test]
fn more_ranges_than_allowed_are_refused_with_the_key_to_raise() {
    let text = (0..101).map(|number| format!("27.0.{number}.0/24")).collect::<Vec<_>>().join("\n");

    let (error, advice) = error(&text);

    assert!(error.contains("101 ranges are more than 100"), "{error}");
    assert!(advice.contains("acl.max_ranges"), "{advice}");
}
