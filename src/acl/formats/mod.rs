//! The dialects. `FORMATS` is the registry: a dialect is one row here, one parser file or folder beside this one, its
//! fixtures and its oracle, and nothing else.

mod apache;
mod aws_nacl;
mod aws_sg;
mod cloud;
mod csv;
mod firewalld;
mod gnuboard;
mod haproxy;
mod iptables;
mod list;
mod ncloud;
mod nftables;
mod nginx;
#[cfg(test)]
mod opened;
mod spots;
mod ufw;
mod web;

use super::{File, Malformed, Opening, Patch, Reading, Ruleset};

/// One dialect.
pub struct Format {
    /// What it is called on the command line and in the API.
    pub name: &'static str,
    /// What it is called by people.
    pub title: &'static str,
    /// The command or the place the text comes from.
    pub from: &'static str,
    /// Several files of it beside each other are one layer (IPv4, IPv6 and sets of one host); else each file is a layer.
    pub joins: bool,
    /// What it cannot decide, in both languages.
    pub cannot: &'static [Cannot],
    /// How surely a text is of this dialect, from 0 (it is not) to 100 (nothing else looks like this).
    pub recognise: fn(&str) -> u8,
    /// Reads the files of one layer. What is not understood is `Condition::Unknown` or `Action::Unknown` with its line;
    /// `Malformed` is for a file that is not of this dialect at all.
    pub parse: fn(&[File], &Reading) -> Result<Ruleset, Malformed>,
    /// Writes what opens the way, in the dialect's own syntax; `None` where there is nothing to write it into.
    pub open: Option<Open>,
}

/// Writes what opens a way into a dialect's files; `None` where no change to them can.
pub type Open = fn(&[File], &Opening) -> Option<Patch>;

/// Something a dialect's dumps do not tell, in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cannot {
    /// Korean.
    pub ko: &'static str,
    /// English.
    pub en: &'static str,
}

/// Every dialect, in the order `acl formats` lists them.
pub const FORMATS: &[Format] = &[
    iptables::FORMAT,
    nftables::FORMAT,
    ufw::FORMAT,
    firewalld::FORMAT,
    nginx::FORMAT,
    apache::FORMAT,
    haproxy::FORMAT,
    aws_sg::FORMAT,
    aws_nacl::FORMAT,
    ncloud::ACG,
    ncloud::NETWORK_ACL,
    gnuboard::FORMAT,
    list::FORMAT,
    csv::FORMAT,
];

/// The dialect of a name.
pub fn named(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

/// The dialect a text is most surely of. A long text shows it at its beginning; if not, all of it is looked at.
pub fn recognised(text: &str) -> Option<&'static Format> {
    let structured = text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[', '<']);
    let head = beginning(text).filter(|_| !structured);
    head.and_then(surest).or_else(|| surest(text))
}

fn surest(text: &str) -> Option<&'static Format> {
    FORMATS
        .iter()
        .map(|format| ((format.recognise)(text), format))
        .filter(|(sureness, _)| *sureness > 0)
        .reduce(|best, next| if next.0 > best.0 { next } else { best })
        .map(|(_, format)| format)
}

/// Bytes of a text that are looked at first.
const BEGINNING: usize = 64 << 10;

/// The first whole lines of a long text.
fn beginning(text: &str) -> Option<&str> {
    let head = text.get(..text.floor_char_boundary(BEGINNING)).filter(|head| head.len() < text.len())?;
    head.rsplit_once('\n').map(|(head, _)| head)
}
