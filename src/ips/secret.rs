//! A key that nobody sees: it has no `Display`, its `Debug` tells nothing, and it can take itself out of other people's text.
//! Where keys come from is said elsewhere.

use std::fmt;

use reqwest::header::HeaderValue;

/// An app key of Kakao's.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// Text that cannot be a key. Does not repeat it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key is 1 to {MAX_BYTES} visible ASCII characters in one line")]
pub struct NotASecret;

impl Secret {
    /// Reads a key; blanks around it do not count.
    pub fn parse(text: &str) -> Result<Self, NotASecret> {
        let key = text.trim();
        let good = (1..=MAX_BYTES).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
        if good { Ok(Self(key.to_owned())) } else { Err(NotASecret) }
    }

    /// `Authorization: KakaoAK …`, marked so that whoever logs headers leaves its value out.
    pub(super) fn authorization(&self) -> Result<HeaderValue, NotASecret> {
        let mut value = HeaderValue::from_str(&format!("KakaoAK {}", self.0)).map_err(|_shows_it| NotASecret)?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// Whether the key stands in a text.
    pub(super) fn is_in(&self, text: &str) -> bool {
        text.contains(&self.0)
    }

    /// A text without the key: a server may answer what it was sent.
    pub(super) fn hidden_in(&self, text: &str) -> String {
        text.replace(&self.0, "…")
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(set)")
    }
}

const MAX_BYTES: usize = 512;

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn a_key_is_shown_to_nobody() {
        let secret = Secret::parse(&format!(" {KEY}\n")).unwrap();
        let header = secret.authorization().unwrap();
        assert_eq!(header.as_bytes(), format!("KakaoAK {KEY}").as_bytes());
        assert_eq!(format!("{secret:?}"), "Secret(set)");
        assert_eq!(format!("{header:?}"), "Sensitive");
        assert_eq!(secret.hidden_in(&format!("no such key {KEY}.")), "no such key ….");
    }

    #[test]
    fn what_cannot_be_a_key_is_refused_without_being_repeated() {
        for text in ["", "  ", "two words", "줄", "a\r\nX-Other: 1", &"a".repeat(MAX_BYTES + 1)] {
            assert_eq!(Secret::parse(text), Err(NotASecret), "{text:?}");
        }
    }
}
