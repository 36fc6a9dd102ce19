//! Fills an entry from fields as they come, the better source of the same thing winning. Formats say what a field means; how its text
//! becomes a value is said here, once for all of them.

use std::{borrow::Cow, net::IpAddr};

use super::{address, escape, request, time};
use crate::accesslog::Entry;

/// What a field means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Means {
    /// The other end of the connection.
    Peer,
    /// The same, always with its port.
    PeerAndPort,
    /// For whom proxies say they asked.
    Forwarded,
    /// When.
    Time(time::Form),
    /// The request line.
    Request,
    /// The method.
    Method,
    /// Path and query, or a whole URL.
    Target,
    /// The path alone.
    Path,
    /// The query alone, `?` before it or not.
    Query,
    /// The host, port or not.
    Host,
    /// The status.
    Status,
    /// Bytes that were sent.
    Bytes,
    /// Time it took, in a unit of which there are so many to a second.
    Took(u32),
    /// Time it took, its unit written behind it: `0.12s`, `35ms`.
    TookWithUnit,
    /// `Referer`.
    Referer,
    /// `User-Agent`.
    Agent,
    /// Nothing that is asked for.
    Nothing,
}

/// An entry as it is filled. Each value keeps the rank of the field it is from; a lower rank is the better source.
#[derive(Debug, Default)]
pub struct Filling<'a> {
    entry: Entry<'a>,
    path: Option<Cow<'a, str>>,
    query: Option<Cow<'a, str>>,
    ranks: Ranks,
}

#[derive(Debug, Default)]
struct Ranks {
    peer: Rank,
    forwarded: Rank,
    time: Rank,
    method: Rank,
    target: Rank,
    host: Rank,
    status: Rank,
    bytes: Rank,
    seconds: Rank,
    referer: Rank,
    agent: Rank,
}

#[derive(Debug, Clone, Copy)]
struct Rank(u8);

impl Default for Rank {
    fn default() -> Self {
        Self(u8::MAX)
    }
}

impl Rank {
    /// Puts a value where there is none, or one of a worse source.
    fn offer<T>(&mut self, rank: u8, place: &mut Option<T>, value: Option<T>) {
        if rank < self.0 && value.is_some() {
            (self.0, *place) = (rank, value);
        }
    }
}

impl<'a> Filling<'a> {
    /// Takes a field's value, its escapes undone. `-` and nothing are no value.
    pub fn put(&mut self, means: &Means, rank: u8, value: Cow<'a, [u8]>) {
        let (entry, ranks) = (&mut self.entry, &mut self.ranks);
        if value.is_empty() || value.as_ref() == b"-" {
            return;
        }
        match means {
            Means::Peer => ranks.peer.offer(rank, &mut entry.peer, address::one(&value)),
            Means::PeerAndPort => ranks.peer.offer(rank, &mut entry.peer, address::before_port(&value)),
            Means::Forwarded => self.forward(rank, address::list(&value)),
            Means::Time(form) => ranks.time.offer(rank, &mut entry.time, time::read(form, &value)),
            Means::Request => {
                let request::Request { method, host, target } = request::line(value);
                ranks.method.offer(rank, &mut entry.method, method);
                ranks.host.offer(rank.saturating_add(100), &mut entry.host, host);
                ranks.target.offer(rank, &mut entry.target, target);
            }
            Means::Method => ranks.method.offer(rank, &mut entry.method, Some(escape::text(value))),
            Means::Target => {
                let (host, target) = match value {
                    Cow::Borrowed(value) => {
                        let (host, target) = request::absolute(value);
                        (host.map(|host| escape::text(Cow::Borrowed(host))), escape::url(Cow::Borrowed(target)))
                    }
                    Cow::Owned(value) => {
                        let (host, target) = request::absolute(&value);
                        let host = host.map(|host| Cow::Owned(String::from_utf8_lossy(host).into_owned()));
                        (host, Cow::Owned(escape::url(Cow::Borrowed(target)).into_owned()))
                    }
                };
                ranks.host.offer(rank.saturating_add(100), &mut entry.host, host);
                ranks.target.offer(rank, &mut entry.target, Some(target));
            }
            Means::Path => self.path = Some(escape::url(value)),
            Means::Query => self.query = Some(escape::url(value)),
            Means::Host => ranks.host.offer(rank, &mut entry.host, Some(escape::text(host(value)))),
            // 000 is what nginx and CloudFront write when nothing was answered.
            Means::Status => {
                let status = time::number(&value).and_then(|status| u16::try_from(status).ok());
                ranks.status.offer(rank, &mut entry.status, status.filter(|status| (100..1000).contains(status)));
            }
            Means::Bytes => ranks.bytes.offer(rank, &mut entry.bytes, time::number(&value)),
            Means::Took(unit) => ranks.seconds.offer(rank, &mut entry.seconds, took(&value, f64::from(*unit))),
            Means::TookWithUnit => ranks.seconds.offer(rank, &mut entry.seconds, took_with_unit(&value)),
            Means::Referer => ranks.referer.offer(rank, &mut entry.referer, Some(escape::url(value))),
            Means::Agent => ranks.agent.offer(rank, &mut entry.user_agent, Some(escape::text(value))),
            Means::Nothing => {}
        }
    }

    /// Takes the addresses for whom proxies asked.
    pub fn forward(&mut self, rank: u8, addresses: Vec<IpAddr>) {
        if rank < self.ranks.forwarded.0 && !addresses.is_empty() {
            self.ranks.forwarded.0 = rank;
            self.entry.forwarded = addresses;
        }
    }

    /// The entry.
    pub fn entry(mut self) -> Entry<'a> {
        if self.entry.target.is_none() {
            self.entry.target = match (self.path, self.query) {
                (Some(path), Some(query)) if !path.contains('?') => {
                    let query = query.strip_prefix('?').unwrap_or(&query);
                    Some(Cow::Owned(format!("{path}?{query}")))
                }
                (path, _) => path,
            };
        }
        self.entry
    }
}

fn host(value: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    match value {
        Cow::Borrowed(host) => Cow::Borrowed(request::without_port(host)),
        Cow::Owned(host) => Cow::Owned(request::without_port(&host).to_vec()),
    }
}

/// Seconds of a number in a unit.
fn took(value: &[u8], unit: f64) -> Option<f64> {
    let number: f64 = std::str::from_utf8(value).ok()?.trim().parse().ok()?;
    (number.is_finite() && number >= 0.0).then_some(number / unit)
}

/// `1.5s`, `35ms`, `1m2.5s`, `250µs`: as Go writes a duration.
fn took_with_unit(value: &[u8]) -> Option<f64> {
    let mut rest = std::str::from_utf8(value).ok().filter(|text| text.len() < 64)?;
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|character: char| !character.is_ascii_digit() && character != '.')?;
        let (number, after) = rest.split_at_checked(digits)?;
        let (scale, after) = UNITS.iter().find_map(|(unit, scale)| Some((scale, after.strip_prefix(unit)?)))?;
        seconds += number.parse::<f64>().ok()? * scale;
        rest = after;
    }
    Some(seconds)
}

/// Longer names first, for `m` begins `ms`.
const UNITS: [(&str, f64); 7] =
    [("ms", 1e-3), ("us", 1e-6), ("µs", 1e-6), ("ns", 1e-9), ("h", 3600.0), ("m", 60.0), ("s", 1.0)];

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(fields: &[(Means, u8, &'static str)]) -> Entry<'static> {
        let mut filling = Filling::default();
        for (means, rank, value) in fields {
            filling.put(means, *rank, Cow::Borrowed(value.as_bytes()));
        }
        filling.entry()
    }

    #[test]
    fn the_better_source_wins_whatever_the_order() {
        for fields in [
            [(Means::Host, 0, "a.example:80"), (Means::Request, 0, "GET http://b.example/ HTTP/1.1")],
            [(Means::Request, 0, "GET http://b.example/ HTTP/1.1"), (Means::Host, 0, "a.example:80")],
        ] {
            assert_eq!(filled(&fields).host.as_deref(), Some("a.example"));
        }
        assert_eq!(filled(&[(Means::Agent, 1, "worse"), (Means::Agent, 0, "-")]).user_agent.as_deref(), Some("worse"));
    }

    #[test]
    fn path_and_query_make_the_target() {
        for query in ["?a=1", "a=1"] {
            let entry = filled(&[(Means::Query, 0, query), (Means::Path, 0, "/p")]);
            assert_eq!(entry.target.as_deref(), Some("/p?a=1"));
        }
        assert_eq!(filled(&[(Means::Path, 0, "/p"), (Means::Query, 0, "-")]).target.as_deref(), Some("/p"));
    }

    #[test]
    fn times_are_seconds_whatever_their_unit() {
        for (means, value, expected) in [
            (Means::Took(1), "0.250", Some(0.25)),
            (Means::Took(1_000), "250", Some(0.25)),
            (Means::Took(1_000_000), "250000", Some(0.25)),
            (Means::Took(1), "0.125, 0.125", None),
            (Means::Took(1), "-1", None),
            (Means::Took(1), "nan", None),
            (Means::TookWithUnit, "250ms", Some(0.25)),
            (Means::TookWithUnit, "1m0.5s", Some(60.5)),
            (Means::TookWithUnit, "3", None),
        ] {
            assert_eq!(filled(&[(means, 0, value)]).seconds, expected, "{value}");
        }
    }

    #[test]
    fn a_status_that_answers_nothing_is_none() {
        for (value, expected) in [("200", Some(200)), ("000", None), ("-1", None), ("99999", None), ("444", Some(444))]
        {
            assert_eq!(filled(&[(Means::Status, 0, value)]).status, expected, "{value}");
        }
    }
}
