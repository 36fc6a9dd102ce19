//! Byte offsets into lines and columns, both from 1, as an editor shows them. A column counts characters, not bytes.
//! Each tag's place is asked for once, in document order, so the text is walked only once whatever its lines are like.

use memchr::{memchr_iter, memrchr};

/// Walks a text and says where offsets are. Ascending offsets cost one walk in all, also within one very long line.
#[derive(Debug)]
pub struct Positions<'t> {
    text: &'t [u8],
    offset: usize,
    line: u32,
    column: u32,
}

impl<'t> Positions<'t> {
    /// Starts at the beginning of `text`.
    pub fn new(text: &'t str) -> Self {
        Self { text: text.as_bytes(), offset: 0, line: 1, column: 1 }
    }

    /// Line and column of the character at `offset`. An offset before the last one is allowed, but walks from the start again.
    pub fn at(&mut self, offset: usize) -> (u32, u32) {
        if offset < self.offset {
            (self.offset, self.line, self.column) = (0, 1, 1);
        }
        let walked = self.text.get(self.offset..offset).unwrap_or_default();
        // Lines end at LF only: CR LF ends there too, and a lone CR ends no line in the editors people use today.
        if let Some(last) = memrchr(b'\n', walked) {
            self.line += count(memchr_iter(b'\n', walked).count());
            self.column = 1 + characters(walked.get(last + 1..).unwrap_or_default());
        } else {
            self.column += characters(walked);
        }
        self.offset += walked.len();
        (self.line, self.column)
    }
}

/// Characters of UTF-8: every byte but the continuation bytes (RFC 3629, 3).
fn characters(bytes: &[u8]) -> u32 {
    count(bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count())
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_end_at_lf() {
        let text = "가나<a>\r\n\n  <b>";
        let mut positions = Positions::new(text);
        assert_eq!(positions.at(0), (1, 1));
        assert_eq!(positions.at(text.find("<a>").unwrap()), (1, 3));
        assert_eq!(positions.at(text.find("<b>").unwrap()), (3, 3));
        assert_eq!(positions.at(text.find("<a>").unwrap()), (1, 3), "going back is allowed");
    }

    #[test]
    fn several_places_in_one_line_add_up() {
        let mut positions = Positions::new("가가<a>나<b>");
        assert_eq!(positions.at(6), (1, 3));
        assert_eq!(positions.at(12), (1, 7));
        assert_eq!(positions.at(12), (1, 7));
    }
}
