//! What Kakao's scraper really asked a site for, from the site's own access logs. Pure: bytes of logs in, who asked for what and was
//! answered how out. Which files there are and how they are packed is `logs`'s to know.
//!
//! ```text
//! entry       one request, as a line of a log tells it
//! scan        the lines of a stream that matter
//! client      whose address counts: the other end's, or the one a proxy asked for
//! field       what one field of a line is: address, time, request, escapes
//! template    formats that an operator writes: nginx log_format, Apache LogFormat
//! formats     every format; the registry, and the dialect a file is read in
//! origin      whose an address is: the official list's, Kakao's networks', rented, elsewhere
//! kind        what was asked for: a page, an image
//! summary     a bounded count of it all
//! judge       what the counts mean: verdict, findings, sentences
//! report      what is answered
//! ```

mod client;
mod entry;
mod field;
pub mod formats;
pub mod judge;
mod kind;
mod origin;
pub mod report;
mod scan;
mod summary;
mod template;

use crate::words::Words;

pub use self::{
    client::Clients,
    entry::{Entry, Line},
    formats::{Cannot, Dialect, FORMATS, Format, FormatError},
    kind::{Kind, kind},
    origin::{Origin, Origins, Range, Whose, is_private},
    scan::{Found, Sink, Stream, Wanted, lines},
    summary::{Bounds, Outcome, Summary, outcome, widened},
};

/// The sentences about logs. A test reads the file, so this cannot fail in a program that was built.
pub fn words() -> Result<Words, toml::de::Error> {
    Words::parse(include_str!("../../static/i18n/logs.toml"))
}
