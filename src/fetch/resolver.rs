//! Names to addresses, judged: every answer of every lookup passes the outbound guard, and one bad address refuses the name.
//! It does not cache and does not read `/etc/hosts`: what is dialled is what the name servers said for this dial.

use std::{
    collections::BTreeSet,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use hickory_resolver::{
    TokioResolver,
    config::{ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig},
    net::{DnsError, NetError, runtime::TokioRuntimeProvider},
    proto::{
        op::ResponseCode,
        rr::{Name, Record, RecordType},
    },
};
use reqwest::dns::{Addrs, Resolve, Resolving};
use serde::Deserialize;

use super::{pins::Pin, recorder::Recorder};
use crate::{
    egress::{Denied, EgressPolicy},
    page::Blame,
};

/// How names are looked up; section `[dns]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Name servers as `IP` or `IP:PORT`; empty means the system's.
    pub servers: Vec<NameServer>,
    /// Milliseconds for all questions about one name.
    pub timeout_ms: u64,
    /// How often a question is repeated.
    pub attempts: usize,
    /// Addresses of one name that are dialled.
    pub max_addresses: usize,
}

/// A name server to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct NameServer(SocketAddr);

impl std::str::FromStr for NameServer {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let address = text.parse::<SocketAddr>().ok();
        let bare = || {
            text.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().ok().map(|ip| SocketAddr::new(ip, 53))
        };
        address
            .or_else(bare)
            .map(Self)
            .ok_or_else(|| format!("`{text}` is not a name server; write IP or IP:PORT, such as 127.0.0.1:5353"))
    }
}

impl TryFrom<String> for NameServer {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// Why a name gives no address to dial.
#[derive(Debug, Clone, thiserror::Error)]
pub enum NameError {
    /// The name does not exist.
    #[error("the name does not exist (NXDOMAIN)")]
    NotFound,
    /// The name exists, but has neither A nor AAAA.
    #[error("the name exists, but has no address (neither A nor AAAA)")]
    NoAddress,
    /// The name servers did not answer in time.
    #[error("the name servers did not answer in time")]
    Timeout,
    /// The name servers answered with an error of theirs.
    #[error("the name servers answered {0}")]
    ServerFailure(String),
    /// We could not ask any name server.
    #[error("no name server could be asked: {0}")]
    Unavailable(String),
    /// It is not a name DNS can be asked for.
    #[error("not a name that can be looked up: {0}")]
    Invalid(String),
    /// One of the answers is refused by the guard.
    #[error(transparent)]
    Denied(#[from] Denied),
}

impl NameError {
    /// The stable kebab-case name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Timeout => "dns-timeout",
            Self::Denied(_) => "address-private",
            Self::NotFound | Self::NoAddress | Self::ServerFailure(_) | Self::Unavailable(_) | Self::Invalid(_) => {
                "dns-failed"
            }
        }
    }

    /// Whose fault it is.
    pub fn blame(&self) -> Blame {
        match self {
            Self::Unavailable(_) => Blame::Server,
            Self::Invalid(_) => Blame::Caller,
            Self::NotFound | Self::NoAddress | Self::Timeout | Self::ServerFailure(_) | Self::Denied(_) => Blame::Site,
        }
    }
}

/// Looks names up and judges the answers. Shared by all fetches; keeps no answers.
#[derive(Clone)]
pub struct Resolver {
    inner: Arc<TokioResolver>,
    guard: Arc<EgressPolicy>,
    pub(super) pins: Arc<[Pin]>,
    timeout: Duration,
    max_addresses: usize,
}

impl Resolver {
    /// Builds a resolver that asks the given name servers, or the system's. Asks nobody yet.
    pub fn new(settings: &Settings, guard: Arc<EgressPolicy>, pins: Arc<[Pin]>) -> Result<Self, NetError> {
        let mut builder = if settings.servers.is_empty() {
            TokioResolver::builder_tokio()?
        } else {
            let servers = settings.servers.iter().map(|NameServer(address)| name_server(*address)).collect();
            let config = ResolverConfig::from_name_servers(servers);
            TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
        };
        let timeout = Duration::from_millis(settings.timeout_ms);
        let options = builder.options_mut();
        options.use_hosts_file = ResolveHosts::Never;
        options.cache_size = 0;
        options.attempts = settings.attempts;
        options.timeout = timeout / u32::try_from(settings.attempts.max(1)).unwrap_or(1);
        Ok(Self { inner: Arc::new(builder.build()?), guard, pins, timeout, max_addresses: settings.max_addresses })
    }

    /// The addresses to dial for `host`, all of them permitted. The answer's port is 0: the URL's port applies.
    pub async fn lookup(&self, host: &str, port: u16) -> Result<Vec<IpAddr>, NameError> {
        let answers = if let Some(pin) = self.pins.iter().find(|pin| pin.applies_to(host, port)) {
            pin.addresses().to_vec()
        } else if is_localhost(host) {
            return self.localhost(port);
        } else {
            self.ask(host).await?
        };
        let mut addresses = self.judged(answers, port)?;
        addresses.truncate(self.max_addresses);
        Ok(addresses)
    }

    /// Each address once if all are permitted; one that is not refuses the name.
    pub(super) fn judged(&self, answers: Vec<IpAddr>, port: u16) -> Result<Vec<IpAddr>, NameError> {
        for ip in &answers {
            self.guard.permit(*ip, port)?;
        }
        let mut once = BTreeSet::new();
        let mut addresses: Vec<IpAddr> = answers.into_iter().filter(|ip| once.insert(*ip)).collect();
        // Only IPv4 sources of Kakao's were ever seen: A before AAAA, each in the order of the answer.
        addresses.sort_by_key(IpAddr::is_ipv6);
        Ok(addresses)
    }

    /// `localhost` never leaves this machine (RFC 6761, 6.3). Both its addresses are the same host by definition, so those
    /// that are permitted are used, instead of one refusing the other.
    pub(super) fn localhost(&self, port: u16) -> Result<Vec<IpAddr>, NameError> {
        let (v4, v6) = (IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST));
        match (self.guard.permit(v4, port), self.guard.permit(v6, port)) {
            (Err(denied), Err(_)) => Err(denied.into()),
            (v4_permitted, v6_permitted) => Ok([(v4, v4_permitted), (v6, v6_permitted)]
                .into_iter()
                .filter(|(_, p)| p.is_ok())
                .map(|(ip, _)| ip)
                .collect()),
        }
    }

    async fn ask(&self, host: &str) -> Result<Vec<IpAddr>, NameError> {
        let [v4, v6] = self.ask_both(host).await?;
        both(v4.and_then(|records| addresses(&records)), v6.and_then(|records| addresses(&records)))
    }

    /// The records of both kinds, A first, with the aliases that lead to them.
    pub(super) async fn ask_both(&self, host: &str) -> Result<[Result<Vec<Record>, NameError>; 2], NameError> {
        let mut name = Name::from_ascii(host).map_err(|error| NameError::Invalid(error.to_string()))?;
        name.set_fqdn(true); // no search domains: `intranet` must not become `intranet.corp.example`
        let (v4, v6) = tokio::join!(self.ask_for(RecordType::A, name.clone()), self.ask_for(RecordType::AAAA, name));
        Ok([v4, v6])
    }

    /// The records of one kind. Each kind has the whole time, so that silence about one does not lose the other.
    async fn ask_for(&self, kind: RecordType, name: Name) -> Result<Vec<Record>, NameError> {
        let asking = tokio::time::timeout(self.timeout, self.inner.lookup(name, kind));
        let found = asking.await.map_err(|_elapsed| NameError::Timeout)?.map_err(|error| tell_apart(&error))?;
        Ok(found.answers().to_vec())
    }

    /// The same resolver as reqwest wants it, for one dial to `port`, noting times and addresses.
    pub(super) fn for_dial(&self, port: u16, recorder: Arc<Recorder>) -> Arc<Dial> {
        Arc::new(Dial { resolver: self.clone(), port, recorder })
    }
}

/// The addresses among some records.
pub(super) fn addresses(records: &[Record]) -> Result<Vec<IpAddr>, NameError> {
    let addresses: Vec<IpAddr> = records.iter().filter_map(|record| record.data.ip_addr()).collect();
    if addresses.is_empty() { Err(NameError::NoAddress) } else { Ok(addresses) }
}

/// What the answers about both kinds come to.
pub(super) fn both(
    v4: Result<Vec<IpAddr>, NameError>,
    v6: Result<Vec<IpAddr>, NameError>,
) -> Result<Vec<IpAddr>, NameError> {
    match (v4, v6) {
        (Ok(v4), Ok(v6)) => Ok([v4, v6].concat()),
        // A name server that drops or breaks AAAA questions is common, and hides no site from an IPv4 scraper.
        (Ok(found), Err(_)) | (Err(_), Ok(found)) => Ok(found),
        (Err(NameError::NotFound), Err(_)) | (Err(_), Err(NameError::NotFound)) => Err(NameError::NotFound),
        (Err(NameError::NoAddress), Err(why)) | (Err(why), Err(_)) => Err(why),
    }
}

pub(super) fn is_localhost(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.to_ascii_lowercase().ends_with(".localhost")
}

fn name_server(address: SocketAddr) -> NameServerConfig {
    let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut connection| {
        connection.port = address.port();
        connection
    });
    NameServerConfig::new(address.ip(), true, connections.to_vec())
}

fn tell_apart(error: &NetError) -> NameError {
    match error {
        NetError::Dns(DnsError::NoRecordsFound(none)) if none.response_code == ResponseCode::NXDomain => {
            NameError::NotFound
        }
        NetError::Dns(DnsError::NoRecordsFound(none)) if none.response_code == ResponseCode::NoError => {
            NameError::NoAddress
        }
        NetError::Dns(DnsError::NoRecordsFound(none)) => {
            NameError::ServerFailure(none.response_code.to_str().to_owned())
        }
        NetError::Dns(DnsError::ResponseCode(code)) => NameError::ServerFailure(code.to_str().to_owned()),
        NetError::Timeout => NameError::Timeout,
        other => NameError::Unavailable(other.to_string()),
    }
}

/// The resolver of one dial.
pub(super) struct Dial {
    resolver: Resolver,
    port: u16,
    recorder: Arc<Recorder>,
}

impl Resolve for Dial {
    fn resolve(&self, name: reqwest::dns::Name) -> Resolving {
        let (resolver, port, recorder) = (self.resolver.clone(), self.port, Arc::clone(&self.recorder));
        Box::pin(async move {
            recorder.dns_started();
            let found = resolver.lookup(name.as_str(), port).await;
            recorder.dns_finished(found.as_deref().unwrap_or_default(), port);
            // Port 0: a port here would win over the scheme's default (hyper-util takes the resolver's word).
            let addresses: Vec<SocketAddr> = found?.into_iter().map(|ip| SocketAddr::new(ip, 0)).collect();
            let addresses: Addrs = Box::new(addresses.into_iter());
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_server_is_written_with_or_without_port() {
        for (text, expected) in [
            ("127.0.0.1", "127.0.0.1:53"),
            ("127.0.0.1:5353", "127.0.0.1:5353"),
            ("::1", "[::1]:53"),
            ("[::1]:54", "[::1]:54"),
        ] {
            assert_eq!(text.parse::<NameServer>().unwrap().0.to_string(), expected, "{text}");
        }
        assert!("dns.example".parse::<NameServer>().unwrap_err().contains("IP:PORT"));
    }

    #[test]
    fn only_localhost_itself_and_names_under_it_stay_on_this_machine() {
        assert!(is_localhost("LOCALHOST") && is_localhost("app.localhost"));
        assert!(!is_localhost("notlocalhost") && !is_localhost("localhost.example"));
    }
}
