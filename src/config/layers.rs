//! Layers of settings, one over the other, with where each value is from. What the settings mean is their consumers'.

use std::{collections::BTreeMap, fs, path::Path};

use toml::{Table, Value};

use super::{
    ConfigError, Override, Settings,
    lines::{at_item, at_line},
};

const ENVIRONMENT_PREFIX: &str = "SCRAPLENS__";

/// The settings, layer over layer.
pub(super) struct Layers {
    known: Table,
    merged: Table,
    origins: BTreeMap<String, String>,
    /// The name and the text of the file, for the places of what stands in lists.
    file: Option<(String, String)>,
}

impl Layers {
    /// The layers over the defaults.
    pub(super) fn over(defaults: Table) -> Self {
        Self { known: defaults.clone(), merged: defaults, origins: BTreeMap::new(), file: None }
    }

    /// A file: it overrides what it names.
    pub(super) fn add_file(&mut self, path: &Path) -> Result<(), ConfigError> {
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

    /// The environment.
    pub(super) fn add_environment(
        &mut self,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<(), ConfigError> {
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

    /// An option of the command line.
    pub(super) fn add_option(&mut self, option: &Override) {
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

    /// All of it as settings.
    pub(super) fn read(self) -> Result<Settings, ConfigError> {
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
