//! What the client, the store and the refresher may do: section `[ips]`, and what the environment has to say about it.
//! Nothing is read here but values; the environment is handed in.

use std::{
    net::IpAddr,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Deserializer, de};
use url::{Host, Url};

use super::{NotASecret, Secret};

/// Kakao's list of IP ranges; section `[ips]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The server that is asked.
    pub url: ApiUrl,
    /// Name of the environment variable that holds the key.
    pub key_env: String,
    /// File whose first line is the key; empty for none.
    pub key_file: PathBuf,
    /// Where the list is kept: a path, `auto`, or empty for nowhere.
    pub store: String,
    /// Bytes of a list.
    pub max_bytes: usize,
    /// Milliseconds an answer may take.
    pub deadline_ms: u64,
    /// Hours after which the list is asked for again.
    pub refresh_hours: u64,
    /// Seconds over which askers are spread.
    pub spread_seconds: u64,
    /// Seconds after a first failure.
    pub retry_min_seconds: u64,
    /// Seconds after many failures.
    pub retry_max_seconds: u64,
    /// Days after which a list is stale.
    pub stale_days: u64,
    /// Seconds between looks at the kept file.
    pub reload_seconds: u64,
    /// What the environment holds as the key, where it holds anything.
    #[serde(skip)]
    pub key: Option<Result<Secret, NotASecret>>,
    /// The folder in which programs of this user keep what they know, where there is one.
    #[serde(skip)]
    pub state_folder: Option<PathBuf>,
}

impl Settings {
    /// Takes from the environment what the settings name: the key, and the folder for `store = "auto"`
    /// (XDG Base Directory Specification: a relative path does not count).
    pub fn look_around(&mut self, environment: &[(String, String)]) {
        let value = |name: &str| {
            let found = environment.iter().find(|(known, _)| known == name && !name.is_empty());
            found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
        };
        let absolute = |name| value(name).map(Path::new).filter(|path| path.is_absolute());
        self.key = value(&self.key_env).map(Secret::parse);
        self.state_folder = absolute("XDG_STATE_HOME")
            .map(Path::to_owned)
            .or_else(|| absolute("HOME").map(|home| home.join(".local/state")));
    }

    /// The file in which the list is kept; `None` where it is only kept in memory.
    pub fn store_path(&self) -> Option<PathBuf> {
        match self.store.as_str() {
            "" => None,
            "auto" => self.state_folder.as_ref().map(|folder| folder.join("scraplens/ips.json")),
            path => Some(path.into()),
        }
    }
}

/// The server that is asked, by its URL. Over plain `http` only where nobody on the way can read the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiUrl(Url);

impl ApiUrl {
    /// Reads a URL.
    pub fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|error| format!("{error}; write https://HOST"))?;
        let near = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => near(address.into()),
            Some(Host::Ipv6(address)) => near(address.into()),
            None => return Err("it names no host; write https://HOST".to_owned()),
        };
        if !(url.scheme() == "https" || url.scheme() == "http" && near) {
            return Err(
                "the key would be sent in the clear; write https://, or the address of a proxy nearby".to_owned()
            );
        }
        if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
            return Err("only scheme, host, port and path belong here".to_owned());
        }
        Ok(Self(url))
    }

    /// The URL of the list.
    pub fn list(&self) -> Url {
        let mut url = self.0.clone();
        url.set_path(&format!("{}{PATH}", self.0.path().trim_end_matches('/')));
        url
    }
}

fn near(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local(),
    }
}

impl<'de> Deserialize<'de> for ApiUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

/// Where the list stands (Kakao Developers, REST API, utility).
const PATH: &str = "/v1/system/ips";

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(store: &str, environment: &[(&str, &str)]) -> Settings {
        let mut settings = crate::config::Settings::defaults().unwrap().ips;
        store.clone_into(&mut settings.store);
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        settings.look_around(&environment.iter().map(owned).collect::<Vec<_>>());
        settings
    }

    #[test]
    fn the_list_is_kept_where_the_user_keeps_such_things() {
        for (store, environment, kept) in [
            ("auto", &[("XDG_STATE_HOME", "/s"), ("HOME", "/h")][..], Some("/s/scraplens/ips.json")),
            ("auto", &[("HOME", "/h")], Some("/h/.local/state/scraplens/ips.json")),
            ("auto", &[("XDG_STATE_HOME", "s"), ("HOME", "/h")], Some("/h/.local/state/scraplens/ips.json")),
            ("auto", &[("HOME", "")], None),
            ("auto", &[], None),
            ("", &[("HOME", "/h")], None),
            ("/var/lib/ips", &[("HOME", "/h")], Some("/var/lib/ips")),
        ] {
            let path = settings(store, environment).store_path();
            assert_eq!(path.as_deref(), kept.map(Path::new), "{store:?} {environment:?}");
        }
    }

    #[test]
    fn the_key_is_taken_from_the_variable_that_is_named_and_never_shown() {
        let settings = settings("", &[("KAKAO_REST_API_KEY", "abc123def"), ("OTHER", "x")]);
        assert_eq!(settings.key, Some(Secret::parse("abc123def")));
        assert!(!format!("{settings:?}").contains("abc123def"));
    }

    #[test]
    fn a_key_is_never_sent_in_the_clear_over_other_peoples_networks() {
        for url in [
            "http://kapi.kakao.com",
            "http://8.8.8.8",
            "ftp://127.0.0.1",
            "https://a:b@kapi.kakao.com",
            "kapi",
            "https://k?x",
        ] {
            assert!(ApiUrl::parse(url).is_err(), "{url}");
        }
        for (url, list) in [
            ("https://kapi.kakao.com", "https://kapi.kakao.com/v1/system/ips"),
            ("http://127.0.0.1:9/", "http://127.0.0.1:9/v1/system/ips"),
            ("http://10.0.0.9:3128/kakao/", "http://10.0.0.9:3128/kakao/v1/system/ips"),
            ("http://[::1]:9", "http://[::1]:9/v1/system/ips"),
        ] {
            assert_eq!(ApiUrl::parse(url).unwrap().list().as_str(), list);
        }
    }
}
