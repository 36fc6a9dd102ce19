//! The use case of the sandbox: what Kakao's Share and Message APIs would answer, on this machine. Apps, users, counters, images and
//! webhook are ours; the shapes are Kakao's. What a template means is `template`'s to know, what a page shows is `scrape`'s.

pub mod error;
pub mod settings;

use std::sync::Arc;

pub use self::{
    error::KapiError,
    settings::{App, Settings, User, WebhookMethod},
};
use crate::{
    report::Report,
    scrape::Scraper,
    template::{Check, Resolved},
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
}

/// The sandbox. Cheap to clone.
#[derive(Clone)]
pub struct Sandbox {
    shared: Arc<Parts>,
}

impl Sandbox {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        Self { shared: Arc::new(parts) }
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

    /// The app of an id; without one the first.
    pub fn app(&self, id: Option<i64>) -> Option<&App> {
        let apps = &self.shared.settings.apps;
        match id {
            Some(id) => apps.iter().find(|app| app.id == id),
            None => apps.first(),
        }
    }
}
