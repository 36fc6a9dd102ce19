//! To come.
use super::{Entry, FormatError, field::fill::Means, formats::Language};
#[derive(Debug, Clone)]
pub(super) struct Template;
impl Template {
    pub fn parse(_: &str) -> Result<(Self, Language), FormatError> {
        Ok((Self, Language::Nginx))
    }
    pub fn ingress() -> Result<Self, FormatError> {
        Ok(Self)
    }
    pub fn client(&mut self, _: &str) -> Result<(), Vec<String>> {
        Ok(())
    }
    pub fn names(&self, _: &Means) -> bool {
        true
    }
    pub fn read<'a>(&mut self, _line: &'a [u8]) -> Option<Entry<'a>> {
        None
    }
}
