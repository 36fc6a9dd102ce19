//! Our errors as RFC 9457 problem details. The only place that turns an error into a status; a site's failure never comes here.

use actix_web::{HttpResponse, ResponseError, http::StatusCode, http::header};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    firewall::FirewallError,
    image::SignatureError,
    logs::LogsError,
    scrape::{NoPicture, Unserved},
    target::TargetError,
    templating::NotAnswered,
    user_agent::UserAgentError,
};

/// Why a request of our caller's was not answered.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// No `url` was given.
    #[error("the parameter `url` is missing")]
    UrlMissing,
    /// The URL cannot be asked for.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// The user agent cannot be sent.
    #[error(transparent)]
    UserAgent(#[from] UserAgentError),
    /// A parameter has a value that does not fit.
    #[error("`{value}` does not fit the parameter `{name}`")]
    Parameter {
        /// Its name.
        name: &'static str,
        /// The value that was given.
        value: String,
        /// What fits.
        fits: &'static str,
    },
    /// The query string cannot be read.
    #[error("the query string cannot be read: {0}")]
    Query(String),
    /// The body is not the JSON that was expected.
    #[error("the body is not the expected JSON: {0}")]
    Json(String),
    /// The body is larger than allowed.
    #[error("the body is larger than {limit} bytes")]
    BodyTooLarge {
        /// `server.max_body_bytes` or `acl.max_body_bytes`.
        limit: usize,
    },
    /// The body took too long.
    #[error("the body did not arrive within {seconds} s")]
    BodyTimeout {
        /// `server.body_timeout_seconds`.
        seconds: u64,
    },
    /// The body broke off.
    #[error("the body broke off: {0}")]
    BodyBroken(String),
    /// The address of an image is not one we gave.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// There is no image to show.
    #[error("there is no image to show: {0}")]
    NoPicture(NoPicture),
    /// There is no such path.
    #[error("there is nothing at {0}")]
    NotFound(String),
    /// The path does not know this method.
    #[error("{method} is not a method of this resource")]
    MethodNotAllowed {
        /// The method that was used.
        method: String,
        /// Those it knows.
        allow: &'static str,
    },
    /// A question about a firewall has no answer.
    #[error(transparent)]
    Firewall(#[from] FirewallError),
    /// Too many questions about firewalls.
    #[error("too many firewall dumps are being looked at at the moment")]
    Crowded,
    /// A form cannot be read.
    #[error("the form cannot be read: {0}")]
    Form(String),
    /// A form has too many files.
    #[error("there are more than {max} files")]
    TooManyFiles {
        /// `logs.max_files`.
        max: usize,
    },
    /// A log cannot be read.
    #[error(transparent)]
    Logs(#[from] LogsError),
    /// Too many logs.
    #[error("too many logs are being read at the moment")]
    TooManyLogs,
    /// Too many questions for the one verdict.
    #[error("too many sites are being looked at at the moment")]
    TooManyReaches,
    /// Too many probes.
    #[error("too many sites are being probed at the moment")]
    TooManyProbes,
    /// Neither a template nor a page was given.
    #[error("there is no template in the question")]
    TemplateMissing,
    /// A template is larger than allowed.
    #[error("the template is larger than {limit} bytes")]
    TemplateTooLarge {
        /// `sandbox.max_template_bytes`.
        limit: usize,
    },
    /// No custom template has this id.
    #[error("there is no custom template with the id {0}")]
    TemplateUnknown(i64),
    /// A template is none, so that there is nothing to draw.
    #[error("there is no message in the template: {why}")]
    TemplateNotDrawable {
        /// Its first problem.
        why: String,
    },
    /// A webhook handler is being tried out already.
    #[error("a webhook handler is being tried out at the moment")]
    TooManyHandlerChecks,
    /// The operator has switched this off.
    #[error("this server does not answer this")]
    SwitchedOff {
        /// The setting.
        key: &'static str,
    },
    /// Too much to do.
    #[error("{0}")]
    Busy(Unserved),
    /// A mistake of ours.
    #[error("something broke while answering")]
    Internal,
}

/// Problem details (RFC 9457), with a stable `code` and what to do.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemDetails {
    /// Where the problem is described.
    pub r#type: String,
    /// The status in words.
    pub title: &'static str,
    /// The status.
    pub status: u16,
    /// What happened.
    pub detail: String,
    /// Stable kebab-case name.
    pub code: &'static str,
    /// What to do.
    pub advice: String,
    /// The file that is malformed, where one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line in it, from 1, where one is to blame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The column in that line, in characters, from 1, where one is to blame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
}

impl Problem {
    /// What is told of it.
    pub fn details(&self) -> ProblemDetails {
        let status = self.status_code();
        let malformed = match self {
            Self::Firewall(error) => error.malformed(),
            Self::Logs(LogsError::Ranges(malformed)) => Some(malformed),
            _ => None,
        };
        ProblemDetails {
            r#type: format!("/docs#{}", self.code()),
            title: status.canonical_reason().unwrap_or_default(),
            status: status.as_u16(),
            detail: self.to_string(),
            code: self.code(),
            advice: self.advice(),
            file: malformed.map(|malformed| malformed.file.to_string()).or_else(|| self.log()),
            line: malformed.map(|malformed| malformed.line).filter(|line| *line > 0),
            column: malformed.map(|malformed| malformed.column).filter(|column| *column > 0),
        }
    }

    /// The log that cannot be read.
    fn log(&self) -> Option<String> {
        match self {
            Self::Logs(
                LogsError::Unknown { name, .. } | LogsError::Packed { name, .. } | LogsError::Read { name, .. },
            ) => Some(name.clone()),
            _ => None,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::UrlMissing => "url-missing",
            Self::Target(error) => error.code(),
            Self::UserAgent(_) => "user-agent-invalid",
            Self::Parameter { .. } => "parameter-invalid",
            Self::Query(_) => "query-invalid",
            Self::Json(_) => "json-invalid",
            Self::BodyTooLarge { .. } => "body-too-large",
            Self::BodyTimeout { .. } => "body-timeout",
            Self::BodyBroken(_) => "body-broken",
            Self::Signature(error) => error.code(),
            Self::NoPicture(NoPicture::Image { .. }) => "no-picture",
            Self::NotFound(_) => "not-found",
            Self::MethodNotAllowed { .. } => "method-not-allowed",
            Self::Firewall(error) => error.code(),
            Self::Form(_) => "form-invalid",
            Self::TooManyFiles { .. } => "too-much",
            Self::Logs(error) => error.code(),
            Self::TemplateMissing => "template-missing",
            Self::TemplateTooLarge { .. } => "template-too-large",
            Self::TemplateUnknown(_) => "template-unknown",
            Self::TemplateNotDrawable { .. } => "template-not-drawable",
            Self::SwitchedOff { .. } => "switched-off",
            Self::Crowded
            | Self::TooManyLogs
            | Self::TooManyReaches
            | Self::TooManyProbes
            | Self::TooManyHandlerChecks
            | Self::Busy(_)
            | Self::NoPicture(NoPicture::Busy) => "busy",
            Self::Internal => "internal",
        }
    }

    fn advice(&self) -> String {
        match self {
            Self::UrlMissing => {
                "add ?url=https://example.com/ (percent-encoded), or send {\"url\": \"…\"} by POST".to_owned()
            }
            Self::Target(error) => error.advice(),
            Self::UserAgent(_) => {
                "use ua=kakao, ua=browser, ua=facebook, or a User-Agent string of visible ASCII characters".to_owned()
            }
            Self::Parameter { fits, .. } => (*fits).to_owned(),
            Self::Query(_) => "percent-encode the values (RFC 3986, 2.1)".to_owned(),
            Self::Json(_) => {
                "send an object as /openapi.json describes it, with Content-Type: application/json".to_owned()
            }
            Self::BodyTooLarge { .. } => {
                "send less, or raise server.max_body_bytes (acl.max_body_bytes for firewall dumps, logs.max_body_bytes for logs, reach.max_body_bytes for both)"
                    .to_owned()
            }
            Self::BodyTimeout { .. } => "send the body faster, or raise server.body_timeout_seconds (logs.body_timeout_seconds for the whole of logs)".to_owned(),
            Self::BodyBroken(_) => "send the whole body".to_owned(),
            Self::Signature(error) => error.advice().to_owned(),
            Self::NoPicture(NoPicture::Image { .. }) => {
                "scrape the page that names it: its report says what is wrong with the image".to_owned()
            }
            Self::NotFound(_) => "see /docs for what there is".to_owned(),
            Self::MethodNotAllowed { allow, .. } => format!("use {allow}"),
            Self::Firewall(error) => error.advice(),
            Self::Form(_) => "send multipart/form-data with a part `file` for each log, after the other fields".to_owned(),
            Self::TooManyFiles { .. } => "send fewer at a time, or raise logs.max_files".to_owned(),
            Self::Logs(error) => error.advice(),
            Self::TemplateMissing => {
                "give one of text, template and template_id, or url alone for Kakao's own scrape template".to_owned()
            }
            Self::TemplateTooLarge { .. } => {
                "send less, or raise sandbox.max_template_bytes; Kakao's SDKs stop at about 10,000".to_owned()
            }
            Self::TemplateUnknown(_) => {
                "GET /api/v1/templates lists those there are; put files of others into the folder sandbox.templates".to_owned()
            }
            Self::TemplateNotDrawable { .. } => {
                "send it to /api/v1/template/check: its problems say what is wrong, and where".to_owned()
            }
            Self::SwitchedOff { key } => format!("whoever runs this server may set {key} = true"),
            Self::Crowded | Self::TooManyLogs | Self::TooManyReaches | Self::TooManyProbes | Self::TooManyHandlerChecks | Self::Busy(_) | Self::NoPicture(NoPicture::Busy) => {
                "try again in a moment".to_owned()
            }
            Self::Internal => "try again; if it stays, report it with the request and the time".to_owned(),
        }
    }
}

impl From<Unserved> for Problem {
    fn from(unserved: Unserved) -> Self {
        match unserved {
            Unserved::Busy => Self::Busy(unserved),
            Unserved::Died(_) => Self::Internal,
        }
    }
}

impl From<NotAnswered> for Problem {
    fn from(error: NotAnswered) -> Self {
        match error {
            NotAnswered::Unknown(id) => Self::TemplateUnknown(id),
            NotAnswered::Nothing => Self::TemplateMissing,
            NotAnswered::NoMessage { why } => Self::TemplateNotDrawable { why },
            NotAnswered::Unserved(unserved) => unserved.into(),
            NotAnswered::Died => Self::Internal,
        }
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::UrlMissing
            | Self::Target(_)
            | Self::UserAgent(_)
            | Self::Parameter { .. }
            | Self::Query(_)
            | Self::Json(_)
            | Self::TemplateMissing
            | Self::BodyBroken(_)
            | Self::Form(_)
            | Self::Logs(LogsError::Read { .. })
            | Self::Firewall(FirewallError::NoDump) => StatusCode::BAD_REQUEST,
            Self::BodyTooLarge { .. } | Self::TemplateTooLarge { .. } | Self::Logs(LogsError::TooLarge { .. }) => {
                StatusCode::PAYLOAD_TOO_LARGE
            }
            Self::BodyTimeout { .. } => StatusCode::REQUEST_TIMEOUT,
            Self::Signature(_) | Self::SwitchedOff { .. } => StatusCode::FORBIDDEN,
            Self::NotFound(_) | Self::TemplateUnknown(_) | Self::NoPicture(NoPicture::Image { .. }) => {
                StatusCode::NOT_FOUND
            }
            Self::MethodNotAllowed { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::Firewall(_) | Self::Logs(_) | Self::TooManyFiles { .. } | Self::TemplateNotDrawable { .. } => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::Crowded
            | Self::TooManyLogs
            | Self::TooManyReaches
            | Self::TooManyProbes
            | Self::TooManyHandlerChecks
            | Self::Busy(_)
            | Self::NoPicture(NoPicture::Busy) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let status = self.status_code();
        let mut response = HttpResponse::build(status);
        response.insert_header((header::CONTENT_TYPE, "application/problem+json"));
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        match self {
            Self::Crowded
            | Self::TooManyLogs
            | Self::TooManyReaches
            | Self::TooManyProbes
            | Self::TooManyHandlerChecks
            | Self::Busy(_)
            | Self::NoPicture(NoPicture::Busy) => {
                response.insert_header((header::RETRY_AFTER, "2"));
            }
            Self::MethodNotAllowed { allow, .. } => {
                response.insert_header((header::ALLOW, *allow));
            }
            Self::BodyTimeout { .. } | Self::BodyTooLarge { .. } | Self::Form(_) | Self::TooManyFiles { .. } => {
                response.force_close(); // the rest of the body is not worth waiting for
            }
            _ => {}
        }
        response.body(serde_json::to_string(&self.details()).unwrap_or_default())
    }
}
