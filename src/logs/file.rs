//! One file while it is read: which of its lines are counted, and from when to when it is.

use std::{net::IpAddr, sync::Arc};

use jiff::Timestamp;
use memchr::memmem::Finder;

use super::{Seen, Watch};
use crate::{
    accesslog::{
        Clients, Dialect, Entry, Found, Line, Origin, Origins, Sink, Stream, Summary, Wanted, Whose, lines,
        report::{FileReport, Span},
        widened,
    },
    acl::{Addresses, number},
};

/// What decides which requests are counted; the same for every file.
pub struct Rules {
    origins: Arc<Origins>,
    /// All ranges as one set: most addresses are in none of them, and are found out at once.
    known: Addresses,
    clients: Clients,
    token: String,
    agent: Finder<'static>,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
}

impl Rules {
    pub(super) fn new(
        origins: Arc<Origins>,
        clients: Clients,
        token: String,
        since: Option<Timestamp>,
        until: Option<Timestamp>,
    ) -> Self {
        let known = origins.ranges.iter().map(|range| range.network).collect();
        let agent = Finder::new(&token).into_owned();
        Self { origins, known, clients, token, agent, since, until }
    }

    fn is_known(&self, address: IpAddr) -> bool {
        let set = if address.is_ipv4() { &self.known.v4 } else { &self.known.v6 };
        set.contains(number(address))
    }

    fn whose(&self, address: Option<IpAddr>) -> Whose {
        address.map_or(Whose { origin: Origin::Hidden, range: None }, |address| self.origins.of(address))
    }

    fn is_asked_about(&self, time: Option<Timestamp>) -> bool {
        let since = self.since.is_none_or(|since| time.is_some_and(|time| time >= since));
        since && self.until.is_none_or(|until| time.is_some_and(|time| time < until))
    }
}

/// What reads the lines of one file.
pub struct Reader {
    dialect: Dialect,
    /// As it was before the first line: dialects may remember what they read.
    fresh: Option<Dialect>,
    wanted: Wanted,
    clients: Clients,
    names_agent: bool,
    /// The last lines, as far as they are kept to find the last time.
    tail: Vec<u8>,
}

/// Lines at the beginning, and at the end, in which a time is looked for; and other requests are looked at in the beginning.
const ENDS: usize = 200;
/// Bytes of the end that are kept.
const TAIL: usize = 16 * 1024;
/// Characters of a line that is shown.
const SHOWN: usize = 200;

impl Reader {
    pub(super) fn new(dialect: Dialect, rules: &Rules) -> Self {
        let wanted = Wanted::new(&rules.token, dialect.directive());
        let names_agent = dialect.names_agent();
        let clients = Clients { named: dialect.client_field() != "peer", ..rules.clients.clone() };
        Self {
            wanted: if names_agent { wanted } else { wanted.every() },
            fresh: Some(dialect.clone()),
            dialect,
            clients,
            names_agent,
            tail: Vec::new(),
        }
    }

    /// A file of which nothing was read.
    pub(super) fn file(name: &str, packed: Option<&'static str>) -> FileReport {
        FileReport {
            name: name.to_owned(),
            format: "none".to_owned(),
            title: "-".to_owned(),
            packed,
            bytes: 0,
            requests: 0,
            unreadable: 0,
            unreadable_example: None,
            client_field: "peer".to_owned(),
            names_agent: true,
            span: None,
            long_lines: 0,
            damaged: None,
        }
    }

    /// Counts the lines that are whole.
    pub(super) fn take(
        &mut self,
        stream: &mut Stream,
        file: &mut FileReport,
        rules: &Rules,
        summary: &mut Summary,
        watch: &mut dyn Watch,
    ) {
        let wanted = self.wanted.clone();
        stream.take(&wanted, &mut Counting { reader: self, file, rules, summary, watch });
    }

    /// Counts what is left, where the log has come to its end.
    pub(super) fn finish(
        &mut self,
        stream: &mut Stream,
        file: &mut FileReport,
        rules: &Rules,
        summary: &mut Summary,
        watch: &mut dyn Watch,
    ) {
        let wanted = self.wanted.clone();
        stream.finish(&wanted, &mut Counting { reader: self, file, rules, summary, watch });
    }

    /// Says what was read, and finds the last time.
    pub(super) fn close(mut self, file: &mut FileReport, rules: &Rules, summary: &mut Summary) {
        self.dialect.format().name.clone_into(&mut file.format);
        self.dialect.format().title.clone_into(&mut file.title);
        self.dialect.client_field().clone_into(&mut file.client_field);
        file.names_agent = self.names_agent;
        let tail = std::mem::take(&mut self.tail);
        let last: Vec<&[u8]> = lines(&tail).collect();
        let last = last.iter().rev().take(ENDS).find_map(|line| match self.dialect.read(line) {
            Line::Entry(entry) => entry.time,
            Line::Other | Line::Unreadable => None,
        });
        file.span = widened(file.span, last);
        if let Some(span) = file.span {
            summary.extend(clipped(span, rules));
        }
    }
}

/// A span as far as it was asked about.
fn clipped(span: Span, rules: &Rules) -> Option<Span> {
    let first = rules.since.map_or(span.first, |since| since.max(span.first));
    let last = rules.until.map_or(span.last, |until| until.min(span.last));
    (first <= last).then_some(Span { first, last })
}

/// Takes the lines of a file.
struct Counting<'r> {
    reader: &'r mut Reader,
    file: &'r mut FileReport,
    rules: &'r Rules,
    summary: &'r mut Summary,
    watch: &'r mut dyn Watch,
}

impl Sink for Counting<'_> {
    fn found(&mut self, line: Found<'_>) {
        let named = !self.reader.names_agent || self.reader.wanted.named(line.text);
        self.file.long_lines += u64::from(line.cut && named);
        match self.reader.dialect.read(line.text) {
            Line::Entry(entry) => {
                let address = self.reader.clients.of(&entry);
                if self.counts(&entry, address) {
                    self.count(&entry, address);
                }
            }
            Line::Unreadable if named => {
                self.file.unreadable += 1;
                self.file
                    .unreadable_example
                    .get_or_insert_with(|| String::from_utf8_lossy(line.text).chars().take(SHOWN).collect());
            }
            Line::Unreadable | Line::Other => {}
        }
    }

    fn block(&mut self, text: &[u8]) {
        if let Some(mut dialect) = self.reader.fresh.take() {
            lines(text).take(ENDS).for_each(|line| self.look_at(&mut dialect, line));
        } else if let Some(line) = lines(last_of(text)).last() {
            // One line of each block: enough to see a proxy, and nothing beside reading the block.
            let mut dialect = self.reader.dialect.clone();
            self.look_at(&mut dialect, line);
        }
        let kept = text.get(text.len().saturating_sub(TAIL)..).unwrap_or(text);
        let tail = &mut self.reader.tail;
        tail.drain(..(tail.len() + kept.len()).saturating_sub(TAIL).min(tail.len()));
        tail.extend_from_slice(kept);
    }
}

/// As much of the end of a block as holds a line.
fn last_of(text: &[u8]) -> &[u8] {
    text.get(text.len().saturating_sub(TAIL / 4)..).unwrap_or(text)
}

impl Counting<'_> {
    /// Whether a request is one of those that are counted.
    fn counts(&self, entry: &Entry<'_>, address: Option<IpAddr>) -> bool {
        if self.reader.names_agent {
            let agent = entry.user_agent.as_deref().unwrap_or_default();
            self.rules.agent.find(agent.as_bytes()).is_some()
        } else {
            address.is_some_and(|address| self.rules.is_known(address))
        }
    }

    fn count(&mut self, entry: &Entry<'_>, address: Option<IpAddr>) {
        self.file.span = widened(self.file.span, entry.time);
        if !self.rules.is_asked_about(entry.time) {
            return;
        }
        let whose = self.rules.whose(address);
        self.file.requests += 1;
        self.summary.add(entry, address, whose);
        self.watch.seen(&Seen {
            name: &self.file.name,
            time: entry.time,
            address,
            origin: whose.origin,
            method: entry.method.as_deref(),
            host: entry.host.as_deref(),
            path: entry.target.as_deref(),
            status: entry.status,
            seconds: entry.seconds,
            user_agent: entry.user_agent.as_deref(),
        });
    }

    /// A line of any request: when it was, and who asked if it was not Kakao.
    fn look_at(&mut self, dialect: &mut Dialect, line: &[u8]) {
        let Line::Entry(entry) = dialect.read(line) else { return };
        self.file.span = widened(self.file.span, entry.time);
        let address = self.reader.clients.of(&entry);
        if !self.counts(&entry, address) {
            self.summary.other(address);
        }
    }
}
