//! The fewest networks that hold what must be opened and nothing but what may be.

use ipnet::IpNet;

use crate::acl::{Family, Ranges, networks};

/// The fewest networks that hold all of `must` and nothing outside `may`. `must` is a part of `may`.
pub fn cover(family: Family, must: &Ranges, may: &Ranges) -> Vec<IpNet> {
    let mut found = Vec::new();
    narrow(family, (0, family.max()), must, may, &mut found);
    found
}

/// `span` is a network. It is taken whole if it may be, else its halves are looked at.
fn narrow(family: Family, span: (u128, u128), must: &Ranges, may: &Ranges, found: &mut Vec<IpNet>) {
    let (from, to) = span;
    if !must.meets(from, to) {
        return;
    }
    if may.covers(from, to) {
        found.extend(networks(family, from, to));
        return;
    }
    if from == to {
        return; // must be opened, but may not: the caller's mistake, and closed is the safe side
    }
    let middle = from + (to - from) / 2;
    narrow(family, (from, middle), must, may, found);
    narrow(family, (middle + 1, to), must, may, found);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn covered(must: &[(u128, u128)], may: &[(u128, u128)]) -> Vec<String> {
        let must = must.iter().copied().collect();
        let may = may.iter().copied().collect::<Ranges>().union(&must);
        cover(Family::V4, &must, &may).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn neighbours_that_are_open_already_make_one_network_of_two() {
        assert_eq!(covered(&[(0, 3), (8, 15)], &[(4, 7)]), ["0.0.0.0/28"]);
        assert_eq!(covered(&[(0, 3), (8, 15)], &[]), ["0.0.0.0/30", "0.0.0.8/29"]);
    }

    proptest! {
        #[test]
        fn a_cover_holds_what_it_must_and_nothing_it_may_not(
            must in proptest::collection::vec((0_u128..512, 0_u128..40), 0..8),
            may in proptest::collection::vec((0_u128..512, 0_u128..40), 0..8),
        ) {
            let must: Ranges = must.into_iter().map(|(from, more)| (from, from + more)).collect();
            let may = may.into_iter().map(|(from, more)| (from, from + more)).collect::<Ranges>().union(&must);
            let found: Ranges = cover(Family::V4, &must, &may).into_iter().map(crate::acl::bounds).collect();
            prop_assert!(must.is_subset(&found));
            prop_assert!(found.is_subset(&may));
        }
    }
}
