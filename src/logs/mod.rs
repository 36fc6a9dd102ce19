//! The use case of access logs: files in, as they lie there, what Kakao's scraper asked for and got out. The command line and the
//! HTTP API ask here, and so does `reaching`. Unpacking is the only I/O; nothing of a log is kept. What its lines mean is
//! `accesslog`'s.

mod asked;
mod error;
mod file;
mod formats;
mod session;
mod settings;
mod unpack;
mod watch;

use std::sync::Arc;

use ipnet::IpNet;
use jiff::Timestamp;

pub use self::{
    asked::{Moment, moment, network},
    error::LogsError,
    formats::{LogFormatReport, formats},
    session::Session,
    settings::Settings,
    watch::{Seen, Unwatched, Watch},
};
use crate::{
    acl::{File, Malformed, list::RangeList},
    ips::Current,
    kakao::Kakao,
    words::Words,
};

/// What is asked about logs.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// The list of ranges; None for the one at hand.
    pub ranges: Option<File>,
    /// The format by its name; None to find it from each file's first lines.
    pub format: Option<String>,
    /// An nginx `log_format` or an Apache `LogFormat`, instead of a format's name.
    pub template: Option<String>,
    /// The field in which the client's address stands.
    pub client_field: Option<String>,
    /// Networks of the site's own proxies, beside private addresses.
    pub proxies: Vec<IpNet>,
    /// Requests before this are left out, and those of which the time is not known.
    pub since: Option<Timestamp>,
    /// Requests from this on are left out, and those of which the time is not known.
    pub until: Option<Timestamp>,
    /// The day of asking, `YYYY-MM-DD`.
    pub today: String,
}

/// Reads logs. Cheap to clone.
#[derive(Clone)]
pub struct Logs {
    settings: Arc<Settings>,
    words: Arc<Words>,
    kakao: Arc<Kakao>,
    current: Current,
}

impl Logs {
    /// Puts the parts together. `current` is the list for questions that bring none.
    pub fn new(settings: Settings, words: Words, kakao: &Kakao, current: Current) -> Self {
        Self { settings: settings.into(), words: words.into(), kakao: kakao.clone().into(), current }
    }

    /// The bounds it keeps.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Begins to read logs; fails if what is asked makes no sense.
    pub fn session(&self, ask: &Ask) -> Result<Session, LogsError> {
        let list = self.list(ask.ranges.as_ref())?;
        Session::new(self, ask, &list)
    }

    fn list(&self, ranges: Option<&File>) -> Result<Arc<RangeList>, LogsError> {
        let Some(file) = ranges else { return Ok(self.current.list()) };
        let max = self.settings.max_ranges_bytes();
        if file.text.len() > max {
            let what =
                format!("{} bytes are more than a list of {} ranges needs", file.text.len(), self.settings.max_ranges);
            let advice = "check that this is the list of ranges and not a log, or raise logs.max_ranges";
            return Err(LogsError::Ranges(Malformed::at(file, 0, 0, what, advice)));
        }
        RangeList::parse(file, self.settings.max_ranges).map(Arc::new).map_err(LogsError::Ranges)
    }
}
