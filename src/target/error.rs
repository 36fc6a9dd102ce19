//! Why a text is no target, and what to do about it.
//! Not the rules: those are read top to bottom in `Target::from_url`.

use thiserror::Error;
use url::ParseError;

/// Why a text is not a [`Target`](super::Target). No message repeats a password or a query.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TargetError {
    /// Nothing but white space.
    #[error("the URL is empty")]
    Empty,
    /// `example.com/x`.
    #[error("`{text}` has no scheme")]
    NoScheme {
        /// The text up to its query.
        text: String,
    },
    /// Any other scheme.
    #[error("the scheme `{scheme}` is neither http nor https")]
    Scheme {
        /// The scheme without its colon.
        scheme: String,
    },
    /// `user:password@` before the host.
    #[error("the URL carries a user name or password")]
    Userinfo,
    /// The text or the URL it stands for.
    #[error("the URL is {bytes} bytes long, the limit is {limit}")]
    TooLong {
        /// How long it is.
        bytes: usize,
        /// How long it may be.
        limit: usize,
    },
    /// `https://`, `https://./`.
    #[error("the URL has no host")]
    NoHost,
    /// Two dots in a row.
    #[error("the host has an empty label")]
    EmptyLabel,
    /// RFC 1035, 2.3.4.
    #[error("a label of the host is {bytes} bytes long, DNS allows 63")]
    LabelTooLong {
        /// How long it is, in ASCII form.
        bytes: usize,
    },
    /// RFC 1035, 2.3.4, less the length octets at both ends.
    #[error("the host is {bytes} bytes long, DNS allows 253")]
    NameTooLong {
        /// How long it is, in ASCII form.
        bytes: usize,
    },
    /// `https://example.com:0/`.
    #[error("port 0 cannot be connected to")]
    PortZero,
    /// A `Location` header in another encoding.
    #[error("the URL is not valid UTF-8")]
    NotUtf8,
    /// Whatever else the URL standard refuses.
    #[error("not a URL: {reason}")]
    NotAUrl {
        /// The parser's word.
        #[source]
        reason: ParseError,
    },
}

impl TargetError {
    /// Stable kebab-case name, part of the API.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "url-empty",
            Self::NoScheme { .. } => "url-no-scheme",
            Self::Scheme { .. } => "url-scheme",
            Self::Userinfo => "url-userinfo",
            Self::TooLong { .. } => "url-too-long",
            Self::NoHost => "url-no-host",
            Self::EmptyLabel => "url-empty-label",
            Self::LabelTooLong { .. } => "url-label-too-long",
            Self::NameTooLong { .. } => "url-host-too-long",
            Self::PortZero => "url-port-zero",
            Self::NotUtf8 => "url-not-utf-8",
            Self::NotAUrl { .. } => "url-invalid",
        }
    }

    /// What to do about it.
    pub fn advice(&self) -> String {
        let text = match self {
            Self::NoScheme { text } => return format!("write https://{text}"),
            Self::Empty | Self::NoHost => "write a whole URL, such as https://example.com/page",
            Self::Scheme { .. } => "use an address that starts with https:// or http://",
            Self::Userinfo => "leave out everything between // and @; KakaoTalk cannot log in to a page",
            Self::TooLong { .. } => "use a shorter URL, for example without tracking parameters",
            Self::EmptyLabel => "write a single dot between the parts of the host name",
            Self::LabelTooLong { .. } | Self::NameTooLong { .. } => {
                "check the host name; no name server can know one this long"
            }
            Self::PortZero => "leave out the port, or write the one the server listens on",
            Self::NotUtf8 => "percent-encode the URL, or write it in UTF-8",
            Self::NotAUrl { .. } => "check the host and the port, as in https://example.com:8443/page",
        };
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Target;
    use super::*;

    fn refusal(text: &str) -> TargetError {
        Target::parse(text, 2048).unwrap_err()
    }

    #[test]
    fn a_text_that_is_no_target_is_refused_with_the_reason() {
        for (text, code) in [
            ("", "url-empty"),
            (" \u{FEFF}\n", "url-empty"),
            ("example.com/x", "url-no-scheme"),
            ("//example.com/x", "url-no-scheme"),
            ("example.com:8080/x", "url-no-scheme"),
            ("localhost:3000", "url-no-scheme"),
            ("/x", "url-invalid"),
            ("?x", "url-no-host"),
            ("two words", "url-invalid"),
            ("http://exa mple.com", "url-invalid"),
            ("http://example.com:65536", "url-invalid"),
            ("http://1.2.3.4.5/", "url-invalid"),
            ("http://256.1.1.1/", "url-invalid"),
            ("http://4294967296/", "url-invalid"),
            ("http://[::1", "url-invalid"),
            ("http://[example.com]/", "url-invalid"), // GHSA-qwrf-gfpj-qvj6
            ("http://[fe80::1%25eth0]/", "url-invalid"),
            ("ftp://example.com/", "url-scheme"),
            ("file:///etc/passwd", "url-scheme"),
            ("javascript:alert(1)", "url-scheme"),
            ("data:text/html,x", "url-scheme"),
            ("view-source:http://example.com/", "url-scheme"),
            ("http://", "url-no-host"),
            ("https://./", "url-no-host"),
            ("http://example..com/", "url-empty-label"),
            ("http://example.com../", "url-empty-label"),
            ("http://127.0.0.1../", "url-empty-label"),
            ("http://example.com:0/", "url-port-zero"),
        ] {
            assert_eq!(refusal(text).code(), code, "{text}");
        }
    }

    #[test]
    fn a_missing_scheme_is_shown_without_query_and_with_the_url_to_write() {
        let error = refusal("//example.com:8080/x?key=1");
        assert_eq!(error.to_string(), "`example.com:8080/x` has no scheme");
        assert_eq!(error.advice(), "write https://example.com:8080/x");
    }

    #[test]
    fn a_password_is_refused_and_never_repeated() {
        for text in [
            "http://user:hunter2@example.com/",
            "http://hunter2@example.com/",
            "http://:hunter2@example.com/",
            "http://example.com:hunter2@169.254.169.254/",
            "http://user:hunter2/@example.com/",
            "ftp://user:hunter2@example.com/",
            "//user:hunter2@example.com/",
            "//user:hunter2/@example.com/",
            "hunter2@example.com",
            "user:hunter2@example.com",
            "user.name:hunter2@example.com",
        ] {
            let error = refusal(text);
            let told = format!("{error} {error:?} {}", error.advice());
            assert!(!told.contains("hunter2"), "{text}: {told}");
        }
        assert_eq!(refusal("http://a:b@c/"), TargetError::Userinfo);
    }

    #[test]
    fn lengths_are_measured_and_told() {
        let label = "a".repeat(63);
        let name = format!("{label}.{label}.{label}.{}", "b".repeat(61));
        let (long_name, long_label) = (format!("http://{name}b/"), format!("http://{label}b/"));
        for (text, limit, expected) in [
            (long_name.as_str(), 300, "the host is 254 bytes long, DNS allows 253"),
            (&long_label, 300, "a label of the host is 64 bytes long, DNS allows 63"),
            ("http://a/한", 11, "the URL is 12 bytes long, the limit is 11"),
            ("http://a/한", 17, "the URL is 18 bytes long, the limit is 17"), // %ED%95%9C
        ] {
            let error = Target::parse(text, limit).unwrap_err();
            assert_eq!(error.to_string(), expected);
        }
        assert!(Target::parse(&format!("http://{name}./"), 300).is_ok());
        assert!(Target::parse("http://a/한", 18).is_ok());
    }
}
