//! W3C extended logs: IIS, and `CloudFront`'s standard logs, which are of the same kind with tabs. `#Fields:` names the columns, and may
//! name others further down: IIS writes it anew whenever it starts or its settings change.

use std::borrow::Cow;

use super::registry::Columns;
use crate::accesslog::{
    Line,
    field::{
        escape,
        fill::{Filling, Means},
        header, time,
    },
};

/// Columns as a log names them.
#[derive(Debug, Clone)]
pub(super) struct Reader {
    kind: Columns,
    columns: Vec<Column>,
    /// Whether the log itself has named them.
    named: bool,
    /// The column that holds the client's address, where another than `c-ip` does.
    client: Option<String>,
}

#[derive(Debug, Clone)]
struct Column {
    name: String,
    means: Means,
    rank: u8,
    date: bool,
    time: bool,
}

/// What IIS 8.5 and later write unless told otherwise.
const IIS: &str = "date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status \
    sc-substatus sc-win32-status time-taken";

/// What `CloudFront` writes, in this order since 2019 (docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/AccessLogs.html).
const CLOUDFRONT: &str = "date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) \
    cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken x-forwarded-for \
    ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version fle-status fle-encrypted-fields c-port time-to-first-byte \
    x-edge-detailed-result-type sc-content-type sc-content-len sc-range-start sc-range-end";

/// Columns that are read; IIS has two dozen, and custom ones.
const MOST_COLUMNS: usize = 128;

impl Reader {
    pub(super) fn new(kind: Columns) -> Self {
        let names = match kind {
            Columns::Iis => IIS,
            Columns::CloudFront => CLOUDFRONT,
        };
        let mut reader = Self { kind, columns: Vec::new(), named: false, client: None };
        reader.name(names);
        reader
    }

    /// Whether some column is the `User-Agent`.
    pub(super) fn names_agent(&self) -> bool {
        self.columns.iter().any(|column| column.means == Means::Agent)
    }

    /// Takes the client's address from a column. Else the columns there are, where the log has named them.
    pub(super) fn client(&mut self, name: &str) -> Result<bool, Vec<String>> {
        match self.columns.iter().find(|column| same(&column.name, name)) {
            Some(column) if column.means == Means::Peer => Ok(false),
            None if self.named => Err(self.columns.iter().map(|column| column.name.clone()).collect()),
            _ => {
                self.client = Some(name.to_owned());
                self.take_client();
                Ok(true)
            }
        }
    }

    pub(super) fn read<'a>(&mut self, line: &'a [u8]) -> Line<'a> {
        if line.starts_with(b"#") {
            if let Some(names) = line.strip_prefix(b"#Fields:") {
                self.name(&String::from_utf8_lossy(names));
                self.named = true;
            }
            return Line::Other;
        }
        self.entry(line).unwrap_or(Line::Unreadable)
    }

    fn name(&mut self, names: &str) {
        self.columns = names.split_whitespace().take(MOST_COLUMNS).map(|name| column(self.kind, name)).collect();
        self.take_client();
    }

    fn take_client(&mut self) {
        let Some(client) = &self.client else { return };
        for column in &mut self.columns {
            if same(&column.name, client) {
                (column.means, column.rank) = (Means::Forwarded, 0);
            } else if column.means == Means::Forwarded {
                column.means = Means::Nothing;
            }
        }
    }

    fn entry<'a>(&self, line: &'a [u8]) -> Option<Line<'a>> {
        let divider = match self.kind {
            Columns::Iis => b' ',
            Columns::CloudFront => b'\t',
        };
        let mut filling = Filling::default();
        let (mut date, mut clock) = (None, None);
        let mut columns = self.columns.iter();
        for value in line.split(|byte| *byte == divider) {
            let column = columns.next()?;
            if column.date {
                date = Some(value);
            } else if column.time {
                clock = Some(value);
            } else if column.means == Means::Status && !value.iter().all(|byte| byte.is_ascii_digit() || *byte == b'-')
            {
                return None;
            } else if column.means != Means::Nothing {
                filling.put(&column.means, column.rank, self.meant(&column.means, value));
            }
        }
        if columns.next().is_some() {
            return None;
        }
        let moment = [date?, clock?].join(&b' ');
        time::read(&time::Form::Iso, &moment)?;
        filling.put(&Means::Time(time::Form::Iso), 0, Cow::Owned(moment));
        Some(Line::Entry(filling.entry()))
    }

    /// A value, what stands for blanks undone. Paths are as they were asked for.
    fn meant<'a>(&self, means: &Means, value: &'a [u8]) -> Cow<'a, [u8]> {
        match (self.kind, means) {
            (Columns::CloudFront, Means::Agent | Means::Forwarded | Means::Referer) => escape::percent(value),
            (Columns::Iis, Means::Agent | Means::Forwarded) => blanks(value),
            _ => Cow::Borrowed(value),
        }
    }
}

/// IIS writes `+` for a blank and leaves a `+` as it is. Of two in a row the second is taken for a real one: `;++https://` was `; +https://`,
/// for nobody writes two blanks.
fn blanks(value: &[u8]) -> Cow<'_, [u8]> {
    if !value.contains(&b'+') {
        return Cow::Borrowed(value);
    }
    let mut after_blank = false;
    let blank = |byte: &u8| {
        after_blank = *byte == b'+' && !after_blank;
        if after_blank { b' ' } else { *byte }
    };
    Cow::Owned(value.iter().map(blank).collect())
}

fn same(name: &str, asked: &str) -> bool {
    name.eq_ignore_ascii_case(asked) || header::bare(name) == header::bare(asked)
}

fn column(kind: Columns, name: &str) -> Column {
    let lower = name.to_ascii_lowercase();
    let (means, rank) = match (lower.as_str(), kind) {
        ("c-ip", _) => (Means::Peer, 0),
        ("cs-method", _) => (Means::Method, 0),
        ("cs-uri-stem", _) => (Means::Path, 0),
        ("cs-uri-query", _) => (Means::Query, 0),
        ("cs-uri", _) => (Means::Target, 0),
        ("sc-status", _) => (Means::Status, 0),
        ("sc-bytes", _) => (Means::Bytes, 0),
        ("time-taken", Columns::CloudFront) => (Means::Took(1), 0),
        ("time-taken", Columns::Iis) => (Means::Took(1_000), 0),
        // The name that the viewer asked for; cs(Host) is the distribution's own.
        ("x-host-header", Columns::CloudFront) | ("cs-host", _) => (Means::Host, 0),
        ("cs(host)", Columns::CloudFront) => (Means::Host, 2),
        _ => header::request(&header::bare(name)),
    };
    Column { name: name.to_owned(), means, rank, date: lower == "date", time: lower == "time" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry<'a>(reader: &mut Reader, line: &'a str) -> crate::accesslog::Entry<'a> {
        match reader.read(line.as_bytes()) {
            Line::Entry(entry) => entry,
            other => panic!("{other:?}: {line}"),
        }
    }

    #[test]
    fn columns_may_change_in_the_middle_of_a_file() {
        let mut reader = Reader::new(Columns::Iis);
        assert_eq!(reader.read(b"#Fields: date time c-ip cs-uri-stem sc-status"), Line::Other);
        assert_eq!(entry(&mut reader, "2026-11-23 11:02:09 27.0.238.7 /a 200").status, Some(200));
        assert_eq!(reader.read(b"#Fields: date time cs-uri-stem c-ip sc-status time-taken"), Line::Other);
        let second = entry(&mut reader, "2026-11-23 11:02:09 /a 27.0.238.7 404 250");
        assert_eq!((second.status, second.seconds, second.peer), (Some(404), Some(0.25), "27.0.238.7".parse().ok()));
        assert_eq!(reader.read(b"2026-11-23 11:02:09 27.0.238.7 /a 200"), Line::Unreadable);
    }

    #[test]
    fn of_pluses_in_a_row_the_first_is_a_blank() {
        for (written, meant) in [
            ("a/1.1;+b/1.0;++https://c", "a/1.1; b/1.0; +https://c"),
            ("a+b", "a b"),
            ("plain", "plain"),
            ("a++b+++c", "a +b + c"),
        ] {
            assert_eq!(escape::text(blanks(written.as_bytes())), meant, "{written}");
        }
    }

    #[test]
    fn a_column_that_is_not_there_is_refused_once_they_are_named() {
        let mut reader = Reader::new(Columns::Iis);
        assert_eq!(reader.client("X-Client"), Ok(true));
        let mut reader = Reader::new(Columns::Iis);
        let _ = reader.read(b"#Fields: date time c-ip X-Forwarded-For cs(X-Real) sc-status");
        assert_eq!(reader.client("X-Client").map_err(|names| names.len()), Err(6));
        assert_eq!(reader.client("X-Real"), Ok(true));
        let read = entry(&mut reader, "2026-11-23 11:02:09 10.0.0.1 1.1.1.1 27.0.238.7,+10.0.0.2 200");
        assert_eq!(read.forwarded, ["27.0.238.7".parse::<std::net::IpAddr>().unwrap(), "10.0.0.2".parse().unwrap()]);
    }
}
