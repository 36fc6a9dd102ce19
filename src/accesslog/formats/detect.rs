//! Which format a file is in, by trying them all on its first lines.

use super::{Dialect, FORMATS, Format};
use crate::accesslog::Line;

/// Lines that are tried.
const LINES: usize = 200;

/// The format that reads most lines, and at least four of five; of several that read nearly as many, the most specific: what clients put
/// into a header spoils a line of nginx's main for that format, but not for combined, which reads all of main.
pub(super) fn detect(sample: &str) -> Option<Dialect> {
    let mut tried: Vec<_> = FORMATS.iter().filter_map(|format| tried(format, sample)).collect();
    tried.retain(|Tried { read, asked, .. }| *read > 0 && read * 5 >= asked * 4);
    let most = tried.iter().map(|tried| tried.read).max()?;
    let best = tried
        .into_iter()
        .filter(|tried| tried.read * 20 >= most * 19)
        .max_by_key(|tried| (tried.dialect.format().specificity(), tried.read))?;
    Some(best.dialect.loosely(best.agents))
}

/// A format on a sample.
struct Tried {
    dialect: Dialect,
    /// Lines that it reads.
    read: usize,
    /// Lines that are no comments.
    asked: usize,
    /// Whether any named a `User-Agent`.
    agents: bool,
}

fn tried(format: &'static Format, sample: &str) -> Option<Tried> {
    let mut dialect = Dialect::of(format).ok()?.strictly();
    let (mut read, mut asked, mut agents) = (0, 0, false);
    for line in sample.lines().take(LINES) {
        match dialect.read(line.as_bytes()) {
            Line::Entry(entry) => {
                (read, asked) = (read + 1, asked + 1);
                agents |= entry.user_agent.is_some();
            }
            Line::Unreadable => asked += 1,
            Line::Other => {}
        }
    }
    Some(Tried { dialect, read, asked, agents })
}
