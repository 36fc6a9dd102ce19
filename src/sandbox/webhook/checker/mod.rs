//! Tries a handler out: every kind of chat, odd arguments, a bad network, a wrong key, and says what it did and whether it is still
//! alive afterwards. What is sent goes to the app's own handler alone, and is kept in no log but the answer.

mod trials;

use std::time::Duration;

use serde::Serialize;
use serde_json::{Map, Value};
use tokio::time::Instant;
use utoipa::ToSchema;

use self::trials::{Expect, Plan};
use super::{CallbackArgs, ChatType, Delivery, Event, Oddity, Outcome, Webhook, judge::seconds};
use crate::{
    finding::Text,
    sandbox::{App, WebhookMethod},
};

/// What trials of a handler showed.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct HandlerCheck {
    /// The app's id.
    pub app: i64,
    /// The handler's address; empty where the app has none.
    pub url: String,
    /// How it is asked.
    pub method: WebhookMethod,
    /// Whether it answered a plain delivery with 2XX after all of it.
    pub survives: bool,
    /// The trial after which it no longer did.
    pub killed_by: Option<&'static str>,
    /// All of it in one sentence.
    pub conclusion: Text,
    /// How many trials ended how.
    pub counts: Counts,
    /// The trials, in order.
    pub trials: Vec<Trial>,
}

/// How many trials ended how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Counts {
    /// As they should.
    pub passed: usize,
    /// Worth a look.
    pub warning: usize,
    /// A webhook of Kakao's would be lost.
    pub failed: usize,
    /// Not tried.
    pub skipped: usize,
}

/// One trial.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = HandlerTrial)]
pub struct Trial {
    /// Stable kebab-case name.
    #[schema(example = "emoji")]
    pub code: &'static str,
    /// What was tried.
    pub what: Text,
    /// How it ended.
    pub outcome: TrialOutcome,
    /// What that means.
    pub conclusion: Text,
    /// The delivery; of several the one that went worst. Absent where nothing was sent.
    pub delivery: Option<Delivery>,
}

/// How a trial ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = HandlerTrialOutcome)]
pub enum TrialOutcome {
    /// As it should.
    Passed,
    /// Worth a look.
    Warning,
    /// A webhook of Kakao's would be lost.
    Failed,
    /// Not tried.
    Skipped,
}

/// Why the rest was not tried.
#[derive(Debug, Clone, Copy)]
enum Stop {
    First,
    Down,
    Time,
}

impl Webhook {
    /// Tries the app's handler out. `base` is sent with every trial: what the handler needs to find its way. `None` if another
    /// handler is being tried.
    pub async fn check(&self, app: &App, base: &Map<String, Value>) -> Option<HandlerCheck> {
        let _place = self.0.checks.take().await?;
        let deadline = Instant::now() + Duration::from_millis(self.0.settings.check_ms);
        let limit = Duration::from_millis(self.0.settings.timeout_ms);
        let plans = trials::plans(base, app.webhook_method, limit);
        let mut trials = Vec::with_capacity(plans.len());
        let (mut stop, mut killed_by) = (None, None);
        for plan in plans {
            // A trial, and twice a look whether the handler lives, now and at the end.
            let time = !trials.is_empty() && Instant::now() + limit.saturating_mul(5) > deadline;
            stop = stop.or_else(|| time.then_some(Stop::Time));
            if let Some(stop) = stop {
                trials.push(self.skipped(plan.code, stop));
                continue;
            }
            let code = plan.code;
            let trial = self.trial(app, &plan).await;
            let shaken = trial.delivery.as_ref().is_some_and(looks_dead);
            let useless = trials.is_empty() && trial.outcome != TrialOutcome::Passed;
            trials.push(trial);
            if useless {
                stop = Some(Stop::First);
            } else if shaken && !self.alive(app, base).await {
                killed_by = Some(code);
                stop = Some(Stop::Down);
            }
        }
        let survives = stop.is_none_or(|stop| matches!(stop, Stop::Time)) && self.alive(app, base).await;
        Some(self.concluded(app, trials, survives, killed_by, stop))
    }

    async fn trial(&self, app: &App, plan: &Plan) -> Trial {
        let mut deliveries =
            futures_util::future::join_all((0..plan.times).map(|_| self.deliver(app, &plan.event, plan.oddity))).await;
        deliveries.sort_by_key(|delivery| std::cmp::Reverse(plan.expect.judge(delivery).0));
        let Some(delivery) = deliveries.into_iter().next() else { return self.skipped(plan.code, Stop::Time) };
        let (outcome, sentence) = plan.expect.judge(&delivery);
        let words = &self.0.words;
        let status = delivery.status.map(|status| format!("HTTP {status}"));
        let answer = status.or_else(|| delivery.evidence.clone()).unwrap_or_else(|| delivery.code.clone());
        Trial {
            code: plan.code,
            what: words.say("trial", plan.code, &[]),
            outcome,
            conclusion: words.say("judgement", sentence, &[("answer", &answer)]),
            delivery: Some(delivery),
        }
    }

    fn skipped(&self, code: &'static str, stop: Stop) -> Trial {
        let words = &self.0.words;
        let why = match stop {
            Stop::First => "skipped-first",
            Stop::Down => "skipped-down",
            Stop::Time => "skipped-time",
        };
        Trial {
            code,
            what: words.say("trial", code, &[]),
            outcome: TrialOutcome::Skipped,
            conclusion: words.say("judgement", why, &[]),
            delivery: None,
        }
    }

    /// Whether a plain delivery is answered with 2XX; asked twice, for a handler that is started anew needs a moment.
    async fn alive(&self, app: &App, base: &Map<String, Value>) -> bool {
        let event = plain(base);
        for pause in [Duration::ZERO, Duration::from_millis(500)] {
            tokio::time::sleep(pause).await;
            if self.deliver(app, &event, Oddity::default()).await.outcome == Outcome::Delivered {
                return true;
            }
        }
        false
    }

    fn concluded(
        &self,
        app: &App,
        trials: Vec<Trial>,
        survives: bool,
        killed_by: Option<&'static str>,
        stop: Option<Stop>,
    ) -> HandlerCheck {
        let mut counts = Counts::default();
        for trial in &trials {
            match trial.outcome {
                TrialOutcome::Passed => counts.passed += 1,
                TrialOutcome::Warning => counts.warning += 1,
                TrialOutcome::Failed => counts.failed += 1,
                TrialOutcome::Skipped => counts.skipped += 1,
            }
        }
        let words = &self.0.words;
        let sentence = match (survives, killed_by, stop) {
            (false, Some(_), _) => "killed",
            (false, None, _) => "unanswered",
            (true, _, Some(_)) => "time",
            (true, ..) if counts.failed > 0 => "survives-with-losses",
            (true, ..) if counts.warning > 0 => "survives-with-warnings",
            (true, ..) => "survives",
        };
        let killer = killed_by.map(|code| words.say("trial", code, &[]));
        let killer = |text: fn(&Text) -> &String| killer.as_ref().map(text).cloned().unwrap_or_default();
        let (failed, warning) = (counts.failed.to_string(), counts.warning.to_string());
        let limit = seconds(self.0.settings.check_ms);
        let (ko, en) = (killer(|text| &text.ko), killer(|text| &text.en));
        let said = |trial: &str| {
            words.say(
                "check",
                sentence,
                &[("trial", trial), ("failed", &failed), ("warning", &warning), ("limit", &limit)],
            )
        };
        HandlerCheck {
            app: app.id,
            url: app.webhook_url.0.as_ref().map(url::Url::to_string).unwrap_or_default(),
            method: app.webhook_method,
            survives,
            killed_by,
            conclusion: Text { ko: said(&ko).ko, en: said(&en).en },
            counts,
            trials,
        }
    }
}

/// Whether a delivery went as if nobody were there any more. A handler that only refuses is there.
fn looks_dead(delivery: &Delivery) -> bool {
    delivery.status.is_none_or(|status| status >= 500)
}

fn plain(base: &Map<String, Value>) -> Event {
    Event { chat_type: ChatType::MemoChat, template_id: None, callback_args: CallbackArgs::Given(base.clone()) }
}

impl Expect {
    /// How a trial ended, and which sentence says so.
    fn judge(self, delivery: &Delivery) -> (TrialOutcome, &'static str) {
        use TrialOutcome::{Failed, Passed, Warning};
        match (self, delivery.outcome) {
            (_, Outcome::NotSent) => (Failed, "not-sent"),
            (Self::HangUp, _) => (Passed, "hung-up"),
            (Self::Refusal, Outcome::Delivered) => (Warning, "key-not-checked"),
            (Self::Refusal, Outcome::Refused) if delivery.status.is_some_and(|status| status < 500) => {
                (Passed, "key-checked")
            }
            (Self::Refusal, _) => (Warning, "key-unclear"),
            (Self::Success | Self::Odd | Self::Guess, Outcome::Delivered) => (Passed, "answered"),
            (Self::Guess, _) => (Warning, "guess-refused"),
            (Self::Odd, Outcome::Refused) if delivery.status.is_some_and(|status| status < 500) => {
                (Warning, "odd-refused")
            }
            (Self::Success | Self::Odd, Outcome::Redirected) => (Failed, "redirected"),
            (Self::Success | Self::Odd, Outcome::Timeout) => (Failed, "too-slow"),
            (Self::Success | Self::Odd, Outcome::Refused) => (Failed, "refused"),
            (Self::Success | Self::Odd, Outcome::Unreachable) => (Failed, "no-answer"),
        }
    }
}
