//! Formats that an operator writes: what stands between fields is matched to the letter, fields are what is between. Where a text could
//! be cut in several ways (an agent without quotes, a list with blanks), the first way in which every field looks like itself is taken.

mod apache;
mod directive;
mod nginx;

use super::{
    Entry, FormatError,
    field::{
        address,
        escape::{Escape, undone},
        fill::{Filling, Means},
        header, time,
    },
    formats::Language,
};

/// Bytes of a text that a template is looked for in: a whole nginx.conf.
const MOST_BYTES: usize = 256 << 10;

/// Fields that a template may have; the longest that was seen, ingress-nginx with everything on, has forty.
const MOST_FIELDS: usize = 128;

/// Bytes that are looked at for one line, again and again where it can be cut in many ways: a few milliseconds' worth.
const MOST_LOOKS: usize = 4 << 20;

/// A template ready to read lines.
#[derive(Debug, Clone)]
pub(super) struct Template {
    /// What stands before the first field.
    lead: Vec<u8>,
    fields: Vec<Field>,
    escape: Escape,
    /// Where the fields of the line at hand are; kept for its memory.
    cuts: Vec<(usize, usize)>,
}

/// A field and what stands behind it.
#[derive(Debug, Clone)]
struct Field {
    /// As the template calls it.
    name: String,
    means: Means,
    rank: u8,
    looks: Looks,
    /// Quotes stand around it.
    quoted: bool,
    after: Vec<u8>,
}

/// What a field's text looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Looks {
    /// Anything.
    Text,
    /// Anything without a blank.
    Word,
    /// Anything with so many blanks.
    Blanks(usize),
    /// A whole number, or `-`.
    Number,
    /// A number with or without a fraction.
    Decimal,
    /// A number, or several that nginx lists for its upstreams.
    Numbers,
    /// A time in the Common Log Format.
    Clf,
    /// A path: it begins with `/`. Where a field stands right before it, that tells where it begins.
    Path,
}

/// A template as it is taken apart, before its fields know what follows them.
#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Literal(Vec<u8>),
    Field { name: String, means: Means, rank: u8 },
}

impl Template {
    /// Reads the value of `log_format` or `LogFormat`, or the text such a directive stands in.
    pub(super) fn parse(text: &str) -> Result<(Self, Language), FormatError> {
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.len() > MOST_BYTES {
            return Err(FormatError::TooLong { most: MOST_BYTES });
        }
        let found = directive::find(text)?;
        let pieces = match found.language {
            Language::Nginx | Language::Ingress => nginx::pieces(&found.value),
            Language::Apache => apache::pieces(&found.value),
        }?;
        Ok((Self::of(pieces, found.escape)?, found.language))
    }

    /// What ingress-nginx writes by default.
    pub(super) fn ingress() -> Result<Self, FormatError> {
        const UPSTREAMINFO: &str = "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent \"$http_referer\" \
            \"$http_user_agent\" $request_length $request_time [$proxy_upstream_name] [$proxy_alternative_upstream_name] \
            $upstream_addr $upstream_response_length $upstream_response_time $upstream_status $req_id";
        Self::of(nginx::pieces(UPSTREAMINFO)?, Escape::Backslash)
    }

    fn of(pieces: Vec<Piece>, escape: Escape) -> Result<Self, FormatError> {
        let mut template = Self { lead: Vec::new(), fields: Vec::new(), escape, cuts: Vec::new() };
        for piece in pieces {
            match piece {
                Piece::Literal(literal) => match template.fields.last_mut() {
                    Some(field) => field.after.extend(literal),
                    None => template.lead.extend(literal),
                },
                Piece::Field { name, means, rank } => {
                    let before = template.fields.last().map_or(&template.lead, |field| &field.after);
                    let quoted = before.ends_with(b"\"");
                    let looks = looks(&name, &means);
                    template.fields.push(Field { name, means, rank, looks, quoted, after: Vec::new() });
                }
            }
        }
        if template.fields.len() > MOST_FIELDS {
            return Err(FormatError::TooLong { most: MOST_FIELDS });
        }
        if template.fields.iter().all(|field| field.means == Means::Nothing) {
            return Err(FormatError::NoVariable);
        }
        for field in &mut template.fields {
            field.quoted &= field.after.starts_with(b"\"");
        }
        Ok(template)
    }

    /// Whether some field means this.
    pub(super) fn names(&self, means: &Means) -> bool {
        self.fields.iter().any(|field| field.means == *means)
    }

    /// Takes the client's address from a field; says whether that is another than the peer. Else the fields there are.
    pub(super) fn client(&mut self, name: &str) -> Result<bool, Vec<String>> {
        let same = |field: &Field| field.name == name || header::bare(&field.name) == header::bare(name);
        let Some(at) = self.fields.iter().position(same) else {
            let mut names: Vec<String> = Vec::new();
            for field in &self.fields {
                if !names.contains(&field.name) {
                    names.push(field.name.clone());
                }
            }
            return Err(names);
        };
        let is_peer = self.fields.get(at).is_some_and(|field| field.means == Means::Peer);
        let means = if is_peer { Means::Peer } else { Means::Forwarded };
        for (index, field) in self.fields.iter_mut().enumerate() {
            if index == at {
                (field.means, field.rank) = (means.clone(), 0);
            } else if field.means == means {
                field.means = Means::Nothing;
            }
        }
        Ok(!is_peer)
    }

    /// Reads a line.
    pub(super) fn read<'a>(&mut self, line: &'a [u8]) -> Option<Entry<'a>> {
        let rest = line.strip_prefix(self.lead.as_slice())?;
        let mut cuts = std::mem::take(&mut self.cuts);
        cuts.clear();
        let mut left = MOST_LOOKS;
        let fits = self.cut(0, rest, 0, &mut cuts, &mut left);
        let entry = fits.then(|| {
            let mut filling = Filling::default();
            for (field, (from, to)) in self.fields.iter().zip(&cuts) {
                if field.means != Means::Nothing {
                    let raw = rest.get(*from..*to).unwrap_or_default();
                    filling.put(&field.means, field.rank, undone(raw, self.escape));
                }
            }
            filling.entry()
        });
        self.cuts = cuts;
        entry
    }

    /// Cuts fields from the given one on; `cuts` is complete if this is true.
    fn cut(&self, index: usize, line: &[u8], from: usize, cuts: &mut Vec<(usize, usize)>, left: &mut usize) -> bool {
        let Some(field) = self.fields.get(index) else { return from == line.len() };
        let Some(rest) = line.get(from..) else { return false };
        let mut at = 0;
        loop {
            let found = if index + 1 == self.fields.len() {
                rest.strip_suffix(field.after.as_slice()).map(<[u8]>::len).filter(|end| *end >= at)
            } else {
                rest.get(at..).and_then(|rest| memchr::memmem::find(rest, &field.after)).map(|found| at + found)
            };
            let Some(end) = found else { return false };
            *left = left.saturating_sub(end + 1);
            let Some(text) = rest.get(..end).filter(|_| *left > 0) else { return false };
            let escaped = field.quoted && self.escape != Escape::None && is_escaped(text);
            match fit(field.looks, text) {
                Fit::Never => return false,
                Fit::Yes if !escaped => {
                    cuts.push((from, from + end));
                    if self.cut(index + 1, line, from + end + field.after.len(), cuts, left) {
                        return true;
                    }
                    cuts.pop();
                }
                Fit::Yes | Fit::NotYet => {}
            }
            at = end + 1;
        }
    }
}

enum Fit {
    Yes,
    /// A longer text may look right.
    NotYet,
    /// No longer text does.
    Never,
}

fn fit(looks: Looks, text: &[u8]) -> Fit {
    if text.is_empty() || text == b"-" {
        return Fit::Yes;
    }
    let fits = |good: bool| if good { Fit::Yes } else { Fit::NotYet };
    let all = |good: fn(&u8) -> bool| if text.iter().all(good) { Fit::Yes } else { Fit::Never };
    match looks {
        Looks::Text => Fit::Yes,
        Looks::Word => all(|byte| !byte.is_ascii_whitespace()),
        Looks::Number => all(u8::is_ascii_digit),
        Looks::Decimal => all(|byte| byte.is_ascii_digit() || *byte == b'.'),
        Looks::Numbers => match all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b':' | b' ' | b'-')) {
            Fit::Yes => fits(!text.ends_with(b",") && !text.ends_with(b":")),
            fit => fit,
        },
        Looks::Blanks(blanks) => match memchr::memchr_iter(b' ', text).count() {
            count if count > blanks => Fit::Never,
            count => fits(count == blanks),
        },
        Looks::Clf => match text.len() {
            0..=32 => fits(time::clf(text).is_some()),
            _ => Fit::Never,
        },
        Looks::Path => match text.first() {
            Some(b'/' | b'*' | b'\\') => Fit::Yes,
            _ => fits(
                text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case(b"http")) || address::one(text).is_some(),
            ),
        },
    }
}

fn is_escaped(text: &[u8]) -> bool {
    text.iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1
}

fn looks(name: &str, means: &Means) -> Looks {
    match means {
        Means::Time(time::Form::Clf) => Looks::Clf,
        Means::Time(time::Form::Strftime(format)) => {
            // These write blanks of their own.
            let padded = ["%c", "%e", "%k", "%l"].iter().any(|directive| format.contains(directive));
            if padded { Looks::Text } else { Looks::Blanks(memchr::memchr_iter(b' ', format.as_bytes()).count()) }
        }
        Means::Peer | Means::PeerAndPort | Means::Method | Means::Host | Means::Time(_) | Means::TookWithUnit => {
            Looks::Word
        }
        Means::Status | Means::Bytes => Looks::Number,
        Means::Took(_) => Looks::Decimal,
        Means::Target | Means::Path => Looks::Path,
        Means::Request | Means::Query | Means::Forwarded | Means::Referer | Means::Agent => Looks::Text,
        Means::Nothing => match name {
            "scheme" | "server_protocol" | "H" | "server_port" | "remote_port" | "p" | "pid" | "connection"
            | "request_length" | "request_id" | "req_id" => Looks::Word,
            "upstream_response_time"
            | "upstream_status"
            | "upstream_connect_time"
            | "upstream_header_time"
            | "upstream_response_length" => Looks::Numbers,
            _ => Looks::Text,
        },
    }
}

/// Puts a path and the query right behind it together: `$uri$is_args$args`, `%U%q`.
fn joined(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match (joined.last_mut(), &piece) {
            (Some(Piece::Field { means: Means::Path, .. }), Piece::Field { name, .. }) if name == "is_args" => {}
            (Some(Piece::Field { means: means @ Means::Path, rank, .. }), Piece::Field { means: Means::Query, .. }) => {
                // A rewritten path is not what was asked for; where the request line is told too, that is taken.
                (*means, *rank) = (Means::Target, 1);
            }
            (Some(Piece::Literal(before)), Piece::Literal(literal)) => before.extend(literal),
            _ => joined.push(piece),
        }
    }
    joined
}

#[cfg(test)]
mod tests;
