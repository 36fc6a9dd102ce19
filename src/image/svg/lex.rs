//! The skeleton of an XML text: prolog, tags, nesting. Enough to find the root element of an SVG and to refuse, before a real
//! parser is asked, what would cost that parser too much. Not a parser: what is well-formed is for that one to say.

use memchr::{memchr, memmem};

/// Attributes of one element. The XML parser compares each with each.
const MAX_ATTRIBUTES: usize = 256;
/// Namespace declarations of a document; each is looked through for each name.
const MAX_NAMESPACES: usize = 64;
/// Bytes that the entities of a document may come to where they are used.
const MAX_ENTITY_BYTES: usize = 1 << 20;

/// Why a text is not handed to the parser: broken, or too costly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    Broken(&'static str),
    Costly(String),
}

/// The place of the root element's `<`, behind everything that may stand before it (XML 1.0, 2.8).
pub(super) fn root(bytes: &[u8]) -> Option<usize> {
    let mut at = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    loop {
        let rest = bytes.get(at..)?;
        at += rest.len() - rest.trim_ascii_start().len();
        let rest = rest.trim_ascii_start();
        if rest.starts_with(b"<?") {
            at += memmem::find(rest, b"?>")? + 2;
        } else if rest.starts_with(b"<!--") {
            at += memmem::find(rest, b"-->")? + 3;
        } else if rest.get(..9).is_some_and(|word| word.eq_ignore_ascii_case(b"<!doctype")) {
            at += doctype(rest)?;
        } else {
            return rest.starts_with(b"<").then_some(at);
        }
    }
}

/// Bytes of the document type declaration, with its internal subset.
fn doctype(bytes: &[u8]) -> Option<usize> {
    let (mut at, mut quote, mut inside) = (0, None, false);
    loop {
        let byte = *bytes.get(at)?;
        match (quote, byte) {
            (Some(open), _) if byte == open => quote = None,
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'[') => inside = true,
            (None, b']') => inside = false,
            (None, b'<') if bytes.get(at..)?.starts_with(b"<!--") => at += memmem::find(bytes.get(at..)?, b"-->")?,
            (None, b'>') if !inside => return Some(at + 1),
            _ => {}
        }
        at += 1;
    }
}

/// A start tag.
pub(super) struct Tag<'a> {
    pub attributes: Vec<(&'a [u8], &'a [u8])>,
    /// True for `<x/>`.
    pub closed: bool,
    /// Bytes from `<` to `>`.
    pub length: usize,
}

/// The start tag that `bytes` begin with. Values are as they stand, entities and all.
pub(super) fn tag(bytes: &[u8]) -> Result<Tag<'_>, Fault> {
    const CUT: Fault = Fault::Broken("a tag has no end");
    let mut rest = bytes.get(1..).ok_or(CUT)?;
    let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>' | b'=');
    rest = rest.get(rest.iter().position(ends).ok_or(CUT)?..).unwrap_or_default();
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_ascii_start();
        let closed = rest.starts_with(b"/>");
        if closed || rest.starts_with(b">") {
            let length = bytes.len() - rest.len() + if closed { 2 } else { 1 };
            return Ok(Tag { attributes, closed, length });
        }
        let (key, after) = rest.split_at_checked(rest.iter().position(ends).ok_or(CUT)?).ok_or(CUT)?;
        let Some(after) = after.trim_ascii_start().strip_prefix(b"=") else {
            return Err(Fault::Broken("an attribute has no value"));
        };
        let after = after.trim_ascii_start();
        let Some((quote @ (b'"' | b'\''), after)) = after.split_first() else {
            return Err(Fault::Broken("the value of an attribute has no quotes"));
        };
        let (value, after) = after.split_at_checked(memchr(*quote, after).ok_or(CUT)?).ok_or(CUT)?;
        if attributes.len() == MAX_ATTRIBUTES {
            return Err(Fault::Costly(format!("an element has more than {MAX_ATTRIBUTES} attributes")));
        }
        attributes.push((key, value));
        rest = after.get(1..).unwrap_or_default();
    }
}

/// Walks all tags once and refuses what costs the parser too much. `max_tags` and `max_depth` count as they stand:
/// what `<use>` makes of them is for `weigh`.
pub(super) fn survey(bytes: &[u8], max_tags: u64, max_depth: usize) -> Result<(), Fault> {
    let start = root(bytes).ok_or(Fault::Broken("it has no root element"))?;
    entities(bytes.get(..start).unwrap_or_default(), bytes.get(start..).unwrap_or_default())?;
    let mut rest = bytes.get(start..).unwrap_or_default();
    let (mut tags, mut depth, mut namespaces) = (0, 0, 0);
    let unended = |what| Fault::Broken(what);
    while let Some(open) = memchr(b'<', rest) {
        rest = rest.get(open..).unwrap_or_default();
        let length = match rest {
            [b'<', b'!', b'-', b'-', ..] => memmem::find(rest, b"-->").ok_or(unended("a comment has no end"))? + 3,
            [b'<', b'!', b'[', ..] => memmem::find(rest, b"]]>").ok_or(unended("a CDATA section has no end"))? + 3,
            [b'<', b'?', ..] => memmem::find(rest, b"?>").ok_or(unended("an instruction has no end"))? + 2,
            [b'<', b'/', ..] => {
                depth = usize::saturating_sub(depth, 1);
                memchr(b'>', rest).ok_or(unended("a tag has no end"))? + 1
            }
            _ => {
                let tag = tag(rest)?;
                tags += 1;
                namespaces += tag.attributes.iter().filter(|(key, _)| key.starts_with(b"xmlns")).count();
                depth += usize::from(!tag.closed);
                tag.length
            }
        };
        if tags > max_tags {
            return Err(Fault::Costly(format!("it has more than {max_tags} elements")));
        }
        if depth > max_depth {
            return Err(Fault::Costly(format!("elements stand more than {max_depth} deep in each other")));
        }
        if namespaces > MAX_NAMESPACES {
            return Err(Fault::Costly(format!("it declares more than {MAX_NAMESPACES} namespaces")));
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    Ok(())
}

/// Entities are short names for plain text, as drawing programs write them, or they are a trap.
fn entities(prolog: &[u8], body: &[u8]) -> Result<(), Fault> {
    let Some(first) = memmem::find(prolog, b"<!ENTITY") else { return Ok(()) };
    let declarations = prolog.get(first..).unwrap_or_default();
    let refuse = |what: &str| Err(Fault::Costly(what.to_owned()));
    let mut rest = declarations;
    while let Some(at) = memmem::find(rest, b"<!ENTITY") {
        rest = rest.get(at + 8..).unwrap_or_default();
        let declaration = rest.get(..memmem::find(rest, b"<!").unwrap_or(rest.len())).unwrap_or_default();
        let Some(quote) = declaration.iter().position(|byte| matches!(byte, b'"' | b'\'')) else {
            return Err(Fault::Broken("an entity has no value"));
        };
        let (name, value) = declaration.split_at_checked(quote).unwrap_or_default();
        if memmem::find(name, b"SYSTEM").is_some() || memmem::find(name, b"PUBLIC").is_some() {
            return refuse("it declares external entities, which are never loaded");
        }
        if memchr(b'%', name).is_some() {
            return refuse("it declares parameter entities");
        }
        if value.iter().any(|byte| matches!(byte, b'&' | b'<')) {
            return refuse("its entities hold markup or further entities");
        }
    }
    let uses = memchr::memchr_iter(b'&', body).count();
    if uses.saturating_mul(declarations.len()) > MAX_ENTITY_BYTES {
        return refuse("its entities come to too much text");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_found_behind_everything_that_may_stand_before_it() {
        for before in [
            "",
            "\u{feff} ",
            "<?xml version='1.0'?><!-- <g> -->",
            "<!DOCTYPE svg PUBLIC \">\" '[' [ <!ENTITY a \"]>\"> <!-- ' --> ] >",
        ] {
            assert_eq!(root(format!("{before}<svg/>").as_bytes()), Some(before.len()), "{before}");
        }
        for text in ["<!DOCTYPE svg [", "<!-- ", "text", ""] {
            assert_eq!(root(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_tag_gives_its_attributes() {
        let text = b"<a b='1>' c = \"2'\"\n/>";
        let tag = tag(&[&text[..], b"rest"].concat()).map(|tag| (tag.closed, tag.length, tag.attributes.len()));
        assert_eq!(tag, Ok((true, text.len(), 2)));
    }

    #[test]
    fn a_broken_tag_is_told() {
        for text in ["<a", "<a b", "<a b=", "<a b=1>", "<a b='", "<a b>", "<a /b>"] {
            assert!(matches!(tag(text.as_bytes()), Err(Fault::Broken(_))), "{text}");
        }
    }

    #[test]
    fn a_text_is_surveyed_up_to_its_bounds() {
        let survey = |text: &str| survey(text.as_bytes(), 3, 2);
        assert_eq!(survey("<svg><g a='>'/><!-- <g><g><g> --><![CDATA[<g>]]><g></g></svg>"), Ok(()));
        assert!(
            matches!(survey("<svg><g/><g/><g/></svg>"), Err(Fault::Costly(reason)) if reason.contains("3 elements"))
        );
        assert!(matches!(survey("<svg><g><g></g></g></svg>"), Err(Fault::Costly(reason)) if reason.contains("2 deep")));
        assert!(matches!(survey("<!DOCTYPE svg [<!ENTITY a '<g/>'>]><svg/>"), Err(Fault::Costly(_))));
        assert!(matches!(survey("<!DOCTYPE svg [<!ENTITY a SYSTEM 'x'>]><svg/>"), Err(Fault::Costly(_))));
        assert_eq!(survey("<!DOCTYPE svg [<!ENTITY a 'b'>]><svg a='&a;'/>"), Ok(()));
    }
}
