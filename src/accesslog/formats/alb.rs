//! Access logs of AWS: Application Load Balancers, and Classic ones, which leave out the type before the time.

use std::borrow::Cow;

use super::plain::fields;
use crate::accesslog::{
    Entry,
    field::{
        escape::{Escape, undone},
        fill::{Filling, Means},
        time,
    },
};

/// Reads a line (docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html). The status is the one
/// that the client got: 460 where it hung up before, 463 where it forwarded too many addresses, 561 where the sign-in failed; what the
/// target answered is another column.
pub(super) fn read(line: &[u8]) -> Option<Entry<'_>> {
    let mut fields = fields(line);
    let mut bare = || fields.next().filter(|(_, quoted)| !quoted).map(|(field, _)| field);
    let first = bare()?;
    let stamp = if matches!(first, b"http" | b"https" | b"h2" | b"grpcs" | b"ws" | b"wss") { bare()? } else { first };
    time::read(&time::Form::Iso, stamp)?;
    let mut filling = Filling::default();
    filling.put(&Means::Time(time::Form::Iso), 0, Cow::Borrowed(stamp));
    let _balancer = bare()?;
    filling.put(&Means::PeerAndPort, 0, Cow::Borrowed(bare()?));
    let _target = bare()?;
    let mut seconds = Some(0.0);
    for _ in 0..3 {
        let part: f64 = std::str::from_utf8(bare()?).ok()?.parse().ok()?;
        // -1 where that part never came to be.
        seconds = seconds.map(|sum| sum + part).filter(|_| part >= 0.0);
    }
    let status = bare()?;
    if status != b"-" {
        time::number(status)?;
    }
    filling.put(&Means::Status, 0, Cow::Borrowed(status));
    let _target_status = bare()?;
    let _received = bare()?;
    filling.put(&Means::Bytes, 0, Cow::Borrowed(bare()?));
    let mut quoted = || fields.next().filter(|(_, quoted)| *quoted).map(|(field, _)| field);
    filling.put(&Means::Request, 0, undone(quoted()?, Escape::Backslash));
    filling.put(&Means::Agent, 0, undone(quoted()?, Escape::Backslash));
    // The cipher: without it, the line was cut.
    fields.next()?;
    Some(Entry { seconds, ..filling.entry() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const REST: &str = "ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:x \"Root=1-2\" \"shop.example\" \"arn\" 0 2026-11-23T11:02:09.000000Z \"forward\" \"-\" \"-\"";

    #[test]
    fn a_line_of_either_balancer_is_read() {
        for (start, peer) in [
            ("https 2026-11-23T11:02:09.123456Z app/lb/1 27.0.238.7:51234 10.0.0.1:80", "27.0.238.7"),
            ("h2 2026-11-23T11:02:09.123456Z app/lb/1 [2404:4600::7]:51234 10.0.0.1:80", "2404:4600::7"),
            ("2026-11-23T11:02:09.123456Z lb 27.0.238.7:51234 10.0.0.1:80", "27.0.238.7"),
        ] {
            let line = format!(
                "{start} 0.001 0.240 0.000 200 200 34 366 \"GET https://shop.example:443/p?q=1 HTTP/1.1\" \"a/1; b\" {REST}"
            );
            let entry = read(line.as_bytes()).unwrap();
            assert_eq!(entry.peer, peer.parse().ok());
            assert_eq!((entry.host.as_deref(), entry.target.as_deref()), (Some("shop.example"), Some("/p?q=1")));
            assert_eq!(
                (entry.status, entry.bytes, entry.user_agent.as_deref()),
                (Some(200), Some(366), Some("a/1; b"))
            );
            assert!((entry.seconds.unwrap() - 0.241).abs() < 1e-9);
        }
    }

    #[test]
    fn the_status_is_the_one_that_the_client_got() {
        for (statuses, expected) in [("460 -", Some(460)), ("463 -", Some(463)), ("502 200", Some(502)), ("- -", None)]
        {
            let line = format!(
                "https 2026-11-23T11:02:09.123456Z app/lb/1 27.0.238.7:5 - -1 -1 -1 {statuses} 34 0 \"- http://shop.example:80- -\" \"-\" - - {REST}"
            );
            let entry = read(line.as_bytes()).unwrap();
            assert_eq!((entry.status, entry.seconds, entry.method), (expected, None, None));
        }
    }

    #[test]
    fn a_line_that_was_cut_is_none() {
        let line = "https 2026-11-23T11:02:09.123456Z app/lb/1 27.0.238.7:5 - -1 -1 -1 460 - 34 0 \"GET https://a/ HTTP/1.1\" \"facebookext";
        for end in 0..line.len() {
            assert_eq!(line.as_bytes().get(..end).and_then(read), None, "{end}");
        }
    }
}
