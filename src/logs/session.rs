//! Logs, one after another, into one report: bytes from a reader, unpacked, to the lines that matter, to what is counted.

use std::{
    io::{ErrorKind, Read},
    sync::Arc,
};

use super::{
    Ask, Logs, LogsError, Watch,
    file::{Reader, Rules},
    unpack::{Packing, Unpacked},
};
use crate::{
    accesslog::{
        Clients, Dialect, Origins, Stream, Summary,
        judge::{self, Circumstances},
        report::{FileReport, LogReport},
    },
    acl::{self, list::RangeList, report::ListUsed},
    words::Words,
};

/// Logs that are read one after another. One that cannot be read leaves it usable.
pub struct Session {
    rules: Rules,
    ask: Ask,
    settings: Arc<super::Settings>,
    words: Arc<Words>,
    list: ListUsed,
    summary: Summary,
    files: Vec<FileReport>,
    stopped: bool,
    unpacked: u64,
    max_unpacked: u64,
}

impl Session {
    pub(super) fn new(logs: &Logs, ask: &Ask, list: &RangeList) -> Result<Self, LogsError> {
        let origins = Arc::new(Origins::new(list, &logs.kakao));
        let clients = Clients { proxies: ask.proxies.clone(), named: false };
        let session = Self {
            summary: Summary::new(Arc::clone(&origins), logs.settings.bounds()),
            rules: Rules::new(origins, clients, logs.kakao.user_agent.token.value.clone(), ask.since, ask.until),
            ask: ask.clone(),
            settings: Arc::clone(&logs.settings),
            words: Arc::clone(&logs.words),
            list: acl::list_used(list, &ask.today, &logs.words),
            files: Vec::new(),
            stopped: false,
            unpacked: 0,
            max_unpacked: u64::MAX,
        };
        // A name, a template or a field that is wrong is told before anything is read.
        session.named()?;
        Ok(session)
    }

    /// Stops with an error once more than `max` bytes were unpacked in all. Without, there is no bound: memory does not grow.
    #[must_use]
    pub fn bounded(self, max: u64) -> Self {
        Self { max_unpacked: max, ..self }
    }

    /// Reads a log to its end, or until `watch` says to stop: plain, gzip or zstd. A read that was interrupted is tried again.
    pub fn read(&mut self, name: &str, input: impl Read, watch: &mut dyn Watch) -> Result<(), LogsError> {
        let unreadable = |source| LogsError::Read { name: name.to_owned(), source: Arc::new(source) };
        let window_log = self.settings.zstd_window_log;
        let mut log = Unpacked::open(input, window_log, || watch.stop()).map_err(unreadable)?;
        if let Packing::Other(kind, with) = log.packing {
            return Err(LogsError::Packed { name: name.to_owned(), kind, with });
        }
        let mut stream =
            Stream::new(self.settings.block_bytes.max(self.settings.sample_bytes), self.settings.max_line_bytes);
        let mut reader: Option<Reader> = None;
        let mut file = Reader::file(name, log.packing.word());
        let (mut told, mut ended_early) = (0, false);
        let mut result = Ok(());
        loop {
            if watch.stop() {
                self.stopped = true;
                ended_early = true;
                break;
            }
            let count = match log.read(stream.space()) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => {
                    file.damaged = Some(error.to_string());
                    if log.failed() {
                        result = Err(unreadable(error));
                    }
                    break;
                }
            };
            stream.put(count);
            file.bytes += count as u64;
            self.unpacked += count as u64;
            watch.bytes(log.packed_bytes() - told);
            told = log.packed_bytes();
            if self.unpacked > self.max_unpacked {
                file.damaged = Some("logs.max_unpacked_bytes".to_owned());
                result = Err(LogsError::TooLarge { max: self.max_unpacked });
                break;
            }
            if reader.is_none() {
                stream.skip_hole();
                let more = stream.pending().len() < self.settings.sample_bytes;
                reader = self.reader(name, stream.pending(), more)?;
            }
            if let Some(reader) = &mut reader {
                reader.take(&mut stream, &mut file, &self.rules, &mut self.summary, watch);
            }
        }
        if reader.is_none() && result.is_ok() {
            reader = self.reader(name, stream.pending(), false)?;
        }
        if let Some(mut reader) = reader {
            // A line at which reading was stopped, or unpacking failed, is none.
            if !ended_early && file.damaged.is_none() {
                reader.finish(&mut stream, &mut file, &self.rules, &mut self.summary, watch);
            }
            reader.close(&mut file, &self.rules, &mut self.summary);
        }
        self.files.push(file);
        result
    }

    /// The format that was asked for, if one was.
    fn named(&self) -> Result<Option<Dialect>, LogsError> {
        let dialect = match (&self.ask.template, self.ask.format.as_deref()) {
            (Some(template), _) => Dialect::template(template)?,
            (None, Some(name)) if name != "auto" => Dialect::named(name)?,
            (None, _) => return Ok(None),
        };
        self.with_field(dialect).map(Some)
    }

    fn with_field(&self, dialect: Dialect) -> Result<Dialect, LogsError> {
        match &self.ask.client_field {
            Some(field) => Ok(dialect.with_client_field(field)?),
            None => Ok(dialect),
        }
    }

    /// What reads the lines of a file that begins like this. None if nothing can be said yet, or if there is no line to read.
    fn reader(&self, name: &str, beginning: &[u8], more: bool) -> Result<Option<Reader>, LogsError> {
        let dialect = match self.named()? {
            Some(dialect) => dialect,
            None => match detected(beginning, more) {
                Some(dialect) => self.with_field(dialect)?,
                None if more || is_empty(beginning) => return Ok(None),
                None => return Err(LogsError::Unknown { name: name.to_owned(), line: first_line(beginning) }),
            },
        };
        Ok(Some(Reader::new(dialect, &self.rules)))
    }

    /// What was read so far.
    pub fn report(&self) -> LogReport {
        let circumstances = Circumstances {
            list: &self.list,
            files: &self.files,
            stopped: self.stopped,
            since: self.ask.since,
            until: self.ask.until,
            slow_seconds: self.settings.slow_seconds,
        };
        judge::report(&self.summary, &circumstances, &self.words)
    }
}

/// The format by the lines that have come so far. Of a log that grows only a few may have; more are waited for if these do not tell.
fn detected(beginning: &[u8], more: bool) -> Option<Dialect> {
    let whole = match memchr::memrchr(b'\n', beginning) {
        Some(end) if more => beginning.get(..end)?,
        None if more => return None,
        Some(_) | None => beginning,
    };
    Dialect::detect(String::from_utf8_lossy(whole).trim_start_matches('\0'))
}

/// Whether nothing but blanks, NULs and comments is there.
fn is_empty(text: &[u8]) -> bool {
    let nothing =
        |line: &[u8]| line.starts_with(b"#") || line.iter().all(|byte| *byte == 0 || byte.is_ascii_whitespace());
    crate::accesslog::lines(text).all(nothing)
}

fn first_line(text: &[u8]) -> String {
    let line = crate::accesslog::lines(text).find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
    String::from_utf8_lossy(line).chars().filter(|character| !character.is_control()).take(80).collect()
}
