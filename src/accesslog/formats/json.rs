//! To come.
use super::registry::Flavour;
use crate::accesslog::Entry;
#[derive(Debug, Clone)]
pub(super) struct Reader;
impl Reader {
    pub fn new(_: Flavour) -> Self {
        Self
    }
    pub fn client(&mut self, _: &str) -> Result<(), Vec<String>> {
        Ok(())
    }
    pub fn read<'a>(&mut self, _line: &'a [u8], _strict: bool) -> Option<Entry<'a>> {
        None
    }
}
