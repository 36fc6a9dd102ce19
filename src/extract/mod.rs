//! From the bytes of a page to the card KakaoTalk would make of it. Never fails and never panics, for any bytes.
//! It does not fetch anything and knows no clock.
//!
//! The life of one page:
//! 1. `charset` turns the bytes into text and says who named the encoding (R8).
//! 2. `head` finds the end of the source's head and what in it could close it early.
//! 3. `meta` makes one streaming pass over the text and keeps every tag of interest with its place (R10, R11, R13).
//! 4. `tree` is asked for a second opinion, only if `head` suspects something: an HTML5 tree shows which tags a
//!    browser-like parser moves out of `<head>` (those become `displaced`). `reading` puts both together.
//! 5. `compose` and `image` apply the rules: fallbacks, cuts, url, image candidates (R14 to R24).
//!
//! What is wrong with the page is not said here: `rules` judges what this module found.

mod address;
mod body_image;
mod card;
mod charset;
mod compose;
mod ends;
mod head;
mod image;
mod meta;
mod position;
mod prescan;
mod reading;
mod scan;
mod tree;
mod value;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;

pub(crate) use address::{absolute, is_same_page};
pub use card::{Candidate, Candidates, Card, CardImage, Source, Sources};
pub use charset::{Charset, CharsetSource, Declared};
pub use compose::EFFECTIVE_URL;
pub(crate) use compose::{Composed, counts, first, is};
pub(crate) use image::{Fault, declared_size};
pub(crate) use reading::{Ask, Reading};
pub(crate) use value::{cut, still_encoded};

use crate::kakao;

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
    /// Lines of a page's source that are kept to be shown; a longer source is shown around its tags.
    pub source_lines: usize,
    /// Characters of one line that are kept.
    pub source_characters: usize,
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
pub struct Extraction<'a> {
    /// The page's text.
    pub text: Cow<'a, str>,
    /// How the bytes were read.
    pub charset: Charset,
    pub(crate) reading: Reading,
    pub(crate) composed: Composed,
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
    /// Length of the value in bytes; more than `content` has if it was cut to what is kept.
    pub bytes: usize,
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
pub fn extract<'a>(document: &Document<'a>, settings: &Settings, limits: &kakao::Limits) -> Extraction<'a> {
    let reach = charset::Limits { prescan_bytes: settings.prescan_bytes, detect_bytes: settings.detect_bytes };
    let tld = document.url.domain().and_then(|domain| domain.rsplit('.').find(|label| !label.is_empty()));
    let decoded = charset::decode(document.bytes, document.content_type, tld, &reach);
    let small = limits.body_image_pixels.value;
    let reading = reading::read(&decoded.text, small, settings, Ask::WhenSuspicious);
    let composed = compose::compose(&reading, document.url, settings, limits);
    Extraction { text: decoded.text, charset: decoded.charset, reading, composed }
}
