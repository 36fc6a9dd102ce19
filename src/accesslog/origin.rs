//! Whose an address is that calls itself Kakao's scraper. A name in a `User-Agent` proves nothing; an address proves something.

use std::net::IpAddr;

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    acl::list::{Origin as ListOrigin, RangeList},
    kakao::{Kakao, NetworkKind},
};

/// How likely it is that an address is the scraper's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = LogOrigin)] // lists of ranges have origins too
pub enum Origin {
    /// In Kakao's official list (`GET /v1/system/ips`).
    Genuine,
    /// In a network that Kakao announces, but in no official list that was given.
    Plausible,
    /// In a network of Kakao Enterprise, where anybody can rent a server.
    UnverifiedCloud,
    /// A private or shared address: a proxy stands in between, and the log does not say for whom it asked.
    Hidden,
    /// Anywhere else: the name is forged.
    Forged,
}

/// Whose an address is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whose {
    /// How likely it is the scraper's.
    pub origin: Origin,
    /// Which of the ranges it is in, as an index into [`Origins::ranges`].
    pub range: Option<usize>,
}

/// A range that is looked for in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// The network.
    pub network: ipnet::IpNet,
    /// What an address in it is.
    pub origin: Origin,
    /// `scrap`, `callback`, or the autonomous system it is announced by, such as `AS38099`.
    pub service: String,
    /// Whose it is, for people: `Kakao Corp`.
    pub holder: String,
}

/// The ranges by which addresses are told apart.
#[derive(Debug, Clone)]
pub struct Origins {
    /// Every range, most trusted first, then in the order of addresses.
    pub ranges: Vec<Range>,
}

impl Origins {
    /// The ranges of `list`, and the networks that Kakao announces. Only the answer of Kakao's own API makes an address genuine.
    pub fn new(list: &RangeList, kakao: &Kakao) -> Self {
        let official = match list.origin {
            ListOrigin::Api => Some(Origin::Genuine),
            ListOrigin::File => Some(Origin::Plausible),
            ListOrigin::Announced => None,
        };
        let listed = list.ranges.iter().filter_map(|range| {
            let holder = if list.origin == ListOrigin::Api { "Kakao".to_owned() } else { list.name.clone() };
            Some(Range { network: range.network, origin: official?, service: range.service.clone(), holder })
        });
        let announced = kakao.networks.iter().flat_map(|announced| {
            let origin = match announced.kind {
                NetworkKind::Callers | NetworkKind::Group => Origin::Plausible,
                NetworkKind::Cloud => Origin::UnverifiedCloud,
            };
            announced.value.iter().map(move |network| Range {
                network: *network,
                origin,
                service: format!("AS{}", announced.autonomous_system),
                holder: announced.holder.clone(),
            })
        });
        let mut ranges: Vec<Range> = listed.chain(announced).collect();
        ranges.sort_by_key(|range| (range.origin, range.network));
        ranges.dedup();
        Self { ranges }
    }

    /// Whose `address` is; of nested ranges of the same trust, the narrowest.
    pub fn of(&self, address: IpAddr) -> Whose {
        let address = address.to_canonical();
        let inside = self.ranges.iter().enumerate().filter(|(_, range)| range.network.contains(&address));
        match inside.min_by_key(|(_, range)| (range.origin, u8::MAX - range.network.prefix_len())) {
            Some((index, range)) => Whose { origin: range.origin, range: Some(index) },
            None if is_private(address) => Whose { origin: Origin::Hidden, range: None },
            None => Whose { origin: Origin::Forged, range: None },
        }
    }
}

/// Whether an address can only be a neighbour's: a proxy, a balancer, the machine itself (RFC 1918, 6598, 3927, 4193, 4291).
pub fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [first, second, ..] = v4.octets();
            v4.is_private() || v4.is_loopback() || v4.is_link_local() || (first == 100 && (64..128).contains(&second))
        }
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acl::File;

    fn origins(list: &str) -> Origins {
        let list = match list {
            "" => RangeList::announced([], "2026-06-17"),
            text => RangeList::parse(&File::new("ips", text), 100).unwrap(),
        };
        Origins::new(&list, &Kakao::embedded().unwrap())
    }

    fn origin(origins: &Origins, address: &str) -> Origin {
        origins.of(address.parse().unwrap()).origin
    }

    const OFFICIAL: &str = r#"{"inbound":[{"service":"scrap","ips":["27.0.238.0/24"],"ports":[80,443],"updatedDate":"2026-11-01"}],"updatedDate":"2026-11-01"}"#;

    #[test]
    fn every_observed_source_is_plausible_except_the_unconfirmed_one() {
        // Visit logs of Korean sites, 2018 to 2025.
        let observed = "27.0.238.117 211.231.103.107 211.249.201.138 121.53.83.7 210.220.73.2 220.64.100.6 220.64.106.1 220.64.105.250 \
            220.64.100.255 220.64.104.250 220.64.104.253 220.64.105.252 220.64.106.250 121.53.180.253 121.53.80.5 121.53.80.254 121.53.80.255 \
            210.220.70.7 210.220.73.7 210.220.74.5 210.220.74.248 210.220.79.5 210.220.79.248 210.220.79.249 210.220.86.0 210.220.95.2 \
            210.220.95.4 211.249.218.1 211.231.103.92 211.231.103.93 27.0.238.70 27.0.238.114 27.0.238.118 27.0.238.186 27.0.238.69 27.0.238.187";
        let origins = origins("");
        for address in observed.split_whitespace() {
            assert_eq!(origin(&origins, address), Origin::Plausible, "{address}");
        }
        assert_eq!(origin(&origins, "210.109.2.5"), Origin::Forged, "AS9848, never confirmed");
    }

    #[test]
    fn the_first_and_the_last_address_of_a_range_are_hosts() {
        let origins = origins(OFFICIAL);
        for address in ["27.0.238.0", "27.0.238.255"] {
            assert_eq!(origin(&origins, address), Origin::Genuine, "{address}");
        }
    }

    #[test]
    fn only_the_official_list_makes_an_address_genuine() {
        let official = origins(OFFICIAL);
        let own = origins("27.0.238.0/24\n198.51.100.0/24\n");
        for (origins, address, expected) in [
            (&official, "27.0.238.7", Origin::Genuine),
            (&official, "27.0.237.7", Origin::Plausible),
            (&official, "61.109.216.9", Origin::UnverifiedCloud),
            (&official, "10.0.0.4", Origin::Hidden),
            (&official, "100.64.0.4", Origin::Hidden),
            (&official, "::1", Origin::Hidden),
            (&official, "31.13.127.1", Origin::Forged),
            (&official, "::ffff:27.0.238.7", Origin::Genuine),
            (&official, "2404:4600:6::1", Origin::Plausible),
            (&own, "27.0.238.7", Origin::Plausible),
            (&own, "198.51.100.3", Origin::Plausible),
        ] {
            assert_eq!(origin(origins, address), expected, "{address}");
        }
    }

    #[test]
    fn of_nested_ranges_the_most_trusted_then_the_narrowest_is_named() {
        let origins = origins(OFFICIAL);
        let named = |address: &str| &origins.ranges[origins.of(address.parse().unwrap()).range.unwrap()];
        assert_eq!(named("27.0.238.7").service, "scrap");
        assert_eq!(named("27.0.237.7").service, "AS38099");
    }
}
