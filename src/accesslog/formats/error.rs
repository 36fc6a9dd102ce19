//! Why a format cannot be had: a name that is none, a template that says nothing, a field that is not there.

use std::fmt;

/// Why there is no such format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormatError {
    /// No format is called so.
    Unknown {
        /// What was asked for.
        name: String,
        /// The name that is nearest to it.
        nearest: Option<&'static str>,
        /// Every name there is.
        known: Vec<&'static str>,
    },
    /// The format is one of templates, and none was given.
    NeedsTemplate {
        /// Its name.
        name: &'static str,
    },
    /// The template is empty, or holds neither a variable of nginx nor one of Apache.
    NoVariable,
    /// The text holds several templates.
    Several {
        /// What they are called.
        names: Vec<String>,
    },
    /// The template is not well-formed.
    Malformed {
        /// What is the matter.
        what: String,
    },
    /// The template is longer than any that is used.
    TooLong {
        /// Bytes, or fields, that it may have.
        most: usize,
    },
    /// No field is called so.
    UnknownField {
        /// What was asked for.
        name: String,
        /// The fields there are.
        fields: Vec<String>,
    },
}

impl FormatError {
    /// Stable name of the kind.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "unknown-log-format",
            Self::NeedsTemplate { .. } => "log-template-needed",
            Self::NoVariable => "log-template-without-variable",
            Self::Several { .. } => "several-log-templates",
            Self::Malformed { .. } => "malformed-log-template",
            Self::TooLong { .. } => "log-template-too-long",
            Self::UnknownField { .. } => "unknown-log-field",
        }
    }

    /// What to do about it.
    pub fn advice(&self) -> String {
        match self {
            Self::Unknown { nearest, known, .. } => {
                let hint = nearest.map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
                format!("{hint}known formats: auto, {}; any other is given as its log_format or LogFormat", known.join(", "))
            }
            Self::NeedsTemplate { .. } => {
                "give the value of nginx's log_format or of Apache's LogFormat as the template".to_owned()
            }
            Self::NoVariable => {
                "give the value of log_format, such as '$remote_addr [$time_local] \"$request\" $status', or of LogFormat, such as \
                 '%h %l %u %t \"%r\" %>s'"
                    .to_owned()
            }
            Self::Several { .. } => "give the one that the access log is written with".to_owned(),
            Self::Malformed { .. } => "copy the directive as it stands in the server's configuration".to_owned(),
            Self::TooLong { .. } => "give the log_format or LogFormat alone".to_owned(),
            Self::UnknownField { fields, .. } if fields.is_empty() => {
                "this format names no field that could hold an address; log it and give the log_format or LogFormat".to_owned()
            }
            Self::UnknownField { fields, .. } => format!("fields there are: {}", fields.join(", ")),
        }
    }
}

impl fmt::Display for FormatError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { name, .. } => write!(formatter, "there is no log format `{}`", shown(name)),
            Self::NeedsTemplate { name } => write!(formatter, "the log format `{name}` needs a template"),
            Self::NoVariable => formatter.write_str("the template holds no variable of nginx or Apache"),
            Self::Several { names } => {
                let names: Vec<_> = names.iter().map(|name| shown(name)).collect();
                write!(formatter, "the text holds several log formats: {}", names.join(", "))
            }
            Self::Malformed { what } => write!(formatter, "the template cannot be read: {what}"),
            Self::TooLong { most } => write!(formatter, "the template is too long: at most {most}"),
            Self::UnknownField { name, .. } => write!(formatter, "the log has no field `{}`", shown(name)),
        }
    }
}

impl std::error::Error for FormatError {}

/// What was asked for, as far as it can be shown in a sentence.
fn shown(name: &str) -> String {
    name.chars().filter(|character| !character.is_control()).take(80).collect()
}
