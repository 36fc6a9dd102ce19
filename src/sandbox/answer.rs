//! What the template API answers: a template is judged, filled and resolved; a page is scraped into it. What a template means is
//! `template`'s to know.

use super::{Answer, App, Call, KapiError, Sandbox};

/// For which API a template is meant: its purpose must fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Api {
    /// Kakao Talk Share.
    Share,
    /// Kakao Talk Message.
    Message,
}

impl Sandbox {
    /// What Kakao's template API would answer to this app. Spends no quota.
    pub async fn answer(&self, app: &App, call: Call) -> Result<Answer, KapiError> {
        self.answer_to(Api::Share, app, call).await
    }

    /// The same for either API.
    #[expect(clippy::unused_async, reason = "pages are scraped here")]
    pub async fn answer_to(&self, _api: Api, _app: &App, call: Call) -> Result<Answer, KapiError> {
        match call {
            Call::Default { .. } | Call::Custom { .. } | Call::Scrap { .. } => Err(KapiError::internal()),
        }
    }
}
