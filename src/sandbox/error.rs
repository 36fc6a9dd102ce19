//! Errors in Kakao's own words and codes: what `kapi.kakao.com` answers, not problem details. The status belongs to the code, as Kakao
//! documents it (REST API, error codes).

use serde_json::{Map, Value, json};

use crate::template::Check;

/// An error of the Kakao-compatible API.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{msg} ({code})")]
pub struct KapiError {
    /// Kakao's code, such as -401.
    pub code: i32,
    /// Kakao's text, where it is known; ours in its manner where it is not.
    pub msg: String,
    /// Further members (`api_type`, `required_scopes`, …).
    pub more: Box<Map<String, Value>>,
    /// What of this is not documented: codes of `template.toml`, section `inferred`.
    pub inferred: Vec<&'static str>,
    /// The HTTP status, where it is not the one of the code.
    pub http: Option<u16>,
    /// What is wrong with the template, where that is the reason.
    pub check: Option<Box<Check>>,
}

impl KapiError {
    /// An error with Kakao's code and text.
    pub fn new(code: i32, msg: impl Into<String>) -> Self {
        Self { code, msg: msg.into(), more: Box::default(), inferred: Vec::new(), http: None, check: None }
    }

    /// -2: a parameter does not fit.
    pub fn bad_parameter(msg: impl Into<String>) -> Self {
        Self::new(-2, msg)
    }

    /// -2: a parameter cannot be read. The text is known of `template_object`; of others it is the same with their name.
    pub fn unreadable(name: &str) -> Self {
        let text =
            format!("failed to parse parameter. name={name}, stringToParse=-, paramString=-, paramStringAlias=null");
        let error = Self::bad_parameter(text);
        if name == "template_object" { error } else { error.inferred("parameter-text") }
    }

    /// -402: the user has not agreed to what the call needs.
    pub fn scopes(api_type: &str, required: &[&str], allowed: &[String]) -> Self {
        let mut error = Self::new(-402, "insufficient scopes.");
        error.more.insert("api_type".to_owned(), api_type.into());
        error.more.insert("required_scopes".to_owned(), required.into());
        error.more.insert("allowed_scopes".to_owned(), allowed.into());
        error
    }

    /// -10: the quota is used up.
    pub fn quota() -> Self {
        Self::new(-10, "API limit has been exceeded.")
    }

    /// -401: no such app key.
    pub fn app_key() -> Self {
        Self::new(-401, "invalid app key.")
    }

    /// -401: no such access token.
    pub fn token() -> Self {
        Self::new(-401, "this access token does not exist")
    }

    /// -1: a mistake of ours.
    pub fn internal() -> Self {
        Self::new(-1, "internal error")
    }

    /// The same error, with what of it is not documented.
    #[must_use]
    pub fn inferred(mut self, code: &'static str) -> Self {
        self.inferred.push(code);
        self
    }

    /// The same error with a status of its own.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.http = Some(status);
        self
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        if let Some(status) = self.http {
            return status;
        }
        match self.code {
            -401 => 401,
            -5 | -402 | -405 | -406 => 403,
            -1 => 500,
            -603 | -9798 => 503,
            _ => 400,
        }
    }

    /// The body.
    pub fn body(&self) -> Value {
        let mut body = json!({ "msg": self.msg, "code": self.code });
        if let Some(object) = body.as_object_mut() {
            object.extend(self.more.as_ref().clone());
        }
        body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_that_cannot_be_read_is_named_as_kakao_names_it() {
        let error = KapiError::unreadable("template_object");
        assert_eq!(
            error.msg,
            "failed to parse parameter. name=template_object, stringToParse=-, paramString=-, paramStringAlias=null"
        );
        assert!(error.inferred.is_empty());
        assert_eq!(KapiError::unreadable("link_ver").inferred, ["parameter-text"]);
    }

    #[test]
    fn the_body_has_kakaos_shape() {
        assert_eq!(KapiError::app_key().body(), json!({ "msg": "invalid app key.", "code": -401 }));
        assert_eq!(KapiError::app_key().status(), 401);
        assert_eq!(KapiError::quota().status(), 400);
    }
}
