//! What the template API answers: a template is judged, filled and resolved; a page is scraped into it. What a template means is
//! `template`'s to know.

use super::{Answer, App, Call, KapiError, Sandbox};

impl Sandbox {
    /// What Kakao's template API would answer to this app. Spends no quota.
    #[expect(clippy::unused_async, reason = "pages are scraped here")]
    pub async fn answer(&self, _app: &App, call: Call) -> Result<Answer, KapiError> {
        match call {
            Call::Default { .. } | Call::Custom { .. } | Call::Scrap { .. } => Err(KapiError::internal()),
        }
    }
}
