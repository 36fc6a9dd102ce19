//! The one verdict: which evidence weighs what, how it is handed on, and the command line and HTTP in front of it.

mod cli;
mod exports;
mod http;
mod samples;
mod site;
mod verdicts;
