//! Whose address counts: the other end's, or the one for whom proxies say they asked. Anybody can write an `X-Forwarded-For`, so it
//! counts only where the other end is a proxy.

use std::net::IpAddr;

use ipnet::IpNet;

use super::{Entry, is_private};

/// How the client's address is found.
#[derive(Debug, Clone, Default)]
pub struct Clients {
    /// Networks of the site's own proxies, beside private addresses.
    pub proxies: Vec<IpNet>,
    /// Whether the user named the field in which the client's address stands.
    pub named: bool,
}

impl Clients {
    /// The client's address: the other end's; where that is a proxy, or the field was named, the right-most address that is no
    /// proxy's, as nginx finds it with `real_ip_recursive on`. None if the line tells no address.
    pub fn of(&self, entry: &Entry<'_>) -> Option<IpAddr> {
        let behind = self.named || entry.peer.is_none_or(|peer| self.is_proxy(peer));
        let forwarded = || entry.forwarded.iter().rev().copied().find(|address| !self.is_proxy(*address));
        behind.then(forwarded).flatten().or(entry.peer).map(|address| address.to_canonical())
    }

    fn is_proxy(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        is_private(address) || self.proxies.iter().any(|network| network.contains(&address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_proxy_is_believed() {
        let nobody = Clients::default();
        let balanced = Clients { proxies: vec!["198.51.100.0/24".parse().unwrap()], named: false };
        let named = Clients { named: true, ..Clients::default() };
        for (clients, peer, forwarded, expected, why) in [
            (&nobody, "27.0.238.7", "", "27.0.238.7", "no proxy"),
            (&nobody, "203.0.113.9", "27.0.238.7", "203.0.113.9", "a stranger forged the header"),
            (&nobody, "10.0.0.4", "27.0.238.7", "27.0.238.7", "a private peer is a proxy"),
            (&nobody, "10.0.0.4", "27.0.238.7 10.0.0.9", "27.0.238.7", "two private proxies"),
            (&nobody, "10.0.0.4", "27.0.238.7 203.0.113.9", "203.0.113.9", "what the last proxy saw counts"),
            (&nobody, "10.0.0.4", "", "10.0.0.4", "a proxy that does not say"),
            (&nobody, "10.0.0.4", "10.0.0.9", "10.0.0.4", "only proxies"),
            (&nobody, "", "27.0.238.7", "27.0.238.7", "a Unix socket"),
            (&nobody, "::ffff:27.0.238.7", "", "27.0.238.7", "IPv4 in IPv6 clothes"),
            (&nobody, "::ffff:10.0.0.4", "27.0.238.7", "27.0.238.7", "a private peer in IPv6 clothes"),
            (&balanced, "198.51.100.3", "27.0.238.7", "27.0.238.7", "a proxy that was named"),
            (&balanced, "198.51.100.3", "27.0.238.7 198.51.100.4", "27.0.238.7", "two proxies that were named"),
            (&balanced, "203.0.113.9", "27.0.238.7", "203.0.113.9", "not one of those that were named"),
            (&named, "203.0.113.9", "27.0.238.7", "27.0.238.7", "the field was named"),
            (&named, "203.0.113.9", "", "203.0.113.9", "the field was named and is empty"),
        ] {
            let forwarded = forwarded.split_whitespace().map(|address| address.parse().unwrap()).collect();
            let entry = Entry { peer: peer.parse().ok(), forwarded, ..Entry::default() };
            assert_eq!(clients.of(&entry), expected.parse().ok(), "{why}");
        }
    }
}
