//! What was not proved. Whoever acts on a verdict must know where it ends.

use super::{
    Case,
    arrivals::Fared,
    list::is_stale,
    report::{Reachability, Says},
    verdict::Decision,
};
use crate::{accesslog::Origin, acl::list::Origin as List, acl::report::Standing, finding::Text};

pub(super) fn limits(case: &Case<'_>, decision: &Decision) -> Vec<Text> {
    let mut limits = Vec::new();
    let mut say = |code: &str, values: &[(&str, &str)]| limits.push(case.say("limit", code, values));
    let list = &case.parts.list;
    match list.origin {
        List::Announced => say("list-announced", &[("updated", list.updated.as_deref().unwrap_or("?"))]),
        List::File => say("list-file", &[("name", &list.name)]),
        List::Api if is_stale(case) => {
            say("list-stale", &[("days", &list.age_days.unwrap_or_default().to_string())]);
        }
        List::Api => {}
    }
    match case.dumps.as_ref() {
        None => say("no-dump", &[]),
        Some(dumps) => {
            let layers: Vec<&str> = dumps.report.layers.iter().map(|layer| layer.name.as_str()).collect();
            say("layers", &[("layers", &layers.join(", "))]);
            if dumps.standing() == Standing::Undetermined {
                say("undetermined", &[]);
            }
            if !dumps.report.assumptions.is_empty() {
                say("assumptions", &[("count", &dumps.report.assumptions.len().to_string())]);
            }
        }
    }
    if case.probing.http.says == Says::Missing {
        say("no-probe", &[]);
    } else {
        say("from-here", &[]);
    }
    match case.arrivals.as_ref() {
        None => say("no-log", &[]),
        Some(arrivals) => {
            let days = (arrivals.age_hours.unwrap_or_default() / 24).to_string();
            match arrivals.fared {
                Fared::Absent => say("absent", &[]),
                Fared::Silent => say(&format!("log-{}", arrivals.code), &[]),
                Fared::Served | Fared::Partly | Fared::Refused | Fared::NotFound => {
                    if arrivals.count(Origin::Genuine) == 0 {
                        say("plausible", &[]);
                    }
                }
            }
            if arrivals.report.stopped {
                say("log-stopped", &[]);
            }
            if arrivals.old {
                say("log-old", &[("days", &days)]);
            }
        }
    }
    if decision.verdict == Reachability::Reachable && decision.reason == "rules" {
        say("not-seen", &[]);
    }
    limits
}
