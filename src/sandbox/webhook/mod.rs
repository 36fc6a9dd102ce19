//! The Kakao Talk Share webhook (kakaotalk-share/callback): after a message was shared, Kakao tells the developer's handler, once, by
//! GET or POST, and waits 3 seconds for 2XX. Where it goes is said by the app's settings alone, never by a request: whoever may ask
//! this server to share may not choose whom it knocks at.
//!
//! ```text
//! App, ChatType, CallbackArgs ──callback──▶ Parameters ──request──▶ Ready ──Fetcher::deliver──▶ Delivered
//!                                                                                        │ judge
//!                                       log ◀── record::Delivery (key masked) ◀── Verdict ┘
//! ```

mod callback;
mod chat;
mod checker;
mod judge;
mod log;
mod opening;
mod record;
mod request;

use std::{path::PathBuf, sync::Arc, time::Duration};

use url::Url;

pub use self::{
    callback::{CallbackArgs, Parameters},
    chat::ChatType,
    checker::{HandlerCheck, Trial, TrialOutcome},
    record::{Answered, Delivery, Note, Outcome, Sent},
};
use self::{
    judge::{Verdict, hidden, hidden_in_value},
    log::Log,
    request::{BodyForm, Manner, Ready, random},
};
use super::{
    Clock,
    settings::{App, WebhookSettings},
};
use crate::{
    fetch::{Delivered, Fetcher, Pace},
    places::Places,
    words::Words,
};

/// The sentences about deliveries, in both languages.
pub fn words() -> Result<Words, toml::de::Error> {
    Words::parse(include_str!("../../../static/i18n/webhook.toml"))
}

/// What the webhook is made of.
pub struct Parts {
    /// Section `[sandbox.webhook]`.
    pub settings: WebhookSettings,
    /// Where the log is kept; `None` for memory only.
    pub folder: Option<PathBuf>,
    /// The way out, with what the webhook alone may enter.
    pub fetcher: Fetcher,
    /// Bytes of a handler's address.
    pub max_url_bytes: usize,
    /// The present.
    pub clock: Clock,
    /// The sentences.
    pub words: Words,
}

/// Sends webhooks and remembers them. Cheap to clone.
#[derive(Clone)]
pub struct Webhook(Arc<Inner>);

struct Inner {
    settings: WebhookSettings,
    fetcher: Fetcher,
    max_url_bytes: usize,
    clock: Clock,
    words: Words,
    log: Log,
    places: Places,
    checks: Places,
}

/// A share, as far as the webhook tells of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The kind of chat.
    pub chat_type: ChatType,
    /// The custom template, where a template id was used.
    pub template_id: Option<i64>,
    /// The caller's arguments.
    pub callback_args: CallbackArgs,
}

/// How a delivery differs from a plain one.
#[derive(Debug, Clone, Copy, Default)]
struct Oddity {
    wrong_key: bool,
    form: BodyForm,
    pace: Pace,
}

impl Webhook {
    /// Puts the parts together. Reads and sends nothing.
    pub fn new(parts: Parts) -> Self {
        let Parts { settings, folder, fetcher, max_url_bytes, clock, words } = parts;
        let wait = Duration::from_millis(settings.timeout_ms);
        Self(Arc::new(Inner {
            log: Log::new(folder, settings.max_deliveries),
            places: Places::new(settings.max_running, settings.max_running.saturating_mul(4), wait),
            checks: Places::new(1, 0, Duration::ZERO),
            settings,
            fetcher,
            max_url_bytes,
            clock,
            words,
        }))
    }

    /// Section `[sandbox.webhook]`.
    pub fn settings(&self) -> &WebhookSettings {
        &self.0.settings
    }

    /// Tells the app's handler of a share, once, and keeps what came of it in the log. It ends in the log also if whoever asked
    /// has left: what was sent was sent.
    pub async fn fire(&self, app: &App, event: Event, replay_of: Option<String>) -> Arc<Delivery> {
        let (webhook, app) = (self.clone(), app.clone());
        let firing = tokio::spawn(async move {
            let mut delivery = webhook.deliver(&app, &event, Oddity::default()).await;
            delivery.replay_of = replay_of;
            let delivery = Arc::new(delivery);
            webhook.keep(Arc::clone(&delivery)).await;
            delivery
        });
        match firing.await {
            Ok(delivery) => delivery,
            // It ends early only with the program itself, or by a mistake of ours.
            Err(error) => std::panic::resume_unwind(error.try_into_panic().unwrap_or_else(|error| Box::new(error))),
        }
    }

    /// The deliveries of an app, newest first.
    pub async fn deliveries(&self, app: i64) -> Vec<Arc<Delivery>> {
        self.with_log(move |log| log.of_app(app)).await
    }

    /// The delivery of an id.
    pub async fn find(&self, id: String) -> Option<Arc<Delivery>> {
        self.with_log(move |log| log.find(&id)).await
    }

    /// Sends an old delivery's event once more, with an id of its own, to where the app's webhook goes now.
    pub async fn replay(&self, app: &App, old: &Delivery) -> Arc<Delivery> {
        let event = Event {
            chat_type: old.chat_type,
            template_id: old.template_id,
            callback_args: CallbackArgs::of(&old.callback_args, self.0.settings.max_callback_bytes),
        };
        self.fire(app, event, Some(old.id.clone())).await
    }

    async fn keep(&self, delivery: Arc<Delivery>) {
        self.with_log(move |log| log.keep(&delivery)).await;
    }

    async fn with_log<T: Default + Send + 'static>(&self, work: impl FnOnce(&Log) -> T + Send + 'static) -> T {
        let inner = Arc::clone(&self.0);
        tokio::task::spawn_blocking(move || work(&inner.log)).await.unwrap_or_else(|error| {
            tracing::error!("the log of deliveries broke: {error}");
            T::default()
        })
    }

    /// One delivery, from beginning to end. Nothing of it is kept here.
    async fn deliver(&self, app: &App, event: &Event, oddity: Oddity) -> Delivery {
        let at = self.0.clock.now();
        let empty = serde_json::Map::new();
        let args = if let CallbackArgs::Given(args) = &event.callback_args { args } else { &empty };
        let parameters = Parameters::new(app, event.chat_type, event.template_id, args);
        let url = app.webhook_url.0.as_ref();
        let ready = url.map(|url| self.ready(app, url, &parameters, oddity));
        let refusal = Verdict::of_args(&event.callback_args).or_else(|| match &ready {
            None => Some(Verdict::not_sent("webhook-url-missing")),
            Some(Err(refusal)) => Some(refusal.clone()),
            Some(Ok(_)) => None,
        });
        let ready = ready.and_then(Result::ok);
        let (verdict, delivered) = match (refusal, &ready) {
            (Some(refusal), _) => (refusal, None),
            (None, None) => (Verdict::not_sent("internal"), None),
            (None, Some(ready)) => self.sent(ready).await,
        };
        let key = app.admin_key.as_str();
        let (conclusion, advice, confidence, source) = verdict.said(&self.0.words);
        let notes = judge::notes(&self.0.words, app, url, &parameters, delivered.as_ref());
        let delivered = delivered.unwrap_or_default();
        Delivery {
            id: random(ID_LETTERS),
            app: app.id,
            at,
            method: app.webhook_method,
            url: url.map(Url::to_string).unwrap_or_default(),
            chat_type: event.chat_type,
            template_id: event.template_id,
            callback_args: hidden_in_value(&event.callback_args.to_value(), key),
            request: ready.map(|ready| ready.shown.without(key)),
            outcome: verdict.outcome,
            code: verdict.code.to_owned(),
            evidence: verdict.evidence.map(|text| hidden(&text, key)),
            status: delivered.status,
            milliseconds: u64::try_from(delivered.took.as_millis()).unwrap_or(u64::MAX),
            answer: delivered.status.map(|_| answered(&delivered, key, self.0.settings.answer_bytes)),
            conclusion,
            advice,
            confidence,
            source: source.to_owned(),
            notes,
            replay_of: None,
        }
    }

    fn ready(&self, app: &App, url: &Url, parameters: &Parameters, oddity: Oddity) -> Result<Ready, Verdict> {
        let settings = &self.0.settings;
        let manner = Manner {
            // A key that the handler repeats is taken out, also one that the end would cut.
            answer_bytes: settings.answer_bytes.saturating_add(KEY_BYTES),
            max_url_bytes: self.0.max_url_bytes,
            wrong_key: oddity.wrong_key,
            form: oddity.form,
            pace: oddity.pace,
        };
        Ready::write(app, url, parameters, manner)
            .map_err(|error| Verdict::not_sent("webhook-url-unusable").proved(Some(error.to_string())))
    }

    async fn sent(&self, ready: &Ready) -> (Verdict, Option<Delivered>) {
        let Some(_place) = self.0.places.take().await else { return (Verdict::not_sent("busy"), None) };
        let limit_ms = self.0.settings.timeout_ms;
        let delivered = self.0.fetcher.deliver(&ready.target, &ready.delivery, Duration::from_millis(limit_ms)).await;
        (Verdict::of(&delivered, limit_ms), Some(delivered))
    }
}

/// The answer as it is shown: bounded, as text, and without the key.
fn answered(delivered: &Delivered, key: &str, max_bytes: usize) -> Answered {
    let shown = |text: &str, max: usize| -> String { hidden(text, key).chars().take(max).collect() };
    let headers = delivered.headers.iter().take(MAX_HEADERS);
    let headers = headers.map(|(name, value)| (shown(name, MAX_HEADER_LETTERS), shown(value, MAX_HEADER_LETTERS)));
    let Some(body) = &delivered.body else {
        return Answered { headers: headers.collect(), body: String::new(), truncated: delivered.failure.is_some() };
    };
    let text = hidden(&String::from_utf8_lossy(&body.bytes), key);
    let whole = |(at, letter): &(usize, char)| at + letter.len_utf8() <= max_bytes;
    let kept: String = text.char_indices().take_while(whole).map(|(_, letter)| letter).collect();
    Answered { headers: headers.collect(), truncated: body.truncated || kept.len() < text.len(), body: kept }
}

/// Letters of a delivery's id.
const ID_LETTERS: usize = 12;
/// Bytes of an app key.
const KEY_BYTES: usize = 32;
/// Headers of an answer that the log shows, and letters of one.
const MAX_HEADERS: usize = 50;
const MAX_HEADER_LETTERS: usize = 1000;
