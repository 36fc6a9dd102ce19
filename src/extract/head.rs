//! Where the head of the source ends, and what in it could make an HTML5 parser end it earlier. Cheap: one walk over the
//! head. It only suspects: whether a suspect really closed the head, `tree` finds out.

use super::scan::{Token, Tokens};

/// Suspects that are remembered. The first is nearly always the culprit.
const MAX_SUSPECTS: usize = 8;

/// Tags that stand in a head without ending it.
const HEAD_TAGS: &[&str] = &[
    "meta", "link", "script", "style", "title", "base", "noscript", "html", "head", "noframes", "basefont", "bgsound",
];

/// White space of HTML. Not U+00A0, not U+FEFF: those are text and close the head, as PHP files saved with a BOM show.
const BLANKS: [char; 5] = [' ', '\t', '\n', '\r', '\u{C}'];

/// The head of the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Offset of `</head>`, `<body` or `<frameset`, whichever comes first; the length of the text if there is none.
    pub end: usize,
    /// Offset up to which a parser may put tags that follow `</head>` back into the head (HTML, 13.2.6.4.6).
    pub open_until: usize,
    /// What could close the head before its end, first ones only.
    pub suspects: Vec<Suspect>,
    /// End of the last `<noscript>` of the head that holds a `<meta>`, which only a parser without scripting sees.
    pub noscript_end: Option<usize>,
}

/// Something that does not belong into a head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspect {
    /// Where it starts.
    pub offset: usize,
    /// Name of the tag in lower case; empty for text.
    pub name: String,
}

/// Finds the head of `text`.
pub fn find(text: &str) -> Head {
    let mut head = Head { end: text.len(), open_until: text.len(), suspects: Vec::new(), noscript_end: None };
    let mut ended = false;
    for (offset, token) in Tokens::new(text) {
        match token {
            Token::Start(name) if is_one_of(name, &["body", "frameset"]) => {
                if !ended {
                    head.end = offset;
                }
                head.open_until = offset;
                break;
            }
            Token::End(name) if !ended && name.eq_ignore_ascii_case("head") => {
                head.end = offset;
                ended = true;
            }
            token if ended && opens_body(token) => {
                head.open_until = offset;
                break;
            }
            Token::Raw(name, raw) if name.eq_ignore_ascii_case("noscript") => head.look_into_noscript(raw, offset),
            token if is_suspicious(token) => head.suspect(offset, token),
            _ => {}
        }
    }
    head
}

impl Head {
    fn suspect(&mut self, offset: usize, token: Token<'_>) {
        let (blanks, name) = match token {
            // White space before it is harmless, and on another line often.
            Token::Text(text) => (text.len() - text.trim_start_matches(BLANKS).len(), ""),
            Token::Start(name) | Token::End(name) | Token::Raw(name, _) => (0, name),
        };
        if self.suspects.len() < MAX_SUSPECTS {
            self.suspects.push(Suspect { offset: offset + blanks, name: name.to_ascii_lowercase() });
        }
    }

    /// Without scripting, `<noscript>` in a head may hold little; anything else ends it and the head (HTML, 13.2.6.4.5).
    fn look_into_noscript(&mut self, raw: &str, offset: usize) {
        let mut tokens = Tokens::new(raw);
        for (inner, token) in tokens.by_ref() {
            let harmless = match token {
                Token::Text(text) => is_blank(text),
                Token::Start(name) if name.eq_ignore_ascii_case("meta") => {
                    self.noscript_end = Some(offset + raw.len());
                    true
                }
                Token::Start(name) => {
                    is_one_of(name, &["basefont", "bgsound", "link", "noframes", "style", "head", "noscript"])
                }
                Token::End(name) => !name.eq_ignore_ascii_case("br"),
                Token::Raw(name, _) => is_one_of(name, &["noframes", "style"]),
            };
            if !harmless {
                self.suspect(offset + inner, token);
                return;
            }
        }
        if tokens.unfinished() {
            self.suspect(offset, Token::Start("noscript"));
        }
    }
}

/// True for what an HTML5 parser does not keep in a head (HTML, 13.2.6.4.4). `<template>` is kept there, but what stands
/// in it is not part of the head.
fn is_suspicious(token: Token<'_>) -> bool {
    match token {
        Token::Text(text) => !is_blank(text),
        Token::Start(name) => !is_one_of(name, HEAD_TAGS),
        Token::End(name) => is_one_of(name, &["body", "html", "br"]),
        Token::Raw(..) => false,
    }
}

/// True if a token behind `</head>` starts the body; a parser puts what does not back into the head (HTML, 13.2.6.4.6).
fn opens_body(token: Token<'_>) -> bool {
    match token {
        Token::Start(name) if name.eq_ignore_ascii_case("template") => false,
        Token::Start(name) if name.eq_ignore_ascii_case("noscript") => true,
        token => is_suspicious(token),
    }
}

fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|other| name.eq_ignore_ascii_case(other))
}

fn is_blank(text: &str) -> bool {
    text.trim_start_matches(BLANKS).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_head(text: &str, rest: &str, suspects: &[(&str, &str)]) {
        let head = find(text);
        assert_eq!(text.get(head.end..), Some(rest), "{text}");
        let found: Vec<_> =
            head.suspects.iter().map(|s| (s.name.as_str(), text.get(s.offset..head.end).unwrap())).collect();
        assert_eq!(found, suspects, "{text}");
    }

    #[test]
    fn the_head_ends_at_its_end_tag_at_body_or_at_frameset() {
        assert_head("<head><title>x</title></HEAD ><body>", "</HEAD ><body>", &[]);
        assert_head("<title></head></title><body >", "<body >", &[]);
        assert_head("<script>'<body>'</script><!-- </head> --><frameset>", "<frameset>", &[]);
        assert_head("<meta><bodyx><link>", "", &[("bodyx", "<bodyx><link>")]);
    }

    #[test]
    fn what_does_not_belong_into_a_head_is_suspected() {
        assert_head("<head> \n x<meta></head>", "</head>", &[("", "x<meta>")]);
        assert_head("<head>\u{feff}<meta></head>", "</head>", &[("", "\u{feff}<meta>")]);
        assert_head("<head></body><DIV></head>", "</head>", &[("body", "</body><DIV>"), ("div", "<DIV>")]);
        assert_head("<head></p></div><meta></head>", "</head>", &[]);
    }

    #[test]
    fn noscript_may_hold_styles_and_links_only() {
        assert_head("<noscript><style>a{}</style> <link></noscript></head>", "</head>", &[]);
        assert_head("<noscript> <img></noscript></head>", "</head>", &[("img", "<img></noscript>")]);
        assert_head("<noscript><style></noscript></head>", "</head>", &[("noscript", "<style></noscript>")]);
        assert!(find("<noscript><meta></noscript></head>").noscript_end.is_some());
    }

    #[test]
    fn tags_right_behind_the_head_may_be_put_back() {
        let text = "<head></head> <meta><script></script><body>";
        assert_eq!(text.get(find(text).open_until..), Some("<body>"));
        let text = "<head></head> <meta><noscript></noscript><body>";
        assert_eq!(text.get(find(text).open_until..), Some("<noscript></noscript><body>"));
    }
}
