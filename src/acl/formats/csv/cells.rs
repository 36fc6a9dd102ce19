//! What a cell says: addresses, services, protocols, yes or no. A word nobody here knows is a doubt, never a guess.

use std::{net::Ipv4Addr, sync::Arc};

use crate::acl::{
    Addresses, Condition, Family, Ranges,
    formats::cloud::{not_understood, protocol},
};

/// What happens to what a row matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It gets in.
    Allow,
    /// It is dropped.
    Deny,
    /// It is refused with an answer.
    Reject,
    /// It is refused with a reset.
    Reset,
}

fn plain(text: &str) -> String {
    text.trim().to_lowercase()
}

/// Whether a cell means everything.
pub fn any(text: &str) -> bool {
    let words = ["any", "all", "*", "모두", "전체", "모든", "항상", "always", "0.0.0.0/0", "무제한"];
    words.contains(&plain(text).as_str())
}

/// What the action's cell says.
pub fn outcome(text: &str) -> Option<Outcome> {
    match plain(text).as_str() {
        "허용" | "통과" | "allow" | "allowed" | "permit" | "accept" | "pass" => Some(Outcome::Allow),
        "차단" | "거부" | "거절" | "폐기" | "금지" | "deny" | "denied" | "drop" | "block" | "blocked" | "discard" => {
            Some(Outcome::Deny)
        }
        "reject" => Some(Outcome::Reject),
        "reset" | "tcp-reset" => Some(Outcome::Reset),
        _ => None,
    }
}

/// Whether a row is in use.
pub fn enabled(text: &str) -> Option<bool> {
    match plain(text).as_str() {
        "사용" | "사용함" | "활성" | "활성화" | "적용" | "예" | "y" | "yes" | "o" | "on" | "true" | "1" | "enable"
        | "enabled" | "active" => Some(true),
        "미사용" | "사용안함" | "사용 안함" | "비활성" | "비활성화" | "중지" | "아니오" | "n" | "no" | "x" | "off"
        | "false" | "0" | "disable" | "disabled" | "inactive" => Some(false),
        _ => None,
    }
}

/// Whether a row is for what comes in.
pub fn direction(text: &str) -> Option<bool> {
    match plain(text).as_str() {
        "in" | "inbound" | "ingress" | "incoming" | "수신" | "인바운드" | "내부로" | "양방향" | "both" | "any"
        | "all" => Some(true),
        "out" | "outbound" | "egress" | "outgoing" | "송신" | "아웃바운드" | "외부로" => Some(false),
        _ => None,
    }
}

/// Whether a zone is the internet's by its name (true) or is not named (false); `None` for another.
pub fn zone(text: &str) -> Option<bool> {
    let text = plain(text);
    if text.is_empty() || any(&text) {
        return Some(false);
    }
    let outside = ["untrust", "outside", "external", "internet", "외부", "외부망", "ext", "public"];
    let wan = text.strip_prefix("wan").is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
    (wan || outside.contains(&text.as_str())).then_some(true)
}

/// Addresses in a cell, parted by commas, semicolons, spaces or line ends.
pub fn addresses(text: &str, side: fn(Arc<Addresses>) -> Condition) -> Condition {
    if any(text) {
        return Condition::ALWAYS;
    }
    if text.is_empty() {
        return not_understood("an empty cell");
    }
    let joined = text.replace(['~', '∼'], "-").replace(" - ", "-").replace('\t', " ");
    let words: Vec<&str> = joined.split([',', ';', '\n', '\r', ' ']).filter(|word| !word.is_empty()).collect();
    let mut known: Vec<Addresses> = Vec::new();
    let mut parts = Vec::new();
    let mut rest = words.as_slice();
    while let Some((word, after)) = rest.split_first() {
        rest = after;
        if any(word) {
            return Condition::ALWAYS;
        }
        if let Some((mask, after)) = after.split_first()
            && word.parse::<Ipv4Addr>().is_ok()
            && mask.parse::<Ipv4Addr>().is_ok_and(|mask| mask.octets().first() == Some(&255))
            && let Ok(network) = Addresses::parse(&format!("{word}/{mask}"))
        {
            known.push(network);
            rest = after;
            continue;
        }
        match address(word) {
            Some(found) => known.push(found),
            None => parts.push(Condition::unknown("reference", *word)),
        }
    }
    let all = known.iter().flat_map(|one| one.v4.iter()).collect::<Ranges>();
    let v6 = known.iter().flat_map(|one| one.v6.iter()).collect::<Ranges>();
    if !known.is_empty() {
        parts.push(side(Arc::new(Addresses { v4: all, v6 })));
    }
    match (parts.pop(), parts.is_empty()) {
        (Some(only), true) => only,
        (last, _) => Condition::Any(parts.into_iter().chain(last).collect()),
    }
}

/// One address, network or range; also `27.0.236.*`, `27.0.236.1-254` and `NAME(27.0.236.0/22)`.
fn address(word: &str) -> Option<Addresses> {
    // The unspecified address alone means everything to some and nothing to others.
    if matches!(word, "0.0.0.0" | "::") {
        return None;
    }
    if let Ok(found) = Addresses::parse(word) {
        return Some(found);
    }
    if let Some((name, inner)) = word.strip_suffix(')').and_then(|word| word.split_once('('))
        && !name.is_empty()
    {
        return address(inner);
    }
    if let Some((from, last)) = word.split_once('-')
        && let (Ok(from), Ok(last)) = (from.parse::<Ipv4Addr>(), last.parse::<u8>())
    {
        let [a, b, c, d] = from.octets();
        let number = |d| u128::from(Ipv4Addr::new(a, b, c, d).to_bits());
        return (d <= last).then(|| Addresses::of(Family::V4, Ranges::one(number(d), number(last))));
    }
    let prefix = word.trim_end_matches(".*");
    let octets = prefix.split('.').count();
    if prefix.len() < word.len() && octets < 4 && (word.len() - prefix.len()) / 2 == 4 - octets {
        return Addresses::parse(&format!("{prefix}{}/{}", ".0".repeat(4 - octets), octets * 8)).ok();
    }
    None
}

/// Protocols in a cell.
pub fn protocols(text: &str) -> Condition {
    // An empty cell is that of a service that says it itself.
    if text.is_empty() || any(text) || plain(text) == "ip" {
        return Condition::ALWAYS;
    }
    let words = text.split([',', ';', '/', '\n', ' ', '+']).filter(|word| !word.is_empty());
    let all: Vec<Condition> =
        words.map(|word| protocol(word).unwrap_or_else(|| not_understood(format!("protocol {word}")))).collect();
    if all.contains(&Condition::ALWAYS) { Condition::ALWAYS } else { Condition::Any(all) }
}

/// Services everybody means the same by.
const SERVICES: [(&str, u16); 16] = [
    ("http", 80),
    ("https", 443),
    ("www", 80),
    ("ssl", 443),
    ("ssh", 22),
    ("sftp", 22),
    ("ftp", 21),
    ("telnet", 23),
    ("smtp", 25),
    ("pop3", 110),
    ("imap", 143),
    ("smtps", 465),
    ("imaps", 993),
    ("pop3s", 995),
    ("mysql", 3306),
    ("rdp", 3389),
];

/// Services in a cell: `443`, `80,443`, `1-1024`, `TCP/443`, `443/tcp`, `tcp 443`, `HTTPS`.
pub fn services(text: &str, side: fn(Ranges) -> Condition) -> Condition {
    if any(text) {
        return Condition::ALWAYS;
    }
    if text.is_empty() {
        return not_understood("an empty cell");
    }
    let joined = text.replace(['~', '∼'], "-").replace(" - ", "-");
    let words: Vec<&str> = joined.split([',', ';', '\n', '\r', ' ', '\t']).filter(|word| !word.is_empty()).collect();
    let mut all = Vec::new();
    let mut rest = words.as_slice();
    while let Some((word, after)) = rest.split_first() {
        rest = after;
        let spaced = after.split_first().filter(|_| matches!(plain(word).as_str(), "tcp" | "udp"));
        let found = match spaced.and_then(|(next, after)| Some((range(next)?, after))) {
            Some((ports, after)) => {
                rest = after;
                protocol(word).map(|condition| condition.and(side(ports)))
            }
            None => service(word, side),
        };
        match found {
            Some(condition) if condition == Condition::ALWAYS => return Condition::ALWAYS,
            Some(condition) => all.push(condition),
            None => all.push(Condition::unknown("reference", *word)),
        }
    }
    Condition::Any(all)
}

fn service(word: &str, side: fn(Ranges) -> Condition) -> Option<Condition> {
    if any(word) {
        return Some(Condition::ALWAYS);
    }
    if let Some(ports) = range(word) {
        return Some(side(ports));
    }
    let word = plain(word);
    if let Some((_, port)) = SERVICES.iter().find(|(name, _)| *name == word) {
        return Some(Condition::tcp().and(side(Ranges::one((*port).into(), (*port).into()))));
    }
    if word == "ping" {
        return protocol("icmp");
    }
    let (one, other) = word.split_once(['/', ':', '_']).or_else(|| word.split_once('-')).unwrap_or((&word, "any"));
    let (name, ports) = if matches!(other, "tcp" | "udp") { (other, one) } else { (one, other) };
    let condition = match name {
        "tcp" | "udp" | "icmp" => protocol(name)?,
        _ => return None,
    };
    if any(ports) {
        return Some(condition);
    }
    range(ports).map(|ports| condition.and(side(ports)))
}

fn range(text: &str) -> Option<Ranges> {
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    let (from, to): (u16, u16) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
    (from <= to).then(|| Ranges::one(from.into(), to.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_appliances_write_them() {
        let networks = |text: &str| match addresses(text, Condition::Source) {
            Condition::Source(set) => set.networks().iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            other => format!("{other:?}"),
        };
        for (text, expected) in [
            ("27.0.236.0/22", "27.0.236.0/22"),
            ("27.0.236.0 255.255.252.0", "27.0.236.0/22"),
            ("27.0.236.0 ~ 27.0.236.255", "27.0.236.0/24"),
            ("27.0.236.0-127", "27.0.236.0/25"),
            ("27.0.236.*", "27.0.236.0/24"),
            ("211.231.*.*", "211.231.0.0/16"),
            ("KAKAO(27.0.236.0/22)", "27.0.236.0/22"),
            ("27.0.236.7, 211.231.99.0/24", "27.0.236.7/32 211.231.99.0/24"),
        ] {
            assert_eq!(networks(text), expected, "{text}");
        }
        for doubtful in ["KAKAO_SCRAP", "0.0.0.0", "", "27.0.236.0/22, OBJ"] {
            assert!(networks(doubtful).contains("Unknown"), "{doubtful}");
        }
    }

    #[test]
    fn services_are_read_as_appliances_write_them() {
        let https = Condition::tcp().and(Condition::port(443));
        for text in ["HTTPS", "tcp/443", "443/TCP", "TCP 443", "tcp_443", "TCP-443"] {
            assert_eq!(services(text, Condition::DestinationPort), Condition::Any(vec![https.clone()]), "{text}");
        }
        assert_eq!(
            services("80,443", Condition::DestinationPort),
            Condition::Any(vec![Condition::port(80), Condition::port(443)])
        );
        assert_eq!(services("any", Condition::DestinationPort), Condition::ALWAYS);
        assert!(
            matches!(services("WEB_GRP", Condition::DestinationPort), Condition::Any(all) if matches!(all[0], Condition::Unknown(_)))
        );
    }
}
