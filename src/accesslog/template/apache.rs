//! Apache's `LogFormat`: `%` directives (<https://httpd.apache.org/docs/2.4/mod/mod_log_config.html>), and everything else as it stands.

use super::{Piece, joined};
use crate::accesslog::{
    FormatError,
    field::{fill::Means, header, time::Form},
};

/// Takes a value apart.
pub(super) fn pieces(value: &str) -> Result<Vec<Piece>, FormatError> {
    let mut pieces = Vec::new();
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('%') {
        if !before.is_empty() {
            pieces.push(Piece::Literal(before.as_bytes().to_vec()));
        }
        if let Some(after) = after.strip_prefix('%') {
            pieces.push(Piece::Literal(b"%".to_vec()));
            rest = after;
            continue;
        }
        let (piece, after) = directive(after)?;
        pieces.push(piece);
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest.as_bytes().to_vec()));
    }
    Ok(joined(one_time(pieces)))
}

/// Reads what is behind `%`: conditions (`!200,304`), `<` or `>`, an argument, and the letter.
fn directive(text: &str) -> Result<(Piece, &str), FormatError> {
    let malformed = |what: &str| FormatError::Malformed { what: what.to_owned() };
    let condition = |letter: char| letter.is_ascii_digit() || matches!(letter, '!' | ',' | '<' | '>');
    let rest = text.trim_start_matches(condition);
    let last = text.strip_suffix(rest).is_some_and(|modifiers| modifiers.contains('>'));
    let (argument, rest) = match rest.strip_prefix('{') {
        Some(braced) => {
            let (argument, rest) = braced.split_once('}').ok_or_else(|| malformed("`%{` without `}`"))?;
            (Some(argument), rest.trim_start_matches(condition))
        }
        None => (None, rest),
    };
    let letters = if rest.starts_with('^') { 3 } else { 1 };
    let end = rest.char_indices().nth(letters).map_or(rest.len(), |(at, _)| at);
    let (letter, rest) = rest.split_at_checked(end).unwrap_or((rest, ""));
    if !letter.trim_start_matches('^').chars().all(|letter| letter.is_ascii_alphabetic()) || letter.is_empty() {
        return Err(malformed("`%` without a letter"));
    }
    let (means, rank) = meaning(letter, argument, last);
    let name = match argument {
        Some(argument) => format!("%{{{argument}}}{letter}"),
        None => letter.to_owned(),
    };
    Ok((Piece::Field { name, means, rank }, rest))
}

/// What a directive tells, and how good a source it is.
fn meaning(letter: &str, argument: Option<&str>, last: bool) -> (Means, u8) {
    match (letter, argument) {
        ("a", None) => (Means::Peer, 0),
        // mod_remoteip puts the client in the peer's place; `c` is who really was at the other end.
        ("a", Some(_)) => (Means::Peer, 2),
        ("h", _) => (Means::Peer, 1),
        ("t", None) => (Means::Time(Form::Clf), 1),
        ("t", Some(format)) => time(format),
        ("r", _) => (Means::Request, 0),
        ("m", _) => (Means::Method, 0),
        ("U", _) => (Means::Path, 0),
        ("q", _) => (Means::Query, 0),
        ("V", _) => (Means::Host, 1),
        ("v", _) => (Means::Host, 2),
        // `%s` alone is the status before an internal redirect.
        ("s", _) => (Means::Status, u8::from(!last)),
        ("b" | "B", _) => (Means::Bytes, 0),
        ("O", _) => (Means::Bytes, 1),
        ("D", _) | ("T", Some("us")) => (Means::Took(1_000_000), 0),
        ("T", Some("ms")) => (Means::Took(1_000), 1),
        ("T", _) => (Means::Took(1), 2),
        ("i", Some(name)) => header::request(name),
        _ => (Means::Nothing, 0),
    }
}

fn time(argument: &str) -> (Means, u8) {
    let format = argument.strip_prefix("begin:").or_else(|| argument.strip_prefix("end:")).unwrap_or(argument);
    match format {
        "sec" => (Means::Time(Form::EpochOf(1)), 0),
        "msec" => (Means::Time(Form::EpochOf(1_000)), 0),
        "usec" => (Means::Time(Form::EpochOf(1_000_000)), 0),
        "msec_frac" => (Means::Time(Form::Strftime("%3f".to_owned())), 9),
        "usec_frac" => (Means::Time(Form::Strftime("%6f".to_owned())), 9),
        format => (Means::Time(Form::Strftime(format.to_owned())), 0),
    }
}

/// Puts together a time that is written in parts: `%{%d/%b/%Y %T}t.%{msec_frac}t %{%z}t`.
fn one_time(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut whole: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let Piece::Field { means: Means::Time(Form::Strftime(part)), .. } = &piece else {
            whole.push(piece);
            continue;
        };
        let glue = match whole.as_slice() {
            [.., Piece::Field { means: Means::Time(Form::Strftime(_)), .. }] => Some(String::new()),
            [.., Piece::Field { means: Means::Time(Form::Strftime(_)), .. }, Piece::Literal(glue)] => {
                String::from_utf8(glue.clone()).ok().filter(|glue| glue.chars().all(|sign| " .,:T_-".contains(sign)))
            }
            _ => None,
        };
        let Some(glue) = glue else {
            whole.push(piece);
            continue;
        };
        if !glue.is_empty() {
            whole.pop();
        }
        if let Some(Piece::Field { means: Means::Time(Form::Strftime(format)), .. }) = whole.last_mut() {
            format.push_str(&glue);
            format.push_str(part);
        }
    }
    whole
}
