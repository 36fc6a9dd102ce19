//! What is asked of Kakao's paths: the parameters of the query and, with POST and DELETE, of the form. Unknown ones are passed over, as SDKs
//! send more than any documentation names.

use actix_web::{
    HttpRequest,
    http::{Method, header},
    web,
};
use url::form_urlencoded;

use super::super::{Limits, body};
use crate::sandbox::KapiError;

/// The parameters of one call.
#[derive(Debug, Default)]
pub struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads query and form, within the limits of a body.
    pub async fn read(request: &HttpRequest, payload: web::Payload, limits: &Limits) -> Result<Self, KapiError> {
        let mut parameters = Self::default();
        if matches!(*request.method(), Method::POST | Method::DELETE) {
            let bytes = body::read(request, payload, limits.body).await?;
            if !bytes.is_empty() {
                if !is_form(request) {
                    let text = "the body is no form; send Content-Type: application/x-www-form-urlencoded";
                    return Err(KapiError::bad_parameter(text).inferred("parameter-text"));
                }
                parameters.add(&bytes);
            }
        }
        parameters.add(request.query_string().as_bytes());
        Ok(parameters)
    }

    /// The parameters of the query alone.
    pub fn of_query(request: &HttpRequest) -> Self {
        let mut parameters = Self::default();
        parameters.add(request.query_string().as_bytes());
        parameters
    }

    /// Parameters that stood elsewhere.
    pub fn of(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(pairs.into_iter().take(MOST_PARAMETERS).collect())
    }

    /// All of them, in order.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The first value of this name that is not empty; those of the form come before those of the query.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, value)| known == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// The same where there must be one.
    pub fn required(&self, name: &str) -> Result<&str, KapiError> {
        self.get(name).ok_or_else(|| KapiError::unreadable(name))
    }

    /// The same as a number; `None` if there is none.
    pub fn number(&self, name: &str) -> Result<Option<i64>, KapiError> {
        self.get(name).map(|text| text.trim().parse().map_err(|_no_number| KapiError::unreadable(name))).transpose()
    }

    fn add(&mut self, encoded: &[u8]) {
        let room = MOST_PARAMETERS.saturating_sub(self.0.len());
        self.0.extend(
            form_urlencoded::parse(encoded).take(room).map(|(name, value)| (name.into_owned(), value.into_owned())),
        );
    }
}

/// Whether the body says it is a form; one that does not say what it is, is taken for one.
fn is_form(request: &HttpRequest) -> bool {
    let Some(given) = request.headers().get(header::CONTENT_TYPE) else { return true };
    let essence = given.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// More than any call of Kakao's has.
const MOST_PARAMETERS: usize = 100;
