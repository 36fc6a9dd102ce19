//! A small HTML tokenizer: tags, text and raw text with their places, nothing decoded, nothing allocated, one walk.
//! It builds no tree and reads no attributes. `head` uses it to see where the head ends and what could end it early,
//! `rules` to see whether a page has any text.

use memchr::{memchr, memchr_iter, memchr2};

/// One piece of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'t> {
    /// Text between tags.
    Text(&'t str),
    /// A start tag with its name as written.
    Start(&'t str),
    /// An end tag with its name as written.
    End(&'t str),
    /// What stands in an element whose content is not markup, such as `<script>`; the name as written.
    Raw(&'t str, &'t str),
}

/// The tokens of a text with the offset of each. Comments, doctypes and an unfinished tag at the end give none.
#[derive(Debug)]
pub struct Tokens<'t> {
    text: &'t str,
    at: usize,
    raw: Option<&'t str>,
    foreign: Option<&'static str>,
    unfinished: bool,
}

impl<'t> Tokens<'t> {
    /// The tokens from the start of `text`.
    pub fn new(text: &'t str) -> Self {
        Self { text, at: 0, raw: None, foreign: None, unfinished: false }
    }

    /// True if the text ended inside a tag, a comment or an element with raw text.
    pub fn unfinished(&self) -> bool {
        self.unfinished
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Takes the next `length` bytes; a length inside a character or past the end takes all there is.
    fn take(&mut self, length: usize) -> &'t str {
        let (taken, rest) = self.rest().split_at_checked(length).unwrap_or((self.rest(), ""));
        self.at = self.text.len() - rest.len();
        taken
    }

    fn take_rest(&mut self) {
        self.unfinished = true;
        self.at = self.text.len();
    }

    /// A comment, a doctype or a bogus comment: `<!`, `<?`, `</` without a letter.
    fn skip_comment(&mut self) {
        let rest = self.rest();
        let length = match rest.strip_prefix("<!--") {
            Some(body) => comment_end(body).map(|end| end + 4),
            None => memchr(b'>', rest.as_bytes()).map(|end| end + 1),
        };
        match length {
            Some(length) => {
                self.take(length);
            }
            None => self.take_rest(),
        }
    }

    /// A tag of which `opening` bytes (`<` or `</`) come before its name.
    fn tag(&mut self, opening: usize) -> Option<Token<'t>> {
        let rest = self.rest();
        let inner = rest.get(opening..).unwrap_or_default();
        let name = inner.get(..name_end(inner)).unwrap_or_default();
        let Some(end) = tag_end(inner) else {
            self.take_rest();
            return None;
        };
        let tag = self.take(opening + end);
        if opening == 2 {
            if self.foreign.is_some_and(|foreign| name.eq_ignore_ascii_case(foreign)) {
                self.foreign = None;
            }
            return Some(Token::End(name));
        }
        if self.foreign.is_none() && !tag.ends_with("/>") {
            self.foreign = ["svg", "math"].into_iter().find(|foreign| name.eq_ignore_ascii_case(foreign));
        }
        // Inside <svg> and <math> even <style> and <title> hold markup (HTML, 13.2.6.5).
        if self.foreign.is_none() && has_raw_text(name) {
            self.raw = Some(name);
        }
        Some(Token::Start(name))
    }

    fn raw_text(&mut self, name: &'t str) -> Option<Token<'t>> {
        let rest = self.rest();
        let end = match name {
            name if name.eq_ignore_ascii_case("script") => script_end(rest),
            name if name.eq_ignore_ascii_case("plaintext") => None,
            name => end_tag(rest, name),
        };
        self.unfinished |= end.is_none();
        let raw = self.take(end.unwrap_or(rest.len()));
        (!raw.is_empty()).then_some(Token::Raw(name, raw))
    }
}

impl<'t> Iterator for Tokens<'t> {
    type Item = (usize, Token<'t>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let start = self.at;
            if let Some(name) = self.raw.take() {
                if let Some(token) = self.raw_text(name) {
                    return Some((start, token));
                }
                continue;
            }
            let mut head = self.rest().bytes();
            let token = match (head.next()?, head.next(), head.next()) {
                (b'<', Some(b'/'), Some(letter)) if letter.is_ascii_alphabetic() => self.tag(2),
                (b'<', Some(letter), _) if letter.is_ascii_alphabetic() => self.tag(1),
                (b'<', Some(b'!' | b'?' | b'/'), _) => {
                    self.skip_comment();
                    None
                }
                (first, ..) => {
                    // A lone `<` is text; look behind it for the next one.
                    let behind = usize::from(first == b'<');
                    let bytes = self.rest().as_bytes();
                    let end =
                        memchr(b'<', bytes.get(behind..).unwrap_or_default()).map_or(bytes.len(), |end| end + behind);
                    Some(Token::Text(self.take(end)))
                }
            };
            if let Some(token) = token {
                return Some((start, token));
            }
        }
    }
}

/// Elements whose content a parser without scripting or with it reads as text. `<noscript>` is one here, as for `lol_html`;
/// what a parser without scripting makes of its content is `head`'s business.
fn has_raw_text(name: &str) -> bool {
    ["script", "style", "title", "noscript", "textarea", "iframe", "xmp", "noembed", "noframes", "plaintext"]
        .iter()
        .any(|raw| name.eq_ignore_ascii_case(raw))
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0C)
}

fn name_end(inner: &str) -> usize {
    inner.bytes().position(|byte| is_space(byte) || matches!(byte, b'/' | b'>')).unwrap_or(inner.len())
}

/// Length of a tag from its name to its `>`, which may not stand in a quoted value (HTML, 13.2.5.32 to 40).
fn tag_end(inner: &str) -> Option<usize> {
    let bytes = inner.as_bytes();
    let skip = |from: usize, stop: fn(u8) -> bool| {
        let rest = bytes.get(from..)?;
        Some(from + rest.iter().position(|byte| stop(*byte))?)
    };
    let mut at = name_end(inner);
    loop {
        at = skip(at, |byte| !is_space(byte) && byte != b'/')?;
        if bytes.get(at) == Some(&b'>') {
            return Some(at + 1);
        }
        // The first character belongs to the name whatever it is, even `=`.
        at = skip(at + 1, |byte| is_space(byte) || matches!(byte, b'/' | b'>' | b'='))?;
        at = skip(at, |byte| !is_space(byte))?;
        if bytes.get(at) != Some(&b'=') {
            continue;
        }
        at = skip(at + 1, |byte| !is_space(byte))?;
        at = match bytes.get(at)? {
            b'>' => return Some(at + 1),
            quote @ (b'"' | b'\'') => at + 2 + memchr(*quote, bytes.get(at + 1..)?)?,
            _ => skip(at, |byte| is_space(byte) || byte == b'>')?,
        };
    }
}

/// Length of a comment behind its `<!--`, with its end (HTML, 13.2.5.43 to 52).
fn comment_end(body: &str) -> Option<usize> {
    let bytes = body.as_bytes();
    memchr_iter(b'>', bytes)
        .find(|end| {
            let before = bytes.get(..*end).unwrap_or_default();
            // `<!-->` and `<!--->` are whole comments.
            before.is_empty() || before == b"-" || before.ends_with(b"--") || before.ends_with(b"--!")
        })
        .map(|end| end + 1)
}

/// Offset of `</name` followed by what ends a tag name.
fn end_tag(text: &str, name: &str) -> Option<usize> {
    memchr_iter(b'<', text.as_bytes()).find(|at| {
        text.get(at + 1..).and_then(|tail| tail.strip_prefix('/')).is_some_and(|inner| is_tag_named(inner, name))
    })
}

fn is_tag_named(inner: &str, name: &str) -> bool {
    inner.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name))
        && inner.as_bytes().get(name.len()).is_some_and(|byte| is_space(*byte) || matches!(byte, b'/' | b'>'))
}

/// Offset of the `</script` that ends a script. Inside `<!--` a `<script>` opens a second level, whose `</script>` only
/// closes that level (HTML, 13.2.5.15 to 31).
fn script_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut commented, mut nested) = (0, false, false);
    loop {
        let rest = bytes.get(at..)?;
        at += if commented { memchr2(b'<', b'-', rest)? } else { memchr(b'<', rest)? };
        let tail = text.get(at..)?;
        if commented && tail.starts_with("-->") {
            (commented, nested) = (false, false);
            at += 3;
        } else if !commented && tail.starts_with("<!--") {
            // Its two dashes may already be those of `-->`.
            commented = true;
            at += 2;
        } else if tail.strip_prefix("</").is_some_and(|inner| is_tag_named(inner, "script")) {
            if !nested {
                return Some(at);
            }
            nested = false;
            at += 2;
        } else {
            nested |= commented && tail.strip_prefix('<').is_some_and(|inner| is_tag_named(inner, "script"));
            at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<Token<'_>> {
        Tokens::new(text).map(|(_, token)| token).collect()
    }

    #[test]
    fn tags_end_where_html_ends_them() {
        use Token::{Start, Text};
        for (text, expected) in [
            ("<a b='>'>x", vec![Start("a"), Text("x")]),
            ("<a b=c'>x", vec![Start("a"), Text("x")]),
            ("<a ='>x", vec![Start("a"), Text("x")]),
            ("<a b=c=\">x", vec![Start("a"), Text("x")]),
            ("<a b = \"c>\"d>x", vec![Start("a"), Text("x")]),
            ("<a/b=\"/>\"/>x", vec![Start("a"), Text("x")]),
            ("<a b=>x", vec![Start("a"), Text("x")]),
            ("< a<1", vec![Text("< a"), Text("<1")]),
            ("<a b='", vec![]),
        ] {
            assert_eq!(tokens(text), expected, "{text}");
        }
    }

    #[test]
    fn comments_give_no_token() {
        for comment in [
            "<!-->",
            "<!--->",
            "<!-- > -- -->",
            "<!----!>",
            "<!doctype html>",
            "<?xml ?>",
            "</ >",
            "</>",
            "<![CDATA[x]]>",
            "<!-- <!-->",
        ] {
            assert_eq!(tokens(&format!("{comment}x")), [Token::Text("x")], "{comment}");
        }
        assert_eq!(tokens("<!-- never closed >"), []);
    }

    #[test]
    fn raw_text_ends_at_its_own_end_tag_only() {
        use Token::{End, Raw, Start};
        assert_eq!(tokens("<title></titles></TITLE >"), [Start("title"), Raw("title", "</titles>"), End("TITLE")]);
        assert_eq!(tokens("<style></style>"), [Start("style"), End("style")]);
        assert_eq!(tokens("<svg><style><p></svg>"), [Start("svg"), Start("style"), Start("p"), End("svg")]);
        for script in ["x", "<!-- </scripts> -->", "<!--<script></script>-->", "<!-->", "<!--<script>-->", "a--b<!--"] {
            assert_eq!(
                tokens(&format!("<script>{script}</script>")),
                [Start("script"), Raw("script", script), End("script")],
                "{script}"
            );
        }
    }

    #[test]
    fn what_is_unfinished_is_said() {
        for text in ["<a", "<!-- ", "<style>", "<title>x", "<script><!--<script></script>"] {
            let mut all = Tokens::new(text);
            all.by_ref().for_each(drop);
            assert!(all.unfinished(), "{text}");
        }
    }
}
