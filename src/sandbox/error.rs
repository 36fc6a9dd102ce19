//! Errors in Kakao's own words and codes: what `kapi.kakao.com` answers, not problem details. The status belongs to the code, as Kakao
//! documents it (REST API, error codes).

use serde_json::{Map, Value, json};

/// An error of the Kakao-compatible API.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{msg} ({code})")]
pub struct KapiError {
    /// Kakao's code, such as -401.
    pub code: i32,
    /// Kakao's text, where it is known; ours in its manner where it is not.
    pub msg: String,
    /// Further members (`api_type`, `required_scopes`, …).
    pub more: Map<String, Value>,
    /// What of this is not documented: codes of `template.toml`, section `inferred`.
    pub inferred: Vec<&'static str>,
}

impl KapiError {
    /// An error with Kakao's code and text.
    pub fn new(code: i32, msg: impl Into<String>) -> Self {
        Self { code, msg: msg.into(), more: Map::new(), inferred: Vec::new() }
    }

    /// -2: a parameter does not fit.
    pub fn bad_parameter(msg: impl Into<String>) -> Self {
        Self::new(-2, msg)
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

    /// The HTTP status.
    pub fn status(&self) -> u16 {
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
            object.extend(self.more.clone());
        }
        body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_has_kakaos_shape() {
        assert_eq!(KapiError::app_key().body(), json!({ "msg": "invalid app key.", "code": -401 }));
        assert_eq!(KapiError::app_key().status(), 401);
        assert_eq!(KapiError::quota().status(), 400);
    }
}
