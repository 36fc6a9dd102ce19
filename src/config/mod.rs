//! The settings: `config/default.toml` < `--config FILE` < environment `SCRAPLENS__SECTION__KEY` < options of the command line.
//! The structs live beside their consumers; this file composes them, and says where a bad value stands and how to mend it.

mod layers;
mod lines;

use std::path::Path;

use serde::{Deserialize, Deserializer, de};
use toml::{Table, Value};

use self::layers::Layers;
use crate::{cache, egress, extract, fetch, firewall, image, ips, logs, probe, reaching, sandbox, scrape, web};

const DEFAULTS: &str = include_str!("../../config/default.toml");

/// Every setting.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// `[server]`
    pub server: web::Settings,
    /// `[egress]`
    pub egress: egress::Settings,
    /// `[dns]`
    pub dns: fetch::DnsSettings,
    /// `[fetch]`
    pub fetch: fetch::Settings,
    /// `[extract]`
    pub extract: extract::Settings,
    /// `[image]`
    pub image: image::Settings,
    /// `[scrape]`
    pub scrape: scrape::Settings,
    /// `[cache]`
    pub cache: cache::Settings,
    /// `[acl]`
    pub acl: firewall::Settings,
    /// `[probe]`
    pub probe: probe::Settings,
    /// `[ips]`
    pub ips: ips::Settings,
    /// `[reach]`
    pub reach: reaching::Settings,
    /// `[logs]`
    pub logs: logs::Settings,
    /// `[sandbox]`
    pub sandbox: sandbox::Settings,
    /// `[log]`
    pub log: LogSettings,
}

/// What is logged and how; section `[log]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogSettings {
    /// Level or directives.
    pub level: Directives,
    /// For people or for machines.
    pub format: LogFormat,
}

/// Log directives that `tracing-subscriber` accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directives(pub String);

impl<'de> Deserialize<'de> for Directives {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match tracing_subscriber::EnvFilter::builder().parse(&text) {
            Ok(_) => Ok(Self(text)),
            Err(error) => Err(de::Error::custom(format!(
                "{error}; write off, error, warn, info, debug or trace, or target=level"
            ))),
        }
    }
}

/// The shape of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Why the settings cannot be used. Names the file or variable, the key, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration {path}: {source}")]
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file is not TOML.
    #[error("{path} is not TOML: {source}")]
    NotToml {
        /// The file.
        path: String,
        /// Where and why.
        #[source]
        source: toml::de::Error,
    },
    /// There is no such key.
    #[error("{origin}: unknown key `{key}`; {remedy}")]
    UnknownKey {
        /// File and line, or variable.
        origin: String,
        /// The key with its section.
        key: String,
        /// What was probably meant.
        remedy: String,
    },
    /// The key exists, the value does not fit.
    #[error("{origin}: bad value for `{key}`: {reason}; {remedy}")]
    BadValue {
        /// File and line, variable, or option.
        origin: String,
        /// The key with its section.
        key: String,
        /// What is the matter with it.
        reason: String,
        /// What fits.
        remedy: String,
    },
}

/// One setting given outside the files: `cache.max_bytes` and its value, from an option.
#[derive(Debug, Clone)]
pub struct Override {
    /// The option as the user wrote it, such as `--listen`.
    pub option: &'static str,
    /// The key with its section.
    pub key: &'static str,
    /// The value. A list is appended to what the files say.
    pub value: Value,
}

impl Settings {
    /// Loads and checks all settings. `environment` is passed in, so that only the edge reads it.
    pub fn load(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
        options: &[Override],
    ) -> Result<Self, ConfigError> {
        let defaults: Table = toml::from_str(DEFAULTS)
            .map_err(|source| ConfigError::NotToml { path: "config/default.toml".to_owned(), source })?;
        let mut layers = Layers::over(defaults);
        if let Some(path) = file {
            layers.add_file(path)?;
        }
        let environment: Vec<_> = environment.into_iter().collect();
        layers.add_environment(environment.iter().cloned())?;
        for option in options {
            layers.add_option(option);
        }
        let mut settings = layers.read()?;
        settings.ips.look_around(&environment);
        settings.sandbox.state_folder.clone_from(&settings.ips.state_folder);
        Ok(settings)
    }

    /// The defaults alone.
    pub fn defaults() -> Result<Self, ConfigError> {
        Self::load(None, [], &[])
    }
}

/// `config/default.toml` as embedded, for `--print-config`.
pub fn defaults_text() -> &'static str {
    DEFAULTS
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn load(text: &str) -> Result<Settings, String> {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), text).unwrap();
        Settings::load(Some(file.path()), [], &[])
            .map_err(|error| error.to_string().replace(&file.path().display().to_string(), "FILE"))
    }

    fn from_environment(variable: &str, value: &str) -> Result<Settings, String> {
        Settings::load(None, [(variable.to_owned(), value.to_owned())], &[]).map_err(|error| error.to_string())
    }

    #[test]
    fn the_defaults_are_good() {
        let settings = Settings::defaults().unwrap();
        assert_eq!(settings.egress.ports, [80, 443, 8080, 8443]);
        assert!(!settings.scrape.follow_og_url);
    }

    #[test]
    fn a_file_overrides_only_what_it_names() {
        let settings = load("[fetch]\ndeadline_ms = 1234\n").unwrap();
        assert_eq!((settings.fetch.deadline_ms, settings.fetch.max_headers), (1234, 100));
    }

    #[test]
    fn an_unknown_key_names_file_line_key_and_remedy() {
        assert_eq!(
            load("# mine\n[fetch]\ndeadlin_ms = 1\n").unwrap_err(),
            "FILE:3: unknown key `fetch.deadlin_ms`; did you mean `fetch.deadline_ms`? `scraplens serve --print-config` lists every key"
        );
        assert!(
            load("[colours]\nred = 1\n").unwrap_err().starts_with("FILE:1: unknown key `colours`; remove it"),
            "{:?}",
            load("[colours]\nred = 1\n")
        );
        assert!(load("fetch = 3\n").unwrap_err().contains("unknown key `fetch`"));
    }

    #[test]
    fn a_bad_value_names_file_line_key_reason_and_default() {
        let error = load("[egress]\nports = [80]\nallow = [\"127.0.0.0/8\", \"localhost\"]\n").unwrap_err();
        assert!(error.starts_with("FILE:3: bad value for `egress.allow[1]`: "), "{error}");
        assert!(error.contains("localhost") && error.ends_with("the default is []"), "{error}");
        let error = load("[fetch]\ndeadline_ms = \"soon\"\n").unwrap_err();
        assert!(
            error.starts_with("FILE:2: bad value for `fetch.deadline_ms`: ") && error.ends_with("the default is 10000"),
            "{error}"
        );
        let error = load("[log]\nlevel = \"a=b=c\"\n").unwrap_err();
        assert!(error.contains("log.level"), "{error}");
    }

    #[test]
    fn a_section_within_a_section_overrides_only_what_it_names() {
        let settings = load("[sandbox.quota]\nshare_daily = 5\n").unwrap();
        assert_eq!((settings.sandbox.quota.share_daily, settings.sandbox.quota.monthly), (5, 3_000_000));
        assert_eq!(settings.sandbox.webhook.timeout_ms, 3000);
        let error = load("[sandbox.quota]\nshare_dayly = 5\n").unwrap_err();
        assert!(
            error.starts_with(
                "FILE:2: unknown key `sandbox.quota.share_dayly`; did you mean `sandbox.quota.share_daily`?"
            ),
            "{error}"
        );
        let error = load("[sandbox.quota]\nshare_daily = \"many\"\n").unwrap_err();
        assert!(
            error.starts_with("FILE:2: bad value for `sandbox.quota.share_daily`: ")
                && error.ends_with("the default is 30000"),
            "{error}"
        );
        let settings = from_environment("SCRAPLENS__SANDBOX__QUOTA__SHARE_DAILY", "7").unwrap();
        assert_eq!(settings.sandbox.quota.share_daily, 7);
    }

    #[test]
    fn an_app_of_the_sandbox_is_read_from_a_file_and_its_mistakes_are_placed() {
        let key = |digit: &str| digit.repeat(32);
        let app = |id: i64, more: &str| {
            format!(
                "[[sandbox.apps]]\nid = {id}\nname = \"a\"\nnative_key = \"{}\"\njavascript_key = \"{}\"\nrest_key = \"{}\"\nadmin_key = \"{}\"\n{more}",
                key("a"),
                key("b"),
                key("c"),
                key("d"),
            )
        };
        let good = load(&app(7, "web_domains = [\"http://localhost:5173\"]\nwebhook_method = \"GET\"\n")).unwrap();
        assert_eq!((good.sandbox.apps.len(), good.sandbox.apps[0].id), (1, 7), "a list replaces the default's");
        assert_eq!(good.sandbox.users.len(), 2);

        let unknown = load(&format!("{}{}", app(7, ""), app(8, "colour = \"red\"\n"))).unwrap_err();
        assert!(unknown.starts_with("FILE:15: bad value for `sandbox.apps[1]"), "{unknown}");
        assert!(unknown.contains("colour") && unknown.contains("web_domains"), "{unknown}");

        let domain = load(&app(7, "web_domains = [\"localhost:5173\"]\n")).unwrap_err();
        assert!(domain.starts_with("FILE:8: bad value for `sandbox.apps[0].web_domains"), "{domain}");
        assert!(domain.contains("write scheme and host"), "{domain}");

        let missing = load("[[sandbox.apps]]\nid = 7\n").unwrap_err();
        assert!(missing.starts_with("FILE:1: bad value for `sandbox.apps[0]`: missing field `name`"), "{missing}");
    }

    #[test]
    fn the_environment_wins_over_the_file_and_is_named_in_errors() {
        assert_eq!(
            from_environment("SCRAPLENS__SERVER__LISTEN", "0.0.0.0:80").unwrap().server.listen.to_string(),
            "0.0.0.0:80"
        );
        assert_eq!(from_environment("SCRAPLENS__EGRESS__PORTS", "80,3000").unwrap().egress.ports, [80, 3000]);
        assert_eq!(from_environment("SCRAPLENS__EGRESS__ALLOW", "127.0.0.0/8").unwrap().egress.allow.len(), 1);
        assert!(from_environment("SCRAPLENS__SCRAPE__FOLLOW_OG_URL", "true").unwrap().scrape.follow_og_url);
        let error = from_environment("SCRAPLENS__CACHE__MAX_BYTES", "much").unwrap_err();
        assert!(
            error.starts_with("environment variable SCRAPLENS__CACHE__MAX_BYTES: bad value for `cache.max_bytes`"),
            "{error}"
        );
        let error = from_environment("SCRAPLENS__CACHE__MAX_BITES", "1").unwrap_err();
        assert!(error.contains("did you mean `cache.max_bytes`"), "{error}");
    }

    #[test]
    fn an_option_adds_to_a_list_and_replaces_a_value() {
        let option = |option, key, value| Override { option, key, value };
        let list = option("--allow-net", "egress.allow", Value::Array(vec![Value::String("10.0.0.0/8".into())]));
        let value = option("--timeout", "fetch.deadline_ms", Value::Integer(1));
        let settings =
            Settings::load(None, [("SCRAPLENS__EGRESS__ALLOW".into(), "127.0.0.0/8".into())], &[list, value]).unwrap();
        assert_eq!((settings.egress.allow.len(), settings.fetch.deadline_ms), (2, 1));
    }

    #[test]
    fn a_file_that_is_not_there_or_not_toml_is_named() {
        assert!(
            Settings::load(Some(Path::new("/nowhere/x.toml")), [], &[])
                .unwrap_err()
                .to_string()
                .contains("/nowhere/x.toml")
        );
        assert!(load("a b c").unwrap_err().starts_with("FILE is not TOML"));
    }
}
