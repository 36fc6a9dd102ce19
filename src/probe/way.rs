//! The way to a site, in the words of the report: its names, each of its addresses, each handshake. It dials through the fetcher only.

use std::{net::SocketAddr, time::Duration};

use futures_util::future::join_all;
use jiff::Timestamp;
use tokio::time::Instant;
use url::Host;

use super::{
    report::{Certificate, Connection, Handshake, Lookup, Names, Record},
    step::{Step, Watcher, tell},
};
use crate::{
    fetch::{Dialled, Failure, Fetcher, NameTrace, Shaken, TlsFailure, Traced, Version},
    page::Tls,
    target::Target,
};

/// Where a target leads.
pub(super) struct Way {
    /// Names; `None` where no name was looked up.
    pub names: Option<Names>,
    /// Why nobody may be dialled, if so: code and proof.
    pub stopped: Option<(String, Option<String>)>,
    /// The addresses to dial, cut to what may be dialled.
    pub addresses: Vec<SocketAddr>,
    /// How many there were.
    pub found: usize,
}

/// Asks where `target` leads.
pub(super) async fn names(fetcher: &Fetcher, target: &Target, max_addresses: usize, watcher: Watcher<'_>) -> Way {
    let host = target.host().to_string();
    tell(watcher, || Step::Resolving(host.clone()));
    let started = Instant::now();
    let Traced { names, addresses } = fetcher.trace(target).await;
    let ms = millis(started.elapsed());
    let (mut addresses, stopped) = match addresses {
        Ok(addresses) => (addresses, None),
        Err(failure) => (Vec::new(), Some((failure.code().into_owned(), failure.evidence()))),
    };
    let outcome = stopped.as_ref().map_or_else(|| "ok".to_owned(), |(code, _)| code.clone());
    tell(watcher, || Step::Resolved { host: host.clone(), outcome: outcome.clone(), addresses: addresses.len() });
    let evidence = stopped.as_ref().and_then(|(_, evidence)| evidence.clone());
    let names = names.map(|trace| describe(host, outcome, evidence, trace, ms));
    let found = addresses.len();
    addresses.truncate(max_addresses);
    Way { names, stopped, addresses, found }
}

fn describe(host: String, outcome: String, evidence: Option<String>, trace: NameTrace, ms: u64) -> Names {
    let kinds = trace.kinds.iter().map(|kind| Lookup { kind: kind.kind, outcome: kind.outcome.clone() }).collect();
    let mut records: Vec<Record> = Vec::new();
    for one in trace.kinds.into_iter().flat_map(|kind| kind.records) {
        let record = Record { name: one.name, kind: one.kind, value: one.value, ttl: one.ttl };
        // Both answers tell the same aliases.
        let told =
            |known: &Record| (&known.name, known.kind, &known.value) == (&record.name, record.kind, &record.value);
        if !records.iter().any(told) {
            records.push(record);
        }
    }
    Names { host, outcome, evidence, source: trace.source.name(), kinds, records, ms }
}

/// How addresses are dialled.
pub(super) struct Dialling<'a> {
    pub fetcher: &'a Fetcher,
    /// The host to shake hands with; `None` for plain HTTP.
    pub tls: Option<&'a Host>,
    /// The time for each of TCP and TLS.
    pub limit: Duration,
    /// How many of the addresses are asked for each version of TLS.
    pub version_addresses: usize,
    /// When all of it ends.
    pub deadline: Instant,
    pub watcher: Watcher<'a>,
}

/// Dials each address once, all at the same time.
pub(super) async fn dial(how: &Dialling<'_>, addresses: &[SocketAddr]) -> Vec<Connection> {
    let dialled = join_all(addresses.iter().map(|address| dial_one(how, *address))).await;
    // Where TCP does not stand there are no versions to ask for.
    let asked: Vec<SocketAddr> = addresses
        .iter()
        .zip(&dialled)
        .filter(|(_, connection)| connection.tls.is_some())
        .map(|(address, _)| *address)
        .take(how.version_addresses)
        .collect();
    let versions = join_all(asked.iter().map(|address| versions(how, *address))).await;
    let mut connections = dialled;
    for (address, versions) in asked.iter().zip(versions) {
        let connection = connections.iter_mut().find(|connection| connection.address == address.to_string());
        if let Some(tls) = connection.and_then(|connection| connection.tls.as_mut()) {
            // A version that was agreed on is taken, whatever a second connection met.
            let agreed = tls.version.as_deref();
            let taken = Version::ALL.into_iter().filter(|one| versions.contains(one) || agreed == Some(one.name()));
            tls.versions = taken.map(|version| version.name().to_owned()).collect();
        }
    }
    connections
}

async fn dial_one(how: &Dialling<'_>, address: SocketAddr) -> Connection {
    tell(how.watcher, || Step::Connecting(address.to_string()));
    let connection = connection(address, how.fetcher.dial(address, how.tls, how.limit()).await);
    tell(how.watcher, || Step::Connected {
        address: connection.address.clone(),
        outcome: connection.outcome.clone(),
        ms: connection.connect_ms,
    });
    connection
}

async fn versions(how: &Dialling<'_>, address: SocketAddr) -> Vec<Version> {
    let Some(host) = how.tls else { return Vec::new() };
    let limit = how.limit();
    let asked = join_all(Version::ALL.into_iter().map(|one| how.fetcher.takes(address, host, one, limit))).await;
    Version::ALL.into_iter().zip(asked).filter(|(_, taken)| *taken).map(|(version, _)| version).collect()
}

impl Dialling<'_> {
    fn limit(&self) -> Duration {
        self.limit.min(self.deadline.saturating_duration_since(Instant::now()))
    }
}

fn connection(address: SocketAddr, dialled: Dialled) -> Connection {
    let Dialled { connect, tls, failure } = dialled;
    let failure = failure.as_ref().or_else(|| tls.as_ref().and_then(|tls| tls.failure.as_ref()));
    Connection {
        address: address.to_string(),
        outcome: outcome(failure),
        evidence: failure.and_then(Failure::evidence),
        connect_ms: connect.map(millis),
        tls: tls.map(|shaken| handshake(&shaken)),
    }
}

fn handshake(shaken: &Shaken) -> Handshake {
    let missing = match &shaken.failure {
        Some(Failure::Tls(TlsFailure::IncompleteChain { issuer, .. })) => Some(issuer.clone()),
        _ => None,
    };
    let version = shaken.version.map(|version| version.name().to_owned());
    let end = shaken.chain.first().and_then(|own| own.not_after);
    Handshake {
        outcome: outcome(shaken.failure.as_ref()),
        versions: version.iter().cloned().collect(),
        version,
        chain: shaken.chain.iter().map(certificate).collect(),
        missing,
        days_left: end.map(|end| days_until(end, Timestamp::now())),
        ms: shaken.took.map(millis),
    }
}

fn certificate(told: &Tls) -> Certificate {
    let day = |at: Option<Timestamp>| at.map_or_else(|| "-".to_owned(), |at| at.strftime("%Y-%m-%d").to_string());
    Certificate {
        subject: told.subject.clone(),
        issuer: told.issuer.clone(),
        names: told.names.iter().take(MAX_NAMES).cloned().collect(),
        not_before: day(told.not_before),
        not_after: day(told.not_after),
    }
}

/// Whole days, rounded down: one that ends this evening has none left.
fn days_until(end: Timestamp, now: Timestamp) -> i64 {
    end.as_second().saturating_sub(now.as_second()).div_euclid(SECONDS_OF_A_DAY)
}

fn outcome(failure: Option<&Failure>) -> String {
    failure.map_or_else(|| "ok".to_owned(), |failure| failure.code().into_owned())
}

/// Whole milliseconds.
pub(super) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

const SECONDS_OF_A_DAY: i64 = 86_400;

/// Names of one certificate that are told; a shared one may have hundreds.
const MAX_NAMES: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_left_are_whole_days_and_negative_after_the_end() {
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        for (end, days) in [
            ("2026-11-23T23:00:00Z", 0),
            ("2026-11-24T12:00:00Z", 1),
            ("2026-12-07T11:59:59Z", 13),
            ("2026-11-23T11:00:00Z", -1),
        ] {
            assert_eq!(days_until(end.parse().unwrap(), now), days, "{end}");
        }
    }
}
