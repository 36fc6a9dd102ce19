//! Sets of IP addresses of both families, from and to CIDR notation (RFC 4632, RFC 4291). It knows no rules.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::Ranges;

/// An address family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

impl Family {
    /// Both, in the order of every output.
    pub const BOTH: [Self; 2] = [Self::V4, Self::V6];

    /// Bits of an address.
    pub fn bits(self) -> u8 {
        match self {
            Self::V4 => 32,
            Self::V6 => 128,
        }
    }

    /// The largest address, as a number.
    pub fn max(self) -> u128 {
        match self {
            Self::V4 => u128::from(u32::MAX),
            Self::V6 => u128::MAX,
        }
    }

    /// The family of an address.
    pub fn of(address: IpAddr) -> Self {
        if address.is_ipv4() { Self::V4 } else { Self::V6 }
    }

    /// A number as an address of this family.
    pub fn address(self, number: u128) -> IpAddr {
        match self {
            Self::V4 => Ipv4Addr::from_bits(u32::try_from(number).unwrap_or(u32::MAX)).into(),
            Self::V6 => Ipv6Addr::from_bits(number).into(),
        }
    }
}

/// An address as a number.
pub fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits(),
    }
}

/// The first and the last address of a network, as numbers.
pub fn bounds(network: IpNet) -> (u128, u128) {
    (number(network.network()), number(network.broadcast()))
}

/// A set of addresses, one set of numbers per family.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Addresses {
    /// IPv4.
    pub v4: Ranges,
    /// IPv6.
    pub v6: Ranges,
}

impl FromIterator<IpNet> for Addresses {
    fn from_iter<I: IntoIterator<Item = IpNet>>(networks: I) -> Self {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for network in networks {
            match network {
                IpNet::V4(_) => v4.push(bounds(network)),
                IpNet::V6(_) => v6.push(bounds(network)),
            }
        }
        Self { v4: v4.into_iter().collect(), v6: v6.into_iter().collect() }
    }
}

impl From<IpNet> for Addresses {
    fn from(network: IpNet) -> Self {
        Self::from_iter([network])
    }
}

impl Addresses {
    /// Every address of both families.
    pub fn all() -> Self {
        Self { v4: Ranges::one(0, Family::V4.max()), v6: Ranges::one(0, Family::V6.max()) }
    }

    /// Addresses of one family.
    pub fn of(family: Family, ranges: Ranges) -> Self {
        match family {
            Family::V4 => Self { v4: ranges, v6: Ranges::empty() },
            Family::V6 => Self { v4: Ranges::empty(), v6: ranges },
        }
    }

    /// Those of one family.
    pub fn family(&self, family: Family) -> &Ranges {
        match family {
            Family::V4 => &self.v4,
            Family::V6 => &self.v6,
        }
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.v4.is_empty() && self.v6.is_empty()
    }

    /// The addresses in either set.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self { v4: self.v4.union(&other.v4), v6: self.v6.union(&other.v6) }
    }

    /// The addresses in both sets.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self { v4: self.v4.intersection(&other.v4), v6: self.v6.intersection(&other.v6) }
    }

    /// The addresses of this set that are not in the other.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        Self { v4: self.v4.difference(&other.v4), v6: self.v6.difference(&other.v6) }
    }

    /// Whether every address of this set is in the other.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.v4.is_subset(&other.v4) && self.v6.is_subset(&other.v6)
    }

    /// The fewest networks that hold exactly these addresses, IPv4 first.
    pub fn networks(&self) -> Vec<IpNet> {
        Family::BOTH
            .into_iter()
            .flat_map(|family| self.family(family).iter().flat_map(move |(from, to)| networks(family, from, to)))
            .collect()
    }

    /// Reads `ADDRESS`, `ADDRESS/PREFIX`, `ADDRESS/NETMASK` or `ADDRESS-ADDRESS`, host bits allowed, as netfilter and most
    /// servers do. An IPv4 address in IPv6 clothes (`::ffff:192.0.2.1`) stays IPv6: whether it means IPv4 is the format's to say.
    ///
    /// ```
    /// use scraplens::acl::Addresses;
    ///
    /// let set = Addresses::parse("27.0.236.0/255.255.252.0")?;
    /// assert_eq!(set.networks()[0].to_string(), "27.0.236.0/22");
    /// assert_eq!(Addresses::parse("27.0.236.0-27.0.237.255")?.networks()[0].to_string(), "27.0.236.0/23");
    /// # Ok::<(), scraplens::acl::NotAddresses>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, NotAddresses> {
        let wrong = |why: &'static str| NotAddresses { text: text.to_owned(), why };
        if let Some((from, to)) = text.split_once('-') {
            let from: IpAddr = from.trim().parse().map_err(|_not| wrong("the range does not start with an address"))?;
            let to: IpAddr = to.trim().parse().map_err(|_not| wrong("the range does not end with an address"))?;
            if from.is_ipv4() != to.is_ipv4() {
                return Err(wrong("the range starts in one address family and ends in the other"));
            }
            if number(from) > number(to) {
                return Err(wrong("the range ends before it starts"));
            }
            return Ok(Self::of(Family::of(from), Ranges::one(number(from), number(to))));
        }
        let Some((address, mask)) = text.split_once('/') else {
            let address: IpAddr = text.parse().map_err(|_not| wrong("neither an address nor a network"))?;
            return Ok(IpNet::from(address).into());
        };
        let address: IpAddr = address.parse().map_err(|_not| wrong("the part before / is not an address"))?;
        if let Ok(length) = mask.parse::<u8>() {
            return IpNet::new(address, length).map(Self::from).map_err(|_long| wrong("the prefix is too long"));
        }
        let mask: IpAddr =
            mask.parse().map_err(|_not| wrong("the part after / is neither a prefix length nor a netmask"))?;
        IpNet::with_netmask(address, mask).map(Self::from).map_err(|_gaps| wrong("the netmask has gaps"))
    }
}

/// The fewest networks of a family that hold exactly `from..=to`, in order.
///
/// ```
/// use scraplens::acl::{Family, networks};
///
/// let found: Vec<String> = networks(Family::V4, 1, 6).map(|network| network.to_string()).collect();
/// assert_eq!(found, ["0.0.0.1/32", "0.0.0.2/31", "0.0.0.4/31", "0.0.0.6/32"]);
/// ```
pub fn networks(family: Family, from: u128, to: u128) -> impl Iterator<Item = IpNet> {
    let mut next = Some(from).filter(|_| from <= to && to <= family.max());
    std::iter::from_fn(move || {
        let at = next?;
        // As large as the alignment of its first address allows, and as what is left allows.
        let aligned =
            if at == 0 { u32::from(family.bits()) } else { at.trailing_zeros().min(u32::from(family.bits())) };
        let left = (to - at).checked_add(1).map_or(128, |count| count.ilog2());
        let host_bits = aligned.min(left);
        let last = if host_bits >= 128 { u128::MAX } else { at + ((1_u128 << host_bits) - 1) };
        next = last.checked_add(1).filter(|after| *after <= to);
        let length = u8::try_from(u32::from(family.bits()) - host_bits).ok()?;
        match family.address(at) {
            IpAddr::V4(address) => Ipv4Net::new(address, length).map(IpNet::V4).ok(),
            IpAddr::V6(address) => Ipv6Net::new(address, length).map(IpNet::V6).ok(),
        }
    })
}

/// A text that names no addresses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct NotAddresses {
    text: String,
    why: &'static str,
}

impl fmt::Display for NotAddresses {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}`: {}", self.text, self.why)
    }
}
