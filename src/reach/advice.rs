//! What to do, in order, by whom: first what opens the way, then what proves it, then what keeps it open.

use super::{
    Case, command,
    dumps::Refusal,
    list::is_stale,
    report::{Reachability, Says},
    verdict::Decision,
};
use crate::{
    acl::{
        formats::named,
        list::Origin,
        report::{LayerReport, Standing},
    },
    finding::{Severity, Text},
};

pub(super) fn advice(case: &Case<'_>, decision: &Decision) -> Vec<Text> {
    let mut advice = Advice { case, said: Vec::new() };
    advice.open_the_way(decision);
    advice.fix_rules();
    advice.repeat_findings(decision);
    advice.prove(decision);
    advice.expect_changes();
    advice.get_the_list();
    advice.said
}

struct Advice<'a, 'b> {
    case: &'a Case<'b>,
    said: Vec<Text>,
}

impl Advice<'_, '_> {
    fn say(&mut self, code: &str, values: &[(&str, &str)]) {
        let text = self.case.say("advice", code, values);
        self.add(text);
    }

    fn add(&mut self, text: Text) {
        if !self.said.contains(&text) {
            self.said.push(text);
        }
    }

    /// What goes with the reason. Reasons that a rule of a dump gives are mended by `fix_rules`.
    fn open_the_way(&mut self, decision: &Decision) {
        let status = self.case.arrivals.as_ref().and_then(|arrivals| arrivals.status);
        let status = status.map_or_else(|| "?".to_owned(), |status| status.to_string());
        if decision.blocker.is_some() && self.case.words.has("advice", decision.reason) {
            self.say(decision.reason, &[("status", &status)]);
        }
    }

    /// A change for each layer that refuses something.
    fn fix_rules(&mut self) {
        let Some(dumps) = &self.case.dumps else { return };
        for layer in &dumps.report.layers {
            let Some(refusal) = dumps.refusals.iter().find(|refusal| refusal.by.layer == layer.name) else { continue };
            self.fix_layer(layer, refusal);
        }
    }

    fn fix_layer(&mut self, layer: &LayerReport, refusal: &Refusal<'_>) {
        let place = refusal.place().unwrap_or_else(|| refusal.by.chain.clone());
        let networks = few(&refusal.networks);
        let writable = named(layer.format).is_some_and(|format| format.open.is_some());
        let command = self.fix_command(layer);
        let values =
            [("place", place.as_str()), ("networks", &networks), ("layer", &layer.name), ("command", &command)];
        let kind = refusal.layer.word();
        let way = if writable { "fix" } else { "by-hand" };
        self.say(&format!("{way}-{kind}"), &values);
    }

    fn fix_command(&self, layer: &LayerReport) -> String {
        let mut words = vec!["scraplens acl fix".to_owned()];
        words.extend(layer.files.iter().map(|name| command::file(name)));
        words.push(format!("--format {}", layer.format));
        let list = &self.case.parts.list;
        if list.origin != Origin::Announced {
            words.push(format!("--ranges {}", command::file(&list.name)));
        }
        if layer.sees != "direct" {
            words.push(format!("--sees {}", layer.sees));
        }
        words.push(format!("--url {}", command::quoted(&self.case.parts.requested_url)));
        words.join(" ")
    }

    /// What probe and logs advise themselves, where it is what blocks.
    fn repeat_findings(&mut self, decision: &Decision) {
        if decision.verdict == Reachability::Reachable {
            return;
        }
        let by_log = decision.reason.starts_with("log-");
        let log = self.case.arrivals.as_ref().filter(|_| by_log);
        for finding in log.into_iter().flat_map(|arrivals| &arrivals.report.findings) {
            if finding.severity == Severity::Error {
                self.add(finding.advice.clone());
            }
        }
        let by_probe = ["dns", "connect", "tls", "http", "agent", "image"];
        if by_probe.iter().any(|stage| decision.reason.starts_with(stage))
            && let Some(finding) = self.case.probing.worst()
        {
            self.add(finding.advice.clone());
        }
    }

    /// What would prove more, or that a change has worked.
    fn prove(&mut self, decision: &Decision) {
        let url = &self.case.parts.requested_url;
        let unproved = decision.verdict != Reachability::Reachable;
        if self.case.dumps.is_none() && (unproved || self.case.arrivals.is_none()) {
            self.say("give-dump", &[("command", &command::reach(url, "--acl DUMP"))]);
        }
        if let Some(dumps) = self.case.dumps.as_ref().filter(|dumps| dumps.standing() == Standing::Undetermined) {
            let doubts = dumps.report.ranges.iter().flat_map(|range| &range.parts).flat_map(|part| &part.doubts);
            if let Some(doubt) = doubts.into_iter().next() {
                self.add(doubt.message.clone());
            }
        }
        if self.case.probing.http.says == Says::Missing && unproved {
            self.say("give-probe", &[("command", &format!("scraplens probe {}", command::quoted(url)))]);
        }
        let came = self.case.arrivals.as_ref().is_some_and(|arrivals| arrivals.came() && !arrivals.old);
        if decision.verdict == Reachability::Blocked || decision.verdict == Reachability::Partly {
            self.say("share-again", &[]);
        } else if !came {
            self.say("share-once", &[("command", &command::reach(url, "--log LOG"))]);
        }
    }

    fn expect_changes(&mut self) {
        let case = self.case;
        let to_come = case.parts.changes.iter().filter(|change| !is_over(change.date.as_deref(), &case.parts.today));
        for change in to_come {
            let date = change.date.as_deref().unwrap_or("?");
            let told = case.parts.acl.as_ref().into_iter().flat_map(|acl| &acl.changes);
            let after = told.filter(|told| told.date == change.date).map(|told| told.after).next();
            if !change.additions.is_empty() {
                let networks = few(&change.additions);
                let code = match after {
                    Some(Standing::Denied | Standing::Partial) => "added-refused",
                    _ => "added",
                };
                self.say(code, &[("date", date), ("networks", &networks)]);
            }
            if !change.exclusions.is_empty() {
                self.say("excluded", &[("date", date), ("networks", &few(&change.exclusions))]);
            }
        }
    }

    fn get_the_list(&mut self) {
        if !self.case.parts.list.official {
            self.say("get-list", &[]);
        } else if is_stale(self.case) {
            self.say("refresh-list", &[]);
        }
    }
}

/// Whether a day has come. A day that is not written as one is told rather than dropped.
fn is_over(date: Option<&str>, today: &str) -> bool {
    let day = |text: &str| text.parse::<jiff::civil::Date>().ok();
    date.and_then(day).zip(day(today)).is_some_and(|(date, today)| date < today)
}

/// The first few of many.
fn few<T: AsRef<str>>(all: &[T]) -> String {
    let more = all.len().saturating_sub(FEW);
    let shown: Vec<&str> = all.iter().take(FEW).map(AsRef::as_ref).collect();
    if more > 0 { format!("{} (+{more})", shown.join(", ")) } else { shown.join(", ") }
}

const FEW: usize = 6;
