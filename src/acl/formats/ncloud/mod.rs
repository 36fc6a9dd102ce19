//! Naver Cloud's access control groups (allow only, with state) and network ACLs (by priority, without state), as their APIs
//! answer in JSON or XML. Load balancers and what else Naver Cloud has are not judged.

mod acg;
mod nacl;

pub use self::{acg::FORMAT as ACG, nacl::FORMAT as NETWORK_ACL};

use super::{
    cloud::{has_ports, not_understood, ports, protocol},
    spots::{self, Spot},
};
use crate::acl::{Addresses, Condition, File, Malformed};

/// Reads an answer of the API: what is in `{call}Response`, or the whole where it was unpacked.
fn answer(file: &File, advice: &str) -> Result<Spot, Malformed> {
    let spot = spots::read(file, advice)?;
    if let Some(error) = spot.get("responseError") {
        let message = error.word("returnMessage").unwrap_or("no message");
        let what = format!("this is an error answer of Naver Cloud's API: {message}");
        return Err(Malformed::at(file, error.line, 0, what, advice));
    }
    Ok(spot)
}

/// What is in the response of one of these calls.
fn body<'a>(spot: &'a Spot, call: &str) -> &'a Spot {
    spot.get(&format!("{call}Response")).unwrap_or(spot)
}

/// Whether the answer holds fewer rules than it says there are.
fn partial(body: &Spot, count: usize) -> bool {
    body.whole("totalRows").is_some_and(|total| usize::try_from(total).is_ok_and(|total| total > count))
}

/// INBND or OTBND, of a field.
fn outbound(rule: &Spot, field: &str) -> Option<bool> {
    match code(rule, field)? {
        "INBND" => Some(false),
        "OTBND" => Some(true),
        _ => None,
    }
}

/// The code of a field: `{"code": "TCP"}`, or the text itself.
fn code<'a>(rule: &'a Spot, field: &str) -> Option<&'a str> {
    rule.get(field).and_then(|value| value.word("code").or(value.text())).map(str::trim)
}

/// Protocol and ports of a rule.
fn ports_of(rule: &Spot) -> Condition {
    let number = rule.get("protocolType").and_then(|value| value.word("number"));
    let Some(name) = code(rule, "protocolType").filter(|name| protocol(name).is_some()).or(number) else {
        return not_understood("protocolType");
    };
    let Some(condition) = protocol(name) else { return not_understood(format!("protocolType {name}")) };
    let Some(text) = rule.word("portRange").filter(|_| has_ports(name)) else { return condition };
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    let range = from.trim().parse().ok().zip(to.trim().parse().ok()).and_then(|(from, to)| ports(from, to));
    match range {
        Some(range) => condition.and(Condition::DestinationPort(range)),
        None => condition.and(not_understood(format!("portRange {text}"))),
    }
}

/// The networks of a rule's `ipBlock`.
fn networks(file: &File, rule: &Spot, advice: &str) -> Result<Option<Addresses>, Malformed> {
    let Some(text) = rule.word("ipBlock") else { return Ok(None) };
    match Addresses::parse(text) {
        Ok(addresses) => Ok(Some(addresses)),
        Err(error) => Err(Malformed::at(file, rule.line_of("ipBlock"), 0, error.to_string(), advice)),
    }
}

/// Ports as the API writes them.
fn port_range((from, to): (u16, u16)) -> String {
    if from == to { from.to_string() } else { format!("{from}-{to}") }
}
