//! Addresses that are a proxy's although they are public: few of them carry the scraper's name, and most of everybody's requests too.

use std::{collections::BTreeSet, net::IpAddr};

use crate::accesslog::{Origin, Summary};

/// Addresses that stand for everybody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shared {
    /// Which.
    pub addresses: BTreeSet<IpAddr>,
    /// Requests from them that call themselves Kakao's scraper.
    pub requests: u64,
}

/// No site has more proxies than that in front of one server, as far as this is told by address.
const PROXIES: usize = 16;
/// So many other requests must have been looked at ...
const LOOKED_AT: u64 = 20;
/// ... and so many of a hundred of them must come from the same addresses.
const SHARE: u64 = 50;

impl Shared {
    /// Those among the sources of a log. None if a request came from Kakao's own networks: then addresses are real.
    pub fn among(summary: &Summary) -> Self {
        let elsewhere = &summary.elsewhere;
        if summary.may_be_kakao() > 0 || elsewhere.requests < LOOKED_AT {
            return Self::default();
        }
        let forged: Vec<(IpAddr, u64)> = summary
            .sources
            .requests()
            .filter(|(_, origin, _)| *origin == Origin::Forged)
            .map(|(address, _, requests)| (address, requests))
            .take(PROXIES + 1)
            .collect();
        let theirs = elsewhere.from(forged.iter().map(|(address, _)| *address));
        if forged.len() > PROXIES || theirs * 100 < elsewhere.requests * SHARE {
            return Self::default();
        }
        // A forger beside the proxies carries nobody else's requests.
        let shared = forged.into_iter().filter(|(address, _)| elsewhere.from([*address]) > 0);
        shared.fold(Self::default(), |mut all, (address, requests)| {
            all.addresses.insert(address);
            all.requests += requests;
            all
        })
    }
}
