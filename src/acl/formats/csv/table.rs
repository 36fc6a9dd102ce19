//! The table: which character parts its cells, which row is its header, and the line of every row. The cells' meaning is in
//! `cells`.

use super::{
    ADVICE,
    columns::{Column, column},
};
use crate::acl::{File, Malformed};

/// A table.
#[derive(Debug, Clone)]
pub struct Table {
    /// What parts the cells.
    pub delimiter: u8,
    /// The column of each cell, where it is one that is read.
    pub columns: Vec<Option<Column>>,
    /// The rows under the header that are not empty.
    pub rows: Vec<Row>,
}

/// A row.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its first line.
    pub line: u32,
    /// Its cells.
    pub cells: Vec<String>,
}

/// Rows before which a header is looked for: exports have titles and dates above it.
const HEADER_ROWS: usize = 30;
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// How surely a text is such a table.
pub fn recognise(text: &str) -> u8 {
    let head: String = text.lines().take(HEADER_ROWS).flat_map(|line| [line, "\n"]).collect();
    let Some((_, _, columns)) = header(&head) else { return 0 };
    let has = |wanted| columns.contains(&Some(wanted));
    if has(Column::Destination) || has(Column::Service) || has(Column::Port) { 75 } else { 40 }
}

/// The delimiter, the number of the header's row, and its columns.
type Header = (u8, usize, Vec<Option<Column>>);

fn header(text: &str) -> Option<Header> {
    let mut best: Option<(usize, Header)> = None;
    for delimiter in DELIMITERS {
        for (number, cells) in records(text, delimiter).take(HEADER_ROWS).enumerate() {
            let columns: Vec<Option<Column>> = cells.iter().map(|cell| column(cell)).collect();
            let known = columns.iter().flatten().count();
            let enough = columns.contains(&Some(Column::Source)) && columns.contains(&Some(Column::Action));
            if enough && best.as_ref().is_none_or(|(count, _)| *count < known) {
                best = Some((known, (delimiter, number, columns)));
            }
        }
    }
    best.map(|(_, found)| found)
}

fn reader(text: &str, delimiter: u8) -> ::csv::Reader<&[u8]> {
    let text = text.trim_start_matches('\u{feff}');
    let mut builder = ::csv::ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes())
}

fn records(text: &str, delimiter: u8) -> impl Iterator<Item = Vec<String>> {
    let cells = |record: ::csv::StringRecord| record.iter().map(str::to_owned).collect();
    reader(text, delimiter).into_records().map_while(Result::ok).map(cells)
}

impl Table {
    /// Reads a table.
    pub fn read(file: &File) -> Result<Self, Malformed> {
        let text = file.text.as_ref();
        let (delimiter, at, columns) = header(text)
            .ok_or_else(|| Malformed::at(file, 0, 0, "there is no header row with a source and an action", ADVICE))?;
        if text.bytes().filter(|byte| *byte == b'"').count() % 2 == 1 {
            // Such a quote swallows every row after it.
            return Err(Malformed::at(file, 0, 0, "a quote is opened that is never closed", ADVICE));
        }
        let skipped = text.len() - text.trim_start_matches('\u{feff}').len();
        let ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
        let mut rows = Vec::new();
        for (number, record) in reader(text, delimiter).into_records().enumerate() {
            let record = record.map_err(|error| {
                let line = error.position().map_or(0, ::csv::Position::line);
                Malformed::at(file, u32::try_from(line).unwrap_or(0), 0, "a row that cannot be read", ADVICE)
            })?;
            if number <= at || record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            // The reader's position is before empty lines that it skipped.
            let start = record.position().map_or(0, ::csv::Position::byte);
            let start = usize::try_from(start).unwrap_or(usize::MAX).saturating_add(skipped);
            let gap = text.get(start..).map_or(0, |rest| rest.len() - rest.trim_start_matches(['\r', '\n']).len());
            let line = ends.partition_point(|end| *end < start + gap) + 1;
            let line = u32::try_from(line).unwrap_or(u32::MAX);
            rows.push(Row { line, cells: record.iter().map(str::to_owned).collect() });
        }
        if rows.is_empty() {
            return Err(Malformed::at(file, 0, 0, "there is no rule under the header", ADVICE));
        }
        Ok(Self { delimiter, columns, rows })
    }

    /// Whether there is such a column.
    pub fn has(&self, wanted: Column) -> bool {
        self.columns.contains(&Some(wanted))
    }

    /// Where the column is, the first of several.
    pub fn position(&self, wanted: Column) -> Option<usize> {
        self.columns.iter().position(|column| *column == Some(wanted))
    }

    /// The cell of a column; empty where there is none.
    pub fn cell<'a>(&self, row: &'a Row, wanted: Column) -> &'a str {
        self.position(wanted).and_then(|at| row.cells.get(at)).map_or("", String::as_str)
    }
}
