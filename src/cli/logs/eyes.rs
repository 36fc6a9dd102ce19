//! Looks on while logs are read: a progress bar on a terminal, each request as a line where a log is followed. Ctrl-C, or a
//! reader of ours that has gone away, ends the reading.

use std::{
    io::{IsTerminal as _, Write as _},
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use serde::Serialize;

use super::{
    super::{
        report::{paper::Paper, text::Span},
        style::{BOLD, ERROR, Screen, WARNING, plain},
    },
    interrupt::Interrupt,
    table::mark,
};
use crate::{
    accesslog::Origin,
    logs::{Seen, Watch},
};

/// Who looks on.
pub(super) struct Eyes {
    bar: ProgressBar,
    interrupt: Interrupt,
    follow: Option<Follow>,
}

/// How requests are told as they come.
#[derive(Debug, Clone)]
pub(super) struct Follow {
    /// Whether what is read now is new: what a file has when it is opened is counted, not told.
    pub live: Arc<AtomicBool>,
    /// As JSON, one object a line.
    pub json: bool,
}

impl Eyes {
    /// Shows a bar of `bytes` on a terminal, if any are known and nobody is followed.
    pub fn new(bytes: u64, interrupt: Interrupt, follow: Option<Follow>) -> Self {
        let shown = follow.is_none() && std::io::stderr().is_terminal();
        let bar = if shown { ProgressBar::new(bytes) } else { ProgressBar::hidden() };
        let template = if bytes == 0 {
            "{spinner} {bytes} · {bytes_per_sec} {wide_msg:.dim}"
        } else {
            "{bar:24} {bytes}/{total_bytes} · {bytes_per_sec} · {eta} {wide_msg:.dim}"
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self { bar, interrupt, follow }
    }

    /// Names the log that is read now.
    pub fn at(&self, name: &str) {
        self.bar.set_message(plain(name));
    }

    /// Takes the bar away.
    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

impl Watch for Eyes {
    fn bytes(&mut self, packed: u64) {
        self.bar.inc(packed);
    }

    fn seen(&mut self, request: &Seen<'_>) {
        let Some(follow) = self.follow.as_ref().filter(|follow| follow.live.load(Ordering::Relaxed)) else { return };
        let line = if follow.json { json(request) } else { told(request, width()) };
        let mut stdout = anstream::stdout().lock();
        if stdout.write_all(line.as_bytes()).and_then(|()| stdout.flush()).is_err() {
            // `| head` has seen enough.
            self.interrupt.set();
        }
    }

    fn stop(&self) -> bool {
        self.interrupt.is_set()
    }
}

/// A terminal's lines are cut to fit; whatever else reads them wants them whole.
fn width() -> usize {
    if std::io::stdout().is_terminal() { Screen::width() } else { WHOLE }
}

/// `2026-11-23 01:02:03  ✓ 27.0.238.7  200  0.012 s  GET /p/1`
fn told(request: &Seen<'_>, columns: usize) -> String {
    let mut paper = Paper::new(columns);
    let time = request.time.map(|time| time.strftime("%Y-%m-%d %H:%M:%S").to_string());
    let address = request.address.map(|address| address.to_string());
    let status = request.status.map_or_else(|| "  –".to_owned(), |status| format!("{status:>3}"));
    let refused = request.status.is_some_and(|status| status >= 400);
    let seconds = request.seconds.map(|seconds| format!("{seconds:>6.3} s")).unwrap_or_default();
    paper.line(&[
        Span::dim(time.unwrap_or_default()).padded(TIME),
        Span::blank(2),
        mark(request.origin),
        Span::blank(1),
        Span::ink(address.unwrap_or_else(|| "–".to_owned())).padded(ADDRESS),
        Span::blank(2),
        Span::new(if refused { ERROR } else { BOLD }, status),
        Span::blank(2),
        Span::new(
            if request.seconds.is_some_and(|seconds| seconds >= SLOW) { WARNING } else { anstyle::Style::new() },
            &seconds,
        ),
        Span::blank(if seconds.is_empty() { 0 } else { 2 }),
        Span::dim(request.method.unwrap_or_default()),
        Span::blank(1),
        Span::ink(request.path.unwrap_or("–")),
    ]);
    paper.finish()
}

/// The same for machines.
#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    time: Option<Timestamp>,
    address: Option<IpAddr>,
    origin: Origin,
    method: Option<&'a str>,
    host: Option<&'a str>,
    path: Option<&'a str>,
    status: Option<u16>,
    seconds: Option<f64>,
    user_agent: Option<&'a str>,
}

fn json(request: &Seen<'_>) -> String {
    let line = Line {
        file: request.name,
        time: request.time,
        address: request.address,
        origin: request.origin,
        method: request.method,
        host: request.host,
        path: request.path,
        status: request.status,
        seconds: request.seconds,
        user_agent: request.user_agent,
    };
    // Plain values always are JSON.
    serde_json::to_string(&line).unwrap_or_default() + "\n"
}

/// Columns of `2026-11-23 01:02:03` and of an IPv4 address.
const TIME: usize = 19;
const ADDRESS: usize = 15;
/// Columns that no line reaches.
const WHOLE: usize = 1 << 20;
/// Seconds from which a request is worth a colour here. What counts as slow is `logs.slow_seconds`.
const SLOW: f64 = 3.0;

#[cfg(test)]
mod tests {
    use super::*;

    fn seen<'a>() -> Seen<'a> {
        Seen {
            name: "access.log",
            time: Some("2026-11-23T01:02:03Z".parse().unwrap()),
            address: Some("27.0.238.7".parse().unwrap()),
            origin: Origin::Genuine,
            method: Some("GET"),
            host: None,
            path: Some("/p/1"),
            status: Some(200),
            seconds: Some(0.0125),
            user_agent: None,
        }
    }

    fn bare(request: &Seen<'_>, columns: usize) -> String {
        anstream::adapter::strip_str(&told(request, columns)).to_string()
    }

    #[test]
    fn a_request_is_one_line() {
        assert_eq!(bare(&seen(), 100), "2026-11-23 01:02:03  ✓ 27.0.238.7       200   0.013 s  GET /p/1\n");
        let forged = Seen { origin: Origin::Forged, status: None, seconds: None, time: None, ..seen() };
        assert_eq!(bare(&forged, 100), "                     ✗ 27.0.238.7         –  GET /p/1\n");
    }

    #[test]
    fn a_line_fits_the_terminal_and_cannot_steer_it() {
        let path = format!("/\u{1b}[2J\r\n{}", "a".repeat(300));
        let evil = Seen { path: Some(&path), method: Some("\u{202e}GET"), ..seen() };
        let line = bare(&evil, 80);
        assert_eq!(line.lines().count(), 1, "{line:?}");
        assert!(line.trim_end().chars().count() <= 80 && line.contains("␛[2J"), "{line:?}");
        assert!(bare(&evil, WHOLE).contains(&"a".repeat(300)));
    }

    #[test]
    fn json_is_one_object_a_line() {
        let line = json(&seen());
        assert!(line.ends_with("}\n") && line.lines().count() == 1, "{line}");
        let value: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(
            (&value["origin"], &value["status"], &value["path"]),
            (&"genuine".into(), &200.into(), &"/p/1".into())
        );
    }
}
