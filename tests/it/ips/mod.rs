//! Kakao's list of IP ranges: fetched from a stub of Kakao's API on loopback, kept, compared, refreshed, shown.

mod api;
mod cli;
mod compare;
mod http;
mod store;
mod stub;
mod words;
