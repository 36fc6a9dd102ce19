//! The report for people.
use super::style::Screen;
use crate::{offline::ExtractReport, report::Report};
/// x
pub(super) fn render(report: &Report, _screen: &Screen) -> String {
    format!("{report:#?}\n")
}
/// x
pub(super) fn render_extract(report: &ExtractReport, _screen: &Screen) -> String {
    format!("{report:#?}\n")
}
