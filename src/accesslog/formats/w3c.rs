//! To come.
use super::registry::Columns;
use crate::accesslog::Line;
#[derive(Debug, Clone)]
pub(super) struct Reader;
impl Reader {
    pub fn new(_: Columns) -> Self {
        Self
    }
    pub fn client(&mut self, _: &str) -> Result<(), Vec<String>> {
        Ok(())
    }
    pub fn read<'a>(&mut self, _line: &'a [u8]) -> Line<'a> {
        Line::Unreadable
    }
}
