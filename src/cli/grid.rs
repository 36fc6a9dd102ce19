//! A table that fits its paper: a column that says nothing is left out, one that may shrink does, and where that is not enough
//! the least wanted columns go. It knows neither what is in its cells nor in which language.

use super::report::{paper::Paper, text::Span};

/// A column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    title: &'static str,
    right: bool,
    shrinks: bool,
    wanted: u8,
}

impl Column {
    /// A column of text. Of those that do not fit, the ones with the lowest `wanted` go first.
    pub const fn text(title: &'static str, wanted: u8) -> Self {
        Self { title, right: false, shrinks: false, wanted }
    }

    /// A column of numbers.
    pub const fn number(title: &'static str, wanted: u8) -> Self {
        Self { title, right: true, shrinks: false, wanted }
    }

    /// A column of texts that may be cut, such as paths.
    pub const fn shrinking(title: &'static str, wanted: u8) -> Self {
        Self { title, right: false, shrinks: true, wanted }
    }
}

/// Columns and rows.
#[derive(Debug)]
pub(super) struct Grid {
    columns: Vec<Column>,
    rows: Vec<Vec<Span>>,
}

impl Grid {
    /// A table without rows.
    pub fn new(columns: impl Into<Vec<Column>>) -> Self {
        Self { columns: columns.into(), rows: Vec::new() }
    }

    /// Adds a row: a cell for each column.
    pub fn row(&mut self, cells: impl Into<Vec<Span>>) {
        self.rows.push(cells.into());
    }

    /// Writes titles and rows after `indent` columns.
    pub fn write(&self, indent: usize, paper: &mut Paper) {
        if self.rows.is_empty() {
            return;
        }
        let shown = self.fitted(paper.columns().saturating_sub(indent));
        if shown.iter().any(|(_, column, _)| !column.title.is_empty()) {
            write_row(indent, &shown, |_, column| Span::dim(column.title), paper);
        }
        for row in &self.rows {
            write_row(indent, &shown, |place, _| cell(row, place), paper);
        }
    }

    /// The columns that are shown, each with its place and width.
    fn fitted(&self, room: usize) -> Vec<(usize, Column, usize)> {
        let mut shown: Vec<(usize, Column, usize)> = Vec::new();
        for (place, column) in self.columns.iter().enumerate() {
            let widest = self.rows.iter().map(|row| cell(row, place).columns()).max().unwrap_or_default();
            if widest > 0 {
                shown.push((place, *column, widest.max(Span::ink(column.title).columns())));
            }
        }
        loop {
            let over = (taken(&shown) + 1).saturating_sub(room + 1);
            if over == 0 {
                return shown;
            }
            if let Some((_, _, width)) =
                shown.iter_mut().find(|(_, column, width)| column.shrinks && width.saturating_sub(over) >= NARROWEST)
            {
                *width -= over;
                return shown;
            }
            let Some((least, _)) = shown.iter().enumerate().rev().min_by_key(|(_, (_, column, _))| column.wanted)
            else {
                return shown;
            };
            if shown.len() == 1 {
                if let Some((_, _, width)) = shown.first_mut() {
                    *width = (*width).min(room);
                }
                return shown;
            }
            shown.remove(least);
        }
    }
}

fn write_row(indent: usize, shown: &[(usize, Column, usize)], of: impl Fn(usize, Column) -> Span, paper: &mut Paper) {
    let mut line = vec![Span::blank(indent)];
    for (position, (place, column, width)) in shown.iter().enumerate() {
        if position > 0 {
            line.push(Span::blank(GAP));
        }
        let span = of(*place, *column).cut(*width);
        if column.right {
            line.push(Span::blank(width.saturating_sub(span.columns())));
            line.push(span);
        } else {
            line.push(span.padded(*width));
        }
    }
    paper.line(&line);
}

fn cell(row: &[Span], place: usize) -> Span {
    row.get(place).cloned().unwrap_or_else(|| Span::blank(0))
}

fn taken(shown: &[(usize, Column, usize)]) -> usize {
    shown.iter().map(|(_, _, width)| width).sum::<usize>() + GAP * shown.len().saturating_sub(1)
}

/// Blanks between columns.
const GAP: usize = 2;
/// A column that may shrink does so down to this.
const NARROWEST: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;

    fn written(columns: usize, grid: &Grid) -> String {
        let mut paper = Paper::new(columns);
        grid.write(2, &mut paper);
        anstream::adapter::strip_str(&paper.finish()).to_string()
    }

    fn sample() -> Grid {
        let mut grid = Grid::new([
            Column::text("range", 9),
            Column::number("requests", 8),
            Column::number("4xx", 7),
            Column::shrinking("path", 5),
            Column::text("last", 1),
        ]);
        for (range, requests, path) in
            [("27.0.236.0/22", "1,204", "/a/long/path/of/a/page"), ("220.64.0.0/16", "3", "/p")]
        {
            grid.row([range, requests, "", path, "11-23"].map(Span::ink));
        }
        grid
    }

    #[test]
    fn columns_stand_under_their_titles_and_empty_ones_are_left_out() {
        assert_eq!(
            written(80, &sample()),
            "  range          requests  path                    last\n  \
               27.0.236.0/22     1,204  /a/long/path/of/a/page  11-23\n  \
               220.64.0.0/16         3  /p                      11-23\n"
        );
    }

    #[test]
    fn what_does_not_fit_shrinks_and_then_goes_least_wanted_first() {
        let shrunk = written(50, &sample());
        assert!(shrunk.contains("/a/long/") && shrunk.contains('…') && shrunk.contains("11-23"), "{shrunk}");
        let without_last = written(40, &sample());
        assert!(!without_last.contains("11-23") && without_last.contains("path"), "{without_last}");
        let two = written(30, &sample());
        assert!(two.contains("1,204") && !two.contains("path"), "{two}");
    }

    #[test]
    fn nothing_is_wider_than_the_paper() {
        for columns in 20..90 {
            for line in written(columns, &sample()).lines() {
                assert!(line.chars().count() <= columns, "{columns}: {line}");
            }
        }
    }

    #[test]
    fn a_table_without_rows_is_nothing() {
        assert_eq!(written(80, &Grid::new([Column::text("range", 1)])), "");
    }
}
