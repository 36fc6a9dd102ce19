//! What logs say, for people: the verdict, who came, from which ranges, what they were refused, and what to do. Pure: a report
//! in, text out.

mod rows;
#[cfg(test)]
mod tests;

use anstyle::Style;
use jiff::Timestamp;

use super::{
    super::{
        acl,
        report::{
            self,
            paper::Paper,
            text::Span,
            words::{counted, filled},
        },
        style::{DIM, ERROR, GOOD, Screen, WARNING},
    },
    spark::{duration, spark},
    words::Words,
};
use crate::{
    accesslog::{
        Origin,
        report::{Arrival, FileReport, LogFinding, LogReport, OriginReport, RangeTraffic},
    },
    cli::grid::{Column, Grid},
    finding::{Finding, Text},
    language::Language,
    rules::thousands,
};

/// The report. `screen.all_tags` stands for all: nothing is summed up or left out.
pub(super) fn render(report: &LogReport, screen: &Screen) -> String {
    let mut table = Table {
        paper: Paper::new(screen.width),
        words: Words::of(screen.language),
        language: screen.language,
        all: screen.all_tags,
        report,
    };
    table.headline();
    acl::write_list(&report.list, &mut table.paper, screen.language);
    table.origins();
    table.ranges();
    table.refused();
    table.missing_images();
    table.pages();
    table.sources();
    table.slow();
    table.cut();
    let findings: Vec<Finding> = report.findings.iter().map(finding).collect();
    report::write_findings(&findings, &mut table.paper, screen.language);
    table.files();
    table.paper.finish()
}

/// The report while it is written.
struct Table<'a> {
    paper: Paper,
    words: &'static Words,
    language: Language,
    all: bool,
    report: &'a LogReport,
}

impl Table<'_> {
    fn headline(&mut self) {
        let report = self.report;
        let (style, mark) = verdict(report.verdict);
        let headline = Span::new(style, self.pick(&report.headline));
        self.paper.block(&[Span::new(style, mark), Span::blank(1)], 2, &[headline]);
        let mut facts = vec![
            Span::ink(counted(self.words.requests, report.requests)),
            Span::ink(counted(self.words.files, report.files.len() as u64)),
        ];
        facts.extend(report.span.map(|span| Span::ink(format!("{} – {} UTC", minute(span.first), minute(span.last)))));
        self.paper.items(&[Span::blank(2)], 2, &facts, " · ");
        // What came last tells whether a wall was put up or taken away meanwhile.
        if let Some(lately) = report.lately.filter(|lately| *lately != report.verdict) {
            let (style, mark) = verdict(lately);
            let said = format!("{mark} {}", self.words.arrival(lately));
            self.paper.items(&[Span::blank(2)], 4, &[Span::ink(self.words.lately), Span::new(style, said)], " ");
        }
        if report.stopped {
            self.paper.block(&[Span::new(WARNING, "! ")], 2, &[Span::new(WARNING, self.words.partial)]);
        }
    }

    /// Whose addresses asked; an origin that sent nothing is not worth a line.
    fn origins(&mut self) {
        let origins: Vec<&OriginReport> = self.report.origins.iter().filter(|origin| origin.requests > 0).collect();
        if origins.is_empty() {
            return;
        }
        self.paper.heading(self.words.who, &[]);
        let name = |origin: &OriginReport| Span::bold(self.words.origin_name(origin.origin));
        let count = |origin: &OriginReport| thousands(origin.requests);
        let names = origins.iter().map(|origin| name(origin).columns()).max().unwrap_or_default();
        let counts = origins.iter().map(|origin| count(origin).len()).max().unwrap_or_default();
        for origin in &origins {
            let lead = [
                Span::blank(2),
                mark(origin.origin),
                Span::blank(1),
                name(origin).padded(names),
                Span::blank(2),
                Span::bold(format!("{:>counts$}", count(origin))),
                Span::blank(2),
            ];
            let addresses = Span::dim(format!("({}) ", counted(self.words.addresses, origin.addresses)));
            self.paper.block(&lead, 6, &[addresses, Span::ink(self.pick(&origin.meaning))]);
        }
    }

    fn ranges(&mut self) {
        let report = self.report;
        let words = self.words;
        let seen: Vec<&RangeTraffic> = report.ranges.iter().filter(|range| range.requests > 0).collect();
        let unseen = report.ranges.len() - seen.len();
        if report.ranges.is_empty() {
            return;
        }
        let mut notes = vec![Span::dim(filled(words.seen, &thousands(seen.len() as u64)))];
        if let Some(timeline) = report.timeline.filter(|_| !seen.is_empty()) {
            let together = timeline.steps.div_ceil(BARS).max(1) as u64;
            notes.push(Span::dim(filled(words.step, &duration(timeline.step_seconds.saturating_mul(together)))));
        }
        self.paper.heading(words.ranges, &notes);
        let mut grid = Grid::new([
            Column::text("", 9),
            Column::text(words.range, 9),
            Column::number(words.count, 9),
            Column::number("2xx", 7),
            Column::number("3xx", 7),
            Column::number("4xx", 8),
            Column::number("5xx", 8),
            Column::number(words.pages, 5),
            Column::number(words.images, 5),
            Column::number(words.slow_count, 4),
            Column::text(words.over_time, 6),
            Column::text(words.first, 1),
            Column::text(words.last, 3),
            Column::text(words.whose, 2),
        ]);
        for range in &seen {
            grid.row(range_row(range));
        }
        if self.all {
            for range in report.ranges.iter().filter(|range| range.requests == 0) {
                grid.row(range_row(range));
            }
        }
        grid.write(2, &mut self.paper);
        if unseen > 0 {
            let said = Span::ink(format!("{}.", counted(words.unseen, unseen as u64)));
            self.paper.block(
                &[Span::blank(2), Span::dim("– ")],
                4,
                &[said, Span::blank(1), Span::dim(words.why_unseen)],
            );
        }
    }

    fn cut(&mut self) {
        if !self.report.cut.is_empty() {
            self.paper.gap();
            let said = filled(self.words.cut, &self.report.cut.join(", "));
            self.paper.block(&[Span::blank(2), Span::dim("– ")], 4, &[Span::dim(said)]);
        }
    }

    fn files(&mut self) {
        self.paper.heading(self.words.read, &[]);
        let most = self.most(MOST_FILES);
        for file in self.report.files.iter().take(most) {
            self.file(file);
        }
        self.left_out(self.report.files.len().saturating_sub(most));
    }

    fn file(&mut self, file: &FileReport) {
        let words = self.words;
        let mut facts = vec![Span::dim(&file.title), Span::dim(&file.format)];
        facts.extend(file.packed.map(Span::dim));
        facts.push(Span::dim(filled(words.bytes, &format!("{} B", thousands(file.bytes)))));
        facts.push(Span::dim(counted(words.requests, file.requests)));
        if file.client_field != PEER {
            facts.push(Span::dim(filled(words.client_field, &file.client_field)));
        }
        if file.unreadable > 0 {
            facts.push(Span::new(WARNING, counted(words.unreadable, file.unreadable)));
        }
        if file.long_lines > 0 {
            facts.push(Span::new(WARNING, counted(words.long_lines, file.long_lines)));
        }
        self.paper.address(&[Span::blank(2)], &Span::bold(&file.name));
        self.paper.items(&[Span::blank(4)], 4, &facts, " · ");
        if let Some(example) = file.unreadable_example.as_deref().filter(|_| file.unreadable > 0) {
            self.paper.quote(&Span::dim("    │ "), &[Span::ink(example)], 2);
        }
        if let Some(why) = &file.damaged {
            let said = format!("{}: {why}", words.damaged);
            self.paper.block(&[Span::blank(4)], 6, &[Span::new(WARNING, said)]);
        }
    }

    fn left_out(&mut self, count: usize) {
        if count > 0 {
            let said = filled(self.words.more, &thousands(count as u64));
            self.paper.line(&[Span::blank(4), Span::dim(said)]);
        }
    }

    fn most(&self, most: usize) -> usize {
        if self.all { usize::MAX } else { most }
    }

    fn pick<'t>(&self, text: &'t Text) -> &'t str {
        match self.language {
            Language::Ko => &text.ko,
            Language::En => &text.en,
        }
    }
}

fn range_row(range: &RangeTraffic) -> [Span; 14] {
    let count = |count: u64, style: Style| {
        if count == 0 { Span::blank(0) } else { Span::new(style, thousands(count)) }
    };
    let plain = |number: u64| count(number, Style::new());
    let statuses = range.statuses;
    [
        mark(range.origin),
        Span::bold(&range.cidr),
        Span::bold(thousands(range.requests)),
        plain(statuses.ok),
        plain(statuses.redirected),
        count(statuses.refused, ERROR),
        count(statuses.failed, ERROR),
        plain(range.pages),
        plain(range.images),
        count(range.slow, WARNING),
        Span::ink(spark(&range.timeline, BARS)),
        Span::dim(range.span.map(|span| minute(span.first)).unwrap_or_default()),
        Span::dim(range.span.map(|span| minute(span.last)).unwrap_or_default()),
        Span::dim(format!("{} {}", range.service, range.holder)),
    ]
}

fn verdict(arrival: Arrival) -> (Style, &'static str) {
    match arrival {
        Arrival::Served => (GOOD, "✓"),
        Arrival::PartlyRefused => (WARNING, "!"),
        Arrival::Refused => (ERROR, "✗"),
        Arrival::Absent | Arrival::CannotTell => (WARNING, "?"),
    }
}

/// What stands for an origin; told apart without colour too.
pub(super) fn mark(origin: Origin) -> Span {
    let (style, mark) = match origin {
        Origin::Genuine => (GOOD, "✓"),
        Origin::Plausible => (GOOD, "~"),
        Origin::UnverifiedCloud => (WARNING, "?"),
        Origin::Hidden => (DIM, "–"),
        Origin::Forged => (ERROR, "✗"),
    };
    Span::new(style, mark)
}

/// `2026-11-23 01:02`
fn minute(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M").to_string()
}

/// The same finding as every report has them; a log knows neither rule nor place.
fn finding(finding: &LogFinding) -> Finding {
    Finding {
        code: finding.code.into(),
        rule: None,
        severity: finding.severity,
        message: finding.message.clone(),
        advice: finding.advice.clone(),
        evidence: finding.evidence.clone(),
        line: None,
        column: None,
        confidence: finding.confidence,
    }
}

/// Bars of a timeline.
const BARS: usize = 24;
/// Files that are told without `--all`.
const MOST_FILES: usize = 12;
/// What a file report calls the connection's own address.
const PEER: &str = "peer";
