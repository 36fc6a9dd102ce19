//! The one test crate: the real program on port 0 against real sites on loopback. Names are sentences.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::large_futures,
    reason = "a test may fail loudly, the product may not"
)]

mod helpers;
mod nginx;
mod support;

mod acl;
mod any_page;
mod api;
mod cli;
mod clients;
mod coalescing;
mod corpus;
mod corpus_reading;
mod delivery;
mod dns;
mod egress;
mod events;
mod findings;
mod hostile;
mod image_bytes;
mod images;
mod ips;
mod logs_cli;
mod logs_engine;
mod logs_formats;
mod logs_http;
mod logs_lines;
mod logs_real;
mod preview;
mod preview_drawer;
mod preview_message;
mod preview_text;
mod probe;
mod probe_cli;
mod probe_http;
mod reach;
mod rules;
mod sandbox;
mod template_check;
mod template_cli;
mod template_code;
mod template_http;
mod template_resolve;
mod tidy;
mod tls;
mod webhook;
