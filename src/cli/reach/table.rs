//! The verdict on a terminal: the answer first, then what shows it, what to do, and what was not proved.

use anstyle::Style;

use super::super::{
    options::Language,
    report::{paper::Paper, text::Span},
    style::{BOLD, DIM, ERROR, GOOD, Screen, WARNING},
};
use crate::{
    finding::Text,
    reach::report::{Evidence, ReachReport, Reachability, Says},
    words::Words,
};

/// The report as it stands on the terminal.
pub(super) fn render(report: &ReachReport, words: &Words, screen: &Screen) -> String {
    let mut page = Page { words, language: screen.language, paper: Paper::new(screen.width) };
    page.verdict(report);
    page.evidence(&report.evidence);
    page.list("conflicts", &report.conflicts, Mark::Warning);
    page.list("advice", &report.advice, Mark::Number);
    page.list("limits", &report.limits, Mark::Dash);
    page.paper.finish()
}

struct Page<'a> {
    words: &'a Words,
    language: Language,
    paper: Paper,
}

/// What stands before an item.
#[derive(Debug, Clone, Copy)]
enum Mark {
    Number,
    Dash,
    Warning,
}

fn mark(verdict: Reachability) -> (Style, &'static str) {
    match verdict {
        Reachability::Reachable => (GOOD, "✓"),
        Reachability::Partly => (WARNING, "!"),
        Reachability::Blocked => (ERROR, "✗"),
        Reachability::CannotTell => (WARNING, "?"),
    }
}

fn says(says: Says) -> (Style, &'static str) {
    match says {
        Says::Passes => (GOOD, "✓"),
        Says::Partly => (WARNING, "!"),
        Says::Stops => (ERROR, "✗"),
        Says::Silent => (DIM, "?"),
        Says::Missing => (DIM, "-"),
    }
}

impl Page<'_> {
    fn pick<'a>(&self, text: &'a Text) -> &'a str {
        match self.language {
            Language::Ko => &text.ko,
            Language::En => &text.en,
        }
    }

    fn say(&self, section: &str, code: &str) -> String {
        let text = self.words.say(section, code, &[]);
        self.pick(&text).to_owned()
    }

    fn verdict(&mut self, report: &ReachReport) {
        let (style, mark) = mark(report.verdict);
        let headline = Span::new(style, self.pick(&report.headline));
        self.paper.block(&[Span::new(style, mark), Span::blank(1)], 2, &[headline]);
        self.paper.address(&[Span::blank(2)], &Span::dim(&report.requested_url));
        let Some(blocker) = &report.blocked_by else { return };
        let layer = self.say("layer", blocker.layer.word());
        let layer = match &blocker.name {
            Some(name) => format!("{layer}: {name}"),
            None => layer,
        };
        let reason = self.pick(&blocker.reason).to_owned();
        let mut rows = vec![("layer", layer), ("reason", reason)];
        rows.extend(blocker.place.clone().map(|place| ("place", place)));
        let labels: Vec<Span> = rows.iter().map(|(label, _)| Span::dim(self.say("export", label))).collect();
        let widest = labels.iter().map(Span::columns).max().unwrap_or_default();
        self.paper.gap();
        for (label, (_, value)) in labels.into_iter().zip(&rows) {
            let lead = [Span::blank(2), label.padded(widest), Span::blank(2)];
            self.paper.block(&lead, widest + 4, &[Span::ink(value)]);
        }
        if let Some(line) = &blocker.line {
            self.paper.block(&[Span::blank(widest + 4)], widest + 4, &[Span::bold(line)]);
        }
    }

    fn evidence(&mut self, rows: &[Evidence]) {
        self.paper.heading(&self.say("export", "evidence"), &[]);
        let kinds: Vec<Span> = rows.iter().map(|row| Span::new(BOLD, self.say("kind", row.kind))).collect();
        let widest = kinds.iter().map(Span::columns).max().unwrap_or_default();
        for (kind, row) in kinds.into_iter().zip(rows) {
            let (style, mark) = says(row.says);
            let lead = [Span::blank(2), Span::new(style, mark), Span::blank(1), kind.padded(widest), Span::blank(2)];
            let message = self.pick(&row.message).to_owned();
            let ink = if row.says == Says::Missing { Span::dim(message) } else { Span::ink(message) };
            self.paper.block(&lead, widest + 6, &[ink]);
            if let Some(proof) = row.proof.as_ref().filter(|proof| !proof.is_empty()) {
                self.paper.block(&[Span::blank(widest + 6)], widest + 6, &[Span::dim(proof)]);
            }
        }
    }

    fn list(&mut self, title: &str, items: &[Text], mark: Mark) {
        if items.is_empty() {
            return;
        }
        self.paper.heading(&self.say("export", title), &[]);
        for (number, item) in (1..).zip(items) {
            let mark = match mark {
                Mark::Number => Span::bold(format!("{number}.")),
                Mark::Dash => Span::dim("-"),
                Mark::Warning => Span::new(WARNING, "!"),
            };
            let indent = mark.columns() + 3;
            let text = Span::ink(self.pick(item));
            self.paper.block(&[Span::blank(2), mark, Span::blank(1)], indent, &[text]);
        }
    }
}
