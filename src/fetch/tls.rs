//! TLS as a scraper on the internet does it: public authorities, TLS 1.2 or newer, no fetching of missing intermediates.
//! The verifier only watches: every decision is webpki's, and nothing is ever accepted that it refused.

use std::{path::PathBuf, sync::Arc};

use jiff::Timestamp;
use rustls::{
    AlertDescription, CertificateError, ClientConfig, DEFAULT_VERSIONS, DigitallySignedStruct, Error as RustlsError,
    NamedGroup, RootCertStore, SignatureScheme, SupportedProtocolVersion,
    client::{
        ClientSessionStore, Resumption, Tls12ClientSessionValue, Tls13ClientSessionValue, WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
};
use serde::Deserialize;
use x509_parser::{
    certificate::{Validity, X509Certificate},
    extensions::GeneralName,
    prelude::FromDer,
    time::ASN1Time,
};

use super::recorder::Recorder;
use crate::page::Tls;

/// The certificates a server sent, its own first.
pub(super) type Chain = Vec<CertificateDer<'static>>;

/// Whose certificate authorities are trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Roots {
    /// Mozilla's list, embedded.
    Mozilla,
    /// This machine's store.
    System,
}

/// Why the TLS side cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum TlsSetupError {
    /// A PEM file cannot be read.
    #[error("fetch.extra_roots: cannot read certificates from {path}: {reason}")]
    Pem {
        /// The file.
        path: PathBuf,
        /// What is the matter with it.
        reason: String,
    },
    /// There is not one trusted authority.
    #[error(
        "no certificate authority is trusted: this machine's store is empty; install its CA bundle or set fetch.roots = \"mozilla\""
    )]
    NoRoots,
    /// rustls refuses the set-up.
    #[error("TLS cannot be set up: {0}")]
    Rustls(#[from] RustlsError),
    /// The verifier refuses the roots.
    #[error("TLS cannot be set up: {0}")]
    Verifier(#[from] rustls::client::VerifierBuilderError),
}

/// What all fetches share: the crypto provider and the verifier with its roots.
#[derive(Debug, Clone)]
pub(super) struct TlsBase {
    provider: Arc<CryptoProvider>,
    verifier: Arc<WebPkiServerVerifier>,
}

impl TlsBase {
    /// Loads the roots. Reads files; called once at the start.
    pub fn new(roots: Roots, extra: &[PathBuf]) -> Result<Self, TlsSetupError> {
        let mut store = RootCertStore::empty();
        match roots {
            Roots::Mozilla => store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
            Roots::System => {
                store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            }
        }
        for path in extra {
            let failed = |reason: String| TlsSetupError::Pem { path: path.clone(), reason };
            let certificates = CertificateDer::pem_file_iter(path).map_err(|error| failed(error.to_string()))?;
            let mut found = 0;
            for certificate in certificates {
                let certificate = certificate.map_err(|error| failed(error.to_string()))?;
                store.add(certificate).map_err(|error| failed(error.to_string()))?;
                found += 1;
            }
            if found == 0 {
                return Err(failed("it holds no PEM certificate".to_owned()));
            }
        }
        if store.is_empty() {
            return Err(TlsSetupError::NoRoots);
        }
        let provider = Arc::new(ring::default_provider());
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(store), Arc::clone(&provider)).build()?;
        Ok(Self { provider, verifier })
    }

    /// The configuration of one hop, leaving its marks with `recorder`.
    pub fn for_hop(&self, recorder: &Arc<Recorder>) -> Result<ClientConfig, RustlsError> {
        self.offering(DEFAULT_VERSIONS, recorder)
    }

    /// The same, with only these versions of TLS.
    pub fn offering(
        &self,
        versions: &[&'static SupportedProtocolVersion],
        recorder: &Arc<Recorder>,
    ) -> Result<ClientConfig, RustlsError> {
        let witness = Witness { verifier: Arc::clone(&self.verifier), recorder: Arc::clone(recorder) };
        let mut config = ClientConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_protocol_versions(versions)?
            .dangerous() // the witness passes every question on to webpki's verifier and returns its answer
            .with_custom_certificate_verifier(Arc::new(witness))
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        config.resumption = Resumption::store(Arc::new(HandshakeStart(Arc::clone(recorder))));
        Ok(config)
    }
}

/// Passes every question to webpki's verifier, and keeps the certificates it was asked about.
#[derive(Debug)]
struct Witness {
    verifier: Arc<WebPkiServerVerifier>,
    recorder: Arc<Recorder>,
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, RustlsError> {
        self.recorder
            .chain(std::iter::once(end_entity).chain(intermediates).map(|der| der.clone().into_owned()).collect());
        self.verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, RustlsError> {
        self.verifier.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, RustlsError> {
        self.verifier.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}

/// Remembers no sessions. Its use is the moment it is first asked: rustls looks for a session to resume when a handshake
/// begins, which is when TCP is up. Nothing else in the stack tells TCP's time from TLS's.
#[derive(Debug)]
struct HandshakeStart(Arc<Recorder>);

impl ClientSessionStore for HandshakeStart {
    fn set_kx_hint(&self, _: ServerName<'static>, _: NamedGroup) {}

    fn kx_hint(&self, _: &ServerName<'_>) -> Option<NamedGroup> {
        self.0.tls_started();
        None
    }

    fn set_tls12_session(&self, _: ServerName<'static>, _: Tls12ClientSessionValue) {}

    fn tls12_session(&self, _: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        self.0.tls_started();
        None
    }

    fn remove_tls12_session(&self, _: &ServerName<'static>) {}

    fn insert_tls13_ticket(&self, _: ServerName<'static>, _: Tls13ClientSessionValue) {}

    fn take_tls13_ticket(&self, _: &ServerName<'static>) -> Option<Tls13ClientSessionValue> {
        self.0.tls_started();
        None
    }
}

/// Why a handshake failed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum TlsFailure {
    /// The server's certificate is signed by itself.
    #[error("self-signed certificate: {subject}")]
    SelfSigned {
        /// Whom it names.
        subject: String,
    },
    /// The chain ends at an authority that is not trusted.
    #[error("the chain ends at {issuer}, which no public list of authorities holds")]
    UnknownAuthority {
        /// The authority.
        issuer: String,
    },
    /// An intermediate certificate was not sent.
    #[error(
        "the server sent {sent} certificate(s); the certificate of the issuer, {issuer}, is not among them and is no public authority"
    )]
    IncompleteChain {
        /// How many certificates it sent.
        sent: usize,
        /// Whose certificate is missing.
        issuer: String,
    },
    /// No name in the certificate is the host's.
    #[error("the certificate is for {names}, not for this host")]
    WrongName {
        /// The names it is for.
        names: String,
    },
    /// It was valid once.
    #[error("{which} expired on {on}")]
    Expired {
        /// The server's own certificate, or one that was sent along.
        which: String,
        /// The last day.
        on: String,
    },
    /// It will be valid.
    #[error("{which} is not valid before {from}")]
    NotYetValid {
        /// The server's own certificate, or one that was sent along.
        which: String,
        /// The first day.
        from: String,
    },
    /// Nothing newer than TLS 1.1.
    #[error("the server speaks no TLS 1.2 or newer")]
    OldVersion,
    /// The answer to the handshake is something else, most often plain HTTP.
    #[error("the answer is not TLS; this port most likely speaks plain HTTP")]
    NotTls,
    /// The connection ended within the handshake.
    #[error("the server closed the connection during the TLS handshake")]
    Closed,
    /// Another reason, in rustls' words.
    #[error("{0}")]
    Other(String),
}

impl TlsFailure {
    /// The stable kebab-case name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::SelfSigned { .. } | Self::UnknownAuthority { .. } => "tls-untrusted",
            Self::IncompleteChain { .. } => "tls-incomplete-chain",
            Self::WrongName { .. } => "tls-name-mismatch",
            Self::Expired { .. } | Self::NotYetValid { .. } => "tls-expired",
            Self::OldVersion => "tls-old-version",
            Self::NotTls | Self::Closed | Self::Other(_) => "tls-failed",
        }
    }

    /// Reads rustls' error together with the certificates that were sent.
    pub(super) fn of(error: &RustlsError, chain: &Chain) -> Self {
        match error {
            RustlsError::InvalidCertificate(reason) => match reason {
                CertificateError::ExpiredContext { not_after, .. } => Self::Expired {
                    which: which(chain, *not_after, |validity| validity.not_after),
                    on: day(*not_after),
                },
                CertificateError::NotValidYetContext { not_before, .. } => Self::NotYetValid {
                    which: which(chain, *not_before, |validity| validity.not_before),
                    from: day(*not_before),
                },
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                    let names = describe(chain).map(|tls| tls.names).filter(|names| !names.is_empty());
                    Self::WrongName {
                        names: names.map_or_else(|| "no host at all".to_owned(), |names| names.join(", ")),
                    }
                }
                CertificateError::UnknownIssuer => Self::of_unknown_issuer(chain),
                // An end-entity certificate used as its own authority: what `openssl req -x509` makes for a quick test.
                _ if is_self_signed(chain) => Self::of_unknown_issuer(chain),
                other => Self::Other(format!("the certificate is not accepted: {other}")),
            },
            RustlsError::InvalidMessage(_) if chain.is_empty() => Self::NotTls,
            RustlsError::AlertReceived(AlertDescription::ProtocolVersion) => Self::OldVersion,
            RustlsError::PeerIncompatible(reason) => match reason {
                rustls::PeerIncompatible::ServerDoesNotSupportTls12Or13
                | rustls::PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig => Self::OldVersion,
                other => Self::Other(format!("{other:?}")),
            },
            other => Self::Other(other.to_string()),
        }
    }

    /// An unknown issuer has three faces: self-signed, a private authority, or an intermediate that was not sent.
    fn of_unknown_issuer(chain: &Chain) -> Self {
        let Some((_, last)) = chain.last().and_then(|der| X509Certificate::from_der(der).ok()) else {
            return Self::Other("the server's certificates cannot be read".to_owned());
        };
        let self_issued = last.subject() == last.issuer();
        match (chain.len(), self_issued) {
            (1, true) => Self::SelfSigned { subject: last.subject().to_string() },
            (_, true) => Self::UnknownAuthority { issuer: last.issuer().to_string() },
            (sent, false) => Self::IncompleteChain { sent, issuer: last.issuer().to_string() },
        }
    }
}

/// The certificate whose validity ends or begins `at`. An intermediate that expired is as fatal as the server's own
/// certificate, and not mended by renewing that one.
fn which(chain: &Chain, at: UnixTime, pick: fn(&Validity) -> ASN1Time) -> String {
    let parsed = chain.iter().filter_map(|der| X509Certificate::from_der(der).ok());
    let found =
        parsed.enumerate().find(|(_, (_, one))| u64::try_from(pick(one.validity()).timestamp()) == Ok(at.as_secs()));
    match found {
        Some((0, _)) | None => "the certificate".to_owned(),
        Some((_, (_, other))) => format!("the certificate that was sent along for {}", other.subject()),
    }
}

fn day(at: UnixTime) -> String {
    let at = i64::try_from(at.as_secs()).ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    at.map_or_else(|| "an unknown day".to_owned(), |at| at.strftime("%Y-%m-%d").to_string())
}

fn is_self_signed(chain: &Chain) -> bool {
    matches!(chain.as_slice(), [only] if X509Certificate::from_der(only).is_ok_and(|(_, leaf)| leaf.subject() == leaf.issuer()))
}

/// What the server's own certificate says of itself.
pub(super) fn describe(chain: &Chain) -> Option<Tls> {
    describe_one(chain.first()?, chain.len())
}

/// What each certificate says of itself, in the order in which they were sent. One that cannot be read is left out.
pub(super) fn describe_all(chain: &Chain) -> Vec<Tls> {
    chain.iter().filter_map(|der| describe_one(der, chain.len())).collect()
}

fn describe_one(der: &CertificateDer<'_>, sent: usize) -> Option<Tls> {
    let (_, leaf) = X509Certificate::from_der(der).ok()?;
    let names = leaf.subject_alternative_name().ok().flatten().map(|extension| {
        extension
            .value
            .general_names
            .iter()
            .filter_map(|name| match name {
                GeneralName::DNSName(dns) => Some((*dns).to_owned()),
                GeneralName::IPAddress(bytes) => address(bytes),
                _ => None,
            })
            .collect()
    });
    let at = |time: &ASN1Time| Timestamp::from_second(time.timestamp()).ok();
    Some(Tls {
        subject: leaf.subject().to_string(),
        issuer: leaf.issuer().to_string(),
        names: names.unwrap_or_default(),
        not_before: at(&leaf.validity().not_before),
        not_after: at(&leaf.validity().not_after),
        chain_length: sent,
    })
}

fn address(bytes: &[u8]) -> Option<String> {
    if let Ok(v4) = <[u8; 4]>::try_from(bytes) {
        return Some(std::net::Ipv4Addr::from(v4).to_string());
    }
    <[u8; 16]>::try_from(bytes).ok().map(|v6| std::net::Ipv6Addr::from(v6).to_string())
}
