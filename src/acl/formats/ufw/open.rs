//! What opens the way in ufw: rules before the one that refuses, or after the last. Whether they do is proved elsewhere, by
//! reading the changed text again.

use std::fmt::Write as _;

use super::super::super::{Family, File, Opening, Part, Patch, Place, insert_lines};
use super::{Kind, added, kind};

/// iptables takes this many ports in one rule.
const PORTS_PER_RULE: usize = 15;

/// Writes the rules.
pub fn open(files: &[File], opening: &Opening) -> Option<Patch> {
    // ufw lets replies and everything after the first packet pass by itself.
    if opening.part != Part::Syn || opening.chain != "ufw incoming" || opening.ports.is_empty() {
        return None;
    }
    // Where the default refuses, the line that says so may be in another file than the rules.
    let by_rule = opening.refused_at.filter(|_| !opening.by_policy);
    let index = match by_rule {
        Some(place) => place.file,
        None => files.iter().position(|file| holds_rules(file, opening.family))?,
    };
    let file = files.get(index)?;
    match kind(&file.text)? {
        Kind::Status => Some(listing(file, index, by_rule, opening)),
        Kind::Added => Some(commands(file, index, by_rule, opening)),
        Kind::Saved => saved(file, index, by_rule, opening),
        Kind::Before | Kind::Settings | Kind::Profiles => None,
    }
}

fn holds_rules(file: &File, family: Family) -> bool {
    match kind(&file.text) {
        Some(Kind::Status | Kind::Added) => true,
        Some(Kind::Saved) => file.text.contains(":ufw6-user-input") == (family == Family::V6),
        Some(Kind::Before | Kind::Settings | Kind::Profiles) | None => false,
    }
}

/// One allow rule: a network and the ports as ufw writes them.
fn rules(opening: &Opening) -> impl Iterator<Item = (String, String)> {
    opening.networks.iter().flat_map(|network| {
        opening.ports.chunks(PORTS_PER_RULE).map(move |ports| {
            let ports: Vec<String> = ports.iter().map(u16::to_string).collect();
            // ufw shows a single address without its length.
            let whole = network.prefix_len() == network.max_prefix_len();
            let network = if whole { network.addr().to_string() } else { network.to_string() };
            (network, ports.join(","))
        })
    })
}

fn number(line: &str) -> Option<u32> {
    line.trim_start().strip_prefix('[')?.split_once(']')?.0.trim().parse().ok()
}

fn is_row(line: &str) -> bool {
    ["ALLOW", "DENY", "REJECT", "LIMIT"].iter().any(|verb| line.split_whitespace().skip(1).any(|word| word == *verb))
}

fn is_for_v6(line: &str) -> bool {
    line.contains("(v6)") || line.split_whitespace().any(|word| word.matches(':').count() > 1)
}

/// Where new rows go when the default refuses: after the last row of the family for packets to this host.
fn end_of_rows(file: &File, family: Family) -> (u32, bool) {
    let (mut last, mut any, mut end) = (None, None, 0);
    for (line_number, line) in file.lines() {
        let routed = line.contains(" FWD ") || line.contains(" OUT ");
        if is_row(line) && (!routed || number(line).is_some()) {
            if is_for_v6(line) == (family == Family::V6) {
                last = Some(line_number);
            }
            if family == Family::V6 || !is_for_v6(line) {
                any = Some(line_number);
            }
        }
        if !line.trim().is_empty() {
            end = line_number;
        }
    }
    // Without any row, the table has no head either.
    let head = !file.text.lines().any(|line| line.trim_start().starts_with("To "));
    (last.or(any).unwrap_or(end) + 1, head)
}

fn listing(file: &File, index: usize, by_rule: Option<Place>, opening: &Opening) -> Patch {
    let numbered = file.lines().any(|(_, line)| number(line).is_some());
    let verbose = file.lines().any(|(_, line)| line.starts_with("Default:"));
    let action = if numbered || verbose { "ALLOW IN" } else { "ALLOW" };
    let (before, lacks_head) = match by_rule {
        Some(place) => (place.line, false),
        None => end_of_rows(file, opening.family),
    };
    let mut lines = Vec::new();
    if lacks_head {
        lines.extend(
            ["", "To                         Action      From", "--                         ------      ----"]
                .map(str::to_owned),
        );
    }
    for (network, ports) in rules(opening) {
        let to = format!("{ports}/tcp");
        let row = format!("{to:<26} {action:<12}{network:<26}");
        lines.push(if numbered { format!("[ 0] {row}") } else { row });
    }
    let text = insert_lines(&file.text, before, &lines);
    let at = by_rule.and_then(|place| file.line(place.line)).and_then(number);
    let position = match (by_rule, at, opening.family) {
        (None, _, _) => String::new(),
        (Some(_), Some(at), _) => format!("insert {at} "),
        (Some(_), None, Family::V4) => "insert 1 ".to_owned(),
        // Numbers of IPv6 rules start after the last of IPv4.
        (Some(_), None, Family::V6) => "prepend ".to_owned(),
    };
    Patch {
        files: vec![(index, if numbered { renumbered(&text) } else { text })],
        commands: run(opening, &position),
        remarks: vec![("rules-order", "ufw status numbered".to_owned())],
    }
}

/// Commands, the last rule first where each goes to the same place.
fn run(opening: &Opening, position: &str) -> Vec<String> {
    let commands = rules(opening)
        .map(|(network, ports)| format!("ufw {position}allow proto tcp from {network} to any port {ports}"));
    let mut commands: Vec<String> = commands.collect();
    if !position.is_empty() {
        commands.reverse();
    }
    commands
}

fn renumbered(text: &str) -> String {
    let mut changed = String::with_capacity(text.len() + 16);
    let mut next = 0_u32;
    for line in text.split_inclusive('\n') {
        match line.split_once(']').filter(|_| number(line).is_some()) {
            Some((_, rest)) => {
                next += 1;
                let _ok = write!(changed, "[{next:>2}]{rest}");
            }
            None => changed.push_str(line),
        }
    }
    changed
}

fn commands(file: &File, index: usize, by_rule: Option<Place>, opening: &Opening) -> Patch {
    let last = file.lines().filter(|(_, line)| added::is_command(line.trim()) || added::is_head(line.trim())).last();
    let end = last.map_or(1, |(number, _)| number + 1);
    let lines: Vec<String> = rules(opening)
        .map(|(network, ports)| format!("ufw allow from {network} to any port {ports} proto tcp"))
        .collect();
    let position = match (by_rule, opening.family) {
        (None, _) => "",
        (Some(_), Family::V4) => "insert 1 ",
        (Some(_), Family::V6) => "prepend ",
    };
    Patch {
        files: vec![(index, insert_lines(&file.text, by_rule.map_or(end, |place| place.line), &lines))],
        commands: run(opening, position),
        remarks: vec![("rules-order", "ufw status numbered".to_owned())],
    }
}

fn saved(file: &File, index: usize, by_rule: Option<Place>, opening: &Opening) -> Option<Patch> {
    let (prefix, any) = match opening.family {
        Family::V4 => ("ufw", "0.0.0.0/0"),
        Family::V6 => ("ufw6", "::/0"),
    };
    let end = || {
        file.lines()
            .find(|(_, line)| line.trim() == "### END RULES ###")
            .or_else(|| file.lines().find(|(_, line)| line.trim() == "COMMIT"))
    };
    let before = by_rule.map(|place| place.line).or_else(|| end().map(|(number, _)| number))?;
    let mut lines = Vec::new();
    for (network, ports) in rules(opening) {
        let list = if ports.contains(',') { "-m multiport --dports" } else { "--dport" };
        lines.push(format!("### tuple ### allow tcp {ports} {any} any {network} in"));
        lines.push(format!("-A {prefix}-user-input -p tcp {list} {ports} -s {network} -j ACCEPT"));
        lines.push(String::new());
    }
    let position = match (by_rule, opening.family) {
        (None, _) => "",
        (Some(_), Family::V4) => "insert 1 ",
        (Some(_), Family::V6) => "prepend ",
    };
    Some(Patch {
        files: vec![(index, insert_lines(&file.text, before, &lines))],
        commands: run(opening, position),
        remarks: vec![("reload", "ufw reload".to_owned())],
    })
}
