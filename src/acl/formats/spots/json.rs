//! JSON (RFC 8259) with the place of every value. Strict; it keeps numbers as they are written. It knows no dialect.

use super::{MAX_DEPTH, Node, Spot};
use crate::acl::{File, Malformed};

/// Reads a whole file.
pub fn read(file: &File, advice: &str) -> Result<Spot, Malformed> {
    let mut reader = Reader { file, advice, bytes: file.text.as_bytes(), at: 0, line: 1, line_start: 0 };
    if file.text.starts_with('\u{feff}') {
        reader.at = '\u{feff}'.len_utf8();
    }
    reader.skip_space();
    let value = reader.value(0)?;
    reader.skip_space();
    if reader.at < reader.bytes.len() {
        return Err(reader.wrong("there is something after the JSON's end"));
    }
    Ok(value)
}

struct Reader<'a> {
    file: &'a File,
    advice: &'a str,
    bytes: &'a [u8],
    at: usize,
    line: u32,
    line_start: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while let Some(byte @ (b' ' | b'\t' | b'\r' | b'\n')) = self.peek() {
            self.at += 1;
            if byte == b'\n' {
                self.line = self.line.saturating_add(1);
                self.line_start = self.at;
            }
        }
    }

    fn wrong(&self, what: &str) -> Malformed {
        let before = self.bytes.get(self.line_start..self.at).unwrap_or_default();
        let column = String::from_utf8_lossy(before).chars().count();
        let column = u32::try_from(column).unwrap_or(u32::MAX).saturating_add(1);
        Malformed::at(self.file, self.line, column, format!("not JSON: {what}"), self.advice)
    }

    fn expect(&mut self, byte: u8, what: &str) -> Result<(), Malformed> {
        if self.peek() != Some(byte) {
            return Err(self.wrong(what));
        }
        self.at += 1;
        Ok(())
    }

    fn value(&mut self, depth: usize) -> Result<Spot, Malformed> {
        if depth > MAX_DEPTH {
            return Err(self.wrong("lists in lists, too deep"));
        }
        let (line, start) = (self.line, self.at);
        let node = match self.peek() {
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => Node::Text(self.string()?),
            Some(b't') => self.literal("true", Node::Bool(true))?,
            Some(b'f') => self.literal("false", Node::Bool(false))?,
            Some(b'n') => self.literal("null", Node::Null)?,
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(_) => return Err(self.wrong("a value was expected")),
            None => return Err(self.wrong("it ends too early")),
        };
        Ok(Spot { line, start, end: self.at, node })
    }

    fn literal(&mut self, word: &str, node: Node) -> Result<Node, Malformed> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if !rest.starts_with(word.as_bytes()) {
            return Err(self.wrong("a value was expected"));
        }
        self.at += word.len();
        Ok(node)
    }

    fn number(&mut self) -> Result<Node, Malformed> {
        let start = self.at;
        while let Some(b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        let text = self.bytes.get(start..self.at).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
        if text.parse::<f64>().is_err() {
            self.at = start;
            return Err(self.wrong("a number was expected"));
        }
        Ok(Node::Number(text.to_owned()))
    }

    fn list(&mut self, depth: usize) -> Result<Node, Malformed> {
        self.at += 1;
        let mut items = Vec::new();
        self.skip_space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Node::List(items));
        }
        loop {
            self.skip_space();
            items.push(self.value(depth + 1)?);
            self.skip_space();
            if self.peek() == Some(b',') {
                self.at += 1;
                continue;
            }
            self.expect(b']', "`,` or `]` was expected")?;
            return Ok(Node::List(items));
        }
    }

    fn object(&mut self, depth: usize) -> Result<Node, Malformed> {
        self.at += 1;
        let mut fields = Vec::new();
        self.skip_space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Node::Object(fields));
        }
        loop {
            self.skip_space();
            if self.peek() != Some(b'"') {
                return Err(self.wrong("a name in quotes was expected"));
            }
            let name = self.string()?;
            self.skip_space();
            self.expect(b':', "`:` was expected")?;
            self.skip_space();
            fields.push((name, self.value(depth + 1)?));
            self.skip_space();
            if self.peek() == Some(b',') {
                self.at += 1;
                continue;
            }
            self.expect(b'}', "`,` or `}` was expected")?;
            return Ok(Node::Object(fields));
        }
    }

    /// The string that starts here. `serde_json` undoes its escapes; only its end is looked for here.
    fn string(&mut self) -> Result<String, Malformed> {
        let start = self.at;
        self.at += 1;
        let mut escaped = false;
        loop {
            match self.peek() {
                None => {
                    self.at = start;
                    return Err(self.wrong("a string does not end"));
                }
                Some(b'\n') => return Err(self.wrong("a string does not end in its line")),
                Some(byte) => {
                    self.at += 1;
                    if byte == b'"' && !escaped {
                        break;
                    }
                    escaped = byte == b'\\' && !escaped;
                }
            }
        }
        let raw = self.bytes.get(start..self.at).unwrap_or_default();
        serde_json::from_slice(raw).map_err(|error| {
            self.at = start;
            self.wrong(&format!("a string with a fault in it ({error})"))
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn spot(text: &str) -> Result<Spot, Malformed> {
        read(&File::new("dump", text), "dump it again")
    }

    #[test]
    fn every_value_knows_its_line_and_its_bytes() {
        let text = "{\n \"a\": [1,\n  {\"b\": \"x\\u00e9\"}]\n}";
        let all = spot(text).unwrap();
        let list = all.list("a");
        assert_eq!((list[0].line, list[1].line), (2, 3));
        assert_eq!(list[1].word("b"), Some("x\u{e9}"));
        assert_eq!(text.get(list[1].start..list[1].end), Some("{\"b\": \"x\\u00e9\"}"));
    }

    #[test]
    fn a_fault_is_told_with_line_and_column() {
        let error = spot("{\n  \"a\": 1\n  \"b\": 2\n}").unwrap_err();
        assert_eq!((error.line, error.column), (3, 3));
        assert!(spot("{\"a\": 1} tail").is_err());
        assert!(spot(&"[".repeat(100_000)).is_err());
    }

    proptest! {
        #[test]
        fn reading_never_panics_and_agrees_with_serde_json(text in "[\\[\\]{}:,\"a1\\\\ \n.-]{0,40}") {
            let ours = spot(&text).is_ok();
            if serde_json::from_str::<serde_json::Value>(&text).is_ok() {
                prop_assert!(ours, "{text}");
            }
        }
    }
}
