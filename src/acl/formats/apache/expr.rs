//! Apache's expressions (`<If>`, `Require expr`, `RewriteCond expr`), as far as they compare variables with texts, patterns
//! and networks. All else is unknown.

use super::{
    super::web::{
        logic,
        value::{self, Known},
    },
    access::network,
    facts::{Facts, Request, is, matches},
};
use crate::acl::Condition;

/// When an expression holds.
pub fn evaluate(expression: &str, facts: &Facts<'_>, request: &Request) -> Condition {
    let Some(tokens) = tokens(expression) else { return Condition::unknown("expression", expression) };
    let mut reader = Reader { tokens: &tokens, at: 0, facts, request };
    match reader.either(0) {
        Some(condition) if reader.at == tokens.len() => condition,
        _ => Condition::unknown("expression", expression),
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Sign(String),
    Text(String),
    Pattern(String, bool),
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut found = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(next) = chars.next() {
        let expects_pattern = matches!(found.last(), Some(Token::Sign(sign)) if matches!(sign.as_str(), "=~" | "!~"));
        match next {
            next if next.is_whitespace() => {}
            '(' | ')' | '{' | '}' | ',' => found.push(Token::Sign(next.to_string())),
            '\'' | '"' => {
                let inside: String = std::iter::from_fn(|| chars.next_if(|other| *other != next)).collect();
                chars.next()?;
                found.push(Token::Text(inside));
            }
            'm' | '/' if expects_pattern => {
                let end = if next == 'm' { chars.next()? } else { '/' };
                let mut pattern = String::new();
                loop {
                    match chars.next()? {
                        '\\' if chars.peek() == Some(&end) => pattern.extend(chars.next()),
                        other if other == end => break,
                        other => pattern.push(other),
                    }
                }
                let flags: String = std::iter::from_fn(|| chars.next_if(char::is_ascii_alphabetic)).collect();
                found.push(Token::Pattern(pattern, flags.contains('i')));
            }
            '%' if chars.peek() == Some(&'{') => {
                let name: String = std::iter::from_fn(|| chars.next_if(|other| *other != '}')).collect();
                chars.next()?;
                found.push(Token::Text(format!("%{name}}}")));
            }
            '=' | '!' | '&' | '|' | '<' | '>' => {
                let mut sign = next.to_string();
                while let Some(more) = chars.next_if(|more| matches!(more, '=' | '~' | '&' | '|')) {
                    sign.push(more);
                }
                found.push(Token::Sign(sign));
            }
            '-' => {
                let name: String = std::iter::from_fn(|| chars.next_if(char::is_ascii_alphabetic)).collect();
                found.push(Token::Sign(format!("-{name}")));
            }
            next => {
                let mut word = next.to_string();
                while let Some(more) =
                    chars.next_if(|more| more.is_ascii_alphanumeric() || matches!(more, '_' | '.' | ':'))
                {
                    word.push(more);
                }
                found.push(Token::Sign(word));
            }
        }
    }
    Some(found)
}

struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
    facts: &'a Facts<'a>,
    request: &'a Request,
}

const MAX_DEPTH: usize = 32;

impl Reader<'_> {
    fn next(&mut self) -> Option<&Token> {
        self.at += 1;
        self.tokens.get(self.at - 1)
    }

    fn sign(&mut self, wanted: &str) -> bool {
        let here = matches!(self.tokens.get(self.at), Some(Token::Sign(sign)) if sign == wanted);
        self.at += usize::from(here);
        here
    }

    fn either(&mut self, depth: usize) -> Option<Condition> {
        let mut ways = vec![self.all(depth)?];
        while self.sign("||") {
            ways.push(self.all(depth)?);
        }
        Some(logic::any_of(ways))
    }

    fn all(&mut self, depth: usize) -> Option<Condition> {
        let mut parts = vec![self.one(depth)?];
        while self.sign("&&") {
            parts.push(self.one(depth)?);
        }
        Some(logic::all_of(parts))
    }

    fn one(&mut self, depth: usize) -> Option<Condition> {
        if depth > MAX_DEPTH {
            return None;
        }
        if self.sign("!") {
            return self.one(depth + 1).map(logic::not);
        }
        if self.sign("(") {
            let inside = self.either(depth + 1)?;
            return self.sign(")").then_some(inside);
        }
        match self.next()?.clone() {
            Token::Sign(sign) if sign == "-R" => match self.next()?.clone() {
                Token::Text(text) => self.in_network("%{REMOTE_ADDR}", &text),
                Token::Sign(_) | Token::Pattern(..) => None,
            },
            Token::Sign(sign) if matches!(sign.as_str(), "-n" | "-z") => match self.next()?.clone() {
                Token::Text(text) => {
                    let value = self.facts.expand(&text, self.request);
                    let empty = value::test(&value, str::is_empty, || Condition::NEVER);
                    Some(if sign == "-z" { empty } else { logic::not(empty) })
                }
                Token::Sign(_) | Token::Pattern(..) => None,
            },
            Token::Sign(sign) if matches!(sign.as_str(), "true" | "false") => Some(logic::known(sign == "true")),
            Token::Text(left) => self.comparison(&left),
            Token::Sign(_) | Token::Pattern(..) => None,
        }
    }

    fn comparison(&mut self, left: &str) -> Option<Condition> {
        let value = self.facts.expand(left, self.request);
        let Token::Sign(sign) = self.next()?.clone() else { return None };
        if sign == "in" {
            let mut ways = Vec::new();
            self.sign("{").then_some(())?;
            loop {
                let Token::Text(text) = self.next()?.clone() else { return None };
                ways.push(is(&value, &text));
                if !self.sign(",") {
                    break;
                }
            }
            return self.sign("}").then(|| logic::any_of(ways));
        }
        match (sign.as_str(), self.next()?.clone()) {
            ("=~", Token::Pattern(pattern, fold)) => Some(matches(&value, &pattern, fold)),
            ("!~", Token::Pattern(pattern, fold)) => Some(logic::not(matches(&value, &pattern, fold))),
            ("==" | "=", Token::Text(text)) => Some(is(&value, &text)),
            ("!=", Token::Text(text)) => Some(logic::not(is(&value, &text))),
            ("-ipmatch", Token::Text(text)) => self.in_network(left, &text),
            _ => None,
        }
    }

    fn in_network(&self, left: &str, text: &str) -> Option<Condition> {
        let set = network(text)?;
        let value = self.facts.expand(left, self.request);
        let known = |text: &str| {
            let address = crate::acl::Addresses::parse(text);
            address.is_ok_and(|address| address.is_subset(&set))
        };
        match value.as_slice() {
            [(_, Known::Address | Known::Text(_) | Known::Unknown(_))] | [..] => {
                Some(value::test(&value, known, || logic::source(set.clone())))
            }
        }
    }
}
