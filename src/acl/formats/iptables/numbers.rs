//! Protocols, services and port lists as iptables and ipset write them, numbers or the names of `/etc/protocols` and
//! `/etc/services`. Addresses are not read here.

use crate::acl::Ranges;

/// Names of IP protocols (IANA) that iptables prints, with their numbers. iptables takes them in any case.
const PROTOCOLS: &[(&str, u8)] = &[
    ("tcp", 6),
    ("udp", 17),
    ("icmp", 1),
    ("icmpv6", 58),
    ("ipv6-icmp", 58),
    ("igmp", 2),
    ("ipencap", 4),
    ("ipip", 4),
    ("ipv4", 4),
    ("dccp", 33),
    ("ipv6", 41),
    ("gre", 47),
    ("esp", 50),
    ("ipsec-esp", 50),
    ("ah", 51),
    ("ipsec-ah", 51),
    ("skip", 57),
    ("ospf", 89),
    ("ospfigp", 89),
    ("pim", 103),
    ("vrrp", 112),
    ("l2tp", 115),
    ("sctp", 132),
    ("mh", 135),
    ("mobility-header", 135),
    ("ipv6-mh", 135),
    ("udplite", 136),
];

/// Names of ports that people write, and that `iptables -L` without `-n` prints.
const SERVICES: &[(&str, u16)] = &[
    ("http", 80),
    ("https", 443),
    ("www", 80),
    ("www-http", 80),
    ("http-alt", 8080),
    ("webcache", 8080),
    ("https-alt", 8443),
    ("pcsync-https", 8443),
    ("ssh", 22),
    ("ftp", 21),
    ("ftp-data", 20),
    ("telnet", 23),
    ("smtp", 25),
    ("domain", 53),
    ("bootps", 67),
    ("bootpc", 68),
    ("tftp", 69),
    ("pop3", 110),
    ("sunrpc", 111),
    ("ident", 113),
    ("auth", 113),
    ("ntp", 123),
    ("netbios-ns", 137),
    ("netbios-dgm", 138),
    ("netbios-ssn", 139),
    ("imap", 143),
    ("imap2", 143),
    ("snmp", 161),
    ("snmp-trap", 162),
    ("bgp", 179),
    ("ldap", 389),
    ("microsoft-ds", 445),
    ("submissions", 465),
    ("ssmtp", 465),
    ("urd", 465),
    ("syslog", 514),
    ("shell", 514),
    ("submission", 587),
    ("ldaps", 636),
    ("rsync", 873),
    ("ftps-data", 989),
    ("ftps", 990),
    ("imaps", 993),
    ("pop3s", 995),
    ("socks", 1080),
    ("openvpn", 1194),
    ("ms-sql-s", 1433),
    ("nfs", 2049),
    ("mysql", 3306),
    ("ms-wbt-server", 3389),
    ("svn", 3690),
    ("sip", 5060),
    ("postgresql", 5432),
    ("amqp", 5672),
    ("x11", 6000),
    ("redis", 6379),
    ("tproxy", 8081),
    ("zabbix-agent", 10050),
    ("zabbix-trapper", 10051),
    ("memcache", 11211),
    ("webmin", 10000),
    ("mdns", 5353),
];

/// What a text says about a protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// Any.
    All,
    /// This number.
    Number(u8),
    /// A name that is not TCP's.
    Other,
}

/// Reads a protocol. A name nobody here knows is one that is not TCP: TCP has no other name.
pub fn protocol(text: &str) -> Protocol {
    if let Ok(number) = text.parse::<u8>() {
        return if number == 0 { Protocol::All } else { Protocol::Number(number) };
    }
    if text.eq_ignore_ascii_case("all") {
        return Protocol::All;
    }
    let known = PROTOCOLS.iter().find(|(name, _)| text.eq_ignore_ascii_case(name));
    known.map_or(Protocol::Other, |(_, number)| Protocol::Number(*number))
}

/// Why a text names no ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotPorts {
    /// A service name that is not known here.
    Name,
    /// No number from 0 to 65535, or a range that ends before it starts.
    Wrong,
}

/// One port.
pub fn port(text: &str) -> Result<u16, NotPorts> {
    if let Ok(number) = text.parse() {
        return Ok(number);
    }
    if text.is_empty() || text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'+')) {
        return Err(NotPorts::Wrong);
    }
    SERVICES.iter().find(|(name, _)| *name == text).map(|(_, port)| *port).ok_or(NotPorts::Name)
}

/// A port or a range: `80`, `8000:8080`, `:1023`, `1024:`. `separator` is `:` for iptables and `-` for ipset.
pub fn port_range(text: &str, separator: char) -> Result<(u128, u128), NotPorts> {
    // `http-alt` is one port, not a range.
    let parts = text.split_once(separator).filter(|_| separator == ':' || port(text).is_err());
    let Some((from, to)) = parts else {
        return port(text).map(|port| (port.into(), port.into()));
    };
    let from = if from.is_empty() { 0 } else { port(from)? };
    let to = if to.is_empty() { u16::MAX } else { port(to)? };
    if from > to { Err(NotPorts::Wrong) } else { Ok((from.into(), to.into())) }
}

/// A list of ports and ranges, with commas.
pub fn ports(text: &str) -> Result<Ranges, NotPorts> {
    text.split(',').map(|part| port_range(part, ':')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn port_lists_are_read_as_iptables_prints_them() {
        assert_eq!(ports("80,443,8000:8080"), Ok(Ranges::from_iter([(80, 80), (443, 443), (8000, 8080)])));
        assert_eq!(ports("1024:"), Ok(Ranges::one(1024, 65_535)));
        assert_eq!(ports(":1023"), Ok(Ranges::one(0, 1023)));
        assert_eq!(ports("http,https,8000:http-alt"), ports("80,443,8000:8080"));
    }

    #[test]
    fn what_names_no_port_is_told() {
        assert_eq!(ports("70000"), Err(NotPorts::Wrong));
        assert_eq!(ports("90:80"), Err(NotPorts::Wrong));
        assert_eq!(ports(""), Err(NotPorts::Wrong));
        assert_eq!(ports("kakao"), Err(NotPorts::Name));
    }

    #[test]
    fn a_protocol_is_known_in_any_case() {
        assert_eq!(protocol("TCP"), Protocol::Number(6));
        assert_eq!(protocol("0"), Protocol::All);
        assert_eq!(protocol("hopopt"), Protocol::Other);
    }
}
