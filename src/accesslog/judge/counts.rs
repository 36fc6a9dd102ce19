//! The few numbers on which verdict and findings depend.

use super::{Circumstances, proxies::Shared};
use crate::accesslog::{Origin, Outcome, Summary, outcome};

/// The few numbers.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    /// Requests that may be Kakao's.
    pub may_be: u64,
    /// From rented servers of Kakao Enterprise.
    pub cloud: u64,
    /// From proxies that do not say for whom.
    pub hidden: u64,
    /// From anywhere else.
    pub forged: u64,
    /// Addresses that turned out to be a proxy's.
    pub shared: Shared,
    /// May-be-Kakao's that got an answer to work with.
    pub got: u64,
    /// ... that were stopped.
    pub stopped: u64,
    /// ... that asked for what is not there.
    pub missing: u64,
    /// Different addresses by origin, in the order of `Origin`.
    pub origins: Vec<(Origin, u64, u64)>,
    /// Whether every file that was read names user agents.
    pub names_agent: bool,
    /// Whether no request of anybody could be read.
    pub nothing_read: bool,
    /// Whether all addresses that were looked at are private, in logs that name no user agent.
    pub private: bool,
    /// Lines about the scraper that could not be read.
    pub unreadable: u64,
}

impl Counts {
    pub(super) fn of(summary: &Summary, circumstances: &Circumstances<'_>, shared: Shared) -> Self {
        let of = |wanted: Outcome| {
            summary.answered(|_, status| outcome(status) == wanted).map(|(_, alike)| alike.requests).sum()
        };
        let moved = |origin| {
            let count = summary.count(origin);
            let addresses = u64::try_from(shared.addresses.len()).unwrap_or_default();
            match origin {
                Origin::Hidden => (origin, count.requests + shared.requests, count.addresses + addresses),
                Origin::Forged => {
                    (origin, count.requests.saturating_sub(shared.requests), count.addresses.saturating_sub(addresses))
                }
                Origin::Genuine | Origin::Plausible | Origin::UnverifiedCloud => {
                    (origin, count.requests, count.addresses)
                }
            }
        };
        let origins: Vec<_> = ORIGINS.into_iter().map(moved).collect();
        let requests = |wanted: Origin| {
            origins.iter().find(|(origin, ..)| *origin == wanted).map_or(0, |(_, requests, _)| *requests)
        };
        let files = circumstances.files;
        let names_agent = files.iter().all(|file| file.names_agent);
        Self {
            may_be: summary.may_be_kakao(),
            cloud: requests(Origin::UnverifiedCloud),
            hidden: requests(Origin::Hidden),
            forged: requests(Origin::Forged),
            got: of(Outcome::Got),
            stopped: of(Outcome::Stopped),
            missing: of(Outcome::Missing),
            names_agent,
            nothing_read: summary.requests() == 0 && summary.elsewhere.requests == 0,
            private: !names_agent && summary.elsewhere.only_private(),
            unreadable: files.iter().map(|file| file.unreadable).sum(),
            origins,
            shared,
        }
    }

    /// Whether the log hides who asked.
    pub fn is_hidden(&self) -> bool {
        self.hidden > 0 || self.private
    }

    /// What headlines name.
    pub fn values(&self) -> Vec<(&'static str, String)> {
        vec![
            ("requests", grouped(self.may_be)),
            ("got", grouped(self.got)),
            ("stopped", grouped(self.stopped)),
            ("missing", grouped(self.missing)),
            ("forged", grouped(self.forged + self.cloud)),
            ("hidden", grouped(self.hidden)),
        ]
    }
}

/// Every origin, most trusted first.
pub const ORIGINS: [Origin; 5] =
    [Origin::Genuine, Origin::Plausible, Origin::UnverifiedCloud, Origin::Hidden, Origin::Forged];

/// A number with its thousands apart.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
