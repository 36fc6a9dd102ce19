//! Numbers behind names: services, protocols, TCP flags, states. Nothing is looked up on the machine.

/// Services as `/etc/services` names them, those a rule set for a web server may name.
const SERVICES: &[(&str, u16)] = &[
    ("ftp-data", 20),
    ("ftp", 21),
    ("ssh", 22),
    ("telnet", 23),
    ("smtp", 25),
    ("domain", 53),
    ("bootps", 67),
    ("bootpc", 68),
    ("tftp", 69),
    ("http", 80),
    ("www", 80),
    ("kerberos", 88),
    ("pop3", 110),
    ("sunrpc", 111),
    ("ntp", 123),
    ("netbios-ns", 137),
    ("netbios-dgm", 138),
    ("netbios-ssn", 139),
    ("imap2", 143),
    ("imap", 143),
    ("snmp", 161),
    ("snmp-trap", 162),
    ("bgp", 179),
    ("ldap", 389),
    ("https", 443),
    ("microsoft-ds", 445),
    ("submissions", 465),
    ("isakmp", 500),
    ("syslog", 514),
    ("submission", 587),
    ("ldaps", 636),
    ("domain-s", 853),
    ("rsync", 873),
    ("imaps", 993),
    ("pop3s", 995),
    ("socks", 1080),
    ("openvpn", 1194),
    ("ms-sql-s", 1433),
    ("nfs", 2049),
    ("mysql", 3306),
    ("rdp", 3389),
    ("ms-wbt-server", 3389),
    ("svn", 3690),
    ("ipsec-nat-t", 4500),
    ("sip", 5060),
    ("mdns", 5353),
    ("postgresql", 5432),
    ("amqp", 5672),
    ("x11", 6000),
    ("redis", 6379),
    ("http-alt", 8080),
    ("https-alt", 8443),
    ("zabbix-agent", 10050),
    ("zabbix-trapper", 10051),
    ("mongodb", 27017),
];

/// IP protocols as `/etc/protocols` names them.
const PROTOCOLS: &[(&str, u16)] = &[
    ("ip", 0),
    ("icmp", 1),
    ("igmp", 2),
    ("ipencap", 4),
    ("tcp", 6),
    ("egp", 8),
    ("udp", 17),
    ("dccp", 33),
    ("ipv6", 41),
    ("ipv6-route", 43),
    ("ipv6-frag", 44),
    ("rsvp", 46),
    ("gre", 47),
    ("esp", 50),
    ("ah", 51),
    ("icmpv6", 58),
    ("ipv6-icmp", 58),
    ("ipv6-nonxt", 59),
    ("ipv6-opts", 60),
    ("ospf", 89),
    ("ospfigp", 89),
    ("ipip", 94),
    ("pim", 103),
    ("comp", 108),
    ("ipcomp", 108),
    ("vrrp", 112),
    ("l2tp", 115),
    ("sctp", 132),
    ("mobility-header", 135),
    ("udplite", 136),
];

/// TCP flags, bits of RFC 9293, 3.1.
const FLAGS: &[(&str, u16)] =
    &[("fin", 1), ("syn", 2), ("rst", 4), ("psh", 8), ("ack", 16), ("urg", 32), ("ecn", 64), ("cwr", 128)];

/// Connection states, the kernel's bits.
const STATES: &[(&str, u16)] = &[("invalid", 1), ("established", 2), ("related", 4), ("new", 8), ("untracked", 64)];

/// A number as nft writes it, decimal or hexadecimal.
pub fn number(text: &str) -> Option<u64> {
    match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None if text.starts_with(|first: char| first.is_ascii_digit()) => text.parse().ok(),
        None => None,
    }
}

fn named(table: &[(&str, u16)], text: &str) -> Option<u64> {
    number(text).or_else(|| table.iter().find(|(name, _)| *name == text).map(|(_, number)| u64::from(*number)))
}

/// A port by number or service.
pub fn port(text: &str) -> Option<u64> {
    named(SERVICES, text).filter(|port| *port <= 65_535)
}

/// An IP protocol.
pub fn protocol(text: &str) -> Option<u64> {
    named(PROTOCOLS, text).filter(|number| *number <= 255)
}

/// TCP flags.
pub fn flag(text: &str) -> Option<u64> {
    named(FLAGS, text).filter(|bits| *bits <= 255)
}

/// Connection states.
pub fn state(text: &str) -> Option<u64> {
    named(STATES, text)
}
