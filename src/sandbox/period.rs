//! Days and months as Kakao counts them: Korean ones (UTC+9, no daylight saving). Pure: a moment in, a day out.

use std::fmt;

use jiff::{
    Timestamp, ToSpan as _,
    civil::Date,
    tz::{self, TimeZone},
};

/// The Korean day of a moment.
pub fn day(now: Timestamp) -> Date {
    now.to_zoned(korea()).date()
}

/// When the Korean day of a moment is over.
pub fn day_ends(now: Timestamp) -> Timestamp {
    midnight(day(now).tomorrow().unwrap_or(Date::MAX))
}

/// When the Korean month of a moment is over.
pub fn month_ends(now: Timestamp) -> Timestamp {
    midnight(day(now).first_of_month().checked_add(1.month()).unwrap_or(Date::MAX))
}

/// What a counter counts for. Its text is the name of a folder, and sorts by time within its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Period {
    /// A day.
    Day(Date),
    /// A month: its first day.
    Month(Date),
}

impl Period {
    /// The day of a moment.
    pub fn day(now: Timestamp) -> Self {
        Self::Day(day(now))
    }

    /// The month of a moment.
    pub fn month(now: Timestamp) -> Self {
        Self::Month(day(now).first_of_month())
    }

    /// Reads what [`fmt::Display`] writes; `None` for everything else.
    pub fn parse(text: &str) -> Option<Self> {
        let period = match text.len() {
            10 => Self::Day(text.parse().ok()?),
            7 => Self::Month(format!("{text}-01").parse().ok()?),
            _ => return None,
        };
        (period.to_string() == text).then_some(period)
    }

    /// Whether it was over before `now` began to be.
    pub fn is_over(self, now: Timestamp) -> bool {
        match self {
            Self::Day(date) => date < day(now),
            Self::Month(first) => first < day(now).first_of_month(),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(date) => write!(formatter, "{date}"),
            Self::Month(first) => write!(formatter, "{:04}-{:02}", first.year(), first.month()),
        }
    }
}

fn korea() -> TimeZone {
    TimeZone::fixed(tz::offset(9))
}

fn midnight(date: Date) -> Timestamp {
    date.to_zoned(korea()).map_or(Timestamp::MAX, |zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_korean_day_begins_at_fifteen_oclock_in_greenwich() {
        assert_eq!(Period::day(at("2026-11-23T14:59:59Z")).to_string(), "2026-11-23");
        assert_eq!(Period::day(at("2026-11-23T15:00:00Z")).to_string(), "2026-11-24");
        assert_eq!(day_ends(at("2026-11-23T14:59:59Z")), at("2026-11-23T15:00:00Z"));
        assert_eq!(day_ends(at("2026-11-23T15:00:00Z")), at("2026-11-24T15:00:00Z"));
    }

    #[test]
    fn a_korean_month_ends_with_its_last_day() {
        assert_eq!(Period::month(at("2026-12-31T14:59:59Z")).to_string(), "2026-12");
        assert_eq!(Period::month(at("2026-12-31T15:00:00Z")).to_string(), "2027-01");
        assert_eq!(month_ends(at("2028-02-01T00:00:00Z")), at("2028-02-29T15:00:00Z"));
    }

    #[test]
    fn there_is_no_hour_too_many_or_too_few_when_others_change_their_clocks() {
        for moment in ["2026-03-29T00:59:59Z", "2026-10-25T01:00:00Z", "2026-11-01T06:00:00Z"] {
            let length = day_ends(at(moment)).duration_since(midnight(day(at(moment))));
            assert_eq!(length.as_hours(), 24, "{moment}");
        }
    }

    #[test]
    fn what_is_written_is_read_and_nothing_else_is() {
        for text in ["2026-11-23", "2026-11"] {
            assert_eq!(Period::parse(text).unwrap().to_string(), text);
        }
        for text in ["", "..", "2026", "2026-13", "2026-11-31", "2026-1-1", "../../etc", "images"] {
            assert!(Period::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_period_is_over_when_the_next_has_begun() {
        let day = Period::parse("2026-11-23").unwrap();
        assert!(!day.is_over(at("2026-11-23T14:59:59Z")) && day.is_over(at("2026-11-23T15:00:00Z")));
        let month = Period::parse("2026-11").unwrap();
        assert!(!month.is_over(at("2026-11-30T14:59:59Z")) && month.is_over(at("2026-11-30T15:00:00Z")));
    }
}
