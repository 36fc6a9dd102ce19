//! Kakao's message templates: read, judged, and resolved into the message that arrives. Values in, values out.
//!
//! ```text
//! text ──document──▶ value with places ──check──▶ Check: every problem with path, line, advice
//!                          │ read
//!                          ▼
//!                    TemplateObject (a default template, or the body of a custom one)
//! arguments, Sender ───────┴──resolve──▶ Resolved { Message, arguments, warnings } ──▶ Envelope: Kakao's answer (P and C)
//! Card of a page ─────────────────────▶     │
//!                                           └──▶ preview: the message drawn
//! ```
//!
//! What is not public (the body of a scrape answer, a calendar's `template_msg`) is built from the nearest evidence and named in
//! [`Resolved::inferred`].

pub mod arguments;
pub mod check;
pub mod code;
pub mod custom;
mod default_args;
pub mod document;
pub mod envelope;
mod fill;
mod link;
pub mod message;
pub mod object;
pub mod problem;
pub mod read;
pub mod resolve;
pub mod samples;
pub mod scrap;
pub mod sender;
mod wire;

use crate::words::Words;

pub use self::{
    arguments::{Arguments, BadArguments},
    check::{Checked, Kind, Rules, check_text, check_value},
    code::code,
    custom::{CustomError, CustomTemplate, Purpose, embedded_templates},
    document::{Broken, Document, Syntax},
    envelope::Envelope,
    message::{Message, Resolved},
    object::{ObjectType, TemplateObject},
    problem::{Check, Problem},
    read::read,
    resolve::resolve,
    samples::{Sample, samples},
    scrap::{ScrapArguments, scrape_message},
    sender::{Domain, Sender},
};

/// The sentences about templates, in both languages.
pub fn words() -> Result<Words, toml::de::Error> {
    Words::parse(include_str!("../../static/i18n/template.toml"))
}
