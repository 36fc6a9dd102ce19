//! The same share as source code: JavaScript, Kotlin for Android, Swift for iOS, Dart for Flutter, and a REST call. Not whether it is
//! a good message: that is the check's.
//!
//! A share is first written as a tree of named constructors (`tree`), which are alike in all SDKs; each language then prints the tree
//! in its own way.

mod call;
mod dart;
mod javascript;
mod kotlin;
mod print;
mod quote;
mod rest;
mod swift;
mod tree;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{arguments::Arguments, object::TemplateObject};

/// The language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// The JavaScript SDK.
    JavaScript,
    /// The Android SDK, in Kotlin.
    Android,
    /// The iOS SDK, in Swift.
    Ios,
    /// The Flutter SDK, in Dart.
    Flutter,
    /// curl to the Message API.
    Rest,
}

impl Target {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::JavaScript, Self::Android, Self::Ios, Self::Flutter, Self::Rest];

    /// The word of the API and the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::JavaScript => "javascript",
            Self::Android => "android",
            Self::Ios => "ios",
            Self::Flutter => "flutter",
            Self::Rest => "rest",
        }
    }

    /// The language's name, as highlighters know it.
    pub fn language(self) -> &'static str {
        match self {
            Self::JavaScript => "javascript",
            Self::Android => "kotlin",
            Self::Ios => "swift",
            Self::Flutter => "dart",
            Self::Rest => "bash",
        }
    }
}

/// What is shared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Share<'a> {
    /// A default template.
    Default(&'a TemplateObject),
    /// A custom template.
    Custom {
        /// `template_id`.
        template_id: i64,
        /// `template_args`.
        arguments: &'a Arguments,
    },
    /// A page, in Kakao's own template or a custom one.
    Scrap {
        /// `request_url`.
        request_url: &'a str,
        /// `template_id`.
        template_id: Option<i64>,
        /// `template_args`.
        arguments: &'a Arguments,
    },
}

/// What the code is to do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CodeInput<'a> {
    /// What is shared.
    pub share: Share<'a>,
    /// What the webhook is to be given back; `serverCallbackArgs`.
    pub callback_args: &'a Arguments,
}

/// The source code. Keys and tokens are placeholders (`${YOUR_JAVASCRIPT_KEY}`) for the developer to fill in.
pub fn code(input: &CodeInput, target: Target) -> String {
    match target {
        Target::JavaScript => javascript::code(input),
        Target::Android => kotlin::code(input),
        Target::Ios => swift::code(input),
        Target::Flutter => dart::code(input),
        Target::Rest => rest::code(input),
    }
}

/// What is to be said about the code: codes of `[code.*]` in `template.toml`.
pub fn notes(input: &CodeInput, target: Target) -> Vec<&'static str> {
    let mut notes = Vec::new();
    match target {
        Target::Rest => {
            notes.push("rest-is-message");
            if !input.callback_args.is_empty() {
                notes.push("rest-without-callback");
            }
        }
        Target::JavaScript => notes.push("javascript-key"),
        Target::Android | Target::Flutter => notes.push("native-key"),
        Target::Ios => notes.extend(["native-key", "ios-scheme"]),
    }
    if matches!(input.share, Share::Scrap { .. }) {
        notes.push("scrap-domain");
    }
    notes
}
