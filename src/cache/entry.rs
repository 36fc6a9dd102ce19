//! One kept value with its times. All arithmetic of freshness is here; nothing here waits or loads.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp};
use moka::Expiry;

use super::Settings;

/// What a load brought.
#[derive(Debug)]
pub struct Loaded<V> {
    /// The value.
    pub value: V,
    /// How long it is worth keeping.
    pub quality: Quality,
    /// Its size in memory, in bytes.
    pub weight: usize,
}

/// How long a value is worth keeping.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quality {
    /// As long as good values are.
    Good,
    /// As long as failures are.
    Failed,
    /// Not at all.
    Unkept,
}

/// A value with its times.
#[derive(Debug)]
pub struct Entry<V> {
    /// The value.
    pub value: V,
    /// When it was loaded.
    pub fetched_at: Timestamp,
    /// Until when it is served without asking again.
    pub fresh_until: Timestamp,
    pub(super) quality: Quality,
    pub(super) weight: u32,
    stale_until: Timestamp,
    error_until: Timestamp,
    /// After a refresh failed, the site is left alone until this time, in Unix milliseconds.
    quiet_until: AtomicI64,
}

impl<V> Entry<V> {
    pub(super) fn is_fresh(&self, now: Timestamp) -> bool {
        now < self.fresh_until
    }

    pub(super) fn may_be_served_stale(&self, now: Timestamp) -> bool {
        now < self.stale_until
    }

    /// True while the site is left alone because a refresh failed just now.
    pub(super) fn is_quiet(&self, now: Timestamp) -> bool {
        now.as_millisecond() < self.quiet_until.load(Ordering::Relaxed)
    }

    pub(super) fn stay_quiet_until(&self, until: Timestamp) {
        self.quiet_until.store(until.as_millisecond(), Ordering::Relaxed);
    }

    /// True for a good value that may still stand in for a failed load.
    pub(super) fn outlives_errors(&self, now: Timestamp) -> bool {
        self.quality == Quality::Good && now < self.error_until
    }
}

/// The times that apply to one cache.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    good: SignedDuration,
    failed: SignedDuration,
    while_revalidate: SignedDuration,
    if_error: SignedDuration,
    jitter_percent: u8,
}

impl Times {
    pub fn new(settings: &Settings, good_seconds: u32) -> Self {
        let seconds = |seconds: u32| SignedDuration::from_secs(i64::from(seconds));
        Self {
            good: seconds(good_seconds),
            failed: seconds(settings.failure_seconds),
            while_revalidate: seconds(settings.stale_while_revalidate_seconds),
            if_error: seconds(settings.stale_if_error_seconds),
            jitter_percent: settings.jitter_percent.min(100),
        }
    }

    /// Stamps what was loaded `now`.
    pub fn entry<V>(&self, loaded: Loaded<V>, now: Timestamp) -> Entry<V> {
        let fresh_for = match loaded.quality {
            Quality::Good => vary(self.good, self.jitter_percent, fastrand::f64()),
            Quality::Failed => vary(self.failed, self.jitter_percent, fastrand::f64()),
            Quality::Unkept => SignedDuration::ZERO,
        };
        let fresh_until = later(now, fresh_for);
        // A stale failure helps nobody: only good values have windows after their time.
        let (stale_until, error_until) = match loaded.quality {
            Quality::Good => (later(fresh_until, self.while_revalidate), later(fresh_until, self.if_error)),
            Quality::Failed | Quality::Unkept => (fresh_until, fresh_until),
        };
        Entry {
            value: loaded.value,
            fetched_at: now,
            fresh_until,
            quality: loaded.quality,
            weight: u32::try_from(loaded.weight).unwrap_or(u32::MAX),
            stale_until,
            error_until,
            quiet_until: AtomicI64::new(i64::MIN),
        }
    }
}

/// `time` longer or shorter by up to `percent`; `at` in 0..1 says where in that span.
fn vary(time: SignedDuration, percent: u8, at: f64) -> SignedDuration {
    let factor = 1.0 + (at * 2.0 - 1.0) * f64::from(percent) / 100.0;
    SignedDuration::try_from_secs_f64(time.as_secs_f64() * factor).unwrap_or(time)
}

fn later(from: Timestamp, by: SignedDuration) -> Timestamp {
    from.saturating_add(by).unwrap_or(Timestamp::MAX)
}

/// Tells moka how long to hold an entry: to the end of its last window.
pub(super) struct KeepFor;

impl KeepFor {
    fn remaining<V>(entry: &Entry<V>) -> Duration {
        let end = entry.stale_until.max(entry.error_until);
        Duration::try_from(end.duration_since(Timestamp::now())).unwrap_or_default()
    }
}

impl<K, V> Expiry<K, Arc<Entry<V>>> for KeepFor {
    fn expire_after_create(&self, _: &K, entry: &Arc<Entry<V>>, _: Instant) -> Option<Duration> {
        Some(Self::remaining(entry))
    }

    fn expire_after_update(&self, _: &K, entry: &Arc<Entry<V>>, _: Instant, _: Option<Duration>) -> Option<Duration> {
        Some(Self::remaining(entry))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(jitter_percent: u8) -> Times {
        let seconds = SignedDuration::from_secs;
        Times {
            good: seconds(3600),
            failed: seconds(60),
            while_revalidate: seconds(30),
            if_error: seconds(600),
            jitter_percent,
        }
    }

    fn entry(quality: Quality) -> Entry<()> {
        times(0).entry(Loaded { value: (), quality, weight: 1 }, Timestamp::UNIX_EPOCH)
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    #[test]
    fn a_good_value_is_fresh_then_stale_then_a_stand_in_then_gone() {
        let entry = entry(Quality::Good);
        for (second, fresh, stale, stands_in) in [
            (3599, true, true, true),
            (3600, false, true, true),
            (3629, false, true, true),
            (3630, false, false, true),
            (4199, false, false, true),
            (4200, false, false, false),
        ] {
            let now = at(second);
            assert_eq!(
                (entry.is_fresh(now), entry.may_be_served_stale(now), entry.outlives_errors(now)),
                (fresh, stale, stands_in),
                "second {second}"
            );
        }
    }

    #[test]
    fn a_failure_is_fresh_for_its_time_and_then_gone() {
        let entry = entry(Quality::Failed);
        assert!(entry.is_fresh(at(59)) && !entry.is_fresh(at(60)));
        assert!(!entry.may_be_served_stale(at(60)) && !entry.outlives_errors(at(59)));
    }

    #[test]
    fn a_site_is_left_alone_to_the_millisecond() {
        let entry = entry(Quality::Good);
        let until = Timestamp::from_millisecond(10_900).unwrap();
        entry.stay_quiet_until(until);
        assert!(entry.is_quiet(Timestamp::from_millisecond(10_899).unwrap()) && !entry.is_quiet(until));
    }

    #[test]
    fn jitter_stays_within_its_percentage() {
        let hour = SignedDuration::from_secs(3600);
        assert_eq!(vary(hour, 10, 0.0).as_secs(), 3240);
        assert_eq!(vary(hour, 10, 0.5).as_secs(), 3600);
        assert_eq!(vary(hour, 10, 1.0).as_secs(), 3960);
        assert_eq!(vary(hour, 0, 0.9).as_secs(), 3600);
    }
}
