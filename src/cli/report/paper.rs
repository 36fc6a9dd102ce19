//! Paper of a given width: lines, wrapped blocks, boxes. It knows nothing of reports. Text gets on it only as a [`Span`],
//! and a span holds only harmless text; newlines and the codes of our own styles are all that steers the terminal.

use std::fmt::Write as _;

use super::text::{Cell, Long, Span, cells, cut_end, cut_middle, shortened, width, wrap};
use crate::cli::style::INK;

/// What is being written.
#[derive(Debug)]
pub(in crate::cli) struct Paper {
    columns: usize,
    written: String,
}

impl Paper {
    /// An empty sheet.
    pub fn new(columns: usize) -> Self {
        Self { columns: columns.max(NARROWEST), written: String::new() }
    }

    /// Columns of a line.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// All that was written.
    pub fn finish(self) -> String {
        self.written
    }

    /// Adds lines that are written as they are. They must be harmless and end.
    pub fn raw(&mut self, lines: &str) {
        self.written.push_str(lines);
    }

    /// An empty line, unless nothing stands above it.
    pub fn gap(&mut self) {
        if !self.written.is_empty() {
            self.written.push('\n');
        }
    }

    /// A section begins.
    pub fn heading(&mut self, title: &str, notes: &[Span]) {
        self.gap();
        self.labelled(title, notes);
    }

    /// A title with what there is to say about it.
    pub fn labelled(&mut self, title: &str, notes: &[Span]) {
        self.items(&[Span::bold(title), Span::blank(2)], 4, notes, " · ");
    }

    /// One line, cut at its end.
    pub fn line(&mut self, spans: &[Span]) {
        self.write(&cut_end(&cells(spans), self.columns));
    }

    /// One line of `lead` and a value that is cut in the middle, as URLs are.
    pub fn address(&mut self, lead: &[Span], value: &Span) {
        let mut row = cells(lead);
        let room = self.columns.saturating_sub(width(&row));
        row.extend(cut_middle(&cells(std::slice::from_ref(value)), room));
        self.write(&cut_end(&row, self.columns));
    }

    /// Wrapped text after `lead`; further lines begin after `indent` columns.
    pub fn block(&mut self, lead: &[Span], indent: usize, spans: &[Span]) {
        self.wrapped(lead, &Span::blank(indent), spans, usize::MAX);
    }

    /// Short texts in a row after `lead`, with a separator between those that stand on the same line.
    pub fn items(&mut self, lead: &[Span], indent: usize, items: &[Span], separator: &str) {
        let separator = Span::dim(separator);
        let lead_width = width(&cells(lead));
        let (mut row, mut taken, mut rows): (Vec<Span>, usize, Vec<Vec<Span>>) = (Vec::new(), lead_width, Vec::new());
        for item in items {
            // What does not fit after the lead may fit below it.
            if row.is_empty() && rows.is_empty() && taken + item.columns() > self.columns && lead_width > indent {
                rows.push(Vec::new());
                taken = indent;
            }
            let more = separator.columns() + item.columns();
            if !row.is_empty() && taken + more > self.columns {
                rows.push(std::mem::take(&mut row));
                taken = indent;
            }
            if row.is_empty() {
                taken += item.columns();
            } else {
                row.push(separator.clone());
                taken += more;
            }
            row.push(item.clone());
        }
        rows.push(row);
        for (position, row) in rows.iter().enumerate() {
            let blank = [Span::blank(indent)];
            self.block(if position == 0 { lead } else { &blank }, indent, row);
        }
    }

    /// Wrapped text with the same `lead` before every line, cut after `lines`.
    pub fn quote(&mut self, lead: &Span, spans: &[Span], lines: usize) {
        self.wrapped(std::slice::from_ref(lead), lead, spans, lines);
    }

    fn wrapped(&mut self, lead: &[Span], indent: &Span, spans: &[Span], lines: usize) {
        let (lead, indent, text) = (cells(lead), cells(std::slice::from_ref(indent)), cells(spans));
        let room = |before: &[Cell<'_>]| self.columns.saturating_sub(width(before)).max(1);
        let rows = shortened(wrap(&text, room(&lead), room(&indent), Long::Cut), lines, room(&indent));
        for (position, row) in rows.into_iter().enumerate() {
            let mut line = if position == 0 { lead.clone() } else { indent.clone() };
            line.extend(row);
            self.write(&cut_end(&line, self.columns));
        }
    }

    /// A line of a box: `text` between two edges.
    pub fn boxed(&mut self, columns: usize, indent: usize, text: &[Span], lines: usize) {
        let text = cells(text);
        let edges = [Span::blank(indent), Span::dim("│ "), Span::dim(" │")];
        for row in shortened(wrap(&text, columns, columns, Long::Break), lines, columns) {
            let pad = [Span::blank(columns.saturating_sub(width(&row)))];
            let mut line = cells(edges.get(..2).unwrap_or_default());
            line.extend(row);
            line.extend(cells(&pad));
            line.extend(cells(edges.get(2..).unwrap_or_default()));
            self.write(&line);
        }
    }

    /// Writes one line: runs of one style between its codes, nothing after the last visible character.
    fn write(&mut self, row: &[Cell<'_>]) {
        let end = row.iter().rposition(|cell| !cell.is_space()).map_or(0, |last| last + 1);
        for run in row.get(..end).unwrap_or_default().chunk_by(|left, right| left.style == right.style) {
            let style = run.first().map_or(INK, |cell| cell.style);
            let text: String = run.iter().map(|cell| cell.text).collect();
            // Writing to a String cannot fail.
            let _written = write!(self.written, "{style}{text}{style:#}");
        }
        self.written.push('\n');
    }
}

/// Narrower than this nothing reads well; a terminal that is wraps by itself.
const NARROWEST: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;

    fn bare(paper: Paper) -> String {
        anstream::adapter::strip_str(&paper.finish()).to_string()
    }

    #[test]
    fn a_style_ends_on_the_line_on_which_it_began() {
        let mut paper = Paper::new(20);
        paper.block(&[], 2, &[Span::bold("one two three four five six")]);
        let written = paper.finish();
        assert_eq!(written.lines().count(), 2, "{written:?}");
        for line in written.lines() {
            assert!(line.ends_with("\u{1b}[0m"), "{line:?}");
        }
    }

    #[test]
    fn items_share_a_line_as_far_as_they_fit() {
        let items = ["one", "two", "three", "four"].map(Span::ink);
        for (columns, expected) in [(40, "- one · two · three · four\n"), (20, "- one · two · three\n    four\n")]
        {
            let mut paper = Paper::new(columns);
            paper.items(&[Span::ink("- ")], 4, &items, " · ");
            assert_eq!(bare(paper), expected);
        }
    }

    #[test]
    fn an_item_that_does_not_fit_after_its_lead_stands_below_it() {
        let mut paper = Paper::new(20);
        paper.items(&[Span::ink("a long lead: ")], 2, &[Span::ink("two words"), Span::ink("x")], " · ");
        assert_eq!(bare(paper), "a long lead:\n  two words · x\n");
    }

    #[test]
    fn nothing_is_wider_than_the_paper_and_nothing_stands_at_its_end() {
        let mut paper = Paper::new(20);
        paper.line(&[Span::ink("a line that is too long for it")]);
        paper.address(&[Span::ink("see ")], &Span::ink("https://example.com/a/b.jpg"));
        paper.line(&[Span::ink("blanks"), Span::blank(5)]);
        assert_eq!(bare(paper), "a line that is too …\nsee https://e…/b.jpg\nblanks\n");
    }
}
