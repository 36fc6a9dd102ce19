//! Every format of access logs, and the dialect a file is read in. `FORMATS` is the registry; a format is one row here and, where it is
//! not written like another, one reader beside this file.

mod alb;
mod cannot;
mod detect;
mod dialect;
mod envelope;
mod error;
mod haproxy;
mod json;
mod plain;
mod registry;
mod w3c;

pub(super) use self::registry::Language;
pub use self::{
    cannot::Cannot,
    dialect::Dialect,
    error::FormatError,
    registry::{FORMATS, Format},
};
