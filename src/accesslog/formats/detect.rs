//! Which format a file is in, by trying them all on its first lines.

use super::{Dialect, FORMATS, Format};
use crate::accesslog::Line;

/// Lines that are tried.
const LINES: usize = 200;

/// The format that reads most lines, and at least four of five; of several that read nearly as many, the most specific: what clients put
/// into a header spoils a line of nginx's main for that format, but not for combined, which reads all of main.
pub(super) fn detect(sample: &str) -> Option<Dialect> {
    let mut tried: Vec<_> = FORMATS.iter().filter_map(|format| tried(format, sample)).collect();
    tried.retain(|(_, read, asked)| *read > 0 && read * 5 >= asked * 4);
    let most = tried.iter().map(|(_, read, _)| *read).max()?;
    let best = tried
        .into_iter()
        .filter(|(_, read, _)| read * 20 >= most * 19)
        .max_by_key(|(dialect, read, _)| (dialect.format().specificity(), *read));
    best.map(|(dialect, ..)| dialect.loosely())
}

/// How many lines a format reads, of how many that are no comments.
fn tried(format: &'static Format, sample: &str) -> Option<(Dialect, usize, usize)> {
    let mut dialect = Dialect::of(format).ok()?.strictly();
    let (mut read, mut asked) = (0, 0);
    for line in sample.lines().take(LINES) {
        match dialect.read(line.as_bytes()) {
            Line::Entry(_) => (read, asked) = (read + 1, asked + 1),
            Line::Unreadable => asked += 1,
            Line::Other => {}
        }
    }
    Some((dialect, read, asked))
}
