//! The share webhook against real HTTP handlers on loopback: what arrives there, what is made of the answer, and what the log keeps.

mod checker;
mod delivering;
mod failing;
mod http;
mod log;
mod words;

use std::{
    io::Read as _,
    net::TcpStream,
    sync::{Arc, Mutex},
};

use scraplens::{
    app::Parts,
    config::Settings,
    kakao::Kakao,
    sandbox::{
        App, Sandbox, WebhookMethod,
        settings::WebhookUrl,
        webhook::{CallbackArgs, ChatType, Delivery, Event},
    },
};
use serde_json::{Value, json};

use crate::helpers::{Seen, TestSite, respond, settings};

/// The admin key of the first app in `config/default.toml`.
const ADMIN_KEY: &str = "44444444444444444444444444444444";

/// A webhook handler: what was asked of it, with the bodies.
struct Handler {
    site: TestSite,
    bodies: Arc<Mutex<Vec<String>>>,
}

impl Handler {
    /// A handler that answers as `answer` says, given the whole request.
    fn answering(answer: impl Fn(&Seen, &str, &mut TcpStream) + Send + Sync + 'static) -> Self {
        let bodies = Arc::<Mutex<Vec<String>>>::default();
        let kept = Arc::clone(&bodies);
        let site = TestSite::answering(move |seen, stream| {
            let length = seen.headers.get("content-length").map_or(0, |length| length.parse().unwrap());
            let mut body = vec![0; length];
            // A sender that hangs up is none of the handler's business.
            if stream.read_exact(&mut body).is_err() {
                return;
            }
            let body = String::from_utf8(body).unwrap();
            kept.lock().unwrap().push(body.clone());
            answer(seen, &body, stream);
        });
        Self { site, bodies }
    }

    /// A handler that answers with this status.
    fn status(status: &'static str) -> Self {
        Self::answering(move |_, _, stream| respond(stream, status, "", b""))
    }

    fn seen(&self) -> Vec<Seen> {
        self.site.seen()
    }

    fn bodies(&self) -> Vec<String> {
        self.bodies.lock().unwrap().clone()
    }
}

/// Settings whose first app has this handler.
fn registered(url: &str, method: WebhookMethod) -> Settings {
    let mut settings = settings();
    settings.sandbox.apps[0].webhook_url = WebhookUrl::parse(url).unwrap();
    settings.sandbox.apps[0].webhook_method = method;
    settings
}

fn sandbox(settings: &Settings) -> Sandbox {
    Parts::build(settings, Kakao::embedded().unwrap(), None).unwrap().sandbox
}

fn app(sandbox: &Sandbox) -> App {
    sandbox.app(None).unwrap().clone()
}

/// A share of the custom template 1234 to a group chat.
fn event(args: &Value) -> Event {
    Event { chat_type: ChatType::MultiChat, template_id: Some(1234), callback_args: CallbackArgs::of(args, 8192) }
}

/// What became of one share with `{"your_key": "your_value"}`.
async fn fired(settings: &Settings) -> Arc<Delivery> {
    fired_with(settings, &json!({"your_key": "your_value"})).await
}

async fn fired_with(settings: &Settings, args: &Value) -> Arc<Delivery> {
    let sandbox = sandbox(settings);
    checked(sandbox.webhook().fire(&app(&sandbox), event(args), None).await)
}

/// What every delivery owes: sentences of its own in both languages, and no admin key.
#[track_caller]
fn checked(delivery: Arc<Delivery>) -> Arc<Delivery> {
    let notes = delivery.notes.iter().map(|note| (&note.code, &note.message));
    for (code, text) in
        [(&delivery.code, &delivery.conclusion), (&delivery.code, &delivery.advice)].into_iter().chain(notes)
    {
        assert!(text.ko != *code && text.en != *code, "no sentence for {code}");
        assert!(!text.ko.contains(['{', '}']) && !text.en.contains("  "), "{}", text.ko);
    }
    assert!(!serde_json::to_string(&*delivery).unwrap().contains(ADMIN_KEY), "{delivery:#?}");
    delivery
}

/// Outcome and code.
fn came(delivery: &Delivery) -> (String, &str) {
    let outcome = serde_json::to_value(delivery.outcome).unwrap();
    (outcome.as_str().unwrap().to_owned(), &delivery.code)
}
