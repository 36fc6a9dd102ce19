//! `scraplens ips show`: the list in use, as a table for people or as JSON.

use std::process::ExitCode;

use clap::Args;
use jiff::Timestamp;

use super::{
    super::{
        CommandError, FOUND_ERRORS,
        options::{Output, from_files},
        print,
        report::{paper::Paper, text::Span},
        style::{GOOD, Screen, WARNING},
    },
    Key, Place,
    changes::{Measure, write_days, write_ranges},
    open, pick, print_json, told,
    words::{Words, counted, filled},
};
use crate::{
    acl::list::Direction,
    ips::report::{IpsReport, ServiceReport},
};

/// The list in use.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(super) struct Show {
    /// Exit with 1 where the list is stale, or where no official list is kept
    #[arg(long)]
    strict: bool,
    /// List every range
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    key: Key,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    output: Output,
}

const EXIT_CODES: &str = "\
Exit codes: 0 shown, 1 with --strict: stale or not official, 2 the kept list cannot be read.";

impl Show {
    pub fn run(&self) -> Result<ExitCode, CommandError> {
        let settings = from_files(self.place.config.as_deref(), &self.key.overrides())?;
        let kept = open(&settings)?;
        let language = self.output.language();
        if let Some(problem) = kept.problem() {
            return Err(told(&problem, kept.words(), language));
        }
        let report = kept.report(settings.ips.has_key(), Timestamp::now());
        if self.output.json {
            print_json(&report)?;
        } else {
            let mut paper = Paper::new(Screen::width());
            let kept_in = kept.path().map(|path| path.display().to_string());
            write(&report, kept_in.as_deref(), Measure { language, all: self.all }, &mut paper);
            print(&paper.finish())?;
        }
        let wrong = report.stale || !report.list.official;
        Ok(if self.strict && wrong { ExitCode::from(FOUND_ERRORS) } else { ExitCode::SUCCESS })
    }
}

/// All of the list.
fn write(report: &IpsReport, kept_in: Option<&str>, measure: Measure, paper: &mut Paper) {
    write_head(report, kept_in, measure, paper);
    let words = Words::of(measure.language);
    for service in &report.services {
        write_service(service, words, measure, paper);
    }
    write_days(words.coming, &report.changes, words, measure, paper);
    if !report.warnings.is_empty() {
        paper.gap();
    }
    for warning in &report.warnings {
        let said = format!("{} {}", pick(&warning.message, measure.language), pick(&warning.advice, measure.language));
        paper.block(&[Span::new(WARNING, "!"), Span::blank(1)], 2, &[Span::ink(said)]);
    }
}

/// What list it is, from where and when.
pub(super) fn write_head(report: &IpsReport, kept_in: Option<&str>, measure: Measure, paper: &mut Paper) {
    let words = Words::of(measure.language);
    let good = report.list.official && !report.stale;
    let (style, mark) = if good { (GOOD, "✓") } else { (WARNING, "!") };
    let headline = Span::new(style, pick(&report.headline, measure.language));
    paper.block(&[Span::new(style, mark), Span::blank(1)], 2, &[headline]);
    let mut fact = |name: &str, items: &[Span]| {
        let lead = [Span::blank(2), Span::dim(name), Span::blank(2)];
        paper.items(&lead, 4, items, " · ");
    };
    fact(words.source, &[Span::ink(report.source.as_deref().unwrap_or(&report.list.name))]);
    if let Some(fetched_at) = report.fetched_at {
        let mut when = vec![Span::ink(minute(fetched_at))];
        when.extend(report.age_hours.map(|hours| Span::ink(age(hours, words))));
        when.extend(report.list.updated.as_ref().map(|updated| Span::dim(filled(words.list_of, updated))));
        fact(words.fetched, &when);
        fact(words.kept_in, &kept_in.map(Span::ink).into_iter().collect::<Vec<_>>());
    }
    if let Some(next) = report.next_refresh {
        fact(words.next, &[Span::ink(filled(words.when_due, &minute(next)))]);
    }
    if let Some(attempt) = &report.last_attempt {
        fact(words.last, &[Span::ink(minute(attempt.at)), Span::ink(pick(&attempt.message, measure.language))]);
    }
}

fn write_service(service: &ServiceReport, words: &Words, measure: Measure, paper: &mut Paper) {
    let direction = match service.direction {
        Direction::Inbound => words.calls_you,
        Direction::Outbound => words.you_call,
    };
    let count = i64::try_from(service.ranges.len()).unwrap_or(i64::MAX);
    let mut notes = vec![Span::dim(direction), Span::ink(counted(words.ranges, count))];
    if !service.ports.is_empty() {
        let ports: Vec<String> = service.ports.iter().map(ToString::to_string).collect();
        notes.push(Span::ink(filled(words.ports, &ports.join(", "))));
    }
    notes.extend(service.updated.as_ref().map(|updated| Span::dim(filled(words.updated, updated))));
    paper.heading(&service.service, &notes);
    if !service.ranges.is_empty() {
        write_ranges(&[Span::blank(4)], &service.ranges, words, measure, paper);
    }
    if !service.unknown.is_empty() {
        paper.block(&[Span::blank(4)], 4, &[Span::dim(filled(words.unknown_keys, &service.unknown.join(", ")))]);
    }
}

/// A moment to the minute. The terminal's zone is not known here, so it is said which it is.
fn minute(moment: Timestamp) -> String {
    let text = moment.to_string();
    let minute: String = text.chars().take("2026-11-23T00:00".len()).collect();
    format!("{} UTC", minute.replace('T', " "))
}

fn age(hours: i64, words: &Words) -> String {
    if hours < 48 { counted(words.hours_ago, hours) } else { counted(words.days_ago, hours / 24) }
}
