//! What must hold of the settings before the sandbox starts: ids, keys and tokens that tell apps and users apart.

use std::collections::HashMap;

use super::Settings;

/// Why the sandbox cannot start. Names the setting and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SandboxError {
    /// There is no app.
    #[error("sandbox.apps is empty; write at least one [[sandbox.apps]], as config/default.toml shows")]
    NoApp,
    /// Two things that must differ do not.
    #[error("{first} and {second} are both `{value}`; give each its own")]
    Twice {
        /// The first, such as `sandbox.apps[0].id`.
        first: String,
        /// The second.
        second: String,
        /// What they have in common.
        value: String,
    },
    /// A value that must not be empty.
    #[error("{key} is empty; {remedy}")]
    Empty {
        /// The setting.
        key: String,
        /// What to do.
        remedy: &'static str,
    },
    /// A file of a custom template, or the folder of them.
    #[error("{file}: {reason}; {remedy}")]
    Template {
        /// It.
        file: String,
        /// What is wrong, with the line where there is one.
        reason: String,
        /// What to do.
        remedy: String,
    },
}

/// Looks for what cannot be told apart.
pub fn judge(settings: &Settings) -> Result<(), SandboxError> {
    if settings.apps.is_empty() {
        return Err(SandboxError::NoApp);
    }
    let mut ids = Seen::default();
    let mut keys = Seen::default();
    for (place, app) in settings.apps.iter().enumerate() {
        ids.add(format!("sandbox.apps[{place}].id"), &app.id.to_string())?;
        // A key must say which app it is of, and which kind it is.
        for (name, key) in [
            ("native_key", &app.native_key),
            ("javascript_key", &app.javascript_key),
            ("rest_key", &app.rest_key),
            ("admin_key", &app.admin_key),
        ] {
            keys.add(format!("sandbox.apps[{place}].{name}"), key.as_str())?;
        }
    }
    let (mut tokens, mut uuids) = (Seen::default(), Seen::default());
    for (place, user) in settings.users.iter().enumerate() {
        let remedy = "write any text that only this user has";
        for (name, text) in [("token", &user.token), ("uuid", &user.uuid)] {
            if text.trim().is_empty() {
                return Err(SandboxError::Empty { key: format!("sandbox.users[{place}].{name}"), remedy });
            }
        }
        tokens.add(format!("sandbox.users[{place}].token"), &user.token)?;
        uuids.add(format!("sandbox.users[{place}].uuid"), &user.uuid)?;
    }
    Ok(())
}

#[derive(Default)]
struct Seen(HashMap<String, String>);

impl Seen {
    fn add(&mut self, key: String, value: &str) -> Result<(), SandboxError> {
        match self.0.insert(value.to_owned(), key.clone()) {
            Some(first) => Err(SandboxError::Twice { first, second: key, value: value.to_owned() }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        crate::config::Settings::defaults().unwrap().sandbox
    }

    #[test]
    fn the_defaults_are_good() {
        assert_eq!(judge(&settings()), Ok(()));
    }

    #[test]
    fn what_cannot_be_told_apart_is_refused_with_both_places() {
        let mut twice = settings();
        twice.apps.push(twice.apps[0].clone());
        assert_eq!(
            judge(&twice).unwrap_err().to_string(),
            "sandbox.apps[0].id and sandbox.apps[1].id are both `1`; give each its own"
        );
        let mut key = settings();
        key.apps[0].rest_key = key.apps[0].native_key.clone();
        assert!(
            judge(&key).unwrap_err().to_string().starts_with("sandbox.apps[0].native_key and sandbox.apps[0].rest_key")
        );
        let mut token = settings();
        token.users[1].token = token.users[0].token.clone();
        assert!(judge(&token).unwrap_err().to_string().contains("sandbox.users[1].token"));
        let mut empty = settings();
        empty.users[0].uuid = " ".to_owned();
        assert!(judge(&empty).unwrap_err().to_string().starts_with("sandbox.users[0].uuid is empty"));
        let mut none = settings();
        none.apps.clear();
        assert_eq!(judge(&none), Err(SandboxError::NoApp));
    }
}
