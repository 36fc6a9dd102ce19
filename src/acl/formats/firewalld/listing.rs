//! What `firewall-cmd --list-all`, `--list-all-zones`, `--list-all-policies`, `--info-zone` and `--info-ipset` print: a name,
//! and below it what belongs to it, indented.

use super::super::super::{File, Malformed, Place, Ranges};
use super::{
    model::{Config, Set, Target, Zone, ports},
    rich, sets,
};

const ADVICE: &str = "copy the whole output of `firewall-cmd --list-all-zones` again";

/// Whether a line is one of a zone's, and of nothing else.
pub fn is_zone_line(line: &str) -> bool {
    let line = line.trim();
    line.starts_with("icmp-block-inversion:") || line == "rich rules:" || line.starts_with("ingress-zones:")
}

/// What a block is about.
enum Block {
    Zone(Box<Zone>),
    Set(String, Set),
}

/// Reads a listing.
pub fn read(file: &File, index: usize, config: &mut Config) -> Result<(), Malformed> {
    let mut block: Option<Block> = None;
    let mut key = String::new();
    let mut lines = file.lines().peekable();
    while let Some((number, line)) = lines.next() {
        let place = Place::new(index, number);
        let line = line.trim_start_matches('\u{feff}').trim_end();
        let text = line.trim_start();
        if let Some((_, rest)) = text.split_once("operation over default zone ('") {
            config.default_zone = rest.split_once('\'').map(|(name, _)| name.to_owned());
        }
        if text.is_empty() || is_talk(text) {
            continue;
        }
        let wrong = |what: String| Malformed::at(file, number, 1, what, ADVICE);
        let shown: String = text.chars().take(60).collect();
        let named = text.split_once(':').filter(|(name, _)| KEYS.contains(name));
        match (&mut block, named) {
            (Some(Block::Zone(zone)), Some((name, value))) => {
                name.clone_into(&mut key);
                entry(config, zone, name, value.trim(), place).map_err(wrong)?;
            }
            (Some(Block::Set(_, set)), Some((name, value))) => sets::entry(set, name, value.trim()),
            // What goes on in the next lines: rich rules and forward ports, one a line.
            (Some(Block::Zone(zone)), None) if line.starts_with([' ', '\t']) => {
                more(zone, &key, text, place).map_err(wrong)?;
            }
            (None, _) if line.starts_with([' ', '\t']) => {
                return Err(wrong(format!("`{shown}` belongs to no zone: the line with its name is missing")));
            }
            (_, None) if !line.starts_with([' ', '\t']) => {
                finish(config, block.take());
                let (name, marks) = text.split_once(' ').unwrap_or((text, ""));
                let below = lines.peek().map_or("", |(_, line)| line.trim());
                let of_set = below.starts_with("type:");
                block = Some(if of_set {
                    Block::Set(name.to_owned(), Set::default())
                } else {
                    config.head = config.head.or(Some(place));
                    let mut zone = Zone::new(name, place);
                    zone.listed = true;
                    zone.is_default = marks.contains("default");
                    Block::Zone(Box::new(zone))
                });
                key.clear();
            }
            _ => return Err(wrong(format!("`{shown}` is not understood"))),
        }
    }
    finish(config, block);
    Ok(())
}

const KEYS: &[&str] = &[
    "summary",
    "description",
    "target",
    "icmp-block-inversion",
    "interfaces",
    "sources",
    "services",
    "ports",
    "protocols",
    "forward",
    "masquerade",
    "forward-ports",
    "source-ports",
    "icmp-blocks",
    "rich rules",
    "ingress-priority",
    "egress-priority",
    "priority",
    "ingress-zones",
    "egress-zones",
    "type",
    "options",
    "entries",
];

/// The command itself, and the advice that older versions give before the listing.
fn is_talk(text: &str) -> bool {
    if ["You're performing", "but your connections", "You most likely"].iter().any(|start| text.starts_with(start)) {
        return true;
    }
    let first = text.split_whitespace().next().unwrap_or_default();
    text.contains("firewall-cmd") && (text.contains(['#', '$']) || first == "sudo" || first == "firewall-cmd")
}

fn finish(config: &mut Config, block: Option<Block>) {
    match block {
        Some(Block::Zone(zone)) if zone.ingress.is_empty() && zone.egress.is_empty() => config.zones.push(*zone),
        Some(Block::Zone(policy)) => config.policies.push(*policy),
        Some(Block::Set(name, set)) => {
            config.sets.insert(name, set);
        }
        None => {}
    }
}

fn entry(config: &mut Config, zone: &mut Zone, name: &str, value: &str, place: Place) -> Result<(), String> {
    let words = || value.split_whitespace().map(|word| (word.to_owned(), place));
    match name {
        "target" => {
            let target = Target::of(value).ok_or_else(|| format!("`{value}` is no target of firewalld"))?;
            zone.target = (target, place);
        }
        "interfaces" => zone.interfaces.extend(words()),
        "sources" => zone.sources.extend(words()),
        "services" => zone.services.extend(words()),
        "protocols" => zone.protocols.extend(words()),
        "ports" | "source-ports" => {
            for word in value.split_whitespace() {
                let (ports, protocol) = port(word).ok_or_else(|| format!("`{word}` is no port of firewalld"))?;
                let list = if name == "ports" { &mut zone.ports } else { &mut zone.source_ports };
                list.push((ports, protocol, place));
            }
        }
        "forward" => {
            config.since_0_9 = true;
            config.since_1_0 |= value == "yes";
        }
        "ingress-priority" | "priority" => {
            config.since_0_9 = true;
            config.since_1_0 |= name == "ingress-priority";
            zone.priority = value.parse().map_err(|_not| format!("`{value}` is no priority"))?;
        }
        "ingress-zones" | "egress-zones" => {
            config.since_0_9 = true;
            let list = if name == "ingress-zones" { &mut zone.ingress } else { &mut zone.egress };
            // A policy without zones is in use nowhere; it is still none of the zones.
            list.extend(if value.is_empty() { vec!["-".to_owned()] } else { words().map(|(word, _)| word).collect() });
        }
        "forward-ports" | "rich rules" if !value.is_empty() => more(zone, name, value, place)?,
        _ => {}
    }
    Ok(())
}

fn more(zone: &mut Zone, key: &str, text: &str, place: Place) -> Result<(), String> {
    match key {
        "forward-ports" => {
            for word in text.split_whitespace() {
                let field = |name: &str| {
                    let name = match name {
                        "protocol" => "proto",
                        "to-port" => "toport",
                        "to-addr" => "toaddr",
                        other => other,
                    };
                    // An IPv6 address has colons of its own; it comes last.
                    let start = word.split_once(&format!("{name}="))?.1;
                    Some(if name == "toaddr" { start } else { start.split(':').next().unwrap_or_default() })
                };
                let forward =
                    rich::forward_port(field).ok_or_else(|| format!("`{word}` is no forward port of firewalld"))?;
                zone.forward_ports.push((forward, place));
            }
        }
        "rich rules" => match rich::text(text) {
            Ok(rule) => zone.rules.push((rule, place)),
            Err(what) => zone.strange.push((what, place)),
        },
        // Long summaries and descriptions go on in further lines.
        "description" | "summary" => {}
        _ => return Err(format!("`{text}` is not understood")),
    }
    Ok(())
}

fn port(word: &str) -> Option<(Ranges, String)> {
    let (list, protocol) = word.split_once('/')?;
    Some((ports(list)?, protocol.to_owned()))
}
