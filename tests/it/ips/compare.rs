//! What is different between two lists: by addresses, services, ports and announcements. Expected values are worked out by hand.

use std::net::IpAddr;

use ipnet::IpNet;
use jiff::civil::date;
use proptest::prelude::{Strategy, any, prop, prop_assert, prop_assert_eq, proptest};
use scraplens::{
    acl::{Addresses, File, list::RangeList},
    ips::{
        self,
        report::{IpsDiff, Share},
    },
    kakao::{Kakao, NetworkKind},
};

use super::stub::{CHANGED, DOCUMENTED};

const PASTED: &str = include_str!("../../fixtures/ips/pasted-2021.txt");

fn list(text: &str) -> RangeList {
    RangeList::parse(&File::new("list", text), 5000).unwrap()
}

fn kakao(is: impl Fn(NetworkKind) -> bool) -> Addresses {
    let kakao = Kakao::embedded().unwrap();
    kakao.networks.iter().filter(|network| is(network.kind)).flat_map(|network| network.value.clone()).collect()
}

fn announced() -> RangeList {
    RangeList::announced(kakao(|kind| kind == NetworkKind::Callers).networks(), "2026-06-17")
}

fn compare_on(day: jiff::civil::Date, old: &RangeList, new: &RangeList) -> IpsDiff {
    ips::compare(old, new, day, &kakao(|kind| kind != NetworkKind::Cloud), &ips::words().unwrap())
}

fn compare(old: &RangeList, new: &RangeList) -> IpsDiff {
    compare_on(date(2026, 11, 23), old, new)
}

/// Service, added, removed, added ports, removed ports.
fn told(diff: &IpsDiff) -> Vec<(Option<&str>, String, String, String)> {
    let service = |service: &ips::report::ServiceDiff| {
        (
            service.added.join(" "),
            service.removed.join(" "),
            format!("{:?}{:?}", service.added_ports, service.removed_ports),
        )
    };
    diff.services
        .iter()
        .map(|found| {
            let (added, removed, ports) = service(found);
            (found.service.as_deref(), added, removed, ports)
        })
        .collect()
}

#[test]
fn addresses_ports_and_announcements_are_compared_and_other_slices_are_no_change() {
    let diff = compare(&list(DOCUMENTED), &list(CHANGED));

    let text = str::to_owned;
    assert_eq!(
        told(&diff),
        [
            (Some("callback"), text(""), text(""), text("[8443][]")),
            (Some("scrap"), text("220.64.100.0/22"), text(""), text("[][]")),
            (Some("https://kapi.kakao.com"), text(""), text("211.183.208.37/32"), text("[][]")),
        ],
        "callback and scrap are cut into other networks, too"
    );
    let days = |days: &[ips::report::ChangeDay]| -> Vec<(String, String)> {
        let ranges = |day: &ips::report::ChangeDay| {
            day.changes.iter().flat_map(|change| change.ranges.clone()).collect::<Vec<_>>()
        };
        days.iter().map(|day| (day.date.clone().unwrap(), ranges(day).join(" "))).collect()
    };
    assert_eq!(days(&diff.announced), [(text("2100-02-15"), text("211.231.100.0/22"))]);
    assert_eq!(
        days(&diff.withdrawn),
        [(text("2099-12-01"), text("121.53.80.0/21")), (text("2100-01-15"), text("211.231.100.0/22"))]
    );
    assert!(!diff.same && diff.lines.is_empty());
}

#[test]
fn a_change_that_was_announced_is_no_difference_when_its_day_has_come() {
    let before = r#"{"inbound":[{"service":"scrap","ips":["27.0.236.0/22","211.231.100.0/22"],"ports":[443],
        "addition":{"ips":["121.53.80.0/21"],"scheduledDate":"2026.12.01"},
        "exclusion":{"ips":["211.231.100.0/23"],"scheduledDate":"2026-12-01T00:00:00+09:00"}}]}"#;
    let after = r#"{"inbound":[{"service":"scrap","ips":["27.0.236.0/22","211.231.102.0/23","121.53.80.0/21"],"ports":[443]}]}"#;
    let on = |day| compare_on(date(2026, 12, day), &list(before), &list(after));

    assert!(on(1).same && on(31).same, "{:#?}", on(1));
    let early = compare_on(date(2026, 11, 30), &list(before), &list(after));
    assert_eq!(
        told(&early),
        [(Some("scrap"), "121.53.80.0/21".to_owned(), "211.231.100.0/23".to_owned(), "[][]".to_owned())],
        "it came a day before it was announced for"
    );
    let days_left = |diff: IpsDiff| diff.withdrawn.iter().map(|day| day.days_left).collect::<Vec<_>>();
    assert_eq!(days_left(early), [Some(1), Some(1)], "two ways to write a day");
}

#[test]
fn a_day_that_cannot_be_read_is_not_taken_for_over() {
    for day in ["soon", "2026-13-45", "12월 1일", ""] {
        let text = format!(
            r#"{{"inbound":[{{"service":"scrap","ips":["27.0.236.0/22"],"ports":[443],"exclusion":{{"ips":["27.0.236.0/22"],"when":"{day}"}}}}]}}"#
        );
        let plain = r#"{"inbound":[{"service":"scrap","ips":["27.0.236.0/22"],"ports":[443]}]}"#;
        let diff = compare(&list(plain), &list(&text));
        assert!(diff.services.is_empty() && diff.announced.len() == 1, "{day}: {diff:#?}");
        assert_eq!(diff.announced[0].days_left, None, "{day}");
    }
}

#[test]
fn the_list_that_blogs_have_passed_on_since_2021_is_not_enough() {
    let pasted = list(PASTED);
    let diff = compare(&pasted, &announced());

    assert_eq!(diff.lines.len(), 22);
    let strange = diff.lines.iter().filter(|line| line.kakao == Share::Nothing).count();
    assert_eq!(strange, 14, "14 of the 22 hold no address that a network of Kakao's announces");
    assert!(diff.headline.en.contains("not enough") && diff.headline.ko.contains("부족"), "{:?}", diff.headline);
    let missing: Addresses =
        diff.services.iter().flat_map(|service| &service.added).map(|cidr| cidr.parse::<IpNet>().unwrap()).collect();
    // Scrapes that sites saw from 2018 to 2025.
    let seen = "27.0.238.117 211.231.103.107 211.249.201.138 121.53.83.7 210.220.73.2 220.64.100.6 220.64.106.1 220.64.105.250 \
        121.53.180.253 211.249.218.1 210.220.86.0";
    let outside = |address: &&str| {
        !Addresses::from(IpNet::from(address.parse::<IpAddr>().unwrap())).is_subset(&pasted.addresses())
    };
    let (lacking, known): (Vec<&str>, Vec<&str>) = seen.split_whitespace().partition(outside);
    assert_eq!((lacking.len(), known), (9, vec!["27.0.238.117", "211.231.103.107"]));
    for address in lacking {
        let address: IpAddr = address.parse().unwrap();
        assert!(Addresses::from(IpNet::from(address)).is_subset(&missing), "{address} is missing, and that is said");
    }
}

#[test]
fn a_list_of_ones_own_is_told_what_it_lacks_by_service_and_what_it_has_too_much() {
    let own = list("27.0.236.0/23\n203.0.113.0/24\n198.51.100.0/24\n");
    let diff = compare(&own, &list(DOCUMENTED));

    let text = str::to_owned;
    assert_eq!(
        told(&diff),
        [
            (Some("scrap"), text("27.0.238.0/23 211.231.100.0/22 2404:4600:6::/48"), text(""), text("[][]")),
            (None, text(""), text("198.51.100.0/24"), text("[][]")),
        ]
    );
    let shares: Vec<_> = diff.lines.iter().map(|line| (line.listed, line.kakao)).collect();
    assert_eq!(shares, [(Share::All, Share::All), (Share::All, Share::Nothing), (Share::Nothing, Share::Nothing)]);

    let more = list("27.0.236.0/22\n203.0.113.0/24\n211.231.100.0/22\n2404:4600:6::/48\n8.8.8.0/24\n");
    assert!(compare(&more, &list(DOCUMENTED)).headline.en.contains("lacks nothing"));
    let enough = list("27.0.236.0/22\n203.0.113.0/24\n211.231.100.0/22\n2404:4600:6::/48\n");
    assert!(compare(&enough, &list(DOCUMENTED)).same);
}

/// Networks, and the same cut in two wherever `cuts` says so.
fn sliced() -> impl Strategy<Value = (Vec<IpNet>, Vec<IpNet>)> {
    prop::collection::vec((any::<u32>(), 12_u8..=31, any::<bool>()), 1..20).prop_map(|networks| {
        let mut whole = Vec::new();
        let mut cut = Vec::new();
        for (address, length, halve) in networks {
            let network = IpNet::new(std::net::Ipv4Addr::from_bits(address).into(), length).unwrap().trunc();
            whole.push(network);
            if halve {
                cut.extend(network.subnets(length + 1).unwrap());
            } else {
                cut.push(network);
            }
        }
        cut.reverse();
        (whole, cut)
    })
}

fn answer(networks: &[IpNet]) -> String {
    let ips: Vec<String> = networks.iter().map(ToString::to_string).collect();
    serde_json::json!({ "inbound": [{ "service": "scrap", "ips": ips, "ports": [443] }] }).to_string()
}

proptest! {
    #[test]
    fn other_slices_of_the_same_addresses_are_no_change((whole, cut) in sliced()) {
        prop_assert!(compare(&list(&answer(&whole)), &list(&answer(&cut))).same);
    }

    #[test]
    fn what_is_added_and_removed_leads_from_one_list_to_the_other((old, _) in sliced(), (new, _) in sliced()) {
        let diff = compare(&list(&answer(&old)), &list(&answer(&new)));
        let set = |of: &dyn Fn(&ips::report::ServiceDiff) -> Vec<String>| -> Addresses {
            diff.services.iter().flat_map(of).map(|cidr| cidr.parse::<IpNet>().unwrap()).collect()
        };
        let (added, removed) = (set(&|service| service.added.clone()), set(&|service| service.removed.clone()));
        let (old, new): (Addresses, Addresses) = (old.into_iter().collect(), new.into_iter().collect());
        prop_assert!(added.intersection(&removed).is_empty());
        prop_assert_eq!(old.difference(&removed).union(&added), new);
    }

    #[test]
    fn no_text_makes_a_list_by_accident_or_breaks_anything(text in any::<String>()) {
        prop_assert!(ips::accept("any", &text, 100).is_err());
    }

    #[test]
    fn a_torn_answer_is_never_a_list(at in 0..DOCUMENTED.len()) {
        if let Some(torn) = DOCUMENTED.get(..at).filter(|torn| torn.trim_end() != DOCUMENTED.trim_end()) {
            prop_assert!(ips::accept("torn", torn, 100).is_err());
        }
    }
}
