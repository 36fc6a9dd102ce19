//! The report: what one scrape says, in the words of the API and of `--json`. Plain data; `scrape` fills it in.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    comparison::Comparison,
    extract::{Card, Tag},
    finding::Finding,
    image::ImageReport,
    page::{Blame, Hop, Page},
    verdict::Verdict,
};

/// What one scrape says. A site's failure is data: `outcome` names it, `blame` says whose it is.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Report {
    /// The URL as it was asked for, fragment included.
    pub requested_url: String,
    /// When the site answered.
    #[schema(value_type = String, format = DateTime)]
    pub scraped_at: Timestamp,
    /// The `User-Agent` that was sent.
    pub user_agent: String,
    /// `ok`, or the kebab-case code of the finding that says why not.
    pub outcome: String,
    /// Whose fault it is, when the outcome is not `ok`.
    pub blame: Option<Blame>,
    /// Every request and its answer, in order.
    pub hops: Vec<Hop>,
    /// The final page; `null` when none arrived.
    pub page: Option<Page>,
    /// The card KakaoTalk would make; `null` when it would make none.
    pub card: Option<Card>,
    /// Every tag that was looked at, in document order.
    pub tags: Vec<Tag>,
    /// The image a message would show: the first of `images`; `null` when the card has none, or it was not asked for.
    pub image: Option<ImageReport>,
    /// Every image of the card, in the card's order, measured.
    pub images: Vec<ImageReport>,
    /// What others were answered, where that explains something.
    pub comparisons: Vec<Comparison>,
    /// What is wrong or worth knowing, worst first.
    pub findings: Vec<Finding>,
    /// The answer in one line.
    pub verdict: Verdict,
    /// The address whose page gave the card, when `og:url` was followed (R20).
    pub followed_og_url: Option<String>,
    /// Where this report came from.
    pub cache: CacheState,
}

/// Where a report came from and how long it stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct CacheState {
    /// `miss`: fetched for this answer; `hit`: kept; `stale`: kept past its time, being refreshed; `bypass`: not cached.
    pub state: CacheUse,
    /// When the site was asked.
    #[schema(value_type = String, format = DateTime)]
    pub fetched_at: Timestamp,
    /// Until when the site is not asked again.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub fresh_until: Option<Timestamp>,
}

/// How the cache took part in an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CacheUse {
    /// Fetched for this answer.
    Miss,
    /// Kept from an earlier fetch; the site was not asked.
    Hit,
    /// Kept past its time; a refresh is under way, or the last one failed.
    Stale,
    /// The cache took no part.
    Bypass,
}
