//! To come.

use crate::accesslog::Entry;

pub(super) fn read(_line: &[u8]) -> Option<Entry<'_>> {
    None
}
