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
    /// No line by which the format was found named a `User-Agent`.
    agentless: bool,
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
        Ok(Self { format, client: None, reader: Reader::Template(template), strict: false, agentless: false })
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
        Ok(Self { format, client: None, reader, strict: false, agentless: false })
    }

    /// The same, refusing lines that only a looser reading accepts.
    pub(super) fn strictly(self) -> Self {
        Self { strict: true, ..self }
    }

    /// The same, accepting what it can; `agents` says whether any line of the sample named one.
    pub(super) fn loosely(self, agents: bool) -> Self {
        Self { strict: false, agentless: !agents && self.format.may_lack_agent(), ..self }
    }

    /// The same, the client's address read from the field of this name: a variable of the template, a JSON key, a column.
    pub fn with_client_field(mut self, name: &str) -> Result<Self, FormatError> {
        let peer = matches!(header::bare(name).as_str(), "peer" | "remoteaddr" | "h" | "cip" | "a");
        let another = match &mut self.reader {
            Reader::Template(template) => template.client(name),
            Reader::Json(json) => json.client(name),
            Reader::W3c(columns) => columns.client(name),
            Reader::Plain(Plain::Main) if header::bare(name) == "xforwardedfor" => Ok(true),
            Reader::Plain(Plain::Main) => Err(vec![PEER.to_owned(), "http_x_forwarded_for".to_owned()]),
            Reader::Plain(_) | Reader::Alb | Reader::Haproxy => Err(vec![PEER.to_owned()]),
        };
        self.client = match another {
            Ok(true) => Some(name.to_owned()),
            Ok(false) => None,
            Err(_) if peer => None,
            Err(fields) => return Err(FormatError::UnknownField { name: name.to_owned(), fields }),
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
            Reader::W3c(columns) => columns.names_agent(),
            Reader::Plain(kind) => *kind != Plain::Common && !self.agentless,
            Reader::Json(_) | Reader::Haproxy => !self.agentless,
            Reader::Alb => true,
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
        if let Some(inner) = envelope::docker(line) {
            return match self.line(inner.trim_ascii_end()) {
                Line::Entry(entry) => Line::Entry(owned(entry)),
                Line::Other => Line::Other,
                Line::Unreadable => Line::Unreadable,
            };
        }
        // A host and a name may stand before the address in the Common Log Format's family, so syslog's prefix goes first.
        if let (Reader::Plain(_), Some(inner)) = (&self.reader, envelope::opened(line)) {
            return self.line(inner);
        }
        match self.line(line) {
            Line::Unreadable => envelope::opened(line).map_or(Line::Unreadable, |inner| self.line(inner)),
            read => read,
        }
    }

    fn line<'a>(&mut self, line: &'a [u8]) -> Line<'a> {
        let entry = match &mut self.reader {
            Reader::Plain(kind) => plain::read(*kind, line, self.strict),
            Reader::Template(template) => template.read(line),
            Reader::Json(json) => return json.read(line, self.strict),
            Reader::W3c(columns) => return columns.read(line),
            Reader::Alb => alb::read(line),
            Reader::Haproxy => haproxy::read(line),
        };
        entry.map_or(Line::Unreadable, Line::Entry)
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

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "27.0.238.7 - - [23/Nov/2026:20:02:09 +0900] \"GET / HTTP/1.1\" 200 5 \"-\" \"a/1\"";

    #[test]
    fn what_stands_around_a_line_does_not_matter() {
        let mut dialect = Dialect::named("Combined ").unwrap();
        let before = ["", "\u{feff}", "\0\0\0\0", "Nov 23 20:02:09 web1 nginx: "];
        for line in
            before.iter().flat_map(|before| ["", "\r", "\r\n", "  "].map(|after| format!("{before}{LINE}{after}")))
        {
            let Line::Entry(entry) = dialect.read(line.as_bytes()) else { panic!("unreadable: {line:?}") };
            assert_eq!((entry.peer, entry.user_agent.as_deref()), ("27.0.238.7".parse().ok(), Some("a/1")), "{line:?}");
        }
        for line in ["", " ", "\r\n", "\0\0", "# comment", "\u{feff}#Software: x"] {
            assert_eq!(dialect.read(line.as_bytes()), Line::Other, "{line:?}");
        }
    }

    #[test]
    fn a_log_whose_lines_name_no_agent_says_so() {
        let haproxy = "10.0.0.1:5 [23/Nov/2026:11:02:09.123] web web/s1 0/0/0/1/2 200 5 - - ---- 1/1/0/0/0 0/0 {agent}\"GET / HTTP/1.1\"";
        let traefik =
            "10.0.0.1 - - [23/Nov/2026:20:02:09 +0900] \"GET / HTTP/1.1\" 200 5 \"-\" \"{agent}\" 7 \"r\" \"s\" 5ms";
        let json = r#"{"remote_addr":"10.0.0.1","request":"GET / HTTP/1.1","status":200,"time_local":"x"{agent}}"#;
        let iis = "#Fields: date time c-ip cs-uri-stem {agent}sc-status\n";
        for (log, agent) in [(haproxy, "{a/1} "), (traefik, "a/1"), (json, r#","agent":"a/1""#)] {
            for (agent, expected) in [(agent, true), ("", false)] {
                let log = log.replace("{agent}", agent);
                assert_eq!(Dialect::detect(&log).map(|dialect| dialect.names_agent()), Some(expected), "{log}");
            }
        }
        for (agent, value, expected) in [("cs(User-Agent) ", "a/1 ", true), ("", "", false)] {
            let log = format!("{}2026-11-23 11:02:09 10.0.0.1 / {value}200", iis.replace("{agent}", agent));
            assert_eq!(Dialect::detect(&log).map(|dialect| dialect.names_agent()), Some(expected), "{log}");
        }
    }
}
