//! The matches of a rule. Each option that is understood becomes a condition; of the others only their text is kept.

use super::{
    Context, Cursor, Fault, Meant, Reached, Target,
    addresses::{self, End},
    doubt_of, ports, variable,
};
use crate::acl::{
    Assumption, Condition, Ranges, States,
    formats::iptables::{
        numbers::{self, Protocol, protocol},
        sets::Direction,
        word::join,
    },
};

/// Modules whose options are understood one by one; all others are unknown as a whole.
const MODULES: &[&str] = &[
    "tcp",
    "udp",
    "udplite",
    "sctp",
    "dccp",
    "icmp",
    "icmp6",
    "icmpv6",
    "ipv6-icmp",
    "multiport",
    "mport",
    "iprange",
    "conntrack",
    "state",
    "set",
    "comment",
    "addrtype",
    "pkttype",
    "policy",
    "standard",
];

/// Headers that a visit's packets do not have, so that these never match, whatever their options say.
const NEVER_THERE: &[&str] = &["rt", "frag", "ah", "esp", "hbh", "dst", "mh"];

/// Whether an option is understood, so that it ends the words of a match that is not.
pub fn is_known(option: &str) -> bool {
    option.starts_with('-')
        && (GLOBAL.contains(&option) || (option.len() > 4 && option.starts_with("--") && KNOWN.contains(&option)))
}

const GLOBAL: &[&str] = &[
    "-m",
    "--match",
    "-j",
    "--jump",
    "-g",
    "--goto",
    "-p",
    "--protocol",
    "--proto",
    "-s",
    "--source",
    "--src",
    "-d",
    "--destination",
    "--dst",
    "-i",
    "--in-interface",
    "-o",
    "--out-interface",
    "-f",
    "--fragment",
];

const KNOWN: &[&str] = &[
    "--dport",
    "--destination-port",
    "--sport",
    "--source-port",
    "--dports",
    "--destination-ports",
    "--sports",
    "--source-ports",
    "--ports",
    "--port",
    "--syn",
    "--tcp-flags",
    "--tcp-option",
    "--src-range",
    "--dst-range",
    "--ctstate",
    "--state",
    "--ctproto",
    "--ctdir",
    "--ctstatus",
    "--match-set",
    "--comment",
    "--dst-type",
    "--src-type",
    "--pkt-type",
    "--icmp-type",
    "--icmpv6-type",
];

/// Reads an option with its values; `false` where it is not known.
pub fn option<'w>(
    name: &'w str,
    cursor: &mut Cursor<'w, '_>,
    context: &mut Context<'_>,
    meant: &mut Meant,
    target: &mut Target<'w>,
) -> Result<bool, Fault> {
    let condition = match name {
        "-j" | "--jump" | "-g" | "--goto" => {
            target.name = Some(cursor.value(name)?);
            target.goes = matches!(name, "-g" | "--goto");
            return Ok(true);
        }
        "-m" | "--match" => {
            let name = cursor.value(name)?;
            module(name, cursor, meant);
            return Ok(true);
        }
        "-p" | "--protocol" | "--proto" | "--ctproto" => of_protocol(cursor.value(name)?),
        "-s" | "--source" | "--src" => {
            let set = addresses::condition(End::Source, cursor.value(name)?, context.family)?;
            Some(set.unwrap_or(Condition::ALWAYS))
        }
        "-d" | "--destination" | "--dst" => {
            let set = addresses::condition(End::Destination, cursor.value(name)?, context.family)?;
            Some(set.unwrap_or(Condition::ALWAYS))
        }
        "-i" | "--in-interface" => Some(interface(cursor.value(name)?, Condition::InInterface)),
        "-o" | "--out-interface" => Some(interface(cursor.value(name)?, Condition::OutInterface)),
        // Kakao's packets come whole: TCP sends no fragments.
        "-f" | "--fragment" => Some(Condition::NEVER),
        "--dport" | "--destination-port" | "--sport" | "--source-port" => {
            let text = cursor.value(name)?;
            let read = numbers::port_range(text, ':').map(|range| Ranges::from_iter([range]));
            let destination = name.starts_with("--d");
            Some(ports(text, read)?.map_or_else(|unknown| unknown, |ports| of_ports(destination, ports)))
        }
        "--dports" | "--destination-ports" | "--sports" | "--source-ports" => {
            let text = cursor.value(name)?;
            let destination = name.starts_with("--d");
            let read = ports(text, numbers::ports(text))?;
            Some(read.map_or_else(|unknown| unknown, |ports| of_ports(destination, ports)))
        }
        "--ports" | "--port" => {
            let text = cursor.value(name)?;
            let either = |ports: Ranges| Condition::Any(vec![of_ports(true, ports.clone()), of_ports(false, ports)]);
            Some(ports(text, numbers::ports(text))?.map_or_else(|unknown| unknown, either))
        }
        "--syn" => Some(flags(FIN | SYN | RST | ACK, SYN)),
        "--tcp-flags" => {
            let mask = cursor.value(name)?;
            let set = cursor.value(name)?;
            Some(of_flags(mask, set)?)
        }
        "--src-range" => Some(addresses::range(End::Source, cursor.value(name)?, context.family)?),
        "--dst-range" => Some(addresses::range(End::Destination, cursor.value(name)?, context.family)?),
        "--ctstate" | "--state" => Some(states(cursor.value(name)?)?),
        "--ctdir" => Some(direction(cursor.value(name)?, context)),
        "--match-set" => return set(cursor, context, meant).map(|()| true),
        "--comment" | "--dir" => {
            let _said = cursor.value(name)?;
            return Ok(true);
        }
        "--dst-type" | "--src-type" => Some(address_types(name, cursor.value(name)?, context)),
        "--limit-iface-in" | "--limit-iface-out" => Some(Condition::unknown("match-unknown", name)),
        "--pkt-type" => Some(match cursor.value(name)? {
            "unicast" | "host" | "to-us" => Condition::ALWAYS,
            "broadcast" | "multicast" => Condition::NEVER,
            other => Condition::unknown("match-unknown", format!("--pkt-type {other}")),
        }),
        // What comes from the internet in the clear has no IPsec policy.
        "--pol" => Some(if cursor.value(name)? == "none" { Condition::ALWAYS } else { Condition::NEVER }),
        "--icmp-type" | "--icmpv6-type" => {
            let _said = cursor.value(name)?;
            Some(Condition::NEVER).filter(|_| !cursor.negate)
        }
        "--tcp-option" | "--ctstatus" | "--ctorigsrc" | "--ctorigdst" | "--ctreplsrc" | "--ctrepldst"
        | "--ctorigsrcport" | "--ctorigdstport" | "--ctreplsrcport" | "--ctrepldstport" | "--ctexpire" => {
            let value = cursor.value(name)?;
            Some(Condition::unknown("match-unknown", format!("{name} {value}")))
        }
        "-c" | "--set-counters" => {
            let (_packets, _bytes) = (cursor.value(name)?, cursor.value(name)?);
            return Ok(true);
        }
        _ => return Ok(false),
    };
    let condition = condition.unwrap_or(Condition::ALWAYS).negated_if(cursor.negate);
    if condition != Condition::ALWAYS {
        meant.when.push(condition);
    }
    Ok(true)
}

/// `-m NAME`: nothing by itself where its options are understood, else what can be said of it as a whole.
fn module(name: &str, cursor: &mut Cursor<'_, '_>, meant: &mut Meant) {
    if MODULES.contains(&name) {
        return;
    }
    let words = cursor.unknown();
    let condition = match name {
        _ if NEVER_THERE.contains(&name) => Condition::NEVER,
        "rpfilter" => {
            // A server that answers the internet has a default route: the way back is there.
            let what = "-m rpfilter".to_owned();
            meant.assumptions.push(Assumption { code: "reverse-path-assumed", place: None, what });
            if words.iter().any(|word| word.is("--invert")) { Condition::NEVER } else { Condition::ALWAYS }
        }
        _ => {
            let what = if words.is_empty() { format!("-m {name}") } else { format!("-m {name} {}", join(words)) };
            Condition::unknown(doubt_of(name), what)
        }
    };
    let condition = condition.negated_if(cursor.negate);
    if condition != Condition::ALWAYS {
        meant.when.push(condition);
    }
}

fn of_protocol(text: &str) -> Option<Condition> {
    if variable(text) {
        return Some(Condition::unknown("variable", text));
    }
    match protocol(text) {
        Protocol::All => None,
        Protocol::Number(number) => Some(Condition::Protocol(Ranges::one(number.into(), number.into()))),
        Protocol::Other => Some(Condition::Protocol(Ranges::empty())),
    }
}

fn interface(name: &str, made: impl Fn(String) -> Condition) -> Condition {
    if variable(name) {
        return Condition::unknown("variable", name);
    }
    if name == "+" { Condition::ALWAYS } else { made(name.to_owned()) }
}

fn of_ports(destination: bool, ports: Ranges) -> Condition {
    if destination { Condition::DestinationPort(ports) } else { Condition::SourcePort(ports) }
}

const FIN: u8 = 1;
const SYN: u8 = 2;
const RST: u8 = 4;
const PSH: u8 = 8;
const ACK: u8 = 16;
const URG: u8 = 32;

fn of_flags(mask: &str, set: &str) -> Result<Condition, Fault> {
    let read = |text: &str| {
        if let Some(hex) = text.strip_prefix("0x") {
            return u8::from_str_radix(hex, 16).ok();
        }
        text.split(',').try_fold(0, |sum, name| {
            Some(
                sum | match name {
                    "FIN" => FIN,
                    "SYN" => SYN,
                    "RST" => RST,
                    "PSH" => PSH,
                    "ACK" => ACK,
                    "URG" => URG,
                    "ALL" => FIN | SYN | RST | PSH | ACK | URG,
                    "NONE" => 0,
                    _ => return None,
                },
            )
        })
    };
    if variable(mask) || variable(set) {
        return Ok(Condition::unknown("variable", format!("--tcp-flags {mask} {set}")));
    }
    let (Some(bits), Some(wanted)) = (read(mask), read(set)) else {
        let what = format!("`--tcp-flags {mask} {set}` names no flags");
        return Err(Fault { word: set.to_owned(), what });
    };
    let condition = flags(bits & !PSH, wanted & !PSH);
    if bits & PSH == 0 {
        return Ok(condition);
    }
    // The first packets carry no PSH; of those with the request and the answer some do, some do not.
    let opening = flags(SYN, SYN);
    let without = if wanted & PSH == 0 { opening.clone() } else { Condition::NEVER };
    let later = opening.negated().and(Condition::unknown("match-unknown", format!("--tcp-flags {mask} {set}")));
    Ok(condition.and(Condition::Any(vec![without, later])))
}

fn flags(mask: u8, set: u8) -> Condition {
    Condition::Flags { mask, set }
}

fn states(text: &str) -> Result<Condition, Fault> {
    if variable(text) {
        return Ok(Condition::unknown("variable", text));
    }
    let mut sum = States::NONE;
    let mut unknown = Vec::new();
    for name in text.split(',') {
        sum = sum.with(match name.to_ascii_uppercase().as_str() {
            "NEW" => States::NEW,
            "ESTABLISHED" => States::ESTABLISHED,
            "RELATED" => States::RELATED,
            "INVALID" => States::INVALID,
            "UNTRACKED" => States::UNTRACKED,
            "DNAT" | "SNAT" => {
                unknown.push(Condition::unknown("match-unknown", format!("--ctstate {name}")));
                continue;
            }
            _ => return Err(Fault { word: name.to_owned(), what: format!("`{name}` is no state of a connection") }),
        });
    }
    if unknown.is_empty() {
        return Ok(Condition::State(sum));
    }
    unknown.push(Condition::State(sum));
    Ok(Condition::Any(unknown))
}

/// Kakao opens the connection: what comes in is of the original direction, what goes out of the other.
fn direction(text: &str, context: &Context<'_>) -> Condition {
    let original = text.eq_ignore_ascii_case("ORIGINAL");
    let reached = context.reached;
    match reached {
        Reached::INWARD => always(original),
        Reached::OUTWARD => always(!original),
        _ => Condition::unknown("match-unknown", format!("--ctdir {text}")),
    }
}

fn always(holds: bool) -> Condition {
    if holds { Condition::ALWAYS } else { Condition::NEVER }
}

fn address_types(option: &str, text: &str, context: &Context<'_>) -> Condition {
    let reached = context.reached;
    let one = |name: &str| {
        let destination = option == "--dst-type";
        match (name, reached) {
            ("BROADCAST" | "MULTICAST" | "ANYCAST", _) => Condition::NEVER,
            // This host is where the packet goes to, or, of an answer, where it comes from.
            ("LOCAL", Reached::INWARD) => always(destination),
            ("LOCAL", Reached::OUTWARD) => always(!destination),
            ("LOCAL", Reached::FORWARD) if !destination => Condition::NEVER,
            _ => Condition::unknown("match-unknown", format!("{option} {name}")),
        }
    };
    let all: Vec<Condition> = text.split(',').map(one).collect();
    if all.contains(&Condition::ALWAYS) { Condition::ALWAYS } else { Condition::Any(all) }
}

/// `--match-set NAME src,dst`, with the options that follow.
fn set(cursor: &mut Cursor<'_, '_>, context: &mut Context<'_>, meant: &mut Meant) -> Result<(), Fault> {
    let name = cursor.value("--match-set")?;
    let sides = cursor.value("--match-set")?;
    let negate = cursor.negate;
    let side = |text| match text {
        "src" => Some(Direction::Source),
        "dst" => Some(Direction::Destination),
        _ => None,
    };
    let Some(sides) = sides.split(',').map(side).collect::<Option<Vec<_>>>() else {
        let what = format!("`{sides}` names no sides of a packet: src, dst, or both with a comma");
        return Err(Fault { word: sides.to_owned(), what });
    };
    let mut unknown = None;
    loop {
        let inverted = usize::from(cursor.peek().is_some_and(|word| word.is("!")));
        let Some(word) = cursor.words.get(cursor.at + inverted) else { break };
        let values = match &*word.text {
            "--update-counters" | "--update-subcounters" => 0,
            "--return-nomatch" => {
                unknown = Some(format!("--match-set {name} --return-nomatch"));
                0
            }
            option
            @ ("--packets-eq" | "--packets-lt" | "--packets-gt" | "--bytes-eq" | "--bytes-lt" | "--bytes-gt") => {
                unknown = Some(format!("--match-set {name} {option}"));
                1
            }
            _ => break,
        };
        cursor.at += inverted + 1 + values;
    }
    if let Some(what) = unknown {
        meant.when.push(Condition::unknown("match-unknown", what));
        return Ok(());
    }
    if variable(name) {
        meant.when.push(Condition::unknown("variable", name));
        return Ok(());
    }
    let meaning = context.meaning(name, &sides);
    if let (Some(code), false) = (meaning.idle, negate) {
        meant.idle = Some((code, name.to_owned()));
    }
    for assumption in meaning.assumptions {
        if !meant.assumptions.contains(&assumption) {
            meant.assumptions.push(assumption);
        }
    }
    meant.when.push(meaning.condition.negated_if(negate));
    Ok(())
}
