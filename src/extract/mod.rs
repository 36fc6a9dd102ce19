//! From the bytes of a page to the card KakaoTalk would make of it. Never fails and never panics, for any bytes:
//! what is wrong with a page becomes a finding. It does not fetch anything and knows no clock.
//!
//! The life of one page:
//! 1. `charset` turns the bytes into text and says who named the encoding (R8).
//! 2. `meta` makes one streaming pass over the text and keeps every tag of interest with its place (R10, R11, R13).
//! 3. `tree` is asked for a second opinion, only if something in the head could close it early: an HTML5 tree shows
//!    which tags a browser-like parser moves out of `<head>` (those become `displaced`).
//! 4. `card` applies the rules: fallbacks, cuts, url, image candidates (R14 to R24).
//! 5. `rules::judge_tags` says what is wrong with it.

mod card;
mod charset;
mod meta;
mod position;
mod prescan;
mod tree;

use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;

pub use card::{Candidate, Candidates, Card, CardImage, Source, Sources};
pub use charset::{Charset, CharsetSource, Declared};

use crate::{
    kakao::Kakao,
    rules::{Finding, Rulebook},
};

/// Bounds on what one page may cost us. The defaults stand in `config/default.toml`, section `[extract]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Tags that are kept for the report; more are counted, not kept.
    pub max_tags: usize,
    /// Bytes of one value that are kept.
    pub max_value_bytes: usize,
    /// Bytes of an image or page URL; a longer one is not used.
    pub max_url_bytes: usize,
    /// Bytes at the start of a page in which a charset declaration is looked for.
    pub prescan_bytes: usize,
    /// Bytes the charset detector looks at.
    pub detect_bytes: usize,
    /// Memory the streaming pass may use, in bytes; a page that needs more is read up to there.
    pub parser_memory_bytes: usize,
    /// Time the HTML5 reading may take, in milliseconds; a page that needs more is judged by what was read.
    pub tree_budget_ms: u64,
}

/// A page to read.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    /// The body as it came, decoded from any `Content-Encoding`.
    pub bytes: &'a [u8],
    /// The `Content-Type` header, if there was one.
    pub content_type: Option<&'a str>,
    /// The effective URL, with the fragment that applies.
    pub url: &'a Url,
}

/// What one page gave.
#[derive(Debug, Clone)]
pub struct Extraction {
    /// How the bytes were read.
    pub charset: Charset,
    /// The card.
    pub card: Card,
    /// The tags that were looked at, in document order.
    pub tags: Vec<Tag>,
    /// What is wrong with the page's source, in table order.
    pub findings: Vec<Finding>,
}

/// One tag with its place in the source.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Tag {
    /// `og:title`, `description`, ... in lower case; `title`, `base` or `canonical` for those elements.
    pub key: String,
    /// Where the key stood: `property`, `name`, `itemprop`, `http-equiv`, or `element` for `<title>`, `<base>` and `<link>`.
    #[schema(value_type = String)]
    pub attribute: &'static str,
    /// The value, entities decoded once, ends trimmed (R13).
    pub content: String,
    /// Line in the source, from 1.
    pub line: u32,
    /// Column in that line, in characters, from 1.
    pub column: u32,
    /// Where a parser finds it.
    pub region: Region,
}

/// Where in the document a tag counts as standing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Region {
    /// Before `</head>` and `<body`.
    Head,
    /// Before `</head>` and `<body` in the source, but an HTML5 parser moves it out of the head.
    Displaced,
    /// After `</head>` or `<body`.
    Body,
}

/// Reads one page.
pub fn extract(document: &Document<'_>, settings: &Settings, kakao: &Kakao, rulebook: &Rulebook) -> Extraction {
    todo!()
}
