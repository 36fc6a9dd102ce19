//! The findings there are, one row each, and the rulebook that words them.
//! The rows say code, R-rule, severity and confidence; the sentences live in `static/i18n/{ko,en}.toml`.
//! What makes a finding true is decided beside what it judges: `delivery` for the way to the page, `tags` for its source,
//! `image` for the files it names, `challenge`, `comparison` and `robots` for what the site keeps from Kakao's user agent,
//! `probe` for what shows only when several ask several times, `share` for what is kept elsewhere. `verdict` sums them up.

mod challenge;
mod comparison;
mod delivery;
mod evidence;
mod image;
mod login;
mod probe;
mod robots;
mod rulebook;
#[cfg(test)]
mod samples;
mod share;
mod table;
mod tags;
mod verdict;

pub use challenge::{Answer, Challenge, challenge, judge as judge_challenge};
pub use comparison::{ComparisonSubject, Wanted, decide as decide_comparisons, judge as judge_comparisons};
pub use delivery::{Delivery, judge as judge_delivery};
pub(crate) use evidence::thousands;
pub use image::{ImageSubject, judge as judge_images};
pub(crate) use login::led_to_login;
pub use probe::{
    Glimpse, ProbeSubject, Thresholds, differences, judge as judge_probe, median, notice, passage as judge_passage,
};
pub use robots::judge as judge_robots;
pub use rulebook::{Rulebook, RulebookError};
pub use share::{ShareSubject, judge as judge_share};
pub use table::{RULES, Rule, sort};
pub(crate) use tags::{Subject, judge as judge_tags};
pub use verdict::{Case, judge as judge_verdict};
