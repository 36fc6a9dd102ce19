//! How two askers' answers differ. Pages change by themselves, so only what differs in every run counts.

use url::Url;

use super::detour::{self, Detour};

/// One run as it was seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Glimpse {
    /// `ok`, a delivery code, or `challenge-page`, `blocked-page`, `login-redirect` where another page came.
    pub outcome: String,
    /// Why, in one line.
    pub evidence: Option<String>,
    /// The status.
    pub status: Option<u16>,
    /// The URL after the last redirect.
    pub url: String,
    /// Media type without parameters.
    pub content_type: Option<String>,
    /// Decoded bytes.
    pub bytes: Option<u64>,
    /// A page's title.
    pub title: Option<String>,
    /// A page's main image.
    pub image: Option<String>,
    /// Whose challenge page came instead.
    pub challenge: Option<String>,
    /// The sentence of a page that says no.
    pub notice: Option<String>,
    /// Milliseconds to the first byte.
    pub first_byte_ms: Option<u64>,
    /// Milliseconds in all.
    pub total_ms: u64,
    /// Who answered.
    pub address: Option<String>,
}

/// How `theirs` differ from those of a browser, in the words of a visit's `differs`.
pub fn differences(theirs: &[Glimpse], browsers: &[Glimpse], slower_ms: u64) -> Vec<&'static str> {
    if theirs.is_empty() || browsers.is_empty() {
        return Vec::new();
    }
    let apart = |pick: &dyn Fn(&Glimpse) -> Option<String>| {
        let of = |glimpses: &[Glimpse]| glimpses.iter().map(pick).collect::<Vec<_>>();
        let (theirs, browsers) = (of(theirs), of(browsers));
        !theirs.iter().any(|one| browsers.contains(one))
    };
    let good = |glimpses: &[Glimpse]| glimpses.iter().filter(|one| one.outcome == "ok").cloned().collect::<Vec<_>>();
    let (our_good, good_browsers) = (good(theirs), good(browsers));
    let both_good = !our_good.is_empty() && !good_browsers.is_empty();
    let body = |pick: fn(&Glimpse) -> Option<&str>| {
        both_good && !our_good.iter().any(|one| good_browsers.iter().any(|other| pick(one) == pick(other)))
    };
    let way = detour::of(last_url(theirs), last_url(browsers));
    let found = [
        ("status", apart(&|one| Some(one.status.map_or_else(|| one.outcome.clone(), |status| status.to_string())))),
        ("redirect", apart(&|one| Some(place(&one.url)))),
        ("body", body(|one| one.title.as_deref()) || body(|one| one.image.as_deref())),
        ("type", both_good && apart(&|one| one.content_type.clone())),
        ("slower", both_good && slower(&our_good, &good_browsers, slower_ms)),
        ("challenge", apart(&|one| Some(one.challenge.is_some().to_string()))),
        ("geo", way == Some(Detour::Geo)),
    ];
    found.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
}

/// The one in the middle; of an even number the lower.
pub fn median(mut values: Vec<u64>) -> Option<u64> {
    values.sort_unstable();
    values.get(values.len().checked_sub(1)? / 2).copied()
}

/// Twice as long, and by more than what chance makes.
fn slower(theirs: &[Glimpse], browsers: &[Glimpse], slower_ms: u64) -> bool {
    let middle = |glimpses: &[Glimpse]| median(glimpses.iter().map(|one| one.total_ms).collect()).unwrap_or_default();
    let (theirs, browsers) = (middle(theirs), middle(browsers));
    theirs > browsers.saturating_mul(2) && theirs - browsers > slower_ms
}

/// Host and path: a query often carries what is new each time.
fn place(url: &str) -> String {
    Url::parse(url)
        .map_or_else(|_| url.to_owned(), |url| format!("{}{}", url.host_str().unwrap_or_default(), url.path()))
}

fn last_url(glimpses: &[Glimpse]) -> &str {
    glimpses.last().map_or("", |one| one.url.as_str())
}
