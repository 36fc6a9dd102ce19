//! A small HTML tokenizer: tags, text and raw text with their places, nothing decoded, nothing allocated, one walk.
//! It builds no tree and reads no attributes. `head` uses it to see where the head ends and what could end it early,
//! `rules` to see whether a page has any text.

use memchr::memchr;

use super::ends::{comment_end, end_tag, name_end, script_end, tag_end};

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
