//! How `HAProxy` compares texts: whole, start, end, part, directory, domain, regular expression.

use regex::RegexBuilder;

/// A way to compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// The whole text.
    Whole,
    /// Its start.
    Start,
    /// Its end.
    End,
    /// Any part.
    Part,
    /// A part between slashes.
    Directory,
    /// A part between dots or slashes.
    Domain,
    /// A regular expression.
    Expression,
    /// It is there.
    Found,
}

impl Method {
    /// The method of a suffix such as `_beg`, or of `-m`.
    pub fn of(word: &str) -> Option<Self> {
        Some(match word {
            "str" => Self::Whole,
            "beg" => Self::Start,
            "end" => Self::End,
            "sub" => Self::Part,
            "dir" => Self::Directory,
            "dom" => Self::Domain,
            "reg" => Self::Expression,
            "found" => Self::Found,
            _ => return None,
        })
    }
}

/// Whether any text meets any pattern; `None` where a pattern cannot be told.
pub fn texts_match(values: &[&str], method: Method, patterns: &[&str], fold: bool) -> Option<bool> {
    if method == Method::Found {
        return Some(true);
    }
    let mut met = false;
    for pattern in patterns {
        if pattern.contains("%[") || pattern.contains('$') && method != Method::Expression {
            return None;
        }
        for value in values {
            met |= text_matches(value, method, pattern, fold)?;
        }
    }
    Some(met)
}

fn text_matches(value: &str, method: Method, pattern: &str, fold: bool) -> Option<bool> {
    if method == Method::Expression {
        // PCRE knows more than this; what does not compile here is left open.
        let expression =
            RegexBuilder::new(pattern).case_insensitive(fold).unicode(false).size_limit(1 << 20).build().ok()?;
        return Some(expression.is_match(value));
    }
    let (value, pattern) = if fold {
        (value.to_ascii_lowercase(), pattern.to_ascii_lowercase())
    } else {
        (value.to_owned(), pattern.to_owned())
    };
    Some(match method {
        Method::Whole => value == pattern,
        Method::Start => value.starts_with(&pattern),
        Method::End => value.ends_with(&pattern),
        Method::Part => value.contains(&pattern),
        Method::Directory => between(&value, pattern.trim_matches('/'), &['/', '?']),
        Method::Domain => between(&value, pattern.trim_matches(['/', '?', '.', ':']), &['/', '?', '.', ':']),
        Method::Expression | Method::Found => true,
    })
}

/// Whether a pattern stands in a text between these letters or its ends.
fn between(value: &str, pattern: &str, delimiters: &[char]) -> bool {
    value.match_indices(pattern).any(|(at, found)| {
        let before = value.get(..at).is_some_and(|before| before.is_empty() || before.ends_with(delimiters));
        let after =
            value.get(at + found.len()..).is_some_and(|after| after.is_empty() || after.starts_with(delimiters));
        before && after
    })
}
