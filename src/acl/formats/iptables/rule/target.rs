//! The targets of a rule: what happens to what it matches. A target that nobody here knows may do anything.

use std::net::IpAddr;

use super::{Context, Fault, Meant, Target, variable};
use crate::acl::{Action, Doubt, How, Translation};

/// Targets that let the packet go on, whatever else they do.
const GOES_ON: &[&str] = &[
    "LOG",
    "NFLOG",
    "ULOG",
    "MARK",
    "CONNMARK",
    "TRACE",
    "TCPMSS",
    "CLASSIFY",
    "SET",
    "CONNSECMARK",
    "SECMARK",
    "AUDIT",
    "CHECKSUM",
    "TOS",
    "DSCP",
    "TTL",
    "HL",
    "ECN",
    "TEE",
    "IDLETIMER",
    "LED",
    "RATEEST",
    "HMARK",
    "TCPOPTSTRIP",
    "LOGMARK",
    "ACCOUNT",
    "IPMARK",
    "SNAT",
    "MASQUERADE",
    "CT",
    "NOTRACK",
    "SYSRQ",
    "PERCENT",
];

/// Extensions that decide something nobody can tell from the rules.
const UNKNOWN: &[&str] = &[
    "QUEUE",
    "NFQUEUE",
    "TPROXY",
    "SYNPROXY",
    "RAWDNAT",
    "RAWSNAT",
    "NETMAP",
    "MIRROR",
    "SAME",
    "BALANCE",
    "CLUSTERIP",
    "DNPT",
    "SNPT",
    "DELUDE",
    "CHAOS",
    "ECHO",
    "ROUTE",
    "STEAL",
    "DHCPMAC",
    "IPV4OPTSSTRIP",
    "FLOWOFFLOAD",
    "BPF",
];

/// What a rule's target does; `None` where it has none.
pub fn action(target: &Target<'_>, context: &Context<'_>, meant: &mut Meant) -> Result<Option<Action>, Fault> {
    let Some(name) = target.name else { return Ok(None) };
    if target.goes {
        return Ok(Some(to_chain(name, target, context, Action::Goto)));
    }
    Ok(Some(match name {
        "ACCEPT" => Action::Accept,
        "DROP" | "TARPIT" | "STEAL" => Action::Deny(How::Drop),
        "RETURN" => Action::Return,
        "REJECT" => match target.value(&["--reject-with"]) {
            Some("tcp-reset" | "tcp-rst") => Action::Deny(How::Reset),
            _ => Action::Deny(How::Reject),
        },
        "NOTRACK" => Action::Untrack,
        "CT" if target.has("--notrack") => Action::Untrack,
        "REDIRECT" => redirect(target)?,
        "DNAT" => dnat(target, meant)?,
        _ if context.chains.contains_key(name) => to_chain(name, target, context, Action::Jump),
        _ if GOES_ON.contains(&name) => Action::Continue,
        _ => to_chain(name, target, context, Action::Jump),
    }))
}

fn to_chain(
    name: &str,
    target: &Target<'_>,
    context: &Context<'_>,
    made: impl Fn(crate::acl::ChainId) -> Action,
) -> Action {
    if variable(name) {
        return Action::Unknown(Doubt::new("variable", name));
    }
    if let Some(chain) = context.chains.get(name) {
        return made(*chain);
    }
    let extension = UNKNOWN.contains(&name) || !target.options.is_empty();
    Action::Unknown(Doubt::new(if extension { "target-unknown" } else { "chain-missing" }, name))
}

/// `REDIRECT [--to-ports PORT[-PORT]]`: to this host itself.
fn redirect(target: &Target<'_>) -> Result<Action, Fault> {
    let Some(ports) = target.value(&["--to-ports", "--to-port"]) else {
        return Ok(Action::Translate(Translation::default()));
    };
    match ports.parse() {
        Ok(port) => Ok(Action::Translate(Translation { port: Some(port), to: None })),
        Err(_) if variable(ports) => Ok(Action::Unknown(Doubt::new("variable", ports))),
        Err(_) => match crate::acl::formats::iptables::numbers::port(ports) {
            Ok(port) => Ok(Action::Translate(Translation { port: Some(port), to: None })),
            Err(_) if ports.contains('-') => {
                Ok(Action::Unknown(Doubt::new("target-unknown", format!("REDIRECT --to-ports {ports}"))))
            }
            Err(_) => Err(Fault { word: ports.to_owned(), what: format!("`{ports}` is no port") }),
        },
    }
}

/// `DNAT --to-destination [ADDRESS[-ADDRESS]][:PORT[-PORT]]`
fn dnat(target: &Target<'_>, meant: &mut Meant) -> Result<Action, Fault> {
    let all = target.options.iter().filter(|(name, _)| *name == "--to-destination");
    let (1, Some(to)) = (all.count(), target.value(&["--to-destination"])) else {
        return Ok(Action::Unknown(Doubt::new("target-unknown", "DNAT")));
    };
    let unknown = |code| Ok(Action::Unknown(Doubt::new(code, format!("DNAT --to-destination {to}"))));
    if variable(to) {
        return unknown("variable");
    }
    let (address, port) = if let Ok(address) = to.parse::<IpAddr>() {
        (Some(address), None)
    } else {
        let Some((address, port)) = to.rsplit_once(':') else {
            return if to.contains('-') { unknown("target-unknown") } else { Err(no_place(to)) };
        };
        let address = address.trim_start_matches('[').trim_end_matches(']');
        if address.contains('-') || port.contains(['-', '/']) {
            return unknown("target-unknown");
        }
        let port: u16 = port.parse().map_err(|_not| no_place(to))?;
        match address {
            "" => (None, Some(port)),
            _ => (Some(address.parse::<IpAddr>().map_err(|_not| no_place(to))?), Some(port)),
        }
    };
    if address.is_some_and(|address| address.is_loopback()) {
        // The kernel drops what comes from outside for a loopback address, unless `route_localnet` is set.
        return unknown("target-unknown");
    }
    meant.sent_to = address;
    Ok(Action::Translate(Translation { port, to: address }))
}

fn no_place(to: &str) -> Fault {
    Fault { word: to.to_owned(), what: format!("`{to}` is no destination") }
}
