//! IPv4 addresses inside IPv6 addresses: what a NAT64 or an ISATAP tunnel would reach in the end.
//! Not a judgement of them, and not IPv4-mapped addresses, which the standard library unwraps.

use std::net::{Ipv4Addr, Ipv6Addr};

use ipnet::Ipv6Net;
use serde::{Deserialize, Deserializer, de};

/// What a NAT64 makes of an address.
pub(super) enum Translation {
    /// It is in no configured prefix.
    None,
    /// It goes on as IPv4.
    To(Ipv4Addr),
    /// It is in a prefix, and no IPv4 address can be read from it.
    Malformed,
}

impl Translation {
    /// The longest prefix that holds the address says how to read it.
    pub(super) fn of(ip: Ipv6Addr, prefixes: &[Ipv6Net]) -> Self {
        let holding = prefixes.iter().filter(|prefix| prefix.contains(&ip));
        match holding.max_by_key(|prefix| prefix.prefix_len()) {
            None => Self::None,
            Some(prefix) => nat64(ip, *prefix).map_or(Self::Malformed, Self::To),
        }
    }

    pub(super) fn carried(&self) -> Option<Ipv4Addr> {
        match self {
            Self::To(v4) => Some(*v4),
            Self::None | Self::Malformed => None,
        }
    }
}

/// The IPv4 end of an ISATAP tunnel. The interface id is `5efe` and the address, with the "u" bit set
/// if that is globally unique (RFC 5214, 6.1); a stranger may have set the bit either way.
pub(super) fn isatap(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    match ip.segments() {
        [_, _, _, _, 0 | 0x0200, 0x5efe, high, low] => {
            Some(Ipv4Addr::from_bits((u32::from(high) << 16) | u32::from(low)))
        }
        _ => None,
    }
}

/// The IPv4 address inside `ip`, which lies in the NAT64 `prefix` (RFC 6052, 2.2).
/// `None` if RFC 6052 knows no prefix of that length, or the octet it leaves out is not zero.
fn nat64(ip: Ipv6Addr, prefix: Ipv6Net) -> Option<Ipv4Addr> {
    const LEFT_OUT: usize = 8; // the octet of bits 64 to 71
    let first = match prefix.prefix_len() {
        32 => 4,
        40 => 5,
        48 => 6,
        56 => 7,
        64 => 8,
        96 => 12,
        _ => return None,
    };
    let tail = || ip.octets().into_iter().enumerate().skip(first);
    if tail().any(|(at, octet)| at == LEFT_OUT && octet != 0) {
        return None;
    }
    let v4 = tail().filter(|(at, _)| *at != LEFT_OUT).take(4);
    let bits = v4.fold(0, |bits, (_, octet)| (bits << 8) | u32::from(octet));
    Some(Ipv4Addr::from_bits(bits))
}

/// Reads `egress.nat64_prefixes` and refuses lengths that RFC 6052 does not know.
pub(super) fn nat64_prefixes<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<Ipv6Net>, D::Error> {
    let prefixes = Vec::<Ipv6Net>::deserialize(input)?;
    let odd = |net: &&Ipv6Net| !matches!(net.prefix_len(), 32 | 40 | 48 | 56 | 64 | 96);
    match prefixes.iter().find(odd) {
        None => Ok(prefixes),
        Some(net) => Err(de::Error::custom(format!(
            "{net} cannot be a NAT64 prefix; write one of length 32, 40, 48, 56, 64 or 96 (RFC 6052, 2.2), \
             such as 64:ff9b::/96"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nat64_addresses_are_decoded_as_the_table_of_rfc_6052_has_it() {
        for (prefix, address) in [
            ("2001:db8::/32", "2001:db8:c000:221::"),
            ("2001:db8:100::/40", "2001:db8:1c0:2:21::"),
            ("2001:db8:122::/48", "2001:db8:122:c000:2:2100::"),
            ("2001:db8:122:300::/56", "2001:db8:122:3c0:0:221::"),
            ("2001:db8:122:344::/64", "2001:db8:122:344:c0:2:2100::"),
            ("2001:db8:122:344::/96", "2001:db8:122:344::192.0.2.33"),
            ("64:ff9b::/96", "64:ff9b::c000:221"),
        ] {
            let decoded = nat64(address.parse().unwrap(), prefix.parse().unwrap());
            assert_eq!(decoded, Some(Ipv4Addr::new(192, 0, 2, 33)), "{address} in {prefix}");
        }
    }

    #[test]
    fn a_nat64_address_with_a_wrong_prefix_length_or_middle_octet_is_not_decoded() {
        let address = "2001:db8:122:c000:102:2100::".parse().unwrap();
        for prefix in ["2001:db8::/48", "2001:db8::/33", "2001:db8::/128", "::/0"] {
            assert_eq!(nat64(address, prefix.parse().unwrap()), None, "{prefix}");
        }
    }
}
