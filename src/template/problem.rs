//! What a check of a template says: every problem at once, each with its place, its reason and its remedy. Which problems there are
//! is said by the rule table of the check.

use serde::Serialize;
use utoipa::ToSchema;

use super::object::ObjectType;
use crate::finding::{Confidence, Severity, Text};

/// One thing that is wrong with a template, or worth knowing.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Problem {
    /// Stable kebab-case name of the rule, such as `field-required`, `buttons-too-many`, `text-too-long`.
    pub code: &'static str,
    /// Where, as a path in the template: `content.link`, `contents[1].title`, `buttons[0].link.web_url`; empty for the whole.
    pub path: String,
    /// `error`: Kakao refuses the message or part of it is lost; `warning`: it may look wrong; `info`: worth knowing.
    pub severity: Severity,
    /// What is the matter.
    pub message: Text,
    /// What to do.
    pub advice: Text,
    /// How well the rule is known.
    pub confidence: Confidence,
    /// Where the rule is from: a page of Kakao's or a file of its SDKs.
    pub source: &'static str,
    /// The measured value, where the rule is a limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measured: Option<u64>,
    /// The limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// Line in the text that was given, from 1, where a text was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Column in that line, in characters, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
}

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub struct Check {
    /// True if no problem is an error.
    pub ok: bool,
    /// The type, where it can be told.
    pub object_type: Option<ObjectType>,
    /// All problems, in the order of their places.
    pub problems: Vec<Problem>,
    /// The size against the limits of Kakao's SDKs.
    pub size: Size,
    /// Names of the arguments `${NAME}` that a caller gives, in the order of their first use (custom templates).
    pub arguments: Vec<String>,
    /// Names of the arguments that Kakao fills from a scraped page (`SCRAP_…`), in the same order.
    pub scrap_arguments: Vec<String>,
}

/// How large a template is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TemplateSize)]
pub struct Size {
    /// Bytes of its compact JSON; the native SDKs take less than 10,240.
    pub bytes: usize,
    /// Characters (UTF-16 units, as JavaScript counts) of its compact JSON; the JavaScript SDK takes 10,000.
    pub characters: usize,
}
