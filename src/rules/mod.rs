//! The findings there are, one row each, and the rulebook that words them.
//! The rows say code, R-rule, severity and confidence; the sentences live in `static/i18n/{ko,en}.toml`.
//! What makes a finding true is decided beside what it judges: `tags` for the page's source, `delivery` for the way to it.

mod delivery;
mod rulebook;
mod table;
mod tags;

pub use delivery::{Delivery, judge as judge_delivery};
pub use rulebook::{Rulebook, RulebookError};
pub use table::{RULES, Rule, sort};
pub(crate) use tags::{Subject, judge as judge_tags};
