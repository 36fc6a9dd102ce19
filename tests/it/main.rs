//! The one test crate: the real program on port 0 against real sites on loopback. Names are sentences.

mod helpers;
mod nginx;

mod api;
mod cli;
mod corpus;
mod tidy;
