//! One connection to one address, for its own sake: TCP, then a TLS handshake that is judged like a fetch's. Every address is judged
//! by the outbound guard before it is dialled. Nothing is asked and nothing is sent beyond the handshake.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use rustls::{ProtocolVersion, SupportedProtocolVersion, pki_types::ServerName, version};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{Instant, timeout},
};
use tokio_rustls::TlsConnector;
use url::Host;

use super::{
    Failure, Fetcher, Stage, TlsFailure,
    failure::{self, Circumstances},
    old_hello::{self, Reply},
    recorder::Recorder,
    tls::{self, Chain},
};
use crate::page::Tls;

/// What came of dialling one address.
#[derive(Debug, Clone)]
pub struct Dialled {
    /// The time to the TCP connection, if it stands.
    pub connect: Option<Duration>,
    /// The handshake, if there was to be one and TCP stood.
    pub tls: Option<Shaken>,
    /// Why TCP does not stand.
    pub failure: Option<Failure>,
}

/// What came of a TLS handshake.
#[derive(Debug, Clone)]
pub struct Shaken {
    /// Why it failed.
    pub failure: Option<Failure>,
    /// The version that was agreed on.
    pub version: Option<Version>,
    /// The certificates as they were sent, also where they were not accepted.
    pub chain: Vec<Tls>,
    /// The time it took, if it was finished.
    pub took: Option<Duration>,
}

/// A version of TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// TLS 1.0 (RFC 2246), deprecated by RFC 8996.
    Tls10,
    /// TLS 1.1 (RFC 4346), deprecated by RFC 8996.
    Tls11,
    /// TLS 1.2 (RFC 5246).
    Tls12,
    /// TLS 1.3 (RFC 8446).
    Tls13,
}

impl Version {
    /// All of them, oldest first.
    pub const ALL: [Self; 4] = [Self::Tls10, Self::Tls11, Self::Tls12, Self::Tls13];

    /// `TLS 1.2`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tls10 => "TLS 1.0",
            Self::Tls11 => "TLS 1.1",
            Self::Tls12 => "TLS 1.2",
            Self::Tls13 => "TLS 1.3",
        }
    }

    fn of(version: ProtocolVersion) -> Option<Self> {
        match version {
            ProtocolVersion::TLSv1_2 => Some(Self::Tls12),
            ProtocolVersion::TLSv1_3 => Some(Self::Tls13),
            _ => None,
        }
    }
}

impl Fetcher {
    /// Connects to `address`, and as a client of `host` shakes hands if one is named. Each of the two has `limit`.
    pub async fn dial(&self, address: SocketAddr, host: Option<&Host>, limit: Duration) -> Dialled {
        let started = Instant::now();
        match self.connect(address, limit).await {
            Err(failure) => Dialled { connect: None, tls: None, failure: Some(failure) },
            Ok(stream) => {
                let connect = Some(started.elapsed());
                let tls = match host {
                    Some(host) => Some(self.shake(stream, address, host, rustls::DEFAULT_VERSIONS, limit).await),
                    None => None,
                };
                Dialled { connect, tls, failure: None }
            }
        }
    }

    /// True if the server at `address` takes this version of TLS, whatever its certificate is worth.
    pub async fn takes(&self, address: SocketAddr, host: &Host, version: Version, limit: Duration) -> bool {
        let offer: &SupportedProtocolVersion = match version {
            Version::Tls10 => return self.takes_old(address, host, old_hello::TLS_1_0, limit).await,
            Version::Tls11 => return self.takes_old(address, host, old_hello::TLS_1_1, limit).await,
            Version::Tls12 => &version::TLS12,
            Version::Tls13 => &version::TLS13,
        };
        let Ok(stream) = self.connect(address, limit).await else { return false };
        let shaken = self.shake(stream, address, host, &[offer], limit).await;
        // A certificate is shown only after the version is agreed on.
        shaken.failure.is_none() || !shaken.chain.is_empty()
    }

    async fn takes_old(&self, address: SocketAddr, host: &Host, minor: u8, limit: Duration) -> bool {
        let Ok(mut stream) = self.connect(address, limit).await else { return false };
        let name = match host {
            Host::Domain(name) => Some(name.as_str()),
            Host::Ipv4(_) | Host::Ipv6(_) => None,
        };
        let hello = old_hello::hello(minor, name, &std::array::from_fn(|_| fastrand::u8(..)));
        let talk = async {
            stream.write_all(&hello).await.ok()?;
            let mut answer = Vec::with_capacity(ANSWER_BYTES);
            let mut piece = [0; ANSWER_BYTES];
            loop {
                let read = stream.read(&mut piece).await.ok().filter(|read| *read > 0)?;
                answer.extend_from_slice(piece.get(..read)?);
                match old_hello::reply(&answer) {
                    Reply::Unfinished => {}
                    reply => return Some(reply),
                }
            }
        };
        timeout(limit, talk).await.ok().flatten() == Some(Reply::Takes(minor))
    }

    async fn connect(&self, address: SocketAddr, limit: Duration) -> Result<TcpStream, Failure> {
        let judged = self.guard.permit(address.ip(), address.port());
        judged.map_err(|denied| Failure::Denied { denied, asked_for: false })?;
        let known = circumstances(address, Stage::Connect, limit, Chain::new());
        match timeout(limit, TcpStream::connect(address)).await {
            Err(_elapsed) => Err(Failure::ConnectTimeout { addresses: known.addresses, during_tls: false, limit }),
            Ok(Err(error)) => {
                Err(failure::of_io(&error, &known).unwrap_or_else(|| Failure::Malformed(error.to_string())))
            }
            Ok(Ok(stream)) => Ok(stream),
        }
    }

    async fn shake(
        &self,
        stream: TcpStream,
        address: SocketAddr,
        host: &Host,
        versions: &[&'static SupportedProtocolVersion],
        limit: Duration,
    ) -> Shaken {
        let recorder = Arc::<Recorder>::default();
        let failed = |failure| Shaken { failure: Some(failure), version: None, chain: Vec::new(), took: None };
        let config = match self.tls.offering(versions, &recorder) {
            Ok(config) => config,
            Err(error) => return failed(Failure::Internal(error.to_string())),
        };
        let name = match host {
            Host::Domain(name) => ServerName::try_from(name.clone()),
            Host::Ipv4(v4) => Ok(ServerName::from(std::net::IpAddr::from(*v4))),
            Host::Ipv6(v6) => Ok(ServerName::from(std::net::IpAddr::from(*v6))),
        };
        let Ok(name) = name else {
            return failed(Failure::Tls(TlsFailure::Other(format!("no certificate can name {host}"))));
        };
        let started = Instant::now();
        let shaken = timeout(limit, TlsConnector::from(Arc::new(config)).connect(name, stream)).await;
        let took = started.elapsed();
        let chain = recorder.shown_chain();
        let told = tls::describe_all(&chain);
        match shaken {
            Err(_elapsed) => {
                let late = Failure::ConnectTimeout { addresses: vec![address], during_tls: true, limit };
                Shaken { chain: told, ..failed(late) }
            }
            Ok(Err(error)) => {
                let known = circumstances(address, Stage::Tls, limit, chain);
                let failure = failure::of_handshake(&error, &known);
                Shaken { chain: told, ..failed(failure) }
            }
            Ok(Ok(stream)) => {
                let version = stream.get_ref().1.protocol_version().and_then(Version::of);
                Shaken { failure: None, version, chain: told, took: Some(took) }
            }
        }
    }
}

fn circumstances(address: SocketAddr, stage: Stage, limit: Duration, chain: Chain) -> Circumstances {
    Circumstances {
        addresses: vec![address],
        stage: Some(stage),
        connect_limit: limit,
        read_limit: limit,
        chain,
        first: true,
    }
}

/// Bytes of an answer to an old hello that are read at once; the first few decide.
const ANSWER_BYTES: usize = 64;
