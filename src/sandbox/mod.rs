//! The use case of the sandbox: what Kakao's Share and Message APIs would answer, on this machine. Apps, users, counters, images and
//! webhook are ours; the shapes are Kakao's. What a template means is `template`'s to know, what a page shows is `scrape`'s.

//!
//! ```text
//! settings, start     what it is told, and whether that can be true
//! ka, origin          who calls, and whether that key may be used from there
//! answer              what the template API answers
//! friends             messages to oneself and to friends
//! period, counters, quota     what may be done a day and a month, and what is left of it
//! clock               the present
//! images              those that are uploaded, scraped and deleted
//! send, webhook       a share, and what the developer's handler is told of it
//! error               Kakao's errors
//! ```

mod answer;
pub mod clock;
pub mod counters;
pub mod error;
pub mod friends;
pub mod images;
pub mod ka;
pub mod origin;
pub mod period;
pub mod quota;
mod send;
pub mod settings;
pub mod start;
pub mod templates;
pub mod webhook;

use std::sync::Arc;

pub use self::{
    answer::Api,
    clock::Clock,
    error::KapiError,
    ka::Ka,
    origin::KeyKind,
    quota::{PeopleLimit, Quota, QuotaItem, QuotaReport, Use},
    send::{Sent, Share},
    settings::{App, QuotaSettings, Settings, User, WebhookMethod},
    start::SandboxError,
    templates::Templates,
};
use self::{counters::Counters, webhook::Webhook};
use crate::{
    report::Report,
    scrape::Scraper,
    template::{Check, CustomTemplate, Resolved},
    words::Words,
};

/// What is asked of the template API.
#[derive(Debug, Clone, PartialEq)]
pub enum Call {
    /// `template/default`: a default template, as the JSON text that was given.
    Default {
        /// `template_object`.
        template_object: String,
    },
    /// `template/validate`: a custom template.
    Custom {
        /// `template_id`.
        template_id: i64,
        /// `template_args`: JSON text; empty for none.
        template_args: String,
    },
    /// `template/scrap`: a page, in Kakao's own template or a custom one.
    Scrap {
        /// `request_url`.
        request_url: String,
        /// `template_id`.
        template_id: Option<i64>,
        /// `template_args`: JSON text; empty for none.
        template_args: String,
    },
}

/// What the template API answers, and what it is made of.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The message, with Kakao's envelope.
    pub resolved: Resolved,
    /// What there is to say about the template.
    pub check: Check,
    /// The scrape behind it.
    pub report: Option<Arc<Report>>,
}

/// What the sandbox is made of.
pub struct Parts {
    /// Section `[sandbox]`.
    pub settings: Settings,
    /// The sentences about templates.
    pub words: Words,
    /// Scrapes pages.
    pub scraper: Scraper,
    /// Tells handlers of shares.
    pub webhook: Webhook,
    /// Bytes of a URL.
    pub max_url_bytes: usize,
}

/// The sandbox. Cheap to clone.
#[derive(Clone)]
pub struct Sandbox {
    shared: Arc<Shared>,
}

struct Shared {
    settings: Settings,
    words: Words,
    scraper: Scraper,
    webhook: Webhook,
    max_url_bytes: usize,
    quota: Quota,
    templates: Templates,
}

impl Sandbox {
    /// Puts the parts together. Nothing is written before something is done.
    pub fn new(parts: Parts) -> Result<Self, SandboxError> {
        let Parts { settings, words, scraper, webhook, max_url_bytes } = parts;
        start::judge(&settings)?;
        let templates = Templates::open(&settings)?;
        let counters = Counters::new(settings.folder().map(|folder| folder.join("quota")));
        let quota = Quota::new(settings.quota.clone(), counters);
        Ok(Self { shared: Arc::new(Shared { settings, words, scraper, webhook, max_url_bytes, quota, templates }) })
    }

    /// Section `[sandbox]`.
    pub fn settings(&self) -> &Settings {
        &self.shared.settings
    }

    /// The sentences about templates.
    pub fn words(&self) -> &Words {
        &self.shared.words
    }

    /// Pages come from here.
    pub fn scraper(&self) -> &Scraper {
        &self.shared.scraper
    }

    /// Tells handlers of shares.
    pub fn webhook(&self) -> &Webhook {
        &self.shared.webhook
    }

    /// The present.
    pub fn clock(&self) -> &Clock {
        &self.shared.settings.clock
    }

    /// The custom template of an id.
    pub fn template(&self, id: i64) -> Option<&CustomTemplate> {
        self.shared.templates.find(id)
    }

    /// The custom templates, by id.
    pub fn templates(&self) -> &[CustomTemplate] {
        self.shared.templates.all()
    }

    /// The app of an id; without one the first.
    pub fn app(&self, id: Option<i64>) -> Option<&App> {
        let apps = &self.shared.settings.apps;
        match id {
            Some(id) => apps.iter().find(|app| app.id == id),
            None => apps.first(),
        }
    }

    /// The app of a key, and the kind of that key.
    pub fn app_of_key(&self, key: &str) -> Option<(&App, KeyKind)> {
        let key = key.to_ascii_lowercase();
        let apps = self.shared.settings.apps.iter();
        apps.flat_map(|app| app.keys().map(|(known, kind)| (known, app, kind)))
            .find(|(known, ..)| *known == key)
            .map(|(_, app, kind)| (app, kind))
    }

    /// The user of an access token.
    pub fn user_of_token(&self, token: &str) -> Option<&User> {
        self.shared.settings.users.iter().find(|user| user.token == token)
    }

    /// The user of a uuid.
    pub fn user_of_uuid(&self, uuid: &str) -> Option<&User> {
        self.shared.settings.users.iter().find(|user| user.uuid == uuid)
    }

    /// Whether an app has room for one more call; asked before the work is done.
    pub async fn has_room(&self, app: &App, what: Use) -> Result<(), KapiError> {
        let (id, now) = (app.id, self.clock().now());
        self.counting(move |quota| quota.has_room(id, what, now)).await?
    }

    /// Counts one call of an app, or says that its quota is used up.
    pub async fn spend(&self, app: &App, what: Use) -> Result<(), KapiError> {
        let (id, now) = (app.id, self.clock().now());
        self.counting(move |quota| quota.spend(id, what, now)).await?
    }

    /// Counts one message of a person to another, or says whose quota has no room.
    pub async fn spend_people(
        &self,
        app: &App,
        sender: &User,
        receiver: &User,
    ) -> Result<Result<(), PeopleLimit>, KapiError> {
        let (id, now, sender, receiver) = (app.id, self.clock().now(), sender.uuid.clone(), receiver.uuid.clone());
        self.counting(move |quota| quota.spend_people(id, &sender, &receiver, now)).await
    }

    /// What is left of an app's quotas.
    pub async fn quota(&self, app: &App) -> Result<QuotaReport, KapiError> {
        let (id, now) = (app.id, self.clock().now());
        self.counting(move |quota| quota.report(id, now)).await
    }

    /// Counts off the async workers: it touches files.
    async fn counting<T: Send + 'static>(
        &self,
        count: impl FnOnce(&Quota) -> T + Send + 'static,
    ) -> Result<T, KapiError> {
        let quota = self.shared.quota.clone();
        tokio::task::spawn_blocking(move || count(&quota)).await.map_err(|died| {
            tracing::error!("counting died: {died}");
            KapiError::internal()
        })
    }
}
