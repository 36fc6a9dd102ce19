//! What stands behind the first words of a statement: rates, logs, rejections, translations, sets that grow.

use super::{
    cursor::Cursor,
    lexer::Kind,
    tree::{Destination, Expr, Statement},
};
use crate::acl::{Doubt, Family, How};

/// Takes a rate: `rate over 10/second burst 5 packets`, `over 10 mbytes used 2 mbytes`, `name "x"`.
pub fn rate(cursor: &mut Cursor<'_, '_>) {
    while let Some(Kind::Word(word)) = cursor.peek() {
        let belongs = matches!(word, "rate" | "over" | "until" | "used" | "burst" | "packets" | "/")
            || word.starts_with(|first: char| first.is_ascii_digit())
            || word.contains('/')
            || word.ends_with("bytes");
        let unit = matches!(word, "second" | "minute" | "hour" | "day" | "week");
        if word == "name" {
            cursor.at += 2;
        } else if belongs || unit {
            cursor.at += 1;
        } else {
            return;
        }
    }
}

/// Takes what a log says and where.
pub fn log(cursor: &mut Cursor<'_, '_>) -> Option<()> {
    while let Some(Kind::Word(word)) = cursor.peek() {
        match word {
            "prefix" | "level" | "group" | "snaplen" | "queue-threshold" => {
                cursor.at += 1;
                cursor.name()?;
            }
            "flags" => {
                cursor.at += 1;
                let kind = cursor.name()?;
                if matches!(kind, "tcp" | "ip") {
                    cursor.name()?;
                    while cursor.mark(",") {
                        cursor.name()?;
                    }
                }
            }
            _ => break,
        }
    }
    Some(())
}

/// Takes how a rejection answers.
pub fn reject(cursor: &mut Cursor<'_, '_>) -> Option<How> {
    if !cursor.word("with") {
        return Some(How::Reject);
    }
    if cursor.word("tcp") {
        cursor.name()?;
        return Some(How::Reset);
    }
    cursor.name()?;
    let _type = cursor.word("type");
    cursor.name()?;
    Some(How::Reject)
}

/// Takes `{ … }` with whatever is in it; a rate or count in it is a condition.
pub fn braces(cursor: &mut Cursor<'_, '_>) -> Option<(Option<Doubt>,)> {
    if !cursor.mark("{") {
        return None;
    }
    let (mut depth, mut limited) = (1_usize, None);
    while depth > 0 {
        match cursor.take()? {
            Kind::Mark("{") => depth += 1,
            Kind::Mark("}") => depth -= 1,
            Kind::Word(word @ ("limit" | "quota")) => limited = Some(Doubt::new("limit", word)),
            Kind::Word("count") => limited = Some(Doubt::new("limit", "ct count")),
            Kind::Mark(_) | Kind::Newline | Kind::Word(_) | Kind::Text(_) => {}
        }
    }
    Some((limited,))
}

/// `set update ip saddr timeout 3s @z`, as it was once written, behind the verb.
pub fn old_update(cursor: &mut Cursor<'_, '_>) -> Option<Statement> {
    let mut limited = None;
    loop {
        match cursor.take()? {
            Kind::Word(set) if set.starts_with('@') => {
                let set = set.trim_start_matches('@').to_owned();
                return Some(Statement::Update { set, limited });
            }
            Kind::Word("limit") => limited = Some(Doubt::new("limit", "limit")),
            Kind::Word(_) | Kind::Text(_) => {}
            Kind::Mark(_) | Kind::Newline => return None,
        }
    }
}

/// Reads `dnat` and `redirect`, behind the word.
pub fn nat(cursor: &mut Cursor<'_, '_>, here: bool) -> Option<Statement> {
    let family = match cursor.peek() {
        Some(Kind::Word("ip")) => Some(Family::V4),
        Some(Kind::Word("ip6")) => Some(Family::V6),
        _ => None,
    };
    cursor.at += usize::from(family.is_some());
    let _inet = cursor.word("inet");
    let rewrite = |what: &str| Some(Statement::Rewrite(Doubt::new("target-unknown", what)));
    if cursor.word("prefix") {
        cursor.at = cursor.tokens.len();
        return rewrite("dnat prefix");
    }
    let to = if cursor.word("to") {
        let ports = cursor.mark(":");
        destination(cursor, ports || here)?
    } else if here {
        Destination::Here(None)
    } else {
        return None;
    };
    while cursor.word("random") || cursor.word("fully-random") || cursor.word("persistent") || cursor.mark(",") {}
    Some(Statement::Nat { family, to })
}

fn destination(cursor: &mut Cursor<'_, '_>, ports: bool) -> Option<Destination> {
    let start = cursor.at;
    if let Some(key) = cursor.operand()
        && cursor.word("map")
    {
        return Some(Destination::Map { key, data: cursor.value()?, ports });
    }
    cursor.at = start;
    if cursor.mark("[") {
        let address = Expr::Word(cursor.name()?.to_owned());
        if !cursor.mark("]") {
            return None;
        }
        let port = if cursor.mark(":") { Some(cursor.value()?) } else { None };
        return Some(Destination::Host(address, port));
    }
    let value = cursor.value()?;
    if ports {
        return Some(Destination::Here(Some(value)));
    }
    if let Expr::Word(word) = &value
        && let Some((address, port)) = word.split_once(':').filter(|(_, port)| !port.contains(':'))
    {
        return Some(Destination::Host(Expr::Word(address.to_owned()), Some(Expr::Word(port.to_owned()))));
    }
    let port = if cursor.mark(":") { Some(cursor.value()?) } else { None };
    Some(Destination::Host(value, port))
}
