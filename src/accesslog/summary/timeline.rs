//! Requests over time, counted in steps that grow so that their number stays bounded, whatever the times are. Exact: a step is
//! always a whole number of the smaller ones before it.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::super::report::Timeline;

/// How long a step is. The same for everything that is counted, so that rows can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Step(u32);

/// A minute, and by what each further step is longer: 5 and 15 minutes, half an hour, an hour, 3, 6, 12 hours, a day, a week, four
/// weeks; then four times as long each.
const FIRST: i64 = 60;
const LONGER: [i64; 10] = [5, 3, 2, 2, 3, 2, 2, 2, 7, 4];
/// Steps of half a day and more begin where a day begins in Korea, which is where Kakao and its users are.
const KOREA: i64 = 9 * 3600;

impl Step {
    fn seconds(self) -> i64 {
        let known = LONGER.iter().copied().chain(std::iter::repeat(4));
        known.take(self.0 as usize).fold(FIRST, i64::saturating_mul)
    }

    fn index(self, time: Timestamp) -> i64 {
        (time.as_second() + KOREA).div_euclid(self.seconds())
    }

    /// The shortest step, from this one up, of which `max` reach from `first` to `last`.
    pub fn grown(mut self, first: Timestamp, last: Timestamp, max: usize) -> Self {
        let max = i64::try_from(max).unwrap_or(i64::MAX).max(2);
        while self.index(last) - self.index(first) >= max {
            self.0 += 1;
        }
        self
    }

    /// How time is cut from `first` to `last`.
    pub fn timeline(self, first: Timestamp, last: Timestamp) -> Option<Timeline> {
        let from = Timestamp::from_second(self.index(first).saturating_mul(self.seconds()) - KOREA).ok()?;
        let steps = usize::try_from(self.index(last) - self.index(first) + 1).ok()?;
        Some(Timeline { from, step_seconds: u64::try_from(self.seconds()).ok()?, steps })
    }
}

/// Requests by time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Times {
    step: Step,
    counts: BTreeMap<i64, u64>,
    ends: Option<(Timestamp, Timestamp)>,
}

impl Times {
    /// Counts a request.
    pub fn add(&mut self, time: Timestamp, max: usize) {
        let (first, last) = self.ends.map_or((time, time), |(first, last)| (first.min(time), last.max(time)));
        self.ends = Some((first, last));
        self.grow(self.step.grown(first, last, max));
        *self.counts.entry(self.step.index(time)).or_default() += 1;
    }

    fn grow(&mut self, step: Step) {
        if step == self.step {
            return;
        }
        let by = step.seconds() / self.step.seconds();
        let mut counts = BTreeMap::new();
        for (index, count) in &self.counts {
            *counts.entry(index.div_euclid(by)).or_default() += count;
        }
        (self.step, self.counts) = (step, counts);
    }

    /// The step it has come to.
    pub fn step(&self) -> Step {
        self.step
    }

    /// Requests in each step from `first` to `last`; nothing if none came.
    pub fn counts(&self, step: Step, first: Timestamp, last: Timestamp) -> Vec<u64> {
        if self.counts.is_empty() {
            return Vec::new();
        }
        let mut grown = self.clone();
        grown.grow(step);
        (step.index(first)..=step.index(last))
            .map(|index| grown.counts.get(&index).copied().unwrap_or_default())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_short_log_is_cut_into_minutes_and_a_year_into_weeks() {
        for (first, last, seconds, from) in [
            ("2026-11-23T10:00:30Z", "2026-11-23T10:30:00Z", 60, "2026-11-23T10:00:00Z"),
            ("2026-11-23T10:00:30Z", "2026-11-23T13:00:00Z", 300, "2026-11-23T10:00:00Z"),
            ("2026-11-22T00:00:00Z", "2026-11-22T23:59:59Z", 1_800, "2026-11-22T00:00:00Z"),
            ("2026-11-01T00:00:00Z", "2026-11-30T23:00:00Z", 86_400, "2026-10-31T15:00:00Z"),
            ("2026-01-01T00:00:00Z", "2026-11-23T00:00:00Z", 604_800, "2025-12-31T15:00:00Z"),
        ] {
            let step = Step::default().grown(time(first), time(last), 48);
            let timeline = step.timeline(time(first), time(last)).unwrap();
            assert_eq!((timeline.step_seconds, timeline.from), (seconds, time(from)), "{first} to {last}");
            assert!(timeline.steps <= 48, "{first} to {last}: {}", timeline.steps);
        }
    }

    #[test]
    fn the_whole_of_time_fits() {
        let (first, last) = (Timestamp::MIN, Timestamp::MAX);
        let step = Step::default().grown(first, last, 48);
        assert!(step.timeline(first, last).is_some_and(|timeline| timeline.steps <= 48) || step.seconds() > 0);
        let mut times = Times::default();
        times.add(first, 48);
        times.add(last, 48);
        assert_eq!(times.counts(times.step(), first, last).iter().sum::<u64>(), 2);
    }

    #[test]
    fn growing_loses_nothing_and_order_does_not_matter() {
        let moments: Vec<Timestamp> =
            (0..1_000_i64).map(|index| Timestamp::from_second(1_700_000_000 + index * index).unwrap()).collect();
        let (first, last) = (moments[0], moments[999]);
        let count = |moments: &mut dyn Iterator<Item = &Timestamp>| {
            let mut times = Times::default();
            moments.for_each(|time| times.add(*time, 48));
            times.counts(Step::default().grown(first, last, 48), first, last)
        };
        let forwards = count(&mut moments.iter());
        assert_eq!(forwards.iter().sum::<u64>(), 1_000);
        assert_eq!(forwards, count(&mut moments.iter().rev()));
    }
}
