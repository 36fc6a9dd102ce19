//! Sites behind TLS with certificates of the test's own making: authorities, chains, and what is wrong with them.

use std::{
    io::{BufRead as _, BufReader, Lines, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, ChildStdout, Command, Stdio},
    sync::Arc,
    thread,
};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer},
};
use tempfile::TempDir;

use super::{HTML, PAGE};

/// An authority that signs certificates.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate with its key.
pub struct Identity {
    pub certificate: CertificateDer<'static>,
    pub pem: String,
    key: KeyPair,
}

/// The first and last day of a certificate, as year, month, day.
pub type Days = ((i32, u8, u8), (i32, u8, u8));

/// Days that today lies between.
pub const VALID: Days = ((2020, 1, 1), (2099, 12, 31));

impl Authority {
    /// A root.
    pub fn root(name: &str) -> Self {
        Self(CertifiedIssuer::self_signed(authority(name, VALID), KeyPair::generate().unwrap()).unwrap())
    }

    /// An authority below this one.
    pub fn intermediate(&self, name: &str, days: Days) -> Self {
        Self(CertifiedIssuer::signed_by(authority(name, days), KeyPair::generate().unwrap(), &self.0).unwrap())
    }

    /// A certificate for `names`; the first is also its subject.
    pub fn issue(&self, names: &[&str], days: Days) -> Identity {
        let key = KeyPair::generate().unwrap();
        let certificate = site(names, days).signed_by(&key, &self.0).unwrap();
        Identity { certificate: certificate.der().clone(), pem: certificate.pem(), key }
    }

    pub fn certificate(&self) -> CertificateDer<'static> {
        self.0.der().clone()
    }

    /// The authority as a PEM file, for `fetch.extra_roots`.
    pub fn file(&self) -> (PathBuf, TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("root.pem");
        std::fs::write(&path, self.0.pem()).unwrap();
        (path, folder)
    }
}

/// A certificate that signed itself: `authority` makes it what `openssl req -x509` makes.
pub fn self_signed(names: &[&str], authority: bool) -> Identity {
    let key = KeyPair::generate().unwrap();
    let mut params = site(names, VALID);
    if authority {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    }
    let certificate = params.self_signed(&key).unwrap();
    Identity { certificate: certificate.der().clone(), pem: certificate.pem(), key }
}

fn authority(name: &str, days: Days) -> CertificateParams {
    let mut params = CertificateParams::new([]).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    dated(params, days)
}

fn site(names: &[&str], days: Days) -> CertificateParams {
    let mut params = CertificateParams::new(names.iter().map(ToString::to_string).collect::<Vec<_>>()).unwrap();
    params.distinguished_name.push(DnType::CommonName, names[0]);
    dated(params, days)
}

fn dated(mut params: CertificateParams, (first, last): Days) -> CertificateParams {
    params.not_before = date_time_ymd(first.0, first.1, first.2);
    params.not_after = date_time_ymd(last.0, last.1, last.2);
    params
}

/// A site behind TLS. It runs until the test process ends.
pub struct TlsSite {
    pub address: SocketAddr,
}

impl TlsSite {
    /// A site that shows `identity`, sends `others` along, and answers every request with `PAGE`.
    pub fn page(identity: &Identity, others: &[CertificateDer<'static>]) -> Self {
        let length = PAGE.len();
        Self::answering(identity, others, format!("HTTP/1.1 200 OK\r\n{HTML}content-length: {length}\r\n\r\n{PAGE}"))
    }

    /// The same with an answer of the test's own.
    pub fn answering(identity: &Identity, others: &[CertificateDer<'static>], answer: String) -> Self {
        Self::serving(identity, others, answer, true)
    }

    /// A site that ends TCP without ending TLS.
    pub fn hanging_up(identity: &Identity, answer: String) -> Self {
        Self::serving(identity, &[], answer, false)
    }

    fn serving(identity: &Identity, others: &[CertificateDer<'static>], answer: String, polite: bool) -> Self {
        let chain = std::iter::once(&identity.certificate).chain(others).cloned().collect();
        let key = PrivateKeyDer::Pkcs8(identity.key.serialize_der().into());
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        let config = Arc::new(config);
        behind_tcp(move |tcp| {
            let mut stream = StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), tcp);
            let mut head = Vec::new();
            let mut piece = [0; 1024];
            while !head.ends_with(b"\r\n\r\n") {
                match stream.read(&mut piece) {
                    Ok(read @ 1..) => head.extend_from_slice(&piece[..read]),
                    // The client did not like the certificate, and left.
                    Ok(0) | Err(_) => return,
                }
            }
            stream.conn.writer().write_all(answer.as_bytes()).unwrap();
            if polite {
                stream.conn.send_close_notify();
            }
            let _gone = stream.flush();
        })
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// A page of this site under a name.
    pub fn url(&self, host: &str) -> String {
        format!("https://{host}:{}/", self.port())
    }

    /// `host` fixed to this site.
    pub fn pin(&self, host: &str) -> scraplens::fetch::Pin {
        format!("{host}:{}:127.0.0.1", self.port()).parse().unwrap()
    }
}

/// A server that does with each connection what `serve` wants, without a word of TLS.
pub fn behind_tcp(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> TlsSite {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let serve = Arc::new(serve);
    thread::spawn(move || {
        for stream in listener.incoming().filter_map(Result::ok) {
            let serve = Arc::clone(&serve);
            thread::spawn(move || serve(stream));
        }
    });
    TlsSite { address }
}

/// A real OpenSSL server, for what rustls is too young for.
pub struct OpenSsl {
    pub site: TlsSite,
    process: Child,
    _said: Lines<BufReader<ChildStdout>>,
    _folder: TempDir,
}

impl OpenSsl {
    pub fn serving(identity: &Identity, options: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (certificate, key) = (folder.path().join("certificate.pem"), folder.path().join("key.pem"));
        std::fs::write(&certificate, &identity.pem).unwrap();
        std::fs::write(&key, identity.key.serialize_pem()).unwrap();
        let mut process = Command::new("openssl")
            .args(["s_server", "-accept", "127.0.0.1:0", "-cert"])
            .arg(certificate)
            .arg("-key")
            .arg(key)
            .args(options)
            .stdin(Stdio::piped()) // at its end the server stops
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("openssl is not installed; `tests/run` installs it (apt-get install openssl)");
        let mut said = BufReader::new(process.stdout.take().unwrap()).lines();
        let ready =
            said.by_ref().map_while(Result::ok).find_map(|line| line.strip_prefix("ACCEPT ").map(str::to_owned));
        let address = ready.expect("openssl s_server did not start").trim().parse().unwrap();
        Self { site: TlsSite { address }, process, _said: said, _folder: folder }
    }
}

impl Drop for OpenSsl {
    fn drop(&mut self) {
        let _gone = self.process.kill();
        let _reaped = self.process.wait();
    }
}
