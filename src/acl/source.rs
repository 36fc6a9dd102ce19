//! The files of a dump, as they came: names, text, lines. Every rule keeps its place in one, so that every verdict can show
//! the line that decided. No format is known here.

use std::{fmt, sync::Arc};

/// One file of a dump. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// What it is called, for people.
    pub name: Arc<str>,
    /// What is in it. Another text is another file: places of lines are remembered.
    pub text: Arc<str>,
    /// Where each line starts, so that any of them is found at once.
    starts: Arc<[usize]>,
}

impl File {
    /// A file.
    pub fn new(name: &str, text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect();
        Self { name: name.into(), text: text.into(), starts }
    }

    /// Its lines with their numbers, from 1, without their ends.
    pub fn lines(&self) -> impl Iterator<Item = (u32, &str)> {
        (1..).zip(self.text.lines())
    }

    /// One line, by its number.
    pub fn line(&self, number: u32) -> Option<&str> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        self.text.get(*self.starts.get(index)?..)?.lines().next()
    }
}

/// A line of a dump.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// Which of the dump's files, from 0.
    pub file: usize,
    /// The line, from 1.
    pub line: u32,
}

impl Place {
    /// A line of a file.
    pub fn new(file: usize, line: u32) -> Self {
        Self { file, line }
    }
}

/// A file that is not what it was said to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// Name of the file.
    pub file: Arc<str>,
    /// Line, from 1; 0 where the file as a whole is meant.
    pub line: u32,
    /// Column in characters, from 1; 0 where the line as a whole is meant.
    pub column: u32,
    /// What is wrong there, lower case, no full stop.
    pub what: String,
    /// What to do about it.
    pub advice: String,
}

impl std::error::Error for Malformed {}

impl fmt::Display for Malformed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.file)?;
        if self.line > 0 {
            write!(formatter, ", line {}", self.line)?;
        }
        if self.column > 0 {
            write!(formatter, ", column {}", self.column)?;
        }
        write!(formatter, ": {}", self.what)
    }
}

impl Malformed {
    /// What is wrong at a line and column of a file.
    pub fn at(file: &File, line: u32, column: u32, what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { file: Arc::clone(&file.name), line, column, what: what.into(), advice: advice.into() }
    }
}
