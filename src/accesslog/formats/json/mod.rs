//! Logs of one JSON object a line: nginx with `escape=json`, Caddy, Traefik, and any server whose keys have the usual names.

mod keys;
mod node;
mod repair;

use std::borrow::Cow;

use self::{
    keys::{Around, is_nginx, meaning},
    node::Node,
};
use super::{dialect::owned, registry::Flavour};
use crate::accesslog::{
    Entry, Line,
    field::{
        fill::{Filling, Means},
        header,
    },
};

/// What is remembered of a log.
#[derive(Debug, Clone)]
pub(super) struct Reader {
    flavour: Flavour,
    /// The key that holds the client's address, plain, where another than the peer's does.
    client: Option<String>,
    /// Keys of the lines by which the format was found.
    seen: Vec<String>,
}

/// Keys that are remembered for telling which there are.
const MOST_SEEN: usize = 100;

impl Reader {
    pub(super) fn new(flavour: Flavour) -> Self {
        Self { flavour, client: None, seen: Vec::new() }
    }

    /// Takes the client's address from a key. Else the keys there are, where any were seen.
    pub(super) fn client(&mut self, name: &str) -> Result<bool, Vec<String>> {
        let wanted = plain(name);
        let known = |seen: &String| is(&plain(seen), &wanted);
        if self.seen.is_empty() || self.seen.iter().any(known) {
            self.client = Some(wanted);
            return Ok(true);
        }
        Err(self.seen.clone())
    }

    /// Reads a line; `strict` where only a log of this flavour is meant. An object without a request in it is nothing to count.
    pub(super) fn read<'a>(&mut self, line: &'a [u8], strict: bool) -> Line<'a> {
        let line = line.trim_ascii_start();
        // Some write one array over many lines: `{…},`.
        let line = line.strip_suffix(b",").unwrap_or(line);
        if !line.starts_with(b"{") {
            return if matches!(line, b"[" | b"]") { Line::Other } else { Line::Unreadable };
        }
        if let Some(node) = std::str::from_utf8(line).ok().and_then(|text| serde_json::from_str(text).ok()) {
            return self.line(&node, false, strict);
        }
        let repaired = repair::repaired(line);
        match serde_json::from_str::<Node<'_>>(&repaired) {
            Ok(node) => match self.line(&node, true, strict) {
                Line::Entry(entry) => Line::Entry(owned(entry)),
                Line::Other => Line::Other,
                Line::Unreadable => Line::Unreadable,
            },
            Err(_) => Line::Unreadable,
        }
    }

    fn line<'a>(&mut self, node: &Node<'a>, repaired: bool, strict: bool) -> Line<'a> {
        let Node::Map(map) = node else { return Line::Unreadable };
        let mut leaves = Vec::new();
        for (key, value) in map {
            gather(key, &plain(key), value, &mut leaves);
        }
        if strict {
            if !self.is_mine(&leaves) {
                return Line::Unreadable;
            }
            for leaf in &leaves {
                if self.seen.len() < MOST_SEEN && !self.seen.contains(&leaf.name) {
                    self.seen.push(leaf.name.clone());
                }
            }
        }
        let entry = self.filled(leaves, repaired);
        // Bytes that are no HTTP have no method; they were answered nevertheless.
        let asked = entry.target.is_some() || entry.method.is_some() || entry.status.is_some();
        let whose = entry.peer.is_some() || entry.user_agent.is_some();
        let answered = entry.target.is_some() && entry.status.is_some();
        if (asked && whose) || answered { Line::Entry(entry) } else { Line::Other }
    }

    fn is_mine(&self, leaves: &[Leaf<'_>]) -> bool {
        let has = |path: &str| leaves.iter().any(|leaf| leaf.path == path);
        match self.flavour {
            Flavour::Caddy => {
                has("request.uri") && has("request.proto") && (has("request.remoteip") || has("request.remoteaddr"))
            }
            Flavour::Traefik => has("downstreamstatus") || has("clienthost"),
            Flavour::Nginx => leaves.iter().filter(|leaf| is_nginx(&leaf.path)).count() >= 2,
            Flavour::Any => true,
        }
    }

    fn filled<'a>(&self, leaves: Vec<Leaf<'a>>, repaired: bool) -> Entry<'a> {
        let has = |start: &str| leaves.iter().any(|leaf| leaf.path.starts_with(start));
        let around = Around {
            flavour: self.flavour,
            node: has("req.") && has("res."),
            envoy: has("responseflags") || has("responsecode"),
        };
        let mut filling = Filling::default();
        for leaf in leaves {
            let value = match leaf.value {
                text if repaired => Cow::Owned(repair::bytes(&text)),
                Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
                Cow::Owned(text) => Cow::Owned(text.into_bytes()),
            };
            if let Some(wanted) = &self.client
                && is(&leaf.path, wanted)
            {
                filling.put(&Means::Forwarded, 0, value.clone());
            }
            match meaning(&leaf.path, around) {
                (Means::Forwarded, _) if self.client.is_some() => {}
                // What a server takes for the client, beside who really was at the other end.
                (Means::Peer, rank @ 1..) if self.client.is_none() => {
                    filling.put(&Means::Forwarded, 10 + rank, value.clone());
                    filling.put(&Means::Peer, rank, value);
                }
                (Means::Took(_), rank) if value.last().is_some_and(u8::is_ascii_alphabetic) => {
                    filling.put(&Means::TookWithUnit, rank, value);
                }
                (means, rank) => filling.put(&means, rank, value),
            }
        }
        let mut entry = filling.entry();
        if self.client.is_none() && entry.forwarded.iter().all(|address| Some(*address) == entry.peer) {
            entry.forwarded.clear();
        }
        entry
    }
}

/// A value that holds no others.
struct Leaf<'a> {
    /// The way to it as the log writes it.
    name: String,
    /// The same, plain.
    path: String,
    value: Cow<'a, str>,
}

fn gather<'a>(name: &str, path: &str, node: &Node<'a>, leaves: &mut Vec<Leaf<'a>>) {
    match node {
        Node::Text(value) => leaves.push(Leaf { name: name.to_owned(), path: path.to_owned(), value: value.clone() }),
        Node::Nothing => {}
        Node::Map(map) => {
            for (key, value) in map {
                gather(&format!("{name}.{key}"), &format!("{path}.{}", plain(key)), value, leaves);
            }
        }
        Node::List(list) => {
            let texts: Vec<&Cow<'a, str>> =
                list.iter().filter_map(|node| if let Node::Text(text) = node { Some(text) } else { None }).collect();
            match texts.as_slice() {
                [] => {}
                [one] => leaves.push(Leaf { name: name.to_owned(), path: path.to_owned(), value: (*one).clone() }),
                several => {
                    let value = several.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
                    leaves.push(Leaf { name: name.to_owned(), path: path.to_owned(), value: Cow::Owned(value) });
                }
            }
            // `headers: [{"name": "User-Agent", "value": "…"}]`
            for node in list {
                if let Node::Map(map) = node {
                    let text = |wanted: &str| {
                        map.iter().find_map(|(key, value)| match value {
                            Node::Text(text) if key == wanted => Some(text),
                            _ => None,
                        })
                    };
                    if let (Some(key), Some(value)) = (text("name"), text("value")) {
                        leaves.push(Leaf {
                            name: format!("{name}.{key}"),
                            path: format!("{path}.{}", plain(key)),
                            value: value.clone(),
                        });
                    }
                }
            }
        }
    }
}

/// A key, or a way of keys, in lower case without signs but dots.
fn plain(key: &str) -> String {
    header::plain(key)
}

/// Whether a way ends as it is asked for.
fn is(path: &str, wanted: &str) -> bool {
    path.strip_suffix(wanted).is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

#[cfg(test)]
mod tests;
