//! A simulated share: the template API's answer, as the picker shows it, and then the webhook, as after a tap on "send". No quota is
//! spent here: the call of the template API has its own.

use std::sync::Arc;

use super::{
    Answer, App, Call, KapiError, Sandbox,
    webhook::{CallbackArgs, ChatType, Delivery, Event},
};

/// What is shared, and where to.
#[derive(Debug, Clone)]
pub struct Share {
    /// Who shares.
    pub app: App,
    /// What.
    pub call: Call,
    /// The caller's `serverCallbackArgs`.
    pub callback_args: CallbackArgs,
    /// Where to.
    pub chat_type: ChatType,
}

/// What came of a share.
#[derive(Debug, Clone)]
pub struct Sent {
    /// What the template API answers.
    pub answer: Result<Answer, KapiError>,
    /// The webhook. A message that Kakao refuses is not shared, and nobody is told of it.
    pub delivery: Option<Arc<Delivery>>,
}

impl Call {
    /// The custom template of a call, if it names one: only then does the webhook carry `TEMPLATE_ID` (kakaotalk-share/callback).
    pub fn template_id(&self) -> Option<i64> {
        match self {
            Self::Default { .. } => None,
            Self::Custom { template_id, .. } => Some(*template_id),
            Self::Scrap { template_id, .. } => *template_id,
        }
    }
}

impl Sandbox {
    /// Shares a message and tells the app's handler of it.
    pub async fn send(&self, share: Share) -> Sent {
        let Share { app, call, callback_args, chat_type } = share;
        let template_id = call.template_id();
        let answer = self.answer(&app, call).await;
        let delivery = match &answer {
            Ok(_) => Some(self.webhook().fire(&app, Event { chat_type, template_id, callback_args }, None).await),
            Err(_) => None,
        };
        Sent { answer, delivery }
    }

    /// The deliveries of an app, newest first.
    pub async fn deliveries(&self, app: &App) -> Vec<Arc<Delivery>> {
        self.webhook().deliveries(app.id).await
    }
}
