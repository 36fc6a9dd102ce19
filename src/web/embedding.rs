//! Settings of the routes that other sites embed: who may frame them, and the key that signs image addresses.

use std::fmt;

use serde::{Deserialize, Deserializer, de};

/// The key that signs the addresses of images. Never shown, not even in debug output.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey(String);

impl SigningKey {
    /// The key; `None` if each start may make one of its own.
    pub fn bytes(&self) -> Option<&[u8]> {
        Some(self.0.as_bytes()).filter(|key| !key.is_empty())
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "SigningKey(none)" } else { "SigningKey(set)" })
    }
}

impl<'de> Deserialize<'de> for SigningKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let key = String::deserialize(deserializer)?;
        if key.is_empty() || key.len() >= MIN_KEY_BYTES {
            return Ok(Self(key));
        }
        // The value itself stays out of the message: it is a secret, if a weak one.
        Err(de::Error::custom(format!(
            "a key has at least {MIN_KEY_BYTES} bytes; `openssl rand -base64 32` makes a good one"
        )))
    }
}

/// Who may frame the message drawn as HTML: the sources of `frame-ancestors` (CSP3, 6.4.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrameAncestors(String);

impl FrameAncestors {
    /// The sources, as the directive has them.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for FrameAncestors {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let sources = Vec::<String>::deserialize(deserializer)?;
        // Whatever could end the directive or the header has no place in a source.
        let good = |source: &String| {
            !source.is_empty() && source.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b';' | b','))
        };
        if let Some(bad) = sources.iter().find(|source| !good(source)) {
            return Err(de::Error::custom(format!(
                "`{bad}` is no source; write \"*\", \"'self'\", or origins such as \"https://*.example.com\""
            )));
        }
        Ok(Self(if sources.is_empty() { "'none'".to_owned() } else { sources.join(" ") }))
    }
}

const MIN_KEY_BYTES: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Section {
        #[serde(default = "nobody")]
        frame: FrameAncestors,
        #[serde(default = "no_key")]
        key: SigningKey,
    }

    fn nobody() -> FrameAncestors {
        FrameAncestors(String::new())
    }

    fn no_key() -> SigningKey {
        SigningKey(String::new())
    }

    fn read(text: &str) -> Result<Section, String> {
        toml::from_str(text).map_err(|error| error.message().to_owned())
    }

    #[test]
    fn sources_are_joined_and_none_means_none() {
        assert_eq!(
            read(r#"frame = ["'self'", "https://*.example.com"]"#).unwrap().frame.as_str(),
            "'self' https://*.example.com"
        );
        assert_eq!(read("frame = []").unwrap().frame.as_str(), "'none'");
    }

    #[test]
    fn a_source_cannot_end_the_directive() {
        for bad in ["*; script-src *", "a,b", "", "a b", "a\\nb"] {
            assert!(read(&format!("frame = [\"{bad}\"]")).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_short_key_is_refused_without_being_told() {
        let error = read(r#"key = "hunter2""#).unwrap_err();
        assert!(error.contains("16 bytes") && !error.contains("hunter2"), "{error}");
        let key = read(r#"key = "0123456789abcdef""#).unwrap().key;
        assert_eq!(key.bytes(), Some(&b"0123456789abcdef"[..]));
        assert!(!format!("{key:?}").contains("0123"));
    }
}
