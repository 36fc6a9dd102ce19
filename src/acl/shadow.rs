//! Lines that can never decide: those that an earlier line of the same chain covers whole, and those that match nothing.
//! Conservative: a line is named only where it is certain.

use super::{Layer, report::Shadowed, words::Words};

/// The dead lines of a layer.
pub fn report(_layer: &Layer, _words: &Words) -> Vec<Shadowed> {
    Vec::new()
}
