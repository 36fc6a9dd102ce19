//! What is known of KakaoTalk's scraper, as a typed view of `config/kakao.toml`: each value with its source,
//! the day it was checked and how sure it is. No behaviour lives here.

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::finding::Confidence;

const EMBEDDED: &str = include_str!("../config/kakao.toml");

/// One known thing with its evidence.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Fact<T> {
    /// The value itself.
    pub value: T,
    /// Where it is from: a URL, or what was looked at.
    pub source: String,
    /// The day it was last checked, `YYYY-MM-DD`.
    pub checked: String,
    /// How well it is known.
    pub confidence: Confidence,
}

/// All that is known.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kakao {
    /// `User-Agent` strings.
    pub user_agent: UserAgents,
    /// Request headers.
    pub request: Request,
    /// Limits of the scraper.
    pub limits: Limits,
    /// How long Kakao keeps what it read.
    pub cache: CacheTimes,
    /// Networks that Kakao announces.
    pub networks: Vec<Announced>,
    /// Hosts of Kakao's that a site's own server calls, over TLS on 443.
    pub outbound: Fact<Vec<String>>,
}

/// Networks that an autonomous system of Kakao's announces by BGP. Plausible as Kakao's; not its list of scrap addresses.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Announced {
    /// Number of the autonomous system.
    pub autonomous_system: u32,
    /// Its registered name.
    pub name: String,
    /// Whose it is.
    pub holder: String,
    /// What is to be expected from it.
    pub kind: NetworkKind,
    /// The networks.
    pub value: Vec<IpNet>,
    /// Where they are from.
    pub source: String,
    /// The day they were last checked, `YYYY-MM-DD`.
    pub checked: String,
    /// How well it is known that they are Kakao's.
    pub confidence: Confidence,
}

/// What is to be expected from a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NetworkKind {
    /// Kakao Corp's own: its scraper is expected to call from here.
    Callers,
    /// A company of Kakao's group: no scrape was seen from here.
    Group,
    /// Rented to anybody: a caller from here proves nothing.
    Cloud,
}

/// `User-Agent` strings (R1), Kakao's and those it is compared with.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserAgents {
    /// KakaoTalk's scraper.
    pub kakao: Fact<String>,
    /// The same as it was spelled in 2018.
    pub kakao_older: Fact<String>,
    /// What both spellings have in common.
    pub token: Fact<String>,
    /// Facebook's crawler, whose name Kakao's contains.
    pub facebook: Fact<String>,
    /// A desktop browser.
    pub browser: Fact<String>,
}

/// Headers of Kakao's request.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// `Accept` (RFC 9110, 12.5.1).
    pub accept: Fact<String>,
    /// `Accept-Encoding` (RFC 9110, 12.5.3).
    pub accept_encoding: Fact<String>,
}

/// Limits of Kakao's scraper.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Redirects that are followed (R3).
    pub redirects: Fact<usize>,
    /// Redirects beyond which a warning is due.
    pub redirects_warn: Fact<usize>,
    /// Seconds beyond which a page is at risk (R5).
    pub slow_page_seconds: Fact<u32>,
    /// Decoded bytes of a page that are read (R5).
    pub page_bytes: Fact<usize>,
    /// UTF-8 bytes of a description (R16).
    pub description_bytes: Fact<usize>,
    /// UTF-8 bytes of a title (R14).
    pub title_bytes: Fact<usize>,
    /// Image candidates of a card (R22).
    pub images: Fact<usize>,
    /// Declared pixels a side of a body image must have (R22).
    pub body_image_pixels: Fact<u32>,
    /// Bytes an image may have (R25).
    pub image_bytes: Fact<usize>,
    /// Bytes above which an image is worth making lighter (R28).
    pub image_heavy_bytes: Fact<usize>,
    /// Pixels a side of an image should have (R28).
    pub image_min_side: Fact<u32>,
    /// Pixels across of the image in a scrape message (R28).
    pub image_width: Fact<u32>,
    /// Pixels down of the image in a scrape message (R28).
    pub image_height: Fact<u32>,
    /// Width divided by height, below which too much is cut away at top and bottom (R28).
    pub image_ratio_min: Fact<f64>,
    /// Width divided by height, above which too much is cut away at the sides (R28).
    pub image_ratio_max: Fact<f64>,
}

/// How long Kakao keeps what it read, in seconds (R29 to R32).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CacheTimes {
    /// A page's card.
    pub page_seconds: Fact<u64>,
    /// An image.
    pub image_seconds: Fact<u64>,
    /// A failure.
    pub failure_seconds: Fact<u64>,
}

impl Kakao {
    /// The facts embedded in the program. Fails only if `config/kakao.toml` itself is wrong; a test reads it.
    pub fn embedded() -> Result<Self, toml::de::Error> {
        toml::from_str(EMBEDDED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_facts_are_read() {
        let kakao = Kakao::embedded().unwrap();
        assert_eq!(kakao.limits.description_bytes.value, 256);
        assert!(kakao.user_agent.kakao.value.contains("kakaotalk-scrap"));
    }

    #[test]
    fn an_unknown_fact_is_refused() {
        let text = format!(
            "{EMBEDDED}\n[limits.colour]\nvalue = 1\nsource = \"\"\nchecked = \"\"\nconfidence = \"default\"\n"
        );
        assert!(toml::from_str::<Kakao>(&text).unwrap_err().message().contains("colour"));
    }
}
