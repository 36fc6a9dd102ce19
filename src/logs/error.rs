//! Why a log cannot be read. A damaged file is no error: what could be read of it counts, and the report says so.

use std::{io, sync::Arc};

use crate::{accesslog::FormatError, acl::Malformed};

/// Why a log cannot be read.
#[derive(Debug, Clone, thiserror::Error)]
pub enum LogsError {
    /// The list of ranges cannot be read.
    #[error(transparent)]
    Ranges(Malformed),
    /// The format, template or field that was named.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// No format reads this file.
    #[error("the format of {name} is not known; it begins with `{line}`")]
    Unknown {
        /// The file.
        name: String,
        /// The beginning of its first line.
        line: String,
    },
    /// It is packed in a way that is not unpacked here, or is text of another encoding.
    #[error("{name} is {kind}, which is not read here")]
    Packed {
        /// The file.
        name: String,
        /// What it is: `xz`.
        kind: &'static str,
        /// What makes text of it.
        with: &'static str,
    },
    /// There is more of it than may be read.
    #[error("the logs have more than {max} bytes after unpacking")]
    TooLarge {
        /// `logs.max_unpacked_bytes`.
        max: u64,
    },
    /// The file, or the connection it comes by.
    #[error("{name} cannot be read: {source}")]
    Read {
        /// The file.
        name: String,
        /// Why.
        #[source]
        source: Arc<io::Error>,
    },
}

impl LogsError {
    /// Stable kebab-case name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Ranges(_) => "ranges-malformed",
            Self::Format(error) => error.code(),
            Self::Unknown { .. } => "log-format-unknown",
            Self::Packed { .. } => "log-packed",
            Self::TooLarge { .. } => "log-too-large",
            Self::Read { .. } => "log-unreadable",
        }
    }

    /// What to do.
    pub fn advice(&self) -> String {
        match self {
            Self::Ranges(malformed) => malformed.advice.clone(),
            Self::Format(error) => error.advice(),
            Self::Unknown { .. } => {
                "name its format with --format, or give the server's own log_format or LogFormat with --template".to_owned()
            }
            Self::Packed { with, .. } => format!("make text of it first: {with} FILE | scraplens logs -"),
            Self::TooLarge { .. } => {
                "send fewer or shorter logs, read them with `scraplens logs` on the command line, or raise logs.max_unpacked_bytes"
                    .to_owned()
            }
            Self::Read { .. } => "check that the file is there and may be read, then try again".to_owned(),
        }
    }
}
