//! What stands in an exported report, in one language: strings in order, made harmless, and nothing of how they look.

use std::collections::HashMap;

use jiff::{Timestamp, tz};

use crate::{
    acl::report::{RangeReport, Standing},
    finding::{Confidence, Text},
    language::Language,
    reach::report::{Evidence, ReachReport, Says},
    words::Words,
};

/// A report, ready to be set.
#[derive(Debug)]
pub(super) struct Sheet<'a> {
    pub language: Language,
    words: &'a Words,
    pub url: String,
    pub made_at: String,
    /// `reachable`, `partly`, `blocked`, `cannot-tell`.
    pub mood: &'static str,
    pub verdict: String,
    pub headline: String,
    pub stop: Option<Stop>,
    pub evidence: Vec<Row>,
    pub conflicts: Vec<String>,
    pub advice: Vec<String>,
    pub limits: Vec<String>,
    pub list: String,
    pub ranges: Vec<RangeRow>,
    /// Ranges that are not listed.
    pub more_ranges: usize,
}

/// What stops Kakao.
#[derive(Debug)]
pub(super) struct Stop {
    pub layer: String,
    pub reason: String,
    pub place: Option<String>,
    pub line: Option<String>,
}

/// One kind of evidence.
#[derive(Debug)]
pub(super) struct Row {
    pub kind: String,
    /// `passes`, `partly`, `stops`, `silent`, `missing`.
    pub mood: &'static str,
    pub says: String,
    pub message: String,
    pub proof: Option<String>,
    pub command: Option<String>,
    pub confidence: String,
}

/// One of Kakao's ranges.
#[derive(Debug)]
pub(super) struct RangeRow {
    pub cidr: String,
    pub service: String,
    pub port: Option<u16>,
    /// `allowed`, `partial`, `denied`, `undetermined`.
    pub mood: Option<&'static str>,
    pub rules: String,
    pub decided_by: String,
    pub requests: Option<String>,
}

impl<'a> Sheet<'a> {
    pub fn of(report: &ReachReport, language: Language, words: &'a Words) -> Self {
        let pick = |text: &Text| {
            clean(match language {
                Language::Ko => &text.ko,
                Language::En => &text.en,
            })
        };
        let say = |section: &str, code: &str| pick(&words.say(section, code, &[]));
        let all = |texts: &[Text]| texts.iter().map(pick).collect::<Vec<_>>();
        let stop = report.blocked_by.as_ref().map(|blocker| {
            let layer = say("layer", blocker.layer.word());
            Stop {
                layer: match &blocker.name {
                    Some(name) => format!("{layer}: {}", clean(name)),
                    None => layer,
                },
                reason: pick(&blocker.reason),
                place: blocker.place.as_deref().map(clean),
                line: blocker.line.as_deref().map(clean),
            }
        });
        let row = |evidence: &Evidence| Row {
            kind: say("kind", evidence.kind),
            mood: evidence.says.word(),
            says: say("says", evidence.says.word()),
            message: pick(&evidence.message),
            proof: evidence.proof.as_deref().map(clean),
            command: evidence.command.as_deref().map(clean),
            // What was not looked at is not known at all.
            confidence: match evidence.says {
                Says::Missing => String::new(),
                Says::Passes | Says::Partly | Says::Stops | Says::Silent => {
                    say("confidence", confidence(evidence.confidence))
                }
            },
        };
        let (ranges, more_ranges) = ranges(report, &say);
        Self {
            language,
            words,
            url: clean(&report.requested_url),
            made_at: moment(report.made_at),
            mood: report.verdict.word(),
            verdict: say("verdict", report.verdict.word()),
            headline: pick(&report.headline),
            stop,
            evidence: report.evidence.iter().map(row).collect(),
            conflicts: all(&report.conflicts),
            advice: all(&report.advice),
            limits: all(&report.limits),
            list: pick(&report.list.note),
            ranges,
            more_ranges,
        }
    }

    /// A heading or a label.
    pub fn label(&self, code: &str) -> String {
        let text = self.words.say("export", code, &[("count", &self.more_ranges.to_string())]);
        match self.language {
            Language::Ko => text.ko,
            Language::En => text.en,
        }
    }

    /// `scraplens 1.2.3`.
    pub fn program() -> &'static str {
        concat!("scraplens ", env!("CARGO_PKG_VERSION"))
    }
}

fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Documented => "documented",
        Confidence::Observed => "observed",
        Confidence::Default => "default",
    }
}

/// `2026-11-23 11:12 UTC (20:12 KST)`: logs are often kept in the one, people in Korea live by the other.
fn moment(time: Timestamp) -> String {
    let korea = time.to_zoned(tz::TimeZone::fixed(tz::offset(9)));
    format!("{} UTC ({} KST)", time.strftime("%F %H:%M"), korea.strftime("%F %H:%M"))
}

/// The ranges with what rules and logs say of each, those that are refused first.
fn ranges(report: &ReachReport, say: &dyn Fn(&str, &str) -> String) -> (Vec<RangeRow>, usize) {
    let traffic = report.logs.as_ref().map(|logs| logs.ranges.as_slice());
    let mut counted: HashMap<&str, u64> = HashMap::new();
    for range in traffic.into_iter().flatten() {
        *counted.entry(&range.cidr).or_default() += range.requests;
    }
    let requests = |cidr: &str| traffic.map(|_| counted.get(cidr).copied().unwrap_or_default().to_string());
    let (rows, all): (Vec<RangeRow>, usize) = match (&report.acl, traffic) {
        (Some(acl), _) => {
            let mut ranges: Vec<&RangeReport> = acl.ranges.iter().collect();
            ranges.sort_by_key(|range| weight(range.verdict));
            let rows = ranges.iter().take(MAX_RANGES).map(|range| RangeRow {
                cidr: clean(&range.cidr),
                service: clean(&range.service),
                port: Some(range.port),
                mood: Some(range.verdict.word()),
                rules: rules(range, &say("standing", range.verdict.word())),
                decided_by: decided_by(range),
                requests: requests(&range.cidr),
            });
            (rows.collect(), ranges.len())
        }
        (None, Some(traffic)) => {
            let seen: Vec<_> = traffic.iter().filter(|range| range.requests > 0).collect();
            let rows = seen.iter().take(MAX_RANGES).map(|range| RangeRow {
                cidr: clean(&range.cidr),
                service: clean(&range.service),
                port: None,
                mood: None,
                rules: String::new(),
                decided_by: String::new(),
                requests: Some(range.requests.to_string()),
            });
            (rows.collect(), seen.len())
        }
        (None, None) => (Vec::new(), 0),
    };
    let more = all.saturating_sub(rows.len());
    (rows, more)
}

/// Ranges that are listed. Whoever reads the document looks for those that are refused.
const MAX_RANGES: usize = 200;

fn weight(standing: Standing) -> u8 {
    match standing {
        Standing::Denied => 0,
        Standing::Partial => 1,
        Standing::Undetermined => 2,
        Standing::Allowed => 3,
    }
}

/// The standing, and of a range that is cut the networks that do not get in.
fn rules(range: &RangeReport, standing: &str) -> String {
    if range.verdict != Standing::Partial {
        return standing.to_owned();
    }
    let refused = range.parts.iter().filter(|part| part.verdict == Standing::Denied);
    format!("{standing} ({})", few(refused.map(|part| part.cidr.as_str())))
}

/// The lines that refuse, or the line that lets all of it in.
fn decided_by(range: &RangeReport) -> String {
    let refused = range.verdict != Standing::Allowed;
    let deciding = range.parts.iter().filter(|part| !refused || part.verdict == Standing::Denied);
    let places = deciding.filter_map(|part| {
        let by = part.decided_by.as_ref()?;
        Some(match (&by.file, by.line) {
            (Some(file), Some(line)) => format!("{file}:{line}"),
            _ => by.chain.clone(),
        })
    });
    few(places)
}

/// The first few different ones.
fn few<T: AsRef<str>>(all: impl Iterator<Item = T>) -> String {
    let mut shown: Vec<String> = Vec::new();
    let mut more = false;
    for one in all {
        let one = clean(one.as_ref());
        if shown.contains(&one) {
            continue;
        }
        if shown.len() == FEW {
            more = true;
            break;
        }
        shown.push(one);
    }
    let end = if more { ", …" } else { "" };
    format!("{}{end}", shown.join(", "))
}

const FEW: usize = 4;

/// Text on one line without what steers, reorders or hides: names, rules and answers may come from anybody.
fn clean(text: &str) -> String {
    let harmless = |c: char| match c {
        '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => ' ',
        c if c.is_control() => '\u{fffd}',
        '\u{ad}'
        | '\u{61c}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{180e}'
        | '\u{200b}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{3164}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}' => '\u{fffd}',
        c => c,
    };
    text.trim().chars().map(harmless).collect()
}
