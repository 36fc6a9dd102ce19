//! Our own outbound guard: which addresses and ports a fetch may dial, as a pure decision.
//! Not the lookup and not the dialling: `fetch` asks here about every address, at every hop.

mod embedded;
mod exception;
mod special;

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};

use ipnet::{IpNet, Ipv6Net};
use serde::Deserialize;

use self::embedded::Translation;
pub use self::exception::{Exception, ExceptionError};
pub use self::special::Class;

/// The `[egress]` table of the configuration.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The ports that may be dialled at any public address.
    pub ports: Vec<u16>,
    /// What is permitted although a rule below denies it.
    pub allow: Vec<Exception>,
    /// What is denied although it is public.
    pub deny: Vec<IpNet>,
    /// The prefixes of the network's own NAT64. An address inside is judged as the IPv4 address it carries;
    /// without them every NAT64 address is denied.
    #[serde(deserialize_with = "embedded::nat64_prefixes")]
    pub nat64_prefixes: Vec<Ipv6Net>,
}

/// Says of an address and port whether we may dial it.
#[derive(Debug, Clone)]
pub struct EgressPolicy {
    settings: Settings,
}

impl EgressPolicy {
    /// The policy that `settings` describe.
    pub fn new(mut settings: Settings) -> Self {
        for exception in &mut settings.allow {
            exception.net = exception::canonical(exception.net);
        }
        for net in &mut settings.deny {
            *net = exception::canonical(*net);
        }
        Self { settings }
    }

    /// Judges the address that is about to be dialled. The first of these that applies decides:
    ///
    /// 1. an exception that names the address, and the port or no port, permits;
    /// 2. a range in `egress.deny` denies;
    /// 3. a port outside `egress.ports` denies;
    /// 4. a special range denies: see [`Class`];
    /// 5. everything else is permitted.
    ///
    /// `::ffff:a.b.c.d` is the IPv4 address `a.b.c.d`, whichever of the two the operator wrote. So is an address in
    /// `egress.nat64_prefixes`, although 1 and 2 may also name it as it stands. The far end of an ISATAP tunnel only
    /// adds reasons to deny: an exception for it opens no tunnel.
    pub fn permit(&self, ip: IpAddr, port: u16) -> Result<(), Denied> {
        let dialled = ip.to_canonical();
        let (translation, tunnel) = match dialled {
            IpAddr::V4(_) => (Translation::None, None),
            IpAddr::V6(v6) => {
                let prefixes = &self.settings.nat64_prefixes;
                (Translation::of(v6, prefixes), embedded::isatap(v6))
            }
        };
        let holds = |net: &IpNet, v4: Option<Ipv4Addr>| {
            net.contains(&dialled) || v4.is_some_and(|v4| net.contains(&IpAddr::V4(v4)))
        };

        let carried = translation.carried();
        let named =
            |exception: &Exception| holds(&exception.net, carried) && exception.port.is_none_or(|open| open == port);
        if self.settings.allow.iter().any(named) {
            return Ok(());
        }
        let ip = Some(ip);
        let denied = |class| Err(Denied { class, ip, port });
        let inside = carried.or(tunnel);
        if self.settings.deny.iter().any(|net| holds(net, inside)) {
            return denied(Class::Operator);
        }
        if !self.settings.ports.contains(&port) {
            return denied(Class::Port);
        }
        let class = match translation {
            Translation::None => special::class_of(dialled),
            Translation::To(v4) => special::class_of(IpAddr::V4(v4)),
            Translation::Malformed => Some(Class::Nat64),
        };
        class.map_or(Ok(()), denied)
    }

    /// False if [`permit`](Self::permit) denies this port at every address, so that no lookup is needed.
    pub fn permit_port(&self, port: u16) -> bool {
        let open = |exception: &Exception| exception.port.is_none_or(|open| open == port);
        self.settings.ports.contains(&port) || self.settings.allow.iter().any(open)
    }
}

/// A fetch that may not happen, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denied {
    /// The reason.
    pub class: Class,
    /// The address as it was asked about; `None` if `permit_port` settled it before there was one.
    pub ip: Option<IpAddr>,
    /// The port as it was asked about.
    pub port: u16,
}

impl Denied {
    /// Stable kebab-case name of the reason.
    pub fn code(&self) -> &'static str {
        self.class.code()
    }

    /// What the operator can do if the fetch is wanted.
    pub fn advice(&self) -> String {
        let port = self.port;
        match (self.class, self.ip) {
            (Class::Port, _) | (_, None) => {
                format!("use a port that egress.ports lists, or add {port} to it")
            }
            (_, Some(ip)) => {
                let net = IpNet::from(ip.to_canonical());
                let named = Exception { net, port: Some(port) };
                format!("if this is your own server, add \"{named}\" to egress.allow")
            }
        }
    }
}

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.class, self.ip) {
            (Class::Port, _) | (_, None) => write!(f, "port {} is not in egress.ports", self.port),
            (class, Some(ip)) => write!(f, "{ip} is {class}"),
        }
    }
}

impl std::error::Error for Denied {}

#[cfg(test)]
mod tests {
    use std::net::Ipv6Addr;

    use proptest::prelude::*;

    use super::*;

    fn policy(allow: &[&str], deny: &[&str], nat64: &[&str]) -> EgressPolicy {
        EgressPolicy::new(Settings {
            ports: vec![80, 443, 8080, 8443],
            allow: allow.iter().map(|text| text.parse().unwrap()).collect(),
            deny: deny.iter().map(|text| text.parse().unwrap()).collect(),
            nat64_prefixes: nat64.iter().map(|text| text.parse().unwrap()).collect(),
        })
    }

    /// "ok", or the code of the denial.
    fn verdict(policy: &EgressPolicy, address: &str, port: u16) -> &'static str {
        match policy.permit(address.parse().unwrap(), port) {
            Ok(()) => "ok",
            Err(denied) => denied.code(),
        }
    }

    #[test]
    fn without_exceptions_only_public_addresses_and_listed_ports_are_permitted() {
        let policy = policy(&[], &[], &[]);
        for (address, port, expected) in [
            ("8.8.8.8", 443, "ok"),
            ("::ffff:8.8.8.8", 80, "ok"),
            ("2001:4860:4860::8888", 8443, "ok"),
            ("8.8.8.8", 22, "port"),
            ("8.8.8.8", 0, "port"),
            ("127.0.0.1", 22, "port"),
            ("127.0.0.1", 80, "loopback"),
            ("::ffff:127.0.0.1", 80, "loopback"),
            ("::ffff:169.254.169.254", 80, "metadata"),
            ("::ffff:100.64.0.1", 80, "shared"),
            ("::1", 80, "loopback"),
            ("64:ff9b::8.8.8.8", 80, "nat64"),
            ("2606:4700::5efe:192.168.0.1", 80, "isatap"),
        ] {
            let verdict = verdict(&policy, address, port);
            assert_eq!(verdict, expected, "{address} port {port}");
        }
    }

    #[test]
    fn an_exception_comes_before_deny_which_comes_before_ports_which_come_before_ranges() {
        let policy = policy(
            &["127.0.0.1:3000", "10.0.0.0/8", "[fd00::/16]:80", "8.8.4.4"],
            &["10.0.0.0/8", "8.8.0.0/16", "2606::/16", "::ffff:9.9.9.0/120"],
            &[],
        );
        for (address, port, expected) in [
            ("127.0.0.1", 3000, "ok"),
            ("::ffff:127.0.0.1", 3000, "ok"),
            ("127.0.0.1", 80, "loopback"),
            ("127.0.0.2", 3000, "port"),
            ("10.9.9.9", 25, "ok"),
            ("::ffff:10.9.9.9", 80, "ok"),
            ("11.0.0.0", 25, "port"),
            ("fd00::1", 80, "ok"),
            ("fd00::1", 443, "unique-local"),
            ("fd01::1", 80, "unique-local"),
            ("8.8.4.4", 53, "ok"),
            ("8.8.8.8", 53, "operator"),
            ("::ffff:8.8.8.8", 443, "operator"),
            ("9.9.9.9", 443, "operator"),
            ("2606:4700::1", 443, "operator"),
            ("2607:4700::1", 443, "ok"),
            ("2400::5efe:8.8.8.8", 443, "operator"), // a tunnel to a denied end
            ("2400::5efe:8.8.4.4", 443, "operator"), // for which an exception does not count
            ("2400::5efe:10.0.0.1", 443, "operator"),
        ] {
            let verdict = verdict(&policy, address, port);
            assert_eq!(verdict, expected, "{address} port {port}");
        }
    }

    #[test]
    fn a_configured_nat64_address_is_judged_as_the_ipv4_address_it_carries() {
        let policy = policy(
            &["10.0.0.5:80", "64:ff9b::7f00:7"],
            &["9.9.9.0/24"],
            &["64:ff9b::/96", "2a00:64::/32", "2a00:64:1::/48"],
        );
        for (address, port, expected) in [
            ("64:ff9b::8.8.8.8", 443, "ok"),
            ("64:ff9b::8.8.8.8", 22, "port"),
            ("64:ff9b::127.0.0.1", 80, "loopback"),
            ("64:ff9b::169.254.169.254", 80, "metadata"),
            ("64:ff9b::10.0.0.5", 80, "ok"),
            ("64:ff9b::10.0.0.6", 80, "private"),
            ("64:ff9b::127.0.0.7", 25, "ok"),
            ("64:ff9b::9.9.9.9", 443, "operator"),
            ("64:ff9b:1::8.8.8.8", 443, "nat64"), // another prefix
            ("2a00:64:808:808::", 443, "ok"),
            ("2a00:64:7f00:1::", 443, "loopback"),
            ("2a00:64:808:808:100::", 443, "nat64"), // bits 64 to 71
            ("2a00:64:1:808:8:800::", 443, "ok"),    // the longer prefix
            ("2a00:64:1:7f00:0:100::", 443, "loopback"),
        ] {
            let verdict = verdict(&policy, address, port);
            assert_eq!(verdict, expected, "{address} port {port}");
        }
    }

    #[test]
    fn a_port_is_worth_a_lookup_if_some_address_could_be_permitted_with_it() {
        let listed = policy(&[], &[], &[]);
        assert!(listed.permit_port(8080));
        assert!(!listed.permit_port(3000));

        let named = policy(&["127.0.0.1:3000"], &[], &[]);
        assert!(named.permit_port(3000));
        assert!(!named.permit_port(3001));

        let open = policy(&["127.0.0.1"], &[], &[]);
        assert!(open.permit_port(3001));
    }

    #[test]
    fn a_denial_says_what_it_is_and_what_to_do() {
        let guard = policy(&[], &[], &[]);
        for (address, port, told, advice) in [
            ("10.0.0.1", 80, "10.0.0.1 is a private address (RFC 1918)", "\"10.0.0.1/32:80\""),
            ("::1", 443, "::1 is a loopback address", "\"[::1/128]:443\""),
            ("8.8.8.8", 22, "port 22 is not in egress.ports", "or add 22 to it"),
        ] {
            let denied = guard.permit(address.parse().unwrap(), port).unwrap_err();
            assert_eq!(denied.to_string(), told);
            assert!(denied.advice().contains(advice), "{}", denied.advice());
        }
    }

    #[test]
    fn settings_are_read_from_text_and_wrong_ones_are_refused_with_the_remedy() {
        let read = |allow: &str, prefix: &str| {
            serde_json::from_str::<Settings>(&format!(
                r#"{{"ports": [80], "allow": ["{allow}"], "deny": ["9.9.9.0/24"], "nat64_prefixes": ["{prefix}"]}}"#
            ))
        };
        let settings = read("127.0.0.1:3000", "64:ff9b::/96").unwrap();
        assert_eq!(settings.allow, ["127.0.0.1/32:3000".parse().unwrap()]);
        for (allow, prefix, remedy) in [
            ("localhost:3000", "64:ff9b::/96", "write CIDR[:PORT]"),
            ("127.0.0.1", "64:ff9b::/95", "40, 48, 56, 64 or 96"),
        ] {
            let error = read(allow, prefix).unwrap_err().to_string();
            assert!(error.contains(remedy), "{error}");
        }
        assert!(serde_json::from_str::<Settings>(r#"{"ports": [], "alow": []}"#).is_err());
    }

    fn any_ip() -> impl Strategy<Value = IpAddr> {
        prop_oneof![
            any::<u32>().prop_map(|bits| IpAddr::V4(Ipv4Addr::from_bits(bits))),
            any::<u128>().prop_map(|bits| IpAddr::V6(Ipv6Addr::from_bits(bits))),
            // the same, near 2000::/3 and with an interface id that has few bits set
            (0x2000_u16..0x4000, any::<u16>(), any::<u32>()).prop_map(|(a, b, c)| {
                let bits = (u128::from(a) << 112) | (u128::from(b) << 80) | u128::from(c);
                IpAddr::V6(Ipv6Addr::from_bits(bits))
            }),
        ]
    }

    /// Whether two addresses share their first `length` bits, by arithmetic of our own.
    fn same_head(a: IpAddr, b: IpAddr, length: u8) -> bool {
        let (difference, width) = match (a, b) {
            (IpAddr::V4(a), IpAddr::V4(b)) => (u128::from(a.to_bits() ^ b.to_bits()), 32),
            (IpAddr::V6(a), IpAddr::V6(b)) => (a.to_bits() ^ b.to_bits(), 128),
            _ => return false,
        };
        let head = difference.checked_shr(width - u32::from(length));
        head.unwrap_or(0) == 0
    }

    proptest! {
        #[test]
        fn an_exception_opens_exactly_what_it_names(
            base in any_ip(), length in 0_u8..=128, open in proptest::option::of(1_u16..),
            ip in any_ip(), low in any::<u32>(), inside in any::<bool>(),
            port in prop_oneof![Just(80), Just(81), 1_u16..],
        ) {
            let base = base.to_canonical();
            let length = if base.is_ipv4() { length % 33 } else { length };
            // Half of the time an address that shares at least the upper part with the exception.
            let ip = match base {
                IpAddr::V4(v4) if inside => {
                    IpAddr::V4(Ipv4Addr::from_bits(v4.to_bits() ^ low.checked_shr(u32::from(length)).unwrap_or(0)))
                }
                IpAddr::V6(v6) if inside => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() ^ u128::from(low))),
                _ => ip,
            };
            let exception = Exception { net: IpNet::new(base, length).unwrap(), port: open };
            let mut settings = policy(&[], &["9.0.0.0/8"], &[]).settings;
            let before = EgressPolicy::new(settings.clone()).permit(ip, port);
            settings.allow.push(exception);
            let after = EgressPolicy::new(settings).permit(ip, port);

            let named = same_head(ip.to_canonical(), base, length) && open.is_none_or(|open| open == port);
            prop_assert_eq!(after, if named { Ok(()) } else { before });
        }

        #[test]
        fn an_ipv4_address_and_its_mapped_form_are_judged_alike(bits in any::<u32>(), port in any::<u16>()) {
            let policy = policy(&["127.0.0.0/9:3000", "10.0.0.0/9"], &["9.0.0.0/8"], &[]);
            let v4 = Ipv4Addr::from_bits(bits);
            let plain = policy.permit(IpAddr::V4(v4), port).map_err(|denied| denied.class);
            let mapped = policy.permit(IpAddr::V6(v4.to_ipv6_mapped()), port).map_err(|denied| denied.class);
            prop_assert_eq!(plain, mapped);
        }

        #[test]
        fn permit_never_panics_and_its_advice_helps(
            ip in any_ip(), port in 1_u16.., prefix in any::<u128>(), length in 0_u8..=128,
        ) {
            let mut settings = policy(&[], &["9.0.0.0/8"], &[]).settings;
            settings.nat64_prefixes.push(Ipv6Net::new(Ipv6Addr::from_bits(prefix), length).unwrap());
            let Err(denied) = EgressPolicy::new(settings.clone()).permit(ip, port) else { return Ok(()) };
            match denied.advice().split('"').nth(1) {
                Some(exception) => settings.allow.push(exception.parse().unwrap()),
                None => settings.ports.push(port),
            }
            let after = EgressPolicy::new(settings).permit(ip, port).map_err(|denied| denied.class);
            prop_assert!(denied.class == Class::Port || after == Ok(()));
        }
    }
}
