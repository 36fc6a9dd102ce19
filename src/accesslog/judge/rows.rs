//! Rows of the report that carry sentences.

use super::counts::Counts;
use crate::{
    accesslog::{
        Origin, Summary,
        report::{OriginReport, Refused, Source},
    },
    finding::Text,
    words::Words,
};

/// Every origin with what it means.
pub fn origins(counts: &Counts, words: &Words) -> Vec<OriginReport> {
    let row = |(origin, requests, addresses): &(Origin, u64, u64)| OriginReport {
        origin: *origin,
        requests: *requests,
        addresses: *addresses,
        meaning: words.say("origin", word(*origin), &[]),
    };
    counts.origins.iter().map(row).collect()
}

fn word(origin: Origin) -> &'static str {
    match origin {
        Origin::Genuine => "genuine",
        Origin::Plausible => "plausible",
        Origin::UnverifiedCloud => "unverified-cloud",
        Origin::Hidden => "hidden",
        Origin::Forged => "forged",
    }
}

/// Who else used the name; addresses that turned out to be a proxy's are called so.
pub fn sources(summary: &Summary, counts: &Counts) -> Vec<Source> {
    let mut rows = summary.sources.rows(summary.max_rows());
    for row in &mut rows {
        if row.address.parse().is_ok_and(|address| counts.shared.addresses.contains(&address)) {
            row.origin = Origin::Hidden;
        }
    }
    rows
}

/// What was refused, with what that means.
pub fn refused(summary: &Summary, words: &Words) -> Vec<Refused> {
    let rows = summary.refused.rows(summary.max_rows()).into_iter();
    rows.map(|(path, status, tally)| Refused {
        path: path.to_owned(),
        status,
        requests: tally.requests,
        span: tally.span,
        address: tally.address.map(|address| address.to_string()).unwrap_or_default(),
        meaning: meaning(status, words),
    })
    .collect()
}

/// What a status means, and who answered it.
pub fn meaning(status: u16, words: &Words) -> Text {
    let code = format!("{status:03}");
    let class = if status >= 500 { "5xx" } else { "4xx" };
    words.say("status", if words.has("status", &code) { &code } else { class }, &[("status", &code)])
}
