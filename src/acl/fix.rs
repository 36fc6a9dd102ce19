//! The smallest change that lets every range in, and the proof that it does just that. Which lines a dialect writes is the
//! dialect's to say (`Format::open`); here it is asked, read again, and compared over every address.

use serde::Serialize;
use utoipa::ToSchema;

use super::report::{ListUsed, Standing};
use crate::finding::Text;

/// What came of looking for a fix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FixOutcome {
    /// Everything is open already.
    NothingToDo,
    /// The change opens every range.
    Opened,
    /// The change opens what can be opened; `after` is not `allowed`.
    Partly,
    /// No change to this dump can open anything more.
    Impossible,
}

/// The answer of `acl fix`.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FixReport {
    /// What came of it.
    pub outcome: FixOutcome,
    /// The same as a sentence.
    pub headline: Text,
    /// Dialect of the dump.
    pub format: &'static str,
    /// All ranges together, before the change.
    pub before: Standing,
    /// All ranges together, after it.
    pub after: Standing,
    /// Networks that are opened, the fewest.
    pub networks: Vec<String>,
    /// The change as a unified diff of all files.
    pub diff: String,
    /// The changed files, whole.
    pub files: Vec<FixedFile>,
    /// The same change as commands, where the dialect has such.
    pub commands: Vec<String>,
    /// What to know before applying it.
    pub remarks: Vec<Text>,
    /// What keeps the rest closed, where some stays closed.
    pub obstacles: Vec<Text>,
    /// That nothing else changes.
    pub proof: Proof,
    /// Which list of ranges was asked about.
    pub list: ListUsed,
}

/// A changed file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FixedFile {
    /// Its name.
    pub name: String,
    /// Its new text.
    pub text: String,
}

/// The changed dump, read again and compared with the old one.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Proof {
    /// Whether every range gets in to every port.
    pub ranges_open: bool,
    /// Ports that were compared: those asked for, and one from each stretch that the rules tell apart.
    pub ports: Vec<u16>,
    /// Addresses whose verdict was compared, outside the ranges: all there are of both families.
    pub pieces: usize,
    /// What else would change; empty, or the change must not be applied.
    pub changed: Vec<Changed>,
    /// The same as a sentence.
    pub message: Text,
}

/// A verdict that the change would alter beside what it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Changed {
    /// The first address.
    pub from: String,
    /// The last address.
    pub to: String,
    /// The port.
    pub port: u16,
    /// The verdict before.
    pub before: String,
    /// The verdict after.
    pub after: String,
}
