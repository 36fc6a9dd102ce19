//! What the list of Kakao's ranges is worth as evidence, and which changes it announces.

use super::{
    Case,
    report::{Evidence, Says},
};
use crate::{
    acl::list::{ChangeKind, Origin, RangeList},
    finding::Confidence,
};

/// What a list says will change on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListChange {
    /// The day, as the list writes it.
    pub date: Option<String>,
    /// Networks that come into use.
    pub additions: Vec<String>,
    /// Networks that go out of use.
    pub exclusions: Vec<String>,
}

impl ListChange {
    /// The changes of a list, in the order of their days.
    pub fn of(list: &RangeList) -> Vec<Self> {
        let mut changes: Vec<Self> = Vec::new();
        for range in &list.ranges {
            let Some(change) = &range.change else { continue };
            let known = changes.iter().position(|known| known.date == change.date).unwrap_or_else(|| {
                changes.push(Self { date: change.date.clone(), additions: Vec::new(), exclusions: Vec::new() });
                changes.len() - 1
            });
            if let Some(day) = changes.get_mut(known) {
                match change.kind {
                    ChangeKind::Addition => day.additions.push(range.network.to_string()),
                    ChangeKind::Exclusion => day.exclusions.push(range.network.to_string()),
                }
            }
        }
        changes.sort_by(|left, right| left.date.cmp(&right.date));
        changes
    }
}

/// Whether the list was made too long ago.
pub(super) fn is_stale(case: &Case<'_>) -> bool {
    // The announced networks carry the day on which they were last checked; they are weak for another reason.
    case.parts.list.official && case.parts.list.age_days.is_some_and(|days| days > i64::from(case.bounds.stale_days))
}

pub(super) fn evidence(case: &Case<'_>) -> Evidence {
    let list = &case.parts.list;
    let days = list.age_days.unwrap_or_default().to_string();
    let updated = list.updated.as_deref().unwrap_or("?");
    let values = [("days", days.as_str()), ("updated", updated), ("name", &list.name)];
    let (says, code, confidence) = match list.origin {
        Origin::Api if is_stale(case) => (Says::Partly, "stale", Confidence::Documented),
        Origin::Api => (Says::Passes, "official", Confidence::Documented),
        Origin::File => (Says::Partly, "file", Confidence::Default),
        Origin::Announced => (Says::Partly, "announced", Confidence::Observed),
    };
    Evidence {
        proof: Some(match &list.updated {
            Some(updated) => format!("{} ({updated})", list.name),
            None => list.name.clone(),
        }),
        command: (code != "official").then(|| "scraplens ips refresh".to_owned()),
        confidence,
        ..case.row("list", says, code, &values)
    }
}
