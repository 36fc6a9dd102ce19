//! Reads expressions off tokens: what a match looks at, values, sets. Statements are in `statement`.

use std::{cell::RefCell, collections::HashMap, sync::Arc};

use super::{
    lexer::{Kind, Token},
    statement,
    tree::{Data, Element, Expr, Target, Verdict},
};
use crate::acl::Doubt;

/// Brackets inside brackets that are followed; nobody writes more, and the stack is not endless.
const MAX_DEPTH: usize = 24;

/// Variables with what they stand for.
pub type Defines = RefCell<HashMap<String, Arc<Expr>>>;

/// A place among tokens.
#[derive(Clone)]
pub struct Cursor<'t, 'a> {
    /// The tokens.
    pub tokens: &'t [Token<'a>],
    /// The next one.
    pub at: usize,
    /// How deep in brackets.
    pub depth: usize,
    /// Variables.
    pub defines: &'t Defines,
    /// Index of the file.
    pub file: usize,
    /// Rule numbers by line.
    pub handles: &'t HashMap<u32, u64>,
}

impl<'a> Cursor<'_, 'a> {
    /// The next token.
    pub fn peek(&self) -> Option<Kind<'a>> {
        self.tokens.get(self.at).map(|token| token.kind)
    }

    /// The token after the next.
    pub fn peek_second(&self) -> Option<Kind<'a>> {
        self.tokens.get(self.at + 1).map(|token| token.kind)
    }

    /// Takes the next token.
    pub fn take(&mut self) -> Option<Kind<'a>> {
        let kind = self.peek()?;
        self.at += 1;
        Some(kind)
    }

    /// Takes the next token if it is this word.
    pub fn word(&mut self, word: &str) -> bool {
        let found = self.peek() == Some(Kind::Word(word));
        self.at += usize::from(found);
        found
    }

    /// Takes the next token if it is this mark.
    pub fn mark(&mut self, mark: &str) -> bool {
        let found = matches!(self.peek(), Some(Kind::Mark(other)) if other == mark);
        self.at += usize::from(found);
        found
    }

    /// Takes the next token if it is a word or a quoted text.
    pub fn name(&mut self) -> Option<&'a str> {
        match self.peek()? {
            Kind::Word(name) | Kind::Text(name) => {
                self.at += 1;
                Some(name)
            }
            Kind::Mark(_) | Kind::Newline => None,
        }
    }

    /// Takes line ends, and semicolons if asked.
    pub fn blank(&mut self, semicolons: bool) {
        while matches!(self.peek(), Some(Kind::Newline)) || (semicolons && self.peek() == Some(Kind::Mark(";"))) {
            self.at += 1;
        }
    }

    /// What a match looks at: a selector with its mask, or several side by side.
    pub fn operand(&mut self) -> Option<Expr> {
        let mut parts = vec![self.masked()?];
        while self.word(".") {
            parts.push(self.masked()?);
        }
        if parts.len() == 1 { parts.pop() } else { Some(Expr::Concat(parts)) }
    }

    fn masked(&mut self) -> Option<Expr> {
        let selector = if self.mark("(") {
            let inner = self.deeper(Self::masked)?;
            if !self.mark(")") {
                return None;
            }
            inner
        } else {
            Expr::Selector(self.selector()?)
        };
        if self.mark("&") || self.word("and") {
            let mask = self.alternatives()?;
            return Some(Expr::Mask(Box::new(selector), Box::new(mask)));
        }
        Some(selector)
    }

    /// A value: one, a list, or a set.
    pub fn value(&mut self) -> Option<Expr> {
        if self.peek() == Some(Kind::Mark("{")) {
            return self.deeper(Self::set);
        }
        let first = self.alternatives()?;
        let mut parts = vec![first];
        while self.mark(",") {
            parts.push(self.alternatives()?);
        }
        if parts.len() == 1 { parts.pop() } else { Some(Expr::List(parts)) }
    }

    /// Flags joined by `|`, or one value.
    fn alternatives(&mut self) -> Option<Expr> {
        let mut parts = vec![self.range()?];
        while self.mark("|") || self.word("or") {
            parts.push(self.range()?);
        }
        if parts.len() == 1 { parts.pop() } else { Some(Expr::Or(parts)) }
    }

    fn range(&mut self) -> Option<Expr> {
        let mut parts = vec![self.span()?];
        while self.word(".") {
            parts.push(self.span()?);
        }
        if parts.len() == 1 { parts.pop() } else { Some(Expr::Concat(parts)) }
    }

    fn span(&mut self) -> Option<Expr> {
        let first = self.primary()?;
        if self.word("-") {
            return Some(Expr::Range(Box::new(first), Box::new(self.primary()?)));
        }
        // "09:00"-"18:00"
        if let (Expr::Word(_), Some(Kind::Word(word))) = (&first, self.peek())
            && let Some(rest) = word.strip_prefix('-').filter(|rest| !rest.is_empty())
        {
            self.at += 1;
            return Some(Expr::Range(Box::new(first), Box::new(Expr::Word(rest.to_owned()))));
        }
        Some(first)
    }

    fn primary(&mut self) -> Option<Expr> {
        match self.peek()? {
            Kind::Mark("(") => {
                self.at += 1;
                let inner = self.deeper(Self::value)?;
                self.mark(")").then_some(inner)
            }
            Kind::Mark("{") => self.deeper(Self::set),
            Kind::Text(text) => {
                self.at += 1;
                Some(Expr::Word(text.to_owned()))
            }
            Kind::Word(word) => {
                self.at += 1;
                if let Some(name) = word.strip_prefix('$') {
                    let unknown = || Expr::Unknown(Doubt::new("variable", word));
                    let known = self.defines.borrow().get(name).cloned();
                    return Some(known.map_or_else(unknown, Expr::Shared));
                }
                Some(
                    word.strip_prefix('@').map_or_else(|| Expr::Word(word.to_owned()), |set| Expr::Ref(set.to_owned())),
                )
            }
            Kind::Mark(_) | Kind::Newline => None,
        }
    }

    /// `{ a, b : c, … }`
    pub fn set(&mut self) -> Option<Expr> {
        if !self.mark("{") {
            return None;
        }
        let mut elements = Vec::new();
        loop {
            self.blank(false);
            if self.mark("}") {
                return Some(Expr::Set(elements));
            }
            let element = self.element()?;
            elements.push(element);
            self.blank(false);
            if !self.mark(",") && self.peek() != Some(Kind::Mark("}")) {
                return None;
            }
        }
    }

    fn element(&mut self) -> Option<Element> {
        let mut key = self.alternatives()?;
        let mut data = None;
        let mut expires = false;
        loop {
            match self.peek()? {
                Kind::Word("timeout" | "expires") => {
                    self.at += 2;
                    expires = true;
                }
                Kind::Word("comment") => self.at += 2,
                Kind::Word("counter" | "limit" | "quota" | "ct" | "last") => {
                    statement::statement(self)?;
                }
                Kind::Mark(":") => {
                    self.at += 1;
                    self.blank(false);
                    data = Some(self.data()?);
                }
                Kind::Newline => self.at += 1,
                Kind::Mark(_) => break,
                Kind::Word(_) | Kind::Text(_) => return None,
            }
        }
        // 80:8080 without spaces is one word.
        if data.is_none()
            && let Expr::Word(word) = &key
            && let Some((from, to)) = word.split_once(':').filter(|(_, to)| !to.contains(':'))
            && from.chars().all(|digit| digit.is_ascii_digit())
        {
            data = Some(Data::Value(Expr::Word(to.to_owned())));
            key = Expr::Word(from.to_owned());
        }
        Some(Element { key, data, expires })
    }

    fn data(&mut self) -> Option<Data> {
        if let Some(verdict) = self.verdict() {
            return Some(Data::Verdict(verdict));
        }
        self.alternatives().map(Data::Value)
    }

    /// A verdict, if one is next.
    pub fn verdict(&mut self) -> Option<Verdict> {
        let start = self.at;
        let found = self.verdict_here();
        if found.is_none() {
            self.at = start;
        }
        found
    }

    fn verdict_here(&mut self) -> Option<Verdict> {
        let Kind::Word(word) = self.peek()? else { return None };
        let verdict = match word {
            "accept" => Verdict::Accept,
            "drop" => Verdict::Drop,
            "continue" => Verdict::Continue,
            "return" => Verdict::Return,
            "queue" => Verdict::Unknown(Doubt::new("target-unknown", "queue")),
            "jump" | "goto" => {
                self.at += 1;
                let target = if self.mark("{") {
                    let rules = self.deeper(|cursor| Some(statement::rules(cursor)))?;
                    if !self.mark("}") {
                        return None;
                    }
                    Target::Inline(rules)
                } else {
                    Target::Named(self.name()?.to_owned())
                };
                return Some(if word == "jump" { Verdict::Jump(target) } else { Verdict::Goto(target) });
            }
            _ => return None,
        };
        self.at += 1;
        Some(verdict)
    }

    /// Reads something inside brackets.
    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth >= MAX_DEPTH {
            return None;
        }
        self.depth += 1;
        let found = read(self);
        self.depth -= 1;
        found
    }
}
