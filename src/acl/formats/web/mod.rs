//! What web server dialects share: conditions put together and simplified, and regular expressions over text and addresses.
//! No server's own syntax or order is known here.

pub mod address_pattern;
pub mod chains;
pub mod edit;
pub mod logic;
pub mod nfa;
pub mod pattern;
#[cfg(test)]
pub mod trial;
pub mod uri;
pub mod value;
