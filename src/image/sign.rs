//! Signed addresses of our image route, so that it shows the pictures of reports and nothing else on request.
//! Neither a secret nor a session: whoever has the address may use it until it expires.

use std::fmt::Write as _;

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use thiserror::Error;
use url::form_urlencoded;

/// The path that is signed for.
pub const ROUTE: &str = "/api/v1/image";
/// Keeps these signatures apart from any other that the same key may make one day.
const PURPOSE: &[u8] = b"scraplens image v1\n";
/// Block of SHA-256 (FIPS 180-4), to which HMAC brings its key (RFC 2104, 2).
const BLOCK_BYTES: usize = 64;

/// Signs and verifies: HMAC-SHA256 over purpose, expiry and URL.
#[derive(Clone)]
pub struct Signer {
    keyed: Hmac<Sha256>,
}

/// Why a signature does not open the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SignatureError {
    /// No `expires` or no `sig`.
    #[error("the address of the image is not signed")]
    Missing,
    /// Its time is over.
    #[error("the address of the image has expired")]
    Expired,
    /// Not ours, or not for this URL and time.
    #[error("the signature does not belong to this image and time")]
    Wrong,
}

impl SignatureError {
    /// Stable kebab-case name, part of the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Missing => "signature-missing",
            Self::Expired => "signature-expired",
            Self::Wrong => "signature-wrong",
        }
    }

    /// What to do about it.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Missing | Self::Wrong => "take the address as it stands in `href` of a report's image",
            Self::Expired => "ask for the report again; it has a new address",
        }
    }
}

impl Signer {
    /// A signer with this key, of any length; 32 random bytes are good. Who has the key can sign.
    pub fn new(key: &[u8]) -> Self {
        let mut block = [0; BLOCK_BYTES];
        let digest = Sha256::digest(key);
        let short = if key.len() > BLOCK_BYTES { digest.as_slice() } else { key };
        block.iter_mut().zip(short).for_each(|(to, from)| *to = *from);
        Self { keyed: Hmac::new(&block.into()) }
    }

    /// The address under which this service shows the image at `url` until `expires` (Unix time, in seconds).
    /// `&w=` and `&h=` may be added: they are not signed.
    pub fn href(&self, url: &str, expires: u64) -> String {
        let mut href = format!("{ROUTE}?url=");
        href.extend(form_urlencoded::byte_serialize(url.as_bytes()));
        let signature = BASE64URL_NOPAD.encode(&self.mac(url, expires).finalize().into_bytes());
        // Writing to a string does not fail.
        let _ = write!(href, "&expires={expires}&sig={signature}");
        href
    }

    /// Judges the parts of such an address at `now` (Unix time, in seconds). In constant time for any `sig`.
    pub fn verify(&self, url: &str, expires: Option<u64>, sig: Option<&str>, now: u64) -> Result<(), SignatureError> {
        let (Some(expires), Some(sig)) = (expires, sig) else { return Err(SignatureError::Missing) };
        let sig = BASE64URL_NOPAD.decode(sig.as_bytes()).or(Err(SignatureError::Wrong))?;
        self.mac(url, expires).verify_slice(&sig).or(Err(SignatureError::Wrong))?;
        // Asked last: whether a time is over is only told of addresses that were ours.
        if now >= expires { Err(SignatureError::Expired) } else { Ok(()) }
    }

    fn mac(&self, url: &str, expires: u64) -> Hmac<Sha256> {
        // The number has a fixed length, so that no two pairs are the same text.
        self.keyed.clone().chain_update(PURPOSE).chain_update(expires.to_be_bytes()).chain_update(url)
    }
}

impl std::fmt::Debug for Signer {
    /// Without the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer").finish_non_exhaustive()
    }
}
