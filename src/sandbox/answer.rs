//! What the template API answers: a template is judged, filled and resolved; a page is scraped into it. What a template means is
//! `template`'s to know, what a page shows `scrape`'s.

use std::sync::Arc;

use serde_json::Value;
use url::Url;

use super::{Answer, App, Call, KapiError, Sandbox};
use crate::{
    finding::Severity,
    report::Report,
    scrape::{Ask, Unserved},
    target::Target,
    template::{
        Check, Sender,
        arguments::Arguments,
        check::{Kind, Rules, check_text},
        custom::{CustomTemplate, Purpose},
        document::Syntax,
        resolve::resolve,
        scrap::{ScrapArguments, scrape_message},
    },
    user_agent::UserAgent,
};

/// For which API a template is meant: its purpose must fit (Kakao Developers, message, trouble-shooting).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Api {
    /// Kakao Talk Share.
    Share,
    /// A message to oneself. Kakao names the purpose of sharing `kakaolink/memo API`, so its templates serve here as well.
    Memo,
    /// Messages to friends.
    Friends,
}

impl Sandbox {
    /// What Kakao's template API would answer to this app. Spends no quota.
    pub async fn answer(&self, app: &App, call: Call) -> Result<Answer, KapiError> {
        self.answer_to(Api::Share, app, call).await
    }

    /// The same for each API.
    pub async fn answer_to(&self, api: Api, app: &App, call: Call) -> Result<Answer, KapiError> {
        let sender = app.sender();
        match call {
            Call::Default { template_object } => self.default_template(&sender, &template_object),
            Call::Custom { template_id, template_args } => {
                let template = self.custom_template(api, template_id)?;
                let arguments = arguments(&template_args)?;
                let resolved = template.fill(&arguments, None, &sender);
                Ok(Answer { resolved, check: self.check_of(template, &sender), report: None })
            }
            Call::Scrap { request_url, template_id, template_args } => {
                let template = template_id.map(|id| self.custom_template(api, id)).transpose()?;
                let arguments = arguments(&template_args)?;
                let report = self.scraped(&sender, &request_url).await?;
                let (resolved, check) = match template {
                    Some(template) => {
                        let page = ScrapArguments::of(&report);
                        (template.fill(&arguments, Some(&page), &sender), self.check_of(template, &sender))
                    }
                    None => (scrape_message(&report, &sender), Check { ok: true, ..Check::default() }),
                };
                Ok(Answer { resolved, check, report: Some(Arc::new(report)) })
            }
        }
    }

    fn default_template(&self, sender: &Sender, text: &str) -> Result<Answer, KapiError> {
        const NAME: &str = "template_object";
        let most = self.settings().max_template_bytes;
        if text.len() > most {
            let text = format!("{NAME} is larger than {most} bytes.");
            return Err(KapiError::bad_parameter(text).inferred("template-refused"));
        }
        if !serde_json::from_str::<Value>(text).is_ok_and(|value| value.is_object()) {
            return Err(KapiError::unreadable(NAME));
        }
        let checked = check_text(text, Syntax::Json, &self.rules(Kind::Default, sender));
        match checked.object {
            Some(object) if !is_refused(&checked.check) => {
                Ok(Answer { resolved: resolve(&object, sender), check: checked.check, report: None })
            }
            _ => Err(refusal(NAME, checked.check)),
        }
    }

    /// The app's own template, if its purpose is that of the API.
    fn custom_template(&self, api: Api, id: i64) -> Result<&CustomTemplate, KapiError> {
        let unknown =
            || KapiError::bad_parameter(format!("template_id={id} does not exist.")).inferred("template-unknown");
        let template = self.template(id).ok_or_else(unknown)?;
        match (api, template.purpose) {
            (Api::Share, Purpose::Share) | (Api::Memo, _) | (Api::Friends, Purpose::Message) => Ok(template),
            (Api::Friends, Purpose::Share) => Err(wrong_purpose("kakaolink/memo API", "message API")),
            (Api::Share, Purpose::Message) => {
                Err(wrong_purpose("message API", "kakaolink/memo API").inferred("template-purpose"))
            }
        }
    }

    /// What there is to say about a custom template. It is no reason to refuse it: Kakao's builder has let it pass.
    fn check_of(&self, template: &CustomTemplate, sender: &Sender) -> Check {
        check_text(&template.text, template.syntax, &self.rules(Kind::Custom, sender)).check
    }

    fn rules<'a>(&'a self, kind: Kind, sender: &'a Sender) -> Rules<'a> {
        Rules { words: self.words(), kind, sender: Some(sender), max_problems: self.settings().max_problems }
    }

    /// The page, if its domain is registered: from the cache, as with Kakao.
    async fn scraped(&self, sender: &Sender, request_url: &str) -> Result<Report, KapiError> {
        let target = Target::parse(request_url, self.shared.max_url_bytes)
            .map_err(|error| KapiError::bad_parameter(format!("request_url: {error}")).inferred("parameter-text"))?;
        if !sender.registers(target.url()) {
            return Err(unregistered(target.url()));
        }
        let ask = Ask { target, user_agent: UserAgent::default(), fresh: false, follow_og_url: None };
        match self.scraper().scrape(&ask, None).await {
            Ok(answer) => Ok(answer.report()),
            Err(Unserved::Busy) => {
                Err(KapiError::new(-603, "too many pages are being scraped.").inferred("scrape-busy"))
            }
            Err(Unserved::Died(_)) => Err(KapiError::internal()),
        }
    }
}

fn arguments(text: &str) -> Result<Arguments, KapiError> {
    Arguments::parse(text).map_err(|_unreadable| KapiError::unreadable("template_args"))
}

/// The documented text names the purpose that the template has, and the one that the API wants.
fn wrong_purpose(has: &str, wants: &str) -> KapiError {
    KapiError::bad_parameter(format!(
        "template_type (messageType: '{has}') is invalid. please use '{wants}' messageType."
    ))
}

/// That such a request is refused is documented, its text is not.
fn unregistered(url: &Url) -> KapiError {
    let origin = url.origin().ascii_serialization();
    KapiError::bad_parameter(format!("request_url: {origin} is not a registered web domain of this app."))
        .inferred("domain-refused")
}

/// Limits of size are the SDKs' own: a message that is too large for one of them may be sent by another. And a text that is too long is
/// shown in part (message-template/default), not refused.
fn is_refused(check: &Check) -> bool {
    check.problems.iter().any(|problem| problem.severity == Severity::Error && !NOT_REFUSED.contains(&problem.code))
        || !check.ok && check.problems.is_empty()
}

const NOT_REFUSED: [&str; 3] = ["size-native", "size-javascript", "text-too-long"];

/// The first problem in our words: Kakao's are not public. All of them are told by `POST /api/v1/template/check`.
fn refusal(name: &str, check: Check) -> KapiError {
    let first = check
        .problems
        .iter()
        .find(|problem| problem.severity == Severity::Error && !NOT_REFUSED.contains(&problem.code));
    let text = match first {
        Some(problem) if problem.path.is_empty() => format!("{name}: {}", problem.message.en),
        Some(problem) => format!("{name}.{}: {}", problem.path, problem.message.en),
        None => format!("{name} is no template."),
    };
    let mut error = KapiError::bad_parameter(text).inferred("template-refused");
    error.check = Some(Box::new(check));
    error
}
