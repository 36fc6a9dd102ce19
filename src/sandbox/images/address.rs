//! Where an image is served, as others address this server. Whether they can reach it there is not known here.

use serde::{Deserialize, Deserializer, de};
use url::Url;

use super::name::{Name, ROUTE};

/// How this server is addressed from outside; setting `sandbox.images.public_url`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PublicUrl(pub Option<Url>);

impl PublicUrl {
    /// Reads `https://HOST` or `http://HOST:PORT`; nothing is no such address.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Ok(Self(None));
        }
        let url = Url::parse(text).map_err(|error| format!("{error}; write https://HOST"))?;
        let plain = url.username().is_empty() && url.password().is_none() && url.path() == "/";
        let bare = plain && url.query().is_none() && url.fragment().is_none();
        if matches!(url.scheme(), "http" | "https") && url.has_host() && bare {
            Ok(Self(Some(url)))
        } else {
            Err("write https://HOST or http://HOST:PORT, without a path".to_owned())
        }
    }
}

impl<'de> Deserialize<'de> for PublicUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

/// The address of an image, and what of it is not as at Kakao's.
///
/// Kakao answers an https address where `secure_resource` is true, which is the default. A sandbox on localhost has no https: it answers
/// what works, and says so. Where there is https, there is nothing else: `secure_resource=false` gets it too.
pub fn address(base: &Url, name: &Name, secure: bool) -> (String, Option<&'static str>) {
    let mut url = base.clone();
    url.set_path(&format!("{ROUTE}{name}"));
    let insecure = secure && url.scheme() != "https";
    (url.into(), insecure.then_some("image-url-insecure"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_address_is_scheme_host_and_port() {
        assert_eq!(PublicUrl::parse(""), Ok(PublicUrl(None)));
        for good in ["https://sandbox.example.com", "http://127.0.0.1:8080/"] {
            assert!(PublicUrl::parse(good).unwrap().0.is_some(), "{good}");
        }
        for bad in ["sandbox.example.com", "ftp://a", "https://a/b", "https://u:p@a", "https://a/?x", "https://a/#x"] {
            assert!(PublicUrl::parse(bad).unwrap_err().contains("write https://HOST"), "{bad}");
        }
    }

    #[test]
    fn an_insecure_address_is_named_where_a_secure_one_was_asked_for() {
        let name = Name::of(b"abc", "image/png");
        let said = |base: &str, secure| address(&Url::parse(base).unwrap(), &name, secure);
        let path = "/sandbox/images/ba7816bf8f01cfea414140de5dae2223.png";
        let (http, https) = (format!("http://127.0.0.1:8080{path}"), format!("https://a.example{path}"));
        assert_eq!(said("http://127.0.0.1:8080", true), (http.clone(), Some("image-url-insecure")));
        assert_eq!(said("http://127.0.0.1:8080", false), (http, None));
        assert_eq!(said("https://a.example", true), (https.clone(), None));
        assert_eq!(said("https://a.example", false), (https, None));
    }
}
