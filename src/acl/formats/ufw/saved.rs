//! ufw's own files of rules: `user.rules` and `user6.rules` by the comments that ufw itself reads, checked against the lines
//! that the kernel gets; and `before.rules`, of which only the stock contents are known.

use super::super::super::{Addresses, Doubt, Family, File, Malformed, Place};
use super::{
    build::Found,
    row::{Ports, Row, Verb, Way, port_list},
};

const TUPLE: &str = "### tuple ###";
const ADVICE: &str = "copy /etc/ufw/user.rules again as it is";

/// Reads `user.rules` or `user6.rules`.
pub fn read(file: &File, index: usize, found: &mut Found) -> Result<(), Malformed> {
    let v6 = file.text.contains(":ufw6-user-input") || file.text.contains("-A ufw6-user-");
    let family = if v6 { Family::V6 } else { Family::V4 };
    let mut head = None;
    let mut current: Option<Current> = None;
    for (number, line) in file.lines() {
        let place = Place::new(index, number);
        let text = line.trim_start_matches('\u{feff}').trim();
        if !text.is_empty() {
            head = head.or(Some(place));
        }
        if let Some(rest) = text.strip_prefix(TUPLE) {
            settle(current.take(), found);
            let row = tuple(place, rest, family).map_err(|word| {
                Malformed::at(file, number, 1, format!("`{word}` is not understood in a rule of ufw"), ADVICE)
            })?;
            current = Some(Current { row, loaded: false });
        } else if let Some(rest) = text.strip_prefix("-A ufw-user-").or_else(|| text.strip_prefix("-A ufw6-user-")) {
            let Some(("input", options)) = rest.split_once(' ') else {
                // Lines of the other two chains: the rule is loaded, whatever it is.
                if !rest.starts_with("limit")
                    && !rest.starts_with("logging")
                    && let Some(current) = &mut current
                {
                    current.loaded = true;
                }
                continue;
            };
            match &mut current {
                Some(current) if belongs(&current.row, options) => current.loaded |= !options.contains("--set"),
                _ => {
                    settle(current.take(), found);
                    found.rows.push(stranger(place, family));
                }
            }
        }
    }
    settle(current, found);
    found.families.push(family);
    found.head = found.head.or(head);
    found.speaks = true;
    Ok(())
}

/// A comment of ufw's, and whether the kernel gets the line that belongs to it.
struct Current {
    row: Row,
    loaded: bool,
}

fn settle(current: Option<Current>, found: &mut Found) {
    let Some(Current { mut row, loaded }) = current else { return };
    if !loaded {
        row.doubt = Some(Doubt::new("not-understood", "### tuple ###"));
    }
    found.rows.push(row);
}

/// A line that somebody put there by hand: the kernel gets it, ufw does not know it.
fn stranger(place: Place, family: Family) -> Row {
    let mut row = Row::new(place, Verb::Allow);
    row.family = Some(family);
    row.doubt = Some(Doubt::new("not-understood", "-A"));
    row
}

/// Reads `ACTION PROTOCOL DPORT DST SPORT SRC [DAPP SAPP] WAY[_IFACE]`; the error is the word that is not understood.
fn tuple(place: Place, rest: &str, family: Family) -> Result<Row, String> {
    let rest = rest.split_once(" comment=").map_or(rest, |(rest, _)| rest);
    let words: Vec<&str> = rest.split_whitespace().collect();
    let (action, protocol, dport, dst, sport, src, way) = match words.as_slice() {
        [action, protocol, dport, dst, sport, src] | [action, protocol, dport, dst, sport, src, _, _] => {
            (action, protocol, dport, dst, sport, src, "in")
        }
        [action, protocol, dport, dst, sport, src, way] | [action, protocol, dport, dst, sport, src, _, _, way] => {
            (action, protocol, dport, dst, sport, src, *way)
        }
        _ => return Err(rest.trim().chars().take(60).collect()),
    };
    let (routed, action) = action.strip_prefix("route:").map_or((false, *action), |action| (true, action));
    let verb = action.split('_').next().unwrap_or_default();
    let mut row = Row::new(place, Verb::of(verb).ok_or_else(|| action.to_owned())?);
    row.family = Some(family);
    row.protocol = Some((*protocol).to_owned()).filter(|name| name != "any");
    for (side, ports, addresses) in [(&mut row.to, dport, dst), (&mut row.from, sport, src)] {
        if *ports != "any" {
            side.ports = Ports::These(port_list(ports).ok_or_else(|| (*ports).to_owned())?);
        }
        if !matches!(*addresses, "any" | "0.0.0.0/0" | "::/0") {
            side.addresses = Some(Addresses::parse(addresses).map_err(|_not| (*addresses).to_owned())?);
        }
    }
    row.way = if routed {
        Way::Routed
    } else if way == "out" || way.starts_with("out_") {
        Way::Out
    } else {
        Way::In
    };
    row.interface = way.strip_prefix("in_").map(|name| name.split('!').next().unwrap_or(name).to_owned());
    Ok(row)
}

/// Whether a line of `ufw-user-input` says what the rule says. The kernel gets the line, so a line changed by hand is another
/// rule.
fn belongs(row: &Row, options: &str) -> bool {
    if row.way != Way::In {
        return false;
    }
    let mut words = options.split_whitespace();
    let (mut source, mut destination, mut interface) = (None, None, None);
    let (mut dport, mut sport, mut protocol, mut target) = (None, None, None, "");
    while let Some(word) = words.next() {
        match word {
            "-s" => source = words.next(),
            "-d" => destination = words.next(),
            "-i" => interface = words.next(),
            "-p" => protocol = words.next(),
            "--dport" | "--dports" => dport = words.next(),
            "--sport" | "--sports" => sport = words.next(),
            "-j" => target = words.next().unwrap_or_default(),
            "-m" => match words.next() {
                Some("comment" | "multiport" | "tcp" | "udp") => {}
                Some("conntrack" | "state" | "recent") if row.verb == Verb::Limit => {}
                _ => return false,
            },
            "--comment" | "--ctstate" | "--state" | "--seconds" | "--hitcount" | "--reject-with" => {
                words.next();
            }
            "--set" | "--update" => {}
            _ => return false,
        }
    }
    let ports = |text: Option<&str>, ports: &Ports| match (text, ports) {
        (None, Ports::Any) => true,
        (Some(text), Ports::These(ranges)) => port_list(text).as_ref() == Some(ranges),
        _ => false,
    };
    let addresses =
        |text: Option<&str>, set: &Option<Addresses>| text.and_then(|text| Addresses::parse(text).ok()) == *set;
    // A rule for ports of any protocol is written twice, for TCP and for UDP.
    let protocol_fits = match (&row.protocol, protocol) {
        (Some(name), given) => given == Some(name),
        (None, None | Some("all")) => true,
        (None, given) => matches!(given, Some("tcp" | "udp")) && (dport.is_some() || sport.is_some()),
    };
    let target_fits = match row.verb {
        _ if target.contains("-user-logging-") => true,
        Verb::Allow => target == "ACCEPT",
        Verb::Deny => target == "DROP",
        Verb::Reject => target == "REJECT",
        Verb::Limit => {
            matches!(target, "" | "ufw-user-limit" | "ufw-user-limit-accept")
                || matches!(target, "ufw6-user-limit" | "ufw6-user-limit-accept")
        }
    };
    protocol_fits
        && target_fits
        && interface == row.interface.as_deref()
        && addresses(source, &row.from.addresses)
        && addresses(destination, &row.to.addresses)
        && ports(dport, &row.to.ports)
        && ports(sport, &row.from.ports)
}

/// Reads `before.rules` or `before6.rules`: a line for incoming packets that the packages do not bring may do anything.
pub fn read_before(file: &File, index: usize, found: &mut Found) {
    let v6 = file.text.contains(":ufw6-before-input");
    let family = if v6 { Family::V6 } else { Family::V4 };
    let mut table = "filter";
    let mut known_connections = false;
    for (number, line) in file.lines() {
        let text = line.trim();
        if let Some(name) = text.strip_prefix('*') {
            table = name;
        }
        let Some(rest) = text.strip_prefix("-A ").or_else(|| text.strip_prefix("-I ")) else { continue };
        let chain = rest.split_whitespace().next().unwrap_or_default();
        let bare = chain.replacen("ufw6-", "ufw-", 1);
        let incoming = matches!(bare.as_str(), "ufw-before-input" | "ufw-before-output" | "ufw-not-local" | "INPUT");
        known_connections |= bare == "ufw-before-input" && rest.contains("RELATED,ESTABLISHED -j ACCEPT");
        let stock = table == "filter" && bare.starts_with("ufw-") && is_stock(rest);
        if (incoming || table != "filter") && !stock && bare != "POSTROUTING" {
            found.before.push((Place::new(index, number), family, Doubt::new("not-understood", bare)));
        }
    }
    if !known_connections {
        found.before.push((Place::new(index, 1), family, Doubt::new("not-understood", "RELATED,ESTABLISHED")));
    }
    found.before_given.push(family);
}

/// The lines of the packages, by what sets them apart: none concerns TCP from outside that starts a connection.
fn is_stock(rule: &str) -> bool {
    const NEVER_TCP: &[&str] = &["-p icmp ", "-p icmpv6 ", "-p udp ", " -i lo ", " -o lo ", "-m rt --rt-type 0 "];
    const OTHERS: &[&str] = &[
        "--ctstate RELATED,ESTABLISHED -j ACCEPT",
        "--ctstate INVALID -j ",
        "-j ufw-not-local",
        "--dst-type LOCAL -j RETURN",
        "--dst-type MULTICAST -j RETURN",
        "--dst-type BROADCAST -j RETURN",
        "--limit-burst 10 -j ufw-logging-deny",
    ];
    let rest = rule.split_once(' ').map_or("", |(_, rest)| rest);
    let padded = format!(" {rest} ");
    NEVER_TCP.iter().any(|part| padded.contains(part))
        || OTHERS.iter().any(|part| rest.contains(part))
        || rule == "ufw-not-local -j DROP"
}
