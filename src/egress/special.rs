//! The address ranges that no fetch may enter, and what each is called.
//! Not the decision: `EgressPolicy::permit` weighs these against what the operator wrote.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

use super::embedded;

/// Why an address or a port is denied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// The port is not one of `egress.ports`.
    Port,
    /// The operator denies it in `egress.deny`.
    Operator,
    /// Where a cloud tells its machines their names and keys.
    Metadata,
    /// Azure's `WireServer`: a public address that only Azure's own machines reach.
    Platform,
    /// `0.0.0.0` and `::`, which many systems dial as themselves.
    Unspecified,
    /// The rest of 0.0.0.0/8, "this network" (RFC 791).
    ThisNetwork,
    /// This machine itself.
    Loopback,
    /// RFC 1918.
    Private,
    /// Carrier-grade NAT (RFC 6598).
    Shared,
    /// One cable long.
    LinkLocal,
    /// `fc00::/7` (RFC 4193).
    UniqueLocal,
    /// `fec0::/10`, given up by RFC 3879 but still routed inside some networks.
    SiteLocal,
    /// IETF protocol assignments (RFC 6890, RFC 2928).
    Protocol,
    /// Addresses for books (RFC 5737, RFC 3849, RFC 9637).
    Documentation,
    /// For measuring network gear (RFC 2544, RFC 5180).
    Benchmarking,
    /// Many receivers.
    Multicast,
    /// Everybody on the network.
    Broadcast,
    /// 240.0.0.0/4, never given out.
    Reserved,
    /// An IPv4 address behind a 6to4 relay (RFC 3056, RFC 7526).
    SixToFour,
    /// An IPv4 address behind a Teredo server (RFC 4380).
    Teredo,
    /// An IPv4 address behind a NAT64 whose prefix is not configured (RFC 6052, RFC 8215).
    Nat64,
    /// An IPv4 address behind a stateless translator (RFC 2765).
    Siit,
    /// `::a.b.c.d` (RFC 4291, 2.5.5.1).
    V4Compatible,
    /// A tunnel to an IPv4 address that is denied itself (RFC 5214).
    Isatap,
    /// A black hole (RFC 6666).
    Discard,
    /// IPv6 outside `2000::/3`, the only part that is given out to the Internet.
    NotGlobal,
}

impl Class {
    /// Stable kebab-case name, for metrics and the API.
    pub fn code(self) -> &'static str {
        self.words().0
    }

    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Port => ("port", "a port outside egress.ports"),
            Self::Operator => ("operator", "an address that egress.deny lists"),
            Self::Metadata => ("metadata", "the cloud metadata address"),
            Self::Platform => ("platform", "the Azure platform address"),
            Self::Unspecified => ("unspecified", "the unspecified address"),
            Self::ThisNetwork => ("this-network", "an address of \"this network\" (RFC 791)"),
            Self::Loopback => ("loopback", "a loopback address"),
            Self::Private => ("private", "a private address (RFC 1918)"),
            Self::Shared => ("shared", "a carrier-grade NAT address (RFC 6598)"),
            Self::LinkLocal => ("link-local", "a link-local address"),
            Self::UniqueLocal => ("unique-local", "a unique local address (RFC 4193)"),
            Self::SiteLocal => ("site-local", "a site-local address (RFC 3879)"),
            Self::Protocol => ("protocol", "an address for IETF protocols (RFC 6890)"),
            Self::Documentation => ("documentation", "a documentation address"),
            Self::Benchmarking => ("benchmarking", "a benchmarking address (RFC 2544)"),
            Self::Multicast => ("multicast", "a multicast address"),
            Self::Broadcast => ("broadcast", "the broadcast address"),
            Self::Reserved => ("reserved", "a reserved address"),
            Self::SixToFour => ("6to4", "a 6to4 address"),
            Self::Teredo => ("teredo", "a Teredo address"),
            Self::Nat64 => ("nat64", "a NAT64 address outside egress.nat64_prefixes"),
            Self::Siit => ("siit", "an IPv4-translated address (SIIT)"),
            Self::V4Compatible => ("v4-compatible", "an IPv4-compatible IPv6 address"),
            Self::Isatap => ("isatap", "an ISATAP tunnel to a denied IPv4 address"),
            Self::Discard => ("discard", "a discard-only address (RFC 6666)"),
            Self::NotGlobal => ("not-global", "an address outside 2000::/3"),
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words().1)
    }
}

/// The reason to stay away from `ip`, or `None` if it is an ordinary public address.
/// Expects the canonical form: IPv4 as IPv4, not as `::ffff:a.b.c.d`.
pub(super) fn class_of(ip: IpAddr) -> Option<Class> {
    match ip {
        IpAddr::V4(v4) => class_of_v4(v4),
        IpAddr::V6(v6) => class_of_v6(v6),
    }
}

fn class_of_v4(ip: Ipv4Addr) -> Option<Class> {
    let row = V4.iter().find(|(net, _)| net.contains(&ip));
    row.map(|(_, class)| *class)
}

fn class_of_v6(ip: Ipv6Addr) -> Option<Class> {
    let row = V6.iter().find(|(net, _)| net.contains(&ip));
    if let Some((_, class)) = row {
        return Some(*class);
    }
    if !GLOBAL_UNICAST.contains(&ip) {
        return Some(Class::NotGlobal);
    }
    embedded::isatap(ip).and_then(class_of_v4).map(|_| Class::Isatap)
}

const fn v4(a: u8, b: u8, c: u8, d: u8, length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), length)
}

const fn v6(bits: u128, length: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::from_bits(bits), length)
}

const GLOBAL_UNICAST: Ipv6Net = v6(0x2000 << 112, 3);

/// The first row that holds the address names it, so single addresses stand before their ranges.
/// IANA's special-purpose registry, read 2026-11, and the addresses of the clouds.
const V4: &[(Ipv4Net, Class)] = &[
    (v4(169, 254, 169, 254, 32), Class::Metadata), // AWS, Google, Azure, most others
    (v4(169, 254, 170, 2, 32), Class::Metadata),   // AWS ECS, the task's keys
    (v4(100, 100, 100, 200, 32), Class::Metadata), // Alibaba
    (v4(192, 0, 0, 192, 32), Class::Metadata),     // Oracle
    (v4(168, 63, 129, 16, 32), Class::Platform),
    (v4(0, 0, 0, 0, 32), Class::Unspecified),
    (v4(0, 0, 0, 0, 8), Class::ThisNetwork),
    (v4(10, 0, 0, 0, 8), Class::Private),
    (v4(100, 64, 0, 0, 10), Class::Shared),
    (v4(127, 0, 0, 0, 8), Class::Loopback),
    (v4(169, 254, 0, 0, 16), Class::LinkLocal),
    (v4(172, 16, 0, 0, 12), Class::Private),
    (v4(192, 0, 0, 0, 24), Class::Protocol),
    (v4(192, 0, 2, 0, 24), Class::Documentation),
    (v4(192, 88, 99, 0, 24), Class::SixToFour),
    (v4(192, 168, 0, 0, 16), Class::Private),
    (v4(198, 18, 0, 0, 15), Class::Benchmarking),
    (v4(198, 51, 100, 0, 24), Class::Documentation),
    (v4(203, 0, 113, 0, 24), Class::Documentation),
    (v4(224, 0, 0, 0, 4), Class::Multicast),
    (v4(255, 255, 255, 255, 32), Class::Broadcast),
    (v4(240, 0, 0, 0, 4), Class::Reserved),
];

/// Inside `2000::/3` these rows deny; outside it everything is denied and they only name it.
const V6: &[(Ipv6Net, Class)] = &[
    (v6(0xfd00_0ec2 << 96 | 0x254, 128), Class::Metadata), // AWS
    (v6(0xfd20_00ce << 96 | 0x254, 128), Class::Metadata), // Google
    (v6(0, 128), Class::Unspecified),
    (v6(1, 128), Class::Loopback),
    (v6(0, 96), Class::V4Compatible),
    (v6(0xffff << 48, 96), Class::Siit),
    (v6(0x0064_ff9b << 96, 96), Class::Nat64),
    (v6(0x0064_ff9b_0001 << 80, 48), Class::Nat64),
    (v6(0x0100 << 112, 64), Class::Discard),
    (v6(0x2001 << 112, 32), Class::Teredo),
    (v6(0x2001_0002 << 96, 48), Class::Benchmarking),
    (v6(0x2001 << 112, 23), Class::Protocol),
    (v6(0x2001_0db8 << 96, 32), Class::Documentation),
    (v6(0x2002 << 112, 16), Class::SixToFour),
    (v6(0x3fff << 112, 20), Class::Documentation),
    (v6(0xfc00 << 112, 7), Class::UniqueLocal),
    (v6(0xfe80 << 112, 10), Class::LinkLocal),
    (v6(0xfec0 << 112, 10), Class::SiteLocal),
    (v6(0xff00 << 112, 8), Class::Multicast),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn class(address: &str) -> Option<Class> {
        class_of(address.parse().unwrap())
    }

    /// A range's first and last address, and the public addresses before and after it.
    /// Written out from reliability.md A2, not computed from the tables above.
    const RANGES: &[([&str; 2], &[&str])] = &[
        (["0.0.0.0", "0.255.255.255"], &["1.0.0.0"]),
        (["10.0.0.0", "10.255.255.255"], &["9.255.255.255", "11.0.0.0"]),
        (["100.64.0.0", "100.127.255.255"], &["100.63.255.255", "100.128.0.0"]),
        (["127.0.0.0", "127.255.255.255"], &["126.255.255.255", "128.0.0.0"]),
        (["168.63.129.16", "168.63.129.16"], &["168.63.129.15", "168.63.129.17"]),
        (["169.254.0.0", "169.254.255.255"], &["169.253.255.255", "169.255.0.0"]),
        (["172.16.0.0", "172.31.255.255"], &["172.15.255.255", "172.32.0.0"]),
        (["192.0.0.0", "192.0.0.255"], &["191.255.255.255", "192.0.1.0"]),
        (["192.0.2.0", "192.0.2.255"], &["192.0.1.255", "192.0.3.0"]),
        (["192.88.99.0", "192.88.99.255"], &["192.88.98.255", "192.88.100.0"]),
        (["192.168.0.0", "192.168.255.255"], &["192.167.255.255", "192.169.0.0"]),
        (["198.18.0.0", "198.19.255.255"], &["198.17.255.255", "198.20.0.0"]),
        (["198.51.100.0", "198.51.100.255"], &["198.51.99.255", "198.51.101.0"]),
        (["203.0.113.0", "203.0.113.255"], &["203.0.112.255", "203.0.114.0"]),
        (["224.0.0.0", "239.255.255.255"], &["223.255.255.255"]),
        (["240.0.0.0", "255.255.255.255"], &[]),
        (["::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"], &["2000::"]),
        (
            ["2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"],
            &["2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:200::"],
        ),
        (
            ["2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"],
            &["2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::"],
        ),
        (["2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff"], &["2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2003::"]),
        (
            ["3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"],
            &["3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "3fff:1000::"],
        ),
        (["4000::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"], &["3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"]),
    ];

    #[test]
    fn every_range_is_denied_from_its_first_to_its_last_address_and_no_further() {
        for (ends, neighbours) in RANGES {
            for end in ends {
                assert!(class(end).is_some(), "{end} must be denied");
            }
            for neighbour in *neighbours {
                assert_eq!(class(neighbour), None, "{neighbour} is public, beside {ends:?}");
            }
        }
    }

    #[test]
    fn every_odd_form_is_denied_by_its_own_name() {
        for (address, code) in [
            ("0.0.0.0", "unspecified"),
            ("0.1.2.3", "this-network"),
            ("127.0.0.53", "loopback"),
            ("10.1.2.3", "private"),
            ("172.20.0.1", "private"),
            ("192.168.0.1", "private"),
            ("100.100.0.1", "shared"),
            ("169.254.1.1", "link-local"),
            ("169.254.169.254", "metadata"),
            ("169.254.170.2", "metadata"),
            ("100.100.100.200", "metadata"),
            ("192.0.0.192", "metadata"),
            ("168.63.129.16", "platform"),
            ("192.0.0.8", "protocol"),
            ("192.0.2.1", "documentation"),
            ("198.51.100.1", "documentation"),
            ("203.0.113.1", "documentation"),
            ("192.88.99.1", "6to4"),
            ("198.19.0.1", "benchmarking"),
            ("239.255.255.250", "multicast"),
            ("250.0.0.1", "reserved"),
            ("255.255.255.255", "broadcast"),
            ("::", "unspecified"),
            ("::1", "loopback"),
            ("::127.0.0.1", "v4-compatible"),
            ("::8.8.8.8", "v4-compatible"),
            ("::ffff:0:127.0.0.1", "siit"),
            ("::ffff:0:8.8.8.8", "siit"),
            ("64:ff9b::127.0.0.1", "nat64"),
            ("64:ff9b::8.8.8.8", "nat64"),
            ("64:ff9b:1::10.0.0.1", "nat64"),
            ("64:ff9b:1:ffff:ffff:ffff:ffff:ffff", "nat64"),
            ("64:ff9b:2::", "not-global"),
            ("100::1", "discard"),
            ("100:0:0:1::1", "not-global"),
            ("2001:0:808:808::1", "teredo"),
            ("2001:2:0:1::1", "benchmarking"),
            ("2001:20::1", "protocol"),
            ("2001:db8::1", "documentation"),
            ("3fff::1", "documentation"),
            ("2002:7f00:1::", "6to4"),
            ("2002:808:808::1", "6to4"),
            ("5f00::1", "not-global"),
            ("fc00::1", "unique-local"),
            ("fd12:3456::1", "unique-local"),
            ("fd00:ec2::254", "metadata"),
            ("fd20:ce::254", "metadata"),
            ("fe80::1", "link-local"),
            ("fec0::1", "site-local"),
            ("ff02::1", "multicast"),
            ("2606:4700::5efe:10.0.0.1", "isatap"),
            ("2606:4700::200:5efe:127.0.0.1", "isatap"),
        ] {
            assert_eq!(class(address).map(Class::code), Some(code), "{address}");
        }
    }

    #[test]
    fn public_addresses_that_look_odd_are_left_alone() {
        for address in [
            "1.1.1.1",
            "8.8.8.8",
            "27.0.236.1",
            "192.31.196.1",
            "211.231.99.17",
            "2001:4860:4860::8888",
            "2400:cb00::a00:1",
            "2606:4700::5efe:8.8.8.8",
            "2606:4700::200:5efe:1.1.1.1",
            "2606:4700::100:5efe:10.0.0.1",
            "2001:718:1404:c8:0:ffff:ac19:c80e", // ruby/ipaddr #106 took it for private
        ] {
            assert_eq!(class(address), None, "{address}");
        }
    }
}
