//! Finds the lines of a stream that matter, block by block: those that hold a word, and those that begin with a directive. Pure:
//! who has bytes puts them into `space` and says how many; nothing is read here, and no line is understood.
//!
//! The word is looked for in whole blocks, so that a line without it costs nothing. A line ends at its line feed; a carriage return
//! before that, a byte order mark and leading NULs (what truncating a log in use leaves) are taken away. No more than
//! `max_line` bytes of a line are ever held: of a longer one that is what counts, wherever blocks end.

use memchr::{
    memchr,
    memmem::{FindIter, Finder},
    memrchr,
};

/// Which lines matter.
#[derive(Debug, Clone)]
pub struct Wanted {
    word: Finder<'static>,
    directive: Option<Finder<'static>>,
    every: bool,
}

impl Wanted {
    /// Lines that hold `word`, and lines that begin with `directive`.
    pub fn new(word: &str, directive: Option<&str>) -> Self {
        let directive = directive.map(|directive| Finder::new(directive).into_owned());
        Self { word: Finder::new(word).into_owned(), directive, every: false }
    }

    /// Every line that is not empty.
    #[must_use]
    pub fn every(self) -> Self {
        Self { every: true, ..self }
    }

    /// Whether a line holds the word.
    pub fn named(&self, line: &[u8]) -> bool {
        self.word.find(line).is_some()
    }

    fn wants(&self, line: &[u8]) -> bool {
        let directive = self.directive.as_ref().is_some_and(|directive| line.starts_with(directive.needle()));
        self.every && !line.is_empty() || directive || self.named(line)
    }

    /// The lines of whole lines that matter, in order; a line is cut to `max_line` bytes before it is judged.
    fn each(&self, block: &[u8], max_line: usize, sink: &mut impl Sink) {
        let mut give = |line: &[u8]| {
            let line = Found::of(line, max_line);
            if self.wants(line.text) {
                sink.found(line);
            }
        };
        if self.every {
            return lines(block).for_each(give);
        }
        let mut words = Places::new(&self.word, block);
        let mut directives = self.directive.as_ref().map(|directive| Places::new(directive, block));
        let mut from = 0;
        loop {
            let directive = directives.as_mut().and_then(|places| places.from(from));
            let Some(place) = [words.from(from), directive].into_iter().flatten().min() else { return };
            let start =
                block.get(from..place).and_then(|before| memrchr(b'\n', before)).map_or(from, |at| from + at + 1);
            let rest = block.get(start..).unwrap_or_default();
            let end = block.get(place..).and_then(|after| memchr(b'\n', after)).map_or(block.len(), |at| place + at);
            give(rest.get(..end - start).unwrap_or(rest));
            from = end + 1;
        }
    }
}

/// A line that matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found<'a> {
    /// Its text, without its end.
    pub text: &'a [u8],
    /// Whether it was longer than is read.
    pub cut: bool,
}

impl<'a> Found<'a> {
    fn of(line: &'a [u8], max_line: usize) -> Self {
        let line = unmarked(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match line.get(..max_line) {
            Some(text) if line.len() > max_line => Self { text, cut: true },
            _ => Self { text: line, cut: false },
        }
    }
}

/// A line without what stands before its text.
fn unmarked(mut line: &[u8]) -> &[u8] {
    while let Some(rest) = line.strip_prefix(b"\0").or_else(|| line.strip_prefix(b"\xef\xbb\xbf")) {
        line = rest;
    }
    line
}

/// Where a word stands in a block, asked for in rising order.
struct Places<'a> {
    found: FindIter<'a, 'a>,
    next: Option<usize>,
}

impl<'a> Places<'a> {
    fn new(finder: &'a Finder<'static>, block: &'a [u8]) -> Self {
        let mut found = finder.find_iter(block);
        let next = found.next();
        Self { found, next }
    }

    /// The first place at `from` or after it.
    fn from(&mut self, from: usize) -> Option<usize> {
        while self.next.is_some_and(|next| next < from) {
            self.next = self.found.next();
        }
        self.next
    }
}

/// The lines of a text, without their line feeds.
pub fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(text).filter(|text| !text.is_empty());
    std::iter::from_fn(move || {
        let text = rest?;
        match memchr(b'\n', text) {
            Some(end) => {
                rest = text.get(end + 1..).filter(|rest| !rest.is_empty());
                text.get(..end)
            }
            None => rest.take(),
        }
    })
}

/// A stream as it comes, cut into whole lines.
#[derive(Debug)]
pub struct Stream {
    buffer: Vec<u8>,
    filled: usize,
    max_line: usize,
    skipping: bool,
}

impl Stream {
    /// A stream that is taken in by blocks. The memory it uses is what is said here.
    pub fn new(block: usize, max_line: usize) -> Self {
        let max_line = max_line.max(1);
        // The block, and what may be left over of a line that is not too long yet.
        Self { buffer: vec![0; block.max(1) + max_line + SLACK], filled: 0, max_line, skipping: false }
    }

    /// Room for the next bytes; never empty.
    pub fn space(&mut self) -> &mut [u8] {
        self.buffer.get_mut(self.filled..).unwrap_or_default()
    }

    /// What has come and was not given out yet.
    pub fn pending(&self) -> &[u8] {
        self.buffer.get(..self.filled).unwrap_or_default()
    }

    /// Leaves out NULs at the beginning of what has come: the hole that a truncation left in a log in use.
    pub fn skip_hole(&mut self) {
        let hole = self.pending().iter().take_while(|byte| **byte == 0).count();
        self.buffer.copy_within(hole..self.filled, 0);
        self.filled -= hole;
    }

    /// So many bytes were put into the space.
    pub fn put(&mut self, count: usize) {
        self.filled = (self.filled + count).min(self.buffer.len());
    }

    /// Hands the lines that are whole to `sink`: one by one those that matter, then all of them at once.
    pub fn take(&mut self, wanted: &Wanted, sink: &mut impl Sink) {
        let Self { buffer, filled, max_line, skipping } = self;
        let all = buffer.get(..*filled).unwrap_or_default();
        let mut start = 0;
        if *skipping {
            let Some(end) = memchr(b'\n', all) else {
                *filled = 0;
                return;
            };
            start = end + 1;
            *skipping = false;
        }
        let rest = all.get(start..).unwrap_or_default();
        let whole = memrchr(b'\n', rest).map_or(0, |end| end + 1);
        let (lines, left) = rest.split_at_checked(whole).unwrap_or((rest, &[]));
        if !lines.is_empty() {
            wanted.each(lines, *max_line, sink);
            sink.block(lines);
        }
        let left = unmarked(left);
        let line = Found::of(left, *max_line);
        if line.cut {
            if wanted.wants(line.text) {
                sink.found(line);
            }
            *skipping = true;
            *filled = 0;
            return;
        }
        let kept = *filled - left.len()..*filled;
        *filled = left.len();
        buffer.copy_within(kept, 0);
    }

    /// The last line may have no end: hands it over as well. Whatever comes now begins a line.
    pub fn finish(&mut self, wanted: &Wanted, sink: &mut impl Sink) {
        self.take(wanted, sink);
        let left = self.pending();
        if !self.skipping && !left.is_empty() {
            wanted.each(left, self.max_line, sink);
            sink.block(left);
        }
        self.filled = 0;
        self.skipping = false;
    }
}

/// Who is given the lines.
pub trait Sink {
    /// A line that matters.
    fn found(&mut self, line: Found<'_>);

    /// All lines that were looked through since the last call.
    fn block(&mut self, lines: &[u8]);
}

/// Bytes beyond the longest line that may be held: its carriage return.
const SLACK: usize = 1;
