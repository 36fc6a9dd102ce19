//! nginx's `log_format`: `$variable`, `${variable}`, and everything else as it stands.

use super::{Piece, joined};
use crate::accesslog::{
    FormatError,
    field::{fill::Means, header, time::Form},
};

/// Takes a value apart.
pub(super) fn pieces(value: &str) -> Result<Vec<Piece>, FormatError> {
    let mut pieces = Vec::new();
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('$') {
        if !before.is_empty() {
            pieces.push(Piece::Literal(before.as_bytes().to_vec()));
        }
        let (name, after) = if let Some(braced) = after.strip_prefix('{') {
            braced.split_once('}').ok_or_else(|| FormatError::Malformed { what: "`${` without `}`".to_owned() })?
        } else {
            let is_end = |letter: char| !letter.is_ascii_alphanumeric() && letter != '_';
            after.split_at_checked(after.find(is_end).unwrap_or(after.len())).unwrap_or((after, ""))
        };
        if name.is_empty() {
            pieces.push(Piece::Literal(b"$".to_vec()));
        } else {
            let (means, rank) = meaning(name);
            pieces.push(Piece::Field { name: name.to_owned(), means, rank });
        }
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest.as_bytes().to_vec()));
    }
    Ok(joined(pieces))
}

/// What a variable tells (nginx.org/en/docs/varindex.html), and how good a source it is.
fn meaning(name: &str) -> (Means, u8) {
    match name {
        "remote_addr" => (Means::Peer, 0),
        "realip_remote_addr" => (Means::Peer, 2),
        // What a balancer says in the PROXY protocol cannot be said by a client.
        "proxy_protocol_addr" => (Means::Forwarded, 0),
        // The header, and remote_addr behind it.
        "proxy_add_x_forwarded_for" => (Means::Forwarded, 1),
        "time_local" => (Means::Time(Form::Clf), 1),
        "time_iso8601" => (Means::Time(Form::Iso), 1),
        "msec" => (Means::Time(Form::Seconds), 0),
        "request" => (Means::Request, 0),
        "request_method" => (Means::Method, 0),
        "request_uri" => (Means::Target, 0),
        "uri" | "document_uri" => (Means::Path, 0),
        "args" | "query_string" => (Means::Query, 0),
        "host" => (Means::Host, 0),
        "server_name" => (Means::Host, 2),
        "status" => (Means::Status, 0),
        "body_bytes_sent" => (Means::Bytes, 0),
        "bytes_sent" => (Means::Bytes, 1),
        "request_time" => (Means::Took(1), 0),
        _ => match name.strip_prefix("http_") {
            Some(name) => header::request(name),
            None => (Means::Nothing, 0),
        },
    }
}
