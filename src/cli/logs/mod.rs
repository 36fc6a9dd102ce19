//! `scraplens logs FILE...`: which requests of Kakao's scraper arrived, what they were answered, and who only pretends to be it.
//! Options in, logs opened one after another, report out. What a log says is `logs`' and `accesslog`'s.

mod csv;
mod eyes;
mod formats;
pub(super) mod inputs;
mod interrupt;
#[cfg(test)]
mod samples;
mod spark;
mod stdin;
mod table;
mod tail;
mod template;
mod words;

use std::{
    fs::File,
    io::{IsTerminal as _, Write as _},
    path::PathBuf,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use clap::{Args, Subcommand};
use ipnet::IpNet;
use jiff::Timestamp;

use self::{
    csv::Rows,
    eyes::{Eyes, Follow},
    inputs::Log,
    interrupt::{INTERRUPTED, Interrupt},
    stdin::Stdin,
    tail::Tail,
};
use super::{
    COULD_NOT, CommandError, FOUND_ERRORS, acl, complain, ips,
    options::{self, Output},
    print,
    style::{Screen, plain},
};
use crate::{
    accesslog::{
        self, Origin,
        report::{Arrival, LogReport},
    },
    finding::Severity,
    firewall,
    kakao::Kakao,
    logs::{self, Ask, LogsError, Moment, Session},
};

/// Say from access logs which of Kakao's requests arrived, what they were answered, and who only pretends to be Kakao. No network
/// is used.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true, after_help = EXAMPLES)]
pub(super) struct Logs {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    reading: Reading,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the formats, where each comes from, and what it does not tell
    Formats(formats::Formats),
}

/// What is read, and how it is told.
#[derive(Debug, Args)]
struct Reading {
    /// Access logs, plain, gzip or zstd; a folder stands for every log in it, rotated ones too; - is standard input
    #[arg(value_name = "FILE|DIR", required = true)]
    paths: Vec<PathBuf>,
    /// Format of the logs, a name that `scraplens logs formats` lists; by default found from each file's first lines
    #[arg(long, value_name = "auto|NAME", default_value = "auto")]
    format: String,
    /// How the logs are written: nginx's `log_format` or Apache's `LogFormat`, its value or the whole line
    #[arg(long, value_name = "LINE", conflicts_with_all = ["format", "template_file"])]
    template: Option<String>,
    /// Take that line from the server's configuration, such as nginx.conf
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    template_file: Option<PathBuf>,
    /// The name of that line, where the configuration has several
    #[arg(long, value_name = "NAME", requires = "template_file")]
    template_name: Option<String>,
    /// The field in which the client's address stands, such as `http_x_forwarded_for`
    #[arg(long, value_name = "NAME")]
    client_field: Option<String>,
    /// A network of the site's own proxies; private addresses are taken for proxies anyway; repeatable
    #[arg(long = "proxy", value_name = "CIDR", value_parser = logs::network)]
    proxies: Vec<IpNet>,
    /// Kakao's ranges: the JSON of Kakao's GET /v1/system/ips, or one network a line. Without it, the list that is kept here, else
    /// the networks that Kakao announces by BGP, which are not Kakao's official list
    #[arg(long, value_name = "FILE")]
    ranges: Option<PathBuf>,
    /// Only requests from then on: 2026-11-23, "2026-11-23 09:30" (UTC), 2026-11-23T09:30:00+09:00, or 90m, 24h, 7d ago
    #[arg(long, value_name = "TIME", value_parser = logs::moment)]
    since: Option<Moment>,
    /// Only requests before then
    #[arg(long, value_name = "TIME", value_parser = logs::moment)]
    until: Option<Moment>,
    /// When the last log is read, wait for what is appended to it, over rotations too, and print each request of Kakao's as it
    /// comes; Ctrl-C ends it with the report. With --json every line is an object, the report the last
    #[arg(long, conflicts_with = "csv")]
    follow: bool,
    /// Write one table as CSV
    #[arg(long, value_name = "TABLE", num_args = 0..=1, require_equals = true, default_missing_value = "ranges", conflicts_with = "json")]
    csv: Option<Rows>,
    /// Exit with 1, too, where requests are forged, where nothing of Kakao's came, or where the logs cannot tell
    #[arg(long)]
    strict: bool,
    /// List everything: ranges that were never seen, and all rows of long tables
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    output: Output,
}

const EXAMPLES: &str = "\
Examples:
  scraplens logs /var/log/nginx
  scraplens logs access.log access.log.1 access.log.2.gz --since 7d
  scraplens logs access.log --template-file /etc/nginx/nginx.conf
  scraplens logs access.log --client-field http_x_forwarded_for --proxy 10.0.0.0/8
  scraplens logs access.log --follow
  docker logs -f web 2>/dev/null | scraplens logs - --follow
  scraplens logs access.log --csv=refused > refused.csv

Exit codes: 0 Kakao got what it asked for or did not come, 1 a finding is an error (something was refused to Kakao),
2 a log cannot be read, 130 stopped by Ctrl-C; what was read until then is told.";

impl Logs {
    pub fn run(&self) -> Result<ExitCode, CommandError> {
        match &self.command {
            Some(Command::Formats(formats)) => formats.run(),
            None => self.reading.run(),
        }
    }
}

impl Reading {
    fn run(&self) -> Result<ExitCode, CommandError> {
        let logs = inputs::logs(&self.paths)?;
        let session = self.session()?;
        if self.follow && self.until.is_some() {
            return Err(CommandError::new("--follow waits for what is to come, so it takes no --until"));
        }
        let interrupt = Interrupt::watch()?;
        let live = Arc::new(AtomicBool::new(false));
        let follow = self.follow.then(|| Follow { live: Arc::clone(&live), json: self.output.json });
        let mut run = Run {
            session,
            eyes: Eyes::new(logs.iter().map(|log| log.bytes).sum(), interrupt.clone(), follow),
            live,
            interrupt,
            read: 0,
            failed: None,
            skipped: Vec::new(),
        };
        run.all(&logs, self.follow);
        run.eyes.clear();
        run.finish(self)
    }

    fn session(&self) -> Result<Session, CommandError> {
        let settings = options::from_environment()?;
        let now = Timestamp::now();
        let template = match (&self.template, &self.template_file) {
            (Some(line), _) => Some(line.clone()),
            (None, Some(path)) => Some(template::read(path, self.template_name.as_deref())?),
            (None, None) => None,
        };
        let kakao = Kakao::embedded().map_err(CommandError::new)?;
        let current = ips::in_use(&settings, &kakao, self.output.language())?;
        let words = accesslog::words().map_err(CommandError::new)?;
        let logs = logs::Logs::new(settings.logs, words, &kakao, current);
        let ask = Ask {
            ranges: self
                .ranges
                .as_deref()
                .map(|path| acl::ranges(path, logs.settings().max_ranges_bytes(), "logs.max_ranges"))
                .transpose()?,
            format: (self.format != "auto" && template.is_none()).then(|| self.format.clone()),
            template,
            client_field: self.client_field.clone(),
            proxies: self.proxies.clone(),
            since: self.since.map(|since| since.before(now)),
            until: self.until.map(|until| until.before(now)),
            today: firewall::day_of(now),
        };
        logs.session(&ask).map_err(|error| told(&error))
    }

    fn written(&self, report: &LogReport) -> Result<String, CommandError> {
        if let Some(rows) = self.csv {
            return csv::written(report, rows);
        }
        if self.output.json {
            let json = if self.follow { serde_json::to_string(report) } else { serde_json::to_string_pretty(report) };
            return Ok(json.map_err(CommandError::new)? + "\n");
        }
        let screen = Screen { language: self.output.language(), width: Screen::width(), all_tags: self.all };
        Ok(table::render(report, &screen))
    }

    fn found_wrong(&self, report: &LogReport) -> bool {
        let wrong = report.findings.iter().any(|finding| finding.severity == Severity::Error);
        let forged = report.origins.iter().any(|origin| origin.origin == Origin::Forged && origin.requests > 0);
        let unsure = matches!(report.verdict, Arrival::Absent | Arrival::CannotTell);
        wrong || (self.strict && (forged || unsure))
    }
}

/// The reading of all logs.
struct Run {
    session: Session,
    eyes: Eyes,
    /// Whether what is read now is new.
    live: Arc<AtomicBool>,
    interrupt: Interrupt,
    read: usize,
    /// The last log that was named and could not be read.
    failed: Option<CommandError>,
    /// What lay in a folder and is no access log.
    skipped: Vec<String>,
}

impl Run {
    fn all(&mut self, logs: &[Log], follow: bool) {
        for (number, log) in (1..).zip(logs) {
            if self.interrupt.is_set() {
                return;
            }
            self.eyes.at(&log.name());
            let done = if follow && number == logs.len() { self.follow(log) } else { self.one(log) };
            match done {
                Ok(()) => self.read += 1,
                Err(LogsError::Unknown { .. } | LogsError::Packed { .. }) if !log.named => {
                    self.skipped.push(log.name());
                }
                // One log that cannot be read does not keep the others from being read.
                Err(error) => {
                    if let Some(error) = self.failed.replace(told(&error)) {
                        self.eyes.clear();
                        complain(&error);
                    }
                }
            }
        }
    }

    fn one(&mut self, log: &Log) -> Result<(), LogsError> {
        if log.is_input() {
            say_what_is_waited_for();
            return self.session.read(&log.name(), Stdin::new(self.interrupt.clone()), &mut self.eyes);
        }
        let file = File::open(&log.path).map_err(|error| unreadable(log, error))?;
        self.session.read(&log.name(), file, &mut self.eyes)
    }

    fn follow(&mut self, log: &Log) -> Result<(), LogsError> {
        if log.is_input() {
            // Everything that comes by a pipe is new.
            self.live.store(true, Ordering::Relaxed);
            return self.one(log);
        }
        let (live, name) = (Arc::clone(&self.live), log.name());
        let at_end = move || {
            live.store(true, Ordering::Relaxed);
            note(&format!("following {name}; Ctrl-C ends with the report"));
        };
        let tail = Tail::open(&log.path, self.interrupt.clone(), at_end).map_err(|error| unreadable(log, error))?;
        self.session.read(&log.name(), tail, &mut self.eyes)
    }

    fn finish(self, reading: &Reading) -> Result<ExitCode, CommandError> {
        match (self.read, self.failed) {
            (0, Some(error)) => Err(error),
            (0, None) if !self.interrupt.is_set() => Err(CommandError::with_advice(
                format!("none of these files is an access log that is known: {}", listed(&self.skipped)),
                "name its format with --format, or give the server's own log_format or LogFormat with --template",
            )),
            (_, failed) => {
                if !self.skipped.is_empty() {
                    note(&format!("left out what is no access log that is known: {}", listed(&self.skipped)));
                }
                let report = self.session.report();
                print(&reading.written(&report)?)?;
                if let Some(error) = failed {
                    complain(&error);
                    return Ok(ExitCode::from(COULD_NOT));
                }
                // A log that is followed has no other end.
                if self.interrupt.is_set() && !reading.follow {
                    return Ok(ExitCode::from(INTERRUPTED));
                }
                Ok(if reading.found_wrong(&report) { ExitCode::from(FOUND_ERRORS) } else { ExitCode::SUCCESS })
            }
        }
    }
}

/// At most a few names; hundreds would push the report away.
fn listed(names: &[String]) -> String {
    let shown = names.iter().take(MOST_NAMES).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(MOST_NAMES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

fn unreadable(log: &Log, error: std::io::Error) -> LogsError {
    LogsError::Read { name: log.name(), source: error.into() }
}

fn told(error: &LogsError) -> CommandError {
    CommandError::with_advice(error, error.advice())
}

/// A person who sees nothing happen should know why.
fn say_what_is_waited_for() {
    if std::io::stdin().is_terminal() {
        note("reading the log from standard input; Ctrl-D ends it");
    }
}

fn note(text: &str) {
    // Nothing can be done about a standard error that is closed.
    let _closed = writeln!(anstream::stderr().lock(), "{}", plain(text));
}

/// Names that a note lists.
const MOST_NAMES: usize = 8;
