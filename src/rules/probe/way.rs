//! The way to a site: what its name servers, its addresses and its certificates are found to lack.

use std::collections::BTreeSet;

use super::ProbeSubject;
use crate::{
    finding::{Finding, Severity},
    probe::report::{Connection, Names},
    rules::{Rulebook, delivery::smells_of_address_rules},
};

/// Everything worth saying about the way.
pub(super) fn judge(subject: &ProbeSubject<'_>, rulebook: &Rulebook) -> Vec<Finding> {
    if let Some((code, evidence)) = subject.stopped {
        let finding = rulebook.finding(code.to_owned(), &[("host", subject.host)]);
        return vec![match evidence {
            Some(evidence) => finding.with_evidence(evidence),
            None => finding,
        }];
    }
    let mut findings = names(subject, rulebook);
    let all: Vec<&Connection> = subject.connections.iter().collect();
    let (stood, fell): (Vec<&Connection>, Vec<&Connection>) =
        all.iter().copied().partition(|connection| connection.connect_ms.is_some());
    if stood.is_empty() {
        let only_ipv6 = all.iter().all(|one| is_ipv6(one));
        let counted = fell.iter().filter(|one| only_ipv6 || !no_route_for_ipv6(one)).copied();
        findings.extend(by_code(&counted.collect::<Vec<_>>(), subject.host, rulebook));
        if fell.iter().any(|one| smells_of_address_rules(&one.outcome)) {
            findings.push(rulebook.finding("cannot-see-ip-rules", &[]));
        }
        return findings;
    }
    findings.extend(dead(subject, &fell, rulebook));
    findings.extend(tls(subject, &stood, rulebook));
    findings
}

/// True if no name server could be asked for anything.
pub(super) fn nobody_was_asked(names: &Names) -> bool {
    !names.kinds.is_empty() && names.kinds.iter().all(|kind| kind.outcome == "unavailable")
}

/// True if an IPv6 address could not be tried, because there is no route to any from here: nothing is known of it then.
pub(super) fn no_route_for_ipv6(connection: &Connection) -> bool {
    is_ipv6(connection) && connection.outcome == "connect-unreachable"
}

/// True if a finding says that Kakao may be given an address that does not work.
pub(super) fn costs_an_address(finding: &Finding) -> bool {
    finding.code == "address-dead" && finding.severity == Severity::Error
}

fn is_ipv6(connection: &Connection) -> bool {
    connection.address.starts_with('[')
}

fn names(subject: &ProbeSubject<'_>, rulebook: &Rulebook) -> Vec<Finding> {
    let mut findings = Vec::new();
    let kinds = subject.dns.map(|dns| &*dns.kinds).unwrap_or_default();
    for broken in kinds.iter().filter(|kind| !matches!(kind.outcome.as_str(), "ok" | "no-records" | "nxdomain")) {
        let values = [("host", subject.host), ("kind", broken.kind), ("outcome", &broken.outcome)];
        let finding = rulebook.finding("dns-kind-failed", &values);
        // Without its A records a site is lost to a scraper that comes from IPv4.
        let worse = broken.kind == "A";
        findings.push(if worse { finding.with_severity(Severity::Error) } else { finding });
    }
    let pinned = subject.dns.is_some_and(|dns| dns.source == "pinned");
    let unknown = kinds.iter().any(|kind| kind.kind == "A" && !matches!(kind.outcome.as_str(), "ok" | "no-records"));
    if !pinned && !unknown && !subject.connections.is_empty() && subject.connections.iter().all(is_ipv6) {
        let addresses: Vec<&str> = subject.connections.iter().map(|one| one.address.as_str()).collect();
        let finding = rulebook.finding("ipv6-only", &[("host", subject.host)]);
        findings.push(finding.with_evidence(addresses.join(", ")));
    }
    findings
}

/// Addresses that do not answer while others do.
fn dead(subject: &ProbeSubject<'_>, fell: &[&Connection], rulebook: &Rulebook) -> Vec<Finding> {
    [false, true]
        .into_iter()
        .filter_map(|ipv6| {
            let of = |one: &&&Connection| is_ipv6(one) == ipv6;
            let dead: Vec<&Connection> =
                fell.iter().filter(of).filter(|one| !no_route_for_ipv6(one)).copied().collect();
            let all = subject.connections.iter().filter(|one| is_ipv6(one) == ipv6).count();
            let (count, all) = (dead.len().to_string(), all.to_string());
            let values = [("host", subject.host), ("dead", count.as_str()), ("all", all.as_str())];
            let only_ipv6 = subject.connections.iter().all(is_ipv6);
            let finding = if ipv6 && !only_ipv6 {
                rulebook.finding_in("ipv6", "address-dead", &values).with_severity(Severity::Warning)
            } else {
                rulebook.finding("address-dead", &values)
            };
            (!dead.is_empty()).then(|| finding.with_evidence(list(&dead)))
        })
        .collect()
}

/// What the handshakes show, of the addresses that stood.
fn tls(subject: &ProbeSubject<'_>, stood: &[&Connection], rulebook: &Rulebook) -> Vec<Finding> {
    let mut findings = Vec::new();
    let failed: Vec<&Connection> = stood.iter().filter(|one| one.outcome != "ok").copied().collect();
    if failed.len() == stood.len() {
        findings.extend(by_code(&failed, subject.host, rulebook));
    } else if !failed.is_empty() {
        let (dead, all) = (failed.len().to_string(), stood.len().to_string());
        let values = [("host", subject.host), ("dead", dead.as_str()), ("all", all.as_str())];
        findings.push(rulebook.finding_in("tls", "address-dead", &values).with_evidence(list(&failed)));
    }
    let good = || stood.iter().filter_map(|one| one.tls.as_ref()).filter(|tls| tls.outcome == "ok");
    let soonest = good().filter_map(|tls| tls.days_left.zip(tls.chain.first())).min_by_key(|(days, _)| *days);
    if let Some((days, certificate)) = soonest.filter(|(days, _)| (0..subject.thresholds.expiry_days).contains(days)) {
        let finding = rulebook.finding("tls-expires-soon", &[("host", subject.host), ("days", &days.to_string())]);
        findings.push(finding.with_evidence(format!("{}: {}", certificate.subject, certificate.not_after)));
    }
    if good().any(|tls| tls.versions == ["TLS 1.3"]) {
        findings.push(rulebook.finding("tls-13-only", &[("host", subject.host)]));
    }
    findings
}

/// One finding for each way in which addresses fail.
fn by_code(failed: &[&Connection], host: &str, rulebook: &Rulebook) -> Vec<Finding> {
    let codes: BTreeSet<&str> = failed.iter().map(|one| one.outcome.as_str()).collect();
    let of = |code: &str| failed.iter().filter(|one| one.outcome == code).copied().collect::<Vec<_>>();
    codes
        .into_iter()
        .map(|code| rulebook.finding(code.to_owned(), &[("host", host)]).with_evidence(list(&of(code))))
        .collect()
}

/// One line for each address: why it is no good.
fn list(connections: &[&Connection]) -> String {
    let line = |one: &&Connection| match one.evidence.as_deref() {
        // Some proofs begin with the address themselves.
        Some(evidence) if evidence.starts_with(&one.address) => format!("{} ({})", evidence, one.outcome),
        Some(evidence) => format!("{}: {evidence} ({})", one.address, one.outcome),
        None => format!("{}: {}", one.address, one.outcome),
    };
    connections.iter().map(line).collect::<Vec<_>>().join("\n")
}
