//! The smallest change that lets every range in, and the proof that it does just that. Which lines a dialect writes is the
//! dialect's to say (`Format::open`); here it is asked, read again, and compared over every address.

mod cover;
mod proof;
mod search;

use serde::Serialize;
use similar::TextDiff;
use utoipa::ToSchema;

use self::{
    proof::prove,
    search::{search, unchanged},
};
use super::{
    CheckError, File, Layer, Question, Reading, check,
    report::{ListUsed, Standing},
};
use crate::{finding::Text, words::Words};

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
    /// What would change for addresses outside the ranges; empty, or the change must not be applied.
    pub changed: Vec<Changed>,
    /// What else would open for the ranges themselves, at ports that were not asked for: where the dialect's rules know no ports.
    pub also_opens: Vec<Changed>,
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

/// The smallest change to one layer that lets every range of the question in. The question's layers are not looked at.
pub fn fix(dump: &Layer, question: &Question<'_>, reading: &Reading, words: &Words) -> Result<FixReport, CheckError> {
    let layers = std::slice::from_ref(dump);
    let question = Question { layers, ..*question };
    let before = check(&question, words)?;
    let mut found = search(dump, &question, reading)?;
    let mut proof = prove(dump, &found.layer, &question, words)?;
    if !proof.changed.is_empty() {
        // It would change verdicts for others: not a fix. What it would have changed stays told.
        found = unchanged(dump, reading)?;
    }
    let patched = std::slice::from_ref(&found.layer);
    let after = check(&Question { layers: patched, ..question }, words)?;
    proof.ranges_open = after.verdict == Standing::Allowed;
    proof.message = proof::message(&proof, words);
    let outcome = match (before.verdict, after.verdict) {
        (Standing::Allowed, _) => FixOutcome::NothingToDo,
        _ if found.networks.is_empty() => FixOutcome::Impossible,
        (_, Standing::Allowed) => FixOutcome::Opened,
        _ => FixOutcome::Partly,
    };
    let code = match outcome {
        FixOutcome::NothingToDo => "nothing-to-do",
        FixOutcome::Opened => "opened",
        // What is left is not refused: it cannot be told.
        FixOutcome::Partly if after.verdict == Standing::Undetermined => "opened-known",
        FixOutcome::Partly => "partly",
        FixOutcome::Impossible => "impossible",
    };
    let changed = || dump.files.iter().zip(&found.layer.files).filter(|(old, new)| old.text != new.text);
    let obstacles = after.ranges.iter().flat_map(|range| &range.parts).filter(|part| part.verdict != Standing::Allowed);
    let mut told: Vec<Text> = Vec::new();
    for part in obstacles {
        let reasons = part.decided_by.iter().map(|decided| &decided.reason);
        for reason in reasons.chain(part.doubts.iter().map(|doubt| &doubt.message)) {
            if told.len() < MAX_OBSTACLES && !told.contains(reason) {
                told.push(reason.clone());
            }
        }
    }
    Ok(FixReport {
        outcome,
        headline: words.say("fix", code, &[("count", &found.networks.len().to_string())]),
        format: dump.format.name,
        before: before.verdict,
        after: after.verdict,
        networks: found.networks.iter().map(ToString::to_string).collect(),
        diff: changed().map(|(old, new)| diff(old, new)).collect(),
        files: changed().map(|(_, new)| FixedFile { name: new.name.to_string(), text: new.text.to_string() }).collect(),
        commands: found.commands,
        remarks: found.remarks.iter().map(|(code, what)| words.say("remark", code, &[("what", what)])).collect(),
        obstacles: told,
        proof,
        list: before.list,
    })
}

/// Reasons that are told of what stays closed.
const MAX_OBSTACLES: usize = 10;

fn diff(old: &File, new: &File) -> String {
    TextDiff::from_lines(&*old.text, &*new.text)
        .unified_diff()
        .context_radius(3)
        .header(&old.name, &new.name)
        .to_string()
}
