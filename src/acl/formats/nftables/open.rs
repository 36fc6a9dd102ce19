//! Writes what opens the way: one rule in front of the one that refuses, or at the end of the chain whose policy does.

use serde_json::{Value, json};

use super::{
    tree::{ChainDef, RuleDef, Statement, Target, Tree, Verdict},
    tree_of,
};
use crate::acl::{Family, File, Opening, Part, Patch};

/// Where the new rule goes.
struct Spot<'t> {
    family: &'t str,
    table: &'t str,
    chain: &'t ChainDef,
    /// The rule it goes in front of; `None` for the end of the chain.
    before: Option<&'t RuleDef>,
    /// Rules of the chain before it.
    index: usize,
}

/// The changed files, or `None` where there is no place for a rule.
pub fn open(files: &[File], opening: &Opening) -> Option<Patch> {
    let tree = tree_of(files).ok()?;
    let spot = find(&tree, opening)?;
    let rule = rule_text(opening);
    let last = spot.chain.rules.last().map(|last| (last.place.file, last.start));
    // Rules that commands add come behind the block.
    let (index, start) = match spot.before {
        Some(rule) => (rule.place.file, rule.start),
        None => last.max(spot.chain.end)?,
    };
    let file = files.get(index)?;
    let json = file.text.trim_start_matches('\u{feff}').trim_start().starts_with('{');
    let text =
        if json { with_object(file, &spot, start, opening)? } else { with_rule(&file.text, start, &rule, &spot)? };
    let here = format!("{} {} {}", spot.family, spot.table, spot.chain.name);
    let braces = rule.replace('{', "\\{").replace('}', "\\}");
    let mut commands = Vec::new();
    let mut remarks = vec![("rules-order", here.clone())];
    if tree.written.is_some() {
        commands.push(format!("nft -c -f {}", file.name));
        commands.push(format!("nft -f {}", file.name));
        remarks.push(("reload", file.name.to_string()));
    } else {
        commands.push(match (spot.before, spot.before.and_then(|rule| rule.handle)) {
            (None, _) => format!("nft add rule {here} {braces}"),
            (Some(_), Some(handle)) => format!("nft insert rule {here} handle {handle} {braces}"),
            (Some(_), None) => format!("nft insert rule {here} index {} {braces}", spot.index),
        });
        remarks.push(("persist", "/etc/nftables.conf".to_owned()));
    }
    Some(Patch { files: vec![(index, text)], commands, remarks })
}

/// The chain that refuses, and the rule in it.
fn find<'t>(tree: &'t Tree, opening: &Opening) -> Option<Spot<'t>> {
    let wrong = if opening.family == Family::V4 { "ip6" } else { "ip" };
    for table in tree.tables.iter().filter(|table| table.family != wrong) {
        for chain in &table.chains {
            if format!("{} {} {}", table.family, table.name, chain.name) != opening.chain {
                continue;
            }
            let spot = |before, index| Spot { family: &table.family, table: &table.name, chain, before, index };
            let ours = |rule: &RuleDef| opening.refused_at.is_none_or(|place| holds(rule, place));
            let found = if opening.by_policy {
                // What leaves the chain early never reaches its end.
                chain.all().enumerate().find(|(_, rule)| leaves(&rule.statements))
            } else {
                let at_place = || chain.all().enumerate().filter(|(_, rule)| ours(rule));
                at_place().find(|(_, rule)| refuses(&rule.statements)).or_else(|| at_place().next())
            };
            return match found {
                Some((index, rule)) => Some(spot(Some(rule), index)),
                None if opening.by_policy => Some(spot(None, chain.all().count())),
                None => None,
            };
        }
    }
    None
}

/// Whether a rule is at a place, or a rule inside it.
fn holds(rule: &RuleDef, place: crate::acl::Place) -> bool {
    rule.place == place || inline(&rule.statements).is_some_and(|rules| rules.iter().any(|rule| holds(rule, place)))
}

fn inline(statements: &[Statement]) -> Option<&[RuleDef]> {
    statements.iter().find_map(|statement| {
        if let Statement::Verdict(Verdict::Jump(Target::Inline(rules)) | Verdict::Goto(Target::Inline(rules))) =
            statement
        {
            Some(rules.as_slice())
        } else {
            None
        }
    })
}

fn refuses(statements: &[Statement]) -> bool {
    inline(statements).is_some()
        || statements.iter().any(|statement| {
            matches!(
                statement,
                Statement::Verdict(Verdict::Drop | Verdict::Unknown(_))
                    | Statement::Reject(_)
                    | Statement::Vmap { .. }
                    | Statement::Unknown(_)
            )
        })
}

fn leaves(statements: &[Statement]) -> bool {
    statements.iter().any(|statement| {
        matches!(statement, Statement::Verdict(Verdict::Return | Verdict::Goto(_)) | Statement::Vmap { .. })
    })
}

/// The rule: which side Kakao is on depends on the packet.
fn rule_text(opening: &Opening) -> String {
    let networks: Vec<String> = opening.networks.iter().map(ToString::to_string).collect();
    let ports: Vec<String> = opening.ports.iter().map(ToString::to_string).collect();
    let [family, address, port] = fields(opening);
    let one = |values: &[String]| match values {
        [one] => one.clone(),
        many => format!("{{ {} }}", many.join(", ")),
    };
    format!("{family} {address} {} tcp {port} {} accept", one(&networks), one(&ports))
}

fn fields(opening: &Opening) -> [&'static str; 3] {
    let family = if opening.family == Family::V4 { "ip" } else { "ip6" };
    match opening.part {
        Part::Syn | Part::Data | Part::Request => [family, "saddr", "dport"],
        Part::SynAck | Part::Reply => [family, "daddr", "sport"],
    }
}

/// A text with the rule before a byte: as the lines around it are, on a line of its own, within one, or as a command.
fn with_rule(text: &str, start: usize, rule: &str, spot: &Spot<'_>) -> Option<String> {
    let (before, after) = (text.get(..start)?, text.get(start..)?);
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let head = before.rsplit('\n').next().unwrap_or_default();
    let lines = before.get(..before.len() - head.len())?;
    if is_command(head) {
        let shell = !matches!(head.split_whitespace().next(), Some("add" | "create" | "insert" | "rule"));
        let verb = head.split_whitespace().find(|word| matches!(*word, "add" | "create" | "insert"));
        let prefix = verb.and_then(|verb| head.split_once(verb)).map_or("", |(prefix, _)| prefix);
        let rule = if shell { format!("'{rule}'") } else { rule.to_owned() };
        // What is put to the front comes last in the file.
        let verb = if verb == Some("insert") { "insert" } else { "add" };
        let command = format!("{prefix}{verb} rule {} {} {} {rule}{end}", spot.family, spot.table, spot.chain.name);
        if spot.before.is_some() && verb == "add" {
            return Some(format!("{lines}{command}{head}{after}"));
        }
        let (line, rest) = after.split_once('\n').unwrap_or((after, ""));
        return Some(format!("{lines}{head}{}{end}{command}{rest}", line.trim_end_matches('\r')));
    }
    let alone = head.trim().is_empty();
    Some(match (alone, spot.before) {
        (true, Some(_)) => format!("{before}{rule}{end}{head}{after}"),
        // One step deeper than the brace.
        (true, None) => {
            let step = if head.contains('\t') || head.is_empty() { "\t".to_owned() } else { head.to_owned() };
            format!("{before}{step}{rule}{end}{head}{after}")
        }
        (false, Some(_)) => format!("{before}{rule}; {after}"),
        (false, None) => {
            let closed = head.trim_end().ends_with([';', '{']);
            format!("{}{}{rule}; {after}", before.trim_end(), if closed { " " } else { "; " })
        }
    })
}

/// Whether a line is a command of its own, in a script or for `nft -f`.
fn is_command(head: &str) -> bool {
    let first = head.split_whitespace().next().unwrap_or_default();
    matches!(first, "add" | "create" | "insert" | "rule" | "nft" | "sudo")
        || first.ends_with("/nft")
        || first.starts_with('$')
}

/// A JSON with the rule as an object before the one at a byte, or behind the chain's last.
fn with_object(file: &File, spot: &Spot<'_>, start: usize, opening: &Opening) -> Option<String> {
    let [family, address, port] = fields(opening);
    let network = |network: &ipnet::IpNet| {
        if network.prefix_len() == network.max_prefix_len() {
            json!(network.addr().to_string())
        } else {
            json!({"prefix": {"addr": network.network().to_string(), "len": network.prefix_len()}})
        }
    };
    let one = |values: Vec<Value>| match values.as_slice() {
        [one] => one.clone(),
        _ => json!({"set": values}),
    };
    let equals = |protocol: &str, field: &str, value: Value| json!({"match": {"op": "==", "left": {"payload": {"protocol": protocol, "field": field}}, "right": value}});
    let addresses = one(opening.networks.iter().map(network).collect());
    let ports = one(opening.ports.iter().map(|port| json!(port)).collect());
    let rule = json!({"rule": {
        "family": spot.family, "table": spot.table, "chain": spot.chain.name,
        "expr": [equals(family, address, addresses), equals("tcp", port, ports), {"accept": null}],
    }});
    let mut root: Value = serde_json::from_str(file.text.trim_start_matches('\u{feff}')).ok()?;
    let objects = root.get_mut("nftables")?.as_array_mut()?;
    // Objects are found by their order: the byte says which one it is.
    let number = super::json::number_at(&file.text, start)?;
    let at = if spot.before.is_some() { number } else { number + 1 };
    objects.insert(at.min(objects.len()), rule);
    serde_json::to_string_pretty(&root).ok().map(|text| text + "\n")
}
