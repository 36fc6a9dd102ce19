//! Times as logs write them. A time without a zone is taken for UTC; which formats have such times is said by their `cannot`.

use jiff::{
    Timestamp,
    civil::DateTime,
    fmt::strtime,
    tz::{Offset, TimeZone},
};

/// How a time is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// `23/Nov/2026:20:02:09 +0900`, in brackets or not.
    Clf,
    /// ISO 8601 and its kin.
    Iso,
    /// Seconds since 1970, with a fraction or without.
    Seconds,
    /// Since 1970 in a unit that its size tells: seconds, milli-, micro- or nanoseconds.
    Epoch,
    /// The same, the unit known: so many to a second.
    EpochOf(u32),
    /// As `strftime` writes it.
    Strftime(String),
    /// Whatever it looks like.
    Any,
}

/// The time in a text.
pub fn read(form: &Form, text: &[u8]) -> Option<Timestamp> {
    match form {
        Form::Clf => clf(text),
        Form::Iso => iso(text),
        Form::Seconds => epoch(text, Some(1)),
        Form::Epoch => epoch(text, None),
        Form::EpochOf(unit) => epoch(text, Some(*unit)),
        Form::Strftime(format) => strftime(format, text),
        Form::Any => epoch(text, None).or_else(|| iso(text)).or_else(|| clf(text)),
    }
}

/// `23/Nov/2026:20:02:09 +0900`; brackets around it, a fraction of the second (`HAProxy`) and the zone may be there or not.
pub fn clf(text: &[u8]) -> Option<Timestamp> {
    let text = text.trim_ascii();
    let text = text.strip_prefix(b"[").and_then(|text| text.strip_suffix(b"]")).unwrap_or(text);
    let (stamp, rest) = text.split_at_checked(20)?;
    let &[d1, d2, b'/', m1, m2, m3, b'/', y1, y2, y3, y4, b':', h1, h2, b':', n1, n2, b':', s1, s2] = stamp else {
        return None;
    };
    let month = month(&[m1, m2, m3])?;
    let pair = |one: u8, two: u8| number(&[one, two]).and_then(|value| i8::try_from(value).ok());
    let year = i16::try_from(number(&[y1, y2, y3, y4])?).ok()?;
    // A leap second is the last one of its minute.
    let second = pair(s1, s2)?.min(59);
    let (nanosecond, zone) = match rest.strip_prefix(b".").or_else(|| rest.strip_prefix(b",")) {
        Some(rest) => {
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let (digits, zone) = rest.split_at_checked(digits)?;
            (nanoseconds(digits)?, zone)
        }
        None => (0, rest),
    };
    let time = DateTime::new(year, month, pair(d1, d2)?, pair(h1, h2)?, pair(n1, n2)?, second, nanosecond).ok()?;
    offset(zone)?.to_timestamp(time).ok()
}

/// The number of a month by its English name's first three letters.
pub fn month(name: &[u8]) -> Option<i8> {
    const MONTHS: [&[u8]; 12] =
        [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];
    MONTHS.iter().position(|month| month.eq_ignore_ascii_case(name)).and_then(|at| i8::try_from(at + 1).ok())
}

/// `+0900`, `-03:30`, `Z`, or nothing, which is UTC.
fn offset(zone: &[u8]) -> Option<Offset> {
    let (sign, digits) = match zone.trim_ascii() {
        b"" | b"Z" | b"z" | b"UTC" | b"GMT" => return Some(Offset::UTC),
        zone => match zone.split_first()? {
            (b'+', digits) => (1, digits),
            (b'-', digits) => (-1, digits),
            _ => return None,
        },
    };
    let (&[h1, h2, m1, m2] | &[h1, h2, b':', m1, m2]) = digits else { return None };
    let seconds = number(&[h1, h2])? * 3600 + number(&[m1, m2])? * 60;
    Offset::from_seconds(sign * i32::try_from(seconds).ok()?).ok()
}

/// RFC 3339 and its kin: a blank or `T` between, the zone with or without colon, behind a blank, or not there.
fn iso(text: &[u8]) -> Option<Timestamp> {
    let text = text.trim_ascii();
    if text.len() > 64 {
        return None;
    }
    let text = std::str::from_utf8(text).ok()?;
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time);
    }
    let time = |text: &str| text.parse::<DateTime>().ok().filter(|_| text.contains(':'));
    if let Some((time_text, zone)) = text.rsplit_once(' ').filter(|(before, _)| before.contains(':')) {
        return offset(zone.as_bytes())?.to_timestamp(time(time_text)?).ok();
    }
    time(text).and_then(|time| Offset::UTC.to_timestamp(time).ok())
}

/// A number since 1970. `unit` is how many there are to a second; the number's size tells where it is not known.
pub fn epoch(text: &[u8], unit: Option<u32>) -> Option<Timestamp> {
    let text = text.trim_ascii();
    let at = memchr::memchr(b'.', text).unwrap_or(text.len());
    let (whole, fraction) = text.split_at_checked(at)?;
    let whole = number(whole)?;
    // Seconds have ten digits from 2001 to 2286.
    let unit = unit.unwrap_or(match whole {
        0..100_000_000_000 => 1,
        100_000_000_000..100_000_000_000_000 => 1_000,
        100_000_000_000_000..100_000_000_000_000_000 => 1_000_000,
        _ => 1_000_000_000,
    });
    let unit = u64::from(unit.max(1));
    let fraction = nanoseconds(fraction.strip_prefix(b".").unwrap_or_default())?;
    let nanoseconds = (whole % unit) * (1_000_000_000 / unit) + u64::try_from(fraction).ok()? / unit;
    Timestamp::new(i64::try_from(whole / unit).ok()?, i32::try_from(nanoseconds).ok()?).ok()
}

fn strftime(format: &str, text: &[u8]) -> Option<Timestamp> {
    if text.len() > 128 {
        return None;
    }
    let parts = strtime::parse(format, text.trim_ascii()).ok()?;
    parts
        .to_timestamp()
        .or_else(|_| parts.to_datetime().and_then(|time| Ok(time.to_zoned(TimeZone::UTC)?.timestamp())))
        .ok()
}

/// Digits, and nothing but digits; no more than there are in 64 bits.
pub fn number(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0u64, |number, digit| {
        let digit = digit.is_ascii_digit().then(|| u64::from(digit - b'0'))?;
        number.checked_mul(10)?.checked_add(digit)
    })
}

/// The digits behind the point as billionths; what is finer is cut.
fn nanoseconds(digits: &[u8]) -> Option<i32> {
    let mut value = 0i32;
    for at in 0..9 {
        let digit = match digits.get(at) {
            Some(digit) if digit.is_ascii_digit() => i32::from(digit - b'0'),
            Some(_) => return None,
            None => 0,
        };
        value = value * 10 + digit;
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_a_moment_is_that_moment() {
        for (form, text) in [
            (Form::Clf, "23/Nov/2026:20:02:09 +0900"),
            (Form::Clf, "[23/Nov/2026:11:02:09 +0000]"),
            (Form::Clf, "23/Nov/2026:07:32:09 -0330"),
            (Form::Clf, "23/Nov/2026:11:02:09"),
            (Form::Iso, "2026-11-23T20:02:09+09:00"),
            (Form::Iso, "2026-11-23T11:02:09Z"),
            (Form::Iso, "2026-11-23T11:02:09.000+0000"),
            (Form::Iso, "2026-11-23 11:02:09"),
            (Form::Iso, "2026-11-23 20:02:09 +0900"),
            (Form::Iso, "2026-11-23 11:02:09,000"),
            (Form::Seconds, "1795431729"),
            (Form::Seconds, "1795431729.000"),
            (Form::Epoch, "1795431729000"),
            (Form::Epoch, "1795431729000000"),
            (Form::Epoch, "1795431729000000000"),
            (Form::EpochOf(1000), "1795431729000"),
            (Form::Strftime("%Y-%m-%d %H:%M:%S".to_owned()), "2026-11-23 11:02:09"),
            (Form::Strftime("%d/%b/%Y:%H:%M:%S %z".to_owned()), "23/Nov/2026:20:02:09 +0900"),
            (Form::Any, "1795431729.0"),
            (Form::Any, "23/Nov/2026:20:02:09 +0900"),
        ] {
            let expected: Timestamp = "2026-11-23T11:02:09Z".parse().unwrap();
            assert_eq!(read(&form, text.as_bytes()), Some(expected), "{form:?} {text}");
        }
    }

    #[test]
    fn a_fraction_of_a_second_is_kept() {
        for (form, text) in [
            (Form::Clf, "23/Nov/2026:11:02:09.123"),
            (Form::Iso, "2026-11-23T11:02:09.123Z"),
            (Form::Seconds, "1795431729.123"),
            (Form::Epoch, "1795431729123"),
        ] {
            let expected: Timestamp = "2026-11-23T11:02:09.123Z".parse().unwrap();
            assert_eq!(read(&form, text.as_bytes()), Some(expected), "{form:?} {text}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "-",
            "30/Feb/2026:11:02:09 +0000",
            "23/Now/2026:11:02:09 +0000",
            "23/Nov/2026:11:02",
            "99999999999999999999999",
            "x",
            "2026-11-23",
        ] {
            assert_eq!(read(&Form::Any, text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_leap_second_is_the_last_of_its_minute() {
        assert_eq!(clf(b"31/Dec/2016:23:59:60 +0000"), "2016-12-31T23:59:59Z".parse().ok());
    }
}
