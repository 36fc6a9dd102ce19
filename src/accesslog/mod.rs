//! What Kakao's scraper really asked a site for, from the site's own access logs. Pure: bytes of logs in, who asked for what and was
//! answered how out. Which files there are and how they are packed is `logs`'s to know.
//!
//! ```text
//! entry       one request, as a line of a log tells it
//! origin      whose an address is: the official list's, Kakao's networks', rented, elsewhere
//! report      what is answered
//! ```

mod entry;
mod origin;
pub mod report;

pub use self::{
    entry::{Entry, Line},
    origin::{Origin, Origins, Range, Whose, is_private},
};
