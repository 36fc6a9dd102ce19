//! Who sends a message: what resolving needs to know of the app. Not its keys but the one that makes app links, and no counters.

use std::fmt;

use serde::{Deserialize, Deserializer, de};
use url::{Origin, Url};

/// The app in whose name a message is sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Sender {
    /// The app's id; `SID` says it.
    pub id: i64,
    /// Its name; `SNM`.
    pub name: String,
    /// Address of its icon; `SIC`.
    pub icon: Option<String>,
    /// Native app key: the scheme of app links is `kakao` and this.
    pub native_key: String,
    /// Where Android users get the app; `LA`.
    pub android_store: Option<String>,
    /// Where iOS users get it; `LI`.
    pub ios_store: Option<String>,
    /// Registered web domains [App > Product Link > Web domain], the first is the main one.
    pub domains: Vec<Domain>,
}

impl Sender {
    /// Whether a link of a message may lead there: its scheme, host and port are those of a registered domain.
    pub fn registers(&self, url: &Url) -> bool {
        self.domains.iter().any(|domain| domain.covers(url))
    }

    /// The scheme of app links.
    pub fn scheme(&self) -> String {
        format!("kakao{}", self.native_key)
    }
}

/// A registered web domain: scheme, host and port, matched exactly (kakaotalk-message/trouble-shooting).
#[derive(Clone, PartialEq, Eq)]
pub struct Domain(Url);

/// A web domain that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no web domain; write scheme and host, such as https://www.example.com or http://localhost:3000")]
pub struct NotADomain(String);

impl Domain {
    /// Reads `https://www.example.com` or `http://localhost:3000`.
    pub fn parse(text: &str) -> Result<Self, NotADomain> {
        let not = || NotADomain(text.to_owned());
        let url = Url::parse(text).map_err(|_none| not())?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
        let web = matches!(url.scheme(), "http" | "https") && url.host().is_some();
        if bare && web { Ok(Self(url)) } else { Err(not()) }
    }

    /// Whether `url` is of this domain.
    pub fn covers(&self, url: &Url) -> bool {
        self.origin() == url.origin()
    }

    /// Host and, where it is not the scheme's own, port.
    pub fn authority(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        match self.0.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }

    /// Its origin (RFC 6454).
    pub fn origin(&self) -> Origin {
        self.0.origin()
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.origin().ascii_serialization())
    }
}

impl fmt::Debug for Domain {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Domain({self})")
    }
}

impl<'de> Deserialize<'de> for Domain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_covers_its_own_scheme_host_and_port_alone() {
        let domain = Domain::parse("https://www.example.com").unwrap();
        for (url, covered) in [
            ("https://www.example.com/a?b#c", true),
            ("https://www.example.com:443/", true),
            ("https://WWW.EXAMPLE.com/", true),
            ("http://www.example.com/", false),
            ("https://example.com/", false),
            ("https://m.www.example.com/", false),
            ("https://www.example.com:8443/", false),
            ("https://www.example.com.evil.example/", false),
        ] {
            assert_eq!(domain.covers(&Url::parse(url).unwrap()), covered, "{url}");
        }
        assert_eq!(domain.to_string(), "https://www.example.com");
    }

    #[test]
    fn what_is_no_scheme_and_host_is_refused() {
        for text in ["example.com", "https://example.com/path", "ftp://example.com", "https://u@example.com", ""] {
            assert!(Domain::parse(text).is_err(), "{text}");
        }
    }
}
