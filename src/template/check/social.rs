//! Social counts: at most three are shown, in Kakao's order.

use super::judge::{Fields, Judge, given};

/// The order in which Kakao shows them.
const ORDER: [&str; 5] = ["like_count", "comment_count", "shared_count", "view_count", "subscriber_count"];
const SHOWN: usize = 3;

/// `social`.
pub(super) fn counts(judge: &mut Judge<'_>, path: &str, fields: &Fields) {
    let there: Vec<_> = ORDER.into_iter().filter(|name| given(fields, name).is_some()).collect();
    if let Some((shown, hidden)) = there.split_at_checked(SHOWN).filter(|(_, hidden)| !hidden.is_empty()) {
        let (shown, hidden) = (shown.join(", "), hidden.join(", "));
        judge.measure("social-too-many", path, there.len(), SHOWN, &[("shown", &shown), ("hidden", &hidden)]);
    }
}
