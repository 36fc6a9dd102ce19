//! What the dumps say: exact about the addresses of the list, and silent about every layer of which there is no dump.

use std::collections::{BTreeMap, HashSet};

use super::{
    Case, command,
    report::{Evidence, LayerKind, Says},
};
use crate::{
    acl::{
        list::ChangeKind,
        report::{AclReport, DecidedBy, PartReport, RangeReport, Standing},
    },
    finding::Confidence,
};

/// A line that refuses.
#[derive(Debug, Clone)]
pub(super) struct Refusal<'a> {
    pub layer: LayerKind,
    pub by: &'a DecidedBy,
    /// How: `drop`, `reject`, a status.
    pub how: Option<&'a str>,
    /// Networks it refuses, first those of the list's order.
    pub networks: Vec<&'a str>,
}

impl Refusal<'_> {
    /// `file:line`.
    pub fn place(&self) -> Option<String> {
        Some(format!("{}:{}", self.by.file.as_deref()?, self.by.line?))
    }
}

/// The answer of the firewall check, looked at for the verdict.
#[derive(Debug)]
pub(super) struct Dumps<'a> {
    pub report: &'a AclReport,
    /// The refusing lines, the one that refuses most first.
    pub refusals: Vec<Refusal<'a>>,
}

/// Which layer a dialect speaks of. What names no server software is about packets.
pub(super) fn layer_of(format: &str) -> LayerKind {
    match format {
        "nginx" | "apache" | "haproxy" => LayerKind::WebServer,
        "gnuboard" => LayerKind::Application,
        _ => LayerKind::Network,
    }
}

fn in_use(range: &RangeReport) -> bool {
    range.change.as_ref().is_none_or(|change| change.kind != ChangeKind::Addition)
}

impl<'a> Dumps<'a> {
    pub fn of(report: &'a AclReport) -> Self {
        Self { refusals: refusals(report), report }
    }

    pub fn standing(&self) -> Standing {
        self.report.verdict
    }

    /// The refusal of a layer of this kind that matters most.
    pub fn refusal(&self, layer: LayerKind) -> Option<&Refusal<'a>> {
        self.refusals.iter().find(|refusal| refusal.layer == layer)
    }

    /// There is a dump of a layer of this kind, it refuses nothing, and nothing is open about it.
    pub fn allows(&self, layer: LayerKind) -> bool {
        let mut layers = self.report.layers.iter().filter(|one| layer_of(one.format) == layer).peekable();
        layers.peek().is_some() && layers.all(|one| !self.objects(&one.name)) && !self.is_in_doubt()
    }

    fn objects(&self, layer: &str) -> bool {
        self.refusals.iter().any(|refusal| refusal.by.layer == layer)
    }

    fn is_in_doubt(&self) -> bool {
        self.report.verdict == Standing::Undetermined
    }

    fn parts(&self) -> impl Iterator<Item = &'a PartReport> {
        self.report.ranges.iter().filter(|range| in_use(range)).flat_map(|range| &range.parts)
    }
}

type Line<'a> = (&'a str, Option<&'a str>, Option<u32>);

fn refusals(report: &AclReport) -> Vec<Refusal<'_>> {
    let mut lines: BTreeMap<Line<'_>, Refusal<'_>> = BTreeMap::new();
    let mut told: HashSet<(Line<'_>, &str)> = HashSet::new();
    let parts = report.ranges.iter().filter(|range| in_use(range)).flat_map(|range| &range.parts);
    for part in parts.filter(|part| part.verdict == Standing::Denied) {
        let Some(by) = &part.decided_by else { continue };
        let format = report.layers.iter().find(|layer| layer.name == by.layer).map_or("", |layer| layer.format);
        let line = (by.layer.as_str(), by.file.as_deref(), by.line);
        let refusal = lines.entry(line).or_insert_with(|| Refusal {
            layer: layer_of(format),
            by,
            how: part.how.as_deref(),
            networks: Vec::new(),
        });
        // The same range is asked for every port.
        if told.insert((line, &part.cidr)) {
            refusal.networks.push(&part.cidr);
        }
    }
    let mut refusals: Vec<Refusal<'_>> = lines.into_values().collect();
    refusals.sort_by_key(|refusal| std::cmp::Reverse(refusal.networks.len()));
    refusals
}

pub(super) fn evidence(case: &Case<'_>) -> Evidence {
    let Some(dumps) = &case.dumps else {
        let more = "--acl rules.v4";
        let command = format!("iptables-save > rules.v4; {}", command::reach(&case.parts.requested_url, more));
        return Evidence { command: Some(command), ..case.row("acl", Says::Missing, "missing", &[]) };
    };
    let confidence = if case.parts.list.official { Confidence::Documented } else { Confidence::Default };
    let layers: Vec<&str> = dumps.report.layers.iter().map(|layer| layer.name.as_str()).collect();
    let (denied, all) = (dumps.parts().filter(|part| part.verdict == Standing::Denied).count(), dumps.parts().count());
    let (denied, all, layers) = (denied.to_string(), all.to_string(), layers.join(", "));
    let values = [("denied", denied.as_str()), ("all", &all), ("layers", &layers)];
    let (says, code) = match dumps.standing() {
        Standing::Allowed => (Says::Passes, "allowed"),
        Standing::Partial => (Says::Partly, "partial"),
        Standing::Denied => (Says::Stops, "denied"),
        Standing::Undetermined => (Says::Silent, "undetermined"),
    };
    let proof = match dumps.standing() {
        Standing::Undetermined => dumps.parts().flat_map(|part| &part.doubts).next().map(|doubt| {
            located(doubt.file.as_deref(), doubt.line, doubt.text.as_deref()).unwrap_or_else(|| doubt.layer.clone())
        }),
        _ => dumps.refusals.first().and_then(|refusal| {
            located(refusal.by.file.as_deref(), refusal.by.line, refusal.by.text.as_deref())
                .or_else(|| Some(refusal.by.chain.clone()))
        }),
    };
    Evidence { proof, confidence, ..case.row("acl", says, code, &values) }
}

fn located(file: Option<&str>, line: Option<u32>, text: Option<&str>) -> Option<String> {
    Some(format!("{}:{}: {}", file?, line?, text.unwrap_or_default()))
}
