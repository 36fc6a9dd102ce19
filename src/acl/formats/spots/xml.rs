//! XML answers of cloud APIs as the same values as JSON: an element is an object of its children, or its text. Attributes,
//! comments and namespaces' meaning are left out; the answers have none that matter.

use quick_xml::{Reader, events::Event};

use super::{MAX_DEPTH, Node, Spot};
use crate::acl::{File, Malformed};

/// An element that is still open.
struct Open {
    name: String,
    line: u32,
    start: usize,
    text: String,
    children: Vec<(String, Spot)>,
}

impl Open {
    fn close(self, end: usize) -> (String, Spot) {
        let node = if !self.children.is_empty() {
            Node::Object(self.children)
        } else if self.text.trim().is_empty() {
            Node::Null
        } else {
            Node::Text(self.text.trim().to_owned())
        };
        (self.name, Spot { line: self.line, start: self.start, end, node })
    }
}

/// Reads a whole file: an object with the root element in it.
pub fn read(file: &File, advice: &str) -> Result<Spot, Malformed> {
    let text = file.text.as_ref();
    let ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
    let line_at =
        |at: usize| u32::try_from(ends.partition_point(|end| *end < at)).unwrap_or(u32::MAX).saturating_add(1);
    let wrong = |at: usize, what: String| Malformed::at(file, line_at(at), 0, format!("not XML: {what}"), advice);
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Open> = Vec::new();
    let mut roots = Vec::new();
    let position = |reader: &Reader<&[u8]>| usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
    loop {
        let start = position(&reader);
        let event = reader.read_event().map_err(|error| wrong(start, error.to_string()))?;
        let end = position(&reader);
        let element = |name: &str| Open {
            name: name.to_owned(),
            line: line_at(start),
            start,
            text: String::new(),
            children: Vec::new(),
        };
        let closed = match event {
            Event::Eof => break,
            Event::Start(tag) if open.len() < MAX_DEPTH => {
                open.push(element(tag.local_name().as_ref()));
                None
            }
            Event::Start(_) => return Err(wrong(start, "elements in elements, too deep".to_owned())),
            Event::Empty(tag) => Some(element(tag.local_name().as_ref()).close(end)),
            Event::End(_) => open.pop().map(|element| element.close(end)),
            Event::Text(text) => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(&text);
                }
                None
            }
            Event::CData(text) => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(&text);
                }
                None
            }
            Event::GeneralRef(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => None,
        };
        if let Some((name, spot)) = closed {
            match open.last_mut() {
                Some(element) => element.children.push((name, spot)),
                None => roots.push((name, spot)),
            }
        }
    }
    if let Some(element) = open.last() {
        return Err(wrong(element.start, format!("`<{}>` is not closed", element.name)));
    }
    if roots.is_empty() {
        return Err(wrong(0, "there is no element in it".to_owned()));
    }
    Ok(Spot { line: 1, start: 0, end: text.len(), node: Node::Object(roots) })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn elements_become_objects_with_their_lines() {
        let file = File::new("dump", "<?xml version=\"1.0\"?>\n<r>\n <a><b>1</b>\n <c/></a>\n</r>");
        let all = read(&file, "").unwrap();
        let a = all.get("r").unwrap().get("a").unwrap();
        assert_eq!((a.line, a.word("b"), a.get("c")), (3, Some("1"), None));
    }

    #[test]
    fn an_element_that_is_not_closed_is_told_with_its_line() {
        assert_eq!(read(&File::new("dump", "<r>\n<a>"), "").unwrap_err().line, 2);
    }

    proptest! {
        #[test]
        fn reading_never_panics(text in "[<>/a!\\[\\]&;\"' \n-]{0,40}") {
            let _either = read(&File::new("dump", &text), "");
        }
    }
}
