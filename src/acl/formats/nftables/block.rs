//! Reads tables, chains and sets, and the commands that add and remove them.

use super::{
    cursor::Cursor,
    lexer::Kind,
    statement,
    text::{Reader, define, opaque, place, skip, unexpected},
    tree::{Base, ChainDef, Element, Expr, SetDef},
};
use crate::acl::{Doubt, File, Malformed, Place};

/// `table [FAMILY] NAME { … }`, behind its first word.
pub fn table(reader: &mut Reader<'_>, file: &File, cursor: &mut Cursor<'_, '_>) -> Result<(), Malformed> {
    let at = place(cursor);
    let (family, name) = names(file, cursor)?;
    let _made = reader.tree.table(&family, &name, at);
    if cursor.mark("{") {
        content(reader, file, cursor, (&family, &name))
    } else {
        skip(cursor);
        Ok(())
    }
}

/// What is inside a table, up to its closing brace or the end of an included file.
fn content(
    reader: &mut Reader<'_>,
    file: &File,
    cursor: &mut Cursor<'_, '_>,
    (family, name): (&str, &str),
) -> Result<(), Malformed> {
    loop {
        cursor.blank(true);
        let at = place(cursor);
        if cursor.mark("}") {
            return Ok(());
        }
        let word = match cursor.peek() {
            None => return Ok(()),
            Some(Kind::Word(word)) => word,
            Some(_) => return Err(unexpected(file, cursor, "no content of a table")),
        };
        cursor.at += 1;
        let Some(table) = reader.tree.table(family, name, at) else { return Ok(()) };
        match word {
            "chain" => {
                let Some(chain) = cursor.name() else { return Err(unexpected(file, cursor, "no name of a chain")) };
                chain_block(reader, file, cursor, (family, name, chain))?;
            }
            "set" | "map" => {
                let Some(set) = cursor.name() else { return Err(unexpected(file, cursor, "no name of a set")) };
                let Some(set) = table.set(set, at) else { return Ok(()) };
                set_block(set, file, cursor)?;
            }
            "flags" => {
                while let Some(Kind::Word(flag)) = cursor.peek() {
                    table.dormant |= flag == "dormant";
                    cursor.at += 1;
                    let _more = cursor.mark(",");
                }
            }
            "include" => {
                let pattern = cursor.name().unwrap_or_default().to_owned();
                for index in reader.follow(&pattern, at) {
                    reader.tokens_of(index, |reader, file, cursor| content(reader, file, cursor, (family, name)))?;
                }
            }
            "define" | "redefine" => define(reader.defines, file, cursor)?,
            "comment" => cursor.at += 1,
            "counter" | "quota" | "limit" | "ct" | "flowtable" | "secmark" | "synproxy" | "tunnel" => skip(cursor),
            _ => {
                cursor.at -= 1;
                return Err(unexpected(file, cursor, "no content of a table"));
            }
        }
    }
}

/// `[FAMILY] NAME`; without a family it is `ip`.
fn names(file: &File, cursor: &mut Cursor<'_, '_>) -> Result<(String, String), Malformed> {
    let family = match cursor.peek() {
        Some(Kind::Word(word @ ("ip" | "ip6" | "inet" | "arp" | "bridge" | "netdev"))) => {
            cursor.at += 1;
            word
        }
        _ => "ip",
    };
    let Some(name) = cursor.name() else { return Err(unexpected(file, cursor, "no name of a table")) };
    Ok((family.to_owned(), name.to_owned()))
}

/// `NAME { … }` of a chain, behind its name.
fn chain_block(
    reader: &mut Reader<'_>,
    file: &File,
    cursor: &mut Cursor<'_, '_>,
    (family, table, name): (&str, &str, &str),
) -> Result<(), Malformed> {
    let at = place(cursor);
    let chain = |reader: &mut Reader<'_>| -> Option<ChainDef> {
        reader.tree.table(family, table, at)?.chain(name).map(std::mem::take)
    };
    let Some(mut read) = chain(reader) else { return Ok(()) };
    let result = if cursor.mark("{") { chain_content(reader, file, cursor, &mut read) } else { Ok(()) };
    name.clone_into(&mut read.name);
    read.defined = true;
    if let Some(chain) = reader.tree.table(family, table, at).and_then(|table| table.chain(name)) {
        *chain = read;
    }
    result
}

fn chain_content(
    reader: &mut Reader<'_>,
    file: &File,
    cursor: &mut Cursor<'_, '_>,
    chain: &mut ChainDef,
) -> Result<(), Malformed> {
    loop {
        cursor.blank(true);
        let at = place(cursor);
        match (cursor.peek(), cursor.peek_second()) {
            (None, _) => return Ok(()),
            (Some(Kind::Mark("}")), _) => {
                chain.end = cursor.tokens.get(cursor.at).map(|token| (cursor.file, token.start));
                cursor.at += 1;
                return Ok(());
            }
            (Some(Kind::Word("type")), _) => {
                cursor.at += 1;
                let Some(base) = base(cursor, at) else {
                    return Err(unexpected(file, cursor, "no part of a base chain"));
                };
                // A chain that is named again keeps its policy until another is given.
                let drops = chain.base.as_ref().is_some_and(|before| before.drops);
                chain.base = Some(Base { drops, ..base });
            }
            (Some(Kind::Word("policy")), _) => {
                cursor.at += 1;
                let policy = cursor.name().unwrap_or_default();
                if let Some(base) = &mut chain.base {
                    base.drops = policy == "drop";
                    base.place = at;
                }
                if !matches!(policy, "drop" | "accept") {
                    chain.rules.push(opaque(at, Doubt::new("policy-unknown", policy)));
                }
            }
            (Some(Kind::Word("devices")), _) => {
                let devices = devices(cursor);
                if let Some(base) = &mut chain.base {
                    base.devices.extend(devices);
                }
            }
            (Some(Kind::Word("comment")), Some(Kind::Text(_))) => cursor.at += 2,
            (Some(Kind::Word("flags")), _) => skip(cursor),
            (Some(Kind::Word("define" | "redefine")), _) => {
                cursor.at += 1;
                define(reader.defines, file, cursor)?;
            }
            (Some(Kind::Word("include")), Some(Kind::Text(name) | Kind::Word(name))) => {
                cursor.at += 2;
                let gaps = reader.tree.gaps.len();
                for index in reader.follow(name, at) {
                    chain.rules.extend(reader.tokens_of(index, |_, _, cursor| Ok(statement::rules(cursor)))?);
                }
                // Only this chain is in doubt.
                if let Some((place, doubt)) = reader.tree.gaps.drain(gaps..).next() {
                    chain.rules.push(opaque(place, doubt));
                }
            }
            (Some(Kind::Mark(_)), _) => return Err(unexpected(file, cursor, "no rule")),
            (Some(_), _) => chain.rules.extend(statement::rule(cursor)),
        }
    }
}

/// `filter hook input priority 0; policy drop`, behind `type`.
fn base(cursor: &mut Cursor<'_, '_>, at: Place) -> Option<Base> {
    let kind = cursor.name()?.to_owned();
    if !cursor.word("hook") {
        return None;
    }
    let hook = cursor.name()?.to_owned();
    let mut found = Base { kind, hook, priority: 0, devices: Vec::new(), drops: false, place: at };
    if cursor.word("device") {
        // An interface behind a variable that is no plain name stays unknown.
        let device = cursor.value()?;
        if let Expr::Word(name) = device.plain() {
            found.devices.push(name.clone());
        }
    } else if cursor.peek() == Some(Kind::Word("devices")) {
        found.devices = devices(cursor);
    }
    if !cursor.word("priority") {
        return None;
    }
    let mut text = String::new();
    while let Some(part) = cursor.name() {
        text.push_str(part);
    }
    found.priority = priority(&text)?;
    Some(found)
}

/// `0`, `filter`, `filter + 10`, `raw-5`.
pub fn priority(text: &str) -> Option<i64> {
    if let Ok(number) = text.parse::<i64>() {
        return Some(number);
    }
    let end = text.find(['+', '-']).unwrap_or(text.len());
    let (name, offset) = (text.get(..end)?, text.get(end..)?);
    let start = match name {
        "raw" => -300,
        "mangle" => -150,
        "dstnat" => -100,
        "filter" => 0,
        "security" => 50,
        "srcnat" => 100,
        _ => return None,
    };
    let offset = if offset.is_empty() { 0 } else { offset.parse::<i64>().ok()? };
    Some(start + offset.clamp(-1_000_000, 1_000_000))
}

/// `devices = { eth0, eth1 }`
fn devices(cursor: &mut Cursor<'_, '_>) -> Vec<String> {
    cursor.at += 1;
    let _equals = cursor.mark("=");
    let Some(Expr::Set(elements)) = cursor.value() else { return Vec::new() };
    let name = |expr: &Expr| if let Expr::Word(name) = expr.plain() { name.clone() } else { "?".to_owned() };
    elements.iter().map(|element| name(&element.key)).collect()
}

/// `{ … }` of a set or map, behind its name.
fn set_block(set: &mut SetDef, file: &File, cursor: &mut Cursor<'_, '_>) -> Result<(), Malformed> {
    if !cursor.mark("{") {
        return Ok(());
    }
    loop {
        cursor.blank(true);
        if cursor.mark("}") {
            return Ok(());
        }
        match cursor.peek() {
            None => return Ok(()),
            Some(Kind::Word("elements")) => {
                cursor.at += 1;
                let _equals = cursor.mark("=");
                cursor.blank(false);
                elements(set, file, cursor)?;
            }
            Some(Kind::Word("flags")) => {
                cursor.at += 1;
                while let Some(Kind::Word(flag)) = cursor.peek() {
                    set.dynamic |= flag == "dynamic";
                    cursor.at += 1;
                    let _more = cursor.mark(",");
                }
            }
            Some(Kind::Word(_)) => skip(cursor),
            Some(_) => return Err(unexpected(file, cursor, "no part of a set")),
        }
    }
}

/// Puts `{ … }` into a set.
fn elements(set: &mut SetDef, file: &File, cursor: &mut Cursor<'_, '_>) -> Result<(), Malformed> {
    let start = cursor.clone();
    match cursor.value() {
        Some(Expr::Set(elements)) => {
            set.expires |= elements.iter().any(|element| element.expires);
            set.elements.extend(elements);
            Ok(())
        }
        Some(other) => {
            set.elements.push(Element { key: other, data: None, expires: false });
            Ok(())
        }
        None => Err(unexpected(file, &start, "no list of elements")),
    }
}

/// `add OBJECT …`, behind the verb.
pub fn add(reader: &mut Reader<'_>, file: &File, verb: &str, cursor: &mut Cursor<'_, '_>) -> Result<(), Malformed> {
    let at = place(cursor);
    let object = cursor.name().unwrap_or_default();
    match object {
        "table" => return table(reader, file, cursor),
        "chain" | "rule" | "set" | "map" | "element" => {}
        "counter" | "quota" | "limit" | "ct" | "flowtable" | "secmark" | "synproxy" => {
            skip(cursor);
            return Ok(());
        }
        // `add` without an object means a rule.
        _ => cursor.at -= 1,
    }
    let (family, name) = names(file, cursor)?;
    let Some(inside) = cursor.name() else { return Err(unexpected(file, cursor, "no name")) };
    if name.starts_with('$') || inside.starts_with('$') {
        reader.gap(at, format!("{verb} {object} {name} {inside}"));
        skip(cursor);
        return Ok(());
    }
    let Some(table) = reader.tree.table(&family, &name, at) else { return Ok(()) };
    match object {
        "chain" => {
            chain_block(reader, file, cursor, (&family, &name, inside))?;
        }
        "set" | "map" => {
            let Some(set) = table.set(inside, at) else { return Ok(()) };
            set_block(set, file, cursor)?;
        }
        "element" => {
            let Some(set) = table.set(inside, at) else { return Ok(()) };
            elements(set, file, cursor)?;
        }
        _ => {
            let mut before = None;
            let positioned = matches!(cursor.peek(), Some(Kind::Word("position" | "handle" | "index")));
            if positioned {
                before = cursor.tokens.get(cursor.at + 1).and_then(|token| match token.kind {
                    Kind::Word(number) => Some(number.to_owned()),
                    Kind::Text(_) | Kind::Mark(_) | Kind::Newline => None,
                });
                cursor.at += 2;
            }
            let Some(rule) = statement::rule(cursor) else { return Ok(()) };
            let Some(chain) = table.chain(inside) else { return Ok(()) };
            match before {
                Some(number) => reader.gap(at, format!("{verb} rule … {number}")),
                None if verb == "insert" => chain.front.push(rule),
                None => chain.rules.push(rule),
            }
        }
    }
    Ok(())
}

/// `flush …`, `delete …` and `destroy …`, behind the verb.
pub fn remove(reader: &mut Reader<'_>, verb: &str, cursor: &mut Cursor<'_, '_>, at: Place) {
    let flush = verb == "flush";
    let object = cursor.name().unwrap_or_default().to_owned();
    let mut rest = Vec::new();
    while let Some(word) = cursor.name() {
        rest.push(word.to_owned());
    }
    skip(cursor);
    let known = matches!(rest.first().map(String::as_str), Some("ip" | "ip6" | "inet" | "arp" | "bridge" | "netdev"));
    let family = if known { rest.remove(0) } else { "ip".to_owned() };
    let mut rest = rest.into_iter();
    let (table, inside) = (rest.next(), rest.next());
    match (object.as_str(), table) {
        ("ruleset", _) => reader.tree.forget(known.then_some(family.as_str()), None),
        ("table", Some(name)) if !flush => reader.tree.forget(Some(&family), Some(&name)),
        ("counter" | "quota" | "limit" | "meter", _) => {}
        (_, Some(name)) => {
            let Some(table) = reader.tree.table(&family, &name, at) else { return };
            match (object.as_str(), inside) {
                ("table", _) => table.chains.iter_mut().for_each(ChainDef::flush),
                ("chain", Some(chain)) if flush => {
                    table.chain(&chain).map(ChainDef::flush).unwrap_or_default();
                }
                ("chain", Some(chain)) => table.forget_chain(&chain),
                ("set" | "map", Some(set)) => {
                    table.set(&set, at).map(|set| set.elements.clear()).unwrap_or_default();
                }
                _ => reader.gap(at, format!("{verb} {object} …")),
            }
        }
        _ => reader.gap(at, format!("{verb} {object} …")),
    }
}
