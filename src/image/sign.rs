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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const URL: &str = "https://site.example/a b.png?x=1&y=한글#z";

    /// The parts of an address, read as the route reads them.
    fn parts(href: &str) -> (String, Option<u64>, String) {
        let query = href.strip_prefix("/api/v1/image?").unwrap();
        let value = |wanted: &str| {
            form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == wanted).map(|(_, value)| value.into_owned())
        };
        (value("url").unwrap(), value("expires").and_then(|text| text.parse().ok()), value("sig").unwrap())
    }

    #[test]
    fn an_address_that_was_signed_is_good_until_it_expires() {
        let signer = Signer::new(b"key");
        let (url, expires, sig) = parts(&signer.href(URL, 1000));
        assert_eq!((url.as_str(), expires), (URL, Some(1000)));
        assert_eq!(signer.verify(&url, expires, Some(&sig), 999), Ok(()));
        assert_eq!(signer.verify(&url, expires, Some(&sig), 1000), Err(SignatureError::Expired));
    }

    #[test]
    fn an_address_without_its_signature_is_not_good() {
        let signer = Signer::new(b"key");
        assert_eq!(signer.verify(URL, None, Some("x"), 0), Err(SignatureError::Missing));
        assert_eq!(signer.verify(URL, Some(9), None, 0), Err(SignatureError::Missing));
    }

    #[test]
    fn another_url_time_key_or_signature_is_wrong() {
        let signer = Signer::new(b"key");
        let (_, expires, sig) = parts(&signer.href(URL, 1000));
        let wrong = Err(SignatureError::Wrong);
        assert_eq!(signer.verify("https://site.example/", expires, Some(&sig), 0), wrong);
        assert_eq!(signer.verify(URL, Some(1001), Some(&sig), 0), wrong);
        assert_eq!(Signer::new(b"other").verify(URL, expires, Some(&sig), 0), wrong);
        for sig in ["", "x", "=", &format!("{sig}A"), &sig.to_lowercase(), "한글"] {
            assert_eq!(signer.verify(URL, expires, Some(sig), 0), wrong, "{sig}");
        }
    }

    /// RFC 4231, 4.3 and 4.7: a short key, and one that is longer than a block.
    #[test]
    fn it_is_hmac_with_sha_256() {
        let cases: [(&[u8], &[u8], &str); 2] = [
            (
                b"Jefe",
                b"what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                &[0xaa; 131],
                b"Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
        ];
        for (key, text, expected) in cases {
            let tag = Signer::new(key).keyed.chain_update(text).finalize().into_bytes();
            assert_eq!(data_encoding::HEXLOWER.encode(&tag), expected);
        }
    }

    #[test]
    fn the_key_is_not_shown() {
        assert_eq!(format!("{:?}", Signer::new(b"secret")), "Signer { .. }");
    }

    proptest! {
        #[test]
        fn any_url_comes_back_from_its_address(url in "\\PC{0,60}", expires in 1..u64::MAX, key: Vec<u8>) {
            let signer = Signer::new(&key);
            let href = signer.href(&url, expires);
            prop_assert!(href.is_ascii() && !href.contains(' '));
            let (read, until, sig) = parts(&href);
            prop_assert_eq!(&read, &url);
            prop_assert_eq!(signer.verify(&read, until, Some(&sig), expires - 1), Ok(()));
        }
    }
}
