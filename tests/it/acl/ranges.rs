//! The algebra of address ranges against the plainest model there is: one bit per number.

use proptest::prelude::*;
use scraplens::acl::{Addresses, Family, Ranges, bounds, networks};

const SIZE: u128 = 300;

fn some_ranges() -> impl Strategy<Value = Vec<(u128, u128)>> {
    proptest::collection::vec((0..SIZE, 0_u128..30).prop_map(|(from, more)| (from, (from + more).min(SIZE - 1))), 0..12)
}

fn bits(ranges: &[(u128, u128)]) -> Vec<bool> {
    (0..SIZE).map(|number| ranges.iter().any(|(from, to)| (*from..=*to).contains(&number))).collect()
}

fn bits_of(set: &Ranges) -> Vec<bool> {
    (0..SIZE).map(|number| set.contains(number)).collect()
}

proptest! {
    #[test]
    fn sets_behave_as_bitmaps_do(one in some_ranges(), two in some_ranges()) {
        let (a, b) = (bits(&one), bits(&two));
        let (left, right): (Ranges, Ranges) = (one.into_iter().collect(), two.into_iter().collect());
        let both = |join: fn(bool, bool) -> bool| a.iter().zip(&b).map(|(a, b)| join(*a, *b)).collect::<Vec<_>>();
        prop_assert_eq!(bits_of(&left), a.clone());
        prop_assert_eq!(bits_of(&left.union(&right)), both(|a, b| a || b));
        prop_assert_eq!(bits_of(&left.intersection(&right)), both(|a, b| a && b));
        prop_assert_eq!(bits_of(&left.difference(&right)), both(|a, b| a && !b));
        prop_assert_eq!(bits_of(&left.complement(SIZE - 1)), a.iter().map(|a| !a).collect::<Vec<_>>());
        prop_assert_eq!(left.is_subset(&right), both(|a, b| a && !b).iter().all(|bit| !bit));
        prop_assert_eq!(left.is_disjoint(&right), both(|a, b| a && b).iter().all(|bit| !bit));
        prop_assert_eq!(left.count(), a.iter().map(|bit| u128::from(*bit)).sum::<u128>());
    }

    #[test]
    fn a_set_is_sorted_and_its_ranges_never_touch(ranges in some_ranges()) {
        let set: Ranges = ranges.into_iter().collect();
        let parts: Vec<_> = set.iter().collect();
        prop_assert!(parts.windows(2).all(|pair| pair[0].1 + 1 < pair[1].0), "{:?}", parts);
    }

    #[test]
    fn covering_and_meeting_agree_with_the_bitmap(ranges in some_ranges(), from in 0..SIZE, more in 0_u128..40) {
        let to = (from + more).min(SIZE - 1);
        let model = bits(&ranges);
        let span = &model[usize::try_from(from).unwrap()..=usize::try_from(to).unwrap()];
        let set: Ranges = ranges.into_iter().collect();
        prop_assert_eq!(set.covers(from, to), span.iter().all(|bit| *bit));
        prop_assert_eq!(set.meets(from, to), span.iter().any(|bit| *bit));
    }

    #[test]
    fn networks_hold_exactly_their_range_and_cannot_be_fewer(from in any::<u32>(), to in any::<u32>()) {
        let (from, to) = (u128::from(from.min(to)), u128::from(from.max(to)));
        let found: Vec<_> = networks(Family::V4, from, to).collect();
        let ends: Vec<_> = found.iter().map(|network| bounds(*network)).collect();
        prop_assert_eq!(ends.first().unwrap().0, from);
        prop_assert_eq!(ends.last().unwrap().1, to);
        prop_assert!(ends.windows(2).all(|pair| pair[0].1 + 1 == pair[1].0));
        // ipnet's own aggregation finds nothing left to join.
        prop_assert_eq!(ipnet::IpNet::aggregate(&found).len(), found.len());
    }

    #[test]
    fn networks_of_ipv6_reach_both_ends_of_the_space(from in any::<u128>(), to in any::<u128>()) {
        let (from, to) = (from.min(to), from.max(to));
        let ends: Vec<_> = networks(Family::V6, from, to).map(bounds).collect();
        prop_assert_eq!((ends.first().unwrap().0, ends.last().unwrap().1), (from, to));
        prop_assert!(ends.len() <= 254);
    }

    #[test]
    fn what_is_printed_is_read_as_the_same_set(address in any::<std::net::IpAddr>(), length in 0_u8..=128) {
        let length = length.min(if address.is_ipv4() { 32 } else { 128 });
        let text = format!("{address}/{length}");
        let set = Addresses::parse(&text).unwrap();
        let [network] = set.networks()[..] else { panic!("{text} is one network") };
        prop_assert!(network.contains(&address));
        prop_assert_eq!(network.prefix_len(), length);
        prop_assert_eq!(Addresses::parse(&network.to_string()).unwrap(), set);
    }

    #[test]
    fn no_text_makes_reading_addresses_panic(text in "\\PC{0,40}", near in "[0-9a-f:./-]{0,40}") {
        let _ = Addresses::parse(&text);
        let _ = Addresses::parse(&near);
    }
}

#[test]
fn the_whole_of_each_family_is_one_network() {
    assert_eq!(Addresses::all().networks().iter().map(ToString::to_string).collect::<Vec<_>>(), ["0.0.0.0/0", "::/0"]);
}

#[test]
fn a_netmask_with_gaps_is_refused_with_its_text() {
    let error = Addresses::parse("10.0.0.1/255.0.255.0").unwrap_err();

    assert_eq!(error.to_string(), "`10.0.0.1/255.0.255.0`: the netmask has gaps");
}
