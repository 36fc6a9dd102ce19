//! What the sandbox knows and how much it takes: section `[sandbox]`, with its apps and users. No counters and no files.

use std::path::PathBuf;

use serde::{Deserialize, Deserializer, de};
use url::Url;

use super::{clock::Clock, images::PublicUrl};
use crate::{
    egress::Exception,
    template::{Domain, Sender},
};

/// The sandbox; section `[sandbox]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Whether Kakao's paths are answered at all.
    pub enabled: bool,
    /// Folder for images, counters and the log of deliveries: a path, `auto`, or empty for memory only.
    pub store: String,
    /// Folder of custom templates; empty for the embedded examples alone.
    pub templates: PathBuf,
    /// Most custom templates that are read.
    pub max_templates: usize,
    /// Bytes of one template, whoever gives it.
    pub max_template_bytes: usize,
    /// Problems that one check tells.
    pub max_problems: usize,
    /// Images.
    pub images: ImageSettings,
    /// The webhook.
    pub webhook: WebhookSettings,
    /// Quotas.
    pub quota: QuotaSettings,
    /// The apps.
    pub apps: Vec<App>,
    /// The users of the message API.
    pub users: Vec<User>,
    /// The folder in which programs of this user keep what they know, where there is one.
    #[serde(skip)]
    pub state_folder: Option<PathBuf>,
    /// The present; tests set it.
    #[serde(skip)]
    pub clock: Clock,
}

/// Uploaded and scraped images; section `[sandbox.images]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImageSettings {
    /// Bytes of one image; more is -602.
    pub max_bytes: usize,
    /// Images that are kept; more is -606.
    pub max_images: usize,
    /// Bytes of all images that are kept.
    pub max_total_bytes: u64,
    /// The same where they are kept in memory.
    pub max_memory_bytes: u64,
    /// Images worked on at once.
    pub max_parallel: usize,
    /// Callers that may wait for a place.
    pub max_waiting: usize,
    /// Milliseconds they may wait.
    pub max_wait_ms: u64,
    /// Days until an image is deleted.
    pub retention_days: u32,
    /// How images are addressed from outside, such as `https://sandbox.example.com`; empty: as the caller addressed this server.
    pub public_url: PublicUrl,
}

/// The webhook; section `[sandbox.webhook]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookSettings {
    /// Milliseconds a handler may take.
    pub timeout_ms: u64,
    /// Bytes of a handler's answer that are kept for the log; Kakao ignores it.
    pub answer_bytes: usize,
    /// Deliveries that the log keeps per app.
    pub max_deliveries: usize,
    /// Bytes of `server_callback_args`.
    pub max_callback_bytes: usize,
    /// Deliveries under way at once.
    pub max_running: usize,
    /// Milliseconds for all trials of a handler.
    pub check_ms: u64,
    /// What webhooks alone may enter, besides what `egress.allow` opens for everything.
    pub allow: Vec<Exception>,
}

/// Quotas of one app; section `[sandbox.quota]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuotaSettings {
    /// Share calls a day.
    pub share_daily: u64,
    /// Message API calls a day.
    pub message_daily: u64,
    /// Messages a day of one sender.
    pub message_sender_daily: u64,
    /// Messages a day to one receiver.
    pub message_receiver_daily: u64,
    /// Messages a day of one sender to one receiver.
    pub message_pair_daily: u64,
    /// Calls of all kinds a month.
    pub monthly: u64,
}

/// One registered app; `[[sandbox.apps]]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct App {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Address of its icon; empty for none.
    #[serde(default)]
    pub icon: String,
    /// Native app key. Keys of the sandbox are no secrets: they open nothing else.
    pub native_key: AppKey,
    /// JavaScript key.
    pub javascript_key: AppKey,
    /// REST API key.
    pub rest_key: AppKey,
    /// Admin key; the webhook is signed with it.
    pub admin_key: AppKey,
    /// Registered web domains, the first is the main one.
    #[serde(default)]
    pub web_domains: Vec<Domain>,
    /// Registered Android key hashes.
    #[serde(default)]
    pub android_key_hashes: Vec<String>,
    /// Registered iOS bundle ids.
    #[serde(default)]
    pub ios_bundle_ids: Vec<String>,
    /// Where Android users get the app; empty for none.
    #[serde(default)]
    pub android_store: String,
    /// Where iOS users get the app; empty for none.
    #[serde(default)]
    pub ios_store: String,
    /// Where the webhook goes; empty for none.
    #[serde(default)]
    pub webhook_url: WebhookUrl,
    /// How the webhook is sent.
    #[serde(default)]
    pub webhook_method: WebhookMethod,
}

impl App {
    /// Who its messages are from.
    pub fn sender(&self) -> Sender {
        let some = |text: &String| (!text.is_empty()).then(|| text.clone());
        Sender {
            id: self.id,
            name: self.name.clone(),
            icon: some(&self.icon),
            native_key: self.native_key.as_str().to_owned(),
            android_store: some(&self.android_store),
            ios_store: some(&self.ios_store),
            domains: self.web_domains.clone(),
        }
    }
}

/// A user of the message API; `[[sandbox.users]]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// The access token.
    pub token: String,
    /// The uuid by which friends send to the user.
    pub uuid: String,
    /// Name.
    pub nickname: String,
    /// What the user has agreed to, such as `talk_message`.
    #[serde(default)]
    pub scopes: Vec<String>,
}

/// How the webhook is sent: chosen in Kakao's console.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum WebhookMethod {
    /// Arguments in the query.
    Get,
    /// Arguments in a JSON body.
    #[default]
    Post,
}

/// An app key: 32 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AppKey(String);

impl AppKey {
    /// Reads a key.
    pub fn parse(text: &str) -> Result<Self, String> {
        let good = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if good { Ok(Self(text.to_ascii_lowercase())) } else { Err("a key has 32 hexadecimal digits".to_owned()) }
    }

    /// Its digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True for the keys of the default settings, one digit throughout: everybody knows them.
    pub fn is_known_to_everybody(&self) -> bool {
        let mut digits = self.0.bytes();
        let first = digits.next();
        digits.all(|digit| Some(digit) == first)
    }
}

impl<'de> Deserialize<'de> for AppKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

/// Where the webhook goes, if anywhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WebhookUrl(pub Option<Url>);

impl WebhookUrl {
    /// Reads an address; empty for none.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Ok(Self(None));
        }
        let url = Url::parse(text).map_err(|error| format!("{error}; write https://HOST/PATH"))?;
        let bare = url.username().is_empty() && url.password().is_none();
        if matches!(url.scheme(), "http" | "https") && url.host().is_some() && bare {
            Ok(Self(Some(url)))
        } else {
            Err("write https://HOST/PATH or http://HOST/PATH, without a password".to_owned())
        }
    }
}

impl<'de> Deserialize<'de> for WebhookUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

impl Settings {
    /// True if anybody who can reach the server can use the sandbox: keep images in it, use up its quotas.
    pub fn is_open_to_everybody(&self) -> bool {
        let known = |app: &App| {
            [&app.native_key, &app.javascript_key, &app.rest_key, &app.admin_key]
                .into_iter()
                .any(AppKey::is_known_to_everybody)
        };
        self.enabled && self.apps.iter().any(known)
    }

    /// The folder for what lasts; `None` where nothing does.
    pub fn folder(&self) -> Option<PathBuf> {
        match self.store.as_str() {
            "" => None,
            "auto" => self.state_folder.as_ref().map(|folder| folder.join("scraplens/sandbox")),
            path => Some(path.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_everybody_knows_are_told_from_ones_own() {
        let mut settings = crate::config::Settings::defaults().unwrap().sandbox;
        assert!(settings.is_open_to_everybody());
        settings.enabled = false;
        assert!(!settings.is_open_to_everybody(), "it is switched off");
        settings.enabled = true;
        for (place, app) in settings.apps.iter_mut().enumerate() {
            let key = |number: usize| AppKey::parse(&format!("{:032x}", 0xa1b2_c3d4 + place * 4 + number)).unwrap();
            (app.native_key, app.javascript_key, app.rest_key) = (key(0), key(1), key(2));
        }
        assert!(settings.is_open_to_everybody(), "the admin key is still the known one");
        for app in &mut settings.apps {
            app.admin_key = AppKey::parse("0123456789abcdef0123456789abcdef").unwrap();
        }
        assert!(!settings.is_open_to_everybody());
    }
}
