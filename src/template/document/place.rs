//! Bytes of a text to lines and columns. Columns are counted in characters, as an editor and `printf` count them.

/// Finds lines and columns in one text, each in constant time, however long its lines are.
pub(super) struct Places<'a> {
    text: &'a [u8],
    /// Byte at which each line begins.
    lines: Vec<usize>,
    /// Characters before each block of bytes.
    blocks: Vec<usize>,
}

const BLOCK: usize = 64;

impl<'a> Places<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let bytes = text.as_bytes();
        let mut lines = vec![0];
        lines.extend(bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1));
        let mut blocks = Vec::with_capacity(bytes.len() / BLOCK + 1);
        let mut characters = 0;
        for block in bytes.chunks(BLOCK) {
            blocks.push(characters);
            characters += starts(block);
        }
        Self { text: bytes, lines, blocks }
    }

    /// Line and column of a byte, from 1; a byte past the end is the end.
    pub(super) fn at(&self, byte: usize) -> (u32, u32) {
        let byte = byte.min(self.text.len());
        let line = self.lines.partition_point(|start| *start <= byte);
        let start = self.lines.get(line.saturating_sub(1)).copied().unwrap_or_default();
        let column = self.characters(byte).saturating_sub(self.characters(start)) + 1;
        (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
    }

    /// Line and column of a byte in a line, both from 1.
    pub(super) fn in_line(&self, line: usize, column: usize) -> (u32, u32) {
        let start = self.lines.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len());
        self.at(start + column.saturating_sub(1))
    }

    fn characters(&self, byte: usize) -> usize {
        let block = byte / BLOCK;
        let (Some(before), Some(rest)) = (self.blocks.get(block), self.text.get(block * BLOCK..byte)) else {
            // Past the last block: only where the text ends with it.
            let last = self.blocks.last().copied().unwrap_or_default();
            let rest = self.text.get(self.blocks.len().saturating_sub(1) * BLOCK..).unwrap_or_default();
            return last + starts(rest);
        };
        before + starts(rest)
    }
}

/// Characters that begin in these bytes of UTF-8.
fn starts(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}
