//! Reads rules off tokens: statement by statement. What is not understood becomes a doubt with the rule's line, never less.

use super::{
    cursor::Cursor,
    lexer::{Kind, Token},
    options::{braces, log, nat, old_update, rate, reject},
    tree::{Expr, Op, RuleDef, Statement, Verdict},
};
use crate::acl::{Doubt, How, Place};

/// The rules up to the closing brace, which is left.
pub fn rules(cursor: &mut Cursor<'_, '_>) -> Vec<RuleDef> {
    let mut found = Vec::new();
    loop {
        cursor.blank(true);
        match cursor.peek() {
            None | Some(Kind::Mark("}")) => return found,
            Some(_) => found.extend(rule(cursor)),
        }
    }
}

/// One rule, up to its end: a line end, a semicolon, or the brace that closes the chain.
pub fn rule(cursor: &mut Cursor<'_, '_>) -> Option<RuleDef> {
    let first = *cursor.tokens.get(cursor.at)?;
    let length = rule_length(cursor.tokens.get(cursor.at..)?);
    let tokens = cursor.tokens.get(cursor.at..cursor.at + length)?;
    // Something that is no rule at all, such as a stray mark, must not stop the reading.
    cursor.at += length.max(1);
    let last = tokens.last().map_or(first.line, |token| token.line);
    let statements = statements(&Cursor { tokens, at: 0, ..cursor.clone() });
    let handle = cursor.handles.get(&last).copied();
    Some(RuleDef { place: Place::new(cursor.file, first.line), start: first.start, handle, statements })
}

/// How many tokens belong to the rule that starts here.
fn rule_length(tokens: &[Token<'_>]) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Mark("{") => depth += 1,
            Kind::Mark("}" | ";") | Kind::Newline if depth == 0 => return at,
            Kind::Mark("}") => depth -= 1,
            Kind::Mark(_) | Kind::Newline | Kind::Word(_) | Kind::Text(_) => {}
        }
    }
    tokens.len()
}

fn statements(cursor: &Cursor<'_, '_>) -> Vec<Statement> {
    let mut cursor = cursor.clone();
    let mut found = Vec::new();
    while cursor.peek().is_some() {
        let start = cursor.at;
        if let Some(next) = statement(&mut cursor) {
            found.push(next);
        } else {
            cursor.at = start;
            not_understood(&cursor, &mut found);
            break;
        }
    }
    found
}

/// What is left of a rule that is not understood: a condition nobody knows if the verdict at its end is plain, else anything.
fn not_understood(cursor: &Cursor<'_, '_>, found: &mut Vec<Statement>) {
    let rest = cursor.tokens.get(cursor.at..).unwrap_or_default();
    let mut text = String::new();
    for token in rest.iter().take(12) {
        let (Kind::Word(part) | Kind::Text(part) | Kind::Mark(part)) = token.kind else { continue };
        if !text.is_empty() {
            text.push(' ');
        }
        text.extend(part.chars().take(40));
    }
    let doubt = Doubt::new("not-understood", text);
    let decides =
        |kind: Kind<'_>| matches!(kind, Kind::Word("accept" | "drop" | "return" | "reject" | "jump" | "goto"));
    let verdicts = rest.iter().filter(|token| decides(token.kind)).count();
    let plain = (rest.len().saturating_sub(3)..rest.len()).find_map(|at| {
        let mut tail = Cursor { at: cursor.at + at, ..cursor.clone() };
        let verdict = tail.verdict().filter(|_| verdicts == 1)?;
        tail.peek().is_none().then_some(verdict)
    });
    match plain {
        Some(verdict) if !matches!(verdict, Verdict::Unknown(_)) => {
            found.extend([Statement::Maybe(doubt), Statement::Verdict(verdict)]);
        }
        _ => found.push(Statement::Unknown(doubt)),
    }
}

/// The next statement.
pub fn statement(cursor: &mut Cursor<'_, '_>) -> Option<Statement> {
    if let Some(Kind::Word("queue")) = cursor.peek() {
        cursor.at = cursor.tokens.len();
        return Some(Statement::Unknown(Doubt::new("target-unknown", "queue")));
    }
    if let Some(verdict) = cursor.verdict() {
        return Some(Statement::Verdict(verdict));
    }
    let Some(Kind::Word(word)) = cursor.peek() else { return matching(cursor) };
    let start = cursor.at;
    cursor.at += 1;
    let unknown = |what: &str| Some(Statement::Unknown(Doubt::new("target-unknown", what)));
    match word {
        "counter" => {
            while cursor.word("packets") || cursor.word("bytes") || cursor.word("name") {
                cursor.name()?;
            }
            Some(Statement::Nothing)
        }
        "last" => {
            if cursor.word("used") {
                cursor.name()?;
            }
            Some(Statement::Nothing)
        }
        "limit" => {
            rate(cursor);
            Some(Statement::Maybe(Doubt::new("limit", "limit")))
        }
        "quota" => {
            rate(cursor);
            Some(Statement::Maybe(Doubt::new("limit", "quota")))
        }
        "ct" if cursor.peek() == Some(Kind::Word("count")) => {
            cursor.at += 1;
            let _over = cursor.word("over");
            cursor.name()?;
            Some(Statement::Maybe(Doubt::new("limit", "ct count")))
        }
        "log" => {
            log(cursor)?;
            Some(Statement::Nothing)
        }
        "comment" => cursor.name().map(|_| Statement::Nothing),
        "reject" => reject(cursor).map(Statement::Reject),
        "notrack" => Some(Statement::Untrack),
        "dnat" | "redirect" => nat(cursor, word == "redirect"),
        "snat" | "masquerade" => {
            // Only the other side's address changes, and it accepts: nothing behind it in the rule matters.
            cursor.at = cursor.tokens.len();
            Some(Statement::Verdict(Verdict::Accept))
        }
        "tproxy" | "synproxy" | "fwd" => {
            while let Some(kind) = cursor.peek()
                && !matches!(kind, Kind::Word("accept" | "drop" | "return" | "counter" | "log" | "comment" | "meta"))
            {
                cursor.at += 1;
            }
            unknown(word)
        }
        "dup" => {
            while cursor.word("to") || cursor.word("device") {
                cursor.value()?;
            }
            Some(Statement::Nothing)
        }
        "flow" => {
            let _verb = cursor.word("add") || cursor.word("offload");
            cursor.name().map(|_| Statement::Nothing)
        }
        "add" | "update" | "delete" if matches!(cursor.peek(), Some(Kind::Word(set)) if set.starts_with('@')) => {
            let set = cursor.name()?.trim_start_matches('@').to_owned();
            let limited = braces(cursor)?.0;
            Some(Statement::Update { set, limited })
        }
        "set" if cursor.word("add") || cursor.word("update") || cursor.word("delete") => old_update(cursor),
        "meter" => {
            let name = cursor.name()?;
            if cursor.word("size") {
                cursor.name()?;
            }
            braces(cursor)?;
            Some(Statement::Maybe(Doubt::new("limit", format!("meter {name}"))))
        }
        "xt" => {
            let kind = cursor.name()?;
            let name = cursor.name()?;
            Some(extension(kind, name))
        }
        _ => {
            cursor.at = start;
            matching(cursor)
        }
    }
}

/// An extension of iptables that nft names but does not show.
pub fn extension(kind: &str, name: &str) -> Statement {
    match (kind, name) {
        ("match", "comment") => Statement::Nothing,
        ("match", _) => Statement::Maybe(Doubt::new("match-unknown", format!("xt match {name}"))),
        (
            _,
            "LOG" | "NFLOG" | "ULOG" | "MARK" | "CONNMARK" | "SECMARK" | "CONNSECMARK" | "CLASSIFY" | "TCPMSS" | "DSCP"
            | "TOS" | "TTL" | "HL" | "CHECKSUM" | "AUDIT" | "TRACE" | "LED" | "RATEEST" | "HMARK" | "IDLETIMER" | "TEE",
        ) => Statement::Nothing,
        (_, "MASQUERADE" | "SNAT") => Statement::Verdict(Verdict::Accept),
        (_, "REJECT") => Statement::Reject(How::Reject),
        (_, "REDIRECT" | "DNAT" | "NETMAP") => {
            Statement::Rewrite(Doubt::new("target-unknown", format!("xt target {name}")))
        }
        _ => Statement::Unknown(Doubt::new("target-unknown", format!("xt {kind} {name}"))),
    }
}

/// A match, a verdict map, or a change of the packet.
fn matching(cursor: &mut Cursor<'_, '_>) -> Option<Statement> {
    let left = cursor.operand()?;
    if cursor.word("vmap") {
        return Some(Statement::Vmap { key: left, data: cursor.value()? });
    }
    if let (true, Expr::Selector(what)) = (cursor.word("set"), &left) {
        let start = cursor.at;
        if cursor.operand().is_none() {
            cursor.at = start;
            cursor.value()?;
        } else if cursor.word("map") {
            cursor.value()?;
        }
        while cursor.mark("|") || cursor.mark("&") || cursor.mark("^") || cursor.word("or") || cursor.word("xor") {
            cursor.value()?;
        }
        return Some(change(what));
    }
    let op = match cursor.peek()? {
        Kind::Mark("==") | Kind::Word("eq") => Op::Eq,
        Kind::Mark("!=") | Kind::Word("ne") => Op::Ne,
        Kind::Mark("<") | Kind::Word("lt") => Op::Lt,
        Kind::Mark(">") | Kind::Word("gt") => Op::Gt,
        Kind::Mark("<=") | Kind::Word("le") => Op::Le,
        Kind::Mark(">=") | Kind::Word("ge") => Op::Ge,
        Kind::Mark("!") => Op::Without,
        Kind::Mark(_) | Kind::Word(_) | Kind::Text(_) | Kind::Newline => Op::Implicit,
    };
    cursor.at += usize::from(op != Op::Implicit);
    let right = cursor.value()?;
    if cursor.word("/") {
        // tcp flags syn / fin,syn,rst,ack
        let mask = cursor.value()?;
        let op = if op == Op::Implicit { Op::Eq } else { op };
        return Some(Statement::Match { left: Expr::Mask(Box::new(left), Box::new(mask)), op, right: joined(right) });
    }
    Some(Statement::Match { left, op, right })
}

/// Flags in a row as the one value they make.
pub fn joined(value: Expr) -> Expr {
    match value {
        Expr::List(parts) => Expr::Or(parts),
        other => other,
    }
}

/// `… set …`: marks do not matter here, addresses and ports do.
pub fn change(what: &str) -> Statement {
    let mut words = what.split(' ');
    let moves = matches!(words.next(), Some("ip" | "ip6" | "tcp" | "udp" | "th" | "@th" | "@nh"))
        && matches!(words.next(), Some("saddr" | "daddr" | "sport" | "dport" | "protocol" | "flags"));
    if moves || what.starts_with('@') {
        Statement::Rewrite(Doubt::new("target-unknown", format!("{what} set")))
    } else {
        Statement::Nothing
    }
}
