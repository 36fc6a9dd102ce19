//! A look at a name itself: every record about it with its time to live, judged by the outbound guard as for a dial.
//! It dials nothing, and it never tells an address that the guard refused.

use std::net::{IpAddr, SocketAddr};

use hickory_resolver::proto::rr::{RData, Record};
use url::Host;

use super::{
    Failure, Fetcher, NameError,
    resolver::{addresses, both, is_localhost},
};
use crate::{
    egress::{Class, Denied},
    target::Target,
};

/// Where a target's host leads.
#[derive(Debug, Clone)]
pub struct Traced {
    /// What is known of the name; `None` for an address literal, and where the port is refused before anybody is asked.
    pub names: Option<NameTrace>,
    /// What may be dialled, all of it permitted, IPv4 first; not cut to `dns.max_addresses`.
    pub addresses: Result<Vec<SocketAddr>, Failure>,
}

/// What was said of one name.
#[derive(Debug, Clone)]
pub struct NameTrace {
    /// Who said it.
    pub source: NameSource,
    /// Each question with its answer; empty where no name server was asked.
    pub kinds: Vec<KindTrace>,
}

/// Who says where a name leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameSource {
    /// The name servers.
    Dns,
    /// `fetch.resolve`.
    Pinned,
    /// RFC 6761: `localhost` is this machine.
    Localhost,
}

impl NameSource {
    /// The stable kebab-case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Pinned => "pinned",
            Self::Localhost => "localhost",
        }
    }
}

/// One question to the name servers and their answer.
#[derive(Debug, Clone)]
pub struct KindTrace {
    /// `A` or `AAAA`.
    pub kind: &'static str,
    /// `ok`, `no-records`, `nxdomain`, `timeout`, `unavailable`, or what the name servers answered.
    pub outcome: String,
    /// The records, aliases first. Empty if the guard refuses any address of the name.
    pub records: Vec<NameRecord>,
}

/// One record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameRecord {
    /// Whose, without the dot of the root.
    pub name: String,
    /// `A`, `AAAA` or `CNAME`.
    pub kind: &'static str,
    /// The address or the name.
    pub value: String,
    /// Seconds it may be kept.
    pub ttl: u32,
}

impl Fetcher {
    /// Where `target` leads, with all that is said about its name. Pins and name servers apply as for a fetch.
    pub async fn trace(&self, target: &Target) -> Traced {
        let port = target.port();
        let literal = |ip: IpAddr| Traced {
            names: None,
            addresses: self
                .guard
                .permit(ip, port)
                .map(|()| vec![SocketAddr::new(ip, port)])
                .map_err(|denied| Failure::Denied { denied, asked_for: true }),
        };
        match target.host() {
            Host::Ipv4(v4) => literal(v4.into()),
            Host::Ipv6(v6) => literal(v6.into()),
            Host::Domain(_) if !self.guard.permit_port(port) => {
                let denied = Denied { class: Class::Port, ip: None, port };
                Traced { names: None, addresses: Err(Failure::Denied { denied, asked_for: true }) }
            }
            Host::Domain(host) => self.trace_name(&host, port).await,
        }
    }

    async fn trace_name(&self, host: &str, port: u16) -> Traced {
        let (source, mut kinds, found) = self.look_up(host, port).await;
        let judged = found.and_then(|found| self.resolver.judged(found, port));
        if matches!(judged, Err(NameError::Denied(_))) {
            // Whoever asks about a name must not learn from us what is inside this network.
            for kind in &mut kinds {
                kind.records.clear();
            }
        }
        let addresses = judged.map(|ips| ips.into_iter().map(|ip| SocketAddr::new(ip, port)).collect());
        let addresses = addresses.map_err(|error| match error {
            // A name server chose the address, but whoever wrote the URL chose the port.
            NameError::Denied(denied) => Failure::Denied { asked_for: denied.class == Class::Port, denied },
            error => Failure::Name(error),
        });
        Traced { names: Some(NameTrace { source, kinds }), addresses }
    }

    async fn look_up(&self, host: &str, port: u16) -> (NameSource, Vec<KindTrace>, Result<Vec<IpAddr>, NameError>) {
        if let Some(pin) = self.resolver.pins.iter().find(|pin| pin.applies_to(host, port)) {
            return (NameSource::Pinned, Vec::new(), Ok(pin.addresses().to_vec()));
        }
        if is_localhost(host) {
            return (NameSource::Localhost, Vec::new(), self.resolver.localhost(port));
        }
        match self.resolver.ask_both(host).await {
            Err(error) => (NameSource::Dns, Vec::new(), Err(error)),
            Ok([v4, v6]) => {
                let kinds = vec![kind("A", &v4), kind("AAAA", &v6)];
                let found =
                    both(v4.and_then(|records| addresses(&records)), v6.and_then(|records| addresses(&records)));
                (NameSource::Dns, kinds, found)
            }
        }
    }
}

fn kind(kind: &'static str, answer: &Result<Vec<Record>, NameError>) -> KindTrace {
    match answer {
        Ok(records) => {
            let outcome = if addresses(records).is_ok() { "ok" } else { "no-records" };
            KindTrace {
                kind,
                outcome: outcome.to_owned(),
                records: records.iter().take(MAX_RECORDS).filter_map(record).collect(),
            }
        }
        Err(error) => KindTrace { kind, outcome: answered(error), records: Vec::new() },
    }
}

fn record(record: &Record) -> Option<NameRecord> {
    let (kind, value) = match &record.data {
        RData::A(v4) => ("A", v4.to_string()),
        RData::AAAA(v6) => ("AAAA", v6.to_string()),
        RData::CNAME(name) => ("CNAME", without_root(&name.0.to_ascii())),
        _ => return None,
    };
    Some(NameRecord { name: without_root(&record.name.to_ascii()), kind, value, ttl: record.ttl })
}

fn without_root(name: &str) -> String {
    name.strip_suffix('.').unwrap_or(name).to_owned()
}

/// What the name servers said where they gave no record.
fn answered(error: &NameError) -> String {
    match error {
        NameError::NotFound => "nxdomain".to_owned(),
        NameError::NoAddress | NameError::Denied(_) => "no-records".to_owned(),
        NameError::Timeout => "timeout".to_owned(),
        NameError::Unavailable(_) => "unavailable".to_owned(),
        NameError::Invalid(_) => "invalid".to_owned(),
        NameError::ServerFailure(words) => match words.as_str() {
            "Server Failure" => "servfail".to_owned(),
            "Query Refused" => "refused".to_owned(),
            "Not Implemented" => "notimp".to_owned(),
            "Form Error" => "formerr".to_owned(),
            other => other.to_ascii_lowercase().replace(' ', "-"),
        },
    }
}

/// Records of one answer that are told; a UDP answer has room for fewer, a hostile one over TCP for thousands.
const MAX_RECORDS: usize = 64;
