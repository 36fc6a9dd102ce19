//! Is an answer a list that may be used as Kakao's own? Pure: text in, a list or a refusal out. What an answer says of its ranges
//! is read by `acl::list`; here it is asked whether to believe it.

use ipnet::IpNet;

use super::IpsError;
use crate::acl::{
    File,
    list::{ChangeKind, Origin, RangeList},
};

/// Reads an answer. `name` is what the list is called; `max_ranges` bounds it.
pub fn accept(name: &str, text: &str, max_ranges: usize) -> Result<RangeList, IpsError> {
    let file = File::new(name, text);
    let list = RangeList::parse(&file, max_ranges).map_err(|malformed| {
        if is_empty(text) {
            return IpsError::AnswerEmpty;
        }
        let place = if malformed.line > 0 { format!("line {}: ", malformed.line) } else { String::new() };
        IpsError::AnswerMalformed { what: format!("{place}{}", short(&malformed.what)) }
    })?;
    if list.origin != Origin::Api {
        return Err(IpsError::NotOfficial { name: name.to_owned() });
    }
    // Announced ranges are no ranges yet: a list of nothing else would shut everybody out today.
    let now = |change: &crate::acl::list::Change| change.kind == ChangeKind::Exclusion;
    if !list.ranges.iter().any(|range| range.change.as_ref().is_none_or(now)) {
        return Err(IpsError::AnswerEmpty);
    }
    if let Some(wide) = list.ranges.iter().chain(&list.outbound).find(|range| is_too_wide(range.network)) {
        return Err(IpsError::AnswerTooWide { range: wide.network.to_string() });
    }
    Ok(list)
}

/// JSON with a list of callers in which there is no range: well said, and useless.
fn is_empty(text: &str) -> bool {
    let Ok(value) = serde_json::from_str::<serde_json::Value>(text) else { return false };
    let Some(services) = value.get("inbound").and_then(serde_json::Value::as_array) else { return false };
    services.iter().all(|service| {
        service
            .as_object()
            .is_some_and(|service| service.get("ips").and_then(serde_json::Value::as_array).is_none_or(Vec::is_empty))
    })
}

/// Wider than an eighth of what a registry hands out: with `0.0.0.0/0` in the list everybody would be Kakao.
fn is_too_wide(network: IpNet) -> bool {
    network.prefix_len() < if network.addr().is_ipv4() { WIDEST_V4 } else { WIDEST_V6 }
}

/// The widest network of Kakao's that was ever announced is a /19 (IPv4) and a /32 (IPv6).
const WIDEST_V4: u8 = 10;
const WIDEST_V6: u8 = 24;

/// Whether a list has less than half of the addresses that another had, in either family: worth a look, although it may be true.
pub fn has_shrunk(old: &RangeList, new: &RangeList) -> bool {
    let (old, new) = (old.addresses(), new.addresses());
    let lost = |old: u128, new: u128| new < old.div_ceil(2);
    lost(old.v4.count(), new.v4.count()) || lost(old.v6.count(), new.v6.count())
}

/// A server's words, short enough for a line.
pub(super) fn short(text: &str) -> String {
    let mut short: String = text.chars().take(MAX_REPEATED).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

const MAX_REPEATED: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> &'static str {
        accept("answer", text, 100).unwrap_err().code()
    }

    fn inbound(ips: &str) -> String {
        format!(r#"{{"inbound":[{{"service":"scrap","ips":[{ips}],"ports":[80,443]}}],"updatedDate":"2026-11-01"}}"#)
    }

    #[test]
    fn what_is_no_list_of_kakaos_is_refused() {
        for (text, code) in [
            ("", "answer-malformed"),
            ("<html>", "answer-malformed"),
            ("{\"inbound\":", "answer-malformed"),
            (r#"{"msg":"x","code":-1}"#, "answer-malformed"),
            (r#"{"outbound":[]}"#, "answer-malformed"),
            (r#"{"inbound":[]}"#, "answer-empty"),
            (&inbound(""), "answer-empty"),
            (
                r#"{"inbound":[{"service":"scrap","ips":[],"addition":{"ips":["27.0.236.0/22"],"date":"2027-01-01"}}]}"#,
                "answer-empty",
            ),
            (&inbound("\"0.0.0.0/0\""), "answer-too-wide"),
            (&inbound("\"::/0\""), "answer-too-wide"),
            (&inbound("\"27.0.236.0/33\""), "answer-malformed"),
            (&inbound("7"), "answer-malformed"),
            ("27.0.236.0/22\n", "not-official"),
            (r#"["27.0.236.0/22"]"#, "not-official"),
        ] {
            assert_eq!(refused(text), code, "{text}");
        }
        assert_eq!(accept("answer", &inbound("\"27.0.236.0/22\",\"2404:4600::/32\""), 100).unwrap().ranges.len(), 2);
    }

    #[test]
    fn a_list_that_lost_more_than_half_of_its_addresses_has_shrunk() {
        let list = |ips: &str| accept("answer", &inbound(ips), 100).unwrap();
        let old = list("\"27.0.236.0/22\",\"2404:4600::/32\"");
        for (new, shrunk) in [
            ("\"27.0.236.0/23\",\"2404:4600::/33\"", false),
            ("\"27.0.236.0/24\",\"2404:4600::/32\"", true),
            ("\"27.0.236.0/22\"", true),
            ("\"27.0.236.0/23\",\"27.0.238.0/23\",\"2404:4600::/32\"", false),
        ] {
            assert_eq!(has_shrunk(&old, &list(new)), shrunk, "{new}");
        }
    }
}
