//! Reads what a match looks at, by nft's names. What the names mean is in `field`.

use super::{cursor::Cursor, lexer::Kind};

impl Cursor<'_, '_> {
    /// The canonical name of what is looked at: `ip saddr`, `meta iifname`, `ct original ip saddr`, `fib daddr,iif type`.
    pub fn selector(&mut self) -> Option<String> {
        let Kind::Word(first) = self.peek()? else { return None };
        if META_ALONE.contains(&first) {
            self.at += 1;
            return Some(format!("meta {first}"));
        }
        let start = self.at;
        self.at += 1;
        let found = self.selector_after(first);
        if found.is_none() {
            self.at = start;
        }
        found
    }

    /// A word and the one behind it.
    fn plain(&mut self, first: &str) -> Option<String> {
        let Kind::Word(word) = self.take()? else { return None };
        Some(format!("{first} {word}"))
    }

    fn selector_after(&mut self, first: &str) -> Option<String> {
        match first {
            "meta" => self.plain(first),
            "tcp" | "ip" | "sctp" | "dccp" if matches!(plain_peek(self), Some("option" | "chunk")) => {
                let mut text = format!("{first} {}", self.name()?);
                for _ in 0..2 {
                    if matches!(plain_peek(self), Some("set" | "exists" | "missing")) {
                        break;
                    }
                    let Some(Kind::Word(word)) = self.peek() else { break };
                    self.at += 1;
                    text.push(' ');
                    text.push_str(word);
                }
                Some(text)
            }
            _ if PAYLOADS.contains(&first) => self.plain(first),
            "ct" => {
                let mut text = first.to_owned();
                loop {
                    let Kind::Word(word) = self.take()? else { return None };
                    text.push(' ');
                    text.push_str(word);
                    if !matches!(word, "original" | "reply" | "ip" | "ip6") {
                        return Some(text);
                    }
                }
            }
            "fib" => {
                let mut flags = Vec::new();
                loop {
                    flags.push(self.name()?);
                    if !self.word(".") {
                        return Some(format!("fib {} {}", flags.join(","), self.name()?));
                    }
                }
            }
            "exthdr" | "socket" | "rt" | "osf" | "ipsec" | "hbh" | "frag" | "dst" | "mh" | "srh" => self.plain(first),
            "numgen" | "jhash" | "symhash" => {
                let mut text = first.to_owned();
                while let Some(Kind::Word(word)) = self.peek()
                    && !matches!(word, "vmap" | "map")
                {
                    self.at += 1;
                    text.push(' ');
                    text.push_str(word);
                }
                Some(text)
            }
            "@th" | "@nh" | "@ll" | "@ih" => {
                let mut text = first.to_owned();
                for _ in 0..2 {
                    if !self.mark(",") {
                        return None;
                    }
                    text.push(',');
                    text.push_str(self.name()?);
                }
                Some(text)
            }
            _ => None,
        }
    }
}

fn plain_peek<'a>(cursor: &Cursor<'_, 'a>) -> Option<&'a str> {
    match cursor.peek()? {
        Kind::Word(word) => Some(word),
        Kind::Text(_) | Kind::Mark(_) | Kind::Newline => None,
    }
}

/// Keys of `meta` that stand without it.
const META_ALONE: &[&str] = &[
    "mark",
    "iif",
    "iifname",
    "iiftype",
    "oif",
    "oifname",
    "oiftype",
    "skuid",
    "skgid",
    "nftrace",
    "rtclassid",
    "ibriport",
    "obriport",
    "ibrname",
    "obrname",
    "pkttype",
    "cpu",
    "iifgroup",
    "oifgroup",
    "cgroup",
    "time",
    "day",
    "hour",
];

/// Protocols whose fields are looked at by name.
const PAYLOADS: &[&str] = &[
    "ip", "ip6", "tcp", "udp", "th", "icmp", "icmpv6", "sctp", "dccp", "udplite", "ah", "esp", "comp", "igmp", "ether",
    "vlan", "arp", "gre", "geneve", "vxlan", "gretap",
];
