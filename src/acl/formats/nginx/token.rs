//! Reads nginx's configuration language: words, `;`, braces, quotes and comments, as `ngx_conf_read_token` does. What the
//! directives mean is not known here.

use std::collections::HashMap;

use crate::acl::{File, Malformed, Place};

/// One directive with its block, if it has one.
#[derive(Debug, Clone)]
pub struct Directive {
    /// The first word.
    pub name: String,
    /// The other words.
    pub args: Vec<String>,
    /// Its line.
    pub place: Place,
    /// Where it starts in the file, in bytes.
    pub start: usize,
    /// What is between its braces.
    pub block: Option<Block>,
}

impl Directive {
    /// A word, or nothing.
    pub fn arg(&self, index: usize) -> &str {
        self.args.get(index).map_or("", String::as_str)
    }

    /// Its words as a line, for people.
    pub fn text(&self) -> String {
        std::iter::once(&self.name).chain(&self.args).map(String::as_str).collect::<Vec<_>>().join(" ")
    }
}

/// Directives between braces.
#[derive(Debug, Clone, Default)]
pub struct Block {
    /// In order.
    pub directives: Vec<Directive>,
    /// Where the closing brace is, in bytes.
    pub end: usize,
    names: HashMap<String, Vec<usize>>,
}

impl Block {
    /// A block of directives.
    pub fn new(directives: Vec<Directive>, end: usize) -> Self {
        let mut names: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, directive) in directives.iter().enumerate() {
            match names.get_mut(&directive.name) {
                Some(places) => places.push(index),
                None => {
                    names.insert(directive.name.clone(), vec![index]);
                }
            }
        }
        Self { directives, end, names }
    }

    /// Directives of a name, in order.
    pub fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a Directive> + 'a {
        let places = self.names.get(name).map(Vec::as_slice).unwrap_or_default();
        places.iter().filter_map(|index| self.directives.get(*index))
    }

    /// The directive of a name.
    pub fn first(&self, name: &str) -> Option<&Directive> {
        self.all(name).next()
    }

    /// Whether there is a directive of a name.
    pub fn has(&self, name: &str) -> bool {
        self.names.contains_key(name)
    }
}

/// Blocks inside blocks.
const MAX_DEPTH: usize = 60;

/// A part of a file that holds one configuration file of the server.
#[derive(Debug, Clone, Copy)]
pub struct Segment<'a> {
    /// The file of the dump.
    pub file: &'a File,
    /// Its index.
    pub index: usize,
    /// The part's text.
    pub text: &'a str,
    /// Where the part starts in the file.
    pub start: usize,
    /// The part's first line.
    pub line: u32,
}

/// Reads a part.
pub fn read(segment: Segment<'_>) -> Result<Vec<Directive>, Malformed> {
    Reader { segment, bytes: segment.text.as_bytes(), at: 0, line: segment.line }.directives()
}

struct Reader<'a> {
    segment: Segment<'a>,
    bytes: &'a [u8],
    at: usize,
    line: u32,
}

#[derive(Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    End,
    Open,
    Close,
    Over,
}

/// A directive whose words are being read, and the directives around it.
struct Open {
    head: Directive,
    directives: Vec<Directive>,
}

impl Reader<'_> {
    fn wrong(&self, what: impl Into<String>, advice: &str) -> Malformed {
        let before = self.segment.text.get(..self.at).unwrap_or_default();
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let column = u32::try_from(column).unwrap_or(0);
        Malformed::at(self.segment.file, self.line, column, what, advice)
    }

    fn directives(mut self) -> Result<Vec<Directive>, Malformed> {
        let mut open: Vec<Open> = Vec::new();
        let mut done: Vec<Directive> = Vec::new();
        let mut words: Vec<String> = Vec::new();
        let (mut line, mut start) = (0, 0);
        loop {
            self.skip_blanks();
            let (token_line, token_start) = (self.line, self.at);
            let token = self.token()?;
            if words.is_empty() {
                (line, start) = (token_line, token_start + self.segment.start);
            }
            match token {
                Token::Word(word) => words.push(word),
                Token::End => done.push(self.head(&mut words, line, start, ";")?),
                Token::Open => {
                    let mut head = self.head(&mut words, line, start, "{")?;
                    if head.name.ends_with("_by_lua_block") {
                        let end = self.skip_lua()?;
                        head.block = Some(Block::new(Vec::new(), end));
                        done.push(head);
                        continue;
                    }
                    if open.len() >= MAX_DEPTH {
                        let advice = "check the braces: nginx knows no blocks this deep";
                        return Err(self.wrong(format!("blocks are nested more than {MAX_DEPTH} deep"), advice));
                    }
                    open.push(Open { head, directives: std::mem::take(&mut done) });
                }
                Token::Close if words.is_empty() => {
                    let Some(Open { mut head, directives }) = open.pop() else {
                        return Err(self.wrong("a `}` closes nothing", "give the whole output of `nginx -T`"));
                    };
                    let inside = std::mem::replace(&mut done, directives);
                    head.block = Some(Block::new(inside, self.at + self.segment.start - 1));
                    done.push(head);
                }
                Token::Close => {
                    let what = format!("`{}` is not ended by `;` before `}}`", words.join(" "));
                    return Err(self.wrong(what, "`nginx -t` names the line"));
                }
                Token::Over => {
                    if !words.is_empty() {
                        let what = format!("the file ends within `{}`", words.join(" "));
                        return Err(self.wrong(what, "the copy is cut off: give the whole output of `nginx -T`"));
                    }
                    if let Some(unclosed) = open.last() {
                        let what = format!(
                            "the file ends before the `}}` of `{}` in line {}",
                            unclosed.head.name, unclosed.head.place.line
                        );
                        return Err(self.wrong(what, "the copy is cut off: give the whole output of `nginx -T`"));
                    }
                    return Ok(done);
                }
            }
        }
    }

    fn head(&self, words: &mut Vec<String>, line: u32, start: usize, end: &str) -> Result<Directive, Malformed> {
        let mut words = std::mem::take(words).into_iter();
        let Some(name) = words.next() else {
            return Err(self.wrong(format!("`{end}` without a directive before it"), "`nginx -t` names the line"));
        };
        let place = Place::new(self.segment.index, line);
        Ok(Directive { name, args: words.collect(), place, start, block: None })
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.bytes.get(self.at).copied()?;
        self.at += 1;
        if byte == b'\n' {
            self.line = self.line.saturating_add(1);
        }
        Some(byte)
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => {
                    self.next();
                }
                b'#' => while self.next().is_some_and(|byte| byte != b'\n') {},
                _ => break,
            }
        }
    }

    fn token(&mut self) -> Result<Token, Malformed> {
        Ok(match self.peek() {
            None => Token::Over,
            Some(b';') => {
                self.next();
                Token::End
            }
            Some(b'{') => {
                self.next();
                Token::Open
            }
            Some(b'}') => {
                self.next();
                Token::Close
            }
            Some(quote @ (b'"' | b'\'')) => {
                self.next();
                Token::Word(self.quoted(quote)?)
            }
            Some(_) => Token::Word(self.bare()),
        })
    }

    fn quoted(&mut self, quote: u8) -> Result<String, Malformed> {
        let (start, line) = (self.at, self.line);
        let mut word = Vec::new();
        loop {
            match self.next() {
                None => {
                    (self.at, self.line) = (start, line);
                    return Err(self.wrong("a quote is not closed", "close it, or give the whole output of `nginx -T`"));
                }
                Some(byte) if byte == quote => break,
                Some(b'\\') => self.escape(&mut word),
                Some(byte) => word.push(byte),
            }
        }
        match self.peek() {
            None | Some(b' ' | b'\t' | b'\r' | b'\n' | b';' | b'{' | b')') => Ok(text(word)),
            Some(byte) => {
                let what = format!("`{}` right after a closing quote", char::from(byte));
                Err(self.wrong(what, "put a space or `;` after the quote; `nginx -t` names the line"))
            }
        }
    }

    fn bare(&mut self) -> String {
        let mut word = Vec::new();
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b';' => break,
                // `${name}` is part of a word.
                b'{' if word.last() != Some(&b'$') => break,
                b'\\' => {
                    self.next();
                    self.escape(&mut word);
                }
                byte => {
                    self.next();
                    word.push(byte);
                }
            }
        }
        text(word)
    }

    /// After a backslash: nginx takes it away before quotes and itself, and knows three control characters.
    fn escape(&mut self, word: &mut Vec<u8>) {
        match self.next() {
            Some(byte @ (b'"' | b'\'' | b'\\')) => word.push(byte),
            Some(b't') => word.push(b'\t'),
            Some(b'r') => word.push(b'\r'),
            Some(b'n') => word.push(b'\n'),
            Some(byte) => word.extend([b'\\', byte]),
            None => word.push(b'\\'),
        }
    }

    /// Lua code between braces; where its closing brace is.
    fn skip_lua(&mut self) -> Result<usize, Malformed> {
        let mut depth = 1_usize;
        while let Some(byte) = self.next() {
            match byte {
                b'{' => depth += 1,
                b'}' => depth -= 1,
                b'-' if self.peek() == Some(b'-') => {
                    while self.peek().is_some_and(|byte| byte != b'\n') {
                        self.next();
                    }
                }
                b'"' | b'\'' => {
                    while let Some(inside) = self.next() {
                        match inside {
                            b'\\' => {
                                self.next();
                            }
                            inside if inside == byte || inside == b'\n' => break,
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
            if depth == 0 {
                return Ok(self.at + self.segment.start - 1);
            }
        }
        Err(self.wrong("a block of Lua is not closed", "give the whole output of `nginx -T`"))
    }
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|wrong| String::from_utf8_lossy(wrong.as_bytes()).into_owned())
}
