//! What people write when they ask about logs: moments and networks. Days and times without a zone are UTC, as the report writes
//! them. Nothing is decided by it here.

use std::net::IpAddr;

use ipnet::IpNet;
use jiff::{SignedDuration, Timestamp, civil};

/// Reads a network, or an address as the network of it alone.
pub fn network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    let one = || text.parse::<IpAddr>().ok().map(IpNet::from);
    text.parse().ok().or_else(one).ok_or_else(|| "write a network such as 10.0.0.0/8, or an address".to_owned())
}

/// A moment, or how long before now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// This one.
    At(Timestamp),
    /// So long before.
    Ago(SignedDuration),
}

impl Moment {
    /// When that is.
    pub fn before(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(time) => time,
            Self::Ago(ago) => now.checked_sub(ago).unwrap_or(Timestamp::MIN),
        }
    }
}

/// Reads `2026-11-23T01:02:03+09:00`, `2026-11-23 01:02`, `2026-11-23`, `90m`, `24h` or `7d`.
pub fn moment(text: &str) -> Result<Moment, String> {
    let text = text.trim();
    ago(text)
        .map(Moment::Ago)
        .or_else(|| text.parse().ok().map(Moment::At))
        .or_else(|| utc(text.parse().ok()?))
        .or_else(|| utc(text.parse::<civil::Date>().ok()?.at(0, 0, 0, 0)))
        .ok_or_else(|| {
            "write 2026-11-23, \"2026-11-23 09:30\" (UTC), 2026-11-23T09:30:00+09:00, or how long ago: 90m, 24h, 7d"
                .to_owned()
        })
}

fn utc(time: civil::DateTime) -> Option<Moment> {
    jiff::tz::Offset::UTC.to_timestamp(time).ok().map(Moment::At)
}

fn ago(text: &str) -> Option<SignedDuration> {
    let (unit, seconds) =
        [('m', 60), ('h', 3_600), ('d', 86_400)].into_iter().find(|(unit, _)| text.ends_with(*unit))?;
    let count: u32 = text.strip_suffix(unit)?.parse().ok()?;
    Some(SignedDuration::from_secs(i64::from(count).checked_mul(seconds)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_may_be_one_address() {
        for (text, expected) in
            [("10.0.0.0/8", "10.0.0.0/8"), (" 192.0.2.1", "192.0.2.1/32"), ("fd00::1", "fd00::1/128")]
        {
            assert_eq!(network(text).unwrap().to_string(), expected, "{text}");
        }
        for text in ["", "10.0.0.0/33", "proxy", "10.0.0"] {
            assert!(network(text).unwrap_err().contains("10.0.0.0/8"), "{text}");
        }
    }

    #[test]
    fn a_moment_is_a_time_a_day_or_how_long_ago() {
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        for (text, expected) in [
            ("2026-11-23T09:30:00+09:00", "2026-11-23T00:30:00Z"),
            ("2026-11-23T00:30:00Z", "2026-11-23T00:30:00Z"),
            ("2026-11-23 09:30", "2026-11-23T09:30:00Z"),
            ("2026-11-23", "2026-11-23T00:00:00Z"),
            ("90m", "2026-11-23T10:30:00Z"),
            ("24h", "2026-11-22T12:00:00Z"),
            (" 7d ", "2026-11-16T12:00:00Z"),
        ] {
            assert_eq!(moment(text).unwrap().before(now).to_string(), expected, "{text}");
        }
        for text in ["", "yesterday", "7", "d", "-7d", "2026-13-01", "99999999999999999999d"] {
            assert!(moment(text).unwrap_err().contains("24h"), "{text}");
        }
        assert_eq!(moment("4294967295d").unwrap().before(now), Timestamp::MIN);
    }
}
