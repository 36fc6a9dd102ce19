//! What an image of the sandbox is called: its content's hash and its kind. Whoever has the name has the file, and no name leads out of the
//! folder.

use std::fmt;

use sha2::{Digest as _, Sha256};
use url::Url;

/// The path under which images are served.
pub const ROUTE: &str = "/sandbox/images/";

/// Half of SHA-256: nobody finds two pictures of one name by chance.
const DIGITS: usize = 32;

/// A name such as `0f343b0931126a20f133d67c2b018a3b.png`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(String);

impl Name {
    /// The name of this content.
    pub fn of(bytes: &[u8], media_type: &str) -> Self {
        let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(bytes));
        let short = hash.get(..DIGITS).unwrap_or_default();
        Self(format!("{short}.{}", if media_type == "image/png" { "png" } else { "jpg" }))
    }

    /// Reads a name.
    pub fn parse(text: &str) -> Option<Self> {
        let (digits, kind) = text.split_once('.')?;
        let hash = digits.len() == DIGITS && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        (hash && matches!(kind, "png" | "jpg")).then(|| Self(text.to_owned()))
    }

    /// The name in an image's address. Only the path counts: a name is its content's hash, so whatever host it was addressed by, it is the
    /// same picture.
    pub fn in_url(url: &str) -> Option<Self> {
        let url = Url::parse(url).ok()?;
        let known = matches!(url.scheme(), "http" | "https");
        Self::parse(url.path().strip_prefix(ROUTE).filter(|_| known)?)
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The hash, which tells one content from every other.
    pub fn hash(&self) -> &str {
        self.0.split_once('.').map_or(&self.0, |(hash, _kind)| hash)
    }

    /// The media type.
    pub fn media_type(&self) -> &'static str {
        if matches!(self.0.split_once('.'), Some((_, "png"))) { "image/png" } else { "image/jpeg" }
    }

    /// Whether these bytes are what the name says.
    pub fn fits(&self, bytes: &[u8]) -> bool {
        Self::of(bytes, self.media_type()) == *self
    }
}

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_contents_hash_and_kind() {
        // sha256sum of "abc": FIPS 180-4's example.
        let name = Name::of(b"abc", "image/png");
        assert_eq!(name.as_str(), "ba7816bf8f01cfea414140de5dae2223.png");
        assert!(name.fits(b"abc") && !name.fits(b"abd"));
        assert_eq!(Name::parse(name.as_str()), Some(name));
    }

    #[test]
    fn nothing_else_is_a_name() {
        for text in [
            "",
            ".png",
            "../ba7816bf8f01cfea414140de5dae22.png",
            "ba7816bf8f01cfea414140de5dae2223",
            "ba7816bf8f01cfea414140de5dae2223.svg",
            "ba7816bf8f01cfea414140de5dae2223.png.jpg",
            "BA7816BF8F01CFEA414140DE5DAE2223.png",
            "ba7816bf8f01cfea414140de5dae222.png",
            "가나7816bf8f01cfea414140de5dae.png",
            "ba7816bf8f01cfea414140de5dae2223.png/",
        ] {
            assert_eq!(Name::parse(text), None, "{text}");
        }
    }

    #[test]
    fn an_address_leads_to_a_name_whatever_its_host_and_query() {
        let name = Name::of(b"abc", "image/jpeg");
        for url in [
            "http://127.0.0.1:8080/sandbox/images/ba7816bf8f01cfea414140de5dae2223.jpg",
            "https://sandbox.example.com/sandbox/images/ba7816bf8f01cfea414140de5dae2223.jpg?v=1#x",
        ] {
            assert_eq!(Name::in_url(url), Some(name.clone()), "{url}");
        }
        for url in [
            "",
            "/sandbox/images/x",
            "http://a/ba7816bf8f01cfea414140de5dae2223.jpg",
            "ftp://a/sandbox/images/ba7816bf8f01cfea414140de5dae2223.jpg",
        ] {
            assert_eq!(Name::in_url(url), None, "{url}");
        }
    }
}
