//! The formats of access logs, as they are listed for people and over HTTP.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{accesslog::FORMATS, finding::Text};

/// A format, as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LogFormatReport {
    /// What it is called on the command line and in the API.
    pub name: &'static str,
    /// What it is called by people.
    pub title: &'static str,
    /// The directive or the place such a log comes from.
    pub from: &'static str,
    /// What such a log does not tell.
    pub cannot: Vec<Text>,
}

/// Every format.
pub fn formats() -> Vec<LogFormatReport> {
    FORMATS
        .iter()
        .map(|format| LogFormatReport {
            name: format.name,
            title: format.title,
            from: format.from,
            cannot: format
                .cannot
                .iter()
                .map(|cannot| Text { ko: cannot.ko.to_owned(), en: cannot.en.to_owned() })
                .collect(),
        })
        .collect()
}
