//! What a field of a log line is and how its text becomes a value: addresses, times, requests, escapes. Which fields a line has, and
//! where they begin and end, is the formats' to know.

pub mod address;
pub mod escape;
pub mod fill;
pub mod header;
pub mod request;
pub mod time;
