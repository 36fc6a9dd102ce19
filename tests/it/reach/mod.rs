//! The one verdict: which evidence weighs what, how it is handed on, and the command line and HTTP in front of it.

mod exports;
mod samples;
mod verdicts;
