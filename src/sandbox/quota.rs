//! Quotas: what an app may do a day and a month (Kakao Developers, getting started, quota), what is left of it, and what a call
//! costs. How counting survives is `counters`'.
//!
//! What counts is not documented; this is what is counted here: each call of the Share template API that is answered with 200, and
//! each of the Message API likewise; a message to friends also counts for its sender, its receivers, and each pair of them.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use super::{
    KapiError, QuotaSettings,
    counters::{Counter, Counters},
    period::{self, Period},
};

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// A call of the Share API.
    Share,
    /// A call of the Message API.
    Message,
    /// Any other call, such as those about images: no quota of a day is known for them.
    Other,
}

/// What is left of an app's quotas.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct QuotaReport {
    /// The app's id.
    pub app: i64,
    /// The day in Korea.
    #[schema(example = "2026-11-23")]
    pub day: String,
    /// The month in Korea.
    #[schema(example = "2026-11")]
    pub month: String,
    /// When the day's counters begin anew: midnight in Korea.
    #[schema(value_type = String, format = DateTime)]
    pub resets_at: Timestamp,
    /// When the month's counter begins anew.
    #[schema(value_type = String, format = DateTime)]
    pub month_resets_at: Timestamp,
    /// The counters.
    pub items: Vec<QuotaItem>,
}

/// One counter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct QuotaItem {
    /// `share-daily`, `message-daily`, `monthly`.
    pub name: &'static str,
    /// Uses so far.
    pub used: u64,
    /// Uses that are allowed.
    pub limit: u64,
    /// Uses that are left.
    pub left: u64,
}

/// Why a message to a friend is not sent: which quota of people's it would exceed (-532).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeopleLimit {
    /// The sender's.
    Sender,
    /// The receiver's.
    Receiver,
    /// Of this sender to this receiver.
    Pair,
}

/// The quotas of all apps. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Quota {
    settings: QuotaSettings,
    counters: Arc<Counters>,
}

impl Quota {
    /// Quotas that count in `counters`.
    pub fn new(settings: QuotaSettings, counters: Counters) -> Self {
        Self { settings, counters: Arc::new(counters) }
    }

    /// Whether there is room for one more call. Asked before the work is done; blocking.
    pub fn has_room(&self, app: i64, what: Use, now: Timestamp) -> Result<(), KapiError> {
        let full = self.wanted(app, what, now).iter().any(|(counter, limit)| self.counters.used(counter) >= *limit);
        if full { Err(KapiError::quota()) } else { Ok(()) }
    }

    /// Counts one call, or says that there is no room for it; blocking.
    pub fn spend(&self, app: i64, what: Use, now: Timestamp) -> Result<(), KapiError> {
        self.counters.spend(&self.wanted(app, what, now), now).map_err(|_full| KapiError::quota())
    }

    /// Counts one message of a person to another, or says whose quota has no room; blocking.
    pub fn spend_people(&self, app: i64, sender: &str, receiver: &str, now: Timestamp) -> Result<(), PeopleLimit> {
        let counter = |name: String| Counter { app, period: Period::day(now), name };
        let wanted = [
            (counter(format!("sender-{}", short_hash(&[sender]))), self.settings.message_sender_daily),
            (counter(format!("receiver-{}", short_hash(&[receiver]))), self.settings.message_receiver_daily),
            (counter(format!("pair-{}", short_hash(&[sender, receiver]))), self.settings.message_pair_daily),
        ];
        self.counters.spend(&wanted, now).map_err(|full| match full {
            0 => PeopleLimit::Sender,
            1 => PeopleLimit::Receiver,
            _ => PeopleLimit::Pair,
        })
    }

    /// What is left; blocking.
    pub fn report(&self, app: i64, now: Timestamp) -> QuotaReport {
        let item = |name, counter: &Counter, limit: u64| {
            let used = self.counters.used(counter).min(limit);
            QuotaItem { name, used, limit, left: limit - used }
        };
        let [share, month] = self.wanted(app, Use::Share, now);
        let [message, _] = self.wanted(app, Use::Message, now);
        QuotaReport {
            app,
            day: Period::day(now).to_string(),
            month: Period::month(now).to_string(),
            resets_at: period::day_ends(now),
            month_resets_at: period::month_ends(now),
            items: vec![
                item("share-daily", &share.0, share.1),
                item("message-daily", &message.0, message.1),
                item("monthly", &month.0, month.1),
            ],
        }
    }

    fn wanted(&self, app: i64, what: Use, now: Timestamp) -> [(Counter, u64); 2] {
        let (name, limit) = match what {
            Use::Share => ("share", self.settings.share_daily),
            Use::Message => ("message", self.settings.message_daily),
            Use::Other => ("other", self.settings.monthly),
        };
        [
            (Counter { app, period: Period::day(now), name: name.to_owned() }, limit),
            (Counter { app, period: Period::month(now), name: "all".to_owned() }, self.settings.monthly),
        ]
    }
}

/// A name for a file that nobody can choose.
fn short_hash(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    data_encoding::HEXLOWER.encode(hash.finalize().get(..12).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quota() -> Quota {
        let settings = QuotaSettings {
            share_daily: 2,
            message_daily: 2,
            message_sender_daily: 3,
            message_receiver_daily: 2,
            message_pair_daily: 1,
            monthly: 3,
        };
        Quota::new(settings, Counters::default())
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn one_call_more_than_allowed_is_minus_ten_until_midnight_in_korea() {
        let (quota, day) = (quota(), at("2026-11-23T14:59:59Z"));
        assert_eq!(quota.spend(1, Use::Share, day), Ok(()));
        assert_eq!(quota.spend(1, Use::Share, day), Ok(()));
        let refused = quota.spend(1, Use::Share, day).unwrap_err();
        assert_eq!((refused.code, refused.msg.as_str()), (-10, "API limit has been exceeded."));
        assert_eq!(quota.spend(2, Use::Share, day), Ok(()), "another app has its own");
        assert_eq!(quota.spend(1, Use::Share, at("2026-11-23T15:00:00Z")), Ok(()));
    }

    #[test]
    fn the_month_holds_for_all_kinds_of_calls() {
        let (quota, day) = (quota(), at("2026-11-23T00:00:00Z"));
        for what in [Use::Share, Use::Message, Use::Share] {
            assert_eq!(quota.spend(1, what, day), Ok(()));
        }
        assert!(quota.spend(1, Use::Message, day).is_err());
        assert!(quota.has_room(1, Use::Message, at("2026-11-30T14:59:59Z")).is_err());
        assert_eq!(quota.has_room(1, Use::Message, at("2026-11-30T15:00:00Z")), Ok(()));
    }

    #[test]
    fn people_have_quotas_of_their_own() {
        let (quota, day) = (quota(), at("2026-11-23T00:00:00Z"));
        assert_eq!(quota.spend_people(1, "a", "b", day), Ok(()));
        assert_eq!(quota.spend_people(1, "a", "b", day), Err(PeopleLimit::Pair));
        assert_eq!(quota.spend_people(1, "c", "b", day), Ok(()));
        assert_eq!(quota.spend_people(1, "d", "b", day), Err(PeopleLimit::Receiver));
        assert_eq!(quota.spend_people(1, "a", "c", day), Ok(()));
        assert_eq!(quota.spend_people(1, "a", "d", day), Ok(()));
        assert_eq!(quota.spend_people(1, "a", "e", day), Err(PeopleLimit::Sender));
    }

    #[test]
    fn the_report_says_what_is_left_and_when_it_begins_anew() {
        let (quota, day) = (quota(), at("2026-11-23T00:00:00Z"));
        quota.spend(7, Use::Share, day).unwrap();
        let report = quota.report(7, day);
        assert_eq!((report.day.as_str(), report.month.as_str()), ("2026-11-23", "2026-11"));
        assert_eq!(report.resets_at, at("2026-11-23T15:00:00Z"));
        let items: Vec<_> = report.items.iter().map(|item| (item.name, item.used, item.left)).collect();
        assert_eq!(items, [("share-daily", 1, 1), ("message-daily", 0, 2), ("monthly", 1, 2)]);
    }
}
