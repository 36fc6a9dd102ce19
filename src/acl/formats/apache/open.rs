//! Writes what opens the way: a `Require ip` or `Allow from` line beside those that refuse.

use super::{
    super::web::edit,
    line::{Node, read},
};
use crate::acl::{File, Opening, Patch};

/// Writes what opens the way; `None` where no address list can.
pub fn open(files: &[File], opening: &Opening) -> Option<Patch> {
    let place = opening.refused_at?;
    let file = files.get(place.file)?;
    let nodes = read(file, place.file).ok()?;
    let mut around = Vec::new();
    find(&nodes, place.line, &mut around).then_some(())?;
    let refusing = *around.last()?;
    let parent = around.iter().rev().nth(1).copied();
    let beside = parent.map_or(nodes.as_slice(), Node::children);
    let networks = opening.networks.iter().map(|network| edit::short(*network)).collect::<Vec<_>>().join(" ");
    let text = match refusing.name.as_str() {
        "require" if refusing.arg(0).eq_ignore_ascii_case("ip") => {
            let line = format!("Require ip {networks}");
            match parent {
                // Inside RequireAll every line must hold: the line itself must name them.
                Some(parent) if parent.name == "requireall" => {
                    let (before, after) = file.text.split_at_checked(refusing.stop)?;
                    format!("{before} {networks}{after}")
                }
                _ => edit::insert_at(&file.text, refusing.start, &[line])?,
            }
        }
        "require" if refusing.arg(0).eq_ignore_ascii_case("all") && alone(beside) => {
            let line = format!("Require ip {networks}");
            edit::insert_at(&file.text, refusing.start, &[line])?
        }
        "requireany" => {
            let first = refusing.children().first()?;
            edit::insert_at(&file.text, first.start, &[format!("Require ip {networks}")])?
        }
        "order" => edit::insert_at(&file.text, end_of(file, beside, "allow", refusing)?, &[allow(&networks)])?,
        "deny" => {
            let order = beside.iter().rfind(|node| node.name == "order");
            let allow_wins = order.is_none_or(|order| order.args.join(",").to_ascii_lowercase().starts_with("deny"));
            allow_wins.then_some(())?;
            edit::insert_at(&file.text, refusing.start, &[allow(&networks)])?
        }
        _ => return None,
    };
    let reload = ("reload", "apachectl configtest && apachectl graceful".to_owned());
    let remarks = if file.name.ends_with(".htaccess") { Vec::new() } else { vec![reload] };
    Some(Patch { files: vec![(place.file, text)], commands: Vec::new(), remarks })
}

fn allow(networks: &str) -> String {
    format!("Allow from {networks}")
}

/// `Require` lines beside each other that one more line adds to.
fn alone(beside: &[Node]) -> bool {
    !beside.iter().any(|node| matches!(node.name.as_str(), "requireall" | "requirenone"))
}

/// Where a line after `Order` goes: before the first line of the name, or right after `Order`.
fn end_of(file: &File, beside: &[Node], name: &str, order: &Node) -> Option<usize> {
    let first = beside.iter().find(|node| node.name == name && node.place.line > order.place.line);
    if let Some(line) = first {
        Some(line.start)
    } else {
        let (_, after) = file.text.split_at_checked(order.stop)?;
        let blanks = after.len() - after.trim_start().len();
        Some(order.stop + blanks)
    }
}

/// The nodes from the outer to the one of a line.
fn find<'a>(nodes: &'a [Node], line: u32, around: &mut Vec<&'a Node>) -> bool {
    for node in nodes {
        around.push(node);
        if node.place.line == line || find(node.children(), line, around) {
            return true;
        }
        around.pop();
    }
    false
}
