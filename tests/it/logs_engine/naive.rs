//! Random logs, cut into blocks anywhere, beside a reading so naive that it cannot be wrong: line by line, the whole log in memory.

use std::io::{self, Read};

use proptest::{collection::vec, prelude::*};
use scraplens::{
    accesslog::{Found, Sink, Stream, Wanted},
    logs::{Ask, Unwatched},
};

use super::{BROWSER, KAKAO, ask, line, logs_with, settings};

/// What a line may be made of: words that matter, parts of them, ends of lines, marks, filling.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => Just(b"kakaotalk-scrap".to_vec()),
        2 => Just(b"kakaotalk-".to_vec()),
        2 => Just(b"#Fields:".to_vec()),
        4 => Just(b"\n".to_vec()),
        1 => Just(b"\r\n".to_vec()),
        1 => Just(b"\0\0".to_vec()),
        1 => Just(b"\xef\xbb\xbf".to_vec()),
        4 => vec(any::<u8>(), 0..30),
    ]
}

#[derive(Default)]
struct Taken {
    found: Vec<(Vec<u8>, bool)>,
}

impl Sink for Taken {
    fn found(&mut self, line: Found<'_>) {
        self.found.push((line.text.to_vec(), line.cut));
    }

    fn block(&mut self, _lines: &[u8]) {}
}

/// Line by line: marks away, cut, and taken if it holds the word or begins with the directive.
fn naively(text: &[u8], max_line: usize, every: bool) -> Vec<(Vec<u8>, bool)> {
    let mut found = Vec::new();
    for line in text.split(|byte| *byte == b'\n') {
        let mut line = line;
        while let Some(rest) = line.strip_prefix(b"\0").or_else(|| line.strip_prefix(b"\xef\xbb\xbf")) {
            line = rest;
        }
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let cut = line.len() > max_line;
        let line = &line[..line.len().min(max_line)];
        let named = line.windows(15).any(|window| window == b"kakaotalk-scrap");
        if named || line.starts_with(b"#Fields:") || every && !line.is_empty() {
            found.push((line.to_vec(), cut));
        }
    }
    found
}

proptest! {
    #[test]
    fn lines_are_found_as_by_a_naive_reading_wherever_blocks_end(
        pieces in vec(piece(), 0..60),
        cuts in vec(1_usize..40, 1..20),
        block in 1_usize..60,
        max_line in 1_usize..50,
        every in any::<bool>(),
    ) {
        let text = pieces.concat();
        let wanted = Wanted::new("kakaotalk-scrap", Some("#Fields:"));
        let wanted = if every { wanted.every() } else { wanted };
        let mut stream = Stream::new(block, max_line);
        let mut taken = Taken::default();
        let (mut rest, mut sizes) = (&text[..], cuts.iter().cycle());
        while !rest.is_empty() {
            let space = stream.space();
            prop_assert!(!space.is_empty());
            let count = rest.len().min(space.len()).min(*sizes.next().unwrap());
            space[..count].copy_from_slice(&rest[..count]);
            rest = &rest[count..];
            stream.put(count);
            stream.take(&wanted, &mut taken);
        }
        stream.finish(&wanted, &mut taken);
        prop_assert_eq!(taken.found, naively(&text, max_line, every));
    }
}

/// A request as it was made up.
#[derive(Debug, Clone)]
struct Made {
    address: usize,
    path: u8,
    status: u16,
    kakao: bool,
}

/// Addresses, and the place of their origin among all.
const ADDRESSES: [(&str, usize); 6] = [
    ("27.0.238.7", 1),
    ("211.231.103.255", 1),
    ("61.109.216.9", 2),
    ("10.1.2.3", 3),
    ("203.0.113.9", 4),
    ("2404:4600:6::1", 1),
];

fn made() -> impl Strategy<Value = Made> {
    let status = prop_oneof![Just(200), Just(301), Just(304), Just(403), Just(404), Just(444), Just(499), Just(500)];
    (0..ADDRESSES.len(), 0_u8..5, status, prop::bool::weighted(0.4)).prop_map(|(address, path, status, kakao)| Made {
        address,
        path,
        status,
        kakao,
    })
}

/// Gives pieces of the sizes it is told.
struct Pieces<'a> {
    bytes: &'a [u8],
    sizes: Vec<usize>,
}

impl Read for Pieces<'_> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        self.sizes.rotate_left(1);
        let size = self.sizes[0].min(space.len());
        self.bytes.read(&mut space[..size])
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn counts_are_those_of_a_naive_reading(made in vec(made(), 1..80), sizes in vec(1_usize..700, 1..8)) {
        let log: String = (0..).zip(&made).map(|(second, request)| {
            let agent = if request.kakao { KAKAO } else { BROWSER };
            line(ADDRESSES[request.address].0, second, &format!("/p/{}", request.path), request.status, agent)
        }).collect();
        let mut settings = settings();
        settings.block_bytes = 500;
        settings.sample_bytes = 500;
        let mut session = logs_with(settings).session(&Ask { format: Some("combined".to_owned()), ..ask() }).unwrap();
        session.read("access.log", Pieces { bytes: log.as_bytes(), sizes }, &mut Unwatched).unwrap();
        let report = session.report();

        let named = || made.iter().filter(|request| request.kakao);
        let mut origins = [0_u64; 5];
        named().for_each(|request| origins[ADDRESSES[request.address].1] += 1);
        // Few addresses that carry most of everybody's requests, and nobody of Kakao's: those are proxies.
        let moved = if origins[1] == 0 { report.origins[3].requests - origins[3] } else { 0 };
        origins[3] += moved;
        origins[4] -= moved;
        prop_assert_eq!(report.origins.iter().map(|row| row.requests).collect::<Vec<_>>(), origins);
        let of_status = |wanted: &dyn Fn(u16) -> bool| {
            named().filter(|request| ADDRESSES[request.address].1 == 1 && wanted(request.status)).count() as u64
        };
        prop_assert_eq!(report.statuses.ok, of_status(&|status| status == 200));
        prop_assert_eq!(report.statuses.redirected, of_status(&|status| status == 301 || status == 304));
        prop_assert_eq!(report.statuses.refused, of_status(&|status| (400..500).contains(&status)));
        prop_assert_eq!(report.statuses.failed, of_status(&|status| status == 500));
        for range in &report.ranges {
            let network: ipnet::IpNet = range.cidr.parse().unwrap();
            let inside = named().filter(|request| network.contains(&ADDRESSES[request.address].0.parse::<std::net::IpAddr>().unwrap()));
            // Of nested ranges the narrowest counts: one of these addresses is in two.
            if range.cidr != "2404:4600::/32" {
                prop_assert_eq!(range.requests, inside.count() as u64, "{}", range.cidr);
            }
        }
        let asked: u64 = report.pages.iter().map(|page| page.requests).sum();
        prop_assert_eq!(asked, of_status(&|_| true));
    }
}
