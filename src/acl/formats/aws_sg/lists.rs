//! Managed prefix lists given beside the groups. `get-managed-prefix-list-entries` does not say whose entries it lists: the
//! file's name says it, or there is only one list that is meant.

use super::{
    ADVICE,
    read::{Group, Origin},
};
use crate::acl::{Addresses, Assumption, Condition, File, Malformed, Place, formats::spots::Spot};

/// The lists of a layer.
#[derive(Debug, Clone, Default)]
pub struct PrefixLists {
    known: Vec<Entries>,
}

#[derive(Debug, Clone)]
struct Entries {
    /// The list's id, once it is known.
    id: Option<String>,
    place: Place,
    addresses: Addresses,
    /// Another page follows that was not given.
    partial: bool,
}

impl PrefixLists {
    /// Takes a file, if it is one of a list's entries.
    pub fn take(&mut self, index: usize, file: &File, spot: &Spot) -> Result<bool, Malformed> {
        let Some(entries) = spot.get("Entries") else { return Ok(false) };
        let mut found = Vec::new();
        for entry in entries.items() {
            let text = entry.word("Cidr").unwrap_or_default();
            let network: ipnet::IpNet = text.parse().map_err(|_not| {
                Malformed::at(file, entry.line_of("Cidr"), 0, format!("`{text}` is not a network"), ADVICE)
            })?;
            found.push(network.trunc());
        }
        self.known.push(Entries {
            id: id_in(&file.name).or(spot.word("PrefixListId").map(str::to_owned)),
            place: entries.place(index),
            addresses: found.into_iter().collect(),
            partial: spot.get("NextToken").is_some(),
        });
        Ok(true)
    }

    /// Gives the one list without a name to the one id that lacks a list.
    pub fn settle(&mut self, groups: &[Group], assumptions: &mut Vec<Assumption>) {
        let mut missing: Vec<&str> = groups
            .iter()
            .flat_map(|group| &group.grants)
            .filter_map(|grant| match &grant.origin {
                Origin::List(id) => Some(id.as_str()),
                Origin::Networks(_) | Origin::Group(_) | Origin::Unread(_) => None,
            })
            .filter(|id| !self.known.iter().any(|entries| entries.id.as_deref() == Some(id)))
            .collect();
        missing.sort_unstable();
        missing.dedup();
        let mut nameless = self.known.iter_mut().filter(|entries| entries.id.is_none());
        if let (&[id], Some(entries), None) = (missing.as_slice(), nameless.next(), nameless.next()) {
            entries.id = Some(id.to_owned());
            let (code, place) = ("set-contents-as-dumped", Some(entries.place));
            assumptions.push(Assumption { code, place, what: id.to_owned() });
        }
    }

    /// The sources a list stands for.
    pub fn condition(&self, id: &str) -> Condition {
        let mut pages = self.known.iter().filter(|entries| entries.id.as_deref() == Some(id)).peekable();
        if pages.peek().is_none() {
            return Condition::unknown("reference", id);
        }
        let mut parts = Vec::new();
        for page in pages {
            parts.push(Condition::source(page.addresses.clone()));
            if page.partial {
                parts.push(Condition::unknown("file-missing", "NextToken"));
            }
        }
        Condition::Any(parts)
    }
}

/// The id of a list in a file's name: `pl-0123456789abcdef0.json`.
fn id_in(name: &str) -> Option<String> {
    let (at, _) = name.match_indices("pl-").last()?;
    let rest = name.get(at..)?.strip_prefix("pl-")?;
    let digits: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
    (digits.len() >= 6).then(|| format!("pl-{digits}"))
}
