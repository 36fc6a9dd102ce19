//! A format made ready to read lines. It may remember: W3C logs name their columns in the middle of the file.

use std::borrow::Cow;

use super::{
    FORMATS, Format, FormatError, alb, detect, envelope, haproxy, json, plain,
    registry::{Columns, Kind, Language, Plain},
    w3c,
};
use crate::accesslog::{
    Entry, Line,
    field::{fill::Means, header},
    template::Template,
};

/// A format ready to read lines of one file.
#[derive(Debug, Clone)]
pub struct Dialect {
    format: &'static Format,
    client: Option<String>,
    reader: Reader,
    /// Lines that other formats read as well are refused: only to find out which format a file is in.
    strict: bool,
}

#[derive(Debug, Clone)]
enum Reader {
    Plain(Plain),
    Template(Template),
    Json(json::Reader),
    W3c(w3c::Reader),
    Alb,
    Haproxy,
}

/// What a client field is called that is none.
const PEER: &str = "peer";

impl Dialect {
    /// The format of a file by its first lines: the one that reads most of them, and at least four of five.
    pub fn detect(sample: &str) -> Option<Self> {
        detect::detect(sample)
    }

    /// The format of a name.
    pub fn named(name: &str) -> Result<Self, FormatError> {
        let format = FORMATS.iter().find(|format| format.name.eq_ignore_ascii_case(name.trim()));
        let format = format.ok_or_else(|| {
            let near = FORMATS.iter().map(|format| (strsim::jaro_winkler(name, format.name), format.name));
            let near = near.filter(|(score, _)| *score > 0.8).max_by(|one, two| one.0.total_cmp(&two.0));
            let known = FORMATS.iter().map(|format| format.name).collect();
            FormatError::Unknown { name: name.to_owned(), nearest: near.map(|(_, near)| near), known }
        })?;
        Self::of(format)
    }

    /// The format that a template of nginx or Apache describes: the value of `log_format` or `LogFormat`, or the whole directive.
    pub fn template(text: &str) -> Result<Self, FormatError> {
        let (template, language) = Template::parse(text)?;
        let format = FORMATS.iter().find(|format| format.kind == Kind::Template(language));
        let format = format.ok_or(FormatError::NoVariable)?;
        Ok(Self { format, client: None, reader: Reader::Template(template), strict: false })
    }

    /// A format ready to read. Its template, where it is one, must be known beforehand.
    pub(super) fn of(format: &'static Format) -> Result<Self, FormatError> {
        let reader = match format.kind {
            Kind::Plain(kind) => Reader::Plain(kind),
            Kind::Template(Language::Ingress) => Reader::Template(Template::ingress()?),
            Kind::Template(Language::Nginx | Language::Apache) => {
                return Err(FormatError::NeedsTemplate { name: format.name });
            }
            Kind::Json(flavour) => Reader::Json(json::Reader::new(flavour)),
            Kind::W3c(columns) => Reader::W3c(w3c::Reader::new(columns)),
            Kind::Alb => Reader::Alb,
            Kind::Haproxy => Reader::Haproxy,
        };
        Ok(Self { format, client: None, reader, strict: false })
    }

    /// The same, refusing lines that only a looser reading accepts.
    pub(super) fn strictly(self) -> Self {
        Self { strict: true, ..self }
    }

    /// The same, accepting what it can.
    pub(super) fn loosely(self) -> Self {
        Self { strict: false, ..self }
    }

    /// The same, the client's address read from the field of this name: a variable of the template, a JSON key, a column.
    pub fn with_client_field(mut self, name: &str) -> Result<Self, FormatError> {
        let peer = matches!(header::bare(name).as_str(), "peer" | "remoteaddr" | "h" | "cip" | "a");
        let fields = match &mut self.reader {
            Reader::Template(template) => template.client(name).err(),
            Reader::Json(json) => json.client(name).err(),
            Reader::W3c(columns) => columns.client(name).err(),
            Reader::Plain(kind) => match header::request(name.strip_prefix("http_").unwrap_or(name)).0 {
                Means::Forwarded if *kind == Plain::Main => None,
                _ if header::bare(name) == "xforwardedfor" && *kind == Plain::Main => None,
                _ if *kind == Plain::Main => Some(vec![PEER.to_owned(), "http_x_forwarded_for".to_owned()]),
                _ => Some(vec![PEER.to_owned()]),
            },
            Reader::Alb | Reader::Haproxy => Some(vec![PEER.to_owned()]),
        };
        self.client = match fields {
            None => Some(name.to_owned()),
            Some(_) if peer => None,
            Some(fields) => return Err(FormatError::UnknownField { name: name.to_owned(), fields }),
        };
        Ok(self)
    }

    /// What is read.
    pub fn format(&self) -> &'static Format {
        self.format
    }

    /// Where the client's address stands: `peer`, or the field that was asked for.
    pub fn client_field(&self) -> &str {
        self.client.as_deref().unwrap_or(PEER)
    }

    /// Whether its lines carry a `User-Agent` at all.
    pub fn names_agent(&self) -> bool {
        match &self.reader {
            Reader::Template(template) => template.names(&Means::Agent),
            _ => self.format.names_agent(),
        }
    }

    /// How lines begin that must be read whatever else is in them.
    pub fn directive(&self) -> Option<&'static str> {
        match self.format.kind {
            Kind::W3c(Columns::CloudFront | Columns::Iis) => Some("#Fields:"),
            Kind::Plain(_) | Kind::Template(_) | Kind::Json(_) | Kind::Alb | Kind::Haproxy => None,
        }
    }

    /// Reads a line, its end left out or not. Bytes that are not UTF-8 are replaced; in URLs they are percent-encoded.
    pub fn read<'a>(&mut self, line: &'a [u8]) -> Line<'a> {
        // A log that was cut while it was written to (logrotate's copytruncate) goes on behind a hole of NULs.
        let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        let hole = line.iter().take_while(|byte| **byte == 0).count();
        let line = line.get(hole..).unwrap_or_default().trim_ascii_end();
        if line.is_empty() {
            return Line::Other;
        }
        if let Reader::W3c(columns) = &mut self.reader {
            return columns.read(line);
        }
        if line.starts_with(b"#") {
            return Line::Other;
        }
        match self.entry(line) {
            Some(entry) => Line::Entry(entry),
            None => match envelope::opened(line).and_then(|inner| self.entry(inner)) {
                Some(entry) => Line::Entry(entry),
                None => Line::Unreadable,
            },
        }
    }

    fn entry<'a>(&mut self, line: &'a [u8]) -> Option<Entry<'a>> {
        match &mut self.reader {
            Reader::Plain(kind) => plain::read(*kind, line, self.strict),
            Reader::Template(template) => template.read(line),
            Reader::Json(json) => json.read(line, self.strict),
            Reader::W3c(_) => None,
            Reader::Alb => alb::read(line),
            Reader::Haproxy => haproxy::read(line),
        }
    }
}

/// Text that does not outlive its line, made to.
pub(super) fn owned(entry: Entry<'_>) -> Entry<'static> {
    let text = |text: Option<Cow<'_, str>>| text.map(|text| Cow::Owned(text.into_owned()));
    Entry {
        time: entry.time,
        peer: entry.peer,
        forwarded: entry.forwarded,
        method: text(entry.method),
        target: text(entry.target),
        host: text(entry.host),
        status: entry.status,
        bytes: entry.bytes,
        seconds: entry.seconds,
        referer: text(entry.referer),
        user_agent: text(entry.user_agent),
    }
}
