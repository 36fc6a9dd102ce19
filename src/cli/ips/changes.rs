//! What is different and what is to come, for people. Pure: a report in, lines on paper out.

use super::{
    super::{
        report::{paper::Paper, text::Span},
        style::{BOLD, DIM, ERROR, GOOD, INK, WARNING},
    },
    pick,
    words::{Words, counted, filled},
};
use crate::{
    acl::list::{ChangeKind, Origin},
    ips::report::{ChangeDay, IpsDiff, ServiceDiff, Share, Side},
    language::Language,
};

/// How much is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measure {
    pub language: Language,
    /// Everything, however long.
    pub all: bool,
}

/// The difference of two lists.
pub(super) fn write_diff(diff: &IpsDiff, measure: Measure, paper: &mut Paper) {
    let words = Words::of(measure.language);
    let (style, mark) = if diff.same { (GOOD, "✓") } else { (WARNING, "!") };
    paper.gap();
    paper.block(
        &[Span::new(style, mark), Span::blank(1)],
        2,
        &[Span::new(style, pick(&diff.headline, measure.language))],
    );
    for (which, side) in [(words.old, &diff.old), (words.new, &diff.new)] {
        let lead = [Span::blank(2), Span::dim(which), Span::blank(1)];
        paper.items(&lead, 4, &said(side, words), " · ");
    }
    for service in &diff.services {
        write_service(service, words, measure, paper);
    }
    write_days(words.announced, &diff.announced, words, measure, paper);
    write_days(words.withdrawn, &diff.withdrawn, words, measure, paper);
    // What was just announced is not said twice.
    let known: Vec<ChangeDay> = diff.coming.iter().filter(|day| !diff.announced.contains(day)).cloned().collect();
    write_days(words.coming, &known, words, measure, paper);
    write_lines(diff, words, measure, paper);
}

fn said(side: &Side, words: &Words) -> Vec<Span> {
    let [api, file, announced] = words.origins;
    let origin = match side.origin {
        Origin::Api => api,
        Origin::File => file,
        Origin::Announced => announced,
    };
    let updated = side.updated.as_ref().map(|updated| Span::ink(filled(words.list_of, updated)));
    [Some(Span::ink(&side.name)), Some(Span::dim(origin)), updated].into_iter().flatten().collect()
}

fn write_service(service: &ServiceDiff, words: &Words, measure: Measure, paper: &mut Paper) {
    let ports = |mark: &str, ports: &[u16]| ports.iter().map(|port| format!("{mark}{port}")).collect::<Vec<_>>();
    let changed = [ports("+", &service.added_ports), ports("−", &service.removed_ports)].concat();
    let notes: Vec<Span> =
        (!changed.is_empty()).then(|| Span::ink(filled(words.ports, &changed.join(" ")))).into_iter().collect();
    paper.heading(service.service.as_deref().unwrap_or(words.any_service), &notes);
    for (mark, style, title, ranges) in
        [("+", GOOD, words.missing, &service.added), ("−", ERROR, words.too_much, &service.removed)]
    {
        if !ranges.is_empty() {
            let lead = [Span::blank(2), Span::new(style, mark), Span::blank(1), Span::dim(title), Span::blank(1)];
            write_ranges(&lead, ranges, words, measure, paper);
        }
    }
}

/// Ranges in a row, the first of them where they are many.
pub(super) fn write_ranges(lead: &[Span], ranges: &[String], words: &Words, measure: Measure, paper: &mut Paper) {
    let most = if measure.all { usize::MAX } else { MOST_RANGES };
    let mut items: Vec<Span> = ranges.iter().take(most).map(Span::ink).collect();
    let left = ranges.len().saturating_sub(most);
    if left > 0 {
        items.push(Span::dim(filled(words.more, &left.to_string())));
    }
    paper.items(lead, 6, &items, ", ");
}

/// Changes by day.
pub(super) fn write_days(title: &str, days: &[ChangeDay], words: &Words, measure: Measure, paper: &mut Paper) {
    if days.is_empty() {
        return;
    }
    paper.heading(title, &[]);
    for day in days {
        let mut line = vec![Span::new(BOLD, day.date.as_deref().unwrap_or(words.no_day))];
        if let Some(left) = day.days_left {
            let (style, said) = match left {
                0 => (WARNING, words.today.to_owned()),
                1.. => (if left <= SOON { WARNING } else { INK }, counted(words.days_left, left)),
                _ => (DIM, counted(words.over, -left)),
            };
            line.push(Span::new(style, said));
        }
        paper.items(&[Span::blank(2)], 4, &line, " · ");
        for change in &day.changes {
            let (style, mark) = match change.kind {
                ChangeKind::Addition => (GOOD, "+"),
                ChangeKind::Exclusion => (ERROR, "−"),
            };
            let service = Span::ink(&change.service);
            let lead = [Span::blank(4), Span::new(style, mark), Span::blank(1), service, Span::blank(2)];
            write_ranges(&lead, &change.ranges, words, measure, paper);
        }
    }
}

fn write_lines(diff: &IpsDiff, words: &Words, measure: Measure, paper: &mut Paper) {
    if diff.lines.is_empty() {
        return;
    }
    let strange = diff.lines.iter().filter(|line| line.kakao == Share::Nothing).count();
    paper.heading(words.lines, &[]);
    let most = if measure.all { usize::MAX } else { MOST_LINES };
    for line in diff.lines.iter().take(most) {
        let (style, mark) = match line.listed {
            Share::All => (GOOD, "✓"),
            Share::Part => (WARNING, "~"),
            Share::Nothing => (ERROR, "✗"),
        };
        let lead =
            [Span::blank(2), Span::new(style, mark), Span::blank(1), Span::ink(&line.cidr).padded(18), Span::blank(2)];
        let standing = [Span::ink(words.share(line.listed)), Span::dim(words.kakao_share(line.kakao))];
        paper.items(&lead, 6, &standing, " · ");
    }
    let left = diff.lines.len().saturating_sub(most);
    if left > 0 {
        paper.line(&[Span::blank(4), Span::dim(filled(words.more, &left.to_string()))]);
    }
    let sentence = words.not_kakaos.replace("{lines}", &diff.lines.len().to_string());
    paper.block(&[Span::blank(2)], 2, &[Span::dim(filled(&sentence, &strange.to_string()))]);
}

/// Days before a change from which it is worth a colour.
const SOON: i64 = 14;
const MOST_RANGES: usize = 16;
const MOST_LINES: usize = 40;
