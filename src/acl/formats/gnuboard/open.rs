//! Lets networks in: as patterns in `접근가능 IP`, or by taking the pattern that blocks them out of `접근차단 IP` where it blocks
//! nobody else. Only text under headings is changed; values in SQL or PHP are for the settings page.

use std::net::IpAddr;

use ipnet::IpNet;

use super::{
    POSSIBLE,
    pattern::{Matches, matches},
    read::{Lists, lists},
};
use crate::acl::{Addresses, Family, File, Opening, Patch, insert_lines};

/// Patterns one network may take before the settings page is no place for them.
const MAX_PATTERNS: usize = 4_096;

/// `None` for IPv6, and where the text is no list under headings.
pub fn open(files: &[File], opening: &Opening) -> Option<Patch> {
    if opening.family != Family::V4 {
        return None;
    }
    let place = opening.refused_at?;
    let file = files.get(place.file)?;
    if opening.chain == POSSIBLE {
        let mut all = Lists::default();
        lists(place.file, file, &mut all).ok()?;
        let patterns = patterns(&opening.networks)?;
        let last = all.possible.iter().filter(|(at, _)| at.file == place.file).map(|(at, _)| at.line).max()?;
        // One line a pattern only where the list is written so.
        let shown = file.line(last)?.trim();
        all.possible.iter().find(|(at, text)| at.line == last && text == shown)?;
        let text = insert_lines(&file.text, last + 1, &patterns);
        return Some(Patch { files: vec![(place.file, text)], ..Patch::default() });
    }
    let line = file.line(place.line)?.trim().to_owned();
    let Matches::Exactly(blocked) = matches(&line) else { return None };
    let wanted: Addresses = opening.networks.iter().copied().collect();
    let rest = Addresses::of(Family::V4, blocked).difference(&wanted).networks();
    let patterns = patterns(&rest)?;
    let mut text = String::with_capacity(file.text.len());
    for (number, old) in (1_u32..).zip(file.text.split_inclusive('\n')) {
        if number == place.line {
            let end = if old.ends_with("\r\n") { "\r\n" } else { "\n" };
            for pattern in &patterns {
                text.extend([pattern.as_str(), end]);
            }
        } else {
            text.push_str(old);
        }
    }
    Some(Patch { files: vec![(place.file, text)], ..Patch::default() })
}

/// Patterns that match exactly these networks: `27.0.236.+` for whole octets, single addresses for the rest.
fn patterns(networks: &[IpNet]) -> Option<Vec<String>> {
    let mut patterns = Vec::new();
    for network in networks {
        let IpNet::V4(network) = network else { return None };
        let whole = (network.prefix_len().div_ceil(8) * 8).max(8);
        for part in network.subnets(whole).ok()? {
            let IpAddr::V4(address) = IpAddr::from(part.network()) else { return None };
            let octets: Vec<String> = address.octets().iter().take(usize::from(whole / 8)).map(u8::to_string).collect();
            let more = if whole == 32 { "" } else { ".+" };
            patterns.push(format!("{}{more}", octets.join(".")));
            if patterns.len() > MAX_PATTERNS {
                return None;
            }
        }
    }
    Some(patterns)
}
