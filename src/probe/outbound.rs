//! Whether this machine reaches the hosts of Kakao's that a site's own server calls: names, TCP, TLS, and no request.

use futures_util::future::join_all;
use jiff::Timestamp;
use tokio::time::Instant;

use super::{
    Endpoint, Parts,
    report::{Names, OutboundHost, OutboundReport},
    step::Watcher,
    way::{self, Dialling},
};
use crate::{finding::Text, target::Target};

/// Tries every host.
pub(super) async fn outbound(parts: &Parts, probed_at: Timestamp, watcher: Watcher<'_>) -> OutboundReport {
    let deadline = Instant::now() + parts.settings.deadline();
    let known = parts.kakao.outbound.value.iter().filter_map(|host| host.parse().ok());
    let own = &parts.settings.outbound_hosts;
    let endpoints: Vec<Endpoint> = if own.is_empty() { known.collect() } else { own.clone() };
    let mut hosts = Vec::new();
    for some in endpoints.chunks(parts.settings.outbound_parallel.max(1)) {
        let tried = some.iter().map(|endpoint| try_one(parts, endpoint, deadline, watcher));
        hosts.extend(join_all(tried).await);
    }
    let failed = hosts.iter().filter(|host| host.outcome != "ok").count();
    let counts = [("hosts", hosts.len().to_string()), ("failed", failed.to_string())];
    let counts = counts.each_ref().map(|(name, count)| (*name, count.as_str()));
    let headline = if failed == 0 { "reachable" } else { "unreachable" };
    OutboundReport {
        probed_at,
        reachable: failed == 0,
        headline: parts.words.say("outbound", headline, &counts),
        advice: parts.words.say("outbound", "advice", &[]),
        hosts,
    }
}

async fn try_one(parts: &Parts, endpoint: &Endpoint, deadline: Instant, watcher: Watcher<'_>) -> OutboundHost {
    let target = match Target::parse(&format!("https://{endpoint}/"), parts.extract.max_url_bytes) {
        Ok(target) => target,
        Err(error) => return unnamed(endpoint, "dns-failed", error.to_string()),
    };
    let found = way::names(&parts.fetcher, &target, parts.settings.max_addresses, watcher).await;
    let host = target.host();
    let dialling = Dialling {
        fetcher: &parts.fetcher,
        tls: Some(&host),
        limit: parts.settings.connect_timeout(),
        version_addresses: 0,
        deadline,
        watcher,
    };
    let connections = way::dial(&dialling, &found.addresses).await;
    let outcome = match (&found.stopped, connections.first()) {
        (Some((code, _)), _) => code.clone(),
        // A client tries one address after the other.
        (None, _) if connections.iter().any(|one| one.outcome == "ok") => "ok".to_owned(),
        (None, first) => first.map_or_else(|| "dns-failed".to_owned(), |first| first.outcome.clone()),
    };
    let evidence = found.stopped.and_then(|(_, evidence)| evidence);
    OutboundHost {
        host: endpoint.to_string(),
        advice: advice(parts, endpoint, &outcome),
        dns: found.names.unwrap_or_else(|| no_names(endpoint, &outcome, evidence)),
        outcome,
        connections,
    }
}

fn advice(parts: &Parts, endpoint: &Endpoint, outcome: &str) -> Option<Text> {
    let key = match outcome {
        "ok" => return None,
        "port-refused" => "port",
        "address-private" => "guard",
        dns if dns.starts_with("dns-") => "dns",
        tls if tls.starts_with("tls-") => "tls",
        _ => "connect",
    };
    Some(parts.words.say("outbound", key, &[("host", &endpoint.host)]))
}

fn unnamed(endpoint: &Endpoint, outcome: &str, evidence: String) -> OutboundHost {
    OutboundHost {
        host: endpoint.to_string(),
        outcome: outcome.to_owned(),
        dns: no_names(endpoint, outcome, Some(evidence)),
        connections: Vec::new(),
        advice: None,
    }
}

fn no_names(endpoint: &Endpoint, outcome: &str, evidence: Option<String>) -> Names {
    Names {
        host: endpoint.host.clone(),
        outcome: outcome.to_owned(),
        evidence,
        source: "dns",
        kinds: Vec::new(),
        records: Vec::new(),
        ms: 0,
    }
}
