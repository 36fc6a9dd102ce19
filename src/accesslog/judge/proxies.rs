//! Addresses that are a proxy's although they are public: few of them carry the scraper's name, and most of everybody's requests too.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use ipnet::IpNet;

use crate::accesslog::{Origin, Summary};

/// Addresses that stand for everybody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shared {
    /// Which.
    pub addresses: BTreeSet<IpAddr>,
    /// Requests from them that call themselves Kakao's scraper.
    pub requests: u64,
}

/// No site has more proxies, or more networks of proxies, than that in front of one server, as far as this is told here.
const PROXIES: usize = 16;
/// So many other requests must have been looked at ...
const LOOKED_AT: u64 = 20;
/// ... and so many of a hundred of them must come from the same addresses ...
const BY_ADDRESS: u64 = 50;
/// ... or from the same networks: a CDN asks from hundreds of addresses, in few of them.
const BY_NETWORK: u64 = 80;

impl Shared {
    /// Those among the sources of a log. None if a request came from Kakao's own networks: then addresses are real.
    pub fn among(summary: &Summary) -> Self {
        if summary.may_be_kakao() > 0 || summary.elsewhere.requests < LOOKED_AT {
            return Self::default();
        }
        // An address is a network of one.
        let by_address = Self::by(summary, BY_ADDRESS, IpNet::from);
        if by_address == Self::default() { Self::by(summary, BY_NETWORK, network) } else { by_address }
    }

    fn by(summary: &Summary, share: u64, network: fn(IpAddr) -> IpNet) -> Self {
        let forged = || summary.sources.requests().filter(|(_, origin, _)| *origin == Origin::Forged);
        let mut networks: BTreeMap<IpNet, u64> = BTreeMap::new();
        for (address, ..) in forged() {
            networks.insert(network(address), 0);
            if networks.len() > PROXIES {
                return Self::default();
            }
        }
        for (address, requests) in summary.elsewhere.requests_by_address() {
            if let Some(theirs) = networks.get_mut(&network(address)) {
                *theirs += requests;
            }
        }
        if networks.values().sum::<u64>() * 100 < summary.elsewhere.requests * share {
            return Self::default();
        }
        // A forger beside the proxies carries nobody else's requests.
        let carries = |address: IpAddr| networks.get(&network(address)).is_some_and(|theirs| *theirs > 0);
        forged().filter(|(address, ..)| carries(*address)).fold(Self::default(), |mut all, (address, _, requests)| {
            all.addresses.insert(address);
            all.requests += requests;
            all
        })
    }
}

/// The network that addresses of one operator share, roughly.
fn network(address: IpAddr) -> IpNet {
    let length = if address.is_ipv4() { 16 } else { 32 };
    IpNet::new(address, length).map_or(IpNet::from(address), |network| network.trunc())
}
