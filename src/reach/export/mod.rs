//! The report for whoever must act on it, as one document: who was asked for, when, the verdict, what shows it, what to do, and what
//! was not proved. What stands in it is `sheet`'s; how it looks is each format's.

mod html;
mod markdown;
mod sheet;

use self::sheet::Sheet;
use super::report::ReachReport;
use crate::{language::Language, words::Words};

/// Markdown as GitHub reads it.
pub fn markdown(report: &ReachReport, language: Language, words: &Words) -> String {
    markdown::write(&Sheet::of(report, language, words))
}

/// One HTML file that needs nothing else: no script, no font, no picture. Fit for printing.
pub fn html(report: &ReachReport, language: Language, words: &Words) -> String {
    html::write(&Sheet::of(report, language, words))
}
