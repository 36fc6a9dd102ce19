//! Everybody else, by sample: whether the addresses in a log are those of who asks, or of a proxy that asks for everybody.

use std::{collections::BTreeMap, net::IpAddr};

use crate::accesslog::is_private;

/// Addresses of requests that are not Kakao's, as far as they were looked at.
#[derive(Debug, Clone, Default)]
pub struct Elsewhere {
    by_address: BTreeMap<IpAddr, u64>,
    /// Requests that were looked at.
    pub requests: u64,
    private: u64,
}

/// Different addresses that are kept; a proxy shows among the first.
const ADDRESSES: usize = 1_000;

impl Elsewhere {
    pub(super) fn add(&mut self, address: Option<IpAddr>) {
        self.requests += 1;
        let Some(address) = address else { return };
        self.private += u64::from(is_private(address));
        if self.by_address.len() < ADDRESSES || self.by_address.contains_key(&address) {
            *self.by_address.entry(address).or_default() += 1;
        }
    }

    /// Requests from each of the addresses that were kept.
    pub fn requests_by_address(&self) -> impl Iterator<Item = (IpAddr, u64)> {
        self.by_address.iter().map(|(address, requests)| (*address, *requests))
    }

    /// Whether all of them came from private addresses.
    pub fn only_private(&self) -> bool {
        self.requests > 0 && self.private == self.requests
    }
}
