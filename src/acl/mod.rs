//! Does a site's firewall let Kakao in? Exact answers from rule dumps. Pure: files are handed in as text, verdicts are handed
//! out with the line that decides. The site's rules are *analysed* here; our own outbound guard is `egress`.
//!
//! ```text
//! range, address      sets of numbers, sets of addresses, CIDR
//! source              files, lines, places
//! ruleset             what every dialect is read into
//! formats             the dialects, one parser each; the registry
//! packet, walk        one visit through one rule set, three-valued
//! decide, layers      which addresses fare how, exactly; several layers in a row
//! question, report    what is asked and what is answered
//! ```

mod address;
mod check;
mod decide;
pub mod fix;
pub mod formats;
mod layers;
pub mod list;
mod opening;
mod packet;
mod question;
mod range;
mod read;
pub mod report;
mod ruleset;
mod shadow;
mod source;
mod walk;

use crate::words::Words;

pub use self::{
    address::{Addresses, Family, NotAddresses, bounds, networks, number},
    check::{CheckError, Question, check, list_used},
    decide::{Piece, TooMuch, cuts, decide},
    layers::{Fate, Layer, fates},
    opening::{Opening, Patch, insert_lines},
    packet::Part,
    question::{Circumstances, Limits, Reading, Request},
    range::Ranges,
    read::{Dump, layers},
    ruleset::{
        Action, Assumption, Chain, ChainId, Condition, Doubt, Hook, How, Idle, Kind, Policy, Rule, Ruleset, Sees,
        Stage, States, Translation,
    },
    shadow::{Dead, dead},
    source::{File, Malformed, Place},
    walk::{Decision, Site, Verdict},
};

/// The sentences of verdicts, doubts and assumptions. A test reads the file, so this cannot fail in a program that was built.
pub fn words() -> Result<Words, toml::de::Error> {
    Words::parse(include_str!("../../static/i18n/acl.toml"))
}
