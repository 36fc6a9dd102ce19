//! Pieces that the tables of this folder share: marks, places, the list that was asked about, commands that can be copied.

use anstyle::Style;

use super::{
    super::{
        report::{paper::Paper, text::Span},
        style::{BOLD, ERROR, GOOD, WARNING},
    },
    words::{Words, counted, filled},
};
use crate::acl::{
    list::Origin,
    report::{ListUsed, Standing},
};

/// What stands for a verdict.
pub(super) fn mark(standing: Standing) -> Span {
    let (style, mark) = match standing {
        Standing::Allowed => (GOOD, "✓"),
        Standing::Partial | Standing::Denied => (ERROR, "✗"),
        Standing::Undetermined => (WARNING, "?"),
    };
    Span::new(style, mark)
}

pub(super) fn style(standing: Standing) -> Style {
    match standing {
        Standing::Allowed => GOOD,
        Standing::Partial | Standing::Denied => ERROR,
        Standing::Undetermined => WARNING,
    }
}

/// The list that was asked about, with its age.
pub(super) fn write_list(list: &ListUsed, paper: &mut Paper, words: &Words) {
    let style = if list.origin == Origin::Announced { WARNING } else { BOLD };
    let mut line = vec![Span::new(style, words.list), Span::blank(2), Span::ink(words.pick(&list.note))];
    let age = list.age_days.and_then(|days| usize::try_from(days).ok());
    let facts = [
        Some(list.name.clone()).filter(|_| list.origin != Origin::Announced),
        age.map(|days| counted(words.age, days)),
    ];
    let facts: Vec<String> = facts.into_iter().flatten().collect();
    if !facts.is_empty() {
        line.push(Span::dim(format!(" ({})", facts.join(", "))));
    }
    paper.gap();
    paper.block(&[], 4, &line);
}

/// A command that can be copied: whole words, and a backslash where a line must end before it.
pub(super) fn write_command(command: &[String], paper: &mut Paper) {
    let room = paper.columns().saturating_sub(4);
    let mut rows: Vec<String> = Vec::new();
    for word in command {
        let fits = |row: &String| Span::ink(row).columns() + Span::ink(word).columns() + 3 <= room;
        match rows.last_mut().filter(|row| fits(row)) {
            Some(row) => {
                row.push(' ');
                row.push_str(word);
            }
            None => rows.push(word.clone()),
        }
    }
    let last = rows.len();
    for (number, row) in (1..).zip(rows) {
        let indent = Span::blank(if number == 1 { 2 } else { 4 });
        paper.line(&[indent, Span::ink(row), Span::ink(if number < last { " \\" } else { "" })]);
    }
}

/// `rules.v4:12`, or as much of it as is known.
pub(super) fn place(file: Option<&str>, line: Option<u32>) -> String {
    match (file, line) {
        (Some(file), Some(line)) => format!("{file}:{line}"),
        (Some(file), None) => file.to_owned(),
        (None, _) => String::new(),
    }
}

impl Words {
    /// `ports 80, 443`
    pub(super) fn port_list(&self, ports: &[u16]) -> String {
        let [one, several] = self.ports;
        let list: Vec<String> = ports.iter().map(ToString::to_string).collect();
        filled(if ports.len() == 1 { one } else { several }, &list.join(", "))
    }
}
