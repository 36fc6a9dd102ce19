//! Why nothing can be shared, in the picker's own codes and statuses (Kakao Developers, Kakao Talk Share, trouble-shooting).

use crate::{
    sandbox::{KapiError, origin::MISCONFIGURED},
    target::TargetError,
};

/// Why nothing can be shared.
#[derive(Debug)]
pub struct Refusal {
    /// The picker's code.
    pub code: u16,
    /// The HTTP status.
    pub status: u16,
    /// What the template API says, or would.
    pub error: KapiError,
}

impl Refusal {
    /// There is no such key.
    pub fn wrong_key(error: KapiError) -> Self {
        Self { code: 4003, status: 400, error }
    }

    /// The key may not be used from there, or not by an SDK.
    pub fn misconfigured(error: KapiError) -> Self {
        Self { code: 4019, status: 401, error }
    }

    /// What is to be scraped is no URL.
    pub fn no_url(error: &TargetError) -> Self {
        Self { code: 4041, status: 404, error: KapiError::bad_parameter(format!("request_url: {error}")) }
    }

    /// What a program is told: a word, a sentence, a code. That of 4019 is Kakao's own, the others are made after it.
    pub fn words(&self) -> (&'static str, String, String) {
        match self.code {
            4019 => ("misconfigured", MISCONFIGURED.to_owned(), "KOE009".to_owned()),
            code => {
                let word = match code {
                    4003 => "invalid_app_key",
                    4006 => "quota_exceeded",
                    4007 => "rate_limited",
                    4041 => "invalid_url",
                    5001 => "server_error",
                    _ => "bad_request",
                };
                (word, self.error.msg.clone(), code.to_string())
            }
        }
    }
}

impl From<KapiError> for Refusal {
    fn from(error: KapiError) -> Self {
        let (code, status) = match error.code {
            -401 => (4003, 400),
            -10 => (4006, 400),
            -603 => (4007, 400),
            -1 => (5001, 500),
            _ => (4002, error.http.unwrap_or(400)),
        };
        Self { code, status, error }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_error_has_the_code_and_the_status_of_the_picker() {
        for (error, code, status) in [
            (KapiError::bad_parameter(""), 4002, 400),
            (KapiError::app_key(), 4003, 400),
            (KapiError::quota(), 4006, 400),
            (KapiError::new(-603, ""), 4007, 400),
            (KapiError::internal(), 5001, 500),
            (KapiError::bad_parameter("").with_status(413), 4002, 413),
        ] {
            let refusal = Refusal::from(error);
            assert_eq!((refusal.code, refusal.status), (code, status));
        }
    }

    #[test]
    fn a_misconfigured_app_is_told_in_kakaos_words() {
        let (error, description, code) = Refusal::misconfigured(KapiError::app_key()).words();
        assert_eq!(error, "misconfigured");
        assert_eq!(description, "invalid android_key_hash or ios_bundle_id or web_site_url");
        assert_eq!(code, "KOE009");
    }
}
