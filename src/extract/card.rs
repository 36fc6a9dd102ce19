//! The card: which values KakaoTalk would take from the tags, and why each (R14 to R24).

use serde::Serialize;
use utoipa::ToSchema;

/// The card KakaoTalk would make.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub struct Card {
    /// R18.
    pub url: String,
    /// R19: host of the effective URL.
    pub host: String,
    /// R14.
    pub title: String,
    /// R15, R16.
    pub description: String,
    /// R17.
    pub r#type: String,
    /// `og:site_name`, passed through (R21).
    pub site_name: Option<String>,
    /// `article:section`.
    pub section: Option<String>,
    /// `video:duration` / `og:video:duration`, in seconds.
    pub duration: Option<u64>,
    /// At most three, the first is the one shown (R22).
    pub images: Vec<CardImage>,
    /// Every value that was considered, per field.
    pub candidates: Candidates,
    /// Where each chosen value is from.
    pub sources: Sources,
}

/// One image candidate.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CardImage {
    /// Absolute URL.
    pub url: String,
    /// `og:image`, `og:image:url`, `twitter:image`, `twitter:image:src` or `img`.
    pub source: String,
    /// Line in the source, from 1.
    pub line: u32,
    /// Column in that line, in characters, from 1.
    pub column: u32,
}

/// Every value that was considered, per field.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub struct Candidates {
    /// For the title.
    pub title: Vec<Candidate>,
    /// For the description.
    pub description: Vec<Candidate>,
    /// For the url.
    pub url: Vec<Candidate>,
    /// For the images.
    pub images: Vec<Candidate>,
}

/// One value that was considered.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Candidate {
    /// The value.
    pub value: String,
    /// The tag it stood in; `effective-url` for the page's own address.
    pub from: String,
    /// Line in the source, from 1; `null` if it is not from the source.
    pub line: Option<u32>,
    /// Column in that line, in characters, from 1.
    pub column: Option<u32>,
    /// True if the card uses it.
    pub used: bool,
    /// Why it is used, or why not.
    #[schema(value_type = String)]
    pub why: std::borrow::Cow<'static, str>,
}

/// Where each chosen value is from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub struct Sources {
    /// Of the title.
    pub title: Option<Source>,
    /// Of the description.
    pub description: Option<Source>,
    /// Of the url.
    pub url: Option<Source>,
    /// Of the shown image.
    pub image: Option<Source>,
    /// Of the type.
    pub r#type: Option<Source>,
}

/// Where a chosen value is from, and by which rule.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Source {
    /// The R-rule.
    #[schema(value_type = String)]
    pub rule: &'static str,
    /// The tag; `effective-url` for the page's own address.
    pub from: String,
    /// Line in the source, from 1; `null` if it is not from the source.
    pub line: Option<u32>,
    /// Column in that line, in characters, from 1.
    pub column: Option<u32>,
}
