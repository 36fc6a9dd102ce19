//! Sections and their order: `<Directory>`, `.htaccess`, `<Files>`, `<Location>`, `<If>`. Each later one that says who may
//! replaces those before.

use super::{
    super::web::pattern::Pattern,
    access::{Compat, Logic, Rules, Tree},
    line::Node,
};
use crate::acl::Place;

/// What a path leads to.
#[derive(Debug, Clone, Default)]
pub struct Target {
    /// The path, decoded.
    pub uri: String,
    /// The file or folder; `None` where it is passed on to another server.
    pub file: Option<String>,
    /// Where it is passed on to.
    pub proxied: Option<String>,
}

/// Lines of a section that hold for a method GET, containers for other servers and methods taken out.
pub fn lines(nodes: &[Node]) -> Vec<&Node> {
    let mut found = Vec::new();
    for node in nodes {
        match node.name.as_str() {
            "limit" | "limitexcept" => {
                let named = node.args.iter().any(|method| method.eq_ignore_ascii_case("GET"));
                if named == (node.name == "limit") {
                    found.extend(lines(node.children()));
                }
            }
            _ => found.push(node),
        }
    }
    found
}

/// The access lines among lines.
pub fn rules<'a>(nodes: &[&'a Node]) -> Rules<'a> {
    let parts: Vec<Tree<'a>> = nodes.iter().filter_map(|node| tree(node)).collect();
    let first = parts.first().map(Tree::place);
    let require = match (parts.len(), first) {
        (0, _) | (_, None) => None,
        (1, _) => parts.into_iter().next(),
        // Lines beside each other: one of them is enough.
        (_, Some(place)) => Some(Tree::Many(Logic::Any, place, parts)),
    };
    let mut compat = Compat::default();
    let mut any = false;
    for node in nodes {
        match node.name.as_str() {
            "order" => compat.order = Some(node),
            "allow" => compat.allows.push(node),
            "deny" => compat.denies.push(node),
            "satisfy" => compat.satisfy_any = node.arg(0).eq_ignore_ascii_case("any"),
            _ => continue,
        }
        any = true;
    }
    Rules { require, compat: any.then_some(compat) }
}

fn tree(node: &Node) -> Option<Tree<'_>> {
    let logic = match node.name.as_str() {
        "require" => return Some(Tree::Leaf(node)),
        "requireany" => Logic::Any,
        "requireall" => Logic::All,
        "requirenone" => Logic::None,
        _ => return None,
    };
    Some(Tree::Many(logic, node.place, node.children().iter().filter_map(tree).collect()))
}

/// Puts a later section's lines over those before.
pub fn merge<'a>(before: &mut Rules<'a>, after: Rules<'a>, merging: &str) {
    if let Some(new) = after.require {
        let old = before.require.take();
        before.require = Some(match (old, merging.to_ascii_lowercase().as_str()) {
            (Some(old), "and") => Tree::Many(Logic::All, new.place(), vec![old, new]),
            (Some(old), "or") => Tree::Many(Logic::Any, new.place(), vec![old, new]),
            _ => new,
        });
    }
    // mod_access_compat does not merge: a section with any of its lines starts anew.
    if after.compat.is_some() {
        before.compat = after.compat;
    }
}

/// Whether a `<Directory>` holds for a file, and how deep it is; patterns come after the others.
pub fn directory(node: &Node, file: &str) -> Option<usize> {
    let (pattern, is_pattern) = match (node.name.as_str(), node.arg(0)) {
        ("directorymatch", pattern) => (pattern, true),
        (_, "~") => (node.arg(1), true),
        (_, path) => (path, false),
    };
    if is_pattern {
        return Pattern::new(pattern, false)?.matches(file).then_some(usize::MAX);
    }
    let pattern = pattern.trim_end_matches('/');
    if pattern.is_empty() {
        return Some(0);
    }
    let wanted: Vec<&str> = pattern.split('/').collect();
    let parts: Vec<&str> = file.split('/').collect();
    let fits = wanted.len() <= parts.len() && wanted.iter().zip(&parts).all(|(wanted, part)| fits(wanted, part));
    fits.then_some(wanted.len() - 1)
}

/// Whether a `<Location>` holds for a path.
pub fn location(node: &Node, uri: &str) -> bool {
    match (node.name.as_str(), node.arg(0)) {
        ("locationmatch", pattern) => Pattern::new(pattern, false).is_some_and(|pattern| pattern.matches(uri)),
        (_, "~") => Pattern::new(node.arg(1), false).is_some_and(|pattern| pattern.matches(uri)),
        (_, path) if path.contains(['*', '?', '[']) => {
            let wanted: Vec<&str> = path.split('/').collect();
            let parts: Vec<&str> = uri.split('/').collect();
            wanted.len() <= parts.len() && wanted.iter().zip(&parts).all(|(wanted, part)| fits(wanted, part))
        }
        (_, path) => under(path, uri),
    }
}

/// Whether a path is at or under another, by whole parts.
pub fn under(path: &str, uri: &str) -> bool {
    match uri.strip_prefix(path) {
        Some(rest) => rest.is_empty() || path.ends_with('/') || rest.starts_with('/'),
        None => false,
    }
}

/// Whether a `<Files>` holds for a file.
pub fn files(node: &Node, file: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or_default();
    if name.is_empty() {
        return false;
    }
    match (node.name.as_str(), node.arg(0)) {
        ("filesmatch", pattern) => Pattern::new(pattern, false).is_some_and(|pattern| pattern.matches(name)),
        (_, "~") => Pattern::new(node.arg(1), false).is_some_and(|pattern| pattern.matches(name)),
        (_, wanted) => fits(wanted, name),
    }
}

/// Whether a `<Proxy>` holds for where a request is passed on to.
pub fn proxy(node: &Node, to: &str) -> bool {
    match (node.name.as_str(), node.arg(0)) {
        ("proxymatch", pattern) => Pattern::new(pattern, false).is_some_and(|pattern| pattern.matches(to)),
        (_, "~") => Pattern::new(node.arg(1), false).is_some_and(|pattern| pattern.matches(to)),
        (_, "*") => true,
        (_, wanted) => to.starts_with(wanted.trim_end_matches('*')),
    }
}

/// The pattern of a section that nobody here can read.
pub fn unreadable(node: &Node) -> Option<Place> {
    let pattern = match (node.name.as_str(), node.arg(0)) {
        ("directorymatch" | "locationmatch" | "filesmatch" | "proxymatch", pattern) => pattern,
        (_, "~") => node.arg(1),
        _ => return None,
    };
    Pattern::new(pattern, false).is_none().then_some(node.place)
}

/// Whether a name fits a shell pattern without brackets.
pub fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.as_bytes(), name.as_bytes());
    let (mut at, mut on) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while on < name.len() {
        match (pattern.get(at), name.get(on)) {
            (Some(b'*'), _) => {
                back = Some((at + 1, on));
                at += 1;
            }
            (Some(b'?'), Some(_)) => (at, on) = (at + 1, on + 1),
            (Some(wanted), Some(byte)) if wanted == byte => (at, on) = (at + 1, on + 1),
            _ => match back {
                Some((star, from)) => {
                    back = Some((star, from + 1));
                    (at, on) = (star, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern.get(at..).unwrap_or_default().iter().all(|byte| *byte == b'*')
}
