//! Whom a scrape asks as: by name, or by a string of the caller's own. What the names stand for is `kakao`'s to know.

use std::str::FromStr;

/// Whom to ask as.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum UserAgent {
    /// KakaoTalk's scraper.
    #[default]
    Kakao,
    /// A desktop browser.
    Browser,
    /// Facebook's crawler.
    Facebook,
    /// This very string.
    Custom(String),
}

/// Why a string cannot be a `User-Agent`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a user agent is kakao, browser, facebook, or 1 to {MAX_USER_AGENT} visible characters of your own")]
pub struct UserAgentError;

const MAX_USER_AGENT: usize = 512;

impl FromStr for UserAgent {
    type Err = UserAgentError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim() {
            "kakao" => Ok(Self::Kakao),
            "browser" => Ok(Self::Browser),
            "facebook" => Ok(Self::Facebook),
            own if !own.is_empty()
                && own.len() <= MAX_USER_AGENT
                && own.chars().all(|c| c == ' ' || c.is_ascii_graphic()) =>
            {
                Ok(Self::Custom(own.to_owned()))
            }
            _ => Err(UserAgentError),
        }
    }
}
