//! The settings: `config/default.toml` < `--config FILE` < environment `SCRAPLENS__SECTION__KEY` < options of the command line.
//! The structs live beside their consumers; this file composes them, and says where a bad value stands and how to mend it.

use std::{collections::BTreeMap, fs, path::Path};

use serde::{Deserialize, Deserializer, de};
use toml::{Table, Value};

use crate::{cache, egress, extract, fetch, firewall, image, ips, logs, probe, reaching, sandbox, scrape, web};

const DEFAULTS: &str = include_str!("../config/default.toml");
const ENVIRONMENT_PREFIX: &str = "SCRAPLENS__";

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
        let mut layers = Layers { known: defaults.clone(), merged: defaults, origins: BTreeMap::new(), file: None };
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

struct Layers {
    known: Table,
    merged: Table,
    origins: BTreeMap<String, String>,
    /// The name and the text of the file, for the places of what stands in lists.
    file: Option<(String, String)>,
}

impl Layers {
    fn add_file(&mut self, path: &Path) -> Result<(), ConfigError> {
        let name = path.display().to_string();
        let text = fs::read_to_string(path).map_err(|source| ConfigError::Unreadable { path: name.clone(), source })?;
        let table: Table =
            toml::from_str(&text).map_err(|source| ConfigError::NotToml { path: name.clone(), source })?;
        for (section, values) in table {
            if !values.is_table() || !self.known.contains_key(&section) {
                return Err(self.unknown(at_line(&name, &text, &section), &section));
            }
            self.set(&section, values, &|path| at_line(&name, &text, path))?;
        }
        self.file = Some((name, text));
        Ok(())
    }

    fn add_environment(&mut self, environment: impl IntoIterator<Item = (String, String)>) -> Result<(), ConfigError> {
        for (variable, text) in environment {
            let Some(path) = variable.strip_prefix(ENVIRONMENT_PREFIX) else { continue };
            let path = path.to_ascii_lowercase().replace("__", ".");
            let origin = format!("environment variable {variable}");
            if !path.contains('.') {
                return Err(self.unknown(origin, &path));
            }
            let value = self.typed(&path, &text);
            self.set(&path, value, &|_| origin.clone())?;
        }
        Ok(())
    }

    fn add_option(&mut self, option: &Override) {
        self.origins.insert(option.key.to_owned(), format!("option {}", option.option));
        match (slot(&mut self.merged, option.key), &option.value) {
            (Some(Value::Array(old)), Value::Array(new)) => old.extend(new.iter().cloned()),
            (Some(old), new) => old.clone_from(new),
            (None, _) => {}
        }
    }

    /// Sets a value; of a table only what it names.
    fn set(&mut self, path: &str, value: Value, origin: &dyn Fn(&str) -> String) -> Result<(), ConfigError> {
        match (at(&self.known, path), value) {
            (None, _) => Err(self.unknown(origin(path), path)),
            (Some(Value::Table(_)), Value::Table(values)) => {
                values.into_iter().try_for_each(|(key, value)| self.set(&format!("{path}.{key}"), value, origin))
            }
            (Some(_), value) => {
                self.origins.insert(path.to_owned(), origin(path));
                if let Some(slot) = slot(&mut self.merged, path) {
                    *slot = value;
                }
                Ok(())
            }
        }
    }

    /// The text of an environment variable, read as the type the default has: `8080`, `true`, `a,b` or `["a", "b"]`.
    fn typed(&self, path: &str, text: &str) -> Value {
        let string = || Value::String(text.to_owned());
        let parsed = || toml::from_str::<Table>(&format!("v = {text}")).ok().and_then(|mut table| table.remove("v"));
        match at(&self.known, path) {
            Some(Value::String(_)) | None => string(),
            Some(Value::Array(default)) => parsed().filter(Value::is_array).unwrap_or_else(|| {
                let numbers = default.first().is_some_and(Value::is_integer);
                let item = |item: &str| match item.parse() {
                    Ok(number) if numbers => Value::Integer(number),
                    _ => Value::String(item.to_owned()),
                };
                Value::Array(text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(item).collect())
            }),
            Some(_) => parsed().unwrap_or_else(string),
        }
    }

    fn unknown(&self, origin: String, key: &str) -> ConfigError {
        let mut all = Vec::new();
        gather(&self.known, "", &mut all);
        let nearest = all
            .iter()
            .map(|known| (strsim::damerau_levenshtein(known, key), known))
            .min()
            .filter(|(distance, known)| *distance <= 3.max(known.len() / 4));
        let remedy = nearest.map_or_else(
            || "remove it; `scraplens serve --print-config` lists every key".to_owned(),
            |(_, known)| format!("did you mean `{known}`? `scraplens serve --print-config` lists every key"),
        );
        ConfigError::UnknownKey { origin, key: key.to_owned(), remedy }
    }

    fn read(self) -> Result<Settings, ConfigError> {
        let Self { known, merged, origins, file } = self;
        serde_path_to_error::deserialize(Value::Table(merged)).map_err(|error| {
            let path = error.path().to_string();
            let reason = error.into_inner().message().trim().to_owned();
            let (list, item) = path.split_once('[').map_or((path.as_str(), None), |(list, rest)| (list, Some(rest)));
            let whole = list.split('?').next().unwrap_or_default().trim_end_matches('.');
            // A missing or unknown field is the table's fault; a value inside of one value is that one's.
            let key = ancestors(whole).find(|path| origins.contains_key(*path)).unwrap_or(whole);
            let default = at(&known, key).filter(|default| !default.is_table() && !holds_tables(default));
            let origin = origins.get(key).cloned().unwrap_or_else(|| "config/default.toml".to_owned());
            let place = item.zip(file.as_ref()).and_then(|(item, (name, text))| {
                (origin.starts_with(name.as_str())).then(|| at_item(name, text, key, item, &reason))?
            });
            let remedy = default.map_or_else(
                || "`scraplens serve --print-config` shows what fits".to_owned(),
                |value| format!("the default is {value}"),
            );
            let key = if item.is_some() { path.trim_end_matches(['.', '?']) } else { key };
            ConfigError::BadValue { origin: place.unwrap_or(origin), reason, remedy, key: key.to_owned() }
        })
    }
}

/// The value at `section.table.key`.
fn at<'a>(table: &'a Table, path: &str) -> Option<&'a Value> {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    match (table.get(first)?, rest) {
        (value, None) => Some(value),
        (Value::Table(table), Some(rest)) => at(table, rest),
        _ => None,
    }
}

fn slot<'a>(table: &'a mut Table, path: &str) -> Option<&'a mut Value> {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    match (table.get_mut(first)?, rest) {
        (value, None) => Some(value),
        (Value::Table(table), Some(rest)) => slot(table, rest),
        _ => None,
    }
}

/// Every key with its section, and every section.
fn gather(table: &Table, above: &str, keys: &mut Vec<String>) {
    for (key, value) in table {
        let path = if above.is_empty() { key.clone() } else { format!("{above}.{key}") };
        if let Value::Table(table) = value {
            gather(table, &path, keys);
        }
        keys.push(path);
    }
}

/// `a.b.c`, `a.b`, `a`.
fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| path.rsplit_once('.').map(|(above, _)| above))
}

/// Too long for a line.
fn holds_tables(value: &Value) -> bool {
    value.as_array().is_some_and(|values| values.iter().any(Value::is_table))
}

/// `file:line` of a key or a section; just the file if the line cannot be told (dotted keys, inline tables).
fn at_line(file: &str, text: &str, path: &str) -> String {
    let mut lines = Lines::default();
    let found = text.lines().position(|line| lines.read(line).is_some_and(|current| current == path));
    found.map_or_else(|| file.to_owned(), |number| format!("{file}:{}", number + 1))
}

/// The same in the item of a list: `rest` is what follows `[` in its path, such as `1].id`; a reason names an unknown field.
fn at_item(file: &str, text: &str, list: &str, rest: &str, reason: &str) -> Option<String> {
    let (index, field) = rest.split_once(']')?;
    let index: usize = index.parse().ok()?;
    let unknown = reason.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next());
    let field = unknown.unwrap_or_else(|| field.trim_matches(['.', '?']).split(['.', '[']).next().unwrap_or_default());
    let (mut lines, mut items, mut header) = (Lines::default(), 0, None);
    for (number, line) in text.lines().enumerate() {
        let Some(current) = lines.read(line) else { continue };
        if current == list {
            items += 1;
            if items == index + 1 {
                header = Some(number);
            } else if items > index + 1 {
                break;
            }
        } else if items == index + 1
            && current.strip_prefix(list).and_then(|rest| rest.strip_prefix('.')) == Some(field)
        {
            return Some(format!("{file}:{}", number + 1));
        }
    }
    header.map(|number| format!("{file}:{}", number + 1))
}

/// Reads a file line by line, as far as sections and keys go.
#[derive(Default)]
struct Lines {
    section: String,
}

impl Lines {
    /// What a line opens or sets, with its section.
    fn read(&mut self, line: &str) -> Option<String> {
        let line = line.trim();
        if line.starts_with('[') {
            line.trim_start_matches('[').split(']').next()?.trim().clone_into(&mut self.section);
            return Some(self.section.clone());
        }
        let name = line.split_once('=')?.0.trim().trim_matches('"');
        Some(if self.section.is_empty() { name.to_owned() } else { format!("{}.{name}", self.section) })
    }
}

/// `config/default.toml` as embedded, for `--print-config`.
pub fn defaults_text() -> &'static str {
    DEFAULTS
}

#[cfg(test)]
mod tests {
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
        assert!(error.starts_with("FILE:3: bad value for `egress.allow`: "), "{error}");
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
