//! What somebody else was answered: the same address asked as a browser or as Facebook's crawler, or the page that
//! `og:url` names. Plain data for the report; `rules` judges it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::image::Format;

/// One more answer, to compare with the one Kakao's user agent got.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Comparison {
    /// What was asked for.
    pub of: Subject,
    /// As whom.
    pub who: Asker,
    /// The address that was asked for.
    pub url: String,
    /// The address after the last redirect.
    pub effective_url: String,
    /// `ok` or a delivery code, as in the report's `outcome`.
    pub outcome: String,
    /// Status of the last answer.
    pub status: Option<u16>,
    /// The media type, without parameters.
    pub content_type: Option<String>,
    /// What an image's bytes are.
    pub format: Option<Format>,
    /// Bytes that were read.
    pub bytes: Option<u64>,
    /// A page's title (R14).
    pub title: Option<String>,
    /// A page's main image (R22).
    pub image: Option<String>,
    /// Whose challenge page came instead of the page, if one did.
    pub challenge: Option<String>,
}

/// What a comparison asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// The page itself.
    Page,
    /// The main image.
    Image,
    /// The page that `og:url` names (R20).
    OgUrl,
}

/// As whom a comparison asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Asker {
    /// The user agent of the report, Kakao's unless another was asked for.
    Same,
    /// A desktop browser.
    Browser,
    /// Facebook's crawler, whose name Kakao's contains.
    Facebook,
}
