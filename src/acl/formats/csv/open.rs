//! Lets networks in by rows of their own before the row that refuses them, with the cells that it does not need as they are
//! there.

use super::{
    CHAIN,
    cells::{Outcome, enabled, outcome},
    columns::Column,
    table::{Row, Table},
};
use crate::acl::{File, Opening, Patch, formats::cloud::runs, insert_lines};

/// One row per network and run of ports.
pub fn open(files: &[File], opening: &Opening) -> Option<Patch> {
    if opening.chain != CHAIN {
        return None;
    }
    let index = opening.refused_at.map_or(files.len().checked_sub(1)?, |place| place.file);
    let file = files.get(index)?;
    let table = Table::read(file).ok()?;
    let refusing = opening.refused_at.filter(|_| !opening.by_policy).map(|place| place.line);
    let allows = |row: &&Row| outcome(table.cell(row, Column::Action)) == Some(Outcome::Allow);
    let model = match refusing {
        Some(line) => table.rows.iter().find(|row| row.line == line)?,
        None => table.rows.iter().find(allows).or(table.rows.last())?,
    };
    let allow = table.rows.iter().find(allows).map_or("허용", |row| table.cell(row, Column::Action));
    let in_use = |row: &&Row| enabled(table.cell(row, Column::Enabled)) == Some(true);
    let used = table.rows.iter().find(in_use).map_or("Y", |row| table.cell(row, Column::Enabled));
    let mut lines = Vec::new();
    for (from, to) in runs(&opening.ports) {
        let ports = if from == to { from.to_string() } else { format!("{from}-{to}") };
        for network in &opening.networks {
            let mut cells = model.cells.clone();
            cells.resize(table.columns.len().max(cells.len()), String::new());
            for (cell, column) in cells.iter_mut().zip(&table.columns) {
                let Some(column) = column else {
                    cell.clear();
                    continue;
                };
                let new = match column {
                    Column::Number | Column::Negated => String::new(),
                    Column::Enabled => used.to_owned(),
                    Column::Source => network.to_string(),
                    Column::Service => format!("TCP/{ports}"),
                    Column::Port => ports.clone(),
                    Column::Protocol => "TCP".to_owned(),
                    Column::Action => allow.to_owned(),
                    // The default refuses for every destination; where a model has others, it is none for this.
                    Column::Destination if refusing.is_none() => "any".to_owned(),
                    Column::SourcePort | Column::Time | Column::User | Column::Application => "any".to_owned(),
                    Column::Destination | Column::Direction | Column::SourceZone | Column::DestinationZone => continue,
                };
                *cell = new;
            }
            lines.push(line(&cells, table.delimiter));
        }
    }
    let text = insert_lines(&file.text, refusing.unwrap_or(u32::MAX), &lines);
    Some(Patch { files: vec![(index, text)], commands: Vec::new(), remarks: vec![("rules-order", String::new())] })
}

/// Cells as one line, quoted where they must be.
fn line(cells: &[String], delimiter: u8) -> String {
    let delimiter = char::from(delimiter);
    let quoted = |cell: &String| {
        if cell.contains([delimiter, '"', '\n', '\r']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.clone()
        }
    };
    cells.iter().map(quoted).collect::<Vec<_>>().join(&delimiter.to_string())
}
