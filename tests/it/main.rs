//! The one test crate: the real program on port 0 against real sites on loopback. Names are sentences.

mod helpers;
mod nginx;
mod support;

mod any_page;
mod api;
mod cli;
mod corpus;
mod corpus_reading;
mod delivery;
mod dns;
mod rules;
mod tidy;
mod tls;
