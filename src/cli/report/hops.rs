//! The way to the page as a waterfall: every request on one time axis, a character per stage, who answered, and what its
//! certificate says.

use std::time::Duration;

use jiff::Timestamp;

use super::{
    paper::Paper,
    text::Span,
    words::{Words, counted, filled, thousands},
};
use crate::{
    cli::style::{BOLD, ERROR, WARNING},
    page::{Hop, Timing, Tls},
};

/// One character per stage, in their order; different enough to be told apart without colour.
const STAGES: [&str; 5] = ["░", "▒", "▓", "█", "▄"];
const INDENT: usize = 7;
/// Columns of `1,234 ms` and the blanks around it.
const TIME: usize = 12;

/// Writes the requests in order. `asked` is when; a certificate's days are counted from there.
pub(super) fn write(hops: &[Hop], asked: Option<Timestamp>, paper: &mut Paper, words: &Words) {
    if hops.is_empty() {
        return;
    }
    let title = if hops.len() > 1 { words.chain } else { words.request };
    let whole: u128 = hops.iter().map(|hop| total(&hop.timing_ms)).sum();
    let count = (hops.len() > 1).then(|| Span::dim(counted(words.requests, hops.len() as u64)));
    let time = (whole > 0).then(|| Span::dim(milliseconds(whole)));
    let notes: Vec<Span> = count.into_iter().chain(time).collect();
    paper.heading(title, &notes);
    let columns = bar_columns(paper.columns());
    let mut shown: Option<&Tls> = None;
    for (hop, bar) in hops.iter().zip(bars(hops, columns)) {
        write_hop(hop, &bar, columns, paper, words);
        if let Some(tls) = hop.tls.as_ref().filter(|tls| shown != Some(*tls)) {
            certificate(tls, asked, paper, words);
            shown = Some(tls);
        }
    }
    if let Some(location) = hops.last().and_then(|last| last.location.as_deref()) {
        paper.address(&[Span::blank(INDENT), Span::dim(format!("{} ", words.location))], &Span::ink(location));
    }
    if whole > 0 {
        paper.items(&[Span::blank(2)], 2, &legend(hops, words), "  ");
    }
}

fn write_hop(hop: &Hop, bar: &Bar, columns: usize, paper: &mut Paper, words: &Words) {
    let (status, style) = match hop.status {
        Some(status) => (format!("{status:>3}"), if status < 400 { BOLD } else { ERROR }),
        None => ("  ✗".to_owned(), ERROR),
    };
    paper.address(&[Span::blank(2), Span::new(style, status), Span::blank(2)], &Span::ink(&hop.url));
    let no_answer = hop.status.is_none().then_some(words.no_answer);
    let facts: Vec<Span> =
        no_answer.into_iter().chain(hop.address.as_deref()).chain(hop.server.as_deref()).map(Span::dim).collect();
    let mut lead = vec![Span::blank(INDENT)];
    let taken = total(&hop.timing_ms);
    if taken > 0 {
        lead.push(Span::ink(bar.drawn(columns)));
        lead.push(Span::ink(format!("{:>width$}  ", milliseconds(taken), width = TIME - 2)));
    }
    if taken > 0 || !facts.is_empty() {
        paper.items(&lead, INDENT, &facts, " · ");
    }
}

/// The stages' characters with the time each took over all requests.
fn legend(hops: &[Hop], words: &Words) -> Vec<Span> {
    let mut entries = Vec::new();
    for (position, (mark, name)) in STAGES.iter().zip(words.stages).enumerate() {
        let taken: u128 = hops.iter().filter_map(|hop| micros(&hop.timing_ms).get(position).copied()).sum();
        if taken > 0 {
            entries.push(Span::dim(format!("{mark} {name} {}", milliseconds(taken))));
        }
    }
    entries
}

fn certificate(tls: &Tls, asked: Option<Timestamp>, paper: &mut Paper, words: &Words) {
    let holder =
        Some(tls.subject.as_str()).filter(|subject| !subject.is_empty()).or(tls.names.first().map(String::as_str));
    let mut facts = vec![Span::dim(format!("{} {}", words.certificate, holder.unwrap_or("?")))];
    if !tls.issuer.is_empty() {
        facts.push(Span::dim(format!("{} {}", words.issuer, tls.issuer)));
    }
    facts.extend(validity(tls, asked, words));
    paper.items(&[Span::blank(INDENT)], INDENT, &facts, " · ");
}

/// Until when the certificate is valid, in the colours of a verdict if it is not or not for long.
fn validity(tls: &Tls, asked: Option<Timestamp>, words: &Words) -> Vec<Span> {
    let day = |moment: Timestamp| moment.strftime("%Y-%m-%d").to_string();
    if let Some(from) = tls.not_before.filter(|from| asked.is_some_and(|asked| asked < *from)) {
        return vec![Span::new(ERROR, filled(words.valid_from, &day(from)))];
    }
    let Some(until) = tls.not_after else { return Vec::new() };
    let Some(asked) = asked else { return vec![Span::dim(filled(words.valid_until, &day(until)))] };
    if asked > until {
        return vec![Span::new(ERROR, filled(words.expired, &day(until)))];
    }
    let days = u64::try_from(until.duration_since(asked).as_hours() / 24).unwrap_or_default();
    let soon = (days < SOON).then(|| Span::new(WARNING, counted(words.days_left, days)));
    [Some(Span::dim(filled(words.valid_until, &day(until)))), soon].into_iter().flatten().collect()
}

/// Fewer days than this are worth a word: a certificate that renews itself does so earlier.
const SOON: u64 = 21;

/// A hop's part of the waterfall, in columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Bar {
    before: usize,
    stages: [usize; 5],
}

impl Bar {
    fn drawn(&self, columns: usize) -> String {
        let mut out = " ".repeat(self.before);
        for (mark, count) in STAGES.iter().zip(self.stages) {
            out.push_str(&mark.repeat(count));
        }
        out + &" ".repeat(columns.saturating_sub(self.before + self.stages.iter().sum::<usize>()))
    }
}

fn bar_columns(columns: usize) -> usize {
    columns.saturating_sub(INDENT + TIME + 30).clamp(columns.saturating_sub(INDENT + TIME).min(24), 48)
}

/// Scales all hops over the whole time. Ends are rounded, not lengths, so the pieces fill `columns` exactly.
fn bars(hops: &[Hop], columns: usize) -> Vec<Bar> {
    let whole: u128 = hops.iter().map(|hop| total(&hop.timing_ms)).sum();
    let column = |passed: u128| {
        let rounded = (passed * columns as u128 + whole / 2).checked_div(whole).unwrap_or(0);
        usize::try_from(rounded).unwrap_or(columns)
    };
    let mut passed = 0;
    hops.iter()
        .map(|hop| {
            let before = column(passed);
            let stages = micros(&hop.timing_ms).map(|taken| {
                let from = column(passed);
                passed += taken;
                column(passed) - from
            });
            Bar { before, stages }
        })
        .collect()
}

fn total(timing: &Timing) -> u128 {
    micros(timing).iter().sum()
}

/// Whole microseconds per stage; what did not take place, or is no time at all, is none.
fn micros(timing: &Timing) -> [u128; 5] {
    timing
        .stages()
        .map(|(_, ms)| ms.and_then(|ms| Duration::try_from_secs_f64(ms / 1000.0).ok()).unwrap_or_default().as_micros())
}

/// `3.1 ms`, `123 ms`, `1,234 ms`.
fn milliseconds(micros: u128) -> String {
    if micros < 9_950 {
        let tenths = (micros + 50) / 100;
        return format!("{}.{} ms", tenths / 10, tenths % 10);
    }
    format!("{} ms", thousands(u64::try_from((micros + 500) / 1000).unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use proptest::{array::uniform5, collection::vec, option, prelude::proptest};

    use super::{super::samples, *};
    use crate::cli::options::Language;

    fn hop(stages: [Option<f64>; 5]) -> Hop {
        let [dns, connect, tls, wait, body] = stages;
        Hop {
            url: "https://a.example/".to_owned(),
            status: Some(200),
            location: None,
            address: None,
            timing_ms: Timing { dns, connect, tls, wait, body },
            tls: None,
            server: None,
        }
    }

    #[test]
    fn bars_are_scaled_over_the_whole_time() {
        let hops =
            [hop([Some(10.0), Some(10.0), None, Some(20.0), None]), hop([None, None, None, Some(60.0), Some(0.0)])];
        assert_eq!(
            bars(&hops, 10),
            [Bar { before: 0, stages: [1, 1, 0, 2, 0] }, Bar { before: 4, stages: [0, 0, 0, 6, 0] }]
        );
        assert_eq!(bars(&hops, 10)[0].drawn(10), "░▒██      ");
        assert_eq!(bars(&hops, 10)[1].drawn(10), "    ██████");
    }

    #[test]
    fn hops_without_times_have_empty_bars() {
        for stages in [[None; 5], [Some(0.0); 5], [Some(f64::NAN), Some(-1.0), Some(f64::INFINITY), None, None]] {
            assert_eq!(bars(&[hop(stages)], 10), [Bar { before: 0, stages: [0; 5] }], "{stages:?}");
        }
    }

    fn written(hops: &[Hop], asked: &str) -> String {
        let mut paper = Paper::new(100);
        write(hops, Some(samples::time(asked)), &mut paper, Words::of(Language::En));
        anstream::adapter::strip_str(&paper.finish()).to_string()
    }

    #[test]
    fn the_certificate_says_until_when_it_is_valid() {
        let report = samples::rich();
        for (asked, expected) in [
            ("2026-10-01T00:00:00Z", "not valid before 2026-10-05"),
            ("2026-11-22T00:00:00Z", "valid until 2027-01-03\n"),
            ("2027-01-01T12:00:00Z", "valid until 2027-01-03 · 1 day left"),
            ("2027-02-01T00:00:00Z", "expired on 2027-01-03"),
        ] {
            let text = written(&report.hops, asked);
            assert!(
                text.contains(expected)
                    && text.contains("CN=www.shop.example.kr · issued by C=US, O=Let's Encrypt, CN=R11"),
                "{asked}\n{text}"
            );
        }
    }

    #[test]
    fn the_same_certificate_is_shown_once() {
        let mut hops = samples::rich().hops;
        hops.push(hops[1].clone());
        assert_eq!(written(&hops, "2026-11-22T00:00:00Z").matches("certificate").count(), 1);
    }

    #[test]
    fn a_hop_without_answer_and_a_redirect_that_was_not_followed_are_named() {
        let mut hop = hop([None; 5]);
        (hop.status, hop.location) = (None, Some("ftp://b.example/".to_owned()));
        let text = written(&[hop], "2026-11-22T00:00:00Z");
        assert_eq!(
            text,
            "Request\n    ✗  https://a.example/\n       no answer\n       redirects to ftp://b.example/\n"
        );
    }

    #[test]
    fn milliseconds_are_as_fine_as_they_matter() {
        for (micros, written) in
            [(0, "0.0 ms"), (3_149, "3.1 ms"), (9_949, "9.9 ms"), (9_950, "10 ms"), (1_234_000, "1,234 ms")]
        {
            assert_eq!(milliseconds(micros), written);
        }
    }

    proptest! {
        #[test]
        fn the_pieces_of_all_bars_fill_the_columns_exactly(times in vec(uniform5(option::of(0.1_f64..10_000.0)), 1..8), columns in 1_usize..60) {
            let hops: Vec<Hop> = times.into_iter().map(hop).collect();
            let bars = bars(&hops, columns);
            let sum: usize = bars.iter().flat_map(|bar| bar.stages).sum();
            let taken = hops.iter().any(|hop| total(&hop.timing_ms) > 0);
            assert_eq!(sum, if taken { columns } else { 0 });
            let mut end = 0;
            for bar in &bars {
                assert_eq!(bar.before, end, "each bar begins where the last ended");
                end += bar.stages.iter().sum::<usize>();
            }
        }
    }
}
